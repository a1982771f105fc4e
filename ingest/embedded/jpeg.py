"""Segments of a JPEG (ISO/IEC 10918-1, annex B; XMP part 3, 1.1.3).

The picture's own data is everything but APPn and COM segments, from the start to the first EOI after the first
scan's header: a trailer, or a second picture behind it, is no part of it.
"""

from __future__ import annotations

import re

from ingest.embedded import photoshop
from ingest.embedded.container import MAX_BLOCK, Parts, Source

_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_EXTENDED = b"http://ns.adobe.com/xmp/extension/\0"
_PHOTOSHOP, _OLD_PHOTOSHOP = b"Photoshop 3.0\0", b"Adobe_Photoshop2.5:\0"
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset([0x01, *range(0xD0, 0xD9)])
#: `re` goes from 0xFF to 0xFF, `find` looks at every byte: five times as long, and longer than a digest.
_EOI = re.compile(rb"\xff\xd9")
MAX_SEGMENTS = 20_000
#: Extended XMP larger than this is a depth map or a second picture.
MAX_EXTENDED = 16 << 20


def walk(src: Source) -> Parts:
    """The parts of a JPEG. Raises OSError."""
    parts = Parts("jpeg")
    irb: list[bytes] = []
    irb_at = 0
    extended: dict[bytes, dict[int, bytes]] = {}
    pos, kept_from = 2, 0
    for _ in range(MAX_SEGMENTS):
        head = src.at(pos, 4)
        if len(head) < 4:
            parts.notes.append("truncated")
            break
        marker = head[1]
        if head[0] != 0xFF or marker in (0x00, 0xFF):
            step = _next_marker(src, pos + 1)
            if step is None:
                parts.notes.append("truncated")
                break
            pos = step
            continue
        if marker in _ALONE:
            pos += 2
            continue
        if marker == 0xD9:
            break
        length = head[2] << 8 | head[3]
        if marker == 0xDA or length < 2:
            break
        end = pos + 2 + length
        if 0xE0 <= marker <= 0xEF or marker == 0xFE:
            if pos > kept_from:
                parts.picture.append((kept_from, pos))
            kept_from = end
            if marker in (0xE1, 0xED, 0xFE):
                data = src.at(pos + 4, length - 2)
                if len(data) < length - 2:
                    parts.notes.append("truncated")
                if marker == 0xE1:
                    _app1(data, parts, extended)
                elif marker == 0xFE:
                    parts.add("text:jpeg:Comment", data)
                elif data.startswith((_PHOTOSHOP, _OLD_PHOTOSHOP)):
                    if not irb:
                        irb_at = len(parts.blocks)
                    if parts.takes(length):
                        irb.append(data[14:] if data[0] == 0x50 else data[20:])
                elif data[:1] == b"\x1c":
                    parts.add("iim", data)
        elif marker in _FRAMES and parts.width is None:
            frame = src.at(pos + 5, 4)
            if len(frame) == 4:
                parts.height, parts.width = frame[0] << 8 | frame[1], frame[2] << 8 | frame[3]
        pos = end
    parts.picture.append((kept_from, _end_of_image(src, max(pos, kept_from)) if src.digesting else src.size))
    found: list[tuple[str, bytes]] = []
    for number, data in photoshop.resources(b"".join(irb)):
        if number == photoshop.IIM:
            found.append(("iim", data))
        elif number == photoshop.DIGEST:
            parts.digest = data
        elif number == photoshop.XMP:
            found.append(("xmp", data))
    parts.blocks[irb_at:irb_at] = found
    for chunks in extended.values():
        whole = b"".join(chunks[offset] for offset in sorted(chunks))
        parts.blocks.append(("xmp+", whole))
    return parts


def _app1(data: bytes, parts: Parts, extended: dict[bytes, dict[int, bytes]]) -> None:
    if data.startswith(b"Exif\0"):
        last = parts.blocks[-1] if parts.blocks else ("", b"")
        if last[0] == "exif" and data[6:8] not in (b"II", b"MM"):  # one block over several segments
            if len(last[1]) < MAX_BLOCK and parts.takes(len(data)):
                parts.blocks[-1] = ("exif", last[1] + data[6:])
        else:
            parts.add("exif", data[6:])
    elif data.startswith(_XMP):
        parts.add("xmp", data[len(_XMP) :])
    elif data.startswith(_EXTENDED):
        # GUID (32), full length (4), this chunk's offset (4), the chunk.
        chunk = data[len(_EXTENDED) :]
        chunks = extended.setdefault(chunk[:32], {})
        if len(chunk) > 40 and sum(map(len, chunks.values())) < MAX_EXTENDED and parts.takes(len(chunk)):
            chunks[int.from_bytes(chunk[36:40], "big")] = chunk[40:]
    elif data.startswith((b"http", b"XMP\0")) or b"<?xpacket" in data or b"<x:xmpmeta" in data:
        start = data.find(b"<")  # a header that some software damaged: the packet says what it is
        if start >= 0:
            parts.add("xmp", data[start:])
    elif (at := data[:9].lower().find(b"exif\0")) >= 0:
        parts.add("exif", data[at + 6 :])


def _next_marker(src: Source, pos: int) -> int | None:
    """The next 0xFF at or after `pos` that a marker follows, within 1 MB; None where there is none."""
    for start in range(pos, min(pos + (1 << 20), src.size), 1 << 16):
        chunk = src.at(start, (1 << 16) + 1)
        found = chunk.find(b"\xff")
        while 0 <= found < len(chunk) - 1:
            if chunk[found + 1] not in (0x00, 0xFF):
                return start + found
            found = chunk.find(b"\xff", found + 1)
    return None


def _end_of_image(src: Source, pos: int) -> int:
    """Just behind the first EOI at or after `pos`; the file's end where there is none."""
    if len(src.head) == src.size:
        found = _EOI.search(src.head, pos)
        return found.end() if found else src.size
    while pos < src.size:
        chunk = src.at(pos, 1 << 20)
        found = _EOI.search(chunk)
        if found:
            return pos + found.end()
        if len(chunk) < 2:
            break
        pos += len(chunk) - 1
    return src.size
