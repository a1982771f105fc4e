"""Which files are read: in which order, and which are left alone."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.errors import ArchiveError
from archive.records import Refusal
from ingest.sources import File, Root, files, kind, roots, shown, sidecars


def put(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def listed(folder: Path) -> list[str]:
    return [os.path.relpath(f.path, folder) for f in files(Root(str(folder), True)) if isinstance(f, File)]


def refused(folder: Path) -> dict[str, str]:
    found = [f for f in files(Root(str(folder), True)) if isinstance(f, Refusal)]
    return {Path(f.sighting.path).name: f.reason for f in found}


def test_the_order_is_that_of_the_paths_bytes(tmp_path: Path) -> None:
    put(tmp_path, "b.jpg", "a/z.jpg", "a-c.jpg", "a.jpg", "é.jpg", "B.jpg", "a/b/c.jpg")
    assert listed(tmp_path) == ["B.jpg", "a-c.jpg", "a.jpg", "a/b/c.jpg", "a/z.jpg", "b.jpg", "é.jpg"]


names = st.text(st.sampled_from("ab/-.0é"), min_size=1, max_size=6).map(lambda s: f"n{s}".replace("//", "/").strip("/"))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(names, min_size=1, max_size=8))
def test_the_order_is_always_that_of_bytes(tmp_path_factory: pytest.TempPathFactory, drawn: list[str]) -> None:
    folder = tmp_path_factory.mktemp("any")
    for name in drawn:
        if "/." not in name and not any((folder / name).parent.is_relative_to(folder / other) for other in drawn):
            put(folder, name)
    paths = [f.path for f in files(Root(str(folder), True)) if isinstance(f, File)]
    assert paths == sorted(paths, key=os.fsencode)


def test_names_that_begin_with_a_dot_are_left_out(tmp_path: Path) -> None:
    put(tmp_path, ".DS_Store", "._a.jpg", ".cache/a.jpg", "a.jpg")
    assert listed(tmp_path) == ["a.jpg"]


def test_what_is_no_file_is_told_and_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A FIFO would wait for ever for its other end; a socket and a device are no pictures."""
    put(tmp_path, "in/a.jpg", "out/b.jpg")
    os.mkfifo(tmp_path / "in/fifo.jpg")
    (tmp_path / "in/null.jpg").symlink_to("/dev/null")
    (tmp_path / "in/away.jpg").symlink_to(tmp_path / "out/b.jpg")
    (tmp_path / "in/away").symlink_to(tmp_path / "out")
    (tmp_path / "in/broken.jpg").symlink_to(tmp_path / "in/nowhere.jpg")
    with socket.socket(socket.AF_UNIX) as listening:
        monkeypatch.chdir(tmp_path / "in")  # the name of a socket has at most 108 bytes
        listening.bind("socket.jpg")
    assert refused(tmp_path / "in") == {
        "fifo.jpg": "not-a-file", "socket.jpg": "not-a-file", "null.jpg": "link", "away.jpg": "link", "away": "link",
        "broken.jpg": "unreadable",
    }  # fmt: skip
    assert listed(tmp_path / "in") == ["a.jpg"]


def test_links_inside_the_folder(tmp_path: Path) -> None:
    """To a file: a second name of it. To a folder, even the one above: its files are met at their own place, once."""
    put(tmp_path, "a/b.jpg")
    (tmp_path / "c.jpg").symlink_to("a/b.jpg")
    (tmp_path / "a/loop").symlink_to(tmp_path)
    assert listed(tmp_path) == ["a/b.jpg", "c.jpg"]
    assert refused(tmp_path) == {}


def test_a_name_that_is_no_utf8(tmp_path: Path) -> None:
    raw = os.fsencode(tmp_path) + b"/caf\xe9\n.jpg"
    Path(os.fsdecode(raw)).write_bytes(b"x")
    (file,) = files(Root(str(tmp_path), True))
    assert isinstance(file, File)
    assert shown(file.path).endswith("/caf\\xe9\n.jpg")
    assert os.fsencode(file.path) == raw


def test_sidecars_come_with_their_picture(tmp_path: Path) -> None:
    put(tmp_path, "a.jpg", "a.xmp", "a.jpg.xmp", "b.xmp", "c.JPG", "c.XMP")
    assert listed(tmp_path) == ["a.jpg", "c.JPG"]
    assert refused(tmp_path) == {"b.xmp": "sidecar-alone"}
    assert [Path(p).name for p in sidecars(str(tmp_path / "a.jpg"))] == ["a.jpg.xmp", "a.xmp"]
    assert [Path(p).name for p in sidecars(str(tmp_path / "c.JPG"))] == ["c.XMP"]


def test_a_sidecar_that_is_a_link_is_told_and_not_followed(tmp_path: Path) -> None:
    put(tmp_path, "a.jpg", "elsewhere/b.txt")
    (tmp_path / "a.xmp").symlink_to(tmp_path / "elsewhere" / "b.txt")
    assert sidecars(str(tmp_path / "a.jpg")) == ()
    assert refused(tmp_path)["a.xmp"] == "link"


def test_a_sidecar_that_was_written_later_makes_its_picture_newer(tmp_path: Path) -> None:
    put(tmp_path, "a.jpg", "a.xmp")
    os.utime(tmp_path / "a.jpg", ns=(10, 10))
    os.utime(tmp_path / "a.xmp", ns=(20, 20))
    assert [f.mtime_ns for f in files(Root(str(tmp_path), True)) if isinstance(f, File)] == [20]


def test_roots_are_absolute_in_order_and_none_inside_another(tmp_path: Path) -> None:
    put(tmp_path, "b/c/x.jpg", "a/x.jpg")
    given = (str(tmp_path / "b/c"), str(tmp_path / "b"), f"{tmp_path}/a/../a", str(tmp_path / "b/c/x.jpg"))
    assert [r.path for r in roots(given)] == [str(tmp_path / "a"), str(tmp_path / "b")]


def test_nothing_is_read_from_what_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for path, says in [("gone", "no such file or folder"), ("empty", "no files in the folder")]:
        with pytest.raises(ArchiveError, match=says):
            roots((str(tmp_path / path),))
    with pytest.raises(ArchiveError, match="neither a file nor a folder"):
        roots(("/dev/null",))


@pytest.mark.parametrize(
    ("name", "is_a"),
    [("a.txt", "article"), ("A.CSV", "csv"), ("a.ndjson", "json"), ("a.xml", "newsml"), ("a.jpg", "picture"),
     ("noend", "picture")],
)  # fmt: skip
def test_a_name_says_what_a_file_may_be(name: str, is_a: str) -> None:
    assert kind(name) == is_a
