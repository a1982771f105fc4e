"""What is installed is whole: the wheel carries the data, the pages and the metadata along."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """Built from a copy, so that the build leaves nothing behind in the working tree."""
    source, out = tmp_path_factory.mktemp("source") / "cutline", tmp_path_factory.mktemp("wheel")
    source.mkdir()
    for room in ("archive", "ingest"):
        shutil.copytree(TOP / room, source / room, ignore=shutil.ignore_patterns("__pycache__"), symlinks=True)
    for file in TOP.iterdir():
        if file.is_file() and file.suffix in (".toml", ".md", ".yml", ".py", ".in", "") and file.name != ".git":
            shutil.copy(file, source / file.name)
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", out, source],
        check=True, capture_output=True,
    )  # fmt: skip
    return zipfile.ZipFile(next(out.glob("*.whl")))


@pytest.mark.slow
def test_the_wheel_carries_authorities_pages_and_metadata(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    wanted = [*(TOP / "archive" / "authorities").rglob("*"), *(TOP / "archive" / "desk").rglob("*")]
    files = {str(f.relative_to(TOP)) for f in wanted if f.is_file() and "__pycache__" not in f.parts}
    assert files - names == set()
    assert any(f.endswith(".html") for f in files) and any(f.startswith("archive/authorities/") for f in files)
    assert wheel.read("archive/metadata.yml") == (TOP / "metadata.yml").read_bytes()


@pytest.mark.slow
def test_the_wheel_carries_nothing_else(wheel: zipfile.ZipFile) -> None:
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"archive", "ingest"}


@pytest.mark.slow
def test_the_wheel_has_the_command_the_plugin_and_the_licence(wheel: zipfile.ZipFile) -> None:
    info = next(name for name in wheel.namelist() if name.endswith("entry_points.txt"))
    points = wheel.read(info).decode()
    assert "cutline = ingest.cli:main" in points and "cutline = archive.desk" in points
    assert any(name.endswith("licenses/LICENSE") for name in wheel.namelist())
