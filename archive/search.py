"""Query → a page of photos in the desk's order, how many there are, and what to do where there are none.

Everything here reads: the connection is the caller's (Datasette's, the command line's) and is left as it was.
Pages go by key, never by offset: `Page.next` is the place in the order after which the next page starts.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Literal, NamedTuple

from archive.facets import FacetValue, facets, facets_of
from archive.known import Known, snapshot
from archive.plan import Plan, apart_plan, is_apart, plan_query
from archive.query import Query, Term, parse_query
from archive.suggest import Suggestion, suggest

__all__ = ["FacetValue", "Loosened", "Page", "PhotoRow", "Query", "Suggestion", "Term", "every", "facets", "loosen",
           "parse_query", "search", "search_with_facets", "suggest", "these"]  # fmt: skip

Order = Literal["taken", "added"]
#: Results are counted up to here; beyond it `total_is_exact` is false, unless their facets have been counted.
COUNTED = 1_000
#: Pictures offered apart are counted up to here.
APART = 1_000
#: Up to so many results are sorted by the date they came in; more are read in that order and tried one by one.
_SORTED = 5_000
#: SQLite gives up Python's lock around each row, and threads that take rows at the same time wake one another for each.
#: The rows of a page are found and sorted before the first is taken, so nobody waits here for a disk.
_taking = threading.Lock()

_COLUMNS = (
    "p.id, p.identity, p.slot, p.kind, p.format, p.width, p.height, t.text, p.headline, p.taken, p.taken_role,"
    " p.taken_standing, p.location, l.name, r.name, p.country, p.latitude, p.longitude, p.unit, p.photographer,"
    " p.agency, p.credit_line, p.pool, p.flags, p.standing, p.conflicts, p.restricted, a.started, h.digest, h.width,"
    " h.height"
)
_JOINED = (
    " LEFT JOIN texts t ON t.id = p.caption LEFT JOIN places l ON l.id = p.place LEFT JOIN places r ON r.id = p.region"
    " LEFT JOIN accessions a ON a.id = p.added LEFT JOIN thumbnails h ON h.photo = p.id"
)


class PhotoRow(NamedTuple):
    """One photo as a list shows it: the values that count now."""

    id: int
    #: The public id: `/photo/IDENTITY`.
    identity: str
    slot: int
    kind: str
    format: str | None
    width: int | None
    height: int | None
    caption: str | None
    headline: str | None
    #: EDTF.
    taken: str | None
    taken_role: str | None
    taken_standing: str | None
    location: str | None
    place: str | None
    region: str | None
    country: str | None
    latitude: float | None
    longitude: float | None
    #: Names, "; " between several.
    unit: str | None
    photographer: str | None
    #: From origin to distributor, " → " between them.
    agency: str | None
    credit_line: str | None
    pool: str | None
    flags: tuple[str, ...]
    standing: str | None
    conflicts: int
    restricted: bool
    #: When it came into the archive, ISO 8601 in UTC.
    added: str | None
    thumbnail: str | None
    thumbnail_width: int | None
    thumbnail_height: int | None


_ID, _SLOT = PhotoRow._fields.index("id"), PhotoRow._fields.index("slot")


def _photo(row: tuple[Any, ...]) -> PhotoRow:
    """From a row of `_COLUMNS`."""
    flags, restricted = row[23], row[26]
    return PhotoRow._make((*row[:23], tuple(flags.split()) if flags else (), *row[24:26], bool(restricted), *row[27:]))


@dataclass(frozen=True, slots=True)
class Page:
    """Some photos of a result, in order."""

    photos: tuple[PhotoRow, ...]
    #: How many the whole result has; a lower bound unless `total_is_exact`.
    total: int
    total_is_exact: bool
    #: For `search(after=...)`; None on the last page.
    next: str | None
    #: Pictures known only by a partial date that overlaps the days asked for: `perhaps:` finds them (up to `APART`).
    apart: int
    hints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Loosened:
    """A search with one term less, and how many photos it finds (up to `COUNTED`)."""

    term: Term
    query: Query
    total: int
    total_is_exact: bool


def search(
    conn: sqlite3.Connection,
    query: Query,
    *,
    order: Order = "taken",
    after: str | None = None,
    limit: int = 50,
    count_to: int = COUNTED,
) -> Page:
    """One page of the photos that a query asks for, newest first by the day they show or the day they came in.

    `after` is an earlier page's `next`; anything else starts at the top. Raises only what SQLite raises for a
    database that is damaged or locked.
    """
    with snapshot(conn) as known:
        return _page(conn, known, query, plan_query(conn, query, known), order, after, limit, count_to)


def search_with_facets(
    conn: sqlite3.Connection, query: Query, *, order: Order = "taken", after: str | None = None, limit: int = 50
) -> tuple[Page, Mapping[str, Sequence[FacetValue]]]:
    """`search` and `facets` of one state of the archive. The facets count the result, so its total is exact."""
    with snapshot(conn) as known:
        plan = plan_query(conn, query, known)
        found = facets_of(conn, known, plan)
        return _page(conn, known, query, plan, order, after, limit, COUNTED), found


def _page(
    conn: sqlite3.Connection, known: Known, query: Query, plan: Plan, order: Order, after: str | None, limit: int,
    count_to: int,
) -> Page:  # fmt: skip
    hints = (*query.hints, *plan.hints)
    if plan.nothing:
        return Page((), 0, True, None, 0, hints)
    key = int(after) if after and after.isascii() and after.isdigit() and len(after) < 19 else None
    rows = _rows(conn, known, plan, order, key, limit + 1)
    more = len(rows) > limit
    photos = tuple(map(_photo, rows[:limit]))
    last = str(photos[-1].id if order == "added" else photos[-1].slot) if more and photos else None
    if not more and key is None:
        total, exact = len(photos), True
    else:
        total, exact = _total(conn, known, plan, count_to)
    return Page(photos, total, exact, last, 0 if key else _apart(conn, known, plan), hints)


def every(
    conn: sqlite3.Connection, query: Query, *, order: Order = "taken", at_a_time: int = 500
) -> Iterator[PhotoRow]:
    """All photos that a query asks for, in order, read page by page: memory stays the same for any number."""
    return map(_photo, every_row(conn, query, order=order, at_a_time=at_a_time))


def every_row(
    conn: sqlite3.Connection, query: Query, *, order: Order = "taken", at_a_time: int = 500
) -> Iterator[tuple[Any, ...]]:
    """The same as plain rows: the fields of `PhotoRow` as they are stored (flags as one text, restricted 0 or 1)."""
    after: int | None = None
    with snapshot(conn) as known:
        plan = plan_query(conn, query, known)
    while not plan.nothing:
        rows = _rows(conn, known, plan, order, after, at_a_time)
        yield from rows
        if len(rows) < at_a_time:
            return
        after = rows[-1][_ID if order == "added" else _SLOT]


def these(conn: sqlite3.Connection, identities: Sequence[str]) -> tuple[PhotoRow, ...]:
    """The photos with these public ids, in this order; an id that is not in the archive is left out."""
    found = {}
    for identity in dict.fromkeys(identities):
        row = conn.execute(f"SELECT {_COLUMNS} FROM photos p{_JOINED} WHERE p.identity = ?", [identity]).fetchone()
        if row:
            found[identity] = _photo(row)
    return tuple(found.values())


def loosen(conn: sqlite3.Connection, query: Query) -> tuple[Loosened, ...]:
    """Where nothing is found: the query less each of its terms in turn, those that find something, most first."""
    found = []
    with snapshot(conn) as known:
        for term in query.terms:
            if term.understood and len(query.terms) > 1:
                fewer = query.without(term)
                total, exact = _total(conn, known, plan_query(conn, fewer, known), COUNTED)
                if total:
                    found.append(Loosened(term, fewer, total, exact))
    return tuple(sorted(found, key=lambda f: -f.total))


def _rows(
    conn: sqlite3.Connection, known: Known, plan: Plan, order: Order, key: int | None, limit: int
) -> list[tuple[Any, ...]]:
    if order == "added":
        return _newest_added(conn, known, plan, key, limit)
    if key is not None:
        plan = _before(plan, key)
    source, values, slot = plan.source(photos=True)
    # The page is chosen first; its texts and names are read for the chosen rows only.
    found = conn.execute(
        f"SELECT {_COLUMNS} FROM (SELECT p.id FROM {source} ORDER BY {slot} DESC LIMIT ?) c"
        f" CROSS JOIN photos p ON p.id = c.id{_JOINED} ORDER BY p.slot DESC",
        [*values, limit],
    )
    with _taking:
        return found.fetchall()


def _before(plan: Plan, slot: int) -> Plan:
    return replace(plan, high=min(plan.high, slot - 1))


def _newest_added(
    conn: sqlite3.Connection, known: Known, plan: Plan, key: int | None, limit: int
) -> list[tuple[Any, ...]]:
    """By photos.id. Few results are sorted; many are met soon enough by trying photos from the newest on."""
    before = "p.id < ?" if key is not None else "1"
    keys = [] if key is None else [key]
    source, values, _ = plan.source(photos=True)
    if plan.match is None or _total(conn, known, plan, _SORTED)[1]:
        chosen = f"SELECT p.id FROM {source} AND {before} ORDER BY p.id DESC LIMIT ?"
        return conn.execute(f"SELECT {_COLUMNS} FROM ({chosen}) c CROSS JOIN photos p ON p.id = c.id{_JOINED}"
                            " ORDER BY p.id DESC", [*values, *keys, limit]).fetchall()  # fmt: skip
    own = "".join(f" AND {c}" for c in plan.conditions)
    chosen = (
        f"SELECT p.id FROM photos p WHERE {before} AND p.slot BETWEEN ? AND ?{own} AND EXISTS"
        " (SELECT 1 FROM photo_search f WHERE f.photo_search MATCH ? AND f.rowid = p.slot) ORDER BY p.id DESC LIMIT ?"
    )
    return conn.execute(
        f"SELECT {_COLUMNS} FROM ({chosen}) c CROSS JOIN photos p ON p.id = c.id{_JOINED} ORDER BY p.id DESC",
        [*keys, plan.low, plan.high, *plan.values, plan.match, limit],
    ).fetchall()


def _total(conn: sqlite3.Connection, known: Known, plan: Plan, most: int) -> tuple[int, bool]:
    """How many photos a plan finds, and whether that is all: counting stops above `most`."""
    if plan.nothing:
        return 0, True
    if plan.all and known.counted:
        return known.counts["", "photos"], True
    result = known.result(plan)
    if result is not None:
        return result[0], True
    source, values, _ = plan.source()
    n: int = conn.execute(f"SELECT count(*) FROM (SELECT 1 FROM {source} LIMIT ?)", [*values, most + 1]).fetchone()[0]
    return min(n, most), n <= most


def _apart(conn: sqlite3.Connection, known: Known, plan: Plan) -> int:
    if plan.days and plan.only_days:
        return min(APART, sum(n for pair, n in known.partial_dates.items() if is_apart(pair, plan.days)))
    apart = apart_plan(plan, known)
    return 0 if apart is None else _total(conn, known, apart, APART)[0]


def first(rows: Iterator[PhotoRow], most: int | None) -> Iterator[PhotoRow]:
    """At most so many of them; all where `most` is None."""
    return rows if most is None else islice(rows, most)
