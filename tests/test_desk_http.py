"""The desk's answers, byte by byte: headers, hostile captions on every page, what is there and what is not."""

from __future__ import annotations

import hashlib
import html
import json
import re
import sqlite3
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.desk_archive import EASTER, HOSTILE, HOSTILE_TEXT, LODZ, LONG, MARINES, SPECIAL
from tests.desk_server import TOP, Desk, serve

UNIT = next(s.value for s in HOSTILE.statements if s.property == "unit")
#: Every page that shows words from a caption, a field or the address.
PAGES = [
    "/", "/?view=list", "/?view=map", "/?q=kharkiv", "/?q=kharkiv&part=1", "/?q=%3Cscript%3Ealert(1)%3C/script%3E",
    "/?q=unit:%22%3E%3Cimg+src%3Dx+onerror%3Dalert(1)%3E&type=%22%3E%3Cscript%3E", "/?q=%22%3E&sort=%22%3E&view=%22%3E",
    f"/photo/{HOSTILE.identity}", f"/photo/{LONG.identity}", "/coverage",
    "/coverage?agency=%22%3E%3Cscript%3E&month=%22",
    "/review?kind=ambiguous", "/review?kind=%22%3E&q=%22%3E%3Cscript%3E", "/corrections", "/confirm?q=%3Cscript%3E",
    "/photographer/~3Cb~3Eeve~20~22x~22~20o~27leary~3C~2Fb~3E", "/agency/reuters", "/place/geonames~3A706483",
    "/day/2025-04-19", "/unit/no-such~22~3E~3Cscript~3E",
]  # fmt: skip


class Seen(HTMLParser):
    """What a browser would act on."""

    def __init__(self) -> None:
        super().__init__()
        self.scripts: list[dict[str, str | None]] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "script":
            self.scripts.append(given)
        for name, value in attrs:
            if name.startswith("on") or name == "style":
                self.wrong.append(f"{tag} {name}")
            if name in ("href", "src", "action") and (value or "").strip().lower().startswith(("javascript:", "data:")):
                self.wrong.append(f"{tag} {name}={value}")
        if tag in ("iframe", "object", "embed", "base", "meta") and "http-equiv" in given:
            self.wrong.append(tag)
        if tag in ("img", "script") and (given.get("src") or "").startswith(("http:", "https:", "//")):
            self.wrong.append(f"from elsewhere: {given}")


@pytest.mark.parametrize("path", PAGES)
def test_a_hostile_caption_is_only_words(desk: Desk, path: str) -> None:
    answer = desk.get(path)
    assert answer.status in (200, 404)
    seen = Seen()
    seen.feed(answer.text)
    assert seen.wrong == []
    assert all((s.get("src") or "").startswith("/-/static-plugins/cutline/") for s in seen.scripts)
    assert len(seen.scripts) <= 2
    assert "{{" not in answer.text.replace(html.escape(HOSTILE_TEXT), "") or path == "/" or "7*7" in answer.text
    assert "49 }}" not in answer.text


@pytest.mark.parametrize("path", [*PAGES, "/suggest.json?q=unit", f"/photo/{EASTER.identity}.json"])
def test_our_pages_have_the_strictest_policy(desk: Desk, path: str) -> None:
    headers = desk.get(path).headers
    policy = dict(part.strip().partition(" ")[::2] for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'self'"
    assert "unsafe" not in headers["content-security-policy"]
    assert (policy["frame-ancestors"], policy["base-uri"], policy["object-src"]) == ("'none'", "'none'", "'none'")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/desk", "/desk/photos", "/desk/photos/1", "/-/versions", "/desk?sql=select+1"])
def test_datasettes_pages_run_its_own_scripts_only(desk: Desk, path: str) -> None:
    """Every inline script on them is one whose digest the policy names; a script in a caption would not be."""
    import base64

    answer = desk.get(path)
    policy = answer.headers["content-security-policy"]
    assert answer.status == 200
    assert "script-src 'self' 'sha256-" in policy
    assert "'unsafe-inline'" not in policy.partition("style-src")[0]
    for script in re.findall(r"<script>(.*?)</script>", answer.text, re.S):
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy, script[:200]


@pytest.mark.parametrize("photo", [EASTER, LODZ, HOSTILE, LONG], ids=["plain", "accents", "hostile", "long"])
def test_the_caption_is_on_its_page_letter_by_letter(desk: Desk, photo: Any) -> None:
    """What shows nothing is shown by its name; everything else is there as it came."""
    page = desk.get(f"/photo/{photo.identity}").text
    marked = page[page.index('class="caption"') : page.index("</div>", page.index('class="caption"'))]
    marked = marked[marked.index(">") + 1 :]
    plain = html.unescape(re.sub(r"<[^>]+>", "", re.sub(r'<span class="unseen"[^>]*>.*?</span>', "\0", marked)))
    from archive.desk.wording import unseen

    assert plain == "".join("\0" if unseen(c) else c for c in photo.texts[0].text)


def test_the_json_of_a_photo_is_everything(desk: Desk) -> None:
    photo = desk.get(f"/photo/{EASTER.identity}.json").json()
    assert photo["caption"] == EASTER.texts[0].text
    statements = photo["statements"]
    assert isinstance(statements, list)
    assert len(statements) == len(EASTER.statements)
    texts = {t["id"]: t["text"] for t in photo["texts"]}  # type: ignore[attr-defined]
    for s in statements:
        if s["start"] is not None:
            assert texts[s["text"]][s["start"] : s["end"]] == s["verbatim"]
    assert photo["credit"] == {
        "line": "Sergey Bobylev/Sputnik via AP",
        "styles": {
            "House": "Photo: Sergey Bobylev / Sputnik/AP", "AP": "(Sergey Bobylev/Sputnik via AP)",
            "Reuters": "Sputnik/Sergey Bobylev via AP", "Guardian": "Photograph: Sergey Bobylev/Sputnik/AP",
        },
    }  # fmt: skip
    assert photo["conflicts"] == [{
        "property": "date_created", "decided": False,
        "sources": [["iim:2:120", "2025-04-19"], ["exif:DateTimeOriginal", "2025-04-18"]],
    }]  # fmt: skip


@pytest.mark.parametrize("path", ["/unit/ru-155-naval-infantry-brigade.json", "/agency/ap.json", "/day/2025-04-17.json",
                                  "/photographer/ivan~20danilov.json", "/place/region~3Aru-kursk.json"])  # fmt: skip
def test_a_page_has_its_data_beside_it(desk: Desk, path: str) -> None:
    answer = desk.get(path).json()
    assert answer["photos"]
    assert answer["counts"]


def test_a_thumbnail_is_served_by_its_digest_for_a_year(desk: Desk) -> None:
    path = re.search(r"/thumb/[0-9a-f]{64}\.jpg", desk.get("/").text)
    assert path is not None
    answer = desk.get(path[0])
    assert hashlib.sha256(answer.body).hexdigest() in path[0]
    assert answer.headers["content-type"] == "image/jpeg"
    assert "immutable" in answer.headers["cache-control"]
    assert desk.get(f"/thumb/{'0' * 64}.jpg").status == 404


def test_our_own_files_are_kept_for_a_year_by_their_digest(desk: Desk) -> None:
    for path in re.findall(r'(?:href|src)="(/-/static-plugins/cutline/[^"]+)"', desk.get("/").text):
        assert "immutable" in desk.get(path).headers["cache-control"]


@pytest.mark.parametrize(
    ("path", "status"),
    [(f"/photo/{'0' * 32}", 404), ("/unit/nobody", 404), ("/day/2025-02-30", 404), ("/place/nowhere.json", 404)],
)
def test_what_is_not_here_says_so(desk: Desk, path: str, status: int) -> None:
    answer = desk.get(path)
    assert answer.status == status
    if path.endswith(".json"):
        assert answer.json()["ok"] is False
    else:
        assert "Not here" in answer.text


@pytest.mark.parametrize("typed", ['"', "1-32", "F-16", "O'Brien", "U.S.", "AT&T", "*", "NEAR(", "unit:", "date:never",
                                   "-", "a OR b", "NOT", "{x}", "col:y", "\\", "%", "🙂", "x" * 5000,
                                   "'; DROP TABLE photos", "\u202e", "a\u0000b"])  # fmt: skip
@pytest.mark.parametrize("where", ["/?q={}", "/?add={}", "/suggest.json?q={}", "/?view=list&q={}", "/review?q={}"])
def test_whatever_is_typed_gets_an_answer(desk: Desk, typed: str, where: str) -> None:
    from urllib.parse import quote

    assert desk.get(where.format(quote(typed))).status == 200


def test_titles_and_descriptions_stand_for_every_table_and_column(desk: Desk) -> None:
    """Whatever the archive's file is called; none is missing, and none is about what is not there."""
    described = yaml.safe_load((TOP / "metadata.yml").read_text("utf-8"))["databases"]["archive"]["tables"]
    db = sqlite3.connect(f"file:{desk.archive}?mode=ro", uri=True)
    names = [r[0] for r in db.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")]
    shadow = re.compile(r"photo_search_(data|idx|docsize|config|content)$|sqlite_")
    tables = {n: [r[1] for r in db.execute(f"PRAGMA table_info([{n}])")] for n in names if not shadow.match(n)}
    db.close()
    assert set(described) == set(tables)
    for table, columns in tables.items():
        assert described[table]["title"]
        assert described[table]["description"]
        assert list(described[table]["columns"]) == columns, table
        assert all(described[table]["columns"].values())
    assert "The credit as printed." in desk.get("/desk/photos").text


def test_the_wheel_has_the_same_metadata() -> None:
    assert (TOP / "archive" / "metadata.yml").read_bytes() == (TOP / "metadata.yml").read_bytes()


def test_no_query_is_canned(desk: Desk) -> None:
    metadata = yaml.safe_load((TOP / "metadata.yml").read_text("utf-8"))
    assert "queries" not in json.dumps(metadata)


def test_a_closed_archive_is_closed_here_too(tmp_path: Path) -> None:
    """`allow` in metadata is Datasette's rule; our addresses keep it."""
    settings = yaml.safe_load((TOP / "metadata.yml").read_text("utf-8")) | {"allow": {"id": "mira"}}
    (tmp_path / "metadata.json").write_text(json.dumps(settings))
    for desk in serve(tmp_path, ordinary=0, metadata=tmp_path / "metadata.json"):
        photo = f"/photo/{MARINES.identity}"
        for path in ("/", photo, f"{photo}.json", "/coverage", "/suggest.json?q=a"):
            assert desk.get(path).status == 403, path
            assert desk.get(path, cookie=f"ds_actor={desk.cookie()}").status == 200, path


def test_a_tile_server_of_the_house(tmp_path: Path) -> None:
    settings = yaml.safe_load((TOP / "metadata.yml").read_text("utf-8"))
    settings["plugins"]["cutline"] |= {"tile_server": "https://tiles.example/{z}/{x}/{y}.png", "tile_credit": "A & B"}
    (tmp_path / "metadata.json").write_text(json.dumps(settings))
    for desk in serve(tmp_path, ordinary=3, metadata=tmp_path / "metadata.json"):
        answer = desk.get("/?view=map")
        assert '<image href="https://tiles.example/' in answer.text
        assert "Map: A &amp; B." in answer.text
        assert "img-src 'self' https://tiles.example;" in answer.headers["content-security-policy"]


def test_datasette_without_an_archive_says_what_to_do(tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / "desk.db")
    db.execute("CREATE TABLE other (x)")
    db.commit()
    db.close()
    for desk in serve(tmp_path):
        answer = desk.get("/")
        assert answer.status == 503
        assert "cutline ingest" in answer.text
        assert desk.get("/desk/other").status == 200


def test_a_picture_is_found_before_it_has_a_thumbnail(desk: Desk) -> None:
    db = sqlite3.connect(f"file:{desk.archive}?mode=ro", uri=True)
    without = db.execute("SELECT count(*) FROM photos WHERE id NOT IN (SELECT photo FROM thumbnails)").fetchone()[0]
    db.close()
    assert without > len(SPECIAL) // 4
    assert 'class="words"' in desk.get("/").text
