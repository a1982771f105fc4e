"""The writer of metadata writes what the specifications say."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET

import pytest
from PIL import Image, IptcImagePlugin

from samples.metadata import exif, iim, image_resource, jpeg_with, xmp


@pytest.fixture
def picture() -> bytes:
    out = io.BytesIO()
    Image.effect_mandelbrot((96, 64), (-2, -1, 1, 1), 40).save(out, "JPEG", quality=90)
    return out.getvalue()


def test_a_dataset_is_marker_record_number_length_value() -> None:
    block = iim({"byline": "Ada Novak"}, declared=False)
    assert block == b"\x1c\x02\x00\x00\x02\x00\x04" + b"\x1c\x02\x50\x00\x09Ada Novak"


def test_utf_8_is_declared_by_its_escape() -> None:
    assert iim({"city": "Łódź"}).startswith(b"\x1c\x01\x5a\x00\x03\x1b%G")


def test_bytes_go_in_as_they_are() -> None:
    assert iim([(2, 120, b"Gro\xdf")], declared=False).endswith(b"\x1c\x02\x78\x00\x04Gro\xdf")


def test_a_long_dataset_has_an_extended_length() -> None:
    assert b"\x1c\x02\x78\x80\x04\x00\x00\x9c\x40" in iim({"caption": "x" * 40000})


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(KeyError):
        iim({"capton": "A misspelt field"})


def test_resources_are_padded_to_even_length() -> None:
    assert image_resource(0x0404, b"odd") == b"8BIM\x04\x04\x00\x00\x00\x00\x00\x03odd\x00"
    assert len(image_resource(0x0404, b"even", b"ab")) % 2 == 0


def test_an_xmp_packet_is_xml_with_the_right_containers() -> None:
    packet = xmp({
        "dc:description": 'Smoke & "fire" <live>', "dc:creator": "Ada Novak", "dc:subject": ["war", "sea"],
        "photoshop:City": "Odesa",
        "Iptc4xmpExt:LocationShown": [{"Iptc4xmpExt:City": "Odesa", "Iptc4xmpExt:CountryCode": "UKR"}],
    })  # fmt: skip
    root = ET.fromstring(packet.decode())
    rdf, dc = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}", "{http://purl.org/dc/elements/1.1/}"
    assert root.findtext(f".//{dc}description/{rdf}Alt/{rdf}li") == 'Smoke & "fire" <live>'
    assert root.findtext(f".//{dc}creator/{rdf}Seq/{rdf}li") == "Ada Novak"
    assert [item.text for item in root.findall(f".//{dc}subject/{rdf}Bag/{rdf}li")] == ["war", "sea"]
    assert root.findtext(".//{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}CountryCode") == "UKR"


def test_pillow_reads_what_was_written(picture: bytes) -> None:
    written = jpeg_with(
        picture,
        iim=iim({"caption": "Ships at anchor", "keywords": ["sea", "ships"]}),
        xmp=xmp({"dc:title": "Ships"}),
        exif=exif({"Artist": "Ada Novak", "DateTimeOriginal": "2025:04:17 06:30:00"}, gps=(-33.8568, 151.2153)),
    )
    with Image.open(io.BytesIO(written)) as image:
        fields = IptcImagePlugin.getiptcinfo(image)
        assert fields is not None
        assert fields[(2, 120)] == b"Ships at anchor" and fields[(2, 25)] == [b"sea", b"ships"]
        tags = image.getexif()
        assert tags[0x013B] == "Ada Novak" and tags.get_ifd(0x8769)[0x9003] == "2025:04:17 06:30:00"
        position = tags.get_ifd(0x8825)
        assert (position[1], position[3]) == ("S", "E")
        degrees, minutes, seconds = position[2]
        assert degrees + minutes / 60 + seconds / 3600 == pytest.approx(33.8568, abs=1e-5)
        assert b"<dc:title>" in image.info["xmp"]


def test_the_picture_stays_bit_for_bit_and_old_metadata_goes(picture: bytes) -> None:
    once = jpeg_with(picture, iim=iim({"caption": "First"}), xmp=xmp({"dc:title": "First"}))
    assert jpeg_with(once) == jpeg_with(picture)
    with Image.open(io.BytesIO(once)) as after, Image.open(io.BytesIO(picture)) as before:
        assert after.tobytes() == before.tobytes()


def test_a_block_over_one_segment_runs_on_where_it_may_and_is_refused_where_not(picture: bytes) -> None:
    block = image_resource(0x0404, iim({"caption": "y" * 70000}))
    first, second = block[: 65533 - 14], block[65533 - 14 :]
    segments = b"\xff\xed\xff\xffPhotoshop 3.0\0" + first
    segments += b"\xff\xed" + (len(second) + 16).to_bytes(2, "big") + b"Photoshop 3.0\0" + second
    assert jpeg_with(picture, iim=iim({"caption": "y" * 70000})).startswith(b"\xff\xd8" + segments)
    with pytest.raises(ValueError, match="does not fit"):
        jpeg_with(picture, xmp=xmp({"dc:title": "z" * 70000}))


def test_what_is_no_jpeg_is_refused() -> None:
    with pytest.raises(ValueError, match="not a JPEG"):
        jpeg_with(b"GIF89a")
