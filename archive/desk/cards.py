"""One photo as a list or contact sheet shows it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from archive.desk.wording import in_words, shown
from archive.folding import latin

_WORDS = re.compile(r"\w+")
#: Characters of a caption that a card without a picture, a list's row and a picture's alternative text hold.
CARD, ROW, ALT = 260, 320, 140


def cut(text: str, most: int) -> str:
    """At most so many characters, cut between words where there is a gap, with an ellipsis."""
    text = text[: most + 1]
    if len(text) <= most:
        return text
    head = text[:most]
    gap = head.rfind(" ")
    return (head[:gap] if gap > most * 0.6 else head).rstrip(" ,;:") + "…"


def date_of(taken: str | None, role: str | None, standing: str | None) -> str:
    """A picture's date in words; what it is the date of is said where that is not the taking."""
    text = shown(in_words(taken), standing)
    return f"{role} {text}" if text and role not in (None, "taken") else text


def card(photo: Any, url: Callable[[str], str]) -> dict[str, Any]:
    """In: a `search.PhotoRow` and what makes a path an address. Out: what the card template shows."""
    caption = photo.caption or photo.headline or ""
    where = photo.location or photo.place or photo.region or photo.country or ""
    when = date_of(photo.taken, photo.taken_role, photo.taken_standing)
    who = photo.credit_line or " / ".join(p for p in (photo.photographer, photo.agency) if p)
    return {
        "id": photo.identity,
        "href": url(f"/photo/{photo.identity}"),
        "thumb": url(f"/thumb/{photo.thumbnail}.jpg") if photo.thumbnail else None,
        "thumb_width": photo.thumbnail_width,
        "thumb_height": photo.thumbnail_height,
        "alt": cut(caption, ALT) or "A picture without a caption",
        "words": cut(caption, CARD) or "No caption",
        "name": cut(" ".join(p for p in (when, where) if p), 80) or photo.identity[:8],
        "when": when,
        "where": cut(where, 80),
        "unit": cut(photo.unit or "", 90),
        "who": cut(who, 120),
        "credit": cut(photo.credit_line or who, 300),
        "flags": photo.flags[:3],
        "conflicts": photo.conflicts,
        "restricted": photo.restricted,
        "photographer": cut(photo.photographer or "", 90),
        "agency": cut(photo.agency or "", 90),
    }


def marked(text: str, words: Iterable[str], most: int = ROW) -> list[tuple[str, bool]]:
    """A stretch of a text around the first of the words looked for, as (characters, is one of them).

    Words are compared as the index does: without case and accents, across alphabets.
    """
    wanted = {latin(part) for word in words for part in _WORDS.findall(word)}
    hits = [m for m in _WORDS.finditer(text[:20_000]) if latin(m[0]) in wanted] if wanted else []
    start = 0
    if hits and hits[0].start() > most * 0.7:
        start = text.rfind(" ", 0, max(0, hits[0].start() - 80)) + 1
    end = start + len(cut(text[start:], most).removesuffix("…")) if len(text) - start > most else len(text)
    out: list[tuple[str, bool]] = [("…", False)] if start else []
    at = start
    for hit in hits:
        if hit.start() < at or hit.end() > end:
            continue
        out += [(text[at : hit.start()], False), (hit[0], True)]
        at = hit.end()
    out.append((text[at:end] + ("…" if end < len(text) else ""), False))
    return [part for part in out if part[0]]
