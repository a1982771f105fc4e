"""Whole ingest against the usual recipe, `exiftool -j` into SQLite, in one interleaved run.

    python -m benchmarks.ingest [--files 1000] [--captions 10000] [--tree 20000] [--rounds 3]

Both read the same photographs (benchmarks/photographs.py) into a database that can be searched by words. The recipe
keeps the tags; cutline also parses the captions, hashes every file, keeps where each value came from, and indexes
units, dates, places and agencies. Then captions by themselves, from one manifest (benchmarks/corpus.py), and a tree in
which nothing changed. Processor seconds, user and system, of everything a command starts, its own start included.
Writes benchmarks/results/ingest.md.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
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

from benchmarks.corpus import FIRST, LAST, World
from benchmarks.machine import busy, machine
from benchmarks.photographs import write

RESULTS = Path(__file__).with_name("results") / "ingest.md"
BIN = Path(sys.executable).parent


class Cost(NamedTuple):
    """Seconds of processors and of the clock; of a run of cutline also who spent them, and the most memory in MB."""

    processor: float
    clock: float
    parent: float = 0.0
    workers: float = 0.0
    memory: float = 0.0


def spent(work: Callable[[], object]) -> Cost:
    """What work costs in the processes that it starts and waits for."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    told = work()
    clock, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return Cost(processor, clock, *(told if isinstance(told, tuple) else ()))


def run(*command: str | Path) -> str:
    """Run a command; what it prints. Raises CalledProcessError where it fails."""
    return subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True).stdout


def recipe(photos: Path, scratch: Path) -> None:
    """exiftool's JSON into a table with a full-text index."""
    tags, archive = scratch / "tags.json", scratch / "recipe.db"
    archive.unlink(missing_ok=True)
    with tags.open("wb") as out:
        subprocess.run(["exiftool", "-json", "-recurse", "-quiet", photos], check=True, stdout=out)
    run(BIN / "sqlite-utils", "insert", archive, "photos", tags, "--pk", "SourceFile", "--alter")
    run(BIN / "sqlite-utils", "enable-fts", archive, "photos", "Description", "Caption-Abstract", "Headline", "City")


def cutline(source: Path, archive: Path, jobs: int, *, fixity: bool = True, fresh: bool = True) -> tuple[float, ...]:
    """Our whole ingest, without thumbnails, which are a pass of their own."""
    if fresh:
        for file in archive.parent.glob(archive.name + "*"):
            file.unlink()
    told = run(sys.executable, "-m", "benchmarks.ingest", "--inside", source, archive, str(jobs), str(int(fixity)))
    return tuple(json.loads(told))


def inside(source: str, archive: str, jobs: str, fixity: str) -> None:
    """One run of cutline in this process; prints what this process and its workers spent, and their most memory."""
    from ingest.pipeline import Options, ingest

    ingest((source,), Path(archive), Options(fixity=bool(int(fixity))), jobs=int(jobs))
    own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    most = max(own.ru_maxrss, others.ru_maxrss) / 1024
    print(json.dumps([own.ru_utime + own.ru_stime, others.ru_utime + others.ru_stime, most]))


def manifest(path: Path, captions: int) -> list[str]:
    """Captions in one CSV file."""
    world, chance = World(), random.Random(3)
    texts = [world.caption(chance, FIRST + chance.randrange(LAST - FIRST)).text for _ in range(captions)]
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([["caption"], *([text] for text in texts)])
    return texts


def parsing(texts: list[str]) -> float:
    """Processor seconds of the parser alone on these captions, in this process, tables read before."""
    from ingest.captions import interpret

    interpret(texts[0])
    used = time.process_time()
    for text in texts:
        interpret(text)
    return time.process_time() - used


def measure(photos: Path, tree: Path, texts: Path, scratch: Path, rounds: int) -> dict[str, list[Cost]]:
    """Each way in turn, round by round, so that a busy moment falls on all of them."""
    archive, tree_archive, bulk = scratch / "photos.db", scratch / "tree.db", scratch / "captions.db"
    ways: dict[str, Callable[[], object]] = {
        "recipe": lambda: recipe(photos, scratch),
        "no fixity": lambda: cutline(photos, scratch / "sampled.db", 1, fixity=False),
        "one worker": lambda: cutline(photos, archive, 1),
        "two workers": lambda: cutline(photos, archive, 2),
        "captions": lambda: cutline(texts, bulk, 1),
        "nothing changed": lambda: cutline(tree, tree_archive, 2, fresh=False),
        "start": lambda: cutline(scratch / "empty", scratch / "empty.db", 1),
        "start without news": lambda: cutline(scratch / "empty", scratch / "empty.db", 2, fresh=False),
    }
    (scratch / "empty").mkdir()
    (scratch / "empty" / "one.txt").write_text("A soldier in Lviv, Ukraine, May 3, 2025. (Ada Moran/Reuters)", "utf-8")
    cutline(tree, tree_archive, 2)  # tables of names are built once for a version, not for a run
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


def middle(values: list[float]) -> str:
    """Median, with the least and the most."""
    return f"{statistics.median(values):.1f} ({min(values):.1f} to {max(values):.1f})"


class Sizes(NamedTuple):
    """How much was read, and how large it came out."""

    files: int
    average: int
    captions: int
    tree: int
    photo_kilobytes: float
    caption_kilobytes: float
    #: Processor seconds of the parser alone on the captions.
    parsing: float


def report(costs: dict[str, list[Cost]], shares: dict[str, float], sizes: Sizes, load: float) -> str:
    """The figures as Markdown."""
    def beyond(name: str, start: str = "start") -> float:
        least = statistics.median(cost.processor for cost in costs[start])
        return max(statistics.median(cost.processor for cost in costs[name]) - least, 0.001)

    def ratio(fast: str) -> str:
        pairs = zip(costs["recipe"], costs[fast], strict=True)
        return middle([slow.processor / cost.processor for slow, cost in pairs])

    def row(told: str, name: str) -> str:
        used = statistics.median(cost.processor for cost in costs[name])
        return f"| {told} | {sizes.files / used:,.0f} | {1 if name == 'recipe' else ratio(name)} |"

    worker, parent = (
        statistics.median(getattr(c, who) for c in costs["one worker"])
        - statistics.median(getattr(c, who) for c in costs["start"])
        for who in ("workers", "parent")
    )
    exiftool = run("exiftool", "-ver").strip()
    told = ", ".join(f"{name} {share:.1%}" for name, share in shares.items())
    captions = beyond("captions")
    clock = [one.clock / two.clock for one, two in zip(costs["one worker"], costs["two workers"], strict=True)]
    memory = max(cost.memory for name in ("one worker", "two workers") for cost in costs[name])
    without = sizes.captions / max(captions - sizes.parsing, 0.001)
    return f"""\
# Ingest, measured

`python -m benchmarks.ingest`: {sizes.files:,} JPEG files of {sizes.average // 1024} KB on average with IIM, XMP and
Exif, {len(costs["recipe"])} rounds, the ways in turn. Medians, with the least and the most in brackets.

{machine(load)} On a busy machine a processor second does less work, for all of them.
exiftool {exiftool}.

| whole ingest | files per CPU-second | times the recipe |
|---|---:|---:|
{row("the recipe: `exiftool -j`, sqlite-utils, full-text search", "recipe")}
{row("**cutline, one worker**: captions parsed, files hashed", "one worker")}
{row("cutline, two workers", "two workers")}
{row("cutline, one worker, `--no-fixity`", "no fixity")}

Of one worker's run, after its start: the worker {worker / sizes.files * 1e6:,.0f} µs a file, the process that writes
{parent / sizes.files * 1e6:,.0f}. So on two free processors two workers can do
{max(worker, parent) * 2 / (worker + parent):.2f} times what one does; by the clock, on this machine as it was, they did
{middle(clock)} times.
Most memory of any process: {memory:.0f} MB. The archive grows by {sizes.photo_kilobytes:.1f} KB a photograph.

**Captions from a manifest**, {sizes.captions:,} of them: {sizes.captions / captions:,.0f} a CPU-second after the start.
The parser has {sizes.parsing / captions:.0%} of it (by itself {sizes.captions / sizes.parsing:,.0f} a CPU-second); all
else, {without:,.0f} a CPU-second. {sizes.caption_kilobytes:.2f} KB of archive a caption.

**A tree of {sizes.tree:,} files in which nothing changed**:
{sizes.tree / beyond("nothing changed", "start without news"):,.0f} files a CPU-second beyond the start.

What was read is right in this share of the photographs: {told}.
"""


def main() -> None:
    """The command line."""
    if sys.argv[1:2] == ["--inside"]:
        inside(*sys.argv[2:])
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--captions", type=int, default=10_000)
    parser.add_argument("--tree", type=int, default=20_000, help="files of the tree in which nothing changes")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--kilobytes", type=int, default=150, help="about the size of a file")
    given = parser.parse_args()
    if shutil.which("exiftool") is None:
        sys.exit("The recipe needs exiftool. Debian, Ubuntu: apt-get install libimage-exiftool-perl")
    load = busy()
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        photos, tree, listed = scratch / "photos", scratch / "tree", scratch / "captions.csv"
        truth = write(photos, given.files, kilobytes=given.kilobytes)
        write(tree, given.tree, seed=2, kilobytes=2)
        texts = manifest(listed, given.captions)
        size = sum(file.stat().st_size for file in photos.rglob("*.jpg")) // given.files
        costs = measure(photos, tree, listed, scratch, given.rounds)
        sizes = Sizes(
            given.files, size, given.captions, given.tree, (scratch / "photos.db").stat().st_size / 1024 / given.files,
            (scratch / "captions.db").stat().st_size / 1000 / given.captions, parsing(texts),
        )  # fmt: skip
        text = report(costs, right(scratch / "photos.db", truth, photos), sizes, load)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(text, "utf-8")
    print(text)


if __name__ == "__main__":
    main()
