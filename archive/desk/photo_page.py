"""The page of one photo: its caption with what was found in it, every value with all who say so."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from archive.desk.archives import read, rows
from archive.desk.cards import ALT, cards, cut, date_of
from archive.desk.page import Wrong, address, answer_json, config, render
from archive.desk.photo_data import photo as photo_of
from archive.desk.readings import changes
from archive.desk.stretches import Found, pieces
from archive.desk.values import values_of
from archive.desk.wording import MARKED, in_words, label
from archive.edtf import is_full_day
from archive.query import Query, Term
from archive.search import PhotoRow, search

#: Pictures in a strip.
_STRIP = 6


async def _photo(datasette: Any, request: Any) -> dict[str, Any]:
    house = config(datasette).get("house_credit")
    identity = request.url_vars["id"]
    found = await read(datasette, lambda conn: photo_of(conn, identity, house))
    if found is None:
        raise Wrong(404, "No photo has this address. It may be in another archive, or was withdrawn.")
    return found


async def photo_json(datasette: Any, request: Any) -> Any:
    """`/photo/ID.json`: everything, as `docs/api.md` describes it."""
    return answer_json(await _photo(datasette, request))


async def photo_page(datasette: Any, request: Any) -> Any:
    """`/photo/ID`."""
    url = datasette.urls.path
    photo = await _photo(datasette, request)
    found = [
        Found(s["id"], s["property"], s["start"], s["end"], _about(s))
        for s in photo["statements"]
        if s["text"] == photo["caption_text"] and s["start"] is not None and s["property"] in MARKED
    ]
    when = date_of(*((photo["date"] or {}).get(k) for k in ("value", "role", "standing")))
    where = (photo["location"] or {}).get("text") or ""
    context = {
        "photo": photo,
        "title": cut(" · ".join(p for p in (where, when) if p) or photo["caption"] or "A picture", 90),
        "alt": cut(photo["caption"] or "", ALT) or "A picture without a caption",
        "pieces": pieces(photo["caption"], found) if photo["caption"] else [],
        "values": values_of(photo, url),
        "strips": await read(datasette, lambda conn: _strips(conn, photo, url)),
        "readings": _readings(photo),
        "back": url("/"),
    }
    return await render(datasette, request, "photo.html", context)


def _about(s: Mapping[str, Any]) -> str:
    """What a reader is told when pointing at a stretch."""
    value = s["detail"].get("name") or (in_words(s["value"]) if s["property"] == "date_created" else s["value"])
    parts = [f"{label(s['property'])}: {cut(str(value), 120)}", s["standing"], s["rule"], s["authority"]]
    return " · ".join(p for p in parts if p)


def _readings(photo: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Texts that this picture's caption once was, newest first, each with what changed since."""
    now = next((t for t in photo["texts"] if t["id"] == photo["caption_text"]), None)
    if now is None:
        return []
    earlier = [t for t in photo["texts"] if not t["current"] and t["source"] == now["source"]]
    out, after = [], now["text"]
    for text in reversed(earlier):
        if text["text"] != after:
            out.append({**text, "changes": changes(text["text"], after)})
            after = text["text"]
    return out


def _strips(conn: sqlite3.Connection, photo: Mapping[str, Any], url: Any) -> list[dict[str, Any]]:
    """Same words by other routes; more of the unit, the place, the day."""
    wanted: list[tuple[str, Term]] = [
        (f"More of {unit['name']}", Term("unit", unit["key"])) for unit in photo["units"][:2]
    ]
    location = photo["location"] or {}
    spot = location.get("place") or location.get("region")
    if spot:
        wanted.append((f"More from {spot['name']}", Term("place", spot["name"])))
    taken = (photo["date"] or {}).get("value")
    if taken and is_full_day(taken):
        wanted.append((f"More of {in_words(taken)}", Term("date", taken)))
    strips: list[dict[str, Any]] = []
    root = str(url("/"))
    same = _same_words(conn, photo)
    if same:
        strips.append({"title": "Same words, other pictures or routes", "href": None, "more": "",
                       "photos": cards(same, root)})  # fmt: skip
    for title, term in wanted:
        query = _query(term)
        found = [p for p in search(conn, query, limit=_STRIP + 1).photos if p.identity != photo["id"]][:_STRIP]
        if found:
            strips.append({"title": title, "href": url(address("/", q=str(query))), "more": "all of them",
                           "photos": cards(found, root)})  # fmt: skip
    return strips


def _query(term: Term) -> Query:
    """Read back from its own text: dates are only understood by the reader of queries."""
    from archive.query import parse_query

    return parse_query(str(term))


def _same_words(conn: sqlite3.Connection, photo: Mapping[str, Any]) -> Sequence[PhotoRow]:
    """Photos whose caption holds this one's first twelve words in a row: the same caption, delivered elsewhere."""
    words = "".join(c if c.isalnum() else " " for c in (photo["caption"] or "")[:400]).split()[:12]
    if len(words) < 8:
        return []
    term = Term("", " ".join(words), phrase=True)
    ids = {r["id"] for r in rows(conn, "SELECT identity AS id FROM photos WHERE identity = ?", photo["id"])}
    return [p for p in search(conn, Query((term,)), limit=_STRIP + 1).photos if p.identity not in ids][:_STRIP]
