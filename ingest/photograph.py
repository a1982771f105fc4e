"""One picture, paragraph or item to its Photo: the straight line, without the disk. Pure."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import NamedTuple

from archive.edtf import is_full_day
from archive.records import Photo, Sighting, SourceText, Span, Statement
from ingest import agreement
from ingest.captions import interpret
from ingest.embedded import Embedded
from ingest.instructions import limits
from ingest.manifests import Item
from ingest.reconcile import reconcile
from ingest.tagvalues import moment


class Stages(NamedTuple):
    """What each stage of the line made of one photo; `cutline explain` prints it."""

    #: The tags' statements as precedence left them, credits read, their location put together.
    tagged: tuple[Statement, ...]
    #: The caption's.
    said: tuple[Statement, ...]
    photo: Photo


def caption_identity(caption: str) -> str:
    """The identity of a caption without its picture: its words, however they are spaced."""
    return hashlib.sha256(" ".join(caption.split()).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def from_picture(embedded: Embedded, sidecar: Sequence[SourceText], sighting: Sighting,
                 reference: dt.date | None = None) -> Stages | None:  # fmt: skip
    """A picture's Photo, None where it carries no caption. `reference` settles dates that its tags do not."""
    texts = (*sidecar, *embedded.texts)
    found = reconcile(texts)
    if found.caption is None or not texts[found.caption].text.strip():
        return None
    photo = Photo(embedded.identity, "picture", sighting, texts, (), found.conflicts, found.caption,
                  embedded.format, embedded.width, embedded.height)  # fmt: skip
    return _read(photo, found.statements, reference)


def from_paragraph(caption: str, sighting: Sighting, reference: dt.date | None = None) -> Stages:
    """The Photo of a caption that came in running text."""
    photo = Photo(caption_identity(caption), "caption", sighting, (SourceText("caption", caption),), caption=0)
    return _read(photo, (), reference)


def from_item(item: Item, sighting: Sighting, reference: dt.date | None = None) -> Stages:
    """The Photo of one item of a delivery, its fields beside its caption."""
    positions: dict[str, int] = {}
    texts = [SourceText("caption", _storable(item.caption), lang=item.lang or None)]
    stated = []
    for field in item.fields:
        position = positions.get(field.source, 0)
        positions[field.source] = position + 1
        if field.property:
            stated.append(_field(field.property, field.source, _storable(field.text), len(texts)))
        texts.append(SourceText(field.source, _storable(field.text), position))
    if item.reference_date:
        reference = _day(item.reference_date) or reference
    photo = Photo(caption_identity(texts[0].text), "caption", sighting, tuple(texts), caption=0)
    return _read(photo, tuple(stated), reference)


def reread(photo: Photo, reference: dt.date | None = None) -> Stages:
    """A photo that the archive holds, read again from its texts by the grammar of today."""
    texts = photo.texts
    if photo.kind == "picture":
        found = reconcile(texts)
        return _read(_with(photo, found.caption), found.statements, reference)
    from ingest.manifests import property_of

    stated = []
    for index, text in enumerate(texts):
        prop = property_of(text.source.partition(":")[2]) if index != photo.caption else None
        if prop:
            stated.append(_field(prop, text.source, text.text, index))
    return _read(photo, tuple(stated), reference)


def _with(photo: Photo, caption: int | None) -> Photo:
    return Photo(photo.identity, photo.kind, photo.sighting, photo.texts, (), (), caption, photo.format, photo.width,
                 photo.height)  # fmt: skip


def _read(photo: Photo, tags: tuple[Statement, ...], reference: dt.date | None) -> Stages:
    tagged = tags
    if tags:
        tagged = agreement.credits(tags, photo.texts)
        if where := agreement.location(tagged):
            tagged = (*tagged, where)
        taken = next((s.value for s in tagged if s.property == "date_created" and s.rank == 0), "")
        if is_full_day(taken):
            reference = dt.date.fromisoformat(taken)
    said: tuple[Statement, ...] = ()
    if photo.caption is not None:
        text = photo.texts[photo.caption]
        said = interpret(text.text, reference).statements(text.source, photo.caption)
    conflicts = agreement.conflicts(said, tagged, photo.conflicts) if tagged else ()
    tagged += limits(tagged, photo.texts, said, photo.caption)
    whole = Photo(photo.identity, photo.kind, photo.sighting, photo.texts, said + tagged, conflicts, photo.caption,
                  photo.format, photo.width, photo.height)  # fmt: skip
    return Stages(tagged, said, whole)


def _field(prop: str, source: str, text: str, index: int) -> Statement:
    """What a delivery's field says, as a statement; a date that is none stays as it was written, unsure."""
    value, role = " ".join(text.split()), None
    if prop == "date_created":
        day = moment(text)
        real = day is not None and day.exists
        value, role = day.date if day and real else value, "taken"
        if not real:
            return Statement(prop, value, text, source, "field", "unknown", index, Span(0, len(text)), None, role, 1)
    return Statement(prop, value, text, source, "field", "exact", index, Span(0, len(text)), None, role)


def _storable(text: str) -> str:
    """JSON may hold half a surrogate pair, UTF-8 may not: one sign for each, so that no character moves."""
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        return None
