"""What the desk's pages say, before there is a page: stretches, credits, dates, changes, bars, the map."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.desk import outline
from archive.desk.cards import cut, marked
from archive.desk.credits import Credit, styles
from archive.desk.headers import strict_policy
from archive.desk.readings import changes
from archive.desk.stretches import Found, pieces
from archive.desk.tiles import Box, origin, tiles_of
from archive.desk.timeline import timeline
from archive.desk.wording import in_words, shown, source_in_words, unseen
from archive.facets import FacetValue

texts = st.text(max_size=60)


@st.composite
def texts_with_stretches(draw: st.DrawFn) -> tuple[str, list[Found]]:
    text = draw(st.text(min_size=1, max_size=60))
    place = st.integers(0, len(text))
    names = st.sampled_from(["unit", "agency", "credit_line", "remainder", "date_created", "restriction"])
    spans = draw(st.lists(st.tuples(place, place, names), max_size=12))
    return text, [Found(n, name, min(a, b), max(a, b)) for n, (a, b, name) in enumerate(spans)]


@given(texts_with_stretches())
def test_a_caption_cut_into_pieces_is_still_the_caption(made: tuple[str, list[Found]]) -> None:
    """Nothing is lost, doubled or moved, whatever lies in or across what; and every stretch starts once."""
    text, found = made
    cut_up = pieces(text, found)
    assert "".join(part for piece in cut_up for part, _ in piece.parts) == text
    starting = [piece.top.id for piece in cut_up if piece.starts and piece.top]
    assert len(starting) == len(set(starting))
    at = 0
    for piece in cut_up:
        length = sum(len(part) for part, _ in piece.parts)
        assert set(piece.ids) == {f.id for f in found if f.start <= at and at + length <= f.end and f.start < f.end}
        at += length


def test_a_name_inside_a_credit_has_its_own_colour() -> None:
    text = "Sergey Bobylev/Sputnik via AP"
    found = [Found(1, "credit_line", 0, 29), Found(2, "creator", 0, 14), Found(3, "agency", 15, 22),
             Found(4, "agency", 27, 29)]  # fmt: skip
    assert [(p.parts[0][0], p.top and p.top.id, p.ground) for p in pieces(text, found)] == [
        ("Sergey Bobylev", 2, "credit_line"), ("/", 1, "credit_line"), ("Sputnik", 3, "credit_line"),
        (" via ", 1, "credit_line"), ("AP", 4, "credit_line"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("character", "name"),
    [("\u202e", "right-to-left override"), ("\u200b", "zero-width space"), ("\x07", "control character U+0007"),
     ("\n", None), ("a", None), ("ع", None)],
)  # fmt: skip
def test_what_cannot_be_seen_is_named(character: str, name: str | None) -> None:
    assert unseen(character) == name


VIA = Credit(("Sergey Bobylev",), (("Sputnik", "origin"), ("AP", "distributor")))
POOL = Credit(("Alexander Kazakov",), (("Sputnik", "origin"), ("AP", "distributor")), "Kremlin Pool")
OWN = Credit(("Hans Meiering",), (("AP", "origin"),))
REUTERS = Credit(("Zofia Wilk",), (("REUTERS", "origin"),))
HANDOUT = Credit((), (("Sejm", "handout"), ("REUTERS", "distributor")), None, True)
TWO = Credit(("Ana Ruiz", "Tom Lee"), (("AFP", "origin"), ("Getty Images", "distributor")))


@pytest.mark.parametrize(
    ("credit", "ap", "reuters", "guardian"),
    [
        pytest.param(VIA, "(Sergey Bobylev/Sputnik via AP)", "Sputnik/Sergey Bobylev via AP",
                     "Photograph: Sergey Bobylev/Sputnik/AP", id="delivered by another"),
        pytest.param(POOL, "(Alexander Kazakov, Sputnik, Kremlin Pool Photo via AP)",
                     "Sputnik/Alexander Kazakov/Kremlin Pool via AP",
                     "Photograph: Alexander Kazakov/Kremlin Pool/Sputnik/AP", id="a pool is named"),
        pytest.param(OWN, "(AP Photo/Hans Meiering)", "AP/Hans Meiering", "Photograph: Hans Meiering/AP",
                     id="AP's own"),
        pytest.param(REUTERS, "(Zofia Wilk/REUTERS)", "REUTERS/Zofia Wilk", "Photograph: Zofia Wilk/REUTERS",
                     id="Reuters' own: the person after the slash"),
        pytest.param(HANDOUT, "(Sejm via REUTERS)", "Sejm/Handout via REUTERS", "Photograph: Sejm/REUTERS",
                     id="a handout has no photographer"),
        pytest.param(TWO, "(Ana Ruiz and Tom Lee/AFP via Getty Images)", "AFP/Ana Ruiz and Tom Lee via Getty Images",
                     "Photograph: Ana Ruiz and Tom Lee/AFP/Getty Images", id="two photographers"),
    ],
)  # fmt: skip
def test_a_credit_in_three_styles(credit: Credit, ap: str, reuters: str, guardian: str) -> None:
    assert dict(styles(credit)) == {"AP": ap, "Reuters": reuters, "Guardian": guardian}


@pytest.mark.parametrize(
    ("form", "line"),
    [
        ("{photographers}[ / {agencies}]", "Sergey Bobylev / Sputnik/AP"),
        ("{photographers}[ ({pool})]", "Sergey Bobylev"),
        ("Foto: {photographer}[/{origin}][ via {distributor}]", "Foto: Sergey Bobylev/Sputnik via AP"),
        ("{fotograf}", "{fotograf}"),
    ],
)
def test_the_house_style_is_a_form_of_its_own(form: str, line: str) -> None:
    assert dict(styles(VIA, form))["House"] == line


def test_nothing_known_makes_no_credit() -> None:
    assert styles(Credit(), "{photographers}") == []


@pytest.mark.parametrize(
    ("edtf", "words"),
    [("2025-04-17", "17 Apr 2025"), ("2025-04", "Apr 2025"), ("2025", "2025"), ("1941~", "c. 1941"), ("194X", "1940s"),
     ("19XX", "20th century"), ("20XX", "21st century"), ("2012-22", "summer 2012"), ("XXXX-04-17", "17 Apr (no year)"),
     ("2025-03-03/2025-03-07", "3–7 Mar 2025"), ("2025-03-30/2025-04-02", "30 Mar – 2 Apr 2025"),
     ("1914/1918", "1914–1918"), ("1914~/1918", "c. 1914–1918"), ("nonsense", "nonsense"), (None, "")],
)  # fmt: skip
def test_dates_in_words(edtf: str | None, words: str) -> None:
    assert in_words(edtf) == words


def test_the_inferred_stands_in_square_brackets() -> None:
    assert (shown("19 Apr 2025", "inferred"), shown("19 Apr 2025", "exact")) == ("[19 Apr 2025]", "19 Apr 2025")


@pytest.mark.parametrize(
    ("source", "words"),
    [("iim:2:120", "IIM Caption"), ("xmp:dc:description", "XMP description"), ("exif:Artist", "Exif Artist"),
     ("xmp:Iptc4xmpExt:LocationShown[1]/Iptc4xmpExt:City", "XMP LocationShown[1] / City"),
     ("sidecar:xmp:dc:creator", "sidecar XMP creator"), ("desk", "the desk")],
)  # fmt: skip
def test_sources_in_words(source: str, words: str) -> None:
    assert source_in_words(source) == words


@given(texts, texts)
def test_what_is_kept_and_put_in_makes_the_later_reading(before: str, after: str) -> None:
    made = changes(before, after)
    assert "".join(c.text for c in made if c.kind != "out") == after
    assert "".join(c.text for c in made if c.kind != "in") == before


@given(texts, st.integers(10, 50))
def test_a_cut_text_keeps_its_beginning(text: str, most: int) -> None:
    short = cut(text, most)
    assert len(short) <= most + 1
    assert text.startswith(short.removesuffix("…"))


def test_hits_are_marked_across_accents_and_alphabets() -> None:
    found = [text for text, hit in marked("Firefighters in Łódź; фото: Бобылев", ["lodz", "bobylev"]) if hit]
    assert found == ["Łódź", "Бобылев"]


def dated(**photos: int) -> dict[str, list[FacetValue]]:
    """The facets `month` and `year` of photos by month, or by year where no more is known: `y2025_04=3, y2024=9`."""
    counts = {name.removeprefix("y").replace("_", "-"): n for name, n in photos.items()}
    years: Counter[str] = Counter()
    for when, n in counts.items():
        years[when[:4]] += n
    months = {when: n for when, n in counts.items() if len(when) > 4}
    return {facet: [FacetValue(v, v, n, "date", v) for v, n in sorted(found.items())]
            for facet, found in (("month", months), ("year", years))}  # fmt: skip


def test_an_empty_month_keeps_its_room() -> None:
    line = timeline(dated(y2025_01=4, y2025_03=2, y2024=9))
    assert line is not None
    assert [(bar.search, bar.photos) for bar in line.bars] == [("2025-01", 4), ("2025-03", 2)]
    assert line.bars[1].x == 2 * (240 / 12)
    assert line.rough == 9, "they are in no month, and it is said"


@pytest.mark.parametrize(
    ("found", "bars"),
    [
        pytest.param(dated(y1999_05=1, y2025_04=3, y2025_05=4), [("1999", 1), ("2025", 7)], id="many years"),
        pytest.param(dated(y1999_05=1, y2025_04=3, y2025=4), [("1999", 1), ("2025", 7)], id="a year alone counts"),
        pytest.param(dated(y1944=2), [("1944", 2)], id="no month is known at all"),
    ],
)
def test_bars_by_year_hold_every_dated_picture(found: dict[str, list[FacetValue]], bars: list[tuple[str, int]]) -> None:
    line = timeline(found)
    assert line is not None
    assert [(bar.search, bar.photos) for bar in line.bars] == bars
    assert line.rough == 0


def test_nothing_dated_has_no_bars() -> None:
    assert timeline({}) is None


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(-90, 90), st.floats(-180, 180), st.integers(1, 9999)), max_size=30))
def test_a_map_keeps_count(points: list[tuple[float, float, int]]) -> None:
    """Every picture is under some dot, whatever frame is chosen, and every dot is inside it."""
    dots = [outline.Dot(lat, lon, n, "a place", "place:x") for lat, lon, n in points if -55 < lat < 75]
    drawn = outline.draw(dots)
    assert sum(c.dot.photos for c in drawn.circles) == sum(d.photos for d in dots)
    assert all(-5 <= c.x <= drawn.width + 5 and -5 <= c.y <= drawn.height + 5 for c in drawn.circles)


@pytest.mark.parametrize("box", ["", "1,2,3", "a,b,c,d", "nan,nan,nan,nan", "10,10,5,20", "-999,0,999,10", "inf,0,1,1"])
def test_a_frame_that_is_none_is_left_aside(box: str) -> None:
    assert outline.parse_box(box) is None


def test_the_world_is_a_small_picture() -> None:
    drawn = outline.draw([], outline.WORLD)
    assert len(drawn.land) + len(drawn.borders) < 40_000
    assert drawn.land.startswith("M")


@pytest.mark.parametrize("box", [(30, 45, 42, 52), (-180, -58, 180, 80), (36.1, 51.6, 36.3, 51.7), (170, -9, 200, 5)])
def test_tiles_cover_the_map_without_gaps(box: tuple[float, float, float, float]) -> None:
    height, found = tiles_of("https://t.example/{z}/{x}/{y}.png", Box(*box), 960)
    assert 0 < len(found) <= 60
    assert min(t.x for t in found) <= 0
    assert max(t.x + t.size for t in found) >= 960
    assert min(t.y for t in found) <= 0
    assert max(t.y + t.size for t in found) >= height - 1
    assert len({t.url for t in found}) == len(found)


def test_a_dot_lies_on_its_tile() -> None:
    """Kyiv is in column 299 and line 172 of zoom 9, as every map of tiles has it."""
    kyiv = outline.Dot(50.45, 30.52, 1, "Kyiv", "x")
    drawn = outline.draw([kyiv], Box(30, 50, 31, 51), "https://t.example/{z}/{x}/{y}")
    dot = drawn.circles[0]
    under = [t for t in drawn.tiles if t.x <= dot.x < t.x + t.size and t.y <= dot.y < t.y + t.size]
    zoom, x, y = (int(part) for part in under[0].url.removeprefix("https://t.example/").split("/"))
    assert (x >> (zoom - 9), y >> (zoom - 9)) == (299, 172)


@pytest.mark.parametrize(
    ("setting", "host"),
    [("https://t.example/{z}/{x}/{y}.png", "https://t.example"), ("http://10.0.0.5:8080/{z}", "http://10.0.0.5:8080"),
     ("javascript:alert(1)", None), ("https://a b/", None), ("https://x; script-src */", None), ("", None),
     (None, None)],
)  # fmt: skip
def test_only_a_host_gets_into_the_policy(setting: str | None, host: str | None) -> None:
    assert origin(setting) == host
    assert ("img-src" in strict_policy(setting)) == (host is not None)
