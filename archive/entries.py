"""The rows of units, agencies, photographers and places that photos refer to: made once, then known by number."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from functools import partial

from archive.authority import Authorities, Entry, load
from archive.edtf import interval
from archive.folding import fold, latin
from archive.summary import AgencyValue, PlaceValue, UnitValue


class Entries:
    """Numbers by key, kept in memory for the length of a transaction's life. After a rollback: `forget()`."""

    def __init__(self, db: sqlite3.Connection, authorities: Authorities | None = None) -> None:
        """`db` is open to write. Without `authorities`, those that come with cutline are read when needed."""
        self._db = db
        self._authorities = authorities
        self.forget()

    @property
    def authorities(self) -> Authorities:
        """The entries that rows are made from."""
        if self._authorities is None:
            self._authorities = load()
        return self._authorities

    def forget(self) -> None:
        """Know nothing, as at the start."""
        self._units: dict[str, int] = {}
        self._unit_names: dict[tuple[int, str], None] = {}
        self._names: dict[tuple[str, int], str] = {}
        self._above: dict[int, tuple[tuple[int, int, int], ...]] = {}
        self._agencies: dict[str, int] = {}
        self._photographers: dict[str, int] = {}
        self._places: dict[str, int] = {}
        self._placed: dict[int, PlaceValue] = {}

    def _number(self, table: str, known: dict[str, int], key: str, make: Callable[[], int]) -> int:
        number = known.get(key)
        if number is None:
            row = self._db.execute(f"SELECT id FROM {table} WHERE key = ?", (key,)).fetchone()
            number = known[key] = row[0] if row else make()
        return number

    def unit(self, value: UnitValue) -> int:
        """The row of a unit; made, with its names and the larger formations, when it is first met."""

        def make() -> int:
            entry = self._entry("units", value.authority)
            if entry:
                return self._unit_entry(entry)
            return self._insert(
                "INSERT INTO units (key, name, number, echelon, arm, country) VALUES (?, ?, ?, ?, ?, ?)",
                (value.key, value.name, value.number, value.echelon, value.arm, value.country),
            )

        number = self._number("units", self._units, value.key, make)
        if (number, value.printed) not in self._unit_names:
            self._unit_names[number, value.printed] = None
            self._add_names("unit", number, (value.printed, value.name))
            if value.authority is None:
                self._name("units", number, value.name)
        return number

    def _entry(self, kind: str, key: str | None) -> Entry | None:
        if key is None:
            return None
        try:
            return self.authorities.get(kind, key)
        except KeyError:
            return None

    def _unit_entry(self, entry: Entry) -> int:
        """A unit's row from its authority entry, its parents' rows first."""
        extra = entry.extra
        number = self._insert(
            "INSERT INTO units (key, name, kind, number, echelon, arm, country, exists_from, exists_to, authority,"
            " source) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (entry.id, entry.name, entry.entry_kind or None, extra.get("number"), extra.get("echelon"),
             extra.get("arm"), entry.country or None, entry.exists[0] or None, entry.exists[1] or None, entry.id,
             entry.source or None),
        )  # fmt: skip
        self._units[entry.id] = number
        self._add_names("unit", number, entry.names)
        for parent in entry.part_of:
            above = self._entry("units", parent.id)
            if above is not None:
                row = self._number("units", self._units, above.id, partial(self._unit_entry, above))
                self._db.execute(
                    "INSERT OR IGNORE INTO unit_parents (unit, parent, relation, since, until)"
                    " VALUES (?, ?, 'part_of', ?, ?)",
                    (number, row, parent.since or None, parent.until or None),
                )
        return number

    def _add_names(self, owner: str, number: int, names: Iterable[str]) -> None:
        table = {"unit": "unit_names", "agency": "agency_names"}[owner]
        self._db.executemany(
            f"INSERT OR IGNORE INTO {table} ({owner}, name, folded) VALUES (?, ?, ?)",
            [(number, name, folded) for name in names for folded in dict.fromkeys((fold(name), latin(name)))],
        )

    def with_ancestors(self, number: int, days: tuple[int, int] | None) -> tuple[int, ...]:
        """A unit's row and those of every formation that its authority entry puts it in during `days`.

        `days` are first and last, as ordinals; a membership whose years are not known always counts.
        """
        found = {number: None}
        waiting = [number]
        while waiting:
            for parent, since, until in self._parents(waiting.pop()):
                if parent not in found and (days is None or (since <= days[1] and days[0] <= until)):
                    found[parent] = None
                    waiting.append(parent)
        return tuple(found)

    def _parents(self, number: int) -> tuple[tuple[int, int, int], ...]:
        above = self._above.get(number)
        if above is None:
            rows = self._db.execute(
                "SELECT parent, since, until FROM unit_parents WHERE unit = ? AND relation <> 'printed'", (number,)
            )
            above = self._above[number] = tuple((row[0], *_years(row[1], row[2])) for row in rows)
        return above

    def printed_within(self, unit: int, parent: int) -> None:
        """Keep that a caption printed one unit as part of another; evidence, which no search follows."""
        self._db.execute(
            "INSERT OR IGNORE INTO unit_parents (unit, parent, relation) VALUES (?, ?, 'printed')", (unit, parent)
        )

    def agency(self, value: AgencyValue) -> int:
        """The row of an agency; made when it is first met."""

        def make() -> int:
            entry = self._entry("agencies", value.authority)
            number = self._insert(
                "INSERT INTO agencies (key, name, kind, country, state_controlled, authority, source)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (entry.id, entry.name, entry.entry_kind or None, entry.country or None,
                 entry.state_controlled or None, entry.id, entry.source or None)
                if entry
                else (value.key, value.name, None, None, None, None, None),
            )  # fmt: skip
            self._add_names("agency", number, entry.names if entry else (value.name,))
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

        number = self._number("places", self._places, value.key, make)
        known = self._placed.get(number)
        if known is None:
            known = PlaceValue(*self._db.execute(_PLACE, (number,)).fetchone())
        best = known if known == value else _best(known, value)
        if best != known:
            self._db.execute(
                "UPDATE places SET name = ?, region = ?, country = ?, latitude = ?, longitude = ?, geonames = ?"
                " WHERE id = ?",
                (best.name, best.region, best.country, best.latitude, best.longitude, best.geonames, number),
            )
        self._placed[number] = best
        return number

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


def _years(since: str | None, until: str | None) -> tuple[int, int]:
    first, last = interval(since or ""), interval(until or "")
    return first.first if first else 0, last.last if last else 4_000_000


_PLACE = (
    "SELECT key, name, kind, region, country, latitude, longitude, geonames, authority FROM places WHERE id = ?"
)


def _best(one: PlaceValue, other: PlaceValue) -> PlaceValue:
    """Of two readings of a place its best spellings and all that either knows, whichever came first."""
    at = [(p.latitude, p.longitude) for p in (one, other) if p.latitude is not None and p.longitude is not None]
    latitude, longitude = min(at, default=(None, None))
    return one._replace(
        name=min(one.name, other.name, key=_rank),
        region=min(filter(None, (one.region, other.region)), key=_rank, default=None),
        country=min(filter(None, (one.country, other.country)), default=None),
        latitude=latitude, longitude=longitude,
        geonames=min(filter(None, (one.geonames, other.geonames)), default=None),
    )  # fmt: skip


def _rank(name: str) -> tuple[bool, bool, int, str]:
    """Latin letters before others, mixed case before capitals, accents kept, then the shorter one."""
    letters = fold(name)
    return not letters.isascii(), name.isupper() or name.islower(), len(name), name
