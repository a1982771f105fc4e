"""A Query → what SQLite is asked: one full-text expression, one range of the desk's order, a few conditions.

All text that a person typed is quoted here for full-text search, word by word, and each word is asked for twice:
as it stands (the tokenizer takes off case and accents) and in plain Latin letters, as `photos.words` holds it.
"""

from __future__ import annotations

import datetime as dt
import re
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from archive.authority import Authorities, load
from archive.edtf import Interval
from archive.folding import readings
from archive.known import Known
from archive.names import Named, pieces
from archive.query import Query, Term

#: Bits of `photos.slot` below the day.
DAY_BITS = 20
#: Slots below this day belong to pictures without a date.
_UNDATED_BELOW = 600_000
#: The last slot that there can be.
HIGHEST = ((dt.date.max.toordinal() + 1) << DAY_BITS) - 1
#: Every photo has one of these two.
_EVERY = ("xpicture", "xcaption")
#: Words that look like one of our exact tokens have to be kept out of their column.
_TOKEN = re.compile(r"(?:[uprl]|a[odh]?)\d+\Z|c[a-z]{2}\Z|[fsx][a-z]+\Z")
_WORD = re.compile(r"[^\W_]")
#: A name that fits more than this many says too little; the most pictured are asked.
_MOST_NAMES = 1000

#: Letter of the exact token for each field that names something, and the kind it is looked up as.
LETTERS = {"unit": ("u", "unit"), "agency": ("a", "agency"), "origin": ("ao", "agency"), "via": ("ad", "agency"),
           "provider": ("ah", "agency"), "by": ("p", "photographer")}  # fmt: skip
#: How the conditions begin that only a date sets.
_DATED = ("p.taken_from >= ", "p.taken_to <= ")
_MARKS = {"has:conflict": "xconflict", "has:picture": "xpicture", "has:partial-date": "xpartial",
          "has:restriction": "xrestricted",
          "is:picture": "xpicture", "is:caption": "xcaption", "is:pool": "xpool"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked of the database. Hashable: equal plans have equal answers in one state of the archive."""

    #: For `photo_search MATCH ?`; None where no word or token is asked.
    match: str | None = None
    #: First and last slot.
    low: int = 0
    high: int = HIGHEST
    #: Conditions on `photos AS p`, with their values.
    conditions: tuple[str, ...] = ()
    values: tuple[int | str, ...] = ()
    #: True where nothing can match (a name that nobody has).
    nothing: bool = False
    #: The days asked for, where pictures known only by a partial date are offered apart.
    days: Interval | None = None
    hints: tuple[str, ...] = ()

    @property
    def only_days(self) -> bool:
        """Whether it asks for some days and nothing else."""
        return self.days is not None and self.match is None and all(c.startswith(_DATED) for c in self.conditions)

    @property
    def all(self) -> bool:
        """Whether it asks for every photo."""
        return self.match is None and not self.conditions and not self.nothing and (
            self.low == 0 and self.high == HIGHEST)  # fmt: skip

    def source(self, *, photos: bool = False) -> tuple[str, list[int | str], str]:
        """(FROM ... WHERE ..., its values, name of the slot in it). With `photos`, `p` is there in any case."""
        values: list[int | str] = []
        if self.match is None:
            sql, slot = "photos p WHERE ", "p.slot"
        elif photos or self.conditions:
            sql = "photo_search f CROSS JOIN photos p ON p.slot = f.rowid WHERE f.photo_search MATCH ? AND "
            slot = "f.rowid"
            values.append(self.match)
        else:
            sql, slot = "photo_search f WHERE f.photo_search MATCH ? AND ", "f.rowid"
            values.append(self.match)
        sql += " AND ".join([f"{slot} BETWEEN ? AND ?", *self.conditions])
        return sql, [*values, self.low, self.high, *self.values], slot


class _Planner:
    """Collects what the terms ask."""

    def __init__(self, conn: sqlite3.Connection, known: Known) -> None:
        self.conn, self.names, self.partial = conn, known.names, known.partial_dates
        self.yes: list[str] = []
        self.no: list[str] = []
        self.low, self.high = 0, HIGHEST
        self.conditions: list[str] = []
        self.values: list[int | str] = []
        self.nothing = False
        self.days: Interval | None = None
        self.offers_apart = True
        self.hints: list[str] = []

    def term(self, term: Term) -> None:
        if term.field == "":
            self.want(text_expression(term.value, phrase=term.phrase), term)
        elif term.days is not None:
            {"date": self.date, "perhaps": self.perhaps, "added": self.added}[term.field](term, term.days)
        elif term.field in LETTERS:
            letter, kind = LETTERS[term.field]
            found = self.names.look_up(kind, term.value)
            self.named(term, [(letter, n) for n in found])
        elif term.field in ("place", "region"):
            letters = "lr" if term.field == "place" else "r"
            found = self.names.look_up("place", term.value)
            self.named(term, [(letter, n) for n in found for letter in letters])
        elif term.field == "country":
            self.country(term)
        elif term.field == "pool":
            exprs = [token("xpool"), *([text_expression(term.value)] if term.value else [])]
            self.want(" AND ".join(exprs), term)
        elif term.field == "restriction":
            self.restriction(term)
        else:
            self.mark(term)

    def want(self, expression: str, term: Term) -> None:
        if expression:
            (self.no if term.negated else self.yes).append(f"({expression})")

    def named(self, term: Term, found: list[tuple[str, Named]]) -> None:
        if len(found) > _MOST_NAMES:
            self.hints.append(
                f"{term.field}:{term.value} fits {len(found):,} names; the {_MOST_NAMES} most pictured are shown."
            )
        if found:
            self.want(tokens(f"{letter}{named.id}" for letter, named in found[:_MOST_NAMES]), term)
            return
        what = LETTERS[term.field][1] if term.field in LETTERS else term.field
        self.hints.append(f"No {what} here is called {term.value}; looking for the words.")
        self.want(text_expression(term.value, phrase=False), term)

    def country(self, term: Term) -> None:
        codes = country_codes(term.value)
        if codes:
            self.want(tokens("c" + code.lower() for code in codes), term)
        else:
            self.hints.append(f"No country is called {term.value}.")
            self.nothing |= not term.negated

    def mark(self, term: Term) -> None:
        value = "".join(pieces(term.value))
        key = f"{term.field}:{term.value.lower()}"
        if key == "has:date":
            self.want(token("xundated"), Term("", "", not term.negated))
        elif key == "is:undated":
            self.want(tokens(["xundated", "fundated"]), term)
        elif key in _MARKS:
            self.want(token(_MARKS[key]), term)
        elif key in ("is:file", "is:released", "is:handout", "is:courtesy"):
            self.want(tokens([f"x{value}", f"f{value}"]), term)
        elif value:
            self.want(token(("s" if term.field == "standing" else "f") + value), term)

    def restriction(self, term: Term) -> None:
        if not (term.value and term.negated):
            self.want(token("xrestricted"), term)
        if not term.value:
            return
        words = "".join(f"%{piece}" for piece in term.value.replace("%", " ").replace("_", " ").split()) + "%"
        self.conditions.append(
            ("NOT " if term.negated else "")
            + "EXISTS (SELECT 1 FROM restrictions r WHERE r.photo = p.id AND (r.kind LIKE ? OR r.verbatim LIKE ?))"
        )
        self.values += [words.lstrip("%"), words]

    def date(self, term: Term, days: Interval) -> None:
        if days.last == 0:
            self.want(token("xundated"), term)
            return
        if term.negated:
            self.conditions.append("(p.taken_from IS NULL OR p.taken_from < ? OR p.taken_to > ?)")
            self.values += [days.first, days.last]
            return
        self.within(days)
        both = self.days and Interval(max(self.days.first, days.first), min(self.days.last, days.last))
        self.days = both or days
        if days.first < _UNDATED_BELOW:
            self.conditions.append(f"{_DATED[0]}{days.first:d}")
        if any(days.first <= first <= days.last < last for first, last in self.partial):
            self.conditions.append(f"{_DATED[1]}{days.last:d}")

    def within(self, days: Interval) -> None:
        self.low = max(self.low, days.first << DAY_BITS)
        self.high = min(self.high, ((days.last + 1) << DAY_BITS) - 1)

    def perhaps(self, term: Term, days: Interval) -> None:
        """Overlapping, and not within: these the days asked for may hold, or not."""
        overlap = "p.taken_from < p.taken_to AND p.taken_from <= ? AND p.taken_to >= ?"
        apart = f"({overlap} AND NOT (p.taken_from >= ? AND p.taken_to <= ?))"
        self.values += [days.last, days.first, days.first, days.last]
        if term.negated:
            self.conditions.append(f"NOT coalesce({apart}, 0)")
            return
        self.conditions.append(apart)
        pairs = [p for p in self.partial if is_apart(p, days)]
        self.want(token("xpartial"), term)
        self.nothing |= not pairs
        self.offers_apart = False
        if pairs:
            self.low = max(self.low, min(pairs)[0] << DAY_BITS)
            self.high = min(self.high, ((max(pairs)[0] + 1) << DAY_BITS) - 1)

    def added(self, term: Term, days: Interval) -> None:
        """Photos are numbered as they come in, so the runs of some days hold a range of numbers."""
        first, last = (dt.date.fromordinal(max(d, 1)).isoformat() for d in days)
        runs = [r for (r,) in self.conn.execute(
            "SELECT id FROM accessions WHERE substr(started, 1, 10) BETWEEN ? AND ?", (first, last))]  # fmt: skip
        if not runs:
            self.nothing |= not term.negated
            return
        low, high = _first_photo(self.conn, min(runs)), _first_photo(self.conn, max(runs) + 1) - 1
        self.conditions.append(f"p.id {'NOT ' if term.negated else ''}BETWEEN ? AND ?")
        self.values += [low, high]

    def plan(self) -> Plan:
        yes = self.yes
        if self.no and not yes:
            yes = [tokens(_EVERY)]
        match = " AND ".join(yes) or None
        if match and self.no:
            match = f"({match}) NOT ({' OR '.join(self.no)})"
        nothing = self.nothing or self.low > self.high
        days = self.days if self.offers_apart else None
        return Plan(match, self.low, self.high, tuple(self.conditions), tuple(self.values), nothing, days,
                    tuple(self.hints))  # fmt: skip


def plan_query(conn: sqlite3.Connection, query: Query, known: Known) -> Plan:
    """What a query asks of this archive. Raises nothing for any query."""
    planner = _Planner(conn, known)
    for term in query.terms:
        if term.understood:
            planner.term(term)
    return planner.plan()


def apart_plan(plan: Plan, known: Known) -> Plan | None:
    """The same question for pictures whose partial date overlaps the days asked for without lying in them.

    None where no such picture is in the archive.
    """
    days = plan.days
    if days is None or plan.nothing:
        return None
    pairs = [p for p in known.partial_dates if is_apart(p, days)]
    if not pairs:
        return None
    low, high = min(pairs)[0] << DAY_BITS, ((max(pairs)[0] + 1) << DAY_BITS) - 1
    match = token("xpartial") if plan.match is None else f"({plan.match}) AND {token('xpartial')}"
    kept = [condition for condition in plan.conditions if not condition.startswith(_DATED)]
    kept.append("p.taken_from <= ? AND p.taken_to >= ? AND NOT (p.taken_from >= ? AND p.taken_to <= ?)")
    return Plan(match, low, high, tuple(kept), (*plan.values, days.last, days.first, days.first, days.last))


def is_apart(pair: tuple[int, int], days: Interval) -> bool:
    """Whether a partial date overlaps some days without lying in them."""
    first, last = pair
    return first <= days.last and last >= days.first and not (days.first <= first and last <= days.last)


def _first_photo(conn: sqlite3.Connection, run: int) -> int:
    """The lowest photo number of this run or a later one, by halving: numbers rise with the runs."""
    low, high = 1, (conn.execute("SELECT max(id) FROM photos").fetchone()[0] or 0) + 1
    while low < high:
        middle = (low + high) // 2
        at = conn.execute("SELECT id, added FROM photos WHERE id >= ? ORDER BY id LIMIT 1", (middle,)).fetchone()
        if at is None or at[1] >= run:
            high = middle
        else:
            low = at[0] + 1
    return low


def token(name: str) -> str:
    """One exact token, in its own column."""
    return f'terms : "{name}"'


def tokens(names: Iterable[str]) -> str:
    """Any of these tokens."""
    return "terms : (" + " OR ".join(f'"{n}"' for n in dict.fromkeys(names)) + ")"


def text_expression(text: str, *, phrase: bool = False) -> str:
    """Typed text for full-text search: all its words, or the phrase; "" where it has no word.

    A word of several pieces (`F-16`, `U.S.`, `O'Brien`) is a phrase of them. `bobyl*` asks for beginnings.
    """
    parts = [text] if phrase else text.split()
    return " AND ".join(e for e in map(_either, parts) if e)


def _either(text: str) -> str:
    found: dict[str, None] = {}
    for reading in (text, *readings(text)):
        words = reading.replace('"', " ").replace("\0", " ")
        if not _WORD.search(words):
            continue
        start = "*" if re.search(r"(?<![^\W_])[^\W_]{3,}\*\Z", words) else ""
        quoted = f'"{words}"{start}'
        is_token = _TOKEN.match(words.lower().strip("*")) is not None or start
        found["{caption words} : " + quoted if is_token else quoted] = None
    return f"({' OR '.join(found)})" if len(found) > 1 else "".join(found)


def country_codes(typed: str) -> list[str]:
    """ISO 3166-1 codes of a country's code or name, in any language that the authority file has; `uk` and `usa` too.

    A name may be left unfinished.
    """
    wanted = pieces(typed)
    if not wanted:
        return []
    code, countries = typed.strip().upper(), country_names()
    if code in countries:
        return [code]
    whole = [entry.id for entry in _countries().find("countries", typed) if entry.id in countries]
    if whole:
        return whole
    names = {code: pieces(name) for code, name in countries.items()}
    return [c for c, name in names.items() if all(any(w.startswith(p) for w in name) for p in wanted)]


@lru_cache(maxsize=1)
def country_names() -> dict[str, str]:
    """Names of countries by their ISO 3166-1 alpha-2 codes, as captions print them."""
    return {entry.id: entry.name for entry in _countries().entries("countries") if len(entry.id) == 2}


@lru_cache(maxsize=1)
def _countries() -> Authorities:
    return load()
