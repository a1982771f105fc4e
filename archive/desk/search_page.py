"""The search page: the box, its chips, facets beside the pictures, contact sheet, list and map."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from archive.desk import outline
from archive.desk.archives import read
from archive.desk.cards import card, marked
from archive.desk.page import address, render, tile_server
from archive.desk.tiles import Box
from archive.desk.timeline import timeline
from archive.query import Query, Term, parse_query
from archive.search import facets, loosen, search

#: Divides into rows of 2, 3, 4, 6 and 8.
PAGE = 48
VIEWS = {"sheet": "▦ sheet", "list": "☰ list", "map": "◍ map"}
ORDERS = {"taken": "newest taken", "added": "newest added"}
#: The newest of a result that a map shows; more would make the page wait.
MAPPED = 20_000
#: Values of a facet that are seen at once, and behind "more".
SEEN, MORE = 6, 20

ACCENT = {
    "unit": "unit", "date": "date", "perhaps": "date", "added": "date", "agency": "agency", "origin": "agency",
    "via": "agency", "provider": "agency", "pool": "agency", "by": "photographer", "place": "location",
    "region": "location", "country": "location",
}  # fmt: skip
#: (facet, its heading, the field of its accent).
_FACETS = (
    ("unit", "Unit", "unit"),
    ("agency", "Agency, any role", "agency"),
    ("origin", "Comes from", "agency"),
    ("via", "Delivered by", "agency"),
    ("provider", "Handed out by", "agency"),
    ("photographer", "Photographer", "by"),
    ("country", "Country", "country"),
    ("region", "Region", "region"),
    ("flag", "Flags", "flag"),
    ("has", "Has", "has"),
    ("standing", "How sure", "standing"),
)


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
        asked: dict[str, object] = {
            "q": str(self.query if query is None else query),
            "sort": self.order if self.order != "taken" else None,
            "view": self.view if self.view != "sheet" else None,
        }
        return address("/", **(asked | other))


def asked(request: Any) -> Asked:
    """Read a request's address. Whatever stands in it means something; nothing is raised."""
    q, add = request.args.get("q") or "", request.args.get("add") or ""
    query = parse_query(f"{q} {add}" if add else q)
    order, view = request.args.get("sort"), request.args.get("view")
    return Asked(
        query,
        order if order in ORDERS else "taken",
        view if view in VIEWS else "sheet",
        request.args.get("after"),
        request.args.get("box"),
        query.hints,
    )


def chips(wanted: Asked, url: Any) -> list[dict[str, Any]]:
    """The terms of a query as chips: each can be changed and taken away, by plain links."""
    return [
        {
            "text": str(term),
            "field": term.field,
            "value": term.value if not term.phrase else f"“{term.value}”",
            "negated": term.negated,
            "understood": term.understood,
            "accent": "not" if term.negated else ACCENT.get(term.field, "other"),
            "remove": url(wanted.at(wanted.query.without(term))),
            "edit": url(wanted.at(wanted.query.without(term), type=str(term))),
        }
        for term in wanted.query.terms
    ]


def _facet_groups(
    found: Mapping[str, Sequence[Any]], wanted: Asked, total: int, url: Any
) -> list[dict[str, Any]]:
    groups = []
    for name, heading, field in _FACETS:
        values = list(found.get(name, ()))
        chosen = [t for t in wanted.query.terms if t.field == field and not t.negated]
        # A facet with one value that every picture has tells nothing, unless it is what was asked for.
        if not values or (len(values) == 1 and values[0].photos >= total and not chosen):
            continue
        shown = _as_tree(values[:MORE]) if name == "unit" else [(v, 0) for v in values[:MORE]]
        rows = [
            {
                "label": v.label,
                "photos": v.photos,
                "depth": depth,
                "term": str(v.term),
                "on": v.term in wanted.query.terms,
                "href": url(wanted.at(_toggled(wanted.query, v.term))),
            }
            for v, depth in shown
        ]
        groups.append({
            "name": name,
            "heading": heading,
            "accent": ACCENT.get(field, "other"),
            "folded": name in ("origin", "via", "provider") and not any(r["on"] for r in rows),
            "seen": rows[:SEEN],
            "more": rows[SEEN:],
        })  # fmt: skip
    return groups


def _toggled(query: Query, term: Term) -> Query:
    return query.without(term) if term in query.terms else query.adding(term)


def _as_tree(values: Sequence[Any]) -> list[tuple[Any, int]]:
    """Each unit after the one it is part of, with its depth; where nothing is known above it, on its own."""
    here = {v.value for v in values}
    below: dict[str | None, list[Any]] = {}
    for v in values:
        below.setdefault(v.parent if v.parent in here and v.parent != v.value else None, []).append(v)
    out: list[tuple[Any, int]] = []
    placed: set[str] = set()

    def place(parent: str | None, depth: int) -> None:
        for v in below.get(parent, ()):
            if v.value not in placed:
                placed.add(v.value)
                out.append((v, min(depth, 2)))
                place(v.value, depth + 1)

    place(None, 0)
    return out + [(v, 0) for v in values if v.value not in placed]


def _months(found: Mapping[str, Sequence[Any]]) -> dict[str, int]:
    return {v.value: v.photos for v in found.get("month", ())}


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
    # Facets first: they count the result, so that the page knows its exact total.
    counted = facets(conn, wanted.query) if with_facets else {}
    page = search(conn, wanted.query, order=wanted.order, after=wanted.after, limit=PAGE)  # type: ignore[arg-type]
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

    url = datasette.urls.path
    wanted = asked(request)
    if request.args.get("add") is not None and not wanted.hints:
        return Response.redirect(url(wanted.at()))
    part = request.args.get("part") == "1"
    answer = await read(datasette, lambda conn: _answer(conn, wanted, not part))
    page = answer["page"]
    photos = [card(p, url) for p in page.photos]
    context: dict[str, Any] = {
        "photos": photos,
        "next": url(wanted.at(after=page.next)) if page.next else None,
        "view": wanted.view,
    }
    if wanted.view == "list":
        words = [t.value for t in wanted.query.terms if not t.field and not t.negated]
        for shown, photo in zip(photos, page.photos, strict=True):
            shown["marked"] = marked(photo.caption or photo.headline or "", words)
    if part:
        return await render(datasette, request, "photos.html", context)
    line = timeline(_months(answer["facets"]))
    context |= {
        "asked": wanted,
        "chips": chips(wanted, url),
        "typing": request.args.get("type"),
        "kept": [("q", str(wanted.query))] * bool(wanted.query.terms)
        + [("sort", wanted.order)] * (wanted.order != "taken")
        + [("view", wanted.view)] * (wanted.view != "sheet"),
        "page": page,
        "title": str(wanted.query) or "All pictures",
        "groups": _facet_groups(answer["facets"], wanted, page.total, url),
        "timeline": line,
        "bar_links": _bar_links(wanted, line, url),
        "loosened": [
            {"term": str(less.term), "total": less.total, "exact": less.total_is_exact,
             "href": url(wanted.at(less.query))}
            for less in answer["loosened"]
        ],
        "hints": tuple(dict.fromkeys((*wanted.hints, *page.hints))),
        "apart": url(wanted.at(_perhaps(wanted.query))) if page.apart else None,
        "views": [(name, text, url(wanted.at(view=name if name != "sheet" else None))) for name, text in VIEWS.items()],
        "orders": [(n, text, url(wanted.at(sort=n if n != "taken" else None))) for n, text in ORDERS.items()],
        "taken_away": _taken_away(wanted, url),
        "map": _map(answer, wanted, url, tile_server(datasette)),
        "all_mapped": answer["all_mapped"],
    }  # fmt: skip
    return await render(datasette, request, "search.html", context)


def _perhaps(query: Query) -> Query:
    """The same search for the pictures whose partial date only may be in the days asked for."""
    terms = [Term("perhaps", t.value) if t.field == "date" and not t.negated else t for t in query.terms]
    return parse_query(" ".join(map(str, terms)))


def _bar_links(wanted: Asked, line: Any, url: Any) -> list[tuple[str, bool]]:
    if line is None:
        return []
    others = [t for t in wanted.query.terms if t.field != "date" or t.negated]
    chosen = {t.value for t in wanted.query.terms if t.field == "date"}
    links = []
    for bar in line.bars:
        query = parse_query(" ".join([*map(str, others), f"date:{bar.search}"]))
        links.append((url(wanted.at(query)), bar.search in chosen))
    return links


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
