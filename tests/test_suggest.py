"""What the box offers while typing: for every field, most pictured first, in the place of the term at the cursor."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.plan import country_codes
from archive.query import FIELDS, parse_query
from archive.search import search
from archive.suggest import MOST, suggest
from benchmarks.corpus import write


@pytest.fixture(scope="module")
def conn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path = tmp_path_factory.mktemp("suggest") / "made.db"
    write(path, 1200, seed=5)
    db = sqlite3.connect(path)
    db.row_factory = sqlite3.Row
    yield db
    db.close()


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("un", "unit:"),
        ("da", "date:"),
        ("unit:sev", 'unit:"Sever Group of Forces"'),
        ('unit:"sever gr', 'unit:"Sever Group of Forces"'),
        ("by:hans", 'by:"Jørn Hånsen"'),
        ("by:карп", 'by:"Сергей Карпенко"'),
        ("by:karp", 'by:"Сергей Карпенко"'),
        ("agency:reut", "agency:Reuters"),
        ("origin:reut", "origin:Reuters"),
        ("via:reut", "via:Reuters"),
        ("reut", "agency:Reuters"),
        ('provider:"u.s. n', 'provider:"U.S. Navy"'),
        ("place:Delhi", "place:Delhi"),
        ("country:chi", "country:cn"),
        ("country:cn", "country:cn"),
        ("date:2012", "date:2012"),
        ("date:2012-0", "date:2012-01"),
        ("country:germ", "country:de"),
        ("country:герм", "country:de"),
        ("date:la", 'date:"last week"'),
        ("date:17.4.2012", "date:17.4.2012"),
        ("date:<2012", "date:<2012"),
        ("2012", "date:2012"),
        ("tod", "date:today"),
        ("has:con", "has:conflict"),
        ("is:fi", "is:file"),
        ("flag:", "flag:handout"),
        ("standing:am", "standing:ambiguous"),
        ("restriction:emb", "restriction:embargo"),
        ("pool:krem", 'pool:"Kremlin Pool"'),
        ("added:tod", "added:today"),
        ("-unit:sev", '-unit:"Sever Group of Forces"'),
        ("medics date:last w", 'date:"last week"'),
        ("medics un", "unit:"),
    ],
)
def test_what_is_begun_is_offered(conn: sqlite3.Connection, typed: str, offered: str) -> None:
    assert offered in [s.text for s in suggest(conn, typed)]


def test_an_ordinal_half_typed_is_still_that_number(conn: sqlite3.Connection) -> None:
    whole = [s.text for s in suggest(conn, "unit:155")]
    assert whole
    for typed in ("unit:155t", "unit:155th"):
        assert [s.text for s in suggest(conn, typed)] == whole


@pytest.mark.parametrize("typed", ["date:apr", "date:april 20", "apr"])
def test_a_month_is_known_by_its_name(conn: sqlite3.Connection, typed: str) -> None:
    """The latest April first."""
    months = [s.text for s in suggest(conn, typed) if s.text.endswith("-04")]
    assert months and months == sorted(months, reverse=True)


def test_a_number_that_is_being_typed_can_go_on(conn: sqlite3.Connection) -> None:
    """`unit:15` is the 15th first and can become the 155th; the search itself takes the number as it stands."""
    found = [s.label for s in suggest(conn, "unit:15")]
    numbers = [next(int(n) for n in re.findall(r"\d+", label) if n.startswith("15")) for label in found]
    assert len(set(numbers)) > 1
    assert numbers == sorted(numbers, key=lambda n: n != 15)


def test_uk_is_no_beginning_of_ukraine() -> None:
    assert (country_codes("uk"), country_codes("usa"), country_codes("Россия")) == (["GB"], ["US"], ["RU"])
    assert country_codes("ukr") == ["UA"]


@pytest.mark.parametrize("typed", ["unit:sev", "by:hans", "agency:reut", "origin:reut", "country:cn", "has:conflict",
                                   "is:file", "standing:exact", "flag:handout", "date:2012", "date:2012-04", "is:cap",
                                   "has:date", "is:released", "perhaps:", "pool:", "restriction:", "date:<2012",
                                   "place:a", "region:", "region:n", "origin:a", "via:a", "provider:u"])  # fmt: skip
def test_the_count_is_what_the_search_finds(conn: sqlite3.Connection, typed: str) -> None:
    offered = next(s for s in suggest(conn, typed) if s.photos is not None)
    assert offered.photos == search(conn, parse_query(offered.text), count_to=10**6).total > 0


def test_most_pictured_come_first(conn: sqlite3.Connection) -> None:
    for field in ("unit", "agency", "by", "country"):
        counts = [s.photos or 0 for s in suggest(conn, f"{field}:")]
        assert len(counts) == MOST and counts == sorted(counts, reverse=True)


def test_only_the_term_at_the_cursor_is_replaced(conn: sqlite3.Connection) -> None:
    text = 'medics unit:"sever gr date:2012'
    found = suggest(conn, text, len('medics unit:"sever gr'))[0]
    assert (found.start, found.end) == (len("medics "), len('medics unit:"sever gr'))


def test_every_field_is_offered_by_its_first_letters(conn: sqlite3.Connection) -> None:
    for field in FIELDS:
        assert f"{field}:" in [s.text for s in suggest(conn, field[:3])]


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=30), st.integers(-5, 40), st.sampled_from(["", *(f"{f}:" for f in FIELDS), "-by:", 'unit:"']))
def test_whatever_is_typed_is_answered(conn: sqlite3.Connection, typed: str, cursor: int, field: str) -> None:
    text = field + typed
    for found in suggest(conn, text, cursor):
        assert 0 <= found.start <= found.end <= len(text)
