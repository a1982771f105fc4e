"""Photo to rows, so that storing the same photo twice changes nothing.

A photo and all its rows are one transaction. What was known of a photo stays: texts that its file no longer
carries are kept with `current = 0`, and so are the statements that were read in them.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal

from archive import effective, events
from archive.authority import Authorities
from archive.connection import now
from archive.entries import Entries
from archive.facets import refresh_facet_counts
from archive.prepared import TEXT, Mark, Prepared, Stored
from archive.records import Refusal
from archive.stated import Statements, json_text

Outcome = Literal["new", "changed", "unchanged", "refused"]
_NEW_PHOTO = (
    "INSERT INTO photos (id, identity, slot, kind, format, width, height, added, "
    f"{', '.join(effective.COLUMNS)}) VALUES ({', '.join('?' * (8 + len(effective.COLUMNS)))})"
)
_NEW_SIGHTING = (
    "INSERT INTO sightings (id, photo, path, item, sha256, size, mtime_ns, path_bytes, first_seen, last_seen)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_SEEN_AGAIN = (
    "UPDATE sightings SET photo = ?, sha256 = ?, size = ?, mtime_ns = ?, path_bytes = ?, last_seen = ?,"
    " missing_since = NULL, first_seen = CASE photo WHEN ? THEN first_seen ELSE ? END WHERE id = ?"
)
_NEW_TEXT = (
    f"INSERT INTO texts (id, photo, {TEXT}, first_seen, last_seen, current, stated_by)"
    f" VALUES ({', '.join('?' * 14)})"
)


class Store:
    """Writes one accession: one run of ingest. Each method is a transaction, or part of one that `together` holds."""

    def __init__(self, db: sqlite3.Connection, agent: str, roots: Sequence[str], reference: str | None = None,
                 authorities: Authorities | None = None, event: events.Type = "ingestion") -> None:  # fmt: skip
        """`db` from `connection.connect(path, write=True)`, with the writer's lock held. Whatever run is still
        marked as running was cut off: nobody else can be writing. `event` is what the log of events calls this run.
        """
        self.db, self.agent, self.event = db, agent, event
        self._entries = Entries(db, authorities)
        self._slots = effective.Slots(db)
        self._statements = Statements(db)
        self._version = -1
        with self.together():
            cut_off = db.execute("SELECT id, agent FROM accessions WHERE outcome = 'running'").fetchall()
            for number, whose in cut_off:
                events.record(db, "ingestion", whose, "fail", accession=number)
            db.execute("UPDATE accessions SET outcome = 'interrupted' WHERE outcome = 'running'")
            made = db.execute(
                "INSERT INTO accessions (started, agent, roots, reference_date) VALUES (?, ?, ?, ?)",
                (now(), agent, json_text(list(roots)), reference),
            )
        assert made.lastrowid is not None
        self.accession: int = made.lastrowid

    @contextmanager
    def together(self) -> Iterator[None]:
        """One transaction around whatever is stored inside it: all of it or, on an error, nothing."""
        if self.db.in_transaction:
            yield
            return
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.db.execute("COMMIT")
        except BaseException:
            if self.db.in_transaction:
                self.db.execute("ROLLBACK")
            raise

    def add(self, photos: Iterable[Stored], unchanged: int = 0) -> list[Outcome]:
        """Store a batch in one transaction; what came of each photo and refusal, in order. On an error nothing of it
        is stored.

        `unchanged` counts photos that were not even read again, for the accession's own sum.
        """
        try:
            with self.together():
                return self._add(list(photos), unchanged)
        except BaseException:
            self._entries.forget()
            self._slots.forget()
            self._statements.forget()
            raise

    def _add(self, photos: list[Stored], unchanged: int) -> list[Outcome]:
        db = self.db
        version = db.execute("PRAGMA data_version").fetchone()[0]
        if version != self._version:  # somebody else has written since
            self._slots.forget()
            self._version = version
        batch = _Batch(self, self._entries, self._slots, self._statements, photos)
        outcomes: list[Outcome] = []
        for photo in photos:
            if isinstance(photo, Prepared):
                outcomes.append(batch.store(photo))
            elif isinstance(photo, Refusal):
                outcomes.append(batch.refuse(photo))
            else:
                batch.mark(photo)
        batch.flush()
        count = outcomes.count
        db.execute(
            "UPDATE accessions SET seen = seen + ?, new = new + ?, changed = changed + ?,"
            " unchanged = unchanged + ?, refused = refused + ? WHERE id = ?",
            (len(outcomes) + unchanged, count("new"), count("changed"), count("unchanged") + unchanged,
             count("refused"), self.accession),
        )  # fmt: skip
        return outcomes

    def finish(self, outcome: Literal["done", "interrupted"] = "done", *, warned: bool = False) -> None:
        """Close the accession, and bring the counts up to date. `warned` where a person should look into it."""
        with self.together():
            self.db.execute(
                "UPDATE accessions SET finished = ?, outcome = ? WHERE id = ?", (now(), outcome, self.accession)
            )
            counts = self.db.execute(
                "SELECT seen, new, changed, unchanged, refused FROM accessions WHERE id = ?", (self.accession,)
            ).fetchone()
            sums = dict(zip(("seen", "new", "changed", "unchanged", "refused"), counts, strict=True))
            ended: events.Outcome = "fail" if outcome != "done" else "warning" if warned else "success"
            events.record(self.db, self.event, self.agent, ended, accession=self.accession, **sums)
            refresh_facet_counts(self.db)

    def bring_in_log(self) -> None:
        """Bring the write-ahead log into the archive's own file, once everything is committed."""
        # Not to wait for whoever is reading just now: then the log stays a log, and a later run brings it in.
        patience = self.db.execute("PRAGMA busy_timeout").fetchone()[0]
        self.db.execute("PRAGMA busy_timeout = 0")
        self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.db.execute(f"PRAGMA busy_timeout = {patience}")

    def not_elsewhere(self, sightings: Sequence[int]) -> list[int]:
        """Of these sightings, those whose photo was not seen at any other place that is still there."""
        gone = set(sightings)
        lost = []
        for number in sightings:
            others = self.db.execute(
                "SELECT o.id FROM sightings s JOIN sightings o ON o.photo = s.photo"
                " WHERE s.id = ? AND o.id <> s.id AND o.missing_since IS NULL",
                (number,),
            )
            if all(row[0] in gone for row in others):
                lost.append(number)
        return lost

    def mark_items_gone(self, paths: Iterable[str]) -> None:
        """Of files that were read again in this run, note the items that they no longer hold."""
        with self.together():
            self.db.executemany(
                "UPDATE sightings SET missing_since = ? WHERE path = ? AND item > 0 AND last_seen < ?"
                " AND missing_since IS NULL",
                [(self.accession, path, self.accession) for path in paths],
            )

    def mark_missing(self, sightings: Sequence[int]) -> None:
        """Note that these sightings' files are gone. The photos stay: absence is not deletion."""
        with self.together():
            self.db.executemany(
                "UPDATE sightings SET missing_since = ? WHERE id = ? AND missing_since IS NULL",
                [(self.accession, number) for number in sightings],
            )


class _Batch:
    """The rows of one transaction. New photos are collected and written together; known ones one at a time."""

    def __init__(self, store: Store, entries: Entries, slots: effective.Slots, stated: Statements,
                 photos: Sequence[Stored]) -> None:  # fmt: skip
        self.db = db = store.db
        self.agent, self.accession = store.agent, store.accession
        self.entries, self.slots, self.stated = entries, slots, stated
        prepared = [photo for photo in photos if isinstance(photo, Prepared)]
        self.known: dict[str, int] = dict(
            db.execute(
                "SELECT identity, id FROM photos WHERE identity IN (SELECT value FROM json_each(?))",
                (json.dumps([photo.identity for photo in prepared]),),
            ).fetchall()
        )
        #: Sightings of this batch's files, by path and item, as they were before it.
        self.seen: dict[tuple[str, int], tuple[Any, ...]] = {
            row[:2]: row[2:]
            for row in db.execute(
                "SELECT s.path, s.item, s.id, s.photo, s.sha256, s.size, s.mtime_ns, s.missing_since"
                " FROM json_each(?) j JOIN sightings s ON s.path = j.value ->> 0 AND s.item = j.value ->> 1",
                (json.dumps([photo.sighting[:2] for photo in prepared]),),
            )
        }
        self.any_problems = db.execute("SELECT 1 FROM problems LIMIT 1").fetchone() is not None
        self.next_photo = db.execute("SELECT coalesce(max(id), 0) + 1 FROM photos").fetchone()[0]
        self.next_text = db.execute("SELECT coalesce(max(id), 0) + 1 FROM texts").fetchone()[0]
        self.next_sighting = db.execute("SELECT coalesce(max(id), 0) + 1 FROM sightings").fetchone()[0]
        self._empty()

    def _empty(self) -> None:
        self.fresh: set[str] = set()
        self.photos: list[tuple[object, ...]] = []
        self.captions: list[tuple[object, ...]] = []
        self.sightings: list[tuple[object, ...]] = []
        self.moved: list[tuple[object, ...]] = []
        self.texts: list[tuple[object, ...]] = []
        self.statements: list[tuple[object, ...]] = []
        self.units: list[tuple[object, ...]] = []
        self.agencies: list[tuple[object, ...]] = []
        self.people: list[tuple[object, ...]] = []
        self.conflicts: list[tuple[object, ...]] = []
        self.restrictions: list[tuple[object, ...]] = []
        self.words: list[tuple[int, str, str, str]] = []

    def refuse(self, refusal: Refusal) -> Outcome:
        """Keep why a file was not taken in; one row a file, the latest reason."""
        s = refusal.sighting
        self.db.execute("DELETE FROM problems WHERE path = ? AND item = ?", (s.path, s.item))
        self.db.execute(
            "INSERT INTO problems (accession, path, item, path_bytes, reason, message) VALUES (?, ?, ?, ?, ?, ?)",
            (self.accession, s.path, s.item, s.path_bytes, refusal.reason, refusal.message),
        )
        return "refused"

    def mark(self, mark: Mark) -> None:
        """Note that a file of many photos is not yet read to its end, or take that note away."""
        self.db.execute("DELETE FROM problems WHERE path = ? AND item = 0", (mark.path,))
        if mark.begins:
            self.db.execute(
                "INSERT INTO problems (accession, path, reason, message) VALUES (?, ?, 'incomplete',"
                " 'The run that read it ended before its last photo; the next run reads it again.')",
                (self.accession, mark.path),
            )

    def store(self, photo: Prepared) -> Outcome:
        """New, changed or unchanged: by the photo's identity, its reading, and where it was seen."""
        at = photo.sighting[:2]
        if photo.identity in self.fresh:
            self.flush()
        if self.any_problems:
            self.db.execute("DELETE FROM problems WHERE path = ? AND item = ?", at)
        seen = self.seen.get(at)
        known = self.known.get(photo.identity)
        number = known or self.next_photo
        changed, sighting = self._seen_again(photo, number, seen, at_once=known is not None)
        if known:
            latest = self._is_latest(photo, number, seen)
            changed |= self._read_again(photo, number, sighting, latest)
        else:
            self._collect(photo, sighting)
            self.known[photo.identity] = number
        return "new" if not known else "changed" if changed else "unchanged"

    def _collect(self, photo: Prepared, sighting: int) -> None:
        number, self.next_photo = self.next_photo, self.next_photo + 1
        first, self.next_text = self.next_text, self.next_text + len(photo.texts)
        row = effective.row(photo.summary, photo.kind, len(photo.conflicts), self.entries)
        slot = self.slots.take(row.day)
        caption = None if photo.caption is None else first + photo.caption
        self.photos.append((number, photo.identity, slot, photo.kind, photo.format, photo.width, photo.height,
                            self.accession, *row.values))  # fmt: skip
        self.captions.append((caption, number))
        run = self.accession
        for i, text in enumerate(photo.texts):
            self.texts.append((first + i, number, *text, run, run, 1, sighting))
        self.statements += self.stated.rows(number, range(first, self.next_text), photo.statements)
        units, agencies, people = effective.links(number, row)
        self.units += units
        self.agencies += agencies
        self.people += people
        if photo.conflicts:
            self.conflicts += [(number, *conflict) for conflict in photo.conflicts]
        if photo.summary.restrictions:
            self.restrictions += [(number, *restriction) for restriction in photo.summary.restrictions]
        spoken = "" if photo.caption is None else str(photo.texts[photo.caption][3])
        self.words.append((slot, spoken, row.words, row.terms))
        self.fresh.add(photo.identity)

    def flush(self) -> None:
        """Write what was collected."""
        if not self.photos and not self.sightings and not self.moved:
            return
        db = self.db
        db.executemany(_NEW_PHOTO, self.photos)
        db.executemany(_NEW_SIGHTING, self.sightings)
        db.executemany(_SEEN_AGAIN, self.moved)
        db.executemany(_NEW_TEXT, self.texts)
        # A photo and its caption refer to each other. Leaving that to the commit would make SQLite look through all
        # photos for every text; so the photo comes first and is told its caption afterwards.
        db.executemany("UPDATE photos SET caption = ? WHERE id = ?", self.captions)
        self.stated.insert(self.statements)
        effective.insert_links(db, self.units, self.agencies, self.people)
        self._insert_conflicts(self.conflicts)
        db.executemany("INSERT INTO restrictions (photo, kind, until, verbatim, source) VALUES (?, ?, ?, ?, ?)",
                       self.restrictions)  # fmt: skip
        # The index writes out all it holds whenever a rowid is not larger than the last: sorted, it holds a batch.
        self.words.sort()
        db.executemany(effective.INSERT_WORDS, self.words)
        self._empty()

    def _insert_conflicts(self, rows: Sequence[tuple[object, ...]]) -> None:
        self.db.executemany("INSERT INTO conflicts (photo, property, sources) VALUES (?, ?, ?)", rows)

    def _seen_again(self, photo: Prepared, number: int, seen: tuple[Any, ...] | None, *,
                    at_once: bool) -> tuple[bool, int]:  # fmt: skip
        """Note where a photo is: whether that is news, and the number of the sighting.

        `at_once` where the photo's own row is there to refer to; a new photo's sighting is written with it.
        """
        path, item, sha256, size, mtime_ns, path_bytes = photo.sighting
        run = self.accession
        self.fresh.add(photo.identity)
        if seen is None:
            sighting, self.next_sighting = self.next_sighting, self.next_sighting + 1
            new = (sighting, number, path, item, sha256, size, mtime_ns, path_bytes, run, run)
            if at_once:
                self.db.execute(_NEW_SIGHTING, new)
            else:
                self.sightings.append(new)
            return True, sighting
        if seen[1] != number and item == 0:
            # Another picture under the same name: the one before keeps its texts, and this note of where it was.
            events.record(self.db, "replacement", self.agent, photo=seen[1], path=path, by=photo.identity,
                          sha256=seen[2])  # fmt: skip
        moved = (number, sha256, size, mtime_ns, path_bytes, run, number, run, seen[0])
        if at_once:
            self.db.execute(_SEEN_AGAIN, moved)
        else:
            self.moved.append(moved)
        # A file that was merely touched is as it was: its bytes say so. An item is, whatever else its file holds now.
        return seen[1] != number or (item == 0 and seen[2] != sha256) or seen[5] is not None, seen[0]

    def _is_latest(self, photo: Prepared, number: int, seen: tuple[Any, ...] | None) -> bool:
        """Whether this reading counts: of a photo that lies in several files, the one written last does.

        So the order in which files are read makes no difference. Equal times are settled by the path.
        """
        path, item, _, _, mtime_ns, _ = photo.sighting
        own = (seen[4] or 0, path, item) if seen and seen[1] == number else None
        others = self.db.execute(
            "SELECT coalesce(mtime_ns, 0), path, item FROM sightings"
            " WHERE photo = ? AND missing_since IS NULL AND NOT (path = ? AND item = ?)",
            (number, path, item),
        ).fetchall()
        newest = max(others, default=None)
        if newest is None or (own is not None and own > newest):
            return True
        return bool((mtime_ns or 0, path, item) > newest)

    def _read_again(self, photo: Prepared, number: int, sighting: int, latest: bool) -> bool:
        """Put a known photo's reading in place of its last one. Whether anything was different."""
        db, run = self.db, self.accession
        texts: dict[tuple[object, ...], tuple[int, int]] = {
            row[2:]: (row[0], row[1])
            for row in db.execute(f"SELECT id, current, {TEXT} FROM texts WHERE photo = ? ORDER BY id", (number,))
        }
        known = [texts.get(text) for text in photo.texts]
        if not latest:
            return self._older_reading(photo, number, sighting, known)
        current = {number_of for number_of, is_current in texts.values() if is_current}
        if None not in known and {t[0] for t in known if t} == current:
            same = [t[0] for t in known if t]
            if self._same_reading(photo, number, same):
                self._stated_by(same, sighting)
                return False
        slot = db.execute("SELECT slot FROM photos WHERE id = ?", (number,)).fetchone()[0]
        effective.remove_words(db, slot)
        numbers = self._texts(photo, number, known, 1, sighting)
        self._stated_by(numbers, sighting)
        self.stated.remove(number, numbers, unread=True)
        db.execute(
            "UPDATE texts SET current = 0 WHERE photo = ? AND current AND id NOT IN (SELECT value FROM json_each(?))",
            (number, json.dumps(numbers)),
        )
        caption = None if photo.caption is None else numbers[photo.caption]
        db.execute("UPDATE photos SET caption = ?, format = ?, width = ?, height = ? WHERE id = ?",
                   (caption, photo.format, photo.width, photo.height, number))  # fmt: skip
        self.stated.add(number, numbers, photo.statements)
        db.execute("DELETE FROM conflicts WHERE photo = ?", (number,))
        self._insert_conflicts([(number, *conflict) for conflict in photo.conflicts])
        db.execute(effective.INSERT_WORDS, db.execute(effective.OLD_WORDS, (slot,)).fetchone())
        effective.refresh(db, number, self.entries, self.slots)
        db.execute("UPDATE texts SET last_seen = ? WHERE photo = ? AND current", (run, number))
        return True

    def _same_reading(self, photo: Prepared, number: int, texts: list[int]) -> bool:
        conflicts = self.db.execute("SELECT property, sources FROM conflicts WHERE photo = ? ORDER BY id", (number,))
        caption = self.db.execute("SELECT caption FROM photos WHERE id = ?", (number,)).fetchone()[0]
        return bool(
            self.stated.are(number, texts, photo.statements)
            and conflicts.fetchall() == list(photo.conflicts)
            and caption == (None if photo.caption is None else texts[photo.caption])
        )

    def _older_reading(self, photo: Prepared, number: int, sighting: int,
                       known: list[tuple[int, int] | None]) -> bool:  # fmt: skip
        """Keep what an older copy of a photo says, as history.

        What an older text states depends on more than its characters (a Date Created beside it, an article's date).
        Of several older copies that carry it the one written last counts, in whatever order they were read.
        """
        at = (photo.sighting[4] or 0, photo.sighting[0], photo.sighting[1])
        older = set(
            self.db.execute(
                "SELECT t.id FROM texts t JOIN sightings s ON s.id = t.stated_by WHERE t.photo = ? AND NOT t.current"
                " AND (coalesce(s.mtime_ns, 0), s.path, s.item) < (?, ?, ?)",
                (number, *at),
            ).fetchall()
        )
        again = [i for i, text in enumerate(known) if text is not None and (text[0],) in older]
        new = [i for i, text in enumerate(known) if text is None]
        if not new and not again:
            return False
        effective.row(photo.summary, photo.kind, 0, self.entries)  # its names are known, whichever came first
        numbers = self._texts(photo, number, known, 0, sighting)
        self._stated_by([numbers[i] for i in again], sighting)
        self.stated.remove(number, [numbers[i] for i in again])
        only = {*new, *again}
        self.stated.add(number, numbers, [s for s in photo.statements if s[0] in only])
        return bool(new)

    def _stated_by(self, texts: Sequence[int], sighting: int) -> None:
        """Note the file whose reading these texts' statements are."""
        self.db.executemany(
            "UPDATE texts SET stated_by = ?1 WHERE id = ?2 AND stated_by IS NOT ?1",
            [(sighting, text) for text in texts],
        )

    def _texts(self, photo: Prepared, number: int, known: list[tuple[int, int] | None], current: int,
               sighting: int) -> list[int]:  # fmt: skip
        """The numbers of a reading's texts; those not known yet are written."""
        run, numbers = self.accession, []
        for text, old in zip(photo.texts, known, strict=True):
            if old is None:
                numbers.append(self.next_text)
                self.next_text += 1
                self.db.execute(_NEW_TEXT, (numbers[-1], number, *text, run, run, current, sighting))
            else:
                numbers.append(old[0])
                if current and not old[1]:
                    self.db.execute("UPDATE texts SET current = 1 WHERE id = ?", (old[0],))
        return numbers
