"""What a result is made of: its photos by unit, agency and role, photographer, country, region, year and month.

For the whole archive the counts are stored (`facet_counts`, kept up by `refresh_facet_counts`). For a result, the slots
come out of full-text search in one value and are counted in the narrow arrays of `archive.columns`.
"""

from __future__ import annotations

import heapq
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from archive.columns import Counts, facet_of, newest, when_of, when_values
from archive.known import Known, snapshot
from archive.names import Names
from archive.plan import Plan, country_names, plan_query
from archive.query import Query, typed

#: The facets, in the order that a page shows them.
FACETS = ("unit", "agency", "origin", "via", "provider", "photographer", "country", "region", "year", "month",
          "flag", "standing", "has")  # fmt: skip
#: Values of one facet, unless asked otherwise. Years and months are always all there.
MOST = 30

class FacetValue(NamedTuple):
    """One value of a facet and the photos of the result that have it."""

    #: Key of the entry (`ap`), ISO code, EDTF month or year, or the word of a flag or standing.
    value: str
    label: str
    photos: int
    #: Field and value of the term that a click adds.
    field: str
    asks: str
    #: For a unit: the value of the unit above it, where that is in the list too.
    parent: str | None = None

    @property
    def typed(self) -> str:
        """The same as it would be typed."""
        return typed(self.field, self.asks)


#: The fields of a FacetValue, as they are kept.
_Plain: TypeAlias = tuple[str, str, int, str, str, str | None]


def _counts(
    conn: sqlite3.Connection, plan: Plan, known: Known, most: int
) -> tuple[int, Mapping[tuple[str, str], int]]:
    """(number of photos, (facet, value) → photos) of a plan's result, at least `most` of each facet."""
    if plan.nothing:
        return 0, {}
    if plan.all and known.counted:
        return known.counts["", "photos"], known.counts
    columns = known.columns(conn)
    source, values, slot = plan.source()
    if plan.match is None and not plan.conditions:
        return columns.counts_between(plan.low, plan.high, most)
    # One value instead of a row a photo: SQLite works without Python's lock until all are found.
    found = conn.execute(f"SELECT group_concat(slot) FROM (SELECT {slot} AS slot FROM {source})", values)
    return columns.counts(found.fetchone()[0] or "", most)


def facets(conn: sqlite3.Connection, query: Query, *, most: int = MOST) -> Mapping[str, Sequence[FacetValue]]:
    """Every facet of a result, by name; values with most photos first, years and months in order of time."""
    with snapshot(conn) as known:
        return facets_of(conn, known, plan_query(conn, query, known), most)


def facets_of(
    conn: sqlite3.Connection, known: Known, plan: Plan, most: int = MOST
) -> Mapping[str, Sequence[FacetValue]]:
    """The same for a plan, inside `snapshot`."""
    kept = known.result(plan)
    if kept is None or kept[1] != most:
        total, counts = _counts(conn, plan, known, most)
        kept = total, most, _listed(known.names, counts, most)
        known.keep(plan, kept)
    return {facet: list(map(FacetValue._make, values)) for facet, values in kept[2].items()}


def _listed(names: Names, counts: Mapping[tuple[str, str], int], most: int) -> dict[str, tuple[_Plain, ...]]:
    by_facet: dict[str, list[tuple[int, str]]] = {facet: [] for facet in FACETS}
    for (facet, value), n in counts.items():
        if facet in by_facet:
            by_facet[facet].append((-n, value))
    found = {}
    for facet, values in by_facet.items():
        if facet in ("year", "month"):
            chosen = sorted(values, key=lambda v: v[1])
        else:
            chosen = heapq.nsmallest(most, values)
        shown = [_value(names, facet, value, -n) for n, value in chosen]
        found[facet] = tuple([value for value in shown if value])
    found["unit"] = _with_parents(names, found["unit"])
    return found


_KIND = {"unit": "unit", "agency": "agency", "origin": "agency", "via": "agency", "provider": "agency",
         "photographer": "photographer", "region": "place"}  # fmt: skip
_FIELD = {"photographer": "by", "year": "date", "month": "date"}


def _value(names: Names, facet: str, value: str, n: int) -> _Plain | None:
    kind, field = _KIND.get(facet), _FIELD.get(facet, facet)
    if kind is None:
        label = country_names().get(value.upper(), value.upper()) if facet == "country" else value
        return value, label, n, field, value, None
    named = names.get(kind, int(value))
    return named and (named.key, named.name, n, field, names.typed(kind, named), None)


def _with_parents(names: Names, shown: tuple[_Plain, ...]) -> tuple[_Plain, ...]:
    there = {value[0] for value in shown}
    parents = [next((p for p in names.above(value[0]) if p in there), None) for value in shown]
    return tuple([(*value[:5], parent) for value, parent in zip(shown, parents, strict=True)])


def refresh_facet_counts(conn: sqlite3.Connection) -> None:
    """Bring the stored counts of the whole archive up to date: at the end of a run, or after a correction.

    Only photos that are new or changed since the last time are read; all of them the first time, and where the
    log of changes no longer reaches back. Inside the caller's transaction, if there is one; else in its own.
    """
    own = not conn.in_transaction
    if own:
        conn.execute("BEGIN IMMEDIATE")
    try:
        _refresh(conn)
    except BaseException:
        if own:
            conn.execute("ROLLBACK")
        raise
    if own:
        conn.execute("COMMIT")


_READ = "SELECT terms, taken_from, taken_to FROM photos"
#: Changes that stay in the log, for servers that have not followed yet.
_LOGGED = 20_000


def _refresh(conn: sqlite3.Connection) -> None:
    stored = dict(conn.execute("SELECT value, photos FROM facet_counts WHERE facet = ''").fetchall())
    photos, changes = newest(conn)
    old_photos, old_changes = stored.get("newest photo", 0), stored.get("newest change", 0)
    oldest = conn.execute("SELECT coalesce(min(id), 0) FROM photo_changes").fetchone()[0]
    if old_photos > photos or old_changes > changes or (changes > old_changes and oldest > old_changes + 1):
        conn.execute("DELETE FROM facet_counts")
        stored, old_photos, old_changes = {}, 0, changes
    counts, number = _tally(conn.execute(_READ + " WHERE id > ?", (old_photos,)))
    if changes > old_changes:
        # What a changed photo counted as before is its first entry in the log.
        firsts = ("SELECT min(id) AS id, photo FROM photo_changes WHERE id > ? AND photo <= ? GROUP BY photo")
        was, taken_out = _tally(conn.execute(
            f"SELECT terms, taken_from, taken_to FROM ({firsts}) JOIN photo_changes USING (id)",
            (old_changes, old_photos)))  # fmt: skip
        now, put_in = _tally(conn.execute(
            f"{_READ} WHERE id IN (SELECT photo FROM ({firsts}))", (old_changes, old_photos)))  # fmt: skip
        counts.update(now)
        counts.subtract(was)
        number += put_in - taken_out
    upsert = (
        "INSERT INTO facet_counts (facet, value, photos) VALUES (?, ?, ?)"
        " ON CONFLICT (facet, value) DO UPDATE SET photos = photos + excluded.photos"
    )
    conn.executemany(upsert, [(*key, n) for key, n in counts.items() if n])
    conn.execute("DELETE FROM facet_counts WHERE photos = 0 AND facet <> ''")
    marks = {"photos": number, "newest photo": photos - stored.get("newest photo", 0),
             "newest change": changes - stored.get("newest change", 0), "refreshes": 1}  # fmt: skip
    conn.executemany(upsert, [("", mark, n) for mark, n in marks.items()])
    conn.execute("DELETE FROM photo_changes WHERE id <= ?", (changes - _LOGGED,))


def _tally(rows: Iterable[tuple[str, int | None, int | None]]) -> tuple[Counts, int]:
    """((facet, value) → photos, number of photos) of rows of (terms, first day, last day)."""
    tokens: Counter[str] = Counter()
    whens: Counter[int] = Counter()
    number = 0
    for terms, first, last in rows:
        number += 1
        tokens.update(terms.split())
        whens[when_of(first, last)] += 1
    counts = when_values(whens)
    for token, n in tokens.items():
        facet = facet_of(token)
        if facet:
            counts[facet] += n
    return counts, number
