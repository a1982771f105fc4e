"""Every date in a caption, each with the role that its words give it.

date   = [ weekday "," ] ( month day [ "," ] [ year ] | day month [ year ] | month [ "," ] year
       | season [ "of" ] year | numeric | [ "circa" ] year | year "s" | range ) ;
role   = taken | file | released | issued | filed ;

"Thursday, Nov. 9, 2023"                     2023-11-09
"between 3 - 7 March 2014"                   2014-03-03/2014-03-07
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from archive.records import Standing
from ingest.captions.lexicon import value_words
from ingest.captions.tokens import Tokens


@dataclass(slots=True)
class Dated:
    """A date expression: its tokens, its parts, and what stands around it."""

    start: int
    end: int
    edtf: str
    rule: str
    #: index of the first and behind the last token
    first: int
    behind: int
    month: int | None = None
    day: int | None = None
    year: int | None = None
    standing: Standing = "exact"
    weekday: int | None = None
    candidates: tuple[str, ...] = ()
    conflict: str | None = None
    role: str = "taken"
    weight: float = 0.0


@lru_cache(maxsize=1)
def _words() -> tuple[Mapping[str, int], Mapping[str, int], Mapping[str, int], frozenset[str], frozenset[str], frozenset[str]]:
    return (
        value_words("month"),
        value_words("weekday"),
        value_words("season"),
        frozenset(value_words("circa")),
        frozenset(value_words("part")),
        frozenset(value_words("year-word")),
    )


def _year(word: str) -> int | None:
    return int(word) if len(word) == 4 and word.isdigit() and 1820 <= int(word) <= 2099 else None


def _day(word: str) -> int | None:
    return int(word) if len(word) <= 2 and word.isdigit() and 1 <= int(word) <= 31 else None


_ORDINAL = frozenset(("st", "nd", "rd", "th", "er", "o", "го", "е", "a"))


def find_dates(tokens: Tokens, day_first: bool | None = None) -> list[Dated]:
    """Every date expression, in order, without overlap. `day_first` settles `03/09/2016`; None leaves it ambiguous."""
    months, weekdays, seasons, circa, parts, year_words = _words()
    low, word, n = tokens.low, tokens.word, len(tokens)
    out: list[Dated] = []
    i = 0

    def skip(j: int, *marks: str) -> int:
        return j + 1 if j < n and low[j] in marks else j

    def take(first: int, behind: int, edtf: str, rule: str, **parts_: object) -> None:
        out.append(Dated(tokens.start[first], tokens.end[behind - 1], edtf, rule, first, behind, **parts_))  # type: ignore[arg-type]

    def year_at(j: int) -> tuple[int | None, int]:
        """A year at `j`, behind an optional comma or `de`; with `года`, `г.` or `-го` behind it."""
        k = skip(j, ",")
        k = skip(k, "de", "del", "року", "of")
        if (
            k < n
            and (y := _year(word[k])) is not None
            and not (
                k + 1 < n
                and word[k + 1] in "-/"
                and tokens.glued(k + 1)
                and k + 2 < n
                and word[k + 2].isdigit()
                and len(word[k + 2]) > 2
            )
        ):
            k += 1
            if k + 1 < n and word[k] in "-–" and tokens.glued(k) and low[k + 1] in ("го", "й", "го", "м", "ого"):
                k += 2
            if k < n and low[k] in year_words and not (low[k] == "r" and word[k] == "R"):
                k = skip(k + 1, ".") if len(low[k]) <= 2 else k + 1
            return y, k
        return None, j

    while i < n:
        w = low[i]
        first = i
        # a month by name
        m = months.get(w)
        if (
            m is not None
            and (word[i][0].isupper() or not word[i].isascii() or len(w) > 3)
            and not (
                w in ("may", "mar", "mai", "march", "sun", "mars", "mei")
                and not word[i][0].isupper()
                and not _near_number(tokens, i)
            )
        ):
            j = skip(i + 1, ".") if len(w) <= 5 and i + 1 < n and tokens.glued(i + 1) else i + 1
            # month day [, year]
            if (
                j < n
                and (d := _day(word[j])) is not None
                and not (
                    j + 1 < n and word[j + 1] in "./:" and tokens.glued(j + 1) and j + 2 < n and word[j + 2].isdigit()
                )
            ):
                k = j + 1
                if k < n and low[k] in _ORDINAL and tokens.glued(k):
                    k += 1
                # a range inside the month: March 3-7, 2014
                if k + 1 < n and word[k] in "-–—" and (d2 := _day(word[k + 1])) is not None and d2 > d:
                    y, e = year_at(k + 2)
                    if y:
                        take(
                            first, e, f"{y}-{m:02}-{d:02}/{y}-{m:02}-{d2:02}", "month-day-range", month=m, day=d, year=y
                        )
                    else:
                        take(first, k + 2, f"XXXX-{m:02}-{d:02}/XXXX-{m:02}-{d2:02}", "month-day-range", month=m, day=d)
                    i = out[-1].behind
                    continue
                y, e = year_at(k)
                take(
                    first, e if y else k, _full(y, m, d), "month-day-year" if y else "month-day", month=m, day=d, year=y
                )
                i = out[-1].behind
                continue
            y, e = year_at(j)
            if y:
                start = first
                if start and low[start - 1] in parts and low[start - 1] not in ("of", "de", "the"):
                    start -= 1
                take(first, e, f"{y}-{m:02}", "month-year", month=m, year=y)
                i = e
                continue
        # a season
        s = seasons.get(w)
        if s is not None:
            y, e = year_at(skip(i + 1, "of"))
            if y:
                take(first, e, f"{y}-{s}", "season-year", year=y)
                i = e
                continue
        if word[i].isdigit():
            # numeric forms
            num = _numeric(tokens, i, day_first)
            if num:
                edtf, e, standing, cands, y, mth, d = num
                take(first, e, edtf, "numeric", month=mth, day=d, year=y, standing=standing, candidates=cands)
                i = e
                continue
            d = _day(word[i])
            if d is not None:
                j = i + 1
                if j < n and tokens.glued(j) and (low[j] in _ORDINAL or word[j] == "."):
                    j += 1
                elif j + 1 < n and word[j] in "-–" and tokens.glued(j) and low[j + 1] in ("го", "е", "й", "ше", "ге"):
                    j += 2
                d2 = None
                k = j
                if (
                    j + 1 < n
                    and low[j] in ("-", "–", "—", "to", "and", "bis", "au", "al", "по", "и", "та")
                    and (d2 := _day(word[j + 1])) is not None
                ):
                    k = j + 2
                    if k < n and tokens.glued(k) and (low[k] in _ORDINAL or word[k] == "."):
                        k += 1
                if d2 is not None and d2 <= d:
                    d2, k = None, j
                k2 = skip(k, "de", "of")
                if k2 < n and (mm := months.get(low[k2])) is not None and (word[k2][0].isupper() or len(word[k2]) > 2):
                    k3 = skip(k2 + 1, ".") if len(low[k2]) <= 5 and k2 + 1 < n and tokens.glued(k2 + 1) else k2 + 1
                    y, e = year_at(k3)
                    behind = e if y else k2 + 1
                    if d2 is not None:
                        ys = str(y) if y else "XXXX"
                        take(
                            first,
                            behind,
                            f"{ys}-{mm:02}-{d:02}/{ys}-{mm:02}-{d2:02}",
                            "day-range-month",
                            month=mm,
                            day=d,
                            year=y,
                        )
                    else:
                        take(
                            first,
                            behind,
                            _full(y, mm, d),
                            "day-month-year" if y else "day-month",
                            month=mm,
                            day=d,
                            year=y,
                        )
                    i = behind
                    continue
            y2 = _year(word[i])
            if y2 is not None:
                # 2021. gada 14. septembrī
                if (
                    i + 4 < n
                    and word[i + 1] == "."
                    and low[i + 2] in ("gada", "gada")
                    and (dd := _day(word[i + 3]))
                    and word[i + 4] == "."
                    and i + 5 < n
                    and (mm := months.get(low[i + 5]))
                ):
                    take(first, i + 6, _full(y2, mm, dd), "year-day-month", month=mm, day=dd, year=y2)
                    i += 6
                    continue
                glued_before = tokens.glued(i) and word[i - 1] not in "(\"“'‘,;[–—-"
                if not glued_before:
                    if i + 1 < n and low[i + 1] == "s" and tokens.glued(i + 1) and word[i][3] == "0":
                        take(first, i + 2, word[i][:3] + "X", "decade", year=y2)
                        i += 2
                        continue
                    if i + 2 < n and low[i + 1] in ("-", "–", "—", "/") and (y3 := _year(word[i + 2])) and y3 > y2:
                        take(first, i + 3, f"{y2}/{y3}", "year-range", year=y2)
                        i += 3
                        continue
                    if (
                        i + 2 < n
                        and low[i + 1] in ("and", "to")
                        and (y3 := _year(word[i + 2]))
                        and y3 > y2
                        and i
                        and low[i - 1] in ("between", "from")
                    ):
                        take(first, i + 3, f"{y2}/{y3}", "year-range", year=y2)
                        i += 3
                        continue
                    y4, e = year_at(i)
                    k = i - 1
                    if k >= 0 and word[k] == "." and k:
                        k -= 1
                    about = k >= 0 and low[k] in circa and (low[k] != "c" or word[k + 1] == ".")
                    if about and low[k] in ("about", "around"):
                        about = i - 1 == k
                    take(
                        first, e if y4 else i + 1, f"{y2}~" if about else str(y2), "circa" if about else "year", year=y2
                    )
                    i = out[-1].behind
                    continue
        i += 1
    _weekdays(tokens, out, weekdays)
    return out


def _near_number(tokens: Tokens, i: int) -> bool:
    return (i > 0 and tokens.word[i - 1].isdigit()) or (i + 1 < len(tokens) and tokens.word[i + 1].isdigit())


def _full(year: int | None, month: int, day: int) -> str:
    return f"{year:04}-{month:02}-{day:02}" if year else f"XXXX-{month:02}-{day:02}"


def _numeric(
    tokens: Tokens, i: int, day_first: bool | None
) -> tuple[str, int, Standing, tuple[str, ...], int, int, int] | None:
    """`24.06.2014`, `2014-06-24`, `03/09/2016`, `2-4-45`: three numbers glued by one mark."""
    word, n = tokens.word, len(tokens)
    if (
        i + 4 >= n
        or word[i + 1] not in "./-"
        or word[i + 3] != word[i + 1]
        or not (word[i + 2].isdigit() and word[i + 4].isdigit())
    ):
        return None
    if (
        not all(tokens.glued(j) for j in range(i + 1, i + 5))
        or (i and tokens.glued(i) and word[i - 1] not in '("“;:,')
        or (i + 5 < n and tokens.glued(i + 5) and (word[i + 5].isalnum() or word[i + 5] in "-/"))
    ):
        return None
    a, b, c, mark = word[i], word[i + 2], word[i + 4], word[i + 1]
    if len(a) == 4 and len(b) == 2 and len(c) == 2 and _year(a):
        y, m, d = int(a), int(b), int(c)
        return (_full(y, m, d), i + 5, "exact", (), y, m, d) if _valid(y, m, d) else None
    if len(a) > 2 or len(b) > 2 or len(c) not in (2, 4):
        return None
    x, z = int(a), int(b)
    y = int(c) if len(c) == 4 else (1900 + int(c) if int(c) > 30 else 2000 + int(c))
    if not 1820 <= y <= 2099:
        return None
    first = day_first if day_first is not None else (True if mark == "." else None)
    readings = []
    if _valid(y, z, x):
        readings.append((_full(y, z, x), z, x, True))
    if _valid(y, x, z) and x != z:
        readings.append((_full(y, x, z), x, z, False))
    if not readings:
        return None
    if len(readings) == 1:
        e, m, d, _ = readings[0]
        return e, i + 5, "exact", (), y, m, d
    if first is None:
        e, m, d, _ = readings[0]
        return str(y), i + 5, "ambiguous", tuple(r[0] for r in readings), y, m, d
    e, m, d, _ = next(r for r in readings if r[3] == first)
    return e, i + 5, "exact", (), y, m, d


def _valid(y: int, m: int, d: int) -> bool:
    try:
        dt.date(y, m, d)
    except ValueError:
        return False
    return True


def _weekdays(tokens: Tokens, out: list[Dated], weekdays: Mapping[str, int]) -> None:
    """Weekdays: joined to the date they stand before, else dates of their own that a reference date settles."""
    by_first = {d.first: d for d in out}
    starts = sorted(by_first)
    covered: set[int] = set()
    for d in out:
        covered.update(range(d.first, d.behind))
    extra = []
    for i, w in enumerate(tokens.low):
        value = weekdays.get(w)
        if value is None or i in covered or (len(w) <= 3 and not tokens.word[i][0].isupper()):
            continue
        if (
            tokens.word[i].isascii()
            and not tokens.word[i][0].isupper()
            and w
            not in (
                "lundi",
                "mardi",
                "mercredi",
                "jeudi",
                "vendredi",
                "samedi",
                "dimanche",
                "lunes",
                "martes",
                "jueves",
                "viernes",
                "sabado",
                "domingo",
            )
        ):
            continue
        j = i + 1
        while j < len(tokens) and tokens.low[j] in (",", ".", "the", "le"):
            j += 1
        if j in by_first and by_first[j].day is not None:
            dated = by_first[j]
            dated.weekday = value
            if dated.year and dated.month and dated.day and "/" not in dated.edtf:
                actual = (
                    dt.date(dated.year, dated.month, dated.day).isoweekday()
                    if _valid(dated.year, dated.month, dated.day)
                    else value
                )
                if actual != value:
                    dated.conflict = f"{tokens.word[i]} is not the weekday of {dated.edtf}"
            continue
        if len(w) > 4 or not w.isascii():
            extra.append(Dated(tokens.start[i], tokens.end[i], "", "weekday", i, i + 1, weekday=value))
    del starts
    out.extend(extra)
    out.sort(key=lambda d: d.start)


def settle(dated: Dated, reference: dt.date | None) -> None:
    """Give a weekday or a date without its year the nearest day not after the reference date."""
    if dated.rule == "weekday":
        if reference is None or dated.weekday is None:
            return
        back = (reference.isoweekday() - dated.weekday) % 7
        dated.edtf = (reference - dt.timedelta(days=back)).isoformat()
        dated.standing = "inferred"
        return
    if dated.year is None and dated.edtf.startswith("XXXX-") and reference is not None and dated.month and dated.day:
        for year in (reference.year, reference.year - 1):
            if _valid(year, dated.month, dated.day) and dt.date(
                year, dated.month, dated.day
            ) <= reference + dt.timedelta(days=2):
                dated.edtf = dated.edtf.replace("XXXX", str(year))
                dated.year = year
                dated.standing = "inferred"
                return


_BEFORE_RELEASED = re.compile(
    r"(?:released|issued|distributed|published|posted|shared|made public|uploaded|provided|obtained|handed out|received|made available|aired|broadcast|supplied|tweeted|опубликован\w*|обнародован\w*|veröffentlicht\w*|diffusée?)(?:\s+(?:by|to|from|on)\b[^.;()]{0,110}?)?[,\s]*(?:\s+on)?(?:\s+\w+day,?)?\s*\Z",
    re.I,
)
_BEFORE_ISSUED = re.compile(
    r"(?:\(\s*issued(?:\s+on)?|issue date:|date posted:|date published:|reissued|дата публикации:|posted at|posted on|published:)\s*(?:\w+day,?)?\s*\Z",
    re.I,
)
_BEFORE_TAKEN = re.compile(
    r"(?:taken|photographed|picture date:|pictured|date taken:|event date:|date shot:|shot|captured|дата события:|снимок сделан\w*|date\s?:|taken by [^.;]{3,60}|fotografiert|aufgenommen(?: am)?|recorded|seen)\s*(?:\s+(?:on|in|в|у|le))?\s*(?:\w+day,?)?\s*\Z",
    re.I,
)
_BEFORE_FILE = re.compile(
    r"(?:file (?:photo|picture|image)(?: dated)?|dated|file photo taken(?: on)?|library (?:photo|picture) dated)\s*:?\s*(?:\w+day,?)?\s*\Z",
    re.I,
)
_BEFORE_OTHER = re.compile(
    r"(?:\b(?:since|until|till|by|from|after|before|between|through|during|ahead of|due(?: back)? on|began(?: on)?|beginning|begins|started(?: on)?|starting|opened(?: on)?|created on|ended(?: on)?|elections? (?:on|of|in)|attacks? (?:of|on)|anniversary of|called? (?:on)?|scheduled for|planned for|expected (?:on|in)|founded in|built in|born (?:on|in)|died (?:on|in)|killed (?:on|in)|of|в ночь на|с|до|graduates?|raised in|fell in|presented in|back in|set for|for|seit|bis|depuis|desde|closed in|blast of|blaze of|moved up|"
    r"lost in|held in|as of|set up in|dated back to|which|when|who [a-z ]{3,30}|won|joined|formed in|destroyed in|sold in|launched in|signed(?: on)?|announced(?: on)?|handed (?:over )?in|handed over by|reported(?: on)?)\s*(?:the\s+|early\s+|late\s+|on\s+|the end of\s+|in\s+)?)\Z",
    re.I,
)


def weigh(text: str, tokens: Tokens, dates: list[Dated], body_end: int, first_sentence_end: int) -> None:
    """Give each date its role and how likely it is that the picture was taken then."""
    for d in dates:
        before = text[max(0, d.start - 150) : d.start]
        weight = {
            "month-day-year": 5.0,
            "day-month-year": 5.0,
            "numeric": 4.5,
            "month-day": 4.0,
            "day-month": 4.0,
            "year-day-month": 5.0,
            "month-day-range": 4.5,
            "day-range-month": 4.5,
            "month-year": 3.5,
            "season-year": 3.0,
            "weekday": 1.8,
            "circa": 3.0,
            "decade": 2.0,
            "year-range": 2.0,
            "year": 0.8,
        }[d.rule]
        if d.start > first_sentence_end:
            weight -= 1.3
        if _BEFORE_ISSUED.search(before):
            d.role = "issued"
            weight -= 3
        elif _BEFORE_RELEASED.search(before):
            d.role = "released"
            weight -= 2
        elif _BEFORE_FILE.search(before):
            d.role = "file"
            weight += 2
        elif _BEFORE_TAKEN.search(before):
            weight += 3
        elif _BEFORE_OTHER.search(before):
            weight -= 2.5
        tail = before.rstrip()
        if re.search(r"\b(?:on|am|le|el)\s*\Z", before) and d.day:
            weight += 0.7
        if re.search(r"(?:,|[A-ZА-Я][\w’'.]+)\s*(?:\w+day,?\s*)?\Z", tail) and d.day and d.role == "taken":
            weight += 0.6
        if d.rule == "year":
            # a bare year is a date only where it ends a phrase: ", 2025." or "(2006)"
            after = text[d.end : d.end + 2]
            if (
                (
                    re.search(r"(?:[,(]\s*|\bearly\s|\blate\s|\bmid-?)\Z", before)
                    and (not after.strip() or after[0] in ".,);\n")
                )
                or before.strip() == ""
                or re.search(r"[.!?\n]\s*\Z", before)
            ):
                weight += 1.2
            if d.start > first_sentence_end:
                weight -= 1
            if re.search(r"\b(?:in|of|the|by)\s+\Z", before):
                weight -= 0.6
        if d.start >= body_end:
            weight -= 3
        d.weight = weight
