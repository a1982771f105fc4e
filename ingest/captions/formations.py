"""Formations by their echelon: numbered, lettered, named in front or behind, in English and in Cyrillic.

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

from ingest.captions.unit_scan import UnitScan

_LETTER = re.compile(r"[A-HJ-Z]\Z")
_MILITARY = frozenset(
    (
        "soldiers",
        "soldier",
        "troops",
        "army",
        "marines",
        "sniper",
        "fighters",
        "military",
        "tank",
        "howitzer",
        "commander",
        "servicemen",
        "regiment",
        "brigade",
        "battalion",
        "artillery",
        "tanks",
        "trench",
        "gunners",
        "mules",
        "shells",
        "infantry",
        "mortar",
        "raid",
        "front",
        "rocket",
    )
)


class FormationRules(UnitScan):
    """Rules for echelons, compounds, state forces and regiments."""

    def echelon(self, i: int) -> None:
        t = self.t
        ident, value, needs = self.kinds["echelon"][t.low[i]]
        w = t.word[i]
        ascii_ = w.isascii()
        first, number = self.left(i)
        behind = i + 1
        if behind < len(t) and t.word[behind] == "." and t.glued(behind) and len(w) <= 4:
            behind += 1
        if value == "army" and t.low[i] in ("army",) and not number:
            return
        if (
            not number
            and t.low[i]
            in ("co", "div", "det", "bn", "batt", "corps", "wing", "front", "legion", "troop", "division", "company")
            and not w[0].isupper()
        ):
            return
        after = self.right_number(behind)
        first = self.trim(first, i, number)
        named_left = first < i and any(self.capital(k) for k in range(first, i) if self.is_word(k))
        if not ascii_:
            self.cyrillic(i, first, number, value)
            return
        if ident == "battery" and w == "batterie":
            return
        # letters: Company A, B Company, 'A' Company, D Squadron, Co. B
        if needs in ("military", "letter") or value == "squadron":
            if (
                behind < len(t)
                and _LETTER.match(t.word[behind])
                and not (behind + 1 < len(t) and t.glued(behind + 1) and t.word[behind + 1] not in ",.;)’'\"")
                and w[0].isupper()
                and not number
                and not named_left
            ):
                if not (t.word[behind] == "A" and behind + 1 < len(t) and t.word[behind + 1][0].islower()):
                    self.add(i, behind + 1, "lettered", t.word[behind], value)
                    return
            k = i - 1
            if (
                k >= 0
                and _LETTER.match(t.word[k])
                and (k == 0 or not t.glued(k) or t.word[k - 1] in "'\"‘“(")
                and not (t.word[k] == "A" and not (t.word[k - 1] in "'‘\"" if k else False) and w[0].islower())
            ):
                f = k
                b = i + 1
                if k and t.word[k - 1] in "'\"‘“" and t.glued(k):
                    f = k - 1
                self.add(f, b, "lettered", t.word[k], value)
                return
            if k >= 1 and t.word[k] in "'’\"”" and _LETTER.match(t.word[k - 1]):
                self.add(
                    k - 2 if k >= 2 and t.word[k - 2] in "'‘\"“" else k - 1, i + 1, "lettered", t.word[k - 1], value
                )
                return
        if number:
            if (
                needs == "military"
                and value in ("company",)
                and not any(t.low[k] in self.kinds["arm"] for k in range(first, i))
                and any(self.is_word(k) and t.low[k] not in self.kinds["ordinal-suffix"] for k in range(first, i))
            ):
                return
            if value == "front" and w[0].islower():
                return
            if (
                w[0].islower()
                and value in ("army", "fleet", "wing", "company", "legion", "front")
                and value != "company"
            ):
                if value != "army" or True:
                    if not (value == "wing" and False):
                        pass
                if not any(t.low[k] in self.kinds["arm"] for k in range(first, i)) and value in (
                    "front",
                    "wing",
                    "legion",
                    "fleet",
                    "army",
                ):
                    return
            self.tail(first, behind, "numbered-formation", number, value)
            return
        if (after > behind and w[0].isupper()) or (after > behind and named_left):
            if needs == "letter" or value in ("army",):
                return
            if value == "company" and not named_left:
                return
            self.add(first if named_left else i, after, "number-behind", t.word[after - 1], value)
            return
        if named_left and w[0].isupper():
            if value == "company":
                mods = [t.low[k] for k in range(first, i) if self.is_word(k)]
                if not any(m in self.kinds["phonetic"] or m in self.kinds["arm"] for m in mods):
                    return
                if first and t.word[first - 1] in "-" and t.glued(first):
                    return
            if needs == "letter":
                return
            if (
                value in ("division", "corps", "wing", "front", "legion")
                and value in ("division", "corps", "wing")
                and not self._military_context(first, i)
            ):
                return
            self.add(first, i + 1 if behind == i + 1 else behind, "named-formation", None, value)
            return
        if named_left and value in ("brigade", "battalion", "regiment", "squadron"):
            # Da Vinci Wolves battalion
            self.add(first, i + 1, "named-formation", None, value)
            return
        if value in ("brigade", "battalion", "regiment", "battlegroup") or t.low[i] in self.kinds["named-right"]:
            # battalion "Aidar", Battlegroup Center, Brigata Taurinense, volunteer battalion Donbas
            q = self.quoted(behind)
            if q > behind:
                f = i
                while f > 0 and t.low[f - 1] in (
                    "volunteer",
                    "assault",
                    "special",
                    "drone",
                    "strike",
                    "mechanized",
                    "motorized",
                    "infantry",
                ):
                    f -= 1
                self.add(f, q, "quoted-name", None, value)
                return
            if (
                behind < len(t)
                and self.is_word(behind)
                and self.capital(behind)
                and t.low[behind] not in self.kinds["stop"]
                and t.low[behind] not in self.kinds["echelon"]
                and not self.number_ending_at(behind)
                and (w[0].isupper() or (i and t.low[i - 1] == "volunteer"))
            ):
                e = behind + 1
                while (
                    e < len(t)
                    and self.is_word(e)
                    and self.capital(e)
                    and e - behind < 3
                    and t.low[e] not in self.kinds["stop"]
                ):
                    e += 1
                f = i - 1 if i and t.low[i - 1] == "volunteer" else i
                self.add(f, e, "named-behind", None, value)

    def _military_context(self, first: int, head: int) -> bool:
        """Whether Division, Corps or Wing is a formation's here: a military word beside the name or the caption's rest."""
        t = self.t
        mods = [t.low[k] for k in range(first, head) if self.is_word(k)]
        if any(m in self.kinds["arm"] for m in mods):
            return True
        value = self.kinds["echelon"][t.low[head]][1]
        military = sum(1 for w in t.low if w in _MILITARY)
        return value in ("division", "corps") and military >= 2

    def tail(self, first: int, behind: int, rule: str, number: str | None, value: str) -> None:
        """Add a numbered formation, with what belongs to its name behind the echelon."""
        t, n = self.t, len(self.t)
        e = behind
        after = self.kinds["arm-after"]
        if value in ("brigade", "regiment", "battalion", "division", "company", "squadron") and t.low[behind - 1] in (
            "regiment",
            "brigade",
            "bataillon",
            "compagnie",
            "escadron",
            "brigata",
            "reggimento",
            "division",
            "brygada",
            "brygady",
            "regimiento",
            "batallon",
            "brigada",
        ):
            k = e
            while k < n and (t.low[k] in after or (t.low[k].startswith(("d'", "d’")) and t.low[k] in after)):
                k += 1
            while k > e and t.low[k - 1] in ("de", "da", "del", "della", "du"):
                k -= 1
            if t.low[behind - 1] not in ("brigade", "division") or (
                k > e
                and (
                    t.low[e].startswith(("d'", "d’"))
                    or t.low[e] in ("de", "blindee", "legere", "etrangere", "mecanisee")
                )
            ):
                e = k
            if t.low[behind - 1] in ("brygada", "brygady"):
                while e < n and self.is_word(e) and self.capital(e) and e - behind < 4:
                    e += 1
        if (
            value in ("regiment", "squadron", "battalion")
            and e < n
            and t.word[e] == "Royal"
            and e + 1 < n
            and self.capital(e + 1)
            and not any(t.low[k] in self.kinds["echelon"] for k in range(e, min(n, e + 4)))
        ):
            k = e
            while k < n and self.is_word(k) and self.capital(k) and k - e < 4 and t.low[k] not in self.kinds["stop"]:
                k += 1
            if value == "regiment":
                e = k
        if value == "squadron" and e < n and t.word[e] in ("RAF", "RAAF", "RCAF", "RNZAF", "SAAF"):
            e += 1
        if e + 2 < n and t.word[e] == "(" and value in ("battalion", "company", "command") and False:
            pass
        self.add(first, e, rule, number, value)

    def cyrillic(self, i: int, first: int, number: str | None, value: str) -> None:
        """`155-й отдельной гвардейской бригады морской пехоты`, `бригади «Гарт»`, `Волховский фронт`."""
        t, n = self.t, len(self.t)
        e = i + 1
        while e < n and (
            (t.low[e] in self.kinds["arm-after"] and t.word[e] not in ("ЗСУ", "ВСУ"))
            or (t.word[e] == "-" and t.glued(e) and e + 1 < n and t.low[e + 1] in self.kinds["arm-after"])
        ):
            e += 1
        if e < n and t.low[e] in ("імені", "имени", "ім"):
            e += 1
            while (
                e < n
                and self.is_word(e)
                and e - i < 9
                and (
                    self.capital(e)
                    or t.low[e]
                    in (
                        "гетьмана",
                        "князя",
                        "короля",
                        "полковника",
                        "генерала",
                        "маршала",
                        "героя",
                        "кошового",
                        "отамана",
                    )
                )
            ):
                e += 1
        q = self.quoted(e)
        if number:
            self.add(first, max(q, e), "numbered-formation", number, value)
            return
        if q > e:
            f = i
            while (
                f > 0
                and self.is_word(f - 1)
                and not t.word[f - 1].isascii()
                and t.word[f - 1][0].islower()
                and self._russian_adjective(t.low[f - 1])
                and False
            ):
                f -= 1
            self.add(f, q, "quoted-name", None, value)
            return
        if value in ("fleet", "front", "flotilla") and first < i:
            self.add(first, i + 1, "named-formation", None, value)

    def compound(self, i: int) -> None:
        t = self.t
        for phrase in self.by_last["compound"][t.low[i]]:
            f = i - len(phrase) + 1
            if f < 0 or tuple(t.low[f : i + 1]) != phrase or not self.capital(f):
                if not (phrase[0] == "group" and f >= 0 and tuple(t.low[f : i + 1]) == phrase):
                    continue
            first, number = self.left(f)
            first = self.trim(first, f, number)
            behind = i + 1
            after = self.right_number(behind)
            named_left = first < f
            if after > behind and not number:
                self.add(first, after, "number-behind", t.word[after - 1], " ".join(phrase), 2)
                return
            joined = " ".join(phrase)
            # Task Force Bayonet, Task Force - Odyssey Dawn, Rotational Force – Darwin
            if joined in (
                "task force",
                "joint task force",
                "combined task force",
                "rotational force",
                "combined joint task force",
            ):
                k = behind
                if k < len(t) and t.word[k] in "-–—":
                    k += 1
                e = k
                while (
                    e < len(t)
                    and self.is_word(e)
                    and (self.capital(e) or t.low[e] == "of")
                    and e - k < 4
                    and t.low[e] not in ("soldiers",)
                ):
                    e += 1
                while e > k and t.low[e - 1] == "of":
                    e -= 1
                if (
                    e > k
                    and (k == behind or True)
                    and not (k == behind and named_left and self.t.low[k] in self.kinds["stop"])
                ):
                    self.add(first, e, "named-behind", number, joined, 2)
                    return
            if named_left or number:
                e = behind
                if e < len(t) and t.word[e] in ("Europe", "Africa", "Pacific", "NATO", "Baltic"):
                    e += 1
                if e + 1 < len(t) and t.low[i] in ("command", "corps") and t.word[e] in ("Europe", "Africa"):
                    e += 1
                # an exact unit only for a bare compound with a name or number
                self.add(first, e, "named-formation", number, joined, 2)
            return

    def state_force(self, i: int) -> None:
        t = self.t
        for phrase in self.by_last["state-force"][t.low[i]]:
            f = i - len(phrase) + 1
            if f < 0 or tuple(t.low[f : i + 1]) != phrase or not self.capital(f):
                continue
            first, number = self.left(f)
            if number:
                first_n = first
                while first < f and (self.number_ending_at(first) or t.low[first] in self.kinds["ordinal-suffix"]):
                    first += 1
                del first_n
            first = self.trim(first, f, None)
            if first == f:
                e = i + 1
                if phrase[0] == "freiwillige" or phrase[0] == "freiwilligen":
                    while e < len(t) and self.is_word(e) and self.capital(e) and e - i < 3:
                        e += 1
                    self.add(f, e, "civil-force", None, " ".join(phrase), 2)
                return
            self.add(first, i + 1, "civil-force", None, " ".join(phrase), 2)
            return

    def regiment(self, i: int) -> None:
        """Regiments without the word: `Somerset Light Infantry`, `1 COLDSTREAM GUARDS`, `6th Marines`."""
        t = self.t
        if not self.capital(i):
            return
        if i + 1 < len(t) and t.low[i + 1] in self.kinds["echelon"] and self.capital(i + 1):
            return
        for phrase in self.by_last["regiment-head"][t.low[i]]:
            f = i - len(phrase) + 1
            if f < 0 or tuple(t.low[f : i + 1]) != phrase or not self.capital(f):
                continue
            first, number = self.left(f)
            first = self.trim(first, f, number)
            if (
                any(
                    t.low[k]
                    in (
                        "revolutionary",
                        "border",
                        "civil",
                        "prison",
                        "security",
                        "home",
                        "frontier",
                        "coast",
                        "presidential",
                        "air",
                        "color",
                        "honor",
                        "honour",
                        "forest",
                        "park",
                        "texas",
                        "boy",
                        "girl",
                        "cub",
                        "army",
                        "marine",
                        "special",
                        "combat",
                        "mechanized",
                        "islamic",
                        "queens",
                    )
                    for k in range(first, f)
                )
                and not number
            ):
                return
            if (
                i + 1 < len(t)
                and self.is_word(i + 1)
                and self.capital(i + 1)
                and t.low[i + 1] in ("brigade", "division", "regiment", "battalion", "company")
            ):
                return
            single = t.low[i]
            if number or (
                first < f
                and single
                in (
                    "dragoons",
                    "guards",
                    "rifles",
                    "fusiliers",
                    "hussars",
                    "lancers",
                    "highlanders",
                    "grenadiers",
                    "infantry",
                    "yeomanry",
                    "borderers",
                    "gurkhas",
                    "cavalry",
                    "welsh",
                )
            ):
                if (
                    not number
                    and single in ("guards", "infantry", "cavalry", "rifles")
                    and not all(self.capital(k) for k in range(first, f) if self.is_word(k))
                ):
                    return
                e = i + 1
                if e < len(t) and t.word[e] == "Regiment":
                    e += 1
                self.add(first, e, "numbered-formation" if number else "regiment-name", number, "regiment", 1)
            return
