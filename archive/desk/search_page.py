"""The search page: the box, its chips, facets beside the pictures, contact sheet, list and map."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from archive.desk import outline
from archive.desk.archives import read
from archive.desk.cards import card, row
from archive.desk.facet_lists import facet_lists
from archive.desk.markup import Addresses, Markup
from archive.desk.page import address, render, tile_server
from archive.desk.tiles import Box
from archive.desk.timeline import bars, neighbours, timeline
from archive.desk.wording import in_words
from archive.facets import FacetValue
from archive.query import Query, Term, parse_query
from archive.search import loosen, search, search_with_facets

#: Divides into rows of 2, 3, 4, 6 and 8.
PAGE = 48
#: Name in the address → its sign or first word, and the word that a narrow page leaves out.
VIEWS = {"sheet": ("▦", "sheet"), "list": ("☰", "list"), "map": ("◍", "map")}
ORDERS = {"taken": ("taken", "newest"), "added": ("added", "newest")}
#: The newest of a result that a map shows; more would make the page wait.
MAPPED = 20_000

ACCENT = {
    "unit": "unit", "date": "date", "perhaps": "date", "added": "date", "agency": "agency", "origin": "agency",
    "via": "agency", "provider": "agency", "pool": "agency", "by": "photographer", "place": "location",
    "region": "location", "country": "location",
}  # fmt: skip
@dataclass(frozen=True, slots=True)
class Asked:
    """What one request asks for."""

    query: Query
    order: str
    view: str
    after: str | None
    box: str | None
    hints: tuple[str, ...] = ()

    def at(self, query: Query | None = None, **other: object) -> str:
        """The address of this search with something else about it."""
        asked: dict[str, object] = {"q": str(self.query if query is None else query), **self.unusual}
        return address("/", **(asked | other))

    @property
    def unusual(self) -> dict[str, str]:
        """What the address has to say beside the search: the order and the view, where they are not the usual ones."""
        told = (("sort", self.order, "taken"), ("view", self.view, "sheet"))
        return {name: value for name, value, usual in told if value != usual}

    @property
    def tail(self) -> str:
        """The same as the end of an address: `&view=list`."""
        return "".join(f"&{name}={value}" for name, value in self.unusual.items())


def asked(given: Any) -> Asked:
    """Read a request's arguments. Whatever stands in them means something; nothing is raised."""
    q, add = given.get("q") or "", given.get("add") or ""
    query = parse_query(f"{q} {add}" if add else q)
    order, view = given.get("sort"), given.get("view")
    return Asked(
        query,
        order if order in ORDERS else "taken",
        view if view in VIEWS else "sheet",
        given.get("after"),
        given.get("box"),
        query.hints,
    )


def chips(wanted: Asked, url: Any) -> list[dict[str, Any]]:
    """The terms of a query as chips: each can be changed and taken away, by plain links."""
    return [_chip(term, wanted, url) for term in wanted.query.terms]


def _chip(term: Term, wanted: Asked, url: Any) -> dict[str, Any]:
    rest = wanted.query.without(term)
    return {
        "text": str(term),
        "field": term.field,
        "value": f"“{term.value}”" if term.phrase else term.value,
        "negated": term.negated,
        "understood": term.understood,
        "accent": "not" if term.negated else ACCENT.get(term.field, "other"),
        "remove": url(wanted.at(rest)),
        "edit": url(wanted.at(rest, type=str(term))),
    }


def dots(conn: sqlite3.Connection, query: Query) -> tuple[list[outline.Dot], bool]:
    """Where the newest pictures of a result were taken, counted by place; whether that is all of them."""
    from archive.known import known
    from archive.plan import plan_query

    plan = plan_query(conn, query, known(conn))
    if plan.nothing:
        return [], True
    source, values, slot = plan.source(photos=True)
    rows = conn.execute(
        f"WITH shown AS (SELECT p.latitude, p.longitude, p.place, p.region, p.location FROM {source}"
        f" ORDER BY {slot} DESC LIMIT ?)"
        " SELECT m.latitude, m.longitude, count(*), l.name, r.name, max(m.location), (SELECT count(*) FROM shown)"
        " FROM shown m LEFT JOIN places l ON l.id = m.place LEFT JOIN places r ON r.id = m.region"
        " WHERE m.latitude IS NOT NULL GROUP BY m.latitude, m.longitude ORDER BY 3 DESC LIMIT 400",
        [*values, MAPPED],
    ).fetchall()
    found = []
    for latitude, longitude, photos, place, region, location, _ in rows:
        label = place or region or location or f"{latitude:.2f}, {longitude:.2f}"
        term = Term("place", place) if place else Term("region", region) if region else Term("", label, phrase=True)
        found.append(outline.Dot(latitude, longitude, photos, label, str(term)))
    return found, not rows or rows[0][6] < MAPPED


def _answer(conn: sqlite3.Connection, wanted: Asked, with_facets: bool) -> dict[str, Any]:
    about: dict[str, Any] = {"order": wanted.order, "after": wanted.after, "limit": PAGE}
    counted: Mapping[str, Sequence[FacetValue]] = {}
    if with_facets:
        page, counted = search_with_facets(conn, wanted.query, **about)
    else:
        page = search(conn, wanted.query, **about)
    answer: dict[str, Any] = {"page": page, "facets": counted, "loosened": (), "dots": None, "all_mapped": True}
    if with_facets:
        if not page.photos:
            answer["loosened"] = loosen(conn, wanted.query)
        if wanted.view == "map":
            answer["dots"], answer["all_mapped"] = dots(conn, wanted.query)
    return answer


async def search_page(datasette: Any, request: Any) -> Any:
    """`/`: the search that the address holds. `part=1` gives the pictures alone, for endless paging."""
    from datasette.utils.asgi import Response

    url, given = datasette.urls.path, request.args
    root = str(url("/"))
    wanted = asked(given)
    if given.get("add") is not None and not wanted.hints:
        return Response.redirect(url(wanted.at()))
    part = given.get("part") == "1"
    answer = await read(datasette, lambda conn: _answer(conn, wanted, not part))
    page = answer["page"]
    words = [t.value for t in wanted.query.terms if not t.field and not t.negated]
    listed = wanted.view == "list"
    shown = [row(p, root, words) if listed else card(p, root) for p in page.photos]
    context: dict[str, Any] = {
        "photos": Markup("".join(shown)),
        "next": url(wanted.at(after=page.next)) if page.next else None,
        "view": wanted.view,
    }
    if part:
        return await render(datasette, request, "photos.html", context)
    at = Addresses(root, wanted.query, wanted.tail)
    context |= {
        "asked": wanted,
        "chips": chips(wanted, url),
        "typing": given.get("type"),
        "kept": [("q", str(wanted.query))] * bool(wanted.query.terms) + list(wanted.unusual.items()),
        "page": page,
        "title": str(wanted.query) or "All pictures",
        "facets": facet_lists(answer["facets"], wanted.query, page.total, at),
        "bars": _bars(answer["facets"], wanted, root),
        "around": _around(wanted, url),
        "loosened": [
            {"chip": _chip(less.term, wanted, url), "total": less.total, "exact": less.total_is_exact,
             "href": url(wanted.at(less.query))}
            for less in answer["loosened"]
        ],
        "hints": tuple(dict.fromkeys((*wanted.hints, *page.hints))),
        "apart": url(wanted.at(_perhaps(wanted.query))) if page.apart else None,
        "views": [(n, *words, url(wanted.at(view=n if n != "sheet" else None))) for n, words in VIEWS.items()],
        "orders": [(n, *words, url(wanted.at(sort=n if n != "taken" else None))) for n, words in ORDERS.items()],
        "taken_away": _taken_away(wanted, url),
        "map": _map(answer, wanted, url, tile_server(datasette)),
        "all_mapped": answer["all_mapped"],
    }  # fmt: skip
    return await render(datasette, request, "search.html", context)


def _perhaps(query: Query) -> Query:
    """The same search for the pictures whose partial date only may be in the days asked for."""
    terms = [Term("perhaps", t.value) if t.field == "date" and not t.negated else t for t in query.terms]
    return parse_query(" ".join(map(str, terms)))


def _bars(found: Mapping[str, Sequence[FacetValue]], wanted: Asked, root: str) -> Markup | None:
    """Each bar asks for its month or year in place of the days that were asked for."""
    line = timeline(found)
    if line is None:
        return None
    dates = {t for t in wanted.query.terms if t.field == "date" and not t.negated}
    at = Addresses(root, Query(tuple(t for t in wanted.query.terms if t not in dates)), wanted.tail)
    chosen = frozenset(t.value for t in dates)
    return bars(line, [at.adding(f"date:{bar.search}") for bar in line.bars], chosen=chosen)


def _around(wanted: Asked, url: Any) -> list[tuple[str, str]]:
    """Where one day, month or year is asked for: the one before it, what it lies in, the one after it."""
    asked_for = [t for t in wanted.query.terms if t.field == "date" and not t.negated and t.days]
    if len(asked_for) != 1:
        return []
    others = tuple(t for t in wanted.query.terms if t is not asked_for[0])
    return [
        (f"{sign}{in_words(value)}" if value else "any date",
         url(wanted.at(Query((*others, Term("date", value)) if value else others))))
        for sign, value in neighbours(asked_for[0].value)
    ]  # fmt: skip


def _taken_away(wanted: Asked, url: Any) -> list[tuple[str, str]]:
    about = urlencode({k: v for k, v in (("q", str(wanted.query)), ("sort", wanted.order)) if v and v != "taken"})
    tail = f"?{about}" if about else ""
    return [(name, url(f"/search.{end}{tail}")) for name, end in
            (("CSV", "csv"), ("JSON", "json"), ("NDJSON", "ndjson"), ("Atom", "atom"))]  # fmt: skip


def _map(answer: Mapping[str, Any], wanted: Asked, url: Any, tiles: str | None) -> dict[str, Any] | None:
    if answer["dots"] is None:
        return None
    drawn = outline.draw(answer["dots"], outline.parse_box(wanted.box) if wanted.box else None, tiles)

    def boxed(box: Box) -> str:
        return str(url(wanted.at(box=",".join(f"{v:.2f}" for v in box))))

    return {
        "drawn": drawn,
        "links": [url(wanted.at(wanted.query.adding(_term(c.dot.search)), view=None)) for c in drawn.circles],
        "closer": boxed(drawn.closer),
        "wider": boxed(drawn.wider),
        "whole": url(wanted.at(box=",".join(map(str, outline.WORLD)))),
        "placed": sum(d.photos for d in answer["dots"]),
    }


def _term(text: str) -> Term:
    return parse_query(text).terms[0]
