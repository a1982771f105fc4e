"""What a caption says: rows of captions in the agencies' forms, and what is read from each.

All people are invented; agencies, places and units are real.
"""

from __future__ import annotations

import datetime as dt

import pytest

from ingest.captions import Reading, interpret, read_credit


def people(reading: Reading) -> list[str]:
    return [reading.caption[p.span.start : p.span.end] for p in reading.photographers]


def agencies(reading: Reading) -> list[str]:
    return [reading.caption[a.span.start : a.span.end] for a in reading.agencies]


def units(reading: Reading) -> list[str]:
    return [reading.caption[u.span.start : u.span.end] for u in reading.units]


def flags(reading: Reading) -> set[str]:
    return {f.value for f in reading.flags}


@pytest.mark.parametrize(
    ("credit", "who", "whose"),
    [
        # AP: staff, staff with a pool, nobody named
        ("(AP Photo/Mara Ellison)", ["Mara Ellison"], ["AP"]),
        ("(AP Photo/Mara Ellison, Pool)", ["Mara Ellison"], ["AP"]),
        ("(AP Photo)", [], ["AP"]),
        # AP delivers others: person first, then the chain
        ("(Ivan Danilov/Sputnik via AP)", ["Ivan Danilov"], ["Sputnik", "AP"]),
        ("(Ivan Danilov, Sputnik, Kremlin Pool Photo via AP)", ["Ivan Danilov"], ["Sputnik", "AP"]),
        ("(Russian Defense Ministry Press Service via AP)", [], ["Russian Defense Ministry Press Service", "AP"]),
        # Reuters: the agency first, the person after the slash, without brackets
        ("REUTERS/Ilse Vandermeer", ["Ilse Vandermeer"], ["REUTERS"]),
        ("REUTERS/Stringer", [], ["REUTERS"]),
        ("Kyodo/via REUTERS", [], ["Kyodo", "REUTERS"]),
        # AFP: the surname in capitals; the legacy double credit, of which the last counts
        ("(Photo by Aurelie MARTINEAU / AFP)", ["Aurelie MARTINEAU"], ["AFP"]),
        ("AFP PHOTO / AURELIE MARTINEAU", ["AURELIE MARTINEAU"], ["AFP"]),
        (
            "AFP PHOTO/A MARTINEAU(Photo credit should read A MARTINEAU/AFP/Getty Images)",
            ["A MARTINEAU"],
            ["AFP", "Getty Images"],
        ),
        # Getty: the client is no agency
        ("(Photo by Noor Haddad/Getty Images for Example Week)", ["Noor Haddad"], ["Getty Images"]),
        ("(Photo by Noor Haddad/Anadolu via Getty Images)", ["Noor Haddad"], ["Anadolu", "Getty Images"]),
        # EPA delivers its provider: the provider comes first in the chain
        ("EPA-EFE/ICELANDIC COAST GUARD HANDOUT", [], ["ICELANDIC COAST GUARD", "EPA-EFE"]),
        # a formation that gives its own picture away
        (
            "24th Mechanized Brigade named after King Danylo of the Ukrainian Armed Forces/Handout via REUTERS",
            [],
            ["24th Mechanized Brigade named after King Danylo of the Ukrainian Armed Forces", "REUTERS"],
        ),
        # armed forces: the service, then the rank, then the name
        (
            "(U.S. Navy photo by Mass Communication Specialist 2nd Class Dale R. Wexler/Released)",
            ["Dale R. Wexler"],
            ["U.S. Navy"],
        ),
        ("(Photo by U.S. Army Staff Sgt. Dale Wexler)", ["Dale Wexler"], ["U.S. Army"]),
        ("UK MOD © Crown copyright 2023", [], ["UK MOD", "Crown copyright"]),
        # "via" inside a surname is a name
        ("(Luca Dalla Via/ANSA via AP)", ["Luca Dalla Via"], ["ANSA", "AP"]),
        # two people in one credit
        ("(Photo by Ann Example and Noor Haddad / AFP)", ["Ann Example", "Noor Haddad"], ["AFP"]),
        # newspapers, labels in other languages, archives
        ("Photograph: Owen Tranter/PA", ["Owen Tranter"], ["PA"]),
        ("Фото: Лев Одинцов/ТАСС", ["Лев Одинцов"], ["ТАСС"]),
        # broadcasters' and newspapers' pages: a colon, a dash without spaces, words of the page around the credit
        ("(AP: Mara Ellison)", ["Mara Ellison"], ["AP"]),
        ("(Supplied: U.S. Navy/Mara Ellison)", ["Mara Ellison"], ["U.S. Navy"]),
        ("[File: Mara Ellison/Reuters]", ["Mara Ellison"], ["Reuters"]),
        ("Mara Ellison—AFP/Getty Images", ["Mara Ellison"], ["AFP", "Getty Images"]),
        ("Mara Ellison/AP hide caption", ["Mara Ellison"], ["AP"]),
        ("— AFP pic", [], ["AFP"]),
        ("EPA-EFE/MARA ELLISON ATTENTION: This Image is part of a PHOTO SET", ["MARA ELLISON"], ["EPA-EFE"]),
        ("Bundesarchiv, Bild 101I-154-1964-28 / Dreyhaupt / CC-BY-SA 3.0", ["Dreyhaupt"], ["Bundesarchiv"]),
    ],
)
def test_credits(credit: str, who: list[str], whose: list[str]) -> None:
    reading = interpret(f"People wait for a bus in Kyiv, Ukraine, May 2, 2024. {credit}")
    assert (people(reading), agencies(reading)) == (who, whose)


def test_a_credit_on_one_line_with_the_caption_ends_where_the_caption_field_begins() -> None:
    caption = "Image source, Reuters Image caption, Smoke rises over Kyiv on 3 May"
    reading = interpret(caption)
    assert reading.credit_line is not None
    start, end = reading.credit_line.span
    assert (caption[start:end], agencies(reading)) == ("Image source, Reuters", ["Reuters"])


def test_a_credit_field_is_read_by_the_same_grammar() -> None:
    reading = read_credit("Ivan Danilov/Sputnik via AP")
    assert (people(reading), agencies(reading)) == (["Ivan Danilov"], ["Sputnik", "AP"])
    assert [a.role for a in reading.agencies] == ["origin", "distributor"]


def test_a_name_in_capitals_has_a_form_to_show_and_keeps_the_printed_one() -> None:
    (person,) = interpret("A bus in Goris, Armenia, 19 January 2023. EPA/HRANT O'BALAS-MCKAY").photographers
    assert person.name == "Hrant O'Balas-McKay"


@pytest.mark.parametrize(
    ("caption", "found"),
    [
        ("FILE - A bus in Kyiv, Ukraine, May 2, 2024. (AP Photo/Ann Example, File)", {"file"}),
        (
            "In this photo provided by the 24th Brigade, a bus burns. (Example/24th Mechanized Brigade via AP)",
            {"handout"},
        ),
        (
            "Undated handout photo issued by Durham Constabulary. Durham Constabulary/PA Wire",
            {"undated", "handout"},
        ),
        ("A bus in Dori, Burkina Faso. Photo courtesy of Okefenokee Heritage Center", {"courtesy"}),
        ("A bus. (AP Photo/Ann Example, Pool)", {"pool"}),
        # "Released" in a Navy credit is a clearance, no handout
        ("A bus. (U.S. Navy photo by Builder 2nd Class Ann Example/Released)", set()),
    ],
)
def test_flags_only_where_the_wording_says_so(caption: str, found: set[str]) -> None:
    assert flags(interpret(caption)) == found


@pytest.mark.parametrize(
    ("text", "edtf", "role"),
    [
        ("in Kyiv, Ukraine, Thursday, Nov. 9, 2023", "2023-11-09", "taken"),  # AP's months
        ("in Kyiv, Ukraine November 9, 2023", "2023-11-09", "taken"),  # Reuters has no comma
        ("in Kyiv, Ukraine, 24 April 2024 (issued 25 April 2024)", "2024-04-24", "taken"),  # EPA's two days
        ("in Kyiv in early May, 2021", "2021-05", "taken"),  # no more precise than printed
        ("in Kyiv between 3 - 7 March 2014", "2014-03-03/2014-03-07", "taken"),
        ("in Kyiv, ca. 1864", "1864~", "taken"),
        ("in Nanyuki, Kenya, 1940s", "194X", "taken"),
        ("in Orel; Sommer 1943", "1943-22", "taken"),
        ("in Kyiv, 18 Sep 21", "2021-09-18", "taken"),
        ("in Kyiv on January 17", "XXXX-01-17", "taken"),  # the year is not added
        ("in this photo released on March 8, 2024", "2024-03-08", "released"),
        ("in this photo released by the Korean Central News Agency (KCNA) on March 8, 2024", "2024-03-08", "released"),
        ("in this photo taken and released on March 8, 2024", "2024-03-08", "taken"),  # both on one day
        ("in Kyiv. Picture date: Tuesday June 24, 2014. Issue date: June 25, 2014", "2014-06-24", "taken"),
        ("під Києвом, 9 січня 2024 року", "2024-01-09", "taken"),
        ("w Wędrzynie, 14 czerwca 2022 r", "2022-06-14", "taken"),
        ("près de Tessalit, au Mali, le 12 mars 2019", "2019-03-12", "taken"),
    ],
)
def test_dates(text: str, edtf: str, role: str) -> None:
    date = interpret(f"Soldiers wait {text}.").dates[0]
    assert (date.edtf, date.role) == (edtf, role)


def test_a_reference_date_settles_what_the_caption_leaves_open_and_says_so() -> None:
    by_weekday = interpret("Troopers cross a ford in Northumberland on Thursday.", dt.date(2024, 3, 2)).dates[0]
    by_day = interpret("A bus burns in Kyiv on Dec. 19.", dt.date(2023, 2, 8)).dates[0]
    assert (by_weekday.edtf, by_weekday.standing) == ("2024-02-29", "inferred")
    assert (by_day.edtf, by_day.standing) == ("2022-12-19", "inferred")


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("in Kyiv yesterday", "2025-04-25"),
        ("in the Donetsk region last month", "2025-03"),  # The New York Times
        ("in Kyiv earlier this month", "2025-04"),
        ("вчера в Киеве", "2025-04-25"),
    ],
)
def test_a_day_told_from_the_day_of_publication_is_settled_by_it(text: str, edtf: str) -> None:
    found = interpret(f"Soldiers wait {text}.", dt.date(2025, 4, 26)).dates
    assert [(d.edtf, d.standing) for d in found] == [(edtf, "inferred")]
    assert interpret(f"Soldiers wait {text}.").dates == ()


def test_a_numeric_date_is_never_guessed_in_silence() -> None:
    date = interpret("A bus in Kyiv. 03/09/2016").dates[0]
    assert (date.edtf, date.standing) == ("2016", "ambiguous")
    assert set(date.candidates) == {"2016-09-03", "2016-03-09"}


def test_a_weekday_that_is_not_that_days_is_a_conflict() -> None:
    date = interpret("A bus in Kyiv, Ukraine, Monday, Nov. 9, 2023. (AP Photo/Ann Example)").dates[0]
    assert date.edtf == "2023-11-09"
    assert date.conflict is not None
    assert "Thursday" in date.conflict


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("of the 155th Guards Naval Infantry Brigade", ["155th Guards Naval Infantry Brigade"]),
        # each comma level is a formation of its own
        (
            "with Company B, 2-135th General Support Aviation Battalion",
            ["Company B", "2-135th General Support Aviation Battalion"],
        ),
        ("of 2nd Battalion, 503rd Infantry Regiment", ["2nd Battalion", "503rd Infantry Regiment"]),
        # a possessive joins, the nation stays out
        ("of Ukraine's 59th Separate Assault Brigade", ["59th Separate Assault Brigade"]),
        ("of the Givati Brigade's Shaked Battalion", ["Givati Brigade", "Shaked Battalion"]),
        ("of the Russian Army Sever (North) Group of Forces", ["Sever (North) Group of Forces"]),
        # ships lose the hull number behind the name, an acronym in the middle stays
        ("of the USS Nitze (DDG 94)", ["USS Nitze"]),
        ("from Coastal Riverine Squadron (CRS) 8", ["Coastal Riverine Squadron (CRS) 8"]),
        # shorthand
        ("with VMFA-121", ["VMFA-121"]),
        ("of 2 PARA", ["2 PARA"]),
        ("of the 74th and 75th Fighter Squadrons", ["74th and 75th Fighter Squadrons"]),
        # Russian and Ukrainian, inflected
        (
            "155-й отдельной гвардейской бригады морской пехоты",
            ["155-й отдельной гвардейской бригады морской пехоты"],
        ),
        ("79 ОДШБр", ["79 ОДШБр"]),
        ("группировки войск «Запад»", ["группировки войск «Запад»"]),
        # what looks like a unit and is none
        ("take part in Exercise Steel Battalion", []),
        ("fire a howitzer during Dynamic Front 23", []),
        ("wait on the Western Front", []),  # a line on the map; with its number it is a formation
        ("of the 1st Ukrainian Front", ["1st Ukrainian Front"]),
        ("of the Ukrainian Army", []),
        ("beside an F-16 on the M-14 road at 1st Street", []),
        ("at the G-20 summit before a Formula 1 race", []),
        ("photographed in this photo provided by the 24th Mechanized Brigade's press service", []),
    ],
)
def test_units(text: str, printed: list[str]) -> None:
    assert units(interpret(f"Soldiers {text}.")) == printed


def test_spellings_of_one_formation_meet_in_one_entry() -> None:
    spellings = (
        "155th Guards Naval Infantry Brigade",
        "155th Naval Infantry Brigade",
        "155-й отдельной гвардейской бригады морской пехоты",
        "155 ОБрМП",
    )
    keys = {interpret(f"Soldiers of the {s} rest.").units[0].key for s in spellings[:2]}
    assert keys == {"ru-155-naval-infantry-brigade"}


def test_a_formation_knows_what_it_is_printed_as_part_of() -> None:
    battalion, regiment = interpret("Men of 2nd Battalion, 503rd Infantry Regiment rest.").units
    assert (battalion.within, regiment.within) == ("503rd Infantry Regiment", None)


@pytest.mark.parametrize(
    ("text", "place", "region", "country"),
    [
        ("in Kursk region, Russia", None, "Kursk region", "RU"),
        ("near Chasiv Yar, Donetsk region, eastern Ukraine", "Chasiv Yar", "Donetsk region", "UA"),
        # a civilian venue gives its city, a military site is a place itself
        ("at the Allianz Arena in Munich", "Munich", None, "DE"),
        ("at Fort Riley, Kansas", "Fort Riley", "Kansas", "US"),
        # AP's short forms of states
        ("in Columbus, Neb.", "Columbus", "Neb.", "US"),
        # possessive and apposition
        ("in Monguno in Nigeria's Borno state", "Monguno", "Borno state", "NG"),
        ("in the waters of the Andaman Sea", None, "Andaman Sea", None),
        # homonyms are settled by the rest of the phrase
        ("in Brest, Belarus", "Brest", None, "BY"),
        ("in Brest, France", "Brest", None, "FR"),
        # disputed land by UN recognition; states that are gone have no code
        ("in Sevastopol", "Sevastopol", None, "UA"),
        # old spellings
        ("in Artemivsk, Ukraine", "Artemivsk", None, "UA"),
    ],
)
def test_places(text: str, place: str | None, region: str | None, country: str | None) -> None:
    location = interpret(f"People wait for a bus {text}, May 2, 2024. (AP Photo/Ann Example)").locations[0]
    assert (location.place, location.region, location.country) == (place, region, country)


@pytest.mark.parametrize(
    "caption",
    [
        "Capt. Dale Wexler of Duluth, Minnesota, waits for a bus.",  # a hometown
        "The ship is homeported in Norfolk, Virginia.",  # a home base
        "Leaders talk about the war in Ukraine.",  # a war's name
    ],
)
def test_a_place_of_the_story_is_not_where_the_picture_was_taken(caption: str) -> None:
    assert interpret(caption).locations == ()


def test_the_body_goes_before_the_dateline() -> None:
    reading = interpret(
        "SALAHUDDIN, IRAQ - JULY 6: Fighters rest in Tuz Khurmatu, Salahuddin province, Iraq on July 6, 2021. "
        "(Ann Example - Anadolu Agency)"
    )
    assert (reading.locations[0].place, reading.dates[0].edtf) == ("Tuz Khurmatu", "2021-07-06")


def test_xinhuas_dateline_is_where_and_when_the_story_was_filed() -> None:
    reading = interpret(
        "(250414) -- BEIJING, April 14, 2025 (Xinhua) -- Children try on gloves in Osaka, Japan, April 13, 2025. "
        "(Xinhua/Mei Qihang)"
    )
    assert (reading.locations[0].place, reading.dates[0].edtf) == ("Osaka", "2025-04-13")


@pytest.mark.parametrize(
    ("tail", "kinds"),
    [
        ("NO RESALES. NO ARCHIVES", {"no-resales", "no-archives"}),
        (
            "ATTENTION EDITORS - THIS IMAGE HAS BEEN SUPPLIED BY A THIRD PARTY. MANDATORY CREDIT",
            {"third-party", "mandatory-credit"},
        ),
    ],
)
def test_instructions_are_split_off_and_kept(tail: str, kinds: set[str]) -> None:
    reading = interpret(f"A bus in Rio de Janeiro, Brazil June 4, 2025. REUTERS/Ann Example {tail}")
    assert {r.value for r in reading.restrictions} >= kinds
    assert reading.credit_line is not None
    assert reading.credit_line.value == "REUTERS/Ann Example"


def test_an_embargo_has_its_day() -> None:
    reading = interpret("A bus in Paris, France, May 2, 2024. (AP Photo/Ann Example) EMBARGOED UNTIL May 9, 2024")
    assert [(r.value, r.until) for r in reading.restrictions] == [("embargo", "2024-05-09")]


def test_what_no_rule_covered_is_kept() -> None:
    reading = interpret("A bus in Paris, France, May 2, 2024. (AP Photo/Ann Example) zzz qqq")
    assert [reading.caption[s.start : s.end] for s in reading.remainder] == ["zzz qqq"]


@pytest.mark.parametrize(
    ("caption", "ids", "why"),
    [
        ("Морпехи 155-й отдельной гвардейской бригады морской пехоты на позиции", ["ru-155-naval-infantry-brigade"],
         "in the genitive"),
        ("Награждают 155-ю отдельную бригаду морской пехоты", ["ru-155-naval-infantry-brigade"],
         "in the accusative, without the honorific"),
        ("Бойцы 155 ОБрМП на учениях", ["ru-155-naval-infantry-brigade"], "in shorthand"),
        ('Бійці 93-ї окремої механізованої бригади "Холодний Яр" біля Бахмута', ["ua-93-mechanized-brigade"],
         "in Ukrainian, with a name in quotes"),
        ("Бійці 3-ї окремої штурмової бригади", ["ua-3-assault-brigade"], "in Ukrainian"),
    ],
)  # fmt: skip
def test_a_formation_is_the_same_in_every_case(caption: str, ids: list[str], why: str) -> None:
    assert [u.authority for u in interpret(caption).units] == ids, why


def test_an_unknown_formation_has_one_key_in_every_case() -> None:
    captions = ("Бійці 999-ї окремої штурмової бригади.", "999-та окрема штурмова бригада на марші.")
    one, two = (interpret(text).as_json()["units"][0]["key"] for text in captions)
    assert one == two
