"""A caption in a terminal, with what was found marked under it, and a table of the values. Text in, text out."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ingest.captions import Reading

#: One accent a field, the same everywhere (ANSI colour numbers).
COLOURS = {"unit": 33, "location": 36, "date": 35, "photographer": 32, "agency": 34, "pool": 34, "flag": 90,
           "restriction": 31}  # fmt: skip
_NARROWEST = 60
_LABEL, _VALUE, _ABOUT = 14, 30, 34


class Marking(NamedTuple):
    """A stretch of a caption and the field it belongs to."""

    start: int
    end: int
    field: str


class Line(NamedTuple):
    """One found value: the field, the value, what is known of it, how sure it is, which rule."""

    field: str
    value: str
    about: str
    standing: str
    rule: str


def drawn(reading: Reading, width: int, colour: bool) -> str:
    """The caption with its marks, wrapped to `width` columns, and the table; the table alone where it is narrow."""
    parts = []
    if width >= _NARROWEST:
        parts.append("\n".join(_marked(reading.caption, _markings(reading), width - 4, colour)))
    rows = _lines(reading)
    parts.append(_table(rows, colour) if rows else "  Nothing was found in it.")
    return "\n" + "\n\n".join(parts) + "\n"


def _markings(reading: Reading) -> list[Marking]:
    found = [Marking(u.span.start, u.span.end, "unit") for u in reading.units]
    found += [Marking(p.span.start, p.span.end, "location") for p in reading.locations]
    found += [Marking(d.span.start, d.span.end, "date") for d in reading.dates]
    found += [Marking(p.span.start, p.span.end, "photographer") for p in reading.photographers]
    found += [Marking(a.span.start, a.span.end, "agency") for a in reading.agencies]
    if reading.pool:
        found.append(Marking(reading.pool.span.start, reading.pool.span.end, "pool"))
    found += [Marking(f.span.start, f.span.end, "flag") for f in reading.flags]
    found += [Marking(r.span.start, r.span.end, "restriction") for r in reading.restrictions]
    kept: list[Marking] = []
    for marking in sorted(found):
        # What lies inside a stretch that is marked already (a date inside a location) keeps to the table.
        if not kept or marking.start >= kept[-1].end:
            kept.append(marking)
    return kept


def _wrapped(caption: str, width: int) -> list[tuple[int, int]]:
    """Stretches of the caption that fit a line each, broken at spaces; measured in columns."""
    lines, start, space, used, at = [], 0, -1, 0, 0
    while at < len(caption):
        c = caption[at]
        if c == "\n":
            lines.append((start, at))
            start, space, used = at + 1, -1, 0
        else:
            if c.isspace():
                space = at
            used += columns(c)
            if used > width:
                end = space if space > start else at
                lines.append((start, end))
                start = end + 1 if end == space else end
                used = sum(map(columns, caption[start : at + 1]))
                space = -1
        at += 1
    lines.append((start, len(caption)))
    return lines


def columns(char: str) -> int:
    """How many columns of a terminal a character takes."""
    if char.isascii():
        return 1
    if unicodedata.combining(char) or unicodedata.category(char) in ("Cf", "Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def safe(text: str) -> str:
    """Text that cannot steer a terminal: control characters and direction marks as one visible sign."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else " " if c.isspace() else "\ufffd" for c in text)


def _marked(caption: str, markings: Sequence[Marking], width: int, colour: bool) -> Iterable[str]:
    for start, end in _wrapped(caption, width):
        yield "  " + _coloured(caption, start, end, markings, colour)
        labels = _labels(caption, start, end, markings, colour)
        if labels.strip():
            yield "  " + labels


def _coloured(caption: str, start: int, end: int, markings: Sequence[Marking], colour: bool) -> str:
    if not colour:
        return safe(caption[start:end])
    out, at = "", start
    for m in markings:
        a, b = max(m.start, start), min(m.end, end)
        if a < b:
            out += safe(caption[at:a]) + _in(safe(caption[a:b]), m.field, colour)
            at = b
    return out + safe(caption[at:end])


def _labels(caption: str, start: int, end: int, markings: Sequence[Marking], colour: bool) -> str:
    out, used = "", 0
    for m in markings:
        a, b = max(m.start, start), min(m.end, end)
        if a >= b:
            continue
        left = sum(map(columns, safe(caption[start:a])))
        room = max(sum(map(columns, safe(caption[a:b]))), 1)
        if left < used:
            continue
        bracket = _bracket(m.field, room)
        out += " " * (left - used) + _in(bracket, m.field, colour)
        used = left + room
    return out


def _bracket(label: str, room: int) -> str:
    """`╰── unit ──╯` of exactly `room` columns; without its name where that does not fit."""
    if room < 3:
        return "╵" * room
    inner = room - 2
    if inner >= len(label) + 2:
        label = f" {label} "
    elif inner < len(label):
        label = ""
    return "╰" + label.center(inner, "─") + "╯"


def _in(text: str, field: str, colour: bool) -> str:
    return f"\x1b[{COLOURS[field]}m{text}\x1b[0m" if colour else text


def _lines(reading: Reading) -> list[Line]:
    rows = []
    for u in reading.units:
        about = " · ".join(filter(None, [u.nation, u.arm, u.echelon, f"within {u.within}" if u.within else None]))
        rows.append(Line("unit", u.name, about, u.standing, u.rule))
    for p in reading.locations:
        text = reading.caption[p.span.start : p.span.end]
        at = _position(p.latitude, p.longitude)
        rows.append(Line("location", text, " · ".join(filter(None, [p.country, at])), p.standing, p.rule))
    for d in reading.dates:
        rows.append(Line(f"date {d.role}", d.edtf, d.conflict or _weekday(d.edtf), d.standing, d.rule))
    for person in reading.photographers:
        rows.append(Line("photographer", person.name, "", person.standing, person.rule))
    if reading.agencies:
        chain = reading.agencies
        rows.append(
            Line("agency", " → ".join(a.name for a in chain), " → ".join(a.role for a in chain),
                 chain[0].standing, ", ".join(dict.fromkeys(a.rule for a in chain)))
        )  # fmt: skip
    if reading.pool:
        rows.append(Line("pool", reading.pool.value, "", "exact", reading.pool.rule))
    rows += [Line("flag", f.value, "", "exact", f.rule) for f in reading.flags]
    rows += [Line("restriction", r.value, f"until {r.until}" if r.until else "", "exact", r.rule)
             for r in reading.restrictions]  # fmt: skip
    rows += [Line("id", reading.caption[i.span.start : i.span.end], i.value, "exact", i.rule) for i in reading.ids]
    rows += [Line("not read", reading.caption[s.start : s.end], "", "", "") for s in reading.remainder]
    return rows


def _position(latitude: float | None, longitude: float | None) -> str:
    if latitude is None or longitude is None:
        return ""
    return f"{abs(latitude):.1f} {'N' if latitude >= 0 else 'S'} {abs(longitude):.1f} {'E' if longitude >= 0 else 'W'}"


def _weekday(edtf: str) -> str:
    try:
        return dt.date.fromisoformat(edtf).strftime("%A") if len(edtf) == 10 else ""
    except ValueError:
        return ""


def _table(rows: Sequence[Line], colour: bool) -> str:
    value = min(max([_VALUE, *(len(r.value) + 2 for r in rows)]), 48)
    about = min(max([10, *(len(r.about) + 2 for r in rows)]), _ABOUT)
    out = []
    for r in rows:
        shown = f"[{r.value}]" if r.standing == "inferred" else r.value
        cells = [padded(r.field, _LABEL), padded(safe(shown), value), padded(r.about, about), padded(r.standing, 10)]
        cells[0] = _in(cells[0], r.field.split()[0], colour and r.field.split()[0] in COLOURS)
        out.append(("  " + "".join(cells) + r.rule).rstrip())
    return "\n".join(out)


def padded(text: str, width: int) -> str:
    """Text in at least `width` columns, and at least one space behind it."""
    return text + " " * max(1, width - sum(map(columns, text)))
