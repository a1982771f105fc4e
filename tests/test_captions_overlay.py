"""A newsroom's own authority files take effect in a process that has read captions by others before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.captions import interpret
from ingest.captions.lexicon import use
from ingest.instructions import read

CREDIT = "Guards march in Kyiv, Ukraine, May 3, 2022. (Zzyzx Bildfunk Dienst/Ann Example)"
UNIT = "Soldiers of the Ochre Heron Irregulars march in Kyiv, Ukraine, May 3, 2022."


@pytest.fixture
def shipped_again() -> Iterator[None]:
    yield
    use()


def test_what_was_remembered_before_is_forgotten(tmp_path: Path, shipped_again: None) -> None:
    """An agency's name and a unit's that nothing knew; then the newsroom's folder; then the shipped files again."""
    before = interpret(CREDIT).agencies, interpret(UNIT).units
    assert [agency.authority for agency in before[0]] in ([], [None])
    for kind, entry in {
        "agencies": "- id: zzyzx\n  name: Zzyzx Bildfunk Dienst\n  kind: photo-agency\n  source: general knowledge\n",
        "units": "- id: ochre-heron\n  name: Ochre Heron Irregulars\n  kind: militia\n  source: general knowledge\n",
    }.items():
        (tmp_path / f"{kind}.yml").write_text(entry, encoding="utf-8")
    use(tmp_path)
    assert [agency.authority for agency in interpret(CREDIT).agencies] == ["zzyzx"]
    assert [unit.authority for unit in interpret(UNIT).units] == ["ochre-heron"]
    use()
    assert (interpret(CREDIT).agencies, interpret(UNIT).units) == before


def test_an_instruction_that_was_read_before_is_read_by_the_new_files(tmp_path: Path, shipped_again: None) -> None:
    said = "Keep within the Zzyzx circle"
    assert [m.value for m in read(said)] == ["unread"]
    (tmp_path / "credit_terms.yml").write_text(
        "- id: zzyzx-circle\n  name: keep within the Zzyzx circle\n  kind: restriction\n  restriction: embargo\n"
        "  source: general knowledge\n", encoding="utf-8")  # fmt: skip
    use(tmp_path)
    assert [m.value for m in read(said)] == ["embargo"]
