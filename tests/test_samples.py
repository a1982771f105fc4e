"""The sample photographs: as many as promised, no two alike, the same at every run, of every kind a desk meets."""

from __future__ import annotations

import hashlib
import io
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from samples.__main__ import captioned, entries, painted, write

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    assert sum(write(folder)) == len(entries())
    return folder


def _look(picture: Image.Image) -> bytes:
    return picture.convert("RGB").resize((12, 8), Image.Resampling.BOX).tobytes()


def test_about_two_dozen_pictures_of_wire_size_and_an_article(folder: Path) -> None:
    files = list((folder / "photos").iterdir())
    assert 24 <= len(files) <= 30
    for file in files:
        with Image.open(file) as picture:
            assert (picture.format, picture.width) == ("JPEG", 1600)
    assert (folder / "article.txt").read_text("utf-8").count("via AP)") == 2


def test_no_two_pictures_look_alike(folder: Path) -> None:
    looks: dict[str, bytes] = {}
    for entry in entries():
        with Image.open(folder / "photos" / entry["file"]) as picture:
            looks[entry["scene"]] = _look(picture)
    for (scene, look), (other, its) in combinations(looks.items(), 2):
        apart = sum(abs(a - b) for a, b in zip(look, its, strict=True)) / len(look)
        assert apart > 10, (scene, other)  # grey levels, of 255


def test_a_picture_reads_as_one_at_thumbnail_size(folder: Path) -> None:
    """Not flat, not a poster: many tones at 160 pixels, and no more than a tenth of it pure black or white."""
    for file in (folder / "photos").iterdir():
        with Image.open(file) as picture:
            small = picture.convert("L").resize((160, 107), Image.Resampling.LANCZOS)
        counts = small.histogram()
        assert sum(1 for n in counts if n) > 60, file.name
        assert counts[0] + counts[255] < 0.1 * 160 * 107, file.name


def test_the_same_at_every_run() -> None:
    assert painted("frigate_in_fog").tobytes() == painted("frigate_in_fog").tobytes()


def test_captions_differ_and_name_invented_people_in_agencies_own_forms() -> None:
    captions = [entry["caption"] for entry in entries()]
    assert len(set(captions)) == len(captions)
    for form in (
        "via AP)", "РИА Новости /", "/Handout via REUTERS", "REUTERS/", "(U.S. Navy photo by", "Crown copyright",
        " / AFP)", "/Getty Images)", "/Anadolu via Getty Images)", "EPA-EFE/", "Foto: ", "(Xinhua/", "(Kyodo)",
        "FILE - ", "Kremlin Pool Photo", "In this photo provided by", "EMBARGOED", "NO ARCHIVES",
    ):  # fmt: skip
        assert any(form in caption for caption in captions), form


def test_a_picture_sent_again_is_the_same_picture_with_another_caption(folder: Path) -> None:
    first, second = (folder / "photos" / f"gettyimages-2188410021{end}.jpg" for end in ("", "_corrected"))
    assert hashlib.sha256(first.read_bytes()).digest() != hashlib.sha256(second.read_bytes()).digest()
    with Image.open(first) as one, Image.open(second) as two:
        assert one.tobytes() == two.tobytes()


def test_one_photograph_contradicts_itself() -> None:
    entry: dict[str, Any] = next(e for e in entries() if e["scene"] == "landing_in_dust")
    exif, xmp = entry["exif"]["DateTimeOriginal"], entry["xmp"]["photoshop:DateCreated"]
    assert "March 25, 2011" in entry["caption"] and exif.startswith("2011:03:24") and xmp == "2011-03-27"
    assert entry["iim"]["byline"] not in entry["caption"]


def test_an_undeclared_charset_is_written_undeclared() -> None:
    out = io.BytesIO()
    Image.new("RGB", (16, 16)).save(out, "JPEG")
    entry = next(e for e in entries() if e["scene"] == "tower_in_snow")
    written = captioned(out.getvalue(), entry)
    assert "Fußgänger".encode("cp1252") in written and "Fußgänger".encode() in written
    assert b"\x1c\x01\x5a" not in written
