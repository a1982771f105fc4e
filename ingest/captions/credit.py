"""Who took the picture and who delivers it: the credit inside a caption, or a credit field on its own.

credit   = [ label ] part { separator part } ;
part     = [ rank ] person { "and" person } | agency [ "photo" ] | agency "photo by" person
         | pool | nobody | file | agency "for" client | person "for" agency ;
separator = "/" | "\\" | "|" | "," | " - " | "via" | "©" ;

"Ivan Danilov, Sputnik, Kremlin Pool Photo via AP"
"(Photo by Solomiia Vyshnevska/Anadolu via Getty Images)"
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from archive.folding import fold
from archive.records import Span, Standing
from ingest.captions.findings import AgencyFinding, Marked, PersonFinding
from ingest.captions.lexicon import agency_named, is_rank, terms, words


class Part(NamedTuple):
    """One stretch of a credit and what it is: person, agency, pool, nobody, file, unread."""

    kind: str
    start: int
    end: int
    before: str  # the separator before it: "/", ",", "via", "-", "©", "for" or ""


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
    known: int = 0
    unread: int = 0
    labelled: bool = False
    via: bool = False
    slash: bool = False


_SEPARATOR = re.compile(
    r"\s*[/\\|]\s*|\s+(?P<via>(?i:via|through|через))\s+|\s*,\s+(?!Jr\b|Sr\b)|\s+[-–—]{1,2}\s+|\s*(?P<c>©)\s*"
    r"|\s+(?P<for>for)\s+(?=[A-Z])|\s*[;•]\s*|(?<=\w)\s?\n\s*"
)
_ID_TAIL = re.compile(
    r"(?:[\s,(]*(?:File\s?#|\d{6}-[A-Z]-[A-Z]{2}\d{3}-\d+\w*|\(?[0-9]{6,}[a-z]{0,2}\)?|[A-Z]{1,3}\s?\d{3,6}|\d{2,4}-\d+"
    r"|CC[ -]BY[-A-Z]*(?:\s?\d\.\d)?)[\s).]*)+$"
)
_WORD = re.compile(r"[^\W_]+(?:[.'’ʼ`-]+[^\W_]+)*\.?", re.UNICODE)
_NAME = re.compile(
    r"(?:[^\W\d_]\.[\s]?)*[^\W\d_][\w'’ʼ`.\-]*(?:\s+(?:[^\W\d_][\w'’ʼ`.\-]*|\"[^\"]{2,20}\"|“[^”]{2,20}”)){0,5}\Z"
)
_PHOTO_TAIL = re.compile(r"\s+(?:handout\s+|courtesy\s+|file\s+)?(?:photos?|photographs?|images?|pictures?)\Z", re.I)
_BY = re.compile(
    r"\s+(?:(?:courtesy|handout|file|pool)\s+)?(?:photo(?:graph)?s?|images?|pictures?|illustration|video)(?:\s+by\s+|\s*:\s*)", re.I
)
_SATELLITE = re.compile(
    r"(?:satellite image\s*)?(?:©|\(c\))?\s*(?:19|20)\d\d\s+|satellite image\s*(?:©|\(c\))?\s*", re.I
)
_THE = re.compile(r"the\s+(?=[A-Z])")
_CLASS = re.compile(r"(?:[A-Z][\w']+\s+){1,4}(?:1st|2nd|3rd|First|Second|Third)\s+Class\s+(?:\([\w/ ]+\)\s+)?", re.I)
_ADDRESS = re.compile(r"\w\.(?:com|org|net|mil|lv|ee|pl|gov|uk|de|ru|ua|eu|info|press)\b", re.I)
_PAREN_AFTER = re.compile(r"\s*\([^()]{1,24}\)\Z")


def _capital(word: str) -> bool:
    return word[:1].isupper() or not word[:1].islower()


@lru_cache(maxsize=4096)
def _looks_like_org(text: str) -> bool:
    """An organisation by its words: a known one, an organisation word, a web address, a known acronym inside."""
    if agency_named(text):
        return True
    listed, small = words("caption_words", "organisation"), words("caption_words", "small")
    tokens = [fold(m.group().strip(".'’")) for m in _WORD.finditer(text)]
    parts = [part for t in tokens for part in (t, *t.split("-")[1:])]
    if text.isascii() and any(w.isalpha() and w[0].islower() and w not in small for w in text.split()):
        return False
    if any(t in listed or t.removesuffix("'s") in listed for t in parts) or _ADDRESS.search(text):
        return True
    if len(tokens) > 2 and any(t in ("of", "the", "fur", "du", "des") for t in tokens):
        return True
    return not text.isupper() and any(len(w) > 2 and w.isupper() and agency_named(w) for w in text.split())


def _looks_like_person(text: str) -> bool:
    """Capitalised words, initials and particles, up to six, none of them an organisation's."""
    if not _NAME.match(text) or len(text) > 60:
        return False
    particles = words("caption_words", "particle")
    tokens = text.split()
    capitals = 0
    for token in tokens:
        if token.lower() in particles:
            continue
        if not _capital(token):
            return False
        if any(c.isdigit() for c in token):
            return False
        capitals += 1
    return capitals >= 1


def name_start(text: str, start: int, end: int) -> int:
    """Where the name begins behind ranks and posts: `Mass Communication Specialist 2nd Class P`, `Cpl. P`."""
    while True:
        stretch = text[start:end]
        klass = _CLASS.match(stretch)
        if klass and klass.end() < len(stretch):
            start += klass.end()
            continue
        longest = 0
        tokens = list(re.finditer(r"\S+", stretch))
        for n in range(min(6, len(tokens) - 1), 0, -1):
            if is_rank(stretch[: tokens[n - 1].end()]):
                longest = tokens[n].start()
                break
        if not longest:
            return start
        start += longest


def _strip_post(text: str, start: int, end: int) -> int:
    """Where the name ends before a service's letters: `Sgt Ann Example RLC`, `Cpl Ann Example, RAF`."""
    stretch = text[start:end]
    last = stretch.rsplit(" ", 1)
    if len(last) == 2 and last[1] in terms("post-nominal") and " " in last[0].strip():
        return start + len(last[0].rstrip(" ,"))
    return end


def _split(text: str, start: int, end: int) -> list[tuple[int, int, str]]:
    """The credit's stretches between separators, each with the separator before it."""
    out: list[tuple[int, int, str]] = []
    at, before = start, ""
    opening = re.compile(r"\s*(?:via|through|через)\s+", re.I).match(text, start, end)
    if opening:
        at, before = opening.end(), "via"
    for sep in _SEPARATOR.finditer(text, start, end):
        if sep.start() < at:
            continue
        mark = sep.group().strip().lower()
        if sep["via"]:
            head = text[at : sep.start()].rsplit(" ", 1)[-1].lower()
            if head in words("caption_words", "particle") and head != "san":
                continue  # a surname: Luca Dalla Via
            mark = "via"
        elif sep["for"]:
            mark = "for"
        elif not mark:
            mark = "\n"
        if agency_named(text[at : _word_end(text, sep.end(), end)]):
            continue  # the separator stands inside a known name: "picture-alliance / dpa" may be one
        if text[at : sep.start()].strip():
            out.append((at, sep.start(), before))
            before = mark
        else:
            before = before or mark
        at = sep.end()
    if text[at:end].strip():
        out.append((at, end, before))
    return out


def _word_end(text: str, at: int, end: int) -> int:
    cut = re.compile(r"[/\\|,()]|\s+(?:via|through|через)\s|\s[-–—]\s").search(text, at, end)
    return cut.start() if cut else end


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and (text[start].isspace() or text[start] in "\"'“”‘’«»:;,.-–—=+*|/"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in '"“”‘«»:;,-–—=+*|/'):
        end -= 1
    if (
        end > start
        and text[end - 1] == "."
        and not re.search(r"(?:\b[^\W\d_]|\b[JS]r|Inc|Ltd|Co|Corp)\.\Z", text[start:end])
    ):
        end -= 1
    return start, end


def role_of(key_kind: str, before: str, last: bool) -> str:
    """The role in the chain: what follows "via", or a wire at the end of it, distributes."""
    if before == "via" or (last and key_kind in ("wire", "photo-agency", "national-agency")):
        return "distributor"
    return "origin"


def read_credit_parts(text: str, start: int, end: int, labelled: bool = False) -> Credit:
    """Read `text[start:end]` as a credit. What cannot be read is counted in `unread`, never dropped.

    >>> [a.name for a in read_credit_parts("Ann Example/Sputnik via AP", 0, 26).agencies]
    ['Sputnik', 'Associated Press']
    """
    credit = Credit(start, start, labelled=labelled)
    tail = _ID_TAIL.search(text, start, end)
    if tail and tail.start() > start and tail.end() >= end - 1:
        end = tail.start()
    pieces = _split(text, start, end)
    if pieces:
        credit.start = credit.end = _trim(text, pieces[0][0], pieces[0][1])[0]
    raw: list[tuple[AgencyFinding, str, str]] = []
    archive_name = re.match(
        r"([^\W\d_][\w'’.-]+,\s+[^\W\d_][\w.'’ -]*?)\s*,\s*(?:Photographer|photographer)\b", text[start:end]
    )
    skip_until = -1
    if archive_name:
        credit.weight += 3
        credit.known += 1
        s = start + archive_name.start(1)
        credit.people.append(PersonFinding(Span(s, start + archive_name.end(1)), archive_name[1], "archive-name"))
        skip_until = start + archive_name.end()
    for number, (a, b, before) in enumerate(pieces):
        if b <= skip_until:
            continue
        a = max(a, skip_until)
        if re.fullmatch(r"\W*(?:Bild|Bild:|Image|Neg\.?|No\.?)\s+\S*\d\S*\W*", text[a:b]):
            credit.end = b
            continue
        a, b = _trim(text, a, b)
        if a >= b:
            continue
        if before == "via":
            credit.via = True
        if before in "/\\|" and before:
            credit.slash = True
        unread = credit.unread
        _read_part(text, a, b, before, number, credit, raw, pieces)
        if credit.unread == unread:
            credit.end = b
    # From where the picture comes to who delivers it: a wire that stands first is moved behind its provider.
    order = [r[0] for r in raw]
    if (
        len(raw) > 1
        and raw[0][1] in ("wire", "national-agency", "photo-agency", "distributor")
        and not any(r[2] == "via" for r in raw[:2])
        and (raw[0][2] != "via")
    ):
        first_is_big = raw[0][1] in ("wire", "photo-agency", "distributor", "national-agency")
        second_is_wire = raw[1][1] == "wire" and raw[0][1] != "photo-agency"
        if (
            first_is_big
            and not second_is_wire
            and not (credit.people and credit.people[0].span.start < raw[0][0].span.start)
        ):
            order = order[1:] + order[:1]
    credit.agencies = order
    return credit


def _read_part(
    text: str,
    a: int,
    b: int,
    before: str,
    number: int,
    credit: Credit,
    raw: list[tuple[AgencyFinding, str, str]],
    pieces: list[tuple[int, int, str]],
) -> None:
    stretch = text[a:b]
    low = fold(stretch)
    # Words that are nobody, a pool, a file mark.
    for flag, kind in (("file", "file"), ("handout", "handout"), ("courtesy", "courtesy"), ("", "nobody")):
        if low in terms(kind):
            credit.weight += 1
            if flag:
                credit.flags.append(Marked(Span(a, b), flag, "credit-term"))
            elif low not in ("released",):
                credit.flags.append(Marked(Span(a, b), "", "nobody"))
            return
    pool = re.fullmatch(
        r"(?P<pool>(?:[A-Z][\w.'’-]*\s+){0,3}(?:pool|POOL|Pool|пул|Пул))(?:\s+(?:photo|foto|via))?(?:\s+by\s+(?P<p>.+))?",
        stretch,
        re.I,
    )
    if pool and not (pool["p"] is None and len(pool["pool"].split()) > 3):
        credit.pool = Marked(Span(a, a + pool.end("pool")), stretch[: pool.end("pool")], "pool")
        credit.flags.append(Marked(credit.pool.span, "pool", "pool"))
        credit.weight += 2
        if pool["p"]:
            _read_part(text, a + pool.start("p"), b, "by", number, credit, raw, pieces)
        return
    if (
        before == "for"
        and raw
        and not raw[-1][0].span.end < a - 8
        and (not credit.people or credit.people[-1].span.end < raw[-1][0].span.start or True)
    ):
        last = raw[-1][0]
        if last.span.end <= a and not any(p.span.start > last.span.end for p in credit.people):
            credit.flags.append(Marked(Span(a, b), "", "client"))
            return
    by = _BY.search(stretch)
    if by and by.start() > 0 and not agency_named(stretch):
        if "courtesy" in by.group().lower():
            credit.flags.append(Marked(Span(a + by.start(), a + by.end()), "courtesy", "courtesy"))
        credit.weight += 3
        _read_part(text, a, a + by.start(), before, number, credit, raw, pieces)
        s, e = _trim(text, a + by.end(), b)
        _read_part(text, s, e, "by", number, credit, raw, pieces)
        return
    for prefix in (
        r"(?:photos?|pictures?|images?|photographs?)\s+(?:by|courtesy of|courtesy)\s+",
        r"by\s+(?=[A-ZА-Я])",
        r"courtesy\s+(?:of\s+)?(?:the\s+)?",
        r"(?:supplied|provided)\s+(?:by\s+)?(?:the\s+)?",
        r"(?:Фото|фото|Foto|Photo|PHOTO|Pic|Picture|Bild|Credit|CREDIT)\s*:\s*",
        r"handout\s+(?:photo\s+)?(?:by\s+)?",
        r"(?:photographer|автор|фотограф|фотографка)\s+",
    ):
        head = re.match(prefix, stretch, re.I)
        if head and head.end() < len(stretch):
            credit.weight += 2
            if "courtesy" in head.group().lower():
                credit.flags.append(Marked(Span(a, a + head.end()), "courtesy", "courtesy"))
            elif re.match(r"(?:supplied|provided|handout)", head.group(), re.I):
                credit.flags.append(Marked(Span(a, a + head.end()), "handout", "handout"))
            _read_part(
                text, a + head.end(), b, "by" if "by" in head.group().lower() else before, number, credit, raw, pieces
            )
            return
    photo = _PHOTO_TAIL.search(stretch)
    if photo and photo.group().lower().endswith(("photo", "photos")) and agency_named(stretch[: photo.start()]):
        credit.weight += 1
        b = a + photo.start()
        stretch = text[a:b]
        for flag in ("handout", "courtesy", "file"):
            if flag in photo.group().lower():
                credit.flags.append(Marked(Span(b + 1, b + len(photo.group())), flag, "credit-term"))
    entry = agency_named(stretch)
    if not entry:
        sat = _SATELLITE.match(stretch)
        if sat and sat.end() < len(stretch):
            a += sat.end()
            stretch = text[a:b]
            entry = agency_named(stretch)
    if not entry:
        the = _THE.match(stretch)
        if the and before in ("by", "via", ""):
            a += the.end()
            stretch = text[a:b]
            entry = agency_named(stretch)
    if not entry:
        # "BASARNAS HANDOUT", "ROK Navy handout", "ST FILE", "AP Photo", "USAID photo"
        shorter = re.sub(r"\s+(?:handout|HO)(?:\s+photo)?\Z", "", stretch, flags=re.I)
        if shorter != stretch and shorter:
            credit.flags.append(Marked(Span(a + len(shorter) + 1, b), "handout", "handout"))
            credit.weight += 1.5
            _read_part(text, a, a + len(shorter), "provider", number, credit, raw, pieces)
            return
        shorter = re.sub(r"\s+file(?:\s+photo)?\Z", "", stretch, flags=re.I)
        if shorter != stretch and shorter:
            credit.flags.append(Marked(Span(a + len(shorter) + 1, b), "file", "file"))
            credit.weight += 1.5
            _read_part(text, a, a + len(shorter), before, number, credit, raw, pieces)
            return
        shorter = re.sub(r"\s+courtesy(?:\s+photo)?\Z", "", stretch, flags=re.I)
        if shorter != stretch and shorter:
            credit.flags.append(Marked(Span(a + len(shorter) + 1, b), "courtesy", "courtesy"))
            credit.weight += 1.5
            _read_part(text, a, a + len(shorter), before, number, credit, raw, pieces)
            return
        photo = _PHOTO_TAIL.search(stretch)
        if photo and photo.start() > 0:
            credit.weight += 2
            _read_part(text, a, a + photo.start(), before, number, credit, raw, pieces)
            return
    if not entry:
        year = re.search(r"\s+(?:19|20)\d\d\Z", stretch)
        if year and year.start() > 0:
            _read_part(text, a, a + year.start(), before, number, credit, raw, pieces)
            return
    if entry:
        found = AgencyFinding(
            Span(a, b),
            entry.name,
            entry.id,
            "distributor" if before == "via" else "origin",
            "via" if before == "via" else "slash-credit" if credit.slash else "credit",
            "exact" if fold(entry.name) == low or stretch in entry.variants else "variant",
            entry.id,
        )
        raw.append((found, entry.entry_kind, before))
        credit.weight += 3
        credit.known += 1
        return
    # "MOD Crown Copyright": two known names side by side.
    for gap in re.finditer(r"\s+", stretch):
        if agency_named(stretch[: gap.start()]) and agency_named(stretch[gap.end() :]):
            _read_part(text, a, a + gap.start(), before, number, credit, raw, pieces)
            _read_part(text, a + gap.end(), b, "", number, credit, raw, pieces)
            return
    # "Dana Hollister-USA TODAY Sports": a hyphen before a known agency.
    hyphen = [i for i, c in enumerate(stretch) if c in "-–"]
    for i in hyphen:
        if agency_named(stretch[i + 1 :].strip()) and i > 0:
            _read_part(text, a, a + i, before, number, credit, raw, pieces)
            s, e = _trim(text, a + i + 1, b)
            _read_part(text, s, e, "-", number, credit, raw, pieces)
            return
    if not _looks_like_org(stretch):
        # A known agency right before or after a person without a separator: "AP Ann Example", "© TASS Ann Example".
        start = name_start(text, a, b)
        end = _strip_post(text, start, b)
        paren = _PAREN_AFTER.search(text[start:end])
        if paren:
            end = start + paren.start()
        if start < end and _person_here(text, start, end, credit, raw, before):
            _add_people(text, start, end, before, credit)
            credit.weight += 1
            return
    start = name_start(text, a, b)
    if start > a and _looks_like_person(text[start:b]):
        _add_people(text, start, _strip_post(text, start, b), before, credit)
        credit.weight += 1
        return
    acceptable = _looks_like_org(stretch) and not re.search(r"[.!?]\s+[A-ZА-Я][a-zа-я]+\s+[a-zа-я]+", stretch)
    if credit.people and re.fullmatch(r"[A-Z]{3} [A-Z]{1,2}", stretch):
        credit.flags.append(Marked(Span(a, b), "", "nationality and service"))
        return
    first_capital = _capital(stretch) or before == "/" or re.match(r"[a-zа-яії.-]+(?:\.[a-z]+|служб)", stretch)
    if (acceptable and first_capital and len(stretch) < 120) or (_looks_like_person(stretch) and len(stretch) < 40):
        key = "org:" + low.replace(" ", "-")
        raw.append(
            (
                AgencyFinding(
                    Span(a, b),
                    stretch,
                    key,
                    "distributor" if before == "via" else "origin",
                    "via" if before == "via" else "slash-credit" if credit.slash else "credit",
                    "unknown",
                ),
                "unknown",
                before,
            )
        )
        credit.weight += 1.0
        return
    credit.unread += 1
    credit.weight -= 2


def _person_here(
    text: str, a: int, b: int, credit: Credit, raw: list[tuple[AgencyFinding, str, str]], before: str
) -> bool:
    """Whether capitalised words at this place of a credit are a person rather than an unknown agency."""
    stretch = text[a:b]
    if not _looks_like_person(stretch) and not re.search(r"\s(?:and|&|et|und|y|и|та|e)\s|,", stretch):
        return False
    tokens = stretch.split()
    if before in ("via", "provider"):
        return False
    if credit.people and stretch.isupper() and not text[credit.people[-1].span.start : credit.people[-1].span.end].isupper():
        return False  # letters of a service or a staff behind a name
    if before == "by":
        return True
    if len(tokens) == 1:
        # one word: an acronym or a brand is an agency; a name after an agency's slash is a person
        if stretch.isupper() and len(stretch) <= 6:
            return bool(raw) and not credit.people and raw[-1][1] in ("wire",) and before in "/\\" and len(stretch) > 4
        return (bool(raw) and not credit.people) or bool(credit.labelled and not raw and not credit.people)
    return not (credit.people and before in ("/", "via", "|") and not _looks_like_name_list(credit))


def _looks_like_name_list(credit: Credit) -> bool:
    return False


def _add_people(text: str, a: int, b: int, before: str, credit: Credit) -> None:
    pattern = re.compile(r"\s+(?:and|&|et|und|y|и|та|oraz|och|og)\s+|\s*,\s*")
    at = a
    stretches = []
    for sep in pattern.finditer(text, a, b):
        stretches.append((at, sep.start()))
        at = sep.end()
    stretches.append((at, b))
    for s, e in stretches:
        s, e = _trim(text, s, e)
        s = name_start(text, s, e)
        if s < e:
            credit.people.append(
                PersonFinding(Span(s, e), display_name(text[s:e]), "by" if before == "by" else "credit")
            )


def display_name(printed: str) -> str:
    """A name printed in capitals in a form to show: `PAVEL HURKO` and `Pavel HURKO` are `Pavel Hurko`."""

    def lower(word: str) -> str:
        if len(word) < 3 or not word.isupper() or "." in word:
            return word
        parts = re.split(r"([-'’])", word)
        shown = "".join(p.capitalize() for p in parts)
        return re.sub(r"\bMc(\w)", lambda m: "Mc" + m[1].upper(), shown)

    return " ".join(lower(w) for w in printed.split())


STANDING: Standing = "exact"
