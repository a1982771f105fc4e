"""Searching beside PostgreSQL, tantivy and plain Datasette tables: the same rows, the same questions, taking turns.

    python -m benchmarks.peers 1000000 [ARCHIVE]

Every engine gives the newest 50 photos with their captions, or counts by unit, agency, country and year (cutline counts
thirteen facets). Engines are asked in their own process, without HTTP; Datasette's tables are held against cutline's
own JSON, both through HTTP. Questions are drawn by Zipf's law, rare words and common ones, and each engine gets the
same. Needs PostgreSQL 15's server (Debian: postgresql), and an environment with tantivy and psycopg, which is made in
build/peers. Writes benchmarks/results/peers.md.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import shutil
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from archive.connection import connect
from archive.facets import facets
from archive.query import parse_query
from archive.search import search
from benchmarks.corpus import World, write
from benchmarks.machine import busy, cpu_of, cpu_with_children, machine
from benchmarks.search import Server

RESULTS = Path(__file__).with_name("results") / "peers.md"
TOP = Path(__file__).resolve().parent.parent
PEERS = TOP / "build" / "peers"
POSTGRES = Path("/usr/lib/postgresql/15/bin")
ROUNDS, BATCH = 5, 20
KINDS = ("a word", "two words", "a unit and two years", "facets of a word")
ENGINES = ("cutline", "PostgreSQL", "tantivy", "cutline, HTTP", "Datasette's tables, HTTP")

Question = dict[str, Any]
#: ids or counts, milliseconds by the clock, milliseconds of processors.
Answer = tuple[list[int], float, float]


def questions(seed: int, archive: Path) -> Callable[[str], Question]:
    """A function that draws the next question of a kind."""
    world, pick = World(), random.Random(seed)
    with sqlite3.connect(f"file:{archive}?mode=ro", uri=True) as db:
        units = db.execute("SELECT id, name FROM units WHERE number IS NOT NULL ORDER BY id").fetchall()

    def draw(kind: str) -> Question:
        asked: Question = {"words": [], "unit": None, "facets": kind.startswith("facets")}
        if "unit" in kind:
            asked["unit"], asked["name"] = pick.choice(units)
            year = pick.randrange(2005, 2024)
            asked["years"] = (year, year + 1)
        else:
            asked["words"] = pick.choices(world.words, cum_weights=world.weights, k=2 if "two" in kind else 1)
        return asked

    return draw


def days(years: tuple[int, int]) -> tuple[int, int]:
    """First and last day, as ordinals."""
    import datetime as dt

    return dt.date(years[0], 1, 1).toordinal(), dt.date(years[1], 12, 31).toordinal()


def typed(asked: Question) -> str:
    """The question as a desk types it."""
    if asked["unit"]:
        return f'unit:"{asked["name"]}" date:{asked["years"][0]}..{asked["years"][1]}'
    return " ".join(asked["words"])


class Ours:
    """cutline's search on a connection of its own."""

    def __init__(self, archive: Path) -> None:
        """Opens the archive to read."""
        self.db = connect(archive)

    def ask(self, asked: Question) -> Answer:
        """In this process."""
        start, used = time.perf_counter(), time.process_time()
        query = parse_query(typed(asked))
        if asked["facets"]:
            counted = facets(self.db, query)
            found = [value.photos for name in ("unit", "agency", "country", "year") for value in counted[name]]
        else:
            page = search(self.db, query, limit=50, count_to=0)
            found = [photo.id for photo in page.photos]
        return found, (time.perf_counter() - start) * 1000, (time.process_time() - used) * 1000


class Others:
    """PostgreSQL and tantivy, by way of `peer_engines` in its own environment."""

    def __init__(self, archive: Path, scratch: Path, socket_folder: Path, port: int, postmaster: int) -> None:
        """Returns once both have read the captions."""
        command = [PEERS / "bin" / "python", Path(__file__).with_name("peer_engines.py"), archive, scratch / "tantivy",
                   socket_folder, str(port)]  # fmt: skip
        self.process = subprocess.Popen([str(word) for word in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True)  # fmt: skip
        self.postmaster = postmaster
        self.loading: dict[str, float] = json.loads(self._line())

    def _line(self) -> str:
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("The other engines have stopped; their message stands above.")
        return line

    def ask(self, engine: str, asked: Question) -> Answer:
        """By `postgres` or `tantivy`."""
        wanted = asked | {"engine": engine, "days": days(asked["years"]) if asked["unit"] else None}
        before = cpu_with_children(self.postmaster) if engine == "postgres" else 0.0
        assert self.process.stdin
        self.process.stdin.write(json.dumps(wanted) + "\n")
        self.process.stdin.flush()
        took, used, found = json.loads(self._line())
        if engine == "postgres":
            used += (cpu_with_children(self.postmaster) - before) * 1000
        return found, took, used


class Http:
    """One client of a server that Datasette is."""

    def __init__(self, server: Server, path: Callable[[Question], str]) -> None:
        """`path` makes an address of a question."""
        self.server, self.path = server, path

    def ask(self, asked: Question) -> Answer:
        """Ids are not compared."""
        before, start = cpu_of(self.server.process.pid), time.perf_counter()
        # One for each: a server closes a connection that waits too long for its next turn.
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=120)
        self.server.get(connection, self.path(asked))
        connection.close()
        took = (time.perf_counter() - start) * 1000
        return [], took, (cpu_of(self.server.process.pid) - before) * 1000


def our_path(asked: Question) -> str:
    """cutline's JSON."""
    return "/search.json?" + urlencode({"q": typed(asked), "size": 50} | ({"facets": 1} if asked["facets"] else {}))


def plain_path(asked: Question) -> str:
    """Datasette's own table view of the same."""
    given: list[tuple[str, object]] = [("_sort_desc", "slot"), ("_size", 50), ("_nocount", 1), ("_nosuggest", 1)]
    if asked["unit"]:
        first, last = asked["years"]
        given += [("unit__contains", asked["name"]), ("taken__gte", str(first)), ("taken__lt", str(last + 1))]
    else:
        given.append(("_search", " ".join(asked["words"])))
    given += [("_facet", name) for name in ("unit", "agency", "country", "year") if asked["facets"]]
    return "/plain/photos.json?" + urlencode(given)


def plain_tables(archive: Path, made: Path) -> None:
    """One table with Datasette's usual search and an index on every column that is asked for."""
    from sqlite_utils import Database

    with sqlite3.connect(made) as db:
        db.execute("ATTACH ? AS a", (f"file:{archive}?mode=ro",))
        db.execute("CREATE TABLE photos (id INTEGER PRIMARY KEY, slot INTEGER, caption TEXT, unit TEXT, agency TEXT,"
                   " country TEXT, taken TEXT, year TEXT)")  # fmt: skip
        db.execute("INSERT INTO photos SELECT p.id, p.slot, t.text, p.unit, p.agency, p.country, p.taken,"
                   " substr(p.taken, 1, 4) FROM a.photos p LEFT JOIN a.texts t ON t.id = p.caption")  # fmt: skip
    plain = Database(made)
    table = plain.table("photos")
    for column in ("slot", "unit", "agency", "country", "taken", "year"):
        table.create_index([column])
    table.enable_fts(["caption"])
    plain.analyze()
    plain.close()


@contextmanager
def postgres(scratch: Path) -> Iterator[tuple[Path, int, int]]:
    """A server of our own: (folder of its socket, port, number of its first process)."""
    data, port = scratch / "pg", 0
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data.mkdir()
    other = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    if other:
        shutil.chown(scratch, "postgres")
        shutil.chown(data, "postgres")
    run = [str(word) for word in (*other, POSTGRES / "initdb", "-D", data / "d", "-U", "postgres", "-A", "trust")]
    subprocess.run(run, check=True, capture_output=True)
    settings = ["-c", "shared_buffers=1GB", "-c", "work_mem=64MB", "-c", "maintenance_work_mem=512MB", "-c", "jit=off",
                "-c", "fsync=off", "-c", "listen_addresses=", "-c", f"unix_socket_directories={data}"]  # fmt: skip
    command = [*other, POSTGRES / "postgres", "-D", data / "d", "-p", port, *settings]
    server = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    number = data / "d" / "postmaster.pid"
    try:
        for _ in range(300):
            if number.exists() and "ready" in number.read_text("ascii"):
                break
            time.sleep(0.1)
        yield data, port, int(number.read_text("ascii").split()[0])
    finally:
        server.terminate()
        server.wait()


def measure(
    archive: Path, scratch: Path
) -> tuple[dict[tuple[str, str], list[Answer]], dict[str, float], dict[str, float]]:
    """Every answer by engine and kind; seconds of loading; the share of equal answers, by engine."""
    with ExitStack() as held:
        plain = scratch / "plain.db"
        plain_tables(archive, plain)
        others = Others(archive, scratch, *held.enter_context(postgres(scratch)))
        held.callback(others.process.kill)
        servers = [Server(archive), Server(plain, "--setting", "sql_time_limit_ms", "60000", "--setting",
                                           "facet_time_limit_ms", "60000")]  # fmt: skip
        for server in servers:
            held.callback(server.process.kill)
        ours = Ours(archive)
        ways: dict[str, Callable[[Question], Answer]] = {
            "cutline": ours.ask,
            "PostgreSQL": lambda asked: others.ask("postgres", asked),
            "tantivy": lambda asked: others.ask("tantivy", asked),
            "cutline, HTTP": Http(servers[0], our_path).ask,
            "Datasette's tables, HTTP": Http(servers[1], plain_path).ask,
        }
        draw = questions(5, archive)
        warm = draw("facets of a word")
        for way in ways.values():
            way(warm)
        found: dict[tuple[str, str], list[Answer]] = {(way, kind): [] for way in ways for kind in KINDS}
        same = {"PostgreSQL": 0, "tantivy": 0}
        compared = 0
        for _ in range(ROUNDS):
            for kind in KINDS:
                for asked in [draw(kind) for _ in range(BATCH)]:
                    for name, way in ways.items():
                        found[name, kind].append(way(asked))
                    if not asked["facets"]:
                        compared += 1
                        for name in same:
                            same[name] += set(found[name, kind][-1][0]) == set(found["cutline", kind][-1][0])
        return found, others.loading, {name: n / compared for name, n in same.items()}


def report(photos: int, load: float, measured: tuple[Any, ...]) -> str:
    """results/peers.md."""
    found, loading, same = measured
    version = subprocess.run([POSTGRES / "postgres", "--version"], check=True, capture_output=True, text=True).stdout
    lines = [
        "# Searching beside others", "", (__doc__ or "").strip(), "", f"## {photos:,} captions", "", machine(load),
        f"{version.strip().removeprefix('postgres ')}, tantivy-py {_tantivy()}. {ROUNDS * BATCH} questions a kind.", "",
        "Milliseconds, median and 95th percentile by the clock, then processor time of a question (mean) and how many"
        " times cutline's that is.", "",
    ]  # fmt: skip
    for kind in KINDS:
        lines += [f"### {kind}", "", "| | median | 95th | processor | times cutline |", "|---|---:|---:|---:|---:|"]
        for name in ENGINES:
            took = [answer[1] for answer in found[name, kind]]
            used = statistics.fmean(answer[2] for answer in found[name, kind])
            ours = "cutline, HTTP" if "HTTP" in name else "cutline"
            base = statistics.fmean(answer[2] for answer in found[ours, kind])
            lines.append(f"| {name} | {statistics.median(took):.1f} | {statistics.quantiles(took, n=20)[18]:.1f} |"
                         f" {used:.1f} | {used / base:.1f} |")  # fmt: skip
        lines.append("")
    told = ", ".join(f"{name} {share:.1%}" for name, share in same.items())
    lines += [f"The same newest 50 as cutline: {told}. To load and index took PostgreSQL",
              f"{loading['postgres']:.0f} s, tantivy {loading['tantivy']:.0f} s by the clock."]  # fmt: skip
    return "\n".join(lines) + "\n"


def _tantivy() -> str:
    asked = [PEERS / "bin" / "python", "-c", "from importlib.metadata import version; print(version('tantivy'))"]
    return subprocess.run([str(word) for word in asked], check=True, capture_output=True, text=True).stdout.strip()


def main(arguments: list[str]) -> None:
    """The command line: how many captions, or an archive that has them."""
    if not (POSTGRES / "initdb").exists():
        sys.exit("PostgreSQL 15's server is not installed. Debian: apt-get install postgresql")
    if not PEERS.exists():
        subprocess.run([sys.executable, "-m", "venv", PEERS], check=True)
        python = PEERS / "bin" / "python"
        subprocess.run([python, "-m", "pip", "install", "-q", "tantivy", "psycopg[binary]"], check=True)
    load = busy()
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        archive = Path(arguments[1]) if len(arguments) > 1 else scratch / "corpus.db"
        if len(arguments) < 2:
            write(archive, int(arguments[0]))
        text = report(int(arguments[0]), load, measure(archive, scratch))
    RESULTS.write_text(text, "utf-8")
    print(text)


if __name__ == "__main__":
    main(sys.argv[1:])
