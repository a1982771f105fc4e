"""Photoshop documents, PSD and PSB (Adobe Photoshop File Formats Specification).

The picture's own data is everything but the header's reserved bytes and the image resources: colour table, layers,
pixels.
"""

from __future__ import annotations

from ingest.embedded import photoshop
from ingest.embedded.container import MAX_BLOCK, Parts, Source


def walk(src: Source) -> Parts:
    """The parts of a PSD. Raises OSError."""
    parts = Parts("psd")
    head = src.at(0, 30)
    if len(head) < 30:
        parts.notes.append("truncated")
        return parts
    parts.height, parts.width = int.from_bytes(head[14:18], "big"), int.from_bytes(head[18:22], "big")
    colours_end = 30 + int.from_bytes(head[26:30], "big")
    length = src.at(colours_end, 4)
    start = colours_end + 4
    end = start + int.from_bytes(length, "big")
    if len(length) < 4 or end > src.size:
        parts.notes.append("truncated")
    parts.picture = [(12, min(colours_end, src.size))]
    if end < src.size:
        parts.picture.append((end, src.size))
    for number, data in photoshop.resources(src.at(start, min(end - start, MAX_BLOCK))):
        if number == photoshop.IIM:
            parts.add("iim", data)
        elif number == photoshop.XMP:
            parts.add("xmp", data)
        elif number in (photoshop.EXIF, photoshop.EXIF_MORE):
            parts.add("exif", data)
        elif number == photoshop.DIGEST:
            parts.digest = data
    return parts
