"""A caption cut into runs of letters, runs of digits and single marks: the one pass that all rules share."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import accumulate

from archive.folding import fold

#: French articles before a vowel are tokens of their own: `l'escadron`, `d'Avdiïvka`; `d'infanterie` is one word.
_TOKEN = re.compile(r"(l['’](?=[^\W\d_])|d['’](?=[A-ZÀ-Þ])|[^\W\d_]+(?:['’ʼ`](?!s\b)[^\W\d_]+)*|['’]s\b|\d+|[^\w\s]|_)")

#: The same for text in ASCII, which it cuts in half the time.
_ASCII = re.compile(r"(l'(?=[a-zA-Z])|d'(?=[A-Z])|[a-zA-Z]+(?:['`](?!s\b)[a-zA-Z]+)*|'s\b|\d+|[^\w\s]|_)", re.ASCII)

#: White space, entered at its first character only: a search tries every place of a text, and from each place inside
#: the white space would read what is left of it again. It looks back from behind that character, since a search skips
#: to a character, and not to a look back.
SPACES = r"\s(?<!\s\s)\s*"
SPACES_OR_NONE = rf"(?:{SPACES}|)"

_folded = lru_cache(maxsize=1 << 14)(fold)


class Tokens:
    """The tokens of one text, as parallel lists; `text[start[i]:end[i]] == word[i]`."""

    __slots__ = ("count", "end", "low", "start", "text", "word")

    def __init__(self, text: str) -> None:
        """Cut `text`. A possessive `'s` is a token of its own."""
        self.text = text
        parts = (_ASCII if text.isascii() else _TOKEN).split(text)  # what stands between, and a token, in turns
        ends = list(accumulate(map(len, parts)))
        self.start, self.end, self.word = ends[:-1:2], ends[1::2], parts[1::2]
        self.low = (
            list(map(str.lower, self.word)) if text.isascii()
            else [w.lower() if w.isascii() else _folded(w) or w for w in self.word]
        )
        #: How many there are; asked in every rule, so it is no call.
        self.count = len(self.word)

    def __len__(self) -> int:
        return self.count

    def glued(self, i: int) -> bool:
        """Whether token `i` follows the one before it without a space."""
        return i > 0 and self.start[i] == self.end[i - 1]


def first_token(text: str, at: int = 0) -> str:
    """The first token of `text[at:]`, in small letters; empty where there is none."""
    found = _TOKEN.search(text, at)
    return "" if found is None else found[0].lower() if found[0].isascii() else _folded(found[0])


def any_of(signs: Iterable[str], text: str) -> bool:
    """Whether one of these stands in the text. Asked before a pattern that cannot match without one of them, since it
    costs a fraction of a search."""
    for sign in signs:  # noqa: SIM110 (a generator costs more than the look-ups)
        if sign in text:
            return True
    return False
