"""The rows that show what counts now: `photos`, `photo_*`, restrictions, and the full-text index, kept in step.

The full-text index holds no text of its own (it reads the view `photo_words`), so a row that changes is first
taken out with the very words it was put in with.
"""

from __future__ import annotations

import json
import sqlite3
from typing import NamedTuple

from archive import index_terms
from archive.entries import Entries
from archive.records import SourceText, Statement
from archive.stated import WHOLE, whole
from archive.summary import Decision, Summary, summarise

#: Columns of `photos` that the values decide, in the order of `Row.values`.
COLUMNS = (
    "headline", "taken", "taken_from", "taken_to", "taken_role", "taken_standing", "location", "place", "region",
    "country", "latitude", "longitude", "unit", "photographer", "agency", "credit_line", "pool", "flags", "standing",
    "conflicts", "restricted", "words", "terms",
)  # fmt: skip
_DAY_BITS = 20
_UPDATE = f"UPDATE photos SET slot = ?, caption = ?, {', '.join(f'{c} = ?' for c in COLUMNS)} WHERE id = ?"
INSERT_WORDS = "INSERT INTO photo_search (rowid, caption, words, terms) VALUES (?, ?, ?, ?)"
DELETE_WORDS = "INSERT INTO photo_search (photo_search, rowid, caption, words, terms) VALUES ('delete', ?, ?, ?, ?)"
OLD_WORDS = "SELECT slot, caption, words, terms FROM photo_words WHERE slot = ?"


class Row(NamedTuple):
    """What a summary becomes once its units, agencies, people and places have numbers."""

    day: int
    #: In the order of COLUMNS.
    values: tuple[object, ...]
    words: str
    terms: str
    units: tuple[tuple[int, str], ...]
    agencies: tuple[tuple[int, str, int], ...]
    photographers: tuple[int, ...]


def row(summary: Summary, kind: str, conflicts: int, entries: Entries) -> Row:
    """Number what a summary names. `conflicts` counts those that nobody has decided."""
    units: dict[int, str] = {}
    printed: dict[str, int] = {}
    for unit in summary.units:
        number = entries.unit(unit)
        units.setdefault(number, unit.standing)
        printed[unit.printed] = number
    for unit in summary.units:
        parent = printed.get(unit.within) if unit.within else None
        if parent is not None and parent != printed[unit.printed]:
            entries.printed_within(printed[unit.printed], parent)
    agencies: dict[int, tuple[int, str, int]] = {}
    for position, agency in enumerate(summary.agencies):
        number = entries.agency(agency)
        agencies.setdefault(number, (number, agency.role, position))
    people = tuple(dict.fromkeys([entries.photographer(name) for name in summary.photographers]))
    place = entries.place(summary.place) if summary.place else None
    region = entries.place(summary.region) if summary.region else None
    first, last = summary.taken_from, summary.taken_to
    days = None if first is None or last is None else (first, last)
    terms = index_terms.terms(
        kind_of=kind,
        units=dict.fromkeys(above for number in units for above in entries.with_ancestors(number, days)),
        agencies=[(number, role) for number, role, _ in agencies.values()],
        photographers=people,
        country_code=summary.country,
        region_id=region,
        place_id=place,
        flags=summary.flags,
        standing_of=summary.standing,
        conflict=conflicts > 0,
        dated=summary.taken_from is not None,
        partial=summary.taken is not None and (first is None or first != last or len(summary.taken) != 10),
        role=summary.taken_role,
        pool=summary.pool is not None,
        restricted=bool(summary.restrictions),
    )
    values = (
        summary.headline, summary.taken, summary.taken_from, summary.taken_to, summary.taken_role,
        summary.taken_standing, summary.location, place, region, summary.country, summary.latitude, summary.longitude,
        "; ".join(u.printed for u in summary.units) or None, "; ".join(summary.photographers) or None,
        " → ".join(a.name for a in summary.agencies) or None, summary.credit_line, summary.pool,
        " ".join(summary.flags) or None, summary.standing, conflicts, int(bool(summary.restrictions)),
        summary.words, terms,
    )  # fmt: skip
    return Row(summary.taken_from or 0, values, summary.words, terms, tuple(units.items()),
               tuple(agencies.values()), people)  # fmt: skip


class Slots:
    """Free places in the desk's order, `day << 20 | n`. To `forget()` when another writer may have taken some."""

    def __init__(self, db: sqlite3.Connection) -> None:
        """`db` is inside a transaction that writes whenever a place is taken."""
        self._db = db
        self.forget()

    def forget(self) -> None:
        """Ask the archive again which places are taken."""
        self._last: dict[int, int] = {}

    def take(self, day: int) -> int:
        """The next free place of a day (a proleptic ordinal; 0 for a picture without a date)."""
        last = self._last.get(day)
        if last is None:
            low = day << _DAY_BITS
            # Undated pictures have the centuries before photography to themselves.
            high = (day + 1 if day else 600_000) << _DAY_BITS
            found = self._db.execute("SELECT max(slot) FROM photos WHERE slot >= ? AND slot < ?", (low, high))
            last = found.fetchone()[0] or low
        self._last[day] = last + 1
        return last + 1


def links(photo: int, made: Row) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]], list[tuple[object, ...]]]:
    """The rows of photo_units, photo_agencies and photo_photographers."""
    return (
        [(unit, photo, standing) for unit, standing in made.units],
        [(agency, photo, role, position) for agency, role, position in made.agencies],
        [(person, photo) for person in made.photographers],
    )


def insert_links(
    db: sqlite3.Connection,
    units: list[tuple[object, ...]],
    agencies: list[tuple[object, ...]],
    people: list[tuple[object, ...]],
) -> None:
    """Write what `links` gave, of any number of photos."""
    db.executemany("INSERT INTO photo_units (unit, photo, standing) VALUES (?, ?, ?)", units)
    db.executemany("INSERT INTO photo_agencies (agency, photo, role, position) VALUES (?, ?, ?, ?)", agencies)
    db.executemany("INSERT INTO photo_photographers (photographer, photo) VALUES (?, ?)", people)


def refresh(db: sqlite3.Connection, photo: int, entries: Entries | None = None, slots: Slots | None = None) -> None:
    """Work out anew, from its current statements and the desk's decisions, what counts for one photo.

    Inside a transaction of the caller's. The caption is `photos.caption`; `conflicts` rows are taken as they stand.
    """
    kind, slot, caption = db.execute("SELECT kind, slot, caption FROM photos WHERE id = ?", (photo,)).fetchone()
    texts, statements, index = stated(db, photo, caption)
    made_of = decisions(db, photo)
    decided = {d.property for d in made_of}
    db.execute("UPDATE conflicts SET decided = property IN (SELECT value FROM json_each(?)) WHERE photo = ?",
               (json.dumps(sorted(decided)), photo))  # fmt: skip
    undecided = db.execute("SELECT count(*) FROM conflicts WHERE photo = ? AND NOT decided", (photo,)).fetchone()[0]
    summary = summarise(statements, texts, index, made_of)
    new = row(summary, kind, undecided, entries or Entries(db))
    remove_words(db, slot)
    if slot >> _DAY_BITS != new.day:
        slot = (slots or Slots(db)).take(new.day)
    db.execute(_UPDATE, (slot, caption, *new.values, photo))
    for table in ("photo_units", "photo_agencies", "photo_photographers", "restrictions"):
        db.execute(f"DELETE FROM {table} WHERE photo = ?", (photo,))
    insert_links(db, *links(photo, new))
    db.executemany("INSERT INTO restrictions (photo, kind, until, verbatim, source) VALUES (?, ?, ?, ?, ?)",
                   [(photo, *restriction) for restriction in summary.restrictions])  # fmt: skip
    db.execute(INSERT_WORDS, db.execute(OLD_WORDS, (slot,)).fetchone())


def remove_words(db: sqlite3.Connection, slot: int) -> None:
    """Take a photo out of the full-text index, before anything changes that it was indexed by."""
    db.execute(DELETE_WORDS, db.execute(OLD_WORDS, (slot,)).fetchone())


def decisions(db: sqlite3.Connection, photo: int) -> list[Decision]:
    """The desk's live decisions on one photo, in the order they were made."""
    rows = db.execute(
        "SELECT property, action, old, new FROM corrections WHERE photo = ? AND undone IS NULL ORDER BY id", (photo,)
    )
    return [Decision(prop, action, old, tuple(json.loads(new)) if new else ()) for prop, action, old, new in rows]


def stated(
    db: sqlite3.Connection, photo: int, caption: int | None
) -> tuple[list[SourceText], list[Statement], int | None]:
    """The current texts and statements of one photo, as records, and which text is the caption."""
    texts: list[SourceText] = []
    index: dict[int, int] = {}
    for number, source, text, position, lang in db.execute(
        "SELECT id, source, text, position, lang FROM texts WHERE photo = ? AND current ORDER BY id", (photo,)
    ):
        index[number] = len(texts)
        texts.append(SourceText(source, text, position, lang))
    rows = db.execute(f"SELECT {WHOLE} FROM statements WHERE photo = ? ORDER BY id", (photo,))
    statements = [whole(row, index) for row in rows if row[6] is None or row[6] in index]
    return texts, statements, None if caption is None else index.get(caption)
