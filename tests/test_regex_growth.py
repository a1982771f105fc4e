"""No text makes us think for ever: a text four times as long costs about four times as much, whatever it is made of.

The texts are made from our own regular expressions: for each repetition in one, what makes it go on and then fail.
Growth is told by ratios: four times the text is 4 times the work where that is linear, 16 where it is quadratic.
"""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from archive.query import parse_query
from ingest.articles import captions
from ingest.captions import interpret, read_credit
from ingest.instructions import read
from tests.hostile_patterns import Pattern, attacks, patterns, unseen

#: More than this for a text four times as long is not linear.
MOST = 8.0
#: Work shorter than this is not told from chance.
NOTHING = 0.0005

#: The grammar of captions: what hurts one of its patterns is read as a caption, too.
GRAMMAR = "ingest.captions."


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """Give up on what would go on for ever: the engine asks for signals now and then.

    Only our own work counts: on a machine that others use, too, the clock on the wall would call anything endless.
    """

    def stop(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def growth(work: Callable[[str], object], text: Callable[[int], str], size: int) -> float:
    """How much more four times the text costs. A ratio that is too high is measured again: chance only ever adds."""

    def cost(length: int) -> float:
        made = text(length)
        before = time.thread_time()
        work(made)
        return time.thread_time() - before

    try:
        with patience(5):
            short, long = cost(size), cost(4 * size)
            for _ in range(4):
                if long < max(MOST * short, NOTHING):
                    break
                short, long = max(short, cost(size)), min(long, cost(4 * size))
    except TimeoutError:
        return float("inf")
    return long / max(short, NOTHING / MOST)


def of(before: str, pump: str, end: str) -> Callable[[int], str]:
    return lambda length: before + pump * max(1, (length - len(before)) // len(pump)) + end


@pytest.mark.parametrize("pattern", patterns(), ids=lambda p: p.where)
def test_each_pattern_is_linear(pattern: Pattern) -> None:
    worse = {}
    for attack in attacks(pattern.compiled):
        found = growth(pattern.tried, of(*attack), 400)
        if found >= MOST:
            worse[attack] = round(found, 1)
    assert worse == {}, pattern.compiled.pattern


def test_no_pattern_is_left_out() -> None:
    assert unseen() == []


def pumps() -> list[tuple[str, str]]:
    """(before, what is repeated) of all patterns of the caption grammar, each once."""
    found = {}
    for pattern in patterns():
        if pattern.where.startswith(GRAMMAR):
            for before, pump, _ in attacks(pattern.compiled):
                if 0 < len(pump) <= 6:
                    found.setdefault(pump, before)
    return [(before, pump) for pump, before in found.items()]


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
def test_reading_as_a_whole(part: int, record_property: Callable[[str, object], None]) -> None:
    """A caption made of any of these is read in time that grows with its length, up to the longest that is read."""
    worse = {}
    for before, pump in pumps()[part::4]:
        found = growth(interpret, of(before, pump, "\0"), 600)
        if found >= MOST:
            worse[before, pump] = round(found, 1)
    assert worse == {}
    record_property("figure", f"{len(pumps()[part::4])} hostile captions")


READERS: list[tuple[str, Callable[[str], object]]] = [
    ("a search", parse_query), ("a credit field", read_credit), ("an instruction", read),
    ("an article", captions),
]  # fmt: skip
PLAIN = ["a", "A", "1", " ", "\n", "*", "(", ")", '"', "'", ",", ". ", "- ", "/", "©", "via ", "A. ", "(A) ", "A/", "é",
         "\u0301", "Ж", "May ", "1, ", "NO ", "no archives ", "unit:", "-", "x:y ", '"a', "(1)", "<p>",
         "FILE - "]  # fmt: skip


@pytest.mark.parametrize(("name", "reader"), READERS, ids=[name for name, _ in READERS])
def test_other_texts_from_outside_as_a_whole(name: str, reader: Callable[[str], object]) -> None:
    read_before = getattr(reader, "__wrapped__", reader)  # not what a cache remembers
    worse = {pump: round(found, 1) for pump in PLAIN if (found := growth(read_before, of("", pump, "!"), 900)) >= MOST}
    assert worse == {}


def test_the_net_would_catch_a_bad_one() -> None:
    for bad, methods in (
        (r"(?:a+)+b", {"search"}), (r"\s+x", {"sub"}), (r"a*a*b", {"match"}), (r"a*b?a*", {"fullmatch"}),
        (r"(?:\A|\n|: )\s*x", {"search"}), (rb"\s*([^\n]*)\n\d", {"match"}), (r"\s+x", set()),
    ):  # fmt: skip
        pattern = Pattern(str(bad), re.compile(bad), frozenset(methods))
        assert any(growth(pattern.tried, of(*attack), 400) >= MOST for attack in attacks(pattern.compiled)), bad
