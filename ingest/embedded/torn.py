"""XML that is not well-formed, as far as it makes sense: cut packets, stray bytes, undeclared prefixes, bare `&`.

Only for what the real parser has refused. Whatever is no whole tag is text; an end tag closes up to its start tag, and
is ignored where there is none. An element that was never closed keeps the elements that were closed inside it, but
not its own text: that may be cut.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element

_TAG = re.compile(
    # Whatever stands between the name and the end, quoted or not: the attributes that are whole are picked out of it.
    # A tag of more than some thousand characters is none, and looking for its end would cost too much.
    r"<(/?)([A-Za-z_][\w.:-]{0,127})(?=[\s/>\"'])((?:[^<>\"']|\"[^\"<]*\"|'[^'<]*'){0,8000}?|[^<>]{0,65536}?)(/?)>"
)
_ATTRIBUTE = re.compile(r"(?<![\w.:-])([A-Za-z_][\w.:-]*)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_ENTITY = re.compile(r"&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#[xX]([0-9A-Fa-f]{1,6}));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


def _without(text: str, opening: str, closing: str) -> str:
    """The text without comments, or without processing instructions, in one pass however many are not closed."""
    pieces: list[str] = []
    at = 0
    while (start := text.find(opening, at)) >= 0 and (end := text.find(closing, start)) >= 0:
        pieces.append(text[at:start])
        at = end + len(closing)
    return "".join([*pieces, text[at:]])


def _unescape(text: str) -> str:
    if "&" not in text:
        return text
    return _ENTITY.sub(_character, text)


def _character(found: re.Match[str]) -> str:
    if found[1]:
        return _NAMED[found[1]]
    number = int(found[2]) if found[2] else int(found[3], 16)
    return chr(number) if 0 < number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"


def tree(text: str, prefixes: Mapping[str, str], max_nodes: int, max_depth: int) -> Element:
    """A tree of what can be understood, under a root of its own.

    `prefixes` are the namespaces of prefixes that the text uses without declaring them. Elements past `max_nodes`
    or deeper than `max_depth` are left out. Raises nothing.
    """
    root = Element("packet")
    spaces = dict(prefixes)
    # (element, its name as written, its text so far)
    open_: list[tuple[Element, str, list[str]]] = [(root, "", [])]
    nodes = 0
    at = 0

    def qualified(name: str, attribute: bool = False) -> str:
        prefix, colon, local = name.rpartition(":")
        if not colon and attribute:
            return name
        uri = spaces.get(prefix) or (f"unknown:{prefix}" if prefix else "")
        return f"{{{uri}}}{local}" if uri else local

    for opening, closing in (("<!--", "-->"), ("<?", "?>")):
        text = _without(text, opening, closing)
    for found in _TAG.finditer(text):
        if found.start() > at:
            open_[-1][2].append(_unescape(text[at : found.start()]))
        at = found.end()
        name = found[2]
        if found[1]:
            level = next((n for n in range(len(open_) - 1, 0, -1) if open_[n][1] == name), 0)
            if level:
                element, _, words = open_[level]
                if not len(element):
                    element.text = "".join(words)
                del open_[level:]
            continue
        nodes += 1
        if nodes > max_nodes or (len(open_) > max_depth and not found[4]):
            break
        pairs = [(m[1], _unescape(m[2] if m[2] is not None else m[3])) for m in _ATTRIBUTE.finditer(found[3] or "")]
        spaces |= {key[6:]: value for key, value in pairs if key.startswith("xmlns:")}
        attributes = {qualified(k, True): v for k, v in pairs if not k.startswith("xmlns")}
        element = Element(qualified(name), attributes)
        open_[-1][0].append(element)
        if not found[4]:
            open_.append((element, name, []))
    return root
