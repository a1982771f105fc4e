"""Photos → CSV, JSON, NDJSON, Atom, Parquet: streamed, so that a million take no more memory than a thousand.

Columns and keys are those of `archive.contract.FIELDS`, in that order. Each writer takes any iterable of photos
(`archive.search.every`) and gives pieces of text, each of some hundred photos.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import Any, TypeVar
from xml.sax.saxutils import escape, quoteattr

from archive.contract import FIELDS, NAMES, photo_object, values
from archive.errors import ArchiveError
from archive.newfile import whole_file
from archive.search import PhotoRow
from archive.stated import json_text

Row = TypeVar("Row", bound=tuple[Any, ...])

#: Photos in one piece of output.
AT_A_TIME = 500
TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json; charset=utf-8",
         "ndjson": "application/x-ndjson; charset=utf-8", "atom": "application/atom+xml; charset=utf-8"}  # fmt: skip
#: The cells of a plain row, in the order of FIELDS.
_cells = itemgetter(*(PhotoRow._fields.index(field.attribute) for field in FIELDS))
#: What makes a spreadsheet take a cell for a formula (OWASP, CSV injection), full-width forms too.
_FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
#: What XML 1.0 cannot hold.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _pieces(rows: Iterable[Row], size: int = AT_A_TIME) -> Iterator[list[Row]]:
    source = iter(rows)
    while piece := list(islice(source, size)):
        yield piece


def as_csv(photos: Iterable[PhotoRow], *, safe: bool = False) -> Iterator[str]:
    """RFC 4180, UTF-8, one header line, exact to the character.

    With `safe`, for spreadsheets: a cell that one would run as a formula gets an apostrophe before it, and the
    text begins with the mark by which spreadsheets know UTF-8. Numbers stay numbers.
    """
    return rows_as_csv(map(_as_stored, photos), safe=safe)


def rows_as_csv(rows: Iterable[tuple[Any, ...]], *, safe: bool = False) -> Iterator[str]:
    """The same of plain rows (`archive.search.every_row`), in three quarters of the time."""
    yield ("\ufeff" if safe else "") + _line(NAMES)
    for piece in _pieces(rows):
        if safe:
            yield "".join([_line(map(_disarmed, _cells(row))) for row in piece])
        else:
            yield "".join([_line(_cells(row)) for row in piece])


def _as_stored(photo: PhotoRow) -> tuple[Any, ...]:
    return photo._replace(flags=" ".join(photo.flags), restricted=int(photo.restricted))  # type: ignore[arg-type]


def _line(cells: Iterable[Any]) -> str:
    """What the csv module writes of a row, in half its time."""
    return ",".join(["" if c is None else _quoted(c) if type(c) is str else str(c) for c in cells]) + "\r\n"


def _quoted(text: str) -> str:
    if '"' in text:
        return '"' + text.replace('"', '""') + '"'
    return f'"{text}"' if "," in text or "\n" in text or "\r" in text else text


def _disarmed(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell


def as_ndjson(photos: Iterable[PhotoRow]) -> Iterator[str]:
    """One JSON object a line."""
    for piece in _pieces(photos):
        yield "".join([json_text(photo_object(photo)) + "\n" for photo in piece])


def as_json(photos: Iterable[PhotoRow]) -> Iterator[str]:
    """One JSON array, an object a line."""
    lead = "[\n"
    for piece in _pieces(photos):
        yield lead + ",\n".join([json_text(photo_object(photo)) for photo in piece])
        lead = ",\n"
    yield ("[" if lead == "[\n" else "\n") + "]\n"


def as_atom(photos: Iterable[PhotoRow], *, base: str, title: str, search: str) -> Iterator[str]:
    """An Atom feed (RFC 4287). `base` is the desk's address without a final slash, `search` the feed's own path."""
    first, updated = True, "1970-01-01T00:00:00Z"
    for piece in _pieces(photos):
        if first:
            updated = max((p.added for p in piece if p.added), default=updated)
            yield _feed_head(base, title, search, updated)
            first = False
        yield "".join(_entry(base, photo) for photo in piece)
    yield (_feed_head(base, title, search, updated) if first else "") + "</feed>\n"


def _feed_head(base: str, title: str, search: str, updated: str) -> str:
    here = quoteattr(_xml(base + search))
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
        f"<title>{_escaped(title)}</title>\n<id>{_escaped(base + search)}</id>\n<updated>{updated}</updated>\n"
        f'<link rel="self" type="application/atom+xml" href={here}/>\n<generator>cutline</generator>\n'
    )


def _entry(base: str, photo: PhotoRow) -> str:
    address = f"{base}/photo/{photo.identity}"
    when, where = photo.taken or "undated", photo.location or ""
    title = photo.headline or " · ".join(part for part in (when, where, photo.unit or "") if part)
    names = (photo.photographer or photo.agency or "unknown").split("; ")
    people = "".join(f"<author><name>{_escaped(name)}</name></author>" for name in names)
    picture = (
        f'<link rel="enclosure" type="image/jpeg" href="{_escaped(base)}/thumb/{photo.thumbnail}.jpg"/>\n'
        if photo.thumbnail else ""
    )  # fmt: skip
    return (
        f"<entry>\n<title>{_escaped(title)}</title>\n<id>urn:cutline:photo:{photo.identity}</id>\n"
        f"<updated>{photo.added or '1970-01-01T00:00:00Z'}</updated>\n"
        f"<link rel=\"alternate\" type=\"text/html\" href={quoteattr(_xml(address))}/>\n{picture}{people}\n"
        f"<summary>{_escaped(photo.caption or '')}</summary>\n</entry>\n"
    )


def _xml(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)


def _escaped(text: str) -> str:
    return escape(_xml(text), {'"': "&quot;"})


WRITERS: dict[str, Callable[[Iterable[PhotoRow]], Iterator[str]]] = {
    "csv": as_csv, "json": as_json, "ndjson": as_ndjson}  # fmt: skip


def write(path: Path, pieces: Iterable[str]) -> None:
    """Write a file whole or not at all: beside its place first, then moved there. Raises ArchiveError."""
    with whole_file(path, over=True) as fresh, fresh.open("w", encoding="utf-8", newline="") as file:
        file.writelines(pieces)


def write_parquet(path: Path, photos: Iterable[PhotoRow]) -> None:
    """Write a Parquet file, whole or not at all. Needs the extra `cutline[parquet]`; raises ArchiveError."""
    try:
        import pyarrow as arrow
        import pyarrow.parquet as parquet
    except ImportError:
        raise ArchiveError("Parquet needs pyarrow: pip install 'cutline[parquet]'.") from None
    types = {"string": arrow.string(), "number": arrow.float64(), "integer": arrow.int64(),
             "boolean": arrow.bool_(), "array": arrow.list_(arrow.string())}  # fmt: skip
    schema = arrow.schema([arrow.field(f.name, types[f.type], nullable=f.nullable) for f in FIELDS])

    with whole_file(path, over=True) as fresh, parquet.ParquetWriter(fresh, schema, compression="zstd") as writer:
        for piece in _pieces(photos, 20_000):
            columns = zip(*(values(photo) for photo in piece), strict=True)
            arrays = [arrow.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
            writer.write_table(arrow.Table.from_arrays(arrays, schema=schema))
