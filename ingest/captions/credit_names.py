"""Names in credits by their form: is it a person or an organisation, where does the name begin behind the rank."""

from __future__ import annotations

import itertools
import re
from functools import lru_cache
from typing import Literal

from archive.folding import fold
from archive.records import Span
from ingest.captions.findings import AgencyFinding
from ingest.captions.lexicon import agency_named, is_rank, is_service, opens_agency, opens_rank, terms, words
from ingest.captions.tokens import SPACES_OR_NONE

_GAP = re.compile(r"\s+")
_BARE = re.compile(r"\S+")
_WORD = re.compile(r"[^\W_]+(?:[.'’ʼ`-]+[^\W_]+)*\.?")
_NAME = re.compile(
    r"(?:[^\W\d_]\.\s?)*[^\W\d_][\w'’ʼ`.\-]*(?:\s+(?:[^\W\d_][\w'’ʼ`.\-]*|\"[^\"]{2,20}\"|“[^”]{2,20}”)){0,5}\Z")
#: `Dunn, Carla T., Photographer`. Its words give nothing back, or a long gap would be cut between the name and the comma
#: at each of its spaces.
ARCHIVE_NAME = re.compile(
    r"([^\W\d_][\w'’.-]+,\s+[^\W\d_][\w.'’-]*+(?: ++[\w.'’-]++)*+)\s*+(?:,\s*\d{4}-(?:\d{4})?)?,\s*photographer\b", re.I)
_CLASS = re.compile(r"(?:[A-Z][\w'.]+\s+){1,4}(?:1st|2nd|3rd|First|Second|Third)\s+Class\s+(?:\([\w/ ]+\)\s+)?", re.I)
_GLOSS = re.compile(r"\([\w/. ]{2,24}\)\s*")
_GLOSS_BEHIND = re.compile(rf"{SPACES_OR_NONE}\([^()]{{1,24}}\)\Z")
#: The Arabic article written small: `Sameer al-Example`.
_ARTICLE_IN_FRONT = re.compile(r"(?:al|el|ash|as|ad|ar|an|at|az|es|ed|ez|ud|ul|abu|bin)-(?=[A-Z])")
_OWNER_OF_NUMBER = re.compile(r"[A-Z]\w+['’]s\s+(?=\d)")
_ADDRESS = re.compile(r"\w\.(?:com|org|net|mil|lv|ee|pl|gov|uk|de|ru|ua|eu|info|press|ру|рф)\b", re.I)


@lru_cache(maxsize=8192)
def looks_like_organisation(text: str) -> bool:
    """An organisation by its words: a known one, an organisation word, a web address, a known acronym inside."""
    if agency_named(text):
        return True
    if ": " in text or text.startswith(("A ", "An ")):
        return False  # a label and its value; somebody in the picture: `A Marine of the 5th Regiment`
    listed, small = words("caption_words", "organisation"), words("caption_words", "small")
    if text.isascii() and any(
            w.isalpha() and w[0].islower() and w not in small and w not in listed for w in text.split()):
        return False
    tokens = [fold(m.group().strip(".'’")) for m in _WORD.finditer(text)]
    parts = [part for t in tokens for part in (t, *t.split("-"))]
    if any(t in listed or t.removesuffix("'s") in listed for t in parts) or _ADDRESS.search(text):
        return True
    if len(tokens) > 2 and any(t in ("of", "the", "fur", "du", "des") for t in tokens):
        return True
    return not text.isupper() and any(len(w) > 2 and w.isupper() and agency_named(w) for w in text.split())


@lru_cache(maxsize=8192)
def looks_like_person(text: str) -> bool:
    """Capitalised words, initials and particles, up to six, none of them with a digit."""
    if not _NAME.match(text) or len(text) > 60:
        return False
    particles = words("caption_words", "particle")
    rest = [_ARTICLE_IN_FRONT.sub("", t) for t in text.split() if t.lower() not in particles]
    return bool(rest) and all(not t[:1].islower() and not any(c.isdecimal() for c in t) for t in rest)


@lru_cache(maxsize=8192)
def known_heads(stretch: str) -> tuple[tuple[int, int], ...]:
    """The gaps between words before which a known agency ends that begins the stretch."""
    if not opens_agency(stretch):
        return ()
    return tuple(gap.span() for gap in _GAP.finditer(stretch) if agency_named(stretch[: gap.start()]))


@lru_cache(maxsize=8192)
def service_heads(stretch: str) -> tuple[tuple[int, int], ...]:
    """The gap behind a service of a state that begins the stretch: `Army`, `Air Force`."""
    return tuple(gap.span() for gap in _GAP.finditer(stretch) if is_service(stretch[: gap.start()]))[:1]


def name_start(text: str, start: int, end: int) -> int:
    """Where the name begins behind ranks and posts: `Mass Communication Specialist 2nd Class P`, `Cpl. P`."""
    while True:
        klass = _CLASS.match(text, start, end) if "lass" in text or "LASS" in text else None
        if klass and klass.end() < end:
            start = klass.end()
            continue
        first = _BARE.search(text, start, end)
        if first is None or first.end() == end or not opens_rank(first.group()):
            return start
        tokens = list(itertools.islice(_BARE.finditer(text, start, end), 7))
        skip = start
        for n in range(len(tokens) - 1, 0, -1):
            if is_rank(text[start : tokens[n - 1].end()].rstrip(",")):
                skip = tokens[n].start()
                break
        if skip == start:
            return start
        gloss = _GLOSS.match(text, skip, end)
        start = gloss.end() if gloss and gloss.end() < end else skip


def name_end(text: str, start: int, end: int) -> int:
    """Where the name ends before a service's letters or a bracket: `Sgt Ann Example RLC`, `Ann Example (left)`."""
    gloss = _GLOSS_BEHIND.search(text, start, end)
    if gloss:
        end = gloss.start()
    head, _, last = text[start:end].rpartition(" ")
    while last in terms("post-nominal") and " " in head.strip():
        end = start + len(head.rstrip(" ,"))
        head, _, last = text[start:end].rpartition(" ")
    return end


def display_name(printed: str) -> str:
    """A name printed in capitals in a form to show: `PAVEL HURKO` and `Pavel HURKO` are `Pavel Hurko`."""

    def shown(word: str) -> str:
        if len(word) < 3 or not word.isupper() or "." in word:
            return word
        parts = "".join(part.capitalize() for part in re.split(r"([-'’])", word))
        return re.sub(r"\bMc(\w)", lambda m: "Mc" + m[1].upper(), parts)

    return " ".join(map(shown, printed.split()))


def agency_as_printed(text: str, start: int, end: int, role: Literal["origin", "distributor"] = "origin",
                      rule: str = "credit") -> AgencyFinding:  # fmt: skip
    """The organisation whose name stands at `text[start:end]`, from the authority file or by its form alone."""
    printed = text[start:end]
    entry = agency_named(printed)
    if entry is None and (owner := _OWNER_OF_NUMBER.match(printed)):  # Ukraine's 92nd Assault Brigade
        start, printed = start + owner.end(), printed[owner.end() :]
        entry = agency_named(printed)
    if entry is None:
        return AgencyFinding(Span(start, end), printed, "org:" + fold(printed).replace(" ", "-"), role, rule, "unknown")
    exact = fold(entry.name) == fold(printed) or printed in entry.variants
    return AgencyFinding(Span(start, end), entry.name, entry.id, role, rule, "exact" if exact else "variant", entry.id)
