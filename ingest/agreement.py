"""The caption held against the tags: what the tags say in the caption's own terms, and where the two disagree.

A disagreement is told only where both cannot be true: another day, country, city, other people, other agencies.
A date that contains the other, "AP" inside "Sputnik → AP", a district of the city are none. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from archive.edtf import interval, is_full_day
from archive.folding import fold, latin
from archive.records import Conflict, SourceText, Span, Statement
from archive.summary import within
from ingest.captions import read_credit

#: The tags that hold a credit, in the order in which they are asked who took the picture and who delivers it.
_CREDITS = ("creator", "credit_line", "source")
#: Credits of one picture that are read; thousands of by-lines would take longer than a file may.
_MOST_CREDITS = 100
_PLACES = ("sublocation", "city", "state", "country")


def credits(statements: Sequence[Statement], texts: Sequence[SourceText]) -> tuple[Statement, ...]:
    """The statements with By-line, Credit and Source read by the caption's credit grammar.

    A by-line that turns out to name people is replaced by them; one that names only an organisation loses (rank 1).
    People in Credit or Source count where the by-line names none. Raises nothing.
    """
    out: list[Statement] = []
    found: dict[str, list[Statement]] = {}
    asked = 0
    for s in statements:
        if s.property not in _CREDITS or s.rank or s.text is None or s.span is None or asked == _MOST_CREDITS:
            out.append(s)
            continue
        asked += 1
        read = _read(s.verbatim)
        if not read:
            out.append(s)
            continue
        moved = [_moved(each, s) for each in read]
        if s.property == "creator":
            people = [each for each in moved if each.property == "creator"]
            out.append(s._replace(rank=1))
            found.setdefault("creator", []).extend(people)
        else:
            out.append(s)
            found.setdefault(f"{s.property} creator", []).extend(e for e in moved if e.property == "creator")
        out += [each for each in moved if each.property in ("agency", "pool", "flag")]
    kept = any(s.property == "creator" and s.rank == 0 for s in out)
    for name in ("creator", "credit_line creator", "source creator"):
        if found.get(name) and not (kept and name != "creator"):
            out += found[name]
            break
    return tuple(out)


@lru_cache(maxsize=4096)
def _read(text: str) -> tuple[Statement, ...]:
    """A credit field's own statements. Cached: one delivery's pictures share a handful of credits."""
    return tuple(s for s in read_credit(text).statements("", 0) if s.property in ("creator", "agency", "pool", "flag"))


def _moved(read: Statement, tag: Statement) -> Statement:
    start = tag.span.start if tag.span else 0
    span = Span(read.span.start + start, read.span.end + start) if read.span else None
    return read._replace(source=tag.source, text=tag.text, span=span)


def location(statements: Sequence[Statement]) -> Statement | None:
    """City, state and country of the tags as one location, on the characters of its most specific one."""
    won = {s.property: s for s in reversed(statements) if s.rank == 0 and s.text is not None and s.value}
    parts = [won[prop] for prop in _PLACES if prop in won]
    if not parts or (len(parts) == 1 and "sublocation" in won):
        return None
    country = _country(won)
    named: dict[str, object] = {"country": country} if country else {}
    if "city" in won:
        named["place"] = won["city"].value
    if "state" in won:
        named["region"] = won["state"].value
    text = ", ".join(dict.fromkeys(s.value for s in parts))
    return parts[0]._replace(property="location_created", value=text, rule="tag-location", role="created", detail=named)


def _country(won: dict[str, Statement]) -> str | None:
    for prop in ("country_code", "country"):
        if prop in won and (code := country_code(won[prop].value)):
            return code
    return None


@lru_cache(maxsize=1024)
def country_code(text: str) -> str | None:
    """ISO 3166-1 alpha-2 of a country's name or code, None where it is none that is known."""
    from archive.authority import load

    found = load().find("countries", text)
    if len(found) == 1:
        return found[0].id.upper()
    return text.upper() if len(text) == 2 and text.isascii() and text.isalpha() else None


def conflicts(
    said: Sequence[Statement], tagged: Sequence[Statement], among_tags: Iterable[Conflict]
) -> tuple[Conflict, ...]:
    """Where caption and tags cannot both be right, and where the tags themselves disagree, one row a property.

    `said` are the caption's statements, `tagged` the tags' after `credits` and with their `location`.
    """
    found = {c.property: c for c in among_tags if not _one_in_the_other(c)}
    for conflict in (_dates(said, tagged), _locations(said, tagged), _people(said, tagged), _agencies(said, tagged)):
        if conflict is not None:
            before = found.get(conflict.property)
            values = conflict.values + (before.values if before else ())
            found[conflict.property] = Conflict(conflict.property, tuple(dict.fromkeys(values)))
    return tuple(found.values())


def _one_in_the_other(conflict: Conflict) -> bool:
    """Two credits or names, one of which holds the other, are no conflict."""
    if conflict.property not in ("creator", "credit_line", "source", "copyright_notice", *_PLACES):
        return False
    first, *others = (fold(value) for _, value in conflict.values)
    return all(other in first or first in other for other in others)


def _of(statements: Sequence[Statement], prop: str) -> list[Statement]:
    return [s for s in statements if s.property == prop and s.rank == 0]


def _pair(prop: str, one: Sequence[Statement], other: Sequence[Statement]) -> Conflict:
    return Conflict(prop, (_told(one), _told(other)))


def _told(statements: Sequence[Statement]) -> tuple[str, str]:
    return statements[0].source, "; ".join(dict.fromkeys(s.value for s in statements))


def _dates(said: Sequence[Statement], tagged: Sequence[Statement]) -> Conflict | None:
    ours = [s for s in _of(said, "date_created") if s.role in (None, "taken")][:1]
    theirs = [s for s in _of(tagged, "date_created") if interval(s.value)][:1]
    if not ours or not theirs:
        return None
    one, other = ours[0].value, theirs[0].value
    if one.startswith("XXXX"):
        return _pair("date_created", ours, theirs) if is_full_day(other) and not within(other, one) else None
    a, b = interval(one), interval(other)
    if a is None or b is None or (a.first <= b.last and b.first <= a.last):
        return None
    return _pair("date_created", ours, theirs)


def _locations(said: Sequence[Statement], tagged: Sequence[Statement]) -> Conflict | None:
    ours = [s for s in _of(said, "location_created") if s.role in (None, "created")][:1]
    theirs = _of(tagged, "location_created")[:1]
    if not ours or not theirs:
        return None
    one, other = ours[0].detail, theirs[0].detail
    if one.get("country") and other.get("country") and one["country"] != other["country"]:
        return _pair("location_created", ours, theirs)
    place, city = one.get("place"), other.get("place")
    if isinstance(place, str) and isinstance(city, str):
        printed, whole, a, b = latin(ours[0].value), latin(theirs[0].value), latin(place), latin(city)
        if b not in printed and a not in whole and a not in b and b not in a:
            return _pair("location_created", ours, theirs)
    return None


def _people(said: Sequence[Statement], tagged: Sequence[Statement]) -> Conflict | None:
    ours, theirs = _of(said, "creator"), _of(tagged, "creator")
    if not ours or not theirs:
        return None
    # A surname in common is enough: by-lines are cut, abbreviated, and written surname first.
    words = [{w for s in each for w in latin(s.value).split() if len(w) > 2} for each in (ours, theirs)]
    return None if words[0] & words[1] or not all(words) else _pair("creator", ours, theirs)


def _agencies(said: Sequence[Statement], tagged: Sequence[Statement]) -> Conflict | None:
    ours, theirs = _of(said, "agency"), _of(tagged, "agency")
    if not ours or not theirs or {s.value for s in ours} & {s.value for s in theirs}:
        return None
    return _pair("agency", ours, theirs)
