"""Formations: numbered ones by grammar, named ones by their kind or by an authority entry.

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
from dataclasses import dataclass
from functools import lru_cache

from archive.folding import fold, latin
from ingest.captions.lexicon import nationalities, unit_entries, unit_words
from ingest.captions.tokens import Tokens


@dataclass(slots=True)
class Formation:
    """A formation found: its tokens `first:behind` and its parts."""

    first: int
    behind: int
    start: int
    end: int
    rule: str
    number: str | None = None
    echelon: str | None = None
    authority: tuple[str, ...] = ()
    named: str = ""
    priority: int = 0


@lru_cache(maxsize=1)
def _lexicon():  # type: ignore[no-untyped-def]
    kinds = {
        k: unit_words(k)
        for k in (
            "echelon",
            "arm",
            "phonetic",
            "ship-prefix",
            "ship-type",
            "squadron-prefix",
            "short-unit",
            "state-force",
            "service",
            "stop",
            "exercise",
            "ordinal",
            "regiment-head",
            "compound",
            "arm-after",
            "named-right",
            "ordinal-suffix",
            "honorific",
        )
    }
    by_last: dict[str, dict[str, list[tuple[str, ...]]]] = {}
    for kind in ("compound", "state-force", "regiment-head"):
        table: dict[str, list[tuple[str, ...]]] = {}
        for phrase in kinds[kind]:
            toks = tuple(Tokens(phrase).low)
            table.setdefault(toks[-1], []).append(toks)
        for v in table.values():
            v.sort(key=len, reverse=True)
        by_last[kind] = table
    ship_types: dict[str, list[tuple[str, ...]]] = {}
    for phrase in kinds["ship-type"]:
        toks = tuple(Tokens(phrase).low)
        ship_types.setdefault(toks[-1], []).append(toks)
    return kinds, by_last, ship_types


_LETTER = re.compile(r"[A-HJ-Z]\Z")
_POSSESSIVE_OWNERS = frozenset(
    ("queen", "king", "prince", "princess", "duke", "women", "sheriff", "wales", "lady", "people")
)


class UnitReader:
    """Reads the formations of one caption."""

    def __init__(self, tokens: Tokens) -> None:
        self.t = tokens
        self.kinds, self.by_last, self.ship_types = _lexicon()
        self.found: list[Formation] = []

    # -- small questions about tokens
    def capital(self, i: int) -> bool:
        w = self.t.word[i]
        return w[0].isupper()

    def is_word(self, i: int) -> bool:
        return 0 <= i < len(self.t) and self.t.word[i][0].isalpha()

    def number_ending_at(self, j: int) -> tuple[int, str] | None:
        """The number whose last token is `j`: (its first token, its digits)."""
        t = self.t
        if j < 0:
            return None
        w = t.word[j]
        if w.isdigit() and len(w) <= 5:
            first = j
            if j >= 2 and t.word[j - 1] in "-/" and t.glued(j) and t.glued(j - 1) and t.word[j - 2].isdigit():
                first = j - 2
            if first and t.glued(first) and t.word[first - 1] not in "(\"“'‘«/,[—–":
                return None
            return first, w
        if w in (".",) and j and t.glued(j) and t.word[j - 1].isdigit():
            return self.number_ending_at(j - 1)
        if t.low[j] in self.kinds["ordinal-suffix"] and t.glued(j):
            if t.word[j - 1].isdigit():
                return self.number_ending_at(j - 1)
            if t.word[j - 1] in "-‑–" and j >= 2 and t.glued(j - 1) and t.word[j - 2].isdigit():
                first = j - 2
                if first >= 2 and t.word[first - 1] == "-" and t.glued(first) and t.word[first - 2].isdigit():
                    first -= 2
                return first, t.word[j - 2]
        if t.low[j] in self.kinds["ordinal"] and t.word[j][0].isupper():
            return j, t.low[j]
        return None

    def barrier(self, j: int) -> bool:
        """Whether a word cannot be a modifier of the formation to its right."""
        low = self.t.low[j]
        return low in self.kinds["stop"] or low in nationalities()

    def left(self, head: int) -> tuple[int, str | None]:
        """How far a formation reaches to the left of its head: (first token, number)."""
        t, arms = self.t, self.kinds["arm"]
        first, j = head, head - 1
        number: str | None = None
        guard = 0
        while j >= 0 and guard < 9:
            guard += 1
            w, low = t.word[j], t.low[j]
            got = self.number_ending_at(j)
            if got:
                first, number = got
                # coordinated numbers: 74th and 75th, Nos. 295 and 570
                k = first - 1
                if k >= 1 and t.low[k] in ("and", "та", "и", "et", "und", "&"):
                    more = self.number_ending_at(k - 1)
                    if more:
                        first = more[0]
                        k = first - 1
                if (k >= 0 and t.low[k] in ("nos", "no", "№")) or (
                    k >= 1 and t.word[k] == "." and t.low[k - 1] in ("nos", "no")
                ):
                    first = k if t.word[k] != "." else k - 1
                break
            if w in "-‑–" and t.glued(j) and j + 1 < len(t) and t.glued(j + 1) and self.is_word(j - 1):
                j -= 1
                continue
            if (
                w == "."
                and t.glued(j)
                and j
                and len(t.word[j - 1]) <= 4
                and self.is_word(j - 1)
                and t.word[j - 1][0].islower()
            ):
                j -= 1
                continue
            if w == ")" and j >= 3 and t.word[j - 2] == "(" and self.is_word(j - 1):
                first, j = j - 2, j - 3
                continue
            if low in ("'s", "’s"):
                if j and t.low[j - 1] in _POSSESSIVE_OWNERS and t.word[j - 1][0].isupper():
                    first, j = j - 1, j - 2
                    continue
                break
            if low in ("'",) or not self.is_word(j):
                break
            if (
                low == "and"
                and j
                and self.is_word(j - 1)
                and self.capital(j + 1)
                and (t.low[j - 1] in arms or t.low[j - 1] == "headquarters")
                and first == j + 1
                and (t.low[j + 1] in arms or t.low[j + 1] == "headquarters")
            ):
                j -= 1
                continue
            if (
                self.barrier(j)
                and not (low in arms and low not in ("combat", "general") and self.number_ending_at(j - 1))
                and not (
                    low in ("combat", "general", "new", "red", "scouts")
                    and self.capital(j)
                    and j
                    and ((self.is_word(j - 1) and self.capital(j - 1)) or self.number_ending_at(j - 1))
                )
                and not (low == "new" and self.capital(j))
            ):
                break
            if (
                low in self.kinds["echelon"]
                and not (low in ("army",) and j + 1 <= head and t.low[j + 1] in ("national", "reserve"))
                and low not in ("marine",)
                and first != head + 99
                and self._closes_here(j)
            ):
                break
            if self.capital(j):
                first, j = j, j - 1
                continue
            if low in arms or (not w.isascii() and w[0].islower() and self._russian_adjective(low)):
                j -= 1
                # keep only if a number or a capital word follows to the left
                if j >= 0 and (
                    self.number_ending_at(j)
                    or (self.is_word(j) and (self.capital(j) or t.low[j] in arms or not t.word[j].isascii()))
                    or t.word[j] in "-.‑"
                ):
                    continue
                break
            break
        # lower-case arms directly before the head count only with a number
        return first, number

    def _closes_here(self, j: int) -> bool:
        """An echelon word that ends a formation of its own (Battalion | Royal Warwickshire Regiment)."""
        return bool(self.number_ending_at(j - 1)) or (
            j >= 1 and self.capital(j) and self.is_word(j - 1) and self.capital(j - 1)
        )

    @staticmethod
    def _russian_adjective(low: str) -> bool:
        return low.endswith(
            (
                "ой",
                "ого",
                "ая",
                "ый",
                "ий",
                "ої",
                "ою",
                "ній",
                "на",
                "ну",
                "них",
                "ных",
                "ового",
                "ових",
                "ими",
                "ей",
                "ої",
                "ым",
                "гв",
                "ском",
                "ская",
                "ской",
                "ских",
                "ську",
                "ська",
                "ської",
                "ського",
                "ий",
                "ое",
                "о",
            )
        )

    def trim(self, first: int, head: int, number: str | None) -> int:
        """Set aside what stands before a formation's name: nationality, service, rank, sentence's first word."""
        t = self.t
        if number:
            return first
        services = self.kinds["service"]
        while first < head:
            low = t.low[first]
            if low in self.kinds["stop"] or low in nationalities() or t.word[first] in ".-–" or low in ("'s", "’s"):
                first += 1
                continue
            two = f"{low} {t.low[first + 1]}" if first + 1 < head else ""
            if two in services and first + 2 <= head:
                first += 2
                continue
            if low in services and first + 1 < head:
                first += 1
                continue
            if t.word[first] in ("U", "US", "UK", "UN", "EU", "PLA", "Army", "Navy"):
                first += 1
                continue
            break
        return first

    # -- the rules
    def read(self) -> list[Formation]:
        t = self.t
        kinds = self.kinds
        names = unit_entries()
        for i in range(len(t)):
            low = t.low[i]
            if low in names:
                self.authority(i, names[low])
            if low in kinds["echelon"]:
                self.echelon(i)
            if low in self.by_last["compound"]:
                self.compound(i)
            if low in self.by_last["state-force"]:
                self.state_force(i)
            if low in self.by_last["regiment-head"]:
                self.regiment(i)
            w = t.word[i]
            if low in kinds["ship-prefix"] and w.isupper():
                self.ship(i)
            if low in self.ship_types:
                self.ship_by_type(i)
            if low in kinds["squadron-prefix"] and w.isupper():
                self.squadron_prefix(i)
            if low in kinds["short-unit"]:
                self.short(i)
            if w == "/" and 0 < i < len(t) - 1:
                self.slash(i)
        return self.resolve()

    def add(
        self,
        first: int,
        behind: int,
        rule: str,
        number: str | None = None,
        echelon: str | None = None,
        priority: int = 1,
        authority: tuple[str, ...] = (),
    ) -> None:
        t = self.t
        if first >= behind:
            return
        around = {t.low[k] for k in range(max(0, first - 2), first)} | {
            t.low[k] for k in range(behind, min(len(t), behind + 2))
        }
        if rule != "authority" and around & kinds_exercise() and not (first and t.word[first - 1] in ",."):
            before = {t.low[k] for k in range(max(0, first - 1), first)}
            after = {t.low[k] for k in range(behind, min(len(t), behind + 2))}
            if before & kinds_exercise() or after & _SPORT:
                return
        self.found.append(
            Formation(
                first, behind, t.start[first], t.end[behind - 1], rule, number, echelon, authority, priority=priority
            )
        )

    def authority(self, i: int, entries: list[tuple[tuple[str, ...], tuple[str, ...]]]) -> None:
        t = self.t
        for tokens, ids in entries:
            n = len(tokens)
            if i + n <= len(t) and tuple(t.low[i : i + n]) == tokens:
                if not t.word[i][0].isupper() and not t.word[i][0].isdigit() and t.word[i].isascii():
                    continue
                if n == 1 and len(t.word[i]) <= 3 and not t.word[i].isupper():
                    continue
                self.add(i, i + n, "authority", priority=2, authority=ids)
                return

    def right_number(self, j: int) -> int:
        """Behind the number that follows at token `j`: `(CRS) 8`, `-2`, `17`; `j` itself where there is none."""
        t, n = self.t, len(self.t)
        k = j
        if (
            k + 3 < n
            and t.word[k] == "("
            and t.word[k + 2] == ")"
            and t.word[k + 1].isupper()
            and t.word[k + 3].isdigit()
        ):
            return k + 4
        if k + 5 < n and t.word[k] == "(" and t.word[k + 2] == "-" and t.word[k + 4] == ")" and t.word[k + 5].isdigit():
            return k + 6
        if k + 1 < n and t.word[k] == "-" and t.glued(k) and t.word[k + 1].isdigit() and t.glued(k + 1):
            return k + 2
        if k < n and t.word[k].isdigit() and len(t.word[k]) <= 4 and not t.glued(k):
            nxt = t.low[k + 1] if k + 1 < n else ""
            if (
                (len(t.word[k]) == 4 and t.word[k][:2] in ("19", "20"))
                or (k + 1 < n and t.glued(k + 1) and (nxt.isalpha() or nxt in "-/:"))
                or nxt in _months()
            ):
                return j
            return k + 1
        if k < n and t.word[k] in ("I", "II", "III", "IV", "V", "VI"):
            return k + 1
        return j

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

    def quoted(self, k: int) -> int:
        """Behind a quoted name that starts at token `k`, with a bracketed gloss; `k` itself where there is none."""
        t, n = self.t, len(self.t)
        if k >= n:
            return k
        opener = t.word[k]
        if opener == "&" and k + 2 < n and t.low[k + 1] == "quot" and t.word[k + 2] == ";":
            for e in range(k + 3, min(n, k + 9)):
                if t.word[e] == "&" and e + 2 < n and t.low[e + 1] == "quot":
                    return e + 3
            return k
        closer = {"«": "»", "“": "”", "„": "“”", '"': '"', "'": "'", "‘": "’", "”": "”"}.get(opener)
        if closer is None or (t.glued(k) and opener in "'’"):
            return k
        for e in range(k + 1, min(n, k + 7)):
            if t.word[e] in closer:
                if e + 3 < n and t.word[e + 1] == "(" and t.word[e + 3] == ")" and self.is_word(e + 2):
                    return e + 4
                return e + 1
        return k

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

    def ship(self, i: int) -> None:
        t, n = self.t, len(self.t)
        j = i + 1
        if j < n and t.word[j].isdigit() and not t.glued(j):
            j += 1
        name = j
        open_quote = ""
        if j < n and t.word[j] in "\"“‘'«„":
            open_quote = t.word[j]
            j += 1
            name = j
        while j < n and j - name < 6:
            w = t.word[j]
            if w == "." and t.glued(j) and j > name and (len(t.word[j - 1]) == 1 or t.low[j - 1] in ("st", "jr", "sr")):
                j += 1
                continue
            if w in "-" and t.glued(j) and j + 1 < n and t.glued(j + 1):
                j += 1
                continue
            if (
                w in ("the", "de", "of", "da", "della", "di", "del")
                and j > name
                and j + 1 < n
                and self.is_word(j + 1)
                and self.capital(j + 1)
            ):
                j += 1
                continue
            if t.low[j] in ("'s", "’s"):
                break
            if self.is_word(j) and self.capital(j) and t.low[j] not in ("during", "and"):
                if (
                    t.word[i].isupper()
                    and len(t.word[name]) > 2
                    and not t.word[name].isupper()
                    and w in ("Carrier", "Amphibious", "Strike", "Expeditionary")
                    and j > name
                ):
                    break
                if w.isupper() and t.word[name].isupper() and t.low[j] in _UPPER_STOP:
                    break
                j += 1
                continue
            break
        while j > name and (t.word[j - 1] in ".-" and not t.word[j - 2][:1].isupper()):
            j -= 1
        if j > name:
            if open_quote and j < n and t.word[j] in "\"”’'»“":
                j += 1
            first = i
            # Her Majesty's Canadian Ship (HMCS) FREDERICTON
            self.add(first, j, "ship", None, "ship", 3)

    def ship_by_type(self, i: int) -> None:
        t, n = self.t, len(self.t)
        if not any(
            i - len(p) + 1 >= 0 and tuple(t.low[i - len(p) + 1 : i + 1]) == p for p in self.ship_types[t.low[i]]
        ):
            return
        low = t.low[i]
        k = i + 1
        if k < n and t.word[k] == ",":
            return
        if low == "cutter" and self.capital(i):
            j = k
            while j < n and self.is_word(j) and self.capital(j) and j - k < 3:
                j += 1
            if j > k:
                f = i
                while f and t.low[f - 1] in ("guard", "coast"):
                    f -= 1
                self.add(f, j, "ship", None, "ship", 3)
            return
        if k < n and t.low[k] in self.kinds["ship-prefix"] and t.word[k].isupper():
            return
        q = self.quoted(k)
        if q > k:
            inner = (k + 1, q - 1)
            if t.word[q - 1] == ")":
                inner = (k + 1, q - 4)
            self.add(inner[0], inner[1], "ship-name", None, "ship", 2)
            return
        if (
            k < n
            and self.is_word(k)
            and self.capital(k)
            and t.low[k] not in self.kinds["stop"]
            and t.low[k] not in nationalities()
            and t.low[k] not in self.kinds["echelon"]
        ):
            j = k
            while (
                j < n
                and (
                    (self.is_word(j) and self.capital(j))
                    or (t.word[j] == "-" and t.glued(j) and j + 1 < n and self.is_word(j + 1))
                )
                and j - k < 4
            ):
                j += 1
            if j < n and t.low[j] in ("'s", "’s"):
                return
            if t.low[k] in ("north", "south", "group", "strike"):
                return
            self.add(k, j, "ship-name", None, "ship", 1)

    def squadron_prefix(self, i: int) -> None:
        t, n = self.t, len(self.t)
        k = i + 1
        if k + 1 < n and t.word[k] == "-" and t.glued(k) and t.word[k + 1].isdigit() and t.glued(k + 1):
            if t.low[i] in ("va", "hm", "hc", "hs", "vt", "vr", "tf", "va") and t.low[i] != "tf":
                pass
            self.add(i, k + 2, "squadron-designation", t.word[k + 1], "squadron", 1)
        elif k < n and t.word[k].isdigit() and not t.glued(k) and len(t.word[i]) >= 3:
            self.add(i, k + 1, "squadron-designation", t.word[k], "squadron", 1)

    def short(self, i: int) -> None:
        """`2 PARA`, `1-506th IN`, `26th MEU`, `45 Cdo RM`, `79 ОДШБр`, `106-й гв. вдд`, `1RNZIR`."""
        t, n = self.t, len(self.t)
        w = t.word[i]
        low = t.low[i]
        if w.isascii() and not (w.isupper() or w in ("Cdo", "Commando", "SCOTS", "RPIMa", "RAMa", "R22eR", "MarDiv")):
            return
        j = i - 1
        first = i
        if j >= 1 and t.word[j] == "." and t.low[j - 1] in ("гв", "отд", "окр"):
            first = j - 1
            j -= 2
        elif j >= 0 and t.low[j] in ("гв", "отд"):
            first = j
            j -= 1
        got = self.number_ending_at(j)
        if not got:
            return
        first = got[0]
        if (
            low in ("re", "id", "ra", "in", "ri", "gr", "ca", "mi", "ar", "mp", "en", "fa", "ad", "sg", "ig", "wg")
            and t.word[j].isdigit()
            and len(t.word[j]) == 4
        ):
            return
        if (
            low in ("in", "re", "en", "mi", "ca", "ad", "ar")
            and t.word[j].isdigit()
            and "-" not in [t.word[j - 1] if j else ""]
            and "/" not in [t.word[j - 1] if j else ""]
        ):
            return
        if first and t.word[first - 1] in "." and t.glued(first):
            return
        e = i + 1
        if e < n and t.word[e] in ("RM",) and low in ("cdo", "commando"):
            e += 1
        elif e + 3 < n and t.word[e] == "(" and low in ("cdo",):
            close = next((k for k in range(e, min(n, e + 6)) if t.word[k] == ")"), None)
            if close and close + 1 < n and t.word[close + 1] == "RM":
                e = close + 2
        if not w.isascii():
            e = max(e, self.quoted(e))
        else:
            if e < n and t.word[e] in ("GUARDS",):
                e += 1
        self.add(first, e, "short-designation", got[1], low, 1)

    def slash(self, i: int) -> None:
        """`3/7 Marines`, `2/25 ID`, `1/9 Cav`: battalion and regiment in American shorthand."""
        t, n = self.t, len(self.t)
        if not (t.word[i - 1].isdigit() and t.word[i + 1].isdigit() and t.glued(i) and t.glued(i + 1)):
            return
        if i >= 2 and t.glued(i - 1) and t.word[i - 2] not in '(“"':
            return
        if len(t.word[i - 1]) > 2 or len(t.word[i + 1]) > 3:
            return
        e = i + 2
        if e < n and t.glued(e) and t.word[e] in "/":
            return
        nxt = t.word[e] if e < n else ""
        if nxt in (
            "Marines",
            "Marine",
            "ID",
            "IN",
            "Inf",
            "Cav",
            "CAV",
            "AR",
            "FA",
            "BCT",
            "Infantry",
            "Cavalry",
        ) or nxt.upper() in ("IBCT", "SBCT", "ABCT"):
            self.add(i - 1, e + 1, "slash-designation", t.word[i - 1], "battalion", 2)
        elif t.low[i - 2] if i >= 2 else "" in ("with",):
            if {"marines", "marine", "battalion"} & set(t.low):
                self.add(i - 1, e, "slash-designation", t.word[i - 1], "battalion", 1)

    def resolve(self) -> list[Formation]:
        """One formation a stretch: the longer wins, then the more specific rule."""
        chosen: list[Formation] = []
        for f in sorted(self.found, key=lambda f: (-(f.behind - f.first), -f.priority)):
            if not any(f.first < c.behind and c.first < f.behind for c in chosen):
                chosen.append(f)
        chosen.sort(key=lambda f: f.start)
        return chosen


_SPORT = frozenset(
    ("polo", "quiz", "team", "side", "band", "denim", "trophy", "football", "fc", "movie", "film", "boys", "cup")
)
_UPPER_STOP = frozenset(("takes", "sails", "and", "in", "with", "at", "on", "during"))
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


@lru_cache(maxsize=1)
def kinds_exercise() -> frozenset[str]:
    return frozenset(unit_words("exercise"))


@lru_cache(maxsize=1)
def _months() -> frozenset[str]:
    from ingest.captions.lexicon import value_words

    return frozenset(value_words("month"))


def unit_key(text: str, number: str | None, echelon: str | None) -> str:
    """A formation's identity where no authority entry has it."""
    honorifics = unit_words("honorific")
    words = [w for w in re.findall(r"[^\W_]+", latin(text)) if w not in honorifics]
    return "unit:" + "-".join(words)


__all__ = ["Formation", "UnitReader", "fold", "unit_key"]
