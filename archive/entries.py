"""The rows of units, agencies, photographers and places that photos refer to: made once, then known by number."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from archive.folding import fold, latin
from archive.summary import AgencyValue, PlaceValue, UnitValue


class Entries:
    """Numbers by key, kept in memory for the length of a transaction's life. After a rollback: `forget()`."""

    def __init__(self, db: sqlite3.Connection) -> None:
        """`db` is open to write."""
        self._db = db
        self.forget()

    def forget(self) -> None:
        """Know nothing, as at the start."""
        self._units: dict[str, int] = {}
        self._unit_names: dict[tuple[int, str], None] = {}
        self._names: dict[tuple[str, int], str] = {}
        self._above: dict[int, tuple[int, ...]] = {}
        self._agencies: dict[str, int] = {}
        self._photographers: dict[str, int] = {}
        self._places: dict[str, int] = {}

    def _number(self, table: str, known: dict[str, int], key: str, make: Callable[[], int]) -> int:
        number = known.get(key)
        if number is None:
            row = self._db.execute(f"SELECT id FROM {table} WHERE key = ?", (key,)).fetchone()
            number = known[key] = row[0] if row else make()
        return number

    def unit(self, value: UnitValue) -> int:
        """The row of a unit; made, with its names and the larger formations, when it is first met."""

        def make() -> int:
            return self._insert(
                "INSERT INTO units (key, name, number, echelon, arm, country, authority) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (value.key, value.name, value.number, value.echelon, value.arm, value.country, value.authority),
            )

        number = self._number("units", self._units, value.key, make)
        if (number, value.name) not in self._unit_names:
            self._unit_names[number, value.name] = None
            self._db.execute(
                "INSERT OR IGNORE INTO unit_names (unit, name, folded) VALUES (?, ?, ?)",
                (number, value.name, latin(value.name)),
            )
            if value.authority is None:
                self._name("units", number, value.name)
        return number

    def with_ancestors(self, number: int) -> tuple[int, ...]:
        """A unit's row and those of every formation that its authority entry puts it in, at any time."""
        above = self._above.get(number)
        if above is None:
            rows = self._db.execute(
                "WITH RECURSIVE up(id) AS (SELECT ? UNION SELECT p.parent FROM unit_parents p JOIN up ON p.unit = up.id"
                " WHERE p.relation <> 'printed') SELECT id FROM up",
                (number,),
            )
            above = self._above[number] = tuple(row[0] for row in rows)
        return above

    def printed_within(self, unit: int, parent: int) -> None:
        """Keep that a caption printed one unit as part of another; evidence, which no search follows."""
        self._db.execute(
            "INSERT OR IGNORE INTO unit_parents (unit, parent, relation) VALUES (?, ?, 'printed')", (unit, parent)
        )

    def agency(self, value: AgencyValue) -> int:
        """The row of an agency; made when it is first met."""

        def make() -> int:
            number = self._insert(
                "INSERT INTO agencies (key, name, authority) VALUES (?, ?, ?)",
                (value.key, value.name, value.authority),
            )
            self._db.execute(
                "INSERT OR IGNORE INTO agency_names (agency, name, folded) VALUES (?, ?, ?)",
                (number, value.name, latin(value.name)),
            )
            return number

        return self._number("agencies", self._agencies, value.key, make)

    def photographer(self, name: str) -> int:
        """The row of a person: one for all spellings that differ only in case, accents or alphabet."""
        key = latin(name)

        def make() -> int:
            return self._insert("INSERT INTO photographers (key, name) VALUES (?, ?)", (key, name))

        number = self._number("photographers", self._photographers, key, make)
        self._name("photographers", number, name)
        return number

    def place(self, value: PlaceValue) -> int:
        """The row of a place or region; made when it is first met."""

        def make() -> int:
            return self._insert(
                "INSERT INTO places (key, name, kind, region, country, latitude, longitude, geonames, authority)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                tuple(value),
            )

        return self._number("places", self._places, value.key, make)

    def _insert(self, sql: str, row: tuple[object, ...]) -> int:
        number = self._db.execute(sql, row).lastrowid
        assert number is not None
        return number

    def _name(self, table: str, number: int, name: str) -> None:
        """Of several spellings the row shows the best one, whatever order they came in."""
        known = self._names.get((table, number))
        if known is None:
            known = self._db.execute(f"SELECT name FROM {table} WHERE id = ?", (number,)).fetchone()[0]
        if name != known and _rank(name) < _rank(known):
            self._db.execute(f"UPDATE {table} SET name = ? WHERE id = ?", (name, number))
            known = name
        self._names[table, number] = known


def _rank(name: str) -> tuple[bool, bool, int, str]:
    """Latin letters before others, mixed case before capitals, accents kept, then the shorter one."""
    letters = fold(name)
    return not letters.isascii(), name.isupper() or name.islower(), len(name), name
