"""IPTC-IIM and Photoshop's wrapping of it: what agencies have sent since 1991, with and without its charset."""

from __future__ import annotations

import struct

import pytest

from archive.records import SourceText
from ingest.embedded import read
from tests.photofiles import dataset, jpeg, photoshop_segments, resource, segment, tiff

UTF8 = dataset(1, 90, b"\x1b%G")


def texts(block: bytes, source: str) -> list[SourceText]:
    file = jpeg(photoshop_segments(resource(0x0404, block)))
    return [t for t in read("photo.jpg", file).texts if t.source == source]


def only(block: bytes, source: str = "iim:2:120") -> SourceText:
    (text,) = texts(block, source)
    return text


@pytest.mark.parametrize(
    ("charset", "raw", "text", "read_as", "declared", "why"),
    [
        (b"", b"plain", "plain", "ascii", True, "ASCII needs no declaration: it is IIM's own default"),
        (b"", "Łódź".encode(), "Łódź", "utf-8", False, "valid UTF-8 that is not ASCII is UTF-8"),
        (b"", b"Z\xfcrich \x80", "Zürich €", "cp1252", False, "what is no UTF-8 is Windows Latin-1"),
        (b"", b"\x81\x8d", "\x81\x8d", "cp1252", False, "also its five undefined bytes: nothing is lost"),
        (b"\x1b%G", "Київ".encode(), "Київ", "utf-8", True, "ESC % G is UTF-8"),
        (b"\x1b%/I", "Київ".encode(), "Київ", "utf-8", True, "ESC % / I is UTF-8, level 3"),
        (b"\x1b-L", "Київ".encode("iso8859-5"), "Київ", "iso8859-5", True, "ESC - L is Cyrillic, ISO 8859-5"),
        (b"\x1b.A", b"caf\xe9 \x93x\x94", "café “x”", "cp1252", True, "who declares Latin-1 writes Windows Latin-1"),
        (b"\x1b/b", b"\xa4 5", "€ 5", "iso8859-15", True, "ESC / b is Latin-9"),
        (b"\x1b%G", b"Z\xfcrich", "Zürich", "utf-8", False, "declared UTF-8 but not UTF-8: the bytes decide"),
    ],
)  # fmt: skip
def test_charsets(charset: bytes, raw: bytes, text: str, read_as: str, declared: bool, why: str) -> None:
    got = only((dataset(1, 90, charset) if charset else b"") + dataset(2, 120, raw))
    assert (got.text, got.charset, got.declared) == (text, read_as, declared), why
    assert got.raw == (None if declared else raw), "the bytes are kept wherever the reading is our guess"


@pytest.mark.parametrize(
    ("block", "note", "why"),
    [
        (UTF8 + dataset(2, 120, "ZÃ¼rich".encode()), "mojibake", "UTF-8 that was read as cp1252 and encoded again"),
        (dataset(2, 120, "Київ наступ".encode("cp1251")), "mojibake", "cp1251 that nobody declared"),
        (UTF8 + dataset(2, 120, b"Z\xfcrich"), "replaced", "a byte that the declared charset does not have"),
        (UTF8 + dataset(2, 120, "x\ufffdy".encode()), "replaced", "a replacement character that came with the file"),
        (UTF8 + dataset(2, 120, "Łódź".encode()[:-1]), "cut", "a letter cut in its middle"),
    ],
)
def test_what_looks_wrong_is_noted_and_not_mended(block: bytes, note: str, why: str) -> None:
    assert note in only(block).notes, why


@pytest.mark.parametrize("honest", ["Zürich", "Łódź", "Київ", "café", "Ærø", "İzmir", "naïve — “yes”", "5 µm"])
def test_honest_letters_are_no_mojibake(honest: str) -> None:
    assert only(UTF8 + dataset(2, 120, honest.encode())).notes == ()


@pytest.mark.parametrize(("length", "cut"), [(30, False), (31, True), (32, True), (33, False)])
def test_a_byline_at_the_limit_is_marked_as_cut(length: int, cut: bool) -> None:
    assert ("cut" in only(dataset(2, 80, b"A" * length), "iim:2:80").notes) is cut


def test_bylines_repeat_in_order() -> None:
    got = texts(dataset(2, 80, b"Jane Doe") + dataset(2, 85, b"Stringer") + dataset(2, 80, b"John Roe"), "iim:2:80")
    assert [(t.text, t.position) for t in got] == [("Jane Doe", 0), ("John Roe", 1)]


def test_a_block_may_span_several_segments() -> None:
    caption = b"a long caption " * 9000
    assert only(dataset(2, 120, caption) + dataset(2, 90, b"Kyiv")).text == caption.decode()
    assert only(dataset(2, 120, caption) + dataset(2, 90, b"Kyiv"), "iim:2:90").text == "Kyiv"


@pytest.mark.parametrize(
    ("block", "expected", "why"),
    [
        (dataset(2, 120, b"one\0\0"), ["one"], "padding NULs are no text"),
        (dataset(2, 120, b"one\0garbage"), ["one"], "nor is what the writer's memory held behind them"),
        (dataset(2, 120, b"   ") + dataset(2, 120, b""), [], "blank is absent"),
        (dataset(2, 120, b"one") + b"\0" * 20, ["one"], "padding behind the last dataset"),
        (dataset(2, 120, b"one") + b"\x1c\x02\x5a\x00\x40short", ["one"], "a dataset that is longer than the block"),
        (dataset(2, 120, b"one") + b"?" + dataset(2, 120, b"two"), ["one"], "stops where the markers stop"),
        (dataset(3, 120, b"other record") + dataset(2, 120, b"one"), ["one"], "only the application record's text"),
        (b"", [], "an empty block"),
    ],
)
def test_what_stands_in_a_block(block: bytes, expected: list[str], why: str) -> None:
    assert [t.text for t in texts(block, "iim:2:120")] == expected, why


def test_the_first_of_two_blocks_is_the_standard_one() -> None:
    blocks = [resource(0x0404, dataset(2, 120, words)) for words in (b"one", b"two")]
    file = jpeg(photoshop_segments(b"".join(blocks)))
    got = [(t.text, t.notes) for t in read("photo.jpg", file).texts]
    assert got == [("one", ()), ("two", ("packet 2",))]


def test_longs_swapped_to_the_other_byte_order() -> None:
    block = dataset(2, 120, b"caption!") + b"\0\0\0"
    swapped = struct.pack(f"<{len(block) // 4}I", *struct.unpack(f">{len(block) // 4}I", block))
    (text,) = read("photo.tif", tiff({33723: (4, struct.unpack(f"<{len(swapped) // 4}I", swapped))})).texts
    assert text.text == "caption!"


@pytest.mark.parametrize(
    "wrapped",
    [
        segment(0xED, b"Adobe_Photoshop2.5:\0" + resource(0x0404, dataset(2, 120, b"caption"))),
        segment(0xED, dataset(2, 120, b"caption")),
        photoshop_segments(resource(0x03ED, b"12345") + resource(0x0404, dataset(2, 120, b"caption"))),
    ],
    ids=["Photoshop 2.5", "no resources at all", "behind a resource of odd length"],
)
def test_other_wrappings(wrapped: bytes) -> None:
    assert [t.text for t in read("photo.jpg", jpeg(wrapped)).texts] == ["caption"]
