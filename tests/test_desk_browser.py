"""The desk as a picture editor uses it: a real browser on a real server."""

from __future__ import annotations

import re
import sqlite3
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.desk_archive import EASTER, HOSTILE, LODZ, MARINES
from tests.desk_server import ORDINARY, Desk

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def rows(desk: Desk, sql: str, *values: object) -> list[tuple[object, ...]]:
    """What the archive itself says."""
    db = sqlite3.connect(f"file:{desk.archive}?mode=ro", uri=True)
    try:
        return db.execute(sql, values).fetchall()
    finally:
        db.close()


def type_in(page: Page, text: str) -> None:
    """Type into the box and press Enter."""
    page.get_by_role("combobox").fill(text)
    page.get_by_role("combobox").press("Enter")
    page.wait_for_load_state("networkidle")


def query(page: Page) -> str:
    """The search that the address bar holds."""
    return parse_qs(urlsplit(page.url).query).get("q", [""])[0]


def test_everything_is_there_at_first(desk: Desk, page: Page) -> None:
    page.goto(desk.url)
    assert page.locator("h1").inner_text().split() == [str(ORDINARY + 7), "pictures"]
    assert page.locator("#photos .card").count() == 48


def test_searching_by_unit_makes_a_chip_and_an_address(desk: Desk, page: Page) -> None:
    page.goto(desk.url)
    type_in(page, "unit:155")
    assert query(page) == "unit:155"
    assert page.locator(".chip").inner_text().startswith("unit: 155")
    assert [c.get_attribute("data-id") for c in page.locator(".card").all()] == [MARINES.identity]


def test_searching_by_day_finds_what_the_archive_has(desk: Desk, page: Page) -> None:
    page.goto(f"{desk.url}/?q=date:2025-04-19")
    wanted = rows(desk, "SELECT identity FROM photos WHERE taken = '2025-04-19' ORDER BY slot DESC")
    assert [(c.get_attribute("data-id"),) for c in page.locator(".card").all()] == wanted


def test_a_chip_is_taken_away_and_changed(desk: Desk, page: Page) -> None:
    page.goto(f"{desk.url}/?q=unit:155+date:2025-04")
    page.get_by_role("link", name="Remove unit:155").click()
    assert query(page) == "date:2025-04"
    page.locator(".chip a").first.click()
    box = page.get_by_role("combobox")
    assert box.input_value() == "date:2025-04"
    box.fill("date:2025-03")
    box.press("Enter")
    page.wait_for_load_state()
    assert query(page) == "date:2025-03"


def test_a_chip_can_be_changed_without_scripts(desk: Desk, browser: object) -> None:
    context = browser.new_context(java_script_enabled=False)  # type: ignore[attr-defined]
    page = context.new_page()
    page.goto(f"{desk.url}/?q=unit:155+date:2025-04")
    page.locator(".chip a").first.click()
    assert page.locator("input[name=add]").input_value() == "unit:155"
    page.locator("input[name=add]").fill("by:danilov")
    page.get_by_role("button", name="Search", exact=True).click()
    assert query(page) == "date:2025-04 by:danilov"
    page.goto(desk.url)
    page.get_by_role("link", name="More pictures").click()
    assert "after=" in page.url
    assert page.locator(".card").count() == 48
    context.close()


def test_suggestions_come_with_counts_and_are_taken_by_keyboard(desk: Desk, page: Page) -> None:
    page.goto(desk.url)
    box = page.get_by_role("combobox")
    with page.expect_response(lambda answer: "assoc" in answer.url):
        box.type("agency:assoc", delay=20)
    option = page.get_by_role("option", name="Associated Press")
    option.wait_for()
    page.wait_for_timeout(200)  # the last answer is drawn anew
    counted = rows(desk, "SELECT count(*) FROM photo_agencies a JOIN agencies g ON g.id = a.agency WHERE g.key = 'ap'")
    assert option.inner_text().split()[-1] == str(counted[0][0])
    box.press("ArrowDown")
    assert option.get_attribute("aria-selected") == "true"
    assert box.get_attribute("aria-activedescendant") == option.get_attribute("id")
    box.press("Enter")
    page.wait_for_url("**/*q=*")
    assert query(page) == 'agency:"Associated Press"'


def test_backspace_in_an_empty_box_takes_the_last_chip_back(desk: Desk, page: Page) -> None:
    page.goto(f"{desk.url}/?q=unit:155+date:2025-04")
    box = page.get_by_role("combobox")
    box.press("Backspace")
    assert box.input_value() == "date:2025-04"
    assert page.locator(".chip").count() == 1


def test_the_keyboard_walks_opens_picks_and_copies(desk: Desk, page: Page) -> None:
    page.goto(f"{desk.url}/?q=assault")
    ids = [c.get_attribute("data-id") for c in page.locator(".card").all()]
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("ArrowRight")
    here = "document.activeElement.closest('.card')?.dataset.id"
    assert page.evaluate(here) == ids[1]
    page.keyboard.press("x")
    assert page.locator(".picked").inner_text().startswith("1 picked")
    page.keyboard.press("c")
    page.locator(".toast").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == rows(
        desk, "SELECT credit_line FROM photos WHERE identity = ?", ids[1]
    )[0][0]
    page.keyboard.press("ArrowDown")
    assert page.evaluate(here) not in (None, ids[1])
    page.keyboard.press("k")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "add"
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert page.get_by_role("dialog").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")


def test_a_closer_look_without_leaving_the_sheet(desk: Desk, page: Page) -> None:
    page.goto(f"{desk.url}/?q=assault")
    ids = [c.get_attribute("data-id") for c in page.locator(".card").all()]
    page.keyboard.press("j")
    page.keyboard.press(" ")
    look = page.get_by_role("dialog", name="A closer look")
    caption = "SELECT t.text FROM photos p JOIN texts t ON t.id = p.caption WHERE p.identity = ?"
    assert look.locator(".shown p").first.inner_text() == rows(desk, caption, ids[0])[0][0]
    page.keyboard.press("j")
    second = str(rows(desk, caption, ids[1])[0][0])
    look.get_by_text(second).wait_for()
    page.keyboard.press("x")
    page.keyboard.press(" ")
    assert not look.is_visible()
    assert page.locator(".picked").inner_text().startswith("1 picked")
    page.keyboard.press(" ")
    look.wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/photo/{ids[1]}")


def test_a_hostile_caption_is_only_words_in_the_closer_look(desk: Desk, page: Page) -> None:
    page.goto(f"{desk.url}/?q=by:eve")
    page.keyboard.press("j")
    page.keyboard.press(" ")
    shown = page.get_by_role("dialog", name="A closer look").locator(".shown p").first
    assert shown.text_content() == HOSTILE.texts[0].text
    assert shown.locator("*").count() == 0


def test_a_row_of_pictures_is_picked_at_once(desk: Desk, page: Page) -> None:
    page.goto(f"{desk.url}/?q=assault")
    boxes = page.locator(".pick")
    boxes.nth(1).check()
    boxes.nth(4).click(modifiers=["Shift"])
    assert page.locator(".picked").inner_text().startswith("4 picked")
    page.keyboard.press("j")
    page.keyboard.press("X")
    assert page.locator(".picked").inner_text().startswith("5 picked")
    with page.expect_download() as taken:
        page.get_by_role("button", name="CSV").click()
    lines = taken.value.path().read_text("utf-8").splitlines()
    assert len(lines) == 6


def test_from_a_picture_to_its_neighbour_and_back(desk: Desk, page: Page) -> None:
    page.goto(f"{desk.url}/?q=assault")
    ids = [c.get_attribute("data-id") for c in page.locator(".card").all()]
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/photo/{ids[0]}")
    page.keyboard.press("j")
    page.wait_for_url(f"**/photo/{ids[1]}")
    page.keyboard.press("u")
    page.wait_for_url("**/?q=assault")


def test_more_pictures_come_by_themselves_each_once(desk: Desk, page: Page) -> None:
    page.goto(desk.url)
    for _ in range(12):
        page.mouse.wheel(0, 6000)
        page.wait_for_timeout(150)
        if not page.locator("#more a").count():
            break
    ids = [c.get_attribute("data-id") for c in page.locator("#photos .card").all()]
    assert [(i,) for i in ids] == rows(desk, "SELECT identity FROM photos ORDER BY slot DESC")


def test_a_bar_of_the_timeline_narrows_the_search(desk: Desk, page: Page) -> None:
    page.goto(f"{desk.url}/?q=date:2025+unit:assault")
    page.locator(".hist a").first.click()
    assert re.fullmatch(r"unit:assault date:2025-\d\d", query(page))
    month = query(page).rpartition(":")[2]
    wanted = rows(desk, "SELECT count(*) FROM photos WHERE taken LIKE ? || '-%' AND unit LIKE '%Assault%'", month)
    assert page.locator("h1").inner_text().split()[0] == str(wanted[0][0])


def test_the_month_before_and_the_year_around(desk: Desk, page: Page) -> None:
    page.goto(f"{desk.url}/?q=unit:assault+date:2025-04")
    page.get_by_role("link", name="← Mar 2025").click()
    assert query(page) == "unit:assault date:2025-03"
    page.get_by_role("link", name="2025", exact=True).click()
    assert query(page) == "unit:assault date:2025"
    page.get_by_role("link", name="any date").click()
    assert query(page) == "unit:assault"


def test_a_day_stands_among_its_days(desk: Desk, page: Page) -> None:
    page.goto(f"{desk.url}/day/2025-04-19")
    counted = rows(desk, "SELECT count(*) FROM photos WHERE taken BETWEEN '2025-04-04' AND '2025-05-04'"
                         " AND length(taken) = 10")  # fmt: skip
    page.get_by_text("as a list").click()
    bars = page.locator("main details li")
    assert sum(int(i.inner_text()) for i in bars.locator("i").all()) == counted[0][0]
    assert bars.locator("[aria-current]").inner_text() == "19 Apr 2025"
    bars.get_by_role("link", name="17 Apr 2025").click()
    page.wait_for_url("**/day/2025-04-17")


def test_a_facet_narrows_and_leaves_out(desk: Desk, page: Page) -> None:
    page.goto(desk.url)
    link = page.locator(".facet", has=page.locator("#f-agency")).locator("li").first
    count = int(link.locator("i").inner_text())
    before = link.locator("bdi").bounding_box()
    link.hover()
    link.locator("a.no").wait_for()
    assert link.locator("bdi").bounding_box() == before, "nothing moves that was not asked to"
    link.locator("a.no").click()
    assert page.locator("h1").inner_text().split()[0] == str(ORDINARY + 7 - count)
    assert query(page).startswith("-agency:")


@pytest.mark.parametrize("view", ["sheet", "list", "map"])
def test_three_views_of_one_search(desk: Desk, page: Page, view: str) -> None:
    page.goto(f"{desk.url}/?q=place:kursk")
    page.get_by_role("group", name="View").get_by_role("link", name=re.compile(view)).click()
    assert query(page) == "place:kursk"
    if view == "map":
        assert page.locator("svg.map circle").count() >= 1
        page.locator("svg.map a").first.click()
        assert "place:" in query(page)
    else:
        assert page.locator("#photos .card").count() > 3


def test_the_map_comes_closer(desk: Desk, page: Page) -> None:
    page.goto(f"{desk.url}/?view=map")
    before = page.locator("svg.map .land").get_attribute("d")
    page.get_by_role("link", name="closer").click()
    assert page.locator("svg.map .land").get_attribute("d") != before


def test_nothing_found_says_what_to_drop_and_what_that_gives(desk: Desk, page: Page) -> None:
    page.goto(f"{desk.url}/?q=unit:155+by:bobylev")
    found = [b.inner_text() for b in page.locator(".nothing li").all()]
    assert found == ["drop unit:155 1 picture", "drop by:bobylev 1 picture"]
    page.get_by_role("link", name="drop unit:155").click()
    assert page.locator(".card").get_attribute("data-id") == EASTER.identity


def test_a_partial_date_is_offered_apart(desk: Desk, page: Page) -> None:
    page.goto(f"{desk.url}/?q=date:2025-04-17")
    page.get_by_role("link", name="Show them").click()
    assert query(page) == "perhaps:2025-04-17"
    assert "A winter view" in page.locator("#photos").inner_html()


def test_a_date_that_is_none_gets_a_hint_and_no_error(desk: Desk, page: Page) -> None:
    page.goto(desk.url)
    type_in(page, "date:sometime")
    assert "is no date" in page.locator(".hints").inner_text()


@pytest.mark.parametrize("typed", ["Бобылев", "bobylev", "БОБЫЛЕВ"])
def test_a_name_is_found_across_alphabets(desk: Desk, page: Page, typed: str) -> None:
    page.goto(desk.url)
    type_in(page, f"by:{typed}")
    assert page.locator(".card").get_attribute("data-id") == EASTER.identity


@pytest.mark.parametrize("typed", ["lodz firefighters", "Hansen", "O'Brien", "hånsen"])
def test_words_are_found_without_their_accents_and_marked(desk: Desk, page: Page, typed: str) -> None:
    page.goto(f"{desk.url}/?view=list&q={typed}")
    assert page.locator(".card").get_attribute("data-id") == LODZ.identity
    assert page.locator("mark").count() >= 1


def test_the_photo_page_lights_stretch_and_row_together(desk: Desk, page: Page) -> None:
    page.goto(f"{desk.url}/photo/{EASTER.identity}")
    stretch = page.locator(".caption a.s", has_text="56th Air Assault Brigade")
    row = page.locator("tr", has=page.locator("td.v", has_text="56th Air Assault Brigade"))
    stretch.hover()
    assert "lit" in (row.get_attribute("class") or "")
    page.mouse.move(0, 0)
    assert "lit" not in (row.get_attribute("class") or "")
    row.locator("td.from a").focus()
    assert "lit" in (stretch.get_attribute("class") or "")
    assert page.locator(".caption").inner_text() == EASTER.texts[0].text


def test_the_photo_page_sets_sources_side_by_side(desk: Desk, page: Page) -> None:
    page.goto(f"{desk.url}/photo/{EASTER.identity}")
    row = page.locator("tr", has=page.locator("th", has_text=re.compile("^Date")))
    assert "19 Apr 2025" in row.inner_text()
    assert "disagrees" in row.inner_text()
    page.goto(f"{desk.url}/photo/{MARINES.identity}")
    assert "agrees" in page.locator("tr", has=page.locator("th", has_text=re.compile("^Date"))).inner_text()


def test_the_credit_is_copied_in_a_paper_style(desk: Desk, page: Page) -> None:
    page.goto(f"{desk.url}/photo/{EASTER.identity}")
    page.get_by_role("button", name="Copy the credit in Guardian style").click()
    assert page.evaluate("navigator.clipboard.readText()") == "Photograph: Sergey Bobylev/Sputnik/AP"


def test_a_unit_has_a_page_with_time_place_and_people(desk: Desk, page: Page) -> None:
    page.goto(f"{desk.url}/photo/{EASTER.identity}")
    page.locator("td.v a", has_text="56th Air Assault Brigade").click()
    assert page.locator("h1").inner_text().endswith("Air Assault Brigade")
    assert page.locator("svg.hist").count() == 1
    assert page.locator("svg.map circle").count() == 1
    assert "Sergey Bobylev" in page.locator(".entity").inner_text()


def test_nothing_on_the_page_moves_after_it_is_shown(desk: Desk, page: Page) -> None:
    """To a thousandth: a slow browser paints a line before its last letters have come, which counts some 0.0001."""
    page.add_init_script(
        "window.moved = 0; new PerformanceObserver((list) => { for (const e of list.getEntries())"
        " if (!e.hadRecentInput) window.moved += e.value; }).observe({ type: 'layout-shift', buffered: true });"
    )
    for path in ("/", "/?view=list&q=assault", "/?view=map", f"/photo/{EASTER.identity}", "/coverage"):
        page.goto(desk.url + path)
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(200)
        assert page.evaluate("window.moved") < 0.001, path


def test_each_value_of_the_list_stays_in_its_column(desk: Desk, page: Page) -> None:
    page.goto(f"{desk.url}/?view=list")
    page.locator("td.num").first.evaluate("cell => { cell.textContent = 'released 6 Nov 2025, or a day before it'; }")
    wider = "cells => cells.filter(cell => cell.scrollWidth > cell.clientWidth).map(cell => cell.textContent)"
    assert page.locator(".list td").count() > 20
    assert page.locator(".list td").evaluate_all(wider) == []


@pytest.mark.parametrize("path", ["/", "/?view=list", "/?view=map", "/?q=assault+date:2025", "/coverage", "/review",
                                  f"/photo/{EASTER.identity}"])  # fmt: skip
def test_a_whole_page_is_under_100_kilobytes(desk: Desk, page: Page, path: str) -> None:
    """Everything but pictures, as it is sent, without compression."""
    sizes: dict[str, int] = {}
    page.on("response", lambda r: sizes.__setitem__(r.url, len(r.body())) if "/thumb/" not in r.url else None)
    page.goto(desk.url + path)
    page.wait_for_load_state("networkidle")
    whole = {url: size for url, size in sizes.items() if "part=1" not in url}
    assert len(whole) >= 4
    assert sum(whole.values()) < 100_000, whole
