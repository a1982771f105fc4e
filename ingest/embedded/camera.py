"""What the camera recorded: every Exif tag with its meaning, and the maker notes, by ExifRead.

Ten times the cost of the tags that say who, when and where, and nothing that a desk searches by, so it is only read
when somebody asks for one photograph's.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path


def recorded(path: bytes | str | os.PathLike[str]) -> dict[str, str]:
    """Tag (`EXIF FNumber`, `MakerNote LensType` ...) → value in words, in the order of the tags' names.

    Empty where the file has no Exif, or Exif that ExifRead cannot read; thumbnails are left out. Raises OSError.
    """
    import exifread

    logging.getLogger("exifread").setLevel(logging.CRITICAL)  # a damaged tag is no news for the terminal
    try:
        with Path(os.fsdecode(path)).open("rb") as file:
            tags = exifread.process_file(file)
    except OSError:
        raise
    except Exception:  # its errors are as many as the ways to damage a file
        return {}
    return {name: str(tag).strip() for name, tag in sorted(tags.items()) if not isinstance(tag, bytes)}
