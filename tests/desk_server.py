"""Datasette in a process of its own, as `cutline serve` starts it, on an archive of the tests'."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from pathlib import Path

from tests.desk_archive import SPECIAL, build, many

TOP = Path(__file__).resolve().parent.parent
SECRET = "a secret that only the tests have"
#: Ordinary photos beside the special ones: more than two pages of the contact sheet.
ORDINARY = 130


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whatever its status."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")

    def json(self) -> dict[str, object]:
        value = json.loads(self.body)
        assert isinstance(value, dict)
        return value


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Desk:
    """Where it is served, and the archive's file."""

    url: str
    archive: Path
    folder: Path

    def get(self, path: str, *, follow: bool = True, **headers: str) -> Answer:
        """One GET. Header names with _ for -."""
        return self.send("GET", path, None, follow=follow, **headers)

    def send(self, method: str, path: str, body: bytes | None, *, follow: bool = True, **headers: str) -> Answer:
        """One request."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(self.url + path, body, given, method=method)
        opener = urllib.request.build_opener(*([] if follow else [_Stay]))
        try:
            with opener.open(request, timeout=60) as answer:
                return Answer(answer.status, _lower(answer.headers), answer.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, _lower(error.headers), error.read())

    def cookie(self, name: str = "mira") -> str:
        """The cookie of somebody who signed in."""
        from itsdangerous.url_safe import URLSafeSerializer

        return str(URLSafeSerializer(SECRET, "actor").dumps({"a": {"id": name}}))


def _lower(headers: Message) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def serve(
    folder: Path, *, ordinary: int = ORDINARY, metadata: Path = TOP / "metadata.yml", immutable: bool = False
) -> Iterator[Desk]:
    """Build an archive in a folder, serve it, and stop when the test is done."""
    archive = folder / "desk.db"
    if not archive.exists():
        build(archive, [*SPECIAL, *many(ordinary)])
    port = free_port()
    command = [sys.executable, "-m", "datasette", "serve", *(["-i"] if immutable else []), str(archive), "--metadata",
               str(metadata), "--port", str(port), "--secret", SECRET]  # fmt: skip
    yield from running(command, port, archive)


def running(command: list[str], port: int, archive: Path) -> Iterator[Desk]:
    """A server of this archive on a port of 127.0.0.1, until the test is done."""
    folder = archive.parent
    log = (folder / f"server-{port}.log").open("wb")
    process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
    desk = Desk(f"http://127.0.0.1:{port}", archive, folder)
    try:
        for _ in range(600):
            assert process.poll() is None, (folder / f"server-{port}.log").read_text()
            try:
                desk.get("/-/versions.json")
                break
            except OSError:
                time.sleep(0.1)
        else:
            raise AssertionError("Datasette did not answer in a minute")
        yield desk
    finally:
        process.terminate()
        process.wait(30)
        log.close()
