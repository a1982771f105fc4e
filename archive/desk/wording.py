"""Values in a reader's words: dates, standings, sources, properties."""

from __future__ import annotations

import datetime as dt
import functools
import re

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SEASONS = {"21": "spring", "22": "summer", "23": "autumn", "24": "winter"}
#: The order in which a photo's fields are read, and what a desk calls them; the accent each one has.
PROPERTIES = {
    "date_created": ("Date", "date"),
    "location_created": ("Location", "location"),
    "location_shown": ("Location shown", "location"),
    "unit": ("Unit", "unit"),
    "creator": ("Photographer", "photographer"),
    "agency": ("Agency", "agency"),
    "credit_line": ("Credit line", "agency"),
    "pool": ("Pool", "agency"),
    "flag": ("Flag", "other"),
    "restriction": ("Restriction", "other"),
    "headline": ("Headline", "other"),
    "keywords": ("Keywords", "other"),
    "job_id": ("Job id", "other"),
    "remainder": ("Not read", "remainder"),
}
#: Findings that are marked in a caption; a headline or description read from a tag is the whole text itself.
MARKED = frozenset(PROPERTIES) - {"headline", "keywords"}
STANDINGS = {
    "exact": "as an authority file or the grammar has it",
    "variant": "another known form of the name",
    "inferred": "settled by something outside these characters",
    "ambiguous": "several candidates, all kept",
    "unknown": "the form is understood, the name is in no authority file",
}


def label(name: str) -> str:
    """`date_created` is Date, `job_id` is Job id; any other name without its underscores."""
    known = PROPERTIES.get(name)
    return known[0] if known else name.replace("_", " ").capitalize()


def accent(name: str) -> str:
    """The accent of a property: unit, location, date, photographer, agency, other, remainder."""
    known = PROPERTIES.get(name)
    return known[1] if known else "other"


@functools.lru_cache(maxsize=1 << 14)
def in_words(edtf: str | None) -> str:
    """`2025-04-17` is 17 Apr 2025, `2012-22` summer 2012, `1941~` c. 1941; what is no date stays as it is.

    >>> in_words("2025-03-03/2025-03-07")
    '3–7 Mar 2025'
    """
    if not edtf:
        return ""
    first, slash, last = edtf.partition("/")
    if slash:
        return _range(first, last)
    return _one(first)


def _one(edtf: str) -> str:
    matched = re.fullmatch(r"(\d{4}|\d{3}X|\d{2}XX|XXXX)(?:-(\d\d))?(?:-(\d\d))?([~?%])?", edtf)
    if matched is None:
        return edtf
    year, month, day, doubt = matched.groups()
    if year == "XXXX":
        year = "(no year)"
    elif year.endswith("XX"):
        century = int(year[:2]) + 1
        ending = {1: "st", 2: "nd", 3: "rd"}.get(century % 10, "th") if century // 10 != 1 else "th"
        year = f"{century}{ending} century"
    elif year.endswith("X"):
        year = f"{year[:3]}0s"
    if month in _SEASONS:
        text = f"{_SEASONS[month]} {year}"
    elif month and 1 <= int(month) <= 12:
        text = f"{int(day)} {_MONTHS[int(month) - 1]} {year}" if day else f"{_MONTHS[int(month) - 1]} {year}"
    else:
        text = year
    return {"~": "c. ", "%": "c. ", "?": "perhaps "}.get(doubt or "", "") + text


def _range(first: str, last: str) -> str:
    """Said once what both ends share: 3–7 Mar 2025, 3 Mar – 2 Apr 2025."""
    a, b = first.split("-"), last.split("-")
    if len(a) == len(b) == 3 and a[:2] == b[:2] and a[2].isdigit():
        return f"{int(a[2])}–{_one(last)}"
    if a[0] == b[0] and len(a) > 1:
        return f"{_one(first).removesuffix(' ' + a[0])} – {_one(last)}"
    return f"{_one(first)} – {_one(last)}" if len(a) > 1 else f"{_one(first)}–{_one(last)}"


def weekday(edtf: str | None) -> str:
    """The weekday of a full date; nothing else has one."""
    try:
        return dt.date.fromisoformat(edtf or "").strftime("%A")
    except ValueError:
        return ""


def shown(text: str, standing: str | None) -> str:
    """As archivists write it: what is inferred stands in [square brackets]."""
    return f"[{text}]" if standing == "inferred" and text else text


def source_in_words(source: str) -> str:
    """`iim:2:120` is IIM Caption, `xmp:dc:description` XMP description, `exif:ImageDescription` Exif ..."""
    kind, _, rest = source.partition(":")
    if kind == "sidecar":
        return f"sidecar {source_in_words(rest)}"
    if kind == "iim":
        return f"IIM {_DATASETS.get(rest, rest)}"
    if kind == "xmp":
        return f"XMP {rest.rpartition(':')[2].partition('[')[0]}" if "/" not in rest else f"XMP {_path(rest)}"
    if kind == "exif":
        return f"Exif {rest}"
    return {"desk": "the desk", "caption": "caption"}.get(source, source)


def _path(rest: str) -> str:
    return " / ".join(part.rpartition(":")[2] for part in rest.split("/"))


#: IPTC-IIM 4.2, record 2.
_DATASETS = {
    "2:5": "Object Name", "2:15": "Category", "2:20": "Supplemental Category", "2:25": "Keywords",
    "2:30": "Release Date", "2:35": "Release Time", "2:40": "Special Instructions", "2:55": "Date Created",
    "2:60": "Time Created", "2:80": "By-line", "2:85": "By-line Title", "2:90": "City", "2:92": "Sublocation",
    "2:95": "Province/State", "2:100": "Country Code", "2:101": "Country", "2:103": "Transmission Reference",
    "2:105": "Headline", "2:110": "Credit", "2:115": "Source", "2:116": "Copyright", "2:120": "Caption",
    "2:122": "Writer",
}  # fmt: skip

#: Characters that show nothing and can turn, hide or join what stands around them.
_UNSEEN = {
    0x00AD: "soft hyphen", 0x061C: "Arabic letter mark", 0x200B: "zero-width space", 0x200C: "zero-width non-joiner",
    0x200D: "zero-width joiner", 0x200E: "left-to-right mark", 0x200F: "right-to-left mark",
    0x202A: "left-to-right embedding", 0x202B: "right-to-left embedding", 0x202C: "pop directional formatting",
    0x202D: "left-to-right override", 0x202E: "right-to-left override", 0x2060: "word joiner",
    0x2066: "left-to-right isolate", 0x2067: "right-to-left isolate", 0x2068: "first strong isolate",
    0x2069: "pop directional isolate", 0xFEFF: "byte order mark",
}  # fmt: skip


def unseen(character: str) -> str | None:
    """The name of a character that shows nothing and changes what is around it; None for all others."""
    number = ord(character)
    if (number < 32 and character not in "\t\n\r") or 127 <= number < 160:
        return f"control character U+{number:04X}"
    return _UNSEEN.get(number)
