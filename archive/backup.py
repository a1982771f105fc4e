"""Backing an archive up, and restoring it: by SQLite's own copying, page by page out of one state, never of the file.

A backup is one ordinary SQLite file without a log beside it, and its SHA-256 as `FILE.sha256` for sha256sum(1). Both
it and what is restored from it are checked before they get their name; no file is ever replaced.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from archive.connection import SqlError, check_target, connect, connect_copy, empty, plainly, writing
from archive.errors import DatabaseError
from archive.events import record
from archive.newfile import BESIDE, whole_file
from archive.soundness import faults

#: Told of pages still to copy, and of all.
Progress = Callable[[int, int], None]
#: Pages copied between two tellings of progress: 16 MiB of the usual size.
_PAGES = 4096
#: Rows that a copy has and its original has not: the event that tells of the copy.
_OWN = "events"


def counts(db: sqlite3.Connection) -> dict[str, int]:
    """Rows of every table, but of those that full-text search keeps to itself."""
    tables = db.execute(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'"
        " ORDER BY name"
    ).fetchall()
    return {table: db.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] for (table,) in tables}


def back_up(archive: Path, target: Path, agent: str, progress: Progress = lambda left, pages: None) -> str:
    """Copy an archive, which others may read and write meanwhile, to `target`; the copy's SHA-256.

    The copy is of the moment when it began. Raises DatabaseError, having left no file, where `target` or its digest is
    there already, where the copy cannot be made, or where it is not sound: then neither is the archive.
    """
    beside = _digest_file(target)
    for path in (target, beside):
        if path.exists():
            raise DatabaseError(f"{path} is there already. A backup never replaces one: give another name.")
    if not target.absolute().parent.is_dir():
        raise DatabaseError(f"There is no folder {target.absolute().parent} to put {target.name} into.")
    with closing(connect(archive)) as source, whole_file(target) as new:
        source.execute("BEGIN")
        rows = counts(source)  # the first read: from here on the source stands still for us
        with _opened_new(new, target, alone=True) as db:
            source.backup(db, pages=_PAGES, progress=lambda status, left, pages: progress(left, pages))
            db.execute("PRAGMA journal_mode = DELETE")
            _check(db, rows, f"The copy of {archive} is not sound, so the archive is not either")
            record(db, "replication", agent, of=str(archive.absolute()), counts=rows)
        sha256 = _sha256(new)
    with beside.open("x", encoding="utf-8", errors="surrogateescape") as file:
        file.write(f"{sha256}  {target.name}\n")
        file.flush()
        os.fsync(file.fileno())
    with closing(connect(archive, write=True)) as db:
        record(db, "replication", agent, to=str(target.absolute()), sha256=sha256)
    return sha256


def restore(backup: Path, archive: Path, agent: str, progress: Progress = lambda left, pages: None) -> dict[str, int]:
    """Make an archive of a backup where there is none; its rows by table.

    Raises DatabaseError, having left no file, where something stands in the archive's place, where the backup is not
    what was backed up (its digest, its counts), or where the restored archive is not sound.
    """
    for end in ("", *BESIDE):
        there = archive.with_name(archive.name + end)
        if there.exists():
            raise DatabaseError(f"{there} is there already. Move it away first; restoring replaces nothing.")
    check_target(archive)
    for end in BESIDE:
        log = backup.with_name(backup.name + end)
        if log.exists() and log.stat().st_size:
            raise DatabaseError(f"{log.name} lies beside {backup}: that is an archive in use, or was copied while in "
                                "use, and no backup. Make one of it with `cutline backup`.")  # fmt: skip
    beside = _digest_file(backup)
    if beside.exists() and (said := _said(beside)) != _sha256(backup):
        raise DatabaseError(f"{backup} is not as it was backed up: its SHA-256 is not {said}, as {beside.name} says.")
    with writing(archive, "cutline restore"), closing(connect_copy(backup)) as source, whole_file(archive) as new:
        with _opened_new(new, archive) as db:
            source.backup(db, pages=_PAGES, progress=lambda status, left, pages: progress(left, pages))
            _check(db, _counted(db), f"{backup} cannot be restored")
            db.execute("PRAGMA journal_mode = WAL")
        with closing(connect(new, write=True)) as db:  # and brought up to date
            record(db, "recovery", agent, of=str(backup.absolute()))
            return counts(db)


def drill(backup: Path, folder: Path, agent: str, progress: Progress = lambda left, pages: None) -> dict[str, int]:
    """Restore a backup into a new folder in `folder`, and throw that away: the proof that it can be restored.

    Raises DatabaseError as `restore` does.
    """
    try:
        with tempfile.TemporaryDirectory(prefix=".drill-", dir=folder) as inside:
            return restore(backup, Path(inside) / "drill.db", agent, progress)
    except OSError as error:
        raise DatabaseError(f"{backup} cannot be restored in {folder}: {plainly(error)}.") from error


def _check(db: sqlite3.Connection, expected: dict[str, int], what: str) -> None:
    wrong = faults(db)
    have = counts(db)
    wrong += [
        f"{table} has {have.get(table, 0)} rows where there were {n}"
        for table, n in expected.items()
        if have.get(table) != n and table != _OWN
    ]
    if wrong:
        raise DatabaseError(f"{what}: {'; '.join(wrong)}.")


def _counted(db: sqlite3.Connection) -> dict[str, int]:
    """What the backup says it held when it was made: its last event. Of any other copy, what it holds."""
    last = db.execute("SELECT detail FROM events WHERE type = 'replication' AND id = (SELECT max(id) FROM events)")
    told = json.loads((last.fetchone() or ("{}",))[0])
    return dict(told["counts"]) if "counts" in told else counts(db)


@contextlib.contextmanager
def _opened_new(new: Path, path: Path, *, alone: bool = False) -> Iterator[sqlite3.Connection]:
    try:
        with closing(empty(new, alone=alone)) as db:
            yield db
    except SqlError as error:
        raise DatabaseError(f"{path} cannot be made: {plainly(error)}.") from error


def _digest_file(path: Path) -> Path:
    return path.with_name(path.name + ".sha256")


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise DatabaseError(f"{path} cannot be read: {error.strerror}.") from error


def _said(beside: Path) -> str:
    return beside.read_text("utf-8", "surrogateescape").split(" ")[0].strip()
