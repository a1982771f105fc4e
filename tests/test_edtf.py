"""A partial date is an interval."""

from __future__ import annotations

import datetime as dt

import pytest

from archive.edtf import interval


@pytest.mark.parametrize(
    ("edtf", "first", "last"),
    [
        ("2025-04-17", "2025-04-17", "2025-04-17"),  # one day is its own interval
        ("2024-02", "2024-02-01", "2024-02-29"),  # a month knows its leap year
        ("2025", "2025-01-01", "2025-12-31"),
        ("194X", "1940-01-01", "1949-12-31"),  # the 1940s
        ("1864~", "1864-01-01", "1864-12-31"),  # circa widens nothing: it says how sure, not how long
        ("1914/1918", "1914-01-01", "1918-12-31"),
        ("2014-03-03/2014-03-07", "2014-03-03", "2014-03-07"),
        ("1943-22", "1943-06-01", "1943-08-31"),  # summer
        ("1942-24", "1942-12-01", "1943-02-28"),  # winter ends in the next year
    ],
)
def test_covers(edtf: str, first: str, last: str) -> None:
    assert interval(edtf) == (dt.date.fromisoformat(first).toordinal(), dt.date.fromisoformat(last).toordinal())


@pytest.mark.parametrize("edtf", ["", "XXXX-04-17", "2025-13", "2025-02-30", "0000", "1918/1914", "2025-04-17x"])
def test_is_no_interval(edtf: str) -> None:
    assert interval(edtf) is None
