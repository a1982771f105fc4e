"""A picture made small: the second pass, over what is searchable already.

What a picture shows is kept, what its file carries is not: no Exif, no place, no name leaves with a thumbnail.
"""

from __future__ import annotations

import hashlib
import io
import os
import stat
import warnings
from collections.abc import Callable
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from archive.errors import RefusedFile
from archive.thumbnails import Due, Thumbnail, due, keep
from ingest.sources import is_address, read_bytes
from ingest.workers import Workers

if TYPE_CHECKING:
    from PIL.Image import Image

#: The longer side, in pixels: enough for a contact sheet on a dense screen and for the photo's own page.
LONGEST = 640
#: More pixels than any camera makes: a file that claims them is a bomb, and is not decoded.
MOST_PIXELS = 400_000_000
#: More bytes than a photo has; also what one file may cost in memory before it is decoded.
MOST_BYTES = 512 * 1024 * 1024
#: Formats whose decoders are worth trusting with strangers' files; no PDF, EPS or others that run programs.
_FORMATS = ("JPEG", "PNG", "TIFF", "WEBP", "GIF", "BMP", "AVIF", "JPEG2000", "PSD", "HEIF")


def thumbnail(path: str | bytes, *, sha256: str | None = None, size: int | None = None) -> Thumbnail:
    """Read one picture and make its thumbnail, turned as its Exif orientation says, in sRGB.

    `sha256` and `size` are those of the file that was ingested, as far as known: a file that is another by now is
    refused, or its picture would stand beside somebody else's caption. Raises RefusedFile with what to do.
    """
    name = os.fsdecode(path)
    data = _stored(name) if is_address(name) else _whole(path, name)
    if size not in (None, len(data)) or (sha256 is not None and hashlib.sha256(data).hexdigest() != sha256):
        raise RefusedFile(name, "changed-while-read", "the file has changed since it was read; ingest it again.")
    return small(data, name)


def _whole(path: str | bytes, name: str) -> bytes:
    try:
        number = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        raise RefusedFile(name, "unreadable", f"{error.strerror}; ingest again when it can be read.") from error
    about = os.fstat(number)
    if not stat.S_ISREG(about.st_mode):
        os.close(number)
        raise RefusedFile(name, "not-a-photo", "not a file.")
    with os.fdopen(number, "rb") as file:  # by its number: what was looked at is what is read
        if about.st_size > MOST_BYTES:
            raise RefusedFile(name, "too-large", f"{about.st_size:,} bytes; at most {MOST_BYTES:,} are decoded.")
        return file.read()


def _stored(address: str) -> bytes:
    try:
        return read_bytes(address)
    except OSError as error:
        raise RefusedFile(address, "unreadable", f"{error.strerror}; ingest again when it can be read.") from error


def small(data: bytes, name: str = "picture") -> Thumbnail:
    """The thumbnail of a picture's bytes. Raises RefusedFile."""
    from PIL import Image, UnidentifiedImageError

    try:
        from pillow_heif import register_heif_opener  # type: ignore[import-not-found,unused-ignore]

        register_heif_opener()
    except ImportError:
        pass
    Image.init()
    known = [f for f in _FORMATS if f in Image.OPEN]
    try:
        with warnings.catch_warnings():
            # Our own limit is checked before a pixel is decoded; Pillow's warning would only be noise.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=known) as image:
                width, height = image.size
                if width * height > MOST_PIXELS:
                    most = f"at most {MOST_PIXELS:,} are decoded"
                    raise RefusedFile(name, "too-large", f"{width} x {height} pixels; {most}.")
                image.draft("RGB", (LONGEST * 2, LONGEST * 2))
                return _made(image)
    except RefusedFile:
        raise
    except Image.DecompressionBombError as error:
        raise RefusedFile(name, "too-large", f"{error} It is not decoded.") from error
    except UnidentifiedImageError as error:
        raise RefusedFile(name, "not-a-photo", "no picture that Pillow knows.") from error
    except Exception as error:  # decoders raise whatever they meet: struct, zlib, index, value, memory
        what = f"its picture cannot be decoded ({type(error).__name__}: {error})."
        raise RefusedFile(name, "unreadable", what) from error


def _made(image: Image) -> Thumbnail:
    from PIL import Image as Module
    from PIL import ImageOps

    profile = image.info.get("icc_profile")
    image.load()
    turned = ImageOps.exif_transpose(image)
    turned.thumbnail((LONGEST, LONGEST), Module.Resampling.LANCZOS, reducing_gap=2.0)
    plain = _in_rgb(turned, profile if isinstance(profile, bytes) else None)
    # A new image has nothing but pixels: what Pillow would carry along from `info` stays behind.
    clean = Module.new("RGB", plain.size)
    clean.paste(plain)
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=80, optimize=True, progressive=True)
    jpeg = out.getvalue()
    return Thumbnail(hashlib.sha256(jpeg).hexdigest(), *clean.size, jpeg)


def _in_rgb(image: Image, profile: bytes | None) -> Image:
    from PIL import Image as Module

    if profile and image.mode in ("RGB", "CMYK", "L"):
        from PIL import ImageCms

        try:
            srgb = ImageCms.createProfile("sRGB")
            made = ImageCms.profileToProfile(image, io.BytesIO(profile), srgb, outputMode="RGB")
            if made is not None:
                return made
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a damaged profile costs the exact colours, not the picture
    if image.mode in ("I;16", "I;16B", "I", "F"):
        low, high = image.convert("F").getextrema()
        low, high = float(low), float(high)  # type: ignore[arg-type]
        share = 255.0 / (high - low) if high > low else 0.0
        image = image.convert("F").point(lambda v: (v - low) * share).convert("L")
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        ground = Module.new("RGBA", image.size, "white")
        return Module.alpha_composite(ground, image.convert("RGBA")).convert("RGB")
    return image.convert("RGB")


def of(photo: Due) -> Thumbnail:
    """The thumbnail of a photo that is due one. Raises RefusedFile."""
    return thumbnail(photo.path_bytes or photo.path, sha256=photo.sha256, size=photo.size)


def second_pass(
    archive: Path, jobs: int = 1, *, refused: Callable[[RefusedFile], None] = lambda _: None, batch: int = 100
) -> int:
    """Make the thumbnails that an archive has not got yet, in `jobs` processes that no picture takes down.

    Written batch by batch: a stop in the middle loses one batch at most, and the next call goes on there. A picture
    that cannot be made small is told to `refused` and costs only itself. How many were made. Raises DatabaseError.
    """
    from archive.connection import connect, writing

    made = after = 0
    with writing(archive, "cutline thumbnails"), Workers(of, jobs, name=attrgetter("path")) as crew:
        db = connect(archive, write=True)
        try:
            while photos := due(db, after, batch):
                small_ones = []
                for photo, result in crew.map(photos):
                    after = photo.photo
                    if isinstance(result, RefusedFile):
                        refused(result)
                    else:
                        small_ones.append((photo.photo, result))
                keep(db, small_ones)
                made += len(small_ones)
        finally:
            db.close()
    return made
