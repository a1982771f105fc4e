"""Where in a caption its credits stand.

    place = "(" credit ")" at the end | label credit | last sentence "." credit | credit line-break caption ;

    "... in Goris, Armenia. (AP Photo/Ann Example)"            in brackets
    "Photograph: Ann Example/PA"                                behind a label
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from functools import lru_cache

from archive.folding import fold
from archive.records import Span
from ingest.captions.credit import read_credit_parts
from ingest.captions.credit_names import looks_like_organisation, looks_like_person, name_start
from ingest.captions.credit_neighbours import (
    name_below,
    take_in_capitals,
    take_in_line_above,
    take_in_owner,
    take_in_publisher,
)
from ingest.captions.credit_rules import Credit
from ingest.captions.findings import Marked
from ingest.captions.lexicon import agency_named, is_rank, labels, opens_agency, terms
from ingest.captions.notes_to_editors import phrases_of
from ingest.captions.tokens import SPACES, SPACES_OR_NONE, Tokens, any_of

#: Longest stretch that is tried as a credit, and how many sentence ends are tried for its beginning.
_LONGEST, _TRIES = 260, 9
#: How many brackets and labels of one caption are tried.
_MOST = 40

#: Nothing is given back: what a bracket holds ends at a bracket, or it is none.
_BRACKET = re.compile(
    r"(?:[(\[]|<(?=[A-Z]))\s*+(?P<in>[^()\[\]<>]{2,400}+(?:[(\[][^()\[\]]{0,80}+[)\]][^()\[\]<>]{0,200}+){0,3}+)\s*+[)\]>]")
_SENTENCE = re.compile(r"[.!?…][\"”'’»]?\s+(?:[—–]\s+)?(?=[\"“«(©]?[^\W\d_a-zа-яії])|\n+\s*")
_BOUNDARY = re.compile(
    r"[.!?…:][\"”'’»)]*(?:\s+|(?=[A-ZА-ЯІЇЄ]))|\n+\s*|\)\s*|\s(?:[-–—]{1,2}|\|)\s+|[»”\"]\s+|;\s+|,\s+(?=[A-Z]{3,}(?:/|\s))|\s(?<!\s\s)\s+(?=[A-Z])"
    # Web pages glue the credit to the last word: `... in the villageREUTERS/Ann Example`.
    r"|(?<=[a-z0-9])(?=(?:REUTERS|AFP|EPA|EPA-EFE|AP|TASS|Getty Images|Handout|Reuters|Photograph|Associated Press)\b)"
)
#: A museum's series before its sign: `(Royal Air Force Bomber Command, 1942-1945 © IWM (C 3371))`.
_SERIES = re.compile(r"[^©]*\b(?:18|19|20)\d\d[\s.]*©")
_AFTER_BRACKET = re.compile(
    r"(?:(?>==?\s?Kyodo|[\s.,;:=*+/-]|\([^()]{0,300}\)|\[[^\[\]]{0,300}\]|File\s?#|\d{6}-[A-Z]-[A-Z]{2}\d{3}-\d+\w*"
    r"|[A-Z]{1,3}\d{2}[\d_A-Z]+)){0,40}\Z"
)
_BARE_LABEL = re.compile(rf"(?:{SPACES}by|(?<![\s:©|/.-]))[\s:©|/.-]*\Z")
#: Shutterstock's number, with the subject behind it.
_NUMBER_BEHIND = re.compile(rf"{SPACES_OR_NONE}\(\d{{6,9}}[a-z]{{1,2}}\)(?=\s+\w)")
_BAR = re.compile(r"\s\|\s(?=\S+(?:\s+\S+){4})")
#: A broadcaster's page, on one line: `Image source, Reuters Image caption, Smoke rises ...`.
_CAPTION_FIELD = re.compile(r"\s(?:(?:Image|Photo) caption\b|(?:Date|Date Taken|Location|VIRIN):)")
#: `© AP Photo / Ann ExampleУкраинские ...`: a caption in another script, glued to its credit.
_OTHER_SCRIPT = re.compile(r"(?<=[a-z])(?=[А-ЯІЇЄҐ])")


@lru_cache(maxsize=1)
def _label_openers() -> frozenset[str]:
    """First words of labels, folded: where none stands in a caption, no label does."""
    return frozenset(fold(re.split(r"[^\w]", _BARE_LABEL.sub("", n))[0]) for n in terms("label")) | {"c", "©"}


#: `... in the villagePhotograph: Ann Example`, in a token folded and as printed.
_GLUED = re.compile(r"[a-z](?:photo|credit|picture|image)")
_GLUED_LABEL = re.compile(r"(?<=[a-z])(?:Photo|Credit|Picture|Image)")


@lru_cache(maxsize=1 << 14)
def _may_open_label(low: str) -> bool:
    """Whether a label may begin with this token, or be glued to its word."""
    return low == "c" or low.startswith(tuple(_label_openers() - {"c"})) or _may_end_in_label(low)


@lru_cache(maxsize=1 << 14)
def _may_end_in_label(low: str) -> bool:
    return _GLUED.search(low) is not None


def _labels(tokens: Tokens, cut: int) -> Iterator[re.Match[str]]:
    """The labels of a caption, from left to right."""
    if _label_openers().isdisjoint(tokens.low):
        return
    label, behind = _label(), 0
    for i in itertools.compress(range(tokens.count), map(_may_open_label, tokens.low)):
        bracketed = tokens.low[i] == "c" and i > 0 and tokens.word[i - 1] == "("
        start = tokens.start[i - 1 if bracketed else i]
        if _may_end_in_label(tokens.low[i]) and (glued := _GLUED_LABEL.search(tokens.text, start, tokens.end[i])):
            start = glued.start()
        if start >= behind and (m := label.match(tokens.text, start, cut)):
            behind = m.end()
            yield m


@lru_cache(maxsize=1)
def _label() -> re.Pattern[str]:
    names = sorted({re.escape(_BARE_LABEL.sub("", n)).replace(r"\ ", r"\s+") for n in labels()} - {""}, key=len, reverse=True)
    giving = sorted({re.escape(n).replace(r"\ ", r"\s+") for n in phrases_of("giving")}, key=len, reverse=True)
    return re.compile(
        r"(?:(?<![\w’'])|(?<=[a-z])(?=(?-i:Photograph|Credit|Picture|Image|Photo)\s?(?:by\b|:)))(?:(?P<name>" + "|".join(names) + r")(?P<by>\s+(?:taken\s+)?by\b|\s+(?:" + "|".join(giving) + r")\b)?"
        r"(?:\s*(?P<mark>:|\||/|\.\.\.|…|[-–—]|(?<=fot)\.|(?<=nuotr)\.|(?<=source),))?(?:\s*by\b(?:\s*:)?)?|(?P<c>©|\(c\)))\s*",
        re.IGNORECASE,
    )


#: A word with full stops inside, read from its end.
_TO_LEFT = re.compile(r"(?:[^\s.(/©]+(?:\.[^\s.(/©]+)*\.?)?")


def _is_abbreviation(text: str, dot: int) -> bool:
    """Whether the full stop at `dot` belongs to an initial, a rank or a short form."""
    m = _TO_LEFT.match(text[max(0, dot - 20) : dot][::-1])
    token = m.group()[::-1] if m else ""
    return bool(token) and (
        (len(token) == 1 and token.isalpha())
        or "." in token
        or (len(token) < 5 and is_rank(token + "."))  # Capt., and no civilian.
        or token in ("St", "Jr", "Sr", "Dr", "No", "Inc", "st")
    )


def _stretch_end(text: str, at: int, cut: int) -> int:
    """Where an unbracketed credit that starts at `at` can end at most."""
    for stop in _SENTENCE.finditer(text, at, cut):
        if stop.start() > at and not (text[stop.start()] == "." and _is_abbreviation(text, stop.start())):
            return stop.start()
    number = _NUMBER_BEHIND.search(text, at, cut) if "(" in text else None
    bar = _BAR.search(text, at, cut) if "|" in text else None
    field = _CAPTION_FIELD.search(text, at, cut)
    script = _OTHER_SCRIPT.search(text, at, cut) if not text.isascii() else None
    return min(stop.start() if stop else cut for stop in (number, bar, field, script))


def find_credits(tokens: Tokens, cut: int) -> list[Credit]:
    """All credits of a caption before `cut` (`restriction_start`), in order; the last is the credit line."""
    text, found = tokens.text, list[Credit]()
    for credit in itertools.chain(_doubled(text, cut), _in_brackets(text, cut), _behind_labels(tokens, cut)):
        _take(credit, found)
    for read in (_after_last_sentence, _obtained, _on_first_line, _in_front):
        for credit in read(text, cut, found):
            _take(credit, found)
    if not found and cut < len(text):  # behind a note to desks: `Photo credit to read - Sgt Ann Example`
        found += [c for c in _behind_labels(tokens, len(text)) if c.people]
    found.sort(key=lambda c: c.start)
    if len(found) > 1 and _RIGHTS.match(text, found[-1].end):
        del found[-1]  # (Yonhap) ... (C) Yonhap News Agency. All Rights Reserved
    return _joined(found, text)


_RIGHTS = re.compile(r"[.,;\s]*All Rights Reserved", re.I)


def _joined(found: list[Credit], text: str) -> list[Credit]:
    """Credits that stand side by side and complete each other are one: `© Crown copyright 2014 / Photographer: P`.

    A provider's sentence right before a `©` joins too: `Sgt Ann Example, No 5 Film Unit. © IWM`.
    """
    out: list[Credit] = []
    for credit in found:
        before = out[-1] if out else None
        take_in_owner(credit, text)
        take_in_publisher(credit, text)
        take_in_line_above(credit, text)
        take_in_capitals(credit, text)
        if before is None and "©" in text[max(0, credit.start - 3) : credit.start]:
            sign = text.rindex("©", 0, credit.start)
            before = next(iter(_after_last_sentence(text, sign, [])), None) or _ranked_sentence(text, sign)
            if before and before.people and not credit.people:
                out.append(before)
            else:
                before = None
        apart = text[before.end : credit.start].strip(" \n.,©") if before else "-"
        if before and before.pool and not before.people and not before.agencies and apart in (")(", ") ("):
            credit.pool, credit.flags = credit.pool or before.pool, [*before.flags, *credit.flags]  # (Pool photo) (Yonhap)
            out[-1] = credit
            continue
        label = _label().fullmatch(apart) if before and apart else None
        if before and (not apart or label) and (bool(before.people) != bool(credit.people)) and (
            not (before.agencies and credit.agencies) or before.people
        ) and "\n" in text[before.end : credit.start] and label and label["name"] and fold(label["name"]) in phrases_of(
                "label-outside"):
            credit.people = [*before.people, *credit.people]  # a field each: Автор: P, then Кредит: A
            out[-1] = credit
            continue
        if before and (not apart or label) and (bool(before.people) != bool(credit.people)) and (
            not (before.agencies and credit.agencies) or before.people
        ) and "(" not in text[before.end : credit.start]:
            before.end = credit.end
            before.people += credit.people
            before.agencies += credit.agencies
            before.flags += credit.flags
            before.pool = before.pool or credit.pool
            continue
        out.append(credit)
    return out


def _ranked_sentence(text: str, sign: int) -> Credit | None:
    """`Lt Ernest Example. ©`: a rank and a name that are the whole sentence before the sign."""
    ends = [m.end() for m in _SENTENCE.finditer(text, max(0, sign - 90), sign) if m.end() < sign - 2
            and not _is_abbreviation(text, m.start())]
    if not ends:
        return None
    credit = read_credit_parts(text, ends[-1], sign)
    ranked = len(credit.people) == 1 and credit.people[0].span.start > ends[-1]
    return credit if ranked and not credit.unread and not credit.agencies else None


def _take(credit: Credit, found: list[Credit]) -> None:
    """Keep a credit; of two that overlap, the surer one."""
    for other in found:
        if credit.start < other.end and other.start < credit.end:
            if credit.weight > other.weight or (credit.start < other.start and credit.weight >= other.weight):
                found.remove(other)
                break
            return
    found.append(credit)


def _good(credit: Credit) -> bool:
    """Whether what was read holds together as a credit."""
    if credit.unread or not (credit.people or credit.agencies or credit.pool or any(f.value for f in credit.flags)):
        return False
    if credit.known or credit.via or credit.labelled or credit.pool or any(f.value for f in credit.flags):
        return True
    return bool(credit.slash and credit.agencies and credit.people) or credit.weight >= 2.0


def _stands_alone(credit: Credit, text: str, at: int, piece: str) -> bool:
    """An unknown organisation that is the whole last sentence: `... on Monday. Example Defence Ministry`."""
    return bool(
        not credit.unread and len(credit.agencies) == 1 and not credit.people and at > 1 and text[at - 2] in ".!?»”\""
        and len(piece) < 90 and 0 < piece.count(" ") < 9
    )


def _ranked_line(credit: Credit, text: str, at: int) -> bool:
    """A rank and a name that are the whole last line: `LPHOT EXAMPLE`."""
    return text[at - 1 : at] == "\n" and len(credit.people) == 1 and not credit.unread and credit.people[0].span.start > at


_TWICE = re.compile(r"/\s?(?P<name>[^\W\d_][^/\n]{4,40}?)(?=(?P<again>(?i:(?P=name))/))")


def _doubled(text: str, cut: int) -> Iterator[Credit]:
    """`AFP PHOTO / ANN EXAMPLEANN EXAMPLE/AFP/Getty Images`: two credits glued together; the second one counts."""
    m = _TWICE.search(text, text.find("AFP PHOTO"), cut) if "AFP PHOTO" in text else None
    if m:
        credit = read_credit_parts(text, m.start("again"), _stretch_end(text, m.end(), cut))
        if _good(credit):
            credit.weight += 10
            credit.opens = text.rfind("AFP PHOTO", 0, m.start())
            yield credit


_DASH_BEHIND, _LINE_BEHIND = re.compile(r"\s*(?:--|–|—)\s"), re.compile(r"\s*\n")


def _in_brackets(text: str, cut: int) -> Iterator[Credit]:
    for m in itertools.islice(_BRACKET.finditer(text), _MOST):
        a, b = m.span("in")
        if a >= cut:
            return
        after = text[m.end() : cut]
        series = _SERIES.match(text[a:b]) if "©" in text else None
        if series:
            a += series.end() - 1
        label = _label().match(text, a, b)
        if _DASH_BEHIND.match(after) and not label:
            continue  # a dateline: "URUMQI, Sept. 22 (Xinhua) --"
        at_end = bool(_AFTER_BRACKET.match(after)) or bool(_LINE_BEHIND.match(after))
        skip = label.end() if label and (
            label["mark"] or label["by"] or label["c"] or " " in label["name"] or _names_someone(text[label.end() : b])) else a
        credit = read_credit_parts(text, skip, b, labelled=skip > a, before=_by(label) if skip > a else "")
        if skip > a and label:
            _giving(credit, label)
            credit.start = a
            credit.weight += 2
        if _good(credit) and (at_end or (credit.weight >= 4 and (credit.slash or credit.via or credit.people))):
            credit.weight += 2
            yield credit


_BEFORE_OTHERS = re.compile(r"[/|,]| (?:via|for|-|–) ")


def _names_someone(text: str) -> bool:
    """Whether a bare label in brackets stands before a name: `(Photos Ann Example / PA)`, `(foto Afp)`."""
    name = _BEFORE_OTHERS.split(text, maxsplit=1)[0].strip()
    return agency_named(name) is not None or (" " in name and not name.isupper() and looks_like_person(name) and not looks_like_organisation(name))


def _by(label: re.Match[str] | None) -> str:
    """"by" where a label says that a person follows: `Negative by`."""
    return "by" if label is not None and (label["by"] or "").lower().endswith("by") else ""


def _giving(credit: Credit, label: re.Match[str]) -> None:
    """The flags that a label itself carries: courtesy of, supplied by, from the archive."""
    low = label.group().lower()
    for flag in ("courtesy", "handout", "file"):
        if any_of(phrases_of(f"giving-{flag}"), low):
            credit.flags.append(Marked(Span(*label.span()), flag, "label"))


_INSIDE_SENTENCE = re.compile(r"\w\s")
_OWNED = frozenset(("photo", "foto", "image", "images", "pictures"))
_OWNER = re.compile(r"(?<![^\s.!?»”])([^\s.!?»”]+)[ ]\Z")


def _behind_labels(tokens: Tokens, cut: int) -> Iterator[Credit]:
    text = tokens.text
    for m in itertools.islice(_labels(tokens, cut), _MOST):
        name, begin = m["name"], m.start()
        if name and not m["mark"] and not m["by"] and " " not in name:
            bare = text[:begin].rstrip(" ")
            sourced = name == "Source" and "/" in text[m.end() : cut] and bare[-1:] == "\n"
            if (bare and bare[-1] not in ".!?)»”\n|-–—") or (not sourced and name.lower() in (
                    "source", "author", "image", "picture", "photographer")):
                continue
            following = text[m.end() : m.end() + 1]
            if not following or following.isspace() or not (
                following.isupper() or name_start(text, m.end(), min(cut, m.end() + 80)) > m.end()
            ):
                continue
        if name and m["mark"] != ":" and (name.lower() == "by" or (name.lower().endswith("taken") and not m["by"])):
            continue  # "this photo taken January 5, 2012"
        if name and re.match(r"\s?(?:date|ID|No|number)\b", text[m.end() - 1 : m.end() + 8]):
            continue  # PA's "Picture date: ...", "Photo ID: 7834401"
        if m["c"] and m["c"] != "©" and text[m.end() : m.end() + 1].islower():
            continue  # "Macron (C) reviews": in the centre
        if m["by"] and not m["mark"] and name[0].islower() and begin > 1 and _INSIDE_SENTENCE.match(text, begin - 2):
            continue  # "this photo by" in the middle of a sentence
        if m["mark"] in ("-", "–", "—", "/") and name and name[0].islower():
            continue
        owner = _OWNER.search(text, max(0, begin - 60), begin) if name and name.lower() in _OWNED else None
        if owner and (m["mark"] == "/" or agency_named(owner[1]) or agency_named(f"{owner[1]} {name}") or (
                len(owner[1]) <= 5 and owner[1].isupper())):
            continue  # "AFP PHOTO / P", "ST PHOTO: P", "AAP Image/P": the word belongs to the agency before it
        if m.end() >= cut:
            return
        end = _stretch_end(text, m.end(), cut)
        credit = read_credit_parts(text, m.end(), end, labelled=True, before=_by(m))
        _giving(credit, m)
        credit.weight += 3
        closed = name and fold(name) == "photographer" and re.search(r"\w/(?!Crown|CROWN)\w", text[m.end() : end])
        closed = closed or m["mark"] == "|"
        if name and fold(name) not in phrases_of("label-outside") and not closed:  # "Photographer: P/Bloomberg"
            credit.start = m.start()
        credit.opens = m.start()
        if credit.unread and not text[: m.start()].strip():
            continue  # "Picture: a sergeant checks a map": a description
        if (credit.people or credit.agencies or credit.pool or credit.flags) and credit.weight > 1:
            yield credit


_CAPITAL = re.compile(r"\s(?=[A-Z])")
#: No credit begins with a date: `- February 15, 2025 The team celebrates ...`, `Jan. 2024. | Ann Example/Reuters`.
_DATE = re.compile(r"(?:[A-Z][a-z]{2,8}\.? \d{1,2}, |\d{1,2} [A-Z][a-z]{2,8} )?(?:18|19|20)\d\d\b")


def _beginnings(text: str, cut: int) -> Iterator[int]:
    """Where an unbracketed credit may begin, the last first: behind marks, at a known name with a separator behind it, at 0."""
    behind = {m.end(): m.start() for m in _BOUNDARY.finditer(text, max(0, cut - _LONGEST), cut) if m.end() < cut}
    near = max(0, cut - 160)
    named = {m.end() for m in _CAPITAL.finditer(text, near, cut) if _opens_with_agency(text, m.end(), cut)} if (
        _BEHIND_NAME.search(text, near, cut)) else ()
    for at in sorted({*behind, *named}, reverse=True):
        if at in named or not (("\n" not in text[behind[at] : at] and _DATE.match(text, at)) or (text[behind[at]] == "." and _is_abbreviation(text, behind[at]))):
            yield at
    yield 0


def _after_last_sentence(text: str, cut: int, found: list[Credit]) -> Iterator[Credit]:
    best: Credit | None = None
    if not any(map(str.isalnum, text[max((c.end for c in found if c.start < cut), default=0) : cut])):
        return
    for at in itertools.islice(_beginnings(text, cut), _TRIES):
        if cut - at > _LONGEST or any(c.start <= at < c.end or at <= c.start < cut for c in found):
            continue
        piece = text[at:cut].strip()
        if not piece:
            continue
        stop = _stretch_end(text, at, cut)
        if stop < cut and name_below(text, stop, cut):
            stop = cut
        if stop < cut and text[stop:cut].strip(" .\n") and "©" not in text[stop : stop + 4] and "hotographer" not in (
            text[max(at, stop - 14) : stop]
        ) and not agency_named(text[at:stop].strip()):
            if best:
                break
            continue  # a sentence ends inside
        bracketed = piece[0] == "(" and piece.rstrip(" .")[-1:] == ")"  # an unknown firm in brackets
        a, b = (at + 1, text.rindex(")", at, cut)) if bracketed else (at, cut)
        credit = read_credit_parts(text, a, b)
        if not credit.known and text.isupper():
            continue  # a caption in capitals: its last sentence looks like organisations
        if at == 0 and not ((credit.slash and credit.known) or credit.via or credit.labelled) and (
                piece.count(" ") > 4 or " in " in piece):
            continue  # a whole caption that names an organisation, and no credit
        if at == 0 and best and text[:best.start].count(" ") > 4:
            break  # a whole caption before its credit: `Police in Minsk on March 25. / AFP PHOTO / P`
        alone = _stands_alone(credit, text, at, piece) or _ranked_line(credit, text, at)
        if not (alone or _good(credit)):
            if best:
                break
            continue
        ranked = credit.people and credit.agencies and credit.people[0].span.start > at
        both = credit.people and credit.agencies
        flagged = credit.flags and (len(piece) < 30 or (credit.agencies and len(piece) < 90))
        chained = credit.slash and not piece.isupper() and len(piece) < 120 and (both or len(credit.agencies) > 1)
        if alone or credit.known or credit.via or ranked or flagged or chained or (
            credit.agencies and credit.weight >= 2.5
        ):
            best = credit
    if best:
        yield best


_FIRST_WORD = re.compile(r"[^\s/]+")
_BEHIND_NAME = re.compile(rf"/|{SPACES}(?:via|(?P<by>[Pp]hoto(?:graph)? by))\s")


def _opens_with_agency(text: str, at: int, cut: int) -> bool:
    """Whether a known agency begins at `at` and a separator follows: `Example Wire/P`, `DoD photo by P`."""
    first = _FIRST_WORD.match(text, at, cut)
    if first is None or not opens_agency(first.group()):
        return False
    mark = _BEHIND_NAME.search(text, at, cut)
    if mark is None or mark.start() - at > 80:
        return False
    name = text[at : mark.start()]
    wire = len(name) > 2 and name.isupper() and mark.group() == "/"  # no full stop before it: `... goal REUTERS/P`
    return (" " in name or wire or mark["by"] is not None) and agency_named(name) is not None


_FIRST_WORDS = re.compile(r"(?P<name>(?:[A-Z][\w-]+ )??[A-Z][\w-]+) (?=(?:An?|The|Two|Three|People|Smoke) [a-z]|[A-Z][a-z]+ (?:soldiers|troops|people|firefighters|police|women|men|children|residents) )")
_SHOUTED_FIRST = re.compile(r"(?P<name>[A-Z]{3,}(?: [A-Z]{3,}){0,2}) (?=[A-Z][a-z])")
_OBTAINED = re.compile(r"(?:video|image|photo|footage|picture)s?\s+(?:obtained|received|acquired)\s+by\s+(?P<by>[^,.;]{2,40})[.\s]*\Z", re.I)


def _obtained(text: str, cut: int, found: list[Credit]) -> Iterator[Credit]:
    """`... in this still image taken from a video obtained by REUTERS`: the last words are the credit."""
    m = None if found or not any_of(("obtained", "received", "acquired"), text.lower()) else _OBTAINED.search(text[:cut])
    if m and agency_named(m["by"].strip()):
        credit = read_credit_parts(text, m.start("by"), m.end("by"))
        credit.start = m.start()
        yield credit


def _in_front(text: str, cut: int, found: list[Credit]) -> Iterator[Credit]:
    """`Getty Images A woman walks past ...`: a broadcaster's pages print the agency first, with no mark behind it."""
    m = None if found else _FIRST_WORDS.match(text) or (_SHOUTED_FIRST.match(text) if not text.isupper() else None)
    entry = agency_named(m["name"]) if m else None
    if m and entry is not None and entry.entry_kind in ("wire", "photo-agency"):
        yield read_credit_parts(text, *m.span("name"))


def _on_first_line(text: str, cut: int, found: list[Credit]) -> Iterator[Credit]:
    line = text.find("\n")
    if 0 < line < 90 and not any(c.start < line for c in found):
        credit = read_credit_parts(text, 0, line)
        if not credit.unread and credit.people and credit.agencies and (credit.known or credit.slash):
            yield credit
