"""What a caption's wording says of the picture besides: flags, restrictions with their dates, numbers, the remainder."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from functools import lru_cache

from archive.records import Span
from ingest.captions.credit_rules import Credit
from ingest.captions.dates import find_dates
from ingest.captions.findings import Marked
from ingest.captions.lexicon import authorities
from ingest.captions.notes_to_editors import SHOUTED
from ingest.captions.tokens import Tokens, any_of

#: Each flag with its pattern and the signs, in small letters, of which a text that the pattern finds has one: looking
#: for those costs a fiftieth.
_FLAGS: tuple[tuple[str, re.Pattern[str], tuple[str, ...]], ...] = (
    ("file", re.compile(
        r"\A(?:\s|<p>|\*)*(?:FILE(?:\s+(?:PHOTO|PICTURE|IMAGE))?\b\s*[-–—:.]|File (?:photo|picture|image)\b|FILES?\s[-–—:]|(?:epa\w+\s+)*\(FILES?\)"
        r"|Archive photo\b|Library (?:photo|picture)|\*\*\s*FILE\s*\*\*)|(?-i:/ \(FILES\))|Архивное фото|Архівне фото|Archivbild|Archivfoto|из архива|з архіву"
        r"|photo d[’']archives?|Foto d[’']archivio|\bfile photo\b", re.I), ("file", "archiv", "library", "архив", "архів")),
    ("pool", re.compile(r"/\s?POOL\b|\bPOOL\s?/"), ("pool",)),
    ("handout", re.compile(
        r"\bhand-?out\b|\b(?:provided|supplied|released|issued|distributed|submitted|contributed|made available|handed out"
        r"|furnished)(?:\s+on\s++[\w.,\s]{3,24}(?<!\s))?\s+by\b|\bprovided to\b|\breleased from\b|\bIMAGE (?:HAS BEEN|WAS) (?:SUPPLIED|PROVIDED)"
        r"|предоставлен|распростран[её]нн|надан[оеа]\b", re.I), (
            "hand", "provided", "supplied", "released", "issued", "distributed", "submitted", "contributed", "made available",
            "furnished", "предоставлен", "распростран", "надан")),
    ("undated", re.compile(r"\bundated\b|\bdate (?:unknown|not given)\b|\bwithout date\b", re.I), (
        "undated", "date unknown", "date not given", "without date")),
    ("courtesy", re.compile(
        r"\bcourtesy\s+(?:of|photo|image|picture)\b|\b(?:photo|image|picture)s?\s+courtesy\b|mit freundlicher Genehmigung",
        re.I), ("courtesy", "genehmigung")),
)
#: EPA's number, a VIRIN (DoDI 5040.02), PTI's and Shutterstock's numbers.
_NUMBERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("epa", re.compile(r"\bepa\d{7,9}\b")),
    ("virin", re.compile(r"\b\d{6}-[A-Z]-[A-Z]{2}\d{3}-\d{3,4}[A-Z]?\b")),
    ("pti", re.compile(r"\bPTI\d\d_\d\d_\d{4}_\d{6}[A-Z]\b")),
    ("shutterstock", re.compile(r"(?<=\()\d{7,9}[a-z]{1,2}(?=\))")),
)
#: Every such number has six figures in a row.
_SIX_FIGURES = re.compile(r"\d\d{5}")
_DAYS = re.compile(r"\b(?:within|after|more than)\s+(\d{1,3})\s+days\b", re.I)
#: A term of any number of days; the phrases of the authority file know the usual numbers.
_HAND_OUT = re.compile(r"\bhand[\s-]+out\b")
_TERM = re.compile(r"\b(?:for use|(?:must|may only|can only|to) be used|not for use|no use)\s+(?:within|after)\s+"
                   r"\d{1,3}\s+days\b", re.I)
_MARKS = re.compile(r"[\s.,;:()\[\]{}\"“”«»'’|/*=+_–—-]+")


def flags(text: str, credits: Sequence[Credit]) -> dict[str, Marked]:
    """What the wording says: file, handout, undated, courtesy, pool. Each with the characters that say it."""
    found = {f.value: f for c in credits for f in c.flags if f.value}
    low = text.lower()
    for flag, pattern, signs in _FLAGS:
        if flag not in found and any_of(signs, low) and (m := pattern.search(text)):
            found[flag] = Marked(Span(*m.span()), flag, "wording")
    return found


@lru_cache(maxsize=1)
def _restrictions() -> dict[str, list[tuple[int, str, str]]]:
    """A word → the phrases that have it, in small letters, each behind its rank (longest first) and before its kind.

    The word is what a text is searched for before the phrases are: ` out` of all that end in it, else the first one.
    """
    rows = {(n.lower(), str(e.extra.get("restriction", e.id)))
            for e in authorities().entries("credit_terms") if e.entry_kind == "restriction" for n in e.names}
    found: dict[str, list[tuple[int, str, str]]] = {}
    for rank, (phrase, kind) in enumerate(sorted(rows, key=lambda row: (-len(row[0]), row))):
        word = " out" if phrase.endswith(" out") else phrase.split(" ")[0]
        found.setdefault(word, []).append((rank, phrase, kind))
    return found


@lru_cache(maxsize=1)
def _shouted_restrictions() -> list[tuple[str, list[tuple[int, str, str]]]]:
    """The same with the words in capitals."""
    return [(word.upper(), rows) for word, rows in _restrictions().items()]


def restrictions(text: str, start: int, taken: dt.date | None) -> tuple[Marked, ...]:
    """What the instructions behind the credit forbid, each once, with the day it ends where one is printed.

    `start` is where instructions begin; a head such as `EMBARGOED UNTIL ...` counts wherever it stands in capitals.
    """
    if start == len(text) and not SHOUTED.search(text):
        return ()
    low = small(text)
    out: list[Marked] = []
    covered = [m.span() for m in _HAND_OUT.finditer(low)] if "hand" in low else []  # no country is out
    if start == len(text):  # then they count in capitals only
        possible = [row for word, rows in _shouted_restrictions() if word in text for row in rows]
    else:
        possible = [row for word, rows in _restrictions().items() if word in low for row in rows]
    for _, phrase, kind in sorted(possible):
        at = whole(low, phrase)
        if at < 0 or any(a <= at < b for a, b in covered) or any(m.value == kind for m in out):
            continue
        end = at + len(phrase)
        if at < start and not text[at:end].isupper():
            continue
        covered.append((at, end))
        out.append(Marked(Span(at, end), kind, "restriction", _until(text, at, end, kind, taken)))
    term = _TERM.search(text) if "days" in low else None
    if term and not any(m.value == "expiry" for m in out) and (term.start() >= start or term[0].isupper()):
        out.append(Marked(Span(*term.span()), "expiry", "restriction", _until(text, *term.span(), "expiry", taken)))
    return tuple(sorted(out, key=lambda m: m.span))


def small(text: str) -> str:
    """In small letters, unless a letter's small form is longer: that would shift every span."""
    low = text.lower()
    return low if len(low) == len(text) else text


def whole(text: str, phrase: str, at: int = 0) -> int:
    """Where a phrase stands by itself from `at` on, and not inside longer words; -1 where it does not."""
    at = text.find(phrase, at)
    while at >= 0:
        before, behind = text[at - 1 : at], text[at + len(phrase) : at + len(phrase) + 1]
        if not (before.isalnum() and phrase[0].isalnum()) and not (behind.isalnum() and phrase[-1].isalnum()):
            return at
        at = text.find(phrase, at + 1)
    return -1


def _until(text: str, at: int, behind: int, kind: str, taken: dt.date | None) -> str | None:
    """The day an embargo or a licence ends, in EDTF: a date printed behind it, or so many days from the picture's."""
    days = _DAYS.search(text, at, behind + 60) if kind == "expiry" else None
    if days and taken is not None:
        return (taken + dt.timedelta(days=int(days[1]))).isoformat()
    if kind in ("embargo", "expiry"):
        dates = [d for d in find_dates(Tokens(text[behind : behind + 60])) if d.year and d.day and d.edtf]
        return dates[0].edtf if dates else None
    return None


def numbers(text: str) -> tuple[Marked, ...]:
    """The numbers that agencies print in captions, each with its kind."""
    if not _SIX_FIGURES.search(text):
        return ()
    found = [Marked(Span(*m.span()), kind, "number") for kind, pattern in _NUMBERS for m in pattern.finditer(text)]
    return tuple(sorted(found, key=lambda m: m.span))


def remainder(text: str, credits: Sequence[Credit], start: int, read: Sequence[Marked]) -> tuple[Span, ...]:
    """What stands behind the credit and no rule covered: nothing is dropped in silence."""
    if not credits:
        return ()
    at = credits[-1].end
    out: list[Span] = []
    for a, b in (*sorted(m.span for m in read if m.span.start >= at), (len(text), len(text))):
        stretch = text[at:a]
        lead = _MARKS.match(stretch)
        begin = at + (lead.end() if lead else 0)
        finish = a
        while finish > begin and _MARKS.fullmatch(text[finish - 1]):
            finish -= 1
        if finish - begin > 1 and begin < start:
            out.append(Span(begin, finish))
        at = max(at, b)
    return tuple(out)
