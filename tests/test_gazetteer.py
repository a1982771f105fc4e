"""Names of places: what they find, in which order, in which case, and who shares them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.authority import load
from archive.errors import AuthorityError
from archive.folding import fold
from ingest.captions.gazetteer import (
    by_key,
    demonyms,
    lookup,
    lookup_inflected,
    lookup_loosely,
    use_authorities,
    venues,
)
from ingest.captions.gazetteer_build import compiled_names
from ingest.captions.inflection import LIMIT, nominatives


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


def test_the_names_of_venues_are_kept_in_tokens() -> None:
    assert venues().starting["crypto"] == (("crypto", ".", "com", "arena"),)
    assert {"loandepot", "10"} <= venues().uncapped
    assert not {"the", "wembley", "kremlin"} & venues().uncapped
    assert all(len(names[0]) >= len(names[-1]) > 1 for names in venues().starting.values())


def test_a_village_that_we_respell_stays_one_place() -> None:
    assert len({place.key for place in lookup("Клещеевка") + lookup("Klishchiivka") if place.country == "UA"}) == 1


@pytest.mark.parametrize(("name", "countries", "why"), [
    ("Tripoli", ["LY", "LB"], "two capitals of the news, the larger first, neither dropped"),
    ("Georgia", ["GE", "US"], "the country, then the state"),
    ("Kherson", ["UA", "UA"], "the city that gives the region its name, then the region"),
    ("Lugo", ["ES", "ES", "IT"], "the city, then the province that is named after it, then a town abroad"),
    ("Salvador", ["BR"], "not El Salvador, which French calls so"),
    ("Palmyra", ["SY"], "written down as the one that wires mean"),
    ("Cordoba", ["AR"], "accents do not count"),
])
def test_homonyms_all_come_best_known_first(name: str, countries: list[str], why: str) -> None:
    assert [place.country for place in lookup(name)][:len(countries)] == countries, why


@pytest.mark.parametrize(("name", "country", "found"), [
    ("Kremenchouk", "UA", "Kremenchuk"),
    ("Moukalla", "YE", "Mukalla"),
    ("Baqoubah", "IQ", "Baqouba"),
])
def test_another_romanisation_is_found_where_the_country_is_told(name: str, country: str, found: str) -> None:
    assert lookup(name) == ()
    assert lookup_loosely(name, country)[0].name == found
    assert lookup_loosely(name, "NZ") == ()


def test_a_place_is_found_by_its_key() -> None:
    region = by_key("region:UA-05")
    assert region is not None and (region.name, region.country) == ("Donetsk", "UA")
    assert lookup("Bakhmut")[0].region == region.key
    assert by_key("region:UA-99") is None


@settings(deadline=None)  # the first look-up maps the file
@given(st.text(max_size=200))
def test_any_text_is_looked_up_without_harm(text: str) -> None:
    places, form = lookup_inflected(text)
    assert isinstance(places, tuple) and isinstance(form, str)
    assert len(list(nominatives(fold(text)))) <= LIMIT


def test_every_entry_of_ours_is_found_by_every_name_it_has() -> None:
    for entry in load().entries("places"):
        for name in entry.names:
            keys = {place.key for place in lookup(name)}
            assert keys & {entry.id, f"sea:{entry.id}", f"gn:{entry.extra.get('geonames', '')}"}, (entry.id, name)


@pytest.mark.slow
def test_a_newsroom_adds_places_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "places.yml").write_text(
        '- id: press-hill\n  name: Press Hill\n  kind: feature\n  country: IL\n  latitude: "31.5"\n'
        '- {id: press-arena, name: press.example Arena, kind: venue, country: IL}\n', "utf-8")
    try:
        use_authorities(tmp_path)
        assert lookup("Press Hill")[0].key == "press-hill"
        assert "press" in venues().uncapped
        assert lookup("Kyiv")[0].country == "UA"
    finally:
        use_authorities()
    assert not [place for place in lookup("Press Hill") if place.key == "press-hill"]
    assert "press" not in venues().uncapped


@pytest.mark.slow
@pytest.mark.parametrize(("lines", "complaint"), [
    ('  kind: castle\n  country: FR\n', "castle"),
    ('  kind: base\n  country: FR\n  region: "FR-999"\n', "FR-999"),
    ('  kind: base\n  country: FR\n  latitude: "north"\n', "expected degrees"),
])
def test_a_wrong_place_is_refused_by_file_and_line(lines: str, complaint: str, tmp_path: Path) -> None:
    (tmp_path / "places.yml").write_text(f"- id: wrong\n  name: Wrong\n{lines}", "utf-8")
    with pytest.raises(AuthorityError, match=complaint) as refused:
        compiled_names(tmp_path)
    assert (refused.value.line, refused.value.file) == (1, str(tmp_path / "places.yml"))
