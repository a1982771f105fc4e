"""What counts as agreement with exiftool: the figures of `benchmarks/results/exiftool.md` rest on it."""

from __future__ import annotations

import pytest

from benchmarks.exiftool import FIELDS, verdict

_OF = {field.name: field for field in FIELDS}


@pytest.mark.parametrize(
    ("field", "ours", "tags", "expected", "why"),
    [
        ("city", "Kyiv", {"XMP-photoshop:City": "Kyiv ", "IPTC:City": "Lviv"}, "agrees", "XMP is believed first"),
        ("city", "Lviv", {"XMP-photoshop:City": "Kyiv", "IPTC:City": "Lviv"}, "other source", "the right tag, later"),
        ("city", "Kyiv", {"XMP-photoshop:City": "Kyiv", "IPTC:City": "Lviv", "Photoshop:IPTCDigest": "1",
                          "File:CurrentIPTCDigest": "2"}, "other source", "IIM was edited after the XMP"),
        ("city", "Zürich", {"IPTC:City": "ZÃ¼rich"}, "charset", "UTF-8 that nobody declared"),
        ("city", "Zürich", {"IPTC:City": "ZÃ¼rich", "IPTC:CodedCharacterSet": "UTF8"}, "differs", "it was declared"),
        ("city", "Oslo", {"IPTC:City": "Lviv"}, "differs", "another value"),
        ("city", None, {"IPTC:City": "Lviv"}, "missed", "no value"),
        ("city", "Oslo", {}, "only cutline", "exiftool has none"),
        ("city", None, {}, None, "neither has one"),
        ("byline", ["B", "A"], {"IPTC:By-line": ["A", "B"]}, "agrees", "names in any order"),
        ("date_created", "2024-03", {"IPTC:DateCreated": "2024:03:00"}, "agrees", "a month is a month"),
        ("date_created", "2024-03-05T10:00:00Z", {"IPTC:DateCreated": "2024:03:05"}, "agrees", "a day and its time"),
        ("date_created", "2024-03-05", {"IPTC:DateCreated": "2024:03:06"}, "differs", "another day"),
        ("gps_lat", 50.45, {"Composite:GPSLatitude": 50.45000001}, "agrees", "to some hundred metres"),
        ("gps_lat", -50.45, {"Composite:GPSLatitude": 50.45}, "differs", "the other hemisphere"),
        ("caption", "Łódź", {"IFD0:ImageDescription": "?ódź"}, "agrees", "a byte that exiftool cannot print"),
    ],
)  # fmt: skip
def test_verdicts(field: str, ours: object, tags: dict[str, object], expected: str | None, why: str) -> None:
    assert verdict(_OF[field], ours, tags) == expected, why
