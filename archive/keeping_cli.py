"""The commands that keep an archive: backup, restore, dump."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from archive import AGENT
from archive.cli import archive_option, opened


@contextlib.contextmanager
def copying(label: str) -> Iterator[Callable[[int, int], None]]:
    """A line of progress for as many pages as there are, where somebody is looking."""
    if not sys.stderr.isatty():
        yield lambda left, pages: None
        return
    with click.progressbar(length=1, label=label, file=sys.stderr) as bar:

        def progress(left: int, pages: int) -> None:
            bar.length = pages
            bar.update(pages - left - bar.pos)

        yield progress


@click.command()
@click.argument("target", type=click.Path(path_type=Path))
@archive_option
def backup(target: Path, archive: Path) -> None:
    """Copy the archive to TARGET, a new file, or a new file in a folder; ingest and the desk may go on meanwhile.

    The copy is one file of one moment, checked before it gets its name, with its SHA-256 beside it (TARGET.sha256).
    It may lie on a network file system, where the archive itself may not.
    Never copy an archive's file yourself: what was written last may still be in its log, desk.db-wal.
    """
    from archive.backup import back_up
    from archive.connection import now

    if target.is_dir():
        target /= f"{archive.stem}-{now().replace(':', '').replace('-', '')}.db"
    with copying("Backing up") as progress:
        sha256 = back_up(archive, target, AGENT, progress)
    click.echo(f"{target}  sha256 {sha256}")


@click.command()
@click.argument("copy", metavar="BACKUP", type=click.Path(path_type=Path, dir_okay=False))
@archive_option
@click.option("--drill", is_flag=True, help="Restore to a temporary file beside the archive, check it, throw it away.")
def restore(copy: Path, archive: Path, drill: bool) -> None:
    """Make the archive anew from BACKUP. Nothing may stand in its place: move a damaged archive away first,
    with what lies beside it (desk.db-wal, desk.db-shm).

    The backup's SHA-256 and its numbers of rows, the file's soundness, its references and its search index are checked
    before the archive gets its name. Do a --drill now and then: a backup that nobody restored is a hope.
    """
    from archive import backup

    with copying("Restoring") as progress:
        if drill:
            rows = backup.drill(copy, archive.absolute().parent, AGENT, progress)
        else:
            rows = backup.restore(copy, archive, AGENT, progress)
    told = f"{rows['photos']} photos, {rows['texts']} texts, {rows['corrections']} corrections: checked and sound"
    click.echo(f"{copy} can be restored: {told}" if drill else f"{archive} is restored: {told}")


@click.command()
@archive_option
def dump(archive: Path) -> None:
    """Print all that the archive holds as text, one JSON object a line, the same for the same holdings.

    Row numbers, runs and their times are left out, so `diff` of two dumps shows what two archives differ in, in
    whatever order their files were read: a restored one and its original, one before and after an upgrade.
    """
    from archive.canonical import dump

    with opened(archive) as db, contextlib.ExitStack() as stack:
        bar = None
        if sys.stderr.isatty() and not sys.stdout.isatty():
            photos = db.execute("SELECT count(*) FROM photos").fetchone()[0]
            bar = stack.enter_context(click.progressbar(length=photos, label="Writing", file=sys.stderr))
        for line in dump(db):
            sys.stdout.buffer.write(line.encode() + b"\n")
            if bar is not None and line.startswith('{"table":"photos"'):
                bar.update(1)
        sys.stdout.buffer.flush()
