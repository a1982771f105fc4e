"""The commands that hold an archive as a whole against its files and today's grammar: verify, reparse, report."""

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
    from archive import AGENT
    from archive.connection import connect, writing
    from archive.rereading import Change, rehearse, reread
    from ingest.captions import lexicon, ready
    from ingest.photograph import reread as again

    def read(photo: Photo, reference: dt.date | None) -> Photo:
        return again(photo, reference).photo

    if authorities:
        lexicon.use(*authorities)
    ready()
    changed: set[str] = set()
    values = 0
    with contextlib.ExitStack() as stack:
        changes: Iterator[Change]
        if dry_run:
            copy = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cutline-"))) / "copy.db"
            changes = rehearse(archive, copy, read, AGENT)
        else:
            stack.enter_context(writing(archive, "reparse"))
            changes = reread(stack.enter_context(contextlib.closing(connect(archive, write=True))), read, AGENT)
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


@click.command()
@archive_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line for each finding, the sums last.")
def verify(archive: Path, as_json: bool) -> None:
    """Read every original and hold it against the digest that was taken of it; nothing but the log is written.

    \b
    changed     written since it was taken in; the next `cutline ingest` reads it again
    damaged     other bytes, though size and time are as they were: restore this file
    missing     not there, or unreadable: the disk it is on may not be mounted
    untracked   lies in a folder that was taken in, and the archive knows nothing of it

    The exit status is 1 unless every file that the archive knows is there as it was. How it came out stands in the
    archive's log of events, with the day. Objects in a store (s3://...) are not read.
    """
    import sys

    from archive import AGENT
    from archive.connection import connect, own_files
    from archive.fixity import Found, files, taken_in
    from archive.fixity import verify as against_digests
    from ingest import sources

    def tell(found: Found) -> None:
        if as_json:
            click.echo(json.dumps(found._asdict(), ensure_ascii=False))
        else:
            click.echo(f"{found.what:<11} {found.path}: {found.message}")

    with contextlib.closing(connect(archive, write=True)) as db:
        own = {sources.shown(str(path)) for path in own_files(archive)}
        listed = (path for path in sources.tracked(taken_in(db)) if path not in own)
        with contextlib.ExitStack() as stack:
            progress = None
            if sys.stderr.isatty():
                bar = click.progressbar(length=files(db), label="Verifying", file=sys.stderr)
                progress = stack.enter_context(bar).update
            report = against_digests(db, listed, AGENT, tell=tell,
                                     progress=progress or (lambda files: None))  # fmt: skip
    if as_json:
        click.echo(json.dumps({"checked": report.checked, "without_digest": report.without_digest,
                               "bytes": report.bytes, **report.found}))  # fmt: skip
    else:
        bad = ", ".join(f"{n} {what}" for what, n in sorted(report.found.items())) or "all as they were"
        more = f", {report.without_digest} without a digest" if report.without_digest else ""
        click.echo(f"{report.checked} files, {report.bytes:,} bytes{more}: {bad}")
    if not report.sound:
        sys.exit(1)
