"""Photoshop image resources: the wrapping of IIM in JPEG (APP13), TIFF (tag 34377) and PSD.

Adobe Photoshop File Formats Specification, "Image Resource Blocks": signature, id, Pascal name padded to even,
length, data padded to even.
"""

from __future__ import annotations

from collections.abc import Iterator

IIM, EXIF, EXIF_MORE, XMP, DIGEST = 0x0404, 0x0422, 0x0423, 0x0424, 0x0425

_SIGNATURES = {b"8BIM", b"PHUT", b"DCSR", b"AgHg", b"MeSa"}
_WANTED = {IIM, EXIF, EXIF_MORE, XMP, DIGEST}


def resources(block: bytes) -> Iterator[tuple[int, bytes]]:
    """(id, data) of the resources that carry metadata; the last one may be cut. Raises nothing."""
    pos, end = 0, len(block)
    while pos + 12 <= end and block[pos : pos + 4] in _SIGNATURES:
        number = block[pos + 4] << 8 | block[pos + 5]
        name = block[pos + 6]
        data = pos + 6 + (name + 2 & ~1)
        length = int.from_bytes(block[data : data + 4], "big")
        data += 4
        if number in _WANTED:
            yield number, block[data : data + length]
        pos = data + (length + 1 & ~1)
