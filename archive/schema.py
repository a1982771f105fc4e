"""Tables, indexes and full-text search of one archive, as sqlite-utils migrations.

`photos` and its `photo_*` tables hold what counts now (precedence and the desk's corrections applied);
`statements` is the evidence: every value that any source ever gave, with its characters (`archive.stated`).
`photos.slot` is the desk's order, `day << 20 | n` (day is the proleptic ordinal of the first day the picture
can have been taken, 0 where none is known), and the rowid of the full-text index: "newest 50 for a common
word" reads 50 rows (measured at a million captions: 0.4 ms against 387). `photos.identity` is the public id.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

#: PRAGMA application_id: "cutl". A database without it is not ours.
APPLICATION_ID = 0x6375746C
#: "cutp": a copy made by `archive.publish`, which holds only what may leave and is never written again.
PUBLIC_APPLICATION_ID = 0x63757470
#: PRAGMA user_version: the number of migrations that this version knows.
SCHEMA_VERSION = 4

_FIRST = """
CREATE TABLE accessions (
  id INTEGER PRIMARY KEY, started TEXT NOT NULL, finished TEXT, agent TEXT NOT NULL, roots TEXT NOT NULL,
  reference_date TEXT, seen INTEGER NOT NULL DEFAULT 0, new INTEGER NOT NULL DEFAULT 0,
  changed INTEGER NOT NULL DEFAULT 0, unchanged INTEGER NOT NULL DEFAULT 0,
  refused INTEGER NOT NULL DEFAULT 0, outcome TEXT NOT NULL DEFAULT 'running') STRICT;

CREATE TABLE places (
  id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL, kind TEXT NOT NULL,
  region TEXT, country TEXT, latitude REAL, longitude REAL, geonames INTEGER, authority TEXT) STRICT;

CREATE TABLE units (
  id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL, kind TEXT, number TEXT, echelon TEXT,
  arm TEXT, country TEXT, exists_from TEXT, exists_to TEXT, authority TEXT, source TEXT) STRICT;
CREATE TABLE unit_names (
  unit INTEGER NOT NULL REFERENCES units(id), name TEXT NOT NULL, folded TEXT NOT NULL,
  PRIMARY KEY (folded, unit, name)) STRICT, WITHOUT ROWID;
CREATE TABLE unit_parents (
  unit INTEGER NOT NULL REFERENCES units(id), parent INTEGER NOT NULL REFERENCES units(id),
  relation TEXT NOT NULL, since TEXT, until TEXT, PRIMARY KEY (unit, parent, relation)) STRICT, WITHOUT ROWID;
CREATE INDEX unit_parents_parent ON unit_parents(parent);

CREATE TABLE agencies (
  id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL, kind TEXT, country TEXT,
  owner INTEGER REFERENCES agencies(id), state_controlled TEXT, authority TEXT, source TEXT) STRICT;
CREATE TABLE agency_names (
  agency INTEGER NOT NULL REFERENCES agencies(id), name TEXT NOT NULL, folded TEXT NOT NULL,
  PRIMARY KEY (folded, agency, name)) STRICT, WITHOUT ROWID;

CREATE TABLE photographers (
  id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL) STRICT;

CREATE TABLE photos (
  id INTEGER PRIMARY KEY, identity TEXT NOT NULL UNIQUE, slot INTEGER NOT NULL UNIQUE, kind TEXT NOT NULL,
  format TEXT, width INTEGER, height INTEGER, caption INTEGER REFERENCES texts(id), headline TEXT,
  taken TEXT, taken_from INTEGER, taken_to INTEGER, taken_role TEXT, taken_standing TEXT,
  location TEXT, place INTEGER REFERENCES places(id), region INTEGER REFERENCES places(id), country TEXT,
  latitude REAL, longitude REAL, unit TEXT, photographer TEXT, agency TEXT, credit_line TEXT, pool TEXT,
  flags TEXT, standing TEXT, conflicts INTEGER NOT NULL DEFAULT 0, restricted INTEGER NOT NULL DEFAULT 0,
  added INTEGER NOT NULL REFERENCES accessions(id), words TEXT NOT NULL DEFAULT '',
  terms TEXT NOT NULL DEFAULT '') STRICT;
CREATE INDEX photos_partial ON photos(taken_from, taken_to) WHERE taken_from < taken_to;

CREATE TABLE sightings (
  id INTEGER PRIMARY KEY, photo INTEGER NOT NULL REFERENCES photos(id), path TEXT NOT NULL,
  item INTEGER NOT NULL DEFAULT 0, sha256 TEXT, size INTEGER, mtime_ns INTEGER, path_bytes BLOB,
  first_seen INTEGER NOT NULL REFERENCES accessions(id), last_seen INTEGER NOT NULL REFERENCES accessions(id),
  missing_since INTEGER REFERENCES accessions(id), UNIQUE (path, item)) STRICT;
CREATE INDEX sightings_photo ON sightings(photo);

CREATE TABLE texts (
  id INTEGER PRIMARY KEY, photo INTEGER NOT NULL REFERENCES photos(id), source TEXT NOT NULL,
  position INTEGER NOT NULL DEFAULT 0, lang TEXT, text TEXT NOT NULL, charset TEXT, declared INTEGER NOT NULL,
  raw BLOB, notes TEXT, first_seen INTEGER NOT NULL REFERENCES accessions(id),
  last_seen INTEGER NOT NULL REFERENCES accessions(id), current INTEGER NOT NULL DEFAULT 1,
  stated_by INTEGER REFERENCES sightings(id)) STRICT;
CREATE INDEX texts_photo ON texts(photo);

CREATE TABLE statements (
  id INTEGER PRIMARY KEY, photo INTEGER NOT NULL REFERENCES photos(id), text INTEGER REFERENCES texts(id),
  property TEXT NOT NULL, value TEXT NOT NULL, verbatim TEXT NOT NULL, start INTEGER, "end" INTEGER,
  source TEXT NOT NULL, rule TEXT NOT NULL, authority TEXT, standing TEXT NOT NULL, role TEXT,
  rank INTEGER NOT NULL DEFAULT 0, detail TEXT) STRICT;
CREATE INDEX statements_photo ON statements(photo);

CREATE TABLE photo_units (
  unit INTEGER NOT NULL REFERENCES units(id), photo INTEGER NOT NULL REFERENCES photos(id),
  standing TEXT NOT NULL, PRIMARY KEY (unit, photo)) STRICT, WITHOUT ROWID;
CREATE INDEX photo_units_photo ON photo_units(photo);
CREATE TABLE photo_agencies (
  agency INTEGER NOT NULL REFERENCES agencies(id), photo INTEGER NOT NULL REFERENCES photos(id),
  role TEXT NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (agency, photo)) STRICT, WITHOUT ROWID;
CREATE INDEX photo_agencies_photo ON photo_agencies(photo);
CREATE TABLE photo_photographers (
  photographer INTEGER NOT NULL REFERENCES photographers(id), photo INTEGER NOT NULL REFERENCES photos(id),
  PRIMARY KEY (photographer, photo)) STRICT, WITHOUT ROWID;
CREATE INDEX photo_photographers_photo ON photo_photographers(photo);

CREATE TABLE conflicts (
  id INTEGER PRIMARY KEY, photo INTEGER NOT NULL REFERENCES photos(id), property TEXT NOT NULL,
  sources TEXT NOT NULL, decided INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX conflicts_photo ON conflicts(photo);

CREATE TABLE restrictions (
  id INTEGER PRIMARY KEY, photo INTEGER NOT NULL REFERENCES photos(id), kind TEXT NOT NULL, until TEXT,
  verbatim TEXT NOT NULL, source TEXT NOT NULL) STRICT;
CREATE INDEX restrictions_photo ON restrictions(photo);

CREATE TABLE corrections (
  id INTEGER PRIMARY KEY, photo INTEGER NOT NULL REFERENCES photos(id), property TEXT NOT NULL,
  action TEXT NOT NULL, old TEXT, new TEXT, actor TEXT NOT NULL, decided TEXT NOT NULL, note TEXT,
  undone TEXT, undone_by TEXT) STRICT;
CREATE INDEX corrections_photo ON corrections(photo);

CREATE TABLE problems (
  id INTEGER PRIMARY KEY, accession INTEGER NOT NULL REFERENCES accessions(id), path TEXT NOT NULL,
  item INTEGER NOT NULL DEFAULT 0, path_bytes BLOB, reason TEXT NOT NULL, message TEXT NOT NULL) STRICT;
CREATE INDEX problems_path ON problems(path, item);

CREATE TABLE events (
  id INTEGER PRIMARY KEY, type TEXT NOT NULL, time TEXT NOT NULL, agent TEXT NOT NULL, outcome TEXT NOT NULL,
  photo INTEGER REFERENCES photos(id), detail TEXT) STRICT;

CREATE TABLE thumbnails (
  photo INTEGER PRIMARY KEY REFERENCES photos(id), digest TEXT NOT NULL, width INTEGER NOT NULL,
  height INTEGER NOT NULL, jpeg BLOB NOT NULL) STRICT;
CREATE INDEX thumbnails_digest ON thumbnails(digest);

CREATE TABLE facet_counts (
  facet TEXT NOT NULL, value TEXT NOT NULL, photos INTEGER NOT NULL, PRIMARY KEY (facet, value)) STRICT, WITHOUT ROWID;

CREATE VIEW photo_words (slot, caption, words, terms) AS
  SELECT p.slot, coalesce(t.text, ''), p.words, p.terms FROM photos p LEFT JOIN texts t ON t.id = p.caption;

CREATE VIRTUAL TABLE photo_search USING fts5 (
  caption, words, terms, content='photo_words', content_rowid='slot',
  tokenize="unicode61 remove_diacritics 2");
"""


def m001_first(db: Database) -> None:
    """The record law as tables."""
    for statement in _FIRST.split(";\n"):
        if statement.strip():
            db.execute(statement)


_CHANGES = (
    """CREATE TABLE photo_changes (
  id INTEGER PRIMARY KEY, photo INTEGER NOT NULL, slot INTEGER NOT NULL, terms TEXT NOT NULL,
  taken_from INTEGER, taken_to INTEGER) STRICT""",
    """CREATE TRIGGER photos_changed AFTER UPDATE OF slot, terms, taken_from, taken_to ON photos
  WHEN (old.slot, old.terms, old.taken_from, old.taken_to) IS NOT (new.slot, new.terms, new.taken_from, new.taken_to)
BEGIN
  INSERT INTO photo_changes (photo, slot, terms, taken_from, taken_to)
  VALUES (old.id, old.slot, old.terms, old.taken_from, old.taken_to);
END""",
    """CREATE TRIGGER photos_deleted AFTER DELETE ON photos
BEGIN
  INSERT INTO photo_changes (photo, slot, terms, taken_from, taken_to)
  VALUES (old.id, old.slot, old.terms, old.taken_from, old.taken_to);
END""",
)


def m002_changes(db: Database) -> None:
    """What a changed photo was before: counts of facets follow changes instead of being made anew."""
    for statement in _CHANGES:
        db.execute(statement)


_EVENTS = (
    """CREATE TRIGGER events_changed BEFORE UPDATE ON events
BEGIN
  SELECT raise(ABORT, 'events are only ever added');
END""",
    """CREATE TRIGGER events_deleted BEFORE DELETE ON events
BEGIN
  SELECT raise(ABORT, 'events are only ever added');
END""",
    # INSERT OR REPLACE takes a row away without firing triggers of DELETE.
    """CREATE TRIGGER events_replaced BEFORE INSERT ON events
  WHEN EXISTS (SELECT 1 FROM events WHERE id = new.id)
BEGIN
  SELECT raise(ABORT, 'events are only ever added');
END""",
    "CREATE INDEX events_photo ON events(photo) WHERE photo IS NOT NULL",
)


def m003_events(db: Database) -> None:
    """The log of events takes rows and gives none back."""
    for statement in _EVENTS:
        db.execute(statement)


_PARTS = (
    """CREATE TABLE statement_forms (
  id INTEGER PRIMARY KEY, property TEXT NOT NULL, rule TEXT NOT NULL, standing TEXT NOT NULL, role TEXT NOT NULL,
  rank INTEGER NOT NULL, authority TEXT NOT NULL, source TEXT NOT NULL, value TEXT NOT NULL, detail TEXT NOT NULL,
  UNIQUE (property, rule, standing, role, rank, authority, source, value, detail)) STRICT""",
    """CREATE TABLE statement_rows (
  photo INTEGER NOT NULL REFERENCES photos(id), n INTEGER NOT NULL, text INTEGER REFERENCES texts(id),
  form INTEGER NOT NULL REFERENCES statement_forms(id), value TEXT, verbatim TEXT, start INTEGER, "end" INTEGER,
  detail TEXT, PRIMARY KEY (photo, n)) STRICT, WITHOUT ROWID""",
)
_WHOLE = """CREATE VIEW statements (
  id, photo, text, property, value, verbatim, start, "end", source, rule, authority, standing, role, rank, detail) AS
  SELECT r.photo << 20 | r.n, r.photo, r.text, f.property,
    coalesce(r.value, nullif(f.value, ''), r.verbatim, substr(t.text, r.start + 1, r."end" - r.start)),
    coalesce(r.verbatim, substr(t.text, r.start + 1, r."end" - r.start)), r.start, r."end",
    coalesce(nullif(f.source, ''), t.source), f.rule, nullif(f.authority, ''), f.standing, nullif(f.role, ''), f.rank,
    coalesce(r.detail, nullif(f.detail, ''))
  FROM statement_rows r JOIN statement_forms f ON f.id = r.form LEFT JOIN texts t ON t.id = r.text"""


def m004_statements_in_parts(db: Database) -> None:
    """What thousands of statements share is kept once: an archive takes half the room. A view shows them whole."""
    from archive import stated

    for statement in _PARTS:
        db.execute(statement)
    parts = stated.Statements(db.conn)
    for photo, texts, kept in stated.before_parts(db.conn):
        parts.add(photo, texts, kept)
    db.execute("DROP TABLE statements")
    db.execute(_WHOLE)


#: In this order; a migration that has been released is never changed. They are known by their names.
MIGRATIONS = (m001_first, m002_changes, m003_events, m004_statements_in_parts)


def create(db: Database) -> None:
    """Make or upgrade the tables of an archive, in the caller's transaction: all of it or nothing."""
    # Imported here: sqlite-utils brings numpy along where that is installed, and a worker needs neither.
    from sqlite_utils import Migrations

    migrations = Migrations("cutline")
    for migration in MIGRATIONS:
        migrations()(migration)
    migrations.apply(db)
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
