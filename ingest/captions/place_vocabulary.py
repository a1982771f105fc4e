"""The words that names of places are read by, out of the authority files, ready for look-up."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from ingest.captions.gazetteer import lookup
from ingest.captions.lexicon import nationalities, unit_words, value_words, words

_LISTS = ("compass", "region-type", "minor-type", "settlement-type", "military-site", "venue", "venue-head",
          "site-head", "inner", "sea-type", "street-type", "venue-small", "field", "feature-word", "behind-head", "part-of", "shown-of", "shown-genitive", "post", "sea-head", "german-type", "not-a-region")


@lru_cache(maxsize=1)
def lists() -> dict[str, frozenset[str]]:
    """The lists of `place_words` that a name's words are held against, by their ids."""
    return {k: words("place_words", k) for k in _LISTS}


class SiteWords(NamedTuple):
    """First and last words of the types of military sites."""

    first: frozenset[str]
    last: frozenset[str]


@lru_cache(maxsize=1)
def site_words() -> SiteWords:
    """What the types of military sites begin and end with, in one word."""
    listed = lists()
    return SiteWords(frozenset(name.split(" ")[0] for name in listed["military-site"]) | listed["site-head"],
                     frozenset(name.split(" ")[-1] for name in listed["military-site"]))


@lru_cache(maxsize=1)
def type_words() -> frozenset[str]:
    """What a name begins with, ends in or is followed by where a type says what it is; a bracket may hold an acronym."""
    listed, sites = lists(), site_words()
    firsts = {name.split(" ")[0] for name in listed["region-type"]}
    return listed["sea-type"] | listed["region-type"] | firsts | listed["minor-type"] | sites.first | sites.last | {"bay", "обл", "("}


@lru_cache(maxsize=1)
def not_names() -> frozenset[str]:
    """Capitalised words that begin no place name: weekdays, months, exercises."""
    months = frozenset(value_words("month")) - {"mali", "mars", "maj", "mai"}
    before = {w for w in words("place_words", "preposition") if " " not in w}
    return (frozenset((*value_words("weekday"), *months, *unit_words("exercise"))) | before | words("place_words", "not-a-place")) - {
        "c", "op"}


@lru_cache(maxsize=1)
def small_words() -> frozenset[str]:
    """Words that stay small words where a whole caption is printed in capitals."""
    return words("place_words", "preposition") | words("place_words", "moving") | {"the", "a", "and", "with", "as"}


@lru_cache(maxsize=1)
def common() -> frozenset[str]:
    """Words that name some village somewhere and are common words in captions."""
    return words("caption_words", "organisation") | words("place_words", "venue") | words("place_words", "compass") | (
        frozenset(unit_words("arm")) | frozenset(unit_words("stop")))


@lru_cache(maxsize=1)
def forces() -> frozenset[str]:
    """Last words of services' names: `a U.S. Army base` is no base of that name."""
    return frozenset(name.split()[-1].lower() for name in unit_words("service"))


@lru_cache(maxsize=1)
def named_of() -> frozenset[str]:
    """Words of venues that are named for something: `Museum of Modern Art`, `University of Example`."""
    return words("place_words", "venue-of")


@lru_cache(maxsize=1)
def organisations() -> frozenset[str]:
    """Words of organisations that are no words of places."""
    listed = lists()
    return words("caption_words", "organisation") - listed["region-type"] - listed["settlement-type"] - listed["venue"] - (
        listed["military-site"] | {"national", "international", "united", "red", "sun", "star", "world"})


def lookup_country(text: str) -> bool:
    """Whether a name is a country's or a nation's adjective."""
    return any(p.kind == "country" for p in lookup(text)) or text.lower() in nationalities()
