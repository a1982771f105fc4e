"""A partial date is an interval; precision is never added.

The forms of ISO 8601-2 (EDTF) that captions need: `2025-04-17`, `2025-04`, `2025`, `XXXX-04-17`, `1941~`,
`194X`, `19XX`, `1914/1918`, `2025-03-03/2025-03-07`, seasons `2012-21` (spring) to `2012-24` (winter).
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import NamedTuple

_FORM = re.compile(r"(\d{4}|\d{3}X|\d{2}XX|XXXX)(?:-(\d\d))?(?:-(\d\d))?([~?%])?\Z")
#: ISO 8601-2, table 1: 21 spring, 22 summer, 23 autumn, 24 winter. Northern hemisphere, as wires write it;
#: winter 1942 starts in December 1942.
_SEASONS = {21: (3, 5), 22: (6, 8), 23: (9, 11), 24: (12, 14)}


class Interval(NamedTuple):
    """First and last day, as proleptic ordinals (`datetime.date.toordinal`)."""

    first: int
    last: int


def _days(form: str) -> Interval | None:
    matched = _FORM.match(form)
    if matched is None:
        return None
    year, month, day = matched[1], matched[2], matched[3]
    if year == "XXXX":
        return None
    if "X" in year:
        if month:
            return None
        low, high = int(year.replace("X", "0")), int(year.replace("X", "9"))
        return Interval(dt.date(max(low, 1), 1, 1).toordinal(), dt.date(high, 12, 31).toordinal())
    y = int(year)
    if y == 0:
        return None
    if month is None:
        return Interval(dt.date(y, 1, 1).toordinal(), dt.date(y, 12, 31).toordinal())
    m = int(month)
    if m in _SEASONS and day is None:
        first, last = _SEASONS[m]
        end_year, end_month = (y, last) if last <= 12 else (min(y + 1, 9999), last - 12)
        return Interval(
            dt.date(y, first, 1).toordinal(),
            dt.date(end_year, end_month, calendar.monthrange(end_year, end_month)[1]).toordinal(),
        )
    if not 1 <= m <= 12:
        return None
    if day is None:
        return Interval(dt.date(y, m, 1).toordinal(), dt.date(y, m, calendar.monthrange(y, m)[1]).toordinal())
    try:
        exact = dt.date(y, m, int(day)).toordinal()
    except ValueError:
        return None
    return Interval(exact, exact)


def interval(edtf: str) -> Interval | None:
    """The days that an EDTF string covers, both ends included.

    None where it is no date we know, or has no year (`XXXX-04-17`): such a date has no place on a line.

    >>> interval("2025-04") == (dt.date(2025, 4, 1).toordinal(), dt.date(2025, 4, 30).toordinal())
    True
    """
    first, slash, last = edtf.partition("/")
    low = _days(first)
    if not slash:
        return low
    high = _days(last)
    if low is None or high is None or high.last < low.first:
        return None
    return Interval(low.first, high.last)


def is_full_day(edtf: str) -> bool:
    """Whether it names one day of a known year."""
    return re.fullmatch(r"\d{4}-\d\d-\d\d", edtf) is not None and _days(edtf) is not None
