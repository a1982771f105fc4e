"""Before the desk is served to others: what somebody who has not signed in could reach, asked of Datasette itself.

Datasette is open unless told otherwise: arbitrary SQL is on, a table that is denied still stands in its full-text
index, a rule on a table counts more than one on the whole instance. So nothing is read out of a configuration here:
a Datasette that is set up like the one to be served is asked, as nobody.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from archive.errors import ArchiveError

#: How a desk for others is set up, beyond Datasette's defaults.
SETTINGS: Mapping[str, str] = {
    "default_allow_sql": "off", "allow_download": "off", "allow_facet": "off", "suggest_facets": "off",
    "allow_csv_stream": "off",
}  # fmt: skip


class Gap(NamedTuple):
    """Something that others could do, and how to keep them from it."""

    wall: str
    problem: str
    mend: str


def gaps(archive: Path, *, public: bool, metadata: Path | None, settings: Mapping[str, str],
         downloads: bool = False) -> list[Gap]:  # fmt: skip
    """Every gap of a desk that is about to be served. `public` says whether the archive is a public copy,
    `downloads` whether handing out its file is meant. Raises ArchiveError for settings that are none."""
    return asyncio.run(_gaps(_datasette(archive, public, metadata, settings), public, downloads))


def _datasette(archive: Path, public: bool, metadata: Path | None, settings: Mapping[str, str]) -> Any:
    from datasette.app import DEFAULT_SETTINGS, Datasette
    from datasette.utils import BadMetadataError, ValueAsBooleanError, parse_metadata, value_as_boolean

    given: dict[str, object] = {}
    for name, value in settings.items():
        default = DEFAULT_SETTINGS.get(name)
        if default is None:
            raise ArchiveError(f"{name} is no setting of Datasette's: one of {', '.join(DEFAULT_SETTINGS)}.")
        try:
            kind = type(default)
            given[name] = value_as_boolean(value) if kind is bool else kind(value)
        except (ValueAsBooleanError, ValueError) as error:
            raise ArchiveError(f"{name} {value}: expected a value like {default}.") from error
    try:
        about = parse_metadata(metadata.read_text("utf-8")) if metadata else None
    except (BadMetadataError, OSError, UnicodeDecodeError) as error:
        raise ArchiveError(f"{metadata} cannot be read as metadata: {error}.") from error
    files, fixed = ([], [str(archive)]) if public else ([str(archive)], [])
    return Datasette(files, immutables=fixed, metadata=about, settings=given)


async def _gaps(datasette: Any, public: bool, downloads: bool) -> list[Gap]:
    from archive.desk.public import SHOWN

    await datasette.invoke_startup()
    found: list[Gap] = []
    if not public and await _open(datasette, ["view-instance"]):
        found.append(Gap(
            "working archive",
            "this is the working archive: it holds embargoed photos, paths and what the desk decided",
            "make a copy that may leave with `cutline publish` and serve that, or ask for a sign-on with an `allow` "
            "block in your metadata.yml",
        ))  # fmt: skip
    for name in ("trace_debug", "template_debug"):
        if datasette.setting(name):
            found.append(Gap(name, f"{name} shows the inside of every page", f"leave --setting {name} on out"))
    for name, database in datasette.databases.items():
        if name == "_internal":
            continue
        # Nothing above counts for SQL: Datasette asks for this one permission only.
        if await datasette.permission_allowed(None, "execute-sql", resource=name, default=True):
            found.append(Gap("arbitrary SQL", "anybody could run SQL of their own",
                             "leave --setting default_allow_sql on and `allow_sql` out"))  # fmt: skip
        if datasette.setting("allow_download") and not downloads and not database.is_mutable and await _open(
            datasette, [("view-database-download", name), ("view-database", name), "view-instance"]
        ):
            found.append(Gap("downloads", "anybody could take the whole file away",
                             "leave --setting allow_download on out, or say that it is meant: --download"))  # fmt: skip
        tables = [*await database.table_names(), *await database.view_names()]
        bare = [t for t in tables if not (public and t in SHOWN) and await _open(
            datasette, [("view-table", (name, t)), ("view-database", name), "view-instance"])]  # fmt: skip
        if bare:
            found.append(Gap("tables", f"anybody could read {_some(bare)}",
                             "take what opens them out of your metadata.yml (`tables: NAME: allow`)"))  # fmt: skip
        queries = await datasette.get_canned_queries(name, None)
        writing = [q for q, about in queries.items() if about.get("write") and await _open(
            datasette, [("view-query", (name, q)), ("view-database", name), "view-instance"])]  # fmt: skip
        if writing:
            found.append(Gap("write queries", f"anybody could write with the query {_some(writing)}",
                             "take it out of your metadata.yml, or give it an `allow` block"))  # fmt: skip
        if await datasette.permission_allowed(None, "cutline-correct", resource=name, default=False):
            found.append(Gap("corrections", "anybody could correct", "let no plugin allow cutline-correct to all"))
    return found


async def _open(datasette: Any, permissions: Sequence[Any]) -> bool:
    """Whether nobody in particular may do this: the first rule that says anything counts."""
    from datasette.utils.asgi import Forbidden

    try:
        await datasette.ensure_permissions(None, permissions)
    except Forbidden:
        return False
    return True


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more
