"""Taking a whole archive away as CSV, against Datasette's own stream of the same rows, in one run.

    python -m benchmarks.taking 1000000 [ARCHIVE]

Datasette streams a plain table that was made of cutline's own CSV, so both send the same cells, and their digests are
compared. The two take turns. Writes benchmarks/results/taking.md.
"""

from __future__ import annotations

import csv
import hashlib
import http.client
import io
import sqlite3
import statistics
import sys
import tempfile
import time
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from archive.connection import connect
from archive.contract import NAMES
from archive.export import as_csv
from archive.query import parse_query
from archive.search import every
from benchmarks.corpus import write
from benchmarks.machine import busy, cpu_of, machine
from benchmarks.search import Server

RESULTS = Path(__file__).with_name("results") / "taking.md"
ROUNDS = 3


class Taken(NamedTuple):
    """One whole file, as it came."""

    rows: int
    digest: str
    seconds: float
    processor: float
    #: The most memory the server has had so far, in MB.
    memory: float


def take(server: Server, path: str) -> Taken:
    """Ask for a file, and digest its cells while it comes."""
    before, start = cpu_of(server.process.pid), time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=3600)
    connection.request("GET", path)
    response = connection.getresponse()
    if response.status != 200:
        raise ValueError(f"{response.status} for {path}")
    digest, rows = hashlib.sha256(), 0
    lines = io.TextIOWrapper(response, "utf-8", newline="")
    for row in csv.reader(lines):
        digest.update(repr(row[-len(NAMES) :]).encode())  # Datasette puts the number of its row before them
        rows += 1
    seconds = time.perf_counter() - start
    used = cpu_of(server.process.pid) - before
    status = Path(f"/proc/{server.process.pid}/status").read_text("ascii")
    most = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    return Taken(rows - 1, digest.hexdigest(), seconds, used, most / 1024)


def plain_table(archive: Path, made: Path) -> None:
    """A table whose rows are those of cutline's CSV, in its order."""
    with sqlite3.connect(made) as db:
        columns = ", ".join(f'"{name}" TEXT' for name in NAMES)
        db.execute(f"CREATE TABLE photos (row INTEGER PRIMARY KEY, {columns})")
        asked = ", ".join("?" * len(NAMES))
        pieces = as_csv(every(connect(archive), parse_query("")))
        rows = chain.from_iterable(csv.reader(io.StringIO(piece, newline="")) for piece in pieces)
        next(rows)
        db.executemany(f"INSERT INTO photos VALUES (NULL, {asked})", rows)


def main(arguments: list[str]) -> None:
    """The command line: how many captions, or an archive that has them."""
    load = busy()
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        archive = Path(arguments[1]) if len(arguments) > 1 else scratch / "corpus.db"
        if len(arguments) < 2:
            write(archive, int(arguments[0]))
        plain = scratch / "plain.db"
        plain_table(archive, plain)
        ours, theirs = Server(archive), Server(plain, "--setting", "max_csv_mb", "0")
        try:
            listed = "&".join(f"_col={column}" for column in NAMES)
            turns = [(take(ours, "/search.csv"), take(theirs, f"/plain/photos.csv?_stream=on&_size=max&{listed}"))
                     for _ in range(ROUNDS)]  # fmt: skip
        finally:
            for server in (ours, theirs):
                server.process.kill()
                server.process.wait()
    text = report(turns, load, int(arguments[0]))
    RESULTS.write_text(text, "utf-8")
    print(text)


def report(turns: list[tuple[Taken, Taken]], load: float, photos: int) -> str:
    """results/taking.md."""
    lines = ["# Taking away", "", (__doc__ or "").strip(), "", f"## {photos:,} rows of {len(NAMES)} columns", "",
             machine(load), "", "| | rows | seconds | processor seconds | rows a CPU-second | most memory, MB |",
             "|---|---:|---:|---:|---:|---:|"]  # fmt: skip
    names = ("cutline, `/search.csv`", "Datasette, `?_stream=on`")
    for name, taken in zip(names, zip(*turns, strict=True), strict=True):
        used = statistics.median(t.processor for t in taken)
        lines.append(f"| {name} | {taken[0].rows:,} | {statistics.median(t.seconds for t in taken):.1f} | {used:.1f} |"
                     f" {taken[0].rows / used:,.0f} | {taken[-1].memory:.0f} |")  # fmt: skip
    ratios = [theirs.processor / ours.processor for ours, theirs in turns]
    clock = [theirs.seconds / ours.seconds for ours, theirs in turns]
    whole = {t.rows for pair in turns for t in pair} == {photos}
    same = len({t.digest for pair in turns for t in pair}) == 1
    times = f"{statistics.median(ratios):.1f} ({min(ratios):.1f} to {max(ratios):.1f})"
    lines += [
        "", f"Datasette takes {times} times the processor time of cutline,",
        f"{statistics.median(clock):.1f} times by the clock.",
        f"Every row is there: {_said(whole)}. The same cells in both, in every turn: {_said(same)}.",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _said(true: bool) -> str:
    return "yes" if true else "NO"


if __name__ == "__main__":
    main(sys.argv[1:])
