"""Captions in running text: a paragraph is one because of what it says, wherever it stands."""

from __future__ import annotations

import datetime as dt

import pytest

from ingest.articles import captions

CREDITED = "A ferry burns off Chios, Greece, May 2, 2024. Ann Example/Sputnik via AP"
PLACED = (
    "Marines of the 155th Guards Naval Infantry Brigade clear a trench in Kursk region, Russia, on April 17, 2025."
)
PROSE = "The General Staff denied the claim on Saturday and said its units hold positions in the region."
QUOTED = 'In a statement on April 26, 2025, the ministry said the operation "has completely failed."'


@pytest.mark.parametrize(
    ("paragraphs", "found"),
    [
        ([PROSE, CREDITED, PROSE], [CREDITED]),  # a credit makes a caption
        ([PLACED, PROSE], [PLACED]),  # so do a place and its day at the end, without a credit
        ([PROSE, QUOTED], []),  # a date in prose does not
        ([CREDITED, PLACED], [CREDITED, PLACED]),  # and two stand side by side
        ([], []),
    ],
)
def test_captions_are_found_by_what_they_say(paragraphs: list[str], found: list[str]) -> None:
    text = "\n\n".join(paragraphs)
    assert [text[s.start : s.end] for s in captions(text).captions] == found


@pytest.mark.parametrize("head", ["date 2025-04-26 ", "Published: 2025-04-26\n\n", "2025-04-26\n\n"])
def test_the_articles_own_date_is_read_and_is_no_part_of_a_caption(head: str) -> None:
    text = head + PLACED
    article = captions(text)
    assert article.date == dt.date(2025, 4, 26)
    assert [text[s.start : s.end] for s in article.captions] == [PLACED]
