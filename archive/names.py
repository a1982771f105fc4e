"""What the archive's units, agencies, photographers and places are called, ready to be looked up while typing.

Read once for each state of a database and shared by all its connections: some tens of thousands of names, a few
megabytes. A name is found by its key, by the whole of it, or by the beginnings of its words in any order; numbers
must be whole (`155` is not `1551`, but `155th` and `155-я` are `155`).
"""

from __future__ import annotations

import hashlib
import marshal
import re
import sqlite3
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from archive.folding import fold, latin

#: An ordinal's ending is no part of its number: 155th, 1st, 155-я, 56-го, 1re.
_ORDINAL = re.compile(r"(?<=\d)(?:-?(?:st|nd|rd|th|e|er|re|eme|ya|y|go|ta|i|ogo|iya|yi|a|oi|mu))(?=\W|_|\Z)")
#: An ordinal that is being typed: `155t`.
_HALF_ORDINAL = re.compile(r"(?<=\d)[snrt]\Z", re.IGNORECASE)
_PIECE = re.compile(r"[^\W_]+")

#: Facets whose values are names of something in the archive.
KINDS = ("unit", "agency", "photographer", "place")


def pieces(text: str) -> tuple[str, ...]:
    """A name's words as they are compared: in Latin letters, without accents, ordinals as bare numbers."""
    return tuple(_PIECE.findall(_ORDINAL.sub("", latin(text))))


class Named(NamedTuple):
    """One unit, agency, photographer or place."""

    id: int
    key: str
    name: str
    #: What tells it from its namesakes: a unit's country, a place's region.
    detail: str
    #: Photos that name it, by the stored counts when the names were read: for ranking only.
    photos: int


@dataclass(frozen=True, slots=True)
class _Kind:
    """All names of one kind; an entry's number is its rank by photos, most first."""

    entries: list[Named]
    by_key: dict[str, int]
    by_id: dict[int, int]
    #: Every spelling's words, one list an entry.
    spellings: list[list[tuple[str, ...]]]
    #: The entries that have a spelling of exactly these words, in order of rank.
    whole: dict[tuple[str, ...], list[int]]
    #: (word, entry) in order of words.
    words: list[tuple[str, int]]

    def starting(self, piece: str, exact: bool) -> set[int]:
        """The entries one of whose words starts with (or is) this."""
        low = bisect_left(self.words, (piece, -1))
        high = bisect_left(self.words, (piece + ("\0" if exact else "\U0010ffff"), -1))
        return {entry for _, entry in self.words[low:high]}

    def find(self, typed: Sequence[str], *, begun: bool = False) -> list[int]:
        """Ranks of the entries that have a spelling with all these words, in order of rank.

        With `begun` the last of them may go on, also where it is a number.
        """
        whole = [piece[0].isdigit() for piece in typed]
        if begun:
            whole[-1] = False
        found: set[int] | None = None
        for piece, exact in zip(typed, whole, strict=True):
            more = self.starting(piece, exact)
            found = more if found is None else found & more
        if len(typed) > 1:
            wanted = list(zip(typed, whole, strict=True))
            found = {e for e in found or () if any(_covers(s, wanted) for s in self.spellings[e])}
        return sorted(found or ())


def _covers(spelling: Sequence[str], wanted: Sequence[tuple[str, bool]]) -> bool:
    return all(any(w == p if exact else w.startswith(p) for w in spelling) for p, exact in wanted)


def _is_plural(word: str) -> bool:
    return len(word) > 4 and word.endswith("s") and not word.endswith("ss")


class Rows(NamedTuple):
    """All names as the tables have them, and a digest to tell them from earlier ones."""

    #: For each kind, (id, key, name, detail, number).
    entries: dict[str, list[tuple[int, str, str, str, str]]]
    #: For each kind, (id, other name).
    spellings: dict[str, list[tuple[int, str]]]
    parents: list[tuple[int, int]]
    digest: bytes


def rows_of(conn: sqlite3.Connection) -> Rows:
    """Read the tables of names."""
    entries = {
        "unit": "SELECT id, key, name, coalesce(country, ''), coalesce(number, '') FROM units",
        "agency": "SELECT id, key, name, coalesce(country, ''), '' FROM agencies",
        "photographer": "SELECT id, key, name, '', '' FROM photographers",
        "place": "SELECT id, key, name, trim(coalesce(region, '') || ' ' || coalesce(country, '')), '' FROM places",
    }
    spellings = {"unit": "SELECT unit, name FROM unit_names", "agency": "SELECT agency, name FROM agency_names"}
    # As tuples, whatever the connection makes of rows: Datasette's gives `sqlite3.Row`.
    read = (
        {kind: list(map(tuple, conn.execute(sql))) for kind, sql in entries.items()},
        {kind: list(map(tuple, conn.execute(sql))) for kind, sql in spellings.items()},
        list(map(tuple, conn.execute("SELECT unit, parent FROM unit_parents ORDER BY unit, parent"))),
    )
    return Rows(*read, hashlib.blake2b(marshal.dumps(read)).digest())


class Names:
    """The names of one archive."""

    def __init__(self, rows: Rows, counts: Mapping[tuple[str, str], int]) -> None:
        """`counts` are the stored ones; they rank the names."""
        self.digest = rows.digest
        #: The nearest units above each unit.
        self.parents: dict[int, list[int]] = {}
        for unit, parent in rows.parents:
            self.parents.setdefault(unit, []).append(parent)
        self._kinds = {
            kind: _kind(entries, rows.spellings.get(kind, ()), kind, counts) for kind, entries in rows.entries.items()
        }
        self._typed: dict[tuple[str, int], str] = {}
        self._above: dict[str, list[str]] = {}

    def get(self, kind: str, id: int) -> Named | None:
        """The entry with this row id."""
        names = self._kinds[kind]
        rank = names.by_id.get(id)
        return None if rank is None else names.entries[rank]

    def above(self, unit: str) -> list[str]:
        """Keys of the units above a unit (given by its key), the nearest first."""
        known = self._above.get(unit)
        if known is None:
            known = self._above[unit] = self._all_above(unit)
        return known

    def _all_above(self, unit: str) -> list[str]:
        units = self._kinds["unit"]
        found: dict[int, None] = {}
        nearest = self.parents.get(units.entries[units.by_key[unit]].id, [])
        while nearest:
            found |= dict.fromkeys(nearest)
            nearest = [p for n in nearest for p in self.parents.get(n, ()) if p not in found]
        return [units.entries[units.by_id[id]].key for id in found if id in units.by_id]

    def look_up(self, kind: str, typed: str) -> list[Named]:
        """What a typed name can mean, most photos first: by key, else by its whole name, else by its words."""
        names = self._kinds[kind]
        rank = names.by_key.get(typed)
        if rank is not None:
            return [names.entries[rank]]
        words = pieces(typed)
        if not words:
            return []
        whole = names.whole.get(words)
        if whole:
            return [names.entries[e] for e in whole]
        found = names.find(words)
        if not found and any(_is_plural(w) for w in words):
            # People say "155th marines" of the 155th Marine Brigade.
            found = names.find([w[:-1] if _is_plural(w) else w for w in words])
        return [names.entries[e] for e in found]

    def typed(self, kind: str, named: Named) -> str:
        """What to type for exactly this entry: its name where nobody else is found by it, else its key."""
        known = self._typed.get((kind, named.id))
        if known is None:
            known = self._typed[kind, named.id] = self._unambiguous(kind, named)
        return known

    def _unambiguous(self, kind: str, named: Named) -> str:
        names = self._kinds[kind]
        alone = names.whole.get(pieces(named.name)) == [names.by_id[named.id]]
        safe = '"' not in named.name and named.name not in names.by_key
        return " ".join(named.name.split()) if alone and safe else named.key

    def complete(self, kind: str, typed: str, most: int | None) -> list[Named]:
        """The most pictured entries whose names begin with these words; all of them where nothing is typed.

        `most` None gives every one.
        """
        names = self._kinds[kind]
        words = pieces(_HALF_ORDINAL.sub("", typed))
        if not words:
            return [] if fold(typed) else names.entries[:most]
        found = names.find(words)
        if typed[-1:].isdigit() and (most is None or len(found) < most):
            # A number that is being typed: 1 can become 155; what it is already comes first.
            found += [e for e in names.find(words, begun=True) if e not in found]
        return [names.entries[e] for e in found[:most]]


def _kind(
    rows: Iterable[tuple[int, str, str, str, str]],
    spellings: Iterable[tuple[int, str]],
    kind: str,
    counts: Mapping[tuple[str, str], int],
) -> _Kind:
    found = [
        (Named(id, key, name, detail, counts.get((kind, str(id)), 0)), number) for id, key, name, detail, number in rows
    ]
    found.sort(key=lambda pair: (-pair[0].photos, pair[0].name, pair[0].id))
    entries = [entry for entry, _ in found]
    by_id = {entry.id: rank for rank, entry in enumerate(entries)}
    all_spellings = [[pieces(entry.name)] for entry in entries]
    for id, name in spellings:
        if id in by_id:
            all_spellings[by_id[id]].append(pieces(name))
    words = {(word, rank) for rank, of in enumerate(all_spellings) for spelling in of for word in spelling}
    words |= {(piece, rank) for rank, (_, number) in enumerate(found) for piece in pieces(number)}
    whole: dict[tuple[str, ...], list[int]] = {}
    for rank, of in enumerate(all_spellings):
        for spelling in dict.fromkeys(filter(None, of)):
            whole.setdefault(spelling, []).append(rank)
    return _Kind(entries, {e.key: by_id[e.id] for e in entries}, by_id, all_spellings, whole, sorted(words))
