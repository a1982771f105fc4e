"""A formation's identity by its own words: number, echelon and arm, in whatever case, without honorifics.

    "155-й отдельной гвардейской бригады морской пехоты"      155 brigade морск пехот
    "155-я отдельная бригада морской пехоты"                  the same
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from archive.folding import fold, latin
from ingest.captions.lexicon import authorities, unit_words
from ingest.captions.tokens import SPACES_OR_NONE

_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"\d+")
#: A name in quotes is short: a quote that is never closed would be read to the end from each mark that opens one.
_QUOTED = re.compile(rf"{SPACES_OR_NONE}[«“„\"][^»”“\"]{{0,100}}[»”“\"]")
#: Endings of Russian and Ukrainian adjectives and nouns in all cases, longest first; a stem keeps three letters.
_ENDING = re.compile(
    r"(?<=\w{3})(?:ыми|ими|ого|его|ому|ему|ами|ями|ой|ей|ою|ею|ая|яя|ую|юю|ый|ий|ых|их|ым|им|ом|ем|ої|ій|ах|ях|ов|ев|ів|а|я|у|ю|ы|и"
    r"|е|і|ї|ь|о)\Z")


@lru_cache(maxsize=1 << 13)
def caseless(text: str) -> str:
    """A formation's words without their endings, ordinal suffixes and honorifics; its echelon in English."""
    suffixes, honorifics, echelons = (unit_words(kind) for kind in ("ordinal-suffix", "honorific", "echelon"))
    out: list[str] = []
    for word in _WORD.findall(fold(text)):
        if word in honorifics or (out and out[-1].isdecimal() and word in suffixes):
            continue
        known = echelons.get(word)
        out.append(known.value if known else word if word.isascii() else _ENDING.sub("", word))
    return " ".join(out)


@cache
def _in_any_case() -> dict[str, tuple[str, ...]]:
    """The ids of units by their Cyrillic names without endings."""
    found: dict[str, dict[str, None]] = {}
    for entry in authorities().entries("units"):
        for name in entry.names:
            if not name.isascii():
                found.setdefault(caseless(name), {})[entry.id] = None
    return {name: tuple(ids) for name, ids in found.items()}


def units_in_any_case(text: str) -> tuple[str, ...]:
    """The ids of the units that bear a Cyrillic name in some grammatical case, with or without a name in quotes."""
    known = _in_any_case()
    return known.get(caseless(text)) or known.get(caseless(_QUOTED.sub("", text)), ())


def abbreviates(short: str, name: str) -> bool:
    """Whether a text is a name's initials with the same numbers: `BLT 3/2`, `26th MEU`, of `26th Marine Expeditionary Unit`.

    >>> abbreviates("BLT 3/2", "Battalion Landing Team 3/2")
    True
    """
    letters = [word for word in _WORD.findall(short) if word.isupper() and word.isalpha()]
    if len(letters) != 1 or len(letters[0]) < 3 or _NUMBER.findall(short) != _NUMBER.findall(name):
        return False
    initials = "".join(word[0] for word in _WORD.findall(name) if word[0].isupper())
    return bool(initials == letters[0])


@lru_cache(maxsize=1 << 14)
def unit_key(text: str) -> str:
    """A formation's identity where no authority entry has it: its words without honorifics, in Latin letters."""
    if not text.isascii():
        return "unit:" + "-".join(_WORD.findall(latin(caseless(text))))
    honorifics = unit_words("honorific")
    return "unit:" + "-".join(w for w in _WORD.findall(latin(text)) if w not in honorifics)
