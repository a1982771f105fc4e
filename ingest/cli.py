"""`cutline`: the command line. Each command is imported when it is called, so that starting costs little."""

from __future__ import annotations

import datetime as dt
import importlib
import json
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from archive.errors import ArchiveError

#: Every command and where it is: "module:attribute". A new group of commands is a module and a line here.
COMMANDS = {
    "ingest": "ingest.cli:ingest",
    "parse": "ingest.cli:parse",
    "read": "ingest.cli:read",
    "explain": "ingest.cli:explain",
    "search": "archive.cli:search",
    "export": "archive.cli:export",
    "reparse": "ingest.review_cli:reparse",
    "report": "ingest.review_cli:report",
    "check": "archive.cli:check",
    "verify": "ingest.review_cli:verify",
    "backup": "archive.keeping_cli:backup",
    "restore": "archive.keeping_cli:restore",
    "dump": "archive.keeping_cli:dump",
    "publish": "archive.publish_cli:publish",
    "withdraw": "archive.publish_cli:withdraw",
    "serve": "archive.serve_cli:serve",
    "doctor": "archive.serve_cli:doctor",
    "thumbnails": "ingest.cli:thumbnails",
}


class _Commands(click.Group):
    """The commands of COMMANDS, and errors as one sentence instead of a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ArchiveError as error:
            raise click.ClickException(str(error)) from error
        except BrokenPipeError:
            # Whoever reads us has had enough. Python would complain once more when it closes standard output.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(141)
        except Exception as error:
            from archive.connection import SqlError, plainly

            if isinstance(error, SqlError):
                raise click.ClickException(f"The archive cannot be used: {plainly(error)}.") from error
            raise


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="cutline")
def main() -> None:
    """From press photographs and their captions to a desk that finds them by unit, date, place and agency."""


class _Date(click.ParamType[dt.date]):
    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        if isinstance(value, dt.date):
            return value
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value} is no date; write YYYY-MM-DD.", param, ctx)


_reference = click.option("--reference-date", type=_Date(), help="Settles weekdays and dates without a year.")
_authority = click.option("--authority", "authorities", multiple=True, metavar="DIR",
                          type=click.Path(path_type=Path, exists=True, file_okay=False, resolve_path=True),
                          help="A folder of authority files of your own; may be given several times.")  # fmt: skip
_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path())
@click.option("--archive", type=click.Path(path_type=Path, dir_okay=False), default=Path("desk.db"), show_default=True,
              help="The archive's file; made if it is not there.")  # fmt: skip
@_as_json
@_reference
@_authority
@click.option("--jobs", type=click.IntRange(0), help="Worker processes; as many as processors if not given.")
@click.option("--dask", "cluster", metavar="ADDRESS",
              help="Read on the workers of a dask.distributed scheduler, such as tcp://HOST:8786.")  # fmt: skip
@click.option("--again", is_flag=True, help="Read files that have not changed, too.")
@click.option("--accept-missing", is_flag=True, help="Go on where more than a tenth of a folder's files are gone.")
@click.option("--fixity/--no-fixity", default=True, show_default=True,
              help="Read every file to its end, for its sha256. Without, less is read, and the archive cannot verify "
              "its files.")  # fmt: skip
@click.option("--thumbnails/--no-thumbnails", "small", default=True, show_default=True,
              help="Make the small pictures that the desk shows, once everything is searchable.")  # fmt: skip
def ingest(paths: tuple[str, ...], archive: Path, as_json: bool, reference_date: dt.date | None,
           authorities: tuple[Path, ...], jobs: int | None, cluster: str | None, again: bool, accept_missing: bool,
           fixity: bool, small: bool) -> None:  # fmt: skip
    """Take photographs, articles and deliveries (files and folders) into an archive.

    The exit status is 1 where not a single photo could be taken in.
    """
    from archive import AGENT
    from ingest.pipeline import Options, Report
    from ingest.pipeline import ingest as run

    def go(progress: Any) -> Report:
        return run(paths, archive, Options(reference_date, authorities, fixity), jobs=jobs, again=again,
                   accept_missing=accept_missing, cluster=cluster, agent=AGENT,
                   progress=progress)

    if sys.stderr.isatty() and not as_json:
        from ingest.sources import count, roots

        with click.progressbar(length=count(roots(paths)), label="Reading", file=sys.stderr) as bar:
            report = go(lambda photos: bar.update(max(0, photos - bar.pos)))
    else:
        report = go(lambda photos: None)
    for line in report.refusals:
        click.echo(f"refused: {line}", err=True)
    if report.refused > len(report.refusals):
        left = report.refused - len(report.refusals)
        click.echo(f"refused: and {left} more; they are listed in the archive's table `problems`", err=True)
    if report.warning:
        click.echo(f"warning: {report.warning}", err=True)
    if as_json:
        click.echo(json.dumps(report.as_json()))
    else:
        reasons = ", ".join(f"{n} {reason}" for reason, n in sorted(report.reasons.items()))
        click.echo(
            f"{report.seen} seen = {report.new} new + {report.changed} changed + {report.unchanged} unchanged"
            f" + {report.refused} refused{f' ({reasons})' if reasons else ''}"
            f"{f'; {report.missing} missing' if report.missing else ''}"
        )
    if small and archive.exists():
        sys.stdout.flush()
        _make_thumbnails(archive, jobs)
    if report.warning or report.seen == report.refused:
        sys.exit(1)


@click.command()
@click.option("--archive", type=click.Path(path_type=Path, dir_okay=False), default=Path("desk.db"), show_default=True,
              help="The archive's file.")  # fmt: skip
@click.option("--jobs", type=click.IntRange(1), help="Worker processes; as many as processors if not given.")
def thumbnails(archive: Path, jobs: int | None) -> None:
    """Make the small pictures that the desk shows, for photos that have none yet."""
    click.echo(f"{_make_thumbnails(archive, jobs)} made")


def _make_thumbnails(archive: Path, jobs: int | None) -> int:
    from ingest.pipeline import processors
    from ingest.thumbnails import second_pass

    return second_pass(archive, jobs or processors(), refused=lambda e: click.echo(f"no thumbnail: {e}", err=True))


@click.command()
@click.argument("texts", nargs=-1)
@_as_json
@click.option("--jsonl", is_flag=True, help="Read one JSON object a line, from files or standard input; print as many.")
@_reference
@_authority
def parse(texts: tuple[str, ...], as_json: bool, jsonl: bool, reference_date: dt.date | None,
          authorities: tuple[Path, ...]) -> None:  # fmt: skip
    """Read captions: mark what they say, or print it as JSON."""
    if authorities:
        from ingest.reading import use_authorities

        use_authorities(authorities)
    if jsonl:
        if not _parse_lines(_input_lines(texts), reference_date):
            sys.exit(1)
        return
    captions = list(texts)
    if not captions and not sys.stdin.isatty():
        captions = [sys.stdin.read().strip()]
    if not captions or not all(caption.strip() for caption in captions):
        raise click.UsageError('No caption to read. Give one: cutline parse "TEXT".')
    from ingest.captions import interpret

    for caption in captions:
        reading = interpret(caption, reference_date)
        if as_json:
            click.echo(json.dumps({"id": None} | reading.as_json(), ensure_ascii=False))
        else:
            import shutil

            from ingest.terminal import drawn

            width = shutil.get_terminal_size((100, 24)).columns
            colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
            click.echo(drawn(reading, width, colour))


def _input_lines(files: tuple[str, ...]) -> Iterator[bytes]:
    """The lines of files, or of standard input. Raises ArchiveError for a file that cannot be read."""
    if not files:
        yield from sys.stdin.buffer
        return
    for name in files:
        try:
            with Path(name).open("rb") as file:
                yield from file
        except OSError as error:
            raise ArchiveError(f"{name} cannot be read: {error.strerror}.") from error


def _parse_lines(lines: Iterable[bytes], reference: dt.date | None) -> bool:
    """One JSON line out for each line in; whether all were right."""
    from ingest.captions import interpret

    right = True
    out = sys.stdout
    for line in lines:
        if not line.strip():
            continue
        number: object = None
        found: dict[str, object]
        try:
            asked = json.loads(line)
            if not isinstance(asked, dict):
                raise ValueError("no JSON object")
            number = asked.get("id")
            caption = asked.get("caption")
            if not isinstance(caption, str):
                raise ValueError("no caption")
            given = asked.get("reference_date")
            day = dt.date.fromisoformat(str(given)[:10]) if given else reference
            found = interpret(caption, day).as_json()
        except (ValueError, TypeError, RecursionError) as error:
            right, found = False, {"error": str(error)}
        # Lone surrogates are legal in JSON and not in UTF-8: they go out as they came in, escaped.
        text = json.dumps({"id": number} | found, ensure_ascii=False)
        try:
            text.encode()
        except UnicodeEncodeError:
            text = json.dumps({"id": number} | found)
        out.write(text + "\n")
    return right


@click.command()
@click.argument("photo", type=click.Path())
@click.option("--camera", is_flag=True, help="Also what the camera recorded: exposure, lens, maker notes.")
@_as_json
def read(photo: str, camera: bool, as_json: bool) -> None:
    """Print what a photograph carries, source by source."""
    from archive.errors import RefusedFile
    from ingest.embedded import flat
    from ingest.embedded import read as embedded_of
    from ingest.embedded.camera import recorded
    from ingest.reading import sidecar_texts
    from ingest.reconcile import reconcile

    try:
        embedded = embedded_of(photo)
        texts = (*sidecar_texts(photo), *embedded.texts)
    except RefusedFile as error:
        if as_json:
            # Told, and not by the exit status: a program that reads many photographs goes on to the next.
            click.echo(json.dumps({"error": error.message, "reason": error.reason}, ensure_ascii=False))
            return
        raise
    if as_json:
        from dataclasses import replace

        view = flat(replace(embedded, texts=texts), reconcile(texts))
        if camera:
            view["camera"] = recorded(photo)
        click.echo(json.dumps(view, ensure_ascii=False, indent=2))
        return
    from ingest.terminal import padded, safe

    size = f", {embedded.width} × {embedded.height}" if embedded.width else ""
    click.echo(f"{embedded.format}{size}, {embedded.size:,} bytes, sha256 {embedded.sha256}")
    for text in texts:
        about = " ".join(filter(None, [text.lang, text.charset if not text.declared else None, *text.notes]))
        click.echo(f"  {padded(text.source, 34)}{safe(text.text)}{f'   ({about})' if about else ''}")
    for name, value in (recorded(photo) if camera else {}).items():
        click.echo(f"  {padded(name, 34)}{safe(value)}")
    for note in embedded.notes:
        click.echo(f"  note: {note}")


@click.command()
@click.argument("photo", type=click.Path())
@_reference
def explain(photo: str, reference_date: dt.date | None) -> None:
    """Print each stage of the line, from a photograph's bytes to its rows."""
    from ingest.explain import stages

    for line in stages(photo, reference_date):
        click.echo(line)


if __name__ == "__main__":
    main()
