"""Bytes to tags: what a file carries, verbatim and without opinion."""

from __future__ import annotations

from ingest.embedded.flat import flat
from ingest.embedded.model import Embedded
from ingest.embedded.reader import read, read_sidecar

__all__ = ["Embedded", "flat", "read", "read_sidecar"]
