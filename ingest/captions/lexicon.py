"""The authority files, turned into the dictionaries that the caption grammar looks words up in."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from archive.authority import Authorities, Entry, load
from archive.folding import fold
from ingest.captions.tokens import Tokens

_overlays: tuple[Path, ...] = ()


class UnitWord(NamedTuple):
    """What a word does in a formation's name: its list, its English echelon, what has to stand with it."""

    id: str
    value: str
    needs: str


@cache
def authorities() -> Authorities:
    """The authority files in force in this process."""
    return load(*_overlays)


def use(*overlays: Path) -> None:
    """Lay a newsroom's own folders over the shipped authority files, for this process. Call it first."""
    global _overlays
    _overlays = overlays
    for cached in (
        authorities,
        words,
        terms,
        agency_named,
        is_rank,
        value_words,
        unit_words,
        unit_entries,
        nationalities,
        _ranks,
    ):
        cached.cache_clear()


@cache
def words(kind: str, ident: str) -> frozenset[str]:
    """The name and variants of one entry, folded: a word list of the grammar. Raises KeyError for an unknown entry."""
    return frozenset(fold(v) for v in authorities().get(kind, ident).names)


@cache
def terms(kind: str) -> frozenset[str]:
    """What stands in credits and is nobody: the folded names of `credit_terms` entries of one kind.

    Post-nominals (`RAF`, `USN`) keep their letters' case, which tells them from names.
    """
    keep = kind == "post-nominal"
    return frozenset(
        n if keep else fold(n) for e in authorities().entries("credit_terms") if e.entry_kind == kind for n in e.names
    )


@lru_cache(maxsize=8192)
def agency_named(text: str) -> Entry | None:
    """The one agency that bears this name, or None; case and accents do not count."""
    found = authorities().find("agencies", text)
    return found[0] if found else None


@cache
def _ranks() -> frozenset[str]:
    return frozenset(fold(n) for e in authorities().entries("ranks") for n in e.names)


@lru_cache(maxsize=8192)
def is_rank(text: str) -> bool:
    """Whether this is a rank, a rating or a title, with or without its full stop."""
    folded = fold(text)
    return folded in _ranks() or folded.rstrip(".") in _ranks()


@cache
def value_words(kind: str) -> Mapping[str, int]:
    """Words in dates of one kind (`month`, `weekday`, `season` ...), lower case, with their numbers (0 if none)."""
    return {
        fold(n): int(str(e.extra.get("value") or 0))
        for e in authorities().entries("dates")
        if e.entry_kind == kind
        for n in e.names
    }


@cache
def unit_words(kind: str) -> Mapping[str, UnitWord]:
    """Words in formations' names of one kind (`echelon`, `arm`, `ship-prefix` ...), lower case."""
    return {
        fold(n): UnitWord(e.id, str(e.extra.get("value", "")), str(e.extra.get("needs", "any")))
        for e in authorities().entries("unit_words")
        if e.entry_kind == kind
        for n in e.names
    }


@cache
def nationalities() -> frozenset[str]:
    """Adjectives of nations and alliances, lower case, that stand before a formation and are no part of its name."""
    from ingest.captions.gazetteer import demonyms

    return frozenset(demonyms()) | words("caption_words", "nation")


@cache
def unit_entries() -> Mapping[str, list[tuple[tuple[str, ...], tuple[str, ...], str]]]:
    """First token → the unit names that begin with it (as tokens, longest first), the entries each fits, and its need.

    `ship`: a ship's type before it, for `Kazan` or `Minsk` alone is a city. `capitals`: to be printed as it stands,
    for `Rar` is no regiment. A leading `U.S.` is no part of a name.
    """
    prefixes = unit_words("ship-prefix")
    out: dict[str, dict[tuple[str, ...], dict[str, str]]] = {}
    for entry in authorities().entries("units"):
        for name in entry.names:
            tokens = tuple(Tokens(name).low)
            for nation in (("u", ".", "s", "."), ("us",), ("united", "states")):
                if tokens[: len(nation)] == nation and len(tokens) > len(nation):
                    tokens = tokens[len(nation) :]
            need = "capitals" if name.isupper() and len(tokens) == 1 else ""
            if entry.entry_kind == "ship" and tokens[0] not in prefixes and "cutter" not in tokens:
                need = "ship"
            out.setdefault(tokens[0], {}).setdefault(tokens, {})[entry.id] = need
    return {
        first: sorted(((t, tuple(sorted(fits)), min(fits.values())) for t, fits in names.items()), key=lambda r: -len(r[0]))
        for first, names in out.items()
    }


@cache
def _services() -> frozenset[str]:
    return frozenset(fold(n) for e in authorities().entries("services") for n in e.names) | frozenset(unit_words("service"))


@lru_cache(maxsize=4096)
def is_service(text: str) -> bool:
    """Whether this names a whole national service or branch, which is no unit."""
    return fold(text) in _services()
