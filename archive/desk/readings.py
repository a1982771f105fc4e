"""What changed between two readings of a caption, word by word."""

from __future__ import annotations

import difflib
import re
from typing import Literal, NamedTuple

#: Beyond this many characters a comparison word by word takes longer than a reader waits.
MOST = 20_000


class Change(NamedTuple):
    """A run of text: kept, taken out, or put in."""

    kind: Literal["same", "out", "in"]
    text: str


def changes(before: str, after: str) -> list[Change]:
    """The later text with what it lost and gained. What is `same` or `in`, joined, is `after`.

    >>> changes("in Kursk, April 18", "in Kursk, April 19")[-1]
    Change(kind='in', text='19')
    """
    if max(len(before), len(after)) > MOST:
        return [Change("out", before), Change("in", after)]
    old, new = re.findall(r"\w+|\s+|[^\w\s]", before), re.findall(r"\w+|\s+|[^\w\s]", after)
    out: list[Change] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=len(old) > 2000).get_opcodes():
        if kind == "equal":
            out.append(Change("same", "".join(new[c:d])))
            continue
        if a < b:
            out.append(Change("out", "".join(old[a:b])))
        if c < d:
            out.append(Change("in", "".join(new[c:d])))
    return out
