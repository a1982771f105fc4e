"""Tags to values, by the one table of `ingest.precedence`; the losers and the conflicts are kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from archive.records import Conflict, SourceText, Span, Standing, Statement
from ingest.precedence import PRECEDENCE, TABLE, Family, Row
from ingest.tagvalues import Moment, coordinate, degrees, moment, with_exif, with_time

#: Exif and Windows put several names into one text with semicolons between (MWG 2.0, 5.6).
_SPLIT = frozenset({"exif:Artist", "exif:XPAuthor", "exif:XPKeywords"})
_INDEX = re.compile(r"\[\d+\]")
_COLUMNS: tuple[tuple[Family, str], ...] = (("xmp", "xmp:"), ("iim", "iim:"), ("exif", "exif:"), ("other", ""))
_SIDECAR: tuple[str, Family] = ("sidecar:", "sidecar")
#: Blocks of a kind in one file whose order is kept.
_BLOCKS = 500
#: What goes with a date: its time (IIM), its fraction and its zone (Exif).
_BESIDE: dict[str, tuple[str, ...]] = {
    "iim:2:55": ("iim:2:60",), "iim:2:62": ("iim:2:63",),
    "exif:DateTimeOriginal": ("exif:SubSecTimeOriginal", "exif:OffsetTimeOriginal"),
    "exif:DateTimeDigitized": ("exif:SubSecTimeDigitized", "exif:OffsetTimeDigitized"),
}  # fmt: skip
#: The tags of a position, and what stands before them in each family.
_GPS = ("GPSLatitude", "GPSLongitude", "GPSLatitudeRef", "GPSLongitudeRef")
_GPS_OF: dict[Family, str] = {"sidecar": "sidecar:xmp:exif:", "exif": "exif:", "xmp": "xmp:exif:"}
#: Tags that are no value of their own but a part of another one.
_ASIDE = frozenset(
    {tag for tags in _BESIDE.values() for tag in tags} | {prefix + tag for prefix in _GPS_OF.values() for tag in _GPS}
)

#: The position of a place in a structure of IPTC Extension (XMP spells it as Exif's copy).
_IN_PLACE = ("/exif:GPSLatitude", "/exif:GPSLongitude")
_PLACES = {"location_created_gps": "LocationCreated", "location_shown_gps": "LocationShown"}


class _Cell(NamedTuple):
    """Where a tag stands in the table, and how early it is believed: lower is earlier."""

    row: Row
    family: Family
    #: Family, then block (the first), then place in the column.
    order: int


#: The row of a tag that is no value of its own.
_PART = Row("")


def _cells(families: tuple[Family, ...]) -> dict[str, _Cell | None]:
    parts: dict[str, _Cell | None] = dict.fromkeys(_ASIDE, _Cell(_PART, "other", 0))
    return parts | {
        before + prefix + tag: _Cell(row, whose, (families.index(whose) << 20) + (_BLOCKS << 10) + place)
        for row in TABLE
        for family, prefix in _COLUMNS
        for before, whose in ((("", family), _SIDECAR) if family == "xmp" else (("", family),))
        for place, tag in enumerate(getattr(row, family))
    }


#: Tag → cell, for both orders. Indexes of structures are looked up once and kept (`_known`).
_USUAL, _NEWER_IIM = _cells(PRECEDENCE["usual"]), _cells(PRECEDENCE["newer_iim"])
_LOOKED_UP = 4 * len(_USUAL)


@dataclass(frozen=True, slots=True)
class Reconciled:
    """The values of one photo: every candidate of every property, rank 0 the winner."""

    statements: tuple[Statement, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    #: Index of the text that wins as description.
    caption: int | None = None


class _Candidate(NamedTuple):
    """One text that says a property. They sort by how early they are believed, then by their place in the file."""

    #: A cell's, the block taken into account; what is equal stands in one source.
    order: int
    place: int
    text: SourceText
    family: Family
    moment: Moment | None = None


_Group = list[_Candidate]


def _known(source: str, cells: dict[str, _Cell | None]) -> _Cell | None:
    """The cell of a tag that is no name of the table: `LocationShown[2]/City` and its like; kept, up to a limit."""
    cell = cells.get(_INDEX.sub("", source)) if "[" in source else None
    if source.endswith(_IN_PLACE):
        cell = _Cell(_PART, "other", 0)
    if len(cells) < _LOOKED_UP:
        cells[source] = cell
    return cell


def reconcile(texts: Sequence[SourceText]) -> Reconciled:
    """Every property's values from a photo's tags, by `TABLE` and `PRECEDENCE`. Pure; raises nothing.

    Rank 0 is the winner, or the winners where a property has many values; a translation and every value of a
    source that lost has a rank from 1. A date's value is its day in EDTF, its time and zone are in `detail`.
    """
    cells = _NEWER_IIM if _iim_is_newer(texts) else _USUAL
    found: dict[str, tuple[Row, _Group]] = {}
    aside: dict[str, list[int]] = {}
    for index, text in enumerate(texts):
        source = text.source
        cell = cells[source] if source in cells else _known(source, cells)
        if cell is None:
            continue
        row, family, order = cell
        if row is _PART:
            aside.setdefault(source, []).append(index)
            continue
        if text.notes:
            order += _later(text, family)
        prop = row.property
        if prop in found:
            found[prop][1].append(_Candidate(order, index, text, family))
        else:
            found[prop] = (row, [_Candidate(order, index, text, family)])
    statements: list[Statement] = []
    conflicts: list[Conflict] = []
    caption: int | None = None
    for prop, (row, candidates) in found.items():
        groups = _groups(row, _dated(candidates, texts, aside) if row.kind == "date" else candidates)
        for rank, group in enumerate(groups):
            _say(row, group, rank, statements)
        if prop == "description":
            caption = groups[0][0].place
        if len(groups) > 1 and row.disputed and (conflict := _conflict(row, groups)):
            conflicts.append(conflict)
    if aside:
        statements.extend(_positions(texts, aside))
        statements.extend(_positions_of_places(texts, aside))
    return Reconciled(tuple(statements), tuple(conflicts), caption)


def _iim_is_newer(texts: Sequence[SourceText]) -> bool:
    return any(text.source == "photoshop:IPTCDigest" and "stale" in text.notes for text in texts if text.notes)


def _block(text: SourceText) -> int:
    """The number of the block a text came in, from 1."""
    return next((min(int(note[7:]), _BLOCKS) for note in text.notes if note.startswith("packet ")), 1)


def _later(text: SourceText, family: Family) -> int:
    """What it adds to a text's order that its block is not the first of its kind in the file.

    A program that adds an XMP packet or an Exif block without taking the old one out puts its own behind it; with
    IIM the first is the standard place, what follows is a copy in another one. exiftool reads them likewise.
    """
    behind = _block(text) - 1 << 10
    return behind if family == "iim" else -behind


def _groups(row: Row, candidates: _Group) -> list[_Group]:
    """The candidates of one property by source, the winner first."""
    if len(candidates) == 1:
        return [candidates]
    candidates.sort()
    groups: list[_Group] = []
    last = -1
    for c in candidates:
        if c.order == last:
            groups[-1].append(c)
        else:
            groups.append([c])
            last = c.order
    if row.kind != "many":
        for group in groups:
            if len(group) > 1:
                # x-default is what is shown (XMP part 1, 8.2.2.4), else the first language; of a value that must
                # not repeat but does, the last.
                group.sort(key=lambda c: (c.text.lang not in (None, "x-default"), 0 if c.text.lang else -c.place))
    return groups


def _dated(candidates: _Group, texts: Sequence[SourceText], aside: dict[str, list[int]]) -> _Group:
    """The candidates that are dates; a day that the calendar does not have is believed last."""
    out: _Group = []
    for order, place, text, family, _ in candidates:
        day = moment(text.text)
        if day is not None:
            if text.source in _BESIDE:
                day = _with_beside(day, text, texts, aside)
            out.append(_Candidate(order if day.exists else order + _ABSENT, place, text, family, day))
    return out


#: More than any order of the table.
_ABSENT = 1 << 30


def _with_beside(day: Moment, text: SourceText, texts: Sequence[SourceText], aside: dict[str, list[int]]) -> Moment:
    """A date together with its time or zone from the tags beside it, in the same block of the file."""
    beside = [_same_block(text, texts, aside.get(name, ())) for name in _BESIDE[text.source]]
    if len(beside) == 1:
        return with_time(day, beside[0]) if beside[0] else day
    return with_exif(day, *beside)


def _same_block(text: SourceText, texts: Sequence[SourceText], places: Sequence[int]) -> str | None:
    for place in places:
        other = texts[place]
        if text.notes == other.notes or _block(text) == _block(other):
            return other.text
    return None


@lru_cache(maxsize=4096)
def _all_of(length: int) -> Span:
    return Span(0, length)


def _say(row: Row, group: _Group, rank: int, out: list[Statement]) -> None:
    """One source's values of one property as statements."""
    prop, rule = row.property, f"tag:{group[0].family}"
    for _, place, text, _, day in group:
        source, whole = text.source, text.text
        detail: dict[str, object] = {}
        if text.lang is not None and text.lang != "x-default":
            detail["lang"] = text.lang
        if "[" in source:
            detail["item"] = source
        if day is not None:
            out.append(_day(prop, day, place, text, rule, rank, detail))
        elif source in _SPLIT and ";" in whole:
            for span in _parts(whole):
                name = whole[span.start : span.end]
                out.append(Statement(prop, " ".join(name.split()), name, source, rule, "exact", place, span, None, None,
                                     rank, detail))  # fmt: skip
        else:
            out.append(Statement(prop, " ".join(whole.split()), whole, source, rule, "exact", place,
                                 _all_of(len(whole)), None, None, rank, detail))  # fmt: skip
        if row.kind != "many":
            rank = max(rank, 1)


def _day(
    prop: str, day: Moment, place: int, text: SourceText, rule: str, rank: int, detail: dict[str, object]
) -> Statement:
    if day.time is not None:
        detail["time"] = day.time
    if day.fraction:
        detail["fraction"] = day.fraction
    if day.zone:
        detail["zone"] = day.zone
    value = day.date if day.exists else text.text.strip()
    standing: Standing = "exact" if day.exists else "unknown"
    return Statement(prop, value, text.text, text.source, rule, standing, place, _all_of(len(text.text)), None,
                     "taken" if prop == "date_created" else None, rank, detail)  # fmt: skip


#: Names in one text; what has more of them is no list of names, and stays as it is.
_MOST_NAMES = 200


def _parts(whole: str) -> list[Span]:
    """The names in a text that holds several with semicolons."""
    if whole.count(";") > _MOST_NAMES:
        return [Span(0, len(whole))]
    return [Span(m.start(), m.end()) for m in re.finditer(r"[^;\s](?:[^;]*[^;\s])?", whole)]


def _positions(texts: Sequence[SourceText], aside: dict[str, list[int]]) -> Iterator[Statement]:
    """GPS, the camera's own first. Only with its hemisphere."""
    rank = 0
    for family in PRECEDENCE["camera"]:
        if family not in _GPS_OF:
            continue
        at, to, north, east = _whole_position(texts, [aside.get(_GPS_OF[family] + tag, []) for tag in _GPS])
        if at is None or to is None:
            continue
        if family == "exif":
            latitude = degrees(texts[at].text, None if north is None else texts[north].text)
            longitude = degrees(texts[to].text, None if east is None else texts[east].text)
        else:
            latitude, longitude = coordinate(texts[at].text), coordinate(texts[to].text)
        if latitude is None or longitude is None:
            continue
        yield _position("gps", texts, at, to, latitude, longitude, family, "camera", rank)
        rank += 1


def _position(prop: str, texts: Sequence[SourceText], at: int, to: int, latitude: float, longitude: float,
              family: str, role: str | None, rank: int, **more: object) -> Statement:
    text = texts[at]
    return Statement(
        prop, f"{latitude:.6f},{longitude:.6f}", text.text, text.source, f"tag:{family}", "exact", at,
        Span(0, len(text.text)), None, role, rank,
        {"latitude": round(latitude, 7), "longitude": round(longitude, 7), "longitude_text": to, **more},
    )  # fmt: skip


def _whole_position(texts: Sequence[SourceText], places: Sequence[list[int]]) -> list[int | None]:
    """Latitude, longitude and their hemispheres of the last block that has the first two."""
    for at in reversed(places[0]):
        notes = texts[at].notes  # half a position from another block would be another place
        found = [next((i for i in reversed(of) if texts[i].notes == notes), None) for of in places]
        if found[1] is not None:
            return found
    return [None] * len(places)


def _positions_of_places(texts: Sequence[SourceText], aside: dict[str, list[int]]) -> Iterator[Statement]:
    """Where the places are that a picture was taken at and that it shows: all of a sidecar's, else all of the XMP's."""
    latitudes = [source for source in aside if source.endswith(_IN_PLACE[0])]
    for prop, structure in _PLACES.items() if latitudes else ():
        rank = 0
        for family, prefix in (("sidecar", "sidecar:xmp:"), ("xmp", "xmp:")):
            said = 0
            for source in latitudes:
                to = aside.get(source.removesuffix("GPSLatitude") + "GPSLongitude", (None,))[-1]
                if to is None or not source.startswith(f"{prefix}Iptc4xmpExt:{structure}["):
                    continue
                at = aside[source][-1]
                latitude, longitude = coordinate(texts[at].text), coordinate(texts[to].text)
                if latitude is None or longitude is None:
                    continue
                said += 1
                yield _position(prop, texts, at, to, latitude, longitude, family, None, rank, item=source)
            rank += bool(said)


def _plain(text: str) -> str:
    """For comparing two sources: composed, one space between words, letter case aside."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return " ".join(text.split()).casefold()


def _conflict(row: Row, groups: list[_Group]) -> Conflict | None:
    """Sources that disagree with the winner. A legacy field that was cut, and a date less precise, do not."""
    won, first = groups[0], groups[0][0].text.text
    against: list[_Group] = []
    for group in groups[1:]:
        same = len(group) == len(won) == 1 and group[0].text.text == first
        if not same and not _agree(row, won, group):
            against.append(group)
    if not against:
        return None
    said = ((g[0].text.source, "; ".join([c.text.text for c in g])) for g in (won, *against))
    return Conflict(row.property, tuple(said))


def _values(row: Row, group: _Group) -> set[str]:
    if row.kind != "many":
        return {_plain(group[0].text.text)}
    return {
        _plain(c.text.text[s.start : s.end])
        for c in group
        for s in (_parts(c.text.text) if c.text.source in _SPLIT else (Span(0, len(c.text.text)),))
    }


def _agree(row: Row, won: _Group, group: _Group) -> bool:
    if won[0].moment is not None and group[0].moment is not None:
        a, b = won[0].moment.date, group[0].moment.date
        return a.startswith(b) or b.startswith(a)
    ours, theirs = _values(row, won), _values(row, group)
    if ours == theirs:
        return True
    cut = any("cut" in c.text.notes for c in group)
    return cut and all(any(w.startswith(o) for w in ours) for o in theirs)
