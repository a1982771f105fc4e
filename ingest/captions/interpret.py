"""The one place that decides what a caption says."""

from __future__ import annotations

import datetime as dt

from ingest.captions.findings import Reading


def interpret(caption: str, reference_date: dt.date | None = None) -> Reading:
    """Read one caption. `reference_date` settles weekdays and dates without a year. Raises nothing."""
    return Reading(caption)


def read_credit(text: str) -> Reading:
    """Read a By-line, Credit or Source field by the caption's own credit grammar. Raises nothing."""
    return Reading(text)
