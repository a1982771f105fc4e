"""Ships.

    ship = prefix [ pennant ] name | type name | type quoted name | name type ;

    "USS Harry S. Truman"                 a prefix, then the name up to the first small word
    "the Chinese destroyer Zunyi"         a type, then the name
"""

from __future__ import annotations

from ingest.captions.lexicon import nationalities
from ingest.captions.place_vocabulary import lookup_country
from ingest.captions.unit_scan import UnitScan

#: Words in capitals that end a ship's name where the whole caption is printed in capitals.
_UPPER_STOP = frozenset(("takes", "sails", "and", "in", "with", "at", "on", "during", "arrives", "enters", "off", "leaves", "returns", "departs", "alongside", "conducts"))
_INNER = frozenset(("the", "de", "d'", "d’", "of", "da", "della", "di", "del", "van"))
_LONGEST = 6


class ShipRules(UnitScan):
    """Rules for ships."""

    def ship(self, i: int) -> None:
        """A ship by its prefix at token `i`, which may have full stops: `U.S.S. Cole`."""
        j = self._behind_prefix(i)
        if not self.t.word[i].isupper() or j == i:
            return
        if self.word(j).isdecimal() and not self.t.glued(j):
            j += 1
        first = i
        if self.word(j) == ")" and self.word(i - 1) == "(":
            # Her Majesty's Canadian Ship (HMCS) FREDERICTON
            k = i - 2
            while k >= 0 and i - k < 8 and (self.capital(k) or self.low(k) in ("'s", "’s")):
                k -= 1
            first, j = k + 1, j + 1
        quote = self.word(j) if self.word(j) in ("“", '"', "‘", "'", "«", "„") else ""
        name = j + 1 if quote else j
        e = self._name_end(name, shouted=self.word(name).isupper() and len(self.word(name)) > 2)
        if e > name:
            if quote and self.word(e) in ("”", '"', "’", "'", "»", "“"):
                e += 1
            self.add(first, e, "ship", None, "ship", 3)

    def _behind_prefix(self, i: int) -> int:
        """Behind the prefix that begins at token `i`; `i` itself where there is none."""
        t, prefixes = self.t, self.kinds["ship-prefix"]
        if t.low[i] in prefixes:
            return i + 1
        j, letters = i, ""
        while len(self.word(j)) == 1 and self.capital(j) and self.word(j + 1) == "." and t.glued(j + 1) and len(letters) < 5:
            letters += t.low[j]
            j += 2
        return j if letters in prefixes else i

    def _name_end(self, name: int, shouted: bool = False) -> int:
        """Behind a ship's name: capitalised words, initials and small words between them."""
        t, j = self.t, name
        while j < len(t) and j - name < _LONGEST:
            w = t.word[j]
            if (w == "." and t.glued(j) and j > name and (len(t.word[j - 1]) == 1 or t.low[j - 1] in ("st", "jr", "sr"))) or (w == "-" and t.glued(j) and j + 1 < len(t) and t.glued(j + 1)) or (w in _INNER and j > name and self.capital(j + 1) and not lookup_country(self.word(j + 1))) or (self.capital(j) and not (shouted and t.low[j] in _UPPER_STOP) and not (
                    j > name and w in ("Carrier", "Amphibious", "Strike", "Expeditionary"))):
                j += 1
            else:
                break
        while j > name and t.word[j - 1] in ".-" and not self.capital(j - 2):
            j -= 1
        return j

    def ship_by_type(self, i: int) -> None:
        """A ship by its type at token `i`: `frigate „Hessen“`, `minesweeper Rongcheng`, `Marado landing ship`."""
        phrase = next((p for p in self.by_last["ship-type"][self.low(i)] if tuple(
            self.t.low[max(0, i - len(p) + 1) : i + 1]) == p), None)
        if phrase is None:
            return
        k = i + 1
        if self.low(i) == "cutter" and self.capital(i):
            self._cutter(i)
            return
        while self.low(k) == "проекта" or (self.word(k).isdecimal() and self.low(i + 1) == "проекта") or (
                self.word(k) == "." and self.word(k + 1).isdecimal()):
            k += 1
        if self.low(k) in self.kinds["ship-prefix"] and self.word(k).isupper():
            return
        if self.word(k) == "," and self.low(k + 1) == "the" and self._may_name(k + 2):
            e = self._name_end(k + 2)
            if self.word(e) == ",":  # China's third aircraft carrier, the Fujian, conducts
                self.add(k + 2, e, "ship-name", None, "ship")
                return
        q = self.quoted(k)
        between = k + 1 + 3 * (self.word(k + 1) == "(" and self.word(k + 3) == ")")
        if q == k and self.is_word(k) and self.quoted(between) > between:
            k, q = between, self.quoted(between)  # le porte-hélicoptères amphibie « Tonnerre »
        if q > k:
            end = q - 4 if self.word(q - 1) == ")" else q - 1
            self.add(k + 1, end, "ship-name", None, "ship", 2)
        elif self._may_name(k):
            e = self._name_end(k)
            if self.word(e).isdecimal() and len(self.word(e)) < 4 and phrase[0] in ("patrol", "coast") and self.low(e + 1)[:1].isalpha():
                e += 1  # the patrol ship Taepyongyang 7
            if self.low(e) not in ("'s", "’s"):
                self.add(k, e, "ship-name", None, "ship")
        else:
            self._named_before(i - len(phrase) + 1)

    def _may_name(self, k: int) -> bool:
        """Whether the capitalised word at `k` can be a ship's name."""
        low = self.low(k)
        return self.capital(k) and low not in self.kinds["stop"] and low not in nationalities() and (
            low not in self.kinds["echelon"] and low not in self.kinds["not-ship"] and low not in ("north", "south"))

    def _named_before(self, f: int) -> None:
        """`the 14,500-ton Marado landing ship`: one capitalised word right before the type."""
        k = f - 1
        if self.low(f) != "carrier" and self._may_name(k) and not self.capital(k - 1) and self.low(k) not in self.kinds["service"] and (
                self.word(f)[0].islower() and k > 0 and not lookup_country(self.word(k))) and self.word(k - 1) not in ".-":
            self.add(k, k + 1, "ship-name", None, "ship")

    def _cutter(self, i: int) -> None:
        """`Coast Guard Cutter Polar Star`."""
        e = i + 1
        while self.capital(e) and e - i < 4:
            e += 1
        first = i
        while self.low(first - 1) in ("guard", "coast"):
            first -= 1
        self.add(first, e, "ship", None, "ship", 3) if e > i + 1 else None
