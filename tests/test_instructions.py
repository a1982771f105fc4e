"""What a picture may not be used for: found in its caption and in the fields made for it, with days, searchable."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.connection import connect
from archive.publish import publish
from archive.query import parse_query
from archive.search import search
from ingest.captions import interpret
from ingest.instructions import MOST, read
from ingest.pipeline import Options, ingest
from samples.metadata import iim, jpeg_with, xmp
from tests.test_cli import picture, run

TAKEN = dt.date(2026, 5, 1)
INSTRUCTIONS = [
    # the field's text, (kind, until) of each restriction, why
    ("NO RESALES. NO ARCHIVES", [("no-resales", None), ("no-archives", None)], "two in one field"),
    ("no archives", [("no-archives", None)], "a field need not shout"),
    ("EMBARGOED UNTIL 0001 BST ON 20 MAY 2026", [("embargo", "2026-05-20")], "a time before the day"),
    ("Embargoed until 22:00 GMT, Sunday 3 May 2026", [("embargo", "2026-05-03")], "a weekday and a time"),
    ("Sperrfrist 3. Mai 2026", [("embargo", "2026-05-03")], "in German"),
    ("EMBARGOED UNTIL FURTHER NOTICE", [("embargo", None), ("unread", None)], "no day"),
    ("Embargo: 20 May", [("embargo", None)], "no year, so no day"),
    ("FOR USE WITHIN 14 DAYS", [("expiry", "2026-05-15")], "days from the picture's own"),
    ("FOR USE WITHIN 21 DAYS", [("expiry", "2026-05-22")], "any number of days"),
    ("NOT FOR USE AFTER 5 JUNE 2026", [("expiry", "2026-06-05")], "a last day"),
    ("NO ARCHIVES. FOR USE WITHIN 7 DAYS", [("no-archives", None), ("expiry", "2026-05-08")],
     "the term is not the archives'"),
    ("HONS", [("no-resales", None)], "hand out, no sales"),
    ("HAND OUT/ONE-TIME USE", [("expiry", None)], "no country is out; one time is a term without a day"),
    ("POLAND OUT", [("country-out", None)], "a country is"),
    ("SIPHONS AND HONSHU", [("unread", None)], "a word inside another is not the word"),
    ("NO SALES, NO RESALES", [("no-resales", None)], "the same twice"),
    ('MANDATORY CREDIT "NASA / Bill Example" - NO MARKETING', [("mandatory-credit", None), ("no-marketing", None)],
     "whom to credit forbids nothing"),
    ("Public Domain", [("licence", None)], "a licence"),
    ("FILE PHOTO", [], "a flag, no restriction"),
    ("None", [], "nothing"),
    ("", [], "nothing at all"),
    ("NO SALES. Ask Mira first", [("no-resales", None), ("unread", None)], "words that are left are not understood"),
    ("Нельзя в архив", [("unread", None)], "nor is another language"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected", "why"), INSTRUCTIONS)
def test_a_field_is_read_to_its_last_word(text: str, expected: list[tuple[str, str | None]], why: str) -> None:
    assert sorted((m.value, m.until or "") for m in read(text, TAKEN)) == sorted((k, u or "") for k, u in expected), why


@given(st.text(max_size=300) | st.sampled_from([text for text, *_ in INSTRUCTIONS]).map(lambda t: t + " ſİß\u0301"))
def test_every_finding_has_its_own_characters(text: str) -> None:
    for m in read(text, TAKEN):
        assert 0 <= m.span.start < m.span.end <= len(text)


def test_a_field_longer_than_any_real_one_is_not_understood() -> None:
    assert "unread" in {m.value for m in read("NO SALES. " + " " * MOST + "x")}


@pytest.mark.parametrize(("caption", "kinds"), [
    ("EMBARGOED UNTIL MAY 20, 2026 - A bus in Paris, France, May 1, 2026. (AP Photo/Ann Example)", {"embargo"}),
    ("A bus in Paris, France, May 1, 2026. (AP Photo/Ann Example) FOR USE WITHIN 14 DAYS. HONS",
     {"expiry", "no-resales"}),
    ("A bus in Paris, France, May 1, 2026. (AP Photo/Ann Example) MUST BE USED WITHIN 9 DAYS.", {"expiry"}),
    ("Gas is siphoned in Honshu, Japan, May 1, 2026. (AP Photo/Ann Example)", set()),
])  # fmt: skip
def test_captions_say_it_at_their_head_and_at_their_end(caption: str, kinds: set[str]) -> None:
    assert {r.value for r in interpret(caption).restrictions} == kinds


CAPTION = "Marines rest in Kursk region, Russia, on May 1, 2026. (Ivan Danilov/Sputnik via AP)"
FILES = {
    # the file, its fields, (kind, until, source) of its restrictions
    "iim.jpg": ({"iim": {"caption": CAPTION, "instructions": "NO ARCHIVES"}}, {("no-archives", None, "iim:2:40")}),
    "xmp.jpg": ({"xmp": {"dc:description": CAPTION, "xmpRights:UsageTerms": "FOR USE WITHIN 14 DAYS"}},
                {("expiry", "2026-05-15", "xmp:xmpRights:UsageTerms")}),
    "both.jpg": ({"iim": {"caption": CAPTION, "instructions": "NO ARCHIVES"},
                  "xmp": {"dc:description": CAPTION, "photoshop:Instructions": "NO SALES"}},
                 {("no-archives", None, "iim:2:40"), ("no-resales", None, "xmp:photoshop:Instructions")}),
    "caption.jpg": ({"iim": {"caption": CAPTION + " EMBARGOED UNTIL MAY 9, 2026"}},
                    {("embargo", "2026-05-09", "iim:2:120")}),
    "quiet.jpg": ({"iim": {"caption": "Not for publication before the vote. " + CAPTION}},
                  {("unread", None, "iim:2:120")}),
    "loser.jpg": ({"iim": {"caption": CAPTION + " NO ARCHIVES"}, "xmp": {"dc:description": CAPTION}},
                  {("no-archives", None, "iim:2:120")}),
    "release.jpg": ({"iim": {"caption": CAPTION, "release_date": "20260520"}}, {("embargo", "2026-05-20", "iim:2:30")}),
    "old.jpg": ({"iim": {"caption": CAPTION, "release_date": "20260501"}}, set()),
    "free.jpg": ({"iim": {"caption": CAPTION}}, set()),
}  # fmt: skip


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("limits")
    (folder / "in").mkdir()
    for n, (name, (fields, _)) in enumerate(FILES.items()):
        blocks = {kind: {"iim": iim, "xmp": xmp}[kind](values) for kind, values in fields.items()}  # type: ignore[operator]
        (folder / "in" / name).write_bytes(jpeg_with(picture((16 + n, 16)), **blocks))
    ingest((str(folder / "in"),), folder / "desk.db", Options(None, ()), jobs=0)
    return folder / "desk.db"


def kinds_of(db: sqlite3.Connection, name: str) -> set[tuple[str, str | None, str]]:
    return set(db.execute(
        "SELECT r.kind, r.until, r.source FROM restrictions r JOIN sightings s USING (photo) WHERE s.path LIKE ?",
        (f"%/{name}",)))  # fmt: skip


@pytest.mark.parametrize(("name", "expected"), [(name, expected) for name, (_, expected) in FILES.items()])
def test_each_field_and_each_caption_forbids(archive: Path, name: str, expected: set[tuple[str, str, str]]) -> None:
    with closing(connect(archive)) as db:
        assert kinds_of(db, name) == expected


def test_the_characters_are_kept(archive: Path) -> None:
    with closing(connect(archive)) as db:
        rows = db.execute('SELECT t.text, s.start, s."end", s.verbatim FROM statements s JOIN texts t ON t.id = s.text'
                          " WHERE s.property = 'restriction'").fetchall()  # fmt: skip
    assert len(rows) == 8 and all(text[start:end] == verbatim for text, start, end, verbatim in rows)


@pytest.mark.parametrize(("query", "photos"), [
    ("has:restriction", 7), ("-has:restriction", 2), ("restriction:embargo", 2), ("restriction:no-archives", 3),
    ("restriction:unread", 1), ("-restriction:no-archives", 6), ("restriction:", 7),
])  # fmt: skip
def test_restrictions_are_searched(archive: Path, query: str, photos: int) -> None:
    with closing(connect(archive)) as db:
        assert search(db, parse_query(query)).total == photos


def test_a_public_copy_respects_them(archive: Path, tmp_path: Path) -> None:
    made = publish(archive, tmp_path / "public.db", "", now=dt.datetime(2026, 5, 12, tzinfo=dt.UTC))
    assert made.withheld == {"embargo": 1, "no-archives": 3, "unread": 1}
    assert (made.photos, made.until) == (4, "2026-05-15")
    assert b"ARCHIVES" not in (tmp_path / "public.db").read_bytes()


def test_the_command_line_shows_them() -> None:
    shown = json.loads(run("parse", "--json", CAPTION + " EMBARGOED UNTIL MAY 9, 2026").output)
    assert [(r["kind"], r["until"]) for r in shown["restrictions"]] == [("embargo", "2026-05-09")]
