"""XMP: every way to write a value, packets as agencies really send them, and packets that want to do harm."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import RefusedFile
from ingest.embedded import read, read_sidecar
from ingest.embedded.xmp import texts as xmp_texts
from tests.photofiles import jpeg, rdf, segment, xmp_segment

Rows = list[tuple[str, str, int, str | None]]


def found(packet: bytes) -> Rows:
    return [(t.source.removeprefix("xmp:"), t.text, t.position, t.lang) for t in xmp_texts(packet)[0]]


@pytest.mark.parametrize(
    ("packet", "expected", "why"),
    [
        (rdf("<dc:source>AP</dc:source>"), [("dc:source", "AP", 0, None)], "an element"),
        (rdf("", 'photoshop:City="Kyiv"'), [("photoshop:City", "Kyiv", 0, None)], "an attribute"),
        (rdf('<photoshop:Credit rdf:resource="x:y"/>'), [("photoshop:Credit", "x:y", 0, None)], "a URI value"),
        (
            rdf('<dc:description><rdf:Alt><rdf:li xml:lang="x-default">A</rdf:li><rdf:li xml:lang="uk">Б</rdf:li>'
                "</rdf:Alt></dc:description>"),
            [("dc:description", "A", 0, "x-default"), ("dc:description", "Б", 1, "uk")], "languages",
        ),
        (rdf("<dc:description>plain</dc:description>"), [("dc:description", "plain", 0, None)], "not even an Alt"),
        (
            rdf("<dc:creator><rdf:Seq><rdf:li>A</rdf:li><rdf:li>B</rdf:li></rdf:Seq></dc:creator>"),
            [("dc:creator", "A", 0, None), ("dc:creator", "B", 1, None)], "an ordered array",
        ),
        (
            rdf('<Iptc4xmpExt:LocationShown><rdf:Bag><rdf:li rdf:parseType="Resource"><Iptc4xmpExt:City>Kyiv'
                "</Iptc4xmpExt:City></rdf:li><rdf:li><rdf:Description><Iptc4xmpExt:City>Lviv</Iptc4xmpExt:City>"
                '</rdf:Description></rdf:li><rdf:li Iptc4xmpExt:City="Odesa"/></rdf:Bag></Iptc4xmpExt:LocationShown>'),
            [("Iptc4xmpExt:LocationShown[1]/Iptc4xmpExt:City", "Kyiv", 0, None),
             ("Iptc4xmpExt:LocationShown[2]/Iptc4xmpExt:City", "Lviv", 0, None),
             ("Iptc4xmpExt:LocationShown[3]/Iptc4xmpExt:City", "Odesa", 0, None)], "a structure's three spellings",
        ),
        (
            rdf('<dc:source rdf:parseType="Resource"><rdf:value>AP</rdf:value><xmp:q>x</xmp:q></dc:source>'),
            [("dc:source", "AP", 0, None)], "a value with a qualifier",
        ),
        (rdf("<dc:source>  </dc:source><dc:title/>"), [], "blank is absent"),
        (rdf("<dc:source> a  b\n</dc:source>"), [("dc:source", " a  b\n", 0, None)], "verbatim, spaces and all"),
        (rdf("<dc:source>a &amp; b &lt; &#x20AC;</dc:source>"), [("dc:source", "a & b < €", 0, None)], "escapes"),
        (rdf("<dc:source><![CDATA[a & b]]></dc:source>"), [("dc:source", "a & b", 0, None)], "a CDATA section"),
        (
            rdf("<q:Name xmlns:q='http://example.org/q#'>x</q:Name>"), [("q:Name", "x", 0, None)],
            "an unknown namespace keeps its own prefix",
        ),
        (
            rdf("<d:source xmlns:d='http://purl.org/dc/elements/1.1/'>AP</d:source>"), [("dc:source", "AP", 0, None)],
            "a known namespace gets the usual prefix",
        ),
        (rdf('<c:Tint xmlns:c="http://ns.adobe.com/camera-raw-settings/1.0/">5</c:Tint>'), [], "editing is no text"),
    ],
)  # fmt: skip
def test_forms_of_values(packet: bytes, expected: Rows, why: str) -> None:
    assert found(packet) == expected, why


@pytest.mark.parametrize("charset", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("mark", ["\ufeff", ""])
def test_encodings_of_a_packet(charset: str, mark: str) -> None:
    packet = rdf("<dc:source>Łódź</dc:source>").decode().partition("?>")[2]
    assert found((mark + packet).encode(charset)) == [("dc:source", "Łódź", 0, None)]


@pytest.mark.parametrize(
    ("packet", "expected", "why"),
    [
        (rdf("<dc:source>AP</dc:source><dc:title>cut off").partition(b" off")[0], ["AP"], "a packet that was cut"),
        (rdf("<dc:source>AT&T</dc:source>"), ["AT&T"], "a bare ampersand"),
        (rdf("<dc:source>a\x0bb</dc:source>"), ["a\x0bb"], "a control character"),
        (rdf("<dc:source>Zurich</dc:source>").replace(b"Zu", b"Z\xfc"), ["Zürich"], "a byte that is no UTF-8"),
        (b"<rdf:RDF><rdf:Description photoshop:City='Kyiv'/></rdf:RDF>", ["Kyiv"], "prefixes that nobody declared"),
        (rdf("<dc:source>AP</dc:sauce><photoshop:City>Kyiv</photoshop:City>"), ["Kyiv"], "end tags that do not fit"),
        (rdf("<dc:source>AP</dc:source>") + b"\0\0 trailing", ["AP"], "bytes behind the packet"),
        (rdf("<dc:source>AP</dc:source>").replace(b"<x:xmpmeta", b"<?xml version='1.0'?><x:xmpmeta"), ["AP"],
         "an XML declaration in the middle"),
    ],
)  # fmt: skip
def test_damaged_packets_are_read_as_far_as_they_make_sense(packet: bytes, expected: list[str], why: str) -> None:
    assert [text for _, text, _, _ in found(packet)] == expected, why


@pytest.mark.parametrize(
    "header",
    [b"http://ns.adobe.com/xap/1.0/\0", b"XMP\0://ns.adobe.com/xap/1.0/\0", b"http://ns.adobe.com/xap/1.0/ ", b"??"],
)
def test_damaged_headers_of_the_segment(header: bytes) -> None:
    file = jpeg(segment(0xE1, header + rdf("<dc:source>AP</dc:source>")))
    assert [t.text for t in read("photo.jpg", file).texts] == ["AP"]


def test_extended_xmp_is_put_together_by_its_offsets() -> None:
    packet = rdf("<dc:source>" + "long " * 9000 + "</dc:source>")
    guid = b"0123456789ABCDEF0123456789ABCDEF"
    pieces = [(at, packet[at : at + 20000]) for at in range(0, len(packet), 20000)]
    segments = [
        segment(0xE1, b"http://ns.adobe.com/xmp/extension/\0" + guid + struct.pack(">II", len(packet), at) + piece)
        for at, piece in reversed(pieces)
    ]
    main = xmp_segment(rdf("<photoshop:City>Kyiv</photoshop:City>"))
    got = {t.source: t for t in read("photo.jpg", jpeg(main, *segments)).texts}
    assert got["xmp:dc:source"].text == "long " * 9000
    assert got["xmp:dc:source"].notes == (), "an extension is no second packet"


def test_several_packets_are_all_read() -> None:
    file = jpeg(xmp_segment(rdf("<dc:source>one</dc:source>")), xmp_segment(rdf("<dc:source>two</dc:source>")))
    assert [(t.text, t.notes) for t in read("photo.jpg", file).texts] == [("one", ()), ("two", ("packet 2",))]


_BOMB = b'<!DOCTYPE x [<!ENTITY a "ha">' + b"".join(
    b'<!ENTITY %c "&%c;&%c;&%c;">' % (n + 1, n, n, n) for n in range(ord("a"), ord("p"))
)


@pytest.mark.parametrize(
    ("packet", "note"),
    [
        (_BOMB + b"]>" + rdf("<dc:source>&p;</dc:source>"), "xmp refused: it declares entities"),
        (b'<!DOCTYPE x SYSTEM "file:///etc/passwd">' + rdf("<dc:source>x</dc:source>"),
         "xmp refused: it declares entities"),
        (rdf("<a/>" * 250_000), "xmp refused: too many nodes"),
        (rdf("<dc:source>" + "x" * (9 << 20) + "</dc:source>"), "xmp refused: over 8 MB"),
        (rdf("<dc:source>" * 5000 + "</dc:source>" * 5000), "xmp: nested too deep"),
        (rdf(f"<dc:source>{'x' * 100_000}</dc:source>"), "xmp: long values left out"),
    ],
    ids=["billion laughs", "external entity", "nodes", "bytes", "depth", "one long value"],
)  # fmt: skip
def test_hostile_packets_give_nothing_but_a_note(packet: bytes, note: str) -> None:
    assert xmp_texts(packet) == ([], (note,))


def test_a_hundred_thousand_ancestors_do_not_hide_the_caption() -> None:
    ancestors = "<rdf:li>xmp.did:0123456789</rdf:li>" * 120_000
    packet = rdf(
        f"<photoshop:DocumentAncestors><rdf:Bag>{ancestors}</rdf:Bag></photoshop:DocumentAncestors>"
        "<dc:source>AP</dc:source>"
    )
    assert found(packet) == [("dc:source", "AP", 0, None)]


def test_a_sidecar_names_its_texts() -> None:
    (text,) = read_sidecar("photo.xmp", rdf("<photoshop:City>Kyiv</photoshop:City>"))
    assert (text.source, text.text) == ("sidecar:xmp:photoshop:City", "Kyiv")


@pytest.mark.parametrize("data", [b"", b"not xmp", b"<html/>", b"\xff\xd8\xff"])
def test_a_sidecar_that_is_none_is_refused(data: bytes) -> None:
    with pytest.raises(RefusedFile) as refused:
        read_sidecar("photo.xmp", data)
    assert refused.value.reason == "unreadable"


_GOOD = rdf("<dc:creator><rdf:Seq><rdf:li>A</rdf:li></rdf:Seq></dc:creator><dc:source>x &amp; y</dc:source>", "a='1'")


@given(st.lists(st.tuples(st.integers(0, len(_GOOD) - 1), st.binary(max_size=6), st.integers(0, 4)), max_size=6))
def test_no_damage_to_a_packet_raises(edits: list[tuple[int, bytes, int]]) -> None:
    packet = bytearray(_GOOD)
    for at, put, drop in edits:
        packet[at : at + drop] = put
    for text in xmp_texts(bytes(packet))[0]:
        assert text.text.strip()


@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), min_size=1))
def test_any_characters_come_out_as_they_went_in(words: str) -> None:
    escaped = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    got = [t.text for t in xmp_texts(rdf(f"<dc:source>{escaped}</dc:source>"))[0]]
    assert got == ([words] if not words.isspace() else [])
