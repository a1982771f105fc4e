"""What all rules for formations share: the tokens, the words, how far a name reaches to its left and right."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from ingest.captions.lexicon import nationalities, unit_words, value_words
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


_POSSESSIVE_OWNERS = frozenset(
    ("queen", "king", "prince", "princess", "duke", "women", "sheriff", "wales", "lady", "people")
)

_SPORT = frozenset(
    ("polo", "quiz", "team", "side", "band", "denim", "trophy", "football", "fc", "movie", "film", "boys", "cup")
)


@lru_cache(maxsize=1)
def kinds_exercise() -> frozenset[str]:
    return frozenset(unit_words("exercise"))


@lru_cache(maxsize=1)
def _months() -> frozenset[str]:

    return frozenset(value_words("month"))


class UnitScan:
    """One caption's tokens and the formations found in them so far."""

    def __init__(self, tokens: Tokens) -> None:
        self.t = tokens
        self.kinds, self.by_last, self.ship_types = _lexicon()
        self.found: list[Formation] = []

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
