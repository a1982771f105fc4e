"""Every date in a caption, in EDTF, never more precise than the caption.

    date   = [ weekday "," ] ( month day [ "," ] [ year ] | day month [ year ] | month [ "," ] year
           | season [ "of" ] year | numeric | [ "circa" ] year | year "s" | range ) ;

    "Thursday, Nov. 9, 2023"                     2023-11-09
    "between 3 - 7 March 2014"                   2014-03-03/2014-03-07
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress
from typing import NamedTuple

from archive.records import Standing
from ingest.captions.lexicon import value_words
from ingest.captions.tokens import Tokens

#: Years that captions of photographs name: the first photographs are of the 1820s.
_FIRST_YEAR, _LAST_YEAR = 1820, 2099
_ORDINAL = frozenset(("st", "nd", "rd", "th", "er", "o", "a", "го", "е"))
_UNTIL = frozenset(("-", "–", "—", "to", "bis", "au", "al", "по"))
_TO = _UNTIL | {"and", "и", "та", "&"}
#: From this year on `2023-24` is a season of sport or a budget's year, no span of years.
_SEASONS = 1970
_OF = frozenset(("de", "del", "of"))
#: Months that are common words or names where they are written small or stand without a number.
_DOUBTFUL = frozenset(("may", "mar", "mai", "march", "mars", "mei", "maj", "jun", "mayo", "marca", "lato"))


@dataclass(slots=True)
class Dated:
    """A date expression: its characters, its tokens `first:behind`, its parts."""

    start: int
    end: int
    edtf: str
    rule: str
    first: int
    behind: int
    month: int | None = None
    day: int | None = None
    year: int | None = None
    standing: Standing = "exact"
    weekday: int | None = None
    #: How many days, or months, it lies before the day the caption was published: `yesterday`, `last month`.
    days_back: int | None = None
    months_back: int | None = None
    candidates: tuple[str, ...] = ()
    conflict: str | None = None
    role: str = "taken"
    weight: float = 0.0


class _Words(NamedTuple):
    months: dict[str, int]
    weekdays: dict[str, int]
    seasons: dict[str, int]
    circa: frozenset[str]
    parts: frozenset[str]
    year_words: frozenset[str]
    days_back: dict[str, int]
    months_back: dict[str, int]
    #: First words of both: `yesterday`, `last` of `last month`.
    relative: frozenset[str]


@lru_cache(maxsize=1)
def _words() -> _Words:
    days_back, months_back = dict(value_words("days-back")), dict(value_words("months-back"))
    relative = frozenset(phrase.split()[0] for phrase in (*days_back, *months_back))
    return _Words(dict(value_words("month")), dict(value_words("weekday")), dict(value_words("season")),
                  frozenset(value_words("circa")), frozenset(value_words("part")) - {"of", "de", "the"},
                  frozenset(value_words("year-word")), days_back, months_back, relative)


@lru_cache(maxsize=1 << 14)
def _may_begin(low: str) -> bool:
    """Whether a date may begin with this token."""
    return low[0].isdecimal() or low in _words().months or low in _words().seasons


def _year(word: str) -> int | None:
    return int(word) if len(word) == 4 and word.isdecimal() and _FIRST_YEAR <= int(word) <= _LAST_YEAR else None


def _day(word: str) -> int | None:
    return int(word) if len(word) <= 2 and word.isdecimal() and 1 <= int(word) <= 31 else None


def _valid(year: int, month: int, day: int) -> bool:
    try:
        dt.date(year, month, day)
    except ValueError:
        return False
    return True


def _full(year: int | None, month: int, day: int) -> str:
    return f"{year:04}-{month:02}-{day:02}" if year else f"XXXX-{month:02}-{day:02}"


def find_dates(tokens: Tokens, day_first: bool | None = None) -> list[Dated]:
    """Every date expression, in order, without overlap.

    `day_first` settles numeric dates such as `03/09/2016`; with None they stay ambiguous, both readings kept.
    Weekdays that stand alone are found too, with an empty EDTF that `settle` fills.
    """
    return _DateReader(tokens, day_first).read()


class _DateReader:
    """The dates of one caption."""

    def __init__(self, tokens: Tokens, day_first: bool | None) -> None:
        self.t, self.day_first = tokens, day_first
        self.low, self.word, self.n = tokens.low, tokens.word, len(tokens)
        self.w = _words()
        self.out: list[Dated] = []

    def read(self) -> list[Dated]:
        months, seasons = self.w.months, self.w.seasons
        end = 0
        for i in compress(range(self.n), map(_may_begin, self.low)):
            if i < end:
                continue
            low, behind = self.low[i], 0
            if low in months and self._is_month(i):
                behind = self._from_month(i, months[low])
            elif low in seasons:
                behind = self._season(i, seasons[low])
            elif low[0].isdecimal():
                behind = self._numeric(i) or self._from_day(i) or self._from_year(i)
            end = behind
        self._relative()
        self._weekdays()
        return self.out

    def _take(self, first: int, behind: int, edtf: str, rule: str, year: int | None = None, month: int | None = None,
              day: int | None = None, standing: Standing = "exact", candidates: tuple[str, ...] = ()) -> int:
        self.out.append(Dated(self.t.start[first], self.t.end[behind - 1], edtf, rule, first, behind, month, day, year,
                              standing, candidates=candidates))
        return behind

    def _at(self, j: int) -> str:
        return self.word[j] if 0 <= j < self.n else ""

    def _low(self, j: int) -> str:
        return self.low[j] if 0 <= j < self.n else ""

    def _is_month(self, i: int) -> bool:
        w, low = self.word[i], self.low[i]
        if low in _DOUBTFUL and not w[0].isupper():
            return self._at(i - 1).isdecimal() or self._at(i + 1).isdecimal()
        return w[0].isupper() or not w.isascii() or len(low) > 3

    def _past_dot(self, j: int) -> int:
        """Behind the full stop of a short form that ends at `j`."""
        return j + 1 if self._at(j) == "." and self.t.glued(j) and len(self._at(j - 1)) <= 5 else j

    def _year_at(self, j: int, short: bool = False) -> tuple[int | None, int]:
        """The year at `j` behind an optional comma or `de`, with `года`, `г.` or `-го`; and the token behind it."""
        k = j + 1 if self._at(j) in (",", ".") else j
        k = k + 1 if self._low(k) in _OF else k
        year = _year(self._at(k))
        if year is None and short and self._at(k).isdecimal() and len(self._at(k)) == 2 and not self.t.glued(k) and (
                self._at(k + 1) in ("", ".", ";", ")", "\n")):
            return (2000 if int(self._at(k)) < 40 else 1900) + int(self._at(k)), k + 1
        joined = self._at(k + 1) in ("-", "/") and k + 1 < self.n and self.t.glued(k + 1) and self._at(k + 2).isdecimal()
        if year is None or (joined and len(self._at(k + 2)) > 2):
            return None, j
        k += 1
        if self._at(k) in ("-", "–") and self.t.glued(k) and self._low(k + 1) in ("го", "й", "м", "ого"):
            k += 2
        if self._low(k) in self.w.year_words and self._at(k) != "R":
            k = self._past_dot(k + 1) if len(self._low(k)) <= 2 else k + 1
        return year, k

    def _from_month(self, i: int, month: int) -> int:
        """`Nov. 9, 2023`, `March 3-7, 2014`, `April 2023`, `early May, 2021`, `November-December 1944`."""
        j = self._past_dot(i + 1)
        if self._at(j) == "," and _day(self._at(j + 1)) is not None and (
                _year(self._at(j + 2)) is not None or self._at(j + 2) in (".", ")")):
            j += 1  # June, 10 2021; March, 23.
        day = _day(self._at(j))
        clock = self._at(j + 1) in (".", "/", ":") and j + 2 < self.n and self.t.glued(j + 1) and self.t.glued(
            j + 2) and self._at(j + 2).isdecimal()
        if day is not None and not clock:
            k = j + 1
            if self._low(k) in _ORDINAL and self.t.glued(k):
                k += 1
            last = _day(self._at(k + 1)) if self._at(k) in ("-", "–", "—") else None
            if last and last > day:
                year, e = self._year_at(k + 2)
                return self._take(i, e if year else k + 2, f"{_full(year, month, day)}/{_full(year, month, last)}",
                                  "month-day-range", year, month, day)
            ahead = self.w.months.get(self._low(k + 1)) if self._low(k) in _UNTIL else None
            if ahead and ahead > month and (last := _day(self._at(at := self._past_dot(k + 2)))):  # March 30 to April 2
                year, e = self._year_at(at + 1)
                if year:
                    return self._take(i, e, f"{_full(year, month, day)}/{_full(year, ahead, last)}", "month-day-range",
                                      year, month, day)
            year, e = self._year_at(k)
            return self._take(i, e if year else k, _full(year, month, day), "month-day-year" if year else "month-day",
                              year, month, day)
        joined = self._low(j) in _TO or self._at(j) == "/"
        last = self.w.months.get(self._low(j + 1)) if joined and self._at(j + 1)[:1].isupper() else None
        if last and last > month:
            year, e = self._year_at(self._past_dot(j + 2))
            if year:
                return self._take(i, e, f"{year}-{month:02}/{year}-{last:02}", "month-range", year, month)
        year, e = self._year_at(j)
        if not year:
            alone = self._low(i - 1) in ("in", "im", "en", "w", "в", "у", "last", "late", "early") and self.word[i][0].isupper()
            return self._take(i, i + 1, f"XXXX-{month:02}", "month", None, month) if alone else 0
        first = i - 1 if self._low(i - 1) in self.w.parts else i
        about = "~" if self._about(i) else ""
        until = self.w.months.get(self._low(e + 1)) if self._low(e) in _TO else None
        if until and (ends := self._year_at(self._past_dot(e + 2)))[0]:
            return self._take(first, ends[1], f"{year}-{month:02}/{ends[0]}-{until:02}", "month-range", year, month)
        return self._take(first, e, f"{year}-{month:02}{about}", "month-year", year, month)

    def _season(self, i: int, season: int) -> int:
        """`summer of 1974`, `Sommer 1943`, `Зима 1942 года`."""
        year, e = self._year_at(i + 1)
        return self._take(i, e, f"{year}-{season}", "season-year", year) if year else 0

    def _from_day(self, i: int) -> int:
        """`18 April 2019`, `8. Februar 2024`, `le 1er mars`, `3 - 7 March 2014`, `18 Sep 21`."""
        day = _day(self.word[i])
        if day is None:
            return 0
        j = i + 1
        if j < self.n and self.t.glued(j):
            if self.low[j] in _ORDINAL or self.word[j] == ".":
                j += 1
            elif self.word[j] in "-–" and self._low(j + 1) in ("го", "е", "й", "ше", "ге"):
                j += 2
        last, k = None, j
        if self._low(j) in _TO and (last := _day(self._at(j + 1))):
            k = j + 2
            if k < self.n and self.t.glued(k) and (self.low[k] in _ORDINAL or self.word[k] == "."):
                k += 1
        if last is not None and last <= day:
            last, k = None, j
        k = k + 1 if self._low(k) in _OF else k
        month = self.w.months.get(self._low(k))
        if month is None or not (self.word[k][0].isupper() or len(self.word[k]) > 2):
            return 0
        year, e = self._year_at(self._past_dot(k + 1), short=len(self.word[k]) == 3)
        behind = e if year else k + 1
        if last is not None:
            return self._take(i, behind, f"{_full(year, month, day)}/{_full(year, month, last)}", "day-range-month", year,
                              month, day)
        about = "~" if year and self._about(i) else ""
        return self._take(i, behind, _full(year, month, day) + about, "day-month-year" if year else "day-month", year, month, day)

    def _from_year(self, i: int) -> int:
        """`2021. gada 14. septembrī`, `2023. november 8`, `1940s`, `1914-1918`, `ca. 1864`, `2006`."""
        t, year = self.t, _year(self.word[i])
        if year is None:
            return 0
        if self._at(i + 1) == "." and self._low(i + 2) in ("gada",) and (day := _day(self._at(i + 3))) and (
                month := self.w.months.get(self._low(i + 5))):
            return self._take(i, i + 6, _full(year, month, day), "year-day-month", year, month, day)
        if self._at(i + 1) == "." and (month := self.w.months.get(self._low(i + 2))) and (day := _day(self._at(i + 3))):
            return self._take(i, i + 4, _full(year, month, day), "year-month-day", year, month, day)
        if t.glued(i) and self._at(i - 1) not in "(\"“'‘,;[–—-|" and not (self._at(i - 1) == "." and self._about(i)):
            return 0
        month_behind = self._at(i + 2)
        if self._at(i + 1) == "-" and t.glued(i + 1) and len(month_behind) == 2 and month_behind.isdecimal() and (
                1 <= int(month_behind) <= 12 and not (self._at(i + 3) == "-" and t.glued(i + 3))):
            return self._take(i, i + 3, f"{year}-{month_behind}", "month-year", year, int(month_behind))
        if self._low(i + 1) == "s" and t.glued(i + 1) and self.word[i][3] == "0":
            return self._take(i, i + 2, self.word[i][:3] + "X", "decade", year)
        second = i + 2
        if self._low(second) in self.w.circa and self._low(i + 1) in _TO:
            second = self._past_dot(second + 1)
        last = _year(self._at(second))
        short = self._at(second)
        if last is None and self._at(i + 1) in ("-", "–") and second < self.n and t.glued(second) and len(short) == 2 and short.isdecimal() and (
                int(short) > year % 100) and year < _SEASONS:
            last = year - year % 100 + int(short)  # 1914-18
        if last and last > year and second > i + 2:
            about = "~" if self._about(i) else ""
            return self._take(i, second + 1, f"{year}{about}/{last}~", "year-range", year)
        if last and last > year and (self._low(i + 1) in ("-", "–", "—", "/") or (
                self._low(i + 1) in ("and", "to") and self._low(i - 1) in ("between", "from"))):
            return self._take(i, i + 3, f"{year}/{last}", "year-range", year)
        _, e = self._year_at(i)
        return self._take(i, max(e, i + 1), f"{year}~" if self._about(i) else str(year),
                          "circa" if self._about(i) else "year", year)

    def _about(self, i: int) -> bool:
        """Whether `ca.`, `c`, `um`, `около` stands right before the year."""
        k = i - 2 if self._at(i - 1) == "." else i - 1
        low = self._low(k)
        return low in self.w.circa and not (low == "c" and self._at(k).isupper())

    def _numeric(self, i: int) -> int:
        """`24.06.2014`, `2014-06-24`, `03/09/2016`, `2-4-45`: three numbers glued by one mark."""
        t, word = self.t, self.word
        if i + 4 >= self.n or word[i + 1] not in "./-" or word[i + 3] != word[i + 1]:
            return 0
        a, b, c, mark = word[i], word[i + 2], word[i + 4], word[i + 1]
        if not (b.isdecimal() and c.isdecimal() and all(t.glued(j) for j in range(i + 1, i + 5))):
            return 0
        if (t.glued(i) and word[i - 1] not in "(\"“;:,") or (
                i + 5 < self.n and t.glued(i + 5) and (word[i + 5].isalnum() or word[i + 5] in "-/")):
            return 0
        if _year(a) and len(b) == 2 and len(c) == 2:
            y, m, d = int(a), int(b), int(c)
            return self._take(i, i + 5, _full(y, m, d), "numeric", y, m, d) if _valid(y, m, d) else 0
        if len(a) > 2 or len(b) > 2 or len(c) not in (2, 4):
            return 0
        year = int(c) if len(c) == 4 else (1900 if int(c) > 30 else 2000) + int(c)
        if not _FIRST_YEAR <= year <= _LAST_YEAR:
            return 0
        readings = [(m, d, day_first) for m, d, day_first in ((int(b), int(a), True), (int(a), int(b), False))
                    if _valid(year, m, d)]
        if not readings:
            return 0
        day_first = self.day_first if self.day_first is not None else (True if mark == "." else None)
        if len({r[:2] for r in readings}) > 1 and day_first is None:
            both = tuple(_full(year, m, d) for m, d, _ in readings)
            return self._take(i, i + 5, str(year), "numeric", year, readings[0][0], readings[0][1], "ambiguous", both)
        m, d, _ = next((r for r in readings if r[2] == day_first), readings[0])
        return self._take(i, i + 5, _full(year, m, d), "numeric", year, m, d)

    def _weekdays(self) -> None:
        """Weekdays: joined to the date they stand before, else dates of their own that a reference date settles."""
        if self.w.weekdays.keys().isdisjoint(self.low):
            return
        by_first = {d.first: d for d in self.out}
        covered = {k for d in self.out for k in range(d.first, d.behind)}
        alone = []
        for i, low in enumerate(self.low):
            value = self.w.weekdays.get(low)
            if value is None or i in covered or (self.word[i].isascii() and not self.word[i][0].isupper() and len(low) < 5):
                continue
            j = i + 1
            while self._low(j) in (",", ".", "the", "le", "den"):
                j += 1
            dated = by_first.get(j)
            if dated is not None and dated.day is not None:
                dated.weekday = value
                _check_weekday(dated, self.word[i])
            elif (len(low) > 4 or not low.isascii()) and (self.word[i][0].isupper() or low not in _ENGLISH_WEEKDAYS):
                alone.append(Dated(self.t.start[i], self.t.end[i], "", "weekday", i, i + 1, weekday=value))
        self.out = sorted([*self.out, *alone], key=lambda d: d.start)

    def _relative(self) -> None:
        """`yesterday`, `last month`: dates that only a reference date settles."""
        if self.w.relative.isdisjoint(self.low):
            return
        for i, low in enumerate(self.low):
            if low in self.w.days_back:
                self.out.append(Dated(self.t.start[i], self.t.end[i], "", "relative", i, i + 1, days_back=self.w.days_back[low]))
            elif low in self.w.relative and (months := self.w.months_back.get(f"{low} {self._low(i + 1)}")) is not None:
                self.out.append(Dated(self.t.start[i], self.t.end[i + 1], "", "relative", i, i + 2, months_back=months))


_ENGLISH_WEEKDAYS = frozenset(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"))


def _check_weekday(dated: Dated, printed: str) -> None:
    """A weekday that is not that day's is a conflict."""
    if dated.year and dated.month and dated.day and "/" not in dated.edtf and _valid(dated.year, dated.month, dated.day):
        actual = dt.date(dated.year, dated.month, dated.day)
        if actual.isoweekday() != dated.weekday:
            dated.conflict = f"{printed} is not the weekday of {dated.edtf}: that was a {actual:%A}"


def settle(dated: Dated, reference: dt.date | None) -> None:
    """Give a weekday or a date without its year the nearest day not after the reference date; marked inferred.

    `yesterday` and `last month` are counted back from it.
    """
    if reference is None:
        return
    if dated.rule == "weekday" and dated.weekday is not None:
        back = (reference.isoweekday() - dated.weekday) % 7
        dated.edtf = (reference - dt.timedelta(days=back)).isoformat()
        dated.standing = "inferred"
    elif dated.days_back is not None:
        dated.edtf, dated.standing = (reference - dt.timedelta(days=dated.days_back)).isoformat(), "inferred"
    elif dated.months_back is not None:
        months = reference.year * 12 + reference.month - 1 - dated.months_back
        dated.edtf, dated.standing = f"{months // 12}-{months % 12 + 1:02}", "inferred"
    elif dated.rule == "month" and dated.month:
        dated.year = reference.year - (dated.month > reference.month)
        dated.edtf, dated.standing = f"{dated.year}-{dated.month:02}", "inferred"
    elif dated.year is None and dated.edtf.startswith("XXXX-") and dated.month and dated.day:
        for year in (reference.year, reference.year - 1):
            if _valid(year, dated.month, dated.day) and dt.date(year, dated.month, dated.day) <= (
                    reference + dt.timedelta(days=2)):
                dated.edtf = dated.edtf.replace("XXXX", str(year))
                dated.year, dated.standing = year, "inferred"
                return
