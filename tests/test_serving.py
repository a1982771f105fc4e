"""Serving fails closed: with any wall missing nothing starts, and the sentence says which one and how to mend it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.connection import connect
from archive.publish import publish
from archive.serve_cli import is_loopback, shipped_metadata
from archive.walls import SETTINGS, gaps
from ingest.cli import main
from tests.desk_archive import EASTER, MARINES, build
from tests.desk_server import free_port, running

SIGN_ON = {"allow": {"id": "*"}}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("walls") / "desk.db", [EASTER, MARINES])


@pytest.fixture(scope="module")
def copy(archive: Path) -> Path:
    path = archive.with_name("public.db")
    publish(archive, path, "")
    return path


def metadata(folder: Path, about: Mapping[str, object] | None) -> Path | None:
    if about is None:
        return shipped_metadata()
    (folder / "metadata.json").write_text(json.dumps(about))
    return folder / "metadata.json"


#: Each a wall that is taken away: which file, settings, metadata, downloads meant; the walls found missing.
WALLS = [
    pytest.param("public", {}, None, [], id="a public copy as it is"),
    pytest.param("public", {"default_allow_sql": "on"}, None, ["arbitrary SQL"], id="SQL is on"),
    pytest.param("public", {}, {"allow_sql": True}, ["arbitrary SQL"], id="SQL is allowed to all"),
    pytest.param("public", {}, {"databases": {"public": {"allow_sql": {"unauthenticated": True}}}}, ["arbitrary SQL"],
                 id="SQL is allowed on the one file"),
    pytest.param("public", {}, {"allow_sql": {"id": "mira"}}, [], id="SQL for one who signs in"),
    pytest.param("public", {"allow_download": "on"}, None, ["downloads"], id="downloads are on and not meant"),
    pytest.param("public", {"trace_debug": "on", "template_debug": "on"}, None, ["trace_debug", "template_debug"],
                 id="pages show their inside"),
    pytest.param("public", {}, {"databases": {"public": {"tables": {"photo_search_data": {"allow": True}}}}},
                 ["tables"], id="the index's own table is open"),
    pytest.param("public", {}, {"databases": {"public": {"tables": {"PHOTO_WORDS": {"allow": {}}}}}}, [],
                 id="closed twice"),
    pytest.param("public", {}, {"databases": {"public": {"queries": {"wipe": {"sql": "DELETE FROM photos",
                 "write": True}}}}}, ["write queries"], id="a query that writes"),
    pytest.param("public", {}, {"databases": {"public": {"queries": {"wipe": {"sql": "DELETE FROM photos",
                 "write": True, "allow": {"id": "mira"}}}}}}, [], id="a query that writes for one who signs in"),
    pytest.param("desk", {}, None, ["working archive", "tables"], id="the working archive"),
    pytest.param("desk", {}, SIGN_ON, [], id="the working archive behind a sign-on"),
    pytest.param("desk", {}, SIGN_ON | {"allow_sql": True}, ["arbitrary SQL"], id="a sign-on that SQL goes around"),
    pytest.param("desk", {}, SIGN_ON | {"databases": {"desk": {"tables": {"photos": {"allow": True}}}}}, ["tables"],
                 id="a sign-on that one table goes around"),
    pytest.param("desk", {}, SIGN_ON | {"databases": {"desk": {"allow": True}}}, ["tables"],
                 id="a sign-on that the whole file goes around"),
]  # fmt: skip


@pytest.mark.parametrize(("which", "settings", "about", "missing"), WALLS)
def test_each_wall_that_is_taken_away_is_missed(archive: Path, copy: Path, tmp_path: Path, which: str,
                                                settings: dict[str, str], about: Mapping[str, object] | None,
                                                missing: list[str]) -> None:  # fmt: skip
    path = copy if which == "public" else archive
    found = gaps(path, public=which == "public", metadata=metadata(tmp_path, about), settings={**SETTINGS, **settings})
    assert [gap.wall for gap in found] == missing
    assert all(gap.problem and gap.mend for gap in found)


def test_a_download_that_is_meant_is_no_gap(copy: Path) -> None:
    settings = {**SETTINGS, "allow_download": "on"}
    assert not gaps(copy, public=True, metadata=shipped_metadata(), settings=settings, downloads=True)


STARTS = [
    # what is served, options, what the sentence says
    ("desk.db", ["--host", "0.0.0.0"], "cutline publish"),
    ("desk.db", ["--public"], "cutline publish"),
    ("desk.db", ["--host", "::"], "working archive"),
    ("desk.db", ["--host", "newsroom.example"], "working archive"),
    ("public.db", ["--host", "0.0.0.0", "--setting", "default_allow_sql", "on"], "SQL of their own"),
    ("public.db", ["--public", "--setting", "allow_download", "on"], "--download"),
    ("public.db", ["--public", "--setting", "no_such", "on"], "no setting of Datasette's"),
    ("public.db", ["--public", "--setting", "num_sql_threads", "many"], "expected a value like 3"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "options", "says"), STARTS)
def test_with_a_gap_nothing_starts(archive: Path, copy: Path, name: str, options: list[str], says: str) -> None:
    done = CliRunner().invoke(main, ["serve", "--archive", str(archive.with_name(name)), "--port", "0", *options])
    assert done.exit_code == 1 and says in done.output


@pytest.mark.parametrize(("host", "own"), [
    ("127.0.0.1", True), ("127.8.9.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("::", False),
    ("192.168.1.4", False), ("localhost.example", False), ("", False),
])  # fmt: skip
def test_only_this_machine_s_own_addresses_are_no_public_ones(host: str, own: bool) -> None:
    assert is_loopback(host) == own


def test_a_public_copy_just_works_for_others(copy: Path) -> None:
    """In a network of its own, where the address that all may come in by can be served without anybody coming."""
    port = free_port()
    command = [sys.executable, "-m", "ingest.cli", "serve", "--archive", str(copy), "--host", "0.0.0.0", "--port",
               str(port)]  # fmt: skip
    asked = (
        "import sys, time, urllib.request\n"
        "for n in range(300):\n"
        "    try: print(urllib.request.urlopen(sys.argv[1], timeout=20).read().decode()); break\n"
        "    except OSError: time.sleep(0.1)\n"
    )
    script = f'ip link set lo up; "$@" & p=$!; {sys.executable} -c "$ASK" http://127.0.0.1:{port}/search.json; kill $p'
    own = ["unshare", "--map-root-user", "--net"]
    if subprocess.run([*own, "sh", "-c", "ip link set lo up"], capture_output=True).returncode:
        for desk in running([*command[:-4], "--public", "--port", str(port)], port, copy):
            assert desk.get("/search.json").json()["total"] == 2
        return
    done = subprocess.run([*own, "sh", "-c", script, "sh", *command], capture_output=True, text=True,
                          env={**os.environ, "ASK": asked}, timeout=120)  # fmt: skip
    assert json.loads(done.stdout.splitlines()[-1])["total"] == 2, done.stderr


def told(path: Path, *options: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["doctor", "--archive", str(path), *options])
    return done.exit_code, done.output


def test_the_doctor_finds_nothing_wrong_with_a_good_archive(tmp_path: Path) -> None:
    path = build(tmp_path / "desk.db", [EASTER])
    path.chmod(0o640)
    status, text = told(path)
    assert (status, text.splitlines()[-1]) == (0, "nothing is wrong")
    assert "note: not to be served to others as it is" in text and "cutline publish" in text
    path.chmod(0o666)
    assert told(path)[0] == 1 and f"chmod o-w {path}" in told(path)[1]
    publish(path, tmp_path / "public.db", "")
    assert told(tmp_path / "public.db") == (0, "nothing is wrong\n")


ILLNESSES = [
    # what is done to the archive, what the doctor says, what he advises
    ("DELETE FROM photo_search_docsize WHERE id IN (SELECT slot FROM photos LIMIT 1)", "searches miss some", "backup"),
    ("UPDATE accessions SET outcome = 'interrupted'", "was interrupted", "Run the same cutline ingest again"),
    ("INSERT INTO problems (accession, path, reason, message) VALUES (1, 'a', 'b', 'c')", "1 files", "`problems`"),
    ("DELETE FROM thumbnails", "have no thumbnail", "cutline thumbnails --archive"),
    ("INSERT INTO restrictions (photo, kind, verbatim, source) VALUES (1, 'unread', 'x', 'y')", "not understood",
     "restriction:unread"),
    ("DELETE FROM facet_counts", "counts are older", "counts anew"),
    ("INSERT INTO photo_units VALUES (99, 1, 'exact')", "rows of photo_units point", "backup"),
    ("DELETE FROM thumbnails", "were never verified", "cutline verify --archive"),
    ("INSERT INTO events (type, time, agent, outcome) VALUES ('fixity check', '2026-01-05', 'c', 'fail')",
     "verified on 2026-01-05, some were not", "cutline verify --archive"),
    ("DELETE FROM thumbnails", "never backed up", "cutline backup"),
]  # fmt: skip


@pytest.mark.parametrize(("harm", "what", "mend"), ILLNESSES)
def test_the_doctor_says_what_is_wrong_and_how_to_mend_it(tmp_path: Path, harm: str, what: str, mend: str) -> None:
    path = build(tmp_path / "desk.db", [EASTER, MARINES])
    db = connect(path, write=True)
    db.execute("PRAGMA foreign_keys = OFF")
    db.execute(harm)
    db.close()
    line = next(line for line in told(path)[1].splitlines() if what in line)
    assert mend in line


def test_the_doctor_looks_at_what_is_no_archive_and_at_one_that_is_cut_off(tmp_path: Path) -> None:
    (tmp_path / "notes.db").write_text("mine")
    status, text = told(tmp_path / "notes.db")
    assert status == 1 and "not a cutline archive" in text
    path = build(tmp_path / "desk.db", [EASTER])
    db = connect(path)
    db.close()
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2 // 4096 * 4096)
    status, text = told(path)
    assert status == 1 and "backup" in text
