"""Photographs of every format, written byte by byte from the specifications. No picture in them needs decoding."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping, Sequence

Value = bytes | int | Sequence[int] | Sequence[tuple[int, int]]
#: tag → (TIFF type, value)
Tags = Mapping[int, tuple[int, Value]]

ASCII, SHORT, LONG, RATIONAL, UNDEFINED = 2, 3, 4, 5, 7
EXIF_IFD, GPS_IFD = 0x8769, 0x8825

_SCAN = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00"
_FRAME = b"\xff\xc0\x00\x0b\x08" + struct.pack(">HH", 60, 80) + b"\x01\x01\x11\x00"


def text(words: str) -> tuple[int, bytes]:
    """An Exif ASCII value."""
    return ASCII, words.encode() + b"\0"


def _packed(kind: int, value: Value, order: str) -> tuple[int, bytes]:
    if isinstance(value, bytes):
        return len(value), value
    numbers: list[int] = []
    for v in [value] if isinstance(value, int) else value:
        numbers += v if isinstance(v, tuple) else [v]
    code = {SHORT: "H", LONG: "I", RATIONAL: "I"}[kind]
    return len(numbers) // (2 if kind == RATIONAL else 1), struct.pack(f"{order}{len(numbers)}{code}", *numbers)


def tiff(first: Tags, exif: Tags | None = None, gps: Tags | None = None, *, order: str = "<", magic: bytes = b"",
         strip: bytes = b"", size: tuple[int, int] = (80, 60)) -> bytes:  # fmt: skip
    """A TIFF stream: one directory, its Exif and GPS directories, one strip of picture where there is one."""
    start = (b"II" if order == "<" else b"MM") + (magic or struct.pack(order + "H", 42))
    out = bytearray(start + struct.pack(order + "I", 8))
    tags: dict[int, tuple[int, Value]] = dict(first)
    if strip:
        tags |= {256: (LONG, size[0]), 257: (LONG, size[1]), 273: (LONG, 0), 279: (LONG, len(strip))}
    if exif is not None:
        tags[EXIF_IFD] = (LONG, 0)
    if gps is not None:
        tags[GPS_IFD] = (LONG, 0)
    where = _directory(out, tags, order)
    for pointer, inner in ((EXIF_IFD, exif), (GPS_IFD, gps)):
        if inner is not None:
            struct.pack_into(order + "I", out, where[pointer], len(out))
            _directory(out, inner, order)
    if strip:
        struct.pack_into(order + "I", out, where[273], len(out))
        out += strip
    return bytes(out)


def _directory(out: bytearray, tags: Tags, order: str) -> dict[int, int]:
    """Appends a directory and its values; where each tag's value field lies."""
    start = len(out)
    out += struct.pack(order + "H", len(tags)) + bytes(12 * len(tags)) + bytes(4)
    where: dict[int, int] = {}
    for n, (tag, (kind, value)) in enumerate(sorted(tags.items())):
        count, data = _packed(kind, value, order)
        at = start + 2 + 12 * n
        struct.pack_into(order + "HHI", out, at, tag, kind, count)
        where[tag] = at + 8
        if len(data) <= 4:
            out[at + 8 : at + 8 + len(data)] = data
        else:
            struct.pack_into(order + "I", out, at + 8, len(out))
            out += data + b"\0" * (len(data) & 1)
    return where


def dataset(record: int, number: int, value: bytes) -> bytes:
    """One IIM dataset."""
    if len(value) > 0x7FFF:
        return b"\x1c" + bytes([record, number]) + b"\x80\x04" + struct.pack(">I", len(value)) + value
    return b"\x1c" + bytes([record, number]) + struct.pack(">H", len(value)) + value


def resource(number: int, data: bytes) -> bytes:
    """One Photoshop image resource without a name."""
    return b"8BIM" + struct.pack(">HHI", number, 0, len(data)) + data + b"\0" * (len(data) & 1)


def rdf(properties: str, attributes: str = "") -> bytes:
    """An XMP packet around the properties given as XML."""
    spaces = {
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "dc": "http://purl.org/dc/elements/1.1/",
        "photoshop": "http://ns.adobe.com/photoshop/1.0/", "xmp": "http://ns.adobe.com/xap/1.0/",
        "exif": "http://ns.adobe.com/exif/1.0/", "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
        "Iptc4xmpCore": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
        "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/", "plus": "http://ns.useplus.org/ldf/xmp/1.0/",
    }  # fmt: skip
    names = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in spaces.items())
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        f'<rdf:RDF {names}><rdf:Description rdf:about="" {attributes}>{properties}</rdf:Description></rdf:RDF>'
        '</x:xmpmeta><?xpacket end="w"?>'
    ).encode()


def segment(marker: int, data: bytes) -> bytes:
    """One JPEG segment."""
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def xmp_segment(packet: bytes) -> bytes:
    """APP1 with an XMP packet."""
    return segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + packet)


def exif_segment(block: bytes) -> bytes:
    """APP1 with an Exif block."""
    return segment(0xE1, b"Exif\0\0" + block)


def photoshop_segments(resources: bytes, limit: int = 65000) -> bytes:
    """APP13, as many segments as the resources need."""
    pieces = [resources[at : at + limit] for at in range(0, max(len(resources), 1), limit)]
    return b"".join(segment(0xED, b"Photoshop 3.0\0" + piece) for piece in pieces)


def jpeg(*segments: bytes, scan: bytes = b"the picture's own data", trailer: bytes = b"") -> bytes:
    """A JPEG of 80 by 60 pixels with these segments in front."""
    return b"\xff\xd8" + b"".join(segments) + _FRAME + _SCAN + scan + b"\xff\xd9" + trailer


def chunk(name: bytes, data: bytes) -> bytes:
    """One PNG chunk."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(*chunks: bytes, after: bytes = b"", size: tuple[int, int] = (80, 60), pixels: bytes = b"pixels") -> bytes:
    """A PNG with these chunks before the picture's data, and others behind it."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", *size, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + chunk(b"IDAT", pixels) + after + chunk(b"IEND", b"")


def profile(name: str, data: bytes) -> bytes:
    """A tEXt chunk with a raw profile, as ImageMagick writes it."""
    digits = data.hex()
    lines = "\n".join(digits[at : at + 72] for at in range(0, len(digits), 72))
    return chunk(b"tEXt", f"Raw profile type {name}\0\n{name}\n{len(data):8}\n{lines}\n".encode())


def riff(name: bytes, data: bytes) -> bytes:
    """One RIFF chunk."""
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) & 1)


def webp(*chunks: bytes, pixels: bytes = b"\x2f\x4f\xc0\x0e\x00lossless") -> bytes:
    """An extended WebP of 80 by 60 pixels with these chunks behind the picture."""
    flags = riff(b"VP8X", b"\x0c\0\0\0" + (79).to_bytes(3, "little") + (59).to_bytes(3, "little"))
    body = b"WEBP" + flags + riff(b"VP8L", pixels) + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def psd(resources: bytes, *, layers: bytes = b"layers and pixels", size: tuple[int, int] = (80, 60)) -> bytes:
    """A Photoshop document."""
    head = b"8BPS" + struct.pack(">H6xHIIHH", 1, 3, size[1], size[0], 8, 3)
    return head + struct.pack(">I", 0) + struct.pack(">I", len(resources)) + resources + layers


def box(kind: bytes, *parts: bytes) -> bytes:
    """One ISO box."""
    body = b"".join(parts)
    return struct.pack(">I", len(body) + 8) + kind + body


def jxl(*boxes: bytes) -> bytes:
    """A JPEG XL of these boxes."""
    return box(b"JXL ", b"\r\n\x87\n") + box(b"ftyp", b"jxl \0\0\0\0jxl ") + b"".join(boxes)


def heic(items: Sequence[tuple[bytes, bytes, bytes]], *, brand: bytes = b"heic", in_idat: bool = False,
         describes: Sequence[tuple[int, int]] = ()) -> bytes:  # fmt: skip
    """A HEIC (or AVIF, by brand) of items (type, MIME type, data); the first is the picture.

    `describes` are the items that say something of another one (from, to), by numbers from 1.
    """
    infos = [
        box(b"infe", b"\2\0\0\0", struct.pack(">HH", n, 0), kind, b"\0", (mime + b"\0") if kind == b"mime" else b"")
        for n, (kind, mime, _) in enumerate(items, 1)
    ]
    place = box(b"ispe", bytes(4), struct.pack(">II", 80, 60))
    properties = box(
        b"iprp", box(b"ipco", place), box(b"ipma", bytes(4), struct.pack(">I", 1), struct.pack(">HBB", 1, 1, 1))
    )

    references = box(b"iref", bytes(4), *(box(b"cdsc", struct.pack(">HHH", n, 1, to)) for n, to in describes))

    def meta(base: int) -> bytes:
        places, at = b"", base
        for n, (_, _, data) in enumerate(items, 1):
            places += struct.pack(">HHHHII", n, int(in_idat), 0, 1, at, len(data))
            at += len(data)
        return box(
            b"meta", bytes(4), box(b"pitm", bytes(4), struct.pack(">H", 1)),
            box(b"iinf", bytes(4), struct.pack(">H", len(items)), *infos), properties, references,
            box(b"iloc", b"\1\0\0\0\x44\0", struct.pack(">H", len(items)), places),
            box(b"idat", b"".join(d for *_, d in items)) if in_idat else b"",
        )  # fmt: skip

    kind = box(b"ftyp", brand, bytes(4), b"mif1", brand)
    if in_idat:
        return kind + meta(0)
    body = b"".join(data for *_, data in items)
    return kind + meta(len(kind) + len(meta(0)) + 8) + box(b"mdat", body)
