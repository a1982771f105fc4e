"""A slow reading done once, and only once its inputs change again."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from archive import compiled as module
from archive.compiled import compiled


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CUTLINE_CACHE", str(tmp_path / "cache"))
    (tmp_path / "in").mkdir()
    file = tmp_path / "in" / "words.txt"
    file.write_text("one", "utf-8")
    return file


def copying(source: Path, runs: list[int]) -> Path:
    def build(target: Path) -> None:
        runs.append(1)
        target.write_bytes(source.read_bytes())

    return compiled("words", [source], build)


def test_built_once_until_an_input_changes(source: Path) -> None:
    runs: list[int] = []
    first = copying(source, runs)
    assert copying(source, runs) == first and runs == [1]
    source.write_text("two", "utf-8")
    second = copying(source, runs)
    assert second != first and runs == [1, 1]
    assert (first.read_text("utf-8"), second.read_text("utf-8")) == ("one", "two")


def test_the_version_counts_as_an_input(source: Path) -> None:
    first, second = (compiled("words", [source], lambda path: path.touch() or None, v) for v in ("1", "2"))
    assert first != second


def test_a_build_that_fails_leaves_nothing(source: Path, tmp_path: Path) -> None:
    def build(target: Path) -> None:
        target.write_text("half", "utf-8")
        raise ValueError("broken input")

    with pytest.raises(ValueError, match="broken input"):
        compiled("words", [source], build)
    assert [path for path in (tmp_path / "cache").iterdir() if path.suffix != ".lock"] == []


def test_two_that_build_at_once_agree(source: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        paths = set(pool.map(lambda _: copying(source, []), range(32)))
    assert [path.read_text("utf-8") for path in paths] == ["one"]


def test_where_the_cache_cannot_be_the_next_folder_serves(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A service account without a home, a read-only disk: a file stands where the folder should be."""
    (tmp_path / "file").write_text("", "utf-8")
    monkeypatch.setenv("CUTLINE_CACHE", str(tmp_path / "file"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file" / "deeper"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    path = copying(source, [])
    assert path.read_text("utf-8") == "one"
    assert path.is_relative_to(tmp_path / "temporary")


def test_a_temporary_folder_open_to_others_is_not_believed(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUTLINE_CACHE", str(source))
    monkeypatch.setenv("XDG_CACHE_HOME", str(source / "deeper"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    shared = tmp_path / f"cutline-{os.getuid()}"
    shared.mkdir()
    shared.chmod(0o777)
    assert not copying(source, []).is_relative_to(shared)


def test_old_files_are_swept_when_a_new_one_is_built(source: Path) -> None:
    old = copying(source, [])
    os.utime(old, (0, 0))
    source.write_text("two", "utf-8")
    new = copying(source, [])
    assert not old.exists() and new.exists()
    assert module.KEEP_DAYS > 0
