"""The commands that look at an archive as a whole with the grammar of today: reparse, report."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click

from archive.cli import archive_option, opened
from archive.records import Photo


@click.command()
@archive_option
@click.option("--dry-run", is_flag=True, help="Show what would change, on a copy; the archive is not written.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line: identity, column, before, after.")
@click.option(
    "--authority",
    "authorities",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    multiple=True,
    help="A folder of your own authority files, laid over those that come with cutline.",
)
def reparse(archive: Path, dry_run: bool, as_json: bool, authorities: tuple[Path, ...]) -> None:
    """Read every caption again by today's grammar and authority files; show each value before and after.

    What the desk corrected stays as the desk said it.
    """
    from archive import __version__
    from archive.connection import connect, writing
    from archive.rereading import Change, rehearse, reread
    from ingest.captions import lexicon, ready
    from ingest.photograph import reread as again

    def read(photo: Photo, reference: dt.date | None) -> Photo:
        return again(photo, reference).photo

    if authorities:
        lexicon.use(*authorities)
    ready()
    agent = f"cutline {__version__}"
    changed: set[str] = set()
    values = 0
    with contextlib.ExitStack() as stack:
        changes: Iterator[Change]
        if dry_run:
            copy = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cutline-"))) / "copy.db"
            changes = rehearse(archive, copy, read, agent)
        else:
            stack.enter_context(writing(archive, "reparse"))
            changes = reread(stack.enter_context(contextlib.closing(connect(archive, write=True))), read, agent)
        for change in changes:
            changed.add(change.identity)
            values += 1
            if as_json:
                click.echo(json.dumps(change._asdict(), ensure_ascii=False))
            else:
                click.echo(
                    f"{change.identity[:12]}  {change.column:<13}{change.before or '-'}  →  {change.after or '-'}"
                )
    verb = "would change" if dry_run else "changed"
    click.echo(
        f"{values} value{'' if values == 1 else 's'} of {len(changed)} photo{'' if len(changed) == 1 else 's'} {verb}.",
        err=True,
    )


@click.command()
@archive_option
def report(archive: Path) -> None:
    """Print the names that matched no authority entry, with counts and a caption each, as YAML ready to paste."""
    from archive.unmatched import unmatched

    with opened(archive) as db:
        for kind, names in unmatched(db).items():
            if names:
                click.echo(f"# {kind}.yml")
            for name in names:
                quoted = json.dumps(name.name, ensure_ascii=False)
                click.echo(f"- id: {name.id}  # {name.photos} photo{'' if name.photos == 1 else 's'}")
                click.echo(f"  name: {quoted}")
                click.echo(f"  examples: [{json.dumps(name.example, ensure_ascii=False)}]")
                click.echo("  source: general knowledge")
