"""The commands about the desk that runs: serve, doctor."""

from __future__ import annotations

import ipaddress
import os
import socket
import sys
from pathlib import Path

import click

from archive.cli import archive_option

_metadata_option = click.option("--metadata", type=click.Path(path_type=Path, exists=True, dir_okay=False),
                                help="A metadata.yml of your own in place of cutline's.")  # fmt: skip


@click.command()
@archive_option
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to serve on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True, help="0 takes any free one.")
@_metadata_option
@click.option("--public", is_flag=True,
              help="Others will come, through a proxy on this machine: as with any --host that is not this machine's "
                   "own, nothing starts while there is a gap.")  # fmt: skip
@click.option("--download", is_flag=True, help="The file of a public copy may be taken away whole.")
@click.option("--setting", "settings", type=(str, str), multiple=True, metavar="NAME VALUE",
              help="A setting of Datasette's, such as base_url /photos/; may be given several times.")  # fmt: skip
def serve(archive: Path, host: str, port: int, metadata: Path | None, public: bool, download: bool,
          settings: tuple[tuple[str, str], ...]) -> None:  # fmt: skip
    """Start the desk: Datasette with cutline's plugin and metadata."""
    from archive.publish import is_public
    from archive.walls import SETTINGS, gaps

    copy = is_public(archive)
    chosen = metadata or shipped_metadata()
    given = dict(settings)
    if public or not is_loopback(host):
        given = {**SETTINGS, **({"allow_download": "on"} if download else {}), **given}
        found = gaps(archive, public=copy, metadata=chosen, settings=given, downloads=download)
        if found:
            listed = "".join(f"\n  {gap.wall}: {gap.problem}.\n    Mend: {gap.mend}." for gap in found)
            raise click.ClickException(f"{archive} is not served to others, because{listed}")
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"Port {port} on {host} cannot be used: {error.strerror}. Choose another with --port."
            ) from error
    # Immutable: a public copy is never written, and only such a file may be taken away.
    command = [sys.executable, "-m", "datasette", "serve", *(["--immutable"] if copy else []), str(archive),
               "--host", host, "--port", str(port)]  # fmt: skip
    if chosen:
        command += ["--metadata", str(chosen)]
    for name, value in given.items():
        command += ["--setting", name, value]
    sys.stdout.flush()
    os.execv(command[0], command)


def is_loopback(host: str) -> bool:
    """Whether only this machine itself can come in by this address. A name other than localhost counts as open."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def shipped_metadata() -> Path | None:
    """`metadata.yml` at the top of a checkout, or where the wheel carries it along."""
    here = Path(__file__).resolve().parent
    for path in (here.parent / "metadata.yml", here / "metadata.yml"):
        if path.is_file():
            return path
    return None


@click.command()
@archive_option
@_metadata_option
def doctor(archive: Path, metadata: Path | None) -> None:
    """Say what is wrong with an archive and how it is served, and how to mend it.

    The exit status is 1 where something is wrong. A line that begins with "note" is worth knowing and no fault.
    """
    from archive.doctor import examine

    findings = examine(archive, metadata or shipped_metadata())
    for finding in findings:
        click.echo(f"{'wrong' if finding.wrong else 'note'}: {finding.what}. {finding.mend}")
    wrong = sum(finding.wrong for finding in findings)
    click.echo("nothing is wrong" if not wrong else f"{wrong} thing{'' if wrong == 1 else 's'} wrong", err=True)
    if wrong:
        sys.exit(1)
