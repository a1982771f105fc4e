"""What the desk decides wins, stays through every later reading, and can be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive import corrections
from archive.errors import ArchiveError
from tests.test_store import Desk, photo


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    made.run(photo(conflict=True))
    yield made
    made.check()
    made.db.close()


def shown(desk: Desk, column: str) -> Any:
    return desk.all(f"SELECT {column} FROM photos WHERE identity = '{'a' * 32}'")[0]


DECISIONS = [
    # property, action, new, old, column, what the row then shows
    ("date_created", "set", "2025-04-18", None, "taken", "2025-04-18"),
    ("date_created", "set", "2025-04", None, "taken", "2025-04"),
    ("date_created", "set", "XXXX-02-29", None, "taken", "XXXX-02-29"),
    ("date_created", "wrong", None, None, "taken", None),
    ("unit", "set", ["56th Air Assault Brigade", "Marines"], None, "unit", "56th Air Assault Brigade; 155th"),
    ("unit", "wrong", None, "155th", "unit", None),
    ("agency", "set", "Reuters", None, "agency", "Reuters"),
    ("agency", "wrong", None, "ap", "agency", "Sputnik"),
    ("agency", "set", "TASS", "sputnik", "agency", "TASS → Associated Press"),
    ("creator", "set", ["Ivan Danilov", "Lada Moroz"], None, "photographer", "Ivan Danilov; Lada Moroz"),
    ("creator", "wrong", None, "Ivan Danilov", "photographer", None),
    ("headline", "set", "Rest", None, "headline", "Rest"),
    ("flag", "set", "handout", None, "flags", "handout"),
    ("pool", "set", "Kremlin Pool", None, "pool", "Kremlin Pool"),
    ("restriction", "wrong", None, None, "restricted", 0),
    ("location_created", "set", {"value": "Sudzha, Russia", "detail": {"place": "Sudzha", "country": "RU"}}, None,
     "country", "RU"),
]  # fmt: skip


@pytest.mark.parametrize(("prop", "action", "new", "old", "column", "value"), DECISIONS)
def test_a_decision_counts_at_once_at_every_reading_and_until_it_is_taken_back(
    desk: Desk, prop: str, action: Any, new: Any, old: str | None, column: str, value: object
) -> None:
    before = desk.dump()
    number = corrections.decide(desk.db, 1, prop, action, new, "lena", old=old)
    assert shown(desk, column) == value
    desk.run(photo("Marines of the 155th rest, April 17, 2025.", at=2, conflict=True))
    assert shown(desk, column) == value, "a later reading of the file does not undo it"
    desk.run(photo(at=3, conflict=True))
    corrections.undo(desk.db, number, "omar")
    assert desk.dump()[0] == before[0]
    assert desk.all("SELECT actor, undone_by, undone IS NOT NULL FROM corrections") == [("lena", "omar", 1)]


def test_a_confirmed_value_is_sure_and_its_conflict_settled(desk: Desk) -> None:
    assert desk.find("xconflict")
    number = corrections.decide(desk.db, 1, "date_created", "confirm", None, "lena")
    assert (shown(desk, "conflicts"), shown(desk, "taken_standing")) == (0, "exact")
    assert not desk.find("xconflict")
    desk.run(photo("Marines of the 155th rest, April 17, 2025.", at=2, conflict=True))
    assert shown(desk, "conflicts") == 0
    corrections.undo(desk.db, number, "lena")
    assert shown(desk, "conflicts") == 1


def test_a_corrected_day_moves_the_photo_to_its_place_in_the_order(desk: Desk) -> None:
    desk.run(photo(of="b", path="/in/b.jpg", day="2025-04-18"))
    order = "SELECT identity FROM photos ORDER BY slot"
    assert desk.all(order) == ["a" * 32, "b" * 32]
    corrections.decide(desk.db, 1, "date_created", "set", "2025-04-19", "lena")
    assert desk.all(order) == ["b" * 32, "a" * 32]


def test_later_decisions_build_on_earlier_ones(desk: Desk) -> None:
    first = corrections.decide(desk.db, 1, "creator", "set", "Lada Moroz", "lena")
    corrections.decide(desk.db, 1, "creator", "set", "Pavlo Hnat", "lena", old="Lada Moroz")
    assert shown(desk, "photographer") == "Pavlo Hnat"
    corrections.undo(desk.db, first, "lena")
    assert shown(desk, "photographer") == "Ivan Danilov; Pavlo Hnat"


REFUSED = [
    # property, action, new, a word of the message
    ("caption", "set", "x", "no property"),
    ("unit", "change", "x", "no decision"),
    ("unit", "set", None, "Nothing to set"),
    ("unit", "set", " ", "empty"),
    ("unit", "wrong", "x", "no new value"),
    ("date_created", "set", "last Tuesday", "EDTF"),
    ("date_created", "set", "2025-02-30", "EDTF"),
    ("date_created", "set", "XXXX-02-30", "EDTF"),
    ("date_created", "set", ["2025", "2024"], "has one"),
]


@pytest.mark.parametrize(("prop", "action", "new", "word"), REFUSED)
def test_what_cannot_be_decided_is_said_and_nothing_is_written(
    desk: Desk, prop: str, action: Any, new: Any, word: str
) -> None:
    with pytest.raises(ArchiveError, match=word):
        corrections.decide(desk.db, 1, prop, action, new, "lena")
    assert desk.all("SELECT id FROM corrections") == []


def test_no_photo_no_name_no_decision(desk: Desk) -> None:
    with pytest.raises(ArchiveError, match="no photo number 99"):
        corrections.decide(desk.db, 99, "unit", "wrong", None, "lena")
    with pytest.raises(ArchiveError, match="name of whoever"):
        corrections.decide(desk.db, 1, "unit", "wrong", None, "")
    number = corrections.decide(desk.db, 1, "unit", "wrong", None, "lena")
    corrections.undo(desk.db, number, "lena")
    with pytest.raises(ArchiveError, match="already"):
        corrections.undo(desk.db, number, "lena")
    with pytest.raises(ArchiveError, match="no decision number 99"):
        corrections.undo(desk.db, 99, "lena")


def test_a_name_that_fits_two_units_has_to_be_told_apart(desk: Desk) -> None:
    desk.run(photo(of="b", path="/in/b.jpg", unit="us-155-armored-brigade"))
    with pytest.raises(ArchiveError, match="ru-155-naval-infantry-brigade, us-155-armored-brigade"):
        corrections.decide(desk.db, 1, "unit", "set", "155th", "lena")
    corrections.decide(desk.db, 1, "unit", "set", "us-155-armored-brigade", "lena")
    assert desk.all("SELECT count(*) FROM photo_units GROUP BY unit") == [2]


def test_a_decision_joins_the_callers_transaction(desk: Desk) -> None:
    desk.db.execute("BEGIN")
    corrections.decide(desk.db, 1, "headline", "set", "Rest", "lena")
    with pytest.raises(ArchiveError):
        corrections.decide(desk.db, 99, "headline", "set", "Rest", "lena")
    assert shown(desk, "headline") == "Rest"
    desk.db.execute("ROLLBACK")
    assert shown(desk, "headline") is None
