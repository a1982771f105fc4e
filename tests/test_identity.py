"""Content is identity: what happens to a file makes the same photo or another, and its history can be read."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from archive.connection import connect
from archive.desk.photo_data import photo
from ingest.pipeline import ingest
from tests.test_line import GUNNERS, MARINES, put

SAILORS = MARINES.replace("Marines", "Sailors")


class History(NamedTuple):
    """What the photo's own page says: where it was seen, where it is missing, and its captions, latest first."""

    seen: set[str]
    missing: set[str]
    captions: list[str]
    #: Another picture took its place.
    replaced: int


def duplicate(folder: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "sub/copy.jpg").write_bytes((folder / "a.jpg").read_bytes())


def rename(folder: Path) -> None:
    (folder / "a.jpg").rename(folder / "renamed.jpg")


def move(folder: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "a.jpg").rename(folder / "sub/a.jpg")


def edited_metadata(folder: Path) -> None:
    put(folder / "a.jpg", 1, MARINES, city="Sudzha", credit="AP", instructions="NO ARCHIVES")


def corrected_caption(folder: Path) -> None:
    put(folder / "a.jpg", 1, SAILORS)


def sent_again(folder: Path) -> None:
    """The agency's correction comes as a file of its own."""
    put(folder / "a-CORRECTED.jpg", 1, SAILORS)


def corrected_and_back(folder: Path) -> None:
    corrected_caption(folder)
    ingest((str(folder),), folder.parent / "desk.db", jobs=0)
    put(folder / "a.jpg", 1, MARINES)


def edited_picture(folder: Path) -> None:
    put(folder / "a.jpg", 99, MARINES)


def other_picture_and_caption(folder: Path) -> None:
    put(folder / "a.jpg", 99, GUNNERS)


ROWS: list[tuple[Callable[[Path], None], int, History, str]] = [
    # what happened; how many photos there are then; the history of the first one; why
    (lambda folder: None, 12, History({"a.jpg"}, set(), ["Marines"], 0), "nothing happened"),
    (duplicate, 12, History({"a.jpg", "sub/copy.jpg"}, set(), ["Marines"], 0), "one photo in two places"),
    (rename, 12, History({"renamed.jpg"}, {"a.jpg"}, ["Marines"], 0), "a name is no identity"),
    (move, 12, History({"sub/a.jpg"}, {"a.jpg"}, ["Marines"], 0), "nor is a folder"),
    (edited_metadata, 12, History({"a.jpg"}, set(), ["Marines"], 0), "tags are not the picture"),
    (corrected_caption, 12, History({"a.jpg"}, set(), ["Sailors", "Marines"], 0), "the old caption stays readable"),
    (sent_again, 12, History({"a.jpg", "a-CORRECTED.jpg"}, set(), ["Sailors", "Marines"], 0),
     "the copy that was written last counts"),
    (corrected_and_back, 12, History({"a.jpg"}, set(), ["Marines", "Sailors"], 0), "what came back counts again"),
    (edited_picture, 13, History(set(), set(), ["Marines"], 1), "other pixels are another photo; the first one stays"),
    (other_picture_and_caption, 13, History(set(), set(), ["Marines"], 1), "and keeps its own caption"),
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A photo among eleven others, so that one that is renamed is no tenth of the folder."""
    put(tmp_path / "in/a.jpg", 1, MARINES)
    for n in range(11):
        put(tmp_path / f"in/o{n:02}.jpg", 20 + n, GUNNERS)
    ingest((str(tmp_path / "in"),), tmp_path / "desk.db", jobs=0)
    return tmp_path / "in"


def told(folder: Path, identity: str) -> dict[str, Any]:
    with closing(connect(folder.parent / "desk.db")) as db:
        found = photo(db, identity)
    assert found is not None
    return found


@pytest.mark.parametrize(("happens", "photos", "history", "why"), ROWS)
def test_what_happens_to_a_file(folder: Path, happens: Callable[[Path], None], photos: int, history: History,
                                why: str) -> None:  # fmt: skip
    with closing(connect(folder.parent / "desk.db")) as db:
        ((identity,),) = db.execute("SELECT p.identity FROM photos p JOIN sightings s ON s.photo = p.id"
                                    " WHERE s.path LIKE '%/a.jpg'").fetchall()  # fmt: skip
    happens(folder)
    ingest((str(folder),), folder.parent / "desk.db", jobs=0)
    page = told(folder, identity)
    places: dict[bool, set[str]] = {False: set(), True: set()}
    for sighting in page["sightings"]:
        places[sighting["missing_since"] is not None].add(str(Path(sighting["path"]).relative_to(folder)))
    captions = sorted((t for t in page["texts"] if t["source"] == "iim:2:120"), key=lambda t: not t["current"])
    with closing(connect(folder.parent / "desk.db")) as db:
        assert db.execute("SELECT count(*) FROM photos").fetchone() == (photos,), why
        replaced = db.execute(
            "SELECT count(*) FROM events e JOIN photos p ON p.id = e.photo"
            " WHERE e.type = 'replacement' AND p.identity = ?", (identity,)
        ).fetchone()[0]  # fmt: skip
    assert History(places[False], places[True], [t["text"].split()[0] for t in captions], replaced) == history, why
    assert page["caption"] == captions[0]["text"], why
    assert all(t["first_seen"] <= t["last_seen"] for t in page["texts"])


def test_an_older_caption_keeps_what_was_read_in_it(folder: Path) -> None:
    put(folder / "a.jpg", 1, GUNNERS)
    ingest((str(folder),), folder.parent / "desk.db", jobs=0)
    with closing(connect(folder.parent / "desk.db")) as db:
        found = db.execute(
            "SELECT t.current, s.value FROM statements s JOIN texts t ON t.id = s.text JOIN sightings g"
            " ON g.photo = s.photo WHERE s.property = 'unit' AND g.path LIKE '%/a.jpg' ORDER BY t.current"
        ).fetchall()
    assert [(current, "155" in unit, "93" in unit) for current, unit in found] == [(0, True, False), (1, False, True)]


def test_edited_metadata_is_read_and_the_older_values_stay(folder: Path) -> None:
    put(folder / "o00.jpg", 20, GUNNERS, city="Izium", headline="At rest")
    ingest((str(folder),), folder.parent / "desk.db", jobs=0)
    put(folder / "o00.jpg", 20, GUNNERS, city="Izium", headline="Resting gunners")
    assert ingest((str(folder),), folder.parent / "desk.db", jobs=0).changed == 1
    with closing(connect(folder.parent / "desk.db")) as db:
        found = db.execute("SELECT text, current FROM texts WHERE source = 'iim:2:105' ORDER BY id").fetchall()
        assert found == [("At rest", 0), ("Resting gunners", 1)]
        assert db.execute("SELECT headline FROM photos WHERE headline IS NOT NULL").fetchall() == [("Resting gunners",)]
