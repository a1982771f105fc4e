"""Military sites: by their type in front, behind or written small.

    site = type name | name type | type "(" acronym ")" name ;

    "Naval Station Rota"          the type in front
    "Salisbury Plain Training Area"
"""

from __future__ import annotations

from ingest.captions.gazetteer import Place, lookup, lookup_inflected
from ingest.captions.lexicon import nationalities, unit_words
from ingest.captions.place_scan import Name, NameScan
from ingest.captions.place_vocabulary import forces, lookup_country, site_words


class SiteRules(NameScan):
    """Rules for bases, ranges, camps and the like."""

    def _behind_site_type(self, i: int) -> int:
        """The token behind a type written small before the name: `полигоне Погоново`, `camp de Caylus`; `i` if none."""
        t, n, sites = self.t, len(self.t), self.lists["military-site"]
        j = i
        if i + 1 < n and f"{t.low[i]} {t.low[i + 1]}" in sites:
            j = i + 2
        elif t.low[i] in sites:
            j = i + 1
        if i < j < n and t.word[j].isdecimal() and t.low[i] == "base":
            j += 1  # base aérienne 57 Mihail-Kogălniceanu, 123 d'Orléans
        if (j < n and j > i and t.low[j] in ("de", "d") and not t.word[i].isascii()) or (j < n and t.low[j] in ("de", "d'")):
            j += 1
        if j > i and j + 1 < n and t.word[j] in "«“„\"":
            return j + 1 if t.word[j + 1][0].isupper() else i  # полігоні «Дівички»
        if j == i or j >= n or not t.word[j][0].isupper() or (t.glued(j) and t.low[j - 1] != "d'"):
            return i
        return j

    def _acronym_site(self, i: int, j: int) -> Name | None:
        """`Forward Operating Base (FOB) Example`."""
        t, n = self.t, self.t.count
        if j + 3 >= n or t.word[j] != "(" or t.word[j + 2] != ")" or not self._capital(j + 3):
            return None
        if " ".join(t.low[i:j]) not in self.lists["military-site"]:
            return None
        e = j + 4
        while e < n and self._capital(e):
            e += 1
        return self._name("site", i, e)

    def _site_by_head(self, i: int, j: int) -> Name | None:
        """`Fort Riley`, `Camp Fuji`, `Naval Station Rota`, `Observation Post Example`."""
        sites = self.lists["military-site"]
        if self._low(j).isdecimal() and len(self._low(j)) < 4 and " ".join(self.t.low[i:j]) in sites and (
                j - i > 1 or self.t.low[i] == "range"):
            return self._name("site", i, j + 1)  # Combat Outpost 402
        if j - i < 2 or self.t.low[i] not in site_words().first:
            return None
        two, three = " ".join(self.t.low[i : i + 2]), " ".join(self.t.low[i : i + 3])
        four = " ".join(self.t.low[i : i + 4])
        if not (self._low(i) in self.lists["site-head"] or (two in sites and j - i > 2) or (three in sites and j - i > 3)
                or (four in sites and j - i > 4)):
            return None
        if j - i > 2 and any(p.kind == "country" and p.name == self.t.word[j - 1] for p in lookup(self.t.word[j - 1])):
            j -= 1  # near Camp Tapa Estonia
        known = lookup(self._printed(i, j)) or self._type_behind(i, j)
        if not known and self._low(i) in ("truppenübungsplatz", "kaserne", "base", "raf", "naval", "air", "station"):
            known = lookup(self._printed(j - 2, j)) if j - i > 2 else lookup(self._printed(i + 1, j))  # named for its town
        town = bool(known) and known[0].kind == "settlement" and known[0].population > 50_000
        return self._name("settlement" if town else "site", i, j if town else self._site_end(j), known)

    def _proper_site(self, i: int) -> bool:
        """Whether a site begins here with a name of its own: `Sather Air Base`, not `Naval Air Station Example`."""
        e = i
        while self._capital_at(e):
            e += 1
        return e - i > 2 and self.t.low[e - 1] in site_words().last and self.t.low[i] not in (
            *unit_words("arm"), *unit_words("service"))

    def _type_behind(self, i: int, j: int) -> tuple[Place, ...]:
        """`Air Base Spangdahlem`, which the gazetteer has as `Spangdahlem Air Base`."""
        sites = self.lists["military-site"]
        for size in (3, 2, 1):
            if size < j - i and " ".join(self.t.low[i : i + size]) in sites:
                known = lookup(f"{self._printed(i + size, j)} {self._printed(i, i + size)}")
                if known:
                    return known
        return ()

    def _gloss_end(self, j: int) -> int:
        """Behind an acronym in brackets: `Altus Air Force Base (AAFB)`."""
        t = self.t
        acronym = j + 2 < len(t) and t.word[j] == "(" and t.word[j + 2] == ")" and t.word[j + 1].isupper() and len(t.word[j + 1]) > 2
        return j + 3 if acronym else j

    def _site_end(self, j: int) -> int:
        """`Camp Butmir training area`: site words written small behind a site belong to it."""
        e = j
        while self._small(e) and f"{self._low(e)} {self._low(e + 1)}" in self.lists["military-site"]:
            e += 2
        return self._gloss_end(e)

    def _site_by_type(self, i: int, j: int) -> Name | None:
        """`Strugi Krasnye range`, `Jiupeng Missile Base`, `Salisbury Plain Training Area`."""
        sites, t = self.lists["military-site"], self.t
        typed, words_of = self._low(j), site_words()
        if typed in self.lists["feature-word"] and self._small(j) and f"{self._low(j + 1)} {self._low(j + 2)}" in sites:
            return self._name("site", i, j + 3)  # Kahuku mountains training area
        if typed not in words_of.first and t.low[j - 1] not in words_of.last:
            return None
        if "ministry" in t.low[i:j]:
            return None  # at a Ukrainian Interior Ministry base
        whole = self._printed(i, j)
        two = f"{typed} {self._low(j + 1)}"
        three = f"{two} {self._low(j + 2)}"
        if self._small(j) and (j - i > 1 or t.low[i] not in nationalities()) and not lookup_country(whole) and (
                t.low[j - 1] not in forces()):
            for words_behind, listed in ((3, three), (2, two), (1, typed)):
                if listed in sites and not (words_behind == 1 and typed in ("station", "checkpoint", "depot")):
                    if typed == "camp" and lookup_country(whole):
                        return None
                    known = lookup_inflected(whole)[0] if self.inflects else lookup(whole)
                    return self._name("site", i, j + words_behind, known)
        last, last_two, last_three = t.low[j - 1], " ".join(t.low[max(i, j - 2) : j]), " ".join(t.low[max(i, j - 3) : j])
        if j - i >= 2 and (last_three in sites or last_two in sites or (
                last in sites and last not in ("station", "center", "centre", "depot", "site", "area"))):
            return self._name("site", i, self._site_end(j), lookup(whole))
        return None
