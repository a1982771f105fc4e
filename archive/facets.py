"""What a result is made of: its photos by unit, agency and role, photographer, country, region, year and month.

For the whole archive the counts are stored (`facet_counts`, kept by `refresh_facet_counts`). For a result, the slots
come out of full-text search in one value, and are counted in narrow arrays: one small number a photo and column,
where a column is a group of tokens that go together (whose picture, which units, what credit, where, when).
"""

from __future__ import annotations

import datetime as dt
import json
import re
import sqlite3
import threading
from array import array
from collections import Counter, OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter

from archive.names import Names, file_of, names_of, state
from archive.plan import DAY_BITS, Plan, country_names, plan_query
from archive.query import Query, Term

#: The facets, in the order that a page shows them.
FACETS = ("unit", "agency", "origin", "via", "provider", "photographer", "country", "region", "year", "month",
          "flag", "standing", "has")  # fmt: skip
#: Values of one facet, unless asked otherwise. Years and months are always all there.
MOST = 30

_FIELD = {"u": "unit", "a": "agency", "ao": "origin", "ad": "via", "ah": "provider", "p": "photographer",
          "c": "country", "r": "region", "l": "place", "f": "flag", "s": "standing"}  # fmt: skip
_TOKEN = re.compile(r"(ao|ad|ah|[uapcrlfs])(.+)\Z")
_HAS = {"xconflict": "conflict", "xpicture": "picture", "xpartial": "partial-date"}
_LOW_BITS = (1 << DAY_BITS) - 1
#: Results whose counts are kept, by plan.
_KEPT = 256


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet and the photos of the result that have it."""

    #: Key of the entry (`ap`), ISO code, EDTF month or year, or the word of a flag or standing.
    value: str
    label: str
    photos: int
    #: The term that a click adds.
    term: Term
    #: For a unit: the value of the unit above it, where that is in the list too.
    parent: str | None = None


@lru_cache(maxsize=1 << 17)
def facet_of(token: str) -> tuple[str, str] | None:
    """(facet, value) that a token of `photos.terms` stands for; None for the marks that are no facet."""
    if token in _HAS:
        return "has", _HAS[token]
    matched = _TOKEN.match(token)
    return (_FIELD[matched[1]], matched[2]) if matched else None


def when_of(first: int | None, last: int | None) -> int:
    """Year and month as `year << 4 | month`; month 0 where only the year is known, 0 where that is not."""
    if first is None or last is None:
        return 0
    a, b = dt.date.fromordinal(first), dt.date.fromordinal(last)
    if a.year != b.year:
        return 0
    return a.year << 4 | (a.month if a.month == b.month else 0)


def _when_values(counts: Mapping[int, int]) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for code, n in counts.items():
        if code:
            found["year", f"{code >> 4:04}"] += n
            if code & 15:
                found["month", f"{code >> 4:04}-{code & 15:02}"] += n
    return found


#: Which column a token is counted in, by its first letter; all others tell of the credit and the photo itself.
_GROUPS = {"u": 0, "p": 1, "c": 3, "r": 3, "l": -1}


class Columns:
    """The photos of one archive as narrow arrays, one place a photo, in the desk's order."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        """Reads every photo once: some seconds for a million."""
        self.base: dict[int, int] = {}
        size = 0
        for day, most in conn.execute(
            f"SELECT slot >> {DAY_BITS} AS day, max(slot & {_LOW_BITS}) FROM photos GROUP BY day ORDER BY day"
        ):
            self.base[day] = size - (day << DAY_BITS)
            size += most + 1
        self.groups = [array("I", bytes(4 * size)) for _ in range(4)]
        self.when = array("I", bytes(4 * size))
        #: For each group, what its numbers stand for; 0 is a place without a photo.
        self.meaning: list[list[tuple[str, ...]]] = [[()] for _ in range(4)]
        numbers: list[dict[tuple[str, ...], int]] = [{} for _ in range(4)]
        group_of: dict[str, int] = {}
        whens: dict[tuple[int | None, int | None], int] = {}
        for slot, terms, *days in conn.execute("SELECT slot, terms, taken_from, taken_to FROM photos"):
            place = self.base[slot >> DAY_BITS] + slot
            lists: tuple[list[str], ...] = ([], [], [], [])
            for token in terms.split():
                group = group_of.get(token)
                if group is None:
                    group = group_of[token] = _GROUPS.get(token[0], 2)
                if group >= 0:
                    lists[group].append(token)
            for column, meaning, number, found in zip(self.groups, self.meaning, numbers, lists, strict=True):
                key = tuple(found)
                n = number.get(key)
                if n is None:
                    n = number[key] = len(meaning)
                    meaning.append(key)
                column[place] = n
            pair = (days[0], days[1])
            if pair not in whens:
                whens[pair] = when_of(*pair)
            self.when[place] = whens[pair]
        self.size = size

    def counts(self, slots: list[int] | None) -> Counter[tuple[str, str]]:
        """(facet, value) → photos, for these slots or for all."""
        if slots is None:
            picked: list[Iterable[int]] = [*self.groups, self.when]
        else:
            base = self.base
            places = [base[slot >> DAY_BITS] + slot for slot in slots if slot >> DAY_BITS in base]
            if not places:
                return Counter()
            pick = itemgetter(*places) if len(places) > 1 else itemgetter(slice(places[0], places[0] + 1))
            picked = [pick(column) for column in (*self.groups, self.when)]
        found: Counter[tuple[str, str]] = Counter()
        for values, meaning in zip(picked, self.meaning, strict=False):
            for number, n in Counter(values).items():
                for token in meaning[number]:
                    facet = facet_of(token)
                    if facet:
                        found[facet] += n
        found.update(_when_values(Counter(picked[4])))
        return found


_columns: dict[str, tuple[object, Columns]] = {}
_results: dict[str, tuple[object, OrderedDict[Plan, tuple[int, Counter[tuple[str, str]]]]]] = {}
_lock = threading.Lock()


def columns_of(conn: sqlite3.Connection) -> Columns:
    """The columns of this connection's archive, read again when it has changed."""
    file, now = file_of(conn), state(conn)
    kept = _columns.get(file)
    if kept and kept[0] == now:
        return kept[1]
    with _lock:
        kept = _columns.get(file)
        if kept is None or kept[0] != now:
            kept = _columns[file] = (now, Columns(conn))
    return kept[1]


def _results_of(conn: sqlite3.Connection) -> OrderedDict[Plan, tuple[int, Counter[tuple[str, str]]]]:
    file, now = file_of(conn), state(conn)
    kept = _results.get(file)
    if kept is None or kept[0] != now:
        kept = _results[file] = (now, OrderedDict())
    return kept[1]


def known_total(conn: sqlite3.Connection, plan: Plan) -> int | None:
    """The exact number of a result whose facets have been counted in this state of the archive."""
    known = _results_of(conn).get(plan)
    return None if known is None else known[0]


def photos_in(conn: sqlite3.Connection) -> int:
    """How many photos the archive holds."""
    stored = names_of(conn).counts.get(("", "photos"))
    if stored is not None:
        return stored
    n: int = conn.execute("SELECT count(*) FROM photos").fetchone()[0]
    return n


def count_plan(conn: sqlite3.Connection, plan: Plan) -> tuple[int, Mapping[tuple[str, str], int]]:
    """(number of photos, (facet, value) → photos) of a plan's result."""
    names = names_of(conn)
    if plan.nothing:
        return 0, {}
    if plan.all and ("", "photos") in names.counts:
        return names.counts["", "photos"], names.counts
    results = _results_of(conn)
    known = results.get(plan)
    if known is None:
        source, values, slot = plan.source()
        listed = conn.execute(f"SELECT json_group_array(slot) FROM (SELECT {slot} AS slot FROM {source})", values)
        slots: list[int] = json.loads(listed.fetchone()[0])
        known = (len(slots), columns_of(conn).counts(slots))
        results[plan] = known
        while len(results) > _KEPT:
            results.popitem(last=False)
    return known


def facets(conn: sqlite3.Connection, query: Query, *, most: int = MOST) -> dict[str, list[FacetValue]]:
    """Every facet of a result, by name; values with most photos first, years and months in order of time."""
    names = names_of(conn)
    _, counts = count_plan(conn, plan_query(conn, query, names))
    by_facet: dict[str, list[tuple[str, int]]] = {facet: [] for facet in FACETS}
    for (facet, value), n in counts.items():
        if facet in by_facet:
            by_facet[facet].append((value, n))
    found = {}
    for facet, values in by_facet.items():
        if facet in ("year", "month"):
            chosen = sorted(values)
        else:
            chosen = sorted(values, key=lambda v: (-v[1], v[0]))[:most]
        shown = [v for value, n in chosen if (v := _value(names, facet, value, n))]
        found[facet] = _with_parents(names, shown, [v for v, _ in chosen]) if facet == "unit" else shown
    return found


_KIND = {"unit": "unit", "agency": "agency", "origin": "agency", "via": "agency", "provider": "agency",
         "photographer": "photographer", "region": "place", "place": "place"}  # fmt: skip


def _value(names: Names, facet: str, value: str, n: int) -> FacetValue | None:
    field = {"photographer": "by", "year": "date", "month": "date"}.get(facet, facet)
    kind = _KIND.get(facet)
    if kind is None:
        label = country_names().get(value.upper(), value.upper()) if facet == "country" else value
        return FacetValue(value, label, n, Term(field, value))
    named = names.get(kind, int(value))
    if named is None:
        return None
    return FacetValue(named.key, named.name, n, Term(field, names.typed(kind, named)))


def _with_parents(names: Names, shown: list[FacetValue], ids: list[str]) -> list[FacetValue]:
    by_id = {int(i): v.value for i, v in zip(ids, shown, strict=False)}
    out = []
    for id, value in zip(ids, shown, strict=False):
        above = [by_id[p] for p in names.parents.get(int(id), ()) if p in by_id]
        out.append(FacetValue(value.value, value.label, value.photos, value.term, above[0] if above else None))
    return out


def refresh_facet_counts(conn: sqlite3.Connection) -> None:
    """Count the whole archive's facets anew, inside the caller's transaction if there is one."""
    counts: Counter[tuple[str, str]] = Counter()
    tokens: Counter[str] = Counter()
    whens: Counter[tuple[int | None, int | None]] = Counter()
    photos = 0
    for terms, first, last in conn.execute("SELECT terms, taken_from, taken_to FROM photos"):
        photos += 1
        tokens.update(terms.split())
        whens[first, last] += 1
    for token, n in tokens.items():
        facet = facet_of(token)
        if facet:
            counts[facet] += n
    by_when: Counter[int] = Counter()
    for pair, n in whens.items():
        by_when[when_of(*pair)] += n
    counts.update(_when_values(by_when))
    counts["", "photos"] = photos
    conn.execute("DELETE FROM facet_counts")
    conn.executemany("INSERT INTO facet_counts (facet, value, photos) VALUES (?, ?, ?)",
                     [(*key, n) for key, n in counts.items()])  # fmt: skip
