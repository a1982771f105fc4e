"""Chunks of a WebP (RFC 9649).

The picture's own data is every chunk but EXIF, XMP and VP8X, whose flags only say which of them there are.
"""

from __future__ import annotations

from ingest.embedded.container import MAX_BLOCK, Parts, Source

MAX_CHUNKS = 20_000


def walk(src: Source) -> Parts:
    """The parts of a WebP. Raises OSError."""
    parts = Parts("webp")
    pos = 12
    for _ in range(MAX_CHUNKS):
        head = src.at(pos, 18)
        if len(head) < 8:
            break
        name, length = head[:4], int.from_bytes(head[4:8], "little")
        end = pos + 8 + length
        if end > src.size:
            parts.notes.append("truncated")
        if name in (b"EXIF", b"XMP ", b"XMP\0"):  # the last as some writers misspell it
            data = src.at(pos + 8, min(length, MAX_BLOCK))
            if name != b"EXIF":
                parts.add("xmp", data)
            else:  # some writers keep JPEG's header in front of it
                parts.add("exif", data[6:] if data[:6] == b"Exif\0\0" else data)
        elif name == b"VP8X" and len(head) >= 18:
            more = src.at(pos + 12, 6)
            if len(more) == 6:
                parts.width = int.from_bytes(more[:3], "little") + 1
                parts.height = int.from_bytes(more[3:], "little") + 1
        else:
            parts.picture.append((pos, min(end, src.size)))
            if parts.width is None and len(head) == 18:
                _size(parts, name, head, src, pos)
        pos = end + (length & 1)
    return parts


def _size(parts: Parts, name: bytes, head: bytes, src: Source, pos: int) -> None:
    if name == b"VP8 " and head[11:14] == b"\x9d\x01\x2a":
        more = src.at(pos + 14, 4)
        if len(more) == 4:
            parts.width = int.from_bytes(more[:2], "little") & 0x3FFF
            parts.height = int.from_bytes(more[2:], "little") & 0x3FFF
    elif name == b"VP8L" and head[8] == 0x2F:
        bits = int.from_bytes(head[9:13], "little")
        parts.width, parts.height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
