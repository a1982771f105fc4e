"""A text and the stretches found in it, as pieces for a page. Stretches may lie in each other and may cross."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from archive.desk.wording import accent, unseen

#: Of two findings on one piece the narrower names the colour; these are grounds that others stand on.
_GROUNDS = {"credit_line", "restriction", "remainder"}


@dataclass(frozen=True, slots=True)
class Found:
    """One statement's stretch, in code points of the text."""

    id: int
    property: str
    start: int
    end: int
    #: What a reader is told when pointing at it.
    about: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters that share the same findings. `parts` tells what is unseen: (characters, its name or None)."""

    parts: tuple[tuple[str, str | None], ...]
    #: The finding that gives the colour, None for plain text.
    top: Found | None
    ids: tuple[int, ...]
    #: Whether the finding starts here: only there it can be reached by keyboard and carries its name.
    starts: bool
    ground: str | None


def pieces(text: str, found: Iterable[Found]) -> list[Piece]:
    """Cut a text at every border of a stretch. The pieces' characters, joined, are the text.

    A stretch outside of the text is left out: it cannot be shown.
    """
    stretches = [f for f in found if 0 <= f.start < f.end <= len(text)]
    borders = sorted({0, len(text), *(f.start for f in stretches), *(f.end for f in stretches)})
    out: list[Piece] = []
    begun: set[int] = set()
    open_now: list[Found] = []
    starting: dict[int, list[Found]] = {}
    for f in stretches:
        starting.setdefault(f.start, []).append(f)
    for start, end in pairwise(borders):
        open_now = [f for f in open_now if f.end > start] + starting.get(start, [])
        named = [f for f in open_now if f.property not in _GROUNDS]
        top = min(named, key=lambda f: (f.end - f.start, f.start, f.id)) if named else None
        ground = next((f for f in open_now if f.property in _GROUNDS), None)
        top = top or ground
        starts = top is not None and top.id not in begun
        if top is not None:
            begun.add(top.id)
        ids = tuple(f.id for f in open_now)
        name = ground.property if ground else None
        out.append(Piece(tuple(visible(text[start:end])), top, ids, starts, name))
    return out


def visible(text: str) -> Sequence[tuple[str, str | None]]:
    """Runs of characters that show themselves, and each one that does not with its name."""
    out: list[tuple[str, str | None]] = []
    run = 0
    for i, character in enumerate(text):
        name = unseen(character)
        if name is not None:
            if run < i:
                out.append((text[run:i], None))
            out.append((character, name))
            run = i + 1
    if run < len(text):
        out.append((text[run:], None))
    return out


def accent_of(piece: Piece) -> str:
    """The accent that colours a piece, empty for plain text."""
    return accent(piece.top.property) if piece.top else ""
