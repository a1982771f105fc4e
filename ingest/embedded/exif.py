"""Exif directories to texts: the tags that say who, when, where, what, and with which camera.

Exif 2.32 (CIPA DC-008) and TIFF 6.0. Only wanted tags are looked at, each value by its own offset, so that a
damaged directory costs its own tags. Maker notes are not read.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from typing import NamedTuple

from archive.records import SourceText
from ingest.embedded.text import doubts, undeclared

#: Reads `length` bytes at `offset` of the TIFF stream; fewer at its end.
At = Callable[[int, int], bytes]

MAX_ENTRIES = 2000
MAX_VALUE = 1 << 16

#: Pointers and blocks in the first directory.
EXIF_IFD, GPS_IFD, XMP, IIM, PHOTOSHOP, SUB_IFDS = 0x8769, 0x8825, 700, 33723, 34377, 330

FIRST: Mapping[int, str] = {
    0x010D: "DocumentName", 0x010E: "ImageDescription", 0x010F: "Make", 0x0110: "Model", 0x0112: "Orientation",
    0x0131: "Software", 0x0132: "DateTime", 0x013B: "Artist", 0x013C: "HostComputer", 0x4746: "Rating",
    0x8298: "Copyright", 0x9003: "DateTimeOriginal", 0x9C9B: "XPTitle", 0x9C9C: "XPComment", 0x9C9D: "XPAuthor",
    0x9C9E: "XPKeywords", 0x9C9F: "XPSubject",
}  # fmt: skip
EXIF: Mapping[int, str] = {
    0x829A: "ExposureTime", 0x829D: "FNumber", 0x8827: "PhotographicSensitivity", 0x9003: "DateTimeOriginal",
    0x9004: "DateTimeDigitized", 0x9010: "OffsetTime", 0x9011: "OffsetTimeOriginal", 0x9012: "OffsetTimeDigitized",
    0x920A: "FocalLength", 0x9286: "UserComment", 0x9290: "SubSecTime", 0x9291: "SubSecTimeOriginal",
    0x9292: "SubSecTimeDigitized", 0xA420: "ImageUniqueID", 0xA430: "CameraOwnerName", 0xA431: "BodySerialNumber",
    0xA433: "LensMake", 0xA434: "LensModel", 0xA436: "ImageTitle", 0xA437: "Photographer",
}  # fmt: skip
GPS: Mapping[int, str] = {
    1: "GPSLatitudeRef", 2: "GPSLatitude", 3: "GPSLongitudeRef", 4: "GPSLongitude", 5: "GPSAltitudeRef",
    6: "GPSAltitude", 7: "GPSTimeStamp", 16: "GPSImgDirectionRef", 17: "GPSImgDirection", 18: "GPSMapDatum",
    29: "GPSDateStamp", 31: "GPSHPositioningError",
}  # fmt: skip

_COMMENT_CHARSETS = {b"ASCII\0\0\0": None, b"\0" * 8: None, b"UNICODE\0": "utf-16", b"JIS\0\0\0\0\0": "iso2022_jp"}
#: Bytes a value of each TIFF type takes (129: Exif 3.0's UTF-8).
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8, 129: 1}
_CODES = {1: "B", 3: "H", 4: "I", 6: "b", 8: "h", 9: "i", 11: "f", 12: "d", 13: "I", 16: "Q", 17: "q", 18: "Q"}


class Entry(NamedTuple):
    """One tag of a directory: where its value lies in the stream, and how long it is in bytes."""

    tag: int
    type: int
    number: int
    offset: int
    size: int


class Tiff(NamedTuple):
    """An open TIFF stream: how to read from it, its byte order (`<` or `>`), whether it is a BigTIFF."""

    at: At
    order: str
    big: bool
    first: int


def open_tiff(at: At) -> Tiff | None:
    """The header of a TIFF, BigTIFF or TIFF-like RAW stream; None where it is none."""
    head = at(0, 16)
    order = {b"II": "<", b"MM": ">"}.get(head[:2])
    if order is None or len(head) < 8:
        return None
    magic = struct.unpack_from(order + "H", head, 2)[0]
    if magic == 43:
        if len(head) < 16:
            return None
        return Tiff(at, order, True, struct.unpack_from(order + "Q", head, 8)[0])
    return Tiff(at, order, False, struct.unpack_from(order + "I", head, 4)[0])


def directory(tiff: Tiff, offset: int, wanted: Mapping[int, str] | frozenset[int]) -> tuple[dict[int, Entry], int]:
    """The wanted entries of the directory at `offset` (a tag's first occurrence), and the next directory's offset.

    Next is 0 at the end of the chain, and where the directory is cut or absurd. Raises nothing.
    """
    at, order, big, _ = tiff
    head = at(offset, 8 if big else 2)
    if len(head) < (8 if big else 2):
        return {}, 0
    count = struct.unpack(order + ("Q" if big else "H"), head)[0]
    if count > MAX_ENTRIES:
        return {}, 0
    start, width = offset + len(head), 20 if big else 12
    table = at(start, count * width + (8 if big else 4))
    room = 8 if big else 4
    out: dict[int, Entry] = {}
    body = memoryview(table)[: min(count, len(table) // width) * width]
    inline = 12 if big else 8
    for i, (tag, kind, number, where) in enumerate(struct.iter_unpack(order + ("HHQQ" if big else "HHII"), body)):
        if tag in wanted and tag not in out:
            size = _SIZES.get(kind, 0) * number
            if size:
                out[tag] = Entry(tag, kind, number, start + i * width + inline if size <= room else where, size)
    tail = table[count * width :]
    following = struct.unpack(order + ("Q" if big else "I"), tail)[0] if len(tail) == room else 0
    return out, following


def numbers(tiff: Tiff, entry: Entry, limit: int = 1 << 20) -> list[int]:
    """The whole numbers of an entry, at most `limit` of them; empty where they are none or cut."""
    code = _CODES.get(entry.type)
    if code is None or code in "fd":
        return []
    count = min(entry.number, limit)
    raw = tiff.at(entry.offset, _SIZES[entry.type] * count)
    count = len(raw) // _SIZES[entry.type]
    return list(struct.unpack_from(f"{tiff.order}{count}{code}", raw))


def _words(name: str, raw: bytes) -> SourceText | None:
    """A value of characters. Up to the first NUL; Copyright holds photographer NUL editor (Exif 2.32, 4.6.5)."""
    if name == "Copyright":
        raw = b"\n".join([part.rstrip(b" ") for part in raw.split(b"\0", 2)[:2]]).rstrip(b"\n")
    elif b"\0" in raw:
        raw = raw[: raw.index(b"\0")]
    if not raw or raw.isspace():
        return None
    if raw.isascii():
        return SourceText("exif:" + name, str(raw, "ascii"), 0, None, "ascii")
    got = undeclared(raw)
    return SourceText(
        f"exif:{name}", got.text, 0, None, got.charset, got.declared, None if got.declared else raw, got.notes
    )


def _wide(name: str, raw: bytes, order: str) -> SourceText | None:
    """Windows' XP tags: UTF-16, little-endian whatever the file's order is."""
    text = raw[: len(raw) & ~1].decode("utf-16-le", "replace").partition("\0")[0]
    return SourceText(f"exif:{name}", text, 0, None, "utf-16-le", True, None, doubts(text)) if text.strip() else None


def _comment(name: str, raw: bytes, order: str) -> SourceText | None:
    """UserComment: eight bytes that name the charset, then the text (Exif 2.32, 4.6.6)."""
    code, rest = raw[:8], raw[8:]
    charset = _COMMENT_CHARSETS.get(code)
    if charset is None:
        return _words(name, rest if code in _COMMENT_CHARSETS else raw)
    if charset == "utf-16" and rest[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        # The file's byte order, by the specification; some write the other: the half with the zero bytes tells.
        even, odd = rest[0::2].count(0), rest[1::2].count(0)
        charset = "utf-16-be" if even > odd or (even == odd and order == ">") else "utf-16-le"
        rest = rest[: len(rest) & ~1]
    text = rest.decode(charset, "replace").strip("\0")
    return SourceText("exif:UserComment", text, 0, None, charset, True, None, doubts(text)) if text.strip() else None


#: Tags whose characters are written in a way of their own.
_OWN_WAY: Mapping[str, Callable[[str, bytes, str], SourceText | None]] = {
    "UserComment": _comment, **{name: _wide for name in FIRST.values() if name.startswith("XP")},
}  # fmt: skip


def value(tiff: Tiff, entry: Entry, name: str) -> SourceText | None:
    """One tag as a text: rationals as `n/d`, numbers in decimal, several of them with a space between."""
    if entry.size > MAX_VALUE:
        return None
    raw = tiff.at(entry.offset, entry.size)
    if len(raw) < entry.size:
        return None
    kind = entry.type
    if name in _OWN_WAY:
        return _OWN_WAY[name](name, raw, tiff.order)
    if kind in (2, 7, 129):
        return _words(name, raw)
    if kind in (5, 10):
        pairs = struct.unpack(f"{tiff.order}{entry.number * 2}{'I' if kind == 5 else 'i'}", raw)
        parts = [f"{n}/{d}" for n, d in zip(pairs[::2], pairs[1::2], strict=True)]
        return SourceText("exif:" + name, " ".join(parts))
    if entry.number > 16:
        return None
    if kind == 3 and entry.number == 1:
        return SourceText("exif:" + name, str(raw[0] | raw[1] << 8 if tiff.order == "<" else raw[0] << 8 | raw[1]))
    plain = struct.unpack(f"{tiff.order}{entry.number}{_CODES[kind]}", raw)
    return SourceText("exif:" + name, " ".join(map(str, plain)))


_FIRST_WANTED: Mapping[int, str] = {**FIRST, EXIF_IFD: "", GPS_IFD: ""}


def texts(tiff: Tiff, entries: Mapping[int, Entry] | None = None) -> list[SourceText]:
    """The wanted tags of the first, the Exif and the GPS directory, each in the file's order. Raises nothing."""
    first = directory(tiff, tiff.first, _FIRST_WANTED)[0] if entries is None else entries
    out = [t for tag, entry in first.items() if (name := FIRST.get(tag)) and (t := value(tiff, entry, name))]
    for pointer, names in ((EXIF_IFD, EXIF), (GPS_IFD, GPS)):
        if pointer in first:
            at = numbers(tiff, first[pointer], 1)
            inner = directory(tiff, at[0], names)[0] if at else {}
            out += [t for tag, entry in inner.items() if (t := value(tiff, entry, names[tag]))]
    return out
