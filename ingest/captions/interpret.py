"""The one place that decides what a caption says."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from archive.folding import fold
from archive.records import Span, Standing
from ingest.captions.credit_place import find_credits, restriction_start
from ingest.captions.date_roles import choose, weigh
from ingest.captions.dates import find_dates, settle
from ingest.captions.findings import DateFinding, LocationFinding, Marked, Reading, UnitFinding
from ingest.captions.lexicon import authorities
from ingest.captions.places import Name, Phrase, PlaceReader, region_key
from ingest.captions.tokens import Tokens
from ingest.captions.units import Formation, UnitReader, unit_key

_FILE = re.compile(
    r"\A(?:\s|<p>|\*+)*(?:FILE(?:\s+(?:PHOTO|PICTURE|IMAGE))?\b\s*[-–—:.]|File (?:photo|picture|image)\b|FILES?\s[-–—:]|Archive photo\b|Архивное фото|Library (?:photo|picture))|Архивное фото|Archivbild|Archivfoto|из архива|з архіву|Foto d'archivio|\bfile photo\b|\bFILE PHOTO\b",
    re.I,
)
_HANDOUT = re.compile(
    r"\bhand-?out\b|\b(?:provided|supplied|released|issued|distributed|submitted|contributed|made available|handed out|furnished)(?:\s+on\s+[\w.,\s]{3,24})?\s+by\b|\bprovided to\b|\bIMAGE (?:HAS BEEN|WAS) (?:SUPPLIED|PROVIDED)|предоставлен|надан[оеа]\b",
    re.I,
)
_UNDATED = re.compile(r"\bundated\b|\bdate (?:unknown|not given)\b|\bwithout date\b", re.I)
_COURTESY = re.compile(
    r"\bcourtesy\s+(?:of|photo|image|picture)\b|\b(?:photo|image|picture)s?\s+courtesy\b|mit freundlicher Genehmigung",
    re.I,
)


def _first_sentence_end(text: str) -> int:
    for m in re.finditer(r"[.!?][\"”’)]*\s+(?=[A-ZА-ЯІЇЄ“\"«(])", text):
        head = text[: m.start()]
        last = re.search(r"[\w.]+\Z", head)
        token = last.group() if last else ""
        if (len(token) <= 4 and token[:1].isupper() and not token.isdigit()) or "." in token:
            continue
        if m.start() < 25:
            continue
        return m.start()
    return len(text)


def interpret(caption: str, reference_date: dt.date | None = None) -> Reading:
    """Read one caption. `reference_date` settles weekdays and dates without a year. Raises nothing."""
    tokens = Tokens(caption)
    credits = find_credits(caption)
    reading: dict[str, Any] = {}
    flags: dict[str, Marked] = {}
    body_end = restriction_start(caption)
    if credits:
        main = credits[-1]
        people = main.people or next((c.people for c in reversed(credits) if c.people), [])
        agencies = main.agencies or next((c.agencies for c in reversed(credits) if c.agencies), [])
        flags = {f.value: f for c in credits for f in c.flags if f.value}
        pool = next((c.pool for c in reversed(credits) if c.pool), None)
        reading = dict(
            photographers=tuple(people),
            agencies=tuple(agencies),
            pool=pool,
            credit_line=Marked(Span(main.start, main.end), caption[main.start : main.end], "credit"),
        )
        for c in reversed(credits):
            if c.end >= body_end - 3 or c.start > len(caption) * 0.6:
                body_end = min(body_end, c.start)
    for flag, pattern in (("file", _FILE), ("handout", _HANDOUT), ("undated", _UNDATED), ("courtesy", _COURTESY)):
        m = pattern.search(caption)
        if m and flag not in flags:
            flags[flag] = Marked(Span(*m.span()), flag, "wording")
    sentence = _first_sentence_end(caption)
    dates = find_dates(tokens, _day_first(caption))
    weigh(caption, dates, body_end, sentence)
    spans = [(c.start, c.end) for c in credits]
    dates = [d for d in dates if not any(a <= d.start < b for a, b in spans)]
    for d in dates:
        settle(d, reference_date)
    dates = [d for d in dates if d.edtf]
    chosen = choose(dates, "file" in flags)
    reading["dates"] = tuple(
        DateFinding(Span(d.start, d.end), d.edtf, d.role, d.rule, d.standing, d.candidates, d.conflict) for d in chosen
    )
    reader = UnitReader(tokens)
    cut = restriction_start(caption)
    formations = [f for f in reader.read() if not any(a <= f.start < b for a, b in spans) and f.start < cut]
    units = _units(caption, formations, reader.within(formations))
    reading["units"] = tuple(units)
    taken = [(d.start, d.end) for d in chosen[:1]]
    phrases = PlaceReader(
        tokens, taken, [(f.start, f.end) for f in formations], body_end, sentence, [(d.start, d.end) for d in dates]
    ).read()
    phrases = [p for p in phrases if not any(a <= p.start < b for a, b in spans)]
    if phrases:
        best = _choose_place(phrases)
        if best is not None:

            def printed(name: Name | None) -> str | None:
                if name is None:
                    return None
                return caption[name.start : name.end]

            point = best.point
            reading["locations"] = (
                LocationFinding(
                    Span(best.start, best.end),
                    printed(best.place),
                    printed(best.region),
                    best.country,
                    point.latitude if point else None,
                    point.longitude if point else None,
                    best.rule,
                    "exact",
                    place_key=point.key if point else None,
                    region_key=region_key(best),
                    candidates=best.candidates,
                ),
            )
    return Reading(caption, flags=tuple(flags.values()), **reading)


def _choose_place(phrases: list[Phrase]) -> Phrase | None:
    """Where the picture was taken; a dateline gives way to the caption's body. None where no phrase is sure enough."""
    body = [p for p in phrases if p.rule != "dateline" and p.weight >= 2.4 and p.country_or_place()]
    if body:
        phrases = [p for p in phrases if p.rule != "dateline"]
    best = max(phrases, key=lambda p: (p.weight, -p.start))
    return best if best.weight >= (0.8 if len(best.names) == 1 else 0.0) else None


def _units(caption: str, formations: list[Formation], within: dict[int, str]) -> list[UnitFinding]:
    """Each formation once, with its authority entry; later short forms of one already named are left out."""
    out: list[UnitFinding] = []
    seen: set[str] = set()
    for at, f in enumerate(formations):
        text = caption[f.start : f.end]
        built = unit_key(text)
        words = set(built.removeprefix("unit:").split("-"))
        if built in seen or any(
            f.number and f.number == u.number and words < set(u.key.removeprefix("unit:").split("-")) for u in out
        ):
            continue
        seen.add(built)
        ids = f.authority or tuple(e.id for e in authorities().find("units", text))
        entry = authorities().get("units", ids[0]) if len(ids) == 1 else None
        standing: Standing = "ambiguous" if len(ids) > 1 else "unknown"
        if entry is not None:
            standing = "exact" if fold(entry.name) == fold(text) else "variant"
        out.append(
            UnitFinding(
                Span(f.start, f.end), entry.name if entry else text, entry.id if entry else built, f.rule, standing,
                entry.id if entry else None, within.get(at), f.number, f.echelon,
                nation=entry.country or None if entry else None, candidates=ids if len(ids) > 1 else (),
            )
        )
    return out


def _day_first(caption: str) -> bool | None:
    if re.search(r"\bPA\b|\bPRESS ASSOCIATION\b", caption):
        return True
    if re.search(r"U\.?S\.? (?:Army|Navy|Marine|Air Force)|National Archives|Date Posted|\bInf\b", caption, re.I):
        return False
    return None


def read_credit(text: str) -> Reading:
    """Read a By-line, Credit or Source field by the caption's own credit grammar. Raises nothing."""
    return Reading(text)
