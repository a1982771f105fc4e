"""Correcting: who may, how it is asked, what it changes, how it is taken back."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.desk_archive import EASTER, HOSTILE, MARINES
from tests.desk_server import TOP, Answer, Desk, serve

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

WRITES = ("decide", "undo", "confirm", "always")
CONFIRM = {"photo": MARINES.identity, "property": "unit", "action": "confirm"}


def value(desk: Desk, sql: str, *values: object) -> object:
    """One value of the archive's."""
    db = sqlite3.connect(f"file:{desk.archive}?mode=ro", uri=True)
    try:
        row = db.execute(sql, values).fetchone()
        return row[0] if row else None
    finally:
        db.close()


def token(desk: Desk) -> tuple[str, str]:
    """A page's CSRF token, and the cookie it goes with."""
    page = desk.get(f"/photo/{EASTER.identity}", cookie=f"ds_actor={desk.cookie()}")
    mark = 'data-token="'
    start = page.text.index(mark) + len(mark)
    cookie = page.headers.get("set-cookie", "").partition(";")[0]
    return page.text[start : page.text.index('"', start)], cookie


def post(desk: Desk, what: str, body: object, *, signed_in: bool = True, csrf: bool = True, **headers: str) -> Answer:
    """A decision as the page sends it, unless something of it is left out."""
    given = {"content_type": "application/json", "accept": "application/json"}
    if signed_in:
        proof, cookie = token(desk)
        given["cookie"] = f"ds_actor={desk.cookie()}; {cookie}"
        if csrf:
            given["x_csrftoken"] = proof
    return desk.send("POST", f"/-/cutline/{what}", json.dumps(body).encode(), **(given | headers))


def conflicts(desk: Desk, identity: str) -> object:
    return value(desk, "SELECT conflicts FROM photos WHERE identity = ?", identity)


@pytest.mark.parametrize("what", WRITES)
def test_without_a_login_nothing_is_written(own_desk: Desk, what: str) -> None:
    answer = post(own_desk, what, CONFIRM, signed_in=False)
    assert (answer.status, answer.json()["ok"]) == (403, False)
    assert "Sign in" in str(answer.json()["error"])


@pytest.mark.parametrize("what", WRITES)
def test_a_cookie_alone_is_not_enough(own_desk: Desk, what: str) -> None:
    """Another site can make a browser send its cookies; it cannot know the page's token."""
    assert post(own_desk, what, CONFIRM, csrf=False).status == 403


@pytest.mark.parametrize(("name", "sent"), [("origin", "https://elsewhere.example"), ("sec_fetch_site", "cross-site")])
def test_another_site_is_turned_away_even_with_the_token(own_desk: Desk, name: str, sent: str) -> None:
    assert post(own_desk, "decide", CONFIRM, **{name: sent}).status == 403


def test_a_program_signs_in_by_a_token(tmp_path: Path) -> None:
    """By datasette-auth-tokens, as docs say: no cookie, no page, no CSRF token; a token that is made up is nobody."""
    pytest.importorskip("datasette_auth_tokens")
    settings = yaml.safe_load((TOP / "metadata.yml").read_text("utf-8"))
    settings["plugins"]["datasette-auth-tokens"] = {"tokens": [{"token": "a-token", "actor": {"id": "press-room"}}]}
    (tmp_path / "metadata.json").write_text(json.dumps(settings))
    for desk in serve(tmp_path, ordinary=0, metadata=tmp_path / "metadata.json"):
        assert post(desk, "decide", CONFIRM, signed_in=False, authorization="Bearer another").status == 403
        assert post(desk, "decide", CONFIRM, signed_in=False, authorization="Bearer a-token").status == 200
        assert value(desk, "SELECT actor FROM corrections") == "press-room"


def test_a_write_is_a_post(own_desk: Desk) -> None:
    answer = own_desk.get("/-/cutline/decide", cookie=f"ds_actor={own_desk.cookie()}", accept="application/json")
    assert answer.status == 405


@pytest.mark.parametrize(
    ("what", "body", "status", "says"),
    [
        pytest.param("decide", [], 400, "one JSON object", id="a list"),
        pytest.param("decide", {}, 400, "photo is missing", id="an empty object"),
        pytest.param("decide", CONFIRM | {"photo": "0" * 32}, 404, "No photo", id="a photo that is not there"),
        pytest.param("decide", CONFIRM | {"property": "weather"}, 400, "weather", id="no such property"),
        pytest.param("decide", CONFIRM | {"action": "burn"}, 400, "burn", id="no such decision"),
        pytest.param("decide", CONFIRM | {"action": "set"}, 400, "Nothing to set", id="nothing to set"),
        pytest.param("decide", CONFIRM | {"property": "date_created", "action": "set", "new": "last May"}, 400, "EDTF",
                     id="a date that is none"),
        pytest.param("decide", CONFIRM | {"new": {"value": "x"}}, 400, "new:", id="a new value of another shape"),
        pytest.param("undo", {"correction": 999_999}, 400, "no decision", id="no such decision to take back"),
        pytest.param("undo", {"correction": True}, 400, "number", id="true is no number"),
        pytest.param("confirm", {"q": "", "property": "unit"}, 400, "whole archive", id="confirm everything"),
        pytest.param("confirm", {"q": "x", "property": "weather"}, 400, "weather", id="confirm what is no property"),
        pytest.param("always", {"kind": "ship", "name": "x", "as": "y"}, 400, "unit or agency", id="no such kind"),
        pytest.param("always", {"kind": "unit", "name": "x", "as": "no-such-entry"}, 400, "no-such-entry",
                     id="no such entry"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_says_why(own_desk: Desk, what: str, body: object, status: int, says: str) -> None:
    answer = post(own_desk, what, body)
    assert answer.status == status, answer.text
    assert says in str(answer.json()["error"])
    assert answer.headers["content-type"].startswith("application/json")


def test_no_json_and_too_much_of_it(own_desk: Desk) -> None:
    assert post(own_desk, "decide", CONFIRM, content_type="text/plain").status in (403, 415)
    assert post(own_desk, "decide", {"photo": "x" * 70_000}).status == 413


def test_a_date_is_set_kept_and_taken_back(own_desk: Desk) -> None:
    sql = "SELECT taken FROM photos WHERE identity = ?"
    before = value(own_desk, sql, MARINES.identity)
    body = {"photo": MARINES.identity, "property": "date_created", "action": "set", "old": before, "new": "2025-04-16",
            "note": "the photographer rang"}  # fmt: skip
    made = post(own_desk, "decide", body).json()["correction"]
    assert value(own_desk, sql, MARINES.identity) == "2025-04-16"
    page = own_desk.get(f"/photo/{MARINES.identity}").text
    assert "the photographer rang" in page
    assert "mira" in page
    shown = own_desk.get("/corrections.json").json()["corrections"]
    assert isinstance(shown, list)
    assert (shown[0]["actor"], shown[0]["old"], shown[0]["new"][0]["value"]) == ("mira", before, "2025-04-16")
    post(own_desk, "undo", {"correction": made})
    assert value(own_desk, sql, MARINES.identity) == before
    assert value(own_desk, "SELECT undone_by FROM corrections WHERE id = ?", made) == "mira"


def test_a_whole_search_is_confirmed_once(own_desk: Desk) -> None:
    found = own_desk.get("/?q=agency:afp").text
    assert post(own_desk, "confirm", {"q": "agency:afp", "property": "agency"}).json()["confirmed"] > 0  # type: ignore[operator]
    assert post(own_desk, "confirm", {"q": "agency:afp", "property": "agency"}).json()["confirmed"] == 0
    assert "AFP" in found


def test_a_name_is_always_read_as_an_entry(tmp_path: Path) -> None:
    """Seen first on all photos, then written: into the newsroom's own file, and on the photos that print it."""
    settings = yaml.safe_load((TOP / "metadata.yml").read_text("utf-8"))
    settings["plugins"]["cutline"]["authority"] = str(tmp_path / "authority")
    (tmp_path / "metadata.json").write_text(json.dumps(settings))
    for desk in serve(tmp_path, ordinary=30, metadata=tmp_path / "metadata.json"):
        name, entry = "173rd Airborne Brigade", "ru-155-naval-infantry-brigade"
        body = {"kind": "unit", "name": name, "as": entry}
        seen = post(desk, "always", body | {"preview": True}).json()
        printed = value(desk, "SELECT count(*) FROM photos WHERE unit = ?", name)
        assert (seen["photos"], seen["file"]) == (printed, "units-desk.yml")
        assert not (tmp_path / "authority").exists()
        assert value(desk, "SELECT count(*) FROM corrections") == 0
        post(desk, "always", body)
        assert value(desk, "SELECT count(*) FROM photos WHERE unit = ?", name) == 0
        file = tmp_path / "authority" / "units-desk.yml"
        assert yaml.safe_load(file.read_text("utf-8")) == [{"id": entry, "variants": [name]}]
        post(desk, "always", body | {"name": 'Some "other": name'})
        assert yaml.safe_load(file.read_text("utf-8")) == [{"id": entry, "variants": [name, 'Some "other": name']}]
        from archive.authority import check

        assert [p for p in check(tmp_path / "authority") if p.fatal] == []


def test_an_archive_that_cannot_be_written_is_read_only(tmp_path: Path) -> None:
    for desk in serve(tmp_path, ordinary=3, immutable=True):
        page = desk.get(f"/photo/{EASTER.identity}", cookie=f"ds_actor={desk.cookie()}")
        assert page.status == 200
        assert "data-token" not in page.text
        answer = desk.send("POST", "/-/cutline/decide", b"{}", cookie=f"ds_actor={desk.cookie()}",
                           accept="application/json", content_type="application/json")  # fmt: skip
        assert answer.status == 403


def test_editors_can_be_named(tmp_path: Path) -> None:
    settings = yaml.safe_load((TOP / "metadata.yml").read_text("utf-8"))
    settings["plugins"]["cutline"]["editors"] = {"id": ["theo"]}
    (tmp_path / "metadata.json").write_text(json.dumps(settings))
    for desk in serve(tmp_path, ordinary=3, metadata=tmp_path / "metadata.json"):
        allowed = {name: "data-token" in desk.get("/", cookie=f"ds_actor={desk.cookie(name)}").text
                   for name in ("mira", "theo")}  # fmt: skip
        assert allowed == {"mira": False, "theo": True}


@pytest.fixture
def editor(context: BrowserContext, own_desk: Desk) -> Iterator[BrowserContext]:
    """A browser of somebody who signed in."""
    context.add_cookies([{"name": "ds_actor", "value": own_desk.cookie(), "url": own_desk.url}])
    yield context


@pytest.mark.browser
def test_a_conflict_is_settled_on_the_photo_page(own_desk: Desk, editor: BrowserContext, page: Page) -> None:
    page.goto(f"{own_desk.url}/photo/{EASTER.identity}")
    page.locator("html.deciding").wait_for()
    assert conflicts(own_desk, EASTER.identity) == 1
    page.get_by_role("button", name="take this").click()
    page.get_by_text("set date").wait_for()
    assert value(own_desk, "SELECT taken FROM photos WHERE identity = ?", EASTER.identity) == "2025-04-18"
    assert conflicts(own_desk, EASTER.identity) == 0
    page.get_by_role("button", name="take back").click()
    page.get_by_text("taken back").first.wait_for()
    assert conflicts(own_desk, EASTER.identity) == 1


@pytest.mark.browser
def test_a_value_is_changed_by_typing(own_desk: Desk, editor: BrowserContext, page: Page) -> None:
    page.goto(f"{own_desk.url}/photo/{EASTER.identity}")
    page.locator("html.deciding").wait_for()
    page.get_by_role("button", name="Change Photographer Sergey Bobylev").click()
    page.keyboard.type("Sergei Bobylyov")
    page.keyboard.press("Enter")
    page.get_by_text("set photographer").wait_for()
    assert value(own_desk, "SELECT photographer FROM photos WHERE identity = ?", EASTER.identity) == "Sergei Bobylyov"
    page.get_by_role("button", name="take back").first.click()
    page.wait_for_function("document.body.innerText.includes('taken back')")


@pytest.mark.browser
@pytest.mark.may_complain("400 (Bad Request)")
def test_an_error_is_said_where_it_was_made(own_desk: Desk, editor: BrowserContext, page: Page) -> None:
    page.goto(f"{own_desk.url}/photo/{EASTER.identity}")
    page.locator("html.deciding").wait_for()
    page.get_by_role("button", name="Change Date 19 Apr 2025").click()
    page.keyboard.type("a Tuesday")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    assert "EDTF" in page.get_by_role("alert").inner_text()


@pytest.mark.browser
def test_the_review_queue_goes_by_single_keys(own_desk: Desk, editor: BrowserContext, page: Page) -> None:
    open_ones = "SELECT count(*) FROM photos WHERE conflicts > 0"
    before = value(own_desk, open_ones)
    assert isinstance(before, int)
    assert before > 2
    page.goto(f"{own_desk.url}/review?kind=conflict")
    page.locator("html.deciding").wait_for()
    first = page.locator(".photo .big a").get_attribute("href")
    page.keyboard.press("s")
    another = "first => document.querySelector('.photo .big a')?.getAttribute('href') !== first"
    page.wait_for_function(another, arg=first)
    with page.expect_navigation():
        page.keyboard.press("1")
    assert value(own_desk, open_ones) == before - 1
    with page.expect_navigation():
        page.keyboard.press("z")
    assert value(own_desk, open_ones) == before


@pytest.mark.browser
@pytest.mark.parametrize("path", [f"/photo/{EASTER.identity}", "/review", "/corrections"])
def test_an_editors_page_runs_each_script_once(desk: Desk, context: BrowserContext, page: Page, path: str) -> None:
    """A script under two addresses runs twice, and every key with it."""
    context.add_cookies([{"name": "ds_actor", "value": desk.cookie(), "url": desk.url}])
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.partition("?")[0]))
    page.goto(desk.url + path)
    page.locator("html.deciding").wait_for()
    assert len(asked) == len(set(asked))
    assert page.locator(".offers").count() == 1


@pytest.mark.browser
def test_the_review_queue_takes_another_value(own_desk: Desk, editor: BrowserContext, page: Page) -> None:
    """`c` opens a field that offers the names the archive knows; `z` takes the decision back."""
    page.goto(f"{own_desk.url}/review?kind=ambiguous")
    page.locator("html.deciding").wait_for()
    page.keyboard.press("c")
    box = page.locator("input[name=new]")
    box.fill("173rd")
    page.locator("datalist option").first.wait_for(state="attached")
    name = page.locator("datalist option").first.get_attribute("value")
    assert name == "173rd Airborne Brigade"
    box.fill(name)
    with page.expect_navigation():
        box.press("Enter")
    unit = "SELECT unit FROM photos WHERE identity = ?"
    assert value(own_desk, unit, HOSTILE.identity) == name
    with page.expect_navigation():
        page.keyboard.press("z")
    assert value(own_desk, unit, HOSTILE.identity) != name


@pytest.mark.browser
def test_a_doubtful_value_is_confirmed_by_y(own_desk: Desk, editor: BrowserContext, page: Page) -> None:
    page.goto(f"{own_desk.url}/review?kind=ambiguous")
    page.locator("html.deciding").wait_for()
    assert page.locator(".photo .big a").get_attribute("href") == f"/photo/{HOSTILE.identity}"
    with page.expect_navigation():
        page.keyboard.press("y")
    assert page.get_by_text("Nothing left to decide here").is_visible()


@pytest.mark.browser
def test_signing_in_with_a_password(tmp_path: Path, page: Page) -> None:
    """By datasette-auth-passwords, as docs say: the form, the name on the page, the buttons."""
    hashed = subprocess.run(
        [sys.executable, "-m", "datasette", "hash-password", "--no-confirm"], input="a long password\n",
        capture_output=True, text=True, check=True,
    ).stdout.strip()  # fmt: skip
    settings = yaml.safe_load((TOP / "metadata.yml").read_text("utf-8"))
    settings["plugins"]["datasette-auth-passwords"] = {"mira_password_hash": hashed, "actors": {"mira": {"id": "mira"}}}
    (tmp_path / "metadata.json").write_text(json.dumps(settings))
    for desk in serve(tmp_path, ordinary=3, metadata=tmp_path / "metadata.json"):
        page.goto(desk.url)
        page.get_by_role("link", name="Sign in").click()
        page.locator("input[name=username]").fill("mira")
        page.locator("input[name=password]").fill("a long password")
        page.locator("input[type=submit], button[type=submit], form button").first.click()
        page.goto(f"{desk.url}/photo/{EASTER.identity}")
        assert "mira" in page.locator("header nav").inner_text()
        page.get_by_role("button", name="Confirm Photographer").click()
        page.get_by_text("confirm photographer").wait_for()
        assert value(desk, "SELECT actor FROM corrections") == "mira"
