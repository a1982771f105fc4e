"""All that the archive holds of one photo, as one JSON-ready object: the photo page and `/photo/ID.json`."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from archive.desk.archives import one, rows
from archive.desk.credits import Credit, styles
from archive.desk.wording import PROPERTIES

#: Who keeps which columns of `statements`; the rest of a row is in the object under its own name.
_STATEMENT = (
    'id, text, property, value, verbatim, start, "end", source, rule, authority, standing, role, rank, detail'
)
#: As many as one page can carry; a picture with more has something wrong with it.
_MOST = 500


def photo(conn: sqlite3.Connection, identity: str, house: str | None = None) -> dict[str, Any] | None:
    """The photo with this public id; None where there is none.

    Dates are EDTF, coordinates degrees north and east, `start` and `end` code points of the text they are in.
    """
    row = one(
        conn,
        "SELECT p.*, a.started AS added_at, t.digest, t.width AS thumb_width, t.height AS thumb_height FROM photos p"
        " JOIN accessions a ON a.id = p.added LEFT JOIN thumbnails t ON t.photo = p.id WHERE p.identity = ?",
        identity,
    )
    if row is None:
        return None
    number = row["id"]
    texts = rows(
        conn,
        "SELECT t.id, t.source, t.position, t.lang, t.text, t.charset, t.declared, t.notes, t.current,"
        " f.started AS first_seen, l.started AS last_seen FROM texts t JOIN accessions f ON f.id = t.first_seen"
        " JOIN accessions l ON l.id = t.last_seen WHERE t.photo = ? ORDER BY t.id LIMIT ?",
        number, _MOST,
    )  # fmt: skip
    by_id = {t["id"]: t for t in texts}
    caption = by_id.get(row["caption"])
    statements = _statements(conn, number, by_id)
    agencies = _agencies(conn, number, statements)
    credit = Credit(
        tuple(row["photographer"].split("; ")) if row["photographer"] else (),
        tuple((a["printed"] or a["name"], a["role"]) for a in agencies),
        row["pool"],
        "handout" in (row["flags"] or "").split(),
    )
    return {
        "id": identity,
        "kind": row["kind"],
        "format": row["format"],
        "width": row["width"],
        "height": row["height"],
        "added": row["added_at"],
        "thumbnail": _thumbnail(row),
        "headline": row["headline"],
        "caption": caption["text"] if caption else None,
        "caption_text": row["caption"],
        "date": {"value": row["taken"], "role": row["taken_role"], "standing": row["taken_standing"]}
        if row["taken"] else None,
        "location": _location(conn, row),
        "units": _units(conn, number),
        "photographers": rows(
            conn,
            "SELECT h.key, h.name FROM photo_photographers pp JOIN photographers h ON h.id = pp.photographer"
            " WHERE pp.photo = ? ORDER BY h.id",
            number,
        ),
        "agencies": agencies,
        "credit": {"line": row["credit_line"], "styles": dict(styles(credit, house))},
        "pool": row["pool"],
        "flags": (row["flags"] or "").split(),
        "standing": row["standing"],
        "restrictions": rows(
            conn, "SELECT kind, until, verbatim, source FROM restrictions WHERE photo = ? ORDER BY id", number
        ),
        "conflicts": [
            {"property": c["property"], "sources": json.loads(c["sources"]), "decided": bool(c["decided"])}
            for c in rows(conn, "SELECT * FROM conflicts WHERE photo = ? ORDER BY id", number)
        ],
        "statements": statements,
        "texts": [{**t, "declared": bool(t["declared"]), "current": bool(t["current"])} for t in texts],
        "corrections": corrections(conn, number),
        "sightings": rows(
            conn,
            "SELECT s.path, s.item, s.sha256, s.size, s.mtime_ns, f.started AS first_seen, l.started AS last_seen,"
            " m.started AS missing_since FROM sightings s JOIN accessions f ON f.id = s.first_seen"
            " JOIN accessions l ON l.id = s.last_seen LEFT JOIN accessions m ON m.id = s.missing_since"
            " WHERE s.photo = ? ORDER BY s.id LIMIT ?",
            number, _MOST,
        ),
    }  # fmt: skip


def number_of(conn: sqlite3.Connection, identity: str) -> int | None:
    """`photos.id` of a public id."""
    row = one(conn, "SELECT id FROM photos WHERE identity = ?", identity)
    return row["id"] if row else None


def _thumbnail(row: dict[str, Any]) -> dict[str, Any] | None:
    if row["digest"] is None:
        return None
    return {"url": f"/thumb/{row['digest']}.jpg", "width": row["thumb_width"], "height": row["thumb_height"]}


def _statements(conn: sqlite3.Connection, number: int, texts: dict[int, dict[str, Any]]) -> list[dict[str, Any]]:
    order = {name: i for i, name in enumerate(PROPERTIES)}
    found = rows(conn, f"SELECT {_STATEMENT} FROM statements WHERE photo = ? LIMIT 5000", number)
    for s in found:
        s["detail"] = json.loads(s["detail"]) if s["detail"] else {}
        text = texts.get(s["text"])
        s["current"] = s["text"] is None or bool(text and text["current"])
    return sorted(found, key=lambda s: (order.get(s["property"], 99), s["rank"], s["start"] or 0, s["id"]))


def _location(conn: sqlite3.Connection, row: dict[str, Any]) -> dict[str, Any] | None:
    place, region = (
        one(conn, "SELECT key, name, kind FROM places WHERE id = ?", row[c]) if row[c] else None
        for c in ("place", "region")
    )
    if not (row["location"] or place or region or row["country"]):
        return None
    return {
        "text": row["location"],
        "place": place,
        "region": region,
        "country": row["country"],
        "latitude": row["latitude"],
        "longitude": row["longitude"],
    }


def _units(conn: sqlite3.Connection, number: int) -> list[dict[str, Any]]:
    units = rows(
        conn,
        "SELECT u.id, u.key, u.name, u.country, pu.standing FROM photo_units pu JOIN units u ON u.id = pu.unit"
        " WHERE pu.photo = ? ORDER BY u.name",
        number,
    )
    for unit in units:
        unit["within"] = rows(
            conn,
            "SELECT u.key, u.name, p.relation, p.since, p.until FROM unit_parents p JOIN units u ON u.id = p.parent"
            " WHERE p.unit = ? ORDER BY p.relation, u.name LIMIT 20",
            unit.pop("id"),
        )
    return units


def _agencies(conn: sqlite3.Connection, number: int, statements: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The chain from origin to distributor, with what the credit prints for each."""
    printed: dict[str, str] = {}
    for s in statements:
        if s["property"] == "agency" and s["current"] and s["source"] != "desk":
            printed.setdefault(s["value"], s["verbatim"])
    chain = rows(
        conn,
        "SELECT g.key, g.name, pa.role, g.state_controlled FROM photo_agencies pa JOIN agencies g ON g.id = pa.agency"
        " WHERE pa.photo = ? ORDER BY pa.position",
        number,
    )
    for agency in chain:
        agency["printed"] = printed.get(agency["key"])
    return chain


def corrections(conn: sqlite3.Connection, number: int) -> list[dict[str, Any]]:
    """What the desk decided, newest first: who, when, old and new, and what was taken back."""
    made = rows(
        conn,
        "SELECT id, property, action, old, new, actor, decided, note, undone, undone_by FROM corrections"
        " WHERE photo = ? ORDER BY id DESC LIMIT ?",
        number, _MOST,
    )  # fmt: skip
    for c in made:
        c["new"] = json.loads(c["new"]) if c["new"] else []
    return made
