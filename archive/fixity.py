"""Holding every original against the digest that the archive took of it, and noting how that came out."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import stat
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal, NamedTuple

from archive.events import record
from archive.stated import json_text

#: `changed`: its bytes are others, and so is its size or time: the next run of ingest reads it again. `damaged`: its
#: bytes are others though size and time are as they were, which nothing but a digest sees. `untracked`: a file in a
#: folder that was taken in, of which the archive knows nothing.
What = Literal["changed", "damaged", "missing", "unreadable", "untracked"]
#: Files looked up at once, threads that read them, bytes read at a time.
_LOOKED_UP = 500
_THREADS = 4
_CHUNK = 1 << 20
#: Files that get an event of their own; of more than these (a disk that is not there) only the sum is noted.
_NOTED = 1000
#: Objects in a store are not read again: no path on a disk holds `://`.
_ON_DISK = "path NOT GLOB '*://*'"


class Found(NamedTuple):
    """A file that is not as it should be."""

    what: What
    path: str
    message: str
    #: A photo in it, as `photos.id`; None for an untracked file.
    photo: int | None = None


@dataclass(slots=True)
class Report:
    """What came of it: files that were held against their digests, files without one, what was found."""

    checked: int = 0
    #: Files that were taken in before their digests were kept: only there or not.
    without_digest: int = 0
    bytes: int = 0
    found: Counter[str] = field(default_factory=Counter)

    @property
    def sound(self) -> bool:
        """Whether every file that the archive knows is there as it was."""
        return not any(n for what, n in self.found.items() if what != "untracked")


class _Known(NamedTuple):
    path: str
    raw: bytes | None
    sha256: str | None
    size: int | None
    mtime_ns: int | None
    photo: int


def verify(
    db: sqlite3.Connection,
    listed: Iterable[str],
    agent: str,
    *,
    tell: Callable[[Found], None] = lambda found: None,
    progress: Callable[[int], None] = lambda files: None,
) -> Report:
    """Read every file that the archive takes to be there, and look for files it does not know.

    `db` is open for writing: the result is an event, and so is each file that is changed, damaged, missing or
    unreadable. `listed` are the files of the folders that were taken in, as `sightings.path` writes them. `tell` is
    given each finding as it is made, `progress` how many files each step dealt with. Files are only read.
    """
    report, noted = Report(), list[Found]()

    def find(found: Found) -> None:
        report.found[found.what] += 1
        if found.photo is not None and len(noted) <= _NOTED:
            noted.append(found)
        tell(found)

    with ThreadPoolExecutor(_THREADS) as readers:
        for known in _known(db):
            for file, (sha256, size, found) in zip(known, readers.map(_held, known), strict=True):
                report.bytes += size
                if sha256 is not None and file.sha256 is not None:
                    report.checked += 1
                elif sha256 is not None:
                    report.without_digest += 1
                if found:
                    find(found)
            progress(len(known))
    for found in _untracked(db, listed):
        find(found)
    db.execute("BEGIN IMMEDIATE")
    for found in noted if len(noted) <= _NOTED else ():
        record(db, "fixity check", agent, "fail", photo=found.photo, path=found.path, found=found.what)
    record(db, "fixity check", agent, "success" if report.sound else "fail", checked=report.checked,
           without_digest=report.without_digest, bytes=report.bytes, **report.found)  # fmt: skip
    db.execute("COMMIT")
    return report


def files(db: sqlite3.Connection) -> int:
    """How many files `verify` will read."""
    counted = f"SELECT count(DISTINCT path) FROM sightings WHERE missing_since IS NULL AND {_ON_DISK}"
    number: int = db.execute(counted).fetchone()[0]
    return number


def taken_in(db: sqlite3.Connection) -> list[str]:
    """The files and folders that runs of ingest were given, each once."""
    rows = db.execute("SELECT DISTINCT value FROM accessions, json_each(roots) ORDER BY value")
    return [path for (path,) in rows]


def _known(db: sqlite3.Connection) -> Iterator[list[_Known]]:
    """The files that the archive takes to be there, some hundred at a time; nothing is held open in between."""
    after = ""
    while True:
        rows = db.execute(
            "SELECT path, max(path_bytes), max(sha256), max(size), max(mtime_ns), min(photo) FROM sightings"
            f" WHERE path > ? AND missing_since IS NULL AND {_ON_DISK} GROUP BY path ORDER BY path LIMIT ?",
            (after, _LOOKED_UP),
        ).fetchall()
        if not rows:
            return
        yield [_Known(*row) for row in rows]
        after = rows[-1][0]


def _held(file: _Known) -> tuple[str | None, int, Found | None]:
    """A file's digest (None where it cannot be read), its size, and what is wrong with it."""
    try:
        # Not to wait for a FIFO's other end: what was a file may be one now.
        fd = os.open(file.raw or file.path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY)
    except (FileNotFoundError, NotADirectoryError):
        return None, 0, Found("missing", file.path, "it is not there", file.photo)
    except OSError as error:
        return None, 0, Found("unreadable", file.path, f"it cannot be read: {error.strerror}", file.photo)
    try:
        about = os.fstat(fd)
        if not stat.S_ISREG(about.st_mode):
            return None, 0, Found("changed", file.path, "it is no regular file any more", file.photo)
        sha256, size = _digest(fd)
    except OSError as error:
        return None, 0, Found("unreadable", file.path, f"it cannot be read: {error.strerror}", file.photo)
    finally:
        os.close(fd)
    if file.sha256 in (None, sha256):
        return sha256, size, None
    # The time kept is the sidecar's where that was written later.
    if size == file.size and about.st_mtime_ns <= (file.mtime_ns or 0):
        message = f"its bytes are others (sha256 {sha256}), though its size and time are as they were"
        return sha256, size, Found("damaged", file.path, message, file.photo)
    return sha256, size, Found("changed", file.path, "it was written since it was taken in", file.photo)


def _digest(fd: int) -> tuple[str, int]:
    whole, size = hashlib.sha256(), 0
    while chunk := os.read(fd, _CHUNK):
        whole.update(chunk)
        size += len(chunk)
    return whole.hexdigest(), size


def _untracked(db: sqlite3.Connection, listed: Iterable[str]) -> Iterator[Found]:
    paths = iter(listed)
    while some := list(islice(paths, _LOOKED_UP)):
        given = json_text(some)
        known = {
            row[0]
            for table in ("sightings", "problems")
            for row in db.execute(
                f"SELECT path FROM {table} WHERE path IN (SELECT value FROM json_each(?))", (given,)
            )
        }
        for path in some:
            if path not in known:
                yield Found("untracked", path, "the archive knows nothing of it; the next run of ingest takes it in")
