"""What stands beside a credit and belongs to it: who made the picture, who owns it, whose name is on the line above.

    "Bain News Service, publisher. Library of Congress"
    "... ciudad de Yemen.ANN EXAMPLE (REUTERS)"
"""

from __future__ import annotations

import re

from ingest.captions.credit import read_credit_parts
from ingest.captions.credit_names import agency_as_printed, looks_like_organisation, looks_like_person
from ingest.captions.credit_rules import Credit
from ingest.captions.lexicon import agency_named

_PUBLISHER = re.compile(r"(?:(?<=[.!?] )|(?<=\n)|\A)(?P<name>[A-Z][^.;\n]{2,60}?), (?:publisher|photographer)\.?\s*\Z", re.I)


def take_in_line_above(credit: Credit, text: str) -> None:
    """`Ann Example`, then a line with `AP Photo`: the photographer on the line above the agency's."""
    if credit.people or not credit.known or text[credit.start - 1 : credit.start] != "\n":
        return
    at = text.rfind("\n", 0, credit.start - 1) + 1
    above = text[at : credit.start - 1]
    if at > 0 and " " in above and len(above) < 40 and looks_like_person(above) and not looks_like_organisation(above):
        person = read_credit_parts(text, at, credit.start - 1, labelled=True, before="by")
        credit.people, credit.start = person.people, at


#: A name in capitals between a sentence and a bracket.
_CAPITALS = re.compile(r"(?<=[.!?”\"»\n])\s?(?P<name>[^\W\d_a-z][^\W\d_a-z.'’-]+(?: [^\W\d_a-z][^\W\d_a-z.'’-]*){1,3}) \(\Z")


def take_in_capitals(credit: Credit, text: str) -> None:
    """`... ciudad de Yemen.ANN EXAMPLE (REUTERS)`: the photographer in capitals before the agency's bracket."""
    if credit.people or not credit.known or text[credit.start - 1 : credit.start] != "(":
        return
    m = _CAPITALS.search(text, max(0, credit.start - 60), credit.start)
    if m and m["name"].isupper() and looks_like_person(m["name"]) and not looks_like_organisation(m["name"]):
        credit.people = read_credit_parts(text, *m.span("name"), labelled=True, before="by").people
        credit.start, credit.end = m.start("name"), credit.end + text.startswith(")", credit.end)


def take_in_publisher(credit: Credit, text: str) -> None:
    """`Bain News Service, publisher. Library of Congress`: who made it, in a sentence before who keeps it."""
    m = _PUBLISHER.search(text, max(0, credit.start - 90), credit.start) if credit.agencies and not credit.people else None
    if m and (looks_like_organisation(m["name"]) or "&" in m["name"]):
        credit.agencies = [agency_as_printed(text, *m.span("name")), *credit.agencies]
        credit.start = m.start("name")


def take_in_owner(credit: Credit, text: str) -> None:
    """`UK MOD © Crown copyright`: a known name right before the sign belongs to the credit."""
    sign = text.rfind("©", max(0, credit.start - 3), credit.start + 1)
    if sign < 1 or credit.people:
        return
    for start in re.compile(r"(?:(?<=[.!?\n]\s)|(?<=\s))(?=[A-Z])").finditer(text, max(0, sign - 40), sign):
        if agency_named(text[start.start() : sign].strip()):
            owner = read_credit_parts(text, start.start(), sign)
            credit.agencies = [*owner.agencies, *credit.agencies]
            credit.start = start.start()
            return


def name_below(text: str, stop: int, cut: int) -> bool:
    """Whether what follows is a line with a name, and no more: `Example Fire Department via AP`, then `Ann Example`."""
    name = text[stop:cut].strip()
    return text[stop : stop + 1] == "\n" and " " in name and len(name) < 40 and looks_like_person(name) and (
        not looks_like_organisation(name))
