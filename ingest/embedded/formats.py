"""The allow-list: which files are photographs, told by their first bytes and never by their name.

Nothing else is opened, whatever it is called: an EPS named .jpg is refused here, before any decoder could see it.
"""

from __future__ import annotations

from collections.abc import Callable

from ingest.embedded import isobmff, jpeg, png, psd, riff, tiff
from ingest.embedded.container import Parts, Source

#: TIFF, BigTIFF, and the raw formats with a magic number of their own: Olympus (RO, RS, OR), Panasonic (U).
_TIFFS = {
    b"II*\0", b"MM\0*", b"II+\0", b"MM\0+", b"IIRO", b"IIRS", b"MMOR", b"IIU\0",
}  # fmt: skip
#: Brands of still pictures (23008-12, annex B; AV1 Image File Format). A film has others.
_BRANDS = {
    b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"mif2", b"msf1", b"avif", b"avis", b"avci",
}  # fmt: skip

Walker = Callable[[Source], Parts]


def walker(head: bytes) -> Walker | None:
    """Who can walk a file that begins like this; None for everything that is not on the list."""
    if head.startswith(b"\xff\xd8\xff"):
        return jpeg.walk
    if head[:4] in _TIFFS:
        return tiff.walk
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return png.walk
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return riff.walk
    if head[4:8] == b"ftyp" and (head[8:12] in _BRANDS or _BRANDS & _compatible(head)):
        return isobmff.walk
    if head.startswith(b"\0\0\0\x0cJXL \r\n\x87\n"):
        return isobmff.walk
    if head.startswith((b"8BPS\0\1", b"8BPS\0\2")):
        return psd.walk
    return None


def _compatible(head: bytes) -> set[bytes]:
    """The brands that an `ftyp` box says it is compatible with."""
    end = min(int.from_bytes(head[:4], "big"), 256)
    return {head[at : at + 4] for at in range(16, end - 3, 4)}
