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

from ingest.captions.gazetteer import Place, demonyms
from ingest.captions.lexicon import words
from ingest.captions.place_choice import region_key, settle
from ingest.captions.place_links import (
    APPOSITION,
    COUNTRY_GOES_ON,
    IN,
    LINKS,
    MARKED,
    RANK,
    REGION_OF,
    SKIP,
    SMALL_LETTER,
    links,
)
from ingest.captions.place_names import ARTICLES_AL, Name, NameReader
from ingest.captions.place_weight import weigh
from ingest.captions.tokens import Tokens


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


#: The head of a text, line or sentence.
HEAD = re.compile(r"(?:\A|\n|[.!?:|]\s|\A(?:<p>|\*+|FILE\s[-–—]|epa\w*)\s*)[\s\"“(«'‘•-]*\Z")
#: Words of ours.
_ENGLISH = frozenset(("the", "of", "and", "with", "at", "near", "from", "during", "are", "this"))
#: Small words of other languages in Latin letters; a caption without them and without ours is taken for English.
_OTHER = re.compile(
    r"\b(?:der|die|das|und|im|von|bei|am|le|la|les|des|et|du|dans|el|los|las|en|del|y|di|della|il|nel|al|w|na|z|i|och|på|av"
    r"|med|de|da|do|em|no|um|ein|eine|une?|per)\b|[^\x00-\u024f\u2010-\u2060]{3}")
_BEARING = re.compile(r"\b(?:north|south|east|west)(?:east|west)? of\s")
#: Letters of Polish, Czech, Slovak, Latvian and Lithuanian.
_INFLECTING = re.compile(r"[ąćęłńśźżřěůčšžťďāēīūģķļņėįų]")
#: White space and the marks that open a sentence.
_OPENING = "".join(filter(str.isspace, map(chr, range(0x3001)))) + "\"“(«'‘•-"


def at_head(before: str) -> bool:
    """Whether `before` ends where a text, a line or a sentence begins: `HEAD.search`, without its search."""
    said = before.rstrip(_OPENING)
    if not said:
        return True
    gap = before[len(said) :]
    if "\n" in gap or (said[-1] in ".!?:|" and gap[:1].isspace()):
        return True
    return said.startswith(("<p>", "*", "FILE", "epa")) and HEAD.search(before) is not None


_ROMANCE_OF = frozenset(("de", "du", "del", "di", "da", "do"))
_SMALL = frozenset(("the", "a", "an", "its", "his", "their", "le", "la", "les", "l", "den", "dem", "der", "el", "some"))


@lru_cache(maxsize=1)
def _small_openers() -> frozenset[str]:
    """What a name may begin with in small letters: a military site's type, or its first word; the Arabic article."""
    sites = words("place_words", "military-site")
    return sites | {phrase.split()[0] for phrase in sites} | ARTICLES_AL


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


class PlaceReader(NameReader):
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
        english = self.english = not _ENGLISH.isdisjoint(tokens.word) or _OTHER.search(tokens.text) is None
        self.inflects = not english and _INFLECTING.search(tokens.text) is not None
        table = demonyms()
        nations = [table[w] for w in tokens.low if w in table]
        #: The country that the caption's adjectives name most often; breaks ties among homonyms.
        self.nation = max(sorted(set(nations)), key=nations.count) if nations else nation if nation != "RU" else None
        #: The country of the people it speaks of, unless it is one whose forces and correspondents are everywhere.
        self.at_home = self.nation if str(self.nation).lower() not in words("place_words", "abroad") else None
        self.places, self.moves = _prepositions(self.english)
        #: How many characters are dates.
        self.dated = sum(b - a for a, b in dates)
        self.governed_by: dict[int, Preposition] = {}

    def read(self) -> list[Phrase]:
        """All place phrases, each with its weight."""
        t, openers = self.t, _small_openers()
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
            settle(phrase, self.text, self.nation)
            phrase.weight = weigh(self, phrase)
        return out

    def only_dates_before(self, offset: int) -> bool:
        """Whether nothing but dates and marks stands before `offset`: it is the text's head."""
        if offset - self.dated >= 24:
            return False
        at, rest = 0, ""
        for a, b in self.dates:
            if b <= offset:
                rest += self.text[at:a]
                at = b
        rest += self.text[at:offset]
        return len(rest) < 24 and not any(c.isalnum() for c in rest)

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
        if name.kind == "unknown" and self._called_settlement(name):
            name.kind = "settlement"
            return True
        near = self.preposition(name.start)
        if name.kind in ("unknown", "venue", "organisation"):
            if near.kind == "place" and near.close and (self.english or not text[name.start].isascii() or name.kind == "venue"):
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
        if before.endswith("(") and text.startswith(")", name.end) and (name.kind == "unknown" or text[name.start : name.end].isupper()):
            return False  # an acronym behind what it stands for
        if any(0 <= a - name.end <= 3 for a, _ in self.taken) and name.kind != "unknown":
            return True
        return name.kind in ("site", "sea") or before.endswith(("(", ", ")) or (
            name.kind in ("settlement", "region") and self._leads_wider(name)
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
            if low in self.places:
                two = f"{t.low[k - 1]} {low}" if k else low
                return Preposition(two if two in self.places else low, "place", close)
            if low in self.moves:
                if low == "of" and k and t.low[k - 1] in ("outskirts", "outside", "front", "waters", "edge", "coast", "south",
                                                          "north", "east", "west", "part", "shores", "off", "suburb"):
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

    def next_name(self, at: Name, names: list[Name]) -> Name | None:
        """The wider name that follows, joined by a link; None where the phrase ends."""
        text = self.text
        if at.kind == "country" and not COUNTRY_GOES_ON.match(text, at.end):
            return None
        if at.kind == "sea" and not re.match(r"\s+(?:off|near)\s", text[at.end : at.end + 6]):
            return None
        for kind, link in links(text[at.end : at.end + 1]):
            found = self._over_apposition(at) if kind == "apposition" else self._linked(link, at)
            if found is None:
                continue
            name, gap = found
            if self._joins(kind, gap, at, name, names):
                name.link = kind
                return name
        return None

    def _over_apposition(self, at: Name) -> tuple[Name, str] | None:
        """The region or country at the end of an apposition: `Example, a town emptied by shelling in the X region`."""
        opening = APPOSITION.match(self.text, at.end)
        if opening is None:
            return None
        for m in IN.finditer(self.text, opening.end(), min(self.end, at.end + 110)):
            gap = self.text[at.end : m.end()]
            if "." in gap or ";" in gap:
                return None
            token = self._behind_small_words(m.end())
            name = self.name_at(token) if token is not None else None
            if name is not None and name.kind in ("region", "country"):
                return name, gap
        return None

    def _linked(self, link: re.Pattern[str], at: Name) -> tuple[Name, str] | None:
        """The name behind a link that starts where `at` ends, and the link's text."""
        m = link.match(self.text, at.end)
        if not m or m.end() > self.end:
            return None
        at_name = self._behind_small_words(m.end())
        name = self.name_at(at_name) if at_name is not None else None
        return (name, m.group()) if name is not None else None

    def _behind_small_words(self, offset: int) -> int | None:
        """The token that begins behind articles, compass words and type words at `offset`."""
        skip = SKIP.match(self.text, offset)
        behind = skip.end() if skip else offset
        token = self._token_at(behind)
        typed = REGION_OF.search(self.text, offset, behind)
        if typed and token is not None and (name := self.name_at(token)) is not None and name.kind in (
                "region", "settlement", "unknown"):
            name.start, name.kind = typed.start(), "region"
        return token

    def _joins(self, kind: str, gap: str, at: Name, found: Name, names: list[Name]) -> bool:
        """Whether a name joined by this link belongs to the phrase."""
        if kind == "comma" and found.kind == "country":
            self._state_after_all(at, found)
        if kind == "comma" and _BEARING.search(self.text, at.end, found.start):
            return False  # Taji, north of Baghdad: near it, not in it
        wider = found.kind in ("country", "region", "gone")
        if kind == "space":
            if not self.text[found.start].isascii():
                return RANK[found.kind] >= 1 and at.kind in ("settlement", "unknown", "minor", "site", "region")
            return found.kind == "country" and at.kind in ("settlement", "region")
        if kind == "paren":
            return found.kind in ("region", "country") or (
                found.kind == "settlement" and any(q.kind == "region" for q in found.places)
            )
        if kind == "poss":
            return at.kind in ("country", "settlement", "region") and (
                found.kind in ("region", "settlement", "minor", "site", "sea")
                or (found.kind == "venue" and at.kind == "country" and self.t.low[found.behind - 1] in self.lists["feature-word"])
                or (found.kind == "venue" and at.kind == "settlement" and any(q.population > 50_000 for q in at.places))
            )
        if kind == "type" and at.kind in ("country", "region") and gap.rstrip().endswith("of") and found.kind in (
                "settlement", "unknown"):
            found.kind = "settlement"  # the Ukraine town of X
            return True
        if kind == "date":
            return found.kind in ("settlement", "region", "country", "site")
        if kind in ("apposition", "amid"):
            if not (at.kind in ("settlement", "unknown", "site") and wider and self._narrow(names)) or "." in gap:
                return False
            return kind == "apposition" or re.search(r",\s+in\s", gap) is not None
        if kind == "near" and at.kind == "region" and " of " in gap:
            return found.kind == "settlement" and found.places[:1] != at.places[:1]
        if kind in ("near", "away"):
            towns = tuple(q for q in found.places if q.kind == "settlement" and q.population > 50_000)
            if found.kind == "region" and towns and self.text[found.start : found.end].istitle():
                found.kind, found.places = "settlement", towns  # north of Baghdad: the city
            return at.kind in ("venue", "unknown", "settlement", "site", "organisation", "minor", "sea") and found.kind in (
                "settlement", "region", "country"
            )
        if found.kind == "unknown":
            if not self._leads_wider(found):
                return False
            if kind == "comma" and "in " not in gap:
                return at.kind in ("unknown", "venue", "site", "settlement")
            return kind == "in" and at.kind in ("unknown", "venue", "site", "minor")
        if found.kind == "venue":
            return at.kind in ("unknown", "venue", "site") and self._leads_wider(found)
        if kind == "comma" and at.kind == "region" and wider and found.places:
            self._town_after_all(at, found.places[0].country)
        headed = at_head(self.text[: at.start]) or self.only_dates_before(at.start)
        if kind == "comma" and at.kind == "region" and headed and found.kind in ("settlement", "region"):
            inside = tuple(q for q in found.places if q.kind == "settlement" and at.places and q.country == at.places[0].country)
            if inside:
                found.kind, found.places = "settlement", inside
        if kind == "comma" and at.kind == "region" and found.kind == "settlement":
            return not re.search(r"[^\W\d_]", self._line_before(at))
        if ":" in gap and kind == "comma" and at.kind != "country":
            return False
        if kind == "comma" and at.kind in ("country", "gone"):
            if ":" in gap:
                return found.kind in ("settlement", "region")  # Egypt: Cairo
            return found.kind in ("settlement", "region") and at_head(self.text[: at.start])
        if kind == "stop":
            return at.kind == "gone" and found.kind in ("region", "settlement")
        if RANK[found.kind] < RANK.get(at.kind, 0) or (kind == "in" and at.kind == "country"):
            return False
        if at.kind == "settlement" and found.kind == "settlement" and kind == "comma":
            if re.search(r"\bin\b", gap):
                return False  # in Lviv, in Odesa: two places
            return self._leads_wider(found) or _same_country(at, found)
        return not (at.kind == "region" and found.kind == "region" and kind not in ("comma", "in"))

    @staticmethod
    def _state_after_all(at: Name, found: Name) -> None:
        """`Atlanta, Georgia`: a name that is a country's and a state's is the state's where only there is such a town."""
        states = {q.key: q for q in found.places if q.kind == "region"}
        if states and not any(q.country == found.places[0].country for q in at.places):
            inside = tuple(states[q.region] for q in at.places if q.region in states)
            if inside:
                found.kind, found.places = "region", inside[:1]

    @staticmethod
    def _town_after_all(at: Name, country: str | None) -> None:
        """`Norfolk, Virginia`: a name that is a region only elsewhere is the town in this country."""
        if not any(q.kind != "settlement" and q.country == country for q in at.places):
            towns = tuple(q for q in at.places if q.kind == "settlement" and q.country == country)
            if towns:
                at.kind, at.places = "settlement", towns

    def _line_before(self, name: Name) -> str:
        """What stands on the name's line before it."""
        return self.text[self.text.rfind("\n", 0, name.start) + 1 : name.start]

    def _narrow(self, names: list[Name]) -> bool:
        return not any(x.kind in ("region", "country") for x in names)

    def _leads_wider(self, name: Name, depth: int = 0) -> bool:
        """Whether a wider name follows this one."""
        for kind, link in links(self.text[name.end : name.end + 1]):
            if kind not in ("comma", "in", "near", "date", "type", "space", "paren"):
                continue
            found = self._linked(link, name)
            if found is None:
                continue
            nxt = found[0]
            if kind == "space":
                if nxt.kind == "country":
                    return True
            elif nxt.kind in ("settlement", "region", "country", "site", "sea") or (kind == "comma" and depth < 4 and nxt.first > name.first and self._leads_wider(nxt, depth + 1)):
                return True
        return False

    def _token_at(self, offset: int) -> int | None:

        k = bisect.bisect_left(self.t.start, offset)
        return k if k < len(self.t) and self.t.start[k] == offset else None


def _same_country(a: Name, b: Name) -> bool:
    return bool({p.country for p in a.places} & {p.country for p in b.places})


__all__ = ["Name", "Phrase", "PlaceReader", "region_key"]
