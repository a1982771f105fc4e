"""A thumbnail shows what the picture shows, and carries nothing that its file carries."""

from __future__ import annotations

import hashlib
import io
import os
import sqlite3
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from archive.errors import RefusedFile
from archive.thumbnails import Thumbnail, due, keep
from ingest.thumbnails import LONGEST, small, thumbnail
from samples.metadata import exif, iim, jpeg_with, xmp
from tests.desk_archive import CARD, EASTER, MARINES, build


def jpeg(size: tuple[int, int] = (1600, 900), **options: object) -> bytes:
    """A picture whose left half is red and whose right half is blue."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, *size))
    out = io.BytesIO()
    image.save(out, "JPEG", **options)
    return out.getvalue()


def shown(made: Thumbnail) -> Image.Image:
    return Image.open(io.BytesIO(made.jpeg))


def test_the_longer_side_is_bounded_and_the_shape_kept() -> None:
    made = small(jpeg())
    assert (made.width, made.height) == (LONGEST, LONGEST * 9 // 16) == shown(made).size
    assert made.digest == hashlib.sha256(made.jpeg).hexdigest()


def test_a_small_picture_is_not_made_larger() -> None:
    assert (small(jpeg((90, 60))).width, small(jpeg((90, 60))).height) == (90, 60)


def test_no_metadata_leaves_with_it() -> None:
    data = jpeg_with(
        jpeg(), iim=iim({"byline": "CANARY-iim"}), xmp=xmp({"dc:creator": "CANARY-xmp"}),
        exif=exif({"Artist": "CANARY-exif"}, gps=(51.7, 36.2)),
    )  # fmt: skip
    assert data.count(b"CANARY") == 3
    made = small(data)
    assert b"CANARY" not in made.jpeg
    assert b"Exif" not in made.jpeg
    assert set(shown(made).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}


def test_it_stands_upright() -> None:
    """Orientation 6: the camera lay on its side, and what was left comes to the top."""
    made = small(jpeg_with(jpeg((800, 400)), exif=exif({"Orientation": 6})))
    assert made.height > made.width
    top = shown(made).getpixel((made.width // 2, 5))
    assert isinstance(top, tuple)
    assert top[0] > 200 > 60 > top[2]


@pytest.mark.parametrize(
    ("mode", "form"),
    [("L", "PNG"), ("RGBA", "PNG"), ("P", "GIF"), ("CMYK", "JPEG"), ("I;16", "TIFF"), ("1", "TIFF"), ("LA", "PNG"),
     ("RGB", "WEBP")],
)  # fmt: skip
def test_every_kind_of_pixel_becomes_rgb(mode: str, form: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (80, 60)).save(out, form)
    assert shown(small(out.getvalue())).mode == "RGB"


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims to be enormous."""
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = chunk(b"IDAT", zlib.compress(b"\0" * 100))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + data + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(bomb(60_000, 60_000), "too-large", id="a bomb is not decoded"),
        pytest.param(b"no picture at all", "not-a-photo", id="text"),
        pytest.param(b"", "not-a-photo", id="nothing"),
        pytest.param(b"%PDF-1.4 ...", "not-a-photo", id="a format that runs programs"),
        pytest.param(jpeg()[:2000], "unreadable", id="cut off"),
    ],
)  # fmt: skip
def test_what_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(RefusedFile) as refused:
        small(data, "x.jpg")
    assert refused.value.reason == reason
    assert "x.jpg" in str(refused.value)


def test_a_file_that_became_another_is_refused(tmp_path: Path) -> None:
    """Or its picture would stand beside somebody else's caption."""
    path = tmp_path / "a.jpg"
    path.write_bytes(jpeg())
    assert thumbnail(str(path), sha256=hashlib.sha256(jpeg()).hexdigest()).width == LONGEST
    with pytest.raises(RefusedFile, match="ingest it again"):
        thumbnail(str(path), sha256="0" * 64)


def test_a_folder_a_pipe_and_nothing_are_no_photos(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name in ("", "pipe", "missing"):
        with pytest.raises(RefusedFile):
            thumbnail(str(tmp_path / name))


def test_what_is_due_and_what_is_kept(tmp_path: Path) -> None:
    """Pictures without a thumbnail, once each; a caption without a picture never."""
    db = sqlite3.connect(build(tmp_path / "desk.db", [EASTER, MARINES, CARD], thumbnails=False), isolation_level=None)
    wanted = due(db)
    assert [d.path for d in wanted] == [EASTER.sighting.path, MARINES.sighting.path]
    made = small(jpeg())
    keep(db, [(wanted[0].photo, made)])
    assert [d.photo for d in due(db)] == [wanted[1].photo]
    assert db.execute("SELECT digest FROM thumbnails").fetchall() == [(made.digest,)]


def test_a_picture_in_an_object_store_is_made_small_as_one_on_a_disk(tmp_path: Path) -> None:
    fsspec = pytest.importorskip("fsspec")
    out = io.BytesIO()
    Image.new("RGB", (1200, 800), "navy").save(out, "JPEG")
    (tmp_path / "a.jpg").write_bytes(out.getvalue())
    fsspec.filesystem("memory").pipe("/wire/a.jpg", out.getvalue())
    assert thumbnail("memory:///wire/a.jpg", size=len(out.getvalue())) == thumbnail(str(tmp_path / "a.jpg"))
    with pytest.raises(RefusedFile, match="has changed"):
        thumbnail("memory:///wire/a.jpg", size=1)
    with pytest.raises(RefusedFile, match="ingest again when it can be read"):
        thumbnail("memory:///wire/b.jpg")
