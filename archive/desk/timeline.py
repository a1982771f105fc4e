"""Pictures by month or year, as bars that can be clicked; the same links as a list, for keys and readers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from archive.desk.markup import Markup, number, text
from archive.desk.wording import in_words
from archive.edtf import interval
from archive.facets import FacetValue

WIDTH, HEIGHT = 240, 56
#: More months than this are shown as years.
_MOST_MONTHS = 48
#: Years from one picture to the next, at most as many as this are drawn.
_LONGEST_GAP = 4
#: Days that `days_around` shows before one day, and behind it.
REACH = 15
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Bar:
    """One month or year. `search` is the value of the `date:` it stands for."""

    x: float
    width: float
    height: float
    photos: int
    search: str
    label: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """The bars, left to right, and what stands at both ends."""

    bars: tuple[Bar, ...]
    first: str
    last: str
    #: Pictures that no bar has: their year is known, their month is not.
    rough: int


def _places(numbers: list[int], by_month: bool) -> dict[int, int]:
    """Which slot each month or year stands in. Of a long gap between years only so much is shown that it is seen."""
    places, at, before = {}, 0, numbers[0]
    for n in numbers:
        gap = n - before
        at += gap if by_month else min(gap, _LONGEST_GAP)
        places[n], before = at, n
    return places


def timeline(found: Mapping[str, Sequence[FacetValue]]) -> Timeline | None:
    """The facets `month` and `year` of a result → bars. None where nothing is dated.

    A year counts its months and what is known to the year only, so with bars by year every dated picture is in one.
    Months without a picture have no bar but keep their room, so that a gap is seen as one.
    """
    months = found.get("month", ())
    counts = {int(v.value): v.photos for v in found.get("year", ())}
    if not counts:
        return None
    by_month, rough = bool(months) and 12 * (max(counts) - min(counts)) < _MOST_MONTHS, 0
    if by_month:
        rough = sum(counts.values()) - sum(v.photos for v in months)
        counts = {12 * int(v.value[:4]) + int(v.value[5:7]) - 1: v.photos for v in months}
    places = _places(sorted(counts), by_month)
    slots, most = max(places[max(counts)] + 1, 12), max(counts.values())
    step = WIDTH / slots

    def name(n: int) -> tuple[str, str]:
        return (f"{n // 12:04d}-{n % 12 + 1:02d}", f"{_MONTHS[n % 12]} {n // 12}") if by_month else (f"{n:04d}", str(n))

    bars = tuple(
        Bar(round(places[n] * step, 2), round(max(step - min(1.5, step * 0.2), 0.6), 2),
            round(max(3.0, HEIGHT * photos / most), 1), photos, *name(n))
        for n, photos in sorted(counts.items())
    )  # fmt: skip
    return Timeline(bars, bars[0].label, bars[-1].label, rough)


def days_around(middle: dt.date, counts: Mapping[int, int]) -> Timeline | None:
    """Pictures by day (its ordinal), as bars, from some days before one day to as many after it."""
    first, most = middle.toordinal() - REACH, max(counts.values(), default=0)
    if not most:
        return None
    step = WIDTH / (2 * REACH + 1)
    bars = tuple(
        Bar(round((day - first) * step, 2), round(step - 1.5, 2), round(max(3.0, HEIGHT * counts[day] / most), 1),
            counts[day], dt.date.fromordinal(day).isoformat(), in_words(dt.date.fromordinal(day).isoformat()))
        for day in sorted(counts)
    )  # fmt: skip
    ends = [in_words(dt.date.fromordinal(day).isoformat()) for day in (first, first + 2 * REACH)]
    return Timeline(bars, ends[0], ends[1], 0)


def neighbours(edtf: str) -> list[tuple[str, str]]:
    """(sign, EDTF) of what stands around a day, month or year: before it, after it, around it ("" is any date).

    >>> neighbours("2025-04")
    [('← ', '2025-03'), ('→ ', '2025-05'), ('', '2025'), ('', '')]
    """
    try:
        days = interval(edtf) if len(edtf) in (4, 7, 10) and edtf.replace("-", "").isdigit() else None
        if days is None:
            return []
        before, after = (dt.date.fromordinal(day).isoformat()[: len(edtf)] for day in (days.first - 1, days.last + 1))
    except (ValueError, OverflowError):  # nothing is before the year 1
        return []
    around = [("", edtf[:shorter]) for shorter in (7, 4, 0) if shorter < len(edtf)]
    return [("← ", before), ("→ ", after), *around]


def bars(line: Timeline, links: Sequence[str], *, chosen: frozenset[str] = frozenset(), css: str = "") -> Markup:
    """The bars drawn, and as a list. `links` are addresses in their quotes, one a bar; `chosen` are `Bar.search`."""
    drawn, lines = [], []
    for bar, href in zip(line.bars, links, strict=True):
        css_on, current = (' class="on"', ' class="on" aria-current="true"') if bar.search in chosen else ("", "")
        drawn.append(
            f'<a href={href} tabindex="-1"{css_on}><title>{bar.label}: {number(bar.photos)}</title>'
            f'<rect class="hit" x="{bar.x}" width="{bar.width}" height="57"/>'
            f'<rect class="bar" x="{bar.x}" width="{bar.width}" y="{HEIGHT - bar.height}" height="{bar.height}"/></a>\n'
        )
        lines.append(f'<li><a href={href} data-term="date:{bar.search}"{current}>{text(bar.label)}</a>'
                     f"<i>{number(bar.photos)}</i></li>")  # fmt: skip
    last = text(line.last) if line.last != line.first else ""
    shown = (
        f'<svg class="hist {css}" viewBox="0 0 {WIDTH} {HEIGHT + 1}" preserveAspectRatio="none" aria-hidden="true">'
        f'<line x1="0" x2="{WIDTH}" y1="{HEIGHT + 0.5}" y2="{HEIGHT + 0.5}"/>\n{"".join(drawn)}</svg>'
        f'<p class="ends small soft" aria-hidden="true"><span>{text(line.first)}</span><span>{last}</span></p>'
    )
    if line.rough:
        shown += f'<p class="small soft">{number(line.rough)} more known by the year only</p>'
    shown += f'<details><summary class="small soft">as a list</summary><ul>{"".join(reversed(lines))}</ul></details>'
    return Markup(shown)
