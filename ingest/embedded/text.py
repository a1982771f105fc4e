"""Bytes to characters, with how sure that is.

IPTC-IIM 4.2 declares its charset in dataset 1:90 by ISO 2022 escapes; most files that agencies sent before 2005
declare nothing, and many that declare UTF-8 hold something else. Nothing is mended here: what looks wrong is noted.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache
from typing import NamedTuple

#: cp1252 with its five holes as the C1 controls of the same number, so that every byte has a character.
_CP1252 = "".join(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in range(256))
_TO_CP1252 = codecs.charmap_build(_CP1252)

#: ISO 2022 escapes of dataset 1:90 (IIM 4.2, 1:90; ISO-IR registry numbers in the comments).
_ESCAPES = {
    b"\x1b%G": "utf-8",  # 196
    b"\x1b%/G": "utf-8",  # 190
    b"\x1b%/H": "utf-8",  # 191
    b"\x1b%/I": "utf-8",  # 192
}
#: A 96-character set as G1, G2 or G3 (ESC - . /): the right half of an ISO 8859 part. Latin-1 is read as cp1252,
#: which is what those who declare it write.
_HALVES = {
    "A": "cp1252", "B": "iso8859-2", "C": "iso8859-3", "D": "iso8859-4", "F": "iso8859-7", "G": "iso8859-6",
    "H": "iso8859-8", "L": "iso8859-5", "M": "iso8859-9", "V": "iso8859-10", "Y": "iso8859-13", "b": "iso8859-15",
    "f": "iso8859-16",
}  # fmt: skip

#: Four letters of À-ÿ in a row: in no language that uses them, but in every Cyrillic word (cp1251) read as cp1252.
_CYRILLIC_AS_LATIN = re.compile(r"[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff]{4}")


class Decoded(NamedTuple):
    """Characters, the charset they were read with, whether the file said so, and what is wrong with them."""

    text: str
    charset: str
    declared: bool
    notes: tuple[str, ...] = ()


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(_CP1252[b] for b in error.object[error.start : error.end]), error.end


codecs.register_error("cutline-cp1252", _as_cp1252)


@lru_cache(maxsize=64)
def declared_charset(escapes: bytes) -> str | None:
    """The Python codec that dataset 1:90 names; None where it names none that is known."""
    escapes = escapes.strip(b"\0 ")
    if escapes in _ESCAPES:
        return _ESCAPES[escapes]
    last = None
    for found in re.finditer(rb"\x1b[-./](.)", escapes):
        last = _HALVES.get(chr(found[1][0]), last)
    return last


def cp1252(raw: bytes) -> str:
    """Windows Latin-1; the five bytes it leaves undefined become the control character of that number."""
    return codecs.charmap_decode(raw, "strict", _CP1252)[0]


def undeclared(raw: bytes) -> Decoded:
    """UTF-8 if the bytes are valid UTF-8 and not plain ASCII, else cp1252."""
    if raw.isascii():
        return Decoded(raw.decode("ascii"), "ascii", True)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = cp1252(raw)
        return Decoded(text, "cp1252", False, doubts(text))
    return Decoded(text, "utf-8", False, doubts(text))


def declared(raw: bytes, charset: str) -> Decoded:
    """By the charset that the file declares. Bytes that it has no character for are read as cp1252 and noted."""
    if raw.isascii():
        return Decoded(raw.decode("ascii"), charset, True)
    if charset == "cp1252":
        text = cp1252(raw)
        return Decoded(text, charset, True, doubts(text))
    try:
        text = raw.decode(charset)
        return Decoded(text, charset, True, doubts(text))
    except UnicodeDecodeError as error:
        if charset == "utf-8" and error.end == len(raw) and error.start >= len(raw) - 3:
            whole = raw[: error.start].decode(charset)  # a letter cut in its middle by the field's limit
            return Decoded(whole, charset, True, ("cut", *doubts(whole)))
        return Decoded(raw.decode(charset, "cutline-cp1252"), charset, False, ("replaced",))


def doubts(text: str) -> tuple[str, ...]:
    """`mojibake`: UTF-8 read as cp1252, or cp1251 read as cp1252; `replaced`: a replacement character."""
    if text.isascii():
        return ()
    if "\ufffd" in text:
        return ("replaced",)
    try:
        raw = codecs.charmap_encode(text, "strict", _TO_CP1252)[0]
    except UnicodeEncodeError:
        return ()
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return ("mojibake",) if _CYRILLIC_AS_LATIN.search(text) else ()
    return ("mojibake",)
