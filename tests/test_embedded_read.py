"""A file comes in, its tags come out verbatim, and nothing but a refusal can go wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.errors import RefusedFile
from ingest.embedded import read


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "an empty file"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "an EPS named .jpg: nothing may start an interpreter for it"),
        (b"<html>", "a page that a download left behind"),
        (b"\xff\xd8", "two bytes of a JPEG"),
    ],
)
def test_what_is_no_photograph_is_refused(data: bytes, why: str, tmp_path: Path) -> None:
    file = tmp_path / "photo.jpg"
    file.write_bytes(data)
    with pytest.raises(RefusedFile) as refused:
        read(file)
    assert refused.value.reason == "not-a-photo", why
