"""What the archive knows of the files it has seen, in the order of their paths: held against a folder's own listing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import NamedTuple


class KnownFile(NamedTuple):
    """A file as the archive knows it."""

    size: int | None
    mtime_ns: int | None
    photos: int
    #: Whether it has to be read again whatever its size and time: it was missing, or something in it was refused.
    stale: bool


def files_between(db: sqlite3.Connection, first: str, last: str) -> dict[str, KnownFile]:
    """The files whose paths lie between two, both included."""
    refused = {
        row[0] for row in db.execute("SELECT path FROM problems WHERE path >= ? AND path <= ?", (first, last))
    }
    return {
        row[0]: KnownFile(row[1], row[2], row[3], bool(row[4]) or row[0] in refused)
        for row in db.execute(
            "SELECT path, max(size), max(mtime_ns), count(*), max(missing_since IS NOT NULL AND item = 0)"
            " OR min(mtime_ns) <> max(mtime_ns) FROM sightings WHERE path >= ? AND path <= ?"
            " AND (item = 0 OR missing_since IS NULL) GROUP BY path",
            (first, last),
        )
    }


def seen_between(db: sqlite3.Connection, after: str, until: str) -> Iterator[tuple[str, bytes | None, list[int]]]:
    """The files that the archive takes to be there, by path: its own bytes, the numbers of its sightings."""
    rows = db.execute(
        "SELECT path, path_bytes, group_concat(id) FROM sightings"
        " WHERE path > ? AND path <= ? AND missing_since IS NULL GROUP BY path",
        (after, until),
    ).fetchall()
    return ((path, raw, [int(number) for number in numbers.split(",")]) for path, raw, numbers in rows)
