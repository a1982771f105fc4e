"""The photographs that speed is measured on are photographs, and what is said of them is true of them."""

from __future__ import annotations

import io
import json
from pathlib import Path

from PIL import Image

from benchmarks.photographs import photographs, write
from ingest.embedded import read


def test_each_is_another_picture_with_its_own_caption(tmp_path: Path) -> None:
    truth = write(tmp_path / "photos", 30, kilobytes=20)
    known = [json.loads(line) for line in truth.read_text("utf-8").splitlines()]
    files = [read(str(tmp_path / "photos" / one["path"])) for one in known]
    assert len({file.identity for file in files}) == 30
    for file, one in zip(files, known, strict=True):
        assert one["caption"] in [text.text for text in file.texts]
        assert one["unit"] in one["caption"] and one["photographer"] in one["caption"]


def test_the_same_seed_gives_the_same_files() -> None:
    first, again = (list(photographs(6, kilobytes=20)) for _ in range(2))
    assert first == again


def test_they_can_be_looked_at() -> None:
    for data, _ in photographs(10, kilobytes=20):
        with Image.open(io.BytesIO(data)) as picture:
            picture.load()
            assert min(picture.size) > 100
