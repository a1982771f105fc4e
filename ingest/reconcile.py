"""Tags to values, by ONE visible table; the losers and the conflicts are kept.

The rule of the Metadata Working Group's guidelines 2.0, chapter 5, as photo desks use it: a sidecar, then XMP, then
IIM, then Exif; but IIM before XMP where Photoshop's digest of the IIM says that it was edited after the XMP.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from archive.records import Conflict, SourceText, Span, Standing, Statement
from ingest.tagvalues import Moment, coordinate, degrees, moment, with_exif, with_time

Family = Literal["sidecar", "xmp", "iim", "exif", "other"]
#: What a property's values are: one text, one in several languages, many, many in one text with `;`, a date.
Kind = Literal["one", "languages", "many", "date"]


class Row(NamedTuple):
    """One property and the tags that say it, by family. A sidecar is read by the XMP column."""

    property: str
    xmp: tuple[str, ...] = ()
    iim: tuple[str, ...] = ()
    exif: tuple[str, ...] = ()
    #: The last resort: text chunks of PNG.
    other: tuple[str, ...] = ()
    kind: Kind = "one"
    #: Whether the desk wants to know when two sources disagree.
    disputed: bool = True


#: Which family is believed first. `newer_iim` where the IPTC digest says that the IIM was edited after the XMP.
PRECEDENCE: dict[str, tuple[Family, ...]] = {
    "usual": ("sidecar", "xmp", "iim", "exif", "other"),
    "newer_iim": ("sidecar", "iim", "xmp", "exif", "other"),
    # A position: Exif's own values stand in Exif; their copies in XMP are written from there (XMP part 2, 3.3).
    "camera": ("sidecar", "exif", "xmp", "iim", "other"),
}


def _place(prop: str, structure: str) -> tuple[Row, ...]:
    """The rows of a location structure of IPTC Extension, `location_created_city` and so on."""
    fields = {
        "name": "LocationName", "id": "LocationId", "sublocation": "Sublocation", "city": "City",
        "state": "ProvinceState", "country": "CountryName", "country_code": "CountryCode",
        "world_region": "WorldRegion",
    }  # fmt: skip
    return tuple(
        Row(f"{prop}_{name}", (f"Iptc4xmpExt:{structure}/Iptc4xmpExt:{tag}",), kind="many", disputed=False)
        for name, tag in fields.items()
    )


#: THE table. Property names follow the IPTC Photo Metadata Standard 2025.1, whose mappings these are.
TABLE: tuple[Row, ...] = (
    Row("description", ("dc:description",), ("2:120",), ("ImageDescription",), ("png:Description",), "languages"),
    Row("headline", ("photoshop:Headline",), ("2:105",)),
    Row("title", ("dc:title",), ("2:5",), ("ImageTitle", "XPTitle"), ("png:Title",), "languages"),
    Row("creator", ("dc:creator",), ("2:80",), ("Artist", "Photographer", "XPAuthor"), ("png:Author",), "many"),
    Row("creator_job_title", ("photoshop:AuthorsPosition",), ("2:85",), kind="many"),
    Row("credit_line", ("photoshop:Credit",), ("2:110",)),
    Row("source", ("photoshop:Source",), ("2:115",)),
    Row("copyright_notice", ("dc:rights",), ("2:116",), ("Copyright",), ("png:Copyright",), "languages"),
    Row("usage_terms", ("xmpRights:UsageTerms",), kind="languages"),
    Row("instructions", ("photoshop:Instructions",), ("2:40",)),
    Row("job_id", ("photoshop:TransmissionReference",), ("2:103",)),
    Row("description_writer", ("photoshop:CaptionWriter",), ("2:122",), kind="many", disputed=False),
    Row("date_created", ("photoshop:DateCreated",), ("2:55",), ("DateTimeOriginal",), kind="date"),
    Row("date_digitized", ("xmp:CreateDate",), ("2:62",), ("DateTimeDigitized",), kind="date"),
    Row("sublocation", ("Iptc4xmpCore:Location",), ("2:92",)),
    Row("city", ("photoshop:City",), ("2:90",)),
    Row("state", ("photoshop:State",), ("2:95",)),
    Row("country", ("photoshop:Country",), ("2:101",)),
    Row("country_code", ("Iptc4xmpCore:CountryCode",), ("2:100",)),
    *_place("location_created", "LocationCreated"),
    *_place("location_shown", "LocationShown"),
    Row("person_shown", ("Iptc4xmpExt:PersonInImage", "Iptc4xmpExt:PersonInImageWDetails/Iptc4xmpExt:PersonName"),
        kind="many"),
    Row("organisation_shown", ("Iptc4xmpExt:OrganisationInImageName",), kind="many"),
    Row("organisation_shown_code", ("Iptc4xmpExt:OrganisationInImageCode",), kind="many"),
    Row("event", ("Iptc4xmpExt:Event",), kind="languages"),
    Row("event_id", ("Iptc4xmpExt:EventId",), kind="many"),
    Row("keyword", ("dc:subject",), ("2:25",), ("XPKeywords",), kind="many", disputed=False),
    Row("subject_code", ("Iptc4xmpCore:SubjectCode",), ("2:12",), kind="many", disputed=False),
    Row("scene_code", ("Iptc4xmpCore:Scene",), kind="many"),
    Row("intellectual_genre", ("Iptc4xmpCore:IntellectualGenre",), ("2:4",), disputed=False),
    Row("category", ("photoshop:Category",), ("2:15",), disputed=False),
    Row("supplemental_category", ("photoshop:SupplementalCategories",), ("2:20",), kind="many", disputed=False),
    Row("urgency", ("photoshop:Urgency",), ("2:10",), disputed=False),
    Row("digital_source_type", ("Iptc4xmpExt:DigitalSourceType",)),
    Row("digital_image_guid", ("Iptc4xmpExt:DigImageGUID",)),
    Row("alt_text", ("Iptc4xmpCore:AltTextAccessibility",), kind="languages"),
    Row("extended_description", ("Iptc4xmpCore:ExtDescrAccessibility",), kind="languages"),
    Row("contributor", ("Iptc4xmpExt:Contributor/Iptc4xmpExt:Name",), kind="many"),
    Row("ai_system_used", ("Iptc4xmpExt:AISystemUsed",)),
    Row("ai_prompt_information", ("Iptc4xmpExt:AIPromptInformation",)),
    Row("ai_prompt_writer_name", ("Iptc4xmpExt:AIPromptWriterName",)),
    Row("image_supplier", ("plus:ImageSupplier/plus:ImageSupplierName",), kind="many"),
    Row("image_supplier_id", ("plus:ImageSupplier/plus:ImageSupplierID",), kind="many"),
    Row("image_supplier_image_id", ("plus:ImageSupplierImageID",)),
    Row("image_creator", ("plus:ImageCreator/plus:ImageCreatorName",), kind="many"),
    Row("copyright_owner", ("plus:CopyrightOwner/plus:CopyrightOwnerName",), kind="many"),
    Row("copyright_owner_id", ("plus:CopyrightOwner/plus:CopyrightOwnerID",), kind="many"),
    Row("licensor", ("plus:Licensor/plus:LicensorName",), kind="many"),
    Row("licensor_id", ("plus:Licensor/plus:LicensorID",), kind="many"),
    Row("licensor_url", ("plus:Licensor/plus:LicensorURL",), kind="many"),
    Row("licensor_email", ("plus:Licensor/plus:LicensorEmail",), kind="many"),
    Row("licensor_telephone", ("plus:Licensor/plus:LicensorTelephone1", "plus:Licensor/plus:LicensorTelephone2"),
        kind="many"),
    Row("model_release_status", ("plus:ModelReleaseStatus",)),
    Row("property_release_status", ("plus:PropertyReleaseStatus",)),
    Row("other_constraints", ("plus:OtherConstraints",), kind="languages"),
    Row("data_mining", ("plus:DataMining",)),
    Row("web_statement_of_rights", ("xmpRights:WebStatement",)),
    Row("rating", ("xmp:Rating",), (), ("Rating",), disputed=False),
)  # fmt: skip

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


class _Cell(NamedTuple):
    """Where a tag stands in the table, and how early it is believed: lower is earlier."""

    row: Row
    family: Family
    #: Family, then block (the first), then place in the column.
    order: int


def _cells(families: tuple[Family, ...]) -> dict[str, _Cell | None]:
    return {
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
        if cell is not None:
            row, family, order = cell
            if text.notes:
                order += _later(text, family)
            prop = row.property
            if prop in found:
                found[prop][1].append(_Candidate(order, index, text, family))
            else:
                found[prop] = (row, [_Candidate(order, index, text, family)])
        elif source in _ASIDE:
            aside.setdefault(source, []).append(index)
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
                                 Span(0, len(whole)), None, None, rank, detail))  # fmt: skip
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
    return Statement(prop, value, text.text, text.source, rule, standing, place, Span(0, len(text.text)), None,
                     "taken" if prop == "date_created" else None, rank, detail)  # fmt: skip


def _parts(whole: str) -> list[Span]:
    """The names in a text that holds several with semicolons."""
    return [Span(m.start(), m.end()) for m in re.finditer(r"[^;\s](?:[^;]*[^;\s])?", whole)]


def _positions(texts: Sequence[SourceText], aside: dict[str, list[int]]) -> Iterator[Statement]:
    """GPS, the camera's own first. Only with its hemisphere."""
    rank = 0
    for family in PRECEDENCE["camera"]:
        if family not in _GPS_OF:
            continue
        prefix = _GPS_OF[family]
        at, to, north, east = (aside.get(prefix + tag, (None,))[-1] for tag in _GPS)
        if at is None or to is None:
            continue
        if family == "exif":
            latitude = degrees(texts[at].text, None if north is None else texts[north].text)
            longitude = degrees(texts[to].text, None if east is None else texts[east].text)
        else:
            latitude, longitude = coordinate(texts[at].text), coordinate(texts[to].text)
        if latitude is None or longitude is None:
            continue
        text = texts[at]
        yield Statement(
            "gps", f"{latitude:.6f},{longitude:.6f}", text.text, text.source, f"tag:{family}", "exact", at,
            Span(0, len(text.text)), None, "camera", rank,
            {"latitude": round(latitude, 7), "longitude": round(longitude, 7), "longitude_text": to},
        )  # fmt: skip
        rank += 1


def _plain(text: str) -> str:
    """For comparing two sources: composed, one space between words, letter case aside."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return " ".join(text.split()).casefold()


def _conflict(row: Row, groups: list[_Group]) -> Conflict | None:
    """Sources that disagree with the winner. A legacy field that was cut, and a date less precise, do not."""
    won, first = groups[0], groups[0][0].text.text
    others = [g for g in groups[1:] if len(g) > 1 or len(won) > 1 or g[0].text.text != first]
    against = [g for g in others if not _agree(row, won, g)]
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
