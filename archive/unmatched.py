"""Names that captions print and no authority entry has: what a newsroom adds to its own files next."""

from __future__ import annotations

import re
import sqlite3
from typing import NamedTuple

from archive.folding import latin

_EXAMPLE = 160


class Unmatched(NamedTuple):
    """One name without an entry: an id to begin with, how many photos print it, and one caption that does."""

    id: str
    name: str
    photos: int
    example: str


def unmatched(db: sqlite3.Connection, limit: int = 200) -> dict[str, list[Unmatched]]:
    """For units and agencies: the names that matched nothing, most printed first, at most `limit` of each."""
    out: dict[str, list[Unmatched]] = {}
    for kind, link, column in (("units", "photo_units", "unit"), ("agencies", "photo_agencies", "agency")):
        rows = db.execute(
            f"SELECT e.name, count(*) AS photos, min(l.photo) FROM {kind} e JOIN {link} l ON l.{column} = e.id"
            " WHERE e.authority IS NULL GROUP BY e.id ORDER BY photos DESC, e.name LIMIT ?", (limit,)
        ).fetchall()  # fmt: skip
        out[kind] = [Unmatched(_id(name), name, photos, _caption(db, photo)) for name, photos, photo in rows]
    return out


def _id(name: str) -> str:
    """The name as an id: small letters, digits and single hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", latin(name)).strip("-") or "unnamed"


def _caption(db: sqlite3.Connection, photo: int) -> str:
    row = db.execute(
        "SELECT t.text FROM photos p JOIN texts t ON t.id = p.caption WHERE p.id = ?", (photo,)
    ).fetchone()
    return " ".join(row[0].split())[:_EXAMPLE] if row else ""
