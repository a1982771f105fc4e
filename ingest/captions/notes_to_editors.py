"""Where instructions, restrictions and closing marks begin at a caption's end: everything there is for editors.

    "... in Paris. REUTERS/P ATTENTION EDITORS - THIS IMAGE ..."     behind the credit, in capitals
    "... EPA-EFE/P POLAND OUT"                                       a country that may not print it
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from functools import lru_cache

from ingest.captions.lexicon import agency_named, terms, words
from ingest.captions.place_vocabulary import lookup_country
from ingest.captions.tokens import SPACES_OR_NONE

#: How many marks of one kind are tried in a caption.
_MOST = 40
#: This and what follows it here is searched in a caption's last characters only: no repetition need be longer than they are.
_CLOSING_TAGS = re.compile(rf"{SPACES_OR_NONE}(?:</?[a-z]{{1,6}}/?>\s*+){{1,20}}+\Z", re.I)
#: Dashes, rules and stars that set restrictions apart.
#: Two words in capitals, as instructions are printed; without them the phrases need not be looked for.
SHOUTED = re.compile(r"[A-Z][A-Z] [A-Z][A-Z]")
#: A release mark in brackets of its own behind the credit.
_RELEASED = re.compile(r"[\s.]{0,24}\(\s?released\s?\)[\s.]*\Z", re.I)
#: EPA's own number behind everything else.
#: An editor's initials behind the photographer's name, as The Canadian Press prints them.
#: dpa's closing mark: `+++ dpa-Bildfunk +++`.
_PLUSES = re.compile(rf"{SPACES_OR_NONE}\+{{3}} [^+\n]{{2,60}} \+{{3}}\s*\Z")
#: What Reuters' older captions end with: `REUTERS/Ann Example (AFGHANISTAN)`.
_COUNTRY_BEHIND = re.compile(rf"{SPACES_OR_NONE}\((?P<country>[A-Z][A-Z ]{{2,30}})\)\s*\Z")
_INITIALS = re.compile(r"/[A-Z][\w'’-]+(?: [A-Z][\w.'’-]*){1,3}(?P<initials>\. [A-Z]{2,4}\s*)\Z")
_LOCAL_CAPTION = re.compile(r"\*{3}\s?Local Caption\s?\*{3}[\s\d_-]*\Z", re.I)
#: TASS's captions once more in Russian, behind an empty line.
_SECOND_LANGUAGE = re.compile(r"\n[ \t]*\n(?=[А-ЯІЇЄҐ][а-яіїєґ]+[ .,])")
_RULES = " \t\n-–—=+*/("
_OUT = re.compile(r"(?<=[A-Za-z]) OUT\b(?=[.,]|\s*(?:\Z|[*/-])|\sHANDOUT\b)")
#: What Reuters' older captions end with: `(AFGHANISTAN - Tags: CIVIL UNREST POLITICS)`.
_TAGS = re.compile(r"[A-Z][A-Z ,&/-]{1,100} - Tags:[^)]{0,200}+\)?[\s.]*\Z")


def _out_starts(text: str) -> Iterator[int]:
    """Where `POLAND OUT`, `South Korea OUT`, `MAXPPP OUT` begin: with the name of a country or an agency."""
    for m in itertools.islice(_OUT.finditer(text), _MOST):
        words_before = list(re.finditer(r"[A-Za-z.]+", text[max(0, m.start() - 40) : m.start()]))
        offset = max(0, m.start() - 40)
        behind, found = m.start(), None
        for word in words_before[:-7:-1]:
            name = text[offset + word.start() : behind]
            if lookup_country(name) or agency_named(name):
                found = offset + word.start()
            elif word.group() == "AND" and found is not None:  # AUSTRALIA AND NEW ZEALAND OUT
                behind = offset + word.start() - 1
        if found is not None:
            yield found


@lru_cache(maxsize=8)
def phrases_of(ident: str) -> frozenset[str]:
    """One list of the caption's common words, its own name included, folded."""
    return words("caption_words", ident)


def restriction_start(text: str) -> int:
    """Where restrictions, instructions and closing markup begin at the caption's end; its length if nowhere."""
    low = text.lower().replace("’", "'")
    tags = _CLOSING_TAGS.search(text, max(0, len(text) - 60)) if ">" in text else None
    end = tags.start() if tags else len(text)
    released = _RELEASED.search(text, max(0, end - 24), end) if "released" in low else None
    end = released.start() if released else end
    number = _LOCAL_CAPTION.search(text, max(0, end - 50), end) if "***" in text else None
    end = number.start() if number else end
    tags_of_reuters = _TAGS.search(text, max(0, end - 200), end) if " Tags:" in text else None
    end = tags_of_reuters.start() if tags_of_reuters else end
    pluses = _PLUSES.search(text, max(0, end - 80), end) if "+++" in text else None
    end = pluses.start() if pluses else end
    country = _COUNTRY_BEHIND.search(text, max(0, end - 40), end) if text.endswith(")") else None
    end = country.start() if country and lookup_country(country["country"]) else end
    again = _SECOND_LANGUAGE.search(text, 0, end) if "\n" in text and not text.isascii() else None
    end = again.start() if again and text[: again.start()].isascii() else end
    initials = _INITIALS.search(text, max(0, end - 60), end)
    end = initials.start("initials") if initials else end
    end = min([end, *(at for phrase in phrases_of("instruction") if (at := low.find(phrase)) > 0)])
    while end and end < len(text) and text[end - 1] in _RULES:
        end -= 1
    if not SHOUTED.search(text):
        return end
    starts = {at: len(phrase) for phrase in phrases_of("restriction-start") if (at := low.find(phrase)) >= 0}
    if " OUT" in text:
        starts.update((at, 0) for at in _out_starts(text))
    for at, length in sorted(starts.items()):
        if low[at : at + length] in terms("label") and not text[at : at + length].isupper():
            continue  # "Mandatory credit Kyodo/via REUTERS"
        shouted = length > 8 and text[at : at + length].isupper()
        while at and text[at - 1] in _RULES:
            at -= 1
        if at < 40 and at < len(text) * 0.25:
            continue
        inside = "(" in text[at : at + 3] or text.rfind("(", max(0, at - 30), at) > text.rfind(")", max(0, at - 30), at)
        closing = text.find(")", at) if inside else -1
        if closing > 0 and text[closing + 1 : end].strip():
            continue  # a restriction in brackets of its own, with the credit behind it
        letters = [c for c in text[at : min(end, at + 400)] if c.isalpha()]
        if shouted or sum(map(str.isupper, letters)) > 0.6 * len(letters):
            return min(end, at)
    return end
