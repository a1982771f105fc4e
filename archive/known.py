"""What a process knows of an archive in one state of it, shared by all its connections and threads.

Read on first use, and again as far as needed when the archive has changed: a search must never show an old count.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from archive.columns import Columns, newest
from archive.names import Names, rows_of

T = TypeVar("T")

#: Results whose facets are kept.
_KEPT = 512
#: (number of photos, values of each facet, the facets as `archive.facets` lists them). They are plain tuples: a hundred
#: thousand objects of a class would keep Python's collector of garbage, and so everybody, for 80 ms every few seconds.
Result = tuple[int, int, Mapping[str, tuple[tuple[Any, ...], ...]]]


class Known:
    """One archive in one state."""

    def __init__(self, conn: sqlite3.Connection, state: tuple[object, ...], before: Known | None) -> None:
        """`before` is what was known of the same file earlier; what still holds is taken over from it."""
        self.state = state
        #: (facet, value) → photos of the whole archive, as stored; ("", "photos") is how many there are.
        self.counts: Mapping[tuple[str, str], int] = {
            (facet, value): n for facet, value, n in conn.execute("SELECT facet, value, photos FROM facet_counts")
        }
        rows = rows_of(conn)
        same = before is not None and before.names.digest == rows.digest
        self.names: Names = before.names if before and same else Names(rows, self.counts)
        #: How many photos each (first day, last day) of a partial date has.
        self.partial_dates = _partial_dates(conn)
        #: Whether the stored counts are those of this state.
        self.newest = newest(conn)
        self.counted = self.newest == (self.counts.get(("", "newest photo")), self.counts.get(("", "newest change")))
        self._once: dict[str, Any] = {}
        self._before = before
        self._columns: Columns | None = None
        self._lock = threading.Lock()
        self._results: OrderedDict[Hashable, Result] = OrderedDict()

    def once(self, what: str, make: Callable[[], T]) -> T:
        """What is worked out once in this state, when it is first asked for; two threads may both do it."""
        kept: dict[str, T] = self._once
        try:
            return kept[what]
        except KeyError:
            made = make()
        if len(kept) > _KEPT:
            kept.clear()
        kept[what] = made
        return made

    def columns(self, conn: sqlite3.Connection) -> Columns:
        """The photos as columns; `conn` is in the snapshot of this state."""
        with self._lock:
            if self._columns is None:
                columns = self._before._columns if self._before else None
                if columns is None or not columns.update(conn):
                    columns = Columns(conn)
                self._columns, self._before = columns, None
            return self._columns

    def result(self, plan: Hashable) -> Result | None:
        """What is kept of a plan."""
        with self._lock:
            found = self._results.get(plan)
            if found:
                self._results.move_to_end(plan)
            return found

    def keep(self, plan: Hashable, result: Result) -> None:
        """Keep a plan's result for as long as this state lasts."""
        with self._lock:
            self._results[plan] = result
            if len(self._results) > _KEPT:
                self._results.popitem(last=False)


def state_of(conn: sqlite3.Connection) -> tuple[object, ...]:
    """What changes whenever a photo, a name or a count does; equal on all connections to one archive.

    Every change to the full-text index rewrites its two records of averages (id 1) and structure (id 10),
    so this holds without help from whoever writes.
    """
    return tuple(
        conn.execute(
            "SELECT (SELECT block FROM photo_search_data WHERE id = 1),"
            " (SELECT block FROM photo_search_data WHERE id = 10), (SELECT max(id) FROM photos),"
            " (SELECT max(id) FROM photo_changes), (SELECT max(id) FROM accessions),"
            " (SELECT finished FROM accessions ORDER BY id DESC LIMIT 1), (SELECT max(id) FROM events),"
            " (SELECT max(id) FROM units), (SELECT max(id) FROM agencies), (SELECT max(id) FROM photographers),"
            " (SELECT max(id) FROM places), (SELECT photos FROM facet_counts WHERE facet = '' AND value = 'refreshes')"
        ).fetchone()
    )


def _partial_dates(conn: sqlite3.Connection) -> dict[tuple[int, int], int]:
    rows = conn.execute(
        "SELECT taken_from, taken_to, count(*) FROM photos INDEXED BY photos_partial WHERE taken_from < taken_to"
        " GROUP BY taken_from, taken_to"
    )
    return {(first, last): n for first, last, n in rows}


_known: dict[tuple[object, ...], Known] = {}
_lock = threading.Lock()


def file_of(conn: sqlite3.Connection) -> tuple[object, ...]:
    """The database file behind a connection; one in memory is its connection's own."""
    path: str = conn.execute("PRAGMA database_list").fetchone()[2]
    if not path:
        return ("memory", id(conn))
    about = Path(path).stat()
    return (path, about.st_dev, about.st_ino)


@contextlib.contextmanager
def snapshot(conn: sqlite3.Connection) -> Iterator[Known]:
    """What is known of the archive, with the connection held to that state until the end of the block."""
    own = not conn.in_transaction
    if own:
        conn.execute("BEGIN")
    try:
        yield known(conn)
    finally:
        if own:
            conn.execute("ROLLBACK")


def known(conn: sqlite3.Connection) -> Known:
    """What is known of this connection's archive in its present state."""
    file, state = file_of(conn), state_of(conn)
    found = _known.get(file)
    if found is None or found.state != state:
        with _lock:
            found = _known.get(file)
            # A snapshot that was taken a moment before somebody else's may be served by what is newer.
            if found is None or (found.state != state and found.newest <= newest(conn)):
                found = _known[file] = Known(conn, state, found)
    return found
