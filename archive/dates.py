"""The dates that a desk types → days. `2025-04`, `2025-04-17..2025-04-26`, `<2024`, `today`, `last week`."""

from __future__ import annotations

import calendar
import datetime as dt
import re

from archive.edtf import Interval, interval

#: What to try instead, for a hint.
FORMS = "Try 2025-04-17, 2025-04, 2025, 2025-04-17..2025-04-26, <2024, >=2020-05, today, last week, unknown."
#: The days that a picture without a known date stands on.
UNKNOWN = Interval(0, 0)
_FIRST, _LAST = 1, dt.date.max.toordinal()

_BOUND = re.compile(r"(<=|>=|<|>|≤|≥)\s*(.+)\Z", re.DOTALL)
_SPAN = re.compile(r"(?:last|past)\s+(\d{1,4})\s+(day|week|month|year)s?\Z|(?:last|past|(this))\s+(week|month|year)\Z")
_MONTHS = {name.lower(): n for names in (calendar.month_name, calendar.month_abbr) for n, name in enumerate(names) if n}
#: `17 April 2025`, `April 17, 2025`, `April 2025`, `17.4.2025`, `20250417` (IPTC-IIM 2:55), `2020s`.
_WRITTEN = re.compile(
    r"(?:(?P<d1>\d{1,2})\.?\s+)?(?P<name>[^\W\d_]{3,})\.?(?:\s+(?P<d2>\d{1,2}),?)?(?:\s*,)?\s+(?P<y1>\d{4})\Z"
    r"|(?P<d3>\d{1,2})\.(?P<m3>\d{1,2})\.(?P<y3>\d{4})\Z"
    r"|(?P<y4>\d{4})(?P<m4>\d\d)(?P<d4>\d\d)\Z"
    r"|(?P<decade>\d{3})0s\Z"
)
#: Names of months for patterns.
MONTHS = "|".join(sorted(_MONTHS, key=len, reverse=True))
#: Words that are one date without quotes: `last week`, `April 2025`, `17 April 2025`, `April 17, 2025`.
IN_WORDS = re.compile(
    rf"(?:(?:last|this|past)\s+(?:\d+\s+)?(?:day|week|month|year)s?"
    rf"|(?:\d{{1,2}}\.?\s+)?(?:{MONTHS})\.?(?:\s+\d{{1,2}},?)?\s+\d{{4}})(?=\s|\Z)",
    re.IGNORECASE,
)


def days(text: str, today: dt.date) -> Interval | None:
    """The days that a typed date covers, both ends included, as proleptic ordinals; None where it is no date.

    `UNKNOWN` for `unknown`. Nothing is raised, whatever the text.
    """
    text = " ".join(text.lower().split())
    if text in ("unknown", "none"):
        return UNKNOWN
    if bound := _BOUND.match(text):
        day = _one(bound[2], today)
        if day is None:
            return None
        below, above = Interval(_FIRST, day.first - 1), Interval(day.last + 1, _LAST)
        ends = {"<": below, ">": above, "<=": Interval(_FIRST, day.last), ">=": Interval(day.first, _LAST)}
        found = ends[bound[1].replace("≤", "<=").replace("≥", ">=")]
        return found if found.first <= found.last else None
    first, dots, last = text.replace("…", "..").replace("...", "..").partition("..")
    if dots and (first or last):
        low = _one(first.strip(), today) if first else Interval(_FIRST, _FIRST)
        high = _one(last.strip(), today) if last else Interval(_LAST, _LAST)
        if low is None or high is None or low.first > high.last:
            return None
        return Interval(low.first, high.last)
    return _one(text, today)


def _one(text: str, today: dt.date) -> Interval | None:
    """A single date: a standard form, a written one, or one that is told from today."""
    n = today.toordinal()
    if text in ("today", "yesterday"):
        day = n - (text == "yesterday")
        return Interval(day, day)
    if spoken := _SPAN.match(text):
        if spoken[1]:
            length = int(spoken[1]) * {"day": 1, "week": 7, "month": 30, "year": 365}[spoken[2]]
            return Interval(max(n - length + 1, _FIRST), n)
        return _calendar(spoken[4], today, 0 if spoken[3] else 1)
    return interval(_standard(text)) or interval(text.upper())


def _calendar(kind: str, today: dt.date, back: int) -> Interval | None:
    """The whole week (from Monday), month or year that lies `back` before today's."""
    if kind == "week":
        first = today.toordinal() - today.weekday() - 7 * back
        return Interval(first, first + 6)
    if kind == "month":
        year, month = divmod(today.year * 12 + today.month - 1 - back, 12)
        return interval(f"{year:04}-{month + 1:02}")
    return interval(f"{today.year - back:04}")


def _standard(text: str) -> str:
    """A written date in the standard's form; anything else as it is."""
    written = _WRITTEN.match(text)
    if written is None or not text.isascii():
        return text
    if written["decade"]:
        return f"{written['decade']}X"
    if written["name"]:
        month = _MONTHS.get(written["name"])
        if month is None or (written["d1"] and written["d2"]):
            return text
        day = written["d1"] or written["d2"]
        return f"{written['y1']}-{month:02}" + (f"-{int(day):02}" if day else "")
    if written["y3"]:
        return f"{written['y3']}-{int(written['m3']):02}-{int(written['d3']):02}"
    return f"{written['y4']}-{written['m4']}-{written['d4']}"
