"""Deliveries that list many pictures in one file: CSV, JSON lines, ninjs, NewsML-G2. One item at a time.

An item is a caption with the fields beside it, each under the name that the IPTC Photo Metadata Standard gives
the property. A column that stands for none of them is kept as text all the same. Sources: RFC 4180 for CSV;
IPTC ninjs 1.4 and 2.1; IPTC NewsML-G2 2.34 (`newsItem` with `contentMeta`).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any, NamedTuple

from archive.errors import RefusedFile
from ingest.sources import opened

#: Longest cell, line or caption that is read, in characters.
_LONGEST = 1_000_000
#: Largest JSON document that is not one object a line, in bytes.
_LARGEST_JSON = 256 << 20
#: What the columns of exports are called, by property; case, spaces, `-`, `_` and `/` do not count.
_COLUMNS = {
    "description": ("caption", "description", "captionabstract", "captiontext", "descriptiontext", "text"),
    "headline": ("headline",),
    "title": ("title", "objectname"),
    "creator": ("creator", "byline", "photographer", "author"),
    "credit_line": ("creditline", "credit"),
    "source": ("source",),
    "date_created": ("datecreated", "date", "datetaken", "taken", "contentcreated"),
    "sublocation": ("sublocation", "location", "venue"),
    "city": ("city",),
    "state": ("provincestate", "state", "province", "region"),
    "country": ("country", "countryname"),
    "country_code": ("countrycode",),
    "keyword": ("keyword", "keywords", "subject", "subjects", "tags"),
    "instructions": ("instructions", "specialinstructions", "ednote"),
    "copyright_notice": ("copyrightnotice", "copyright"),
    "usage_terms": ("usageterms", "rightsusageterms"),
    "job_id": ("jobid", "transmissionreference", "originaltransmissionreference"),
    "reference_date": ("referencedate",),
    "lang": ("lang", "language"),
}
_PROPERTY = {column: prop for prop, columns in _COLUMNS.items() for column in columns}
#: Not said of the picture: how the item is to be read.
_READING = frozenset({"reference_date", "lang"})


class Field(NamedTuple):
    """One value beside a caption. `property` is None for a column that stands for none we know."""

    property: str | None
    source: str
    text: str


class Item(NamedTuple):
    """One picture of a delivery. `number` counts from 1 in the file's order."""

    number: int
    caption: str
    fields: tuple[Field, ...] = ()
    #: ISO date against which weekdays are read, where the delivery gives one.
    reference_date: str | None = None
    lang: str | None = None
    #: What is wrong with it, instead of a caption.
    error: str | None = None


def items(path: str, kind: str) -> Iterator[Item]:
    """The items of a manifest, of `kind` csv, json or newsml. Raises RefusedFile where it is none, OSError."""
    with opened(path) as file:
        if kind == "csv":
            yield from _csv(path, file)
        elif kind == "json":
            yield from _json(path, file)
        else:
            yield from _newsml(path, file)


def property_of(column: str) -> str | None:
    """The IPTC property that a column's name stands for."""
    return _PROPERTY.get("".join(c for c in column.lower() if c not in " -_/"))


def _item(number: int, prefix: str, values: Iterable[tuple[str, str]]) -> Item:
    caption, fields, reading = "", [], {}
    for name, text in values:
        prop = property_of(name)
        if prop == "description" and not caption:
            caption = text
        elif prop in _READING:
            reading[prop] = text
        elif text.strip():
            fields.append(Field(prop, f"{prefix}:{name}", text))
    error = None if caption.strip() else "no caption"
    return Item(number, caption, tuple(fields), reading.get("reference_date"), reading.get("lang"), error)


def _csv(path: str, file: IO[bytes]) -> Iterator[Item]:
    head = file.read(65536)
    file.seek(0)
    if b"\0" in head:
        raise RefusedFile(path, "not-a-manifest", "It holds zero bytes, so it is no CSV in UTF-8 or Windows-1252.")
    text = io.TextIOWrapper(file, encoding=_charset(file), errors="replace", newline="")
    csv.field_size_limit(_LONGEST)
    rows = csv.reader(text, delimiter=_delimiter(path, head))
    try:
        header = next(rows, [])
        if "description" not in map(property_of, header):
            names = ", ".join(header[:12])
            raise RefusedFile(path, "no-caption", f"No column is called caption or description (there are: {names}).")
        columns = [(i, name.strip()) for i, name in enumerate(header) if name.strip()]
        # Names are looked up once, not for every row: a million rows have the same.
        caption = next(i for i, name in columns if property_of(name) == "description")
        plan = [(i, property_of(name), f"csv:{name}") for i, name in columns if i != caption]
        for number, row in enumerate(rows, 1):
            if not row:
                continue
            yield _row(number, row, caption, plan)
    except csv.Error as error:
        raise RefusedFile(path, "not-a-manifest", f"Line {rows.line_num} is no CSV: {error}.") from error


def _row(number: int, row: list[str], caption: int, plan: list[tuple[int, str | None, str]]) -> Item:
    said = row[caption] if caption < len(row) else ""
    fields, reading = [], {}
    for i, prop, source in plan:
        text = row[i] if i < len(row) else ""
        if prop in _READING:
            reading[prop] = text
        elif text and not text.isspace():
            fields.append(Field(prop, source, text))
    if not said.strip():
        return Item(number, "", error="no caption")
    return Item(number, said, tuple(fields), reading.get("reference_date"), reading.get("lang"))


def _charset(file: IO[bytes]) -> str:
    """UTF-8 where the whole file is, else Windows-1252, which is what spreadsheets write. Leaves it at the start."""
    import codecs

    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while block := file.read(1 << 20):
            decoder.decode(block)
        decoder.decode(b"", True)
    except UnicodeDecodeError:
        return "cp1252"
    else:
        return "utf-8-sig"
    finally:
        file.seek(0)


def _delimiter(path: str, head: bytes) -> str:
    line = head.split(b"\n", 1)[0]
    if path.lower().endswith(".tsv"):
        return "\t"
    return max(",;\t|", key=lambda mark: (line.count(mark.encode()), mark == ","))


def _json(path: str, file: IO[bytes]) -> Iterator[Item]:
    if _is_lines(file):
        for number, line in enumerate(file, 1):
            if line.strip():
                yield _object(number, _loaded(line))
        return
    if file.seek(0, io.SEEK_END) > _LARGEST_JSON:
        raise RefusedFile(path, "too-large", "More than 256 MiB of JSON in one document: give one object a line.")
    file.seek(0)
    found = _loaded(file.read())
    if isinstance(found, Exception):
        raise RefusedFile(path, "not-a-manifest", f"It is no JSON: {found}.")
    listed = found if isinstance(found, list) else found.get("items", [found]) if isinstance(found, dict) else None
    if not isinstance(listed, list):
        raise RefusedFile(path, "not-a-manifest", "Neither an object nor a list of objects.")
    for number, each in enumerate(listed, 1):
        yield _object(number, each)


def _is_lines(file: IO[bytes]) -> bool:
    """Whether the first line is a whole object by itself, and there is a second."""
    first = file.readline(_LONGEST)
    second = file.readline(64)
    file.seek(0)
    return bool(second.strip()) and isinstance(_loaded(first), dict)


def _loaded(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        return ValueError(str(error))


def _object(number: int, found: Any) -> Item:
    if isinstance(found, Exception):
        return Item(number, "", error=f"no JSON: {found}")
    if not isinstance(found, dict):
        return Item(number, "", error="no JSON object")
    return _item(number, "json", list(_values(found)))


def _values(found: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Names and texts of one object: plain JSON as it is, ninjs by its own words."""
    for name, value in found.items():
        match name, value:
            case _, str():
                yield {"description_caption": "caption", "description_text": "caption"}.get(name, name), value
            case "descriptions" | "headlines", list():
                yield from _roles(name, value)
            case "bylines" | "people", list():
                yield from (("byline", e["byline"]) for e in value if isinstance(e, dict) and _is_text(e, "byline"))
            case "infosources" | "infosource", list():
                yield from (("source", e["name"]) for e in value if isinstance(e, dict) and _is_text(e, "name"))
            case "places" | "place" | "subjects" | "subject", list():
                kind = "keywords" if name.startswith("subject") else name
                yield from ((kind, e["name"]) for e in value if isinstance(e, dict) and _is_text(e, "name"))
            case _, list():
                yield from ((name, e) for e in value if isinstance(e, str))
            case _, bool() | None | dict():
                pass
            case _:
                yield name, str(value)


def _roles(name: str, entries: list[Any]) -> Iterator[tuple[str, str]]:
    """ninjs 2: `descriptions` with a role each; the caption, else the first."""
    texts = [e for e in entries if isinstance(e, dict) and _is_text(e, "value")]
    texts.sort(key=lambda e: "caption" not in str(e.get("role", "")))
    for entry in texts[:1]:
        yield ("caption" if name == "descriptions" else "headline"), entry["value"]


def _is_text(entry: Mapping[str, Any], name: str) -> bool:
    return isinstance(entry.get(name), str)


def _newsml(path: str, file: IO[bytes]) -> Iterator[Item]:
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import iterparse

    number = 0
    try:
        for _, element in iterparse(file, events=("end",), forbid_dtd=True):
            if _local(element.tag) == "newsItem":
                number += 1
                yield _item(number, "newsml", list(_news_item(element)))
                element.clear()
    except ParseError as error:
        if number == 0:
            raise RefusedFile(path, "not-a-manifest", f"It is no well-formed XML: {error}.") from error
        yield Item(number + 1, "", error=f"no well-formed XML from here on: {error}")
    except DefusedXmlException as error:
        raise RefusedFile(path, "not-a-manifest", "XML with a document type or entities is not read.") from error
    if number == 0:
        raise RefusedFile(path, "not-a-manifest", "XML without a newsItem: only NewsML-G2 is read.")


def _local(tag: object) -> str:
    return str(tag).rpartition("}")[2]


_NEWSML = {
    "headline": "headline", "creditline": "creditline", "copyrightNotice": "copyrightnotice",
    "usageTerms": "usageterms", "edNote": "ednote", "contentCreated": "contentcreated", "keyword": "keywords",
}  # fmt: skip
_NAMED = {"creator": "creator", "infoSource": "source", "located": "located", "subject": "keywords"}


def _news_item(item: Any) -> Iterator[tuple[str, str]]:
    captions = [e for e in item.iter() if _local(e.tag) == "description"]
    captions.sort(key=lambda e: "caption" not in e.get("role", ""))
    for element in captions[:1]:
        yield "caption", "".join(element.itertext())
    for element in item.iter():
        tag = _local(element.tag)
        if tag in _NEWSML:
            yield _NEWSML[tag], "".join(element.itertext())
        elif tag in _NAMED:
            name = next((e for e in element if _local(e.tag) == "name"), None)
            text = "".join(name.itertext()) if name is not None else element.get("literal", "")
            yield _NAMED[tag], text
            if tag == "located":
                yield from _broader(element)


def _broader(located: Any) -> Iterator[tuple[str, str]]:
    """`located` names the place; `broader` with a type, the state or the country it lies in."""
    for element in located:
        kind = element.get("type", "")
        if _local(element.tag) == "broader":
            name = "".join(element.itertext()).strip()
            if kind.endswith("country"):
                yield "country", name
            elif kind.endswith("statprov"):
                yield "state", name
