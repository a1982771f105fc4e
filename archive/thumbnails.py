"""Which photos have no thumbnail yet, and the rows of those that have."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple


class Due(NamedTuple):
    """A photo without a thumbnail, and a file that shows it."""

    photo: int
    path: str
    path_bytes: bytes | None
    #: Of the file as it was read; no digest where ingest took none.
    size: int | None
    sha256: str | None


class Thumbnail(NamedTuple):
    """A small JPEG without any metadata. `digest` is the SHA-256 of its bytes, lower-case hex: its address."""

    digest: str
    width: int
    height: int
    jpeg: bytes


def due(db: sqlite3.Connection, after: int = 0, limit: int = 500) -> list[Due]:
    """Pictures without a thumbnail, by `photos.id` from `after` on, each with its latest file that is not missing."""
    rows = db.execute(
        "SELECT p.id, s.path, s.path_bytes, s.size, s.sha256 FROM photos p JOIN sightings s ON s.id = ("
        " SELECT id FROM sightings WHERE photo = p.id AND item = 0 AND missing_since IS NULL ORDER BY last_seen DESC,"
        " id LIMIT 1) WHERE p.id > ? AND p.kind = 'picture' AND NOT EXISTS"
        " (SELECT 1 FROM thumbnails t WHERE t.photo = p.id) ORDER BY p.id LIMIT ?",
        (after, limit),
    )
    return [Due(*row) for row in rows]


def keep(db: sqlite3.Connection, made: Iterable[tuple[int, Thumbnail]]) -> None:
    """Write thumbnails, in one transaction of its own. A photo has one: the later takes the place of the earlier."""
    db.execute("BEGIN IMMEDIATE")
    try:
        db.executemany(
            "INSERT OR REPLACE INTO thumbnails (photo, digest, width, height, jpeg) VALUES (?, ?, ?, ?, ?)",
            [(photo, *thumbnail) for photo, thumbnail in made],
        )
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")
