"""Pictures by month or year, as bars that can be clicked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

WIDTH, HEIGHT = 240, 56
#: More months than this are shown as years.
_MOST_MONTHS = 48
#: Years from one picture to the next, at most as many as this are drawn.
_LONGEST_GAP = 4
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
    most: int


def _places(numbers: list[int], by_month: bool) -> dict[int, int]:
    """Which slot each month or year stands in. Of a long gap between years only so much is shown that it is seen."""
    places, at, before = {}, 0, numbers[0]
    for n in numbers:
        gap = n - before
        at += gap if by_month else min(gap, _LONGEST_GAP)
        places[n], before = at, n
    return places


def timeline(months: Mapping[str, int]) -> Timeline | None:
    """Counts by month (`2025-04`; a year alone, `2025`, counts where years are shown) → bars. None for nothing.

    Months without a picture have no bar but keep their room, so that a gap is seen as one.
    """
    counts: dict[int, int] = {}
    for month, photos in months.items():
        year, _, m = month.partition("-")
        if photos > 0 and year.isdigit() and m.isdigit() and 1 <= int(m) <= 12:
            counts[int(year) * 12 + int(m) - 1] = counts.get(int(year) * 12 + int(m) - 1, 0) + photos
    if not counts:
        return None
    low, high = min(counts), max(counts)
    by_month = high - low < _MOST_MONTHS
    if not by_month:
        years: dict[int, int] = {}
        for month_number, photos in counts.items():
            years[month_number // 12] = years.get(month_number // 12, 0) + photos
        counts, high = years, high // 12
    places = _places(sorted(counts), by_month)
    slots, most = max(places[high] + 1, 12), max(counts.values())
    step = WIDTH / slots

    def name(n: int) -> tuple[str, str]:
        return (f"{n // 12:04d}-{n % 12 + 1:02d}", f"{_MONTHS[n % 12]} {n // 12}") if by_month else (f"{n:04d}", str(n))

    bars = tuple(
        Bar(round(places[n] * step, 2), round(max(step - min(1.5, step * 0.2), 0.6), 2),
            round(max(3.0, HEIGHT * photos / most), 1), photos, *name(n))
        for n, photos in sorted(counts.items())
    )  # fmt: skip
    return Timeline(bars, bars[0].label, bars[-1].label, most)
