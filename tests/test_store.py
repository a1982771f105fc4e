"""A photo and its rows: stored twice it is the same, and what was known of it before can still be read."""

from __future__ import annotations

import atexit
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import canonical, corrections
from archive.connection import connect, create
from archive.prepared import Mark, Stored, pack, prepare, unpack
from archive.records import Conflict, Photo, Refusal, Sighting, SourceText, Span, Statement
from archive.soundness import faults
from archive.store import Store

NAMES = {"ap": "Associated Press", "sputnik": "Sputnik", "reuters": "Reuters"}


def photo(
    caption: str = "Marines of the 155th near Łódź, April 17, 2025.",
    *,
    of: str = "a",
    path: str = "/in/a.jpg",
    item: int = 0,
    at: int = 1,
    day: str = "2025-04-17",
    unit: str = "ru-155-naval-infantry-brigade",
    agencies: Sequence[str] = ("sputnik", "ap"),
    conflict: bool = False,
) -> Photo:
    """A photo whose caption says its unit (its first word), its day (its last) and its agencies (its first letters)."""
    first, last = caption.split()[0], caption.split()[-1]
    source = "iim:2:120"
    said = [
        Statement("unit", unit, first, source, "test", text=0, span=Span(0, len(first)), detail={"name": "155th"}),
        Statement("date_created", day, last, source, "test", text=0, role="taken",
                  span=Span(len(caption) - len(last), len(caption))),
        Statement("creator", "Ivan Danilov", caption[:2], source, "test", text=0, span=Span(0, 2)),
        *(Statement("agency", key, caption[n], source, "test", text=0, span=Span(n, n + 1),
                    role="distributor" if n else "origin", detail={"name": NAMES[key]})
          for n, key in enumerate(agencies)),
        Statement("restriction", "no-archives", caption[:1], source, "test", text=0, span=Span(0, 1),
                  detail={"until": "2025-05-01"}),
        Statement("city", "Kursk", "Kursk", "iim:2:90", "test", text=1, span=Span(0, 5)),
    ]  # fmt: skip
    conflicts = (Conflict("date_created", ((source, day), ("exif:DateTimeOriginal", "2025-04-18"))),)
    return Photo(
        of * 32, "picture", Sighting(path, item, "ff" * 32, 1000, at), (SourceText(source, caption),
                                                                         SourceText("iim:2:90", "Kursk")),
        tuple(said), conflicts if conflict else (), 0, "jpeg", 640, 480,
    )  # fmt: skip


@cache
def empty() -> Path:
    """An archive without a photo, made once."""
    made = Path(tempfile.mkdtemp()) / "empty.db"
    create(made)
    atexit.register(shutil.rmtree, made.parent)
    return made


class Desk:
    """An archive in a folder of its own; every `run` is an accession."""

    def __init__(self, folder: Path) -> None:
        shutil.copy(empty(), folder / "desk.db")
        self.db = connect(folder / "desk.db", write=True)
        self.db.execute("PRAGMA synchronous = OFF")

    def run(self, *batch: Photo | Stored) -> list[str]:
        store = Store(self.db, "test", ["/in"])
        outcomes = store.add([prepare(each) if isinstance(each, Photo) else each for each in batch])
        store.finish()
        return list(outcomes)

    def all(self, sql: str) -> list[Any]:
        return [row[0] if len(row) == 1 else row for row in self.db.execute(sql)]

    def find(self, words: str) -> list[str]:
        found = f"SELECT rowid FROM photo_search WHERE photo_search MATCH '{words}'"
        return self.all(f"SELECT identity FROM photos WHERE slot IN ({found})")

    def check(self) -> None:
        assert faults(self.db) == []

    def dump(self) -> list[str]:
        return list(canonical.dump(self.db))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.check()
    made.db.close()


def test_a_photo_stored_twice_is_stored_once(desk: Desk) -> None:
    assert desk.run(photo(conflict=True)) == ["new"]
    before = desk.dump()
    assert desk.run(photo(conflict=True)) == ["unchanged"]
    assert desk.dump() == before


def test_a_text_that_a_file_carries_twice_is_one_text(desk: Desk) -> None:
    """Cameras write some tags into two directories of one file."""
    one = photo()
    made = one.texts[1]
    city = one.statements[-1]
    twice = replace(one, texts=(*one.texts, made), statements=(*one.statements, city._replace(text=2, rank=1)))
    assert desk.run(twice) == ["new"]
    before = desk.dump()
    assert desk.run(twice) == ["unchanged"]
    assert desk.dump() == before
    assert desk.all("SELECT count(*) FROM texts") == [2]
    assert desk.all("SELECT count(DISTINCT text), count(*) FROM statements WHERE property = 'city'") == [(1, 2)]


def test_the_row_shows_what_counts(desk: Desk) -> None:
    desk.run(photo(conflict=True))
    assert desk.all(
        "SELECT taken, unit, photographer, agency, standing, conflicts, restricted, format, width FROM photos"
    ) == [("2025-04-17", "Marines", "Ivan Danilov", "Sputnik → Associated Press", "exact", 1, 1, "jpeg", 640)]
    assert desk.all("SELECT kind, until FROM restrictions") == [("no-archives", "2025-05-01")]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("lodz", "a letter with its stroke inside is found without it"),
        ("ŁÓDŹ", "and with it, in any case"),
        ("kursk", "no: the city of a tag is no word of the caption"),
        ("xconflict AND xpicture AND xrestricted", "marks of the photo itself"),
        ("ao1 AND ad2", "agencies by role"),
    ],
)
def test_full_text_search_finds_it(desk: Desk, words: str, why: str) -> None:
    desk.run(photo(conflict=True))
    assert bool(desk.find(words)) is not why.startswith("no"), why


def test_a_parent_of_the_authority_files_finds_its_units(desk: Desk) -> None:
    entry = photo().statements[0]._replace(authority="ru-155-naval-infantry-brigade")
    desk.run(replace(photo(), statements=(entry, *photo().statements[1:])))
    names = dict(desk.all("SELECT key, id FROM units"))
    assert len(names) > 1, "the brigade's parents came with it"
    for number in names.values():
        assert desk.find(f"u{number}"), names


def test_a_corrected_caption_replaces_the_older_one_and_keeps_it(desk: Desk) -> None:
    desk.run(photo("Marines near Kursk, April 17."))
    assert desk.run(photo("Sailors near Kursk, April 18.", at=2, day="2025-04-18")) == ["changed"]
    assert desk.all("SELECT text, current FROM texts WHERE source = 'iim:2:120' ORDER BY id") == [
        ("Marines near Kursk, April 17.", 0), ("Sailors near Kursk, April 18.", 1),
    ]  # fmt: skip
    assert desk.find("sailors") and not desk.find("marines")
    assert desk.all("SELECT taken FROM photos") == ["2025-04-18"]
    assert desk.all("SELECT count(*) FROM statements WHERE property = 'date_created'") == [2]


def test_a_caption_that_comes_back_is_the_current_one_again(desk: Desk) -> None:
    one, two = photo("Marines rest, April 17."), photo("Sailors rest, April 17.")
    desk.run(one)
    once = [line for line in desk.dump() if line.startswith('{"table":"photos"')]
    desk.run(two)
    desk.run(one)
    assert once == [line for line in desk.dump() if line.startswith('{"table":"photos"')]
    assert desk.find("marines") and not desk.find("sailors")
    assert desk.all("SELECT count(*) FROM texts WHERE source = 'iim:2:120'") == [2]


def test_the_copy_that_was_written_last_counts(desk: Desk) -> None:
    """The same picture under two names with two captions: whichever is read first, the later file's caption counts."""
    old = photo("Marines rest, April 17.", path="/in/z.jpg", at=1)
    new = photo("Sailors rest, April 17.", path="/in/a.jpg", at=2)
    assert desk.run(new, old) == ["new", "changed"]
    assert desk.find("sailors") and not desk.find("marines")
    assert desk.run(new, old) == ["unchanged", "unchanged"]


def test_another_picture_under_the_same_name_leaves_a_note(desk: Desk) -> None:
    desk.run(photo(of="a"))
    assert desk.run(photo(of="b")) == ["new"]
    assert desk.all(
        "SELECT type, agent, outcome, (SELECT identity FROM photos WHERE id = photo) FROM events ORDER BY id"
    )[1:] == [("replacement", "test", "success", "a" * 32), ("ingestion", "test", "success", None)]


def test_a_picture_under_a_second_name_is_the_same_photo(desk: Desk) -> None:
    desk.run(photo())
    assert desk.run(photo(path="/in/copy.jpg")) == ["changed"]
    assert desk.all("SELECT count(*) FROM photos") == [1]
    assert desk.all("SELECT path FROM sightings ORDER BY path") == ["/in/a.jpg", "/in/copy.jpg"]


def test_a_refused_file_is_a_problem_until_it_is_taken_in(desk: Desk) -> None:
    assert desk.run(Refusal(Sighting("/in/a.jpg"), "no-caption", "None.")) == ["refused"]
    desk.run(Refusal(Sighting("/in/a.jpg"), "no-caption", "None."))
    assert desk.all("SELECT path, reason FROM problems") == [("/in/a.jpg", "no-caption")]
    desk.run(photo())
    assert desk.all("SELECT path FROM problems") == []


def test_a_batch_that_fails_leaves_nothing(desk: Desk) -> None:
    broken = prepare(photo(of="b", path="/in/b.jpg"))
    broken = broken._replace(texts=tuple((*text[:3], None, *text[4:]) for text in broken.texts))
    with pytest.raises(sqlite3.Error):
        desk.run(photo(), broken)
    assert desk.all("SELECT count(*) FROM photos") == [0]
    assert desk.run(photo()) == ["new"]


def test_names_are_best_whatever_came_first(desk: Desk) -> None:
    def by(name: str, of: str) -> Photo:
        made = photo(of=of, path=f"/in/{of}.jpg")
        return replace(made, statements=tuple(
            s._replace(value=name) if s.property == "creator" else s for s in made.statements))  # fmt: skip

    desk.run(by("IVAN DANILOV", "a"), by("Иван Данилов", "b"), by("Ivan Danilov", "c"))
    assert desk.all("SELECT key, name FROM photographers") == [("ivan danilov", "Ivan Danilov")]


def test_what_a_worker_sends_arrives_as_it_was() -> None:
    sent = [prepare(photo(conflict=True)), Mark("/in/x.csv", True), Mark("/in/x.csv", False),
            Refusal(Sighting("/in/\\xff", 3, path_bytes=b"/in/\xff"), "timeout", "Too long.")]  # fmt: skip
    assert unpack(pack(sent)) == sent


versions = st.builds(
    photo,
    st.sampled_from(["Marines rest, April 17.", "Sailors rest, April 17.", "Łodzie i żołnierze, April 17."]),
    of=st.sampled_from("ab"),
    path=st.sampled_from(["/in/1.jpg", "/in/2.jpg", "/in/3.jpg", "/in/4.jpg"]),
    at=st.integers(1, 3),
    day=st.sampled_from(["2025-04-17", "2025-04", "1941~", "XXXX-04-17"]),
    agencies=st.sampled_from([("ap",), ("sputnik", "ap"), ()]),
    conflict=st.booleans(),
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(versions, min_size=1, max_size=6), st.data())
def test_whatever_comes_the_archive_holds_together(tmp_path_factory: pytest.TempPathFactory, runs: list[Photo],
                                                   data: st.DataObject) -> None:  # fmt: skip
    desk = Desk(tmp_path_factory.mktemp("any"))
    for version in runs:
        desk.run(version)
        if data.draw(st.booleans()):
            number = data.draw(st.sampled_from(desk.all("SELECT id FROM photos")))
            made = corrections.decide(desk.db, number, "date_created", "set", "2024-01", "ed")
            if data.draw(st.booleans()):
                corrections.undo(desk.db, made, "ed")
        desk.check()
    before = desk.dump()
    desk.run(runs[-1])
    assert desk.dump() == before
    desk.db.close()


@settings(max_examples=100, deadline=None)
@given(
    st.lists(versions, min_size=2, max_size=4, unique_by=lambda p: p.sighting.path).flatmap(
        lambda files: st.tuples(st.just(files), st.permutations(files), st.booleans())
    )
)
def test_the_order_of_files_makes_no_difference(tmp_path_factory: pytest.TempPathFactory,
                                                drawn: tuple[list[Photo], list[Photo], bool]) -> None:  # fmt: skip
    files, other, one_by_one = drawn
    one, two = (Desk(tmp_path_factory.mktemp("order")) for _ in range(2))
    one.run(*files)
    for batch in [[f] for f in other] if one_by_one else [other]:
        two.run(*batch)
    assert one.dump() == two.dump()
    one.db.close()
    two.db.close()
