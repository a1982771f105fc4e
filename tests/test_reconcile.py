"""Precedence: which source is believed, what becomes of the others, and when two of them disagree."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.records import SourceText, Statement
from ingest.embedded import read
from ingest.precedence import TABLE
from ingest.reconcile import reconcile
from ingest.tagvalues import coordinate, degrees, moment, with_exif, with_time
from tests.photofiles import dataset, jpeg, photoshop_segments, rdf, resource, xmp_segment


def said(*texts: tuple[str, str] | SourceText) -> tuple[SourceText, ...]:
    return tuple(t if isinstance(t, SourceText) else SourceText(*t) for t in texts)


def of(prop: str, texts: tuple[SourceText, ...]) -> list[tuple[int, str, str]]:
    found = [s for s in reconcile(texts).statements if s.property == prop]
    return [(s.rank, s.source, s.value) for s in found]


def won(prop: str, texts: tuple[SourceText, ...]) -> list[Statement]:
    return [s for s in reconcile(texts).statements if s.property == prop and s.rank == 0]


SIDECAR, XMP, IIM, EXIF, PNG = (
    ("sidecar:xmp:dc:description", "sidecar"), ("xmp:dc:description", "xmp"), ("iim:2:120", "iim"),
    ("exif:ImageDescription", "exif"), ("png:Description", "png"),
)  # fmt: skip
NEWER_IIM = SourceText("photoshop:IPTCDigest", "00", notes=("stale",))
SAME_IIM = SourceText("photoshop:IPTCDigest", "00")


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (said(PNG, EXIF, IIM, XMP, SIDECAR), ["sidecar", "xmp", "iim", "exif", "png"]),
        (said(NEWER_IIM, PNG, EXIF, XMP, IIM, SIDECAR), ["sidecar", "iim", "xmp", "exif", "png"]),
        (said(SAME_IIM, IIM, XMP), ["xmp", "iim"]),
        (said(EXIF, IIM), ["iim", "exif"]),
    ],
    ids=["the usual order", "the IIM was edited after the XMP", "it was not", "no XMP"],
)
def test_the_order_of_sources(texts: tuple[SourceText, ...], order: list[str]) -> None:
    got = of("description", texts)
    assert [value for _, _, value in got] == order
    assert [rank for rank, _, _ in got] == list(range(len(order)))
    caption = reconcile(texts).caption
    assert caption is not None
    assert texts[caption].text == order[0]


@pytest.mark.parametrize(("edited", "winner"), [(False, "from XMP"), (True, "from IIM")])
def test_the_digest_of_a_real_file_decides(edited: bool, winner: str) -> None:
    iim = dataset(2, 120, b"from IIM")
    digest = hashlib.md5(b"older IIM" if edited else iim).digest()
    file = jpeg(photoshop_segments(resource(0x0404, iim) + resource(0x0425, digest)),
                xmp_segment(rdf("<dc:description>from XMP</dc:description>")))  # fmt: skip
    (statement,) = won("description", read("photo.jpg", file).texts)
    assert statement.value == winner


def test_the_last_packet_and_the_first_iim_block_are_believed() -> None:
    assert [s.value for s in won("city", said(
        ("xmp:photoshop:City", "old"), SourceText("xmp:photoshop:City", "new", notes=("packet 2",))))] == ["new"]
    assert [s.value for s in won("city", said(
        ("iim:2:90", "first"), SourceText("iim:2:90", "copy", notes=("packet 2",))))] == ["first"]  # fmt: skip


def test_every_tag_of_the_table_says_its_property() -> None:
    for row in TABLE:
        tags = [f"xmp:{t}" for t in row.xmp] + [f"iim:{t}" for t in row.iim] + [f"exif:{t}" for t in row.exif]
        for tag in [*tags, *row.other, *(f"sidecar:xmp:{t}" for t in row.xmp)]:
            assert [s.property for s in won(row.property, said((tag, "2024-03-05")))] == [row.property], tag


def test_structures_as_they_are_written() -> None:
    """A structure within a structure, each in its list; an identifier is XMP's own."""
    file = jpeg(xmp_segment(rdf(
        '<Iptc4xmpExt:ImageRegion><rdf:Bag><rdf:li rdf:parseType="Resource"><Iptc4xmpExt:RegionBoundary '
        'Iptc4xmpExt:rbShape="circle" Iptc4xmpExt:rbRx="0.2"/><Iptc4xmpExt:rRole><rdf:Bag><rdf:li '
        'Iptc4xmpExt:Name="main subject"/></rdf:Bag></Iptc4xmpExt:rRole></rdf:li></rdf:Bag></Iptc4xmpExt:ImageRegion>'
        '<Iptc4xmpExt:Contributor><rdf:Bag><rdf:li rdf:parseType="Resource"><Iptc4xmpExt:Name>Jane Doe'
        '</Iptc4xmpExt:Name><xmp:Identifier><rdf:Bag><rdf:li>id:1</rdf:li></rdf:Bag></xmp:Identifier></rdf:li></rdf:Bag>'
        '</Iptc4xmpExt:Contributor>'
    )))  # fmt: skip
    found = {s.property: s.value for s in reconcile(read("photo.jpg", file).texts).statements}
    assert found == {
        "image_region_shape": "circle", "image_region_radius": "0.2", "image_region_role": "main subject",
        "contributor": "Jane Doe", "contributor_id": "id:1",
    }  # fmt: skip


def test_no_tag_says_two_properties() -> None:
    tags = [tag for row in TABLE for column in (row.xmp, row.iim, row.exif, row.other) for tag in column]
    assert len(tags) == len(set(tags))


def test_a_repeated_value_of_one_source_wins_together() -> None:
    got = of("creator", said(("iim:2:80", "Jane Doe"), ("iim:2:80", "John Roe"), ("exif:Artist", "Jane Doe; J. Roe ;")))
    assert got == [
        (0, "iim:2:80", "Jane Doe"), (0, "iim:2:80", "John Roe"), (1, "exif:Artist", "Jane Doe"),
        (1, "exif:Artist", "J. Roe"),
    ]  # fmt: skip


def test_a_text_of_hundreds_of_semicolons_is_no_list_of_names() -> None:
    assert len(of("creator", said(("exif:Artist", "a;" * 200)))) == 200
    assert of("creator", said(("exif:Artist", "a;" * 5000))) == [(0, "exif:Artist", "a;" * 5000)]


def test_of_a_value_that_must_not_repeat_the_last_counts() -> None:
    texts = said(("iim:2:90", "one"), ("iim:2:90", "two"))
    assert of("city", texts) == [(0, "iim:2:90", "two"), (1, "iim:2:90", "one")]


def test_languages() -> None:
    tag = "xmp:dc:description"
    texts = said(SourceText(tag, "uk", 0, "uk"), SourceText(tag, "default", 1, "x-default"))
    statements = reconcile(texts).statements
    assert [(s.rank, s.value, s.detail.get("lang")) for s in statements] == [(0, "default", None), (1, "uk", "uk")]
    assert reconcile(texts).conflicts == (), "a translation is no contradiction"
    assert [s.value for s in won("description", texts[:1])] == ["uk"], "the first language where there is no default"


def test_locations_keep_their_number() -> None:
    cities = ((1, "Kyiv"), (2, "Lviv"))
    texts = said(*((f"xmp:Iptc4xmpExt:LocationShown[{n}]/Iptc4xmpExt:City", city) for n, city in cities))
    got = won("location_shown_city", texts)
    assert [(s.value, s.detail["item"]) for s in got] == [(t.text, t.source) for t in texts]


def test_places_have_positions() -> None:
    """IPTC Extension's locations carry XMP's spelling of a position; each belongs to its own place."""
    place = "xmp:Iptc4xmpExt:Location{}[{}]/exif:GPS{}"
    texts = said(
        (place.format("Shown", 1, "Latitude"), "50,27.0N"), (place.format("Shown", 1, "Longitude"), "30,31.0E"),
        (place.format("Shown", 2, "Latitude"), "49,50.0N"), (place.format("Shown", 2, "Longitude"), "24,1.0E"),
        (place.format("Shown", 3, "Latitude"), "1,0.0N"), (place.format("Created", 1, "Latitude"), "50,0.0S"),
        (place.format("Created", 1, "Longitude"), "10,0.0W"),
        ("sidecar:" + place.format("Created", 1, "Latitude"), "51,0.0N"),
        ("sidecar:" + place.format("Created", 1, "Longitude"), "11,0.0E"),
    )  # fmt: skip
    assert [(rank, value) for rank, _, value in of("location_shown_gps", texts)] == [
        (0, "50.450000,30.516667"), (0, "49.833333,24.016667"),
    ]  # fmt: skip
    assert [(rank, value) for rank, _, value in of("location_created_gps", texts)] == [
        (0, "51.000000,11.000000"), (1, "-50.000000,-10.000000"),
    ]  # fmt: skip
    assert of("gps", texts) == [], "the camera's own position is another thing"


@pytest.mark.parametrize(
    ("texts", "value", "detail"),
    [
        (said(("xmp:photoshop:DateCreated", "2024-03-05T14:22:10.5+02:00")), "2024-03-05",
         {"time": "14:22:10", "fraction": "5", "zone": "+02:00"}),
        (said(("iim:2:55", "20240305"), ("iim:2:60", "142210+0200")), "2024-03-05",
         {"time": "14:22:10", "zone": "+02:00"}),
        (said(("iim:2:55", "20240300")), "2024-03", {}),
        (said(("iim:2:55", "19250000")), "1925", {}),
        (said(("exif:DateTimeOriginal", "2024:03:05 14:22:10"), ("exif:SubSecTimeOriginal", "53 "),
              ("exif:OffsetTimeOriginal", "+02:00")), "2024-03-05",
         {"time": "14:22:10", "fraction": "53", "zone": "+02:00"}),
        (said(("exif:DateTimeOriginal", "2024:03:05 14:22:10"), ("exif:OffsetTimeOriginal", "   :  ")), "2024-03-05",
         {"time": "14:22:10"}),
        (said(("xmp:photoshop:DateCreated", "2024:02:30"), ("iim:2:55", "20240301")), "2024-03-01", {}),
    ],
    ids=["XMP", "IIM, with its time", "a month", "a year: not its first of January", "Exif", "a blank zone",
         "a day that does not exist loses"],
)  # fmt: skip
def test_dates(texts: tuple[SourceText, ...], value: str, detail: dict[str, str]) -> None:
    (statement,) = won("date_created", texts)
    assert (statement.value, dict(statement.detail), statement.role) == (value, detail, "taken")


@pytest.mark.parametrize("nothing", ["0000:00:00 00:00:00", "    :  :     :  :  ", "", "yesterday", "00000000"])
def test_what_is_no_date_says_nothing(nothing: str) -> None:
    assert of("date_created", said(("exif:DateTimeOriginal", nothing))) == []


def test_a_day_that_the_calendar_does_not_have_is_kept_as_unknown() -> None:
    (statement,) = won("date_created", said(("iim:2:55", "20240231")))
    assert (statement.value, statement.standing) == ("20240231", "unknown")


def gps(
    *, north: str | None = "N", east: str | None = "E", latitude: str = "50/1 27/1 0/1"
) -> tuple[SourceText, ...]:
    tags = {"exif:GPSLatitude": latitude, "exif:GPSLongitude": "30/1 31/1 12/10",
            "exif:GPSLatitudeRef": north, "exif:GPSLongitudeRef": east}  # fmt: skip
    return said(*((tag, value) for tag, value in tags.items() if value is not None))


def test_a_position_with_its_hemisphere() -> None:
    (statement,) = won("gps", gps(north="S", east="W"))
    assert statement.value == "-50.450000,-30.517000"
    assert statement.detail["latitude"] == -50.45


@pytest.mark.parametrize(
    "texts",
    [gps(north=None), gps(east=None), gps(north=""), gps(north="Q"), gps(latitude="0/0 0/0 0/0"),
     gps(latitude="213/1 0/1 0/1"), gps(latitude="fifty")],
    ids=["no north or south", "no east or west", "blank", "another letter", "not given", "off the globe", "words"],
)  # fmt: skip
def test_a_position_that_is_none(texts: tuple[SourceText, ...]) -> None:
    assert of("gps", texts) == []


def test_a_position_is_not_put_together_from_two_blocks() -> None:
    other = tuple(t._replace(notes=("packet 2",)) for t in gps(latitude="51/1 0/1 0/1"))
    (statement,) = won("gps", gps() + other)
    assert statement.value == "51.000000,30.517000"
    assert of("gps", gps() + other[:1]) == of("gps", gps()), "the last block has half of one"


def test_the_copy_of_a_position_in_xmp_is_the_second() -> None:
    copy = said(("xmp:exif:GPSLatitude", "50,27.0N"), ("xmp:exif:GPSLongitude", "30,31,12W"))
    assert [source for _, source, _ in of("gps", copy + gps())] == ["exif:GPSLatitude", "xmp:exif:GPSLatitude"]
    assert of("gps", copy) == [(0, "xmp:exif:GPSLatitude", "50.450000,-30.520000")]


@pytest.mark.parametrize(
    ("texts", "disputed", "why"),
    [
        (said(("xmp:photoshop:City", "Kyiv"), ("iim:2:90", "Lviv")), True, "two cities"),
        (said(("xmp:photoshop:City", "Kyiv"), ("iim:2:90", " KYIV ")), False, "letter case and spaces"),
        (said(("xmp:photoshop:Credit", "AP"), ("iim:2:110", "AFP")), True, "two credits"),
        (said(("xmp:photoshop:DateCreated", "2024-03-05"), ("exif:DateTimeOriginal", "2024:03:04 23:00:00")), True,
         "another day"),
        (said(("xmp:photoshop:DateCreated", "2024-03"), ("exif:DateTimeOriginal", "2024:03:04 23:00:00")), False,
         "a month that holds the day"),
        (said(("xmp:dc:creator", "Maximiliana Featherstonehaugh-Smythe"),
              SourceText("iim:2:80", "Maximiliana Featherstonehaugh-S", notes=("cut",))), False, "a by-line cut at 31"),
        (said(("xmp:dc:creator", "Jane Doe"), ("iim:2:80", "John Roe")), True, "two photographers"),
        (said(("xmp:dc:creator", "B"), ("xmp:dc:creator", "A"), ("exif:Artist", "A;B")), False, "the same two names"),
        (said(("xmp:dc:subject", "war"), ("iim:2:25", "army")), False, "keywords are no claim"),
    ],
)  # fmt: skip
def test_conflicts(texts: tuple[SourceText, ...], disputed: bool, why: str) -> None:
    assert bool(reconcile(texts).conflicts) is disputed, why


def test_a_conflict_names_both_sides_the_winner_first() -> None:
    (conflict,) = reconcile(said(("iim:2:90", "Lviv"), ("xmp:photoshop:City", "Kyiv"))).conflicts
    assert (conflict.property, conflict.values) == ("city", (("xmp:photoshop:City", "Kyiv"), ("iim:2:90", "Lviv")))


_TAGS = sorted({f"xmp:{t}" for r in TABLE for t in r.xmp} | {f"iim:{t}" for r in TABLE for t in r.iim}
               | {f"exif:{t}" for r in TABLE for t in r.exif} | {"xmp:unknown:Tag", "exif:GPSLatitude"})  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(_TAGS), st.text(min_size=1)), max_size=12))
def test_the_record_law_holds_whatever_the_tags_say(pairs: list[tuple[str, str]]) -> None:
    texts = said(*pairs)
    got = reconcile(texts)
    for s in got.statements:
        assert s.text is not None and s.span is not None
        assert texts[s.text].text[s.span.start : s.span.end] == s.verbatim
        assert texts[s.text].source == s.source
    for prop in {s.property for s in got.statements}:
        ranks = sorted({s.rank for s in got.statements if s.property == prop})
        assert ranks[0] == 0, "every property that has a candidate has a winner"


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2024", "2024"), ("2024-03", "2024-03"), ("2024:03:05", "2024-03-05"), ("20240305", "2024-03-05"),
        ("2024-03-05T14:22", "2024-03-05T14:22"), ("2024-03-05T14:22:10Z", "2024-03-05T14:22:10Z"),
        ("2024-03-05T14:22:10-0530", "2024-03-05T14:22:10-05:30"), ("2024-03-05T99:00:00", "2024-03-05"),
    ],
)  # fmt: skip
def test_moments(text: str, iso: str) -> None:
    got = moment(text)
    assert got is not None and got.iso == iso


def test_times_that_are_none_leave_the_day_alone() -> None:
    day = moment("20240305")
    assert day is not None
    assert with_time(day, "noon") == with_time(day, "990000") == day
    assert with_exif(day, "5", "+01:00") == day, "a fraction and a zone belong to a time"


def test_positions_at_the_edges() -> None:
    assert degrees("90/1 0/1 0/1", "S") == -90.0
    assert degrees("180 0 0", "W") == -180.0
    assert coordinate("91,0N") is None
    assert coordinate("somewhere") is None


def test_the_guide_shows_the_whole_table() -> None:
    guide = (Path(__file__).parent.parent / "docs" / "reading.md").read_text("utf-8")
    for row in TABLE:
        cells = (", ".join(f"`{tag}`" for tag in tags) for tags in (row.xmp, row.iim, row.exif))
        line = "| ".join(["", *(f"{cell} ".lstrip() for cell in (row.property, *cells)), ""]).strip()
        assert line in guide, f"docs/reading.md lacks or misprints the row of {row.property}: {line}"
