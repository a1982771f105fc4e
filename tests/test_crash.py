"""Killed, out of room, refused a write: nothing acknowledged is lost, no photo is half there, the next run mends it."""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from archive.canonical import dump
from archive.connection import connect
from archive.errors import DatabaseError
from archive.soundness import faults
from ingest import pipeline
from ingest.pipeline import ingest
from tests.forked import forked, killed, mounted, started, unmounted, with_own_file_systems
from tests.test_line import GUNNERS, MARINES, put

#: Points at which a run is killed, in all; half of them while a statement runs, half at any moment.
KILLS = 200
SIZES = 25

Lines = list[str]


@dataclass(frozen=True, slots=True)
class Case:
    """A tree of files, an archive that does not know all of it yet (or none), and what it must come to."""

    tree: Path
    before: Path | None
    #: The dumps of the archive before, and of one that read the tree undisturbed; and of each photo.
    old: Lines
    new: Lines
    was: dict[str, set[str]]
    will_be: dict[str, set[str]]

    def begin(self, folder: Path) -> Path:
        """A fresh archive to be disturbed, in a folder of its own."""
        folder.mkdir()
        if self.before is not None:
            shutil.copy(self.before, folder / "desk.db")
        return folder / "desk.db"

    def read(self, archive: Path) -> dict[str, int]:
        return ingest((str(self.tree),), archive, jobs=0).as_json()


def dumped(archive: Path) -> Lines:
    with closing(connect(archive)) as db:
        return list(dump(db))


def photos(lines: Lines) -> dict[str, set[str]]:
    """Of each photo all that is told of it, but where it lies: files are noted as gone at the end of a run."""
    found: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        row: dict[str, Any] = json.loads(line)
        if "photo" in row and row["table"] != "sightings":
            row.pop("stated_by", None)
            found[row["photo"]].add(json.dumps(row, sort_keys=True))
    return found


def early(tree: Path) -> None:
    for n in range(10):
        put(tree / f"a/{n}.jpg", n, GUNNERS if n % 2 else MARINES)
    put(tree / "a/copy.jpg", 3, GUNNERS)
    (tree / "c.txt").write_text(f"{MARINES}\n\nThe council met on Monday.\n\n{GUNNERS}\n")
    (tree / "d.csv").write_text("caption,credit\n" + "".join(f"Soldiers rest {n},AP\n" for n in range(6)))
    (tree / "e.jpg").write_bytes(b"no picture")


def late(tree: Path) -> None:
    put(tree / "a/0.jpg", 0, GUNNERS)  # a corrected caption
    put(tree / "a/1.jpg", 101, MARINES)  # another picture
    (tree / "a/2.jpg").rename(tree / "a/2-renamed.jpg")
    shutil.copy(tree / "a/4.jpg", tree / "b.jpg")
    put(tree / "e.jpg", 50)  # mended
    for n in range(4):
        put(tree / f"n/{n}.jpg", 60 + n, MARINES.replace("155th", f"{n + 30}th"))
    (tree / "d.csv").write_text("caption,credit\n" + "".join(f"Soldiers rest {n},AP\n" for n in range(1, 9)))


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> list[Case]:
    """A tree read for the first time, and one that changed since it was read."""
    top = tmp_path_factory.mktemp("crash")
    early(top / "tree")
    ingest((str(top / "tree"),), top / "before.db", jobs=0)
    old = dumped(top / "before.db")
    late(top / "tree")
    made = []
    for name, before, was in (("first", None, []), ("again", top / "before.db", old)):
        case = Case(top / "tree", before, was, [], {}, {})
        archive = case.begin(top / name)
        case.read(archive)
        new = dumped(archive)
        made.append(Case(case.tree, before, was, new, photos(was), photos(new)))
    assert made[0].will_be != made[1].will_be, "the second keeps what the first never saw"
    return made


@pytest.fixture(autouse=True)
def small_transactions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "_BATCH", 4)


def acknowledging(acks: int) -> None:
    """Have a run say, through a pipe, how many photos are stored for good each time that is so."""
    add = pipeline.Store.add

    def told(store: pipeline.Store, *batch: Any) -> Any:
        outcomes = add(store, *batch)
        if not store.db.in_transaction:
            seen = store.db.execute("SELECT seen FROM accessions WHERE id = ?", (store.accession,)).fetchone()[0]
            os.write(acks, f"{seen} ".encode())
        return outcomes

    pipeline.Store.add = told  # type: ignore[assignment, method-assign]


def as_it_must_be(case: Case, archive: Path, acknowledged: list[str]) -> None:
    """What must hold of an archive whose writer was disturbed, and after the next run."""
    if archive.exists():
        with closing(connect(archive, write=True)) as db:
            assert faults(db) == []
            runs = db.execute("SELECT seen, outcome FROM accessions ORDER BY id DESC LIMIT 1").fetchall()
            here = photos(list(dump(db)))
        for identity, lines in here.items():
            assert lines in (case.was.get(identity), case.will_be.get(identity)), "half a photo"
        assert case.was.keys() <= here.keys()
        if "done" in acknowledged:
            assert runs[0][1] == "done" and dumped(archive) == case.new
        elif acknowledged:
            assert runs[0][0] >= int(acknowledged[-1])
    else:
        assert acknowledged == [] and case.before is None
    case.read(archive)
    assert dumped(archive) == case.new
    with closing(connect(archive, write=True)) as db:
        assert faults(db) == []
    assert [p.name for p in archive.parent.iterdir() if not p.name.startswith(".")] == ["desk.db"]


def disturbed(case: Case, archive: Path, prepare: Callable[[], None]) -> tuple[int, int, int]:
    """A run of ingest in a child: the process, its result's pipe, and the one it acknowledges through."""
    acks, told = os.pipe()

    def work() -> dict[str, int]:
        os.close(acks)
        acknowledging(told)
        prepare()
        counted = case.read(archive)
        os.write(told, b"done")
        return counted

    child, reading = started(work)
    os.close(told)
    return child, reading, acks


def said(acks: int) -> list[str]:
    with os.fdopen(acks, "r") as pipe:
        return pipe.read().split()


def each_step(act: Callable[[], None]) -> None:
    """Do something whenever SQLite has worked a hundred instructions for this process's archive."""
    opened = pipeline.connect

    def step() -> int:
        act()
        return 0

    def watched(path: Path, *, write: bool = False) -> sqlite3.Connection:
        db = opened(path, write=write)
        db.set_progress_handler(step, 100)
        return db

    pipeline.connect = watched  # type: ignore[assignment]


def after_steps(steps: int, act: Callable[[], None]) -> None:
    """Do something once SQLite has worked so many hundred instructions for this process's archive."""
    left = steps

    def step() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            act()

    each_step(step)


def steps_of(case: Case, archive: Path) -> int:
    """How many hundred instructions an undisturbed run takes."""

    def work() -> int:
        taken = 0

        def count() -> None:
            nonlocal taken
            taken += 1

        each_step(count)
        case.read(archive)
        return taken

    return int(forked(work))


@pytest.mark.slow
def test_a_run_that_is_killed_loses_nothing_and_the_next_one_mends_it(
    cases: list[Case], tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    chance = random.Random(5)
    kills = tried = 0
    for number, case in enumerate(cases):
        began = time.monotonic()
        steps = steps_of(case, case.begin(tmp_path / f"steps{number}"))
        lasts = time.monotonic() - began
        share = KILLS // (2 * len(cases))
        for step in sorted(chance.sample(range(1, steps + 1), share)):
            archive = case.begin(tmp_path / f"k{number}-{step}")
            child, reading, acks = disturbed(
                case, archive, lambda at=step: after_steps(at, lambda: os.kill(os.getpid(), signal.SIGKILL))
            )
            os.close(reading)
            kills += os.WIFSIGNALED(os.waitpid(child, 0)[1])
            as_it_must_be(case, archive, said(acks))
            shutil.rmtree(archive.parent)
        done = 0
        while done < share:
            tried += 1
            archive = case.begin(tmp_path / f"t{number}-{tried}")
            child, reading, acks = disturbed(case, archive, lambda: None)
            time.sleep(chance.uniform(0, lasts))
            done += killed(child, reading)
            as_it_must_be(case, archive, said(acks))
            shutil.rmtree(archive.parent)
        kills += done
    record_property("figure", f"{kills} kills, nothing lost")
    assert kills >= KILLS * 0.95


@pytest.mark.slow
def test_the_command_killed_with_its_workers_under_way(cases: list[Case], tmp_path: Path) -> None:
    """The whole program as a newsroom starts it, somewhere between its start and its last word."""
    chance, kills = random.Random(6), 0
    for n in range(6):
        case = cases[n % 2]
        archive = case.begin(tmp_path / str(n))
        run = subprocess.Popen(
            [sys.executable, "-m", "ingest.cli", "ingest", str(case.tree), "--archive", str(archive), "--jobs", "2",
             "--no-thumbnails"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        time.sleep(chance.uniform(0.2, 2.5))
        run.kill()
        printed = run.communicate()[0]
        kills += run.returncode == -signal.SIGKILL
        as_it_must_be(case, archive, ["done"] if b" seen = " in printed else [])
    assert kills


def spread(largest: int, number: int) -> Iterator[int]:
    """Sizes of files from nothing to the largest."""
    return (largest * n // number for n in range(number))


@pytest.mark.slow
def test_a_write_that_is_refused_loses_nothing(
    cases: list[Case], tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """The system lets no file grow beyond a size, at 25 sizes."""
    refused = 0
    for number, case in enumerate(cases):
        archive = case.begin(tmp_path / f"whole{number}")
        case.read(archive)
        for size in spread(archive.stat().st_size * 2, SIZES):
            archive = case.begin(tmp_path / f"s{number}-{size}")

            def limited(size: int = size) -> None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

            child, reading, acks = disturbed(case, archive, limited)
            refused += told_plainly(reading, child)
            as_it_must_be(case, archive, said(acks))
            shutil.rmtree(archive.parent)
    record_property("figure", f"{SIZES} sizes twice, {refused} refused, nothing lost")
    assert refused > SIZES


def told_plainly(reading: int, child: int) -> bool:
    """Whether the run was refused a write; then it said so as an error of ours."""
    import pickle

    with os.fdopen(reading, "rb") as pipe:
        good, value = pickle.loads(pipe.read())
    os.waitpid(child, 0)
    if good:
        return False
    assert value[0] == "DatabaseError", value[2]
    assert "desk.db" in value[1], value[1]
    return True


@pytest.mark.slow
def test_a_disk_that_is_full_loses_nothing(
    cases: list[Case], tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    (tmp_path / "disk").mkdir()

    def filled() -> int:
        full = 0
        for case in cases:
            for size in spread(1 << 20, 12):
                mounted(tmp_path / "disk", 1 << 30)
                archive = case.begin(tmp_path / "disk/desk")
                used = sum(p.stat().st_size for p in archive.parent.iterdir())
                mounted(tmp_path / "disk", used + size + 16384, again=True)
                try:
                    case.read(archive)
                except DatabaseError as error:
                    assert "room" in str(error), error
                    full += 1
                mounted(tmp_path / "disk", 1 << 30, again=True)
                as_it_must_be(case, archive, [])
                unmounted(tmp_path / "disk")
        return full

    full = with_own_file_systems(filled)
    record_property("figure", f"24 sizes of disk, {full} full, nothing lost")
    assert full > 5
