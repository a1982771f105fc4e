"""The archive → a public copy that holds only what may leave.

Nothing is copied and then cleaned. A new file is built, and what goes into it is named here, one by one: photos that a
search finds and whose restrictions allow it today, the caption, the values that count (the desk's decisions applied,
without who decided), the thumbnail. Full-text index, names, places and counts are made anew from these alone, so that
no word of a withheld photo is in any of them.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from archive import effective
from archive.authority import load
from archive.connection import SqlError, connect, fresh_file
from archive.entries import Entries
from archive.errors import ArchiveError, DatabaseError
from archive.facets import refresh_facet_counts
from archive.query import parse_query
from archive.records import SourceText, Statement
from archive.release import DATED, LEAVE, verdict
from archive.schema import APPLICATION_ID, PUBLIC_APPLICATION_ID
from archive.search import every, search
from archive.soundness import check_index, damage
from archive.stated import Statements, keep
from archive.summary import Restriction, choose, summary_of

#: Properties whose values leave. GPS is a property of its own, and leaves only where it is asked for.
PROPERTIES = (
    "headline", "date_created", "location_created", "unit", "creator", "agency", "credit_line", "pool", "flag",
    "restriction",
)  # fmt: skip
#: What leaves of a statement's `detail`, and only as text or number.
DETAIL = frozenset({
    "name", "number", "echelon", "arm", "nation", "within", "place", "place_key", "region", "region_key", "country",
    "latitude", "longitude", "geonames", "until",
})  # fmt: skip
#: Tags that are named in full; of any other source (a column of a delivery) only what stands before its colon.
_TAGS = ("iim:", "xmp:", "exif:", "png:", "sidecar:", "caption", "desk")
#: Tables of a public copy that stay empty.
EMPTY = ("sightings", "conflicts", "corrections", "problems", "events", "photo_changes")
#: Columns that hold nothing in a public copy, by table.
BLANK = {
    "texts": ("raw", "notes", "stated_by"), "units": ("source",), "agencies": ("source",),
    "accessions": ("reference_date", "finished"),
}  # fmt: skip
#: Markers of a JPEG that show the picture; a thumbnail with any other (Exif, XMP, comments) does not leave.
_PICTURE = frozenset({0xDB, 0xC0, 0xC1, 0xC2, 0xC4, 0xDD, 0xE0, 0xEE})
_PHOTO = ("id", "identity", "slot", "kind", "format", "width", "height", "caption", "added", *effective.COLUMNS)


class Published(NamedTuple):
    """What came of it."""

    photos: int
    #: Photos that the search found and that stay, by reason.
    withheld: Mapping[str, int]
    #: The last day on which the copy may be shown as it is (EDTF); None where nothing in it ends.
    until: str | None


def publish(
    source: Path,
    target: Path,
    query: str,
    *,
    now: dt.datetime | None = None,
    allow: Collection[str] = (),
    gps: bool = False,
    authorities: Sequence[Path] = (),
    over: bool = False,
) -> Published:
    """Write a public copy of what a search finds, whole or not at all.

    In: an archive, where the copy goes, a search ("" for all), the moment in UTC, further kinds of restrictions that
    this house lets leave, whether coordinates of the camera leave, the newsroom's own authority files, whether an
    earlier public copy may be replaced. Raises ArchiveError, DatabaseError.
    """
    now = now or dt.datetime.now(dt.UTC)
    _check_target(source, target, over)
    wanted = parse_query(query)
    db = connect(source)
    try:
        if db.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            raise DatabaseError(f"{source} is a public copy itself. Publish from the archive that it was made from.")
        db.execute("BEGIN")
        # What was not understood is left out of a search; here that would let more leave than was meant.
        if hints := search(db, wanted, limit=1).hints:
            raise ArchiveError(f"Nothing was published, because the search was not fully understood: {' '.join(hints)}")
        numbers = sorted(photo.id for photo in every(db, wanted))
        with fresh_file(target, over=over) as (fresh, out):
            copy = _Copy(db, out, now, allow, gps, authorities)
            published = copy.write(numbers)
            _finish(out)
            inspect(out, published, now, allow)
            out.close()
            _is_not_wal(fresh)
    except SqlError as error:
        raise DatabaseError(f"{target} was not written: {error}.") from error
    finally:
        db.close()
    return published


def is_public(path: Path) -> bool:
    """Whether a file is a public copy. Raises DatabaseError for what is no archive at all."""
    with contextlib.closing(connect(path)) as db:
        return bool(db.execute("PRAGMA application_id").fetchone()[0] == PUBLIC_APPLICATION_ID)


def _check_target(source: Path, target: Path, over: bool) -> None:
    if not target.exists():
        return
    if source.exists() and target.samefile(source):
        raise ArchiveError(f"{target} is the archive itself. Give the public copy a name of its own.")
    if not is_public(target):
        raise ArchiveError(f"{target} is there, and no public copy. Give another name.")
    if not over:
        raise ArchiveError(
            f"{target} is there already. Publish under a new name and restart the server with it: a file that is "
            "replaced while it is served gives mixed answers. Where nobody serves it, --replace takes its place."
        )


class _Copy:
    """Fills the new file from one state of the archive."""

    def __init__(self, db: sqlite3.Connection, out: sqlite3.Connection, now: dt.datetime, allow: Collection[str],
                 gps: bool, authorities: Sequence[Path]) -> None:  # fmt: skip
        self.db, self.out, self.now, self.allow = db, out, now, allow
        self.properties = frozenset((*PROPERTIES, "gps") if gps else PROPERTIES)
        self.entries, self.slots = Entries(out, load(*authorities)), effective.Slots(out)
        self.stated = Statements(out)
        self.runs: dict[int, int] = {}
        self.photos = 0

    def write(self, numbers: Sequence[int]) -> Published:
        withheld: Counter[str] = Counter()
        ends: list[str] = []
        self.out.execute("BEGIN")
        for number in numbers:
            reason, until = self._photo(number)
            if reason:
                withheld[reason] += 1
            elif until:
                ends.append(until)
        self.out.execute("COMMIT")
        return Published(self.photos, dict(sorted(withheld.items())), min(ends, default=None))

    def _photo(self, number: int) -> tuple[str | None, str | None]:
        """(why it stays, until when it may be shown)."""
        identity, kind, form, width, height, added, caption = self.db.execute(
            "SELECT identity, kind, format, width, height, added, caption FROM photos WHERE id = ?", (number,)
        ).fetchone()
        texts, statements, index = effective.stated(self.db, number, caption)
        chosen = choose(statements, index, effective.decisions(self.db, number))
        text = None if index is None else texts[index]
        leaving = {
            prop: [_leaving(s, index) for s in found]
            for prop, found in chosen.items() if prop in self.properties
        }  # fmt: skip
        summary = summary_of(leaving, text.text if text else "")
        judged = verdict(summary.restrictions, self.now, self.allow)
        if judged.withheld:
            return judged
        self.photos += 1
        made = effective.row(summary, kind, 0, self.entries)
        slot, run = self.slots.take(made.day), self._run(added)
        self._insert("photos", ", ".join(_PHOTO), (
            self.photos, identity, slot, kind, form, width, height, self.photos if text else None, run, *made.values,
        ))  # fmt: skip
        texts = [text._replace(source=_source(text.source))] if text else []
        if texts:
            self._text(texts[0], run)
        said = [s for found in leaving.values() for s in found]
        self.stated.add(self.photos, [self.photos], keep(said, texts))
        effective.insert_links(self.out, *effective.links(self.photos, made))
        for restriction in summary.restrictions:
            self._insert("restrictions", "photo, kind, until, verbatim, source", (self.photos, *restriction))
        self._thumbnail(number)
        return judged

    def _run(self, accession: int) -> int:
        """The run that a photo came in by: when that was, and nothing else of it."""
        if accession not in self.runs:
            started = self.db.execute("SELECT started FROM accessions WHERE id = ?", (accession,)).fetchone()[0]
            self.runs[accession] = len(self.runs) + 1
            self._insert("accessions", "id, started, agent, roots, outcome",
                         (self.runs[accession], started, "cutline", "[]", "done"))  # fmt: skip
        return self.runs[accession]

    def _text(self, text: SourceText, run: int) -> None:
        self._insert(
            "texts", "id, photo, source, lang, text, charset, declared, first_seen, last_seen",
            (self.photos, self.photos, text.source, text.lang, text.text, "utf-8", 1, run, run),
        )  # fmt: skip

    def _thumbnail(self, number: int) -> None:
        row = self.db.execute(
            "SELECT digest, width, height, jpeg FROM thumbnails WHERE photo = ?", (number,)
        ).fetchone()
        if row and is_bare(row[3]) and hashlib.sha256(row[3]).hexdigest() == row[0]:
            self._insert("thumbnails", "photo, digest, width, height, jpeg", (self.photos, *row))

    def _insert(self, table: str, columns: str, row: Sequence[object]) -> None:
        self.out.execute(f"INSERT INTO {table} ({columns}) VALUES ({', '.join('?' * len(row))})", tuple(row))


def _leaving(s: Statement, caption: int | None) -> Statement:
    """A value as it leaves: with its characters where they are the caption's, without what else its tag held."""
    detail = {k: v for k, v in s.detail.items() if k in DETAIL and isinstance(v, str | int | float)}
    if s.text is not None and s.text == caption:
        return s._replace(source=_source(s.source), detail=detail, text=0)
    # What a restriction forbids is told in its own words; of every other tag only the value leaves.
    verbatim = s.verbatim if s.property == "restriction" and s.value in LEAVE | DATED else s.value
    return s._replace(source=_source(s.source), verbatim=verbatim, detail=detail, text=None, span=None)


def _source(source: str) -> str:
    return source if source.startswith(_TAGS) else source.partition(":")[0]


def is_bare(jpeg: bytes) -> bool:
    """Whether a JPEG holds a picture and nothing else up to its first scan, and ends where the picture does."""
    at = 2
    while jpeg[at : at + 1] == b"\xff" and at + 4 <= len(jpeg):
        if jpeg[at + 1] == 0xDA:
            return jpeg[:2] == b"\xff\xd8" and jpeg[-2:] == b"\xff\xd9"
        if jpeg[at + 1] not in _PICTURE:
            return False
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
    return False


def _finish(out: sqlite3.Connection) -> None:
    """Counts and the index from what is there; the pages written anew, so that none holds what a row once held."""
    out.execute("UPDATE units SET source = NULL")
    out.execute("UPDATE agencies SET source = NULL")
    out.execute("INSERT INTO photo_search (photo_search) VALUES ('rebuild')")
    out.execute("INSERT INTO photo_search (photo_search) VALUES ('optimize')")
    refresh_facet_counts(out)
    out.execute(f"PRAGMA application_id = {PUBLIC_APPLICATION_ID}")
    out.execute("VACUUM")


def inspect(out: sqlite3.Connection, published: Published, now: dt.datetime, allow: Collection[str]) -> None:
    """Count what was written and ask it once more. Raises ArchiveError for anything that is not as it must be."""

    def one(sql: str) -> object:
        return out.execute(sql).fetchone()[0]

    wrong = [f"{table} is not empty" for table in EMPTY if one(f"SELECT count(*) FROM {table}")]
    wrong += [f"{table}.{column} is not empty" for table, columns in BLANK.items() for column in columns
              if one(f"SELECT count(*) FROM {table} WHERE {column} IS NOT NULL")]  # fmt: skip
    counts = {
        "photos": one("SELECT count(*) FROM photos"),
        "captions": one("SELECT count(*) FROM photos WHERE caption IS NOT NULL"),
        "texts": one("SELECT count(*) FROM texts"),
        "indexed": one("SELECT count(*) FROM photo_search_docsize"),
        "counted": one("SELECT photos FROM facet_counts WHERE facet = '' AND value = 'photos'"),
    }
    for name, expected in (("photos", published.photos), ("indexed", published.photos), ("counted", published.photos),
                           ("texts", counts["captions"])):  # fmt: skip
        if counts[name] != expected:
            wrong.append(f"{name}: {counts[name]} where {expected} were meant")
    if any(damage(out)):
        wrong.append("the file does not pass SQLite's own checks")
    try:
        check_index(out)
    except SqlError:
        wrong.append("the full-text index does not match the photos")
    for photo, held in _restrictions(out):
        if reason := verdict(held, now, allow).withheld:
            wrong.append(f"photo {photo} is withheld: {reason}")
    if wrong:
        raise ArchiveError(f"Nothing was published, because the copy is not as it must be: {'; '.join(wrong[:5])}.")


def _restrictions(out: sqlite3.Connection) -> Iterator[tuple[str, list[Restriction]]]:
    rows = out.execute(
        "SELECT p.identity, json_group_array(json_array(r.kind, r.until, r.verbatim, r.source)) FROM restrictions r"
        " JOIN photos p ON p.id = r.photo GROUP BY p.id"
    )
    return ((identity, [Restriction(*r) for r in json.loads(held)]) for identity, held in rows)


def _is_not_wal(path: Path) -> None:
    with path.open("rb") as file:
        # File format, 1.3: bytes 18 and 19 are 1 for a rollback journal, 2 for a write-ahead log.
        if file.read(20)[18:] != b"\x01\x01":
            raise ArchiveError("Nothing was published: the copy is in WAL mode, and could not be served read-only.")
