"""All that is stated of one photo, and what the desk decided, to the values that count now. Pure.

The caption speaks first, then the tags, the desk over both. A tag's day settles a caption that names only its
month or leaves out the year; GPS gives coordinates where the caption's place has none. Nothing is averaged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from archive.edtf import interval, is_full_day
from archive.folding import fold, readings
from archive.records import SourceText, Statement

#: Dates come back by the thousand: one look at each. (`interval` is pure.)
_days = lru_cache(1 << 16)(interval)
#: What a correction may touch: the properties that have an effective value.
PROPERTIES = frozenset(
    {"unit", "location_created", "date_created", "creator", "agency", "pool", "flag", "credit_line", "restriction",
     "headline", "job_id"}
)
#: Of these a photo can have several.
PLURAL = frozenset({"unit", "creator", "agency", "flag", "restriction", "job_id"})
_SURE = {"exact": 0, "variant": 1, "inferred": 2, "unknown": 3, "ambiguous": 4}
_WORD = re.compile(r"[^\W_]+")
_DELIVERY = {"distributor": 1}


class PlaceValue(NamedTuple):
    """A row of `places`: a settlement or site, or a region."""

    key: str
    name: str
    kind: str
    region: str | None = None
    country: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    geonames: int | None = None
    authority: str | None = None


class UnitValue(NamedTuple):
    """A unit as this photo names it."""

    key: str
    #: Its own name; `printed` is what the caption calls it, which is what the photo's row shows.
    name: str
    printed: str
    standing: str
    authority: str | None = None
    number: str | None = None
    echelon: str | None = None
    arm: str | None = None
    country: str | None = None
    #: Printed text of the larger formation it is part of, where the caption says so.
    within: str | None = None


class AgencyValue(NamedTuple):
    """One organisation of the credit, from origin to distributor."""

    key: str
    name: str
    role: str
    authority: str | None = None


class Restriction(NamedTuple):
    """What the picture may not be used for, and until when (EDTF) if it says."""

    kind: str
    until: str | None
    verbatim: str
    source: str


class Decision(NamedTuple):
    """A live correction: `set` puts `new` for `old` (for all where `old` is None), `wrong` takes a value away,
    `confirm` makes it exact. `new` holds mappings {value, role, detail} as `archive.corrections` stores them."""

    property: str
    action: str
    old: str | None
    new: tuple[Mapping[str, object], ...] = ()


class Summary(NamedTuple):
    """The values that count, ready for the row of `photos` and its `photo_*` rows."""

    taken: str | None
    taken_from: int | None
    taken_to: int | None
    taken_role: str | None
    taken_standing: str | None
    location: str | None
    place: PlaceValue | None
    region: PlaceValue | None
    country: str | None
    latitude: float | None
    longitude: float | None
    units: tuple[UnitValue, ...]
    photographers: tuple[str, ...]
    agencies: tuple[AgencyValue, ...]
    credit_line: str | None
    pool: str | None
    flags: tuple[str, ...]
    standing: str | None
    headline: str | None
    restrictions: tuple[Restriction, ...]
    #: Searched beside the caption: headline, keywords, names that the caption does not print, and every word that
    #: has letters outside ASCII once more in plain Latin ones. A search puts `folding.latin` of its words.
    words: str


def summarise(
    statements: Sequence[Statement],
    texts: Sequence[SourceText],
    caption: int | None,
    decisions: Iterable[Decision] = (),
) -> Summary:
    """In: statements of the current texts (`Statement.text` and `caption` index `texts`), the desk's live decisions
    in the order they were made. Raises nothing."""
    return summary_of(choose(statements, caption, decisions), texts[caption].text if caption is not None else "")


def choose(
    statements: Sequence[Statement], caption: int | None, decisions: Iterable[Decision] = ()
) -> dict[str, list[Statement]]:
    """The statements that count, by property: precedence first, then the desk. Takes what `summarise` takes."""
    chosen = _choose(statements, caption)
    for decision in decisions:
        chosen[decision.property] = _decide(chosen.get(decision.property, []), decision)
    return chosen


def summary_of(chosen: Mapping[str, Sequence[Statement]], caption: str) -> Summary:
    """The values that these statements (of `choose`) give a photo with this caption."""
    date = next(iter(chosen.get("date_created", ())), None)
    days = _days(date.value) if date else None
    where = next(iter(chosen.get("location_created", ())), None)
    detail: Mapping[str, object] = where.detail if where else {}
    place, region = _places(detail)
    country = _text(detail.get("country"))
    units = tuple({s.value: _unit(s) for s in reversed(chosen.get("unit", ()))}.values())[::-1]
    agencies: dict[str, AgencyValue] = {}
    for s in sorted(chosen.get("agency", ()), key=lambda s: _DELIVERY.get(s.role or "", 0)):
        if s.role != "pool":
            name = _text(s.detail.get("name")) or s.verbatim
            agencies.setdefault(s.value, AgencyValue(s.value, name, s.role or "origin", s.authority))
    photographers = tuple(dict.fromkeys(s.value for s in chosen.get("creator", ())))
    credit_line = next((s.value for s in chosen.get("credit_line", ())), None)
    pool = next((s.value for s in chosen.get("pool", ())), None)
    flags = tuple(dict.fromkeys(s.value for s in chosen.get("flag", ())))
    headline = next((s.value for s in chosen.get("headline", ())), None)
    restrictions = tuple(
        dict.fromkeys(
            Restriction(s.value, _text(s.detail.get("until")), s.verbatim, s.source)
            for s in chosen.get("restriction", ())
        )
    )
    shown = [date, where, *chosen.get("unit", ()), *chosen.get("creator", ()), *chosen.get("agency", ())]
    standing = max((s.standing for s in shown if s), key=_SURE.__getitem__, default=None)
    latitude, longitude = _number(detail.get("latitude")), _number(detail.get("longitude"))
    if latitude is None or longitude is None:
        latitude, longitude = _coordinates(chosen)
    names = [name for u in units for name in (u.printed, u.name)]
    names += [*photographers, *(a.name for a in agencies.values())]
    names += [p.name for p in (place, region) if p] + [v for v in (credit_line, pool) if v]
    keywords = [s.value for s in chosen.get("keyword", ())]
    return Summary(
        taken=date.value if date else None,
        taken_from=days.first if days else None,
        taken_to=days.last if days else None,
        taken_role=(date.role or "taken") if date else None,
        taken_standing=date.standing if date else None,
        location=where.value if where else None,
        place=place,
        region=region,
        country=country.upper() if country else None,
        latitude=latitude,
        longitude=longitude,
        units=units,
        photographers=photographers,
        agencies=tuple(agencies.values()),
        credit_line=credit_line,
        pool=pool,
        flags=flags,
        standing=standing,
        headline=headline,
        restrictions=restrictions,
        words=_words(caption, [v for v in (headline, *keywords) if v], names),
    )


def _choose(statements: Sequence[Statement], caption: int | None) -> dict[str, list[Statement]]:
    said: dict[str, list[Statement]] = {}
    tagged: dict[str, list[Statement]] = {}
    for s in statements:
        if s.rank == 0:
            (said if s.text is not None and s.text == caption else tagged).setdefault(s.property, []).append(s)
    chosen = tagged | said
    for prop in ("flag", "restriction"):
        if prop in said and prop in tagged:
            chosen[prop] = said[prop] + tagged[prop]
    if "date_created" in chosen:
        chosen["date_created"] = [_date(said.get("date_created", []), tagged.get("date_created", []))]
    if "location_created" in chosen:
        locations = chosen["location_created"]
        chosen["location_created"] = [next((s for s in locations if s.role in (None, "created")), locations[0])]
    return chosen


def _date(said: list[Statement], tagged: list[Statement]) -> Statement:
    """The first date taken, else the first; a tag's full day where the caption's partial date allows it."""
    every = said or tagged
    first = next((s for s in every if s.role in (None, "taken")), every[0])
    if said and first.role in (None, "taken") and not is_full_day(first.value):
        for tag in tagged:
            if is_full_day(tag.value) and within(tag.value, first.value):
                return tag
    return first


def within(day: str, date: str) -> bool:
    """Whether a full day is one that a partial date (of any year, for `XXXX-04-17`) can mean."""
    if date.startswith("XXXX"):
        return day[4:].startswith(date[4:])
    inner, outer = interval(day), interval(date)
    return inner is not None and outer is not None and outer.first <= inner.first and inner.last <= outer.last


def _decide(values: list[Statement], decision: Decision) -> list[Statement]:
    def meant(s: Statement) -> bool:
        return decision.old is None or decision.old in (s.value, s.verbatim, s.detail.get("name"))

    match decision.action:
        case "wrong":
            return [s for s in values if not meant(s)]
        case "confirm":
            return [_confirmed(s) if meant(s) else s for s in values]
        case _:
            new = [_desk(decision.property, entry) for entry in decision.new]
            if decision.old is None:
                return new
            at = next((i for i, s in enumerate(values) if meant(s)), len(values))
            return values[:at] + new + [s for s in values[at:] if not meant(s)]


def _confirmed(s: Statement) -> Statement:
    return Statement(s.property, s.value, s.verbatim, s.source, s.rule, "exact", s.text, s.span, s.authority, s.role,
                     s.rank, s.detail)  # fmt: skip


def _desk(prop: str, entry: Mapping[str, object]) -> Statement:
    value = str(entry["value"])
    detail = entry.get("detail")
    return Statement(prop, value, value, "desk", "desk", authority=_text(entry.get("authority")),
                     role=_text(entry.get("role")), detail=detail if isinstance(detail, Mapping) else {})  # fmt: skip


def _unit(s: Statement) -> UnitValue:
    d = s.detail
    name = _text(d.get("name")) or s.verbatim
    printed = name if s.source == "desk" else s.verbatim
    return UnitValue(s.value, name, printed, s.standing, s.authority, _text(d.get("number")),
                     _text(d.get("echelon")), _text(d.get("arm")), _text(d.get("nation")),
                     _text(d.get("within")))  # fmt: skip


def _places(detail: Mapping[str, object]) -> tuple[PlaceValue | None, PlaceValue | None]:
    place, region, country = (_text(detail.get(k)) for k in ("place", "region", "country"))
    at = _number(detail.get("latitude")), _number(detail.get("longitude"))
    geonames = detail.get("geonames")
    inner = outer = None
    if region:
        key = _text(detail.get("region_key")) or f"{(country or '').lower()}/{fold(region)}"
        outer = PlaceValue(key, region, "region", None, country, *(at if not place else (None, None)))
    if place:
        key = _text(detail.get("place_key")) or "/".join(fold(part) for part in (country, region, place) if part)
        inner = PlaceValue(key, place, "place", region, country, *at, geonames if isinstance(geonames, int) else None)
    return inner, outer


def _coordinates(chosen: Mapping[str, Sequence[Statement]]) -> tuple[float | None, float | None]:
    for s in chosen.get("gps", ()):
        latitude, longitude = _number(s.detail.get("latitude")), _number(s.detail.get("longitude"))
        if latitude is not None and longitude is not None:
            return latitude, longitude
    return None, None


def _words(caption: str, always: list[str], names: list[str]) -> str:
    out = list(dict.fromkeys(always))
    out += [name for name in dict.fromkeys(names) if name not in caption]
    plain: list[str] = []
    for text in (caption, *out):
        if not text.isascii():
            # In the order printed and with repeats, so that a phrase of such words is still a phrase.
            read = [readings(word) for word in _WORD.findall(text) if not word.isascii()]
            plain += [ways[0] for ways in read]
            if any(len(ways) > 1 for ways in read):
                plain += [ways[-1] for ways in read]
    return " ".join([*out, *(word for word in plain if word.isascii())])


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
