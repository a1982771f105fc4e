"""Where in a caption its credits stand: in brackets, behind a label, after the last sentence, on a line of their own."""

from __future__ import annotations

import re
from functools import lru_cache

from ingest.captions.credit import Credit, read_credit_parts
from ingest.captions.lexicon import agency_named, is_rank, terms

_RESTRICTION = re.compile(
    r"(?:[-–—=+*/\s(]{0,6})(?:ATTENTION EDITORS|(?:THIS|THE) (?:IMAGE|PICTURE|PHOTO|VIDEO|HANDOUT)S? (?:HAS|WAS|HAVE|IS|MUST|MAY)"
    r"|NO (?:RE-?SALES?|ARCHIVES?|SALES?|COMMERCIAL|MARKETING|USE|THIRD|ACCESS|NEW USE|ARCHIV)|MANDATORY CREDIT|EDITORIAL USE ONLY"
    r"|HANDOUT EDITORIAL|RESTRICTED TO|NOT FOR (?:MARKETING|USE|SALE|RELEASE)|FOR EDITORIAL USE|FOR USE WITHIN|RESTRICTIONS:"
    r"|NOTE TO (?:DESKS|EDITORS)|All rights reserved|[A-Z][A-Z ]{2,20} OUT\b[.,]|EMBARGOED|DISTRIBUTED AS A SERVICE|PHOTO NOT FOR SALE"
    r"|BEST QUALITY AVAILABLE|FOR THE PRINT MEDIA|EDITORS'? NOTE|\(?EDITOR'?S NOTE|HANDOUT - )"
)
_BRACKET = re.compile(r"[(\[]\s*(?P<in>[^()\[\]]*(?:[(\[][^()\[\]]*[)\]][^()\[\]]*)*?)\s*[)\]]")
_SENTENCE = re.compile(r"[.!?…][\"”'’»]?\s+(?=[\"“«(©]?[^\W\d_a-zа-яії])|\n+\s*")
_BOUNDARY = re.compile(
    r"[.!?…:][\"”'’»)]*(?:\s+|(?=[A-ZА-ЯІЇЄ]))|\n+\s*|\)\s*|\s[-–—]{1,2}\s+|[»”\"]\s+|;\s+|,\s+(?=REUTERS|AFP|AP\b)"
)
_AFTER_BRACKET = re.compile(
    r"(?:[\s.,;:=*+/-]|\([^()]*\)|\[[^\[\]]*\]|==?\s?Kyodo|File\s?#|\d{6}-[A-Z]-[A-Z]{2}\d{3}-\d+\w*|[A-Z]{1,3}\d{2}[\d_A-Z]+)*\Z"
)


@lru_cache(maxsize=1)
def _label() -> re.Pattern[str]:
    names = sorted({re.escape(n).replace(r"\ ", r"\s+") for n in terms("label")}, key=len, reverse=True)
    return re.compile(
        r"(?<![\w’'])(?:(?P<name>"
        + "|".join(names)
        + r")(?:(?P<by>\s+(?:taken\s+)?by\b|\s+courtesy\s+(?:of\b)?|\s+supplied\b|\s+mit freundlicher Genehmigung(?: des| der| von)?|\s+предоставлено|\s+надан[еао]|\s+из архива|\s+credit(?: should read)?)?"
        r"\s*(?P<mark>:|\||/|\.\.\.|…|[-–—])?\s*(?:by\b\s*:?)?)|(?P<c>©|\(c\)))\s*",
        re.IGNORECASE,
    )


def _is_abbreviation(text: str, dot: int) -> bool:
    """Whether the full stop at `dot` belongs to an initial, a rank or a short form."""
    word = re.search(r"[^\s.(/]*(?:\.[^\s.(/]+)*\Z", text[max(0, dot - 20) : dot])
    if not word or not word.group():
        return False
    token = word.group()
    return (
        (len(token) == 1 and token.isalpha())
        or "." in token
        or is_rank(token + ".")
        or token in ("St", "Jr", "Sr", "Dr", "No", "Inc")
    )


def _stretch_end(text: str, at: int, cut: int) -> int:
    """Where an unbracketed credit that starts at `at` can end at most."""
    for stop in _SENTENCE.finditer(text, at, cut):
        if text[stop.start()] == "." and _is_abbreviation(text, stop.start()):
            continue
        if stop.start() <= at:
            continue
        return stop.start()
    bar = re.compile(r"\s\|\s(?=\S+(?:\s+\S+){4})").search(text, at, cut)
    if bar:
        return bar.start()
    return cut


def restriction_start(text: str) -> int:
    """Where restrictions and instructions to editors begin at the caption's end; its length if nowhere."""
    for m in _RESTRICTION.finditer(text):
        if m.start() < len(text) * 0.25 and m.start() < 40:
            continue
        rest = text[m.start() :]
        letters = [c for c in rest if c.isalpha()]
        if letters and (
            sum(c.isupper() for c in letters) > 0.6 * len(letters) or "rights" in m.group() or "(PHOTO" in m.group()
        ):
            return m.start()
        if "(PHOTO NOT" in m.group():
            continue
    return len(text)


def find_credits(text: str) -> list[Credit]:
    """All credits of a caption, in the order they are printed. The last one is the credit line."""
    cut = restriction_start(text)
    found: list[Credit] = []

    def take(credit: Credit) -> None:
        for other in found:
            if credit.start < other.end and other.start < credit.end:
                if credit.weight > other.weight or (credit.start < other.start and credit.weight >= other.weight):
                    found.remove(other)
                    break
                return
        found.append(credit)

    # brackets
    for m in _BRACKET.finditer(text):
        a, b = m.span("in")
        inner = text[a:b]
        if a >= cut or len(inner) < 2:
            continue
        after = text[m.end() : cut]
        if re.match(r"\s*(?:--|–|—)\s", after) and not re.search("photo", inner, re.I):
            continue  # a dateline: "URUMQI, Sept. 22 (Xinhua) --"
        at_end = bool(_AFTER_BRACKET.match(after))
        credit = read_credit_parts(text, a, b, labelled=bool(_label().match(inner)))
        if _good(credit, text) and (at_end or (credit.weight >= 4 and (credit.slash or credit.via or credit.people))):
            credit.weight += 2
            take(credit)
    # labels
    for m in _label().finditer(text, 0, cut):
        if m["name"] and not m["mark"] and not m["by"]:
            name = m["name"].lower()
            if not (
                name in ("фото", "foto", "photo", "fot.", "pic")
                and text[m.end() : m.end() + 1].isupper()
                and (
                    m.start() == 0 or text[m.start() - 2 : m.start() - 1] in ".!?)»”\n|" or text[m.start() - 1] in "\n"
                )
            ):
                continue
        if m["by"] and not m["mark"] and m["name"][0].islower() and re.search(r"\w\s\Z", text[: m.start()]):
            continue  # "this photo by" in the middle of a sentence
        if m.end() >= cut:
            continue
        end = _stretch_end(text, m.end(), cut)
        credit = read_credit_parts(text, m.end(), end, labelled=True)
        low = m.group().lower()
        if "courtesy" in low or "genehmigung" in low:
            from archive.records import Span
            from ingest.captions.findings import Marked

            credit.flags.append(Marked(Span(*m.span()), "courtesy", "courtesy"))
        if "supplied" in low or "предоставлено" in low or "надан" in low:
            from archive.records import Span
            from ingest.captions.findings import Marked

            credit.flags.append(Marked(Span(*m.span()), "handout", "handout"))
        if "архива" in low:
            from archive.records import Span
            from ingest.captions.findings import Marked

            credit.flags.append(Marked(Span(*m.span()), "file", "file"))
        credit.weight += 3
        credit.start = m.start()
        if (
            (credit.people or credit.agencies or credit.pool or credit.flags)
            and credit.weight > 2
            and not credit.unread
        ):
            take(credit)
    # after the last sentence
    bounds = [b.end() for b in _BOUNDARY.finditer(text, 0, cut)]
    best: Credit | None = None
    tried = 0
    for at in reversed([0, *bounds]):
        if at >= cut or len(text) - at > 260:
            if at < cut:
                break
            continue
        tried += 1
        if tried > 9:
            break
        piece = text[at:cut].strip()
        if not piece:
            continue
        if any(c.start <= at < c.end or at <= c.start < cut for c in found):
            continue
        credit = read_credit_parts(text, at, cut)
        if credit.unread or not _good(credit, text):
            if best:
                break
            continue
        if not (credit.known or credit.via or (credit.flags and len(piece) < 30)):
            continue
        best = credit
    if best:
        take(best)
    # on the first line
    line = text.find("\n")
    if 0 < line < 90 and not any(c.start < line for c in found):
        credit = read_credit_parts(text, 0, line)
        if not credit.unread and credit.known and (credit.people or credit.slash):
            take(credit)
    # a wire's own form anywhere late: "... Action Images via Reuters/P"
    return sorted(found, key=lambda c: c.start)


def _good(credit: Credit, text: str) -> bool:
    if credit.unread:
        return False
    if not (credit.people or credit.agencies or credit.pool or any(f.value for f in credit.flags)):
        return False
    if credit.known or credit.via or credit.labelled or credit.pool:
        return True
    if credit.slash and credit.agencies and credit.people:
        return True
    return credit.weight >= 2.0


__all__ = ["agency_named", "find_credits", "restriction_start"]
