"""What one stretch of a credit is: a person, an agency, a pool, nobody ... The first rule that fits reads it.

    part = [ rank ] person { "and" person } | agency [ "photo" ] | agency "photo by" person
         | pool | nobody | file | agency "for" client | person "for" agency ;

    "U.S. Navy photo by Mass Communication Specialist 2nd Class Ivan Danilov"
    "Kremlin Pool Photo"
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from archive.folding import fold
from archive.records import Span
from ingest.captions.credit_names import (
    agency_as_printed,
    display_name,
    known_heads,
    looks_like_organisation,
    looks_like_person,
    name_end,
    name_start,
    service_heads,
)
from ingest.captions.credit_pieces import SURNAME_FIRST, is_date, trim
from ingest.captions.findings import AgencyFinding, Marked, PersonFinding
from ingest.captions.lexicon import agency_named, terms, value_words, words
from ingest.captions.tokens import SPACES, SPACES_OR_NONE, any_of

#: How deep one part may hold another: `U.S. Navy photo by P` holds two.
_DEEPEST = 6
_NUMBERS = re.compile(r"(?:kod\s++)?[\d.:/\s-]+", re.I)
#: A licence printed in the credit: `CC-BY-SA 3.0`.
_LICENCE = re.compile(r"CC[ -]?(?:BY|0)[-A-Z ]*(?:\d\.\d)?(?: [A-Z]{2,3})?", re.I)
#: What a picture is called right behind a provider; and what a text that `_BY` finds something in has.
_PHOTO_WORDS = ("photo", "photos", "photograph", "photographs", "picture", "pictures", "image", "images", "foto", "pic", "pics")
_PHOTO_BEHIND = ("photo", "photos", "photograph", "photographs", "image", "foto", "pic", "pics")
_BY_WORDS = ("photo", "image", "picture", "illustration", "video")
_PHOTO_TAIL = re.compile(
    rf"{SPACES}(?:(?P<flag>handout|courtesy|file)\s+)?(?:photos?|photographs?|pictures?|images?|foto|pics?)\Z", re.I)
_PHOTO_FIRST = re.compile(r"photos?\s+", re.I)
_LAST_TWO = re.compile(r"\s([A-Z][\w'’-]+\s[A-Z][\w'’-]+)\Z")
_NUMBERED = re.compile(
    r"(?P<photo>[A-Z].{2,60}?\b(?i:photo|photograph)) (?:No\. ?|# ?)?[\w-]*\d[\w-]*(?:\s*\((?P<person>[^()]+)\))?")
_BY = re.compile(
    rf"{SPACES}(?:(?P<flag>courtesy|handout|file|pool)\s+)?(?:photo(?:graph)?s?|images?|pictures?|illustration|video)"
    r"(?:\s+by\s+|\s*:\s*)", re.I)
_SATELLITE = re.compile(r"(?:satellite image\s*+)?(?:(?:©|\(c\))\s*+)?(?:19|20)\d\d\s+|satellite image\s*+(?:(?:©|\(c\))\s*+)?", re.I)
_IN_FRONT = re.compile(r"(?:the|[Oo]fficial|OFFICIAL)\s+(?=[A-Z])")
_POOL = re.compile(
    r"(?P<pool>(?:[A-Z][\w.'’-]*\s+){0,3}(?i:pool|пул))(?:\s+(?i:photo|foto|via))?(?:\s+by\s+(?P<person>.+))?")
_SUFFIX_WORDS = ("handout", "ho", "pool", "file", "courtesy", "photo")
_SUFFIXES = tuple((flag, re.compile(rf"(?:{SPACES}|[-–])(?<!\s-){pattern}(?:\s+photo)?\Z", re.I)) for flag, pattern in (
    ("handout", "(?:handout|(?-i:HO))"), ("pool", "pool"), ("file", "file"), ("courtesy", "courtesy")))
_YEAR_BEHIND = re.compile(rf"{SPACES}(?:\d{{1,2}}\s+(?P<month>[A-Z]\w+)\s+)?(?:19|20)\d\d\Z")
_ACRONYM_BEHIND = re.compile(r"(?<=\w)\s\([A-Z]{2,8}\)\Z")
_IN_BRACKETS = re.compile(r"\s*\(([^()]{2,60})\)")
_AND = re.compile(rf"{SPACES}(?:and|&|et|und|y|e|и|та|oraz|och|og)\s+|{SPACES_OR_NONE},\s*")
_NATIONALITY = re.compile(r"[A-Z]{3} [A-Z]{1,2}")
_OPENINGS: tuple[tuple[str, re.Pattern[str]], ...] = tuple((flag, re.compile(pattern, re.I)) for flag, pattern in (
    ("courtesy", r"(?:photos?|pictures?|images?|photographs?)\s+courtesy(?:\s+of)?\s+(?:the\s+)?"),
    ("by", r"(?:photos?|pictures?|images?|photographs?)\s+by\s+"),
    ("by", r"by\s+(?=[A-ZА-Я])"),
    ("courtesy", r"courtesy\s+(?:(?:photo|image|picture)s?\s+)?(?:(?:of|from|by)\s+)?(?:the\s+)?"),
    ("handout", r"(?:supplied|provided)\s+(?:by\s+)?(?:the\s+)?"),
    ("handout", r"(?:предоставлен[оаы]?|надан[оаі]|надав|надала)\s+"),
    ("", r"(?:Фото|Foto|Photo|Pic|Picture|Bild|Credit)\s*:\s*"),
    ("handout", r"handout\s+(?:photo\s+)?(?:by\s+)?(?:the\s+)?"),
    ("by", r"(?:photographer|автор|фотограф|фотографка)\s+"),
))
#: Whether any of them fits, asked once.
_OPENS = re.compile("|".join(f"(?:{pattern.pattern})" for _, pattern in _OPENINGS), re.I)
#: A formation in shorthand as a provider: `17 WBZ`, `3 Cdn Div Imaging`.
_DESIGNATION = re.compile(r"\d{1,3}(?:st|nd|rd|th)?\.? [A-ZА-ЯІ][\w.-]*(?: [A-ZА-ЯІ][\w-]*){0,4}")
_SMALL_ORGANISATION = re.compile(r"[\w.-]+\.[a-z]+\b|\S*служб|press (?:service|office)")
_SENTENCE_INSIDE = re.compile(r"[.!?]\s+[A-ZА-Я][a-zа-я]+\s+[a-zа-я]+")


@dataclass(slots=True)
class Credit:
    """A credit that was read. `weight` says how sure it is that this is a credit at all."""

    start: int
    end: int
    people: list[PersonFinding] = field(default_factory=list)
    agencies: list[AgencyFinding] = field(default_factory=list)
    pool: Marked | None = None
    flags: list[Marked] = field(default_factory=list)
    weight: float = 0.0
    #: How many of its agencies are known, and how many stretches could not be read.
    known: int = 0
    unread: int = 0
    labelled: bool = False
    via: bool = False
    slash: bool = False
    #: Where the label before it begins, if it has one that is no part of the credit line.
    opens: int | None = None


@lru_cache(maxsize=1)
def _flags_of_terms() -> dict[str, str]:
    """What stands in a credit in the place of a name, folded → the flag that it is."""
    kinds = {"nobody": "", "courtesy": "courtesy", "handout": "handout", "file": "file"}
    return {term: flag for kind, flag in kinds.items() for term in terms(kind)}


class StretchRules:
    """Rules for the stretches of one credit."""

    def __init__(self, text: str, start: int, end: int, labelled: bool) -> None:
        self.text, self.end, self.depth = text, end, 0
        #: Whether a known agency stands last: then what stands before it is a credit, known or not.
        self.delivered = False
        self.credit = Credit(start, start, labelled=labelled)
        #: The agencies as printed: finding, kind of the entry, separator before it.
        self.raw: list[tuple[AgencyFinding, str, str]] = []

    def _part(self, a: int, b: int, before: str) -> None:
        """One stretch, by the first rule that fits."""
        if b > a and self.text[b - 1] == ")" and (gloss := _ACRONYM_BEHIND.search(self.text, a, b)):
            b = gloss.start()  # Philippine Coast Guard (PCG)
        self.depth += 1
        if a < b and (self.depth > _DEEPEST or not self._read_by_rule(a, b, before)):
            self.credit.unread += 1
            self.credit.weight -= 2
        self.depth -= 1

    def _read_by_rule(self, a: int, b: int, before: str) -> bool:
        for rule in _rules(self.text[a:b]):  # noqa: SIM110 (a generator for each stretch costs more than the loop)
            if rule(self, a, b, before):
                return True
        return False

    def _flag(self, start: int, end: int, value: str, rule: str) -> None:
        self.credit.flags.append(Marked(Span(start, end), value, rule))

    def _term(self, a: int, b: int, before: str) -> bool:
        """Nobody, a handout, a file mark, a bare label, a number, a date."""
        low = fold(self.text[a:b])
        flag = _flags_of_terms().get(low)
        if flag is not None:
            self.credit.weight += 1
            self._flag(a, b, flag, "credit-term")
            return True
        if is_date(self.text[a:b]):
            self._flag(a, b, "", "date")
            return True
        if _LICENCE.fullmatch(self.text, a, b):
            self._flag(a, b, "", "licence")
            return True
        if low in terms("label") or _NUMBERS.fullmatch(self.text, a, b):
            self._flag(a, b, "", "label")
            return True
        if self.credit.people and _NATIONALITY.fullmatch(self.text, a, b) and agency_named(self.text[a:b]) is None:
            self._flag(a, b, "", "nationality and service")
            return True
        return False

    def _pool(self, a: int, b: int, before: str) -> bool:
        """`Kremlin Pool Photo`, `POOL`, `Pool photo by Ann Example`."""
        m = _POOL.fullmatch(self.text, a, b)
        if not m:
            return False
        self.credit.pool = Marked(Span(*m.span("pool")), m["pool"], "pool")
        self._flag(*m.span("pool"), "pool", "pool")
        self.credit.weight += 2
        if m["person"]:
            self._part(*m.span("person"), "by")
        return True

    def _client(self, a: int, b: int, before: str) -> bool:
        """`Getty Images for Example Week`: the client is no agency; `Ann Example for The Example Times` is one."""
        if before != "for" or not self.raw:
            return False
        last = self.raw[-1][0].span
        if any(p.span.start > last.end for p in self.credit.people):
            return False
        self._flag(a, b, "", "client")
        return True

    def _photo_by(self, a: int, b: int, before: str) -> bool:
        """`U.S. Navy photo by Mass Communication Specialist 2nd Class P`, `ST PHOTO: P`."""
        m = _BY.search(self.text, a, b)
        if not m or m.start() == a or agency_named(self.text[a:b]):
            return False
        if m["flag"]:
            flag = m["flag"].lower()
            self._flag(*m.span("flag"), flag, "credit-term")
            if flag == "pool":
                self.credit.pool = Marked(Span(*m.span("flag")), m["flag"], "pool")
        self.credit.weight += 3
        self._part(*trim(self.text, a, m.start()), before)
        self._part(*trim(self.text, m.end(), b), "by")
        return True

    def _opening(self, a: int, b: int, before: str) -> bool:
        """`Photo by P`, `courtesy of the X`, `supplied by X`."""
        for flag, pattern in _OPENINGS:
            m = pattern.match(self.text, a, b)
            if m and m.end() < b:
                self.credit.weight += 2
                if flag in ("courtesy", "handout"):
                    self._flag(a, m.end(), flag, "credit-term")
                self._part(m.end(), b, "by" if flag == "by" else before)
                return True
        return False

    def _agency(self, a: int, b: int, before: str) -> bool:
        """A known agency, with `photo` behind it or the firm's satellite notice before it."""
        text = self.text
        entry = agency_named(text[a:b])
        photo = self._photo_tail(a, b)
        if photo and photo.start() > a and photo.group().lower().endswith(_PHOTO_BEHIND):
            base = agency_named(text[a : photo.start()])
            if base and (entry is None or (entry.id == base.id and fold(entry.name) != fold(text[a:b]))):
                entry, b = base, photo.start()
                self.credit.weight += 1
                if photo["flag"]:
                    self._flag(*photo.span("flag"), photo["flag"].lower(), "credit-term")
        if entry is None:
            for pattern in (_SATELLITE, _IN_FRONT):
                m = pattern.match(text, a, b)
                if m and m.end() < b and (found := agency_named(text[m.end() : b])):
                    entry, a = found, m.end()
                    break
        if entry is None:
            return False
        self.raw.append((self._found(a, b, before), entry.entry_kind, before))
        self.credit.weight += 3
        self.credit.known += 1
        return True

    def _photo_tail(self, a: int, b: int) -> re.Match[str] | None:
        """`photo`, `handout photo` ... behind a provider's name."""
        return _PHOTO_TAIL.search(self.text, a, b) if self.text[a:b].lower().endswith(_PHOTO_WORDS) else None

    def _found(self, a: int, b: int, before: str) -> AgencyFinding:
        if before == "via":
            return agency_as_printed(self.text, a, b, "distributor", "via")
        return agency_as_printed(self.text, a, b, "origin", "slash-credit" if self.credit.slash else "credit")

    def _service_and_person(self, a: int, b: int, before: str) -> bool:
        """`U.S. Army Staff Sgt. P`, `Army Sgt. P`: a service, then a rank, then a name."""
        text = self.text
        for head, tail in known_heads(text[a:b]) or service_heads(text[a:b]):
            if name_start(text, a + tail, b) > a + tail:
                self._part(a, a + head, before)
                self._part(a + tail, b, "by")
                return True
        return False

    def _suffixed(self, a: int, b: int, before: str) -> bool:
        """`EXAMPLE COAST GUARD HANDOUT`, `ST FILE`, `Crown copyright 2023`."""
        for flag, pattern in _SUFFIXES:
            m = pattern.search(self.text, a, b)
            if m and m.start() > a:
                self._flag(m.start() + 1, b, flag, "credit-term")
                if flag == "pool":
                    self.credit.pool = Marked(Span(m.end() - 4, m.end()), self.text[m.end() - 4 : m.end()], "pool")
                self.credit.weight += 1.5
                self._part(a, m.start(), "by" if flag == "pool" else "provider")
                return True
        year = _YEAR_BEHIND.search(self.text, a, b)
        if year and year.start() > a and (not year["month"] or fold(year["month"]) in value_words("month")):
            self._part(a, year.start(), before)
            return True
        return False

    def _side_by_side(self, a: int, b: int, before: str) -> bool:
        """`MOD Crown Copyright`, `AFP PHOTO ANN EXAMPLE`, `Ann Example AP`: two names side by side, with no mark between."""
        person, _, last = self.text[a:b].rpartition(" ")
        if last.isupper() and " " in person and agency_named(last) and looks_like_person(person) and not (
                looks_like_organisation(person) or person.isupper()):
            self._part(a, a + len(person), "by")
            self._part(b - len(last), b, before)
            return True
        for head, tail in known_heads(self.text[a:b]):
            word = _PHOTO_FIRST.match(self.text, a + tail, b)
            tail = word.end() - a if word else tail
            rest, photo = self.text[a + tail : b], word or self.text[a : a + head].lower().endswith("photo")
            named = photo and " " in rest and looks_like_person(rest) and not looks_like_organisation(rest)
            if named or agency_named(rest):
                self._part(a, a + head, before)
                self._part(a + tail, b, "by" if named else "")
                return True
        return False

    def _hyphenated(self, a: int, b: int, before: str) -> bool:
        """`Ann Example-USA TODAY Sports`: a hyphen before a known agency."""
        for i in range(a + 1, b):
            if self.text[i] in "-–" and agency_named(self.text[i + 1 : b].strip()):
                self._part(*trim(self.text, a, i), before)
                self._part(*trim(self.text, i + 1, b), "-")
                return True
        return False

    def _numbered_photo(self, a: int, b: int, before: str) -> bool:
        """`Signal Corps Photo 190061-S (Pfc. Example)`: a number behind it, and the person in brackets."""
        m = _NUMBERED.fullmatch(self.text, a, b)
        if not m:
            return False
        self._part(a, m.end("photo"), before)
        if m["person"]:
            self._part(*m.span("person"), "by")
        return True

    def _photo_behind(self, a: int, b: int, before: str) -> bool:
        """`USAID photo`: an agency that is not in the authority file."""
        m = self._photo_tail(a, b)
        if not m or m.start() == a or not m.group().lower().endswith(_PHOTO_BEHIND):
            return False
        self.credit.weight += 2
        if m["flag"]:
            self._flag(*m.span("flag"), m["flag"].lower(), "credit-term")
        self._part(a, m.start(), "provider")
        return True

    def _post_and_person(self, a: int, b: int, before: str) -> bool:
        """`Governor of Oryol Region P`: a post, what it is of, then the person: the last two words."""
        m = _LAST_TWO.search(self.text, a, b)
        first = re.match(r"[\w-]+", self.text[a:b])
        if not m or not first or fold(first.group()) not in words("caption_words", "post"):
            return False
        self._people(*m.span(1), before)
        self.credit.weight += 1
        return True

    def _person(self, a: int, b: int, before: str) -> bool:
        """A name behind its rank, or several joined by `and`."""
        text = self.text
        start = name_start(text, a, b)
        end = name_end(text, start, b)
        stretch = text[start:end]
        if start >= end or (looks_like_organisation(stretch) and not (start > a and looks_like_person(stretch))):
            return False
        if start == a and not self._person_here(stretch, before):
            return False
        if start > a and not looks_like_person(stretch):
            return False
        if self._paper_of_a_member(start, end, before):
            return False
        self._people(start, end, before)
        self.credit.weight += 1
        gloss = _IN_BRACKETS.fullmatch(text, end, b)
        if gloss and (agency_named(gloss[1]) or looks_like_organisation(gloss[1])):
            self._part(*gloss.span(1), "(")  # Ann Example (Radio Example)
        return True

    def _paper_of_a_member(self, a: int, b: int, before: str) -> bool:
        """`AP Photo/Example Today, Ann Example`: in AP's form the paper of a member stands before its photographer."""
        if before != "/" or not self.raw or self.raw[-1][0].authority != "ap" or " " not in self.text[a:b]:
            return False
        behind = self.text[b : self.end].strip()
        return behind.startswith(", ") and " and " not in self.text[a:b] and " " in behind[2:] and looks_like_person(behind[2:])

    def _person_here(self, stretch: str, before: str) -> bool:
        """Whether capitalised words at this place of a credit are a person rather than an unknown agency."""
        credit, raw = self.credit, self.raw
        if not (looks_like_person(stretch) or (_AND.search(stretch) and all(
                looks_like_person(p.strip()) for p in _AND.split(stretch)))):
            return False
        if before in ("via", "provider"):
            return False
        if credit.people and stretch.isupper():
            last = credit.people[-1].span
            if not self.text[last.start : last.end].isupper():
                return False  # letters of a service or a staff behind a name
        if before == "by":
            return True
        if " " not in stretch.strip():
            if stretch.isupper() and len(stretch) <= 6:
                return bool(raw) and not credit.people and raw[-1][1] == "wire" and before in "/\\" and len(stretch) > 4
            return bool(raw) and not credit.people
        return not (credit.people and before in ("/", "via", "|"))

    def _people(self, a: int, b: int, before: str) -> None:
        text, at = self.text, a
        stretches = []
        joints = () if SURNAME_FIRST.search(text, max(0, a - 2), b) else _AND.finditer(text, a, b)
        for joint in joints:
            stretches.append((at, joint.start()))
            at = joint.end()
        for s, e in (*stretches, (at, b)):
            s, e = trim(text, s, e)
            s = name_start(text, s, e)
            if s < e:
                rule = "by" if before == "by" else "credit"
                self.credit.people.append(PersonFinding(Span(s, e), display_name(text[s:e]), rule))

    def _organisation(self, a: int, b: int, before: str) -> bool:
        """An organisation that is in no authority file: its form is understood, its name is unknown."""
        stretch = self.text[a:b]
        by_words = looks_like_organisation(stretch) and not _SENTENCE_INSIDE.search(stretch) and len(stretch) < 120
        small_start = stretch[0].islower() and before != "/" and not _SMALL_ORGANISATION.match(stretch)
        sure_enough = self.credit.known or self.credit.labelled or self.credit.via or self.delivered or before in (
            "provider", "via") or " " in stretch
        by_words |= self._paper_of_a_member(a, b, before)
        by_place = (looks_like_person(stretch) or _DESIGNATION.fullmatch(stretch)) and len(stretch) < 40 and sure_enough
        quoted = stretch[0] in "«„“" and stretch[-1] in "»”“" and bool(self.credit.people)
        if not ((by_words and not small_start) or by_place or quoted):
            return False
        if quoted or (stretch[0] in "«„“" and stretch[-1] in "»”“"):
            a, b, stretch = a + 1, b - 1, stretch[1:-1]
        self.raw.append((self._found(a, b, before), "unknown", before))
        self.credit.weight += 1.0
        return True


@lru_cache(maxsize=8192)
def _rules(stretch: str) -> tuple[Callable[[StretchRules, int, int, str], bool], ...]:
    """The rules that may read this stretch, as its own words tell, in the order in which they are tried."""
    low, heads = stretch.lower(), bool(known_heads(stretch))
    served = heads or bool(service_heads(stretch))
    named = fold(stretch)
    rules: tuple[tuple[object, Callable[[StretchRules, int, int, str], bool]], ...] = (
        (named in _flags_of_terms() or named in terms("label") or _LICENCE.fullmatch(stretch) or _NUMBERS.fullmatch(stretch)
         or _NATIONALITY.fullmatch(stretch) or is_date(stretch), StretchRules._term),
        ("pool" in low or "пул" in low, StretchRules._pool),
        (True, StretchRules._client),
        (any_of(_BY_WORDS, low), StretchRules._photo_by),
        (_OPENS.match(stretch), StretchRules._opening),
        (True, StretchRules._agency),
        (served, StretchRules._service_and_person),
        (low.endswith(_SUFFIX_WORDS) or low[-1:].isdecimal(), StretchRules._suffixed),
        (heads or stretch.rpartition(" ")[2].isupper(), StretchRules._side_by_side),
        ("-" in low or "–" in low, StretchRules._hyphenated),
        ("photo" in low and _NUMBERED.fullmatch(stretch), StretchRules._numbered_photo),
        (low.endswith(_PHOTO_WORDS), StretchRules._photo_behind),
        (_LAST_TWO.search(stretch), StretchRules._post_and_person),
        (True, StretchRules._person),
        (True, StretchRules._organisation),
    )
    return tuple(rule for fits, rule in rules if fits)
