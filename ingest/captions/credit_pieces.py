"""A credit cut into its stretches at the separators between them."""

from __future__ import annotations

import re

from archive.folding import fold
from ingest.captions.credit_names import looks_like_organisation
from ingest.captions.lexicon import agency_named, opens_agency, terms, value_words, words
from ingest.captions.tokens import SPACES, SPACES_OR_NONE

#: Slashes before `via` are few, since each of them may be the first.
_SEPARATOR = re.compile(
    rf"(?=[\s/\\|,©;•.:—])(?:,?{SPACES}(?:now in|in|from) the collections? of (?:the\s+)?|,?[\s/]{{1,20}}(?P<via>(?i:via|through|через))\s+|{SPACES_OR_NONE}(?<!\bT)[/\\|]\s*"
    rf"|{SPACES_OR_NONE},\s+(?!Jr\b|Sr\b)|{SPACES}[-–—]{{1,2}}\s+|{SPACES_OR_NONE}(?P<c>©)\s*"
    rf"|{SPACES}(?P<for>for|FOR|для)\s+(?=[A-ZА-Я])|(?<=\w)—(?=[A-Z])|{SPACES_OR_NONE}[;•]\s*|(?<=\w)\s?\n\s*|(?P<stop>[.:]\s+(?=[^\W\d_a-zа-я])))"
)
_VIA_FIRST = re.compile(r"\s*(?:via|through|через)\s+", re.I)
_STOP = re.compile(rf"[/\\|,()]|{SPACES}(?:via|through|через)\s|\s[-–—]\s")
SURNAME_FIRST = re.compile(r"(?<=/ )([^\W\d_][\w'’-]+, [^\W\d_][\w'’.-]+(?: [^\W\d_][\w'’.-]*){0,2})(?=\s*(?:/|\Z))")
_SHORT_FORM = re.compile(r"(?:\b[^\W\d_]|\b[JS]r|Inc|Ltd|Co|Corp)\.\Z")

_DAY_MONTH = re.compile(r"\d{1,2}\.?\s+([^\W\d_]+)\.?(?:,?\s+\d{4})?|([^\W\d_]+)\.?\s+\d{1,2}(?:,?\s+\d{4})?")


def is_date(text: str) -> bool:
    """Whether a stretch is a day and a month: `8 Jun 1944`."""
    m = _DAY_MONTH.fullmatch(text)
    return m is not None and fold(m[1] or m[2]) in value_words("month")


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch without spaces and marks at its ends; a closing quote stays with its opening one."""
    while start < end and (text[start].isspace() or text[start] in "\"'“”‘’»:;,.-–—=+*|/" or (
            text[start] == "«" and "»" not in text[start:end])):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in "\"“”‘«»:;,-–—=+*|/"):
        if text[end - 1] in "»”\"" and any(q in text[start : end - 1] for q in "«“\""):
            break
        end -= 1
    if end > start and text[end - 1] == "." and not _SHORT_FORM.search(text[max(start, end - 6) : end]):
        end -= 1
    return start, end


def _parted_by_stop(head: str) -> bool:
    """Whether a full stop or a colon parts what follows: `РИА Новости. P`, `AP: P`, `Supplied: P`, `File: P`."""
    if head.endswith("St"):
        return False  # St. Louis Post-Dispatch
    return agency_named(head) is not None or fold(head) in terms("handout") or fold(head) in terms("file")


def split(text: str, start: int, end: int, before: str = "") -> list[tuple[int, int, str]]:
    """The credit's stretches between separators, each with the separator before it; `before` stands before the first."""
    out: list[tuple[int, int, str]] = []
    at = start
    opening = _VIA_FIRST.match(text, start, end)
    if opening:
        at, before = opening.end(), "via"
    surname_first = SURNAME_FIRST.search(text, start, end) if "/ " in text else None
    for sep in _SEPARATOR.finditer(text, start, end):
        if sep.start() < at or (surname_first and surname_first.start() <= sep.start() < surname_first.end()):
            continue
        if sep["stop"] and not _parted_by_stop(text[at : sep.start()]):
            continue
        mark = sep.group().strip().lower()
        if sep["via"]:
            head = text[at : sep.start()].rsplit(" ", 1)[-1].lower()
            if head in words("caption_words", "particle") and head != "san":
                continue  # a surname: Luca Dalla Via
            mark = "via"
        elif sep["for"]:
            ahead = text[at : sep.start()].strip()
            if not agency_named(ahead) and looks_like_organisation(ahead):
                continue  # Example Network for Human Rights
            mark = "for"
        elif not mark:
            mark = "\n"
        if mark in ("-", "–", ",", "|", "/") and opens_agency(text[at : sep.start()]):
            stop = _STOP.search(text, sep.end(), end)
            if agency_named(text[at : stop.start() if stop else end]):
                continue  # the separator stands inside a known name: "picture alliance / dpa" may be one
        if text[at : sep.start()].strip():
            out.append((at, sep.start(), before))
            before = mark
        else:
            before = mark if mark in ("via", "for") else before or mark
        at = sep.end()
    if text[at:end].strip():
        out.append((at, end, before))
    return out
