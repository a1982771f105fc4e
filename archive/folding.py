"""Two spellings of one name, brought together. Only for comparing and indexing, never for what is kept."""

from __future__ import annotations

import re
import unicodedata

#: Letters that carry their stroke or ring inside, so that no decomposition takes it off (Łódź, Hånsen, ISSI).
_BASE = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th",
                       "ħ": "h", "ŧ": "t", "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'",
                       "“": '"', "”": '"', "«": '"', "»": '"', "„": '"', "–": "-", "—": "-", "‑": "-", "−": "-"})

_CHANGED = frozenset(map(chr, _BASE))

#: One letter, one reading: the romanisation that wires use (BGN/PCGN for Russian, the Ukrainian national
#: system of 2010 for letters only Ukrainian has), without apostrophes for the soft and hard signs.
_LATIN = str.maketrans({
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i",
    "й": "y", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t",
    "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "",
    "э": "e", "ю": "yu", "я": "ya", "і": "i", "ї": "yi", "є": "ye", "ґ": "g", "ў": "u", "ј": "j", "љ": "lj",
    "њ": "nj", "ћ": "c", "ђ": "dj", "џ": "dz",
})


def fold(text: str) -> str:
    """Case, accents, kinds of quotes and dashes, and runs of space do not count: `Łódź` is `lodz`."""
    if text.isascii():
        return " ".join(text.lower().split())
    text = unicodedata.normalize("NFKD", text.casefold().replace("й", "\0").replace("ї", "\1"))
    letters = set(text)
    for mark in filter(unicodedata.combining, letters):
        text = text.replace(mark, "")
    text = text.replace("\0", "й").replace("\1", "ї")
    return " ".join((text if letters.isdisjoint(_CHANGED) else text.translate(_BASE)).split())


def latin(text: str) -> str:
    """`fold`, then Cyrillic letters in Latin ones: `Бобылёв` is `bobylev`."""
    folded = fold(text)
    return folded if folded.isascii() else folded.translate(_LATIN)


#: Where the Ukrainian national system (2010) reads a letter otherwise than the Russian one.
_UKRAINIAN = str.maketrans({"г": "h", "и": "y", "й": "i"})
_ONLY_UKRAINIAN = frozenset("іїєґ")


def readings(text: str) -> tuple[str, ...]:
    """The plain Latin forms that a word may be written in: `latin`, and the Ukrainian reading where they differ.

    A search asks for all of them: `Київ` for `kyiv` as well as for the letters one by one.
    """
    folded = fold(text)
    if folded.isascii():
        return (folded,)
    plain = folded.translate(_LATIN)
    if not _ONLY_UKRAINIAN & set(folded):
        return (plain,)
    # Inside a word ї, є, й, ю and я lose their y (й: `i`); at its start they keep it.
    inside = re.sub(r"(?<=\w)[їєюя]", lambda m: {"ї": "i", "є": "ie", "ю": "iu", "я": "ia"}[m[0]], folded)
    return tuple(dict.fromkeys((plain, inside.translate(_UKRAINIAN).translate(_LATIN))))
