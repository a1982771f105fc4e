"""How the names of a place phrase are joined: `X, Y`, `X in Y`, `X's Y`, `X (Y)`, `X, some miles from Y` ..."""

from __future__ import annotations

import re
from functools import lru_cache

from ingest.captions.tokens import SPACES, SPACES_OR_NONE

_DATE_GAP = SPACES_OR_NONE + (
    r"(?:,\s*)?(?:on\s+)?(?:\w{1,9}day,?\s+)?(?:[A-Z][a-z]{2,8}\.?\s+\d{1,2}(?:,?\s+\d{4})?|\d{1,2}\s+[A-Z][a-z]+(?:\s+\d{4})?)"
    r"(?:\s*,)?\s+in\s+(?:the\s+)?")
#: A comma or not, then white space.
_GAP = rf"(?:,\s+|{SPACES})"

_COMPASS_OF = r"(?:north|south|east|west|northeast|northwest|southeast|southwest) of"
#: How a name is joined to a wider one, tried in this order: the kind, what the link may begin with (a space stands for
#: any white space, nothing for everything), its form.
LINKS: tuple[tuple[str, str, re.Pattern[str]], ...] = tuple(
    (kind, starts, re.compile(pattern, re.I))
    for kind, starts, pattern in (
        ("date", "", _DATE_GAP),
        ("comma", ",:", r"(?:[,:]\s+|,(?=[A-Z]))(?:(?:also\s+)?(?:in|im|au|en|on|dans|of|bei|nella|nel|в|у|w)\s+)?(?:the\s+|(?-i:l[ae]s?|los)\s+|woj\.\s+)?"),
        ("in", " ", rf"{SPACES}(?:in|of|on|at|inside|within|im|à|au|en|em|na|no|dans|von|del|de|off|across|w|i|på|в|у)\s+(?:the\s+|(?-i:la|der|dem|den)\s+)?"),
        ("near", ", ", rf"{_GAP}(?:(?:just\s+)?outside(?:\s+of)?|(?:on|in|at) the (?:outskirts|edge|suburbs) of|near|bei|{_COMPASS_OF}|close to)\s+(?:the\s+)?"),
        ("away", ", ", rf"{_GAP}(?:some\s+|about\s+|around\s+)?\d[\d,.]*\s*(?:kms?|kilometers|kilometres|miles|mi)\b"
                 rf"[^,.;]{{0,40}}?{SPACES}(?:from|of|outside)\s+(?:the\s+)?"),
        ("amid", ", ", rf"{_GAP}(?:amid|during|as)\s++[^.;]{{3,80}}?{_GAP}in\s+(?:the\s+)?"),
        ("apposition", ",", r"(?!)"),
        ("poss", "'’&", r"(?:(?:['’]|&#0?39;|&rsquo;|&apos;)s|(?<=s)['’])\s+"),
        ("type", " ", rf"{SPACES}(?:town|village|city|district|camp|area|suburb|quarter|neighborhood|neighbourhood|residence|prison"
                 r"|section|settlement|forest|border|port|annex|headquarters|racetrack|county|region|province|crossing)"
                 r"(?:\s+(?:of|in|outside|near)|,(?:\s+(?:in|near))?)\s+(?:the\s+)?"),
        ("paren", " ", rf"{SPACES}\("),
        ("stop", ".", r"\.\s+"),
        ("space", " ", r"\s+"),
    )
)


#: What may follow a country inside a phrase: `Ukraine's`, `, `, `Ukraine town of X`.
COUNTRY_GOES_ON = re.compile(
    r"(?:(?:['’]|&#0?39;|&rsquo;|&apos;)s|(?<=s)['’]) |, |: |\s(?:port |border |mining )?(?:town|city|village|island|province|region) of "
    r"|\s[A-Z][\w'’-]+ (?:district|province|region|governorate|state)\b")
APPOSITION = re.compile(r",\s+(?:a|an|the|one of|which|where|some|about|just|on|located|situated)\s", re.I)
IN = re.compile(rf"{SPACES}(?:in|of)\s+(?:the\s+)?")
#: A region's type printed before its name in Romance languages belongs to the name: `région de Donetsk`.
REGION_OF = re.compile(
    r"(?:région|región|regione|province|província|provincia|estado|departamento|wilaya|département)(?: (?:russe|rusa|russa))? d[eiu]\s+\Z")
#: From the narrow to the wide.
RANK = {"venue": 0, "unknown": 0, "organisation": 0, "minor": 1, "site": 1, "settlement": 2, "region": 3, "sea": 3, "country": 4, "gone": 4,
         "continent": 5}
ISLAND_OF = re.compile(r"island of \Z")
SKIP = re.compile(
    r"(?:(?:the|a|an|(?:capital|city|town|village),|city|town|village|villages|region|province|state|district|oblast|capital|port|municipality|county"
    r"|prefecture|area|north|south|east|west|northeast|northwest|southeast|southwest|downtown|mainland|région|región|regione|russe|rusa|russa|di|province de|província|provincia|estado|departamento|distrito|département"
    r"|resort|border|frontline|front-line|mining|coastal|holy|ancient|historic|central|far|occupied|disputed|rural|neighboring"
    r"|neighbouring|nearby|suburban|northernmost|southernmost|[a-z-]+ern(?:-\w+)?|[\w-]+-(?:held|controlled|occupied|run)"
    r"|(?:second-|third-|fourth-|fifth-)?(?:largest|biggest)|main"
    r"|Russian-(?:controlled|occupied|held)|Israeli-occupied|island|(?:North|South|East|West|Northeast|Northwest|Southeast|Southwest|Central)(?= China(?! Sea))|frazione di|nord|sud|est|ouest|norte|sur|of|in|de|la|le|des|du|from|селе|селі|городе|місті|посёлке|Raum)"
    r"\s+){0,6}"
)


MARKED = re.compile(r"[,.:(\n–—-]|\s+[-–—(|]|\s*\Z")
SMALL_LETTER = re.compile(r"[a-z]\s\Z")


@lru_cache(maxsize=256)
def links(mark: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The links that may begin with this character."""
    sort = " " if mark.isspace() else mark
    return tuple((kind, link) for kind, starts, link in LINKS if not starts or sort in starts)
