"""What a place phrase says: its most specific place, its region, its country, and which homonym is meant.

Homonyms are settled by the rest of the phrase (country, then region), then by population; the losers are kept.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from ingest.captions.gazetteer import Place, lookup
from ingest.captions.lexicon import words

if TYPE_CHECKING:
    from ingest.captions.place_scan import Name
    from ingest.captions.places import Phrase

#: How far in degrees a listed venue may lie from the city that its name begins with.
BESIDE = 0.45
#: More people than this make a city that venues are named for.
CITY = 60_000


def settle(p: Phrase, text: str, nation: str | None = None) -> None:
    """Fill a phrase's place, region, country, point and candidates from its names.

    `nation` (ISO 3166-1 alpha-2) is what the rest of the caption is about; it only breaks a tie.
    """
    _part_of_a_city(p.names)
    _regions_among_settlements(p.names)
    p.country = _country(p.names, nation)
    gone = any(x.kind == "gone" for x in p.names)
    if gone:
        p.country = None
    p.place = _place(p.names, p.country, text)
    if p.country is None and not gone and p.place is not None and p.place.places:
        p.country = p.place.places[0].country  # Kismayu Airport
    p.region = next((x for x in p.names if x.kind in ("region", "sea") and not _is_feature(x)), None) or next(
        (x for n, x in enumerate(p.names) if x.kind == "minor" and text[x.start : x.end].endswith("district")
         and not (n and x.link == "poss" and p.names[n - 1].kind == "settlement")
         and not any(y.kind == "settlement" and y.link not in ("near", "away") for y in p.names[n + 1 :])), None)
    _point(p)


def _is_feature(name: Name) -> bool:
    """Mountains, peninsulas and the like tell where, and are nobody's province."""
    return bool(name.places) and name.places[0].kind == "feature"


def _part_of_a_city(names: list[Name]) -> None:
    """`at Headingley, Leeds`, `in Whitehall, London`: a ground or a quarter of a large city, no town of that name abroad."""
    if len(names) > 1 and names[0].kind == names[1].kind == "settlement" and names[1].link in ("comma", "in") and names[1].places:
        city = names[1].places[0]
        if city.population > 300_000 and names[0].places and not any(
                q.kind == "settlement" and q.country == city.country for q in names[0].places):
            names[0].kind, names[0].places = "venue", ()


def _regions_among_settlements(names: list[Name]) -> None:
    """`Suluk town of Raqqa, Syria`: a second settlement that gives a region its name is the region."""
    if any(x.kind == "region" for x in names):
        return
    for narrow, wide in itertools.pairwise(names):
        if narrow.kind == "minor" and wide.kind == "settlement" and wide.link in ("type", "in") and not any(
                q.population > 300_000 for q in wide.places):
            provinces = tuple(q for q in wide.places if q.kind == "region")
            if provinces:  # a district of Hakkari
                wide.kind, wide.places = "region", provinces
                return
        if narrow.places and narrow.places[:1] == wide.places[:1]:
            continue  # Kyiv (Kiev): another spelling
        if narrow.kind in ("settlement", "site") and wide.kind == "settlement" and wide.link in ("comma", "type", "paren", "in"):
            regions = tuple(q for q in wide.places if q.kind == "region")
            inside = {q.region for q in narrow.places}
            inside_known = not narrow.places and wide.link == "comma" and names[-1].kind == "country"
            if regions and (wide.link == "paren" or inside_known or (wide.link != "in" and any(q.key in inside for q in regions))):
                wide.kind, wide.places = "region", regions
                return


def _country(names: list[Name], nation: str | None) -> str | None:
    """The country printed; else of the region, where a settlement of the phrase lies in it; else of the best known."""
    for x in reversed(names):
        if x.kind == "country" and x.places:
            return next((q.country for q in x.places if q.kind == "country"), x.places[0].country)
    settled = [q for y in names if y.kind in ("settlement", "site") for q in y.places]
    for x in reversed(names):
        if x.kind == "region" and x.places:
            options = [q for q in x.places if q.country and q.kind != "settlement"] or [q for q in x.places if q.country]
            countries = [q.country for q in options]
            if not countries:
                continue
            if len(set(countries)) > 1:
                if nation in countries:
                    return nation
                inside = [q.country for q in settled if q.country in countries]
                if inside:
                    return inside[0]
            return countries[0]
    for kinds in (("site",), ("settlement",), ("venue", "minor", "unknown")):
        for x in names:
            if x.kind in kinds and x.places:
                options = [q for q in x.places if q.country]
                if nation and any(q.country == nation for q in options) and (
                        options[0].country != nation and options[0].population < 1_000_000):
                    return nation
                if options:
                    return options[0].country
    for x in names:
        if x.kind == "sea" and x.places:
            return x.places[0].country
    return None


def _place(names: list[Name], country: str | None, text: str) -> Name | None:
    """The most specific named settlement or military site; for a civilian venue its city, if that is named."""
    for at, x in enumerate(names):
        wider = names[at + 1 :]
        if x.kind == "settlement" and at == 0 and wider and wider[0].link == "date" and wider[0].kind == "settlement":
            continue  # at Newlands on May 24, 2024 in Cape Town: a ground
        if x.kind in ("site", "settlement"):
            beside = at > 0 and x.link in ("near", "away") and names[at - 1].kind == "minor"
            return None if beside else x
        if x.kind == "unknown" and wider:
            link = wider[0].link
            narrow_later = any(y.kind in ("settlement", "site") for y in wider)
            if link in ("comma", "apposition", "amid") and not narrow_later:
                return x
            if link == "away" or (link == "near" and at == 0 and text[x.start - 4 : x.start] in (" in ", " at ")):
                return x
            owned = wider[0].kind == "country" and wider[1:] and wider[1].link == "poss"  # in Benin's Atacora department
            if link in ("in", "date", "space") and (owned or wider[0].kind in ("region", "minor")) and not narrow_later:
                return x
        if x.kind == "unknown" and not wider:
            return x
        if x.kind == "venue" and (city := _city_in(x, country, text)) and not any(
                y.kind in ("settlement", "site") for y in wider):
            return city
    for x in names:  # a city that is a state: Singapore, Monaco
        state = text[x.start : x.end].lower() in words("place_words", "city-state")
        if x.kind == "country" and state:
            return x
        if x.kind == "country" and len(names) > 1 and any(q.kind == "settlement" and q.population > 20_000 and q.country == (
                x.places[0].country) for q in x.places):
            return x
    return None


def _city_in(venue: Name, country: str | None, text: str) -> Name | None:
    """The city that begins a venue's name: `Nuremberg Airport`. A listed venue's lies there: no city of that name
    elsewhere, no `Lincoln` of `Lincoln Financial Field`."""
    from ingest.captions.place_scan import Name as PlaceName

    head, types = text[venue.start : venue.end].split(" "), words("place_words", "venue-head")
    named_for_city = words("place_words", "named-for-city")
    behind, within = "", country
    if head[0].lower() in types:
        behind = " ".join(head[1:])  # Flughafen Mazar-e Sharif
    elif head[0].lower() in named_for_city and head[1:2] == ["of"]:
        behind, within = " ".join(head[2:]), None  # the Citadel of Aleppo
    if behind and (cities := _cities(behind, within)):
        return PlaceName(venue.end - len(behind), venue.end, "settlement", cities)
    named_for = head[-1].lower() in named_for_city
    for size in range(len(head) - 1, 0, -1):
        first = " ".join(head[:size])
        if first.lower() in types:
            continue  # Gare de Lyon
        found = _cities(first, country)
        if venue.places:
            found = tuple(q for q in found if _beside(q, venue.places[0]))
        if found and (country is not None or named_for):
            return PlaceName(venue.start, venue.start + len(first), "settlement", found)
    return None


def _cities(name: str, country: str | None) -> tuple[Place, ...]:
    """The cities of this name that may give it to a venue, in this country where one is known."""
    return tuple(q for q in lookup(name) if q.kind == "settlement" and q.population > CITY
                 and (country is None or q.country == country))


def _beside(city: Place, venue: Place) -> bool:
    """Whether a city is the one that a venue lies in or at: within `BESIDE`. What has no position may be."""
    pairs = ((city.latitude, venue.latitude), (city.longitude, venue.longitude))
    return all(a is None or b is None or abs(a - b) < BESIDE for a, b in pairs)


def _point(p: Phrase) -> None:
    """The place on the map: of the settlement that fits country and region, else of the region, else the country."""
    if p.place is not None and p.place.places:
        fitting = [q for q in p.place.places if p.country is None or q.country == p.country]
        if p.region is not None and fitting:
            keys = {q.key for q in p.region.places}
            fitting = [q for q in fitting if q.region in keys] or fitting
        if fitting:
            p.point = fitting[0]
            p.candidates = tuple(f"{q.name}, {q.country}" for q in p.place.places if q is not fitting[0])[:4]
    for x in (p.region, *reversed(p.names)):
        if p.point is not None:
            return
        if x is not None and x.kind in ("region", "sea", "country") and x.places:
            same = [q for q in x.places if p.country is None or q.country == p.country]
            p.point = same[0] if same else None


def region_key(p: Phrase) -> str | None:
    """The key of the phrase's region in the gazetteer, if it is known there."""
    if p.region is not None and p.region.places:
        same: list[Place] = [q for q in p.region.places if q.country == p.country]
        return (same or list(p.region.places))[0].key
    return p.point.region if p.point else None
