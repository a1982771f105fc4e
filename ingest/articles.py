"""Running text to the captions in it: a paragraph is a caption because of what it says, not where it stands.

    caption paragraph = a credit in caption form
                      | a sentence in the present tense that ends in a place phrase and its full date ;
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from archive.records import Span
from ingest.captions import Reading, interpret

_PARAGRAPH = re.compile(r"[^\n]+(?:\n(?!\s*\n)[^\n]+)*")
#: A line of its own, or the head of a paragraph, that dates the article: `date 2025-04-26`, `Published: 2025-04-26`.
_HEADER_DATE = re.compile(
    r"\A\s*(?:(?:date|published|updated|datum|дата)\s*(?::\s*)?)?(\d{4}-\d\d-\d\d)\b[\s:,-]*", re.I
)
#: The caption's own form: "... in PLACE, on DATE." with nothing behind it but a credit.
_ENDS_IN_DATE = re.compile(r"[\s.,)\]\"”’]*\Z")


@dataclass(frozen=True, slots=True)
class Article:
    """The captions of one article, as stretches of its text, and the date it was published."""

    date: dt.date | None
    captions: tuple[Span, ...]


def _is_caption(text: str, reading: Reading) -> bool:
    """Whether a paragraph is a caption: it carries a credit, or ends in the place and day of a picture."""
    credit = reading.credit_line
    if credit is not None and (reading.agencies or reading.photographers or reading.pool):
        return True
    if not (reading.locations and reading.dates):
        return False
    place, date = reading.locations[0], reading.dates[0]
    if date.rule not in ("month-day-year", "day-month-year", "numeric") or date.role != "taken":
        return False
    near = text[min(place.span.end, date.span.end) : max(place.span.start, date.span.start)]
    last = max(place.span.end, date.span.end)
    return len(near) < 30 and _ENDS_IN_DATE.fullmatch(text[last:]) is not None


def captions(text: str) -> Article:
    """Find the captions in running text, and the article's own date. Raises nothing.

    >>> captions("The talks failed.\\n\\nA ferry burns off Chios, Greece, May 2, 2024. Ann Example/AP").captions
    (Span(start=19, end=74),)
    """
    date: dt.date | None = None
    found: list[Span] = []
    for paragraph in _PARAGRAPH.finditer(text):
        start, end = paragraph.span()
        header = _HEADER_DATE.match(text, start, end)
        if header and date is None:
            try:
                date = dt.date.fromisoformat(header[1])
            except ValueError:
                pass
            else:
                start = header.end()
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if end - start < 20:
            continue
        piece = text[start:end]
        if _is_caption(piece, interpret(piece, date)):
            found.append(Span(start, end))
    return Article(date, tuple(found))
