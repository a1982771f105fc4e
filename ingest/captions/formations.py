"""Formations by their echelon: numbered, lettered, named in front or behind, in Latin letters and in Cyrillic.

    formation = [ number { "and" number } ] { modifier } echelon [ number | letter | name ] ;
    number    = digits [ ordinal ] | ordinal word | digits "-" digits ordinal ;
    modifier  = arm | capitalised word | "(" name ")" ;

    "31st Separate Mechanized Brigade"           number, modifiers, echelon
    "бригади «Гарт»"                             echelon, name in quotes
"""

from __future__ import annotations

import re

from ingest.captions.lexicon import is_service
from ingest.captions.unit_scan import COMPASS, UnitScan, is_cyrillic

_LETTER = re.compile(r"[A-Z]\Z")
_OPENING = "'\"‘“"
#: Echelons written small that need a number to mean a formation.
_NEED_NUMBER_SMALL = frozenset(("co", "div", "det", "bn", "batt", "corps", "wing", "front", "legion", "troop", "division",
                                "company", "fleet", "flotilla", "detachment"))


class EchelonRules(UnitScan):
    """Rules for words such as brigade, battalion, бригада."""

    def echelon(self, i: int) -> None:
        """A formation whose echelon is token `i`."""
        ident, value, needs = self.kinds["echelon"][self.t.low[i]]
        del ident
        w = self.t.word[i]
        small = w[0].islower()
        first, number = self.left(i)
        if is_cyrillic(w):
            self._cyrillic(i, first, number, value, needs)
            return
        if value == "army" and self.low(i + 1) in ("division", "corps", "area", "brigade") and self.capital(i + 1):
            return  # the Iraqi 9th Army Division is no army
        bare = small and self.t.low[i] in _NEED_NUMBER_SMALL and not (value == "company" and self._battalion_behind(i + 1))
        if not number and (bare or (value == "army" and self.low(i) == "army")):
            return
        behind = i + 1
        if self.word(behind) == "." and self.t.glued(behind) and len(w) <= 4:
            behind += 1
        first = self.trim(first, i, number)
        named = first < i and any(self.capital(k) for k in range(first, i))
        if (needs in ("military", "letter") or value == "squadron") and not number and self._lettered(i, behind, named, value):
            return
        if number:
            self._numbered(i, first, behind, number, value, needs)
        elif value == "hospital":
            after = self.right_number(behind)
            if named and after > behind + 1:
                self.add(first, after, "number-behind", self.word(after - 1), value)  # Base Hospital No. 21
        elif needs != "quoted" and value != "taskforce":
            self._named(i, first, behind, named, value, needs)

    def _lettered(self, i: int, behind: int, named: bool, value: str) -> bool:
        """`Company A`, `Co. B`, `B Company`, `'A' Company`, `D Squadron`."""
        t, n = self.t, len(self.t)
        after = self.word(behind)
        if after in _OPENING and _LETTER.match(self.word(behind + 1)) and self.word(behind + 2) in "'’\"”" and t.word[i][0].isupper():
            self.add(i, behind + 3, "lettered", self.word(behind + 1), value)  # Co. "I"
            return True
        if not named and _LETTER.match(after) and t.word[i][0].isupper() and (after != "I" or self.word(behind + 1) == ","):
            glued = behind + 1 < n and t.glued(behind + 1) and t.word[behind + 1] not in ",.;)’'\""
            article = after == "A" and self.word(behind + 1)[:1].islower()
            if not glued and not article:
                self.add(i, behind + 1, "lettered", after, value)
                return True
        k = i - 1
        if self.word(k) == ")" and self.word(k - 2) == "(" and _LETTER.match(self.word(k - 3)):
            self.add(k - 3, i + 1, "lettered", t.word[k - 3], value)  # A (Delhi) Company
            return True
        if self.word(k) in "'’\"”" and _LETTER.match(self.word(k - 1)) and k >= 1:
            first = k - 2 if self.word(k - 2) in _OPENING and k >= 2 else k - 1
            self.add(first, i + 1, "lettered", t.word[k - 1], value)
            return True
        if _LETTER.match(self.word(k)) and (k == 0 or not t.glued(k)) and not (t.word[k] == "A" and t.word[i][0].islower()):
            self.add(k, i + 1, "lettered", t.word[k], value)
            return True
        return False

    def _numbered(self, i: int, first: int, behind: int, number: str, value: str, needs: str) -> None:
        """`31st Separate Mechanized Brigade`, `2nd tank battalion`, `Badri 313 battalion`."""
        mods = [self.low(k) for k in range(first, i) if self.is_word(k) and self.low(k) not in self.kinds["ordinal-suffix"]]
        arms = self.kinds["arm"]
        small = self.t.word[i][0].islower()
        if value == "company" and mods and not any(m in arms or m.isupper() for m in mods) and not any(
                self.word(k).isupper() and len(self.word(k)) > 1 for k in range(first, i)):
            return
        of = value == "fleet" and self.low(first + 1) in self.kinds["ordinal-suffix"] and self.low(behind) == "of"
        if small and value in ("hospital", "front", "wing", "legion", "fleet", "army") and not of and not any(m in arms for m in mods):
            return
        if needs == "letter" or (value == "division" and number.isalpha() and not self.military()):
            return
        if value == "army" and self.t.word[first].isdecimal() and len(number) > 2:
            return  # about 300 U.S. Army soldiers
        bare = self.t.word[first].isdecimal() and not mods
        if bare and small and self.capital(first - 1) and self.low(first - 1) not in self.kinds["echelon"] and not self._barred(
                first - 1) and self.low(
                first - 1) not in self.kinds["service"]:
            first -= 1
        self.add(first, self._tail(i, behind, value), "numbered-formation", number, value)

    def _tail(self, i: int, behind: int, value: str) -> int:
        """Behind what belongs to a numbered formation's name after its echelon."""
        e, low = behind, self.low(behind - 1)
        after = self.kinds["arm-after"]
        if low in ("regiment", "brigade", "bataillon", "compagnie", "escadron", "brigata", "reggimento", "division",
                   "brygada", "brygady", "regimiento", "batallon", "brigada") and (
                self.low(e) in after and (self.low(e).startswith(("d'", "de", "du")) or not self.t.word[e].isascii()
                                          or low not in ("brigade", "division", "regiment"))):
            while self.low(e) in after:
                e += 1
            while e > behind and self.low(e - 1) in ("de", "da", "del", "della", "du"):
                e -= 1
        if low in self.kinds["adjective-behind"]:
            while self.capital(e) and e - behind < 4:
                e += 1
        if value == "regiment" and self.word(e) == "Royal" and self.capital(e + 1) and not any(
                self.low(k) in self.kinds["echelon"] for k in range(e, e + 4)):
            while self.capital(e) and e - behind < 4 and self.low(e) not in self.kinds["stop"]:
                e += 1
        if self.low(e) == "of" and self.low(e + 1) == "marines":
            e += 2  # 35th Separate Brigade of Marines
        if self.low(e) == "of" and self.capital(e + 1) and self.low(e + 1) in self.kinds["arm"]:
            k = e + 1
            while self.capital(k) and self.low(k) in self.kinds["arm"]:
                k += 1
            e = k if not self.capital(k) else e
        if self.low(e) == "named" and self.low(e + 1) == "after":
            e += 3 if self.low(e + 2) == "the" and self.capital(e + 3) else 2
            while self.capital(e) and e - behind < 8:
                e += 1
        if value == "division" and self.low(e) in COMPASS and self.capital(e):
            e += 1
        if value == "squadron" and self.word(e) in ("RAF", "RAAF", "RCAF", "RNZAF", "SAAF"):
            e += 1
        return e

    def _named(self, i: int, first: int, behind: int, named: bool, value: str, needs: str) -> None:
        """Without a number in front: `Pioneer Battalion 2`, `Givati Brigade`, `Da Vinci Wolves battalion`, `Battlegroup Center`."""
        t = self.t
        small = t.word[i][0].islower()
        arm = i
        while self.low(arm - 1) in self.kinds["arm"] and self.word(arm - 1)[0].islower():
            arm -= 1  # "Lyut" assault brigade
        opening = self.quote_before(arm)
        if opening < arm and value in ("brigade", "battalion", "regiment", "squadron", "division", "battery", "company", "battlegroup"):
            self.add(opening, i + 1, "quoted-name", None, value)
            return
        if self.low(i) in self.kinds["romance"] and not small and self._romance(i, value):
            return
        after = self.right_number(behind)
        if after > behind and self.low(i).endswith("s") and self.low(after) == "and" and self.word(after + 1).isdecimal():
            after += 2  # Carrier Air Wings 5 and 17
        if after > behind and (not small or named or value == "flotilla") and needs != "letter" and value not in ("army", "front") and not (
                value == "company" and not named):
            self.add(first if named else i, after, "number-behind", t.word[after - 1], value)
            return
        if value == "squadron" and self._air_squadron(i):
            return
        if self.word(i - 1) == "-" and is_service(self.word(i - 2)):
            return  # Bundeswehr-Brigade
        if value == "front":
            return  # without a number it is a line on the map (Western Front), or an entry of the authority file
        if named and not small:
            mods = [self.low(k) for k in range(first, i) if self.is_word(k)]
            military = any(m in self.kinds["arm"] for m in mods)
            if value == "company" and not (military or any(m in self.kinds["phonetic"] for m in mods)
                                           or self._battalion_behind(behind)):
                return
            troop = value == "troop" and (self.word(behind) == "," or self.low(behind + 2) in ("squadron", "sqn"))
            lettered = any(m in self.kinds["phonetic"] for m in mods) or troop
            if (needs == "letter" and not (lettered and self.military())) or (
                    value in ("division", "corps", "wing") and not (military or self.military())):
                return
            if value == "division" and self.low(behind) in COMPASS and self.capital(behind):
                behind += 1
            if value == "division" and not self.military():
                return
            if value in ("brigade", "battalion", "regiment"):
                behind = self.quoted(behind)
            if value == "battlegroup":
                while self.capital(behind) and behind - i < 4:
                    behind += 1
            self.add(first, behind, "named-formation", None, value)
        elif named and (value in ("brigade", "battalion", "regiment", "squadron", "militia") or (
                value == "company" and self._battalion_behind(behind))):
            self.add(first, i + 1, "named-formation", None, value)
        elif value in ("brigade", "battalion", "regiment", "battlegroup") or self.low(i) in self.kinds["named-right"]:
            self._named_behind(i, behind, value)

    def _battalion_behind(self, behind: int) -> bool:
        """Whether a comma and a numbered battalion follow: `Corunna Company, 1st Battalion`."""
        return self.word(behind) == "," and any(
            self.low(k) in self.kinds["echelon"] and self.kinds["echelon"][self.low(k)].value == "battalion"
            and self.left(k)[1] is not None for k in range(behind + 2, behind + 8))

    def _named_behind(self, i: int, behind: int, value: str) -> None:
        """`battalion "Aidar"`, `assault brigade 'Lyut' (Fury)`, `Brigata Taurinense`, `volunteer battalion Donbas`."""
        q = self.quoted(behind)
        first = i
        if q > behind:
            while self.low(first - 1) in self.kinds["arm"] and self.word(first - 1)[0].islower():
                first -= 1
            self.add(first, q, "quoted-name", None, value)
            return
        volunteer = self.low(i - 1) == "volunteer"
        if not (self.capital(behind) and (self.capital(i) or volunteer)) or self.low(behind) in self.kinds["stop"] or (
                self.low(behind) in self.kinds["echelon"] or (not self.military() and self.low(i) not in ("brigata", "brigada",
                                                                                                         "reggimento"))):
            return
        e = behind + 1
        while self.capital(e) and e - behind < 3 and self.low(e) not in self.kinds["stop"]:
            e += 1
        self.add(i - 1 if volunteer else i, e, "named-behind", None, value)

    def _romance(self, i: int, value: str) -> bool:
        """`Regimiento de Ingenieros nº 8`: what it is follows behind `de`, its number last."""
        e = i + 1
        if self._quoted_romance(i, value):
            return True
        if self.low(e) not in ("de", "del", "di", "d'", "des"):
            return False
        while e - i < 10 and (self.capital(e) or self.low(e) in ("de", "del", "di", "la", "las", "los", "y", "e")):
            e += 1
        while self.low(e - 1) in ("de", "del", "di", "la", "las", "los", "y", "e"):
            e -= 1
        number = e + 1 if self.low(e) in ("no", "n", "num", "numero") else e
        while self.word(number) in (".", "º", "°"):
            number += 1
        if self.word(number).isdecimal():
            e = number + 1
        if e < i + 3:
            return False
        self.add(i, e, "number-behind" if self.word(e - 1).isdecimal() else "named-behind", None, value)
        return True

    def _quoted_romance(self, i: int, value: str) -> bool:
        """`Brigada Paracaidista «Almogávares VI»`, `Brigada "Guzmán el Bueno" X`: its name in quotes, its number last."""
        e = i + 1
        while self.capital(e) and e - i < 3:
            e += 1
        q = self.quoted(e)
        if q == e:
            return False
        self.add(i, self.right_number(q), "quoted-name", None, value)
        return True

    def _air_squadron(self, i: int) -> bool:
        """`escadron de transport 4/61 Béarn`, `escadrille de chasse 1/4 Gascogne`."""
        number = self.right_number(i + 3)
        if self.low(i + 1) != "de" or number == i + 3 or "/" not in self.t.word[i + 3 : number]:
            return False
        self.add(i, number + self.capital(number), "number-behind", self.word(number - 1), "squadron", 2)
        return True

    def german(self, i: int) -> None:
        """`Pionierbataillon 2`, `4. Panzer-Division`, `Mot.-Schützenregiments 9`: the echelon ends the word."""
        if not self.capital(i):
            return
        after = self.right_number(i + 1)
        first, number = self.left(i)
        if after > i + 1:
            while first < i and not self.capital(first):
                first += 1
            self.add(first if first < i else i, after, "number-behind", self.word(after - 1), "regiment")
        elif number:
            self.add(first, i + 1, "numbered-formation", number, "regiment")

    def _cyrillic(self, i: int, first: int, number: str | None, value: str, needs: str) -> None:
        """`155-й отдельной гвардейской бригады морской пехоты`, `группировки войск «Запад»`, `Волховский фронт`."""
        n = len(self.t)
        e = i + 1
        if self.low(e) in ("войск", "військ"):
            e += 1
        after = self.kinds["arm-after"]
        while e < n and ((value == "army" and self.word(e) in ("ВВС", "ПВО", "ВКС")) or (
                value == "army" and self.low(e) == "и" and self.word(e + 1) == "ПВО") or (self.low(e) in after and self.word(e) not in ("ЗСУ", "ВСУ")) or (
                self.word(e) == "-" and self.t.glued(e) and self.low(e + 1) in after)):
            e += 1
        e = self.named_after(e)
        q = self.quoted(e)
        if value == "base" and self.low(i - 1) not in self.kinds["base-arm"]:
            return  # a base that is a formation, and no place: 201-й военной базы
        if number:
            self.add(first, max(q, e), "numbered-formation", number, value)
            return
        capital = next((k for k in range(i - 1, max(first, i - 4) - 1, -1) if self.capital(k)), i)
        if q > e:
            self.add(capital if needs == "quoted" and capital < i and value == "command" else i, q, "quoted-name", None, value)
        elif needs == "capital" and capital < i and value in ("fleet", "front", "flotilla", "military district", "base") and (
                self.word(capital) != self.word(0) or True):
            if value != "military district" or self.low(i - 1) == "военного" or self.low(i - 1) == "військового":
                self.add(capital, i + 1, "named-formation", None, value)
