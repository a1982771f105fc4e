"""One writes and everybody reads: a second writer ends at once, and nobody sees half of anything."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from archive.connection import connect, writing
from ingest import pipeline
from ingest.pipeline import ingest
from tests.desk_server import Desk, serve
from tests.forked import killed, started
from tests.test_line import GUNNERS, MARINES, put


def cutline(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ingest.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for n in range(12):
        put(tmp_path / f"in/{n:02}.jpg", n, GUNNERS if n % 2 else MARINES)
    ingest((str(tmp_path / "in"),), tmp_path / "desk.db", jobs=0)
    return tmp_path / "in"


def held(archive: Path) -> tuple[int, int]:
    """A process that holds the archive to write, until it is killed."""
    ready, tells = os.pipe()

    def work() -> None:
        with writing(archive, "cutline ingest /wire"):
            os.write(tells, b"held")
            time.sleep(60)

    child = started(work)
    os.read(ready, 4)
    return child


@pytest.mark.slow
def test_a_second_run_ends_at_once_and_names_the_holder(folder: Path) -> None:
    archive = folder.parent / "desk.db"
    child = held(archive)
    result = cutline("ingest", folder, "--archive", archive)
    assert result.returncode == 1
    assert f"is being written by process {child[0]} on " in result.stderr
    assert "(cutline ingest /wire)" in result.stderr and "Traceback" not in result.stderr
    for other in (["thumbnails"], ["reparse"]):
        assert f"process {child[0]}" in cutline(*other, "--archive", archive).stderr, other
    assert killed(*child)
    assert cutline("ingest", folder, "--archive", archive).returncode == 0, "a dead holder holds nothing"


def test_readers_see_a_run_whole_or_not_at_all(folder: Path) -> None:
    """A run of up to a thousand photos: what is new, changed, renamed and gone appears in one moment."""
    put(folder / "00.jpg", 0, GUNNERS)
    (folder / "01.jpg").rename(folder / "renamed.jpg")
    for n in range(30):
        put(folder / f"n{n:02}.jpg", 50 + n)
    ask = (
        "SELECT (SELECT count(*) FROM photos), (SELECT count(*) FROM sightings WHERE missing_since IS NULL),"
        " (SELECT count(*) FROM photo_search WHERE photo_search MATCH 'gunners OR soldiers'),"
        " (SELECT max(photos) FROM facet_counts WHERE facet = '' AND value = 'photos')"
    )
    seen, done = set(), threading.Event()

    def look() -> None:
        with closing(connect(folder.parent / "desk.db")) as db:
            while not done.is_set():
                seen.add(db.execute(ask).fetchone())

    reader = threading.Thread(target=look)
    reader.start()
    ingest((str(folder),), folder.parent / "desk.db", jobs=0)
    time.sleep(0.05)
    done.set()
    reader.join()
    assert seen == {(12, 12, 6, 12), (42, 42, 7, 42)}


@pytest.mark.slow
def test_datasette_reads_while_ingest_writes(folder: Path, monkeypatch: pytest.MonkeyPatch,
                                             record_property: Callable[[str, object], None]) -> None:  # fmt: skip
    """Every page and every API of the desk, again and again, while runs of many small transactions go on."""
    monkeypatch.setattr(pipeline, "_BATCH", 3)
    archive = folder.parent / "desk.db"
    served = serve(folder.parent)
    desk: Desk = next(served)
    asked: list[tuple[str, int]] = []
    totals: list[int] = []
    writing_now = threading.Event()
    writing_now.set()

    def read() -> None:
        paths = ["/", "/?q=unit:155", "/search.json?q=soldiers", "/coverage.json", "/search.csv?q=soldiers",
                 "/desk/photos.json?_size=5", "/desk/events.json"]  # fmt: skip
        while writing_now.is_set():
            for path in paths:
                answer = desk.get(path)
                asked.append((path, answer.status))
                if "search.json" in path and answer.status == 200:
                    totals.append(json.loads(answer.body)["total"])

    reader = threading.Thread(target=read)
    reader.start()
    runs = 0
    try:
        while runs < 6 or len(asked) < 60:
            runs += 1
            for n in range(15):
                put(folder / f"r{runs}-{n:02}.jpg", 25 + runs * 15 + n, GUNNERS)
            ingest((str(folder),), archive, jobs=0)
    finally:
        writing_now.clear()
        reader.join()
        served.close()
    assert {(path, status) for path, status in asked if status != 200} == set()
    assert totals == sorted(totals) and totals[-1] > totals[0]
    record_property("figure", f"{len(asked)} requests while {runs * 15} photos came in, none failed")
