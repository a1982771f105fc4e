"""One key for the many ways in which a name comes out of Arabic, Persian, Cyrillic or Hebrew letters.

`Khmeimim` and `Hmeymim`, `Shahroud` and `Shahrud`, `Kramatorsk` and `Kramators'k` meet; so do some names that are
not the same, so such a key only counts within one country, and only where a name as printed finds nothing.
"""

from __future__ import annotations

import re

from archive.folding import latin

#: The article, in all its assimilated forms: al-, el-, ash-, ad- ...
_ARTICLE = re.compile(r"\b(?:[ae][lsrdnzt]|ash|esh)[- ](?=\w{3})")
#: In this order: longer before shorter. Romanisations differ by these pairs (ALA-LC, BGN/PCGN, French, wires).
_SAME = (("tsch", "c"), ("shch", "s"), ("dzh", "j"), ("tch", "c"), ("sch", "s"), ("kh", "h"), ("gh", "g"), ("dh", "d"),
         ("th", "t"), ("ph", "f"), ("sh", "s"), ("ch", "c"), ("zh", "j"), ("dj", "j"), ("ck", "k"), ("q", "k"),
         ("w", "v"), ("oo", "u"), ("ou", "u"), ("ow", "u"), ("x", "ks"))
_VOWELS = str.maketrans({"e": "i", "y": "i", "j": "i", "o": "u"})
_TWICE = re.compile(r"(.)\1+")
_LETTER = re.compile(r"[^a-z0-9]+")


def skeleton(name: str) -> str:
    """The name's key: Latin letters without articles, doubled letters and the vowels' shades; empty if too short."""
    text = _ARTICLE.sub("", latin(name))
    for one, other in _SAME:
        text = text.replace(one, other)
    key = _TWICE.sub(r"\1", _LETTER.sub("", text).translate(_VOWELS))
    if key.endswith("h") and len(key) > 4:
        key = key[:-1]
    return key if len(key) >= 4 else ""
