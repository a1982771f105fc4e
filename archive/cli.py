"""The commands that need no photograph: search, export, check. The `cutline` group is in `ingest.cli`."""

from __future__ import annotations

import contextlib
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    import sqlite3

    from archive.query import Query
    from archive.search import PhotoRow

archive_option = click.option(
    "--archive", type=click.Path(path_type=Path, dir_okay=False), default=Path("desk.db"), show_default=True,
    help="The archive's file.",
)  # fmt: skip


@contextlib.contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """An archive to read from. Raises DatabaseError."""
    from archive.connection import connect

    db = connect(path)
    try:
        yield db
    finally:
        db.close()


@click.command()
@click.argument("query", nargs=-1)
@archive_option
@click.option("--limit", type=click.IntRange(1), help="Print at most so many photos; the table shows 50.")
@click.option("--csv", "form", flag_value="csv", help="All of them as CSV, in the order of docs/api.md.")
@click.option("--json", "form", flag_value="json", help="All of them as one JSON array.")
@click.option("--ndjson", "form", flag_value="ndjson", help="All of them as JSON, one object a line.")
@click.option("--added", is_flag=True, help="Newest in the archive first, instead of newest taken.")
def search(query: tuple[str, ...], archive: Path, limit: int | None, form: str | None, added: bool) -> None:
    """Find photos: words, and fields such as unit:155 date:2025-04 agency:sputnik by:bobylev place:kursk."""
    from archive.search import parse_query
    from archive.search import search as find

    wanted = parse_query(" ".join(query))
    with opened(archive) as db:
        if form:
            _print_all(db, wanted, form, limit, added)
            return
        page = find(db, wanted, order="added" if added else "taken", limit=limit or 50)
        for hint in page.hints:
            click.echo(hint, err=True)
        _print_table(page.photos)
        more = "" if page.total_is_exact else "at least "
        shown = f", the first {len(page.photos)} shown" if page.total > len(page.photos) else ""
        click.echo(f"{more}{page.total} photo{'' if page.total == 1 else 's'}{shown}", err=True)


def _print_all(db: sqlite3.Connection, query: Query, form: str, limit: int | None, added: bool) -> None:
    from itertools import islice

    from archive.export import WRITERS
    from archive.search import every

    for hint in query.hints:
        click.echo(hint, err=True)
    for piece in WRITERS[form](islice(every(db, query, order="added" if added else "taken"), limit)):
        # Bytes, so that no platform makes something else of CRLF or of letters outside its code page.
        sys.stdout.buffer.write(piece.encode())
    sys.stdout.buffer.flush()


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("query", nargs=-1)
@archive_option
@click.option("--safe", is_flag=True, help="CSV that spreadsheets run nothing of (see docs/api.md).")
def export(file: Path, query: tuple[str, ...], archive: Path, safe: bool) -> None:
    """Write every photo that a search finds to FILE, whole or not at all: .csv, .json, .ndjson or .parquet."""
    from functools import partial

    from archive.export import WRITERS, as_csv, write, write_parquet
    from archive.search import every, parse_query

    form = file.suffix.lower().removeprefix(".")
    if form not in (*WRITERS, "parquet"):
        raise click.UsageError(f"{file.name} ends in none of .csv, .json, .ndjson, .parquet.")
    if safe and form != "csv":
        raise click.UsageError("--safe is for .csv only.")
    wanted = parse_query(" ".join(query))
    for hint in wanted.hints:
        click.echo(hint, err=True)
    with opened(archive) as db:
        if form == "parquet":
            write_parquet(file, every(db, wanted))
        else:
            write(file, (partial(as_csv, safe=True) if safe else WRITERS[form])(every(db, wanted)))


def _print_table(photos: tuple[PhotoRow, ...]) -> None:
    columns = ("date", "unit", "location", "photographer", "agency", "caption")
    widths = [10, 28, 26, 18, 24]
    left = max(20, shutil.get_terminal_size((160, 24)).columns - sum(widths) - 2 * len(widths))
    rows = [columns] if photos else []
    for p in photos:
        date = f"[{p.taken}]" if p.taken and p.taken_standing == "inferred" else p.taken or ""
        rows.append((date, p.unit or "", p.location or "", p.photographer or "", p.agency or "", p.caption or ""))
    for row in rows:
        cells = [_cell(text, width) for text, width in zip(row, [*widths, left], strict=True)]
        click.echo("  ".join(cells).rstrip())


def _cell(text: str, width: int) -> str:
    text = "".join(c if c.isprintable() else " " for c in text)
    return (text[: width - 1] + "…" if len(text) > width else text).ljust(width)


@click.command()
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False, exists=True))
def check(directory: Path) -> None:
    """Check a folder of authority files: every problem with its file and line, and what to do.

    The exit status is 1 if the folder cannot be used as it is. A line that begins with "note" is worth knowing
    and no fault: a name that fits two entries.
    """
    from archive.authority import check as problems_of
    from archive.authority import files

    problems = problems_of(directory)
    for problem in problems:
        click.echo(str(problem) if problem.fatal else f"note: {problem}")
    wrong = sum(problem.fatal for problem in problems)
    number = len(files(directory))
    click.echo(f"{number} file{'' if number == 1 else 's'}, {wrong} problem{'' if wrong == 1 else 's'}", err=True)
    if wrong:
        sys.exit(1)
