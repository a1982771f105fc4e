"""The straight line: a folder of photographs and an article go in, the desk finds them, and everything adds up."""

from __future__ import annotations

import io
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from samples.metadata import exif, iim, jpeg_with, xmp

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CUTLINE = Path(sys.executable).parent / "cutline"

MARINES = (
    "Marines of the 155th Guards Naval Infantry Brigade clear a trench in Kursk region, Russia, on April 17, 2025. "
    "(Ivan Danilov/Sputnik via AP)"
)
EASTER = (
    "Servicemen of the 56th Air Assault Brigade attend a service in Kursk region, Russia, April 19, 2025. "
    "(Ivan Danilov/Sputnik via AP)"
)
GUNNERS = "Soldiers of the 93rd Separate Mechanized Brigade rest in Izium, Ukraine March 2, 2025. REUTERS/Lada Moroz"
CARRIER = (
    "The aircraft carrier USS Gerald R. Ford (CVN 78) leaves Naval Station Norfolk, Virginia, Oct. 17, 2023. "
    "(U.S. Navy photo by Mass Communication Specialist 2nd Class Nolan Prewitt)"
)
ARTICLE = """KURSK, Russia, April 27, 2025 - Officials said that the fighting in the region was over.

Marines of the 155th Guards Naval Infantry Brigade rest in Kursk region, Russia, April 23, 2025. (Lev Orlov/TASS via AP)

The General Staff in Kyiv denied it and gave no numbers.
"""


def picture(shade: int) -> bytes:
    """A small JPEG that is unlike that of any other shade."""
    out = io.BytesIO()
    gradient = Image.linear_gradient("L").rotate(shade * 7).resize((120, 80))
    gradient.point(lambda value: (value * 3 + shade * 31) % 256).convert("RGB").save(out, "JPEG", quality=90)
    return out.getvalue()


def cutline(*arguments: str | Path, status: int = 0) -> subprocess.CompletedProcess[str]:
    """Run the command as a user does, and hold it to its exit status."""
    done = subprocess.run([CUTLINE, *map(str, arguments)], capture_output=True, text=True, timeout=300)
    assert done.returncode == status, (arguments, done.stdout, done.stderr)
    assert "Traceback" not in done.stderr, done.stderr
    return done


def ingested(*arguments: str | Path) -> dict[str, int]:
    """The summary of one run, which adds up."""
    summary: dict[str, int] = json.loads(cutline("ingest", *arguments, "--json").stdout)
    assert summary["seen"] == sum(summary[key] for key in ("new", "changed", "unchanged", "refused"))
    return summary


def rows(archive: Path, sql: str, *values: object) -> list[tuple[object, ...]]:
    """What a query says, read-only."""
    db = sqlite3.connect(f"file:{archive}?mode=ro", uri=True)
    try:
        return db.execute(sql, values).fetchall()
    finally:
        db.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four photographs, each captioned in another block, and an article with one caption in it."""
    folder = tmp_path_factory.mktemp("delivery")
    photos = folder / "photos"
    photos.mkdir()
    (photos / "marines.jpg").write_bytes(jpeg_with(picture(1), iim=iim({"caption": MARINES, "byline": "Ivan Danilov"})))
    (photos / "easter.jpg").write_bytes(jpeg_with(picture(2), xmp=xmp({"dc:description": EASTER})))
    (photos / "gunners.jpg").write_bytes(jpeg_with(picture(3), exif=exif({"ImageDescription": GUNNERS})))
    (photos / "carrier.jpg").write_bytes(
        jpeg_with(
            picture(4),
            iim=iim({"caption": CARRIER, "date_created": "20231017"}),
            xmp=xmp({"dc:description": CARRIER, "photoshop:DateCreated": "2023-10-18"}),
        )
    )
    (folder / "article.txt").write_text(ARTICLE, "utf-8")
    return folder


@pytest.fixture(scope="module")
def archive(folder: Path) -> Path:
    path = folder / "desk.db"
    assert ingested(folder / "photos", folder / "article.txt", "--archive", path) == {
        "seen": 5, "new": 5, "changed": 0, "unchanged": 0, "refused": 0,
    }  # fmt: skip
    return path


def test_every_photo_has_its_unit_date_place_photographer_and_agencies(archive: Path) -> None:
    said = rows(
        archive,
        "SELECT s.verbatim, taken, country, photographer, agency FROM photos p JOIN statements s ON s.photo = p.id"
        " WHERE s.property = 'unit' ORDER BY taken",
    )
    assert said == [
        ("USS Gerald R. Ford", "2023-10-17", "US", "Nolan Prewitt", "U.S. Navy"),
        ("93rd Separate Mechanized Brigade", "2025-03-02", "UA", "Lada Moroz", "Reuters"),
        ("155th Guards Naval Infantry Brigade", "2025-04-17", "RU", "Ivan Danilov", "Sputnik → Associated Press"),
        ("56th Air Assault Brigade", "2025-04-19", "RU", "Ivan Danilov", "Sputnik → Associated Press"),
        ("155th Guards Naval Infantry Brigade", "2025-04-23", "RU", "Lev Orlov", "TASS → Associated Press"),
    ]


def test_every_statement_names_its_characters(archive: Path) -> None:
    """The record law, as it stands in the database and not only on the way there."""
    spans = rows(archive, 'SELECT t.text, s.start, s."end", s.verbatim FROM statements s JOIN texts t ON t.id = s.text')
    assert len(spans) > 40
    assert [s for s in spans if str(s[0])[int(str(s[1])) : int(str(s[2]))] != s[3]] == []


def test_sources_that_disagree_are_kept_and_shown(archive: Path) -> None:
    found = rows(archive, "SELECT property, sources FROM conflicts")
    assert [name for name, _ in found] == ["date_created"]
    assert "2023-10-17" in str(found[0][1]) and "2023-10-18" in str(found[0][1])


@pytest.mark.parametrize(
    ("query", "dates"),
    [
        ("unit:155", ["2025-04-23", "2025-04-17"]),  # a unit's number finds the photograph and the article's caption
        ("unit:155 date:2025-04-17", ["2025-04-17"]),
        ("date:2025-04", ["2025-04-23", "2025-04-19", "2025-04-17"]),  # newest taken first
        ("agency:ap", ["2025-04-23", "2025-04-19", "2025-04-17"]),  # whoever delivered it counts, too
        ("by:danilov trench", ["2025-04-17"]),
        ('unit:"USS Gerald R. Ford"', ["2023-10-17"]),
        ("unit:999", []),
    ],
)
def test_searching_in_the_terminal(archive: Path, query: str, dates: list[str]) -> None:
    table = cutline("search", query, "--archive", archive).stdout.splitlines()[1:]
    assert [line[:10] for line in table] == dates


def test_every_picture_has_a_thumbnail_that_tells_nothing_but_the_picture(archive: Path) -> None:
    small = rows(archive, "SELECT p.kind, t.jpeg FROM photos p LEFT JOIN thumbnails t ON t.photo = p.id")
    assert sorted((kind, jpeg is not None) for kind, jpeg in small) == [("caption", False)] + [("picture", True)] * 4
    for _, jpeg in small:
        if isinstance(jpeg, bytes):
            with Image.open(io.BytesIO(jpeg)) as image:
                assert image.size == (120, 80) and not image.getexif() and "photoshop" not in image.info
            assert b"Kursk" not in jpeg and b"8BIM" not in jpeg


def test_thumbnails_are_a_pass_of_their_own(folder: Path, tmp_path: Path) -> None:
    archive = tmp_path / "desk.db"
    cutline("ingest", folder / "photos", "--archive", archive, "--no-thumbnails")
    assert "155th" in cutline("search", "unit:155", "--archive", archive).stdout
    assert rows(archive, "SELECT * FROM thumbnails") == []
    assert cutline("thumbnails", "--archive", archive).stdout == "4 made\n"
    assert cutline("thumbnails", "--archive", archive).stdout == "0 made\n"


def test_a_second_run_changes_nothing(folder: Path, archive: Path, tmp_path: Path) -> None:
    copy = tmp_path / "desk.db"
    shutil.copy(archive, copy)
    again = ingested(folder / "photos", folder / "article.txt", "--archive", copy)
    assert again == {"seen": 5, "new": 0, "changed": 0, "unchanged": 5, "refused": 0}
    for table in ("photos", "statements", "texts", "conflicts", "photo_units", "units"):
        before, after = (rows(path, f"SELECT count(*) FROM {table}") for path in (archive, copy))
        assert before == after, table


def test_a_picture_sent_again_with_a_corrected_caption_is_one_photo(tmp_path: Path) -> None:
    folder, archive = tmp_path / "in", tmp_path / "desk.db"
    folder.mkdir()
    (folder / "first.jpg").write_bytes(jpeg_with(picture(9), iim=iim({"caption": MARINES.replace("155th", "115th")})))
    assert ingested(folder, "--archive", archive)["new"] == 1
    (folder / "second.jpg").write_bytes(jpeg_with(picture(9), iim=iim({"caption": MARINES})))
    assert ingested(folder, "--archive", archive)["changed"] == 1
    assert rows(archive, "SELECT unit FROM photos") == [("155th Guards Naval Infantry Brigade",)]
    assert rows(archive, "SELECT count(*) FROM sightings") == [(2,)]
    readings = rows(archive, "SELECT text, current FROM texts WHERE source = 'iim:2:120' ORDER BY id")
    assert [current for _, current in readings] == [0, 1] and "115th" in str(readings[0][0])


def test_what_is_no_photo_costs_only_itself(tmp_path: Path) -> None:
    (tmp_path / "broken.jpg").write_bytes(picture(5)[:40])
    (tmp_path / "letter.jpg").write_text("Dear desk,", "utf-8")
    (tmp_path / "good.jpg").write_bytes(jpeg_with(picture(6), iim=iim({"caption": EASTER})))
    (tmp_path / "silent.jpg").write_bytes(jpeg_with(picture(7)))
    archive = tmp_path / "desk.db"
    summary = ingested(tmp_path, "--archive", archive)
    assert (summary["new"], summary["refused"]) == (1, 3)
    problems = rows(archive, "SELECT path, reason FROM problems ORDER BY path")
    assert [(Path(str(path)).name, reason) for path, reason in problems] == [
        ("broken.jpg", "no-caption"),  # cut off before any block
        ("letter.jpg", "not-a-photo"),
        ("silent.jpg", "no-caption"),
    ]


@pytest.mark.slow
def test_the_first_run_on_a_fresh_machine_reads_too(folder: Path, tmp_path: Path) -> None:
    """Its tables of names are not built yet, and a worker has neither the time nor the memory to build them."""
    done = subprocess.run(
        [CUTLINE, "ingest", folder / "photos", "--archive", tmp_path / "desk.db", "--json"],
        env=os.environ | {"CUTLINE_CACHE": str(tmp_path / "cache")}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(done.stdout)["new"] == 4, done.stderr


def _foreign(path: Path) -> None:
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE recipes (name)")
    db.close()


def _newer(path: Path) -> None:
    (path.parent / "a.jpg").write_bytes(jpeg_with(picture(8), iim=iim({"caption": EASTER})))
    cutline("ingest", path.parent / "a.jpg", "--archive", path)
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version = 999")
    db.close()


@pytest.mark.parametrize(("made", "says"), [(_foreign, "not"), (_newer, "newer")])
def test_a_database_that_is_not_ours_or_newer_is_left_alone(
    folder: Path, tmp_path: Path, made: Callable[[Path], None], says: str
) -> None:
    archive = tmp_path / "desk.db"
    made(archive)
    before = archive.read_bytes()
    done = cutline("ingest", folder / "photos", "--archive", archive, status=1)
    assert says in done.stderr and "desk.db" in done.stderr
    assert archive.read_bytes() == before


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "no such file or folder"),
        ({}, "no files"),  # an empty folder
        ({"essay.txt": "A quiet day on the coast, with no picture at all."}, "no-caption"),
        ({"letter.jpg": "Dear desk,"}, "not-a-photo"),
    ],
)
def test_nothing_to_read_is_said_and_fails(tmp_path: Path, content: dict[str, str] | None, says: str) -> None:
    source = tmp_path / "in"
    if content is not None:
        source.mkdir()
        for name, text in content.items():
            (source / name).write_text(text, "utf-8")
    done = cutline("ingest", source, "--archive", tmp_path / "desk.db", status=1)
    assert says in done.stdout + done.stderr


def test_a_port_that_is_taken_is_named(archive: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = cutline("serve", "--archive", archive, "--port", str(port), status=1)
    assert str(port) in done.stderr and "--port" in done.stderr


@pytest.fixture(scope="module")
def desk(archive: Path) -> Iterator[str]:
    """The address of the desk, served as a newsroom serves it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [CUTLINE, "serve", "--archive", archive, "--port", str(port)]
    served = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{address}/-/versions.json", timeout=5).close()
                break
            except OSError:
                assert served.poll() is None, "cutline serve has ended"
                time.sleep(0.1)
        yield address
    finally:
        served.terminate()
        served.wait(30)


@pytest.mark.parametrize(
    ("address", "holds"),
    [
        ("/", "155th Guards Naval Infantry Brigade"),
        ("/?q=unit:155+date:2025-04-17", "Ivan Danilov"),
        ("/suggest.json?q=unit:155&cursor=8", "155th"),
        ("/desk/photos", "2025-04-17"),  # Datasette's own page of the table
        ("/desk/photos.json?_shape=array&taken=2025-04-17", "155th"),
    ],
)
def test_the_desk_answers(desk: str, address: str, holds: str) -> None:
    """Over HTTP and without a browser, so that nobody lands a desk that does not start."""
    with urllib.request.urlopen(desk + address, timeout=30) as response:
        assert response.status == 200 and holds in response.read().decode()


@pytest.fixture
def page(browser: Browser, desk: str) -> Iterator[Page]:
    """A page of its own; whatever a script of ours throws fails the test."""
    page = browser.new_page(base_url=desk)
    thrown: list[str] = []
    page.on("pageerror", lambda error: thrown.append(str(error)))
    yield page
    page.close()
    assert thrown == []


def shown(page: Page) -> list[str]:
    """The public ids of the pictures on the sheet, in order."""
    return [str(card.get_attribute("data-id")) for card in page.locator("#photos > li").all()]


def searched(page: Page, words: str) -> list[str]:
    """Type into the search box of the desk as a person does; what the sheet then shows."""
    page.goto("/")
    box = page.get_by_role("search").get_by_role("textbox").or_(page.get_by_role("search").get_by_role("combobox"))
    box.fill(words)
    box.press("Enter")
    page.wait_for_url("**/*q=*")
    return shown(page)


def ids(archive: Path, where: str) -> list[str]:
    """The public ids of photos, newest first."""
    return [str(i) for (i,) in rows(archive, f"SELECT identity FROM photos WHERE {where} ORDER BY slot DESC")]


@pytest.mark.browser
@pytest.mark.parametrize(
    ("words", "where"),
    [
        ("unit:155", "unit LIKE '155th%'"),
        ("date:2025-04", "taken LIKE '2025-04%'"),
        ("unit:155 date:2025-04-17", "taken = '2025-04-17'"),
        ("agency:tass", "agency LIKE 'TASS%'"),
    ],
)
def test_the_desk_finds_by_unit_date_and_agency(page: Page, archive: Path, words: str, where: str) -> None:
    found = ids(archive, where)
    assert found and searched(page, words) == found


@pytest.mark.browser
def test_a_photo_opens_with_its_picture_its_marks_and_where_each_value_came_from(page: Page, archive: Path) -> None:
    searched(page, "unit:155 date:2025-04-17")
    page.locator("#photos a.pic").first.click()
    (identity,) = ids(archive, "taken = '2025-04-17'")
    page.wait_for_url(f"**/photo/{identity}*")
    caption = page.get_by_role("region", name="Caption")
    assert caption.inner_text().strip() == MARINES
    assert caption.get_by_text("155th Guards Naval Infantry Brigade").count() == 1
    values = page.locator("table.values").inner_text()
    for value in ("17 Apr 2025", "155th Guards Naval Infantry Brigade", "Kursk region", "Ivan Danilov", "Sputnik"):
        assert value in values
    drawn = page.locator(".big img").evaluate("image => image.complete && image.naturalWidth")
    assert drawn == 120
