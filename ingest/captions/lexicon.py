"""The authority files, turned into the dictionaries that the caption grammar looks words up in."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from archive.authority import Authorities, Entry, load
from archive.folding import fold
from ingest.captions.tokens import Tokens, first_token

_overlays: tuple[Path, ...] = ()
#: The overlays' files, when each was written, and its size.
_in_force: list[tuple[Path, int, int]] = []


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
    """Lay a newsroom's own folders over the shipped authority files, for this process.

    All that the grammar remembers of words and names is forgotten, unless these very files are in force already.
    """
    global _overlays, _in_force
    listed = [file for folder in overlays for file in sorted(folder.glob("*.yml"))]
    wanted = [(file, (about := file.stat()).st_mtime_ns, about.st_size) for file in listed]
    if (overlays, wanted) == (_overlays, _in_force):
        return
    _overlays, _in_force = overlays, wanted
    for name, module in list(sys.modules.items()):
        if name.startswith("ingest.") and not name.endswith(".gazetteer"):  # that one has a switch of its own
            for cached in vars(module).values():
                if hasattr(cached, "cache_clear"):
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


@cache
def labels() -> frozenset[str]:
    """The labels of credits (`Photo`, `Crédito`), as our files print them: with their accents, and folded."""
    own = {n for e in authorities().entries("credit_terms") if e.entry_kind == "label" for n in e.names}
    return terms("label") | own


@lru_cache(maxsize=8192)
def agency_named(text: str) -> Entry | None:
    """The one agency that bears this name, or None; case and accents do not count."""
    found = authorities().find("agencies", text)
    return found[0] if found else None


@lru_cache(maxsize=8192)
def units_named(text: str) -> tuple[str, ...]:
    """The ids of the units that bear this name; case and accents do not count."""
    return tuple(entry.id for entry in authorities().find("units", text))


@cache
def _agency_openers() -> frozenset[str]:
    return frozenset(name.partition(" ")[0] for name in authorities().names("agencies"))


@lru_cache(maxsize=8192)
def opens_agency(text: str) -> bool:
    """Whether a known agency's name begins with this text's first word: where not, no part of it need be looked up."""
    return fold(text).partition(" ")[0] in _agency_openers()


@cache
def _rank_openers() -> frozenset[str]:
    return frozenset(name.partition(" ")[0].rstrip(".,") for name in _ranks())


@lru_cache(maxsize=8192)
def opens_rank(word: str) -> bool:
    """Whether a rank may begin with this word."""
    return fold(word).partition(" ")[0].rstrip(".,") in _rank_openers()


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


class UnitName(NamedTuple):
    """A name of the authority files as tokens, and the entries it fits."""

    tokens: tuple[str, ...]
    ids: tuple[str, ...]
    #: What a caption must do for it: `ship`, print a ship's type before it (`Kazan` or `Minsk` alone is a city);
    #: `capitals`, print it in capitals (`Rar` is no regiment); or nothing.
    need: str
    #: How many tokens at its beginning say nation or service, and are no part of a formation as captions have it.
    skip: int


class Names(NamedTuple):
    """Some names by their tokens, and how many tokens they have, most first."""

    lengths: tuple[int, ...]
    by_tokens: dict[tuple[str, ...], UnitName]


class UnitNames(dict[str, list[tuple[Entry, str]]]):
    """First token → the unit names that begin with it. They are cut into tokens when a caption first asks for them:
    the names of all formations would take a fifth of a second of every start."""

    def __init__(self) -> None:
        super().__init__()
        for entry in authorities().entries("units"):
            for name in entry.names:
                begin = _AMERICAN_NAME.match(name)
                self.setdefault(first_token(name, begin.end() if begin else 0), []).append((entry, name))
        self._cut: dict[str, dict[str, Names]] = {}

    def cut(self, first: str, second: str) -> Names:
        """The names that begin with these two tokens, or are the first alone: tokens → name, longest first."""
        known = self._cut.get(first)
        if known is None:
            names = self._names(self[first])
            alone: dict[tuple[str, ...], UnitName] = {name.tokens: name for name in names if len(name.tokens) == 1}
            known = self._cut[first] = {"": Names((1,), alone)}
            pairs: dict[str, dict[tuple[str, ...], UnitName]] = {}
            for name in names[: len(names) - len(alone)]:
                pairs.setdefault(name.tokens[1], {})[name.tokens] = name
            for follows, listed in pairs.items():
                listed |= alone
                known[follows] = Names(tuple(dict.fromkeys(map(len, listed))), listed)
        return known.get(second) or known[""]

    @staticmethod
    def _names(printed: list[tuple[Entry, str]]) -> list[UnitName]:
        prefixes = unit_words("ship-prefix")
        found: dict[tuple[str, ...], list[tuple[str, str, int]]] = {}
        for entry, name in printed:
            tokens = tuple(Tokens(_AMERICAN_NAME.sub("", name)).low)
            skip = _nation(tokens)
            if skip and not tokens[skip][0].isdigit() and all(tuple(Tokens(n).low) != tokens[skip:] for n in entry.names):
                skip = 0  # the Russian Volunteer Corps is not the Volunteer Corps
            need = "capitals" if name.isupper() and len(tokens) == 1 else ""
            if entry.entry_kind == "ship" and tokens[0] not in prefixes and "cutter" not in tokens:
                need = "ship"
            found.setdefault(tokens, []).append((entry.id, need, skip))
        names = (UnitName(tokens, tuple(sorted({id for id, _, _ in fits})), min(need for _, need, _ in fits),
                          max(skip for _, _, skip in fits)) for tokens, fits in found.items())
        return sorted(names, key=lambda name: -len(name.tokens))


@cache
def unit_entries() -> UnitNames:
    """Every name of a formation in the authority files."""
    return UnitNames()


#: No part of a formation's name, whether the caption prints it or not.
_AMERICAN_NAME = re.compile(r"\A(?:U\.S\.|US|United States) (?=\S)")


def _nation(tokens: tuple[str, ...]) -> int:
    """How many of the first tokens say only nation or service: `U.S.`, `Bosnian`, `NATO's`, `JGSDF`."""
    k = 0
    while k < len(tokens) - 1:
        if tokens[k : k + 2] == ("united", "states") or (len(tokens[k]) == 1 and tokens[k + 1] == "."):
            k += 2
        elif tokens[k] in ("us", "'s") or tokens[k] in nationalities() or tokens[k] in _services():
            k += 1
        else:
            break
    return min(k, len(tokens) - 1)


@cache
def _services() -> frozenset[str]:
    return frozenset(fold(n) for e in authorities().entries("services") for n in e.names) | frozenset(unit_words("service"))


@lru_cache(maxsize=4096)
def is_service(text: str) -> bool:
    """Whether this names a whole national service or branch, which is no unit."""
    return fold(text) in _services()
