"""An archive for the desk's tests, written by the store itself from photos that say what was found where."""

from __future__ import annotations

import hashlib
import io
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from archive.connection import connect, create, writing
from archive.facets import refresh_facet_counts
from archive.prepared import prepare
from archive.records import Conflict, Photo, Sighting, SourceText, Span, Standing, Statement
from archive.store import Store

KURSK = {"region": "Kursk region", "region_key": "region:ru-kursk", "country": "RU", "latitude": 51.7,
         "longitude": 36.2}  # fmt: skip
VIRGINIA = {"region": "Virginia", "region_key": "region:us-va", "country": "US"}


def _spot(name: str, key: str, north: float, east: float, **more: object) -> dict[str, object]:
    return {"place": name, "place_key": key, "latitude": north, "longitude": east, **more}


PLACES: dict[str, dict[str, object]] = {
    "Kursk region, Russia": KURSK,
    "Sudzha, Kursk region, Russia": KURSK | _spot("Sudzha", "geonames:487174", 51.19, 35.27),
    "Kharkiv, Ukraine": _spot("Kharkiv", "geonames:706483", 49.99, 36.23, country="UA"),
    "Łódź, Poland": _spot("Łódź", "geonames:3093133", 51.77, 19.45, country="PL"),
    "Norfolk, Virginia": VIRGINIA | _spot("Norfolk", "geonames:4776222", 36.85, -76.29),
    "Camp Fuji, Japan": _spot("Camp Fuji", "base:camp-fuji", 35.32, 138.87, country="JP"),
    "Baltic Sea": {"region": "Baltic Sea", "region_key": "sea:baltic", "latitude": 57.5, "longitude": 19.5},
}
AGENCIES = {
    "AP": ("ap", "Associated Press"), "Sputnik": ("sputnik", "Sputnik"), "REUTERS": ("reuters", "Reuters"),
    "AFP": ("afp", "Agence France-Presse"), "Getty Images": ("getty", "Getty Images"), "EPA": ("epa", "EPA"),
    "U.S. Navy": ("us-navy", "U.S. Navy"), "TASS": ("tass", "TASS"),
}  # fmt: skip


def statement(caption: str, prop: str, words: str, value: str, rule: str, standing: Standing = "exact",
              role: str | None = None, authority: str | None = None, **detail: object) -> Statement:  # fmt: skip
    """A finding whose characters are looked up in the caption."""
    start = caption.index(words)
    return Statement(prop, value, words, "iim:2:120", rule, standing, 0, Span(start, start + len(words)), authority,
                     role, 0, detail)  # fmt: skip


def photo(
    caption: str,
    *,
    units: Sequence[tuple[str, str]] = (),
    place: str | None = None,
    date: tuple[str, str] | None = None,
    by: Sequence[str] = (),
    chain: Sequence[tuple[str, str]] = (),
    credit: str | None = None,
    flags: Sequence[tuple[str, str]] = (),
    standing: Standing = "exact",
    exif_date: str | None = None,
    path: str | None = None,
    identity: str | None = None,
    more: Sequence[Statement] = (),
    kind: str = "picture",
) -> Photo:
    """`units` are (printed, key), `date` (printed, EDTF), `chain` (printed, role), `flags` (printed, flag)."""
    found = [
        statement(caption, "unit", words, key, "numbered-formation", standing, None,
                  None if ":" in key else key, name=words, nation="RU", echelon="brigade")
        for words, key in units
    ]
    if place:
        found.append(statement(caption, "location_created", place, place, "in-region-country", role="created",
                               **PLACES[place]))  # fmt: skip
    if date:
        found.append(statement(caption, "date_created", date[0], date[1], "month-day-year", role="taken"))
    found += [statement(caption, "creator", name, name, "slash-credit") for name in by]
    for printed, role in chain:
        key, name = AGENCIES[printed]
        found.append(statement(caption, "agency", printed, key, "slash-credit", "exact", role, key, name=name))
    if credit:
        found.append(statement(caption, "credit_line", credit, credit, "slash-credit"))
    found += [statement(caption, "flag", words, flag, "wording") for words, flag in flags]
    texts = [SourceText("iim:2:120", caption, charset="utf-8")]
    conflicts: tuple[Conflict, ...] = ()
    if exif_date:
        texts.append(SourceText("exif:DateTimeOriginal", exif_date.replace("-", ":") + " 11:20:00"))
        found.append(Statement("date_created", f"{exif_date}T11:20:00", texts[1].text, "exif:DateTimeOriginal",
                               "exif-date", "exact", 1, Span(0, 19), None, "taken", 1))  # fmt: skip
        if date and exif_date != date[1]:
            conflicts = (Conflict("date_created", (("iim:2:120", date[1]), ("exif:DateTimeOriginal", exif_date))),)
    identity = identity or hashlib.sha256(caption.encode()).hexdigest()[:32]
    sha256 = hashlib.sha256(identity.encode()).hexdigest()
    sighting = Sighting(path or f"/pictures/{identity[:8]}.jpg", 0, sha256, 48_120)
    return Photo(identity, "caption" if kind == "caption" else "picture", sighting, tuple(texts), (*found, *more),
                 conflicts, 0, "JPEG" if kind == "picture" else None, 4000 if kind == "picture" else None,
                 2667 if kind == "picture" else None)  # fmt: skip


EASTER = photo(
    "Servicemen of the 56th Air Assault Brigade of the Russian Army attend the Orthodox Easter service in "
    "Kursk region, Russia, April 19, 2025. Sergey Bobylev/Sputnik via AP",
    units=[("56th Air Assault Brigade", "ru-56-air-assault-brigade")], place="Kursk region, Russia",
    date=("April 19, 2025", "2025-04-19"), by=["Sergey Bobylev"],
    chain=[("Sputnik", "origin"), ("AP", "distributor")], credit="Sergey Bobylev/Sputnik via AP",
    exif_date="2025-04-18",
)  # fmt: skip
MARINES = photo(
    "Marines of the 155th Guards Naval Infantry Brigade clear a trench in Sudzha, Kursk region, Russia, on "
    "April 17, 2025. (Ivan Danilov/Sputnik via AP)",
    units=[("155th Guards Naval Infantry Brigade", "ru-155-naval-infantry-brigade")],
    place="Sudzha, Kursk region, Russia", date=("April 17, 2025", "2025-04-17"), by=["Ivan Danilov"],
    chain=[("Sputnik", "origin"), ("AP", "distributor")], credit="Ivan Danilov/Sputnik via AP", exif_date="2025-04-17",
)  # fmt: skip
LODZ = photo(
    "FILE - Firefighters train with O'Brien & Sons ladders in Łódź, Poland, in May 2019. (Zofia Hånsen-Łęcka/EPA)",
    place="Łódź, Poland", date=("May 2019", "2019-05"), by=["Zofia Hånsen-Łęcka"], chain=[("EPA", "origin")],
    credit="Zofia Hånsen-Łęcka/EPA", flags=[("FILE", "file")],
)  # fmt: skip
CARD = photo(
    "The destroyer USS Nitze (DDG 94) leaves Norfolk, Virginia, Jan. 12, 2024, for a patrol that was planned for a "
    "year. (U.S. Navy photo by Mass Communication Specialist 2nd Class Rosalind Okafor)",
    units=[("USS Nitze", "us-uss-nitze")], place="Norfolk, Virginia", date=("Jan. 12, 2024", "2024-01-12"),
    by=["Rosalind Okafor"], chain=[("U.S. Navy", "origin")], kind="caption",
)  # fmt: skip
PARTIAL = photo(
    "A winter view of Kharkiv, Ukraine, 2025. (Handout/TASS)", place="Kharkiv, Ukraine", date=("2025", "2025"),
    chain=[("TASS", "origin")], flags=[("Handout", "handout")], credit="Handout/TASS",
)  # fmt: skip
HOSTILE_TEXT = (
    '<script>alert(1)</script> "quoted" \'single\' & &amp; <img src=x onerror=alert(2)> \u202egnp.exe\u202c '
    "{{ 7*7 }} {% raw %} </textarea></title> ${x} `id` javascript:alert(3) \x07 \u200b 💥 عربي "
)
HOSTILE = photo(
    HOSTILE_TEXT + 'of "><script>alert(4)</script> Brigade in Kharkiv, Ukraine. <b>Eve "x" O\'Leary</b>/REUTERS',
    units=[('"><script>alert(4)</script> Brigade', 'x:"><script>alert(5)</script>/../..%2f')], place="Kharkiv, Ukraine",
    by=['<b>Eve "x" O\'Leary</b>'], chain=[("REUTERS", "origin")], credit='<b>Eve "x" O\'Leary</b>/REUTERS',
    standing="ambiguous", path='/pictures/<script>alert("path")</script>\u202e.jpg',
)  # fmt: skip
LONG = photo("Long caption. " + "word " * 10_000 + "the end.", identity="f" * 32)
SPECIAL = (EASTER, MARINES, LODZ, CARD, PARTIAL, HOSTILE, LONG)


def many(count: int, seed: int = 7) -> Iterator[Photo]:
    """Ordinary photos: ten units, six places, eight photographers, three years; a third from AP by way of Sputnik."""
    pick = random.Random(seed)
    numbered = ("3rd Assault", "24th Mechanized", "47th Mechanized", "80th Air Assault", "92nd Assault", "8th Mountain")
    units = [(f"{n} Brigade", f"built:{n}") for n in numbered]
    units += [("173rd Airborne Brigade", "us-173-airborne"), ("U.S. 6th Fleet", "us-6-fleet")]
    people = ["Maren Oyelaran", "Tomasz Wilk", "Anouk Ferrand", "Ruben Castaneda", "Ilse Brandt", "Dmytro Koval"]
    verbs = ["patrol", "rest after a drill", "carry stretchers", "load a howitzer", "wait for a convoy", "share a meal"]
    months = ["Jan.", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec."]
    for n in range(count):
        unit, place, by = pick.choice(units), pick.choice(list(PLACES)), pick.choice(people)
        year, month, day = pick.choice([2023, 2024, 2024, 2025, 2025]), pick.randrange(12), pick.randrange(1, 28)
        if year == 2025:
            month = pick.randrange(5)
        written, edtf = f"{months[month]} {day}, {year}", f"{year}-{month + 1:02}-{day:02}"
        form = pick.randrange(3)
        credit, chain = [
            (f"{by}/Sputnik via AP", [("Sputnik", "origin"), ("AP", "distributor")]),
            (f"{by}/AFP via Getty Images", [("AFP", "origin"), ("Getty Images", "distributor")]),
            (f"REUTERS/{by}", [("REUTERS", "origin")]),
        ][form]  # fmt: skip
        caption = f"Soldiers of the {unit[0]} {pick.choice(verbs)} near position {n} in {place}, {written}. ({credit})"
        yield photo(caption, units=[unit], place=place, date=(written, edtf), by=[by], chain=chain, credit=credit,
                    exif_date=edtf if pick.random() < 0.9 else f"{year}-{month + 1:02}-28")  # fmt: skip


def scene(seed: int) -> bytes:
    """A small JPEG that is not all one colour."""
    from PIL import Image, ImageDraw

    pick = random.Random(seed)
    size = pick.choice([(480, 320), (480, 320), (480, 300), (320, 480)])
    image = Image.new("RGB", size)
    draw = ImageDraw.Draw(image)
    sky, ground = [tuple(pick.randrange(60, 220) for _ in range(3)) for _ in range(2)]
    horizon = size[1] * pick.randrange(40, 70) // 100
    for y in range(size[1]):
        base, share = (sky, y / horizon) if y < horizon else (ground, (size[1] - y) / size[1])
        draw.line((0, y, size[0], y), fill=tuple(int(c * (0.55 + 0.45 * share)) for c in base))
    for _ in range(9):
        x, h = pick.randrange(size[0]), pick.randrange(20, 90)
        shade = pick.randrange(20, 70)
        tent = [(x, horizon + 30), (x + h // 3, horizon - h + 20), (x + h, horizon + 40)]
        draw.polygon(tent, fill=(shade, shade, shade + 8))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=70)
    return out.getvalue()


def build(path: Path, photos: Sequence[Photo], *, thumbnails: bool = True) -> Path:
    """A new archive with these photos; every fourth has no thumbnail yet."""
    create(path)
    with writing(path, "test"):
        db = connect(path, write=True)
        store = Store(db, "test", ["/pictures"])
        store.add([prepare(p) for p in photos])
        store.finish()
        db.execute("BEGIN")
        if thumbnails:
            for n, (number, kind) in enumerate(db.execute("SELECT id, kind FROM photos ORDER BY id").fetchall()):
                if kind == "picture" and n % 4 != 3:
                    jpeg = scene(n)
                    from PIL import Image

                    width, height = Image.open(io.BytesIO(jpeg)).size
                    db.execute("INSERT INTO thumbnails VALUES (?, ?, ?, ?, ?)",
                               (number, hashlib.sha256(jpeg).hexdigest(), width, height, jpeg))  # fmt: skip
        refresh_facet_counts(db)
        db.execute("COMMIT")
        db.close()
    return path
