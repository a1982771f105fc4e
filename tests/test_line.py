"""The line from files to rows: what is read again and what is not, what is missing, what a cut-off run leaves."""

from __future__ import annotations

import io
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from archive.connection import connect, writing
from archive.errors import ArchiveError, DatabaseError
from archive.records import Photo, Refusal
from ingest import pipeline, workers
from ingest.pipeline import Options, ingest, read_file
from samples.metadata import iim, jpeg_with, xmp

MARINES = (
    "Marines of the 155th Guards Naval Infantry Brigade clear a trench in Kursk region, Russia, on April 17, 2025. "
    "(Ivan Danilov/Sputnik via AP)"
)
GUNNERS = "Soldiers of the 93rd Separate Mechanized Brigade rest in Izium, Ukraine March 2, 2025. REUTERS/Lada Moroz"


def picture(shade: int = 0) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (16, 16), (shade % 256, shade * 7 % 256, shade * 31 % 256)).save(out, "JPEG")
    return out.getvalue()


def put(path: Path, shade: int = 0, caption: str = MARINES, **fields: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(jpeg_with(picture(shade), iim=iim({"caption": caption, **fields})))
    return path


def counts(folder: Path, archive: Path, **options: bool | int | None) -> tuple[int, int, int, int, int]:
    """seen, new, changed, unchanged, refused: which add up."""
    report = ingest((str(folder),), archive, **({"jobs": 0} | options))  # type: ignore[arg-type]
    found = report.as_json()
    assert found["seen"] == found["new"] + found["changed"] + found["unchanged"] + found["refused"]
    assert sum(report.reasons.values()) == found["refused"]
    return (found["seen"], found["new"], found["changed"], found["unchanged"], found["refused"])


def rows(archive: Path, sql: str) -> list[tuple[object, ...]]:
    db = connect(archive)
    try:
        return db.execute(sql).fetchall()
    finally:
        db.close()


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "desk.db"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Twelve pictures in two folders."""
    for n in range(12):
        put(tmp_path / "in" / ("a" if n < 6 else "b") / f"{n:02}.jpg", n, GUNNERS if n % 2 else MARINES)
    return tmp_path / "in"


def test_a_second_run_changes_nothing(folder: Path, archive: Path) -> None:
    assert counts(folder, archive) == (12, 12, 0, 0, 0)
    before = rows(archive, "SELECT * FROM photos") + rows(archive, "SELECT * FROM sightings")
    assert counts(folder, archive) == (12, 0, 0, 12, 0)
    assert counts(folder, archive, again=True) == (12, 0, 0, 12, 0)
    assert rows(archive, "SELECT * FROM photos") == before[:12]
    assert rows(archive, "SELECT seen, new, unchanged, outcome FROM accessions") == [
        (12, 12, 0, "done"), (12, 0, 12, "done"), (12, 0, 12, "done"),
    ]  # fmt: skip


def test_workers_make_no_difference(folder: Path, archive: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    assert counts(folder, archive, jobs=2) == counts(folder, other)
    for table in ("photos", "texts", "statements", "sightings", "photo_units", "photo_agencies", "units"):
        assert rows(archive, f"SELECT * FROM {table}") == rows(other, f"SELECT * FROM {table}"), table


def touched(folder: Path) -> None:
    os.utime(folder / "a/00.jpg", ns=(5, 5))


def edited(folder: Path) -> None:
    put(folder / "a/00.jpg", 0, GUNNERS)


def replaced(folder: Path) -> None:
    put(folder / "a/00.jpg", 99, GUNNERS)


def renamed(folder: Path) -> None:
    (folder / "a/00.jpg").rename(folder / "a/renamed.jpg")


def copied(folder: Path) -> None:
    (folder / "z.jpg").write_bytes((folder / "a/00.jpg").read_bytes())


def with_sidecar(folder: Path) -> None:
    (folder / "a/00.xmp").write_bytes(xmp({"dc:description": GUNNERS}))


def damaged(folder: Path) -> None:
    (folder / "a/00.jpg").write_bytes(b"no picture any more")


def deleted(folder: Path) -> None:
    (folder / "a/00.jpg").unlink()


HAPPENINGS: list[tuple[Callable[[Path], None], tuple[int, int, int, int, int], int]] = [
    # what happened to one of the twelve files; the counts of the next run; how many are missing
    (touched, (12, 0, 0, 12, 0), 0),
    (edited, (12, 0, 1, 11, 0), 0),
    (replaced, (12, 1, 0, 11, 0), 0),
    (renamed, (12, 0, 1, 11, 0), 1),
    (copied, (13, 0, 1, 12, 0), 0),
    (with_sidecar, (12, 0, 1, 11, 0), 0),
    (damaged, (12, 0, 0, 11, 1), 0),
    (deleted, (11, 0, 0, 11, 0), 1),
]


@pytest.mark.parametrize(("happens", "expected", "missing"), HAPPENINGS)
def test_the_next_run_sees_what_happened(folder: Path, archive: Path, happens: Callable[[Path], None],
                                         expected: tuple[int, int, int, int, int], missing: int) -> None:  # fmt: skip
    counts(folder, archive)
    happens(folder)
    assert counts(folder, archive) == expected
    gone = rows(archive, "SELECT count(*) FROM sightings WHERE missing_since IS NOT NULL")
    assert gone == [(missing,)]
    after = (expected[0], 0, 0, expected[0] - expected[4], expected[4])
    assert counts(folder, archive) == after, "and then it is as it is"
    assert rows(archive, "SELECT count(*) FROM photos WHERE unit IS NULL") == [(0,)], "no photo was lost"


def test_a_file_that_comes_back_is_not_missing_any_more(folder: Path, archive: Path) -> None:
    counts(folder, archive)
    data, about = (folder / "a/00.jpg").read_bytes(), (folder / "a/00.jpg").stat()
    deleted(folder)
    counts(folder, archive)
    (folder / "a/00.jpg").write_bytes(data)
    os.utime(folder / "a/00.jpg", ns=(about.st_atime_ns, about.st_mtime_ns))
    counts(folder, archive)
    assert rows(archive, "SELECT count(*) FROM sightings WHERE missing_since IS NOT NULL") == [(0,)]


def test_a_root_that_is_not_there_aborts_and_marks_nothing(folder: Path, archive: Path) -> None:
    """A disk that is not mounted, whole or beside one that is."""
    counts(folder, archive)
    folder.rename(folder.with_name("elsewhere"))
    put(folder.with_name("other") / "x.jpg", 70)
    for paths in ((str(folder),), (str(folder.with_name("other")), str(folder))):
        with pytest.raises(ArchiveError, match="no such file or folder"):
            ingest(paths, archive, jobs=0)
    assert rows(archive, "SELECT count(*) FROM accessions") == [(1,)]
    assert rows(archive, "SELECT count(*) FROM sightings WHERE missing_since IS NOT NULL") == [(0,)]
    folder.with_name("elsewhere").rename(folder)
    assert counts(folder, archive) == (12, 0, 0, 12, 0)


@pytest.mark.parametrize("left", [0, 10])
def test_a_folder_that_lost_more_than_a_tenth_is_not_believed(folder: Path, archive: Path, left: int) -> None:
    """Two of twelve, or all: a wrong disk, not a tidied one. Nothing is read and nothing is marked."""
    counts(folder, archive)
    for path in sorted(folder.rglob("*.jpg"))[left:]:
        path.unlink()
    with pytest.raises(ArchiveError, match="no files in the folder" if left == 0 else "has lost 2 of the 12"):
        counts(folder, archive)
    assert rows(archive, "SELECT count(*) FROM accessions") == [(1,)]
    assert rows(archive, "SELECT count(*) FROM sightings WHERE missing_since IS NOT NULL") == [(0,)]
    if left:
        assert counts(folder, archive, accept_missing=True) == (10, 0, 0, 10, 0)
        assert rows(archive, "SELECT count(*) FROM sightings WHERE missing_since IS NOT NULL") == [(2,)]
        assert counts(folder, archive) == (10, 0, 0, 10, 0)


def test_other_pictures_in_place_of_all_are_taken_in_and_none_is_missing(folder: Path, archive: Path) -> None:
    counts(folder, archive)
    for path in list(folder.rglob("*.jpg")):
        path.unlink()
    for n in range(12):
        put(folder / f"other{n}.jpg", 100 + n, GUNNERS)
    report = ingest((str(folder),), archive, jobs=0)
    assert (report.new, report.missing) == (12, 0)
    assert report.warning is not None and "12 of the 12 files" in report.warning
    assert rows(archive, "SELECT outcome FROM events ORDER BY id") == [("success",), ("warning",)]
    assert rows(archive, "SELECT count(*) FROM sightings WHERE missing_since IS NOT NULL") == [(0,)]


def test_a_whole_folder_that_moved_is_not_lost(folder: Path, archive: Path) -> None:
    counts(folder, archive)
    (folder / "a").rename(folder / "moved")
    report = ingest((str(folder),), archive, jobs=0)
    assert (report.changed, report.unchanged, report.warning) == (6, 6, None)
    assert rows(archive, "SELECT count(*) FROM sightings WHERE missing_since IS NOT NULL") == [(6,)]


def test_the_archive_may_lie_among_its_pictures(folder: Path) -> None:
    assert counts(folder, folder / "desk.db") == (12, 12, 0, 0, 0)
    assert counts(folder, folder / "desk.db") == (12, 0, 0, 12, 0)
    assert sorted(p.name for p in folder.iterdir()) == ["a", "b", "desk.db"]


def test_a_second_writer_ends_at_once_and_names_the_first(folder: Path, archive: Path) -> None:
    counts(folder, archive)
    with writing(archive, "a long run"), pytest.raises(DatabaseError, match=f"process {os.getpid()} on .*a long run"):
        counts(folder, archive)
    assert counts(folder, archive) == (12, 0, 0, 12, 0)
    assert not archive.with_name("desk.db-writer").exists()


def test_no_archive_is_made_for_files_that_are_all_refused(tmp_path: Path, archive: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.jpg").write_bytes(picture())
    (tmp_path / "in/b.txt").write_text("The council met on Monday to talk about the budget.")
    report = ingest((str(tmp_path / "in"),), archive, jobs=0)
    assert report.as_json() == {"seen": 2, "new": 0, "changed": 0, "unchanged": 0, "refused": 2}
    assert dict(report.reasons) == {"no-caption": 2}
    assert [p.name for p in tmp_path.iterdir()] == ["in"]


def test_refused_files_are_problems_until_they_are_mended(folder: Path, archive: Path) -> None:
    (folder / "c.jpg").write_bytes(b"no picture")
    assert counts(folder, archive) == (13, 12, 0, 0, 1)
    assert rows(archive, "SELECT path, reason FROM problems") == [(str(folder / "c.jpg"), "not-a-photo")]
    put(folder / "c.jpg", 50)
    assert counts(folder, archive) == (13, 1, 0, 12, 0)
    assert rows(archive, "SELECT path FROM problems") == []


def delivery(path: Path, captions: list[str]) -> Path:
    path.write_text("caption\n" + "".join(f'"{caption}"\n' for caption in captions))
    return path


def test_a_delivery_is_read_item_by_item(tmp_path: Path, archive: Path) -> None:
    file = delivery(tmp_path / "d.csv", ["One.", "", "Three.", "One."])
    assert counts(file, archive) == (4, 2, 1, 0, 1)
    assert rows(archive, "SELECT item, reason FROM problems") == [(2, "no-caption")]
    delivery(file, ["One.", "Two.", "Three."])
    assert counts(file, archive) == (3, 1, 0, 2, 0)
    assert rows(archive, "SELECT item FROM sightings WHERE missing_since IS NOT NULL") == [(4,)]
    assert counts(file, archive) == (3, 0, 0, 3, 0)


def test_a_run_that_is_cut_off_goes_on_where_it_was(tmp_path: Path, archive: Path,
                                                    monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """A delivery whose first items are stored counts as not read, until its last one is."""
    file = delivery(tmp_path / "d.csv", [f"Caption {n}." for n in range(500)])
    monkeypatch.setattr(pipeline, "_BATCH", 100)

    def cut_off(photos: int) -> None:
        if photos > 250:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ingest((str(file),), archive, jobs=0, progress=cut_off)
    kept = rows(archive, "SELECT count(*) FROM photos")[0][0]
    assert isinstance(kept, int) and 0 < kept < 500
    assert rows(archive, "SELECT outcome FROM accessions") == [("interrupted",)]
    assert rows(archive, "SELECT reason FROM problems") == [("incomplete",)]
    assert counts(file, archive) == (500, 500 - kept, 0, kept, 0)
    assert rows(archive, "SELECT reason FROM problems") == []
    assert counts(file, archive) == (500, 0, 0, 500, 0)


def test_a_table_that_breaks_off_is_taken_as_far_as_it_goes(tmp_path: Path, archive: Path) -> None:
    (tmp_path / "d.csv").write_text("caption\nOne.\n" + "x" * 1_000_001 + "\nThree.\n")
    assert counts(tmp_path / "d.csv", archive) == (2, 1, 0, 0, 1)
    assert rows(archive, "SELECT item, reason FROM problems") == [(0, "not-a-manifest")]


def test_tags_fill_in_what_the_caption_leaves_out(tmp_path: Path, archive: Path) -> None:
    put(tmp_path / "in/a.jpg", 1, "Soldiers rest after an exercise.", city="Sudzha", country="Russia",
        date_created="20250417", byline="Ivan Danilov", credit="AP", headline="At rest")  # fmt: skip
    counts(tmp_path / "in", archive)
    assert rows(archive, "SELECT taken, country, photographer, agency, headline, conflicts FROM photos") == [
        ("2025-04-17", "RU", "Ivan Danilov", "Associated Press", "At rest", 0)
    ]


def test_the_caption_is_held_against_the_tags(tmp_path: Path, archive: Path) -> None:
    put(tmp_path / "in/a.jpg", 1, MARINES, country="Ukraine", date_created="20250418", byline="Lada Moroz", credit="AP")
    counts(tmp_path / "in", archive)
    assert rows(archive, "SELECT property FROM conflicts ORDER BY property") == [
        ("creator",), ("date_created",), ("location_created",),
    ]  # fmt: skip
    assert rows(archive, "SELECT taken, country, photographer FROM photos") == [("2025-04-17", "RU", "Ivan Danilov")]


def test_the_law_of_verbatim_holds_in_the_archive(folder: Path, archive: Path) -> None:
    counts(folder, archive)
    found = rows(archive, 'SELECT t.text, s.start, s."end", s.verbatim FROM statements s JOIN texts t ON t.id = s.text')
    assert len(found) > 50
    for text, start, end, verbatim in found:
        assert isinstance(text, str) and text[start:end] == verbatim


def test_a_file_is_photos_or_refusals_whatever_it_is(tmp_path: Path) -> None:
    """`read_file` is what other executors map over files: it raises nothing."""
    delivery(tmp_path / "d.csv", ["One.", ""])
    put(tmp_path / "a.jpg")
    (tmp_path / "b.json").write_text("{")
    (tmp_path / "c.txt").write_bytes(b"\0")
    found = {name: [type(each) for each in read_file(str(tmp_path / name))]
             for name in ("d.csv", "a.jpg", "b.json", "c.txt", "gone.jpg")}  # fmt: skip
    assert found == {"d.csv": [Photo, Refusal], "a.jpg": [Photo], "b.json": [Refusal], "c.txt": [Refusal],
                     "gone.jpg": [Refusal]}  # fmt: skip


def test_readers_see_whole_photos_while_a_run_writes(folder: Path, archive: Path) -> None:
    counts(folder, archive)
    reader = sqlite3.connect(archive)
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM photos").fetchone() == (12,)
    put(folder / "more.jpg", 77)
    assert counts(folder, archive) == (13, 1, 0, 12, 0)
    assert reader.execute("SELECT count(*) FROM photos").fetchone() == (12,)
    reader.execute("COMMIT")
    assert reader.execute("SELECT count(*) FROM photos").fetchone() == (13,)
    reader.close()


def test_without_fixity_a_picture_is_known_by_a_sample(tmp_path: Path, archive: Path) -> None:
    put(tmp_path / "in/a.jpg", 1)
    put(tmp_path / "in/b.jpg", 2)
    options = Options(fixity=False)
    assert ingest((str(tmp_path / "in"),), archive, options, jobs=0).new == 2
    assert rows(archive, "SELECT DISTINCT sha256 FROM sightings") == [(None,)]
    put(tmp_path / "in/a.jpg", 1, GUNNERS)
    report = ingest((str(tmp_path / "in"),), archive, options, jobs=0)
    assert (report.new, report.changed, report.unchanged) == (0, 1, 1), "another caption, the same picture"


@pytest.mark.parametrize("fixity", [True, False])
def test_digests_of_two_kinds_do_not_meet_in_one_archive(tmp_path: Path, archive: Path, fixity: bool) -> None:
    """Each picture would be there twice, under two ids."""
    put(tmp_path / "in/a.jpg")
    ingest((str(tmp_path / "in"),), archive, Options(fixity=fixity), jobs=0)
    with pytest.raises(ArchiveError, match="no-fixity"):
        ingest((str(tmp_path / "in"),), archive, Options(fixity=not fixity), jobs=0, again=True)
    assert rows(archive, "SELECT count(*) FROM photos") == [(1,)]


def test_a_tree_in_which_nothing_changed_starts_no_worker(
    tmp_path: Path, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "in/a.jpg")
    counts(tmp_path / "in", archive)
    monkeypatch.setattr(workers, "_Worker", None)
    assert counts(tmp_path / "in", archive, jobs=2) == (1, 0, 0, 1, 0)
