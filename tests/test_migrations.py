"""An archive of any version is brought to today's, with all that it holds; where that fails, it is as it was."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from archive import schema
from archive.canonical import dump
from archive.connection import connect, create
from archive.errors import DatabaseError
from archive.search import parse_query, search
from archive.soundness import faults
from ingest.pipeline import ingest
from tests.frozen_schema import FOLDER, tables
from tests.test_line import put

VERSIONS = range(1, schema.SCHEMA_VERSION + 1)


def thawed(version: int, folder: Path) -> Path:
    """An archive as that version left it."""
    with closing(sqlite3.connect(folder / "desk.db")) as db:
        db.executescript((FOLDER / f"{version}.sql").read_text("utf-8"))
        db.execute("PRAGMA journal_mode = WAL")
    return folder / "desk.db"


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("version", VERSIONS)
def test_an_archive_of_any_version_is_brought_to_todays(version: int, tmp_path: Path) -> None:
    archive = thawed(version, tmp_path)
    with closing(connect(archive)) as db:
        before = list(dump(db))
        assert db.execute("PRAGMA user_version").fetchone() == (version,), "reading alone changes nothing"
    assert len(before) > 30
    with closing(connect(archive, write=True)) as db:
        assert list(dump(db)) == before, "it holds what it held"
        assert faults(db) == []
        assert search(db, parse_query("unit:155")).total == 2
        told = db.execute("SELECT outcome FROM events WHERE type = 'migration'").fetchall()
        assert told == ([("success",)] if version < schema.SCHEMA_VERSION else [])
        here = tables(db)
    create(tmp_path / "new.db")
    with closing(connect(tmp_path / "new.db")) as db:
        assert here == tables(db), "an upgraded archive has the tables of a new one"
    put(tmp_path / "in/a.jpg")
    assert ingest((str(tmp_path / "in"),), archive, jobs=0).new == 1


def test_a_version_once_frozen_is_never_changed(tmp_path: Path) -> None:
    """Tables of today that differ from those frozen under today's number need a number of their own."""
    with closing(connect(thawed(schema.SCHEMA_VERSION, tmp_path))) as db:
        frozen = tables(db)
    create(tmp_path / "new.db")
    with closing(connect(tmp_path / "new.db")) as db:
        assert frozen == tables(db)


def half_way(db: Any) -> None:
    db.execute("CREATE TABLE more (id INTEGER PRIMARY KEY) STRICT")
    db.execute("DELETE FROM statement_rows")
    db.execute("UPDATE photos SET headline = 'lost'")
    raise ValueError("the disk is on fire")


@pytest.mark.parametrize("version", VERSIONS)
def test_an_upgrade_that_fails_leaves_the_file_as_it_was(version: int, tmp_path: Path,
                                                        monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    archive = thawed(version, tmp_path)
    before = digest(archive)
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, half_way))
    monkeypatch.setattr("archive.connection.SCHEMA_VERSION", schema.SCHEMA_VERSION + 1)
    with pytest.raises(DatabaseError, match=r"left as it was: the disk is on fire"):
        connect(archive, write=True)
    assert digest(archive) == before
    assert sorted(p.name for p in tmp_path.glob("desk.db*")) == ["desk.db"]
    monkeypatch.undo()
    with closing(connect(archive, write=True)) as db:
        assert faults(db) == []


def test_an_archive_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    create(tmp_path / "desk.db")
    with closing(sqlite3.connect(tmp_path / "desk.db")) as db:
        db.execute(f"PRAGMA user_version = {schema.SCHEMA_VERSION + 1}")
    before = digest(tmp_path / "desk.db")
    with pytest.raises(DatabaseError, match="newer version of cutline"):
        connect(tmp_path / "desk.db", write=True)
    assert digest(tmp_path / "desk.db") == before
