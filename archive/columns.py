"""The photos of one archive as narrow arrays: for counting what a result of any size is made of.

A column is a group of tokens that go together (which units, whose credit, who, where, what marks) as one small number
a photo, in the desk's order; a sixth column holds year and month. 24 bytes a photo. Built by reading every photo once,
then kept up: new photos by their rising numbers, changed ones by the log `photo_changes`.
"""

from __future__ import annotations

import datetime as dt
import re
import sqlite3
import threading
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Ints: TypeAlias = npt.NDArray[np.int64]

_FIELD = {"u": "unit", "a": "agency", "ao": "origin", "ad": "via", "ah": "provider", "p": "photographer",
          "c": "country", "r": "region", "l": "place", "f": "flag", "s": "standing"}  # fmt: skip
_TOKEN = re.compile(r"(ao|ad|ah|[uapcrlfs])(.+)\Z")
_MARKS = {"xconflict": "conflict", "xpicture": "picture", "xpartial": "partial-date"}
#: The tokens of a photo in the order that `archive.index_terms` writes them, as the columns group them. Places are
#: left out (the region is a facet, the village is not); marks are the first token and all that follow the place.
_SHAPE = re.compile(
    r"(x[a-z]+)((?: u\d+)*)((?: a[odh]?\d+)*)((?: p\d+)*)((?: c[a-z]+)?(?: r\d+)?)(?: l\d+)?((?: [fsx]\w+)*)\Z"
)
_COLUMNS = 5
_DAY_BITS = 20
_LOW_BITS = (1 << _DAY_BITS) - 1
_READ = "SELECT slot, terms, taken_from, taken_to FROM photos"

Counts = Counter[tuple[str, str]]


@lru_cache(maxsize=1 << 17)
def facet_of(token: str) -> tuple[str, str] | None:
    """(facet, value) that a token of `photos.terms` stands for; None for the marks that are no facet."""
    if token in _MARKS:
        return "has", _MARKS[token]
    matched = _TOKEN.match(token)
    return (_FIELD[matched[1]], matched[2]) if matched else None


@lru_cache(maxsize=1 << 17)
def when_of(first: int | None, last: int | None) -> int:
    """Year and month as `year << 4 | month`; month 0 where only the year is known, 0 where that is not."""
    if first is None or last is None:
        return 0
    a, b = dt.date.fromordinal(first), dt.date.fromordinal(last)
    if a.year != b.year:
        return 0
    return a.year << 4 | (a.month if a.month == b.month else 0)


def when_values(counts: Mapping[int, int]) -> Counts:
    """Years and months from counts of `when_of`: a year holds its months, and what is known to the year only."""
    found: Counts = Counter()
    for code, n in counts.items():
        if code:
            found["year", f"{code >> 4:04}"] += n
            if code & 15:
                found["month", f"{code >> 4:04}-{code & 15:02}"] += n
    return found


def newest(conn: sqlite3.Connection) -> tuple[int, int]:
    """(number of the newest photo, number of the newest change)."""
    photos, changes = conn.execute(
        "SELECT coalesce((SELECT max(id) FROM photos), 0), coalesce((SELECT max(id) FROM photo_changes), 0)"
    ).fetchone()
    return photos, changes


class Columns:
    """Narrow arrays over the photos of one archive. Threads may share them."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        """Reads every photo: some seconds for a million."""
        import numpy as np

        self._lock = threading.Lock()
        #: One array a group, and the last of years and months.
        self._columns = [np.zeros(0, np.uint32) for _ in range(_COLUMNS + 1)]
        #: For each group, what its numbers stand for, as places in `_values`; 0 is a place without a photo.
        self._meaning: list[list[tuple[int, ...]]] = [[()] for _ in range(_COLUMNS)]
        self._numbers: list[dict[str, int]] = [{} for _ in range(_COLUMNS)]
        #: Every (facet, value) that there is, and its place in this list.
        self._values: list[tuple[str, str]] = []
        self._value_of: dict[str, int] = {}
        #: `_meaning` as numpy counts with it: for each group (where a number's places begin, all places in a row).
        self._flat: list[tuple[Ints, Ints]] = [_flat([()]) for _ in range(_COLUMNS)]
        #: For each facet its places in `_values`, in order of their values.
        self._places: dict[str, Ints] = {}
        self._placed = 0
        #: For each day (its ordinal is the index): what to add to a slot for its place in the columns, and how many
        #: places the day has.
        self._base = np.zeros(1, np.int64)
        self._room = np.zeros(1, np.int64)
        self._photos, self._changes = newest(conn)
        self._put(conn.execute(_READ))

    def update(self, conn: sqlite3.Connection) -> bool:
        """Bring the arrays up to the connection's snapshot. False where only reading anew can (a pruned log)."""
        with self._lock:
            return self._update(conn)

    def _update(self, conn: sqlite3.Connection) -> bool:
        photos, changes = newest(conn)
        if photos < self._photos or changes < self._changes:
            return False
        if changes > self._changes:
            oldest = conn.execute("SELECT min(id) FROM photo_changes").fetchone()[0]
            if oldest > self._changes + 1:
                return False
            logged = "SELECT {} FROM photo_changes WHERE id > ?"
            for (slot,) in conn.execute(logged.format("slot"), (self._changes,)):
                # A photo that is newer than these columns may have changed already; it has no place yet.
                day = slot >> _DAY_BITS
                if day < len(self._room) and (slot & _LOW_BITS) < self._room[day]:
                    for column in self._columns:
                        column[self._base[day] + slot] = 0
            where = f" WHERE id IN ({logged.format('photo')})"
            self._put(conn.execute(_READ + where, (self._changes,)))
        if photos > self._photos:
            self._put(conn.execute(_READ + " WHERE id > ?", (self._photos,)))
        self._photos, self._changes = photos, changes
        return True

    def _put(self, rows: Iterable[tuple[int, str, int | None, int | None]]) -> None:
        """Write rows of (slot, terms, first day, last day) to their places."""
        import numpy as np

        slots, codes = array("q"), [array("I") for _ in range(_COLUMNS + 1)]
        shape, when = _SHAPE.match, codes[_COLUMNS].append
        to = [(column.append, numbers, meaning) for column, numbers, meaning in zip(
            codes, self._numbers, self._meaning, strict=False)]  # fmt: skip
        for slot, terms, first, last in rows:
            slots.append(slot)
            when(when_of(first, last))
            matched = shape(terms)
            if matched:
                kind, *groups, marks = matched.groups()
                groups.append(kind + marks)
            else:
                groups = _grouped(terms)
            for group, (append, numbers, meaning) in zip(groups, to, strict=True):
                number = numbers.get(group)
                if number is None:
                    number = numbers[group] = len(meaning)
                    meaning.append(self._meant(group))
                append(number)
        at = np.frombuffer(slots, np.int64)
        self._make_room(at)
        places = self._base[at >> _DAY_BITS] + at
        for column, code in zip(self._columns, codes, strict=True):
            column[places] = np.frombuffer(code, np.uint32)

    def _meant(self, group: str) -> tuple[int, ...]:
        """Places in `_values` of a group's tokens, less those that are no facet."""
        found = []
        for token in group.split():
            place = self._value_of.get(token)
            if place is None:
                facet = facet_of(token)
                place = self._value_of[token] = len(self._values) if facet else -1
                if facet:
                    self._values.append(facet)
            if place >= 0:
                found.append(place)
        return tuple(found)

    def _make_room(self, slots: Ints) -> None:
        """Places for these slots; what was there moves along."""
        import numpy as np

        if not len(slots):
            return
        days = slots >> _DAY_BITS
        needed = np.zeros(max(int(days.max()) + 1, len(self._room)), np.int64)
        np.maximum.at(needed, days, (slots & _LOW_BITS) + 1)
        room = np.zeros_like(needed)
        room[: len(self._room)] = self._room
        grown = needed > room
        if not grown.any():
            return
        # A day that is written to again and again moves everything only now and then.
        room[grown] = needed[grown] if not self._photos_held() else needed[grown] + needed[grown] // 4 + 8
        starts = np.cumsum(room) - room
        base = starts - (np.arange(len(room)) << _DAY_BITS)
        old = np.repeat(np.arange(len(self._room)), self._room)
        within = np.arange(len(old)) - np.repeat(np.cumsum(self._room) - self._room, self._room)
        places = starts[old] + within
        size = int(room.sum())
        for i, column in enumerate(self._columns):
            self._columns[i] = np.zeros(size, np.uint32)
            self._columns[i][places] = column
        self._base, self._room = base, room

    def _photos_held(self) -> bool:
        return len(self._columns[0]) > 0

    def counts(self, slots: str, most: int) -> tuple[int, Counts]:
        """(number of photos, (facet, value) → photos) for slots in decimal, with commas between them.

        Of each facet but the dates the `most` values with most photos; of equal ones, those first in order.
        """
        import numpy as np

        if not slots:
            return 0, Counter()
        at = np.fromstring(slots, np.int64, sep=",")
        with self._lock:
            places = self._base[at >> _DAY_BITS] + at
            return len(at), self._count([column[places] for column in self._columns], most)

    def counts_between(self, low: int, high: int, most: int) -> tuple[int, Counts]:
        """The same for all photos from one slot to another, both included: slices, not single places."""
        first, last = low >> _DAY_BITS, min(high >> _DAY_BITS, len(self._room) - 1)
        if first > last:
            return 0, Counter()
        with self._lock:
            start = int(self._base[first]) + (first << _DAY_BITS) + min(low & _LOW_BITS, int(self._room[first]))
            end = int(self._base[last]) + (last << _DAY_BITS) + int(self._room[last])
            if last == high >> _DAY_BITS:
                end -= max(int(self._room[last]) - (high & _LOW_BITS) - 1, 0)
            picked = [column[start:end] for column in self._columns]
            # Every photo has marks (its kind, at least), so a 0 there is a place without one.
            return int((picked[_COLUMNS - 1] > 0).sum()), self._count(picked, most)

    def _count(self, picked: list[npt.NDArray[np.uint32]], most: int) -> Counts:
        import numpy as np

        if not len(picked[0]):
            return Counter()
        self._flatten()
        totals = np.zeros(len(self._values))
        for numbers, (starts, places) in zip(picked, self._flat, strict=False):
            counted = np.bincount(numbers, minlength=1)
            there = np.flatnonzero(counted > 0)
            counted, first = counted[there], starts[there]
            lengths = starts[there + 1] - first
            # The places of each number in a row: where its own begin, and on from there.
            ends = lengths.cumsum()
            at = np.arange(ends[-1]) + np.repeat(first - ends + lengths, lengths)
            totals += np.bincount(places[at], np.repeat(counted, lengths), len(totals))
        found: Counts = Counter()
        for places in self._places.values():
            here = totals[places]
            if len(here) > most:
                chosen = np.flatnonzero(here >= max(np.partition(here, -most)[-most], 1))
                places, here = places[chosen], here[chosen]
            order = np.argsort(-here, kind="stable")[:most]
            for place, n in zip(places[order].tolist(), here[order].tolist(), strict=True):
                if n:
                    found[self._values[place]] = int(n)
        whens = np.bincount(picked[_COLUMNS], minlength=1)
        there = np.flatnonzero(whens > 0)
        found.update(when_values(dict(zip(there.tolist(), whens[there].tolist(), strict=True))))
        return found

    def _flatten(self) -> None:
        """Bring `_flat` and `_places` up to `_meaning` and `_values`, which only grow."""
        import numpy as np

        for i, meaning in enumerate(self._meaning):
            if len(self._flat[i][0]) != len(meaning) + 1:
                self._flat[i] = _flat(meaning)
        if self._placed != len(self._values):
            of: dict[str, list[int]] = {}
            for place in sorted(range(len(self._values)), key=self._values.__getitem__):
                of.setdefault(self._values[place][0], []).append(place)
            self._places = {facet: np.array(places, np.int64) for facet, places in of.items()}
            self._placed = len(self._values)


def _flat(meaning: Sequence[tuple[int, ...]]) -> tuple[Ints, Ints]:
    import numpy as np

    lengths = np.fromiter(map(len, meaning), np.int64, len(meaning))
    starts = np.concatenate([np.zeros(1, np.int64), lengths.cumsum()])
    return starts, np.fromiter(chain.from_iterable(meaning), np.int64, int(starts[-1]))


def _grouped(terms: str) -> list[str]:
    """The groups of tokens that stand in another order than usual."""
    groups: list[list[str]] = [[] for _ in range(_COLUMNS)]
    for token in terms.split():
        if token[0] != "l":
            groups[{"u": 0, "a": 1, "p": 2, "c": 3, "r": 3}.get(token[0], 4)].append(token)
    return [" ".join(group) for group in groups]
