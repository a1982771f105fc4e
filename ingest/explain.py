"""What each stage of the line makes of one photograph, for a person to follow a value back to its bytes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from archive.errors import RefusedFile
from archive.records import SourceText, Statement
from archive.summary import summarise
from ingest import photograph, sources
from ingest.embedded import read
from ingest.reading import sidecar_texts
from ingest.terminal import padded, safe

_LONGEST = 160


def stages(path: str, reference: dt.date | None = None) -> Iterator[str]:
    """The lines to print, from bytes to the values that count. Raises RefusedFile."""
    embedded = read(path)
    beside = sidecar_texts(path)
    yield f"1  bytes → tags   {embedded.format}, {embedded.size:,} bytes, picture {embedded.identity}"
    yield from _texts((*beside, *embedded.texts))
    yield from (f"     note: {note}" for note in embedded.notes)
    found = photograph.from_picture(embedded, beside, sources.sighting(path), reference)
    if found is None:
        raise RefusedFile(path, "no-caption", "The picture carries no caption, in XMP, IPTC or Exif.")
    photo = found.photo
    assert photo.caption is not None
    caption = photo.texts[photo.caption]
    yield ""
    yield "2  tags → values by precedence (- lost)"
    yield from _statements(s for s in found.tagged if s.source != caption.source or s.property != "description")
    yield ""
    yield f"3  caption   from {caption.source}"
    yield f"     {safe(caption.text)}"
    yield ""
    yield "4  caption → findings"
    yield from _statements(found.said)
    yield ""
    yield "5  caption against tags"
    for conflict in photo.conflicts:
        yield f"     {conflict.property}: " + "  ≠  ".join(f"{safe(v)} ({source})" for source, v in conflict.values)
    if not photo.conflicts:
        yield "     They agree."
    yield ""
    yield "6  what counts"
    for name, value in summarise(photo.statements, photo.texts, photo.caption)._asdict().items():
        if value not in (None, (), ""):
            yield f"     {padded(name, 16)}{safe(_short(value))}"


def _short(value: object) -> str:
    text = str(value)
    if isinstance(value, tuple):
        named = hasattr(value, "_fields")
        text = str(value[1]) if named else "; ".join(str(v[1]) if isinstance(v, tuple) else str(v) for v in value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _texts(texts: Iterable[SourceText]) -> Iterator[str]:
    for text in texts:
        yield f"     {padded(text.source, 34)}{safe(_short(text.text))}"


def _statements(statements: Iterable[Statement]) -> Iterator[str]:
    for s in statements:
        where = f"{s.source} {s.span.start}–{s.span.end}" if s.span else s.source
        lost = "-" if s.rank else " "
        role = f" ({s.role})" if s.role else ""
        yield (
            f"   {lost} {padded(s.property + role, 26)}{padded(safe(_short(s.value)), 34)}"
            f"{padded(s.standing, 10)}{padded(s.rule, 24)}{where}"
        )
