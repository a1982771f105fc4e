"""What is found in one caption. Every finding names its characters: `caption[start:end] == text`."""

from __future__ import annotations

from typing import NamedTuple

from archive.records import Span, Standing, Statement


class UnitFinding(NamedTuple):
    """A named or numbered formation. Its identity is (number, echelon, arm, nation), or an authority entry."""

    span: Span
    name: str
    key: str
    rule: str
    standing: Standing
    authority: str | None = None
    #: The next larger formation it is printed as part of: that one's printed text.
    within: str | None = None
    number: str | None = None
    echelon: str | None = None
    arm: str | None = None
    nation: str | None = None
    candidates: tuple[str, ...] = ()


class LocationFinding(NamedTuple):
    """Where the picture was taken: the phrase, and its most specific place, region and country."""

    span: Span
    place: str | None
    region: str | None
    #: ISO 3166-1 alpha-2.
    country: str | None
    latitude: float | None
    longitude: float | None
    rule: str
    standing: Standing
    role: str = "created"
    place_key: str | None = None
    region_key: str | None = None
    geonames: int | None = None
    candidates: tuple[str, ...] = ()


class DateFinding(NamedTuple):
    """A day, month, year or range, in EDTF, never more precise than the caption."""

    span: Span
    edtf: str
    #: taken, file, released, issued, filed.
    role: str
    rule: str
    standing: Standing
    candidates: tuple[str, ...] = ()
    #: What contradicts it inside the caption: a weekday that is not that day's, for one.
    conflict: str | None = None


class PersonFinding(NamedTuple):
    """A photographer, without rank, post or label."""

    span: Span
    name: str
    rule: str
    standing: Standing = "exact"


class AgencyFinding(NamedTuple):
    """An organisation in the credit, in its role in the chain."""

    span: Span
    name: str
    key: str
    #: origin, handout, distributor.
    role: str
    rule: str
    standing: Standing
    authority: str | None = None


class Marked(NamedTuple):
    """A stretch that means one thing: a flag, a pool's name, a restriction, an id, the credit line."""

    span: Span
    value: str
    rule: str
    until: str | None = None


class Reading(NamedTuple):
    """All that was found in one caption, in the order it is printed (agencies: from origin to distributor)."""

    caption: str
    units: tuple[UnitFinding, ...] = ()
    locations: tuple[LocationFinding, ...] = ()
    dates: tuple[DateFinding, ...] = ()
    photographers: tuple[PersonFinding, ...] = ()
    agencies: tuple[AgencyFinding, ...] = ()
    pool: Marked | None = None
    flags: tuple[Marked, ...] = ()
    credit_line: Marked | None = None
    restrictions: tuple[Marked, ...] = ()
    ids: tuple[Marked, ...] = ()
    remainder: tuple[Span, ...] = ()
    notes: tuple[str, ...] = ()

    def _at(self, span: Span) -> dict[str, object]:
        return {"text": self.caption[span.start : span.end], "start": span.start, "end": span.end}

    def as_json(self) -> dict[str, object]:
        """The object that `cutline parse --jsonl` prints for one caption, without its id."""
        at = self._at
        return {
            "units": [
                at(u.span)
                | {
                    "name": u.name,
                    "key": u.key,
                    "authority": u.authority,
                    "standing": u.standing,
                    "within": u.within,
                    "rule": u.rule,
                }
                for u in self.units
            ],
            "locations": [
                at(p.span)
                | {
                    "place": p.place,
                    "region": p.region,
                    "country": p.country,
                    "latitude": p.latitude,
                    "longitude": p.longitude,
                    "role": p.role,
                    "standing": p.standing,
                    "rule": p.rule,
                    "candidates": list(p.candidates),
                }
                for p in self.locations
            ],
            "dates": [
                at(d.span)
                | {
                    "edtf": d.edtf,
                    "role": d.role,
                    "standing": d.standing,
                    "rule": d.rule,
                    "candidates": list(d.candidates),
                    "conflict": d.conflict,
                }
                for d in self.dates
            ],
            "photographers": [
                at(p.span) | {"name": p.name, "standing": p.standing, "rule": p.rule} for p in self.photographers
            ],
            "agencies": [
                at(a.span)
                | {
                    "name": a.name,
                    "key": a.key,
                    "authority": a.authority,
                    "role": a.role,
                    "standing": a.standing,
                    "rule": a.rule,
                }
                for a in self.agencies
            ],
            "pool": at(self.pool.span) | {"name": self.pool.value} if self.pool else None,
            "flags": [at(f.span) | {"flag": f.value, "rule": f.rule} for f in self.flags],
            "credit_line": at(self.credit_line.span) if self.credit_line else None,
            "restrictions": [at(r.span) | {"kind": r.value, "until": r.until} for r in self.restrictions],
            "ids": [at(i.span) | {"kind": i.value} for i in self.ids],
            "remainder": [at(s) for s in self.remainder],
        }

    def statements(self, source: str, text: int) -> tuple[Statement, ...]:
        """The findings as statements on text number `text`, which came from `source`."""

        def say(
            prop: str,
            span: Span,
            value: str,
            rule: str,
            standing: Standing = "exact",
            authority: str | None = None,
            role: str | None = None,
            **detail: object,
        ) -> Statement:
            return Statement(
                property=prop,
                value=value,
                verbatim=self.caption[span.start : span.end],
                source=source,
                rule=rule,
                standing=standing,
                text=text,
                span=span,
                authority=authority,
                role=role,
                detail={k: v for k, v in detail.items() if v not in (None, ())},
            )

        out = [
            say(
                "unit",
                u.span,
                u.key,
                u.rule,
                u.standing,
                u.authority,
                name=u.name,
                number=u.number,
                echelon=u.echelon,
                arm=u.arm,
                nation=u.nation,
                within=u.within,
                candidates=u.candidates,
            )
            for u in self.units
        ]
        out += [
            say(
                "location_created",
                p.span,
                self.caption[p.span.start : p.span.end],
                p.rule,
                p.standing,
                role=p.role,
                place=p.place,
                place_key=p.place_key,
                region=p.region,
                region_key=p.region_key,
                country=p.country,
                latitude=p.latitude,
                longitude=p.longitude,
                geonames=p.geonames,
                candidates=p.candidates,
            )
            for p in self.locations
        ]
        out += [
            say(
                "date_created",
                d.span,
                d.edtf,
                d.rule,
                d.standing,
                role=d.role,
                candidates=d.candidates,
                conflict=d.conflict,
            )
            for d in self.dates
        ]
        out += [say("creator", p.span, p.name, p.rule, p.standing) for p in self.photographers]
        out += [
            say("agency", a.span, a.key, a.rule, a.standing, a.authority, a.role, name=a.name) for a in self.agencies
        ]
        if self.pool:
            out.append(say("pool", self.pool.span, self.pool.value, self.pool.rule))
        out += [say("flag", f.span, f.value, f.rule) for f in self.flags]
        if self.credit_line:
            out.append(say("credit_line", self.credit_line.span, self.credit_line.value, self.credit_line.rule))
        out += [say("restriction", r.span, r.value, r.rule, until=r.until) for r in self.restrictions]
        out += [say("job_id", i.span, i.value, i.rule) for i in self.ids]
        out += [say("remainder", s, self.caption[s.start : s.end], "remainder") for s in self.remainder]
        return tuple(out)
