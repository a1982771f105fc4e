"""Chunks of a PNG (W3C PNG, third edition; XMP part 3, 1.1.5; ImageMagick's raw profiles).

The picture's own data is every chunk but the textual ones, eXIf and tIME.
"""

from __future__ import annotations

import re
import zlib

from ingest.embedded import photoshop
from ingest.embedded.container import MAX_BLOCK, Parts, Source

MAX_CHUNKS = 200_000
MAX_TEXT_CHUNKS = 2000
#: Decompressed bytes of one text chunk, and of all of a file: a chunk of 900 bytes can hold a gigabyte of zeros.
MAX_TEXT = 8 << 20
MAX_TEXTS = 32 << 20

_TEXTS = (b"tEXt", b"zTXt", b"iTXt")
_EXIF_HEADER, _XMP_HEADER = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0"
#: name, length in decimal, then hex in lines: how ImageMagick, and those who took it over, write binary profiles.
_PROFILE = re.compile(rb"\s*+(?:[^\n]*\n\s*+)?\d+\s*\n(.*)", re.DOTALL)
#: A digit that is none counts as 0, so that what follows stays where it is.
_DIGITS = bytes(c if chr(c) in "0123456789abcdefABCDEF" else 0x30 for c in range(256))
_KEYWORD = re.compile(r"[A-Za-z][A-Za-z ]{0,30}\Z")


def walk(src: Source) -> Parts:
    """The parts of a PNG. Raises OSError."""
    parts = Parts("png")
    pos, room, texts = 8, MAX_TEXTS, 0
    for _ in range(MAX_CHUNKS):
        head = src.at(pos, 8)
        if len(head) < 8:
            parts.notes.append("truncated")
            break
        length, name = int.from_bytes(head[:4], "big"), head[4:]
        end = min(pos + length + 12, src.size)
        if name in _TEXTS:
            texts += 1
            if room <= 0 or texts > MAX_TEXT_CHUNKS:
                parts.takes(parts.room + 1)
            else:
                room -= _text(parts, name, src.at(pos + 8, min(length, MAX_BLOCK)), room)
        elif name in (b"eXIf", b"zxIf"):
            data = src.at(pos + 8, min(length, MAX_BLOCK))
            parts.add("exif", data[6:] if data[:6] == _EXIF_HEADER else data)
        elif name == b"tIME":
            pass
        else:
            if parts.picture and parts.picture[-1][1] == pos:
                parts.picture[-1] = (parts.picture[-1][0], end)
            else:
                parts.picture.append((pos, end))
            if name == b"IHDR":
                size = src.at(pos + 8, 8)
                if len(size) == 8:
                    parts.width, parts.height = int.from_bytes(size[:4], "big"), int.from_bytes(size[4:], "big")
            elif name == b"IEND":
                break
        pos += length + 12
    return parts


def _inflate(parts: Parts, data: bytes, room: int) -> bytes:
    """A zlib stream as far as it goes, at most MAX_TEXT bytes of it; nothing where it holds more."""
    stream = zlib.decompressobj()
    try:
        out = stream.decompress(data, min(MAX_TEXT, room) + 1)
    except zlib.error:
        parts.notes.append("png text damaged")
        return b""
    if len(out) > min(MAX_TEXT, room):
        parts.notes.append("png text refused: it unpacks to more than 8 MB")
        return b""
    return out


def _text(parts: Parts, name: bytes, data: bytes, room: int) -> int:
    """Takes in one textual chunk; the bytes it took of the room."""
    keyword, _, rest = data.partition(b"\0")
    kind = "latin"
    if name == b"zTXt":
        rest = _inflate(parts, rest[1:], room)
    elif name == b"iTXt":
        packed = rest[:1] == b"\1"
        _language, _, after = rest[2:].partition(b"\0")
        _translated, _, rest = after.partition(b"\0")
        kind = "utf8"
        if packed:
            rest = _inflate(parts, rest, room)
    word = keyword.decode("latin-1")
    if word.startswith("Raw profile type "):
        _profile(parts, word[17:].strip().lower(), rest)
    elif word == "XML:com.adobe.xmp" or (word.lower() == "xmp" and rest.lstrip()[:1] == b"<"):
        parts.add("xmp", rest)
    elif rest and _KEYWORD.match(word):
        parts.add(f"{kind}:png:{word}", rest)
    return len(rest)


def _profile(parts: Parts, name: str, text: bytes) -> None:
    """A raw profile: which of the four it is, its name says; what it holds, its first bytes."""
    found = _PROFILE.match(text)
    if found is None:
        parts.notes.append("png profile damaged")
        return
    digits = b"".join(found[1].split()).translate(_DIGITS)
    data = bytes.fromhex(digits[: len(digits) & ~1].decode("ascii"))
    if data.startswith(_EXIF_HEADER):
        parts.add("exif", data[6:])
    elif data.startswith(_XMP_HEADER):
        parts.add("xmp", data[len(_XMP_HEADER) :])
    elif data[:4] == b"8BIM":
        for number, resource in photoshop.resources(data):
            if number == photoshop.IIM:
                parts.add("iim", resource)
    elif data[:1] == b"\x1c":
        parts.add("iim", data)
    elif name in ("exif", "app1") and data[:2] in (b"II", b"MM"):
        parts.add("exif", data)
    elif name == "xmp" or data.lstrip()[:1] == b"<":
        parts.add("xmp", data)
