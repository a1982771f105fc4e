"""The commands about what leaves the house: publish, withdraw."""

from __future__ import annotations

import contextlib
from pathlib import Path

import click

from archive.cli import archive_option


@click.command()
@click.argument("archive", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("copy", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--query", help="Which photos: a search, as on the desk.")
@click.option("--all", "everything", is_flag=True, help="All photos, in place of --query.")
@click.option("--allow", "allowed", multiple=True, metavar="KIND",
              help="A kind of restriction that this house lets leave, such as country-out; may be given several "
                   "times. Embargoes, terms and what was withdrawn stay in any case.")  # fmt: skip
@click.option("--gps", is_flag=True, help="Let the coordinates that cameras recorded leave, too.")
@click.option("--authority", "authorities", multiple=True, metavar="DIR",
              type=click.Path(path_type=Path, exists=True, file_okay=False, resolve_path=True),
              help="A folder of authority files of your own, as at ingest.")  # fmt: skip
@click.option("--replace", "over", is_flag=True, help="Take the place of an earlier copy that nobody serves now.")
def publish(archive: Path, copy: Path, query: str | None, everything: bool, allowed: tuple[str, ...], gps: bool,
            authorities: tuple[Path, ...], over: bool) -> None:  # fmt: skip
    """Write COPY, a new archive that holds only what of ARCHIVE may leave the house.

    Photos under an embargo, with a restriction that forbids it, or with one that could not be read stay, and are
    counted by reason. No path, no note or name of the desk's, no field but the caption and the values found leaves.
    """
    from archive.publish import publish as run

    if everything == bool(query):
        raise click.UsageError("Say which photos leave: --query 'agency:ours', or --all.")
    made = run(archive, copy, query or "", allow=allowed, gps=gps, authorities=authorities, over=over)
    click.echo(f"{made.photos} published")
    if made.withheld:
        reasons = ", ".join(f"{n} {reason}" for reason, n in made.withheld.items())
        click.echo(f"{sum(made.withheld.values())} withheld ({reasons})")
    if made.until:
        click.echo(f"Publish anew after {made.until}: the term of a photo in it ends on that day.")


@click.command()
@click.argument("photos", nargs=-1, required=True, metavar="ID...")
@archive_option
@click.option("--by", "actor", required=True, help="Who withdraws them.")
@click.option("--note", help="Why.")
@click.option("--back", is_flag=True, help="Take an earlier withdrawal back.")
def withdraw(photos: tuple[str, ...], archive: Path, actor: str, note: str | None, back: bool) -> None:
    """Withdraw photos, by their public ids: they stay in the archive, and leave with no further publication."""
    from archive.connection import connect, writing
    from archive.errors import ArchiveError
    from archive.release import set_withdrawn

    with writing(archive, "withdraw"), contextlib.closing(connect(archive, write=True)) as db:
        unknown = [i for i in photos if not db.execute("SELECT 1 FROM photos WHERE identity = ?", (i,)).fetchone()]
        if unknown:
            raise ArchiveError(f"No photo has the id {unknown[0]}. Nothing was changed.")
        db.execute("BEGIN IMMEDIATE")
        changed = sum([set_withdrawn(db, identity, actor, note, back=back) for identity in photos])
        db.execute("COMMIT")
    done = "taken back" if back else "withdrawn"
    click.echo(f"{changed} {done}; copies that were published before hold them until they are published anew")
