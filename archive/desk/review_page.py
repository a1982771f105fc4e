"""The review queue: one unsure or disputed value at a time, answered with one key. And all that was decided."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from archive.desk.archives import read, rows
from archive.desk.cards import ALT, cut
from archive.desk.page import address, answer_json, render
from archive.desk.photo_data import photo as photo_of
from archive.desk.stretches import Found, pieces
from archive.desk.wording import MARKED, accent, in_words, label, source_in_words
from archive.folding import latin
from archive.query import parse_query
from archive.search import search

#: What the queue asks about: its name, the search that fills it, what it is.
KINDS = {
    "conflict": ("has:conflict", "Sources disagree", "A file's fields and its caption say different things."),
    "ambiguous": ("standing:ambiguous", "Ambiguous", "A name or a date fits several."),
    "unknown": ("standing:unknown", "Unknown names", "Understood by its form, in no authority file."),
    "inferred": ("standing:inferred", "Inferred", "Settled by something outside the caption's own words."),
}
_ASKED = ("date_created", "location_created", "unit", "creator", "agency")


async def review_page(datasette: Any, request: Any) -> Any:
    """`/review?kind=conflict&after=...`."""
    url = datasette.urls.path
    kind = request.args.get("kind")
    kind = kind if kind in KINDS else "conflict"
    after, only = request.args.get("after"), request.args.get("q") or ""
    found = await read(datasette, lambda conn: _next(conn, kind, only, after))
    photo, question = found["photo"], found["question"]
    context: dict[str, Any] = {
        "here": "review",
        "kind": kind,
        "about": KINDS[kind][2],
        "kinds": [(name, title, found["counts"][name], url(address("/review", kind=name, q=only)))
                  for name, (_, title, _) in KINDS.items()],
        "only": only,
        "photo": photo,
        "question": question,
        "again": url(address("/review", kind=kind, q=only, after=after)),
        "skip": url(address("/review", kind=kind, q=only, after=found["slot"])) if found["more"] else None,
    }  # fmt: skip
    if photo:
        spans = [
            Found(s["id"], s["property"], s["start"], s["end"], f"{label(s['property'])}: {s['value']}")
            for s in photo["statements"]
            if s["text"] == photo["caption_text"] and s["start"] is not None and s["property"] in MARKED
        ]
        context |= {
            "pieces": pieces(photo["caption"], spans) if photo["caption"] else [],
            "alt": cut(photo["caption"] or "", ALT) or "A picture without a caption",
        }
    return await render(datasette, request, "review.html", context)


def _next(conn: sqlite3.Connection, kind: str, only: str, after: str | None) -> dict[str, Any]:
    """The next photo of the queue with a question, and how long each queue is."""
    pages = {name: search(conn, parse_query(f"{only} {asked}"), limit=1) for name, (asked, _, _) in KINDS.items()}
    counts = {name: (page.total, page.total_is_exact) for name, page in pages.items()}
    query = parse_query(f"{only} {KINDS[kind][0]}")
    # A photo whose question cannot be found (its value lost against another) is passed over, but not for ever.
    for _ in range(50):
        page = search(conn, query, after=after, limit=1)
        if not page.photos:
            break
        row = page.photos[0]
        photo = photo_of(conn, row.identity)
        question = _question(photo, kind) if photo else None
        if question:
            return {"photo": photo, "question": question, "counts": counts, "slot": str(row.slot), "more": True}
        after = str(row.slot)
    return {"photo": None, "question": None, "counts": counts, "slot": None, "more": False}


def _question(photo: Mapping[str, Any], kind: str) -> dict[str, Any] | None:
    live = [c for c in photo["corrections"] if not c["undone"]]
    if kind == "conflict":
        for conflict in photo["conflicts"]:
            if not conflict["decided"]:
                return _dispute(photo, conflict)
        return None
    for s in photo["statements"]:
        decided = any(c["property"] == s["property"] and c["old"] in (None, s["value"], s["verbatim"]) for c in live)
        if s["standing"] == kind and s["rank"] == 0 and s["current"] and s["property"] in _ASKED and not decided:
            return _doubt(photo, s)
    return None


def _choice(key: str, text: str, why: str, photo: Mapping[str, Any], **body: object) -> dict[str, str]:
    return {"key": key, "text": text, "why": why, "body": json.dumps({"photo": photo["id"], **body})}


def _dispute(photo: Mapping[str, Any], conflict: Mapping[str, Any]) -> dict[str, Any]:
    prop = conflict["property"]
    now = _now(photo, prop)
    said: dict[str, list[str]] = {now: []} if now else {}
    for source, value in conflict["sources"]:
        # A tag's moment has a time of day; the picture's date is its day.
        value = value.partition("T")[0] if prop == "date_created" else value
        said.setdefault(value, []).append(source_in_words(source))
    choices: list[dict[str, str]] = []
    for n, (value, sources) in enumerate(list(said.items())[:9], 1):
        decision = {"action": "confirm"} if value == now else {"action": "set", "new": value}
        text = in_words(value) if prop == "date_created" else value
        why = ", ".join((["as it stands"] if value == now else []) + sources)
        choices.append(_choice(str(n), text, why, photo, property=prop, **decision))
    return {"property": prop, "label": label(prop), "accent": accent(prop), "choices": choices,
            "ask": "Which of them is right?", "old": "", "now": now}  # fmt: skip


def _now(photo: Mapping[str, Any], prop: str) -> str:
    """What counts now for a property, as a person would type it; "" where it has no value."""
    if prop == "date_created":
        return str((photo["date"] or {}).get("value") or "")
    if prop == "location_created":
        return str((photo["location"] or {}).get("text") or "")
    many = {"creator": "photographers", "unit": "units", "agency": "agencies"}.get(prop)
    return "; ".join(named["name"] for named in photo[many]) if many else ""


def _doubt(photo: Mapping[str, Any], s: Mapping[str, Any]) -> dict[str, Any]:
    prop, detail = s["property"], s["detail"]
    text = in_words(s["value"]) if prop == "date_created" else str(detail.get("name") or s["value"])
    printed, rule = cut(s["verbatim"], 120), f"{s['standing']} · {s['rule']}"
    same = latin(printed) == latin(text)
    choices = [_choice("y", f"Yes, {text}", rule, photo, property=prop, action="confirm", old=s["value"])]
    for n, candidate in enumerate((c for c in detail.get("candidates", ()) if str(c) != s["value"]), 1):
        if n < 10 and prop != "location_created":
            shown = in_words(str(candidate)) if prop == "date_created" else str(candidate)
            choices.append(_choice(str(n), f"No, {shown}", "another candidate", photo, property=prop, action="set",
                                   old=s["value"], new=str(candidate)))  # fmt: skip
    choices.append(_choice("n", "No: take it away", "", photo, property=prop, action="wrong", old=s["value"]))
    ask = f"Is “{printed}” a name that is right as it stands?" if same else f"Is “{printed}” {text}?"
    return {"property": prop, "label": label(prop), "accent": accent(prop), "choices": choices, "ask": ask,
            "old": s["value"], "now": text}  # fmt: skip


async def corrections_page(datasette: Any, request: Any) -> Any:
    """`/corrections` and `/corrections.json`: what the desk decided, newest first, in pages by number."""
    before = request.args.get("before") or ""
    last = int(before) if before.isascii() and before.isdigit() and len(before) < 18 else 2**62
    found = await read(
        datasette,
        lambda conn: rows(
            conn,
            "SELECT c.id, c.property, c.action, c.old, c.new, c.actor, c.decided, c.note, c.undone, c.undone_by,"
            " p.identity AS photo FROM corrections c JOIN photos p ON p.id = c.photo WHERE c.id < ?"
            " ORDER BY c.id DESC LIMIT 101",
            last,
        ),
    )
    shown = found[:100]
    for c in shown:
        c["new"] = json.loads(c["new"]) if c["new"] else []
    more = address("/corrections", before=shown[-1]["id"]) if len(found) > 100 else None
    if request.url_vars.get("format"):
        return answer_json({"corrections": shown, "next": more.replace("/corrections?", "/corrections.json?", 1)
                            if more else None})  # fmt: skip
    return await render(datasette, request, "corrections.html", {
        "corrections": shown, "more": datasette.urls.path(more) if more else None,
    })  # fmt: skip
