"""Taking away: what a file holds is what the archive holds, to the character."""

from __future__ import annotations

import csv
import io
import json
import socket
import sqlite3
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from archive import contract
from archive.desk.api import document, photo_schema
from tests.desk_archive import EASTER, MARINES, SPECIAL
from tests.desk_server import ORDINARY, Desk

if TYPE_CHECKING:
    from playwright.sync_api import Page

ALL = len(SPECIAL) + ORDINARY


def archived(desk: Desk, where: str = "1") -> list[dict[str, Any]]:
    """Rows of the archive in the desk's order."""
    db = sqlite3.connect(f"file:{desk.archive}?mode=ro", uri=True)
    db.row_factory = sqlite3.Row
    rows = db.execute(
        f"SELECT p.*, t.text FROM photos p LEFT JOIN texts t ON t.id = p.caption WHERE {where} ORDER BY slot DESC"
    ).fetchall()
    db.close()
    return [dict(row) for row in rows]


def test_csv_has_every_photo_in_order_letter_by_letter(desk: Desk) -> None:
    answer = desk.get("/search.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="photos.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert list(rows[0]) == list(contract.NAMES)
    wanted = archived(desk)
    assert [(r["id"], r["caption"], r["date"], r["credit_line"]) for r in rows] == [
        (w["identity"], w["text"], w["taken"] or "", w["credit_line"] or "") for w in wanted
    ]


def test_csv_of_a_search_is_that_search(desk: Desk) -> None:
    rows = list(csv.DictReader(io.StringIO(desk.get("/search.csv?q=date:2025-04+unit:assault").text, newline="")))
    assert [r["id"] for r in rows] == [
        w["identity"] for w in archived(desk, "taken LIKE '2025-04-%' AND unit LIKE '%Assault%'")
    ]


def test_csv_for_a_spreadsheet_runs_nothing(desk: Desk) -> None:
    assert desk.get("/search.csv?safe=1").body.startswith(b"\xef\xbb\xbf")


def test_ndjson_and_json_tell_the_same(desk: Desk) -> None:
    lines = [json.loads(line) for line in desk.get("/search.ndjson").text.splitlines()]
    pages, after = [], ""
    while after is not None:
        answer = desk.get(f"/search.json?size=50&after={after}").json()
        pages += answer["photos"]  # type: ignore[arg-type]
        after = answer["next"]  # type: ignore[assignment]
    assert lines == pages
    assert len(lines) == ALL


def test_a_feed_has_the_newest(desk: Desk) -> None:
    feed = ElementTree.fromstring(desk.get("/search.atom?q=kharkiv").text)
    atom = "{http://www.w3.org/2005/Atom}"
    ids = [entry.findtext(f"{atom}id") for entry in feed.iter(f"{atom}entry")]
    assert len(ids) > 3
    own = [link.get("href") for link in feed.findall(f"{atom}link")]
    assert own == [f"{desk.url}/search.atom?q=kharkiv"]
    assert len(list(ElementTree.fromstring(desk.get("/search.atom").text).iter(f"{atom}entry"))) == 100


def test_picked_photos_in_the_order_they_were_picked(desk: Desk) -> None:
    answer = desk.get(f"/search.csv?id={MARINES.identity}&id={EASTER.identity}&id={'0' * 32}")
    rows = csv.DictReader(io.StringIO(answer.text, newline=""))
    assert [r["id"] for r in rows] == [MARINES.identity, EASTER.identity]
    assert desk.get("/search.csv?" + "&".join(f"id={n:032x}" for n in range(501))).status == 400


def test_nothing_found_is_a_file_with_its_head(desk: Desk) -> None:
    assert desk.get("/search.csv?q=nobodyhasthisword").text == ",".join(contract.NAMES) + "\r\n"
    assert desk.get("/search.ndjson?q=nobodyhasthisword").text == ""


def test_a_client_that_hangs_up_leaves_the_desk_as_it_was(desk: Desk) -> None:
    host, _, port = desk.url.removeprefix("http://").partition(":")
    for _ in range(12):
        with socket.create_connection((host, int(port))) as line:
            line.sendall(f"GET /search.ndjson HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
            line.recv(100)
    assert len(desk.get("/search.ndjson").text.splitlines()) == ALL


def fits(value: Any, schema: dict[str, Any], at: str = "$") -> list[str]:
    """Where a value does not fit a JSON Schema, of the words that ours use."""
    names = {str: "string", int: "integer", float: "number", bool: "boolean", list: "array", dict: "object",
             type(None): "null"}  # fmt: skip
    if "enum" in schema and value not in schema["enum"]:
        return [f"{at}: {value!r} is not one of {schema['enum']}"]
    kinds = schema.get("type")
    kinds = [kinds] if isinstance(kinds, str) else kinds
    kind = names[type(value)]
    if kinds and kind not in kinds and not (kind == "integer" and "number" in kinds):
        return [f"{at}: {kind} is not {kinds}"]
    wrong: list[str] = []
    if isinstance(value, dict) and "properties" in schema:
        known = schema["properties"]
        wrong += [f"{at}.{name} is missing" for name in schema["required"] if name not in value]
        wrong += [f"{at}.{name} is not in the schema" for name in value if name not in known]
        wrong += [w for name, v in value.items() if name in known for w in fits(v, known[name], f"{at}.{name}")]
    if isinstance(value, list) and "items" in schema:
        wrong += [w for n, v in enumerate(value) for w in fits(v, schema["items"], f"{at}[{n}]")]
    return wrong


@pytest.mark.parametrize("photo", SPECIAL, ids=[p.identity[:6] for p in SPECIAL])
def test_the_json_of_a_photo_fits_its_schema(desk: Desk, photo: Any) -> None:
    answer = desk.get(f"/photo/{photo.identity}.json").json()
    assert fits(answer, photo_schema()) == []
    assert fits(answer | {"weather": "fine"}, photo_schema()) == ["$.weather is not in the schema"]


@pytest.mark.parametrize("path", ["/search.json", "/search.json?q=kursk&facets=1", "/search.json?q=%22&size=x",
                                  "/search.json?sort=added&size=3&after=nonsense"])  # fmt: skip
def test_the_json_of_a_search_fits_its_schema(desk: Desk, path: str) -> None:
    assert fits(desk.get(path).json(), contract.search_schema()) == []


def test_openapi_names_every_address_that_answers_json(desk: Desk) -> None:
    served = desk.get("/openapi.json").json()
    assert served == json.loads(json.dumps(document()))
    from archive.desk.routes import ROUTES

    patterns = {pattern for pattern, _ in ROUTES if "json" in pattern or "kind>csv" in pattern or "/-/" in pattern}
    documented = {"/search.json", "/search.csv", "/suggest.json", "/photo/{id}.json", "/unit/{key}.json",
                  "/day/{key}.json", "/coverage.json", "/corrections.json", "/-/cutline/decide",
                  "/-/cutline/undo", "/-/cutline/confirm", "/-/cutline/always"}  # fmt: skip
    assert documented <= set(served["paths"])  # type: ignore[call-overload]
    assert len(patterns) == len(documented) + 1  # and /openapi.json itself


def test_an_address_of_another_kind_is_none_of_ours(desk: Desk) -> None:
    assert desk.get("/search.parquet").status == 404


@pytest.mark.browser
def test_the_csv_that_a_browser_takes_away_is_what_is_on_the_screen(desk: Desk, page: Page) -> None:
    page.goto(f"{desk.url}/?q=date:2025-04")
    shown = [c.get_attribute("data-id") for c in page.locator("#photos .card").all()]
    with page.expect_download() as taken:
        page.get_by_role("link", name="CSV", exact=True).click()
    rows = csv.DictReader(io.StringIO(Path(taken.value.path()).read_text("utf-8"), newline=""))
    assert [r["id"] for r in rows] == shown
    assert taken.value.suggested_filename == "photos.csv"


@pytest.mark.browser
def test_picked_pictures_are_taken_away_as_csv(desk: Desk, page: Page) -> None:
    page.goto(f"{desk.url}/?q=date:2025-04")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    ids = [c.get_attribute("data-id") for c in page.locator(".card:has(.pick:checked)").all()]
    with page.expect_download() as taken:
        page.get_by_role("button", name="CSV").click()
    rows = csv.DictReader(io.StringIO(Path(taken.value.path()).read_text("utf-8"), newline=""))
    assert [r["id"] for r in rows] == ids
