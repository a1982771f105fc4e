"""README tells what is so: its commands run, its output is what they print, its links lead somewhere."""

from __future__ import annotations

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parent.parent
README = (TOP / "README.md").read_text("utf-8")
ENVIRONMENT = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "COLUMNS": "100"}


def commands() -> list[tuple[str, str]]:
    """(command, the output printed below it) of every console block, in order."""
    found = []
    for block in re.findall(r"```console\n(.*?)```", README, re.S):
        first, _, rest = block.partition("\n")
        found.append((first.removeprefix("$ "), rest))
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where README's reader stands after `make demo`: demo/ is there."""
    from samples.__main__ import write

    folder = tmp_path_factory.mktemp("readme")
    list(write(folder / "demo"))
    return folder


@pytest.mark.slow
def test_every_command_runs(folder: Path) -> None:
    ran = 0
    for command, _ in commands():
        program, *rest = shlex.split(command)
        if program == "make":
            subprocess.run(["make", "--dry-run", *rest], cwd=TOP, check=True, capture_output=True)
        elif rest[0] != "serve":  # the desk of `make demo` is tried below
            done = subprocess.run([program, *rest], cwd=folder, env=ENVIRONMENT, capture_output=True, text=True)
            assert done.returncode == 0, (command, done.stderr)
            assert done.stdout.rstrip(), command
            ran += 1
    assert ran >= 4


def test_what_is_shown_below_a_command_is_what_it_prints() -> None:
    (example,) = [(shlex.split(command), shown) for command, shown in commands() if shown]
    done = subprocess.run(example[0], env=ENVIRONMENT, capture_output=True, text=True, check=True)
    assert done.stdout.rstrip() == example[1].rstrip()


def test_the_two_commands_are_the_first_two_of_make() -> None:
    made = [command for command, _ in commands() if command.startswith("make")]
    assert made == ["make demo", "make test"]


def test_every_link_into_the_repository_leads_somewhere() -> None:
    for page in [TOP / "README.md", TOP / "CONTRIBUTING.md", *(TOP / "docs").glob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """`make demo` on a free port and in a folder of its own: (address, what it printed)."""
    folder = tmp_path_factory.mktemp("demo")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    output = folder / "output"
    with output.open("wb") as out:
        run = subprocess.Popen(
            ["make", "demo", f"PORT={port}", f"DEMO={folder / 'demo'}", f"ARCHIVE={folder / 'demo.db'}"],
            cwd=TOP, stdout=out, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(address + "/-/versions.json", timeout=5).close()
                break
            except OSError:
                assert run.poll() is None, output.read_text("utf-8")
                time.sleep(0.2)
        yield address, output.read_text("utf-8")
    finally:
        os.killpg(run.pid, signal.SIGTERM)
        run.wait(30)


@pytest.mark.slow
def test_make_demo_serves_a_desk_and_the_searches_it_prints_find_something(demo: tuple[str, str]) -> None:
    address, printed = demo
    searches = re.findall(rf"^    ({re.escape(address)}/\S+)$", printed, re.M)
    assert f"{address}/ " in printed and len(searches) == 3
    for search in [address + "/", *searches]:
        with urllib.request.urlopen(search, timeout=20) as response:
            page = response.read().decode()
        assert response.status == 200 and "/photo/" in page, search
