"""Nothing withheld leaves: not in a byte of the public copy, not at any address of its desk."""

from __future__ import annotations

import datetime as dt
import hashlib
import html
import json
import re
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from urllib.parse import urldefrag, urljoin

import pytest
from click.testing import CliRunner

from archive.connection import connect, writing
from archive.corrections import decide, undo
from archive.errors import ArchiveError, DatabaseError
from archive.publish import Published, is_bare, publish
from archive.records import Photo, SourceText, Span, Statement
from archive.release import set_withdrawn, verdict
from archive.schema import PUBLIC_APPLICATION_ID
from archive.search import parse_query, search
from archive.summary import Restriction
from ingest.cli import main
from tests.desk_archive import EASTER, LODZ, MARINES, build, many, photo, scene, statement
from tests.desk_server import Desk, free_port, running

NOW = dt.datetime(2026, 5, 10, 12, 0, tzinfo=dt.UTC)


def canary(what: str) -> str:
    """A word that stands nowhere else. FTS5 leaves out what a word shares with the one before it, so its end counts."""
    return "q" + hashlib.sha256(what.encode()).hexdigest()[:15]


def limited(kind: str, words: str, until: str | None = None) -> Photo:
    """A photo with one restriction, and a canary in each thing that is said of it."""
    c = {name: canary(f"{kind} {until} {name}") for name in ("text", "unit", "by", "agency", "credit", "flag")}
    unit, agency = f"{c['unit']} Brigade", f"{c['agency']} News"
    caption = f"The {unit} rests, {c['text']}. ({c['by']} Brandt/{agency} {c['credit']}) {words}"
    more = [
        statement(caption, "restriction", words, kind, "restriction", until=until),
        statement(caption, "unit", unit, f"built:{c['unit']}", "numbered-formation", name=unit),
        statement(caption, "creator", f"{c['by']} Brandt", f"{c['by']} Brandt", "slash-credit"),
        statement(caption, "agency", agency, f"built:{c['agency']}", "slash-credit", role="origin", name=agency),
        statement(caption, "credit_line", c["credit"], c["credit"], "slash-credit"),
        statement(caption, "location_created", c["text"], c["text"], "phrase", place=c["text"], place_key=c["text"]),
    ]
    return photo(caption, more=more)


WITHHELD = [
    limited("embargo", "EMBARGOED UNTIL MAY 10, 2026", "2026-05-10"),
    limited("embargo", "EMBARGOED UNTIL FURTHER NOTICE"),
    limited("embargo", "EMBARGOED UNTIL the match ends", "soon"),
    limited("expiry", "NOT FOR USE AFTER MAY 10, 2026", "2026-05-10"),
    limited("expiry", "ONE TIME USE ONLY"),
    limited("no-archives", "NO ARCHIVES"),
    limited("country-out", "POLAND OUT"),
    limited("unread", "ASK THE DESK FIRST"),
    limited("something new", "A RULE OF TOMORROW"),
]
GONE = photo(f"A photo that the desk withdrew, {canary('gone')}.")
UNASKED = photo(f"FILE - Nobody asked for this one, {canary('unasked')}.", flags=[("FILE", "file")])
#: What leaves although it is restricted.
LEAVING = [
    replace(limited("embargo", "EMBARGOED UNTIL MAY 8, 2026", "2026-05-08"), identity="a" * 32),
    replace(limited("no-resales", "NO RESALES"), identity="b" * 32),
]
#: A photo that leaves, with fields that do not: their text, what was read in them, and their sources.
FIELDS = {
    "iim:2:40": "instructions", "iim:2:122": "description_writer", "iim:2:103": "job_id", "iim:2:25": "keyword",
    "xmp:plus:Licensor/plus:LicensorEmail": "licensor_email", "exif:BodySerialNumber": "serial_number",
    "csv:Internal note": "internal_note",
}  # fmt: skip


def full() -> Photo:
    """EASTER with all of FIELDS, GPS, a headline, a date and an older value in a tag."""
    texts, found = list(EASTER.texts), list(EASTER.statements)
    for source, prop in FIELDS.items():
        words = canary(source)
        texts.append(SourceText(source, words, raw=canary(f"raw {source}").encode(), declared=False))
        found.append(Statement(prop, words, words, source, "tag", "exact", len(texts) - 1, Span(0, len(words))))
    texts.append(SourceText("exif:GPSLatitude", "51/1 12/1 34/1"))
    found.append(Statement("gps", "51.209444,35.5", "51/1 12/1 34/1", "exif:GPSLatitude", "tag:exif", "exact",
                           len(texts) - 1, Span(0, 14), None, "camera", 0,
                           {"latitude": 51.209444, "longitude": 35.5, "longitude_text": 1}))  # fmt: skip
    words = f"Easter at the front {canary('tail')}"
    texts.append(SourceText("iim:2:105", words))
    found.append(Statement("headline", "Easter at the front", words, "iim:2:105", "tag:iim", "exact", len(texts) - 1,
                           Span(0, len(words)), detail={"secret": canary("detail"), "lang": [canary("list")]}))
    found.append(Statement("creator", canary("loser"), canary("loser"), "iim:2:80", "tag:iim", "exact", 1, Span(0, 4),
                           rank=1))  # fmt: skip
    return replace(EASTER, texts=tuple(texts), statements=tuple(found))


#: The columns whose text may leave; in every other one, and every row of the tables not named, stands a canary.
MAY_LEAVE = {
    "photos": {"identity", "kind", "format"},
    "texts": {"source", "text", "lang"},
    "statement_forms": {"property", "rule", "standing", "role", "authority", "source", "value", "detail"},
    "statement_rows": {"value", "verbatim", "detail"},
    "accessions": {"started"},
    "corrections": {"property", "action", "old", "new"},
    "thumbnails": {"digest"},
}


def plant(path: Path) -> None:
    """Write canaries into every column that does not leave, straight into the file."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("INSERT INTO problems (accession, path, reason, message) VALUES (1, 'p', 'r', 'm')")
        db.execute("INSERT INTO events (type, time, agent, outcome, detail) VALUES ('t', 't', 'a', 'o', 'd')")
        ours = db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%STRICT%'").fetchall()
        for (table,) in ours:
            db.execute(f"DROP TRIGGER IF EXISTS {table}_changed")
            for _, column, kind, *_ in db.execute(f"PRAGMA table_info({table})").fetchall():
                if column in MAY_LEAVE.get(table, ()) or kind not in ("TEXT", "BLOB") or column == "jpeg":
                    continue
                word = canary(f"{table}.{column}")
                value = f"CAST('{word}' AS BLOB)" if kind == "BLOB" else f"coalesce({column}, '') || ' {word}'"
                if column in ("undone", "undone_by"):  # a decision that stands is not to be taken back
                    value = f"CASE WHEN {column} IS NULL THEN NULL ELSE '{word}' END"
                db.execute(f'UPDATE {table} SET "{column}" = {value}')
        db.commit()


def forbidden() -> set[bytes]:
    """The ends of all canaries that must be found nowhere."""
    words = {canary(source) for source in FIELDS} | {canary(f"raw {source}") for source in FIELDS}
    told = ("tail", "detail", "list", "loser", "gone", "unasked", "note", "actor", "undone")
    words |= {canary(name) for name in told}
    words |= {canary(f"{table}.{column}") for table, _, column in (name.partition(".") for name in _texts())
              if column not in MAY_LEAVE.get(table, ())}  # fmt: skip
    for one in WITHHELD:
        words |= set(re.findall(r"q[0-9a-f]{15}", one.texts[0].text))
    return {word[-9:].encode() for word in words}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("in") / "desk.db"
    build(path, [full(), MARINES, LODZ, *WITHHELD, GONE, UNASKED, *LEAVING, *many(9)])
    with writing(path, "test"), closing(connect(path, write=True)) as db:
        for n, (number,) in enumerate(db.execute("SELECT id FROM photos").fetchall()):
            jpeg = scene(1000 + n)
            db.execute("INSERT OR REPLACE INTO thumbnails VALUES (?, ?, 480, 320, ?)",
                       (number, hashlib.sha256(jpeg).hexdigest(), jpeg))  # fmt: skip
        db.execute("BEGIN")
        set_withdrawn(db, GONE.identity, canary("actor"), canary("note"))
        number = db.execute("SELECT id FROM photos WHERE identity = ?", (MARINES.identity,)).fetchone()[0]
        decide(db, number, "creator", "set", {"value": "Lada Moroz", "detail": {"secret": canary("detail")}},
               canary("actor"), note=canary("note"))  # fmt: skip
        undo(db, decide(db, number, "headline", "set", canary("undone"), "mira"), "mira")
        db.execute("COMMIT")
    plant(path)
    return path


@pytest.fixture(scope="module")
def copy(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Published]:
    path = tmp_path_factory.mktemp("out") / "public.db"
    return path, publish(archive, path, "-is:file", now=NOW)


def reader(path: Path) -> closing[sqlite3.Connection]:
    return closing(connect(path))


def test_every_canary_is_in_the_archive_itself(archive: Path) -> None:
    """Else the tests below could not fail."""
    with closing(sqlite3.connect(archive)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = archive.read_bytes()
    planted = {name for name in _texts() if name.partition(".")[2] not in MAY_LEAVE.get(name.partition(".")[0], ())}
    missing = {name for name in planted if canary(name).encode() not in data}
    assert missing == {"thumbnails.jpeg"}
    for one in WITHHELD:
        assert one.texts[0].text.encode() in data


def _texts() -> set[str]:
    """Every column of our tables that holds text or bytes."""
    from sqlite_utils import Database

    from archive.schema import create

    db = Database(memory=True)
    create(db)
    return {f"{t.name}.{c.name}" for t in db.tables for c in t.columns
            if c.type in ("TEXT", "BLOB") and "STRICT" in t.schema}  # fmt: skip


def test_no_byte_of_the_copy_holds_a_canary(
    copy: tuple[Path, Published], record_property: Callable[[str, object], None]
) -> None:
    data = copy[0].read_bytes().lower()
    assert [word for word in forbidden() if word in data] == []
    assert b"/pictures" not in data, "no path"
    there = [file.name for file in copy[0].parent.iterdir() if file.name.lstrip(".").startswith("public.db")]
    assert there == ["public.db"], "no log, no half-written file"
    record_property("figure", f"{len(forbidden())} canaries, none in {len(data):,} bytes")


def test_what_was_withheld_is_counted_by_reason(copy: tuple[Path, Published]) -> None:
    assert copy[1].withheld == {
        "country-out": 1, "embargo": 1, "embargo without a date": 2, "expiry": 1, "expiry without a date": 1,
        "no-archives": 1, "something new": 1, "unread": 1, "withdrawn": 1,
    }  # fmt: skip
    assert copy[1].photos == 13


def test_what_leaves_is_there_under_the_same_ids_and_can_be_searched(copy: tuple[Path, Published]) -> None:
    with reader(copy[0]) as db:
        page = search(db, parse_query(""))
        assert {p.identity for p in page.photos} >= {EASTER.identity, MARINES.identity, *(p.identity for p in LEAVING)}
        assert page.total == 13
        easter = search(db, parse_query('unit:56 agency:ap by:bobylev "Orthodox Easter" date:2025-04')).photos[0]
        assert (easter.identity, easter.headline) == (EASTER.identity, "Easter at the front")
        assert easter.caption == EASTER.texts[0].text
        rows = db.execute('SELECT t.text, s.start, s."end", s.verbatim FROM statements s JOIN texts t ON t.id = s.text')
        assert all(text[start:end] == verbatim for text, start, end, verbatim in rows)
        counts = dict(db.execute("SELECT value, photos FROM facet_counts WHERE facet = 'year'").fetchall())
        assert sum(counts.values()) == db.execute("SELECT count(*) FROM photos WHERE taken IS NOT NULL").fetchone()[0]
        modes = [db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "journal_mode")]
        assert modes == [PUBLIC_APPLICATION_ID, "delete"]


def test_the_desk_s_decisions_leave_as_values_without_who_made_them(copy: tuple[Path, Published]) -> None:
    with reader(copy[0]) as db:
        found = search(db, parse_query("by:moroz")).photos
        assert [p.identity for p in found] == [MARINES.identity]
        names = {row[0] for row in db.execute("SELECT name FROM photographers")}
        assert "Ivan Danilov" not in names, "what the caption says instead is in its text, and no value any more"


def test_gps_leaves_only_where_it_is_asked_for(archive: Path, copy: tuple[Path, Published], tmp_path: Path) -> None:
    publish(archive, tmp_path / "gps.db", "unit:56", now=NOW, gps=True)
    ask = "SELECT count(*) FROM statements WHERE property = 'gps' OR detail LIKE '%51.20944%'"
    for path, expected in ((copy[0], 0), (tmp_path / "gps.db", 1)):
        with reader(path) as db:
            assert db.execute(ask).fetchone()[0] == expected


DATES = [
    # kind, until, the moment in UTC, whether it leaves, why
    ("embargo", "2026-05-10", "2026-05-10T23:59", False, "its day is not over in Greenwich"),
    ("embargo", "2026-05-10", "2026-05-11T11:59", False, "it is still the 10th west of Hawaii"),
    ("embargo", "2026-05-10", "2026-05-11T12:00", True, "the 10th is over everywhere"),
    ("embargo", "2026-05", "2026-05-31T12:00", False, "any day of the month may be meant"),
    ("embargo", "2026-05-10~", "2027-01-01T12:00", False, "about that day is no day"),
    ("embargo", "", "2027-01-01T12:00", False, "no day"),
    ("embargo", "XXXX-05-10", "2027-01-01T12:00", False, "no year"),
    ("expiry", "2026-05-10", "2026-05-10T09:59", True, "it is the 10th everywhere or earlier"),
    ("expiry", "2026-05-10", "2026-05-10T10:00", False, "the 11th has begun in Kiribati"),
    ("expiry", "2026-05", "2026-05-02T12:00", False, "the month may have ended the term on its first day"),
    ("expiry", None, "2026-05-10T09:59", False, "no day"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "until", "moment", "leaves", "why"), DATES)
def test_a_day_is_read_with_the_least_trust(kind: str, until: str | None, moment: str, leaves: bool, why: str) -> None:
    judged = verdict([Restriction(kind, until, "words", "caption")], dt.datetime.fromisoformat(moment + "+00:00"))
    assert (judged.withheld is None) == leaves, why


def test_a_house_may_allow_a_kind_but_no_embargo_and_no_withdrawal() -> None:
    def reason(kind: str) -> str | None:
        return verdict([Restriction(kind, None, "", "")], NOW, allow=[kind]).withheld

    assert [reason(kind) for kind in ("country-out", "embargo", "withdrawn")] == [
        None, "embargo without a date", "withdrawn"]  # fmt: skip


def test_withdrawal_removes_a_photo_at_the_next_publication_and_can_be_taken_back(tmp_path: Path) -> None:
    path = build(tmp_path / "desk.db", [EASTER, MARINES])
    runner = CliRunner()

    def run(*words: str) -> str:
        done = runner.invoke(main, [str(tmp_path / w) if w.endswith(".db") else w for w in words])
        return done.output + (str(done.exception) if done.exit_code not in (0, 1, 2) else "")

    assert "2 published" in run("publish", "desk.db", "one.db", "--all")
    assert "1 withdrawn" in run("withdraw", MARINES.identity, "--archive", "desk.db", "--by", "mira")
    assert "1 withheld (1 withdrawn)" in run("publish", "desk.db", "two.db", "--all")
    assert "is there already" in run("publish", "desk.db", "one.db", "--all")
    assert "1 published" in run("publish", "desk.db", "one.db", "--all", "--replace")
    assert b"trench" not in (tmp_path / "one.db").read_bytes()
    assert "1 taken back" in run("withdraw", MARINES.identity, "--archive", "desk.db", "--by", "mira", "--back")
    assert "2 published" in run("publish", "desk.db", "three.db", "--all")
    assert "No photo has the id" in run("withdraw", "0" * 32, "--archive", "desk.db", "--by", "mira")
    assert "Say which photos" in run("publish", "desk.db", "four.db")
    assert path.exists() and not (tmp_path / "four.db").exists()


REFUSED = [
    # search, target, what the sentence says
    ("flag:", "new.db", "not fully understood"),
    ("-has:embargo", "new.db", "not fully understood"),
    ("date:yesteryear", "new.db", "not fully understood"),
    ("agency:nobody-by-this-name", "new.db", "not fully understood"),
    ("", "desk.db", "is the archive itself"),
    ("", "notes.txt", "not a cutline archive"),
    ("", "other.db", "no public copy"),
    ("", "nowhere/new.db", "was not written"),
]


@pytest.mark.parametrize(("query", "target", "says"), REFUSED)
def test_what_could_let_out_more_than_was_meant_is_refused(tmp_path: Path, query: str, target: str, says: str) -> None:
    source = build(tmp_path / "desk.db", [EASTER], thumbnails=False)
    build(tmp_path / "other.db", [MARINES], thumbnails=False)
    (tmp_path / "notes.txt").write_text("mine")
    before = {f.name: f.read_bytes() for f in tmp_path.iterdir() if f.suffix in (".db", ".txt")}
    with pytest.raises(ArchiveError, match=says):
        publish(source, tmp_path / target, query, over=True)
    assert {f.name: f.read_bytes() for f in tmp_path.iterdir() if f.suffix in (".db", ".txt")} == before


def test_nothing_is_written_into_a_copy_and_none_is_made_of_one(copy: tuple[Path, Published], tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="nothing is written into it"):
        connect(copy[0], write=True)
    with pytest.raises(DatabaseError, match="a public copy itself"):
        publish(copy[0], tmp_path / "again.db", "")


def test_a_thumbnail_with_anything_beside_the_picture_stays() -> None:
    jpeg = scene(3)
    exif = b"\xff\xe1\x00\x0cExif\0\0note"
    assert is_bare(jpeg)
    comment = b"\xff\xfe\0\5abc"
    for more in (jpeg[:2] + exif + jpeg[2:], jpeg[:2] + comment + jpeg[2:], jpeg + b"after", jpeg[:20], b"", b"GIF89a"):
        assert not is_bare(more)


@pytest.fixture(scope="module")
def site(copy: tuple[Path, Published]) -> Iterator[Desk]:
    port = free_port()
    command = [sys.executable, "-m", "ingest.cli", "serve", "--archive", str(copy[0]), "--public", "--download",
               "--port", str(port)]  # fmt: skip
    yield from running(command, port, copy[0])


_LINK = re.compile(r'(?:href|src|action)="([^"]+)"')
#: Addresses that no page links to.
ASKED = [
    "/search.json?facets=1&size=1000", "/search.csv", "/search.ndjson", "/search.atom", "/search.json?sort=added",
    "/openapi.json", "/coverage.json", "/suggest.json?q=u", "/suggest.json?q=by:", "/review", "/corrections",
    "/corrections.json", "/public.json", "/public.db", "/-/databases.json", "/-/metadata.json", "/-/plugins.json",
    "/-/settings.json", "/-/threads.json", "/-/versions.json", "/.json", "/?view=map", "/?view=list",
    "/public.json?sql=select+*+from+texts", "/public?sql=select+1",
    "/public/photos/1.json", "/public/texts/1", "/public/corrections/1.json",
]  # fmt: skip


def crawl(site: Desk, most: int = 500) -> dict[str, tuple[int, bytes]]:
    """Every address that can be reached from the start, and those that one can guess, with what they answer."""
    with closing(sqlite3.connect(site.archive)) as db:
        tables = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")]
    waiting = ["/", *ASKED]
    for table in tables:
        waiting += [f"/public/{table}{form}" for form in ("", ".json?_shape=array", ".csv?_stream=1")]
        waiting += [f"/public/{table}.json?_facet=photo", f"/public/{table}.json?_where=1=1"]
    seen: dict[str, tuple[int, bytes]] = {}
    kinds: dict[str, int] = {}
    while waiting and len(seen) < most:
        path = waiting.pop(0)
        kind = re.sub(r"[0-9a-f]{12,}|\d+|[?&](\w+)=[^&]*", r"#\1", path)
        kinds[kind] = kinds.get(kind, 0) + 1
        if path in seen or kinds[kind] > 12:
            continue
        answer = site.get(path)
        seen[path] = answer.status, answer.body
        if "text/html" in answer.headers.get("content-type", ""):
            for link in _LINK.findall(answer.body.decode()):
                url = urldefrag(urljoin(site.url + path, html.unescape(link)))[0]
                if url.startswith(site.url + "/"):
                    waiting.append(url.removeprefix(site.url))
    return seen


def test_no_address_of_the_served_copy_shows_a_canary(
    site: Desk, archive: Path, record_property: Callable[[str, object], None]
) -> None:
    pages = crawl(site)
    words = forbidden()
    assert [(path, word) for path, (_, body) in pages.items() for word in words if word in body.lower()] == []
    assert [path for path, (_, body) in pages.items() if b"/pictures" in body] == []
    where = str(site.archive.parent).encode()
    assert [path for path, (_, body) in pages.items() if where in body] == [], "not where the file lies either"
    assert [path for path, (status, _) in pages.items() if status >= 500] == []
    shown = [path for path, (status, _) in pages.items() if status == 200]
    assert len(shown) > 100 and {"/public.db", "/search.csv", "/public/photos", "/coverage"} <= set(shown)
    linked = [path for path in pages if path not in ASKED and not path.startswith("/public")]
    assert [path for path in linked if pages[path][0] != 200] == [], "no link of the public desk leads nowhere"
    closed = [path for path, (status, _) in pages.items() if status in (403, 404)]
    assert set(closed) >= {
        "/public/photo_search", "/public/photo_search_data", "/public/photo_words", "/public/sightings", "/review",
        "/public/corrections", "/-/databases.json", "/-/metadata.json", "/public.json?sql=select+*+from+texts",
    }  # fmt: skip
    assert b"<b>embargo</b> until 8 May 2026" in site.get(f"/photo/{LEAVING[0].identity}").body
    assert pages["/public.db"][1] == site.archive.read_bytes()
    with closing(sqlite3.connect(archive)) as db:
        held = db.execute("SELECT p.identity, t.digest FROM photos p JOIN thumbnails t ON t.photo = p.id").fetchall()
    leaves = {p["id"] for p in json.loads(pages["/search.json?facets=1&size=1000"][1])["photos"]}
    for identity, digest in held:
        expected = 200 if identity in leaves else 404
        assert site.get(f"/thumb/{digest}.jpg").status == expected
        assert site.get(f"/photo/{identity}.json").status == expected
    record_property("figure", f"{len(pages)} addresses, {len(shown)} of them answered; {len(held)} thumbnails")
    for word in (canary("gone"), canary("unasked"), *re.findall(r"q[0-9a-f]{15}", WITHHELD[0].texts[0].text)):
        for field in ("", "unit:", "by:", "agency:", "place:"):
            assert site.get(f"/search.json?q={field}{word}").json()["total"] == 0
