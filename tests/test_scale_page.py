"""docs/scale.md names commands, options and benchmarks that there are, and shows what Parquet has."""

from __future__ import annotations

import importlib.util
import re
import shlex
from pathlib import Path

import click
import pytest

from archive.contract import NAMES
from ingest.cli import main

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "scale.md").read_text("utf-8")
MAKEFILE = (Path(__file__).resolve().parent.parent / "Makefile").read_text("utf-8")


@pytest.mark.parametrize("line", re.findall(r"(?:\$ |`)(cutline [^`\n]+)", PAGE))
def test_every_command_is_one(line: str) -> None:
    _, name, *words = shlex.split(line)
    context = click.Context(main)
    command = main.get_command(context, name)
    assert command is not None
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    assert {word for word in words if word.startswith("--")} <= known


@pytest.mark.parametrize("module", sorted({*re.findall(r"-m (benchmarks(?:\.\w+)+)", PAGE + MAKEFILE)}))
def test_every_benchmark_is_there(module: str) -> None:
    assert importlib.util.find_spec(module)


def test_the_query_asks_for_columns_that_an_export_has() -> None:
    query = re.search(r"```sql\n(.*?)```", PAGE, re.S)
    assert query
    assert {"photographer", "agency", "unit", "date", "restricted"} <= set(NAMES)
    words = set(re.findall(r"[a-z_]+", re.sub(r"'[^']*'", "", query[1])))
    assert words <= {*NAMES, "count", "photos", "people", "unnest", "string_split"}
