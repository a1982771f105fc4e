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

from archive.records import Conflict, SourceText, Span, Statement
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
    # Exif's own values stand in Exif; their copies in XMP are written from there (XMP part 2, 3.3).
    "camera": ("sidecar", "exif", "xmp", "iim", "other"),
}
#: Properties that the camera knows best.
CAMERA = frozenset({"gps"})


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
#: tag → its row, its family, its place in the column. Indexes of structures are looked up once and kept (`_known`).
_BY_TAG: dict[str, tuple[Row, Family, int] | None] = {
    before + prefix + tag: (row, "sidecar" if before else family, place)
    for row in TABLE
    for family, prefix in _COLUMNS
    for before in (("", "sidecar:") if family == "xmp" else ("",))
    for place, tag in enumerate(getattr(row, family))
}
_LOOKED_UP = 4 * len(_BY_TAG)
_ORDER = {name: {family: n for n, family in enumerate(families)} for name, families in PRECEDENCE.items()}
#: What goes with a date: its time (IIM), its fraction and its zone (Exif).
_BESIDE = {
    "iim:2:55": ("iim:2:60", None), "iim:2:62": ("iim:2:63", None),
    "exif:DateTimeOriginal": ("exif:SubSecTimeOriginal", "exif:OffsetTimeOriginal"),
    "exif:DateTimeDigitized": ("exif:SubSecTimeDigitized", "exif:OffsetTimeDigitized"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reconciled:
    """The values of one photo: every candidate of every property, rank 0 the winner."""

    statements: tuple[Statement, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    #: Index of the text that wins as description.
    caption: int | None = None


@dataclass(slots=True)
class _Candidate:
    index: int
    text: SourceText
    row: Row
    family: Family
    #: Lower is believed first: family, then packet, then place in the column.
    order: int
    moment: Moment | None = None
    exists: bool = True


def _known(source: str) -> tuple[Row, Family, int] | None:
    """The table's cell for a tag; `LocationShown[2]/City` and its like are remembered as they come, up to a limit."""
    if source in _BY_TAG:
        return _BY_TAG[source]
    cell = _BY_TAG.get(_INDEX.sub("", source)) if "[" in source else None
    if len(_BY_TAG) < _LOOKED_UP:
        _BY_TAG[source] = cell
    return cell


def reconcile(texts: Sequence[SourceText]) -> Reconciled:
    """Every property's values from a photo's tags, by `TABLE` and `PRECEDENCE`. Pure; raises nothing.

    Rank 0 is the winner, or the winners where a property has many values; a translation and every value of a
    source that lost has a rank from 1. A date's value is its day in EDTF, its time and zone are in `detail`.
    """
    usual = _ORDER["newer_iim" if _iim_is_newer(texts) else "usual"]
    rows: dict[str, list[_Candidate]] = {}
    for index, text in enumerate(texts):
        cell = _known(text.source)
        if cell is not None:
            row, family, place = cell
            order = (usual[family] << 20) + (_packet(text, family) << 10) + place
            candidate = _Candidate(index, text, row, family, order)
            if row.property in rows:
                rows[row.property].append(candidate)
            else:
                rows[row.property] = [candidate]
    statements: list[Statement] = []
    conflicts: list[Conflict] = []
    caption: int | None = None
    for prop, candidates in rows.items():
        groups = _groups(candidates, texts)
        for rank, group in enumerate(groups):
            _say(group, rank, statements)
        if prop == "description" and groups:
            caption = groups[0][0].index
        if len(groups) > 1 and candidates[0].row.disputed and (conflict := _conflict(prop, groups)):
            conflicts.append(conflict)
    statements.extend(_positions(texts))
    return Reconciled(tuple(statements), tuple(conflicts), caption)


def _iim_is_newer(texts: Sequence[SourceText]) -> bool:
    return any(t.notes and t.source == "photoshop:IPTCDigest" and "stale" in t.notes for t in texts)


def _packet(text: SourceText, family: Family) -> int:
    """The rank of the block a text came in where a file has several of a kind, in the order of the file.

    A program that adds an XMP packet or an Exif block without taking the old one out puts its own behind it; with
    IIM the first is the standard place, what follows is a copy in another one. exiftool reads them likewise.
    """
    number = 1
    for note in text.notes:
        if note.startswith("packet "):
            number = min(int(note[7:]), 500)
    return number if family == "iim" else 501 - number


def _groups(candidates: list[_Candidate], texts: Sequence[SourceText]) -> list[list[_Candidate]]:
    """The candidates of one property by source, the winner first; a day that the calendar does not have comes last."""
    kind = candidates[0].row.kind
    if kind == "date":
        for c in candidates:
            c.moment = _moment(c.text, texts)
            c.exists = c.moment is not None and c.moment.exists
        candidates = [c for c in candidates if c.moment is not None]
        candidates.sort(key=lambda c: (not c.exists, c.order))
    elif len(candidates) > 1:
        candidates.sort(key=lambda c: c.order)
    groups: list[list[_Candidate]] = []
    last = -1
    for c in candidates:
        if c.order == last:
            groups[-1].append(c)
        else:
            groups.append([c])
            last = c.order
    if kind != "many":
        for group in groups:
            if len(group) > 1:
                # x-default is what is shown (XMP part 1, 8.2.2.4), else the first language; of a value that must
                # not repeat but does, the last.
                group.sort(key=lambda c: (c.text.lang not in (None, "x-default"), 0 if c.text.lang else -c.index))
    return groups


def _moment(text: SourceText, texts: Sequence[SourceText]) -> Moment | None:
    day = moment(text.text)
    if day is None or text.source not in _BESIDE:
        return day
    first, second = (
        next((t.text for t in texts if t.source == name), None) if name else None for name in _BESIDE[text.source]
    )
    if text.source.startswith("iim:"):
        return with_time(day, first) if first else day
    return with_exif(day, first, second)


def _say(group: list[_Candidate], rank: int, out: list[Statement]) -> None:
    """One source's values of one property as statements."""
    row = group[0].row
    rule = f"tag:{group[0].family}"
    for n, c in enumerate(group):
        text = c.text
        whole, source = text.text, text.source
        detail: dict[str, object] = {}
        if text.lang and text.lang != "x-default":
            detail["lang"] = text.lang
        if "[" in source:
            detail["item"] = source
        one_rank = rank if n == 0 or row.kind == "many" else max(rank, 1)
        if c.moment is not None:
            detail |= {k: v for k, v in c.moment._asdict().items() if v and k != "date"}
            out.append(Statement(
                row.property, c.moment.date if c.exists else whole.strip(), whole, source, rule,
                "exact" if c.exists else "unknown", c.index, Span(0, len(whole)), None,
                "taken" if row.property == "date_created" else None, one_rank, detail,
            ))  # fmt: skip
            continue
        if source not in _SPLIT or ";" not in whole:
            out.append(Statement(
                row.property, " ".join(whole.split()), whole, source, rule, "exact", c.index, Span(0, len(whole)),
                None, None, one_rank, detail,
            ))  # fmt: skip
            continue
        for span in _parts(whole):
            verbatim = whole[span.start : span.end]
            out.append(Statement(
                row.property, " ".join(verbatim.split()), verbatim, source, rule, "exact", c.index, span, None, None,
                one_rank, detail,
            ))  # fmt: skip


def _parts(whole: str) -> list[Span]:
    """The names in a text that holds several with semicolons."""
    return [Span(m.start(), m.end()) for m in re.finditer(r"[^;\s](?:[^;]*[^;\s])?", whole)]


def _positions(texts: Sequence[SourceText]) -> Iterator[Statement]:
    """GPS: Exif's, then the copy in XMP. Only with its hemisphere."""
    place: dict[str, int] = {}
    for i, text in enumerate(texts):
        if "GPS" in text.source:
            place[text.source] = i
    if not place:
        return
    rank = 0
    pairs = [("sidecar:xmp:exif:", "sidecar"), ("exif:", "exif"), ("xmp:exif:", "xmp")]
    for prefix, family in pairs:
        at, to = place.get(prefix + "GPSLatitude"), place.get(prefix + "GPSLongitude")
        if at is None or to is None:
            continue
        if family == "exif":
            north, east = place.get(prefix + "GPSLatitudeRef"), place.get(prefix + "GPSLongitudeRef")
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


def _conflict(prop: str, groups: list[list[_Candidate]]) -> Conflict | None:
    """Sources that disagree with the winner. A legacy field that was cut, and a date less precise, do not."""
    first = groups[0][0].text.text
    if all(len(group) == 1 and group[0].text.text == first for group in groups):
        return None
    won = _values(groups[0])
    pairs = [(groups[0][0].text.source, "; ".join(c.text.text for c in groups[0]))]
    for group in groups[1:]:
        if not _agree(won, _values(group), groups[0][0], group):
            pairs.append((group[0].text.source, "; ".join(c.text.text for c in group)))
    return Conflict(prop, tuple(pairs)) if len(pairs) > 1 else None


def _values(group: list[_Candidate]) -> set[str]:
    if group[0].row.kind != "many":
        return {_plain(group[0].text.text)}
    return {
        _plain(c.text.text[s.start : s.end])
        for c in group
        for s in (_parts(c.text.text) if c.text.source in _SPLIT else (Span(0, len(c.text.text)),))
    }


def _agree(won: set[str], other: set[str], winner: _Candidate, group: list[_Candidate]) -> bool:
    if winner.moment is not None and group[0].moment is not None:
        a, b = winner.moment.date, group[0].moment.date
        return a.startswith(b) or b.startswith(a)
    if won == other:
        return True
    cut = [c for c in group if "cut" in c.text.notes]
    return bool(cut) and all(any(w.startswith(o) for w in won) for o in other)
