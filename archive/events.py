"""What was done with the archive, in the terms of PREMIS 3.0: type, time, agent, outcome. Rows are only ever added.

Types are those of the Library of Congress' list of event types where it has one: `ingestion` (a run), `metadata
modification` (a decision of the desk, a caption read again), `fixity check`, `replication` (a backup), `recovery` (a
restored backup), `migration` (tables brought to a newer version). `replacement` is our own: another picture under the
name of one that the archive knows. Triggers of the table refuse to change or take away a row.
"""

from __future__ import annotations

import sqlite3
from typing import Literal

from archive.connection import now
from archive.stated import json_text

Type = Literal[
    "ingestion", "replacement", "metadata modification", "fixity check", "replication", "recovery", "migration"
]
#: `warning` where it went through, and somebody should look.
Outcome = Literal["success", "warning", "fail"]


def record(db: sqlite3.Connection, type: Type, agent: str, outcome: Outcome = "success", *, photo: int | None = None,
           **detail: object) -> None:  # fmt: skip
    """Add an event, in the caller's transaction if there is one. `photo` as in `photos.id`; `detail` is JSON-ready."""
    db.execute(
        "INSERT INTO events (type, time, agent, outcome, photo, detail) VALUES (?, ?, ?, ?, ?, ?)",
        (type, now(), agent, outcome, photo, json_text(detail) if detail else None),
    )
