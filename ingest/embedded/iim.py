"""IPTC-IIM 4.2 datasets to texts.

A dataset is 0x1C, record, number, a two-byte length (its high bit: that many bytes of length follow), the value.
Record 1 is the envelope, record 2 the application record; dataset 1:90 declares the charset of record 2 on.
"""

from __future__ import annotations

import struct
from functools import lru_cache

from archive.records import SourceText
from ingest.embedded.text import declared, declared_charset, undeclared

#: Bytes of one IIM block that are read; a press block is under 10 KB, the largest ones carry a preview.
MAX_BYTES = 4 << 20
MAX_DATASETS = 4000

#: Where a value of exactly that many bytes has probably been cut: the limits of IIM 4.2, record 2.
_LIMITS = {
    5: 64, 22: 32, 25: 64, 26: 32, 40: 256, 85: 32, 90: 32, 92: 32, 95: 32, 101: 64, 103: 32, 105: 256, 110: 32,
    115: 32, 116: 128, 118: 128, 120: 2000, 122: 32,
}  # fmt: skip
#: The by-line's limit is 32; programs that keep room for a NUL cut at 31.
_BYLINE, _BYLINE_LIMITS = 80, (31, 32)
#: Numbers that hold no text: record versions, previews, rasterised captions, audio.
_BINARY = {(1, 0), (1, 20), (1, 22), (1, 90), (1, 120), (1, 122), (2, 0), (2, 125), (2, 200), (2, 201), (2, 202)}


@lru_cache(maxsize=1024)
def _source(key: tuple[int, int]) -> str:
    return f"iim:{key[0]}:{key[1]}"


def datasets(block: bytes) -> tuple[list[tuple[int, int, bytes]], bool]:
    """(record, number, value) in order, and whether the block is damaged. Stops at the damage. Raises nothing."""
    out: list[tuple[int, int, bytes]] = []
    pos, end = 0, min(len(block), MAX_BYTES)
    while pos + 5 <= end:
        if block[pos] != 0x1C:
            return out, any(block[pos:end])  # zero padding at the end is usual
        record, number, length = block[pos + 1], block[pos + 2], block[pos + 3] << 8 | block[pos + 4]
        pos += 5
        if length & 0x8000:
            more = length & 0x7FFF
            if more > 4:
                return out, True
            length = int.from_bytes(block[pos : pos + more], "big")
            pos += more
        if pos + length > end or len(out) >= MAX_DATASETS:
            return out, True
        out.append((record, number, block[pos : pos + length]))
        pos += length
    return out, False


def texts(block: bytes, notes: tuple[str, ...] = ()) -> tuple[list[SourceText], tuple[str, ...]]:
    """Every textual dataset of records 1 and 2 as `iim:RECORD:NUMBER`, and notes on the block. Raises nothing.

    `notes` go on every text (which block it was).
    """
    if block[:1] != b"\x1c" and block[3:4] == b"\x1c":  # a TIFF's longs, swapped to the other byte order
        count = len(block) // 4
        block = struct.pack(f">{count}I", *struct.unpack_from(f"<{count}I", block))
    found, damaged = datasets(block)
    charset: str | None = None
    said = False
    out: list[SourceText] = []
    seen: dict[tuple[int, int], int] = {}
    for record, number, raw in found:
        key = (record, number)
        if key == (1, 90):
            charset, said = declared_charset(raw), True
            continue
        if record > 2 or key in _BINARY:
            continue
        whole = raw.rstrip(b"\0")
        raw = whole.partition(b"\0")[0]  # what stands behind a NUL is what was in the writer's memory
        if not raw or raw.isspace():
            continue
        position = seen.get(key, 0)
        seen[key] = position + 1
        size = len(raw)
        at_limit = size == _LIMITS.get(number) or (number == _BYLINE and size in _BYLINE_LIMITS)
        if not at_limit and size == len(whole) and raw.isascii():  # the usual case, in fewer steps
            out.append(SourceText(_source(key), raw.decode("ascii"), position, None, charset or "ascii", notes=notes))
            continue
        got = declared(raw, charset) if charset and record == 2 else undeclared(raw)
        doubt = got.notes
        if at_limit:
            doubt = ("cut", *(n for n in doubt if n != "cut"))
        # Kept wherever the characters rest on our guess, or do not say what the bytes were.
        keep = whole if not got.declared or "cut" in got.notes or len(whole) > size else None
        out.append(SourceText(_source(key), got.text, position, None, got.charset, got.declared, keep, notes + doubt))
    trouble: tuple[str, ...] = ("iim damaged",) if damaged else ()
    if said and charset is None:
        trouble += ("iim charset unknown",)
    return out, trouble
