"""What was done with an archive stands in its log of events, for good."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
from pathlib import Path

import pytest

from archive import corrections
from archive.connection import connect
from ingest.pipeline import ingest
from tests.forked import forked
from tests.test_line import put


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    for n in range(3):
        put(tmp_path / f"in/{n}.jpg", n)
    ingest((str(tmp_path / "in"),), tmp_path / "desk.db", jobs=0, agent="cutline test")
    return tmp_path / "desk.db"


def log(archive: Path) -> list[tuple[object, ...]]:
    db = connect(archive)
    try:
        return db.execute("SELECT type, agent, outcome, detail FROM events ORDER BY id").fetchall()
    finally:
        db.close()


def test_a_run_is_an_event_with_its_sums(archive: Path) -> None:
    ((kind, agent, outcome, detail),) = log(archive)
    assert (kind, agent, outcome) == ("ingestion", "cutline test", "success")
    assert json.loads(str(detail)) == {
        "accession": 1, "seen": 3, "new": 3, "changed": 0, "unchanged": 0, "refused": 0,
    }  # fmt: skip


def test_a_run_that_died_is_told_by_the_next(archive: Path) -> None:
    put(archive.parent / "in/9.jpg", 9)
    assert forked(lambda: ingest((str(archive.parent / "in"),), archive, jobs=0, agent="killed",
                                 progress=lambda photos: os.kill(os.getpid(), signal.SIGKILL))) is None  # fmt: skip
    ingest((str(archive.parent / "in"),), archive, jobs=0, agent="next")
    assert [row[:3] for row in log(archive)[1:]] == [("ingestion", "killed", "fail"), ("ingestion", "next", "success")]


def test_a_decision_of_the_desk_is_an_event_of_its_photo(archive: Path) -> None:
    db = connect(archive, write=True)
    made = corrections.decide(db, 2, "headline", "set", "At rest", "mira")
    corrections.undo(db, made, "jon")
    found = db.execute("SELECT agent, photo, detail FROM events WHERE type = 'metadata modification'").fetchall()
    db.close()
    assert [(who, photo, json.loads(detail)["action"]) for who, photo, detail in found] == [
        ("mira", 2, "set"), ("jon", 2, "undo"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE events SET outcome = 'fail'",
        "DELETE FROM events",
        "INSERT OR REPLACE INTO events (id, type, time, agent, outcome) VALUES (1, 'ingestion', '', 'x', 'success')",
        "REPLACE INTO events (id, type, time, agent, outcome) VALUES (1, 'ingestion', '', 'x', 'success')",
        "INSERT INTO events (id, type, time, agent, outcome) VALUES (1, 'ingestion', '', 'x', 'success')"
        " ON CONFLICT (id) DO UPDATE SET agent = 'x'",
    ],
)
def test_an_event_is_there_for_good(archive: Path, sql: str) -> None:
    before = log(archive)
    db = sqlite3.connect(archive)
    with pytest.raises(sqlite3.IntegrityError, match="only ever added"):
        db.execute(sql)
    db.close()
    assert log(archive) == before
