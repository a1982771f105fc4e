"""What all rules for names of places share: the tokens, the lists, one name's characters.

    name = capitalised { capitalised | inner capitalised } ;

    "Sumy region"        a name, its tokens, its kind
    "Fort Riley"
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.captions.gazetteer import Place
from ingest.captions.place_vocabulary import lists, small_words
from ingest.captions.tokens import Tokens


@dataclass(slots=True)
class Name:
    """One name: its characters, its tokens `first:behind`, and what it is.

    `kind` is country, region, settlement, site (military), sea, venue (civilian), minor (a district, a street),
    gone (a state that is no more), continent or unknown.
    """

    start: int
    end: int
    kind: str
    places: tuple[Place, ...] = ()
    first: int = 0
    behind: int = 0
    #: How it is joined to the narrower name before it: comma, in, near ...
    link: str = ""


class NameScan:
    """One caption's tokens, read for names of places."""

    #: Whether the caption is in English.
    english = True
    #: Whether the caption's language, in Latin letters, puts names of places into cases.
    inflects = False

    def __init__(
        self,
        tokens: Tokens,
        taken: Sequence[tuple[int, int]],
        units: Sequence[tuple[int, int]],
        end: int,
        first_sentence_end: int,
        dates: Sequence[tuple[int, int]] = (),
    ) -> None:
        """`taken`: spans of the date the picture was taken; `units`: spans of formations; `end`: where the body ends."""
        self.t, self.text = tokens, tokens.text
        self.taken, self.units, self.end, self.sentence = taken, units, end, first_sentence_end
        self.dates = dates
        #: Whether it has several lines.
        self.lines = "\n" in tokens.text
        #: How many characters are dates.
        self.dated = sum(b - a for a, b in dates)
        self.lists = lists()
        self.names_at: dict[int, Name | None] = {}
        starts = tokens.start
        self.barred = {i for a, b in (*units, *dates) for i in range(bisect_left(starts, a), bisect_left(starts, b))}
        upper = sum(map(str.isupper, tokens.word))
        #: Whether the whole caption is printed in capitals: then prepositions are capitals too.
        self.shouted = upper > 0.7 * max(1, sum(map(str.isalpha, tokens.word)))

    def _capital(self, i: int) -> bool:
        w = self.t.word[i]
        return w[0].isalpha() and w[0].isupper() and not (self.shouted and self.t.low[i] in small_words())

    def _capital_at(self, k: int) -> bool:
        return k < self.t.count and self._capital(k)

    # -- what the words are
    def _name(self, kind: str, a: int, b: int, places: tuple[Place, ...] = ()) -> Name:
        return Name(self.t.start[a], self.t.end[b - 1], kind, places, a, b)

    def _printed(self, a: int, b: int) -> str:
        return self.text[self.t.start[a] : self.t.end[b - 1]]

    def _low(self, k: int) -> str:
        return self.t.low[k] if 0 <= k < self.t.count else ""

    def _small(self, k: int) -> bool:
        """Whether token `k` is a word written small."""
        return k < self.t.count and self.t.word[k][0].islower()
