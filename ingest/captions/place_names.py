"""One name in a place phrase: what is printed, and what it may be in the gazetteer.

    name = [ site type ] capitalised { capitalised | inner capitalised } [ type ] | known venue ;

    "Naval Station Rota"        a military site by its type in front
    "Gangwon Province"          a region by its type behind
    "Crypto.com Arena"          a venue that is listed so, where its capitals alone would break it
"""

from __future__ import annotations

import re

from archive.folding import fold
from ingest.captions.gazetteer import Place, lookup, lookup_inflected, venues
from ingest.captions.lexicon import agency_named, is_rank, nationalities, unit_words, value_words, words
from ingest.captions.military_sites import SiteRules
from ingest.captions.place_scan import Name
from ingest.captions.place_vocabulary import (
    common,
    lookup_country,
    named_of,
    not_names,
    organisations,
    type_words,
)
from ingest.captions.unit_scan import ARTICLES_AL

#: What a kind of place in the gazetteer is in a phrase.
_KINDS = {"base": "site", "disputed": "region", "feature": "region", "gone-state": "gone"}
#: Longest name in words, and how many inner words may follow one another.
_LONGEST = 9
#: Above so many people a name before a possessive is the town, not a part of the venue's name behind it.
_TOWN = 100_000


#: Adjectives made of a town's name, in the cases that captions use.
_ADJECTIVE = ("ском", "ской", "ского", "скому", "ський", "ській", "ського", "ському", "цком", "цкой", "цкого", "цкому", "цький",
              "цькій", "цького", "ский", "цкий", "ская", "цкая", "ська", "цька", "ское", "ське")


class NameReader(SiteRules):
    """Reads names of places in one caption."""

    def name_at(self, i: int) -> Name | None:
        """The longest name that starts at token `i`: capitalised words, with a type word before or behind."""
        if i not in self.names_at:
            name = self._name_at(i)
            self.names_at[i] = self._venue_at(i, name) or name
        return self.names_at[i]

    def _venue_at(self, i: int, name: Name | None) -> Name | None:
        """A known venue whose name goes on where capitals stop: `Crypto.com Arena`, `AT&T Stadium`, `loanDepot park`.

        Only one that goes past `name`, which the rules for capitalised words have read here, or is all of it where
        those know no such place.
        """
        t, known = self.t, venues()
        if i >= t.count or i in self.barred or t.start[i] >= self.end:
            return None
        if t.word[i][0].islower() and t.low[i] not in known.uncapped:
            return None
        least = i if name is None else name.behind + bool(name.places)
        for spelled in known.starting.get(t.low[i], ()):
            e = i + len(spelled)
            if e < least:
                break
            if tuple(t.low[i:e]) == spelled and "," not in spelled:  # `Independence Square, Kyiv`: names of their own
                return self._name("venue", i, e, tuple(p for p in lookup(self._printed(i, e)) if p.kind == "venue"))
        return None

    def _name_at(self, i: int) -> Name | None:
        t, n = self.t, self.t.count
        if i >= n or t.start[i] >= self.end:
            return None
        lead = i
        if i > 1 and t.low[i - 2] == "woj" and t.word[i - 1] == "." and t.word[i][0].islower():
            return self._voivodeship(i)
        if self.article_at(i):
            return self._with_article(i)
        if t.word[i][0].islower():
            if t.low[i] in self.lists["sea-head"] and (sea := self._sea_written_small(i)):
                return sea
            i = self._behind_site_type(i)
            if i == lead:
                return None
        if i >= n or i in self.barred or not self._capital(i) or (t.low[i] in not_names() and not self._town_like_a_month(i)):
            return None
        if t.low[i] in self.lists["field"] and self._low(i + 1) in ("|", ":"):
            return None  # Date | 2 March 2016
        if i > 1 and t.word[i - 1] == "." and t.glued(i) and t.glued(i - 1) and len(t.word[i - 2]) == 1:
            return None  # the second letter of U.S.
        if self._low(i + 1) == "." and t.glued(i + 1):
            if is_rank(t.word[i] + ".") and not any(p.kind == "region" for p in lookup(t.word[i] + ".")):
                return None  # Sen. Example
        if i and self._capital(i - 1) and self._in_an_exercise(i):
            return None
        if t.low[i] == "u" and "".join(t.low[i : i + 4]) == "u.s." and self._capital_at(i + 4) and self._proper_site(i + 4):
            return None  # the former U.S. Sather Air Base: its name begins behind
        if not self.english and t.low[i] in self.lists["german-type"] and self._capital_at(i + 1):
            return self._behind_german_type(i)
        if i > 1 and t.word[i - 1] in ("d'", "d’") and t.glued(i) and self._capital(i - 2):
            return None  # the mission Jeanne d'Arc
        if i and t.low[i - 1] in ("a", "an") and t.word[i].isascii() and not self.shouted and self.english:
            return None  # "loads a Grad": a thing
        j = self._stretch(i)
        if j == i + 1 and t.low[i] in nationalities() and (not lookup(t.word[i]) or (
                self._small(j) and t.low[j] in self.lists["settlement-type"] | self.lists["compass"])):
            return None  # the Somali port city of ...
        return self._classified(lead, i, j) if j > i else None

    def _voivodeship(self, i: int) -> Name | None:
        """`woj. warmińsko-mazurskie`: Polish adjectives, written small, with their type before them."""
        t, e = self.t, i + 1
        while e + 1 < len(t) and t.word[e] == "-" and t.glued(e) and t.glued(e + 1):
            e += 2
        known = tuple(p for p in lookup(self._printed(i, e)) if p.kind == "region")
        return Name(t.start[i - 2], t.end[e - 1], "region", known, i, e) if known else None

    def _behind_german_type(self, i: int) -> Name | None:
        """`im Dorf Kofr Qadom`, `in der Region Donezk`: German types have capitals, as names do."""
        behind = self._name_at(i + 1)
        if behind is None or behind.kind not in ("unknown", "settlement", "region"):
            return behind
        if self.t.low[i] in self.lists["region-type"]:
            return Name(self.t.start[i], behind.end, "region", tuple(p for p in behind.places if p.kind == "region") or behind.places,
                        i, behind.behind)
        behind.kind = "settlement"
        return behind

    def _in_an_exercise(self, i: int) -> bool:
        """Whether the capitalised words before token `i` begin with an exercise: `Exercise Arctic Forge`."""
        k = i - 1
        while k >= 0 and i - k < 5 and self._capital(k):
            if self.t.low[k] in unit_words("exercise"):
                return True
            k -= 1
        return False

    def article_at(self, i: int) -> bool:
        """Whether an Arabic article that is joined to a name begins at token `i`."""
        t = self.t
        return t.low[i] in ARTICLES_AL and self._low(i + 1) == "-" and t.glued(i + 1) and self._capital_at(i + 2)

    def _town_like_a_month(self, i: int) -> bool:
        """`Augusta, Italy`: the name of a town that some language has for a month, with no number beside it."""
        low = self.t.low[i]
        if low not in value_words("month") or self._low(i - 1).isdecimal() or self._low(i + 1).isdecimal():
            return False
        return any(p.population > 20_000 and fold(p.name) == low for p in lookup(self.t.word[i]))

    def _with_article(self, i: int) -> Name | None:
        """`al-Rashideen`, `Al-Shati`: the name behind the Arabic article, with it."""
        behind = self._name_at(i + 2)
        if behind is None or behind.kind in ("country", "region"):
            return behind
        whole = lookup(self._printed(i, behind.behind))
        kind = behind.kind if not whole else _KINDS.get(whole[0].kind, whole[0].kind)
        return Name(self.t.start[i], behind.end, kind, whole or behind.places, i, behind.behind)

    def _sea_written_small(self, i: int) -> Name | None:
        """`mer Rouge`, `golfo de Adén`: in Romance languages the type of a sea is written small."""
        for e in range(min(self.t.count, i + 4), i + 1, -1):
            if self._capital_at(e - 1) and (seas := tuple(p for p in lookup(self._printed(i, e)) if p.kind == "sea")):
                return self._name("sea", i, e, seas)
        return None

    def _stretch(self, i: int) -> int:
        """The token behind the capitalised words that start at `i`."""
        t, n = self.t, self.t.count
        j = i
        while j < n and j - i < _LONGEST and j not in self.barred:
            w, low = t.word[j], t.low[j]
            if t.start[j] >= self.end or (self.lines and j > i and "\n" in self.text[t.end[j - 1] : t.start[j]]):
                break
            if self._capital(j):
                if j > i and not w.isascii() and self._typed_adjective(j):
                    break
                j += 1
            elif j == i:
                break
            elif w in "-–‑’'ʼ`" and t.glued(j) and j + 1 < n and t.glued(j + 1):
                j += 2
            elif w == "." and t.glued(j) and (len(t.word[j - 1]) == 1 or t.low[j - 1] in ("st", "ft", "mt", "ste")):
                j += 1
            elif low in ("'s", "’s") and self._owns_name(i, j):
                j += 1
            elif low in ARTICLES_AL and j + 2 < n and t.word[j + 1] == "-" and t.glued(j + 1) and self._capital(j + 2):
                j += 3
            elif low in self.lists["inner"] and (behind := self._inner(i, j)):
                j = behind
            else:
                break
        if j - i > 1 and self._low(j) == "." and t.glued(j) and any(p.kind == "region" for p in lookup(t.word[j - 1] + ".")) and (
                not lookup(self._printed(i, j) + ".")):
            j -= 1  # Conord Ala.; not W. Va.
        while j > i and t.word[j - 1] in "-–.’'" and not (t.word[j - 1] == "." and len(t.word[j - 2]) == 1):
            j -= 1
        return j

    def _owns_name(self, i: int, j: int) -> bool:
        """Whether the possessive at `j` is inside a name: `St George's Chapel`, `Cox's Bazar`; not `Moscow's Red Square`."""
        if not self._capital_at(j + 1) and self._low(j + 1) != "republic":
            return False
        owner = self._printed(i, j)
        if lookup_country(owner):
            return False
        whole = lookup(self._printed(i, j + 2))
        if whole:
            return whole[0].kind in ("settlement", "region", "venue")
        if self._low(j + 1) == "republic":
            return True
        return self._venue_soon(j + 1) and not any(p.kind == "settlement" and p.population > _TOWN for p in lookup(owner))

    def _venue_soon(self, j: int) -> bool:
        """Whether a venue's type ends the capitalised words at `j`."""
        t = self.t
        for k in range(j, min(len(t), j + 3)):
            if not self._capital(k):
                return False
            if t.low[k] in self.lists["venue"]:
                return True
        return False

    def _typed_adjective(self, j: int) -> bool:
        """Whether an adjective with its type word begins here: `Бучанського району`, `Курской области`."""
        t = self.t
        return j + 1 < len(t) and t.word[j + 1][0].islower() and (
            t.low[j + 1] in self.lists["region-type"] or t.low[j + 1] in self.lists["minor-type"]
        )

    def _inner(self, i: int, j: int) -> int:
        """The token behind a known name that goes on over a small word at `j` (Rio de Janeiro), or 0."""
        t, n = self.t, self.t.count
        k = j + 2 if j + 1 < n and t.low[j + 1] == "the" else j + 1
        if k >= n or not self._capital(k):
            return 0
        e = k + 1
        while e < n and self._capital(e) and e - k < 3:
            e += 1
        if t.low[j] == "of" and t.low[j - 1] in named_of() and j - i <= 5:
            return e
        if t.low[j] in ("de", "del", "di") and " ".join(t.low[i:j]) in self.lists["military-site"]:
            return e  # Base Aérea de Zaragoza
        if t.low[i] in self.lists["venue-head"] and t.low[j] not in ("on", "and", "an"):
            return e
        for x in range(e, k, -1):
            if lookup(self.text[t.start[i] : t.end[x - 1]]):
                return x
        return 0

    def _classified(self, lead: int, i: int, j: int) -> Name | None:
        """What the capitalised words `i:j` are: the first rule that fits."""
        if lead < i:
            known = lookup_inflected(self._printed(i, j))[0]
            quoted = self.t.word[i - 1] in "«“„\"" and j < len(self.t) and self.t.word[j] in "»”“\""
            return self._name("site", lead, j + quoted, known)
        if i and not self.t.word[i].isascii() and self._small(i - 1) and self._low(i - 1) in self.lists["street-type"] and not any(
                p.population > 50_000 for p in lookup_inflected(self._printed(i, j))[0]):
            return self._name("minor", i, j)  # на улице Строителей
        low = self.t.low
        if not type_words().isdisjoint((low[i], low[j - 1], self._low(j))):
            for rule in (self._sea, self._acronym_site, self._site_by_head, self._region_by_type, self._minor_by_type,
                         self._site_by_type, self._region_in_capitals):
                name = rule(i, j)
                if name is not None:
                    return name
        return self._known(i, j) or self._venue_or_unknown(i, j)

    def _sea(self, i: int, j: int) -> Name | None:
        """`Andaman Sea`, `Gulf of Aden`, `Strait of Hormuz`."""
        seas = self.lists["sea-type"]
        if self._low(j - 1) == "bay" and j - i >= 2 and self._wider_behind(j):
            return self._name("settlement", i, j, lookup(self._printed(i, j)))  # a harbour: Souda Bay, Greece
        if self._low(j - 1) in seas and j - i >= 2:
            return self._name("sea", i, j, tuple(p for p in lookup(self._printed(i, j)) if p.kind == "sea"))
        if self._low(j) in seas and self._small(j) and self._low(j) != "channel":
            return self._name("sea", i, j + 1, tuple(p for p in lookup(self._printed(i, j + 1)) if p.kind == "sea"))
        if self._low(i) in seas and self._low(i + 1) == "of" and self._capital_at(i + 2):
            e = max(j, i + 3)
            return self._name("sea", i, e, tuple(p for p in lookup(self._printed(i, e)) if p.kind == "sea"))
        return None

    def _region_by_type(self, i: int, j: int) -> Name | None:
        """`Kursk region`, `Borno state`, `Курской области`: the type written small."""
        typed = self._low(j)
        if f"{typed} {self._low(j + 1)}" in self.lists["region-type"] and self._small(j):
            return self._name("region", i, j + 2, lookup(self._printed(i, j + 2)) or lookup(self._printed(i, j)))
        if typed == "обл" and self.t.word[j + 1 : j + 2] == ["."]:
            return self._name("region", i, j + 2, lookup_inflected(self._printed(i, j) + " область")[0])
        if typed not in self.lists["region-type"] or not self._small(j) or typed in ("district", "division", "city"):
            return None
        printed = self._printed(i, j + 1)
        known = lookup(printed) or lookup_inflected(printed)[0] or tuple(
            p for p in lookup(self._printed(i, j)) if p.kind == "region")
        if self._printed(i, j).lower() in self.lists["not-a-region"]:
            return None  # the Baltic region
        if not known and (not printed.isascii() or typed in ("republic", "state", "territory", "department")) and (
                self._low(i - 1) not in ("'s", "’s")):
            return None
        return self._name("region", i, j + 1, known)

    def _minor_by_type(self, i: int, j: int) -> Name | None:
        two = {f"{self._low(k)} {self._low(k + 1)}" for k in (j, j + 1)}
        if self._low(j) in self.lists["minor-type"] and self._small(j) and two.isdisjoint(self.lists["military-site"]):
            return self._name("minor", i, j + 1, self._named_after(i, j))
        return None

    def _named_after(self, i: int, j: int) -> tuple[Place, ...]:
        """The towns that an adjective is made of: `Купянском направлении`, `Pokrovsk direction`."""
        printed = self._printed(i, j)
        found, _ = lookup_inflected(printed)
        if found or printed.isascii():
            return found
        stem = re.sub(r"(?:ий|ой|ом|ого|ому|ым|ій|ої|ому|у)\Z", "", printed)
        for end in ("", "а", "о", "ка", "ое"):
            for base in (stem, stem.removesuffix("ск"), stem.removesuffix("ськ")):
                towns = tuple(p for p in lookup(base + end) if p.kind in ("settlement", "region"))
                if towns:
                    return towns
        return ()

    def _region_in_capitals(self, i: int, j: int) -> Name | None:
        """`Gangwon Province`, `Donetsk Oblast`."""
        last = self.t.low[j - 1]
        if last == "region" and j - i >= 2 and not lookup(self._printed(i, j)):
            return self._name("unknown", i, j)  # the Baltic Region
        if last == "district" and j - i >= 2 and not lookup(self._printed(i, j)):
            return self._name("minor", i, j)  # Badin District
        if last in self.lists["region-type"] and j - i >= 2 and last not in ("district", "division", "republic",
                                                                          "department", "city"):
            known = lookup(self._printed(i, j))
            if known or last != "state":
                return self._name("region", i, j, known)
        return None

    def _known(self, i: int, j: int) -> Name | None:
        """The longest name from the left that the gazetteer has, where the words behind it allow it."""
        t, n = self.t, self.t.count
        for e in range(j, i, -1):
            stretch = self._printed(i, e)
            if e < n and t.word[e] == "." and t.glued(e) and len(stretch) <= 6:
                short = tuple(p for p in lookup(stretch + ".") if p.kind in ("region", "country"))
                if short:
                    return Name(t.start[i], t.end[e], short[0].kind, short, i, e + 1)
            if len(stretch) < 3 and not stretch.isupper():
                continue
            found = lookup(stretch)
            if not stretch.isascii() and found and found[0].kind == "settlement":
                found = lookup_inflected(stretch)[0]  # в Уфе: Ufa before a village that is called so
            if not found and (self.inflects or not stretch.isascii()):
                found = lookup_inflected(stretch)[0]
                if found and e == i + 1 and stretch.lower().endswith(_ADJECTIVE) and self._small_or_letters(e):
                    return self._name("minor", i, e, found)  # на Омском НПЗ: something of that town
            if not found:
                continue
            kind = _KINDS.get(found[0].kind, found[0].kind)
            if kind == "venue" and e == i + 1:  # the cosmodrome is named for the town
                towns = tuple(p for p in found if p.kind == "settlement" and p.country == found[0].country)
                if towns or fold(found[0].name) != fold(stretch):
                    kind, found = "settlement" if towns else "unknown", towns
            if kind == "settlement" and e == j and self._small(e) and self._low(e) == "station" and (
                    (e > i + 1 and found[0].population < 100_000) or self._in_larger(e + 1, found[0].population)):
                return self._name("venue", i, e + 1)  # Clapham Junction station
            if kind == "settlement" and ((len(stretch) <= 4 and stretch.isupper() and not self.shouted)
                                         or (found[0].population < 3000 and (stretch.lower() in common() or (
                                             e > i + 1 and agency_named(stretch) is not None)))):
                continue  # FEMA; Union; the Red Cross
            if not stretch.isupper() and stretch.lower() in common() and (e < j or not self._wider_behind(e)):
                continue
            if e < j and not self._stands(kind, e, j):
                continue
            b = e
            if b + 2 < n and t.word[b] == "(" and t.word[b + 2] == ")" and self._capital(b + 1) and kind == "settlement":
                if not any(p.kind in ("region", "country") for p in lookup(t.word[b + 1])):
                    b += 3
            return self._name(kind, i, b, found)
        return None

    def _in_larger(self, e: int, people: int) -> bool:
        """Whether `in` or a comma and a larger city follow: `Shinjuku station in Tokyo`."""
        if self._low(e) not in ("in", ",") or not self._capital_at(e + 1):
            return False
        behind = self.name_at(e + 1)
        return behind is not None and behind.kind == "settlement" and any(p.population > people for p in behind.places)

    def _wider_behind(self, e: int) -> bool:
        """Whether a comma and a region or country follow: `Union, N.J.`; without them a common word is no place."""
        if self._low(e) != "," or not self._capital_at(e + 1):
            return False
        behind = self.name_at(e + 1)
        return behind is not None and behind.kind in ("region", "country")

    def _stands(self, kind: str, e: int, j: int) -> bool:
        """Whether a known name may be cut off from the capitalised words `e:j` behind it."""
        if not self.lists["venue"].isdisjoint(self.t.low[e:j]):
            return False  # the head of a venue's name: Nuremberg Airport
        if kind in ("country", "region", "gone"):
            return True
        behind = lookup(self._printed(e, j))
        return bool(behind and behind[0].kind in ("country", "region")) or not self.english

    def _small_or_letters(self, e: int) -> bool:
        """Whether a noun follows: a word, and no preposition."""
        low = self._low(e)
        return bool(low) and low[0].isalpha() and low not in words("place_words", "preposition-other") and (
            low not in self.lists["region-type"] and low not in self.lists["settlement-type"])

    def _called_by_its_name(self, i: int, j: int) -> bool:
        """`Shangshan Village`; `in Cobb Mountain, Calif.`: a town by its last word, or by the state behind it."""
        last, venues = self.t.low[j - 1], self.lists["venue"]
        if self._small(j) and self._low(j) in self.lists["settlement-type"] and self._low(j) not in venues and self._low(j) != "city":
            return True  # Bo Hassan village
        if j - i < 2:
            return False
        if (last in self.lists["settlement-type"] and last not in venues) or self._printed(j - 2, j).lower() == "first nation":
            return True
        return last in self.lists["feature-word"] and self._low(i - 1) == "in" and self._wider_behind(j)

    def _venue_or_unknown(self, i: int, j: int) -> Name | None:
        """A venue by a venue's word; else a name that the gazetteer does not have."""
        venues, low = self.lists["venue"], self.t.low
        if self._called_by_its_name(i, j):
            return self._name("settlement", i, j)
        if low[i] == "port" and j - i > 1:
            return self._name("unknown", i, j)  # Port Everglades
        if low[j - 1] in venues or low[i] in self.lists["venue-head"]:
            return self._name("venue", i, j)
        if self._low(j) in venues and self._small(j):
            return self._name("venue", i, j + 1)
        if not venues.isdisjoint(low[i:j]):
            return self._name("venue", i, j)
        if not organisations().isdisjoint(low[i:j]) or (j - i > 1 and agency_named(self._printed(i, j)) is not None):
            return self._name("organisation", i, j)
        return self._name("unknown", i, j)
