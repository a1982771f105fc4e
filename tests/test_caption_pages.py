"""Captions as web pages, databases and older files print them: what is read where the form is not the agency's own.

All people are invented; agencies, places and units are real.
"""

from __future__ import annotations

import pytest

from ingest.captions import Reading, interpret


def printed(reading: Reading, *fields: str) -> dict[str, object]:
    """The fields asked for, as the caption prints them."""
    row = reading.as_json()
    where = next(iter(row["locations"]), {})
    when = next(iter(row["dates"]), {})
    return {
        field: {
            "people": [p["text"] for p in row["photographers"]],
            "agencies": [a["text"] for a in row["agencies"]],
            "units": [u["text"] for u in row["units"]],
            "flags": sorted(f["flag"] for f in row["flags"]),
            "credit": (row["credit_line"] or {}).get("text"),
            "place": where.get("place"),
            "region": where.get("region"),
            "country": where.get("country"),
            "date": when.get("edtf"),
        }[field]
        for field in fields
    }


@pytest.mark.parametrize(
    ("caption", "credit", "people", "agencies", "why"),
    [
        ("A yacht is towed to Marsaxlokk for a customs searchHandout via REUTERS", "Handout via REUTERS", [],
         ["REUTERS"], "a page glues the credit to the last word"),
        ("A referee waits in Leeds. AFP PHOTO / ODILE BRANDTODILE BRANDT/AFP/Getty Images",
         "ODILE BRANDT/AFP/Getty Images", ["ODILE BRANDT"], ["AFP", "Getty Images"],
         "two credits glued together: the second one counts"),
        ("Sailors load crates.   DoD photo by Lance Cpl. Orla M. Finch, U.S. Marine Corps.",
         "DoD photo by Lance Cpl. Orla M. Finch, U.S. Marine Corps", ["Orla M. Finch"], ["DoD", "U.S. Marine Corps"],
         "no full stop of the sentence before it, only spaces"),
        ("Sailors load crates. U.S. Navy photo by Photographer's Mate 2nd Class Orla Finch (RELEASED)",
         "U.S. Navy photo by Photographer's Mate 2nd Class Orla Finch", ["Orla Finch"], ["U.S. Navy"],
         "a release mark in brackets of its own is no part of it"),
        ("Children play. (AFP/Sameer al-Tamimi)", "AFP/Sameer al-Tamimi", ["Sameer al-Tamimi"], ["AFP"],
         "a surname with a small article"),
        ("A kiosk shut down. REUTERS/Ilse Vandermeer Purchase Licensing Rights, opens new tab",
         "REUTERS/Ilse Vandermeer", ["Ilse Vandermeer"], ["REUTERS"], "a page's own notice behind it"),
        ("A striker scores their second goal REUTERS/Ilse Vandermeer", "REUTERS/Ilse Vandermeer", ["Ilse Vandermeer"],
         ["REUTERS"], "no full stop before it"),
        ("A shell lands. REUTERS/Ilse Vandermeer (AFGHANISTAN - Tags: CIVIL UNREST POLITICS MILITARY)",
         "REUTERS/Ilse Vandermeer", ["Ilse Vandermeer"], ["REUTERS"], "Reuters' tags behind it"),
        ("Cars are submerged in Wajima. Mandatory credit Kyodo/via REUTERS ATTENTION EDITORS - THIS IMAGE WAS PROVIDED"
         " BY A THIRD PARTY.", "Kyodo/via REUTERS", [], ["Kyodo", "REUTERS"], "a label before, instructions behind"),
        ("A march. EPA-EFE/ARTUR LENKIEWICZ POLAND OUT", "EPA-EFE/ARTUR LENKIEWICZ", ["ARTUR LENKIEWICZ"], ["EPA-EFE"],
         "a country that may not print it"),
        ("A parade. EPA-EFE/ARTUR LENKIEWICZ DENMARK OUT *** Local Caption *** 57412033", "EPA-EFE/ARTUR LENKIEWICZ",
         ["ARTUR LENKIEWICZ"], ["EPA-EFE"], "a number of the agency's own behind everything"),
        ("A girl.Credit...Government of Israel, via Associated Press", "Government of Israel, via Associated Press", [],
         ["Government of Israel", "Associated Press"], "a comma before via"),
        ("Drones. PHOTO: ORLA FINCH FOR THE WALL STREET JOURNAL", "PHOTO: ORLA FINCH FOR THE WALL STREET JOURNAL",
         ["ORLA FINCH"], ["THE WALL STREET JOURNAL"], "an assignment printed in capitals"),
        ("Mauerbau in Berlin. Bundesarchiv, Bild 173-1321 / Wolfert, Hanna Maria / CC-BY-SA 3.0",
         "Bundesarchiv, Bild 173-1321 / Wolfert, Hanna Maria / CC-BY-SA 3.0", ["Wolfert, Hanna Maria"],
         ["Bundesarchiv"], "surname first, and the licence is part of the credit"),
        ("Members dig. (Royal Air Force Bomber Command, 1942-1945 © IWM (CH 1234))", "© IWM", [], ["IWM"],
         "a museum's series before its sign"),
        ("IMAGE SOURCE, REUTERS\nImage caption, Soldiers rest near Donetsk", "IMAGE SOURCE, REUTERS", [],
         ["REUTERS"],
         "the label of a broadcaster's pages"),
        ("Танкісти на Донеччині. Фото: Сергій Нужний (Радіо Свобода)", "Фото: Сергій Нужний (Радіо Свобода)",
         ["Сергій Нужний"], ["Радіо Свобода"], "the agency in brackets behind the person"),
        ("Militia. (Taras Liberman/Example Visuals Lab/Getty Images)",
         "Taras Liberman/Example Visuals Lab/Getty Images", ["Taras Liberman"],
         ["Example Visuals Lab", "Getty Images"], "an agency that nobody knows between two that are read"),
    ],
)  # fmt: skip
def test_credits_are_found_where_pages_put_them(
    caption: str, credit: str, people: list[str], agencies: list[str], why: str
) -> None:
    found = printed(interpret(caption), "people", "agencies", "credit")
    found["credit"] = str(found["credit"]).removeprefix("© ")
    assert found == {"people": people, "agencies": agencies, "credit": credit.removeprefix("© ")}, why


@pytest.mark.parametrize(
    ("caption", "place", "region", "country", "why"),
    [
        ("The governor speaks at the White House, Thursday, April 10, 2025, in Washington.", "Washington", None, "US",
         "a venue that is the by-name of a city elsewhere"),
        ("Guests arrive at the Metropolitan Museum of Art on May 6, 2024 in New York City.", "New York City", None,
         "US", "a venue named of something"),
        ("Swimmers train on Australia's Gold Coast on April 10.", "Gold Coast", None, "AU", "a country's own town"),
        ("Packets of pills at the Port of Nogales, Arizona, U.S., January 31, 2019.", "Nogales", "Arizona", "US",
         "a common word that is also a town"),
        ("A truck waits at Eagle Pass, Texas, as seen from Piedras Negras, Mexico.", "Piedras Negras", None, "MX",
         "where the photographer stood"),
        ("A crew flies over Illesheim, Germany on the way to port in Rotterdam, the Netherlands, March 15, 2021.",
         "Illesheim", None, "DE", "where they were going is not where they were"),
        ("Lebanese soldiers in Kfar Example, Feb. 18.", "Kfar Example", None, "LB",
         "an unknown village is in the country of the people"),
        ("Police stand in the Molenbeek district of Brussels on November 16, 2015.", "Brussels", None, "BE",
         "a district of a city is no region"),
        ("A man rests in the eastern Ukraine town of Chuguiv, on Feb. 24.", "Chuguiv", None, "UA",
         "a country and its town, the wider name first"),
        ("Delegates meet in Singapore on June 1, 2024.", "Singapore", None, "SG", "a city that is a state"),
        ("The destroyer USS Carney in Souda Bay, Greece, Dec. 3, 2023.", "Souda Bay", None, "GR", "a harbour"),
        ("Migrants land at the port of Augusta, Italy, Aug. 23, 2015.", "Augusta", None, "IT",
         "a town that is a month elsewhere"),
        ("Soldiers drive on the road to Bakhmut, near Chasiv Yar, Donetsk region, Ukraine, 17 April 2023.",
         "Chasiv Yar", "Donetsk region", "UA", "the road leads elsewhere"),
        ("A bomber takes off from Andersen Air Force Base, Guam, Feb. 8, 2024.", "Andersen Air Force Base", None, "GU",
         "what takes off there is there"),
        ("RUSSIA. KURSK REGION – MARCH 14, 2025: Servicemen are seen in the town of Sudzha.", "Sudzha",
         "KURSK REGION", "RU", "a head that names the region, a body that names the town"),
        ("A warship passes the Bab al-Mandeb strait on Aug. 9, 2023.", None, "Bab al-Mandeb strait", None,
         "a sea with its type written small"),
        ("Rebels drive in al-Rashideen, Aleppo province, Syria November 29, 2024.", "al-Rashideen", "Aleppo province",
         "SY", "an article written small"),
        ("Бойцы на Купянском направлении.", None, None, "UA", "a direction named for a town"),
        ("Солдати на полігоні «Дівички» в Київській області.", "полігоні «Дівички»", "Київській області", "UA",
         "a range's name in quotes"),
        ("Uroczystości w Warszawie, 15 sierpnia 2023 r.", "Warszawie", None, "PL", "a Polish town in its case"),
        ("Sgt. Ann Example (Columbus, Georgia), lifts a crate in Long Binh, Vietnam, 1966.", "Long Binh", None, "VN",
         "a hometown in brackets"),
        ("Soldiers on Exercise Arctic Forge 23 in Sodankylä, Finland, Feb. 17, 2023.", "Sodankylä", None, "FI",
         "an exercise is no region"),
    ],
)  # fmt: skip
def test_the_place_of_the_picture(caption: str, place: str | None, region: str | None, country: str, why: str) -> None:
    found = printed(interpret(caption), "place", "region", "country")
    assert found == {"place": place, "region": region, "country": country}, why


@pytest.mark.parametrize(
    ("caption", "date", "why"),
    [
        ("An airliner that crashed in Ahmedabad on June 12, 2025, flies over Melbourne, on December 29, 2024.",
         "2024-12-29", "a clause about another day"),
        ("FILE - The destroyer USS Carney in Souda Bay, Greece. The ship came under attack Sunday, Dec. 3, 2023.", None,
         "behind a file picture's first sentence stands the news of today"),
        ("Evacuees wait at the airport in Kabul, Afghanistan, Monday, Aug. 30. 2021. (AP Photo)", "2021-08-30",
         "a full stop where a comma is meant"),
        ("The designer in his studio in 2012. Photograph: Orla Finch/AP", "2012", "a year that ends the caption"),
    ],
)  # fmt: skip
def test_the_day_of_the_picture(caption: str, date: str | None, why: str) -> None:
    assert printed(interpret(caption), "date") == {"date": date}, why


@pytest.mark.parametrize(
    ("caption", "units", "why"),
    [
        ("Sailors of Helicopter Anti-Submarine Squadron Eleven (HS-11) fly.",
         ["Helicopter Anti-Submarine Squadron Eleven"],
         "a number in words; its short form in brackets is no second unit"),
        ("Gunners of Battalion Landing Team 1/6, 26th Marine Expeditionary Unit, fire.",
         ["Battalion Landing Team 1/6", "26th Marine Expeditionary Unit"], "a number of two parts behind"),
        ("Soldiers with HHC, 1-4 Infantry Battalion, move.", ["HHC", "1-4 Infantry Battalion"],
         "a headquarters company by its letters"),
        ("Guards ride to Horse Guards Parade in London.", [], "a place named for a formation"),
        ("Airmen at Portland Air National Guard Base, Ore.", [], "a base is none"),
        ("An inspection of the 'Zapad' (West) group of forces.", ["'Zapad' (West) group of forces"],
         "a quoted name in front"),
        ("Расчет 7-й гвардейской десантно-штурмовой дивизии.", ["7-й гвардейской десантно-штурмовой дивизии"],
         "a compound adjective"),
        ("A Typhoon of the 2nd Tactical Air Force in Normandy.", ["2nd Tactical Air Force"], "a numbered air force"),
        ("Members of the 2/33rd Australian Infantry Battalion cross a creek.", ["2/33rd Australian Infantry Battalion"],
         "a nation inside the name"),
        ("Servicemen of the 108th Separate Brigade of Territorial Defence fire.",
         ["108th Separate Brigade of Territorial Defence"], "the arm behind the echelon"),
        ("Jefferson County SWAT team members train.", ["Jefferson County SWAT team"], "a county's special unit"),
    ],
)  # fmt: skip
def test_formations(caption: str, units: list[str], why: str) -> None:
    assert printed(interpret(caption), "units") == {"units": units}, why
