"""One name in a place phrase: what is printed, and what it may be in the gazetteer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from ingest.captions.gazetteer import Place, lookup, lookup_inflected
from ingest.captions.lexicon import unit_words, value_words, words
from ingest.captions.tokens import Tokens


@dataclass(slots=True)
class Name:
    """One name in a place phrase: what is printed, and what it may be."""

    start: int
    end: int
    kind: str  # country, region, settlement, site, sea, venue, minor, unknown
    places: tuple[Place, ...] = ()
    first: int = 0
    behind: int = 0


@lru_cache(maxsize=1)
def _lists() -> dict[str, frozenset[str]]:
    return {k: words("place_words", k) | frozenset((_NAMES[k],)) for k in _NAMES}


_NAMES = {
    "preposition": "in",
    "moving": "from",
    "compass": "northern",
    "region-type": "region",
    "minor-type": "district",
    "settlement-type": "town",
    "military-site": "base",
    "venue": "stadium",
}

_INNER = frozenset(
    (
        "de",
        "la",
        "le",
        "les",
        "del",
        "do",
        "da",
        "dos",
        "du",
        "des",
        "al",
        "el",
        "und",
        "am",
        "an",
        "sur",
        "upon",
        "on",
        "der",
        "na",
        "nad",
        "pod",
        "y",
        "van",
        "di",
        "sous",
        "-",
    )
)


def rest_venue(word: str, lists: dict[str, frozenset[str]]) -> bool:
    """Whether a name's last word makes it a venue."""
    return word in lists["venue"]


@lru_cache(maxsize=1)
def _not_names() -> frozenset[str]:
    """Capitalised words that begin no place name: weekdays, months, exercises."""
    return frozenset((*value_words("weekday"), *value_words("month"), *unit_words("exercise"))) - frozenset(("mali", "c"))


class NameReader:
    """Reads names of places in one caption."""

    def __init__(
        self,
        tokens: Tokens,
        taken: Sequence[tuple[int, int]],
        units: Sequence[tuple[int, int]],
        end: int,
        first_sentence_end: int,
        dates: Sequence[tuple[int, int]] = (),
    ) -> None:
        """`taken`: spans of the date the picture was taken; `units`: spans of formations; `end`: where the body ends."""
        self.t, self.text = tokens, tokens.text
        self.taken, self.units, self.end, self.sentence = taken, units, end, first_sentence_end
        self.dates = dates
        self.lists = _lists()
        self.names_at: dict[int, Name | None] = {}

    def name_at(self, i: int) -> Name | None:
        """The longest name that starts at token `i`: capitalised words, with a type word before or behind."""
        if i in self.names_at:
            return self.names_at[i]
        self.names_at[i] = found = self._name_at(i)
        return found

    def _name_at(self, i: int) -> Name | None:
        t, n = self.t, len(self.t)
        if i >= n or t.start[i] >= self.end:
            return None
        lists = self.lists
        w = t.word[i]
        lead = i
        # a lower-case type word in front: полигоне Погоново, авиабаза Хмеймим, camp de Caylus
        site_lead = False
        if w[0].islower():
            if t.low[i] in lists["military-site"]:
                j = i + 1
                if (j < n and t.low[j] == "de") or f"{t.low[i]} {t.low[j] if j < n else ''}" in lists["military-site"]:
                    j += 1
                if j < n and t.word[j][0].isupper() and not t.glued(j):
                    i, site_lead = j, True
                else:
                    return None
            elif t.low[i] in ("площадке",) and i + 2 < n:
                i, site_lead = i + 2, True
            else:
                return None
        if (
            i >= n
            or t.low[i] in _not_names()
            or not t.word[i][0].isalpha()
            or not (t.word[i][0].isupper())
            or any(a <= t.start[i] < b for a, b in self.units)
            or any(a <= t.start[i] < b for a, b in self.dates)
        ):
            return None
        j = i
        while j < n and j - i < 9:
            w = t.word[j]
            if any(a <= t.start[j] < b for a, b in self.units) or any(a <= t.start[j] < b for a, b in self.dates):
                break
            if w[0].isalpha() and w[0].isupper():
                if j > i and not w.isascii() and self._typed_adjective(j):
                    break
                j += 1
                continue
            if j == i:
                break
            if w in "-–‑" and t.glued(j) and j + 1 < n and t.glued(j + 1):
                j += 2
                continue
            if w in "’'ʼ`" and t.glued(j) and j + 1 < n and t.glued(j + 1):
                j += 2
                continue
            if (
                w == "."
                and t.glued(j)
                and (len(t.word[j - 1]) == 1 or t.low[j - 1] in ("st", "ft", "mt", "ste", "gen", "no"))
            ):
                j += 1
                continue
            if t.low[j] in _INNER and j + 1 < n and t.word[j + 1][0].isupper() and not t.glued(j):
                k = self._inner(i, j)
                if k:
                    j = k
                    continue
                break
            if t.low[j] in ("of", "and") and j + 1 < n:
                k = j + 1
                if t.low[k] == "the":
                    k += 1
                if k < n and t.word[k][0].isupper():
                    e = k + 1
                    while e < n and t.word[e][0].isupper() and e - k < 3 and t.word[e][0].isalpha():
                        e += 1
                    hit = next((x for x in range(e, k, -1) if lookup(self.text[t.start[i] : t.end[x - 1]])), None)
                    if hit:
                        j = hit
                        continue
                break
            break
        while j > i and t.word[j - 1] in "-–.’'" and not (t.word[j - 1] == "." and len(t.word[j - 2]) == 1):
            j -= 1
        if j <= i:
            return None
        return self._best(lead, i, j, site_lead)

    def _typed_adjective(self, j: int) -> bool:
        """Whether an adjective with its type word begins here: `Бучанського району`, `Курской области`."""
        t = self.t
        return j + 1 < len(t) and t.word[j + 1][0].islower() and (
            t.low[j + 1] in self.lists["region-type"] or t.low[j + 1] in self.lists["minor-type"]
        )

    def _inner(self, i: int, j: int) -> int:
        """Whether a small word at `j` is inside a name (Rio de Janeiro): the token behind its next word, or 0."""
        t = self.t
        e = j + 2
        while e < len(t) and t.word[e][0].isalpha() and t.word[e][0].isupper() and e - j < 4:
            e += 1
        for x in range(e, j + 1, -1):
            if lookup(self.text[t.start[i] : t.end[x - 1]]):
                return x
        return 0

    def _best(self, lead: int, i: int, j: int, site_lead: bool) -> Name | None:
        """What the capitalised words `i:j` are, cut to the longest known name from the left."""
        t, text, lists, n = self.t, self.text, self.lists, len(self.t)
        # behind: a type word in lower case, or a bracketed second name
        typed = t.low[j] if j < n else ""
        two = f"{typed} {t.low[j + 1]}" if j + 1 < n else typed

        def name(kind: str, a: int, b: int, places: tuple[Place, ...] = ()) -> Name:
            return Name(t.start[a], t.end[b - 1], kind, places, a, b)

        last = t.low[j - 1]
        last_two = f"{t.low[j - 2]} {last}" if j - 2 >= i else ""
        whole = text[t.start[i] : t.end[j - 1]]
        if site_lead:
            return name("site", lead, j, lookup_inflected(whole)[0])
        # Fort X, Camp X, Naval Station X, Observation Post X
        head = t.low[i]
        head2 = f"{head} {t.low[i + 1]}" if i + 1 < j else ""
        head3 = f"{head2} {t.low[i + 2]}" if i + 2 < j else ""
        if j - i >= 2 and (
            head
            in (
                "fort",
                "camp",
                "ft",
                "base",
                "marine",
                "naval",
                "joint",
                "fob",
                "cop",
                "combat",
                "observation",
                "forward",
                "andersen",
                "mcas",
                "nas",
                "raf",
                "patrol",
                "village",
            )
            or head2 in lists["military-site"]
        ):
            if (
                head in ("fort", "camp", "ft", "fob", "cop", "mcas", "nas", "raf")
                or head2 in lists["military-site"]
                or head3 in lists["military-site"]
                or last in lists["military-site"]
            ):
                known = lookup(whole)
                if not (known and known[0].kind == "settlement" and head == "fort" and known[0].population > 50000):
                    e = self._site_end(i, j)
                    return name("site", i, e, known)
                return name("settlement", i, j, known)
        # forward operating base (FOB) X
        if (
            j < n
            and t.word[j] == "("
            and whole.lower() in lists["military-site"]
            and j + 3 < n
            and t.word[j + 2] == ")"
            and t.word[j + 3][0].isupper()
        ):
            e = j + 4
            while e < n and t.word[e][0].isalpha() and t.word[e][0].isupper():
                e += 1
            return name("site", i, e)
        # region behind: Kursk region, Gangwon Province, Borno state
        if typed in lists["region-type"] and typed[0].islower() and (not t.word[j][0].isupper()):
            if typed in ("state", "division", "republic", "territory", "district") or two in lists["minor-type"]:
                pass
            if typed not in ("district", "division") or not whole.isascii():
                known = (
                    lookup(text[t.start[i] : t.end[j]])
                    or lookup_inflected(text[t.start[i] : t.end[j]])[0]
                    or tuple(p for p in lookup(whole) if p.kind == "region")
                )
                if whole.isascii() or known:
                    if typed != "republic" or known:
                        return name("region", i, j + 1, known)
            if typed == "district" and self._is_district_region(i, j):
                return name("region", i, j + 1, lookup(text[t.start[i] : t.end[j]]))
        if typed in lists["minor-type"] and j < n and t.word[j][0].islower():
            return name("minor", i, j + 1)
        if (
            (typed in lists["military-site"] or two in lists["military-site"])
            and j < n
            and t.word[j][0].islower()
            and typed not in ("station", "camp", "checkpoint")
        ):
            e = j + (2 if two in lists["military-site"] else 1)
            if (
                typed == "training"
                and e < n
                and t.low[e] in ("area", "ground", "center", "centre", "site", "range")
                and e == j + 1
            ):
                e += 1
            if (
                (
                    typed
                    in ("drop", "landing", "urban", "firing", "shooting", "missile", "naval", "air", "military", "army")
                    and two in lists["military-site"]
                )
                or typed in ("base", "airbase", "range", "ranges", "barracks", "airfield", "skjutfalt", "garrison")
                or e > j + 1
            ):
                return name("site", i, e, lookup(whole))
        if last in lists["military-site"] or last_two in lists["military-site"]:
            if not (
                last in ("station", "center", "centre", "depot", "site", "area")
                and last_two not in lists["military-site"]
            ):
                known = lookup(whole)
                return name("site", i, self._site_end(i, j), known)
        if (
            last in lists["region-type"]
            and j - i >= 2
            and last not in ("district", "division", "republic", "department")
        ):
            return name("region", i, j, lookup(whole))
        # longest known name from the left
        for e in range(j, i, -1):
            stretch = text[t.start[i] : t.end[e - 1]]
            if e < n and t.word[e] == "." and t.glued(e) and len(stretch) <= 6:
                known = tuple(p for p in lookup(stretch + ".") if p.kind in ("region", "country"))
                if known:
                    return Name(t.start[i], t.end[e], known[0].kind, known, i, e + 1)
            if len(stretch) < 3 and not stretch.isupper():
                continue
            found = lookup(stretch)
            if not found and not stretch.isascii():
                found = lookup_inflected(stretch)[0]
            if found:
                if len(stretch) <= 3 and stretch.isupper() and found[0].kind == "settlement":
                    continue
                kind: str = found[0].kind
                kind = {
                    "base": "site",
                    "disputed": "region",
                    "feature": "region",
                    "continent": "continent",
                    "gone-state": "gone",
                }.get(kind, kind)
                if e < j and kind in ("settlement",) and not (j - e and t.low[e] in lists["venue"]) and e - i < j - i:
                    # part of a longer unknown name: a person, a street, a venue
                    rest = t.low[j - 1]
                    if rest in lists["venue"]:
                        return name("venue", i, j)
                    if not self._names_follow(e, j):
                        continue
                elif e < j and rest_venue(t.low[j - 1], lists):
                    return name("venue", i, j)
                b = e
                if (
                    b + 2 < n
                    and t.word[b] == "("
                    and t.word[b + 2] == ")"
                    and t.word[b + 1][0].isupper()
                    and kind == "settlement"
                    and not self._paren_place(b + 1)
                ):
                    b += 3
                return name(kind, i, b, found)
        if last in lists["venue"] or typed in lists["venue"]:
            e = j + 1 if typed in lists["venue"] and last not in lists["venue"] and t.word[j][0].islower() else j
            return name("venue", i, e)
        b = j
        return name("unknown", i, b)

    def _paren_place(self, k: int) -> bool:
        found = lookup(self.t.word[k]) or lookup_inflected(self.t.word[k])[0]
        return bool(found and any(p.kind in ("region", "country") for p in found))

    def _is_district_region(self, i: int, j: int) -> bool:
        return False

    def _site_end(self, i: int, j: int) -> int:
        """`Camp Butmir training area`: lower-case site words behind a site belong to it."""
        t, n = self.t, len(self.t)
        e = j
        while e + 1 < n and f"{t.low[e]} {t.low[e + 1]}" in self.lists["military-site"] and t.word[e][0].islower():
            e += 2
        if e == j and e < n and t.low[e] in ("drop",) and e + 1 < n:
            e += 2
        return e

    def _names_follow(self, e: int, j: int) -> bool:
        """Whether the words after a known name are a country or a region of their own (Sochi Russia)."""
        t = self.t
        found = lookup(self.text[t.start[e] : t.end[j - 1]])
        return bool(found and found[0].kind in ("country", "region"))
