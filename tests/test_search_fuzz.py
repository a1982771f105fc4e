"""Search never errors: whatever is typed is an answer, in the library, in the box, in the API and in the terminal."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from click.testing import CliRunner

from archive.connection import connect
from archive.desk.about_tables import shipped
from archive.query import FIELDS, parse_query
from archive.search import facets, loosen, search
from archive.suggest import suggest
from ingest.cli import main
from tests.desk_archive import SPECIAL, build, many
from tests.desk_server import Desk

#: What FTS5, SQL, LIKE, a shell, a template or a spreadsheet would make something of.
PIECES = [
    '"', "'", "*", "^", ":", "+", "-", "(", ")", "{", "}", "NEAR", "NEAR(", "NEAR/3", "AND", "OR", "NOT", ",", "/",
    "\\", "%", "_", ";", "|", "&", "<", ">", "=", "!", "?", "#", "$", "@", "~", "`", "[", "]", ".", "..", "terms :",
    "caption:", "{caption words} :", "photo_search", "rank", "rowid", "matchinfo", "* FROM photos", "--",
    "'; DROP TABLE photos",
    "\0", "\t", "\r\n", "\x1a", "\x7f", "\u200b", "\u202e", "\ufeff", "\ufffe", "\U0001f4a5", "\u0301", "e\u0301", "ß",
    "ſ", "İ", "ı", "Ł", "ﬀ", "ⅷ", "ᾳ", "中文", "عربي", "Бобылев", "155-й", "1-32", "F-16", "O'Brien", "U.S.", "x", "a*",
    "servicemen", "kursk", "u1", "a7", "cru", "xpicture", "2025", "2025-04-17", "last week", "17.4.2025", "9" * 30, "0",
    "-1", "{{7*7}}", "=1+1", "$(id)", "\ud800", "\udfff", *(f"{name}:" for name in FIELDS), "no-such-field:",
    "UNIT:", "by:\"", "date:..", "date:2025..", "date:9999..", "date:0000", "has:x", "is:", "standing:",
]  # fmt: skip
MANY, SOME = 10_000, 250


def typed(count: int, seed: int = 13) -> Iterator[str]:
    """The same texts every time: pieces glued together, with and without spaces, and characters of any kind."""
    pick = random.Random(seed)
    for _ in range(count):
        kind = pick.randrange(10)
        if kind == 0:
            yield "".join(chr(pick.randrange(1, 0x3000)) for _ in range(pick.randrange(1, 30)))
        elif kind == 1:
            yield pick.choice(PIECES) * pick.randrange(1, 60)
        else:
            yield pick.choice(["", " "]).join(pick.choices(PIECES, k=pick.randrange(1, 9)))


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("fuzz") / "desk.db", [*SPECIAL[:-1], *many(20)], thumbnails=False)


def test_ten_thousand_texts_are_answers(archive: Path, record_property: Callable[[str, object], None]) -> None:
    found = 0
    with closing(connect(archive)) as db:
        for text in typed(MANY):
            query = parse_query(text)
            assert parse_query(str(query)) == query, text
            page = search(db, query, limit=2)
            assert page.total >= len(page.photos)
            facets(db, query)
            loosen(db, query)
            suggest(db, text, len(text) // 2)
            found += bool(page.total)
    assert found > MANY // 50, "some of them find something"
    record_property("figure", f"{MANY:,} texts")


def test_the_terminal_answers(archive: Path, record_property: Callable[[str, object], None]) -> None:
    for text in typed(SOME, seed=17):
        for form in ([], ["--json"]):
            done = CliRunner().invoke(main, ["search", "--archive", str(archive), "--limit", "3", *form, "--", text])
            assert done.exit_code == 0, (text, done.output, done.exception)
    record_property("figure", f"{SOME} texts in the terminal")


def test_the_box_and_the_api_answer(archive: Path, record_property: Callable[[str, object], None]) -> None:
    """Through the whole of Datasette, in this process."""
    from datasette.app import Datasette

    async def ask() -> list[tuple[str, int]]:
        datasette: Any = Datasette([str(archive)], metadata=shipped())
        await datasette.invoke_startup()
        wrong = []
        for text in typed(SOME, seed=19):
            asked = quote(text, safe="", errors="surrogatepass")
            for path in ("/?q=", "/search.json?facets=1&q=", "/suggest.json?q=", "/search.csv?q=", "/search.atom?q="):
                answer = await datasette.client.get(path + asked)
                if answer.status_code != 200:
                    wrong.append((path + asked, answer.status_code))
        return wrong

    with ThreadPoolExecutor(1) as thread:  # this one may hold the loop that drives the browser
        assert thread.submit(asyncio.run, ask()).result() == []
    record_property("figure", f"{SOME} texts at five addresses")


def test_a_served_desk_answers(desk: Desk) -> None:
    for text in typed(40, seed=23):
        asked = quote(text, safe="", errors="surrogatepass")
        assert desk.get(f"/?q={asked}").status == 200
        answer = desk.get(f"/search.json?q={asked}&after={asked}&sort={asked}&size={asked}")
        assert (answer.status, set(answer.json())) == (200, {
            "query", "order", "total", "total_is_exact", "apart", "hints", "next", "photos"}), text  # fmt: skip


def test_the_pieces_are_dangerous(archive: Path) -> None:
    """Handed to full-text search as they are, many of them are errors: the quoting is what keeps them from it."""
    wrong = 0
    with closing(sqlite3.connect(archive)) as db:
        for text in typed(200):
            try:
                db.execute("SELECT count(*) FROM photo_search WHERE photo_search MATCH ?", (text,)).fetchone()
            except (sqlite3.Error, UnicodeEncodeError):
                wrong += 1
    assert wrong > 100
