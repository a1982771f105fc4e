"""One photo as one flat JSON object: what `cutline read --json` prints, and what readers are compared by."""

from __future__ import annotations

from typing import Protocol

from archive.records import Conflict, SourceText, Statement
from ingest.embedded.model import Embedded
from ingest.tagvalues import moment


class Reconciled(Protocol):
    """What the next stage of the line hands back (`ingest.reconcile.Reconciled`), which this one does not know."""

    @property
    def statements(self) -> tuple[Statement, ...]: ...
    @property
    def conflicts(self) -> tuple[Conflict, ...]: ...


_ONE = {
    "caption": "description", "headline": "headline", "title": "title", "credit": "credit_line", "source": "source",
    "copyright": "copyright_notice", "city": "city", "state": "state", "country": "country",
    "instructions": "instructions",
}  # fmt: skip
_MANY = {"byline": "creator", "keywords": "keyword"}


def flat(embedded: Embedded, reconciled: Reconciled) -> dict[str, object]:
    """The winning values by plain names, dates in ISO 8601, positions in decimal degrees; absent ones left out.

    `sources` holds every tag's own value (a list where it has several); `format`, `width`, `height`, `sha256`,
    `identity`, `notes` and `conflicts` say the rest.
    """
    out: dict[str, object] = {}
    first: dict[str, object] = {}
    many: dict[str, list[str]] = {}
    created: str | None = None
    for s in reconciled.statements:
        if s.rank:
            continue
        first.setdefault(s.property, s.verbatim)
        many.setdefault(s.property, []).append(s.verbatim)
        if s.property == "date_created" and not s.source.startswith("exif:"):
            day = moment(s.verbatim)
            time, zone = s.detail.get("time"), s.detail.get("zone") or ""
            created = day and (f"{day.date}T{time}{zone}" if time else day.date)
        elif s.property == "gps":
            out["gps_lat"], out["gps_lon"] = s.detail["latitude"], s.detail["longitude"]
    out |= {key: first[prop] for key, prop in _ONE.items() if prop in first}
    out |= {key: many[prop] for key, prop in _MANY.items() if prop in many}
    if created:
        out["date_created"] = created
    if taken := _taken(embedded.texts):
        out["datetime_original"] = taken
    sources: dict[str, object] = {}
    for text in embedded.texts:
        before = sources.get(text.source)
        if before is None:
            sources[text.source] = text.text
        elif isinstance(before, list):
            before.append(text.text)
        else:
            sources[text.source] = [before, text.text]
    out |= {
        "format": embedded.format, "width": embedded.width, "height": embedded.height, "sha256": embedded.sha256,
        "identity": embedded.identity, "size": embedded.size, "sources": sources,
    }  # fmt: skip
    if embedded.notes:
        out["notes"] = list(embedded.notes)
    if reconciled.conflicts:
        out["conflicts"] = {c.property: [list(pair) for pair in c.values] for c in reconciled.conflicts}
    return out


def _taken(texts: tuple[SourceText, ...]) -> str | None:
    """When the camera's clock says it was taken: local time, as Exif has it; else the copy in XMP."""
    for source in ("exif:DateTimeOriginal", "xmp:exif:DateTimeOriginal"):
        for text in reversed(texts):
            if text.source == source and (got := moment(text.text)):
                return got.iso
    return None
