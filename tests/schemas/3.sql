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
CREATE TABLE statements (
  id INTEGER PRIMARY KEY, photo INTEGER NOT NULL REFERENCES photos(id), text INTEGER REFERENCES texts(id),
  property TEXT NOT NULL, value TEXT NOT NULL, verbatim TEXT NOT NULL, start INTEGER, "end" INTEGER,
  source TEXT NOT NULL, rule TEXT NOT NULL, authority TEXT, standing TEXT NOT NULL, role TEXT,
  rank INTEGER NOT NULL DEFAULT 0, detail TEXT) STRICT;
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
CREATE INDEX statements_photo ON statements(photo);
CREATE INDEX texts_photo ON texts(photo);
CREATE INDEX thumbnails_digest ON thumbnails(digest);
CREATE INDEX unit_parents_parent ON unit_parents(parent);
INSERT INTO _sqlite_migrations VALUES (1, 'cutline', 'm001_first', '2026-11-28 08:16:00.397439+00:00');
INSERT INTO _sqlite_migrations VALUES (2, 'cutline', 'm002_changes', '2026-11-28 08:16:00.397758+00:00');
INSERT INTO _sqlite_migrations VALUES (3, 'cutline', 'm003_events', '2026-11-28 08:16:00.397973+00:00');
INSERT INTO accessions VALUES (1, '2026-11-28T08:16:00Z', '2026-11-28T08:16:00Z', 'cutline', '["/in"]', NULL, 3, 2, 0, 0, 1, 'done');
INSERT INTO agencies VALUES (1, 'sputnik', 'Sputnik', NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO agencies VALUES (2, 'ap', 'Associated Press', NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO agency_names VALUES (2, 'Associated Press', 'associated press');
INSERT INTO agency_names VALUES (1, 'Sputnik', 'sputnik');
INSERT INTO conflicts VALUES (1, 1, 'date_created', '[["iim:2:120","2025-04-17"],["exif:DateTimeOriginal","2025-04-18"]]', 0);
INSERT INTO corrections VALUES (1, 1, 'headline', 'set', NULL, '[{"value": "At rest"}]', 'mira', '2026-11-28T08:16:00Z', NULL, NULL, NULL);
INSERT INTO events VALUES (1, 'ingestion', '2026-11-28T08:16:00Z', 'cutline', 'success', NULL, '{"accession":1,"seen":3,"new":2,"changed":0,"unchanged":0,"refused":1}');
INSERT INTO events VALUES (2, 'metadata modification', '2026-11-28T08:16:00Z', 'mira', 'success', 1, '{"correction":1,"action":"set"}');
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
INSERT INTO statements VALUES (1, 1, 1, 'unit', 'ru-155-naval-infantry-brigade', 'Marines', 0, 7, 'iim:2:120', 'test', NULL, 'exact', NULL, 0, '{"name":"155th"}');
INSERT INTO statements VALUES (2, 1, 1, 'date_created', '2025-04-17', '2025.', 42, 47, 'iim:2:120', 'test', NULL, 'exact', 'taken', 0, NULL);
INSERT INTO statements VALUES (3, 1, 1, 'creator', 'Ivan Danilov', 'Ma', 0, 2, 'iim:2:120', 'test', NULL, 'exact', NULL, 0, NULL);
INSERT INTO statements VALUES (4, 1, 1, 'agency', 'sputnik', 'M', 0, 1, 'iim:2:120', 'test', NULL, 'exact', 'origin', 0, '{"name":"Sputnik"}');
INSERT INTO statements VALUES (5, 1, 1, 'agency', 'ap', 'a', 1, 2, 'iim:2:120', 'test', NULL, 'exact', 'distributor', 0, '{"name":"Associated Press"}');
INSERT INTO statements VALUES (6, 1, 1, 'restriction', 'no-archives', 'M', 0, 1, 'iim:2:120', 'test', NULL, 'exact', NULL, 0, '{"until":"2025-05-01"}');
INSERT INTO statements VALUES (7, 1, 2, 'city', 'Kursk', 'Kursk', 0, 5, 'iim:2:90', 'test', NULL, 'exact', NULL, 0, NULL);
INSERT INTO statements VALUES (8, 2, 3, 'unit', 'ru-155-naval-infantry-brigade', 'Sailors', 0, 7, 'iim:2:120', 'test', NULL, 'exact', NULL, 0, '{"name":"155th"}');
INSERT INTO statements VALUES (9, 2, 3, 'date_created', '2025-04-17', '18.', 20, 23, 'iim:2:120', 'test', NULL, 'exact', 'taken', 0, NULL);
INSERT INTO statements VALUES (10, 2, 3, 'creator', 'Ivan Danilov', 'Sa', 0, 2, 'iim:2:120', 'test', NULL, 'exact', NULL, 0, NULL);
INSERT INTO statements VALUES (11, 2, 3, 'agency', 'sputnik', 'S', 0, 1, 'iim:2:120', 'test', NULL, 'exact', 'origin', 0, '{"name":"Sputnik"}');
INSERT INTO statements VALUES (12, 2, 3, 'agency', 'ap', 'a', 1, 2, 'iim:2:120', 'test', NULL, 'exact', 'distributor', 0, '{"name":"Associated Press"}');
INSERT INTO statements VALUES (13, 2, 3, 'restriction', 'no-archives', 'S', 0, 1, 'iim:2:120', 'test', NULL, 'exact', NULL, 0, '{"until":"2025-05-01"}');
INSERT INTO statements VALUES (14, 2, 4, 'city', 'Kursk', 'Kursk', 0, 5, 'iim:2:90', 'test', NULL, 'exact', NULL, 0, NULL);
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
PRAGMA user_version = 3;
