"""Who took the picture and who delivers it: the credit inside a caption, or a credit field on its own.

    credit    = [ label ] part { separator part } ;
    part      = [ rank ] person { "and" person } | agency [ "photo" ] | agency "photo by" person
              | pool | nobody | file | agency "for" client | person "for" agency ;
    separator = "/" | "\\" | "|" | "," | " - " | "via" | "©" | new line ;

    "Ivan Danilov, Sputnik, Kremlin Pool Photo via AP"
    "Photo by Solomiia Vyshnevska/Anadolu via Getty Images"
"""

from __future__ import annotations

import re

from archive.folding import fold
from archive.records import Span
from ingest.captions.credit_names import ARCHIVE_NAME
from ingest.captions.credit_pieces import split, trim
from ingest.captions.credit_rules import Credit, StretchRules
from ingest.captions.findings import AgencyFinding, PersonFinding
from ingest.captions.lexicon import agency_named
from ingest.captions.picture_ids import before_ids

#: Kinds of agencies that deliver other people's pictures; one that stands first is moved behind its provider.
_DELIVERS = frozenset(("wire", "national-agency", "photo-agency"))

#: Longest credit in characters, and how many stretches of it are read.
_LONGEST, _PIECES = 500, 40
_PICTURE_NUMBER = re.compile(r"\W*(?:Bild|Image|Neg\.?|No\.?|(?:Archive|Photo|Catalogue) (?:Number|No\.?))\s+\S*\d\S*\W*")
#: A copyright's year in front of a name: `© 2024 Ann Example`.
_YEAR_IN_FRONT = re.compile(r"(?:19|20)\d\d\s+(?=[^\W\d_])")
#: Who ordered the picture, behind a mark: `Ann Example/For The Washington Post`.
_ORDERED = re.compile(r"[Ff]or (?=[A-Z])")


def read_credit_parts(text: str, start: int, end: int, labelled: bool = False, before: str = "") -> Credit:
    """Read `text[start:end]` as a credit. What cannot be read is counted in `unread`, never dropped.

    `before` is "by" where the label says that a person follows.

    >>> [a.name for a in read_credit_parts("Ann Example/Sputnik via AP", 0, 26).agencies]
    ['Sputnik', 'Associated Press']
    """
    end = min(end, start + _LONGEST)
    end = before_ids(text, start + 1, end)
    return _Parts(text, start, end, labelled).read(before)


class _Parts(StretchRules):
    """One credit being read: each stretch goes to the first rule that fits."""

    def read(self, before: str) -> Credit:
        text, credit = self.text, self.credit
        pieces = split(text, credit.start, self.end, before)[:_PIECES]
        if pieces:
            credit.start = credit.end = trim(text, *pieces[0][:2])[0]
        skip = self._archive_name()
        self.delivered = bool(pieces) and agency_named(text[slice(*trim(text, *pieces[-1][:2]))]) is not None
        for a, b, before in pieces:
            if b <= skip:
                continue
            a = max(a, skip)
            if _PICTURE_NUMBER.fullmatch(text, a, b):
                credit.end = b
                continue
            a, b = trim(text, a, b)
            ordered = _ORDERED.match(text, a, b) if before else None
            a = ordered.end() if ordered else a
            year = _YEAR_IN_FRONT.match(text, a, b)
            a = year.end() if year else a
            if a >= b:
                continue
            credit.via |= before == "via"
            credit.slash |= bool(before) and before in "/\\|"
            unread = credit.unread
            self._part(a, b, before)
            if credit.unread == unread:
                credit.end = b
        credit.agencies = self._ordered()
        firms = {fold(text[slice(*f.span)]): f for f in reversed(credit.agencies)}
        credit.agencies = [f for f in credit.agencies if f in firms.values()]
        credit.people = [p for p in credit.people if fold(p.name) not in firms]  # Photo by Example/Example via Getty Images
        return credit

    def _archive_name(self) -> int:
        """`Dunn, Carla T., Photographer`: the form of archives' catalogues. Where it ends; the start if it is none."""
        m = ARCHIVE_NAME.match(self.text, self.credit.start, self.end)
        if not m:
            return self.credit.start
        self.credit.weight += 3
        self.credit.known += 1
        self.credit.people.append(PersonFinding(Span(*m.span(1)), m[1], "archive-name"))
        self.credit.end = m.end()
        return m.end()

    def _ordered(self) -> list[AgencyFinding]:
        """From where the picture comes to who delivers it: `EPA/EXAMPLE PRESS SERVICE` is the service, then EPA."""
        order, raw = [r[0] for r in self.raw], self.raw
        if len(raw) < 2 or raw[0][1] not in _DELIVERS or raw[1][2] == "via":
            return order
        second_delivers = raw[1][1] in ("wire", "photo-agency") and raw[0][1] != "photo-agency"
        person_first = bool(self.credit.people) and self.credit.people[0].span.start < order[0].span.start
        return order if second_delivers or person_first else [*order[1:], order[0]]
