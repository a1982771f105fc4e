"""Statements are kept in parts, and read whole: what goes in comes out, to the character."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.connection import connect, create
from archive.records import SourceText, Span, Statement
from archive.stated import Statements, keep

_VIEW = (
    'SELECT text, property, value, verbatim, start, "end", source, rule, authority, standing, role, rank, detail'
    " FROM statements WHERE photo = ? ORDER BY id"
)


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path: Path = tmp_path_factory.mktemp("stated") / "desk.db"
    create(path)
    with closing(connect(path, write=True)) as db:
        db.execute("INSERT INTO accessions (id, started, agent, roots) VALUES (1, 'now', 'test', '[]')")
        db.execute("INSERT INTO photos (id, identity, slot, kind, added) VALUES (7, 'a', 1, 'picture', 1)")
        yield db


def round_trip(db: sqlite3.Connection, texts: list[SourceText], statements: list[Statement]) -> None:
    """Kept and read again in a transaction that is taken back."""
    rows = Statements(db)
    db.execute("BEGIN")
    try:
        for number, text in enumerate(texts, 1):
            db.execute(
                "INSERT INTO texts (id, photo, source, text, declared, first_seen, last_seen)"
                " VALUES (?, 7, ?, ?, 1, 1, 1)",
                (number, text.source, text.text),
            )
        numbers = range(1, len(texts) + 1)
        kept = keep(statements, texts)
        rows.add(7, numbers, kept)
        assert rows.are(7, numbers, kept)
        found = db.execute(_VIEW, (7,)).fetchall()
        assert [(*row[:-1], json.loads(row[-1]) if row[-1] else {}) for row in found] == [
            (None if s.text is None else s.text + 1, s.property, s.value, s.verbatim, s.span and s.span[0],
             s.span and s.span[1], s.source, s.rule, s.authority, s.standing, s.role, s.rank, dict(s.detail))
            for s in statements
        ]  # fmt: skip
        rows.remove(7, numbers, unread=True)
        assert db.execute(_VIEW, (7,)).fetchall() == []
    finally:
        db.execute("ROLLBACK")


_WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)


@st.composite
def readings(draw: st.DrawFn) -> tuple[list[SourceText], list[Statement]]:
    tags = st.sampled_from(("iim:2:120", "caption"))
    texts = [SourceText(draw(tags), draw(_WORDS)) for _ in range(draw(st.integers(1, 3)))]
    found = []
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.none() | st.integers(0, len(texts) - 1))
        span, verbatim, source = None, draw(_WORDS), draw(st.sampled_from(("desk", "caption")))
        if at is not None:
            start = draw(st.integers(0, len(texts[at].text)))
            end = draw(st.integers(start, len(texts[at].text)))
            span, verbatim = Span(start, end), texts[at].text[start:end]
            source = draw(st.sampled_from((texts[at].source, "xmp:dc:creator")))
        found.append(Statement(
            draw(st.sampled_from(("unit", "agency", "date_created", "keyword"))), draw(st.just(verbatim) | _WORDS),
            verbatim, source, "rule", draw(st.sampled_from(("exact", "ambiguous"))), at, span,
            draw(st.none() | st.just("ap")),
            draw(st.none() | st.just("origin")), draw(st.integers(0, 2)),
            draw(st.dictionaries(st.sampled_from(("name", "time")), _WORDS, max_size=2)),
        ))  # fmt: skip
    return texts, found


@settings(deadline=None)
@given(readings())
def test_every_statement_comes_back_whole(
    db: sqlite3.Connection, made: tuple[list[SourceText], list[Statement]]
) -> None:
    round_trip(db, *made)


@pytest.mark.parametrize(
    ("text", "start", "end", "why"),
    [
        ("Łódź: the 3rd Brigade", 6, 21, "letters of two bytes before it"),
        ("🇺🇦 the 3rd Brigade", 3, 18, "letters of four bytes before it"),
        ("the\0 3rd Brigade", 5, 16, "a zero byte, at which SQLite's own functions end"),
        ("", 0, 0, "an empty field"),
    ],
)
def test_characters_are_counted_as_python_counts_them(
    db: sqlite3.Connection, text: str, start: int, end: int, why: str
) -> None:
    verbatim = text[start:end]
    round_trip(db, [SourceText("caption", text)],
               [Statement("unit", "u", verbatim, "caption", "rule", text=0, span=Span(start, end))])  # fmt: skip


def test_what_thousands_state_is_kept_once(db: sqlite3.Connection) -> None:
    text = SourceText("caption", "The 3rd Brigade in Kharkiv")
    unit = Statement("unit", "unit:3rd-brigade", "3rd Brigade", "caption", "numbered", text=0, span=Span(4, 15),
                     detail={"name": "3rd Brigade"})  # fmt: skip
    kept = keep([unit] * 50, [text])
    assert {row[1] for row in kept} == {kept[0][1]}
    assert all(row[2] is row[3] is row[6] is None for row in kept)
