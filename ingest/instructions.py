"""What may be done with a picture, by the fields that are made for it: Instructions, Usage Terms, the IIM's dates.

An instruction that was not understood to its last word is a restriction too, `unread`: what it forbids is not known.
So is a line of a caption that speaks of an embargo, a term or an archive in words that the caption's grammar took for
text. Pure.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from archive.edtf import is_full_day
from archive.folding import fold
from archive.records import SourceText, Span, Statement
from ingest.captions.dates import find_dates
from ingest.captions.findings import Marked
from ingest.captions.lexicon import authorities, value_words, words
from ingest.captions.notes_to_editors import restriction_start
from ingest.captions.tokens import Tokens
from ingest.captions.wording import restrictions, small, whole
from ingest.tagvalues import moment

#: The properties whose text is an instruction, by whichever tag; a value that lost by precedence still forbids.
FIELDS = frozenset({"instructions", "usage_terms", "other_constraints"})
#: Captions that lost, and titles: what they shout holds, too.
_ALSO = frozenset({"description", "headline", "title"})
UNREAD = "unread"
#: Characters of an instruction that are read; no real one is longer, and what is behind them is not understood.
MOST = 6000
#: IIM 4.2: 2:30 the earliest day of use, 2:37 the last one.
_DATES = {"iim:2:30": "embargo", "iim:2:37": "expiry"}
#: Kinds that keep a picture back; their longer phrases are looked for in a caption's running text, too.
_KEEPING = frozenset({"embargo", "expiry", "no-archives"})
_QUOTED = re.compile(r"\s*(?::\s*)?[\"“«][^\"“”«»]*[\"”»]")
_WORD = re.compile(r"[^\W\d_]+(?:[/'’][^\W\d_]+)*")


def limits(tagged: Sequence[Statement], texts: Sequence[SourceText], said: Sequence[Statement],
           caption: int | None) -> tuple[Statement, ...]:  # fmt: skip
    """The restrictions of one photo beside those that its caption's reading has.

    In: the tags' statements, the photo's texts, the caption's statements, its index. Terms that count days count from
    the picture's own day. Raises nothing.
    """
    days = (s.value for s in (*tagged, *said) if s.property == "date_created" and s.rank == 0)
    day = next((value for value in days if is_full_day(value)), None)
    taken = dt.date.fromisoformat(day) if day else None
    out: list[Statement] = []
    seen = {texts[caption].text} if caption is not None else set()
    for s in tagged:
        if s.property in FIELDS and s.text is not None and s.span is not None and s.value not in seen:
            seen.add(s.value)
            out += [_statement(m, s.text, texts, s.span.start) for m in read(s.verbatim, taken)]
        elif s.property in _ALSO and s.text is not None and s.text != caption and s.value not in seen:
            seen.add(s.value)
            found = restrictions(s.verbatim[:MOST], restriction_start(s.verbatim[:MOST]), taken)
            out += [_statement(m, s.text, texts) for m in found if s.span == (0, len(s.verbatim))]
    for index, text in enumerate(texts):
        if text.source in _DATES and (limit := _dated(index, text, taken)):
            out.append(limit)
    if caption is not None:
        known = [s.span for s in said if s.property == "restriction" and s.span]
        out += [_statement(m, caption, texts) for m in _overlooked(texts[caption].text, known)]
    return tuple(out)


def _statement(m: Marked, index: int, texts: Sequence[SourceText], at: int = 0) -> Statement:
    span = Span(m.span.start + at, m.span.end + at)
    return Statement(
        "restriction", m.value, texts[index].text[span.start : span.end], texts[index].source, m.rule,
        "unknown" if m.value == UNREAD else "exact", index, span, detail={"until": m.until} if m.until else {},
    )  # fmt: skip


@lru_cache(maxsize=4096)
def read(text: str, taken: dt.date | None = None) -> tuple[Marked, ...]:
    """What an instruction forbids, each once, and `unread` where words of it are left.

    Cached: the pictures of one delivery repeat their instructions.
    """
    found = restrictions(text[:MOST], 0, taken)
    left = list(text[:MOST])
    for span in (*(m.span for m in found), *_spans(small(text[:MOST]))):
        left[span.start : span.end] = "|" * (span.end - span.start)
    for date in find_dates(Tokens("".join(left))):
        left[date.start : date.end] = "|" * (date.end - date.start)
    empty = words("caption_words", "instruction-filler") | value_words("weekday").keys()
    if len(text) <= MOST and all(fold(word) in empty for word in _WORD.findall("".join(left))):
        return found
    return (*found, Marked(Span(0, len(text)), UNREAD, "instruction"))


@lru_cache(maxsize=1)
def _phrases() -> tuple[tuple[str, str], ...]:
    """(phrase in small letters, kind) of everything that a credit or an instruction may say; longest first."""
    rows = {(name.lower(), str(e.extra.get("restriction", e.entry_kind)))
            for e in authorities().entries("credit_terms") if e.entry_kind not in ("post-nominal", "nobody", "label")
            for name in e.names}  # fmt: skip
    return tuple(sorted(rows, key=lambda row: (-len(row[0]), row)))


@lru_cache(maxsize=1)
def _keeping() -> tuple[str, ...]:
    return tuple(phrase for phrase, kind in _phrases() if kind in _KEEPING and " " in phrase)


def _spans(low: str) -> Iterator[Span]:
    for phrase, kind in _phrases():
        at = whole(low, phrase)
        while at >= 0:
            end = at + len(phrase)
            # Whom to credit stands in quotes behind it, and forbids nothing.
            credit = _QUOTED.match(low, end) if kind == "mandatory-credit" else None
            yield Span(at, credit.end() if credit else end)
            at = whole(low, phrase, end)


def _overlooked(text: str, known: Sequence[Span]) -> Iterator[Marked]:
    """The first phrase that keeps a picture back and that the grammar did not take for one, however it is written."""
    low = small(text[:MOST])
    for phrase in _keeping():
        if (at := whole(low, phrase)) >= 0:
            span = Span(at, at + len(phrase))
            if not any(k.start < span.end and span.start < k.end for k in known):
                yield Marked(span, UNREAD, "instruction")
                return


def _dated(index: int, text: SourceText, taken: dt.date | None) -> Statement | None:
    """An IIM date of release or expiry; a release on the picture's own day or before says nothing."""
    kind, day = _DATES[text.source], moment(text.text)
    until = day.date if day and day.exists else None
    if kind == "embargo" and until and taken and until <= taken.isoformat():
        return None
    if not text.text.strip("0 "):
        return None  # an empty date, as some programs write it
    return Statement("restriction", kind, text.text, text.source, "iim-date", "exact" if until else "unknown", index,
                     Span(0, len(text.text)), detail={"until": until} if until else {})  # fmt: skip
