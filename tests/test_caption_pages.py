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
        ("GUNNERS AT NADZAB. SEPTEMBER 1943. (PHOTOGRAPHER N. TREVANION, AWM 057655)", "PHOTOGRAPHER N. TREVANION, AWM",
         ["N. TREVANION"], ["AWM"], "an archive's number behind the agency"),
        ("Sharing peaches. Signal Corps Photo 190061-S (Pfc. Bergman).", "Signal Corps Photo 190061-S (Pfc. Bergman)",
         ["Bergman"], ["Signal Corps"], "a picture's number, the person in brackets"),
        ("A depot burns. Governor of Oryol Region Pavel Zhilov via Telegram/Handout via REUTERS",
         "Governor of Oryol Region Pavel Zhilov via Telegram/Handout via REUTERS", ["Pavel Zhilov"],
         ["Telegram", "REUTERS"], "a post before the name"),
        ("Gunners near Nish, Serbia. Bain News Service, publisher. Library of Congress",
         "Bain News Service, publisher. Library of Congress", [], ["Bain News Service", "Library of Congress"],
         "who made it, before who keeps it"),
        ("Men fix bayonets. Lt Ernest Brookman. © IWM (Q 744)", "Lt Ernest Brookman. © IWM", ["Ernest Brookman"],
         ["IWM"],
         "a rank and a name as a sentence before the sign"),
        ("A trooper sleeps. (Photo by Barnaby Wythe-Pool/Getty Images)", "Photo by Barnaby Wythe-Pool/Getty Images",
         ["Barnaby Wythe"], ["Getty Images"], "a pool behind a hyphen"),
        ("A squad waits in Ramadi, Iraq. (AP Photo/Dale Hutchins) ** FILE **", "AP Photo/Dale Hutchins",
         ["Dale Hutchins"],
         ["AP"], "a file mark behind the credit is not the credit"),
        ("Getty Images A woman walks past a house in Lviv", "Getty Images", [], ["Getty Images"],
         "the agency first, with no mark behind it"),
        ("Школьники в музее.\nАвтор: Рената Гусева\nКредит: РИА Новости", "РИА Новости", ["Рената Гусева"],
         ["РИА Новости"], "a field each"),
        ("Smoke at a market. (Darfur Network for Human Rights via AP)", "Darfur Network for Human Rights via AP", [],
         ["Darfur Network for Human Rights", "AP"], "a name with `for` inside"),
        ("Tanks in the southern Gaza Strip, January 12, 2024 | Rivka Sharon/AP", "Rivka Sharon/AP", ["Rivka Sharon"],
         ["AP"], "a bar behind the date"),
        ("Tanks in Rafah, Gaza, Jan. 2024. | Rivka Sharon/Reuters", "Rivka Sharon/Reuters", ["Rivka Sharon"],
         ["Reuters"], "a month's full stop ends no sentence"),
        ("Сборы Росгвардии в Забайкалье - РИА Новости, 1920, 18.07.2020", "РИА Новости, 1920, 18.07.2020", [],
         ["РИА Новости"], "a page's title, and what it is of before the dash"),
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
        ("Soldiers ski on Exercise Arctic Forge near Rovaniemi, Finland, Feb. 14, 2024.", "Rovaniemi", None, "FI",
         "nor is the second word of its name"),
        ("FORT CAMPBELL, Ky. -- Gunners sling a howitzer over Corregidor Landing Zone on Nov. 2, 2016.",
         "Corregidor Landing Zone", "Ky.", "US", "the head says where the body's site lies"),
        ("Soldiers call for fire at Fort Johnson, LA, 03 OCT 2023.", "Fort Johnson", "LA", "US",
         "two capitals are a state before a country"),
        ("Studio portrait of a private.\nPlace made | Egypt: Cairo |\n", "Cairo", None, "EG",
         "a field with a colon inside"),
        ("A cat is carried out of a cellar in Irpin, near Kyiv (Kiev), Ukraine, 30 March 2022.", "Irpin", None, "UA",
         "another spelling is no region"),
        ("A shopkeeper in Taji, north of Baghdad, February 8, 2008.", "Taji", None, "IQ",
         "the city, not the governorate"),
        ("Supporters watch a final at Newlands on May 24, 2024 in Cape Town, South Africa.", "Cape Town", None, "ZA",
         "a ground, then the date, then the city"),
        ("Żołnierze w Kłodzku, woj. dolnośląskie, 17 września 2024 r.", "Kłodzku", "woj. dolnośląskie", "PL",
         "a voivodeship written small"),
        ("Soldiers stand guard in Ilave, in Peru&#39;s Puno region, Thursday, Jan. 26, 2023.", "Ilave", "Puno region",
         "PE",
         "an apostrophe that a web page encoded"),
        ("Commandos clear snow in Yuksekova district of Hakkari, Turkiye on February 6, 2023.", None, "Hakkari", "TR",
         "a district of a province"),
        ("Gebirgsjäger seilen sich oberhalb von Bad Reichenhall ab.", "Bad Reichenhall", None, "DE",
         "two prepositions"),
        ("Fans gather in Atlanta, Georgia, Monday, May 5, 2025.", "Atlanta", "Georgia", "US",
         "a state that is also a country, told by its town"),
        ("People gather in Tbilisi, Georgia, Monday, May 5, 2025.", "Tbilisi", None, "GE",
         "and the country, by its own"),
        ("Rescuers work in the Philippines' Palawan province, May 5, 2025.", None, "Palawan province", "PH",
         "an apostrophe behind an s"),
        ("A meeting by video link at the Novo-Ogaryovo residence outside Moscow, April 26, 2025.", "Novo-Ogaryovo",
         None, "RU", "a residence outside a city is not in it"),
        ("Beamte kontrollieren auf der Stadtbrücke in Görlitz Fahrzeuge.", "Görlitz", None, "DE",
         "in German a noun behind a town is no part of its name"),
        ("A firefighter works in Ukraine's second-largest city, Kharkiv, June 5, 2025.", "Kharkiv", None, "UA",
         "a town called the second of its country"),
        ("Hostages are handed over to the Red Cross in Khan Younis, southern Gaza Strip, Feb. 1, 2025.", "Khan Younis",
         "Gaza Strip", "PS", "an organisation is no town"),
        ("Workers of Doctors Without Borders in Goma, Congo.", "Goma", None, "CD",
         "a caption that names an organisation is no credit"),
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
        ("Studio portrait of a private.\nDate made | c December 1915 |", "1915-12~", "about a month"),
        ("Gunners near Nish, Serbia, between ca. 1915 and ca. 1916.", "1915~/1916~", "about two years"),
        ("Infantrymen rest on a slope in the Hurtgen forest, November-December 1944.", "1944-11/1944-12", "two months"),
        ("Снимок сделан в дни десанта с 3 по 8 ноября 1943 года.", "1943-11-03/1943-11-08", "from a day to a day"),
        ("Undated handout photo issued by Kent Police of Ann Example, who was jailed on August 9. Issue date: Monday"
         " September 16, 2024.", "2024-09-16", "of a portrait only the day of issue is known"),
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
        ("Soldaten der 3. Kompanie des Panzergrenadierbataillons 122 üben.",
         ["3. Kompanie des Panzergrenadierbataillons 122"], "a German company and its battalion are one"),
        ("Bombeiros Voluntários de Arganil combatem o incêndio.", ["Bombeiros Voluntários de Arganil"],
         "a fire brigade and its town"),
        ("Militares del Regimiento de Ingenieros nº 8 retiran lodo.", ["Regimiento de Ingenieros nº 8"],
         "the arm and the number stand behind"),
        ("INDBATT veterinarians of UNIFIL treat goats.", ["INDBATT", "UNIFIL"], "a contingent by its letters"),
        ("Servicemen of the 15th Operational Brigade Kara-Dag train.", ["15th Operational Brigade Kara-Dag"],
         "a number and a name are one"),
        ("Tanks filled for the Iraqi 9th Army Division.", ["9th Army Division"], "an army's division is no army"),
        ("The ship sails with Commander, Task Group 52.3.", ["Task Group 52.3"], "a number with a point"),
        ("Scouts of the 5th Squadron, 73rd Cavalry Regiment, wait. The 5th Sqn. watched the road.",
         ["5th Squadron", "73rd Cavalry Regiment"], "a short form later on is no second unit"),
        ("Airmen of the 347th Rescue Group jump from an HC-130J.", ["347th Rescue Group"],
         "an aircraft is no squadron"),
        ("Supporters of the Hermanus Rugby Brigade watch a final.", [], "a club that calls itself a brigade"),
        ("Marines with Combat Logistics Battalion 31 load trucks.", ["Combat Logistics Battalion 31"],
         "a name that begins with a sentence's word"),
        ('Members of the 1st Separate Assault Battalion "Da Vinci Wolves" fire near Bakhmut.',
         ["1st Separate Assault Battalion"], "a name in quotes beside its designation is no second unit"),
        ('Members of the "Da Vinci Wolves" 1st Separate Assault Battalion fire near Bakhmut.',
         ["1st Separate Assault Battalion"], "nor is it in front"),
        ("Servicemen of 'Vostok' battlegroup fire a howitzer.", ["'Vostok' battlegroup"],
         "a battlegroup's name in quotes"),
    ],
)  # fmt: skip
def test_formations(caption: str, units: list[str], why: str) -> None:
    assert printed(interpret(caption), "units") == {"units": units}, why
