"""The command line: what it prints, its exit status, and that bad input is one clear sentence and writes nothing."""

from __future__ import annotations

import io
import json
import socket
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from archive.connection import connect, create
from archive.schema import SCHEMA_VERSION
from ingest.captions import interpret
from ingest.cli import COMMANDS, main
from ingest.terminal import columns, drawn, safe
from samples.metadata import iim, jpeg_with, xmp

MARINES = (
    "Marines of the 155th Guards Naval Infantry Brigade clear a trench in Kursk region, Russia, on April 17, 2025. "
    "(Ivan Danilov/Sputnik via AP)"
)


def run(*arguments: str | Path, stdin: str | bytes | None = None) -> Result:
    result = CliRunner().invoke(main, [str(a) for a in arguments], input=stdin)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def picture(size: tuple[int, int] = (16, 16)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "navy").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "a.jpg"
    path.write_bytes(jpeg_with(picture(), iim=iim({"caption": MARINES, "credit": "AP", "city": "Sudzha"})))
    return path


@pytest.fixture
def archive(tmp_path: Path, photo: Path) -> Path:
    path = tmp_path / "desk.db"
    assert run("ingest", photo, "--archive", path, "--jobs", "0", "--no-thumbnails").exit_code == 0
    return path


def empty_folder(where: Path) -> Path:
    (where / "in").mkdir()
    return where / "in"


def no_photo(where: Path) -> Path:
    (where / "a.jpg").write_text("nothing of the kind")
    return where / "a.jpg"


def no_caption(where: Path) -> Path:
    (where / "a.jpg").write_bytes(picture())
    return where / "a.jpg"


def no_captions(where: Path) -> Path:
    (where / "a.txt").write_text("The council met on Monday.\n\nIt rose at noon.\n")
    return where / "a.txt"


def bad_delivery(where: Path) -> Path:
    (where / "a.csv").write_text("a,b\n1,2\n")
    return where / "a.csv"


BAD_INPUT: list[tuple[Callable[[Path], Path], str]] = [
    (lambda where: where / "gone", "no such file or folder"),
    (empty_folder, "no files in the folder"),
    (no_photo, "no photo format"),
    (no_caption, "carries no caption"),
    (no_captions, "No paragraph of the text is a caption"),
    (bad_delivery, "No column is called caption"),
]


@pytest.mark.parametrize(("bad", "says"), BAD_INPUT)
def test_bad_input_is_told_and_writes_nothing(tmp_path: Path, bad: Callable[[Path], Path], says: str) -> None:
    path = bad(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    result = run("ingest", path, "--archive", tmp_path / "desk.db", "--jobs", "0")
    assert (result.exit_code, says in result.stderr) == (1, True), result.output
    assert sorted(tmp_path.rglob("*")) == before


def text_file(path: Path) -> None:
    path.write_text("my notes")


def other_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.executescript("CREATE TABLE mine (x); INSERT INTO mine VALUES (1)")


def newer(path: Path) -> None:
    create(path)
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")


def a_folder(path: Path) -> None:
    path.mkdir()


BAD_ARCHIVES: list[tuple[Callable[[Path], None], str]] = [
    (text_file, "not a cutline archive"),
    (other_database, "no cutline archive"),
    (newer, "newer version of cutline"),
]


@pytest.mark.parametrize(("made", "says"), BAD_ARCHIVES)
@pytest.mark.parametrize("command", ["ingest", "search", "serve"])
def test_a_database_that_is_not_ours_is_left_alone(
    tmp_path: Path, photo: Path, monkeypatch: pytest.MonkeyPatch, command: str, made: Callable[[Path], None], says: str
) -> None:
    path = tmp_path / "desk.db"
    made(path)
    before = path.read_bytes()
    # A server that is started takes this process's place: let it be one that is not there.
    monkeypatch.setattr("os.execv", lambda *command: pytest.fail(f"started {command}"))
    arguments = [photo] if command == "ingest" else ["marines"] if command == "search" else []
    result = run(command, *arguments, "--archive", path)
    assert (result.exit_code, says in result.stderr) == (1, True), result.output
    assert path.read_bytes() == before
    assert {p.name for p in tmp_path.iterdir()} == {"a.jpg", "desk.db"}


def test_an_archive_that_is_not_there(tmp_path: Path, photo: Path) -> None:
    for command in ("search", "serve"):
        result = run(command, "--archive", tmp_path / "gone.db")
        assert (result.exit_code, "is not there" in result.stderr) == (1, True)
    result = run("ingest", photo, "--archive", tmp_path / "no/such/desk.db")
    assert (result.exit_code, "There is no folder" in result.stderr) == (1, True)


def test_a_port_that_is_taken(archive: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = run("serve", "--archive", archive, "--port", str(taken.getsockname()[1]))
    assert result.exit_code == 1
    assert "cannot be used: Address already in use. Choose another with --port." in result.stderr


def test_ingest_sums_up(tmp_path: Path, photo: Path) -> None:
    (tmp_path / "in").mkdir()
    photo.rename(tmp_path / "in/a.jpg")
    (tmp_path / "in/b.jpg").write_bytes(picture())
    arguments = ("ingest", tmp_path / "in", "--archive", tmp_path / "desk.db", "--jobs", "0", "--no-thumbnails")
    first = run(*arguments)
    assert first.stdout == "2 seen = 1 new + 0 changed + 0 unchanged + 1 refused (1 no-caption)\n"
    assert "b.jpg: The picture carries no caption" in first.stderr
    assert first.exit_code == 0
    second = run(*arguments, "--json")
    assert json.loads(second.stdout) == {"seen": 2, "new": 0, "changed": 0, "unchanged": 1, "refused": 1}


def test_parse_marks_the_caption(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    lines = run("parse", MARINES).stdout.splitlines()
    caption = next(i for i, line in enumerate(lines) if MARINES in line)
    for text, label in [("155th Guards Naval Infantry Brigade", "unit"), ("April 17, 2025", "date"),
                        ("Ivan Danilov", "photographer"), ("Sputnik", "agency")]:  # fmt: skip
        at = lines[caption].index(text)
        mark = lines[caption + 1][at : at + len(text)]
        assert mark[0] == "╰" and mark[-1] == "╯", (text, mark)
        assert label in mark or len(text) < len(label) + 4
    table = "\n".join(lines[caption + 2 :])
    for value in ("2025-04-17", "Thursday", "Sputnik → Associated Press", "origin → distributor", "exact"):
        assert value in table


def test_a_narrow_terminal_gets_the_table_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    out = run("parse", MARINES).stdout
    assert "╰" not in out and "2025-04-17" in out


@pytest.mark.parametrize("width", [60, 80, 100])
def test_marks_wrap_with_their_caption(width: int) -> None:
    shown = drawn(interpret(MARINES), width, False)
    marked = shown.split("\n\n")[0]
    assert all(sum(map(columns, line)) <= width for line in marked.splitlines())
    words = " ".join(line.strip() for line in marked.splitlines() if "╰" not in line)
    assert words.strip() == MARINES


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.integers(60, 120), st.booleans())
def test_any_text_can_be_shown_and_steers_no_terminal(caption: str, width: int, colour: bool) -> None:
    shown = drawn(interpret(caption), width, colour)
    for code in ("\x1b[0m", *(f"\x1b[{n}m" for n in (31, 32, 33, 34, 35, 36, 90))):
        shown = shown.replace(code, "")
    assert all(c.isprintable() or c == "\n" for c in shown)


def test_signs_that_steer_a_terminal_are_shown_as_one_sign_each() -> None:
    assert safe("a\x1b[31mb\u202ec\td") == "a\ufffd[31mb\ufffdc d"


def test_parse_prints_one_object() -> None:
    found = json.loads(run("parse", "--json", MARINES).stdout)
    assert found["units"][0]["text"] == "155th Guards Naval Infantry Brigade"
    assert [a["name"] for a in found["agencies"]] == ["Sputnik", "Associated Press"]


def test_parse_reads_lines_and_a_bad_one_costs_only_itself(tmp_path: Path) -> None:
    lines = [
        json.dumps({"id": "x1", "caption": MARINES}),
        "no json",
        json.dumps({"id": "x3"}),
        json.dumps({"id": "x4", "caption": "Soldiers rest Saturday.", "reference_date": "soon"}),
        json.dumps({"id": 5, "caption": "A \ud83d B, April 17, 2025.", "reference_date": None}),
    ]
    result = run("parse", "--jsonl", stdin="\n".join(lines) + "\n")
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 1
    assert [f["id"] for f in found] == ["x1", None, "x3", "x4", 5]
    assert [("error" in f) for f in found] == [False, True, True, True, False]
    file = tmp_path / "in.jsonl"
    file.write_text(lines[0] + "\n")
    again = run("parse", "--jsonl", file)
    assert (again.exit_code, json.loads(again.stdout)) == (0, found[0])
    for item in found[0]["units"] + found[0]["agencies"] + found[0]["dates"] + found[0]["locations"]:
        assert MARINES[item["start"] : item["end"]] == item["text"]


def test_a_weekday_is_settled_by_the_reference_date() -> None:
    out = run("parse", "--json", "--reference-date", "2025-04-26", "Soldiers rest in Kyiv, Ukraine, Saturday.").stdout
    assert json.loads(out)["dates"][0]["edtf"] == "2025-04-26"


@pytest.mark.parametrize(
    "arguments",
    [("parse", ""), ("parse", "--reference-date", "soon", "x"), ("ingest",), ("nonsense",), ("serve", "--port", "x")],
)
def test_a_wrong_call_is_status_2(arguments: tuple[str, ...]) -> None:
    assert run(*arguments, stdin="").exit_code == 2


def test_read_prints_every_source(photo: Path) -> None:
    photo.with_suffix(".xmp").write_bytes(xmp({"dc:description": "From beside."}))
    found = json.loads(run("read", "--json", photo).stdout)
    assert (found["caption"], found["credit"], found["city"]) == ("From beside.", "AP", "Sudzha")
    assert found["sources"]["iim:2:120"] == MARINES
    assert found["sources"]["sidecar:xmp:dc:description"] == "From beside."
    text = run("read", photo).stdout
    assert f"iim:2:120                         {MARINES}" in text


def test_of_two_sidecars_the_one_of_this_very_file_is_believed(photo: Path) -> None:
    photo.with_suffix(".xmp").write_bytes(xmp({"dc:description": "Of a raw file too.", "dc:subject": ["raw"]}))
    Path(f"{photo}.xmp").write_bytes(xmp({"dc:description": "Of this file.", "dc:subject": ["this"]}))
    found = json.loads(run("read", "--json", photo).stdout)
    assert (found["caption"], found["keywords"]) == ("Of this file.", ["this"])


def test_read_of_no_photo_says_so(tmp_path: Path) -> None:
    """In JSON the answer is the object, so the command has done its work; for a person it is an error."""
    result = run("read", "--json", no_photo(tmp_path))
    assert (result.exit_code, json.loads(result.stdout)["reason"]) == (0, "not-a-photo")
    assert run("read", tmp_path / "a.jpg").exit_code == run("read", tmp_path / "gone.jpg").exit_code == 1


def test_explain_follows_a_value_from_the_tag_to_the_row(photo: Path) -> None:
    out = run("explain", photo).stdout
    for stage in ("bytes → tags", "tags → values", "caption → findings", "caption against tags", "what counts"):
        assert stage in out
    assert "iim:2:120 15–50" in out
    assert run("explain", no_caption(photo.parent)).exit_code == 1


def test_search_prints_a_table(archive: Path) -> None:
    result = run("search", "unit:155 date:2025-04", "--archive", archive)
    assert "155th Guards" in result.stdout and "2025-04-17" in result.stdout
    assert result.stderr == "1 photo\n"
    assert run("search", "nothing of the kind", "--archive", archive).stderr.endswith("0 photos\n")


def test_a_read_archive_cannot_be_written(archive: Path) -> None:
    db = connect(archive)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        db.execute("DELETE FROM photos")
    db.close()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_its_help(command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    assert result.stdout.startswith("Usage:")
    assert len(result.stdout.splitlines()) > 5
