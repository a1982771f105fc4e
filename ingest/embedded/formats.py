"""The allow-list: which files are photographs, told by their first bytes and never by their name.

Nothing else is opened, whatever it is called: an EPS named .jpg is refused here, before any decoder could see it.
"""

from __future__ import annotations

from collections.abc import Callable

from ingest.embedded import jpeg
from ingest.embedded.container import Parts, Source

Walker = Callable[[Source], Parts]


def walker(head: bytes) -> Walker | None:
    """Who can walk a file that begins like this; None for everything that is not on the list."""
    if head.startswith(b"\xff\xd8\xff"):
        return jpeg.walk
    return None
