"""The desk's words: what is typed is read, kept in its order, and written back as it can be typed again."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.dates import days
from archive.query import FIELDS, MOST_CHARACTERS, MOST_TERMS, Term, parse_query

SATURDAY = dt.date(2025, 4, 26)


def day(text: str) -> int:
    return dt.date.fromisoformat(text).toordinal()


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("kursk marines", [Term("", "kursk"), Term("", "marines")]),
        ('"clear a trench"', [Term("", "clear a trench", phrase=True)]),
        ("“clear a trench”", [Term("", "clear a trench", phrase=True)]),
        ('"never closed', [Term("", "never closed", phrase=True)]),
        ("unit:155", [Term("unit", "155")]),
        ("UNIT:155", [Term("unit", "155")]),
        ('unit:"Sever Group of Forces"', [Term("unit", "Sever Group of Forces")]),
        ('unit:"155th marines', [Term("unit", "155th marines")]),
        ("-agency:tass", [Term("agency", "tass", negated=True)]),
        ('-"exact phrase"', [Term("", "exact phrase", negated=True, phrase=True)]),
        ("photographer:bobylev", [Term("by", "bobylev")]),
        ("pool:", [Term("pool", "")]),
        ("is:file has:conflict", [Term("is", "file"), Term("has", "conflict")]),
        ("by:Бобылев", [Term("by", "Бобылев")]),
        ("kursk kursk", [Term("", "kursk")]),
        # Names with signs in them are words, not fields or operators.
        ("F-16 1-32 O'Brien U.S. AT&T", [Term("", w) for w in ("F-16", "1-32", "O'Brien", "U.S.", "AT&T")]),
        ("NEAR(", [Term("", "NEAR(")]),
        ("12:30", [Term("", "12:30")]),
        # A quote inside a word starts a phrase.
        ('the"56th brigade"', [Term("", "the"), Term("", "56th brigade", phrase=True)]),
    ],
)
def test_what_is_typed_is_read(typed: str, terms: list[Term]) -> None:
    query = parse_query(typed, today=SATURDAY)
    assert list(query.terms) == terms
    assert query.hints == ()


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("2025-04-17", "2025-04-17", "2025-04-17"),
        ("2025-04", "2025-04-01", "2025-04-30"),
        ("2025", "2025-01-01", "2025-12-31"),
        ("2020s", "2020-01-01", "2029-12-31"),
        ("194X", "1940-01-01", "1949-12-31"),
        ("2025-04-17..2025-04-26", "2025-04-17", "2025-04-26"),
        ("2025-03..2025-04", "2025-03-01", "2025-04-30"),
        ("2024..", "2024-01-01", "9999-12-31"),
        ("..2024", "0001-01-01", "2024-12-31"),
        ("<2024", "0001-01-01", "2023-12-31"),
        ("<=2024", "0001-01-01", "2024-12-31"),
        (">=2020-05", "2020-05-01", "9999-12-31"),
        (">2020-05", "2020-06-01", "9999-12-31"),
        ("today", "2025-04-26", "2025-04-26"),
        ("yesterday", "2025-04-25", "2025-04-25"),
        # The week before this one, from Monday to Sunday.
        ("last week", "2025-04-14", "2025-04-20"),
        ("this week", "2025-04-21", "2025-04-27"),
        ("last month", "2025-03-01", "2025-03-31"),
        ("last year", "2024-01-01", "2024-12-31"),
        ("last 3 days", "2025-04-24", "2025-04-26"),
        ("April 2025", "2025-04-01", "2025-04-30"),
        ("17 apr 2025", "2025-04-17", "2025-04-17"),
        ("April 17, 2025", "2025-04-17", "2025-04-17"),
        ("17.4.2025", "2025-04-17", "2025-04-17"),
        ("20250417", "2025-04-17", "2025-04-17"),
        ("2012-22", "2012-06-01", "2012-08-31"),
    ],
)
def test_dates_as_desks_write_them(typed: str, first: str, last: str) -> None:
    assert days(typed, SATURDAY) == (day(first), day(last))


NO_DATES = ["", "foo", "2025-02-30", "2025-13", "<", "..", "2026..2025", "17 foo 2025", "<0001", "0000"]


@pytest.mark.parametrize("typed", NO_DATES)
def test_what_is_no_date_is_none(typed: str) -> None:
    assert days(typed, SATURDAY) is None


def test_last_week_needs_no_quotes_and_keeps_its_words() -> None:
    query = parse_query("date:last week kursk", today=SATURDAY)
    assert str(query) == 'date:"last week" kursk'
    assert query.terms[0].days == (day("2025-04-14"), day("2025-04-20"))


@pytest.mark.parametrize("words", ["may 2024", "17 April 2025", "April 17, 2025", "Apr. 2025", "1. may 2024"])
def test_a_date_in_words_needs_no_quotes(words: str) -> None:
    query = parse_query(f"date:{words} kursk", today=SATURDAY)
    assert str(query) == f'date:"{words}" kursk'
    assert query.terms[0].days == days(words, SATURDAY)


@pytest.mark.parametrize(
    ("typed", "hint", "kept"),
    [
        ("date:soon", "date:soon is no date that is known here. Try 2025-04-17", "date:soon"),
        ("unit:", "unit: waits for a value", ""),
        ("*", "There is nothing to look for in *", ""),
        ("unit:***", "There is nothing to look for in unit:***", "unit:***"),
        ("colour:red", "colour: is no field; looking for the words.", "colour:red"),
        ("is:blue", "is:blue is not known. After is: may stand picture, caption", "is:blue"),
        ("kursk AND marines", "AND is not needed", "kursk marines"),
        ("kursk OR marines", "OR is not known here", "kursk marines"),
        ("x" * (MOST_CHARACTERS + 1), "The search is longer than 4,000 characters", "x" * MOST_CHARACTERS),
        (" ".join(f"w{i}" for i in range(99)), "More than 40 terms", " ".join(f"w{i}" for i in range(MOST_TERMS))),
    ],
)
def test_a_hint_says_what_was_not_understood(typed: str, hint: str, kept: str) -> None:
    query = parse_query(typed, today=SATURDAY)
    assert [h[: len(hint)] for h in query.hints] == [hint]
    assert str(query) == kept


def test_what_is_not_understood_asks_nothing() -> None:
    assert not parse_query("date:soon is:blue")
    assert parse_query("date:soon kursk")


def test_a_chip_can_be_taken_out_and_put_in() -> None:
    query = parse_query("unit:155 kursk", today=SATURDAY)
    without = query.without(Term("", "kursk"))
    assert str(without) == "unit:155"
    assert str(without.adding(Term("agency", "Getty Images"))) == 'unit:155 agency:"Getty Images"'
    assert without.adding(Term("unit", "155")) == without


PIECES = st.sampled_from(
    [*FIELDS, ":", "-", '"', " ", "..", "<", ">=", "last", "week", "2025-04", "AND", "NEAR(", "*", "\0",
     "Бобылев", "Łódź", "“", "\u202e", "\n", "f-16", "x", "'", "(", ")", "^", "{",
     "}", "\\", "%", "٢٠٢٥", "²", "is", "conflict"]
)  # fmt: skip
TYPED = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=12).map("".join))


@given(TYPED)
def test_whatever_is_typed_is_read_back_from_its_own_words(typed: str) -> None:
    query = parse_query(typed, today=SATURDAY)
    assert parse_query(str(query), today=SATURDAY) == query
    for term in query.terms:
        assert parse_query(str(term), today=SATURDAY).terms == (term,)


@given(TYPED)
def test_a_date_is_never_an_error(typed: str) -> None:
    found = days(typed, SATURDAY)
    assert found is None or 0 <= found.first <= found.last <= dt.date.max.toordinal()
