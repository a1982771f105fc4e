"""Exif: the tags that say who, when and where, in both byte orders, and in directories that are damaged."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from ingest.embedded import read
from ingest.embedded.camera import recorded
from samples.metadata import exif as pillow_exif
from tests.photofiles import ASCII, LONG, RATIONAL, SHORT, UNDEFINED, Tags, exif_segment, jpeg, segment, text, tiff

UKRAINE: Tags = {
    1: text("N"), 2: (RATIONAL, [(48, 1), (17, 1), (3000, 100)]),
    3: text("E"), 4: (RATIONAL, [(37, 1), (10, 1), (0, 1)]),
}  # fmt: skip


def texts(block: bytes) -> dict[str, str]:
    return {t.source.removeprefix("exif:"): t.text for t in read("photo.jpg", jpeg(exif_segment(block))).texts}


@pytest.mark.parametrize("order", ["<", ">"])
def test_the_three_directories(order: str) -> None:
    block = tiff(
        {0x010E: text("A caption"), 0x0112: (SHORT, 6), 0x013B: text("Jane Doe")},
        {0x9003: text("2024:03:05 14:22:10"), 0x9011: text("+02:00"), 0x9291: text("53"),
         0x829A: (RATIONAL, [(1, 250)])},
        UKRAINE, order=order,
    )  # fmt: skip
    assert texts(block) == {
        "ImageDescription": "A caption", "Orientation": "6", "Artist": "Jane Doe",
        "DateTimeOriginal": "2024:03:05 14:22:10", "OffsetTimeOriginal": "+02:00", "SubSecTimeOriginal": "53",
        "ExposureTime": "1/250", "GPSLatitudeRef": "N", "GPSLatitude": "48/1 17/1 3000/100", "GPSLongitudeRef": "E",
        "GPSLongitude": "37/1 10/1 0/1",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "charset", "expected", "why"),
    [
        (b"plain\0", "ascii", "plain", "a C string"),
        (b"one\0two", "ascii", "one", "up to its first NUL"),
        ("Łódź\0".encode(), "utf-8", "Łódź", "Exif says ASCII; UTF-8 is what is written"),
        (b"Z\xfcrich\0", "cp1252", "Zürich", "or Windows Latin-1"),
        (b" \0", None, None, "blank is absent"),
        (b"OLYMPUS DIGITAL CAMERA    \0", "ascii", "OLYMPUS DIGITAL CAMERA    ", "verbatim, with its padding"),
    ],
)
def test_characters(raw: bytes, charset: str | None, expected: str | None, why: str) -> None:
    file = jpeg(exif_segment(tiff({0x010E: (ASCII, raw)})))
    got = [(t.text, t.charset) for t in read("photo.jpg", file).texts]
    assert got == ([] if expected is None else [(expected, charset)]), why


@pytest.mark.parametrize(
    ("raw", "expected"),
    [(b"Jane Doe\0", "Jane Doe"), (b"Jane Doe\0The News\0", "Jane Doe\nThe News"), (b" \0The News\0", "\nThe News")],
    ids=["photographer", "photographer and editor", "editor alone"],
)
def test_copyright_holds_two_names(raw: bytes, expected: str) -> None:
    assert texts(tiff({0x8298: (ASCII, raw)})) == {"Copyright": expected}


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"ASCII\0\0\0a comment", "a comment"),
        (b"\0" * 8 + "Łódź".encode(), "Łódź"),
        (b"UNICODE\0" + "Київ".encode("utf-16-le"), "Київ"),
        (b"UNICODE\0" + "Kyiv".encode("utf-16-be"), "Kyiv"),
        (b"UNICODE\0" + "Київ".encode("utf-16"), "Київ"),
        (b"no charset named", "no charset named"),
    ],
)
def test_user_comments(raw: bytes, expected: str) -> None:
    assert texts(tiff({}, {0x9286: (UNDEFINED, raw)})) == {"UserComment": expected}


def test_windows_tags_are_little_endian_in_either_order() -> None:
    assert texts(tiff({0x9C9D: (1, "Jane\0".encode("utf-16-le"))}, order=">")) == {"XPAuthor": "Jane"}


@pytest.mark.parametrize(
    ("block", "expected", "why"),
    [
        (b"", {}, "nothing"),
        (b"II*\0", {}, "half a header"),
        (b"XX*\0\x08\0\0\0\0\0", {}, "no byte order"),
        (tiff({0x010E: text("caption"), 0x013B: text("Jane")})[:-4], {"ImageDescription": "caption"}, "a cut value"),
        (tiff({0x010E: text("cap")}).replace(b"\x08\0\0\0", b"\xff\xff\0\0", 1), {}, "a directory out of reach"),
        (b"II*\0\x08\0\0\0\xff\xff", {}, "65,535 tags"),
        (tiff({0x8769: (LONG, 8), 0x013B: text("Jane")}), {"Artist": "Jane"}, "it points at its parent"),
    ],
)  # fmt: skip
def test_damage_costs_its_own_tags(block: bytes, expected: dict[str, str], why: str) -> None:
    assert texts(block) == expected, why


def test_an_unknown_type_costs_its_own_tag() -> None:
    block = bytearray(tiff({0x010E: text("caption"), 0x013B: text("Jane Doe")}))
    struct.pack_into("<H", block, 8 + 2 + 2, 999)
    assert texts(bytes(block)) == {"Artist": "Jane Doe"}


def test_a_value_of_gigabytes_is_not_read() -> None:
    block = bytearray(tiff({0x010E: text("caption"), 0x013B: text("Jane Doe")}))
    struct.pack_into("<I", block, 8 + 2 + 4, 0xFFFFFFF0)
    assert texts(bytes(block)) == {"Artist": "Jane Doe"}


def test_one_block_over_two_segments() -> None:
    block = tiff({0x010E: text("x" * 50_000), 0x013B: text("Jane " * 6_000)})
    file = jpeg(exif_segment(block[:60_000]), exif_segment(block[60_000:]))
    assert [t.text for t in read("photo.jpg", file).texts] == ["x" * 50_000, "Jane " * 6_000]


@pytest.mark.parametrize("header", [b"Exif\0\0", b"exif\0\0", b"Exif\0x", b"\0\0Exif\0\0"])
def test_headers_that_cameras_write(header: bytes) -> None:
    file = jpeg(segment(0xE1, header + tiff({0x013B: text("Jane Doe")})))
    assert [t.text for t in read("photo.jpg", file).texts] == ["Jane Doe"]


def test_a_second_block_is_read_and_marked() -> None:
    file = jpeg(*(exif_segment(tiff({0x013B: text(name)})) for name in ("old", "new")))
    assert [(t.text, t.notes) for t in read("photo.jpg", file).texts] == [("old", ()), ("new", ("packet 2",))]


def test_exifread_reads_the_same(tmp_path: Path) -> None:
    """Two readers that share no line of code agree on a block that a third program wrote."""
    said = {
        "ImageDescription": "A caption", "Artist": "Jane Doe", "Copyright": "AP", "Model": "EOS R5",
        "DateTimeOriginal": "2024:03:05 14:22:10", "OffsetTimeOriginal": "+02:00",
    }  # fmt: skip
    file = tmp_path / "photo.jpg"
    file.write_bytes(jpeg(exif_segment(pillow_exif(said, gps=(-33.8688, 151.2093)))))
    ours = {t.source.removeprefix("exif:"): t.text for t in read(file).texts}
    theirs = {name.partition(" ")[2]: value for name, value in recorded(file).items()}
    assert {name: ours[name] for name in said} == {name: theirs[name] for name in said} == said
    assert (ours["GPSLatitudeRef"], ours["GPSLongitudeRef"]) == (theirs["GPSLatitudeRef"], theirs["GPSLongitudeRef"])


def test_what_the_camera_recorded_costs_nobody_an_error(tmp_path: Path) -> None:
    file = tmp_path / "photo.jpg"
    for data in (b"", b"no photo", jpeg(), jpeg(exif_segment(b"II*\0\xff\xff\xff\xff"))):
        file.write_bytes(data)
        assert recorded(file) == {}
