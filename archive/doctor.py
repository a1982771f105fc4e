"""What is wrong with an archive, with how it is served, and with what it runs on; and how to mend each."""

from __future__ import annotations

import contextlib
import importlib.metadata
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from archive.columns import newest
from archive.connection import SqlError, connect
from archive.errors import DatabaseError
from archive.schema import PUBLIC_APPLICATION_ID, SCHEMA_VERSION
from archive.walls import SETTINGS, gaps


class Finding(NamedTuple):
    """One thing, whether it is a fault, and what to do."""

    what: str
    mend: str
    wrong: bool = True


def examine(archive: Path, metadata: Path | None) -> list[Finding]:
    """Look at one archive, without changing it. Raises nothing for an archive that is damaged or none."""
    try:
        db = connect(archive)
    except DatabaseError as error:
        return [Finding(str(error).rstrip("."), "If the path is right, put the latest backup in its place.")]
    with contextlib.closing(db):
        public = db.execute("PRAGMA application_id").fetchone()[0] == PUBLIC_APPLICATION_ID
        found = [*_file(archive, public), *_software()]
        try:
            found += [*_database(db, archive), *_contents(db, archive, public)]
            if not public:
                found += _kept(db, archive)
        except SqlError as error:
            found.append(Finding(f"the archive cannot be read to its end: {error}", _RESTORE))
    for gap in gaps(archive, public=public, metadata=metadata, settings=SETTINGS):
        found.append(Finding(f"not to be served to others as it is: {gap.problem}", f"{gap.mend}."[:1].upper()
                             + f"{gap.mend}."[1:], wrong=public))  # fmt: skip
    return found


_RESTORE = "Move it away and put the latest backup in its place: cutline restore BACKUP."


def _file(archive: Path, public: bool) -> Iterator[Finding]:
    about = archive.stat()
    if about.st_mode & stat.S_IWOTH:
        yield Finding(f"anybody on this machine may write {archive.name}", f"chmod o-w {archive}")
    if not public and about.st_mode & stat.S_IROTH:
        yield Finding(f"anybody on this machine may read {archive.name}, with what is embargoed in it",
                      f"chmod o-r {archive}", wrong=False)  # fmt: skip
    free = shutil.disk_usage(archive.absolute().parent).free
    if free < about.st_size:
        yield Finding(f"{free:,} bytes are free beside a file of {about.st_size:,}",
                      "A backup, a public copy or an upgrade needs as much again: make room.")  # fmt: skip


def _software() -> Iterator[Finding]:
    version = importlib.metadata.version("datasette")
    if not version.startswith("0.65.") and not version.startswith("0.66."):
        yield Finding(f"Datasette is {version}, and cutline is tested with 0.65", "pip install 'datasette>=0.65.5,<1'")
    names = {point.name for point in importlib.metadata.entry_points(group="datasette")}
    if "cutline" not in names:
        yield Finding("Datasette does not know cutline's plugin, so there is no desk",
                      "Install cutline into the same environment: pip install cutline")  # fmt: skip
    if sqlite3.sqlite_version_info < (3, 40):
        yield Finding(f"SQLite is {sqlite3.sqlite_version}, and cutline needs 3.40", "pip install pysqlite3-binary")


def _database(db: sqlite3.Connection, archive: Path) -> Iterator[Finding]:
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version < SCHEMA_VERSION:
        yield Finding(f"its tables are of version {version}, this cutline writes {SCHEMA_VERSION}",
                      f"The next cutline ingest into it upgrades it: --archive {archive}", wrong=False)  # fmt: skip
    bad = [row[0] for row in db.execute("PRAGMA integrity_check(5)") if row[0] != "ok"]
    if bad:
        yield Finding(f"the file is damaged: {bad[0]}", _RESTORE)
    broken = {row[0] for row in db.execute("PRAGMA foreign_key_check")}
    if broken:
        yield Finding(f"rows of {', '.join(sorted(broken))} point to rows that are not there", _RESTORE)


def _contents(db: sqlite3.Connection, archive: Path, public: bool) -> Iterator[Finding]:
    def count(sql: str) -> int:
        return int(db.execute(f"SELECT count(*) FROM {sql}").fetchone()[0])

    photos, indexed = count("photos"), count("photo_search_docsize")
    unindexed = count("photos WHERE slot NOT IN (SELECT id FROM photo_search_docsize)")
    if unindexed or photos != indexed:
        yield Finding(f"{photos} photos, and the full-text index knows {indexed}: searches miss some", _RESTORE)
    counted = dict(db.execute("SELECT value, photos FROM facet_counts WHERE facet = ''").fetchall())
    if (counted.get("newest photo"), counted.get("newest change")) != newest(db):
        yield Finding("the stored counts are older than the photos, so the first page is slow",
                      "The next cutline ingest counts anew.", wrong=False)  # fmt: skip
    if public:
        return
    last = db.execute("SELECT outcome, started FROM accessions ORDER BY id DESC LIMIT 1").fetchone()
    if last and last[0] not in ("done", "running"):
        yield Finding(f"the latest run, of {last[1]}, was {last[0]}", "Run the same cutline ingest again.")
    refused = count("problems")
    if refused:
        yield Finding(f"{refused} files or items were not taken in", "The table `problems` says why for each.",
                      wrong=False)  # fmt: skip
    bare = count("photos p WHERE kind = 'picture' AND NOT EXISTS (SELECT 1 FROM thumbnails t WHERE t.photo = p.id)")
    if bare:
        yield Finding(f"{bare} pictures have no thumbnail", f"cutline thumbnails --archive {archive}", wrong=False)
    unread = count("(SELECT DISTINCT photo FROM restrictions WHERE kind = 'unread')")
    if unread:
        yield Finding(f"{unread} photos carry instructions that were not understood, so they are never published",
                      "The search restriction:unread finds them; the desk decides on their pages.",
                      wrong=False)  # fmt: skip


def _kept(db: sqlite3.Connection, archive: Path) -> Iterator[Finding]:
    """When its originals were last verified, and when it was last backed up, by its log of events."""
    def last(kind: str) -> tuple[str, str] | None:
        found: tuple[str, str] | None = db.execute(
            "SELECT time, outcome FROM events WHERE type = ? AND photo IS NULL ORDER BY id DESC LIMIT 1", (kind,)
        ).fetchone()
        return found

    verified, copied = last("fixity check"), last("replication")
    mend = f"cutline verify --archive {archive}"
    if verified is None:
        yield Finding("its originals were never verified", mend, wrong=False)
    elif verified[1] == "fail":
        yield Finding(f"when its originals were verified on {verified[0]}, some were not as they had been", mend)
    if copied is None:
        yield Finding("it was never backed up", f"cutline backup FOLDER --archive {archive}", wrong=False)
