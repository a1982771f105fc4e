"""What the box offers while someone types: fields, names and dates, with how many photos each would give."""

from __future__ import annotations

import calendar
import datetime as dt
import re
import sqlite3
from dataclasses import dataclass

from archive.dates import MONTHS, days
from archive.edtf import interval
from archive.known import Known, snapshot
from archive.names import pieces
from archive.plan import LETTERS, country_codes, country_names, is_apart, plan_query
from archive.query import ALONE, ALSO, DATES, FIELDS, HAS, IS, STANDINGS, parse_query
from archive.query import typed as typed_as

#: Suggestions for one keystroke.
MOST = 10
#: Dates that are words.
SPOKEN = ("today", "yesterday", "this week", "last week", "last month")
_FIELD = re.compile(r'(?P<no>-?)(?:(?P<field>[^\W\d_]+):)?"?(?P<typed>[^"]*)\Z', re.DOTALL)
#: A date in words that is being typed, without quotes: `date:17 apr`, `date:last w`.
_DATE_BEGUN = re.compile(
    rf"(?:\A|\s)(-?(?:date|taken|perhaps|added):(?:last|this|past|\d{{1,2}}\.?|{MONTHS})\.?\s[^\":]{{0,16}})\Z",
    re.IGNORECASE,
)
_STORED = {"by": "photographer"}
#: Photos of one suggestion are counted up to here.
_COUNTED = 10_000
_LISTS = {
    "pool": "SELECT p.pool FROM photo_search f CROSS JOIN photos p ON p.slot = f.rowid"
    " WHERE f.photo_search MATCH 'terms : xpool' AND p.pool IS NOT NULL GROUP BY p.pool"
    " ORDER BY count(*) DESC, p.pool",
    "restriction": "SELECT kind FROM restrictions GROUP BY kind ORDER BY count(DISTINCT photo) DESC, kind",
}


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
    dated = _DATE_BEGUN.search(text[:cursor])
    start = dated.start(1) if dated else _term_start(text, cursor)
    matched = _FIELD.match(text[start:cursor])
    if matched is None:
        return []
    field, typed, no = (matched["field"] or "").lower(), matched["typed"], matched["no"]
    field = ALSO.get(field, field)
    ask = _Ask(conn, known)
    found = ask.anything(typed) if not field else ask.values(field, typed) if field in FIELDS else []
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


class _Ask:
    """One keystroke's question of one archive."""

    def __init__(self, conn: sqlite3.Connection, known: Known) -> None:
        self.conn, self.known, self.today = conn, known, dt.date.today()

    def values(self, field: str, typed: str) -> _Found:
        """What may stand after a field, begun like this."""
        if field in LETTERS or field in ("place", "region"):
            return self.names(field, typed)
        if field == "country":
            return self.countries(typed)
        if field in DATES:
            return self.dates(field, typed)
        if field in ALONE:
            words = pieces(typed)
            called = [
                name for name in self.known.once(field, lambda: self.listed(field))
                if all(any(w.startswith(p) for w in pieces(name)) for p in words)
            ]  # fmt: skip
            return [(typed_as(field, name), name, field, self.count(field, name)) for name in called[:MOST]]
        start = typed.lower().strip()
        return [(f"{field}:{word}", word, field, n) for word, n in self.words(field) if word.startswith(start)]

    def names(self, field: str, typed: str) -> _Found:
        kind = LETTERS[field][1] if field in LETTERS else "place"
        names, counts = self.known.names, self.known.counts
        if field in ("origin", "via", "provider", "region"):
            # Only some agencies have a role and only some places are regions: those first, the most pictured at once.
            begun = {named.id: named for named in names.complete(kind, typed, None)}
            chosen = [begun[id] for id in self.known.once(field, lambda: self.ranked(field)) if id in begun][:MOST]
        else:
            chosen = names.complete(kind, typed, 4 * MOST)
        found: _Found = []
        for named in chosen:
            photos = counts.get((_STORED.get(field, field), str(named.id)), 0)
            if field == "place":
                photos += counts.get(("region", str(named.id)), 0)
            label = f"{named.name} · {named.detail}" if named.detail else named.name
            found.append((typed_as(field, names.typed(kind, named)), label, field, photos))
        if typed[-1:].isdigit():
            return found  # the number itself before those that it begins
        return sorted(found, key=lambda f: -(f[3] or 0))

    def ranked(self, facet: str) -> list[int]:
        """What a facet has, most pictured first, by row ids."""
        found = [(-n, int(value)) for (of, value), n in self.known.counts.items() if of == facet]
        return [id for _, id in sorted(found)]

    def countries(self, typed: str) -> _Found:
        """By name or code; `uk` and `usa` by whole name only, for they begin others."""
        counts = {code: self.known.counts.get(("country", code.lower()), 0) for code in country_codes(typed)}
        if not pieces(typed):
            counts = {value.upper(): n for (facet, value), n in self.known.counts.items() if facet == "country"}
        return [(f"country:{code.lower()}", country_names().get(code, code), "country", n)
                for code, n in sorted(counts.items(), key=lambda c: (-c[1], c[0])) if n]  # fmt: skip

    def dates(self, field: str, typed: str) -> _Found:
        """Words, the typed date itself, days that something came in on, years and months: each with its photos."""
        typed = " ".join(typed.lower().split())
        found: _Found = []
        words = () if field == "perhaps" else SPOKEN if typed else SPOKEN[:2]
        for word in (w for w in words if w.startswith(typed)):
            n = self.count(field, word)
            if n or typed or field == "added":
                found.append((typed_as(field, word), word, field, n))
        if field == "added":
            listed = [(day, day, n) for day, n in self.known.once("added", self.runs)]
        else:
            listed = self.known.once(field, lambda: self.years_and_months(field))
        listed = [d for d in listed if d[0].startswith(typed) or d[1].lower().startswith(typed)]
        if typed and not any(typed == value for value, _, _ in listed) and not found and days(typed, self.today):
            found.append((typed_as(field, typed), "these days", field, self.count(field, typed)))
        return found + [(f"{field}:{value}", label, field, n) for value, label, n in listed]

    def anything(self, typed: str) -> _Found:
        """Without a field: fields that begin so, then whatever is called so, then dates."""
        word = typed.strip().lower()
        if not word:
            return []
        found: _Found = [(f"{f}:", what, "field", None) for f, what in FIELDS.items() if f.startswith(word)]
        if word in ALONE:
            found.append((f"{word}:", f"any {word}", "field", None))
        named: _Found = []
        for field in ("unit", "agency", "by", "place"):
            named += self.names(field, typed)[:5]
        dated = self.dates("date", typed)[:4] if len(word) > 2 else []
        return found[:3] + sorted(named, key=lambda f: -(f[3] or 0))[: MOST - 3 - len(dated)] + dated

    def words(self, field: str) -> list[tuple[str, int | None]]:
        """The words that a field knows."""
        counts = self.known.counts
        if field == "is":
            pictures = counts.get(("has", "picture"), 0)
            sure = {"picture": pictures, "caption": counts.get(("", "photos"), 0) - pictures}
            return [(word, sure.get(word, self.count(field, word))) for word in IS]
        if field == "flag":
            return sorted((value, n) for (facet, value), n in counts.items() if facet == "flag")
        known = {"has": HAS, "standing": STANDINGS}[field]
        return [(word, counts[field, word] if (field, word) in counts else self.count(field, word)) for word in known]

    def count(self, field: str, value: str) -> int | None:
        """Photos that a term finds; None where they are too many to be counted while somebody types."""

        def counted() -> int | None:
            query = parse_query(typed_as(field, value), today=self.today)
            plan = plan_query(self.conn, query, self.known)
            if plan.nothing or not query:
                return 0
            source, values, _ = plan.source()
            sql = f"SELECT count(*) FROM (SELECT 1 FROM {source} LIMIT ?)"
            n: int = self.conn.execute(sql, [*values, _COUNTED + 1]).fetchone()[0]
            return n if n <= _COUNTED else None

        return self.known.once(f"{self.today} {field}:{value}", counted)

    def listed(self, field: str) -> list[str]:
        """Names of pools or kinds of restrictions, most pictured first."""
        return [name for (name,) in self.conn.execute(_LISTS[field])]

    def runs(self) -> list[tuple[str, int | None]]:
        """The latest days on which something new came in."""
        rows = self.conn.execute(
            "SELECT DISTINCT substr(started, 1, 10) FROM accessions WHERE new > 0 ORDER BY started DESC LIMIT 30"
        )
        return [(day, self.count("added", day)) for (day,) in rows.fetchall()]

    def years_and_months(self, field: str) -> list[tuple[str, str, int | None]]:
        """(EDTF, in words, photos), the latest first, years before months."""
        found: list[tuple[str, str, int | None]] = []
        for value in sorted((v for f, v in self.known.counts if f in ("year", "month")), key=lambda v: (-len(v), v)):
            within = interval(value)
            n = self.known.counts.get(("year" if len(value) == 4 else "month", value), 0)
            if field == "perhaps" and within:
                n = sum(p for pair, p in self.known.partial_dates.items() if is_apart(pair, within))
            label = f"{calendar.month_name[int(value[5:])]} {value[:4]}" if len(value) == 7 else value
            if n:
                found.append((value, label, n))
        return found[::-1]
