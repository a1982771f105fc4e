"""What an open file offers to a walker, and what a walker brings back. The allow-list of formats is in `formats`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from ingest.embedded.exif import Entry, Tiff

#: Bytes of one block of metadata that are read; what is larger is cut.
MAX_BLOCK = 16 << 20
#: Bytes of metadata that are taken from one file. Press pictures carry kilobytes, the largest ones a few megabytes.
MAX_METADATA = 64 << 20


#: The note on a file of which something was left out.
TOO_MUCH = "too much metadata: the rest left out"


class Source:
    """Random reads from one file, or from bytes that were read before.

    The first `ahead` bytes are read in one go; most metadata lies there. A read past the end is short.
    """

    __slots__ = ("_fd", "digesting", "head", "size")

    def __init__(self, fd: int | None, size: int, head: bytes, digesting: bool = True) -> None:
        """`head` is the beginning of the file, or the whole of it (then `fd` may be None).

        `digesting` False spares a walker the search for where the picture's own data ends.
        """
        self._fd, self.size, self.head, self.digesting = fd, size, head, digesting

    def at(self, start: int, length: int) -> bytes:
        """`length` bytes from `start`, fewer at the end of the file. Raises OSError."""
        end = min(start + length, self.size)
        if end <= len(self.head):
            return self.head[start:end]
        if self._fd is None or start >= end:
            return b""
        return os.pread(self._fd, end - start, start)


@dataclass(slots=True)
class Parts:
    """What one container carries, in the order of the file."""

    format: str
    width: int | None = None
    height: int | None = None
    #: (kind, bytes): `exif` a TIFF stream, `tiff` the file itself, `iim` datasets, `xmp` a packet, `xmp+` its
    #: extension, and characters: `text:NAME` in no declared charset, `latin:NAME`, `utf8:NAME`.
    blocks: list[tuple[str, bytes]] = field(default_factory=list)
    #: Where the picture's own data lies, in the order in which it is digested: [start, end).
    picture: list[tuple[int, int]] = field(default_factory=list)
    #: Photoshop's MD5 of the IIM that the XMP was last brought in step with.
    digest: bytes | None = None
    #: Where the file is a TIFF itself: the stream, and the entries of its first directory.
    tiff: tuple[Tiff, Mapping[int, Entry]] | None = None
    notes: list[str] = field(default_factory=list)
    room: int = MAX_METADATA

    def takes(self, size: int) -> bool:
        """Whether that many bytes more are still read from this file."""
        self.room -= size
        if self.room < 0 and TOO_MUCH not in self.notes:
            self.notes.append(TOO_MUCH)
        return self.room >= 0

    def add(self, kind: str, data: bytes) -> None:
        """Takes in one block, as long as there is room for it."""
        if self.takes(len(data)):
            self.blocks.append((kind, data))
