"""What reading one file brings back."""

from __future__ import annotations

from dataclasses import dataclass

from archive.records import SourceText


@dataclass(frozen=True, slots=True)
class Embedded:
    """Everything that one file says of its picture, verbatim."""

    #: jpeg, tiff, png, webp, heic, avif, jxl, psd, dng, cr2, nef, arw, orf, rw2.
    format: str
    #: In pixels, as stored (Exif's orientation is not applied); None where the file does not say.
    width: int | None
    height: int | None
    #: Of the whole file, lower-case hex; None where it was not asked for.
    sha256: str | None
    #: 32 hex digits: a digest of the picture's own data without its metadata; empty without `fixity`.
    identity: str
    size: int
    mtime_ns: int
    #: Every tag that says something of the picture, in the file's order.
    texts: tuple[SourceText, ...] = ()
    #: What was wrong with the file, in a few words each.
    notes: tuple[str, ...] = ()
