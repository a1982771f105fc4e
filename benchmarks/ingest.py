"""Whole ingest against the usual recipe, `exiftool -j` into SQLite, in one interleaved run.

    python -m benchmarks.ingest [--files 2000] [--rounds 3]

Both read the same photographs (benchmarks/photographs.py) into a database that can be searched by words. The recipe
keeps the tags; cutline also parses the captions, hashes every file, keeps where each value came from, and indexes
units, dates, places and agencies. Processor seconds, user and system, of everything a command starts, its own start
included. Writes benchmarks/results/ingest.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from benchmarks.photographs import write

RESULTS = Path(__file__).with_name("results") / "ingest.md"
BIN = Path(sys.executable).parent


class Cost(NamedTuple):
    """Seconds of processors and of the clock."""

    processor: float
    clock: float


def spent(work: Callable[[], object]) -> Cost:
    """What work costs in the processes that it starts and waits for."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    work()
    clock, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime, clock)


def run(*command: str | Path) -> None:
    """Run a command; raises CalledProcessError with its words where it fails."""
    subprocess.run([str(word) for word in command], check=True, capture_output=True)


def recipe(photos: Path, scratch: Path) -> Path:
    """exiftool's JSON into a table with a full-text index."""
    tags, archive = scratch / "tags.json", scratch / "recipe.db"
    archive.unlink(missing_ok=True)
    with tags.open("wb") as out:
        subprocess.run(["exiftool", "-json", "-recurse", "-quiet", photos], check=True, stdout=out)
    run(BIN / "sqlite-utils", "insert", archive, "photos", tags, "--pk", "SourceFile", "--alter")
    run(BIN / "sqlite-utils", "enable-fts", archive, "photos", "Description", "Caption-Abstract", "Headline", "City")
    return archive


def cutline(photos: Path, scratch: Path, jobs: int, *, fresh: bool = True) -> Path:
    """Our whole ingest, without thumbnails, which are a pass of their own."""
    archive = scratch / f"cutline-{jobs}.db"
    if fresh:
        for file in scratch.glob(archive.name + "*"):
            file.unlink()
    run(BIN / "cutline", "ingest", photos, "--archive", archive, "--no-thumbnails", "--jobs", str(jobs))
    return archive


def measure(photos: Path, scratch: Path, rounds: int) -> dict[str, list[Cost]]:
    """Each way in turn, round by round, so that a busy moment falls on all of them."""
    ways: dict[str, Callable[[], object]] = {
        "recipe": lambda: recipe(photos, scratch),
        "one worker": lambda: cutline(photos, scratch, 1),
        "two workers": lambda: cutline(photos, scratch, 2),
        "nothing changed": lambda: cutline(photos, scratch, 2, fresh=False),
        "start": lambda: run(BIN / "cutline", "--version"),
    }
    cutline(photos, scratch, 2)  # tables of names are built once for a version, not for a run
    costs: dict[str, list[Cost]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            costs[name].append(spent(way))
    return costs


def right(archive: Path, truth: Path, photos: Path) -> dict[str, float]:
    """The share of photographs whose field says what is true of them."""
    wanted = [json.loads(line) for line in truth.read_text("utf-8").splitlines()]
    with sqlite3.connect(archive) as db:
        said = {
            path: (photo, taken, country, who, agency)
            for path, photo, taken, country, who, agency in db.execute(
                "SELECT s.path, p.id, p.taken, p.country, p.photographer, p.agency FROM photos p"
                " JOIN sightings s ON s.photo = p.id"
            )
        }
        units: dict[int, set[str]] = {}
        for photo, printed in db.execute("SELECT photo, verbatim FROM statements WHERE property = 'unit'"):
            units.setdefault(photo, set()).add(printed)
    found = dict.fromkeys(("unit", "date", "country", "photographer", "agencies", "all of them"), 0)
    for one in wanted:
        photo, taken, country, who, agency = said[str(photos / one["path"])]
        hits = {
            "unit": units.get(photo) == {one["unit"]}, "date": taken == one["date"],
            "country": country == one["country"], "photographer": who == one["photographer"],
            "agencies": agency == " → ".join(one["agencies"]),
        }  # fmt: skip
        for name, hit in hits.items():
            found[name] += hit
        found["all of them"] += all(hits.values())
    return {name: count / len(wanted) for name, count in found.items()}


def report(costs: dict[str, list[Cost]], shares: dict[str, float], files: int, size: int, growth: float) -> str:
    """The figures as Markdown."""

    def middle(values: list[float]) -> str:
        return f"{statistics.median(values):.1f} ({min(values):.1f}–{max(values):.1f})"

    def ratio(slow: str, fast: str, kind: str = "processor") -> str:
        pairs = zip(costs[slow], costs[fast], strict=True)
        return middle([getattr(s, kind) / getattr(f, kind) for s, f in pairs])

    def rate(name: str) -> str:
        return f"{files / statistics.median(c.processor for c in costs[name]):,.0f}"

    again = statistics.median(c.processor for c in costs["nothing changed"])
    start = statistics.median(c.processor for c in costs["start"])
    exiftool = subprocess.run(["exiftool", "-ver"], check=True, capture_output=True, text=True).stdout.strip()
    told = ", ".join(f"{name} {share:.1%}" for name, share in shares.items())
    return "\n".join([
        "# Ingest, measured", "",
        f"`python -m benchmarks.ingest`: {files:,} JPEG files of {size // 1024} KB on average with IIM, XMP and Exif, "
        f"{len(costs['recipe'])} rounds,", "the ways in turn. Medians, with the least and the most in brackets.", "",
        f"Machine: {os.cpu_count()} processors, {platform.machine()}; Python {platform.python_version()}, SQLite "
        f"{sqlite3.sqlite_version}, exiftool {exiftool}.", "",
        "| whole ingest | files per CPU-second | times the recipe |", "|---|---:|---:|",
        f"| the recipe: `exiftool -j`, sqlite-utils, full-text search | {rate('recipe')} | 1 |",
        f"| **cutline, one worker**: captions parsed, files hashed | {rate('one worker')} | "
        f"{ratio('recipe', 'one worker')} |",
        f"| cutline, two workers | {rate('two workers')} | {ratio('recipe', 'two workers')} |", "",
        f"By the clock two workers are {ratio('one worker', 'two workers', 'clock')} times one.",
        f"A tree in which nothing changed: {files / max(again - start, 0.001):,.0f} files a CPU-second beyond the "
        f"{start:.2f} s of starting.",
        f"The archive grows by {growth:.1f} KB a photograph.", "",
        f"What was read is right in this share of the photographs: {told}.", "",
    ])  # fmt: skip


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--kilobytes", type=int, default=150, help="about the size of a file")
    given = parser.parse_args()
    if shutil.which("exiftool") is None:
        sys.exit("The recipe needs exiftool. Debian, Ubuntu: apt-get install libimage-exiftool-perl")
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        photos = scratch / "photos"
        truth = write(photos, given.files, kilobytes=given.kilobytes)
        size = sum(file.stat().st_size for file in photos.rglob("*.jpg")) // given.files
        costs = measure(photos, scratch, given.rounds)
        archive = scratch / "cutline-2.db"
        growth = archive.stat().st_size / 1024 / given.files
        text = report(costs, right(archive, truth, photos), given.files, size, growth)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(text, "utf-8")
    print(text)


if __name__ == "__main__":
    main()
