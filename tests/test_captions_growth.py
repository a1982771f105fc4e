"""What reading costs grows with a text's length and no faster, whatever the text is made of.

Growth is a ratio of two measurements of one run: four times the text may cost some four times as much, and costs
sixteen times as much where a rule looks back over everything each time.
"""

from __future__ import annotations

import time

import pytest

from ingest.captions import interpret, read_credit, ready
from ingest.captions.interpret import LONGEST

PIECES = (
    # figures and marks
    "1", "12345 ", "1/1 ", "1-1-", "1.", "-", "/", ".", ",", ", ", "'", '"', "«a ", "(", ")", "()", "(a",
    "[a] (", "\n", " ", "|", "&quot;", "<p>", "a-b-ern ", "a, ", "a/", " | ",
    # letters
    "A", "ABC ", "Abc ", "A. ", "A: ", "й", "Курской области ", "бригада ", "写真", "a\u0301", "\u0301", "\u200d",
    "🙂",
    # words that start a rule
    "via ", "Xy via ", "Photo by ", "Photo: ", "Photo (", "© ", "(c) ", "A. © ", "/ABCDEF", "AFP PHOTO / ABCDE",
    "AP/", "Sgt. ", "Mass Communication Specialist 2nd Class ", "of the ", "in Paris, ", "Paris, ", "De la ",
    "Fort ", "Gulf of ", "al-A ", "1st Brigade of the ", "USS ", "frigate ", "Task Force ", "May 3, ",
    "May 3 2020, ", "3/4/2022 ", "Monday, ", "taken by ", "provided on ", "released by ", "amid the war ",
    "that ", "GERMANY OUT ", "NO SALES ", "A - Tags: ", "File# 1 ", "and ", "A and ",
)  # fmt: skip


def cost(text: str) -> float:
    """CPU seconds for one reading as a caption and one as a credit field."""
    begin = time.process_time()
    interpret(text)
    read_credit(text)
    return time.process_time() - begin


@pytest.fixture(scope="module", autouse=True)
def warm() -> None:
    ready()
    cost("A soldier of the 1st Brigade in Kyiv, Ukraine, May 3, 2022. (AP Photo/Ann Example)")


@pytest.mark.parametrize("piece", PIECES)
def test_four_times_the_text_costs_some_four_times_as_much(piece: str) -> None:
    short, long = (piece * (length // len(piece)) for length in (LONGEST // 4, LONGEST))
    growth = min(cost(long) for _ in range(2)) / min(cost(short) for _ in range(2))
    for _ in range(5):  # another process may have taken the processor's caches in one of them
        if growth < 8:
            break
        growth = min(growth, min(cost(long) for _ in range(3)) / min(cost(short) for _ in range(3)))
    assert growth < 8


@pytest.mark.parametrize("piece", PIECES[::5])
def test_what_stands_behind_the_longest_caption_costs_next_to_nothing(piece: str) -> None:
    """A text of 100,000 characters is read as its first 6,000 are."""
    whole, read = piece * (100_000 // len(piece)), piece * (LONGEST // len(piece))
    growth = cost(whole) / cost(read)
    for _ in range(5):
        if growth < 4:
            break
        growth = min(growth, cost(whole) / cost(read))
    assert growth < 4
