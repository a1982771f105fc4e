"""A photo's statements as rows of a table: each value with all its sources side by side, conflicts marked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archive.desk.page import address
from archive.desk.wording import PROPERTIES, accent, in_words, label, shown, source_in_words
from archive.edtf import interval
from archive.folding import latin
from archive.summary import PLURAL
from archive.summary import PROPERTIES as CORRECTABLE

_ORDER = {name: i for i, name in enumerate(PROPERTIES)}
#: How sure: the surest statement of a value gives its standing.
_SURE = {"exact": 0, "variant": 1, "inferred": 2, "unknown": 3, "ambiguous": 4}
#: Of these, different values of different sources are several values and no conflict.
_SEVERAL = {"keywords", "flag", "remainder", "restriction", "job_id"}
#: The caption itself: it stands above the table, and its other carriers below it.
_WHOLE = {"description"}


def values_of(photo: Mapping[str, Any], url: Any) -> list[dict[str, Any]]:
    """Rows in the order of `wording.PROPERTIES`. What the desk decided stands first and is marked."""
    current = [s for s in photo["statements"] if s["current"] and s["property"] not in _WHOLE]
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for s in sorted(current, key=lambda s: (s["rank"], s["text"] != photo["caption_text"])):
        groups.setdefault((s["property"], _same(s)), []).append(s)
    cut = {t["id"] for t in photo["texts"] if "cut" in (t["notes"] or "").split()}
    disputed = {c["property"]: c for c in photo["conflicts"]}
    live = [c for c in photo["corrections"] if not c["undone"]]
    rows: list[dict[str, Any]] = []
    winners: dict[str, dict[str, Any]] = {}
    for (prop, _), group in groups.items():
        winner = winners.get(prop)
        # A value that lost stands beside the one that won, not in a row of its own.
        lost = group[0]["rank"] > 0 or prop not in PLURAL
        if winner is not None and prop not in _SEVERAL and lost:
            winner["ids"] += [s["id"] for s in group]
            winner["sources"] += [
                _source(s, photo, "cut off" if s["text"] in cut else _verdict(s, winner, disputed.get(prop)))
                for s in group
            ]
            continue
        row = _row(group, photo, url, live)
        winners.setdefault(prop, row)
        rows.append(row)
    rows += _decided(live, rows, url)
    return sorted(rows, key=lambda r: (_ORDER.get(r["property"], 99), r["rank"]))


def _same(s: Mapping[str, Any]) -> str:
    """What makes two statements say the same: a day without its time, a name without its accents."""
    if s["property"] == "date_created":
        return str(s["value"][:10]) if s["value"][:4].isdigit() and "/" not in s["value"] else str(s["value"])
    if s["property"] == "remainder":
        return str(s["id"])
    return latin(s["value"])


def _row(group: list[dict[str, Any]], photo: Mapping[str, Any], url: Any, live: list[Any]) -> dict[str, Any]:
    s = group[0]
    prop, detail = s["property"], s["detail"]
    best = min(group, key=lambda g: _SURE.get(g["standing"], 5))
    text = in_words(s["value"]) if prop.startswith("date") else str(detail.get("name") or s["value"])
    sources = [_source(s, photo, "")]
    sources += [_source(other, photo, "agrees") for other in group[1:]]
    return {
        "id": s["id"],
        "ids": [g["id"] for g in group],
        "property": prop,
        "label": label(prop),
        "accent": accent(prop),
        "role": s["role"],
        "rank": s["rank"],
        "value": s["value"],
        "edit": s["value"] if prop not in ("unit", "agency") else text,
        "shown": shown(text, best["standing"]),
        "more": _more(s, photo),
        "candidates": [str(c) for c in detail.get("candidates", ())][:8],
        "href": _href(s, photo, url),
        "sources": sources,
        "standing": best["standing"],
        "rule": best["rule"],
        "authority": best["authority"],
        "can": prop in CORRECTABLE,
        "decided": next((f"{c['action']} by {c['actor']}" for c in live
                         if c["property"] == prop and c["old"] in (None, s["value"], s["verbatim"], text)), None),
    }  # fmt: skip


def _source(s: Mapping[str, Any], photo: Mapping[str, Any], verdict: str) -> dict[str, Any]:
    in_caption = s["text"] == photo["caption_text"] and s["start"] is not None
    name = source_in_words(s["source"])
    where = f"caption {s['start']}–{s['end']}" if in_caption else name
    differs = verdict in ("disagrees", "says also", "cut off") or (not in_caption and s["verbatim"] != s["value"])
    says = s["verbatim"][:160] if differs else ""
    return {"where": where, "anchor": s["id"] if in_caption else None, "says": says, "verdict": verdict,
            "take": s["value"].partition("T")[0] if s["property"] == "date_created" else s["value"]}  # fmt: skip


def _verdict(s: Mapping[str, Any], winner: Mapping[str, Any], conflict: Mapping[str, Any] | None) -> str:
    """Whether a source that lost agrees with the value that won."""
    if s["property"] == "date_created":
        a, b = interval(s["value"][:10]), interval(winner["value"])
        if a and b and a.first <= b.last and b.first <= a.last:
            return "agrees"
        if s["role"] not in (None, "taken"):
            return str(s["role"])
    else:
        shown_as, said = latin(winner["shown"]).strip("[]"), latin(s["value"])
        # A by-line with a rank before the name, a country of the phrase that names town and country.
        if shown_as in said or (s["property"].startswith("location") and said in shown_as):
            return "agrees"
    if conflict is None:
        return "says also"
    if conflict["decided"]:
        return "set aside by the desk"
    return "disagrees"


def _more(s: Mapping[str, Any], photo: Mapping[str, Any]) -> str:
    """What stands under a value in small letters."""
    detail = s["detail"]
    if s["property"] == "unit":
        known: Mapping[str, Any] = next((u for u in photo["units"] if u["key"] == s["value"]), {})
        within = [w["name"] for w in known.get("within", ())]
        parts = [detail.get("nation") or known.get("country"), detail.get("arm"), detail.get("echelon")]
        line = " · ".join(str(p).replace("_", " ") for p in parts if p)
        return line + (" — within " if line and within else "Within " if within else "") + ", ".join(within[:3])
    if s["property"].startswith("location"):
        parts = [detail.get("place"), detail.get("region"), detail.get("country")]
        latitude, longitude = detail.get("latitude"), detail.get("longitude")
        if isinstance(latitude, int | float) and isinstance(longitude, int | float):
            north, east = "N" if latitude >= 0 else "S", "E" if longitude >= 0 else "W"
            parts.append(f"{abs(latitude):.2f} {north} {abs(longitude):.2f} {east}")
        return " · ".join(str(p) for p in parts if p)
    if s["property"] == "agency":
        agency: Mapping[str, Any] = next((a for a in photo["agencies"] if a["key"] == s["value"]), {})
        state = agency.get("state_controlled")
        return f"state-controlled: {state}" if state else ""
    if s["property"] == "date_created":
        from archive.desk.wording import weekday

        return " · ".join(str(p) for p in (weekday(s["value"]), detail.get("conflict")) if p)
    return f"until {in_words(str(detail['until']))}" if detail.get("until") else ""


def _href(s: Mapping[str, Any], photo: Mapping[str, Any], url: Any) -> str | None:
    """The page about a value, or the search that finds all with it."""
    from datasette.utils import tilde_encode

    prop, value = s["property"], s["value"]
    if prop in ("unit", "agency"):
        known = {e["key"] for e in photo["units" if prop == "unit" else "agencies"]}
        return url(f"/{prop}/{tilde_encode(value)}") if value in known else None
    if prop == "creator":
        key = latin(value)
        return url(f"/photographer/{tilde_encode(key)}") if key in {p["key"] for p in photo["photographers"]} else None
    if prop == "date_created" and len(value) >= 10 and interval(value[:10]):
        return str(url(f"/day/{value[:10]}"))
    if prop == "location_created":
        location = photo["location"] or {}
        spot = location.get("place") or location.get("region")
        return url(f"/place/{tilde_encode(spot['key'])}") if spot and s["rank"] == 0 else None
    if prop == "flag":
        return str(url(address("/", q=f"flag:{value}")))
    return None


def _decided(live: list[Any], rows: list[dict[str, Any]], url: Any) -> list[dict[str, Any]]:
    """Rows for values that only the desk gave."""
    out = []
    for c in live:
        for new in c["new"] if c["action"] == "set" else ():
            detail = new.get("detail") or {}
            if any(r["property"] == c["property"] and latin(r["value"]) == latin(new["value"]) for r in rows):
                continue
            text = in_words(new["value"]) if c["property"] == "date_created" else detail.get("name") or new["value"]
            out.append({
                "id": f"c{c['id']}", "ids": [], "property": c["property"], "label": label(c["property"]),
                "accent": accent(c["property"]), "role": new.get("role"), "rank": -1, "value": new["value"],
                "edit": text, "shown": text, "more": "", "candidates": [], "href": None,
                "sources": [{"where": f"{c['actor']}, {c['decided'][:10]}", "anchor": None, "says": c["note"] or "",
                             "verdict": "", "take": None}],
                "standing": "exact", "rule": "decided by the desk", "authority": new.get("authority"),
                "can": True, "decided": None,
            })  # fmt: skip
    return out
