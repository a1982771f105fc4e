"""What the box offers while someone types: fields, names and dates, with how many photos each would give."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass

from archive.known import Known, snapshot
from archive.names import pieces
from archive.plan import LETTERS, country_names
from archive.query import ALONE, ALSO, DATES, FIELDS, HAS, IS, STANDINGS, Term

#: Suggestions for one keystroke.
MOST = 10
#: Dates that are words.
SPOKEN = ("today", "yesterday", "this week", "last week", "last month")
_FIELD = re.compile(r'(?P<no>-?)(?:(?P<field>[^\W\d_]+):)?"?(?P<typed>[^"]*)\Z', re.DOTALL)
_STORED = {"by": "photographer", "is": "flag"}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One thing the box may become."""

    #: What the term under the cursor is replaced by.
    text: str
    label: str
    #: What kind of thing: a field's name, or "field" for a field itself.
    field: str
    #: None where it is not counted beforehand.
    photos: int | None
    #: Where the replaced term starts and ends in the typed text.
    start: int
    end: int


def suggest(conn: sqlite3.Connection, text: str, cursor: int | None = None) -> list[Suggestion]:
    """What the term at the cursor (a place in `text`, its end if left out) can go on to be; at most `MOST`."""
    with snapshot(conn) as known:
        return _suggest(conn, known, text[:4000], cursor)


def _suggest(conn: sqlite3.Connection, known: Known, text: str, cursor: int | None) -> list[Suggestion]:
    cursor = len(text) if cursor is None else max(0, min(cursor, len(text)))
    start = _term_start(text, cursor)
    matched = _FIELD.match(text[start:cursor])
    if matched is None:
        return []
    field, typed, no = (matched["field"] or "").lower(), matched["typed"], matched["no"]
    field = ALSO.get(field, field)
    if field:
        found = _values(known, field, typed) if field in FIELDS else []
        if field in ALONE:
            words = pieces(typed)
            found = [
                (str(Term(field, name)), name, field, n)
                for name, n in known.listed(conn, field)
                if all(any(w.startswith(p) for w in pieces(name)) for p in words)
            ]
    else:
        found = _anything(known, typed)
    return [Suggestion(no + term, label, of, photos, start, cursor) for term, label, of, photos in found[:MOST]]


_Found = list[tuple[str, str, str, int | None]]


def _term_start(text: str, cursor: int) -> int:
    """Where the term at the cursor starts: after the last space that is not inside quotes."""
    start, quoted = 0, False
    for at, character in enumerate(text[:cursor]):
        if character == '"':
            quoted = not quoted
        elif character.isspace() and not quoted:
            start = at + 1
    return start


def _values(known: Known, field: str, typed: str) -> _Found:
    if field in LETTERS or field in ("place", "region"):
        kind = LETTERS[field][1] if field in LETTERS else "place"
        stored = _STORED.get(field, field)
        found: _Found = []
        for named in known.names.complete(kind, typed, 4 * MOST):
            photos = known.counts.get((stored, str(named.id)), 0)
            if field == "place":
                photos += known.counts.get(("region", str(named.id)), 0)
            if photos or stored == kind:
                label = f"{named.name} · {named.detail}" if named.detail else named.name
                found.append((str(Term(field, known.names.typed(kind, named))), label, field, photos))
        return sorted(found, key=lambda f: -(f[3] or 0))
    if field == "country":
        start = typed.lower().strip()
        rows = [(code, name, known.counts.get(("country", code.lower()), 0)) for code, name in country_names().items()]
        rows = [r for r in rows if r[2] and (r[0].lower() == start or r[1].lower().startswith(start))]
        return [(f"country:{code.lower()}", name, field, n) for code, name, n in sorted(rows, key=lambda r: -r[2])]
    words = {"has": HAS, "is": IS, "standing": STANDINGS}.get(field)
    if words is None and field == "flag":
        words = tuple(sorted(value for facet, value in known.counts if facet == "flag"))
    stored = _STORED.get(field, field)
    return [
        (f"{field}:{word}", word, field, known.counts.get((stored, word)))
        for word in words or ()
        if word.startswith(typed.lower().strip())
    ] or _dates(known, field, typed)


def _dates(known: Known, field: str, typed: str) -> _Found:
    if field not in DATES:
        return []
    typed = typed.strip()
    spoken = [w for w in SPOKEN if w.startswith(typed) and (typed or field == "added")]
    found: _Found = [(str(Term(field, w)), w, field, None) for w in spoken]
    if field != "added":
        # Years before their months; where nothing is typed, the latest first.
        dates = sorted(((v, n) for (facet, v), n in known.counts.items()
                        if facet in ("year", "month") and v.startswith(typed)),
                       key=lambda d: (len(d[0]), d[0]), reverse=not typed)  # fmt: skip
        found += [(f"{field}:{value}", value, field, n) for value, n in dates]
    return found


def _anything(known: Known, typed: str) -> _Found:
    """Without a field: fields that begin so, then whatever is called so."""
    word = typed.strip().lower()
    if not word:
        return []
    found: _Found = [(f"{f}:", what, "field", None) for f, what in FIELDS.items() if f.startswith(word)]
    if word in ALONE:
        found.append((f"{word}:", f"any {word}", "field", None))
    named: _Found = []
    for field in ("unit", "agency", "by", "place"):
        named += _values(known, field, typed)[:5]
    return found[:3] + sorted(named, key=lambda f: -(f[3] or 0))
