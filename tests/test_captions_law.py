"""Laws that hold for any text at all: every finding names its characters, nothing raises, time does not run away."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archive.edtf import interval
from ingest.captions import interpret, read_credit
from ingest.captions.interpret import LONGEST

#: Pieces that captions are made of, so that Hypothesis meets the rules and not only noise.
PIECES = st.sampled_from(
    [
        "Servicemen of the ",
        "155th Guards Naval Infantry Brigade",
        "2nd Battalion, ",
        "USS Nitze (DDG 94) ",
        "группировки войск «Запад» ",
        "in Kursk region, Russia, ",
        "near Łódź, Poland ",
        "at Fort Riley, Kan., ",
        "April 17, 2025",
        "24 April 2024 (issued 25 April 2024) ",
        "03/09/2016",
        "on Thursday ",
        "FILE - ",
        "(AP Photo/",
        "Ann Example",
        " via AP)",
        "REUTERS/",
        "Photo by ",
        "/Getty Images for ",
        "Фото: ",
        "NO ARCHIVES",
        "(",
        ")",
        ". ",
        ", ",
        "\n",
        "’s ",
        "©",
        "&quot;",
        "İ",
        "\u202e",
        "ﬁ",
        "👩‍🚀",
        "\x00",
        "1-32",
        "О’Брайен ",
    ]
)
TEXTS = st.one_of(
    st.text(max_size=300), st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=25).map("".join)
)


def stretches(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in a reading's JSON that names characters."""
    if isinstance(value, dict):
        if "start" in value:
            yield value
        for inner in value.values():
            yield from stretches(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from stretches(inner)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
@example(":©D FILE")  # a sign of a credit without one: no empty credit line
def test_text_from_start_to_end_is_verbatim(caption: str) -> None:
    reading = interpret(caption)
    for found in stretches(reading.as_json()):
        assert caption[found["start"] : found["end"]] == found["text"]
    for statement in reading.statements("caption", 0):
        assert statement.span is not None
        assert caption[statement.span.start : statement.span.end] == statement.verbatim
        assert statement.verbatim


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_every_date_is_an_interval_or_has_no_year(caption: str) -> None:
    for date in interpret(caption).dates:
        assert date.edtf.startswith("XXXX") or interval(date.edtf) is not None


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_a_credit_field_never_fails(text: str) -> None:
    json.dumps(read_credit(text).as_json())


@pytest.mark.parametrize(
    "piece",
    ["(", ",", "A ", "1 ", "Photo by ", "in Kyiv, ", "/", "Brigade ", "«", "\n", "2021-", "© ", "USS ", "(a) "],
)
def test_hostile_text_is_read_up_to_a_length_and_the_rest_is_kept(piece: str) -> None:
    caption = piece * (100_000 // len(piece))
    reading = interpret(caption)
    assert reading.remainder[-1] == (LONGEST, len(caption))
