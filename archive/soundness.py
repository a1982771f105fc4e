"""What must hold of any archive at any time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from archive.connection import SqlError

#: What is wrong, and the query that finds rows of it.
_LAWS = (
    ("a photo without a text", "SELECT identity FROM photos WHERE id NOT IN (SELECT photo FROM texts)"),
    ("a photo whose caption is another photo's",
     "SELECT p.identity FROM photos p JOIN texts t ON t.id = p.caption WHERE t.photo <> p.id OR NOT t.current"),
    ("a photo whose place in the order is not its day's",
     "SELECT identity FROM photos WHERE slot >> 20 <> coalesce(taken_from, 0)"),
    ("a statement whose characters are not in its text",
     # Kept beside their text they are only where it holds a NUL, at which SQLite's own functions end.
     'SELECT r.photo FROM statement_rows r JOIN texts t ON t.id = r.text WHERE instr(t.text, char(0)) = 0'
     ' AND (r.verbatim IS NOT NULL OR r.start < 0 OR r."end" < r.start OR r."end" > length(t.text))'),
    ("a photo that is not in the search index, or is there without being in the archive",
     "SELECT slot FROM photos WHERE slot NOT IN (SELECT id FROM photo_search_docsize)"
     " UNION ALL SELECT id FROM photo_search_docsize WHERE id NOT IN (SELECT slot FROM photos)"),
    # Counts follow at the end of a run. Where they claim to be of today, they are.
    ("a count of photos that is not their number",
     "SELECT photos FROM facet_counts WHERE facet = '' AND value = 'photos'"
     " AND photos <> (SELECT count(*) FROM photos) AND (SELECT max(id) FROM photos) ="
     " (SELECT photos FROM facet_counts WHERE facet = '' AND value = 'newest photo')"),
)  # fmt: skip
#: Faults of one kind that are told one by one.
_TOLD = 3


def faults(db: sqlite3.Connection) -> list[str]:
    """What is wrong with an archive, a sentence each; nothing where it is sound.

    `db` is open for writing, outside a transaction: SQLite checks a full-text index by a statement that counts as
    writing. Nothing is written.
    """
    return list(_faults(db))


def damage(db: sqlite3.Connection) -> Iterator[str]:
    """What SQLite's own checks of the file find. Reads only."""
    for (said,) in db.execute(f"PRAGMA integrity_check({_TOLD})").fetchall():
        if said != "ok":
            yield f"the file is damaged: {said}"
    for table, row, parent, _ in db.execute("PRAGMA foreign_key_check").fetchmany(_TOLD):
        yield f"row {row} of {table} refers to a row of {parent} that is not there"


def check_index(db: sqlite3.Connection) -> None:
    """Have SQLite compare the full-text index with its photos. Raises SqlError; counts as writing, writes nothing."""
    db.execute("INSERT INTO photo_search (photo_search, rank) VALUES ('integrity-check', 1)")


def _faults(db: sqlite3.Connection) -> Iterator[str]:
    try:
        yield from damage(db)
        for law, query in _LAWS:
            yield from (f"{law}: {row[0]}" for row in db.execute(query).fetchmany(_TOLD))
        check_index(db)
    except SqlError as error:
        yield f"the file is damaged: {error}"
