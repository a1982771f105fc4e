"""HEIC, AVIF and JPEG XL: boxes and items (ISO/IEC 14496-12, 23008-12, 18181-2; XMP part 3, 1.1.8).

The `meta` box lists the items, where their bytes lie and what they are; Exif and XMP are items among the others. The
picture's own data is all the other items, by their numbers. In JPEG XL Exif, XMP and the picture are boxes themselves.
"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.embedded.container import MAX_BLOCK, Parts, Source

MAX_BOXES = 4000
MAX_META = 8 << 20
#: Stretches of all items; a picture of a phone has a hundred.
MAX_EXTENTS = 100_000
_AVIF = {b"avif", b"avis"}
#: Adobe's box for XMP where there are no items (image sequences, JPEG 2000's relatives).
_XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")


def boxes(data: bytes, pos: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """(type, start, end) of the contents of the boxes in a stretch of bytes; stops where one is damaged."""
    for _ in range(MAX_BOXES):
        if pos + 8 > end:
            return
        size, kind, start = int.from_bytes(data[pos : pos + 4], "big"), data[pos + 4 : pos + 8], pos + 8
        if size == 1:
            size, start = int.from_bytes(data[pos + 8 : pos + 16], "big"), pos + 16
        elif size == 0:
            size = end - pos
        if pos + size > end or pos + size < start:
            return
        yield kind, start, pos + size
        pos += size


class _Number:
    """Reads big-endian numbers one after the other."""

    def __init__(self, data: bytes, pos: int, end: int) -> None:
        self.data, self.pos, self.end = data, pos, end

    def take(self, size: int) -> int:
        if self.pos + size > self.end:
            raise ValueError("box ends early")
        self.pos += size
        return int.from_bytes(self.data[self.pos - size : self.pos], "big")

    def words(self) -> bytes:
        """Bytes up to the next NUL."""
        stop = self.data.find(b"\0", self.pos, self.end)
        stop = self.end if stop < 0 else stop
        out = self.data[self.pos : stop]
        self.pos = stop + 1
        return out


#: An item's place: whether in `idat`, and its stretches.
_Extents = tuple[bool, list[tuple[int, int]]]


def walk(src: Source) -> Parts:
    """The parts of a HEIC or AVIF. Raises OSError."""
    parts = Parts(_format(src.at(0, 72)))
    pos = 0
    for _ in range(MAX_BOXES):
        head = src.at(pos, 32)
        if len(head) < 8:
            break
        size, kind, start = int.from_bytes(head[:4], "big"), head[4:8], 8
        if size == 1:
            size, start = int.from_bytes(head[8:16], "big"), 16
        elif size == 0:
            size = src.size - pos
        if size < start:
            parts.notes.append("damaged box")
            break
        if kind == b"meta":
            data = src.at(pos + start, min(size - start, MAX_META))
            try:
                _meta(parts, src, data, pos + start)
            except ValueError:
                parts.notes.append("damaged box")
        elif kind == b"uuid" and head[start : start + 16] == _XMP_UUID:
            parts.add("xmp", src.at(pos + start + 16, min(size - start - 16, MAX_BLOCK)))
        elif parts.format == "jxl" and kind in (b"Exif", b"xml "):
            data = src.at(pos + start, min(size - start, MAX_BLOCK))
            _metadata(parts, b"Exif" if kind == b"Exif" else b"mime", b"application/rdf+xml", data)
        elif kind in (b"jxlc", b"jxlp"):
            parts.picture.append((pos, min(pos + size, src.size)))
        elif kind == b"mdat" and pos + size > src.size:
            parts.notes.append("truncated")
        pos += size
    return parts


def _format(head: bytes) -> str:
    if head[4:8] == b"JXL ":
        return "jxl"
    general = head[8:12] in (b"mif1", b"msf1")
    return "avif" if head[8:12] in _AVIF or (general and b"avif" in head[12:]) else "heic"


def _meta(parts: Parts, src: Source, data: bytes, base: int) -> None:
    places: dict[int, _Extents] = {}
    kinds: dict[int, tuple[bytes, bytes]] = {}
    sizes: list[tuple[int, int] | None] = []
    shown: dict[int, list[int]] = {}
    described: dict[int, set[int]] = {}
    primary, idat = -1, (0, 0)
    for kind, start, end in boxes(data, 4, len(data)):
        if kind == b"pitm":
            primary = int.from_bytes(data[start + 4 : start + (6 if data[start] == 0 else 8)], "big")
        elif kind == b"iinf":
            kinds = _items(data, start, end)
        elif kind == b"iloc":
            places = _places(data, start, end)
        elif kind == b"iref":
            described = _described(data, start, end)
        elif kind == b"idat":
            idat = (base + start, base + end)
        elif kind == b"iprp":
            for inner, at, to in boxes(data, start, end):
                if inner == b"ipco":
                    sizes = [_size(data, a) if k == b"ispe" else None for k, a, _ in boxes(data, at, to)]
                elif inner == b"ipma":
                    shown = _associations(data, at, to)
    for index in shown.get(primary, []):
        if 0 < index <= len(sizes) and (size := sizes[index - 1]) is not None:
            parts.width, parts.height = size
    # What describes the primary item comes last: of several blocks that one is believed.
    for item in sorted(kinds, key=lambda item: primary in described.get(item, (primary,))):
        kind, content = kinds[item]
        if parts.room < 0:
            break
        if item in places and (kind == b"Exif" or (kind == b"mime" and content)):
            _metadata(parts, kind, content, b"".join(_pieces(src, places[item], idat)))
    room = src.size * 2
    for item in sorted(places):
        if kinds.get(item, (b"", b""))[0] not in (b"Exif", b"mime", b"uri "):
            for start, end in _stretches(src, places[item], idat):
                room -= end - start
                parts.picture.append((start, end))
    if room < 0:
        parts.picture.clear()


def _stretches(src: Source, extents: _Extents, idat: tuple[int, int]) -> Iterator[tuple[int, int]]:
    inside, pieces = extents
    for offset, length in pieces:
        start = offset + (idat[0] if inside else 0)
        end = min(start + length, idat[1] if inside else src.size) if length else src.size
        if start < end:
            yield start, end


def _pieces(src: Source, extents: _Extents, idat: tuple[int, int]) -> Iterator[bytes]:
    room = MAX_BLOCK
    for start, end in _stretches(src, extents, idat):
        if room <= 0:
            return
        yield src.at(start, min(end - start, room))
        room -= end - start


def _metadata(parts: Parts, kind: bytes, content: bytes, data: bytes) -> None:
    if kind == b"Exif":
        # Four bytes say how far on the TIFF header is (23008-12, A.2.1); usually over JPEG's own header.
        skip = 4 + int.from_bytes(data[:4], "big")
        block = data[skip:] if data[skip : skip + 2] in (b"II", b"MM") else data[4:]
        if block[:2] not in (b"II", b"MM"):
            found = min((at for mark in (b"II*\0", b"MM\0*") if (at := data[:64].find(mark)) >= 0), default=-1)
            block = data[found:] if found >= 0 else block
        parts.add("exif", block)
    elif content in (b"application/rdf+xml", b"application/xmp+xml") or data.lstrip()[:9] == b"<?xpacket":
        parts.add("xmp", data)
    elif b"iptc" in content:
        parts.add("iim", data)


def _items(data: bytes, start: int, end: int) -> dict[int, tuple[bytes, bytes]]:
    """Item → (type, MIME type), of an `iinf` box."""
    out: dict[int, tuple[bytes, bytes]] = {}
    first = start + (6 if data[start] == 0 else 8)
    for kind, at, to in boxes(data, first, end):
        if kind != b"infe" or data[at] < 2:
            continue
        read = _Number(data, at + 4, to)
        item = read.take(2 if data[at] == 2 else 4)
        read.take(2)  # protection
        what = data[read.pos : read.pos + 4]
        read.take(4)
        read.words()  # its name
        out[item] = (what, read.words() if what == b"mime" else b"")
    return out


def _places(data: bytes, start: int, end: int) -> dict[int, _Extents]:
    """Item → where its bytes lie, of an `iloc` box. Raises ValueError where the box ends early, or lists no end."""
    version = data[start]
    read = _Number(data, start + 4, end)
    widths = read.take(2)
    offset, length, base, index = widths >> 12 & 15, widths >> 8 & 15, widths >> 4 & 15, widths & 15
    out: dict[int, _Extents] = {}
    room = MAX_EXTENTS
    for _ in range(read.take(2 if version < 2 else 4)):
        item = read.take(2 if version < 2 else 4)
        method = read.take(2) & 15 if version else 0
        read.take(2)  # in which file: 0 is this one
        origin = read.take(base)
        pieces: list[tuple[int, int]] = []
        number = read.take(2)
        room -= number
        if room < 0:
            raise ValueError("too many extents")
        for _ in range(number):
            if version and index:
                read.take(index)
            at = read.take(offset)
            pieces.append((origin + at, read.take(length)))
        if method < 2:
            out[item] = (method == 1, pieces)
    return out


def _described(data: bytes, start: int, end: int) -> dict[int, set[int]]:
    """Item → the items whose content it describes (`cdsc`), of an `iref` box. Raises ValueError where it ends early."""
    wide = 4 if data[start] else 2
    out: dict[int, set[int]] = {}
    for kind, at, to in boxes(data, start + 4, end):
        if kind == b"cdsc":
            read = _Number(data, at, to)
            item = read.take(wide)
            out[item] = {read.take(wide) for _ in range(read.take(2))}
    return out


def _size(data: bytes, at: int) -> tuple[int, int]:
    return int.from_bytes(data[at + 4 : at + 8], "big"), int.from_bytes(data[at + 8 : at + 12], "big")


def _associations(data: bytes, start: int, end: int) -> dict[int, list[int]]:
    """Item → numbers of its properties, from 1, of an `ipma` box. Raises ValueError where the box ends early."""
    version, wide = data[start], data[start + 3] & 1
    read = _Number(data, start + 4, end)
    out: dict[int, list[int]] = {}
    for _ in range(read.take(4)):
        item = read.take(2 if version < 1 else 4)
        numbers = [read.take(2 if wide else 1) for _ in range(read.take(1))]
        out[item] = [n & (0x7FFF if wide else 0x7F) for n in numbers]
    return out
