"""Where the picture was taken: the place phrase, its most specific place, its region and its country.

location = [ venue link ] place { link wider } ;
wider    = [ compass ] ( place | region | country ) ;
link     = "," | "in" | "of" | "outside" | "'s" | "(" ... ")" | "," apposition "in" | date "in" ;

"Stepove, Sumy region, Ukraine"              place, region, country
"Camp Karliki in the Zagan forest of Poland's Lubusz Province"
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from ingest.captions.gazetteer import Place, demonyms, venues
from ingest.captions.lexicon import agency_named, words
from ingest.captions.place_choice import region_key, settle
from ingest.captions.place_joints import JointRules, at_head
from ingest.captions.place_links import LINKS, MARKED, SMALL_LETTER
from ingest.captions.place_scan import Name
from ingest.captions.place_weight import weigh
from ingest.captions.tokens import Tokens
from ingest.captions.unit_scan import ARTICLES_AL


@dataclass(slots=True)
class Phrase:
    """Names that belong together, from the first to the country."""

    names: list[Name]
    weight: float = 0.0
    rule: str = "phrase"
    before: str = ""
    start: int = 0
    end: int = 0
    country: str | None = None
    place: Name | None = None
    region: Name | None = None
    point: Place | None = None
    candidates: tuple[str, ...] = field(default_factory=tuple)

    def says_more_than_country(self) -> bool:
        """Whether it says more than a country alone."""
        return self.place is not None or self.region is not None


#: Words of ours.
_ENGLISH = frozenset(("the", "of", "and", "with", "at", "near", "from", "during", "are", "this"))
#: Small words of other languages in Latin letters; a caption without them and without ours is taken for English.
_OTHER = re.compile(
    r"\b(?:der|die|das|und|im|von|bei|am|le|la|les|des|et|du|dans|el|los|las|en|del|y|di|della|il|nel|al|w|na|z|i|och|på|av"
    r"|med|de|da|do|em|no|um|ein|eine|une?|per|à|au|aux|sur|pour|una|uno|con|por|para|uma|auf|mit|zum|zur|het|een|aan"
    r"|til|fra|som|är|ett)\b|[^\x00-\u024f\u2010-\u2060]{3}")
#: A first word of theirs in capitals, where a small word follows: no `Los Angeles`, no `La Paz`.
_OTHER_FIRST = re.compile(r"(?:Il|La|Le|Les|Un|Une|Una|Des|Der|Ein|Eine|El|Los|Las|Um|Uma|Gli|Dos) [a-zà-ÿ]|(?:Die|Das|Der|Eine?) \w")
#: Letters of Polish, Czech, Slovak, Latvian and Lithuanian.
_INFLECTING = re.compile(r"[ąćęłńśźżřěůčšžťďāēīūģķļņėįų]")
#: So many of them, and none of our small words, are no English caption with a name in it.
_MANY = 4
_OF = frozenset(("of", "von", "de", "di"))
_ROMANCE_OF = frozenset(("de", "du", "del", "di", "da", "do"))
_SMALL = frozenset(("the", "a", "an", "its", "his", "their", "le", "la", "les", "l", "den", "dem", "der", "el", "some"))


@lru_cache(maxsize=1)
def _small_openers() -> frozenset[str]:
    """What a name may begin with in small letters: a military site's type, or its first word; the Arabic article."""
    sites = words("place_words", "military-site")
    return sites | {phrase.split()[0] for phrase in sites} | ARTICLES_AL | words("place_words", "sea-head")


@lru_cache(maxsize=2)
def _prepositions(english: bool) -> tuple[frozenset[str], frozenset[str]]:
    """Words that put something in a place, and words that move it: those of other languages only outside English."""
    kinds = ("preposition", "moving")
    own, other = ([words("place_words", kind + tail) for kind in kinds] for tail in ("", "-other"))
    return (own[0], own[1]) if english else (own[0] | other[0], own[1] | other[1])


class Preposition(NamedTuple):
    """What governs a name: the word, whether it tells a place or a movement, whether only small words stand between."""

    word: str
    kind: str
    close: bool


class PlaceReader(JointRules):
    """Reads the place phrases of one caption."""

    def __init__(
        self,
        tokens: Tokens,
        taken: Sequence[tuple[int, int]],
        units: Sequence[tuple[int, int]],
        end: int,
        first_sentence_end: int,
        dates: Sequence[tuple[int, int]] = (),
        nation: str | None = None,
    ) -> None:
        """`nation` is what the caption's units belong to; the rest is as for names. `taken`: spans of the date the picture was taken; `units`: spans of formations; `end`: where the body ends."""
        super().__init__(tokens, taken, units, end, first_sentence_end, dates)
        # prepositions of other languages are letters in English: "a", "i", "w"
        inflecting = 0 if tokens.text.isascii() else len(_INFLECTING.findall(tokens.text))
        english = self.english = not _ENGLISH.isdisjoint(tokens.word) or (
            inflecting < _MANY and _OTHER.search(tokens.text) is None and _OTHER_FIRST.match(tokens.text) is None)
        self.inflects = not english and inflecting > 0
        table = demonyms()
        nations = [table[w] for w in tokens.low if w in table]
        #: The country that the caption's adjectives name most often; breaks ties among homonyms.
        self.nation = max(sorted(set(nations)), key=nations.count) if nations else nation if nation != "RU" else None
        #: The country of the people it speaks of, unless it is one whose forces and correspondents are everywhere.
        self.at_home = self.nation if str(self.nation).lower() not in words("place_words", "abroad") else None
        self.places, self.moves = _prepositions(self.english)
        self.governed_by: dict[int, Preposition] = {}

    def read(self) -> list[Phrase]:
        """All place phrases, each with its weight."""
        t, openers = self.t, _small_openers() | venues().uncapped
        out: list[Phrase] = []
        behind = 0
        for i, word in enumerate(t.word):
            if i < behind or not (word[0].isupper() or t.low[i] in openers):
                continue
            if t.start[i] >= self.end:
                break
            name = self.name_at(i)
            if name is None:
                continue
            phrase = self.phrase(name) if self._may_begin(name) else None
            if phrase:
                out.append(phrase)
            behind = phrase.names[-1].behind if phrase else name.behind
        for phrase in out:
            self._of_the_nation_before(phrase)
            self._town_at_home(phrase.names[0])
            settle(phrase, self.text, self.nation)
            phrase.weight = weigh(self, phrase)
        return out

    def _town_at_home(self, name: Name) -> None:
        """`a Bolivian soldier in Sucre`: a name that is a region only abroad is the town of the caption's people."""
        home = [q for q in name.places if q.country == self.nation]
        if name.kind == "region" and home and all(q.kind == "settlement" and q.population > 20_000 for q in home):
            name.kind, name.places = "settlement", tuple(home)

    def _of_the_nation_before(self, phrase: Phrase) -> None:
        """`the eastern Ukrainian city of Donetsk`: of homonyms only those count that lie in the country said before."""
        t, first = self.t, phrase.names[0]
        k = first.first - 1
        if k > 0 and t.low[k] == "of":
            k -= 1
        if k < 1 or not (t.low[k] in self.lists["settlement-type"] or t.low[k] in self.lists["region-type"]):
            return
        for j in range(k - 1, max(-1, k - 4), -1):
            country = demonyms().get(t.low[j])
            if country is not None and t.word[j + 1][0].isalpha():
                own = tuple(q for q in first.places if q.country == country)
                first.places = own or first.places
                return
            if not t.word[j][0].islower():
                return

    def _called_settlement(self, name: Name) -> bool:
        """Whether the words before say that it is one: `the town of Example`, `у селі Приклад`."""
        t, k = self.t, name.first - 1
        if k >= 0 and t.low[k] == "of":
            k -= 1
        return k >= 0 and t.low[k] in self.lists["settlement-type"] and t.word[k][0].islower()

    def _known_behind(self, name: Name) -> bool:
        """Whether a comma and a known region or country follow directly."""
        found = self._linked(LINKS[1][2], name)
        return found is not None and found[0].kind in ("region", "country") and found[1].strip() == ","

    def _may_begin(self, name: Name) -> bool:
        """Whether a place phrase may begin here: behind a preposition, or at the head of a line or sentence.

        A name at the head counts only where a mark follows it (`Kyiv, Ukraine`, `ROTA, Spain (`, `Libya:`).
        """
        text = self.text
        before = text[max(0, name.start - 80) : name.start]
        if at_head(before) or self.only_dates_before(name.start):
            marked = MARKED.match(text[name.end : name.end + 4]) is not None
            dated = " " not in text[name.start : name.end] and any(0 <= a - name.end <= 3 for a, _ in self.taken)
            if name.start == 0 and name.kind == "settlement" and self._low(name.behind) in self.lists["behind-head"]:
                return True  # Дружківка після обстрілу
            return marked and (name.kind not in ("unknown", "venue") or dated or self._leads_wider(name))
        if name.kind in ("unknown", "region") and self._called_settlement(name):
            name.kind = "settlement"
            return True
        near = self.preposition(name.start)
        if name.kind in ("unknown", "venue", "organisation"):
            if near.kind == "place" and near.close and (near.word != "of" or name.places) and (
                    self.english or not text[name.start].isascii() or name.kind == "venue" or self._leads_wider(name)):
                return name.kind != "organisation" or self._leads_wider(name)
            if name.kind == "organisation":
                return False
            if name.kind == "unknown" and self._known_behind(name) and name.behind - name.first <= 3 and SMALL_LETTER.search(before[-2:]):
                return True
            return (not self.shouted and before.endswith((", ", " - ", "– ", "(")) and self._leads_wider(name)) or (
                name.kind == "venue" and self._leads_wider(name)
            )
        if near.kind:
            return True
        if name.kind == "organisation":
            return False
        if before.endswith("(") and text.startswith(")", name.end) and (
                name.kind == "unknown" or text[name.start : name.end].isupper() or agency_named(text[name.start : name.end])):
            return False  # an acronym behind what it stands for, an agency that filed it
        if any(0 <= a - name.end <= 3 for a, _ in self.taken) and name.kind != "unknown":
            return True
        return name.kind in ("site", "sea") or before.endswith(("(", ", ")) or (
            name.kind in ("settlement", "region") and (self.english or text.startswith(",", name.end)) and self._leads_wider(name)
        ) or (name.kind == "country" and text.startswith(("'s ", "’s "), name.end))

    def preposition(self, offset: int) -> Preposition:
        """The preposition that governs the name at `offset`, looking back over small words."""
        if offset not in self.governed_by:
            self.governed_by[offset] = self._preposition(offset)
        return self.governed_by[offset]

    def _preposition(self, offset: int) -> Preposition:
        t = self.t
        k = bisect.bisect_left(t.start, offset) - 1
        close, odd = True, 0
        for _ in range(9):
            if k < 0:
                break
            w, low = t.word[k], t.low[k]
            two = f"{t.low[k - 1]} {low}" if k else low
            if low in self.lists["shown-genitive"]:
                return Preposition("of", "place", close)
            if two in self.places or low in self.places:
                return Preposition(two if two in self.places else low, "place", close)
            if low in self.moves:
                if low in _OF and k and t.low[k - 1] in self.lists["shown-of"]:
                    return Preposition("of", "place", close)
                if low == "of" and k and t.low[k - 1] in self.lists["part-of"]:
                    k -= 1
                    continue
                if low == "von" and k and t.low[k - 1] in self.places:
                    k -= 1
                    continue
                if low in _ROMANCE_OF and k and t.low[k - 1] in self.lists["venue-small"]:
                    k -= 2
                    continue
                if low in ("of",) and k and t.low[k - 1] in self.lists["settlement-type"] | self.lists["region-type"]:
                    k -= 1
                    continue
                return Preposition(low, "moving", close)
            if w.isdecimal() and k + 1 < len(t) and t.low[k + 1] in ("km", "kms", "kilometers", "kilometres", "miles", "mi"):
                return Preposition("near", "place", True)
            if w == ")" and k > 3 and "(" in t.word[k - 4 : k]:
                k -= t.word[k - 4 : k][::-1].index("(") + 2  # 10km (6 miles) northwest of
                continue
            if w in "\"“«‘'(" or low in _SMALL or low in self.lists["compass"]:
                k -= 1
                continue
            if low in demonyms() or low in self.lists["settlement-type"] or low in self.lists["region-type"] or (
                low in self.lists["minor-type"]
            ) or (
                low.endswith(("ern", "held", "controlled", "occupied", "hit", "ской", "ском", "ском", "ської", "ській")) or w == "-"
            ) or low in self.lists["military-site"]:
                k -= 1
                continue
            if w[0].isupper() and k and t.low[k + 1] in self.lists["settlement-type"]:
                k -= 1  # in the Taliban stronghold of ...
                continue
            if w[0].islower() and odd < 2:
                odd += 1
                close = False
                k -= 1
                continue
            break
        return Preposition("", "", False)

    def phrase(self, first: Name) -> Phrase | None:
        """The phrase that begins with this name, followed by wider names."""
        names = [first]
        if first.kind in (
            "unknown",
            "venue",
            "minor",
            "site",
            "settlement",
            "region",
            "country",
            "sea",
            "gone",
            "continent",
        ):
            at = first
            while len(names) < 7:
                nxt = self.next_name(at, names)
                if nxt is None:
                    break
                names.append(nxt)
                at = nxt
        if len(names) > 1 and names[1].link in ("near", "away") and self.preposition(first.start).kind == "moving":
            del names[0]  # the road to X, near Y: it is near Y
        known = [x for x in names if x.kind not in ("unknown", "venue", "minor", "organisation")
                 or (x.kind == "minor" and x.places)]
        if not known and first.kind not in ("venue", "unknown"):
            return None
        phrase = Phrase(names)
        phrase.start, phrase.end = names[0].start, names[-1].end
        if (
            self.text[phrase.end - 1 : phrase.end] != ")"
            and "(" in self.text[phrase.start : phrase.end]
            and self.text[phrase.end : phrase.end + 1] == ")"
        ):
            phrase.end += 1
        before = self.text[max(0, phrase.start - 60) : phrase.start]
        phrase.before = before
        return phrase


__all__ = ["Name", "Phrase", "PlaceReader", "region_key"]
