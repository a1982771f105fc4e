"""Names of places: what they find, in which order, in which case, and who shares them."""

from __future__ import annotations

import pytest

from ingest.captions.gazetteer import lookup, lookup_inflected


@pytest.mark.parametrize(("name", "country", "found", "why"), [
    ("Kyiv", "UA", "Kyiv", "the name itself"),
    ("KYIV", "UA", "Kyiv", "datelines are in capitals"),
    ("Kiev", "UA", "Kyiv", "the older spelling, and the city comes before the region named after it"),
    ("Артёмовск", "UA", "Bakhmut", "the name until 2016, in Russian"),
    ("Odessa", "UA", "Odesa", "the better known of many"),
    ("York", "GB", "York", "not the Toronto that was once called so"),
])
def test_a_name_finds_its_place_first(name: str, country: str, found: str, why: str) -> None:
    first = lookup(name)[0]
    assert (first.country, first.name) == (country, found), why


@pytest.mark.parametrize(("name", "nominative", "country"), [
    ("Красноярском", "красноярск", "RU"),
    ("Донецке", "донецк", "UA"),
    ("Петропавловске-Камчатском", "петропавловск-камчатский", "RU"),
    ("Мар’їнкою", "мар'їнка", "UA"),
    ("Warszawie", "warszawa", "PL"),
    ("Kyiv", "Kyiv", "UA"),
])
def test_grammatical_cases_are_undone(name: str, nominative: str, country: str) -> None:
    places, form = lookup_inflected(name)
    assert (form, places[0].country) == (nominative, country)


def test_an_unknown_name_finds_nothing() -> None:
    assert lookup("Qwrtzpolis") == ()
    assert lookup_inflected("Qwrtzpolis") == ((), "Qwrtzpolis")
