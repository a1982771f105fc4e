"""A backup is a copy of one moment, checked before it has its name, and it can be restored."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive import corrections, filesystems
from archive.backup import back_up, drill, restore
from archive.canonical import dump
from archive.connection import connect
from archive.errors import DatabaseError
from archive.newfile import whole_file
from archive.search import parse_query, search
from archive.soundness import faults
from ingest.cli import main
from ingest.pipeline import ingest
from tests.forked import forked
from tests.test_line import GUNNERS, MARINES, put


def cutline(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(main, [str(a) for a in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def dumped(archive: Path) -> list[str]:
    with closing(connect(archive)) as db:
        return list(dump(db))


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A desk's archive with a decision in it, which is what no file could give back."""
    for n in range(12):
        put(tmp_path / f"in/{n}.jpg", n, GUNNERS if n % 2 else MARINES)
    ingest((str(tmp_path / "in"),), tmp_path / "desk.db", jobs=0)
    with closing(connect(tmp_path / "desk.db", write=True)) as db:
        corrections.decide(db, 1, "headline", "set", "At rest", "mira")
    return tmp_path / "desk.db"


def test_the_drill_a_desk_that_lost_its_disk_has_everything_back(archive: Path, tmp_path: Path) -> None:
    before = dumped(archive)
    (tmp_path / "safe").mkdir()
    assert cutline("backup", tmp_path / "safe/monday.db", "--archive", archive).exit_code == 0
    for path in archive.parent.glob("desk.db*"):
        path.unlink()
    assert cutline("restore", tmp_path / "safe/monday.db", "--archive", archive).exit_code == 0
    assert dumped(archive) == before
    with closing(connect(archive)) as db:
        assert search(db, parse_query("unit:155")).total == 6
        assert [row[0] for row in db.execute("SELECT type FROM events ORDER BY id")] == [
            "ingestion", "metadata modification", "replication", "recovery",
        ]  # fmt: skip
    assert ingest((str(tmp_path / "in"),), archive, jobs=0).as_json() == {
        "seen": 12, "new": 0, "changed": 0, "unchanged": 12, "refused": 0,
    }  # fmt: skip


def test_a_backup_is_one_file_that_sha256sum_knows(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "safe").mkdir()
    assert cutline("backup", tmp_path / "safe", "--archive", archive).exit_code == 0
    names = sorted(p.name for p in (tmp_path / "safe").iterdir())
    assert len(names) == 2 and names[0].startswith("desk-2") and names[1] == names[0] + ".sha256"
    subprocess.run(["sha256sum", "--check", "--strict", names[1]], cwd=tmp_path / "safe", check=True)
    with closing(connect(archive)) as db:
        told = json.loads(db.execute("SELECT detail FROM events WHERE type = 'replication'").fetchone()[0])
    assert told["to"] == str(tmp_path / "safe" / names[0])


def test_a_backup_taken_while_ingest_writes_is_of_one_moment(archive: Path, tmp_path: Path,
                                                            monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    from archive import backup

    monkeypatch.setattr(backup, "_PAGES", 1)
    before, wrote = dumped(archive), threading.Event()

    def write(left: int, pages: int) -> None:
        """Between two pages of the copy, once: another run, and another decision."""
        if not wrote.is_set():
            wrote.set()
            put(tmp_path / "in/late.jpg", 99)
            writer = threading.Thread(target=lambda: ingest((str(tmp_path / "in"),), archive, jobs=0))
            writer.start()
            writer.join()

    back_up(archive, tmp_path / "copy.db", "test", write)
    assert wrote.is_set()
    assert dumped(tmp_path / "copy.db") == before
    assert dumped(archive) != before
    assert drill(tmp_path / "copy.db", tmp_path, "test")["photos"] == 12


def test_what_is_only_in_the_log_is_backed_up(archive: Path, tmp_path: Path) -> None:
    """Why nobody should copy the file: what was written last is not in it yet."""
    with closing(connect(archive, write=True)) as db:
        db.execute("PRAGMA wal_autocheckpoint = 0")
        corrections.decide(db, 2, "headline", "set", "The last word", "mira")
        shutil.copy(archive, tmp_path / "copied.db")
        back_up(archive, tmp_path / "backed-up.db", "test")
    assert "The last word" not in "".join(dumped(tmp_path / "copied.db"))
    assert "The last word" in "".join(dumped(tmp_path / "backed-up.db"))


def test_what_a_killed_backup_left_is_taken_away_by_the_next(archive: Path, tmp_path: Path) -> None:
    def die(left: int, pages: int) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    assert forked(lambda: back_up(archive, tmp_path / "copy.db", "test", die)) is None
    assert len(list(tmp_path.glob(".copy.db.*"))) > 0
    assert not (tmp_path / "copy.db").exists(), "half a copy never has the name of a whole one"
    back_up(archive, tmp_path / "copy.db", "test")
    assert list(tmp_path.glob(".copy.db.*")) == []
    assert drill(tmp_path / "copy.db", tmp_path, "test")["photos"] == 12


def test_an_archive_in_use_is_no_backup(archive: Path, tmp_path: Path) -> None:
    """Its last words are in the log; restoring from the file alone would lose them without a sound."""
    with closing(connect(archive, write=True)) as db:
        corrections.decide(db, 2, "headline", "set", "The last word", "mira")
        with pytest.raises(DatabaseError, match="archive in use"):
            restore(archive, tmp_path / "restored.db", "test")


def flip_a_byte(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 255
    path.write_bytes(data)


def without_its_digest(path: Path, then: Callable[[Path], None]) -> None:
    path.with_name(path.name + ".sha256").unlink()
    then(path)


def lose_a_row(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("DELETE FROM statement_rows WHERE photo = 1 AND n = 0")
        db.commit()


def lose_a_word(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("UPDATE photos SET words = 'other words' WHERE id = 3")
        db.commit()


def lose_a_photo(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("DELETE FROM photo_units")
        db.execute("DELETE FROM photos WHERE id = 12")
        db.commit()


def cut_short(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (flip_a_byte, "is not as it was backed up"),
        (lambda path: without_its_digest(path, lose_a_row), "statement_rows has"),
        (lambda path: without_its_digest(path, lose_a_word), "the file is damaged"),
        (lambda path: without_its_digest(path, lose_a_photo), "refers to a row of photos that is not there"),
        (lambda path: without_its_digest(path, cut_short), "damaged"),
        (Path.unlink, "cannot be read"),
        (lambda path: path.write_text("no archive"), "is not as it was backed up"),
    ],
)
def test_a_backup_that_was_harmed_is_not_restored(archive: Path, tmp_path: Path, harm: Callable[[Path], object],
                                                 said: str) -> None:  # fmt: skip
    back_up(archive, tmp_path / "copy.db", "test")
    harm(tmp_path / "copy.db")
    with pytest.raises(DatabaseError, match=said):
        restore(tmp_path / "copy.db", tmp_path / "restored.db", "test")
    assert [p.name for p in tmp_path.glob("*restored*")] == []
    assert cutline("restore", tmp_path / "copy.db", "--drill", "--archive", archive).exit_code == 1


def test_an_archive_that_is_not_sound_gives_no_backup(archive: Path, tmp_path: Path) -> None:
    lose_a_word(archive)
    with pytest.raises(DatabaseError, match="is not sound"):
        back_up(archive, tmp_path / "copy.db", "test")
    assert [p.name for p in tmp_path.glob("*copy*")] == []


def test_nothing_is_ever_replaced(archive: Path, tmp_path: Path) -> None:
    back_up(archive, tmp_path / "copy.db", "test")
    kept = (tmp_path / "copy.db").read_bytes()
    with pytest.raises(DatabaseError, match="never replaces"):
        back_up(archive, tmp_path / "copy.db", "test")
    with pytest.raises(DatabaseError, match="restoring replaces nothing"):
        restore(tmp_path / "copy.db", archive, "test")
    archive.unlink()
    (tmp_path / "desk.db-wal").write_bytes(b"the log of an archive that is gone")
    with pytest.raises(DatabaseError, match="-wal is there already"):
        restore(tmp_path / "copy.db", archive, "test")
    assert (tmp_path / "copy.db").read_bytes() == kept


def test_the_drill_leaves_nothing_but_its_answer(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "safe").mkdir()
    back_up(archive, tmp_path / "safe/copy.db", "test")
    before = sorted(tmp_path.rglob("*"))
    result = cutline("restore", tmp_path / "safe/copy.db", "--drill", "--archive", archive)
    assert "can be restored: 12 photos" in result.stdout
    assert sorted(tmp_path.rglob("*")) == before


def test_backups_may_lie_where_archives_may_not(archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A newsroom's backups are on its file server; nobody else opens them while they are made."""
    (tmp_path / "nas").mkdir()
    table = f"27 1 254:0 / / rw - ext4 /dev/vda rw\n99 27 0:50 / {tmp_path.resolve()}/nas rw - nfs4 10.0.0.5:/b rw\n"
    (tmp_path / "mountinfo").write_text(table)
    monkeypatch.setattr(filesystems, "MOUNTS", tmp_path / "mountinfo")
    before = dumped(archive)
    back_up(archive, tmp_path / "nas/copy.db", "test")
    assert drill(tmp_path / "nas/copy.db", tmp_path, "test")["photos"] == 12
    with pytest.raises(DatabaseError, match="network file system"):
        restore(tmp_path / "nas/copy.db", tmp_path / "nas/restored.db", "test")
    restore(tmp_path / "nas/copy.db", tmp_path / "restored.db", "test")
    assert dumped(tmp_path / "restored.db") == before


def test_a_file_system_without_links_will_do(archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """FAT on a stick has none; a file that is there is not replaced all the same."""
    def no_links(source: Path, target: Path) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    back_up(archive, tmp_path / "copy.db", "test")
    assert drill(tmp_path / "copy.db", tmp_path, "test")["photos"] == 12
    with pytest.raises(DatabaseError, match="just been made"), whole_file(tmp_path / "copy.db") as new:
        new.write_text("another")
    assert dumped(tmp_path / "copy.db") == dumped(archive)


def test_a_backup_can_be_searched_as_it_lies(archive: Path, tmp_path: Path) -> None:
    back_up(archive, tmp_path / "copy.db", "test")
    with closing(connect(tmp_path / "copy.db")) as db:
        assert search(db, parse_query("unit:155")).total == 6
    assert [p.name for p in tmp_path.glob("copy.db-*")] == [], "no log beside it"


def test_a_restored_archive_is_sound(archive: Path, tmp_path: Path) -> None:
    back_up(archive, tmp_path / "copy.db", "test")
    restore(tmp_path / "copy.db", tmp_path / "restored.db", "test")
    with closing(connect(tmp_path / "restored.db", write=True)) as db:
        assert faults(db) == []
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


@pytest.mark.parametrize(
    "command",
    [
        "search gunners", "dump", "verify", "backup {}/b.db", "export {}/e.csv", "report", "reparse", "thumbnails",
        "doctor", "ingest {}/in", "publish {}/desk.db {}/p.db --all",
    ],
)  # fmt: skip
def test_a_damaged_archive_is_told_in_one_sentence(archive: Path, tmp_path: Path, command: str) -> None:
    """With what to do, and never with a traceback."""
    data = bytearray(archive.read_bytes())
    for page in range(3, len(data) // 4096):
        data[page * 4096 : page * 4096 + 2000] = b"\xff" * 2000
    archive.write_bytes(data)
    words = [word.format(tmp_path) for word in command.split()]
    result = cutline(*words, *([] if words[0] == "publish" else ["--archive", archive]))
    assert result.exit_code == 1
    assert "damaged" in result.output and "cutline restore" in result.output
