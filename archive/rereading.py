"""Read every caption of an archive again, by the grammar and the authority files of today; show what that changes."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from archive.records import Photo, Sighting, SourceText

#: What a change is shown of: the values that count for a photo, the desk's corrections over them.
COLUMNS = ("unit", "taken", "location", "country", "photographer", "agency", "credit_line", "pool", "flags")
#: Photos a transaction.
_BATCH = 500


class Change(NamedTuple):
    """One value of one photo, before and after."""

    identity: str
    column: str
    before: str | None
    after: str | None


def stored(db: sqlite3.Connection) -> Iterator[tuple[int, Photo, dt.date | None]]:
    """Every photo as it was last read: (its number, the photo with its current texts, its run's reference date)."""
    rows = db.execute(
        "SELECT p.id, p.identity, p.kind, p.format, p.width, p.height, p.caption, a.reference_date"
        " FROM photos p JOIN accessions a ON a.id = p.added ORDER BY p.id"
    ).fetchall()
    for number, identity, kind, form, width, height, caption, reference in rows:
        texts, numbers = [], []
        for row in db.execute(
            "SELECT id, source, text, position, lang, charset, declared, raw, notes FROM texts"
            " WHERE photo = ? AND current ORDER BY id", (number,)
        ):  # fmt: skip
            numbers.append(row[0])
            texts.append(SourceText(row[1], row[2], row[3], row[4], row[5], bool(row[6]), row[7],
                                    tuple((row[8] or "").split())))  # fmt: skip
        seen = db.execute(
            "SELECT path, item, sha256, size, mtime_ns, path_bytes FROM sightings WHERE photo = ?"
            " ORDER BY missing_since IS NOT NULL, coalesce(mtime_ns, 0) DESC, path DESC, item DESC LIMIT 1", (number,)
        ).fetchone()  # fmt: skip
        if seen is None or not texts:
            continue
        photo = Photo(identity, kind, Sighting(*seen), tuple(texts), (), (),
                      numbers.index(caption) if caption in numbers else None, form, width, height)  # fmt: skip
        yield number, photo, dt.date.fromisoformat(reference) if reference else None


def _shown(db: sqlite3.Connection, number: int) -> tuple[str | None, ...]:
    row: tuple[str | None, ...] = db.execute(
        f"SELECT {', '.join(COLUMNS)} FROM photos WHERE id = ?", (number,)).fetchone()  # fmt: skip
    return row


def reread(db: sqlite3.Connection, read: Callable[[Photo, dt.date | None], Photo], agent: str) -> Iterator[Change]:
    """Put each photo's new reading in place of its last one; give every value that came out otherwise.

    `db` is open for writing, with the writer's lock held. What the desk corrected stays as the desk said it.
    """
    from archive.prepared import prepare
    from archive.store import Store

    store = Store(db, agent, ["reparse"], event="metadata modification")
    photos = list(stored(db))
    for at in range(0, len(photos), _BATCH):
        batch = photos[at : at + _BATCH]
        before = {number: _shown(db, number) for number, _, _ in batch}
        store.add([prepare(read(photo, reference)) for _, photo, reference in batch])
        for number, photo, _ in batch:
            for column, old, new in zip(COLUMNS, before[number], _shown(db, number), strict=True):
                if old != new:
                    yield Change(photo.identity, column, old, new)
    store.finish()
    store.bring_in_log()


def rehearse(path: Path, copy: Path, read: Callable[[Photo, dt.date | None], Photo], agent: str) -> Iterator[Change]:
    """What `reread` would change, found on a copy at `copy`; the archive at `path` is only read."""
    from archive.connection import connect

    with closing(connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    with closing(connect(copy, write=True)) as db:
        yield from reread(db, read, agent)
