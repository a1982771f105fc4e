"""What an archive holds, as text that is the same for the same holdings.

Two archives of the same files, decisions and authority files give the same lines in the same order, in whatever order
and in however many runs the files were read. So row numbers stand as the public names of what they refer to, and what
only tells of runs (accessions, events, when something was first seen) is left out, as are small pictures but for their
digests. Everything else is there: a new column of a table appears by itself.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Any

#: What a reference to a row is written as.
_KEYS = {"photos": "identity", "units": "key", "agencies": "key", "photographers": "key", "places": "key"}
#: Tables of what photos refer to, with the column that says what a row is about; and those whose rows are a photo's.
_SHARED = {"unit_parents": ("units", "unit"), "unit_names": ("units", "unit"), "units": ("units", "id"),
           "agency_names": ("agencies", "agency"), "agencies": ("agencies", "id"),
           "photographers": ("photographers", "id"), "places": ("places", "id")}  # fmt: skip
_OF_A_PHOTO = ("sightings", "texts", "statements", "photo_units", "photo_agencies", "photo_photographers", "conflicts",
               "restrictions", "corrections", "thumbnails")  # fmt: skip
#: What a view's columns refer to, which SQLite does not know.
_OF_VIEWS = {"statements": {"text": "texts"}}
_TOKEN = re.compile(r"^(u|ao|ad|ah|a|p|r|l)(\d+)$")
_NAMED = {"u": "units", "p": "photographers", "r": "places", "l": "places"}


def dump(db: sqlite3.Connection) -> Iterator[str]:
    """One JSON object a line, without line ends: photo by photo, each with its rows; what was refused; then the units,
    agencies, people and places that any of these refers to (others are left from readings that nothing holds now)."""
    tables = _Tables(db)
    for number, identity in db.execute("SELECT id, identity FROM photos ORDER BY identity"):
        yield from tables.lines("photos", "WHERE id = ?", number, photo=identity)
        for table in _OF_A_PHOTO:
            yield from tables.lines(table, "WHERE photo = ?", number, photo=identity)
    yield from tables.lines("problems")
    yield from tables.shared()


def digest(lines: Iterable[str]) -> str:
    """SHA-256 of a dump, as `cutline dump | sha256sum` gives it."""
    whole = hashlib.sha256()
    for line in lines:
        whole.update(line.encode() + b"\n")
    return whole.hexdigest()


class _Tables:
    """Rows of any table with their references spelled out."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self.name = lru_cache(10_000)(self._name)
        self.columns = cache(self._columns)
        #: What was referred to so far.
        self.met: set[tuple[str, int]] = set()

    def shared(self) -> list[str]:
        while True:  # a unit's parent, an agency's owner are referred to in their turn
            before = len(self.met)
            lines = [line for table in _SHARED for line in self._shared(table)]
            if len(self.met) == before:
                return lines

    def _shared(self, table: str) -> list[str]:
        refers, about = _SHARED[table]
        numbers = json.dumps([number for kind, number in self.met if kind == refers])
        return self.lines(table, f'WHERE "{about}" IN (SELECT value FROM json_each(?))', numbers)

    def lines(self, table: str, where: str = "", *values: object, **about: str) -> list[str]:
        columns = self.columns(table)
        names = ", ".join(f'"{column}"' for column in columns)
        rows = self.db.execute(f"SELECT {names} FROM {table} {where}", values)
        return sorted(self._line(table, columns, row, about) for row in rows)

    def _line(self, table: str, columns: dict[str, str | None], row: tuple[Any, ...], about: dict[str, str]) -> str:
        out: dict[str, object] = {"table": table, **about}
        for (column, refers), value in zip(columns.items(), row, strict=True):
            if column == "slot":
                out["day"] = value >> 20
            elif column == "terms":
                out[column] = sorted(_TOKEN.sub(self._token, token) for token in value.split())
            elif refers == "accessions":
                out[column] = value is not None
            elif value is not None:
                out[column] = self.name(refers, value) if refers else value.hex() if isinstance(value, bytes) else value
        return json.dumps(out, ensure_ascii=False, separators=(",", ":"))

    def _columns(self, table: str) -> dict[str, str | None]:
        """Columns that are told of, and the tables that they refer to."""
        refers = {row[3]: row[2] for row in self.db.execute(f"SELECT * FROM pragma_foreign_key_list('{table}')")}
        refers |= _OF_VIEWS.get(table, {})
        names = [row[0] for row in self.db.execute(f"SELECT name FROM pragma_table_info('{table}')")]
        untold = {"id", "photo", "jpeg", *(n for n in names if refers.get(n) == "accessions" and n != "missing_since")}
        return {name: refers.get(name) for name in names if name not in untold}

    def _name(self, table: str, number: int) -> object:
        if table == "texts":
            source, position, text = self.db.execute(
                "SELECT source, position, text FROM texts WHERE id = ?", (number,)
            ).fetchone()
            return f"{source}[{position}] {hashlib.sha256(text.encode()).hexdigest()[:16]}"
        if table == "sightings":
            return list(self.db.execute("SELECT path, item FROM sightings WHERE id = ?", (number,)).fetchone())
        self.met.add((table, number))
        return self.db.execute(f"SELECT {_KEYS[table]} FROM {table} WHERE id = ?", (number,)).fetchone()[0]

    def _token(self, token: re.Match[str]) -> str:
        return f"{token[1]}:{self.name(_NAMED.get(token[1], 'agencies'), int(token[2]))}"
