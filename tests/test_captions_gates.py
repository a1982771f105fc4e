"""Most words and patterns of the grammar are tried only where a cheap sign says that they may fit.

A sign that is missing from its list would silence a rule without a word, so here each pattern writes the texts that it
fits, and the sign has to be in them.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.authority import load
from ingest.captions import credit_rules, place_joints, place_weight, wording
from ingest.captions.credit_rules import StretchRules
from ingest.captions.lexicon import agency_named, is_rank, opens_agency, opens_rank
from ingest.captions.place_links import LINKS, links
from ingest.captions.tokens import any_of

#: Letters that re.IGNORECASE takes for s, k and i, and small letters do not: no caption prints them in such words.
ODD = re.compile("[ſKİı]")


def fitting(pattern: re.Pattern[str]) -> st.SearchStrategy[str]:
    return st.from_regex(pattern).filter(lambda text: pattern.search(text) is not None and not ODD.search(text))


@pytest.mark.parametrize(("flag", "pattern", "signs"), wording._FLAGS, ids=[row[0] for row in wording._FLAGS])
def test_a_text_with_a_flag_has_one_of_its_signs(flag: str, pattern: re.Pattern[str], signs: tuple[str, ...]) -> None:
    @settings(max_examples=40, deadline=None)
    @given(fitting(pattern))
    def holds(text: str) -> None:
        assert any_of(signs, text.lower())

    holds()


@pytest.mark.parametrize(("kind", "pattern"), wording._NUMBERS, ids=[row[0] for row in wording._NUMBERS])
def test_an_agency_s_number_has_six_figures_in_a_row(kind: str, pattern: re.Pattern[str]) -> None:
    @settings(max_examples=20, deadline=None)
    @given(fitting(pattern))
    def holds(text: str) -> None:
        assert wording._SIX_FIGURES.search(text)

    holds()


@settings(max_examples=80, deadline=None)
@given(fitting(place_weight._STORY))
def test_a_phrase_that_tells_a_story_may_be_one_by_its_last_words(text: str) -> None:
    assert place_weight.may_be_story(text)


@pytest.mark.parametrize(("kind", "starts", "link"), LINKS, ids=[row[0] for row in LINKS])
def test_a_link_between_places_begins_as_it_says(kind: str, starts: str, link: re.Pattern[str]) -> None:
    if kind == "apposition":
        return  # found in another way

    @settings(max_examples=40, deadline=None)
    @given(st.from_regex(link).filter(lambda text: not ODD.search(text)))
    def holds(text: str) -> None:
        m = link.match(text)
        if m:
            assert (kind, link) in links(m.group()[:1])

    holds()


@settings(max_examples=40, deadline=None)
@given(st.one_of(fitting(place_joints.HEAD), st.text("aB.!?:| \n\t\"“(-–*<p>FILE epa", max_size=12)))
def test_the_head_of_a_sentence_is_found_as_its_pattern_finds_it(text: str) -> None:
    assert place_joints.at_head(text) == (place_joints.HEAD.search(text) is not None)


def test_every_agency_and_every_rank_is_opened_by_its_first_word() -> None:
    known = load()
    names = [name for entry in known.entries("agencies") for name in entry.names]
    assert [name for name in names if agency_named(name) and not opens_agency(name)] == []
    ranks = [name for entry in known.entries("ranks") for name in entry.names]
    assert [rank for rank in ranks if is_rank(rank) and not opens_rank(rank.split()[0])] == []


@pytest.mark.parametrize(
    ("rule", "pattern"),
    [
        (StretchRules._pool, credit_rules._POOL),
        (StretchRules._photo_by, credit_rules._BY),
        (StretchRules._photo_behind, credit_rules._PHOTO_TAIL),
        (StretchRules._suffixed, credit_rules._YEAR_BEHIND),
        *((StretchRules._suffixed, pattern) for _, pattern in credit_rules._SUFFIXES),
        *((StretchRules._opening, pattern) for _, pattern in credit_rules._OPENINGS),
        (StretchRules._term, credit_rules._LICENCE),
        (StretchRules._term, credit_rules._NUMBERS),
        (StretchRules._term, credit_rules._NATIONALITY),
    ],
)  # fmt: skip
def test_a_stretch_that_a_rule_reads_is_given_to_it(rule: object, pattern: re.Pattern[str]) -> None:
    anchored = re.compile(rf"\A(?:{pattern.pattern})", pattern.flags)

    @settings(max_examples=25, deadline=None)
    @given(fitting(anchored), st.sampled_from(("", "Example")))
    def holds(text: str, before: str) -> None:
        reads = pattern.fullmatch if rule is StretchRules._term or pattern is credit_rules._POOL else pattern.search
        stretch = (before + text) if rule not in (StretchRules._opening, StretchRules._term) else text
        if reads(stretch) and (rule is not StretchRules._opening or pattern.match(stretch)):
            assert rule in credit_rules._rules(stretch)

    holds()
