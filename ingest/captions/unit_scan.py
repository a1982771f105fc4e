"""What all rules for formations share: the tokens, the words, how far a name reaches to its left and right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from ingest.captions.gazetteer import lookup
from ingest.captions.lexicon import UnitWord, nationalities, unit_words, value_words, words
from ingest.captions.tokens import Tokens

_KINDS = ("echelon", "arm", "phonetic", "ship-prefix", "ship-type", "squadron-prefix", "short-unit", "service", "stop",
          "exercise", "ordinal", "cardinal", "arm-after", "named-right", "ordinal-suffix", "echelon-suffix", "introducer", "not-ship",
          "owner", "sport", "context", "with-nation", "inside-name", "not-unit-behind", "headquarters", "romance", "police-behind", "not-unit-inside",
          "adjective-behind", "base-arm", "subunit", "named-behind", "theatre", "common-force", "not-regiment")
_PHRASES = ("compound", "state-force", "civil-head", "regiment-head", "ship-type")
#: The Arabic article in transcription, joined to a name by a hyphen.
ARTICLES_AL = frozenset(("al", "el", "as", "ash", "es", "esh", "ed", "ad", "an", "ar", "az", "at", "ez", "et", "ud", "ul"))
#: Longest reach to the left of a head, in tokens.
_REACH = 10
COMPASS = frozenset(("north", "south", "east", "west", "northeast", "southeast", "northwest", "southwest", "centre", "center"))
_DASHES = "-‑–"
_CLOSERS = {"«": "»", "“": "”", "„": "“”", '"': '"', "'": "'", "‘": "’", "”": "”"}
_PARTICLES = frozenset(("do", "de", "da", "del", "dos", "la", "du", "al"))
_ARTICLES = frozenset(("la", "le", "les", "los", "el", "las", "die", "der", "das"))
_GERMAN_ARTICLES = frozenset(("die", "der", "das", "den", "dem", "des"))
_ROMAN = frozenset(("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "XI", "XII"))
#: Endings of Russian and Ukrainian adjectives, in all cases, as they stand before an echelon.
_ADJECTIVE = ("их", "ой", "ого", "ая", "ый", "ий", "ої", "ою", "ній", "них", "ных", "ими", "ей", "ым", "ых", "ого", "ому",
              "ска", "ска", "ська", "ську", "ская", "ское", "цької", "ова", "ну", "на", "ма", "ую", "юю")


@dataclass(slots=True)
class Formation:
    """A formation found: its tokens `first:behind`, its characters and its parts."""

    first: int
    behind: int
    start: int
    end: int
    rule: str
    number: str | None = None
    echelon: str | None = None
    authority: tuple[str, ...] = ()
    priority: int = 0


class _Lexicon(NamedTuple):
    kinds: Mapping[str, Mapping[str, UnitWord]]
    #: For phrases of several words: last word → the phrases, longest first.
    by_last: Mapping[str, Mapping[str, list[tuple[str, ...]]]]


@lru_cache(maxsize=1)
def lexicon() -> _Lexicon:
    """The words of formations, ready for look-up."""
    by_last: dict[str, dict[str, list[tuple[str, ...]]]] = {}
    for kind in _PHRASES:
        table: dict[str, list[tuple[str, ...]]] = {}
        for phrase in unit_words(kind):
            tokens = tuple(Tokens(phrase).low)
            table.setdefault(tokens[-1], []).append(tokens)
        by_last[kind] = {last: sorted(found, key=len, reverse=True) for last, found in table.items()}
    return _Lexicon({kind: unit_words(kind) for kind in _KINDS}, by_last)


@lru_cache(maxsize=1)
def _governing() -> frozenset[str]:
    """Prepositions, which end a name."""
    return words("place_words", "preposition-other")


@lru_cache(maxsize=1)
def _months() -> frozenset[str]:
    return frozenset(value_words("month"))


def is_cyrillic(word: str) -> bool:
    """Whether a word is written in Cyrillic letters."""
    return not word.isascii() and "\u0400" <= word[0] <= "\u052f"


class UnitScan:
    """One caption's tokens and the formations found in them so far."""

    def __init__(self, tokens: Tokens) -> None:
        self.t, self.count = tokens, tokens.count
        self.kinds, self.by_last = lexicon()
        self.found: list[Formation] = []

    # -- questions about tokens
    def capital(self, i: int) -> bool:
        """Whether token `i` is a word with a capital."""
        return 0 <= i < self.count and self.t.word[i][0].isupper()

    def is_word(self, i: int) -> bool:
        """Whether token `i` is a word."""
        return 0 <= i < self.count and self.t.word[i][0].isalpha()

    def low(self, i: int) -> str:
        """Token `i` folded; empty outside the text."""
        return self.t.low[i] if 0 <= i < self.count else ""

    def word(self, i: int) -> str:
        """Token `i` as printed; empty outside the text."""
        return self.t.word[i] if 0 <= i < self.count else ""

    def number_ending_at(self, j: int) -> tuple[int, str] | None:
        """The number whose last token is `j`: (its first token, its digits): `31st`, `155-й`, `4.`, `1-506th`, `Ninth`."""
        t = self.t
        if j < 0:
            return None
        w = t.word[j]
        if w.isdecimal() and len(w) <= 5:
            first = j
            if j >= 2 and t.word[j - 1] in "-/" and t.glued(j) and t.glued(j - 1) and t.word[j - 2].isdecimal():
                first = j - 2
            if first and t.glued(first) and t.word[first - 1] not in "(\"“'‘«/,[—–":
                return None
            return first, w
        if w == "." and j and t.glued(j) and t.word[j - 1].isdecimal() and len(t.word[j - 1]) <= 3 and self.word(j - 2) != "/":
            month = self.low(j - 3) if self.word(j - 2) == "." else self.low(j - 2)
            return None if month in _months() else self.number_ending_at(j - 1)  # on Nov. 16. Task Force ...
        if w in "°º" and t.glued(j) and t.word[j - 1].isdecimal():
            return self.number_ending_at(j - 1)
        if t.low[j] in self.kinds["ordinal-suffix"] and t.glued(j):
            if t.word[j - 1] == "." and t.glued(j - 1) and j >= 2 and t.word[j - 2].isdecimal():
                return j - 2, t.word[j - 2]  # 414.th
            if t.word[j - 1].isdecimal():
                before = self.number_ending_at(j - 3) if t.word[j - 2] == "/" and t.glued(j - 1) and t.glued(j - 2) else None
                return (before[0], t.word[j - 1]) if before else self.number_ending_at(j - 1)  # 13th/18th
            if t.word[j - 1] in _DASHES and j >= 2 and t.glued(j - 1) and t.word[j - 2].isdecimal():
                first = j - 2
                if first >= 2 and t.word[first - 1] == "-" and t.glued(first) and t.word[first - 2].isdecimal():
                    first -= 2
                return first, t.word[j - 2]
        if t.low[j] in self.kinds["ordinal"] and t.word[j][0].isupper():
            return j, t.low[j]
        if t.low[j] in self.kinds["ordinal"] and self.word(j - 1) == "-" and self.low(j - 2) in self.kinds["cardinal"] and self.capital(j - 2):
            return j - 2, t.text[t.start[j - 2] : t.end[j]].lower()  # Eighty-third
        return None

    def military(self) -> bool:
        """Whether the caption's other words are a soldier's."""
        return not self.words.isdisjoint(self.kinds["context"])

    @cached_property
    def words(self) -> frozenset[str]:
        """The caption's different words, folded."""
        return frozenset(self.t.low)

    # -- how far a name reaches
    def left(self, head: int) -> tuple[int, str | None]:
        """How far a formation reaches to the left of its head: (first token, number)."""
        first, j = head, head - 1
        for _ in range(_REACH):
            if j < 0:
                break
            got = self.number_ending_at(j)
            if got:
                return self._coordinated(got[0]), got[1]
            step = self._modifier(j, head, first)
            if step == 0:
                break
            j -= step
            if self.capital(j + 1) or self.word(j + 1) == "(" or step > 1:
                first = j + 1
        return first, None

    def _coordinated(self, first: int) -> int:
        """`74th and 75th`, `Nos. 295 and 570`: where the first of joined numbers begins."""
        if self.low(first - 1) in ("and", "та", "и", "et", "und", "&"):
            more = self.number_ending_at(first - 2)
            if more:
                first = more[0]
        if self.low(first - 1) in ("nos", "no", "№"):
            return first - 1
        if self.word(first - 1) == "." and self.low(first - 2) in ("nos", "no"):
            return first - 2
        return first

    def _modifier(self, j: int, head: int, first: int) -> int:
        """How many tokens ending at `j` modify the head to the right: 0 where the name does not reach so far."""
        t = self.t
        w, low = t.word[j], t.low[j]
        if w in _DASHES:
            return 1 if t.glued(j) and j + 1 < len(t) and t.glued(j + 1) and (self.is_word(j - 1) or self.word(j - 1) == ".") else 0
        if w == ".":
            short = self.is_word(j - 1) and (len(t.word[j - 1]) <= 3 or self.low(j - 1) in self.kinds["arm"])
            return 1 if t.glued(j) and short else 0
        if w in "\"”»’'" and self.number_ending_at(self.quote_before(j + 1) - 1):
            return j + 1 - self.quote_before(j + 1)
        if w == ")":
            return 3 if self.word(j - 2) == "(" and self.is_word(j - 1) and j >= 3 else 0
        if low in ("'s", "’s"):
            return 2 if self.low(j - 1) in self.kinds["owner"] and self.capital(j - 1) else 0
        if not self.is_word(j):
            return 0
        if j + 1 < len(t) and "\n" in t.text[t.end[j] : t.start[j + 1]]:
            return 0
        if low == "and":
            return 1 if first == j + 1 and self._joins_arms(j) else 0
        if low == "of" and self.capital(j - 1) and self.low(j - 1) in self.kinds["owner"] and self.low(j + 2) in ("'s", "’s"):
            return 1  # Prince of Wales's Light Horse
        if low in _PARTICLES and self.capital(j - 1) and (self.capital(j + 1) or self.word(j + 1) == "-"):
            return 0 if j + 1 == head and self.low(head) in self.kinds["romance"] else 1  # Soldados da Brigada Golani
        if not self.capital(j) and self._inside_hyphens(j):
            return 1
        if self._barred(j):
            return 0
        if low in self.kinds["echelon"] and self._closes(j, head):
            return 0
        if low in self.kinds["short-unit"] and w.isupper() and self.number_ending_at(j - 1) and not (
                j + 1 == head and self.low(head) in ("company", "battalion", "detachment")):
            return 0  # 484th MP Company is one
        if self.capital(j):
            return 1
        compound = self.word(j + 1) == "-" and low.endswith(("о", "е")) and is_cyrillic(w)  # десантно-штурмовой
        if low in self.kinds["arm"] or compound or (is_cyrillic(w) and low.endswith(_ADJECTIVE)) or low in ("гв", "отд"):
            return 1 if self._goes_on(j - 1) else 0
        return 0

    def _inside_hyphens(self, j: int) -> bool:
        """Whether a small word is joined by hyphens to a capital: `ad` of `Izz ad-Din`, `bi` of `Aoun-bi-allah`."""
        if self.word(j + 1) == "-" and self.t.glued(j + 1) and self.low(j) in ARTICLES_AL:
            return self.capital(j + 2) and (self.capital(j - 1) or j == 0)
        k = j
        while k > 1 and j - k < 6 and self.word(k - 1) == "-" and self.t.glued(k) and self.t.glued(k - 1):
            k -= 2
        return self.capital(k) and (k < j - 2 or (k == j - 2 and self.word(j + 1) == "-" and self.t.glued(j + 1)))

    def _joins_arms(self, j: int) -> bool:
        """`Air and Air Defence Forces Army`, `Headquarters and Headquarters Company`."""
        arms = self.kinds["arm"]
        return all(self.low(k) in arms or self.low(k) in ("headquarters", "command", "control", "striking") for k in (
            j - 1, j + 1)) and self.capital(j + 1)

    def _goes_on(self, j: int) -> bool:
        """Whether a small modifier has a number, a capital word or another modifier to its left."""
        if self.number_ending_at(j):
            return True
        return (self.is_word(j) and (self.capital(j) or self.low(j) in self.kinds["arm"] or is_cyrillic(self.t.word[j]))) or (
            self.word(j) in ("-", ".", "‑"))

    def _barred(self, j: int) -> bool:
        """Whether a word cannot be a modifier: sentence words, ranks, nationalities out of a regiment's own name."""
        low = self.t.low[j]
        if low in nationalities():
            before = self.low(j - 1)
            if self.low(j + 1) in self.by_last["regiment-head"] and self.capital(j + 1) and before in ("battalion", "regiment"):
                return False
            if self.number_ending_at(j - 1):
                return False  # 2/33rd Australian Infantry Battalion
            owned = before in ("'s", "’s") and self.low(j - 2) in self.kinds["owner"]
            return not (before in self.kinds["with-nation"] or owned)
        if low not in self.kinds["stop"]:
            return False
        if low in _ARTICLES and self.capital(j) and self.capital(j + 1):
            return False  # Los Angeles, La Grande
        inside = self.capital(j) and (self.capital(j + 1) or self.capital(j - 1) or self.number_ending_at(j - 1) is not None)
        if low in self.kinds["inside-name"] and (inside or (low == "new" and self.capital(j))):
            return False
        if low in self.kinds["arm"] and self.capital(j) and self.capital(j + 1):
            return False
        return not (low in self.kinds["arm"] and self.number_ending_at(j - 1))

    def _closes(self, j: int, head: int) -> bool:
        """An echelon word that ends a formation of its own (Battalion | Royal Warwickshire Regiment)."""
        if self.low(j) in ("brigade", "division") and self.low(j + 1) in ("engineer", "support", "special", "troops", "artillery"):
            return False
        if self.low(j) == "army" and j < head and self.low(j + 1) in ("national", "reserve", "division", "corps", "area"):
            return False
        return bool(self.number_ending_at(j - 1)) or (self.capital(j) and self.is_word(j - 1) and self.capital(j - 1))

    def trim(self, first: int, head: int, number: str | None) -> int:
        """Set aside what stands before a formation's name: nationality, service, rank, the sentence's first word."""
        t, services = self.t, self.kinds["service"]
        if number:
            return first
        while first < head:
            low = t.low[first]
            two = f"{low} {self.low(first + 1)}"
            named = self.capital(first + 1) and low in _ARTICLES
            if low in self.kinds["inside-name"] and first + 1 == head:
                break
            if low == "new" and first + 2 < head and lookup(f"New {self.word(first + 1)}"):
                break  # New Guinea Volunteer Rifles
            arm = low in self.kinds["arm"] and self.capital(first) and self.capital(first + 1)  # Combat Logistics Battalion 31
            if (low in self.kinds["stop"] and not named and not arm) or (low in nationalities()) or t.word[first] in ".-–" or low in ("'s", "’s", "u", "us", "uk", "un", "eu", "pla"):
                first += 1
            elif (len(low) == 1 and self.word(first + 1) == ".") or (two in services and first + 2 <= head):
                first += 2
            elif low in services and first + 1 < head:
                first += 1
            else:
                break
        return first

    def right_number(self, j: int) -> int:
        """Behind the number that follows at token `j`: `(CRS) 8`, `-2`, `17`, `1/6`, `II`, `Eleven`; `j` itself where there is none."""
        t, n = self.t, len(self.t)
        if self.word(j) == "(" and self.word(j + 2) == ")" and self.word(j + 1).isupper() and self.word(j + 3).isdecimal():
            return j + 4
        if self.word(j) == "-" and t.glued(j) and self.word(j + 1).isdecimal() and t.glued(j + 1):
            return j + 2
        if self.low(j) == "no" and self.word(j + 1) == "." and self.word(j + 2).isdecimal():
            return j + 3
        if self.word(j + 1) == "/" and self.word(j).isdecimal() and self.word(j + 2).isdecimal() and t.glued(j + 1) and (
                t.glued(j + 2)) and len(self.word(j + 2)) < 4:
            return j + 3
        if self.word(j + 1) == "." and self.word(j).isdecimal() and self.word(j + 2).isdecimal() and t.glued(j + 1) and (
                t.glued(j + 2)) and len(self.word(j)) < 4:
            return j + 3  # Task Group 52.3
        if j < n and t.word[j].isdecimal() and len(t.word[j]) <= 4 and not t.glued(j):
            following = self.low(j + 1)
            if self.low(j - 1) == "flottille" and len(following) == 1 and t.glued(j + 1) and following.isalpha():
                return j + 2  # flottille 33F
            year = len(t.word[j]) == 4 and t.word[j][:2] in ("19", "20")
            glued = j + 1 < n and t.glued(j + 1) and (following.isalpha() or following in "-/:")
            return j if year or glued or following in _months() else j + 1
        k = j
        while self.low(k) in self.kinds["cardinal"] and self.capital(k) and k - j < 3:
            k += 1
        spelled = k > j and not self.capital(k)  # One, One Zero Two
        return k if spelled else j + 1 if self.word(j) in _ROMAN else j

    def quoted(self, k: int) -> int:
        """Behind a quoted name that starts at token `k`, with a bracketed gloss; `k` itself where there is none."""
        t, n = self.t, len(self.t)
        if k >= n:
            return k
        opener = t.word[k]
        if opener == "&" and self.low(k + 1) == "quot":
            for e in range(k + 3, min(n, k + 9)):
                if t.word[e] == "&" and self.low(e + 1) == "quot":
                    return e + 3
            return k
        closer = _CLOSERS.get(opener)
        if closer is None or (t.glued(k) and opener in "'’"):
            return k
        for e in range(k + 1, min(n, k + 7)):
            if t.word[e] in closer:
                gloss = self.word(e + 1) == "(" and self.word(e + 3) == ")" and self.is_word(e + 2)
                return e + 4 if gloss else e + 1
        return k

    def named_after(self, e: int) -> int:
        """Behind the person whom a formation is named for: `імені кошового отамана Івана Сірка`; `e` if there is none."""
        if self.low(e) not in ("імені", "имени", "ім"):
            return e
        k = e + 1
        while self.is_word(k) and self.low(k) not in _governing() and k - e < 8 and any(self.capital(m) for m in range(k, k + 3)):
            k += 1
        return k

    def quote_before(self, i: int) -> int:
        """Where a quoted name that ends right before token `i` begins; `i` where there is none: `"Aidar" battalion`."""
        if self.word(i - 1) not in ('"', "”", "»", "’", "'") or i < 3:
            return i
        for k in range(i - 3, max(-1, i - 7), -1):
            if self.word(k) in _CLOSERS and self.word(i - 1) in _CLOSERS[self.word(k)]:
                return k
        return i

    def add(self, first: int, behind: int, rule: str, number: str | None = None, echelon: str | None = None,
            priority: int = 1, authority: tuple[str, ...] = ()) -> None:
        """Note a formation, unless it is an exercise's, a team's or a film's name."""
        t = self.t
        while first < behind and t.low[first] in _GERMAN_ARTICLES:
            first += 1
            if first == behind - 1 and t.low[first] in self.kinds["echelon"]:
                return  # Das Bataillon
        if first >= behind:
            return
        if rule != "authority":
            exercises = self.kinds["exercise"]
            if self.low(first) in exercises or self.low(first - 1) in exercises:
                return
            if any(self.low(k) in self.kinds["sport"] for k in (behind, behind + 1)) or any(
                    self.low(k) in self.kinds["not-unit-inside"] for k in range(first, behind)):
                return
            if self.low(behind) in self.kinds["not-unit-behind"] and (self.capital(behind) or self.low(behind) == "mission"):
                return
        self.found.append(Formation(first, behind, t.start[first], t.end[behind - 1], rule, number, echelon, authority,
                                    priority))
