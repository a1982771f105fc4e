"""Authority entries, both ways: the entry says how it is printed, and what prints it so is read as that entry."""

from __future__ import annotations

from archive.authority import load
from ingest.captions import interpret

STORY = "A man repairs a roof in Kyiv, Ukraine, on May 3, 2024. "


def test_a_credit_line_of_every_agency_is_read_as_that_agency() -> None:
    """99 of 100 at least; the rest are forms that the grammar does not read yet, and are printed."""
    lines = [(entry.id, example) for entry in load().entries("agencies") for example in entry.examples]
    missed = [(id, example) for id, example in lines
              if id not in {agency.authority for agency in interpret(STORY + example).agencies}]
    assert len(lines) > 1200
    assert len(missed) * 100 <= len(lines), missed


def test_a_credit_line_is_read_as_nobody_else() -> None:
    """What is found in an example is the entry itself, or an agency whose name the example prints as well."""
    known = load()
    for entry in known.entries("agencies"):
        for example in entry.examples:
            for agency in interpret(STORY + example).agencies:
                if agency.authority not in (None, entry.id):
                    printed = (STORY + example)[agency.span.start : agency.span.end]
                    assert agency.authority in {other.id for other in known.find("agencies", printed)}, example


def test_a_rank_before_a_name_is_no_part_of_it() -> None:
    """98 of 100 at least, over the first spellings of every rank, rating and post."""
    ranks = [name for entry in load().entries("ranks") for name in entry.names[:3]]
    missed = [rank for rank in ranks
              if [p.name for p in interpret(f"{STORY}(U.S. Army photo by {rank} Colin Yardley)").photographers]
              != ["Colin Yardley"]]
    assert len(ranks) > 500
    assert len(missed) * 50 <= len(ranks), missed
