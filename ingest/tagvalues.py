"""What the text of a tag means: a moment, a position on the globe. Texts in, values out, nothing guessed."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from archive import edtf

#: ISO 8601 as XMP part 1, 8.2.1.1 has it, and the spellings that are met instead: Exif's colons, IIM's plain digits.
_MOMENT = re.compile(
    r"\s*(\d{4})(?:([-:/.]?)(\d\d)(?:\2(\d\d)(?:[T ]\s*(\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d+))?)?)?)?)?"
    r"\s*(Z|[+-]\d\d:?\d\d)?"
)
#: IIM 2:60 and 2:63: HHMMSS±HHMM; seconds and zone are often missing.
_IIM_TIME = re.compile(r"\s*(\d\d):?(\d\d):?(\d\d)?\s*(Z|[+-]\d\d:?\d\d)?")
_ZONE = re.compile(r"\s*(Z|[+-]\d\d:?\d\d)\s*\Z")
_RATIO = re.compile(r"(-?\d+)(?:/(-?\d+))?\Z|(-?\d+\.\d*)\Z")
#: XMP part 2, 3.3 GPSCoordinate: DDD,MM,SSk or DDD,MM.mmk.
_COORDINATE = re.compile(r"\s*(\d{1,3}),(\d{1,2}(?:\.\d+)?)(?:,(\d{1,2}(?:\.\d+)?))?\s*([NSEW])\s*\Z", re.IGNORECASE)


class Moment(NamedTuple):
    """A date of a tag, as precise as the tag is, and its time of day where it has one."""

    #: YYYY, YYYY-MM or YYYY-MM-DD as printed, which need not be a day that exists.
    date: str
    #: HH:MM or HH:MM:SS.
    time: str | None = None
    #: Digits behind the second's point.
    fraction: str | None = None
    #: Z or ±HH:MM.
    zone: str | None = None

    @property
    def exists(self) -> bool:
        """Whether the calendar has it."""
        return _exists(self.date)

    @property
    def iso(self) -> str:
        """As ISO 8601, without the fraction."""
        return self.date + (f"T{self.time}{self.zone or ''}" if self.time else "")


@lru_cache(maxsize=4096)
def _exists(day: str) -> bool:
    return edtf.interval(day) is not None


def _zone(text: str | None) -> str | None:
    if not text or text == "Z":
        return text
    return text if ":" in text else f"{text[:3]}:{text[3:]}"


@lru_cache(maxsize=1024)
def moment(text: str) -> Moment | None:
    """The date (and time) that a tag's text begins with; None where there is none, or only zeros.

    A month or day of `00` is one that is not known: `19250000` is the year 1925, not its first of January.
    """
    found = _MOMENT.match(text)
    if found is None or found[1] == "0000":
        return None
    year, _, month, day, hour, minute, second, fraction, zone = found.groups()
    if not month or month == "00":
        return Moment(year)
    if not day or day == "00":
        return Moment(f"{year}-{month}")
    if hour is None or int(hour) > 24 or int(minute) > 59:
        return Moment(f"{year}-{month}-{day}")
    time = f"{hour}:{minute}" + (f":{second}" if second else "")
    return Moment(f"{year}-{month}-{day}", time, fraction, _zone(zone))


def with_time(day: Moment, text: str) -> Moment:
    """An IIM date together with its time dataset; the date alone where that is no time."""
    found = _IIM_TIME.match(text)
    if found is None or len(day.date) < 10 or int(found[1]) > 24 or int(found[2]) > 59:
        return day
    return day._replace(time=f"{found[1]}:{found[2]}:{found[3] or '00'}", zone=_zone(found[4]))


def with_exif(local: Moment, fraction: str | None, offset: str | None) -> Moment:
    """An Exif date together with its SubSecTime and OffsetTime tags (Exif 2.32, 4.6.5)."""
    if local.time is None:
        return local
    if fraction and fraction.strip().isdigit():
        local = local._replace(fraction=fraction.strip())
    if offset and (found := _ZONE.match(offset)):
        local = local._replace(zone=_zone(found[1]))
    return local


def _ratio(text: str) -> float | None:
    found = _RATIO.match(text)
    if found is None:
        return None
    if found[3]:
        return float(found[3])
    below = int(found[2] or 1)
    return int(found[1]) / below if below else None


def degrees(value: str, hemisphere: str | None) -> float | None:
    """Decimal degrees of Exif's `d/1 m/1 s/100` with its hemisphere tag; None without it, or off the globe.

    A position without its hemisphere is no position: half of the world's are somewhere else.
    """
    side = (hemisphere or "").strip()[:1].upper()
    if side not in ("N", "S", "E", "W") or not side:
        return None
    parts = [_ratio(part) for part in value.split()]
    if not parts or parts[0] is None:
        return None
    # A rational of x/0 is how Exif writes "not given"; minutes and seconds may be, degrees may not.
    total = parts[0] + sum((p or 0.0) / scale for p, scale in zip(parts[1:], (60, 3600), strict=False))
    if not 0 <= abs(total) <= (90 if side in "NS" else 180):
        return None
    return -total if side in "SW" else total


def coordinate(text: str) -> float | None:
    """Decimal degrees of XMP's `50,27.5N`; None where it is none."""
    found = _COORDINATE.match(text)
    if found is None:
        return None
    total = int(found[1]) + float(found[2]) / 60 + float(found[3] or 0) / 3600
    side = found[4].upper()
    if total > (90 if side in "NS" else 180):
        return None
    return -total if side in "SW" else total
