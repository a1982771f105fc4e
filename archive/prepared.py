"""A photo made ready for the store: plain rows without numbers, made in a worker, cheap to send to the writer."""

from __future__ import annotations

import marshal
from collections.abc import Iterable
from typing import Any, NamedTuple

from archive.records import Photo, Refusal, Sighting
from archive.stated import Kept, json_text, keep
from archive.summary import AgencyValue, PlaceValue, Restriction, Summary, UnitValue, summarise

#: The columns of `Prepared.texts`.
TEXT = "source, position, lang, text, charset, declared, raw, notes"

#: What of a Summary is made of more than plain values; `marshal` knows no others. `region` follows `place`.
_PLACE, _UNITS, _AGENCIES, _RESTRICTIONS = map(Summary._fields.index, ("place", "units", "agencies", "restrictions"))


class Prepared(NamedTuple):
    """A photo as plain rows without numbers: made in a worker, cheap to send to the one that writes."""

    identity: str
    kind: str
    format: str | None
    width: int | None
    height: int | None
    caption: int | None
    #: path, item, sha256, size, mtime_ns, path_bytes.
    sighting: tuple[str, int, str | None, int | None, int | None, bytes | None]
    #: In the order of TEXT.
    texts: tuple[tuple[object, ...], ...]
    statements: tuple[Kept, ...]
    #: property, sources (JSON).
    conflicts: tuple[tuple[str, str], ...]
    summary: Summary


def prepare(photo: Photo) -> Prepared:
    """Everything about storing a photo that needs no database. Pure.

    A text that a file carries twice, letter by letter in the same tag, is one text: rows are known by what they say.
    """
    s = photo.sighting
    rows = [
        (t.source, t.position, t.lang, t.text, t.charset, int(t.declared), t.raw,
         " ".join(t.notes) if t.notes else None)
        for t in photo.texts
    ]  # fmt: skip
    kept = keep(photo.statements, photo.texts)
    caption = photo.caption
    if len(set(rows)) < len(rows):
        unique = list(dict.fromkeys(rows))
        at = [unique.index(row) for row in rows]
        kept = tuple([(None if k[0] is None else at[k[0]], *k[1:]) for k in kept])
        caption = None if caption is None else at[caption]
        rows = unique
    return Prepared(
        photo.identity, photo.kind, photo.format, photo.width, photo.height, caption,
        (s.path, s.item, s.sha256, s.size, s.mtime_ns, s.path_bytes),
        tuple(rows),
        kept,
        tuple([(c.property, json_text([list(pair) for pair in c.values])) for c in photo.conflicts]),
        summarise(photo.statements, photo.texts, photo.caption),
    )  # fmt: skip


class Mark(NamedTuple):
    """Where a file of many photos begins and ends among what is stored: until its end it counts as not yet read."""

    path: str
    begins: bool


Stored = Prepared | Refusal | Mark


def pack(stored: Iterable[Stored]) -> bytes:
    """Results of a worker as bytes: a fifth of what pickling them costs, which is most of what a worker costs."""
    out: list[tuple[object, ...]] = []
    for each in stored:
        if isinstance(each, Prepared):
            s: Any = list(each.summary)
            for at in (_PLACE, _PLACE + 1):
                s[at] = s[at] and tuple(s[at])
            for at in (_UNITS, _AGENCIES, _RESTRICTIONS):
                s[at] = [tuple(value) for value in s[at]]
            out.append((*each[:-1], s))
        elif isinstance(each, Refusal):
            seen = each.sighting
            out.append((seen.path, seen.item, seen.path_bytes, each.reason, each.message))
        else:
            out.append(tuple(each))
    return marshal.dumps(out)


def unpack(packed: bytes) -> list[Stored]:
    """What `pack` was given."""
    out: list[Stored] = []
    for row in marshal.loads(packed):
        if len(row) == len(Prepared._fields):
            s = row[-1]
            s[_PLACE] = s[_PLACE] and PlaceValue._make(s[_PLACE])
            s[_PLACE + 1] = s[_PLACE + 1] and PlaceValue._make(s[_PLACE + 1])
            s[_UNITS] = tuple([UnitValue._make(unit) for unit in s[_UNITS]])
            s[_AGENCIES] = tuple([AgencyValue._make(agency) for agency in s[_AGENCIES]])
            s[_RESTRICTIONS] = tuple([Restriction._make(restriction) for restriction in s[_RESTRICTIONS]])
            out.append(Prepared._make((*row[:-1], Summary._make(s))))
        elif len(row) == len(Mark._fields):
            out.append(Mark._make(row))
        else:
            path, item, path_bytes, reason, message = row
            out.append(Refusal(Sighting(path, item, path_bytes=path_bytes), reason, message))
    return out
