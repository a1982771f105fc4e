"""Formations: numbered ones by grammar, named ones by their kind or by an authority entry.

formation = [ number { "and" number } ] { modifier } echelon [ number | letter | name ] ;
number    = digits [ ordinal ] | ordinal word | digits "-" digits ordinal ;
modifier  = arm | capitalised word | "(" name ")" ;
ship      = prefix name | ship type name ;
short     = number short-unit | squadron-prefix "-" digits | digits "/" digits ;

"31st Separate Mechanized Brigade"           number, modifiers, echelon
"Company B, 2-135th General Support Aviation Battalion"    two formations, the first within the second
"""

from __future__ import annotations

import re

from archive.folding import latin
from ingest.captions.designations import DesignationRules
from ingest.captions.formations import FormationRules
from ingest.captions.lexicon import nationalities, unit_entries, unit_words
from ingest.captions.ships import ShipRules
from ingest.captions.unit_scan import Formation


class UnitReader(FormationRules, ShipRules, DesignationRules):
    """Reads the formations of one caption."""

    def read(self) -> list[Formation]:
        t = self.t
        kinds = self.kinds
        names = unit_entries()
        for i in range(len(t)):
            low = t.low[i]
            if low in names:
                self.authority(i, names[low])
            if low in kinds["echelon"]:
                self.echelon(i)
            if low in self.by_last["compound"]:
                self.compound(i)
            if low in self.by_last["state-force"]:
                self.state_force(i)
            if low in self.by_last["regiment-head"]:
                self.regiment(i)
            w = t.word[i]
            if low in kinds["ship-prefix"] and w.isupper():
                self.ship(i)
            if low in self.ship_types:
                self.ship_by_type(i)
            if low in kinds["squadron-prefix"] and w.isupper():
                self.squadron_prefix(i)
            if low in kinds["short-unit"]:
                self.short(i)
            if w == "/" and 0 < i < len(t) - 1:
                self.slash(i)
        return self.resolve()

    def authority(self, i: int, entries: list[tuple[tuple[str, ...], tuple[str, ...], bool]]) -> None:
        """A name of the authority files that begins at token `i`, the longest that fits."""
        t = self.t
        for tokens, ids, needs_type in entries:
            n = len(tokens)
            if i + n <= len(t) and tuple(t.low[i : i + n]) == tokens:
                if not t.word[i][0].isupper() and not t.word[i][0].isdigit() and t.word[i].isascii():
                    continue
                if n == 1 and ((len(t.word[i]) <= 3 and not t.word[i].isupper()) or self.part_of_a_name(i)):
                    continue
                if needs_type and not self.behind_ship_type(i):
                    continue
                self.add(i, i + n, "authority", priority=2, authority=ids)
                return

    def behind_ship_type(self, i: int) -> bool:
        """Whether a ship's type stands before token `i`, with or without an opening quote between."""
        t = self.t
        j = i - 1 - (i > 0 and not self.is_word(i - 1))
        return j >= 0 and any(tuple(t.low[max(0, j - len(p) + 1) : j + 1]) == p for p in self.ship_types.get(t.low[j], ()))

    def part_of_a_name(self, i: int) -> bool:
        """Whether token `i` belongs to a longer name that is no formation: `Richard Wagner`, `Sea of Azov`."""
        t, n = self.t, len(self.t)
        before = i > 1 and self.is_word(i - 1) and self.capital(i - 1) and t.low[i - 1] not in nationalities()
        after = i + 1 < n and self.is_word(i + 1) and self.capital(i + 1) and t.low[i + 1] not in self.kinds["echelon"]
        return before or after or (i > 1 and t.low[i - 1] == "of" and self.capital(i - 2))

    def resolve(self) -> list[Formation]:
        """One formation a stretch: the longer wins, then the more specific rule."""
        chosen: list[Formation] = []
        for f in sorted(self.found, key=lambda f: (-(f.behind - f.first), -f.priority)):
            if not any(f.first < c.behind and c.first < f.behind for c in chosen):
                chosen.append(f)
        chosen.sort(key=lambda f: f.start)
        return chosen


def unit_key(text: str, number: str | None, echelon: str | None) -> str:
    """A formation's identity where no authority entry has it."""
    honorifics = unit_words("honorific")
    words = [w for w in re.findall(r"[^\W_]+", latin(text)) if w not in honorifics]
    return "unit:" + "-".join(words)


__all__ = ["Formation", "UnitReader", "unit_key"]
