"""The desk's words → a `Query`. Pure: no database, and whatever is typed gives an answer, never an error.

    query := term*
    term  := ["-"] (field ":" value | word | '"' phrase '"')
    value := '"' anything but a quote '"' | characters without space or quote

A term with `-` before it must not hold; all others must. `str(query)` gives text that is read back as the same
query, so chips and the address bar are made of terms. What was not understood stays in its place as a term that
asks nothing (`understood` is false) and is explained in `hints`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from archive.dates import FORMS, IN_WORDS, UNKNOWN, days
from archive.edtf import Interval

#: Every field, with what its value is, for hints, suggestions and the docs. "" is words in the text.
FIELDS: dict[str, str] = {
    "unit": "a unit's name, number or key; its parent finds it too",
    "date": "the day, month or year of the picture",
    "perhaps": "like date, but the pictures whose date is known too roughly to say",
    "agency": "an agency anywhere in the credit",
    "origin": "the agency that the picture comes from",
    "via": "the agency that delivers it",
    "provider": "who handed the picture out",
    "by": "the photographer",
    "place": "a city, village, base or region",
    "region": "an oblast, state, province, county or sea",
    "country": "a country's name or its two letters",
    "pool": "a pool's name; alone, any pool",
    "flag": "what the credit says: handout, file, pool, courtesy, undated",
    "has": "what is there: conflict, picture, date, partial-date, restriction",
    "is": "what it is: picture, caption, file, released, pool, handout, courtesy, undated",
    "standing": "how sure its values are: exact, variant, inferred, ambiguous, unknown",
    "added": "the day it came into the archive",
    "restriction": "a restriction that caption or instructions print: embargo, no-archives, unread ...",
}
#: Fields whose value is a stretch of days.
DATES = frozenset({"date", "perhaps", "added"})
#: Fields that mean something without a value.
ALONE = frozenset({"pool", "restriction"})
#: Other names that people type for a field.
ALSO = {"photographer": "by", "taken": "date", "credit": "agency", "in": "place"}
#: What `has:` and `is:` may ask. `is:` also takes every flag; these are the words that are not one.
HAS = ("conflict", "picture", "date", "partial-date", "restriction")
IS = ("picture", "caption", "file", "released", "pool", "handout", "courtesy", "undated")
STANDINGS = ("exact", "variant", "inferred", "ambiguous", "unknown")

#: No search that a person types is longer; what is beyond is left out with a hint.
MOST_CHARACTERS = 4000
MOST_TERMS = 40

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"') | {"\0": " "})
_TERM = re.compile(r'(?P<no>-?)(?:(?P<field>[^\W\d_]+):)?(?:"(?P<quoted>[^"]*)(?:"|\Z)|(?P<plain>[^\s"]*))')
_WORD = re.compile(r"\w")
_SPACE = re.compile(r"\s")
#: No text that SQLite could hold has these: a byte that was no UTF-8 comes in as one.
_SURROGATES = re.compile("[\ud800-\udfff]")


def typed(field: str, value: str) -> str:
    """A field and its value as they would be typed."""
    return f'{field}:"{value}"' if _SPACE.search(value) else f"{field}:{value}"


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that is asked: a chip."""

    #: One of `FIELDS`; "" for words of the text.
    field: str
    #: As typed, without quotes and outer space.
    value: str
    negated: bool = False
    #: An exact phrase. Only for words of the text.
    phrase: bool = False
    #: The days that a date field asks for, as proleptic ordinals, both ends included; (0, 0) for an unknown date.
    days: Interval | None = None
    #: False where it asks nothing, because its value could not be understood.
    understood: bool = True

    def __str__(self) -> str:
        """The term as it would be typed."""
        value = self.value
        if self.field:
            return f"{'-' * self.negated}{typed(self.field, value)}"
        return f"{'-' * self.negated}" + (f'"{value}"' if self.phrase else value)


@dataclass(frozen=True, slots=True)
class Query:
    """What was asked, term by term, in the order it was typed."""

    terms: tuple[Term, ...] = ()
    #: One sentence for each thing that was not understood or was left out.
    hints: tuple[str, ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        """Text that `parse_query` reads back as this query."""
        return " ".join(map(str, self.terms))

    def __bool__(self) -> bool:
        """Whether it asks anything."""
        return any(term.understood for term in self.terms)

    def without(self, term: Term) -> Query:
        """This query less one term (a chip's ×)."""
        return replace(self, terms=tuple(t for t in self.terms if t != term), hints=())

    def adding(self, term: Term) -> Query:
        """This query and one more term (a facet's link)."""
        return self if term in self.terms else replace(self, terms=(*self.terms, term), hints=())


def parse_query(text: str, *, today: dt.date | None = None) -> Query:
    """Read what was typed. `today` settles `today` and `last week`; left out, it is the machine's day.

    >>> str(parse_query('unit:155   -agency:tass “Kursk region”'))
    'unit:155 -agency:tass "Kursk region"'
    """
    today = today or dt.date.today()
    hints: dict[str, None] = {}
    if len(text) > MOST_CHARACTERS:
        hints[f"The search is longer than {MOST_CHARACTERS:,} characters: the rest is left out."] = None
        text = text[:MOST_CHARACTERS]
    terms: dict[Term, None] = {}
    for term, hint in _terms(_SURROGATES.sub(" ", text).translate(_QUOTES), today):
        if hint:
            hints[hint] = None
        if term is None:
            continue
        if len(terms) == MOST_TERMS:
            hints[f"More than {MOST_TERMS} terms: the rest is left out."] = None
            break
        terms[term] = None
    return Query(tuple(terms), tuple(hints))


def _terms(text: str, today: dt.date) -> Iterator[tuple[Term | None, str | None]]:
    at = 0
    while True:
        while at < len(text) and text[at].isspace():
            at += 1
        if at == len(text):
            return
        matched = _TERM.match(text, at)
        assert matched is not None  # every part of the pattern may be empty
        name, negated = (matched["field"] or "").lower(), bool(matched["no"])
        name = ALSO.get(name, name)
        value = matched["quoted"]
        end = matched.end()
        if name in DATES and value is None and (spoken := IN_WORDS.match(text, matched.start("plain"))):
            value, end = spoken[0], spoken.end()
        at = max(end, at + 1)
        if name in FIELDS:
            yield _asked(name, " ".join((matched["plain"] if value is None else value).split()), negated, today)
        else:
            yield _words(matched, negated)


def _words(matched: re.Match[str], negated: bool) -> tuple[Term | None, str | None]:
    prefix = f"{matched['field']}:" if matched["field"] else ""
    phrase = matched["quoted"] is not None
    value = prefix + " ".join((matched["quoted"] if phrase else matched["plain"]).split())
    if not _WORD.search(value):
        return None, f"There is nothing to look for in {matched[0].strip()[:40]}" if matched[0].strip('" ') else None
    if not phrase and not prefix and value in ("AND", "OR", "NOT"):
        return None, {
            "AND": "AND is not needed: everything that is typed must be there.",
            "OR": "OR is not known here: everything that is typed must be there.",
            "NOT": "To leave something out, put - before it: -handout.",
        }[value]
    hint = f"{prefix} is no field; looking for the words. Fields: {', '.join(FIELDS)}." if prefix else None
    return Term("", value, negated, phrase or bool(prefix and " " in value)), hint


def _asked(name: str, value: str, negated: bool, today: dt.date) -> tuple[Term | None, str | None]:
    if not value and name not in ALONE:
        return None, f"{name}: waits for a value: {FIELDS[name]}."
    if name in DATES:
        asked = days(value, today)
        if asked == UNKNOWN and name != "date":
            asked = None
        hint = None if asked else f"{name}:{value} is no date that is known here. {FORMS}"
        return Term(name, value, negated, days=asked, understood=asked is not None), hint
    known = {"has": HAS, "is": IS, "standing": STANDINGS}.get(name)
    if known and value.lower() not in known:
        hint = f"{name}:{value} is not known. After {name}: may stand {', '.join(known)}."
        return Term(name, value, negated, understood=False), hint
    if value and not _WORD.search(value):
        return Term(name, value, negated, understood=False), f"There is nothing to look for in {name}:{value[:40]}"
    return Term(name, value, negated), None
