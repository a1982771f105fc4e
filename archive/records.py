"""What one photograph says of itself, and the characters that say it.

The record law: `text[start:end] == verbatim` for every statement with a span, in code points of the text
as it came in. Names of properties follow the IPTC Photo Metadata Standard 2025.1, in snake_case
(`date_created`, `location_created`, `creator`, `credit_line` ...).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

#: How sure a value is. `exact`: the authority's or the grammar's own form; `variant`: another known form;
#: `inferred`: settled by something outside these characters (shown in square brackets, as archivists do);
#: `ambiguous`: several candidates, all kept; `unknown`: form understood, name in no authority file.
Standing = Literal["exact", "variant", "inferred", "ambiguous", "unknown"]

_NOTHING: Mapping[str, object] = {}


class Span(NamedTuple):
    """A half-open stretch of a text, in code points."""

    start: int
    end: int


class SourceText(NamedTuple):
    """One value exactly as a file carries it.

    `source` names the tag: `iim:2:120`, `xmp:dc:description`, `exif:ImageDescription`, `png:Comment`, a
    sidecar's `sidecar:xmp:dc:description`, or `caption` for text that came without a picture (an article's
    paragraph, a manifest's column). A field of an XMP structure is a path:
    `xmp:Iptc4xmpExt:LocationShown[1]/Iptc4xmpExt:City`.
    """

    source: str
    text: str
    #: Order among repeated values of one source, from 0 (by-lines, keywords, `rdf:Seq`).
    position: int = 0
    lang: str | None = None
    #: The charset the text was decoded with, and whether the file declared it.
    charset: str | None = None
    declared: bool = True
    #: The bytes, kept wherever the charset was not declared.
    raw: bytes | None = None
    #: `cut` (a legacy field at its limit), `mojibake`, `replaced` (undecodable bytes), `damaged`.
    notes: tuple[str, ...] = ()


class Statement(NamedTuple):
    """One value of one property, with where it came from and why it is believed."""

    property: str
    #: Normalised: EDTF for dates, an authority id or a built key for units and agencies, a display name.
    value: str
    #: The characters as printed.
    verbatim: str
    source: str
    rule: str
    standing: Standing = "exact"
    #: Index into `Photo.texts` of the text that was read; None for what the desk says.
    text: int | None = None
    span: Span | None = None
    authority: str | None = None
    #: date: taken, file, released, issued, filed. agency: origin, handout, distributor. location: created, shown.
    role: str | None = None
    #: 0 for the value that won by precedence, 1 and up for those that lost; they are kept.
    rank: int = 0
    #: What the value needs besides (a unit's name, number, echelon, within; a place's region, country,
    #: coordinates; the other candidates). JSON-ready.
    detail: Mapping[str, object] = _NOTHING


class Conflict(NamedTuple):
    """Two sources of one photo that disagree on a property."""

    property: str
    #: (source, value) pairs, the winner first.
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Sighting:
    """Where a photo was seen: a path is a sighting, content is identity."""

    path: str
    #: 0 for the file itself; from 1, the item inside an article or manifest.
    item: int = 0
    #: Of the whole file, lower-case hex.
    sha256: str | None = None
    size: int | None = None
    mtime_ns: int | None = None
    #: The path's own bytes where they are not UTF-8.
    path_bytes: bytes | None = None


@dataclass(frozen=True, slots=True)
class Photo:
    """One photograph, or one caption that came without its picture."""

    #: 32 hex digits: a digest of the picture's own data without its metadata; of the caption where there is none.
    identity: str
    kind: Literal["picture", "caption"]
    sighting: Sighting
    texts: tuple[SourceText, ...] = ()
    statements: tuple[Statement, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    #: Index into `texts` of the text that was read as the caption.
    caption: int | None = None
    format: str | None = None
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file (or an item in one) that was not taken in, and why."""

    sighting: Sighting
    #: A short stable code: not-a-photo, no-caption, unreadable, too-large, timeout, crashed, changed-while-read.
    reason: str
    message: str
