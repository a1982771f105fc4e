"""Formations whose kind is several words, and regiments and civil forces by name.

    formation = [ number ] { modifier } kind [ number | name ] ;
    kind      = "Amphibious Ready Group" | "Task Force" | "State Police" | "Dragoons" | ... ;

    "Kearsarge Amphibious Ready Group"           a name, then the kind
    "Somerset Light Infantry"                    a regiment without the word
"""

from __future__ import annotations

from ingest.captions.gazetteer import lookup
from ingest.captions.unit_scan import COMPASS, UnitScan

_PARTICLES_OF = frozenset(("de", "do", "da", "di", "del", "des", "w", "von"))


class PhraseRules(UnitScan):
    """Rules for formations whose kind is several words, and for regiments and civil forces by name."""

    def compound(self, i: int) -> None:
        """`Kearsarge Amphibious Ready Group`, `Task Force Bayonet`, `Sever (North) Group of Forces`."""
        for phrase in self.by_last["compound"][self.t.low[i]]:
            f = i - len(phrase) + 1
            if f < 0 or tuple(self.t.low[f : i + 1]) != phrase or not (self.capital(f) or phrase[0] == "group"):
                continue
            first, number = self.left(f)
            first = self.trim(first, f, number)
            if phrase[0] == "group" and (first == f or self.word(first) == "("):
                first = self._quoted_before(first)
            while first < f and self.low(first) in self.kinds["service"]:
                first += 1  # aboard a U.S. Army Task Force Shadow helicopter
            joined = " ".join(phrase)
            named_before = first < f
            if joined == "forward presence battle group" and self.low(first - 1) == "enhanced":
                first -= 1
            after = self.right_number(i + 1)
            if joined == "task force" and self.word(i + 1).isdecimal() and self.word(i + 2) == "-" and self.t.glued(i + 3):
                after = i + 4  # Task Force 2-15
            if after > i + 1 and not number:
                self.add(first, after, "number-behind", self.word(after - 1), joined, 2)
                return
            if joined in self.kinds["named-behind"] and (named := self._name_behind(i + 1, named_before)):
                self.add(first, named, "named-behind", number, joined, 2)
            elif first < f or number or (self.word(i + 1) == "(" and (
                    (self.word(i + 2).isupper() and len(self.word(i + 2)) > 2) or self.low(i + 2) in COMPASS)):
                self.add(first, self._theatre(i), "named-formation", number, joined, 2)
            return

    def _quoted_before(self, f: int) -> int:
        """`'Zapad' (West) group of forces`: where the name in quotes before token `f` begins; `f` if there is none."""
        return min(self.quote_before(f), f)

    def _theatre(self, i: int) -> int:
        """Behind `Europe`, `NATO`, or `of the National Palace` where that ends the name; else behind token `i`."""
        e = i + 1
        while self.capital(e) and self.low(e) in self.kinds["theatre"]:
            e += 1
        if self.low(i) == "unit" and self.low(e) == "of" and self.low(e + 1) == "the" and self.capital(e + 2):
            e += 3
            while self.capital(e):
                e += 1
        return e

    def _name_behind(self, behind: int, named: bool) -> int:
        """Behind the name that follows: `Bayonet`, `- Odyssey Dawn`, `– Horn of Africa`; 0 where there is none."""
        if self.quoted(behind) > behind:
            return self.quoted(behind)  # Task Force "No Fear"
        k = behind + 1 if self.word(behind) in ("-", "–", "—") else behind
        e = k
        while (self.capital(e) or (self.low(e) == "of" and self.capital(e + 1))) and e - k < 4 and self.low(
                e) not in self.kinds["stop"]:
            e += 1
        return e if e > k and not (named and k == behind) else 0

    def state_force(self, i: int) -> None:
        """`Nebraska National Guard`, `Platte County Sheriff's Office`, `Vermont State Police`."""
        for phrase in self.by_last["state-force"][self.t.low[i]]:
            f = i - len(phrase) + 1
            if f < 0 or tuple(self.t.low[f : i + 1]) != phrase or not (self.capital(f) or phrase[-1] in ("detachment", "brigade")):
                continue
            if phrase == ("police",) and not self._city_police(f):
                return
            first, number = self.left(f)
            if number:
                first = next((k for k in range(first, f) if self.capital(k)), f)
            first = self.trim(first, f, None)
            if first == f and self.capital(f):
                e = i + 1
                if phrase[0] == "metropolitan":
                    self.add(f, e, "civil-force", None, " ".join(phrase), 2)
                while phrase[0].startswith("freiwillige") and self.capital(e) and e - i < 3:
                    e += 1
                if e > i + 1:
                    self.add(f, e, "civil-force", None, " ".join(phrase), 2)
                return
            if first == f:
                return
            e = i + 1
            while self.capital(e) and e - i < 3 and self.low(e) not in self.kinds["subunit"]:
                e += 1
            e = e + 1 if self.low(e) in self.kinds["subunit"] and self.capital(e) else i + 1
            self.add(first, e, "civil-force", None, " ".join(phrase), 2)
            return

    def _city_police(self, f: int) -> bool:
        """`Gainesville Police officer`: a town's name right before, and one of its people behind."""
        if self.low(f + 1) not in self.kinds["police-behind"] or not self.capital(f - 1):
            return False
        first = f - 1
        while first and self.capital(first - 1) and f - first < 3:
            first -= 1
        text = self.t.text
        return any(p.kind in ("settlement", "region") for k in range(first, f)
                   for p in lookup(text[self.t.start[k] : self.t.end[f - 1]])[:1])

    def civil_head(self, i: int) -> None:
        """`Bombeiros Voluntários de Arganil`, `OSP Stronie Śląskie`, `Polizeiinspektion Görlitz`: a force and its town."""
        for phrase in self.by_last["civil-head"][self.t.low[i]]:
            f = i - len(phrase) + 1
            if f < 0 or tuple(self.t.low[f : i + 1]) != phrase or not self.capital(f):
                continue
            e = i + 2 if self.low(i + 1) in _PARTICLES_OF and self.capital(i + 2) else i + 1
            behind = e
            while (self.capital(behind) or (self.word(behind) == "-" and self.t.glued(behind) and self.capital(behind + 1))) and (
                    behind - e < 4) and not (behind > e and self.low(behind) in self.kinds["stop"]):
                behind += 1
            if behind > e:
                self.add(f, behind, "civil-force", None, " ".join(phrase), 2)
            return

    def force(self, i: int) -> None:
        """`Peninsula Shield Force`, `Tigray Defense Forces`: a force by name, no service of a state."""
        if not self.capital(i):
            return
        first, number = self.left(i)
        first = self.trim(first, i, number)
        mods = [self.low(k) for k in range(first, i) if self.is_word(k)]
        if mods[-2:-1] and mods[-1] == "special" and mods[0] not in self.kinds["common-force"] and self.capital(first):
            self.add(first, i + 1, "named-force", None, "force")
            return
        if number and mods and mods[-1] == "air":
            self.add(first, i + 1, "numbered-formation", number, "air force")
            return
        own = [m for m in mods if m not in self.kinds["common-force"]]
        alone = len(mods) == 1 and self.low(i) == "forces" and self.military() and self.capital(first) and first > 0
        if (len(mods) >= 2 or alone) and own and mods[-1] not in ("air", "task", "self-defense", "armed", "naval", "ground", "police", "special"):
            self.add(first, i + 1, "named-force", number, "force")

    def unit(self, i: int) -> None:
        """`Haruv Reconnaissance Unit`: named, with an arm; `special unit Formoza`."""
        if self.capital(i):
            first, number = self.left(i)
            first = self.trim(first, i, number)
            arms = self.kinds["arm"]
            if i - first >= 2 and any(self.low(k) in arms for k in range(first, i)) and self.low(i - 1) != "care":
                after = self.right_number(i + 1)
                self.add(first, after if after > i + 1 else self._theatre(i), "named-formation", number, "unit")
            return
        self.introduced(i)

    def raf_group(self, i: int) -> None:
        """`No. 5 Group`: a group of the Royal Air Force."""
        first = i - 3 if self.word(i - 2) == "." else i - 2
        if self.capital(i) and self.word(i - 1).isdecimal() and self.word(first) == "No":
            self.add(first, i + 1, "numbered-formation", self.word(i - 1), "group")

    def station(self, i: int) -> None:
        """`Air Station Kodiak`, `Coast Guard Station Fire Island`: a unit, unless somebody is at it."""
        if not (self.capital(i) and self.capital(i + 1)):
            return
        f = i
        while self.low(f - 1) in ("air", "guard", "coast") and self.capital(f - 1):
            f -= 1
        if f == i or self.low(f - 1) in ("naval", "corps", "at", "aboard", "on", "near", "outside", "in"):
            return
        e = i + 1
        while self.capital(e) and e - i < 4 and not (self.word(e + 1) == "-" and self.t.glued(e + 1)):
            e += 1
        if e > i + 1:
            self.add(f, e, "station", None, "station", 2)

    def introduced(self, i: int) -> None:
        """`special unit Formoza`, `elite commando unit Example`."""
        if self.low(i - 1) in self.kinds["introducer"] and self.capital(i + 1) and self.word(i)[0].islower():
            e = i + 2
            while self.capital(e) and e - i < 4:
                e += 1
            self.add(i + 1, e, "introduced", None, "unit")

    def regiment(self, i: int) -> None:
        """Regiments without the word: `Somerset Light Infantry`, `1 COLDSTREAM GUARDS`, `6th Marines`."""
        if self.low(i + 1) in self.kinds["echelon"] and self.capital(i + 1):
            return
        if not self.capital(i):
            self._small_regiment(i)
            return
        for phrase in self.by_last["regiment-head"][self.t.low[i]]:
            f = i - len(phrase) + 1
            if f < 0 or tuple(self.t.low[f : i + 1]) != phrase or not self.capital(f):
                continue
            first, number = self.left(f)
            first = self.trim(first, f, number)
            if not number and self.low(first - 1) == "at":
                return  # at Horse Guards
            if not number and any(self.low(k) in self.kinds["not-regiment"] for k in range(first, f)):
                return
            if number and not self.capital(i):
                return
            dotted = self.word(i + 1) == "." and self.t.glued(i + 1) and len(self.word(i)) <= 4
            e = i + 2 if dotted and number else i + 1
            if number or (first < f and self.low(i) not in ("armor", "armour", "artillery", "engineers", "signals", "marines",
                                                            "scouts", "rangers", "paratroopers", "inf")):
                if self.word(e) == "Regiment":
                    e += 1
                self.add(first, e, "numbered-formation" if number else "regiment-name", number, "regiment")
            return

    def _small_regiment(self, i: int) -> None:
        """`27th combat engineers`, `101st engineers`: written small behind an ordinal."""
        first, number = self.left(i)
        if number and self.low(i) in ("artillery", "engineers", "infantry", "cavalry", "marines", "rifles", "hussars", "lancers") and (
                self.low(first + 1) in self.kinds["ordinal-suffix"] or self.word(first + 1) == "-"):
            self.add(first, i + 1, "numbered-formation", number, "regiment", 0)
