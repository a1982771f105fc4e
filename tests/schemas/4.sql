CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
CREATE TABLE accessions (
  id INTEGER PRIMARY KEY, started TEXT NOT NULL, finished TEXT, agent TEXT NOT NULL, roots TEXT NOT NULL,
  reference_date TEXT, seen INTEGER NOT NULL DEFAULT 0, new INTEGER NOT NULL DEFAULT 0,
  changed INTEGER NOT NULL DEFAULT 0, unchanged INTEGER NOT NULL DEFAULT 0,
  refused INTEGER NOT NULL DEFAULT 0, outcome TEXT NOT NULL DEFAULT 'running') STRICT;
CREATE TABLE agencies (
  id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL, kind TEXT, country TEXT,
  owner INTEGER REFERENCES agencies(id), state_controlled TEXT, authority TEXT, source TEXT) STRICT;
CREATE TABLE agency_names (
  agency INTEGER NOT NULL REFERENCES agencies(id), name TEXT NOT NULL, folded TEXT NOT NULL,
  PRIMARY KEY (folded, agency, name)) STRICT, WITHOUT ROWID;
CREATE TABLE conflicts (
  id INTEGER PRIMARY KEY, photo INTEGER NOT NULL REFERENCES photos(id), property TEXT NOT NULL,
  sources TEXT NOT NULL, decided INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE corrections (
  id INTEGER PRIMARY KEY, photo INTEGER NOT NULL REFERENCES photos(id), property TEXT NOT NULL,
  action TEXT NOT NULL, old TEXT, new TEXT, actor TEXT NOT NULL, decided TEXT NOT NULL, note TEXT,
  undone TEXT, undone_by TEXT) STRICT;
CREATE TABLE events (
  id INTEGER PRIMARY KEY, type TEXT NOT NULL, time TEXT NOT NULL, agent TEXT NOT NULL, outcome TEXT NOT NULL,
  photo INTEGER REFERENCES photos(id), detail TEXT) STRICT;
CREATE TABLE facet_counts (
  facet TEXT NOT NULL, value TEXT NOT NULL, photos INTEGER NOT NULL, PRIMARY KEY (facet, value)) STRICT, WITHOUT ROWID;
CREATE TABLE photo_agencies (
  agency INTEGER NOT NULL REFERENCES agencies(id), photo INTEGER NOT NULL REFERENCES photos(id),
  role TEXT NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (agency, photo)) STRICT, WITHOUT ROWID;
CREATE TABLE photo_changes (
  id INTEGER PRIMARY KEY, photo INTEGER NOT NULL, slot INTEGER NOT NULL, terms TEXT NOT NULL,
  taken_from INTEGER, taken_to INTEGER) STRICT;
CREATE TABLE photo_photographers (
  photographer INTEGER NOT NULL REFERENCES photographers(id), photo INTEGER NOT NULL REFERENCES photos(id),
  PRIMARY KEY (photographer, photo)) STRICT, WITHOUT ROWID;
CREATE VIRTUAL TABLE photo_search USING fts5 (
  caption, words, terms, content='photo_words', content_rowid='slot',
  tokenize="unicode61 remove_diacritics 2");
CREATE TABLE photo_units (
  unit INTEGER NOT NULL REFERENCES units(id), photo INTEGER NOT NULL REFERENCES photos(id),
  standing TEXT NOT NULL, PRIMARY KEY (unit, photo)) STRICT, WITHOUT ROWID;
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
CREATE TABLE places (
  id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL, kind TEXT NOT NULL,
  region TEXT, country TEXT, latitude REAL, longitude REAL, geonames INTEGER, authority TEXT) STRICT;
CREATE TABLE problems (
  id INTEGER PRIMARY KEY, accession INTEGER NOT NULL REFERENCES accessions(id), path TEXT NOT NULL,
  item INTEGER NOT NULL DEFAULT 0, path_bytes BLOB, reason TEXT NOT NULL, message TEXT NOT NULL) STRICT;
CREATE TABLE restrictions (
  id INTEGER PRIMARY KEY, photo INTEGER NOT NULL REFERENCES photos(id), kind TEXT NOT NULL, until TEXT,
  verbatim TEXT NOT NULL, source TEXT NOT NULL) STRICT;
CREATE TABLE sightings (
  id INTEGER PRIMARY KEY, photo INTEGER NOT NULL REFERENCES photos(id), path TEXT NOT NULL,
  item INTEGER NOT NULL DEFAULT 0, sha256 TEXT, size INTEGER, mtime_ns INTEGER, path_bytes BLOB,
  first_seen INTEGER NOT NULL REFERENCES accessions(id), last_seen INTEGER NOT NULL REFERENCES accessions(id),
  missing_since INTEGER REFERENCES accessions(id), UNIQUE (path, item)) STRICT;
CREATE TABLE statement_forms (
  id INTEGER PRIMARY KEY, property TEXT NOT NULL, rule TEXT NOT NULL, standing TEXT NOT NULL, role TEXT NOT NULL,
  rank INTEGER NOT NULL, authority TEXT NOT NULL, source TEXT NOT NULL, value TEXT NOT NULL, detail TEXT NOT NULL,
  UNIQUE (property, rule, standing, role, rank, authority, source, value, detail)) STRICT;
CREATE TABLE statement_rows (
  photo INTEGER NOT NULL REFERENCES photos(id), n INTEGER NOT NULL, text INTEGER REFERENCES texts(id),
  form INTEGER NOT NULL REFERENCES statement_forms(id), value TEXT, verbatim TEXT, start INTEGER, "end" INTEGER,
  detail TEXT, PRIMARY KEY (photo, n)) STRICT, WITHOUT ROWID;
CREATE TABLE texts (
  id INTEGER PRIMARY KEY, photo INTEGER NOT NULL REFERENCES photos(id), source TEXT NOT NULL,
  position INTEGER NOT NULL DEFAULT 0, lang TEXT, text TEXT NOT NULL, charset TEXT, declared INTEGER NOT NULL,
  raw BLOB, notes TEXT, first_seen INTEGER NOT NULL REFERENCES accessions(id),
  last_seen INTEGER NOT NULL REFERENCES accessions(id), current INTEGER NOT NULL DEFAULT 1,
  stated_by INTEGER REFERENCES sightings(id)) STRICT;
CREATE TABLE thumbnails (
  photo INTEGER PRIMARY KEY REFERENCES photos(id), digest TEXT NOT NULL, width INTEGER NOT NULL,
  height INTEGER NOT NULL, jpeg BLOB NOT NULL) STRICT;
CREATE TABLE unit_names (
  unit INTEGER NOT NULL REFERENCES units(id), name TEXT NOT NULL, folded TEXT NOT NULL,
  PRIMARY KEY (folded, unit, name)) STRICT, WITHOUT ROWID;
CREATE TABLE unit_parents (
  unit INTEGER NOT NULL REFERENCES units(id), parent INTEGER NOT NULL REFERENCES units(id),
  relation TEXT NOT NULL, since TEXT, until TEXT, PRIMARY KEY (unit, parent, relation)) STRICT, WITHOUT ROWID;
CREATE TABLE units (
  id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL, kind TEXT, number TEXT, echelon TEXT,
  arm TEXT, country TEXT, exists_from TEXT, exists_to TEXT, authority TEXT, source TEXT) STRICT;
CREATE VIEW photo_words (slot, caption, words, terms) AS
  SELECT p.slot, coalesce(t.text, ''), p.words, p.terms FROM photos p LEFT JOIN texts t ON t.id = p.caption;
CREATE VIEW statements (
  id, photo, text, property, value, verbatim, start, "end", source, rule, authority, standing, role, rank, detail) AS
  SELECT r.photo << 20 | r.n, r.photo, r.text, f.property,
    coalesce(r.value, nullif(f.value, ''), r.verbatim, substr(t.text, r.start + 1, r."end" - r.start)),
    coalesce(r.verbatim, substr(t.text, r.start + 1, r."end" - r.start)), r.start, r."end",
    coalesce(nullif(f.source, ''), t.source), f.rule, nullif(f.authority, ''), f.standing, nullif(f.role, ''), f.rank,
    coalesce(r.detail, nullif(f.detail, ''))
  FROM statement_rows r JOIN statement_forms f ON f.id = r.form LEFT JOIN texts t ON t.id = r.text;
CREATE INDEX conflicts_photo ON conflicts(photo);
CREATE INDEX corrections_photo ON corrections(photo);
CREATE INDEX events_photo ON events(photo) WHERE photo IS NOT NULL;
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX photo_agencies_photo ON photo_agencies(photo);
CREATE INDEX photo_photographers_photo ON photo_photographers(photo);
CREATE INDEX photo_units_photo ON photo_units(photo);
CREATE INDEX photos_partial ON photos(taken_from, taken_to) WHERE taken_from < taken_to;
CREATE INDEX problems_path ON problems(path, item);
CREATE INDEX restrictions_photo ON restrictions(photo);
CREATE INDEX sightings_photo ON sightings(photo);
CREATE INDEX texts_photo ON texts(photo);
CREATE INDEX thumbnails_digest ON thumbnails(digest);
CREATE INDEX unit_parents_parent ON unit_parents(parent);
INSERT INTO _sqlite_migrations VALUES (1, 'cutline', 'm001_first', '2026-11-28 08:39:54.537777+00:00');
INSERT INTO _sqlite_migrations VALUES (2, 'cutline', 'm002_changes', '2026-11-28 08:39:54.538104+00:00');
INSERT INTO _sqlite_migrations VALUES (3, 'cutline', 'm003_events', '2026-11-28 08:39:54.538344+00:00');
INSERT INTO _sqlite_migrations VALUES (4, 'cutline', 'm004_statements_in_parts', '2026-11-28 08:39:54.555207+00:00');
INSERT INTO accessions VALUES (1, '2026-11-28T08:39:54Z', '2026-11-28T08:39:54Z', 'cutline', '["/in"]', NULL, 3, 2, 0, 0, 1, 'done');
INSERT INTO agencies VALUES (1, 'sputnik', 'Sputnik', NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO agencies VALUES (2, 'ap', 'Associated Press', NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO agency_names VALUES (2, 'Associated Press', 'associated press');
INSERT INTO agency_names VALUES (1, 'Sputnik', 'sputnik');
INSERT INTO conflicts VALUES (1, 1, 'date_created', '[["iim:2:120","2025-04-17"],["exif:DateTimeOriginal","2025-04-18"]]', 0);
INSERT INTO corrections VALUES (1, 1, 'headline', 'set', NULL, '[{"value": "At rest"}]', 'mira', '2026-11-28T08:39:54Z', NULL, NULL, NULL);
INSERT INTO events VALUES (1, 'ingestion', '2026-11-28T08:39:54Z', 'cutline', 'success', NULL, '{"accession":1,"seen":3,"new":2,"changed":0,"unchanged":0,"refused":1}');
INSERT INTO events VALUES (2, 'metadata modification', '2026-11-28T08:39:54Z', 'mira', 'success', 1, '{"correction":1,"action":"set"}');
INSERT INTO facet_counts VALUES ('', 'newest change', 0);
INSERT INTO facet_counts VALUES ('', 'newest photo', 2);
INSERT INTO facet_counts VALUES ('', 'photos', 2);
INSERT INTO facet_counts VALUES ('', 'refreshes', 2);
INSERT INTO facet_counts VALUES ('agency', '1', 2);
INSERT INTO facet_counts VALUES ('agency', '2', 2);
INSERT INTO facet_counts VALUES ('has', 'conflict', 1);
INSERT INTO facet_counts VALUES ('has', 'picture', 2);
INSERT INTO facet_counts VALUES ('month', '2025-04', 2);
INSERT INTO facet_counts VALUES ('origin', '1', 2);
INSERT INTO facet_counts VALUES ('photographer', '1', 2);
INSERT INTO facet_counts VALUES ('standing', 'exact', 2);
INSERT INTO facet_counts VALUES ('unit', '1', 2);
INSERT INTO facet_counts VALUES ('via', '2', 2);
INSERT INTO facet_counts VALUES ('year', '2025', 2);
INSERT INTO photo_agencies VALUES (1, 1, 'origin', 0);
INSERT INTO photo_agencies VALUES (1, 2, 'origin', 0);
INSERT INTO photo_agencies VALUES (2, 1, 'distributor', 1);
INSERT INTO photo_agencies VALUES (2, 2, 'distributor', 1);
INSERT INTO photo_photographers VALUES (1, 1);
INSERT INTO photo_photographers VALUES (1, 2);
INSERT INTO photo_units VALUES (1, 1, 'exact');
INSERT INTO photo_units VALUES (1, 2, 'exact');
INSERT INTO photographers VALUES (1, 'ivan danilov', 'Ivan Danilov');
INSERT INTO photos VALUES (1, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 775273054209, 'picture', 'jpeg', 640, 480, 1, 'At rest', '2025-04-17', 739358, 739358, 'taken', 'exact', NULL, NULL, NULL, NULL, NULL, NULL, 'Marines', 'Ivan Danilov', 'Sputnik → Associated Press', NULL, NULL, NULL, 'exact', 1, 1, 1, 'At rest Ivan Danilov Sputnik Associated Press lodz', 'xpicture u1 a1 ao1 a2 ad2 p1 sexact xconflict xrestricted');
INSERT INTO photos VALUES (2, 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 775273054210, 'picture', 'jpeg', 640, 480, 3, NULL, '2025-04-17', 739358, 739358, 'taken', 'exact', NULL, NULL, NULL, NULL, NULL, NULL, 'Sailors', 'Ivan Danilov', 'Sputnik → Associated Press', NULL, NULL, NULL, 'exact', 0, 1, 1, '155th Ivan Danilov Sputnik Associated Press', 'xpicture u1 a1 ao1 a2 ad2 p1 sexact xrestricted');
INSERT INTO problems VALUES (1, 1, '/in/c.jpg', 0, NULL, 'no-caption', 'It carries none.');
INSERT INTO restrictions VALUES (2, 2, 'no-archives', '2025-05-01', 'S', 'iim:2:120');
INSERT INTO restrictions VALUES (3, 1, 'no-archives', '2025-05-01', 'M', 'iim:2:120');
INSERT INTO sightings VALUES (1, 1, '/in/a.jpg', 0, 'ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff', 1000, 1, NULL, 1, 1, NULL);
INSERT INTO sightings VALUES (2, 2, '/in/b.jpg', 0, 'ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff', 1000, 1, NULL, 1, 1, NULL);
INSERT INTO statement_forms VALUES (1, 'unit', 'test', 'exact', '', 0, '', '', 'ru-155-naval-infantry-brigade', '{"name":"155th"}');
INSERT INTO statement_forms VALUES (2, 'date_created', 'test', 'exact', 'taken', 0, '', '', '', '');
INSERT INTO statement_forms VALUES (3, 'creator', 'test', 'exact', '', 0, '', '', '', '');
INSERT INTO statement_forms VALUES (4, 'agency', 'test', 'exact', 'origin', 0, '', '', 'sputnik', '{"name":"Sputnik"}');
INSERT INTO statement_forms VALUES (5, 'agency', 'test', 'exact', 'distributor', 0, '', '', 'ap', '{"name":"Associated Press"}');
INSERT INTO statement_forms VALUES (6, 'restriction', 'test', 'exact', '', 0, '', '', '', '');
INSERT INTO statement_forms VALUES (7, 'city', 'test', 'exact', '', 0, '', '', '', '');
INSERT INTO statement_rows VALUES (1, 0, 1, 1, NULL, NULL, 0, 7, NULL);
INSERT INTO statement_rows VALUES (1, 1, 1, 2, '2025-04-17', NULL, 42, 47, NULL);
INSERT INTO statement_rows VALUES (1, 2, 1, 3, 'Ivan Danilov', NULL, 0, 2, NULL);
INSERT INTO statement_rows VALUES (1, 3, 1, 4, NULL, NULL, 0, 1, NULL);
INSERT INTO statement_rows VALUES (1, 4, 1, 5, NULL, NULL, 1, 2, NULL);
INSERT INTO statement_rows VALUES (1, 5, 1, 6, 'no-archives', NULL, 0, 1, '{"until":"2025-05-01"}');
INSERT INTO statement_rows VALUES (1, 6, 2, 7, NULL, NULL, 0, 5, NULL);
INSERT INTO statement_rows VALUES (2, 0, 3, 1, NULL, NULL, 0, 7, NULL);
INSERT INTO statement_rows VALUES (2, 1, 3, 2, '2025-04-17', NULL, 20, 23, NULL);
INSERT INTO statement_rows VALUES (2, 2, 3, 3, 'Ivan Danilov', NULL, 0, 2, NULL);
INSERT INTO statement_rows VALUES (2, 3, 3, 4, NULL, NULL, 0, 1, NULL);
INSERT INTO statement_rows VALUES (2, 4, 3, 5, NULL, NULL, 1, 2, NULL);
INSERT INTO statement_rows VALUES (2, 5, 3, 6, 'no-archives', NULL, 0, 1, '{"until":"2025-05-01"}');
INSERT INTO statement_rows VALUES (2, 6, 4, 7, NULL, NULL, 0, 5, NULL);
INSERT INTO texts VALUES (1, 1, 'iim:2:120', 0, NULL, 'Marines of the 155th near Łódź, April 17, 2025.', NULL, 1, NULL, NULL, 1, 1, 1, 1);
INSERT INTO texts VALUES (2, 1, 'iim:2:90', 0, NULL, 'Kursk', NULL, 1, NULL, NULL, 1, 1, 1, 1);
INSERT INTO texts VALUES (3, 2, 'iim:2:120', 0, NULL, 'Sailors rest, April 18.', NULL, 1, NULL, NULL, 1, 1, 1, 2);
INSERT INTO texts VALUES (4, 2, 'iim:2:90', 0, NULL, 'Kursk', NULL, 1, NULL, NULL, 1, 1, 1, 2);
INSERT INTO unit_names VALUES (1, '155th', '155th');
INSERT INTO unit_names VALUES (1, 'Marines', 'marines');
INSERT INTO unit_names VALUES (1, 'Sailors', 'sailors');
INSERT INTO units VALUES (1, 'ru-155-naval-infantry-brigade', '155th', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO photo_search (photo_search) VALUES ('rebuild');
CREATE TRIGGER events_changed BEFORE UPDATE ON events
BEGIN
  SELECT raise(ABORT, 'events are only ever added');
END;
CREATE TRIGGER events_deleted BEFORE DELETE ON events
BEGIN
  SELECT raise(ABORT, 'events are only ever added');
END;
CREATE TRIGGER events_replaced BEFORE INSERT ON events
  WHEN EXISTS (SELECT 1 FROM events WHERE id = new.id)
BEGIN
  SELECT raise(ABORT, 'events are only ever added');
END;
CREATE TRIGGER photos_changed AFTER UPDATE OF slot, terms, taken_from, taken_to ON photos
  WHEN (old.slot, old.terms, old.taken_from, old.taken_to) IS NOT (new.slot, new.terms, new.taken_from, new.taken_to)
BEGIN
  INSERT INTO photo_changes (photo, slot, terms, taken_from, taken_to)
  VALUES (old.id, old.slot, old.terms, old.taken_from, old.taken_to);
END;
CREATE TRIGGER photos_deleted AFTER DELETE ON photos
BEGIN
  INSERT INTO photo_changes (photo, slot, terms, taken_from, taken_to)
  VALUES (old.id, old.slot, old.terms, old.taken_from, old.taken_to);
END;
PRAGMA application_id = 1668641900;
PRAGMA user_version = 4;
