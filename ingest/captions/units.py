"""Formations of a caption: every rule over one pass of tokens, then the longest reading of each stretch.

    chain = formation { ( "," | "of the" | "'s" ) formation } ;

    "Company B, 2-135th General Support Aviation Battalion"     two formations, the first within the second
    "Givati Brigade's Shaked Battalion"                          the second within the first
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from itertools import compress

from archive.folding import fold
from ingest.captions.designations import DesignationRules
from ingest.captions.formations import EchelonRules
from ingest.captions.gazetteer import lookup
from ingest.captions.lexicon import is_service, nationalities, unit_entries, unit_words
from ingest.captions.phrase_formations import PhraseRules
from ingest.captions.ships import ShipRules
from ingest.captions.tokens import SPACES
from ingest.captions.unit_scan import Formation, lexicon

_PRESS = re.compile(r"['’]?s?\s+(?:press|media)\s+(?:service|office|cent(?:er|re))|\s+spokes", re.I)
_JOIN_THE = re.compile(r"\s+[Tt]he\s+")
_OF_THE = re.compile(r"\s+of\s+(?:the\s+)?")
_COMMA = re.compile(r",?\s+(?:of\s+(?:the\s+)?|the\s+|from\s+(?:the\s+)?)?|\s+\([^()]{1,30}\),?\s+")
#: A company of a battalion is one formation in German and French: `3. Kompanie des Panzergrenadierbataillons 122`.
_OF_GERMAN = re.compile(r"\s+(?:des|der|du|de la|della)\s+")
_GLOSS = re.compile(r"(?: \([^()]{1,40}\))? \(")
_OWNER = re.compile(r"['’]s?\s+")
_OPENED, _CLOSED = re.compile(rf"(?:,\s+|{SPACES})[\"“”‘'«„]"), re.compile(r"[\"“”’'»]\s+")


@lru_cache(maxsize=1)
def _provider_before() -> re.Pattern[str]:
    listed = "|".join(sorted(map(re.escape, unit_words("provider-before")), key=len, reverse=True))
    return re.compile(rf"(?:{listed})(?:\s+(?:[^\s,.;()]+|(?:[a-z]\.){{2,4}})){{0,3}}\Z")


class UnitReader(EchelonRules, PhraseRules, ShipRules, DesignationRules):
    """Reads the formations of one caption."""

    def read(self) -> list[Formation]:
        """All formations, in order, without overlap; those named only as a provider are left out."""
        low = self.t.low
        for i in compress(range(self.count), map(_rules, low)):
            for rule in _rules(low[i]):
                rule(self, i)
        return self._joined(self._longest())

    def _authority(self, i: int) -> None:
        """The longest name of an authority entry that begins at token `i`."""
        t = self.t
        lengths, names = unit_entries().cut(t.low[i], self.low(i + 1))
        for n in lengths:
            name = names.get(tuple(t.low[i : i + n]))
            if name is None or len(name.tokens) < n:  # cut short by the caption's end
                continue
            tokens, ids, need, skip = name
            w = t.word[i]
            if w[0].islower() and w.isascii():
                continue
            if n == 1 and ((len(w) <= 3 and not w.isupper()) or self._inside_a_name(i)):
                continue
            if need == "ship" and not self._behind_ship_type(i):
                continue
            if (need == "capitals" and not w.isupper()) or (tokens[0] == "the" and not self.capital(i + 1)):
                continue
            if self.low(i - 1) == "at" or (self.capital(i + n) and self.low(i + n) in self.kinds["not-unit-behind"]):
                continue  # at Horse Guards, Horse Guards Parade
            numbered = self.number_ending_at(i - 1) if skip == 0 and self.low(i - 1) in self.kinds["ordinal-suffix"] else None
            if numbered and not tokens[0][0].isdecimal():  # 2/6th Duke of Wellington's Regiment
                self.add(numbered[0], i + n, "numbered-formation", numbered[1], "regiment", 3)
                return
            self.add(i + skip, i + n, "authority", priority=2, authority=ids)
            return

    def _behind_ship_type(self, i: int) -> bool:
        """Whether a ship's type stands before token `i`, with or without an opening quote between."""
        j = i - 1 - (i > 0 and not self.is_word(i - 1))
        return j >= 0 and any(tuple(self.t.low[max(0, j - len(p) + 1) : j + 1]) == p
                              for p in self.by_last["ship-type"].get(self.t.low[j], ()))

    def _inside_a_name(self, i: int) -> bool:
        """Whether token `i` belongs to a longer name that is no formation: `Richard Wagner`, `Sea of Azov`."""
        before = i > 1 and self.capital(i - 1) and self.low(i - 1) not in nationalities()
        after = self.capital(i + 1) and self.low(i + 1) not in self.kinds["echelon"]
        of = i > 1 and self.low(i - 1) == "of" and self.capital(i - 2) and not (len(self.word(i)) > 3 and self.word(i).isupper())
        return before or after or (of and (i > 2 or bool(lookup(self.t.text[self.t.start[i - 2] : self.t.end[i]]))))

    def _longest(self) -> list[Formation]:
        """One formation a stretch: the longer wins, then the surer rule; whole services and providers are none."""
        if not self.found:
            return []
        chosen: dict[range, Formation] = {}
        taken: set[int] = set()
        for f in sorted(self.found, key=lambda f: (-(f.behind - f.first), -f.priority)):
            tokens = range(f.first, f.behind)
            twin = chosen.get(tokens)
            if twin is not None and twin.rule == "authority":
                twin.rule, twin.number, twin.echelon = f.rule, f.number, f.echelon
            elif taken.isdisjoint(tokens):
                taken.update(tokens)
                chosen[tokens] = f
        text = self.t.text
        out: list[Formation] = []
        handed_out = -1
        for f in sorted(chosen.values(), key=lambda f: f.start):
            if self._provides(f):
                handed_out = f.end
            elif not is_service(text[f.start : f.end]) and not self._gloss_of(handed_out, f):
                out.append(f)
        return [f for f in out if not (_provider_before().search(fold(text[max(0, f.start - 60) : f.start])) and any(
            g.start > f.end and text[g.start : g.end].startswith(text[f.start : f.end] + " named after") for g in out))]

    def _gloss_of(self, end: int, f: Formation) -> bool:
        """Whether the formation is only the short form, in brackets, of what ends at `end`: `... Eleven (HS-11)`."""
        text = self.t.text
        return end > 0 and text[f.end : f.end + 1] in (")", "(") and _GLOSS.fullmatch(text, end, f.start) is not None

    def _provides(self, f: Formation) -> bool:
        """Whether the formation only handed the picture out: `provided by the X`, `the X's press service`."""
        text = self.t.text
        if _PRESS.match(text, f.end):
            return True
        if text.startswith(" of the ", f.end):
            return False  # one level of several: named, and not only as who handed it out
        before = fold(text[max(0, f.start - 60) : f.start])
        return _provider_before().search(before) is not None

    def _joined(self, found: list[Formation]) -> list[Formation]:
        """`1st Battalion the Mercian Regiment` and `1st battalion of the 5th Brigade` are one formation each."""
        text = self.t.text
        out: list[Formation] = []
        for at, f in enumerate(found):
            before = out[-1] if out else None
            behind = found[at + 1] if at + 1 < len(found) else None
            if before is not None and (self._gloss_of(before.end, f) or self._nickname(before, f)):
                continue
            if behind is not None and self._nickname(behind, f):
                continue
            if before is not None and before.number and before.rule == "numbered-formation":
                gap = text[before.end : f.start]
                named = gap == " " and f.rule == "authority" and before.echelon in ("brigade", "battalion", "regiment")
                if _OF_GERMAN.fullmatch(gap) or (named and not f.number):
                    out[-1] = Formation(before.first, f.behind, before.start, f.end, before.rule, before.number,
                                        before.echelon)
                    continue
                chained = (len(out) > 1 and text[out[-2].end : before.start].strip() == ",") or (
                    at + 1 < len(found) and text[f.end : found[at + 1].start].strip() == ",")
                if _JOIN_THE.fullmatch(gap) or (_OF_THE.fullmatch(gap) and not chained and f.number
                                                and before.echelon == "battalion"
                                                and "the" in gap):
                    out[-1] = Formation(before.first, f.behind, before.start, f.end, before.rule, before.number,
                                        before.echelon, (), before.priority)
                    continue
            out.append(f)
        return [self._with_the_rifles(f) for f in out]

    def _nickname(self, designated: Formation, named: Formation) -> bool:
        """Whether the second is the first's name in quotes: `1st Separate Assault Battalion "Da Vinci Wolves"`."""
        first, second = sorted((designated, named), key=lambda f: f.start)
        quote = _OPENED if first is designated else _CLOSED
        return bool(designated.number) and not named.number and named.rule == "authority" and (
            quote.fullmatch(self.t.text, first.end, second.start) is not None)

    def _with_the_rifles(self, f: Formation) -> Formation:
        """`3rd Battalion The Rifles`: a regiment that is only its article and head."""
        e = f.behind
        if f.number and f.echelon == "battalion" and self.word(e) == "The" and self.low(e + 1) in self.by_last["regiment-head"] and (
                self.capital(e + 1)):
            return Formation(f.first, e + 2, f.start, self.t.end[e + 1], f.rule, f.number, f.echelon, (), f.priority)
        return f

    def within(self, found: list[Formation]) -> dict[int, str]:
        """For each formation by its index, the printed name of the one it is printed as part of."""
        text, out = self.t.text, {}
        for k in range(len(found) - 1):
            gap = text[found[k].end : found[k + 1].start]
            if _OWNER.fullmatch(gap):
                out[k + 1] = text[found[k].start : found[k].end]
            elif _COMMA.fullmatch(gap):
                out[k] = text[found[k + 1].start : found[k + 1].end]
        return out


@lru_cache(maxsize=1 << 14)
def _rules(low: str) -> tuple[Callable[[UnitReader, int], None], ...]:
    """The rules that a token with these letters may start, in the order in which they are tried.

    Most words start none, so a caption's words are looked up here and nowhere else.
    """
    kinds, by_last = lexicon()
    german = (len(low) > 10 and low.endswith(tuple(kinds["echelon-suffix"]))) or low.endswith("btl")
    rules: tuple[tuple[bool, Callable[[UnitReader, int], None]], ...] = (
        (low in unit_entries(), UnitReader._authority),
        (low in kinds["echelon"], UnitReader.echelon),
        (german and low not in kinds["echelon"], UnitReader.german),
        (low in by_last["compound"], UnitReader.compound),
        (low in by_last["state-force"], UnitReader.state_force),
        (low in by_last["civil-head"], UnitReader.civil_head),
        (low in by_last["regiment-head"], UnitReader.regiment),
        (low in kinds["ship-prefix"] or low in {p[0] for p in kinds["ship-prefix"]}, UnitReader.ship),
        (low in by_last["ship-type"], UnitReader.ship_by_type),
        (low in kinds["squadron-prefix"], UnitReader.squadron_prefix),
        (low in kinds["short-unit"], UnitReader.short),
        (low in kinds["headquarters"], UnitReader.headquarters),
        (len(low) > 6 and low.endswith("batt"), UnitReader.contingent),
        (low == "/", UnitReader.slash),
        (low == "station", UnitReader.station),
        (low == "group", UnitReader.raf_group),
        (low == "unit", UnitReader.unit),
        (low in ("force", "forces"), UnitReader.force),
    )
    return tuple(rule for starts, rule in rules if starts)


__all__ = ["Formation", "UnitReader"]
