"""A caption cut into runs of letters, runs of digits and single marks: the one pass that all rules share."""

from __future__ import annotations

import re
from functools import lru_cache

from archive.folding import fold

_TOKEN = re.compile(r"[^\W\d_]+(?:['’ʼ`](?!s\b)[^\W\d_]+)*|['’]s\b|\d+|[^\w\s]|_")

_folded = lru_cache(maxsize=1 << 14)(fold)


class Tokens:
    """The tokens of one text, as parallel lists; `text[start[i]:end[i]] == word[i]`."""

    __slots__ = ("count", "end", "low", "start", "text", "word")

    def __init__(self, text: str) -> None:
        """Cut `text`. A possessive `'s` is a token of its own."""
        self.text = text
        spans = [m.span() for m in _TOKEN.finditer(text)]
        self.start = [s for s, _ in spans]
        self.end = [e for _, e in spans]
        self.word = [text[s:e] for s, e in spans]
        self.low = (
            list(map(str.lower, self.word)) if text.isascii()
            else [w.lower() if w.isascii() else _folded(w) or w for w in self.word]
        )
        #: How many there are; asked in every rule, so it is no call.
        self.count = len(spans)

    def __len__(self) -> int:
        return self.count

    def glued(self, i: int) -> bool:
        """Whether token `i` follows the one before it without a space."""
        return i > 0 and self.start[i] == self.end[i - 1]


def first_token(text: str, at: int = 0) -> str:
    """The first token of `text[at:]`, in small letters; empty where there is none."""
    found = _TOKEN.search(text, at)
    return "" if found is None else found[0].lower() if found[0].isascii() else _folded(found[0])
