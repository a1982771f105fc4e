"""Every original is held against its digest, and what is found is told and kept."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.connection import connect
from ingest.cli import main
from ingest.pipeline import ingest
from samples.metadata import xmp
from tests.test_line import GUNNERS, MARINES, put


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for n in range(12):
        put(tmp_path / f"in/{n:02}.jpg", n)
    (tmp_path / "in/article.txt").write_text(f"{MARINES}\n\nThe council met.\n\n{GUNNERS}\n")
    (tmp_path / "in/list.csv").write_text("caption\nOne.\nTwo.\n")
    (tmp_path / "in/refused.jpg").write_bytes(b"no picture")
    (tmp_path / "in/00.xmp").write_bytes(xmp({"dc:description": GUNNERS}))
    ingest((str(tmp_path / "in"),), tmp_path / "desk.db", jobs=0)
    return tmp_path / "in"


def verify(folder: Path) -> Result:
    return CliRunner().invoke(main, ["verify", "--json", "--archive", str(folder.parent / "desk.db")])


def found(result: Result) -> list[tuple[str, str]]:
    return [(row["what"], Path(row["path"]).name) for row in map(json.loads, result.stdout.splitlines()[:-1])]


def flip(path: Path) -> None:
    """One bit, and nobody wrote it: size and time are as they were."""
    about, data = path.stat(), bytearray(path.read_bytes())
    data[-5] ^= 1
    path.write_bytes(data)
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))


def rewritten(path: Path) -> None:
    put(path, 77)


def fifo(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


@pytest.mark.parametrize(
    ("happens", "name", "expected"),
    [
        (lambda path: None, "00.jpg", []),
        (flip, "03.jpg", [("damaged", "03.jpg")]),
        (flip, "article.txt", [("damaged", "article.txt")]),
        (flip, "list.csv", [("damaged", "list.csv")]),
        (rewritten, "04.jpg", [("changed", "04.jpg")]),
        (fifo, "05.jpg", [("changed", "05.jpg")]),
        (Path.unlink, "06.jpg", [("missing", "06.jpg")]),
        (lambda path: path.rename(path.with_name("new.jpg")), "07.jpg",
         [("missing", "07.jpg"), ("untracked", "new.jpg")]),
        (lambda path: put(path, 78), "added.jpg", [("untracked", "added.jpg")]),
    ],
)  # fmt: skip
def test_what_happened_to_a_file_is_told(folder: Path, happens: Callable[[Path], object], name: str,
                                         expected: list[tuple[str, str]]) -> None:  # fmt: skip
    happens(folder / name)
    result = verify(folder)
    assert found(result) == expected
    bad = [row for row in expected if row[0] != "untracked"]
    assert result.exit_code == (1 if bad else 0), "a file that is new is no fault"
    sums = json.loads(result.stdout.splitlines()[-1])
    assert sums["checked"] == 14 - sum(what == "missing" or "05" in name for what, name in bad)
    with closing(connect(folder.parent / "desk.db")) as db:
        events = db.execute(
            "SELECT e.outcome, s.path FROM events e LEFT JOIN sightings s ON s.photo = e.photo"
            " WHERE e.type = 'fixity check' GROUP BY e.id ORDER BY e.id"
        ).fetchall()
    assert [row[0] for row in events] == ["fail" if bad else "success"] + ["fail"] * len(bad)
    assert [Path(row[1]).name for row in events[:-1]] == [name for _, name in bad]


def test_what_only_a_digest_sees_is_not_seen_by_ingest(folder: Path) -> None:
    """Why there is `verify`: a damaged file looks as it did."""
    flip(folder / "03.jpg")
    assert ingest((str(folder),), folder.parent / "desk.db", jobs=0).changed == 0
    assert found(verify(folder)) == [("damaged", "03.jpg")]


def test_a_file_that_is_read_again_is_held_against_its_new_digest(folder: Path) -> None:
    rewritten(folder / "04.jpg")
    (folder / "list.csv").write_text("caption\nOne.\nTwo.\nThree.\n")
    report = ingest((str(folder),), folder.parent / "desk.db", jobs=0)
    assert (report.new, report.changed) == (2, 0), "an item is as it was, whatever else its file holds now"
    assert verify(folder).exit_code == 0


def test_a_disk_that_is_not_there_is_noted_as_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from archive import fixity

    monkeypatch.setattr(fixity, "_NOTED", 5)
    folder.rename(folder.with_name("elsewhere"))
    result = verify(folder)
    assert [what for what, _ in found(result)] == ["missing"] * 14
    with closing(connect(folder.parent / "desk.db")) as db:
        events = db.execute("SELECT outcome, detail FROM events WHERE type = 'fixity check'").fetchall()
    assert [(outcome, json.loads(detail)["missing"]) for outcome, detail in events] == [("fail", 14)]


def test_verify_says_it_in_words(folder: Path) -> None:
    flip(folder / "03.jpg")
    result = CliRunner().invoke(main, ["verify", "--archive", str(folder.parent / "desk.db")])
    assert result.stdout.startswith("damaged") and "though its size and time are as they were" in result.stdout
    assert "14 files" in result.stdout and "1 damaged" in result.stdout


def test_an_older_archive_without_digests_says_so(folder: Path) -> None:
    with closing(sqlite3.connect(folder.parent / "desk.db")) as db:
        db.execute("UPDATE sightings SET sha256 = NULL WHERE path LIKE '%.csv'")
        db.commit()
    result = CliRunner().invoke(main, ["verify", "--archive", str(folder.parent / "desk.db")])
    assert "13 files" in result.stdout and "1 without a digest" in result.stdout and result.exit_code == 0


def test_objects_in_a_store_are_left_to_the_store(folder: Path) -> None:
    with closing(sqlite3.connect(folder.parent / "desk.db")) as db:
        db.execute("UPDATE sightings SET path = 's3://bucket/' || path")
        db.commit()
    assert "missing" not in [what for what, _ in found(verify(folder))]
