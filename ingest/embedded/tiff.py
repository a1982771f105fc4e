"""TIFF and the raw formats that are TIFF inside: DNG, CR2, NEF, ARW, ORF, RW2, and the BigTIFF of scanners.

TIFF 6.0; DNG 1.7; XMP part 3, 1.1.4. The picture's own data is what the strips and tiles of all directories hold, in
the order of the directories; where there are none, the embedded JPEG; else the whole file.
"""

from __future__ import annotations

from collections.abc import Mapping

from ingest.embedded import jpeg, photoshop
from ingest.embedded.container import MAX_BLOCK, Parts, Source
from ingest.embedded.exif import (
    EXIF_IFD,
    FIRST,
    GPS_IFD,
    IIM,
    PHOTOSHOP,
    SUB_IFDS,
    XMP,
    Entry,
    Tiff,
    directory,
    numbers,
    open_tiff,
)

MAX_DIRECTORIES = 512
_KIND, _WIDTH, _HEIGHT, _DNG = 254, 256, 257, 50706
#: (offsets, lengths): strips, tiles; then the JPEG of an old thumbnail or preview.
_STRIPS, _TILES, _JPEG = (273, 279), (324, 325), (513, 514)
_RW2_JPEG = 0x002E
_DATA: frozenset[int] = frozenset({_KIND, _WIDTH, _HEIGHT, SUB_IFDS, *_STRIPS, *_TILES, *_JPEG})
_FIRST: Mapping[int, str] = {
    **FIRST, **dict.fromkeys(_DATA, ""), EXIF_IFD: "", GPS_IFD: "", IIM: "", PHOTOSHOP: "", XMP: "", _DNG: "",
    _RW2_JPEG: "",
}  # fmt: skip


def walk(src: Source) -> Parts:
    """The parts of a TIFF or a raw file. Raises OSError."""
    parts = Parts("tiff")
    tiff = open_tiff(src.at)
    if tiff is None:
        parts.notes.append("truncated")
        return parts
    first, following = directory(tiff, tiff.first, _FIRST)
    parts.format = _format(src, tiff, first)
    parts.tiff = (tiff, first)
    parts.add("tiff", b"")
    if not first:
        parts.notes.append("damaged directory")
    for tag, entry in first.items():
        if tag in (IIM, XMP, PHOTOSHOP):
            _block(parts, tag, tiff.at(entry.offset, min(entry.size, MAX_BLOCK)))
    if parts.format == "rw2" and _RW2_JPEG in first:
        _inner_jpeg(parts, src, first)
    _picture(parts, src, tiff, first, following)
    return parts


def _format(src: Source, tiff: Tiff, first: Mapping[int, Entry]) -> str:
    head = src.head
    if head[2:4] in (b"RO", b"RS", b"OR"):
        return "orf"
    if head[2:4] == b"U\0":
        return "rw2"
    if head[8:10] == b"CR":
        return "cr2"
    if _DNG in first:
        return "dng"
    reduced = _KIND in first and numbers(tiff, first[_KIND], 1) == [1]
    if reduced and SUB_IFDS in first and 0x010F in first:
        make = tiff.at(first[0x010F].offset, min(first[0x010F].size, 5)).upper()
        return {b"NIKON": "nef", b"SONY ": "arw", b"SONY\0": "arw"}.get(make, "tiff")
    return "tiff"


def _block(parts: Parts, tag: int, data: bytes) -> None:
    if tag == XMP:
        parts.add("xmp", data)
    elif tag == IIM:
        if data[:4] == b"8BIM":
            _block(parts, PHOTOSHOP, data)
        else:
            parts.add("iim", data)
    else:
        for number, resource in photoshop.resources(data):
            if number == photoshop.DIGEST:
                parts.digest = resource
            elif number == photoshop.IIM:
                parts.add("iim", resource)


def _inner_jpeg(parts: Parts, src: Source, first: Mapping[int, Entry]) -> None:
    """Panasonic's raw files keep their IIM, XMP and (the older ones) Exif in the full-size JPEG that they carry."""
    entry = first[_RW2_JPEG]
    data = src.at(entry.offset, min(entry.size, MAX_BLOCK))
    inner = jpeg.walk(Source(None, len(data), data, digesting=False))
    parts.width, parts.height = inner.width, inner.height
    parts.blocks += [block for block in inner.blocks if block[0] != "exif" or EXIF_IFD not in first]


def _picture(parts: Parts, src: Source, tiff: Tiff, first: Mapping[int, Entry], following: int) -> None:
    """Size and place of the picture: the first directory, its sub-directories, the directories that follow."""
    room = src.size * 2
    spare: list[tuple[int, int]] = []
    queue: list[Mapping[int, Entry]] = [first]
    seen = {tiff.first}
    best: tuple[int, int] | None = None
    while queue:
        entries = queue.pop(0)
        kind = (numbers(tiff, entries[_KIND], 1) or [0])[0] if _KIND in entries else 0
        width, height = ((numbers(tiff, entries[t], 1) or [0])[0] if t in entries else 0 for t in (_WIDTH, _HEIGHT))
        # The first directory's size, unless it is only a preview: then the largest of those that are none.
        if width and height and (best is None or (best[0] and (kind & 1, -width * height) < best)):
            best = (kind & 1, -width * height)
            parts.width, parts.height = width, height
        for pair, ranges in ((_STRIPS, parts.picture), (_TILES, parts.picture), (_JPEG, spare)):
            if pair[0] in entries and pair[1] in entries:
                room -= _ranges(tiff, entries[pair[0]], entries[pair[1]], ranges, src.size)
        if room < 0 or len(seen) > MAX_DIRECTORIES:
            parts.picture.clear()  # overlapping data, or no end of directories: the whole file is digested
            return
        inner = numbers(tiff, entries[SUB_IFDS], 16) if SUB_IFDS in entries else []
        for offset in inner:
            if offset not in seen and offset < src.size:
                seen.add(offset)
                queue.append(directory(tiff, offset, _DATA)[0])
        if not queue and following and following not in seen and following < src.size:
            seen.add(following)
            entries, following = directory(tiff, following, _DATA)
            queue.append(entries)
    if not parts.picture:
        parts.picture = spare


def _ranges(tiff: Tiff, offsets: Entry, lengths: Entry, out: list[tuple[int, int]], size: int) -> int:
    """Adds the stretches of one directory, neighbours joined; the bytes that they and their list take, at least."""
    starts = numbers(tiff, offsets)
    total = 4 * len(starts)
    for start, length in zip(starts, numbers(tiff, lengths), strict=False):
        end = min(start + length, size)
        if end <= start:
            continue
        total += end - start
        if out and out[-1][1] == start:
            out[-1] = (out[-1][0], end)
        else:
            out.append((start, end))
    return total
