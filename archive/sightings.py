"""The files that an archive has seen, in the order of their paths, to hold against what lies in a folder now."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple


class KnownFile(NamedTuple):
    """A file as the archive knows it."""

    path: str
    #: The path's own bytes, where they are not UTF-8.
    path_bytes: bytes | None
    size: int | None
    mtime_ns: int | None
    #: How many photos it holds.
    photos: int
    #: Whether it has to be read again whatever its size and time: it was missing, or something in it was refused.
    stale: bool
    #: Whether the archive takes it to be there.
    there: bool
    #: Whether it holds items: an article, a delivery.
    has_items: bool


_BETWEEN = (
    "SELECT path, max(path_bytes), max(size), max(mtime_ns), sum(item = 0 OR missing_since IS NULL),"
    " max(missing_since IS NOT NULL AND item = 0) OR min(mtime_ns) <> max(mtime_ns), max(missing_since IS NULL),"
    " max(item) > 0 FROM sightings WHERE path > ? AND path <= ? GROUP BY path"
)
_REFUSED = "SELECT path FROM problems WHERE path > ? AND path <= ?"
_SIGHTINGS = "SELECT id FROM sightings WHERE path = ? AND missing_since IS NULL"


def known_between(db: sqlite3.Connection, after: str, until: str) -> list[KnownFile]:
    """The files whose paths come behind `after`, up to `until`. Files that lost all their items are left out."""
    refused = {row[0] for row in db.execute(_REFUSED, (after, until))}
    found = map(KnownFile._make, db.execute(_BETWEEN, (after, until)))
    if not refused:
        return [file for file in found if file.photos]
    return [file._replace(stale=True) if file.path in refused else file for file in found if file.photos]


def sightings_of(db: sqlite3.Connection, path: str) -> list[int]:
    """The numbers of what was seen in one file and is taken to be there."""
    return [row[0] for row in db.execute(_SIGHTINGS, (path,))]


def knows_by_sample(db: sqlite3.Connection) -> bool | None:
    """Whether the archive knows its pictures by a sample and keeps no sha256 of them; None where it holds none."""
    row = db.execute("SELECT sha256 IS NULL FROM sightings WHERE item = 0 ORDER BY id DESC LIMIT 1").fetchone()
    return bool(row[0]) if row else None
