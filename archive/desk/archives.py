"""Which of the attached databases is the archive, and reading from it."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

from archive.errors import DatabaseError
from archive.schema import APPLICATION_ID, PUBLIC_APPLICATION_ID

T = TypeVar("T")

class _Found(NamedTuple):
    """The archive among the attached databases."""

    name: str
    public: bool
    #: Every table and view of a public copy; of a working archive nobody asks.
    tables: tuple[str, ...]


_found: WeakKeyDictionary[Any, _Found] = WeakKeyDictionary()


async def archive_of(datasette: Any) -> Any:
    """The first attached database that is an archive of ours. Raises DatabaseError where none is."""
    known = _found.get(datasette)
    if known is not None and known.name in datasette.databases:
        return datasette.databases[known.name]
    for name, database in datasette.databases.items():
        if name == "_internal":
            continue
        ours = await database.execute_fn(_application_id)
        if ours in (APPLICATION_ID, PUBLIC_APPLICATION_ID):
            public = ours == PUBLIC_APPLICATION_ID
            tables = [*await database.table_names(), *await database.view_names()] if public else []
            _found[datasette] = _Found(name, public, tuple(tables))
            return database
    raise DatabaseError(
        "None of the attached databases is a cutline archive. "
        "`cutline ingest FOLDER --archive desk.db` makes one; then start Datasette with it."
    )


def known_name(datasette: Any) -> str | None:
    """The archive's name in Datasette, once a request or the start has asked for it."""
    known = _found.get(datasette)
    return known.name if known else None


def is_public_copy(datasette: Any) -> bool:
    """Whether the archive is a public copy, once a request or the start has asked for it."""
    known = _found.get(datasette)
    return known is not None and known.public


def tables_of_public_copy(datasette: Any) -> tuple[str, ...]:
    """Every table and view of a public copy; none for a working archive."""
    known = _found.get(datasette)
    return known.tables if known else ()


def _application_id(conn: sqlite3.Connection) -> int:
    try:
        return int(conn.execute("PRAGMA application_id").fetchone()[0])
    except sqlite3.Error:
        return 0


async def read(datasette: Any, question: Callable[[sqlite3.Connection], T]) -> T:
    """Run a function of a connection in one of Datasette's reading threads; its rows are plain tuples there."""
    database = await archive_of(datasette)

    def asked(conn: sqlite3.Connection) -> T:
        with plain(conn):
            return question(conn)

    answer: T = await database.execute_fn(asked)
    return answer


@contextlib.contextmanager
def plain(conn: sqlite3.Connection) -> Iterator[None]:
    """Datasette's connections give rows of its own kind, and call a function of Python for each text, to decode it; the
    archive's functions are written for tuples, and an archive's text is UTF-8."""
    kind, conn.row_factory = conn.row_factory, None
    decode, conn.text_factory = conn.text_factory, str
    try:
        yield
    finally:
        conn.row_factory, conn.text_factory = kind, decode


def rows(conn: sqlite3.Connection, sql: str, *values: object) -> list[dict[str, Any]]:
    """Rows as dicts, whatever the connection's row factory is."""
    cursor = conn.execute(sql, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def one(conn: sqlite3.Connection, sql: str, *values: object) -> dict[str, Any] | None:
    """The first row, or None."""
    return next(iter(rows(conn, sql, *values)), None)
