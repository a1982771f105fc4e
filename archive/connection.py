"""Opening an archive: whose file it is, which version, who may write."""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import importlib
import importlib.util
import json
import os
import socket
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from archive.errors import DatabaseError
from archive.filesystems import network
from archive.newfile import BESIDE, whole_file
from archive.schema import APPLICATION_ID, PUBLIC_APPLICATION_ID, SCHEMA_VERSION

#: A newer SQLite than the interpreter's own, where it is installed: the same API, its own exceptions.
_sqlite: Any = importlib.import_module("pysqlite3") if importlib.util.find_spec("pysqlite3") else sqlite3
#: What to catch: errors of either module.
SqlError: tuple[type[Exception], ...] = (sqlite3.Error, _sqlite.Error)


def plainly(error: Exception) -> str:
    """What SQLite or the system says, in words that say what to do."""
    said = (error.strerror if isinstance(error, OSError) else None) or str(error)
    if "disk is full" in said or "No space left" in said:
        return "there is no room left on its disk; make some, and run the same command again"
    if "disk I/O" in said:
        return f"its disk fails, or has no room left ({said})"
    if "malformed" in said or "not a database" in said:
        return f"it is damaged ({said}); move it away and restore a backup with `cutline restore`"
    if "locked" in said:
        return "another program is writing it just now; try again"
    return said


def now() -> str:
    """This second in UTC, as ISO 8601 with a Z."""
    return dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def connect(path: Path, *, write: bool = False) -> sqlite3.Connection:
    """Open an archive that exists; in autocommit, so that every transaction is one somebody began.

    Raises DatabaseError where it is missing, no archive of ours, made by a newer version, or on a network file
    system. An older one is upgraded when it is opened to write.
    """
    _on_a_disk(path)
    _check(path)
    try:
        db, ours, version = _opened(path, "mode=rw")
    except SqlError as error:
        if write:
            raise DatabaseError(f"{path} cannot be opened as an archive: {plainly(error)}.") from error
        try:  # in a folder that nobody may write into, SQLite can only trust that nobody does
            db, ours, version = _opened(path, "immutable=1")
        except SqlError:
            raise DatabaseError(f"{path} cannot be opened as an archive: {plainly(error)}.") from error
    try:
        _judge(path, ours, version)  # the log may hold a later version than the file
        _make_ready(db, path, ours, version, write)
    except SqlError as error:
        db.close()
        raise DatabaseError(f"{path} cannot be opened as an archive: {plainly(error)}.") from error
    except BaseException:
        db.close()
        raise
    return db


def _make_ready(db: sqlite3.Connection, path: Path, ours: int, version: int, write: bool) -> None:
    if write:
        if ours == PUBLIC_APPLICATION_ID:
            raise DatabaseError(f"{path} is a public copy, and nothing is written into it. Write into the archive that "
                                "it was made from, and publish that anew.")  # fmt: skip
        db.execute("PRAGMA foreign_keys = ON")
        db.execute("PRAGMA synchronous = FULL")
        if version < SCHEMA_VERSION:
            try:
                _upgrade(db)
            except Exception as error:
                raise DatabaseError(f"{path} could not be upgraded and was left as it was: {error}.") from error
    else:
        # Not `mode=ro`: such a connection leaves the log's two files lying behind it.
        db.execute("PRAGMA query_only = ON")
    db.execute("PRAGMA cache_size = -65536")


def _opened(path: Path, how: str) -> tuple[sqlite3.Connection, int, int]:
    uri = f"{path.absolute().as_uri()}?{how}"
    db = cast(sqlite3.Connection, _sqlite.connect(uri, uri=True, isolation_level=None, timeout=30))
    try:
        ours, version = (db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version"))
    except BaseException:
        db.close()
        raise
    return db, ours, version


def _check(path: Path) -> None:
    if not path.exists():
        raise DatabaseError(f"{path} is not there. `cutline ingest FOLDER --archive {path}` makes it.")
    if not path.is_file():
        raise DatabaseError(f"{path} is not a file, so it cannot be an archive.")
    # As it lies there, without its log: opening what is not ours the usual way could already change it. Not by
    # reading its header ourselves: closing such a file takes away the locks that SQLite holds on it in this process.
    try:
        db, ours, version = _opened(path, "immutable=1")
        db.close()
    except SqlError as error:
        if "not a database" in str(error):
            message = f"{path} is not a cutline archive (nor any SQLite database). It was left as it is."
            raise DatabaseError(message) from error
        if path.with_name(path.name + "-wal").exists():
            return  # bringing the log in was cut off: the file by itself is half old, half new, and whole with its log
        raise DatabaseError(f"{path} cannot be read: {plainly(error)}.") from error
    _judge(path, ours, version)


def _judge(path: Path, ours: int, version: int) -> None:
    if ours not in (APPLICATION_ID, PUBLIC_APPLICATION_ID):
        raise DatabaseError(f"{path} is a database, but no cutline archive. Give another path with --archive.")
    if version > SCHEMA_VERSION:
        raise DatabaseError(
            f"{path} was written by a newer version of cutline (its schema is {version}, this version knows "
            f"{SCHEMA_VERSION}). Upgrade cutline to open it."
        )


def check_target(path: Path) -> None:
    """Raise DatabaseError unless `path` is an archive of ours, or can become one. Writes nothing."""
    _on_a_disk(path)
    if path.exists():
        connect(path).close()
    elif not path.absolute().parent.is_dir():
        raise DatabaseError(f"There is no folder {path.absolute().parent} to put {path.name} into.")


def create(path: Path) -> None:
    """Make a new, empty archive, whole or not at all. Raises DatabaseError."""
    check_target(path)
    try:
        with fresh_file(path) as (_, db):
            db.execute("PRAGMA journal_mode = WAL")
    except SqlError as error:
        raise DatabaseError(f"{path} cannot be made: {plainly(error)}.") from error


@contextlib.contextmanager
def fresh_file(path: Path, *, over: bool = False) -> Iterator[tuple[Path, sqlite3.Connection]]:
    """A new file with all our tables, beside its place; at the end of the block it is moved there, whole.

    `over` lets it replace what is there. Raises DatabaseError.
    """
    with whole_file(path, over=over) as new, contextlib.closing(empty(new)) as db:
        _upgrade(db)
        yield new, db


def empty(path: Path, *, alone: bool = False) -> sqlite3.Connection:
    """A new database without any table.

    `alone` where nobody else knows of the file, and it may lie where locks do not hold.
    """
    if alone:
        uri = f"{path.absolute().as_uri()}?vfs=unix-none"  # no locks at all
        db = cast(sqlite3.Connection, _sqlite.connect(uri, uri=True, isolation_level=None))
        db.execute("PRAGMA locking_mode = EXCLUSIVE")
        return db
    return cast(sqlite3.Connection, _sqlite.connect(path, isolation_level=None))


def connect_copy(path: Path) -> sqlite3.Connection:
    """Open a backup to read, on whatever file system: nobody writes it. Raises DatabaseError."""
    _check(path)
    return _opened(path, "immutable=1")[0]


def _upgrade(db: sqlite3.Connection) -> None:
    """Bring the tables to this version in one transaction, and note it among the events."""
    from sqlite_utils import Database

    from archive import AGENT, schema
    from archive.events import record

    db.execute("BEGIN IMMEDIATE")
    try:
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version < SCHEMA_VERSION:  # another process may have done it while this one waited
            schema.create(Database(db))
            if version:
                record(db, "migration", AGENT, before=version, after=SCHEMA_VERSION)
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def _on_a_disk(path: Path) -> None:
    kind = network(path)
    if kind:
        raise DatabaseError(
            f"{path} is on a network file system ({kind}), where SQLite's locks do not hold and two writers can ruin "
            "it. Keep the archive on a disk of the machine that runs cutline; photographs may lie anywhere."
        )


def own_files(path: Path) -> list[Path]:
    """The archive's file, and what SQLite and we lay beside it."""
    return [path.absolute().with_name(path.name + end) for end in ("", *BESIDE, "-writer")]


@contextlib.contextmanager
def writing(path: Path, work: str) -> Iterator[None]:
    """Hold the archive's writer lock: one at a time, released by the system when its holder dies.

    The lock is a file of its own beside the archive (`desk.db-writer`): locking the archive itself would meddle
    with SQLite's locks. Raises DatabaseError, naming the holder, where another process has it.
    """
    lock = path.with_name(path.name + "-writer")
    while True:
        try:
            number = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise DatabaseError(f"{path} cannot be written: {lock}: {error.strerror}.") from error
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = _holder(number)
            os.close(number)
            raise DatabaseError(f"{path} is being written by {holder}. Try again when it has ended.") from error
        # The holder before may have removed the file between our open and our lock: then the lock holds nothing.
        if _same(number, lock):
            break
        os.close(number)
    about = {"process": os.getpid(), "host": socket.gethostname(), "work": work, "since": now()}
    try:
        # Only for others to read: on a full disk the lock holds without it.
        with contextlib.suppress(OSError):
            os.ftruncate(number, 0)
            os.pwrite(number, json.dumps(about).encode(), 0)
        yield
    finally:
        lock.unlink(missing_ok=True)
        os.close(number)


def _holder(number: int) -> str:
    try:
        about = json.loads(os.pread(number, 4096, 0))
        return f"process {about['process']} on {about['host']} since {about['since']} ({about['work']})"
    except (ValueError, KeyError, OSError):
        return "another process"


def _same(number: int, path: Path) -> bool:
    try:
        there, ours = path.stat(), os.fstat(number)
    except FileNotFoundError:
        return False
    return (there.st_dev, there.st_ino) == (ours.st_dev, ours.st_ino)
