"""Searching through HTTP with 8 clients, against Datasette's own floor in the same run.

    python -m benchmarks.search 100000 1000000

The floor is `/-/versions.json`: what Datasette itself needs to answer anything. Kinds of requests take turns, a batch
each, so that a noisy machine is noisy for all of them. Every request of a kind is another one: words are drawn by
Zipf's law as in the captions, common ones too, and what was asked before may be known to the server, as it would be.
"""

from __future__ import annotations

import http.client
import random
import socket
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from benchmarks.corpus import World, write
from benchmarks.machine import busy, cpu_of, machine

CLIENTS, ROUNDS, BATCH = 8, 8, 80
RESULTS = Path(__file__).with_name("results") / "search.md"
#: What the ratio of the 95th percentiles is meant to stay under.
TARGETS = {"word, page with all facets": 8.0, "two words, page with all facets": 8.0, "unit and two years, page": 3.0,
           "unit and two years, JSON": 3.0, "word, JSON without facets": 1.5, "suggestions": 2.0}  # fmt: skip

Asker = Callable[[], str]


def requests(seed: int) -> dict[str, Asker]:
    """For each kind, a function that gives the next path."""
    world, pick = World(), random.Random(seed)
    subjects = [s.lower() for s in world.made_of["subjects"]]

    def word() -> str:
        return pick.choice(subjects) if pick.random() < 0.1 else pick.choices(world.words, cum_weights=world.weights)[0]

    def unit_years() -> str:
        number, year = pick.randrange(1, 200), pick.randrange(2005, 2024)
        return quote(f"unit:{number} date:{year}..{year + 1}")

    def typed() -> str:
        kind, names = pick.choice([("unit", [u[0] for u in world.units]), ("by", world.people),
                                   ("agency", world.agencies), ("place", [p[0].name for p in world.places[:500]])])
        name = pick.choice(names)
        return quote(f"{kind}:{name[: pick.randrange(1, min(len(name), 7) + 1)]}")

    return {
        "floor": lambda: "/-/versions.json",
        "word, page with all facets": lambda: f"/?q={word()}",
        "two words, page with all facets": lambda: f"/?q={word()}+{word()}",
        "unit and two years, page": lambda: f"/?q={unit_years()}",
        "unit and two years, JSON": lambda: f"/search.json?q={unit_years()}",
        "word, JSON without facets": lambda: f"/search.json?q={word()}",
        "suggestions": lambda: f"/suggest.json?q={typed()}",
    }


class Server:
    """Datasette with the desk, as `cutline serve` starts it."""

    def __init__(self, archive: Path, *settings: str) -> None:
        """Returns once it answers."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        command = [sys.executable, "-m", "datasette", "serve", str(archive), "--port", str(self.port),
                   *settings]  # fmt: skip
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for wait in count():
            try:
                self.get(http.client.HTTPConnection("127.0.0.1", self.port, timeout=900), "/-/versions.json")
                return
            except OSError:
                if wait > 100 or self.process.poll() is not None:
                    raise
                time.sleep(0.2)

    def get(self, connection: http.client.HTTPConnection, path: str) -> int:
        """The size of the answer. Raises ValueError unless it is 200."""
        connection.request("GET", path)
        response = connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise ValueError(f"{response.status} for {path}")
        return len(body)

    def cpu(self) -> float:
        """CPU seconds it has used."""
        return cpu_of(self.process.pid)


def batch(server: Server, paths: list[str]) -> list[float]:
    """Milliseconds of each request, asked by 8 clients at once."""

    def client(mine: list[str]) -> list[float]:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=900)
        took = []
        for path in mine:
            start = time.perf_counter()
            server.get(connection, path)
            took.append((time.perf_counter() - start) * 1000)
        connection.close()
        return took

    with ThreadPoolExecutor(CLIENTS) as pool:
        return [t for found in pool.map(client, [paths[i::CLIENTS] for i in range(CLIENTS)]) for t in found]


def measure(archive: Path, rounds: int = ROUNDS) -> dict[str, tuple[list[float], float]]:
    """For each kind, (milliseconds of all requests, CPU milliseconds of one)."""
    server = Server(archive)
    try:
        asks = requests(seed=11)
        start = time.perf_counter()
        batch(server, ["/?q=servicemen"])
        print(f"first search with facets: {time.perf_counter() - start:.1f} s", flush=True)
        times: dict[str, list[float]] = {kind: [] for kind in asks}
        used: dict[str, float] = dict.fromkeys(asks, 0.0)
        for _ in range(rounds):
            for kind, ask in asks.items():
                before = server.cpu()
                times[kind] += batch(server, [ask() for _ in range(BATCH)])
                used[kind] += server.cpu() - before
        return {kind: (times[kind], used[kind] * 1000 / len(times[kind])) for kind in asks}
    finally:
        server.process.terminate()
        server.process.wait()


def report(archive: Path, measured: dict[str, tuple[list[float], float]], load: float) -> str:
    """A section of results/search.md."""
    conn = sqlite3.connect(f"file:{archive}?mode=ro", uri=True)
    photos = conn.execute("SELECT count(*) FROM photos").fetchone()[0]
    floor, floor_cpu = measured["floor"]
    floor95 = statistics.quantiles(floor, n=20)[18]
    lines = [
        f"## {photos:,} captions, {CLIENTS} clients", "",
        f"{machine(load)} {archive.stat().st_size / photos / 1000:.2f} KB a caption; {len(floor)} requests a kind.", "",
        "| request | median ms | 95th ms | ratio of 95ths | meant to be under | CPU ms | ratio of CPU |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]  # fmt: skip
    for kind, (took, cpu) in measured.items():
        p95 = statistics.quantiles(took, n=20)[18]
        target = f"{TARGETS[kind]:g}" if kind in TARGETS else ""
        lines.append(f"| {kind} | {statistics.median(took):.1f} | {p95:.1f} | {p95 / floor95:.2f} | {target} |"
                     f" {cpu:.2f} | {cpu / floor_cpu:.2f} |")  # fmt: skip
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> None:
    """Each argument is an archive, or a number of captions to make one of."""
    sections = []
    for argument in arguments:
        with TemporaryDirectory() as folder:
            archive = Path(argument)
            if argument.isdigit():
                archive = Path(folder) / "corpus.db"
                write(archive, int(argument))
            load = busy()
            sections.append(report(archive, measure(archive), load))
    head = f"# Searching through HTTP\n\n{(__doc__ or '').strip()}\n\n"
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(head + "\n".join(sections), "utf-8")
    print("\n".join(sections))


if __name__ == "__main__":
    main(sys.argv[1:])
