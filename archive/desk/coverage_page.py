"""Coverage: how much of each field is filled, by agency and by month; conflicts; names nobody knows; refused files."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from archive.desk.archives import one, read, rows
from archive.desk.page import address, answer_json, render
from archive.desk.wording import in_words
from archive.known import file_of, state_of

#: (column of the answer, its heading, the SQL that says whether a photo has it).
FIELDS = (
    ("date", "Date", "p.taken IS NOT NULL"),
    ("location", "Location", "p.location IS NOT NULL"),
    ("country", "Country", "p.country IS NOT NULL"),
    ("unit", "Unit", "p.unit IS NOT NULL"),
    ("photographer", "Photographer", "p.photographer IS NOT NULL"),
    ("agency", "Agency", "p.agency IS NOT NULL"),
    ("conflicts", "Disagree", "p.conflicts > 0"),
    ("unsure", "Unsure", "p.standing IN ('ambiguous', 'unknown')"),
)
_SUMS = "count(*) AS photos, " + ", ".join(f"sum({sql}) AS {name}" for name, _, sql in FIELDS)
#: A month as the picture's own date has it; pictures known less exactly stand together.
_MONTH = "CASE WHEN p.taken GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]*' THEN substr(p.taken, 1, 7) ELSE '' END"
_AGENCIES, _MONTHS, _NAMES, _PROBLEMS, _NEWEST = 60, 36, 60, 100, 5000

_kept: dict[tuple[object, str, str], tuple[object, dict[str, Any]]] = {}


async def coverage_page(datasette: Any, request: Any) -> Any:
    """`/coverage` and `/coverage.json`; `agency=KEY` and `month=2025-04` narrow it."""
    url = datasette.urls.path
    agency, month = request.args.get("agency") or "", request.args.get("month") or ""
    found = await read(datasette, lambda conn: _coverage(conn, agency, month))
    if request.url_vars.get("format"):
        return answer_json(found)
    return await render(datasette, request, "coverage.html", {
        **found,
        "here": "coverage",
        "fields": [(name, heading) for name, heading, _ in FIELDS],
        "in_words": in_words,
        "by_agency": [{**r, "href": url(address("/coverage", agency=r["key"], month=month))}
                      for r in found["agencies"]],
        "by_month": [{**r, "href": url(address("/coverage", agency=agency, month=r["month"]))
                      if r["month"] else None} for r in found["months"]],
        "all": url("/coverage"),
        "yaml": _yaml(found["unknown"]),
    })  # fmt: skip


def _coverage(conn: sqlite3.Connection, agency: str, month: str) -> dict[str, Any]:
    """Counted anew when the archive has changed: over a million photos this takes some seconds."""
    key, now = (file_of(conn), agency, month), state_of(conn)
    kept = _kept.get(key)
    if kept and kept[0] == now:
        return kept[1]
    made = _count(conn, agency, month)
    if len(_kept) > 64:
        _kept.clear()
    _kept[key] = (now, made)
    return made


def _count(conn: sqlite3.Connection, agency: str, month: str) -> dict[str, Any]:
    joined, wanted, values = "", [], []
    if agency:
        joined = " JOIN photo_agencies pa ON pa.photo = p.id JOIN agencies g ON g.id = pa.agency"
        wanted.append("g.key = ?")
        values.append(agency)
    if month:
        wanted.append(f"{_MONTH} = ?")
        values.append(month)
    where = f" WHERE {' AND '.join(wanted)}" if wanted else ""
    by_agency = f"photos p{joined}" if agency else (
        "photos p JOIN photo_agencies pa ON pa.photo = p.id JOIN agencies g ON g.id = pa.agency"
    )
    total = one(conn, f"SELECT {_SUMS} FROM photos p{joined}{where}", *values) or {}
    return {
        "agency": agency or None,
        "month": month or None,
        "total": {k: v or 0 for k, v in total.items()},
        "agencies": rows(conn, f"SELECT g.key, g.name, {_SUMS} FROM {by_agency}{where} GROUP BY g.id"
                               " ORDER BY photos DESC, g.name LIMIT ?", *values, _AGENCIES),
        "months": rows(conn, f"SELECT {_MONTH} AS month, {_SUMS} FROM photos p{joined}{where} GROUP BY month"
                             " ORDER BY month DESC LIMIT ?", *values, _MONTHS),
        "unread": _unread(conn),
        "unknown": _unknown(conn),
        "problems": rows(
            conn, "SELECT q.path, q.item, q.reason, q.message, a.started FROM problems q JOIN accessions a"
                  " ON a.id = q.accession ORDER BY q.id DESC LIMIT ?", _PROBLEMS),
        "accessions": rows(
            conn, "SELECT started, finished, seen, new, changed, unchanged, refused, outcome FROM accessions"
                  " ORDER BY id DESC LIMIT 10"),
    }  # fmt: skip


def _unread(conn: sqlite3.Connection) -> dict[str, int]:
    """Of the newest captions, how many have a stretch that no rule read."""
    found = one(
        conn,
        "SELECT count(*) AS photos, sum(EXISTS (SELECT 1 FROM statements s WHERE s.photo = p.id"
        " AND s.property = 'remainder')) AS unread FROM (SELECT id FROM photos ORDER BY slot DESC LIMIT ?) p",
        _NEWEST,
    )
    return {name: number or 0 for name, number in (found or {}).items()}


def _unknown(conn: sqlite3.Connection) -> dict[str, list[dict[str, Any]]]:
    """Names that no authority file has, most pictured first, each with a caption that prints it."""
    found = {}
    for kind, table, links in (("units", "units", "photo_units"), ("agencies", "agencies", "photo_agencies")):
        column = links.removeprefix("photo_").removesuffix("s") if kind == "units" else "agency"
        found[kind] = rows(
            conn,
            f"SELECT e.key, e.name, n.photos, (SELECT substr(t.text, 1, 1500) FROM {links} l JOIN photos p"
            f" ON p.id = l.photo JOIN texts t ON t.id = p.caption WHERE l.{column} = e.id LIMIT 1) AS caption"
            f" FROM (SELECT l.{column} AS id, count(*) AS photos FROM {links} l JOIN {table} x ON x.id = l.{column}"
            f" WHERE x.authority IS NULL GROUP BY l.{column} ORDER BY photos DESC LIMIT ?) n"
            f" JOIN {table} e ON e.id = n.id ORDER BY n.photos DESC, e.name",
            _NAMES,
        )
    return found


def _yaml(unknown: Mapping[str, list[dict[str, Any]]]) -> dict[str, str]:
    """Entries ready to paste. JSON's strings are YAML's: nothing in a name can break out of its quotes."""
    from archive.folding import latin

    out = {}
    for kind, names in unknown.items():
        lines = []
        for n in names:
            id = "-".join("".join(c if c.isascii() and c.isalnum() else " " for c in latin(n["name"])).split())
            seen = f"  # {n['photos']} " + ("photo" if n["photos"] == 1 else "photos")
            lines += [f"- id: {json.dumps(id or 'an-id')}{seen}",
                      f"  name: {json.dumps(n['name'], ensure_ascii=False)}",
                      f"  examples: [{json.dumps(n['caption'] or '', ensure_ascii=False)}]",
                      '  source: "general knowledge"']  # fmt: skip
        out[kind] = "\n".join(lines)
    return out
