"""The formations that ship with cutline: every entry is found by what captions print, and none claims too much."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from archive.authority import SHIPPED, Authorities, Entry, Membership, check, existed, files, load
from archive.edtf import interval
from archive.folding import fold
from ingest.captions import interpret


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CUTLINE_CACHE", str(folder))
        yield folder


@pytest.fixture(scope="module")
def authorities(cache: Path) -> Authorities:
    return load()


@pytest.fixture(scope="module")
def units(authorities: Authorities) -> tuple[Entry, ...]:
    return authorities.entries("units")


# What a caption prints, and the formation it names.

@pytest.mark.parametrize(("printed", "id"), [
    pytest.param("155th Guards Naval Infantry Brigade", "ru-155-naval-infantry-brigade", id="as wires write it"),
    pytest.param("155th Marine Brigade", "ru-155-naval-infantry-brigade", id="marines, no honorific"),
    pytest.param("155 ОБрМП", "ru-155-naval-infantry-brigade", id="the abbreviation on a sleeve"),
    pytest.param("155-я отдельная гвардейская бригада морской пехоты", "ru-155-naval-infantry-brigade",
                 id="in full Russian"),
    pytest.param("Айдар", "ua-24-assault-battalion", id="a battalion known by its volunteers' name"),
    pytest.param("24th Assault Battalion “Aidar”", "ua-24-assault-battalion", id="the same, numbered, in curly quotes"),
    pytest.param("93 ОМБр «Холодний Яр»", "ua-93-mechanized-brigade", id="Ukrainian short form and honour name"),
    pytest.param("93rd Mechanised Brigade", "ua-93-mechanized-brigade", id="British spelling"),
    pytest.param("Sever (North) Group of Forces", "ru-group-of-forces-sever", id="both names, as AP writes it"),
    pytest.param("группировка войск \"Север\"", "ru-group-of-forces-sever", id="and as TASS does"),
    pytest.param("KHARTIIA BRIGADE", "ua-khartiia-brigade", id="in capitals"),
    pytest.param("Magyar's Birds", "ua-magyars-birds", id="a nickname that stands alone"),
    pytest.param("PMC Wagner", "ru-wagner-group", id="Wagner with its label"),
    pytest.param("82nd Airborne", "us-82-airborne-division", id="a division cut to its arm"),
    pytest.param("101st Airborne Division (Air Assault)", "us-101-airborne-division", id="its full dress"),
    pytest.param("26th MEU (SOC)", "us-26-meu", id="a Marine unit's initials"),
    pytest.param("2d Marines", "us-2-marine-regiment", id="the services' own ordinals"),
    pytest.param("VMFA-121", "us-vmfa-121", id="a squadron's designation"),
    pytest.param("Marine Fighter Attack Squadron (VMFA) 121", "us-vmfa-121", id="and with the initials in the middle"),
    pytest.param("USS Harry S. Truman", "us-ship-harry-s-truman", id="a ship with its prefix"),
    pytest.param("Coast Guard Cutter Polar Star", "us-cutter-polar-star", id="a cutter"),
    pytest.param("Vermont Army National Guard", "us-vermont-army-national-guard", id="a state's force"),
])
def test_a_printed_name_finds_its_formation(authorities: Authorities, printed: str, id: str) -> None:
    assert [entry.id for entry in authorities.find("units", printed)] == [id]


@pytest.mark.parametrize(("printed", "when", "ids"), [
    pytest.param("Vostok Battalion", "2007-08", ["ru-vostok-chechen-battalion"], id="in Chechnya before 2008"),
    pytest.param("Vostok Battalion", "2015", ["dnr-vostok-battalion"], id="in Donetsk since 2014"),
    pytest.param("Vostok Battalion", None, ["ru-vostok-chechen-battalion", "dnr-vostok-battalion"],
                 id="undated it stays open"),
    pytest.param("Pacific Fleet", "2024", ["ru-pacific-fleet", "us-pacific-fleet"], id="two fleets of one name today"),
    pytest.param("3rd Army Corps", "2024", ["ru-3-army-corps"], id="Ukraine's is of 2025"),
])
def test_a_name_that_fits_two_is_settled_by_the_date_or_stays_open(
        authorities: Authorities, printed: str, when: str | None, ids: list[str]) -> None:
    assert sorted(entry.id for entry in authorities.find("units", printed, when)) == sorted(ids)


@pytest.mark.parametrize(("id", "when", "parents"), [
    pytest.param("ru-20-combined-arms-army", "2022-03", ["ru-western-military-district"], id="before the change"),
    pytest.param("ru-20-combined-arms-army", "2025-03", ["ru-moscow-military-district"], id="and after"),
    pytest.param("ua-azov-brigade", "2023", [], id="no corps before there were corps"),
    pytest.param("ua-azov-brigade", "2025-10", ["ua-1-azov-corps"], id="Azov's own corps"),
    pytest.param("us-22-meu", "2011", ["us-ii-mef"], id="undated membership always holds"),
])
def test_who_a_formation_belonged_to_depends_on_the_date(
        authorities: Authorities, id: str, when: str, parents: list[str]) -> None:
    asked = interval(when)
    assert asked is not None
    found = [m.id for m in authorities.get("units", id).part_of if _held(m, asked.first, asked.last)]
    assert found == parents


def _held(membership: Membership, first: int, last: int) -> bool:
    since, until = interval(membership.since), interval(membership.until)
    return (since is None or since.first <= last) and (until is None or first <= until.last)


# What the caption grammar makes of them.

@pytest.mark.parametrize(("caption", "found"), [
    pytest.param("The Russian submarine Kazan enters the port of Havana.", [("Kazan", "ru-ship-kazan")],
                 id="a ship behind its type"),
    pytest.param("A tram crosses a bridge in Kazan, Russia.", [], id="the city it is named after"),
    pytest.param("Soldiers of Azov sit in a trench.", [("Azov", "ua-azov-brigade")], id="a brigade by its name"),
    pytest.param("A boat lies on a beach at the Sea of Azov.", [], id="a sea of that name"),
    pytest.param("A bust of Richard Wagner stands in a garden in Bayreuth.", [], id="a composer"),
    pytest.param("RSF fighters wave from a pickup.", [("RSF", "sd-rsf")], id="initials in capitals"),
    pytest.param("Sailors of the U.S. 6th Fleet line up.", [("6th Fleet", "us-6-fleet")], id="no nation"),
    pytest.param("Soldiers of the Bosnian 6th Infantry Brigade rehearse.",
                 [("6th Infantry Brigade", "ba-6-infantry-brigade")], id="but tells which sixth it is"),
    pytest.param("Members of the Russian Volunteer Corps speak to reporters.",
                 [("Russian Volunteer Corps", "ua-russian-volunteer-corps")], id="unless it is part of the name"),
    pytest.param("Soldiers of the British 4th Infantry Division rest.", [("4th Infantry Division", None)],
                 id="Britain's fourth is not America's"),
    pytest.param("Ships of Standing NATO Maritime Group 2 (SNMG2) sail past.",
                 [("Standing NATO Maritime Group 2", "nato-snmg2")], id="initials in brackets are no second formation"),
])
def test_a_caption_is_read_with_them(caption: str, found: list[tuple[str, str | None]]) -> None:
    assert [(caption[u.span.start : u.span.end], u.authority) for u in interpret(caption).units] == found


# What holds for every entry.

def test_the_shipped_files_have_nothing_wrong() -> None:
    mine = {f"archive/authorities/{path.name}" for path in files(SHIPPED) if path.stem.startswith("units")}
    assert [str(problem) for problem in check(SHIPPED) if problem.fatal and problem.file in mine] == []


def test_there_are_formations_of_many_nations(units: tuple[Entry, ...]) -> None:
    assert len(units) >= 700
    assert {"UA", "RU", "US"} <= {entry.country for entry in units}


def test_every_entry_has_a_kind_an_example_and_a_source(units: tuple[Entry, ...]) -> None:
    assert [e.id for e in units if not (e.entry_kind and e.examples and e.source)] == []


def test_every_source_is_general_knowledge_or_a_page(units: tuple[Entry, ...]) -> None:
    source = re.compile(r"general knowledge\Z|https?://\S+\Z")
    assert [entry.source for entry in units if not source.match(entry.source)] == []


def test_an_example_leads_to_its_entry_and_to_no_other(authorities: Authorities, units: tuple[Entry, ...]) -> None:
    """No other formation's longer name lies over the entry's own in its example: the example would be read as that."""
    names = authorities.names("units")
    for entry in units:
        for example in entry.examples:
            found = sorted(_names_in(fold(example), names), key=len)
            outermost = [name for i, name in enumerate(found) if not any(name in other for other in found[i + 1 :])]
            assert any(entry.id in names[name] for name in outermost), f"{entry.id}: {example!r} is read as {outermost}"


def _names_in(example: str, names: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    words = example.split()
    for start in range(len(words)):
        for end in range(start + 1, min(len(words), start + 14) + 1):
            text = " ".join(words[start:end])
            yield from (name for name in {text, text.rstrip(",.;:"), text.removesuffix("'s")} if name in names)


def test_a_ship_that_bears_a_place_s_name_is_shown_behind_its_type(units: tuple[Entry, ...]) -> None:
    """`Kazan` alone is a city: where no prefix marks a ship, its examples give the word that does."""
    prefix = re.compile(r"[A-Z][A-Za-z.]*S |USNS |USCGC |[A-Z]{2,5} |U\.S\. Coast Guard Cutter ")
    types = ("ship|warship|battleship|cruiser|frigate|destroyer|corvette|submarine|carrier|boat|vessel|tug|icebreaker|"
             "minehunter|minelayer|minesweeper")
    kind = re.compile(rf"(?i)\b(?:{types})\Z")
    for entry in units:
        if entry.entry_kind == "ship" and not prefix.match(entry.name):
            said = [e[: e.find(name)].rstrip() for e in entry.examples for name in entry.names if name in e]
            assert any(kind.search(before) for before in said), f"{entry.id}: {entry.examples}"


def test_names_stand_as_a_caption_finding_would(units: tuple[Entry, ...]) -> None:
    """No leading article, no hull number or trailing stop: such a name could never be what the grammar finds."""
    wrong = re.compile(r"\A[Tt]he (?!Sullivans|Old Guard|Rifles|Black Watch)|[.,;:]\Z|\((?:DDG|CVN|CG|LHD|LPD)[ -]?\d")
    assert [(e.id, n) for e in units for n in e.names
            if wrong.search(n) and not re.search(r"\b(?:Jr|Div|Inf|Bn|Rgt)\.\Z", n)] == []


@pytest.mark.parametrize("printed", [
    "Ukrainian Army", "IDF", "Israel Defense Forces", "U.S. Army", "U.S. Marines", "Marines", "U.S. Navy", "Royal Navy",
    "Royal Air Force", "Russian Defense Ministry", "Hamas", "Hezbollah", "Taliban", "Islamic State", "IS", "NATO",
    "Revolutionary Guard", "State Emergency Service", "National Guard", "Special Forces", "Bundeswehr", "Indian Army",
    "Kremlin", "Police", "Airborne Forces", "Air Assault Forces", "Rosgvardia",
])
def test_services_movements_and_alliances_are_no_formations(authorities: Authorities, printed: str) -> None:
    assert authorities.find("units", printed) == ()


def test_no_formation_is_above_itself(authorities: Authorities, units: tuple[Entry, ...]) -> None:
    known = {entry.id: entry for entry in units}

    def above(id: str, seen: tuple[str, ...]) -> None:
        assert id not in seen, f"part_of goes round: {' > '.join((*seen, id))}"
        for membership in known[id].part_of:
            if membership.id in known:
                above(membership.id, (*seen, id))

    for entry in units:
        above(entry.id, ())


def test_a_formation_and_its_parent_existed_together(authorities: Authorities, units: tuple[Entry, ...]) -> None:
    known = {entry.id: entry for entry in units}
    for entry in units:
        for membership in entry.part_of:
            for date in filter(None, (membership.since, membership.until)):
                assert existed(entry, date), f"{entry.id} was no more, or not yet, in {date}"
                assert existed(known[membership.id], date), f"{entry.id}: {membership.id} did not exist in {date}"


def test_a_parent_is_no_smaller_than_its_part(units: tuple[Entry, ...]) -> None:
    size = {"company": 1, "squadron": 2, "battalion": 2, "regiment": 3, "brigade": 4, "division": 5, "corps": 6,
            "army": 7}
    known = {entry.id: entry for entry in units}
    for entry in units:
        for membership in entry.part_of:
            parent = known[membership.id]
            if entry.entry_kind in size and parent.entry_kind in size:
                assert size[entry.entry_kind] <= size[parent.entry_kind], f"{entry.id} in {parent.id}"
