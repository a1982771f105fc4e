"""How the names of a place phrase follow one another: whether a name behind a link belongs to the phrase.

    wider = [ compass ] ( place | region | country ) ;
    link  = "," | "in" | "of" | "outside" | "'s" | "(" ... ")" | "," apposition "in" | date "in" ;

    "Ilave, in Peru's Puno region"
    "Stepove, a village emptied by shelling in the Sumy region"
"""

from __future__ import annotations

import bisect
import re

from ingest.captions.gazetteer import demonyms
from ingest.captions.place_links import APPOSITION, COUNTRY_GOES_ON, IN, ISLAND_OF, RANK, REGION_OF, SKIP, links
from ingest.captions.place_names import NameReader
from ingest.captions.place_scan import Name

#: The head of a text, line or sentence. The marks that open it are read once, not again from each line break in them.
_OPENS = r"[\s\"“(«'‘•-]"
HEAD = re.compile(
    rf"(?:\A(?:<p>|\*+|FILE\s[-–—]|epa\w*)?|(?<!U\.S)[.!?:|]\s|(?<!{_OPENS})(?:(?!\n){_OPENS})*+\n){_OPENS}*+\Z")
#: An archive's field, and a state that is no more: `Место: СССР, Свердловская область, Нижний Тагил`.
_PLACE_FIELD = re.compile(r"\A\s*(?:Место|Місце|Location|Place)[^:|]{0,12}[:|]\s*(?:СССР,\s*)?")
_WHOSE = re.compile(r",\s(?:of|from)\s")
_AMERICA = re.compile(r",\s+(?:U\.S|USA?\b|United States)")
_BEARING = re.compile(r"\b(?:north|south|east|west)(?:east|west)? of\s")
#: White space and the marks that open a sentence.
_OPENING = "".join(filter(str.isspace, map(chr, range(0x3001)))) + "\"“(«'‘•-"


def at_head(before: str) -> bool:
    """Whether `before` ends where a text, a line or a sentence begins: `HEAD.search`, without its search."""
    said = before.rstrip(_OPENING)
    if not said:
        return True
    gap = before[len(said) :]
    if "\n" in gap or (said[-1] in ".!?:|" and gap[:1].isspace() and not said[:-1].endswith("U.S")):
        return True
    return said.startswith(("<p>", "*", "FILE", "epa")) and HEAD.search(before) is not None


#: Another country behind a hyphen.
_TWO_LANDS = re.compile(r"[-–][A-Z]")
#: One or two words between a possessive and a region's name.
_ADJECTIVES = re.compile(r"(?:[a-z][a-z-]+\s+){1,2}")


class JointRules(NameReader):
    """Rules for what follows a name."""

    def next_name(self, at: Name, names: list[Name]) -> Name | None:
        """The wider name that follows, joined by a link; None where the phrase ends."""
        text = self.text
        if at.kind == "country" and not COUNTRY_GOES_ON.match(text, at.end):
            return None
        if at.kind == "sea" and not re.match(r"\s+(?:off|near)\s", text[at.end : at.end + 6]):
            return None
        for kind, link in links(text[at.end : at.end + 1]):
            found = self._over_apposition(at) if kind == "apposition" else self._linked(link, at)
            if found is None and kind == "poss":
                found = self._over_adjectives(link, at)
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

    def _over_adjectives(self, link: re.Pattern[str], at: Name) -> tuple[Name, str] | None:
        """The region behind a possessive and words of praise or pity: `Thailand's restive southern Yala province`."""
        m = link.match(self.text, at.end)
        words_between = _ADJECTIVES.match(self.text, m.end()) if m else None
        token = self._behind_small_words(words_between.end()) if words_between else None
        name = self.name_at(token) if token is not None else None
        return (name, self.text[at.end : name.start]) if name is not None and name.kind == "region" else None

    def _behind_small_words(self, offset: int) -> int | None:
        """The token that begins behind articles, compass words and type words at `offset`."""
        skip = SKIP.match(self.text, offset)
        behind = skip.end() if skip else offset
        token = self._token_at(behind)
        if token is not None and self.t.low[token] in demonyms() and (skip := SKIP.match(self.text, self.t.end[token] + 1)):
            island = ISLAND_OF.search(self.text, offset, skip.end())
            token = self._token_at(skip.end()) if island else token
            if island and token is not None and (name := self.name_at(token)) is not None:
                name.kind = "minor"  # on the southern Italian island of Ischia
        typed = REGION_OF.search(self.text, offset, behind)
        if typed and token is not None and (name := self.name_at(token)) is not None and name.kind in (
                "region", "settlement", "unknown"):
            name.start, name.kind = typed.start(), "region"
        return token

    def _post_behind(self, country: Name) -> bool:
        """Whether a post in this country's service follows, one or two adjectives before it."""
        if self.text[country.start : country.end] not in ("US", "U.S.", "UK"):
            return False
        for k in range(country.behind, country.behind + 3):
            if self._low(k) in self.lists["post"]:
                return True
            if not self._small(k):
                return False
        return False

    def _joins(self, kind: str, gap: str, at: Name, found: Name, names: list[Name]) -> bool:
        """Whether a name joined by this link belongs to the phrase."""
        if kind == "comma" and found.kind == "country":
            self._state_after_all(at, found, self.text)
        if kind == "comma" and _BEARING.search(self.text, at.end, found.start):
            return False  # Taji, north of Baghdad: near it, not in it
        if kind == "comma" and at.kind == "unknown" and _WHOSE.match(self.text, at.end, found.start):
            return False  # Justin Turner, of Flower Mound, Texas: a person
        wider = found.kind in ("country", "region", "gone")
        if kind == "comma" and at.kind == "unknown" and found.kind == "country" and self._post_behind(found):
            return False  # Sung Kim, US special representative
        if found.kind == "country" and _TWO_LANDS.match(self.text, found.end):
            return False  # Myawaddy, the Thailand-Myanmar border town
        if kind == "comma" and at.kind == "region" and found.kind == "country" and " in " in gap and at.places and not any(
                q.country == p.country for q in at.places for p in found.places):
            return False  # the fence with the Gaza Strip, in southern Israel
        if kind == "space":
            if not self.text[found.start].isascii():
                return RANK[found.kind] >= 1 and at.kind in ("settlement", "unknown", "minor", "site", "region")
            if at.kind == "country" and found.kind in ("minor", "region"):
                return True  # eastern Afghanistan Kamdesh district, Nuristan province
            abbreviated = found.kind == "region" and self.text[found.end - 1] == "."
            if abbreviated and at.kind == "unknown":
                at.kind = "settlement"  # Conord Ala.
            return (found.kind == "country" or abbreviated) and at.kind in ("settlement", "region", "site")
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
        if found.kind == "unknown" and at.kind == "country" and self.text.startswith(".-", found.end) and not (
                self._line_before(at).strip()):
            found.kind = "settlement"  # Libyen, El Agheila.- Kradschützen ...
        if found.kind == "unknown":
            if not self._leads_wider(found):
                return False
            if kind == "comma" and "in " not in gap:
                return at.kind in ("unknown", "venue", "site", "settlement")
            return kind == "in" and at.kind in ("unknown", "venue", "site", "minor")
        if found.kind == "venue":
            listed = bool(found.places) and gap.strip() == "of the"  # the Briefing Room of the White House
            return at.kind in ("unknown", "venue", "site") and (listed or self._leads_wider(found))
        if kind == "comma" and at.kind == "region" and wider and found.places:
            self._town_after_all(at, found.places[0].country)
        headed = at_head(self.text[: at.start]) or self.only_dates_before(at.start)
        if kind == "comma" and at.kind == "region" and headed and found.kind in ("settlement", "region"):
            inside = tuple(q for q in found.places if q.kind == "settlement" and at.places and q.country == at.places[0].country)
            if inside:
                found.kind, found.places = "settlement", inside
        if kind == "comma" and at.kind == "region" and found.kind == "settlement":
            dated = any(0 <= at.start - b <= 2 for _, b in self.dates)  # 24.08.2018, Sachsen, Dresden:
            inside_it = headed and any(q.region == p.key for q in found.places for p in at.places)
            return dated or inside_it or not re.search(r"[^\W\d_]", _PLACE_FIELD.sub("", self._line_before(at)))
        if ":" in gap and kind == "comma" and at.kind != "country":
            return False
        if kind == "comma" and at.kind in ("country", "gone"):
            if ":" in gap:
                return found.kind in ("settlement", "region")  # Egypt: Cairo
            dated = any(0 <= at.start - b <= 2 for _, b in self.dates)  # 05.02.2024, Litauen, Pabrade:
            return found.kind in ("settlement", "region", "site") and (dated or at_head(self.text[: at.start]))
        if kind == "stop":
            return at.kind == "gone" and found.kind in ("region", "settlement")
        if found.kind == "minor" and at.kind == "settlement" and self.text[found.start : found.end].lower().endswith("district"):
            return True  # Kolk in Zahri district
        if at.kind == "region" and found.kind == "region" and kind == "comma":
            self._town_of_the_region(at, found, self._leads_wider(found))
        if RANK[found.kind] < RANK.get(at.kind, 0) or (kind == "in" and at.kind == "country"):
            return False
        if at.kind == "settlement" and found.kind == "settlement" and kind == "comma":
            if re.search(r"\bin\b", gap):
                return False  # in Lviv, in Odesa: two places
            return self._leads_wider(found) or _same_country(at, found)
        return not (at.kind == "region" and found.kind == "region" and kind not in ("comma", "in"))

    @staticmethod
    def _state_after_all(at: Name, found: Name, text: str) -> None:
        """`Atlanta, Georgia`: a name that is a country's and a state's is the state's where only there is such a town."""
        states = {q.key: q for q in found.places if q.kind == "region"}
        american = tuple(q for q in states.values() if q.country == "US")
        if american and _AMERICA.match(text, found.end):  # Georgia, U.S.
            found.kind, found.places = "region", american
            return
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

    @staticmethod
    def _town_of_the_region(at: Name, found: Name, goes_on: bool) -> None:
        """`Rizal, Cagayan, Philippines`: of two provinces the first is the town of that name in the second."""
        towns = tuple(q for q in at.places if q.kind == "settlement" and any(q.region == p.key for p in found.places))
        alike = any(q.country == p.country for q in at.places for p in found.places)
        if towns or (goes_on and alike and at.behind - at.first == 1):
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


def _same_country(a: Name, b: Name) -> bool:
    return bool({p.country for p in a.places} & {p.country for p in b.places})
