"""The one place that decides what a caption says.

Every rule reads one kind of thing over one shared pass of tokens; here the credit parts the caption's body from its
tail, the date is chosen, formations are held against the authority files, and the place is chosen by all of these.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from archive.authority import Entry
from archive.folding import fold
from archive.records import Span, Standing
from ingest.captions.credit import read_credit_parts
from ingest.captions.credit_place import find_credits
from ingest.captions.credit_rules import Credit
from ingest.captions.date_roles import choose, weigh
from ingest.captions.dates import Dated, find_dates, settle
from ingest.captions.findings import (
    AgencyFinding,
    DateFinding,
    LocationFinding,
    Marked,
    PersonFinding,
    Reading,
    UnitFinding,
)
from ingest.captions.gazetteer import demonyms
from ingest.captions.lexicon import authorities, units_named
from ingest.captions.notes_to_editors import restriction_start
from ingest.captions.places import Name, Phrase, PlaceReader, region_key
from ingest.captions.tokens import Tokens
from ingest.captions.unit_keys import abbreviates, unit_key, units_in_any_case
from ingest.captions.units import Formation, UnitReader
from ingest.captions.wording import flags, numbers, remainder, restrictions

#: Longest text that is read as one caption, in characters: the legacy field holds 2,000 (IIM 2:120), the longest
#: caption of the labelled sample 1,400. What stands behind is kept as remainder.
LONGEST = 6_000
#: How sure a phrase must be: more where it is a single name (fitted on the first half of the labelled sample).
_SURE, _SURE_LINKED, _SURE_BODY = 0.8, 0.0, 2.4
_SENTENCE = re.compile(r"[.!?][\"”’)]*\s+(?=[A-ZА-ЯІЇЄ“\"«(])")
#: Houses that print the day first, and those that print the month first, in numeric dates.
_WORD, _WORDS = re.compile(r"[\w.]+"), re.compile(r"U\.S\.|[^\W\d_]+")
_NUMERIC_DATE = re.compile(r"\d[./-]\d+[./-]\d")
_DAY_FIRST = re.compile(r"\bPA\b|\bPRESS ASSOCIATION\b|\bPicture date\b|Crown [Cc]opyright|\bEFE\b|\bANSA\b|\bF[oO][tT][oO]s?:")
_MONTH_FIRST = re.compile(r"U\.?S\.? (?:Army|Navy|Marine|Air Force)|National Archives|Date Posted|\bInf\b", re.I)


def interpret(caption: str, reference_date: dt.date | None = None) -> Reading:
    """Read one caption. `reference_date` settles weekdays and dates without a year. Raises nothing."""
    if len(caption) > LONGEST:
        read = interpret(caption[:LONGEST], reference_date)
        return read._replace(caption=caption, remainder=(*read.remainder, Span(LONGEST, len(caption))))
    tokens = Tokens(caption)
    tail = restriction_start(caption)
    credits = find_credits(tokens, tail)
    credited = [(c.start, c.end) for c in credits]
    body_end = _body_end(caption, credits, tail)
    sentence = _first_sentence_end(caption)
    flagged = flags(caption, credits)

    dates = [d for d in find_dates(tokens, _day_first(caption)) if not _inside(d.start, credited)]
    weigh(caption, dates, body_end, sentence)
    for d in dates:
        settle(d, reference_date)
    dates = [d for d in dates if d.edtf]
    # PA's `Undated handout photo ... of Ann Example, who died in Example on August 9. Issue date: ...`: a portrait, taken
    # nobody says when or where.
    portrait = "undated" in flagged and caption.startswith("Undated")
    if portrait:
        dates = [d for d in dates if d.role == "issued"] or [d for d in dates if d.role == "released"]
    chosen = choose(dates, "file" in flagged, sentence)

    reader = UnitReader(tokens)
    formations = [f for f in reader.read() if not _inside(f.start, credited) and f.start < tail]
    units = _units(caption, formations, reader.within(formations))

    places = PlaceReader(tokens, [(d.start, d.end) for d in chosen[:1]], [(f.start, f.end) for f in formations], body_end,
                         sentence, [(d.start, d.end) for d in dates], _nation(units, _agencies(credits)))
    phrases = [p for p in places.read() if not _inside(p.start, credited)]
    location = None if portrait else _choose_place(phrases)
    if location is not None:
        _lend_country(location, phrases, places.at_home)
        _lend_place(location, phrases)
        _lend_wider(location, phrases)

    found_numbers = numbers(caption)
    found_restrictions = restrictions(caption, tail, _day(chosen))
    return Reading(
        caption,
        units=tuple(units),
        locations=(_location(caption, location),) if location else (),
        dates=tuple(DateFinding(Span(d.start, d.end), d.edtf, d.role, d.rule, d.standing, d.candidates, d.conflict)
                    for d in chosen),
        photographers=_people(credits),
        agencies=_agencies(credits),
        pool=next((c.pool for c in reversed(credits) if c.pool), None),
        flags=tuple(flagged.values()),
        credit_line=_credit_line(caption, credits),
        restrictions=found_restrictions,
        ids=found_numbers,
        remainder=remainder(caption, credits, tail, (*found_numbers, *found_restrictions)),
        notes=tuple(d.conflict for d in chosen if d.conflict),
    )


def read_credit(text: str) -> Reading:
    """Read a By-line, Credit or Source field by the caption's own credit grammar. Raises nothing."""
    credit = read_credit_parts(text, 0, len(text), labelled=True)
    return Reading(
        text,
        photographers=_people([credit]),
        agencies=_agencies([credit]),
        pool=credit.pool,
        flags=tuple(flags(text, [credit]).values()),
        credit_line=_credit_line(text, [credit]) if credit.end > credit.start else None,
    )


def _inside(offset: int, spans: Sequence[tuple[int, int]]) -> bool:
    for a, b in spans:  # noqa: SIM110 (asked of everything that is found)
        if a <= offset < b:
            return True
    return False


def _first_sentence_end(text: str) -> int:
    """Where the first sentence ends; a full stop of an initial, a rank or a short form does not end it."""
    for m in _SENTENCE.finditer(text):
        last = _WORD.match(text[max(0, m.start() - 24) : m.start()][::-1])
        token = last.group()[::-1] if last else ""
        short = len(token) <= 4 and token[:1].isupper() and not token.isdecimal()
        if m.start() >= 25 and not short and "." not in token:
            return m.start()
    return len(text)


def _body_end(caption: str, credits: Sequence[Credit], tail: int) -> int:
    """Where the body ends: before the credits at the caption's end, or before its instructions."""
    end = tail
    for c in reversed(credits):
        if c.end >= end - 3 or c.start > len(caption) * 0.6:
            end = min(end, c.start if c.opens is None else c.opens)
    return end


def _day_first(caption: str) -> bool | None:
    """Whether this house prints numeric dates with the day first; None where nothing tells, or none is printed."""
    if not _NUMERIC_DATE.search(caption):
        return None
    if _DAY_FIRST.search(caption):
        return True
    return False if _MONTH_FIRST.search(caption) else None


def _day(chosen: Sequence[Dated]) -> dt.date | None:
    """The day the picture was taken, where it is a full one."""
    try:
        return dt.date.fromisoformat(chosen[0].edtf) if chosen else None
    except ValueError:
        return None


def _units(caption: str, formations: list[Formation], within: dict[int, str]) -> list[UnitFinding]:
    """Each formation once, with its authority entry; later short forms of one already named are left out."""
    out: list[UnitFinding] = []
    seen: dict[str, set[str]] = {}
    for at, f in enumerate(formations):
        text = caption[f.start : f.end]
        built = unit_key(text)
        parts = set(built.removeprefix("unit:").split("-"))
        short_form = f.number is not None and any(f.number == u.number and (parts < seen[unit_key(
            caption[u.span.start : u.span.end])] or (f.echelon == u.echelon and f.echelon and len(parts) == 2)) for u in out)
        if built in seen or short_form or any(abbreviates(text, caption[u.span.start : u.span.end]) for u in out):
            continue
        seen[built] = parts
        ids = f.authority or units_named(text) or (() if text.isascii() else units_in_any_case(text))
        ids = tuple(id for id in ids if not _of_another_nation(caption, f, authorities().get("units", id)))
        if len(ids) == 1 and any(u.authority == ids[0] for u in out):
            continue
        entry = authorities().get("units", ids[0]) if len(ids) == 1 else None
        standing: Standing = "ambiguous" if len(ids) > 1 else "unknown"
        if entry is not None:
            standing = "exact" if fold(entry.name) == fold(text) else "variant"
        out.append(UnitFinding(
            Span(f.start, f.end), entry.name if entry else text, entry.id if entry else built, f.rule, standing,
            entry.id if entry else None, within.get(at), f.number, f.echelon,
            nation=(entry.country or None) if entry else None, candidates=ids if len(ids) > 1 else ()))
    return out


def _nation(units: Sequence[UnitFinding], agencies: Sequence[AgencyFinding]) -> str | None:
    """The country that the caption's known units, its providers in uniform and its newspaper belong to, where they agree.

    Wires and picture agencies tell nothing: they are everywhere.
    """
    nations = {u.nation for u in units if u.nation}
    for agency in agencies:
        entry = authorities().get("agencies", agency.authority) if agency.authority else None
        if entry is not None and entry.country and entry.entry_kind in ("military", "government", "newspaper", "broadcaster"):
            nations.add(entry.country)
    return next(iter(nations)) if len(nations) == 1 else None


def _of_another_nation(caption: str, f: Formation, entry: Entry) -> bool:
    """Whether the words before a numbered formation give it to another nation than the entry: `Polish 1st Division`."""
    if not entry.country or "number" not in entry.extra:
        return False
    before = _WORDS.findall(caption[max(0, f.start - 40) : f.start])[-3:]
    nations = {nation for word in before if (nation := demonyms().get(fold(word)))}
    return bool(nations) and entry.country not in nations


def _choose_place(phrases: list[Phrase]) -> Phrase | None:
    """Where the picture was taken; a dateline gives way to the caption's body. None where no phrase is sure enough."""
    if any(p.rule != "dateline" and p.weight >= _SURE_BODY and p.says_more_than_country() for p in phrases):
        phrases = [p for p in phrases if p.rule != "dateline"]
    best = max(phrases, key=lambda p: (p.weight, -p.start), default=None)
    if best is None:
        return None
    if best.place is not None:
        # The same place named twice: the first naming counts, `Annapolis, MD` before `Annapolis, Maryland`.
        same = [p for p in phrases if p.weight > 0 and p.place is not None and p.country == best.country and (
            p.place.places == best.place.places != ()) and len(p.names) >= len(best.names) and p.rule == best.rule]
        best = min(same, key=lambda p: p.start, default=best)
    return best if best.weight >= (_SURE if len(best.names) == 1 else _SURE_LINKED) else None


def _lend_country(location: Phrase, phrases: Sequence[Phrase], nation: str | None) -> None:
    """A place that the gazetteer does not know is in the country of the caption's other places, if they agree, else in
    that of its people: `Lebanese soldiers in Example`."""
    if location.country is not None or any(x.kind in ("sea", "gone", "continent", "region") for x in location.names):
        return
    others = {p.country for p in phrases if p.country is not None and p is not location and p.weight > 0}
    location.country = next(iter(others)) if len(others) == 1 else nation if not others else None


def _lend_place(location: Phrase, phrases: Sequence[Phrase]) -> None:
    """`RUSSIA. KURSK REGION - MARCH 14: ... in the town of Sudzha`, `Vietnam. 1968. A Marine in Hue`: a head that names
    the region or the country only takes the place from the body, where the gazetteer has it there."""
    if location.place is not None or not any(x.kind in ("region", "country") for x in location.names):
        return
    if location.region is None and location.start > 0:
        return
    regions = {q.key for q in location.region.places} if location.region is not None else None
    least = 0.8 if regions is None else 1.5
    for p in sorted(phrases, key=lambda p: -p.weight):
        if p.weight >= least and p is not location and p.place is not None:
            inside = [q for q in p.place.places if (q.country == location.country if regions is None else q.region in regions)]
            if inside:
                location.place, location.point = p.place, inside[0]
                return


def _lend_wider(location: Phrase, phrases: Sequence[Phrase]) -> None:
    """`FORT CAMPBELL, Ky. -- ... over Corregidor Landing Zone`: a body that names only a site or a venue lies where the
    head says; a venue takes the head's town, too."""
    if location.region is not None or any(x.kind in ("country", "sea", "gone", "region") for x in location.names):
        return
    if location.place is not None and location.place.places:
        return
    head = next((p for p in phrases if p.rule == "dateline" and p is not location and p.country is not None), None)
    if head is not None:
        location.country, location.region = head.country, head.region
        location.place, location.point = location.place or head.place, location.point or head.point


def _location(caption: str, p: Phrase) -> LocationFinding:
    """The chosen phrase as a finding. Inferred: a country that is not printed; ambiguous: homonyms of equal right."""

    def printed(name: Name | None) -> str | None:
        return caption[name.start : name.end] if name else None

    spelled_out = any(x.kind == "country" for x in p.names)
    standing: Standing = "exact" if spelled_out or p.country is None else "inferred"
    if p.point is None and p.country is None and p.region is None:
        standing = "unknown"
    elif p.candidates and not spelled_out and p.region is None:
        standing = "ambiguous"
    return LocationFinding(
        Span(p.start, p.end), printed(p.place), printed(p.region), p.country,
        p.point.latitude if p.point else None, p.point.longitude if p.point else None, p.rule, standing,
        place_key=p.point.key if p.point else None, region_key=region_key(p),
        geonames=p.point.geonames if p.point else None, candidates=p.candidates)


def _people(credits: Sequence[Credit]) -> tuple[PersonFinding, ...]:
    return tuple(next((c.people for c in reversed(credits) if c.people), ()))


def _agencies(credits: Sequence[Credit]) -> tuple[AgencyFinding, ...]:
    return tuple(next((c.agencies for c in reversed(credits) if c.agencies), ()))


def _credit_line(caption: str, credits: Sequence[Credit]) -> Marked | None:
    """The last credit as printed."""
    if not credits:
        return None
    last = next((c for c in reversed(credits) if c.people or c.agencies or c.pool), credits[-1])
    if last.start == last.end:  # a sign of a credit, and nothing behind it
        return None
    return Marked(Span(last.start, last.end), caption[last.start : last.end], "credit")
