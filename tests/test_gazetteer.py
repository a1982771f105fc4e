"""Names of places: what they find, in which order, in which case, and who shares them."""

from __future__ import annotations

import pytest

from ingest.captions.gazetteer import demonyms, lookup, lookup_inflected


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


@pytest.mark.parametrize(("name", "key", "why"), [
    ("U.S.", "iso:US", "as wires abbreviate it"),
    ("US", "iso:US", "a code, in capitals"),
    ("Германия", "iso:DE", "in Russian"),
    ("Сирии", "iso:SY", "inflected"),
    ("Allemagne", "iso:DE", "in French"),
    ("Burma", "iso:MM", "the older name"),
    ("СССР", "gone:soviet-union", "a state that is gone"),
    ("Kursk region", "region:RU-41", "with the wires' word for an oblast"),
    ("Kursk Oblast", "region:RU-41", "with its own word"),
    ("Moscow region", "region:RU-47", "not the city, which is a region of its own"),
    ("Курской области", "region:RU-41", "both words inflected"),
    ("Харківщині", "region:UA-07", "the Ukrainian name that is not the administrative one"),
    ("Calif.", "region:US-CA", "as AP abbreviates it"),
    ("Kern County", "region:US-06029", "a county of the United States"),
    ("Hampshire", "region:GB-hampshire", "a county of England"),
    ("woj. warmińsko-mazurskie", "region:PL-85", "as PAP abbreviates it"),
    ("Darfur", "region:SD-darfur", "a region that is no division any more"),
])
def test_countries_and_regions_in_the_forms_that_captions_print(name: str, key: str, why: str) -> None:
    assert lookup_inflected(name)[0][0].key == key, why


@pytest.mark.parametrize("word", ["in", "or", "us", "me", "hi"])
def test_small_words_are_not_states(word: str) -> None:
    assert not [place for place in lookup(word) if place.kind in ("region", "country")]


def test_demonyms_name_countries() -> None:
    assert demonyms()["ukrainian"] == "UA"
    assert "kurdish" not in demonyms()


@pytest.mark.parametrize(("name", "country"), [
    ("Simferopol", "UA"), ("Luhansk", "UA"), ("Laayoune", "EH"), ("Pristina", "XK"), ("Taipei", "TW"),
    ("Hong Kong", "HK"), ("Macau", "MO"), ("Majdal Shams", "SY"), ("Stepanakert", "AZ"), ("Gaza", "PS"),
])
def test_disputed_land_goes_by_un_recognition(name: str, country: str) -> None:
    assert lookup(name)[0].country == country


@pytest.mark.parametrize(("name", "key", "why"), [
    ("Fort Liberty", "fort-bragg", "a post by the name it bore for two years"),
    ("Grafenwöhr Training Area", "grafenwoehr-training-area", "the German spelling"),
    ("Khmeimim", "hmeimim", "one of a dozen spellings"),
    ("Camp Lemonnier", "camp-lemonnier", "a base abroad"),
    ("JBLM", "joint-base-lewis-mcchord", "an abbreviation, in capitals"),
    ("Levantine Sea", "sea:levantine-sea", "a sea"),
    ("Ормузский пролив", "sea:strait-of-hormuz", "a strait, in Russian"),
    ("Golan Heights", "golan-heights", "disputed land"),
])
def test_our_own_places(name: str, key: str, why: str) -> None:
    assert lookup(name)[0].key == key, why


def test_the_open_sea_has_no_country_and_a_base_has_its_hosts() -> None:
    assert lookup("Red Sea")[0].country is None
    assert (lookup("Guantanamo Bay")[0].country, lookup("Golan Heights")[0].country) == ("CU", "SY")


def test_a_venue_pins_its_city() -> None:
    kremlin = lookup("Kremlin")[0]
    assert (kremlin.kind, kremlin.city, kremlin.country) == ("venue", "Moscow", "RU")


def test_a_village_that_we_respell_stays_one_place() -> None:
    assert len({place.key for place in lookup("Клещеевка") + lookup("Klishchiivka") if place.country == "UA"}) == 1
