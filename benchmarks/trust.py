"""Runs the tests that docs/trust.md names, and writes what they found into its last column.

`python -m benchmarks.trust tests/test_crash.py ...` runs those of these files only, and leaves the other rows.

A test gives its figure with pytest's own `record_property("figure", "200 kills ...")`; one that gives none is told
as passed. A test that fails is told as FAILED, and the exit status is 1.
"""

from __future__ import annotations

import datetime as dt
import re
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

from archive import __version__

TOP = Path(__file__).resolve().parent.parent
PAGE = TOP / "docs" / "trust.md"
#: A row of the page: promise, tests, figure.
ROW = re.compile(r"^\| (?P<promise>[^|]+) \| (?P<tests>[^|]*`tests/[^|]+) \|(?P<figure>[^|]*)\|$", re.MULTILINE)
TEST = re.compile(r"`(tests/\w+\.py)::(\w+)`")
_RUN = re.compile(r"^Last run: .*$", re.MULTILINE)


def named(page: str) -> list[tuple[str, str]]:
    """(file, test) of every test that the page's rows name."""
    return [hit for row in ROW.finditer(page) for hit in TEST.findall(row["tests"])]


def found(tests: list[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """What each test says, having run them all."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        names = dict.fromkeys(f"{file}::{test}" for file, test in tests)
        told = ["-q", "--junitxml", str(report), "-o", "junit_family=xunit1"]
        subprocess.run([sys.executable, "-m", "pytest", *told, *names], cwd=TOP)
        cases = list(ElementTree.parse(report).getroot().iter("testcase"))
    said = {}
    for file, test in tests:
        module = file.removesuffix(".py").replace("/", ".")
        rows = [c for c in cases if c.get("classname") == module and (c.get("name") or "").split("[")[0] == test]
        bad = [c for c in rows if c.find("failure") is not None or c.find("error") is not None]
        skipped = [c.find("skipped") for c in rows if c.find("skipped") is not None]
        figures = [p.get("value") or "" for c in rows for p in c.iter("property") if p.get("name") == "figure"]
        if not rows or bad:
            said[file, test] = "FAILED"
        elif skipped:
            said[file, test] = f"not run here ({skipped[0].get('message')})" if skipped[0] is not None else ""
        else:
            said[file, test] = "; ".join(figures) or ("passed" if len(rows) == 1 else f"{len(rows)} rows passed")
    return said


def main(files: list[str]) -> int:
    """Rewrite the page's last column and the line that says when; of some files only, or of all."""
    page = PAGE.read_text("utf-8")
    tests = [(file, test) for file, test in named(page) if not files or file in files]
    if not tests:
        sys.exit(f"{PAGE} names no test{f' of {files}' if files else ''}.")
    said = found(tests)

    def with_figure(row: re.Match[str]) -> str:
        told = [said.get(hit) for hit in TEST.findall(row["tests"])]
        figures = "; ".join(filter(None, told)) if all(told) else row["figure"].strip()
        return f"| {row['promise']} | {row['tests']} | {figures} |"

    day = dt.datetime.now(dt.UTC).date()
    run = f"Last run: {day}, cutline {__version__}, Python {sys.version.split()[0]}, SQLite {sqlite3.sqlite_version}."
    PAGE.write_text(_RUN.sub(run, ROW.sub(with_figure, page)), "utf-8")
    return int("FAILED" in said.values())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
