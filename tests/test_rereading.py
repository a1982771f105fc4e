"""After a change of authority, every value that comes out otherwise is shown; what the desk decided stays."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

CUTLINE = Path(sys.executable).with_name("cutline")
CAPTION = (
    "Volunteers of the Example Lanterns Brigade rest in Kyiv, Ukraine, May 2, 2024. (Ann Example/Lantern Wire via AP)"
)
ENTRY = """- id: ua-lanterns
  name: Lantern Brigade
  variants: [Example Lanterns Brigade]
  country: "UA"
  source: general knowledge
"""


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    (tmp_path / "article.txt").write_text(f"2024-05-03\n\n{CAPTION}\n", encoding="utf-8")
    run("ingest", tmp_path / "article.txt", "--archive", tmp_path / "desk.db")
    return tmp_path / "desk.db"


@pytest.fixture
def overlay(tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "units.yml").write_text(ENTRY, encoding="utf-8")
    return folder


def run(*arguments: str | Path) -> str:
    done = subprocess.run([CUTLINE, *map(str, arguments)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, (arguments, done.stdout, done.stderr)
    return done.stdout


def unit_keys(archive: Path) -> list[str]:
    db = sqlite3.connect(archive)
    try:
        return [
            key
            for (key,) in db.execute("SELECT u.key FROM units u JOIN photo_units l ON l.unit = u.id ORDER BY u.key")
        ]
    finally:
        db.close()


def test_a_rehearsal_changes_nothing(archive: Path, overlay: Path) -> None:
    before = archive.read_bytes()
    run("reparse", "--archive", archive, "--dry-run", "--authority", overlay)
    assert archive.read_bytes() == before


def test_a_new_entry_is_applied_to_captions_already_read(archive: Path, overlay: Path) -> None:
    assert unit_keys(archive) == ["unit:example-lanterns-brigade"]
    run("reparse", "--archive", archive, "--authority", overlay)
    assert unit_keys(archive) == ["ua-lanterns"]


def test_reading_again_with_nothing_new_changes_no_value(archive: Path) -> None:
    assert run("reparse", "--archive", archive, "--json") == ""


def test_what_the_desk_corrected_stays(archive: Path, overlay: Path) -> None:
    from archive.connection import connect
    from archive.corrections import decide

    db = connect(archive, write=True)
    (photo,) = db.execute("SELECT id FROM photos").fetchone()
    decide(db, photo, "date_created", "set", "2024-05-01", "editor")
    db.close()
    changes = [
        json.loads(line)
        for line in run("reparse", "--archive", archive, "--authority", overlay, "--json").splitlines()
    ]
    assert "taken" not in {change["column"] for change in changes}
    again = sqlite3.connect(archive)
    assert again.execute("SELECT taken FROM photos").fetchone() == ("2024-05-01",)
    again.close()


def test_names_without_an_entry_come_as_yaml_to_paste(archive: Path, tmp_path: Path) -> None:
    printed = run("report", "--archive", archive)
    assert 'name: "Example Lanterns Brigade"' in printed
    assert 'name: "Lantern Wire"' in printed
    own = tmp_path / "pasted"
    own.mkdir()
    (own / "units.yml").write_text(printed.split("# agencies.yml")[0], encoding="utf-8")
    run("check", own)
