"""One photo as a contact sheet or a list shows it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from archive.desk.markup import Markup, attribute, text
from archive.desk.wording import in_words, shown
from archive.folding import latin
from archive.search import PhotoRow

_WORDS = re.compile(r"\w+")
#: Characters of a caption that a card without a picture, a list's row and a picture's alternative text hold.
CARD, ROW, ALT = 260, 320, 140


def cut(words: str, most: int) -> str:
    """At most so many characters, cut between words where there is a gap, with an ellipsis."""
    words = words[: most + 1]
    if len(words) <= most:
        return words
    head = words[:most]
    gap = head.rfind(" ")
    return (head[:gap] if gap > most * 0.6 else head).rstrip(" ,;:") + "…"


def date_of(taken: str | None, role: str | None, standing: str | None) -> str:
    """A picture's date in words; what it is the date of is said where that is not the taking."""
    words = shown(in_words(taken), standing)
    return f"{role} {words}" if words and role not in (None, "taken") else words


def card(photo: PhotoRow, root: str, *, pick: bool = True) -> Markup:
    """A photo of a contact sheet. `root` is the desk's own path with its final slash."""
    when, where = _when(photo), _where(photo)
    lines = [(where, "a c-location"), (cut(photo.unit or "", 90), "a c-unit"), (_who(photo), "soft")]
    about = "".join([f'<p class="{css}"><bdi>{text(words)}</bdi></p>' for words, css in lines if words])
    return Markup(
        f'<li class="card" data-id="{photo.identity}">{picture(photo, root)}{_pick(photo, when, where) if pick else ""}'
        f'<div class="about"><p class="when">{text(when) or "no date"}</p>{about}</div></li>\n'
    )


def cards(photos: Iterable[PhotoRow], root: str) -> Markup:
    """Photos of a contact sheet that nobody picks from."""
    return Markup("".join(card(p, root, pick=False) for p in photos))


def row(photo: PhotoRow, root: str, words: Iterable[str]) -> Markup:
    """A photo of a list, the words that were looked for marked in its caption."""
    caption = "".join([
        f"<mark>{text(part)}</mark>" if hit else text(part)
        for part, hit in marked(photo.caption or photo.headline or "", words)
    ])  # fmt: skip
    when, where = _when(photo), _where(photo)
    cells = "".join([
        f'<td class="a c-{accent}"><bdi>{text(cut(value or "", 90))}</bdi></td>'
        for value, accent in ((where, "location"), (photo.unit, "unit"),
                              (photo.photographer, "photographer"), (photo.agency, "agency"))
    ])  # fmt: skip
    return Markup(
        f'<tr class="card" data-id="{photo.identity}"><td>{_pick(photo, when, where)}</td>'
        f'<td>{picture(photo, root)}</td><td class="num a c-date">{text(when)}</td>{cells}'
        f'<td class="cap" dir="auto"><bdi>{caption}</bdi></td></tr>\n'
    )


def picture(photo: PhotoRow, root: str) -> str:
    """The link to a photo's page: its thumbnail, or its first words where it has none; its flags on it."""
    caption = photo.caption or photo.headline or ""
    if photo.thumbnail:
        inside = (
            f'<img src="{root}thumb/{photo.thumbnail}.jpg" width="{photo.thumbnail_width}"'
            f' height="{photo.thumbnail_height}" alt={attribute(cut(caption, ALT) or "A picture without a caption")}'
            ' loading="lazy" decoding="async">'
        )
    else:
        inside = f'<span class="words" dir="auto">{text(cut(caption, CARD)) or "No caption"}</span>'
    credit = attribute(cut(photo.credit_line or _who(photo), 300))
    return f'<a class="pic" href="{root}photo/{photo.identity}" data-credit={credit}>{inside}{_tags(photo)}</a>'


def _tags(photo: PhotoRow) -> str:
    tags = []
    if photo.conflicts:
        tags.append('<b class="tag bad" title="Its sources disagree">!<i class="vh"> its sources disagree</i></b>')
    if photo.restricted:
        tags.append('<b class="tag bad" title="It carries a restriction">restricted</b>')
    tags += [f'<b class="tag">{text(flag)}</b>' for flag in photo.flags[:3]]
    return f'<span class="tags">{" ".join(tags)}</span>' if tags else ""


def _pick(photo: PhotoRow, when: str, where: str) -> str:
    name = cut(f"{when} {where}".strip(), 80) or photo.identity[:8]
    return f'<input type="checkbox" class="pick" aria-label={attribute(f"Pick {name}")}>'


def _when(photo: PhotoRow) -> str:
    return date_of(photo.taken, photo.taken_role, photo.taken_standing)


def _where(photo: PhotoRow) -> str:
    return cut(photo.location or photo.place or photo.region or photo.country or "", 80)


def _who(photo: PhotoRow) -> str:
    return cut(photo.credit_line or " / ".join(p for p in (photo.photographer, photo.agency) if p), 120)


def marked(caption: str, words: Iterable[str], most: int = ROW) -> list[tuple[str, bool]]:
    """A stretch of a text around the first of the words looked for, as (characters, is one of them).

    Words are compared as the index does: without case and accents, across alphabets.
    """
    wanted = {latin(part) for word in words for part in _WORDS.findall(word)}
    hits = [m for m in _WORDS.finditer(caption[:20_000]) if latin(m[0]) in wanted] if wanted else []
    start = 0
    if hits and hits[0].start() > most * 0.7:
        start = caption.rfind(" ", 0, max(0, hits[0].start() - 80)) + 1
    end = start + len(cut(caption[start:], most).removesuffix("…")) if len(caption) - start > most else len(caption)
    out: list[tuple[str, bool]] = [("…", False)] if start else []
    at = start
    for hit in hits:
        if hit.start() < at or hit.end() > end:
            continue
        out += [(caption[at : hit.start()], False), (hit[0], True)]
        at = hit.end()
    out.append((caption[at:end] + ("…" if end < len(caption) else ""), False))
    return [part for part in out if part[0]]
