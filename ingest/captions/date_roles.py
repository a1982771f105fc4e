"""What each date of a caption dates: the picture, its release, its issue, its filing, or another event of the story."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from archive.folding import fold
from ingest.captions.dates import Dated
from ingest.captions.lexicon import value_words
from ingest.captions.tokens import any_of

#: How likely a form is the picture's date, before its surroundings are read.
_FORMS = {"month-day-year": 5.0, "day-month-year": 5.0, "year-day-month": 5.0, "year-month-day": 5.0, "numeric": 4.5, "month-day-range": 4.5,
          "day-range-month": 4.5, "month-day": 4.0, "day-month": 4.0, "month-year": 3.5, "month-range": 3.5, "season-year": 3.0, "circa": 3.0,
          "decade": 2.0, "relative": 1.8, "year-range": 2.4, "month": 1.5, "weekday": 1.8, "year": 0.8}
_BEFORE = 150
#: A clause about something else, closed by a comma: `the plane that crashed in Example on June 12, 2025, flies ...`.
_CLAUSE = re.compile(r"\b(?:that|which|who)\s+[^,;.]{3,80}\Z")
#: What may stand between a phrase such as `taken` and its date, besides a weekday.
_SMALL = frozenset(("the", "early", "late", "on", "in", "am", "le", "в", "у"))
_WORD = re.compile(r"\w+")
_ON = re.compile(r"\b(?:on|am|le|el)\s*\Z")
#: No further than a word is long: a word is tried from each of its capitals.
_BEHIND_PLACE = re.compile(r"(?:,|[A-ZА-Я][\w’'.]{1,40})\s*(?:\w{1,9}day,?\s*)?\Z")
_TAKEN_BY = re.compile(r"taken by [^.;]{3,60}\Z")
#: Forms that tell both ends themselves, so that `from` before them opens no story.
_RANGES = frozenset(("year-range", "day-range-month", "month-day-range", "month-range"))
#: The last sentence, of names only: `Смоленская область, Рославль, 1941 год`.
_FRAGMENT = re.compile(r"[.!?]\s+(?:[A-ZА-ЯІЇЄ][\w’'-]*(?: (?:область|край|район|region))?,\s+){1,3}\Z")
_WHERE = re.compile(r"\b(?:где|когда|котор\w+|де|коли|wo|où|donde)\s+\Z")
#: `the 13 July attack`.
_EVENT_BEHIND = re.compile(r"\s(?:attacks?|bombings?|massacre|coup|earthquake|quake|referendum|elections?|invasion|explosion|blast)\b")
#: `In this Nov. 21, 2018, file photo`.
_FILE_BEHIND = re.compile(r",?\s+file (?:photo|picture|image)", re.I)
_DATELINE_CLOSE = re.compile(r"\s*\(?(?:Xinhua|Reuters|AFP|AP|TASS)\)\s*(?:--|-|–|—)|\s*\((?:Xinhua|Reuters)\)", re.I)


@lru_cache(maxsize=1)
def _phrases() -> dict[str, tuple[str, ...]]:
    return {role: tuple(value_words(f"role-{role}")) for role in ("released", "issued", "taken", "file", "story", "hours")}


@lru_cache(maxsize=1)
def _released() -> re.Pattern[str]:
    listed = "|".join(sorted(map(re.escape, _phrases()["released"]), key=len, reverse=True))
    return re.compile(rf"\b(?:{listed})(?:\s+(?:by|to|from|on)\b(?:[^.;()\d]|\d{{1,3}}(?:st|nd|rd|th)|\([a-z]{{2,8}}\)|(?:[a-z]\.){{2,4}}){{0,110}}?)?[,\s]*(?:\bon)?\Z")


@lru_cache(maxsize=1)
def _event() -> re.Pattern[str]:
    """What happened to somebody or something then, with a few words between: `died of disease on 20 July 1944`."""
    listed = "|".join(sorted(map(re.escape, value_words("role-event")), key=len, reverse=True))
    return re.compile(rf"\b(?:{listed})\b[^.,;\d]{{0,30}}\Z")


def _ends(role: str, near: str) -> bool:
    """Whether one of the role's phrases ends the text, as words of their own."""
    phrases = _phrases()[role]
    if not near.endswith(phrases):
        return False
    return any(near.endswith(p) and not _WORD.match(near[-len(p) - 1 : -len(p)]) for p in phrases)


def _without_weekday(before: str) -> str:
    """Folded text without the weekday, or the small word, and the commas that it ends in."""
    near = before.rstrip(", ")
    m = _WORD.match(near[::-1])
    word = near[-m.end() :] if m else ""
    if word in _SMALL or (len(word) > 3 and word.endswith("day")):
        return near[: -len(word)].rstrip(", ")
    return near


def weigh(text: str, dates: Sequence[Dated], body_end: int, first_sentence_end: int) -> None:
    """Give each date its role and how likely it is that the picture was taken then."""
    for d in dates:
        printed = text[max(0, d.start - _BEFORE) : d.start]
        before = fold(printed)
        near = _without_weekday(before)
        weight = _FORMS[d.rule] - (1.3 if d.start > first_sentence_end else 0.0)
        if _ends("issued", near):
            d.role = "issued"
            weight -= 3
        elif _ends("taken", near) or near.endswith("taken by") or (
            "taken by " in near and _TAKEN_BY.search(near)):
            weight += 3
        elif _ends("file", near):
            d.role = "file"
            weight += 2
        elif any_of(_phrases()["released"], near) and (said := _released().search(near)) and (
                " shows " not in said.group() and not _ends("taken", near[: said.start()].removesuffix(" and "))):
            d.role = "released"
            weight -= 2
        elif d.rule not in _RANGES and _ends("story", near) and not _ends("hours", near):
            weight -= 5.0 if near.endswith("since") else 2.5
        if _FILE_BEHIND.match(text, d.end):
            weight += 3
        if _event().search(before) or (d.day and _EVENT_BEHIND.match(text, d.end)):
            weight -= 5.0
        if _DATELINE_CLOSE.match(text, d.end):
            d.role = "filed"
            weight -= 4
        d.weight = weight + _surroundings(text, printed, d) - (3.0 if d.start >= body_end else 0.0)
        if d.rule == "year":
            fragment = _FRAGMENT.search(printed) is not None and not text[d.end : body_end].strip(" .")
            d.weight += 3.2 if fragment else _bare_year(text, printed, d) - (1.0 if d.start > first_sentence_end else 0.0)
            if not text[d.end : body_end].strip(" .,|([") and re.search(r"\b(?:in|en|im|em|w|в|у)\s+\Z", printed):
                d.weight += 2.0  # the caption's last words: `Ann Example in 2012. Photograph: ...`
        if _WHERE.search(printed):
            d.weight -= 3
        if d.day and text[d.end : d.end + 2] == ", " and _CLAUSE.search(printed):
            d.weight -= 1.5


def _surroundings(text: str, before: str, d: Dated) -> float:
    """A day behind `on`, or right behind a place's name, is the picture's more often than not."""
    weight = 0.0
    bare = before.rstrip()
    if d.day and bare.endswith(("on", "am", "le", "el")) and _ON.search(before):
        weight += 0.7
    if d.day and d.role == "taken" and _BEHIND_PLACE.search(" ".join(bare.rsplit(None, 2)[-2:])):
        weight += 0.6
    return weight


def _bare_year(text: str, before: str, d: Dated) -> float:
    """A bare year dates the picture only where it ends a phrase (`..., 2025.`, `(2006)`) or is a sentence of its own."""
    after = text[d.end : d.end + 2]
    closed = not after.strip() or after[0] in ".,);:\n|" or text[d.end - 1] == "."
    if before.endswith("(") and after.startswith(")"):
        return 3.2
    if re.search(r"(?:\A|[.!?\n][\"”]?\s*|\|\s*)\Z", before) and closed:
        return 3.2
    if before.strip() == "" or (closed and re.search(r"(?:[,;(]\s*|\bearly\s|\blate\s|\bmid-?)\Z", before)):
        return 1.2
    return -0.6 if re.search(r"\b(?:in|of|the|by)\s+\Z", before) else 0.0


def choose(dates: Sequence[Dated], is_file: bool, first_sentence_end: int) -> list[Dated]:
    """The date of the picture first, then those that say when it was released or issued; empty where none is sure.

    What follows the first sentence of a file picture is today's news, with today's dates.
    """
    for d in dates:
        if is_file and d.start > first_sentence_end and d.role == "taken":
            d.weight -= 4
    if not dates:
        return []
    with_year = {(d.month, d.day) for d in dates if d.year}
    for d in dates:
        if d.year is None and d.month and d.day and (d.month, d.day) in with_year:
            d.weight -= 2  # the same day stands elsewhere with its year
    best = max(dates, key=lambda d: (d.weight, -d.start))
    taken = [d for d in dates if d.role in ("taken", "file")]
    if best.role in ("released", "issued", "filed") and taken:
        top = max(taken, key=lambda d: (d.weight, -d.start))
        if top.weight > 1.0:
            best = top
    if best.start > first_sentence_end and not best.weekday:  # `on Thursday to mark ...` goes before a later sentence's day
        best = max((d for d in taken if d.rule == "weekday" and d.start <= first_sentence_end and d.weight > 1.0),
                   key=lambda d: d.weight, default=best)
    if best.weight < 0.9 and best.role not in ("released", "issued"):
        return []
    if best.role == "issued":
        best.role = "released"
    if is_file and best.role == "taken":
        best.role = "file"
    return [best, *(d for d in dates if d is not best and d.role in ("released", "issued", "filed"))]
