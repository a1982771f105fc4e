"""XMP packets to texts.

ISO 16684-1 (XMP part 1), clause 7: properties as elements or attributes, arrays (`rdf:Bag`, `rdf:Seq`, `rdf:Alt`
with languages), structures in all three of their spellings. Packets come from outside, so there are caps on bytes,
nodes and depth, and a document type or an entity is never read.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, ParseError, XMLParser

from archive.records import SourceText
from ingest.embedded import torn
from ingest.embedded.text import doubts

MAX_BYTES = 8 << 20
MAX_NODES = 100_000
MAX_DEPTH = 24
#: Longest value that is kept; depth maps and previews are longer, captions are not.
MAX_TEXT = 1 << 16
MAX_TEXTS = 5000

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XML = "http://www.w3.org/XML/1998/namespace"
#: The prefixes that sources are named with, whatever prefix the packet uses.
_PREFIXES = {
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://ns.adobe.com/photoshop/1.0/": "photoshop",
    "http://ns.adobe.com/xap/1.0/": "xmp",
    "http://ns.adobe.com/xmp/1.0/": "xmp",
    "http://ns.adobe.com/xap/1.0/rights/": "xmpRights",
    "http://ns.adobe.com/xap/1.0/mm/": "xmpMM",
    "http://ns.adobe.com/xap/1.0/bj/": "xmpBJ",
    "http://ns.adobe.com/xap/1.0/t/pg/": "xmpTPg",
    "http://ns.adobe.com/xap/1.0/g/": "xmpG",
    "http://ns.adobe.com/xap/1.0/g/img/": "xmpGImg",
    "http://ns.adobe.com/xap/1.0/sType/ResourceEvent#": "stEvt",
    "http://ns.adobe.com/xap/1.0/sType/ResourceRef#": "stRef",
    "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/": "Iptc4xmpCore",
    "http://iptc.org/std/Iptc4xmpExt/2008-02-29/": "Iptc4xmpExt",
    "http://iptc.org/std/Iptc4xmpExt/2008-02-19/": "Iptc4xmpExt",
    "http://ns.useplus.org/ldf/xmp/1.0/": "plus",
    "http://prismstandard.org/namespaces/basic/2.0/": "prism",
    "http://ns.adobe.com/exif/1.0/": "exif",
    "http://cipa.jp/exif/1.0/": "exifEX",
    "http://ns.adobe.com/exif/1.0/aux/": "aux",
    "http://ns.adobe.com/tiff/1.0/": "tiff",
    "http://ns.adobe.com/pdf/1.3/": "pdf",
    "http://ns.adobe.com/lightroom/1.0/": "lr",
    "http://ns.adobe.com/camera-raw-settings/1.0/": "crs",
    "http://ns.adobe.com/camera-raw-saved-settings/1.0/": "crss",
    "http://ns.adobe.com/bridge/1.0/": "bridge",
    "http://ns.camerabits.com/photomechanic/1.0/": "photomechanic",
    "http://xmp.gettyimages.com/gift/1.0/": "GettyImagesGIFT",
    "http://ns.google.com/photos/1.0/depthmap/": "GDepth",
    "http://ns.google.com/photos/1.0/image/": "GImage",
    "http://ns.adobe.com/xmp/note/": "xmpNote",
    "http://ns.adobe.com/hdr-gain-map/1.0/": "hdrgm",
    "http://ns.microsoft.com/photo/1.0/": "MicrosoftPhoto",
    "http://ns.acdsee.com/iptc/1.0/": "acdsee",
    "http://www.metadataworkinggroup.com/schemas/regions/": "mwg-rs",
    "http://schemas.android.com/apk/res/android": "android",
    _XML: "xml",
    _RDF: "rdf",
}
#: How a picture was edited, not what it shows: history, raw conversion, layers, gain and depth maps.
_EDITING = ("crs:", "crss:", "xmpMM:", "stEvt:", "stRef:", "GDepth:", "GImage:", "hdrgm:", "xmpNote:", "xmpTPg:")
_EDITING_NAMES = {"photoshop:DocumentAncestors", "photoshop:TextLayers", "xmp:Thumbnails"}

#: Properties that are cut out before a packet is parsed, outermost first, and the namespaces they must have.
_HISTORY = tuple(
    (f"<{prefix}:{name}>".encode(), f"</{prefix}:{name}>".encode(), f'xmlns:{prefix}="{uri}"'.encode())
    for prefix, uri, names in (
        ("xmpMM", "http://ns.adobe.com/xap/1.0/mm/", ("Pantry", "Ingredients", "History")),
        ("photoshop", "http://ns.adobe.com/photoshop/1.0/", ("DocumentAncestors",)),
    )
    for name in names
)

_ABOUT = {f"{{{_RDF}}}{name}" for name in ("about", "ID", "nodeID", "parseType", "datatype", "bagID", "aboutEach")}
_DESCRIPTION, _RDF_RDF, _LI = f"{{{_RDF}}}Description", f"{{{_RDF}}}RDF", f"{{{_RDF}}}li"
_ARRAYS = {f"{{{_RDF}}}{kind}" for kind in ("Bag", "Seq", "Alt")}
_RESOURCE, _PARSE, _VALUE, _LANG = f"{{{_RDF}}}resource", f"{{{_RDF}}}parseType", f"{{{_RDF}}}value", f"{{{_XML}}}lang"

#: Names of known namespaces, shared between packets.
_NAMES: dict[str, str | None] = {}

_KNOWN = {prefix: uri for uri, prefix in reversed(_PREFIXES.items())} | {"x": "adobe:ns:meta/"}
_DECLARED_PREFIX = re.compile(r"xmlns:([A-Za-z_][\w.-]*)\s*=\s*[\"']([^\"']*)[\"']")


def utf8(packet: bytes) -> bytes:
    """A packet as UTF-8 without its byte order mark and padding: from UTF-16 or UTF-32, which its first bytes tell.

    XMP part 3, 1.1.1.1. What is taken for UTF-8 may be something else; the parser will say.
    """
    for mark, charset in _MARKS:
        if packet.startswith(mark):
            return packet.decode(charset, "replace").encode("utf-8").strip(_PADDING).removeprefix(_BOM)
    packet = packet.strip(_PADDING)
    end = packet.rfind(b"<?xpacket end")  # what stands behind it is no part of the packet
    return (packet[:end] if end > 0 else packet).removeprefix(_BOM).strip(_PADDING)


_BOM, _PADDING = b"\xef\xbb\xbf", b"\0 \r\n\t"
_MARKS = (
    (b"\xff\xfe\0\0", "utf-32"), (b"\0\0\xfe\xff", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"),
    (b"<\0\0\0", "utf-32-le"), (b"\0\0\0<", "utf-32-be"), (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"),
)  # fmt: skip


def _without_history(packet: bytes) -> bytes:
    """The packet without the properties that only say how it was edited, where they can be cut out safely.

    They are most of many packets (a picture that was worked on for years lists a hundred thousand ancestors), and
    nothing of them is kept. Cut only where the property stands there once, under the prefix that its namespace has.
    """
    for opening, closing, space in _HISTORY:
        start = packet.find(opening)
        if start < 0 or space not in packet:
            continue
        end = packet.find(closing, start)
        if end > 0 and packet.find(opening, start + 1) < 0 and packet.find(closing, end + 1) < 0:
            packet = packet[:start] + packet[end + len(closing) :]
    return packet


def parse(packet: bytes) -> tuple[Element | None, tuple[str, ...]]:
    """The tree of a packet in UTF-8, as far as it goes, and notes on what was wrong with it. Raises nothing."""
    if b"<!" not in packet:
        packet = _without_history(packet)
    elif b"<!DOCTYPE" in packet or b"<!ENTITY" in packet:
        return None, ("xmp refused: it declares entities",)
    size = len(packet)
    if size > MAX_NODES and (packet.count(b"<") > MAX_NODES * 2 or packet.count(b"=") > MAX_NODES * 2 + size // 8):
        return None, ("xmp refused: too many nodes",)
    try:
        return _strict(packet), ()
    except (ParseError, ValueError):
        pass
    trouble: tuple[str, ...] = ()
    try:
        text = packet.decode("utf-8")
    except UnicodeDecodeError:
        text, trouble = packet.decode("utf-8", "cutline-cp1252"), ("xmp not utf-8",)
        try:
            return _strict(text.encode("utf-8")), trouble
        except (ParseError, ValueError):
            pass
    return torn.tree(text, _KNOWN, MAX_NODES, MAX_DEPTH * 2), (*trouble, "xmp damaged")


def _strict(packet: bytes) -> Element:
    # Without a document type there is nothing to expand or fetch, so the compiled parser is safe here.
    parser = XMLParser(encoding="utf-8")
    parser.feed(packet)
    root: Element = parser.close()
    return root


class _Walk:
    """Flattens one tree into texts; holds the names of unknown namespaces and the caps."""

    def __init__(self, packet: bytes, prefix: str, notes: tuple[str, ...]) -> None:
        self.source = packet
        self.prefix = prefix
        self.notes = notes
        self.out: list[SourceText] = []
        self.names: dict[str, str | None] = {}
        self.declared: dict[str, str] | None = None
        self.trouble: set[str] = set()

    def name(self, tag: str) -> str | None:
        """`{uri}local` as `prefix:local`; None for what is about editing. An unknown namespace keeps its prefix."""
        if tag in _NAMES:
            return _NAMES[tag]
        if tag not in self.names:
            uri, _, local = tag[1:].rpartition("}") if tag[:1] == "{" else ("", "", tag)
            prefix = _PREFIXES.get(uri) or _PREFIXES.get(uri + "/")
            if prefix is None:
                prefix = self._own_prefix(uri)
                self.names[tag] = f"{prefix}:{local}" if prefix else local
            else:
                got = f"{prefix}:{local}"
                edits = got.startswith(_EDITING) or got in _EDITING_NAMES
                self.names[tag] = None if edits else got
                if len(_NAMES) < 4096:
                    _NAMES[tag] = self.names[tag]
        return self.names[tag]

    def _own_prefix(self, uri: str) -> str:
        if self.declared is None:
            pairs = _DECLARED_PREFIX.findall(self.source.decode("utf-8", "replace"))
            self.declared = {of: prefix for prefix, of in reversed(pairs)}
        return self.declared.get(uri) or uri.rpartition(":")[2]

    def say(self, path: str, text: str | None, position: int = 0, lang: str | None = None) -> None:
        if not text or text.isspace():
            return
        if len(text) > MAX_TEXT or len(self.out) >= MAX_TEXTS:
            self.trouble.add("xmp: long values left out")
            return
        notes = self.notes if text.isascii() else (*self.notes, *doubts(text))
        self.out.append(SourceText(path, text, position, lang, None, True, None, notes))

    def description(self, node: Element, parent: str, depth: int) -> None:
        """The properties of a node: its attributes, then its elements (XMP part 1, 7.4, 7.5)."""
        for key, text in node.attrib.items():
            if key not in _ABOUT and key != _LANG and key != _RESOURCE:
                name = self.name(key)
                if name is not None:
                    self.say(parent + name, text)
        for child in node:
            name = self.name(child.tag)
            if name is None:
                continue
            if len(child) or child.attrib:
                self.value(child, parent + name, 0, depth + 1)
            else:
                self.say(parent + name, child.text)

    def value(self, node: Element, path: str, position: int, depth: int) -> None:
        """One property or array item, in whichever way its value is written."""
        if depth > MAX_DEPTH:
            self.trouble.add("xmp: nested too deep")
            return
        attributes = node.attrib
        if not len(node):
            if attributes:
                if _RESOURCE in attributes:
                    self.say(path, attributes[_RESOURCE], position)
                    return
                if any(k not in _ABOUT and k != _LANG for k in attributes):
                    self.description(node, self._step(path, position), depth)
            self.say(path, node.text, position, attributes.get(_LANG))
            return
        first = node[0]
        if attributes.get(_PARSE) == "Resource":
            self._structure(node, path, position, depth)
        elif first.tag in _ARRAYS:
            for kind in node:
                if kind.tag in _ARRAYS:
                    self._array(kind, path, depth)
        elif first.tag == _DESCRIPTION:
            for inner in node:
                self._structure(inner, path, position, depth + 1)
        else:
            self._structure(node, path, position, depth)

    def _array(self, array: Element, path: str, depth: int) -> None:
        for i, item in enumerate(array):
            if len(item) or len(item.attrib) > 1 or (item.attrib and _LANG not in item.attrib):
                self.value(item, path, i, depth + 1)
            else:
                self.say(path, item.text, i, item.attrib.get(_LANG))

    def _structure(self, node: Element, path: str, position: int, depth: int) -> None:
        inner = node.find(_VALUE)
        if inner is not None:  # a value with qualifiers
            self.say(path, inner.text, position, inner.attrib.get(_LANG) or node.attrib.get(_LANG))
        else:
            self.description(node, self._step(path, position), depth)

    @staticmethod
    def _step(path: str, position: int) -> str:
        return f"{path}[{position + 1}]/"


def texts(packet: bytes, prefix: str = "xmp:", notes: tuple[str, ...] = ()) -> tuple[list[SourceText], tuple[str, ...]]:
    """Every property of a packet that says something of the picture, and notes on the packet. Raises nothing.

    A simple property is `xmp:dc:source`; items of an array share their name and count by `position`; a field of a
    structure is `xmp:Iptc4xmpExt:LocationShown[1]/Iptc4xmpExt:City`. Editing history and raw-conversion settings
    are left out. `notes` go on every text (which packet it was).
    """
    if len(packet) > MAX_BYTES:
        return [], ("xmp refused: over 8 MB",)
    packet = utf8(packet)
    root, trouble = parse(packet)
    if root is None:
        return [], trouble
    walk = _Walk(packet, prefix, notes)
    found = [root] if root.tag == _RDF_RDF else root.iter(_RDF_RDF)
    for rdf in found:
        for node in rdf:
            if node.tag == _DESCRIPTION:
                walk.description(node, prefix, 0)
            elif (name := walk.name(node.tag)) is not None:  # a property without its Description
                walk.value(node, prefix + name, 0, 1)
    return walk.out, trouble + tuple(sorted(walk.trouble))
