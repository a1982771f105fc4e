"""How costs grow with an archive: the same questions at every size, drawn with the exponent of each.

    python -m benchmarks.growth 10000 100000 1000000 10000000 [--archive PATH ...]

Processor milliseconds in this process, without HTTP: mean over questions drawn by Zipf's law, common words and rare
ones, so that what a few slow ones cost is in it. Sizes take turns, question by question. The exponent is the slope of
the line through the points in logarithms: 0 is flat, 1 grows with the archive. An archive above a million captions
holds a million, each several times. Writes benchmarks/results/growth.md and docs/growth.svg.
"""

from __future__ import annotations

import argparse
import math
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from sqlite3 import Connection

from archive.connection import connect
from archive.export import as_csv
from archive.facets import facets
from archive.query import parse_query
from archive.search import every, search
from archive.suggest import suggest
from benchmarks.corpus import World, multiply, write
from benchmarks.machine import busy, machine
from benchmarks.peers import questions, typed

RESULTS = Path(__file__).with_name("results") / "growth.md"
DRAWING = Path(__file__).resolve().parent.parent / "docs" / "growth.svg"
QUESTIONS = 60
MILLION = 1_000_000
#: Of whole searches for facets the first is asked apart: it reads every photo once and is then kept.
COLOURS = ("#0b6e4f", "#1f5fbf", "#b3541e", "#7a3e9d", "#8a6d00", "#444444", "#c2185b")


def ways(seed: int, archive: Path) -> dict[str, Callable[[Connection], object]]:
    """What is asked, each a function that draws its next question."""
    draw, world, pick = questions(seed, archive), World(), random.Random(seed)

    def newest(kind: str) -> Callable[[Connection], object]:
        return lambda db: search(db, parse_query(typed(draw(kind))), limit=50)

    def typing(db: Connection) -> object:
        name = pick.choice([unit[0] for unit in world.units])
        return suggest(db, f"unit:{name[: pick.randrange(1, 7)]}")

    def some_rows(db: Connection) -> object:
        return sum(map(len, as_csv(islice(every(db, parse_query("")), 1000))))

    return {
        "newest 50 of a word": newest("a word"),
        "newest 50 of two words": newest("two words"),
        "newest 50 of a unit in two years": newest("a unit and two years"),
        "suggestions": typing,
        "a thousand rows as CSV": some_rows,
        "facets of a unit in two years": lambda db: facets(db, parse_query(typed(draw("a unit and two years")))),
        "facets of a word": lambda db: facets(db, parse_query(typed(draw("a word")))),
    }


def measure(archives: dict[int, Path]) -> tuple[dict[str, dict[int, float]], dict[int, float]]:
    """Milliseconds by question and size; seconds of the first facets after a start, by size."""
    opened = {size: connect(path) for size, path in archives.items()}
    first: dict[int, float] = {}
    for size, db in opened.items():
        used = time.process_time()
        facets(db, parse_query("servicemen"))
        first[size] = time.process_time() - used
    asked = {size: ways(7, path) for size, path in archives.items()}
    found: dict[str, dict[int, float]] = {}
    for name in next(iter(asked.values())):
        times: dict[int, list[float]] = {size: [] for size in archives}
        for _ in range(QUESTIONS):
            for size, db in opened.items():
                used = time.process_time()
                asked[size][name](db)
                times[size].append((time.process_time() - used) * 1000)
        found[name] = {size: statistics.fmean(taken) for size, taken in times.items()}
    return found, first


def exponent(points: dict[int, float]) -> float:
    """The slope of the line through the points in logarithms, by least squares."""
    x, y = [math.log(size) for size in points], [math.log(value) for value in points.values()]
    return statistics.linear_regression(x, y).slope


def drawing(found: dict[str, dict[int, float]]) -> str:
    """Both axes in powers of ten; a line for each question, its name and exponent at its end."""
    sizes = sorted(next(iter(found.values())))
    values = [value for points in found.values() for value in points.values()]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    left, top, width, height = 70, 20, 420, 360

    def x(size: float) -> float:
        first, last = math.log10(sizes[0]), math.log10(sizes[-1])
        return left + width * (math.log10(size) - first) / (last - first)

    def y(value: float) -> float:
        return top + height * (1 - (math.log10(value) - low) / (high - low))

    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + width + 330} {top + height + 50}" '
        'font-family="system-ui, sans-serif" font-size="13" role="img">',
        "<title>Processor time of a question by the size of the archive, both in powers of ten</title>",
        f'<rect width="{left + width + 330}" height="{top + height + 50}" fill="white"/>',
    ]
    for power in range(low, high + 1):
        out.append(f'<path d="M{left} {y(10**power):.1f}H{left + width}" stroke="#ddd"/>'
                   f'<text x="{left - 8}" y="{y(10**power) + 4:.1f}" text-anchor="end">{10**power:g} ms</text>')
    for size in sizes:
        out.append(f'<path d="M{x(size):.1f} {top}V{top + height}" stroke="#ddd"/><text x="{x(size):.1f}" '
                   f'y="{top + height + 20}" text-anchor="middle">{size:,}</text>')  # fmt: skip
    out.append(f'<text x="{left + width / 2}" y="{top + height + 42}" text-anchor="middle">captions</text>')
    # Names stand at the height of their line's end, and at least a line's height apart.
    ends = sorted(found, key=lambda name: -found[name][sizes[-1]])
    at = 0.0
    for name, colour in zip(ends, COLOURS, strict=True):
        points = " ".join(f"{x(size):.1f},{y(found[name][size]):.1f}" for size in sizes)
        at = max(at + 18, y(found[name][sizes[-1]]) + 4)
        out.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>'
                   f'<text x="{left + width + 10}" y="{at:.1f}" fill="{colour}">{name}: n<tspan dy="-5" '
                   f'font-size="10">{exponent(found[name]):.2f}</tspan></text>')  # fmt: skip
    return "\n".join([*out, "</svg>", ""])


def report(found: dict[str, dict[int, float]], first: dict[int, float], archives: dict[int, Path], load: float) -> str:
    """results/growth.md."""
    sizes = sorted(archives)
    head = " | ".join(f"{size:,}" for size in sizes)
    lines = ["# How costs grow", "", (__doc__ or "").strip(), "", machine(load), "",
             f"| processor milliseconds at captions: | {head} | exponent |", "|---|" + "---:|" * (len(sizes) + 1)]
    for name, points in found.items():
        lines.append(f"| {name} | " + " | ".join(f"{points[size]:.2f}" for size in sizes)
                     + f" | {exponent(points):.2f} |")  # fmt: skip
    lines.append("| first facets after a start | " + " | ".join(f"{first[size] * 1000:,.0f}" for size in sizes)
                 + f" | {exponent(first):.2f} |")  # fmt: skip
    kilobytes = {size: archives[size].stat().st_size / size / 1000 for size in sizes}
    lines.append("| kilobytes a caption (without statements) | " + " | ".join(f"{kilobytes[s]:.2f}" for s in sizes)
                 + f" | {exponent(kilobytes):.2f} |")  # fmt: skip
    return "\n".join(lines) + "\n"


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", type=int, nargs="+")
    parser.add_argument("--archive", type=Path, action="append", default=[], help="one that is there already, in order")
    given = parser.parse_args()
    load = busy()
    with tempfile.TemporaryDirectory() as name:
        archives = dict(zip(sorted(given.sizes), given.archive, strict=False))
        for size in sorted(given.sizes)[len(archives) :]:
            archives[size] = Path(name) / f"{size}.db"
            if size > MILLION and MILLION in archives:
                multiply(archives[MILLION], archives[size], size // MILLION)
            else:
                write(archives[size], size)
        found, first = measure(archives)
        text = report(found, first, archives, load)
    RESULTS.write_text(text, "utf-8")
    DRAWING.write_text(drawing(found), "utf-8")
    print(text)


if __name__ == "__main__":
    main()
