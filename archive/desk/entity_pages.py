"""Pages for a unit, an agency, a photographer, a place and a day: what it is called, when and where it is pictured."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Mapping
from typing import Any

from archive.desk import outline
from archive.desk.archives import one, read, rows
from archive.desk.cards import cards
from archive.desk.markup import Addresses
from archive.desk.page import Wrong, address, answer_json, render, tile_server
from archive.desk.search_page import dots
from archive.desk.timeline import REACH, bars, days_around, timeline
from archive.desk.wording import in_words
from archive.known import known
from archive.query import Query, Term, parse_query
from archive.search import search_with_facets

#: Pictures on an entity's page; the search has all of them.
_NEWEST = 24
#: Names, parents, children: as many as a page can be read with.
_MOST = 200

_TABLES = {
    "unit": ("units", "unit", "unit"),
    "agency": ("agencies", "agency", "agency"),
    "photographer": ("photographers", "by", "photographer"),
    "place": ("places", "place", "location"),
}


async def entity_page(datasette: Any, request: Any) -> Any:
    """`/unit/KEY`, `/agency/KEY`, `/photographer/KEY`, `/place/KEY`; with `.json` the same as data."""
    from datasette.utils import tilde_decode

    kind, key = request.url_vars["kind"], tilde_decode(request.url_vars["key"])
    found = await read(datasette, lambda conn: _entity(conn, kind, key))
    if found is None:
        raise Wrong(404, f"No {kind} in this archive has this address.")
    return await _answer(datasette, request, found)


async def day_page(datasette: Any, request: Any) -> Any:
    """`/day/2025-04-19`."""
    text = request.url_vars["day"]
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise Wrong(404, f"{text} is no day of the calendar.") from None
    found = await read(datasette, lambda conn: _day(conn, day))
    return await _answer(datasette, request, found)


async def _answer(datasette: Any, request: Any, found: dict[str, Any]) -> Any:
    url = datasette.urls.path
    pictured = found.pop("pictured")
    query: Query = found.pop("query")
    if request.url_vars.get("format"):
        counts = {name: [{"value": v.value, "label": v.label, "photos": v.photos} for v in values]
                  for name, values in pictured["facets"].items()}  # fmt: skip
        return answer_json({**found, "photos": pictured["page"].total, "search": str(query), "counts": counts})
    at = Addresses(str(url("/")), query)
    if found["kind"] == "day":
        line = days_around(dt.date.fromisoformat(found["key"]), pictured["days"])
        links = [f'"{url(f"/day/{b.search}")}"' for b in line.bars] if line else []
    else:
        line = timeline(pictured["facets"])
        links = [at.adding(f"date:{b.search}") for b in line.bars] if line else []
    drawn = outline.draw(pictured["dots"], None, tile_server(datasette)) if pictured["dots"] else None

    def narrowed(term: str) -> str:
        return str(url(address("/", q=str(query.adding(parse_query(term).terms[0])))))

    context = {
        **found,
        "url": url,
        "page": pictured["page"],
        "photos": cards(pictured["page"].photos, str(url("/"))),
        "all": url(address("/", q=str(query))),
        "search": str(query),
        "bars": bars(line, links, chosen=frozenset({found["key"]}), css="wide") if line else None,
        "map": drawn,
        "map_links": [narrowed(c.dot.search) for c in drawn.circles] if drawn else [],
        "shares": [
            (title, accent, [(v.label, v.photos, narrowed(v.typed)) for v in pictured["facets"].get(name, ())[:8]])
            for name, title, accent in (
                ("unit", "Units in these pictures", "unit"),
                ("photographer", "Who took them", "photographer"),
                ("agency", "Who delivered them", "agency"),
                ("region", "Regions", "location"),
                ("country", "Countries", "location"),
            )
            if name != found["kind"] and pictured["facets"].get(name)
        ],
    }
    return await render(datasette, request, "entity.html", context)


def _pictured(conn: sqlite3.Connection, query: Query) -> dict[str, Any]:
    page, counted = search_with_facets(conn, query, limit=_NEWEST)
    return {"facets": counted, "page": page, "dots": dots(conn, query)[0]}


def _entity(conn: sqlite3.Connection, kind: str, key: str) -> dict[str, Any] | None:
    table, field, accent = _TABLES[kind]
    row = one(conn, f"SELECT * FROM {table} WHERE key = ?", key)
    if row is None:
        return None
    names = known(conn).names
    named = names.get(kind, row["id"])
    query = Query((Term(field, names.typed(kind, named) if named else key),))
    about = {"unit": _unit, "agency": _agency, "photographer": _photographer, "place": _place}[kind](conn, row)
    return {"kind": kind, "accent": accent, "key": key, "name": row["name"], **about,
            "query": query, "pictured": _pictured(conn, query)}  # fmt: skip


def _facts(row: Mapping[str, Any], *columns: tuple[str, str]) -> list[tuple[str, str]]:
    return [(title, str(row[column])) for column, title in columns if row[column] not in (None, "")]


def _unit(conn: sqlite3.Connection, row: Mapping[str, Any]) -> dict[str, Any]:
    facts = _facts(row, ("number", "Number"), ("echelon", "Echelon"), ("arm", "Arm"), ("country", "Country"),
                   ("exists_from", "From"), ("exists_to", "Until"), ("source", "Source"))  # fmt: skip
    related = "SELECT u.key, u.name, p.relation, p.since, p.until FROM unit_parents p JOIN units u ON u.id = "
    above = rows(conn, f"{related}p.parent WHERE p.unit = ? ORDER BY p.relation, u.name LIMIT ?", row["id"], _MOST)
    below = rows(conn, f"{related}p.unit WHERE p.parent = ? ORDER BY u.name LIMIT ?", row["id"], _MOST)
    return {
        "facts": facts,
        "names": _names(conn, "SELECT DISTINCT name FROM unit_names WHERE unit = ? LIMIT ?", row),
        "above": above,
        "below": below,
        "note": None if row["authority"] else "Read by the grammar; no authority file has an entry for it.",
    }


def _agency(conn: sqlite3.Connection, row: Mapping[str, Any]) -> dict[str, Any]:
    owner = one(conn, "SELECT key, name FROM agencies WHERE id = ?", row["owner"]) if row["owner"] else None
    owned = rows(conn, "SELECT key, name FROM agencies WHERE owner = ? ORDER BY name LIMIT ?", row["id"], _MOST)
    return {
        "facts": _facts(row, ("kind", "Kind"), ("country", "Country"), ("source", "Source")),
        "names": _names(conn, "SELECT DISTINCT name FROM agency_names WHERE agency = ? LIMIT ?", row),
        "above": [{**owner, "relation": "owner", "since": None, "until": None}] if owner else [],
        "below": [{**o, "relation": "owner", "since": None, "until": None} for o in owned],
        "note": f"State-controlled: {row['state_controlled']}" if row["state_controlled"] else None,
    }


def _photographer(conn: sqlite3.Connection, row: Mapping[str, Any]) -> dict[str, Any]:
    printed = rows(
        conn,
        "SELECT DISTINCT s.verbatim AS name FROM photo_photographers pp JOIN statements s ON s.photo = pp.photo"
        " AND s.property = 'creator' WHERE pp.photographer = ? LIMIT 400",
        row["id"],
    )
    from archive.folding import latin

    names = sorted({p["name"] for p in printed if latin(p["name"]) == row["key"]} | {row["name"]})
    return {"facts": [], "names": names, "above": [], "below": [], "note": None}


def _place(conn: sqlite3.Connection, row: Mapping[str, Any]) -> dict[str, Any]:
    facts = _facts(row, ("kind", "Kind"), ("region", "Region"), ("country", "Country"), ("geonames", "GeoNames id"))
    if row["latitude"] is not None and row["longitude"] is not None:
        north, east = "N" if row["latitude"] >= 0 else "S", "E" if row["longitude"] >= 0 else "W"
        facts.append(("Where", f"{abs(row['latitude']):.3f} {north}, {abs(row['longitude']):.3f} {east}"))
    printed = rows(
        conn,
        "SELECT location AS name, count(*) AS photos FROM (SELECT location FROM photos WHERE place = ?1 OR region = ?1"
        " LIMIT 5000) WHERE location IS NOT NULL GROUP BY location ORDER BY photos DESC LIMIT 24",
        row["id"],
    )
    return {"facts": facts, "names": [p["name"] for p in printed], "above": [], "below": [], "note": None}


def _names(conn: sqlite3.Connection, sql: str, row: Mapping[str, Any]) -> list[str]:
    found = {r["name"] for r in rows(conn, sql, row["id"], _MOST)} | {row["name"]}
    return sorted(found, key=lambda name: (name != row["name"], name))


def _day(conn: sqlite3.Connection, day: dt.date) -> dict[str, Any]:
    text = day.isoformat()
    query = parse_query(f"date:{text}")

    def other(by: int) -> str | None:
        try:
            return (day + dt.timedelta(by)).isoformat()
        except OverflowError:
            return None

    return {
        "kind": "day", "accent": "date", "key": text, "name": f"{day.strftime('%A')} {in_words(text)}", "facts": [],
        "names": [], "above": [], "below": [], "note": None, "before": other(-1), "after": other(1),
        "query": query, "pictured": {**_pictured(conn, query), "days": _days(conn, day)},
    }  # fmt: skip


def _days(conn: sqlite3.Connection, middle: dt.date) -> dict[int, int]:
    """Pictures of each day around one, by the day's ordinal: those whose day is known."""
    low, high = middle.toordinal() - REACH, middle.toordinal() + REACH
    counted = conn.execute(
        "SELECT slot >> 20 AS day, count(*) FROM photos WHERE slot BETWEEN ? AND ? AND taken_from = taken_to"
        " GROUP BY day",
        (max(low, 1) << 20, ((high + 1) << 20) - 1),
    )
    return dict(counted.fetchall())
