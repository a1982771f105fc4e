"""Decisions of the desk, as requests: one value, taken back, a whole search."""

from __future__ import annotations

import sqlite3
from typing import Any

from archive.corrections import decide, undo
from archive.desk.archives import archive_of, one, plain
from archive.desk.page import Wrong, address, render
from archive.desk.photo_data import number_of
from archive.desk.search_page import asked
from archive.desk.wording import PROPERTIES
from archive.desk.writes import text
from archive.query import parse_query
from archive.search import every, search
from archive.summary import PROPERTIES as CORRECTABLE

#: Photos that one request confirms; a search that finds more is confirmed in parts.
MOST = 2000


async def decide_json(datasette: Any, request: Any, actor: str, body: dict[str, Any]) -> dict[str, Any]:
    """`POST /-/cutline/decide`: {photo, property, action: set | wrong | confirm, old?, new?, note?}."""
    identity = text(body, "photo")
    prop, action = text(body, "property"), text(body, "action")
    old, note = text(body, "old", needed=False, most=60_000), text(body, "note", needed=False)
    new = body.get("new")
    if new is not None and not isinstance(new, str) and not (
        isinstance(new, list) and len(new) <= 50 and all(isinstance(n, str) for n in new)
    ):
        raise Wrong(400, "new: expected a text, or a list of texts.")

    def write(conn: sqlite3.Connection) -> int:
        number = number_of(conn, str(identity))
        if number is None:
            raise Wrong(404, "No photo has this id.")
        return decide(conn, number, str(prop), action, new or None, actor, old=old, note=note)  # type: ignore[arg-type]

    return {"correction": await written(datasette, write)}


async def undo_json(datasette: Any, request: Any, actor: str, body: dict[str, Any]) -> dict[str, Any]:
    """`POST /-/cutline/undo`: {correction}."""
    number = body.get("correction")
    if not isinstance(number, int) or isinstance(number, bool) or not 0 < number < 2**62:
        raise Wrong(400, "correction: expected a decision's number.")
    await written(datasette, lambda conn: undo(conn, number, actor))
    return {"correction": number}


async def confirm_json(datasette: Any, request: Any, actor: str, body: dict[str, Any]) -> dict[str, Any]:
    """`POST /-/cutline/confirm`: {q, property}: everything that a search finds has this property right.

    In one transaction: all of it or nothing. Photos whose property was confirmed before are left as they are.
    """
    query = parse_query(text(body, "q", needed=False, most=4000) or "")
    prop = text(body, "property")
    if prop not in CORRECTABLE:
        raise Wrong(400, f"{prop} is no property that can be confirmed: {', '.join(sorted(CORRECTABLE))}.")
    if not query:
        raise Wrong(400, "An empty search would confirm the whole archive: say what is meant.")

    def write(conn: sqlite3.Connection) -> int:
        total = search(conn, query, limit=1, count_to=MOST).total
        if total > MOST:
            raise Wrong(400, f"This search finds more than {MOST:,} photos: narrow it, and confirm it in parts.")
        photos = [p.id for p in every(conn, query)]
        done = 0
        conn.execute("BEGIN IMMEDIATE")
        try:
            for photo in photos:
                before = one(conn, "SELECT 1 FROM corrections WHERE photo = ? AND property = ? AND action = 'confirm'"
                             " AND old IS NULL AND undone IS NULL LIMIT 1", photo, prop)  # fmt: skip
                if before is None:
                    decide(conn, photo, prop, "confirm", None, actor, note=f"search: {query}"[:500])
                    done += 1
        except BaseException:
            conn.execute("ROLLBACK")
            raise
        conn.execute("COMMIT")
        return done

    return {"confirmed": await written(datasette, write)}


async def written(datasette: Any, write: Any) -> Any:
    """Run in Datasette's one writing thread, in transactions of the function's own."""
    database = await archive_of(datasette)

    def own(conn: sqlite3.Connection) -> Any:
        level, conn.isolation_level = conn.isolation_level, None
        try:
            conn.execute("PRAGMA foreign_keys = ON")
            with plain(conn):
                return write(conn)
        finally:
            conn.isolation_level = level

    return await database.execute_write_fn(own)


async def confirm_page(datasette: Any, request: Any) -> Any:
    """`/confirm?q=...`: what will be confirmed, before it is."""
    from archive.desk.archives import read
    from archive.desk.cards import cards

    url = datasette.urls.path
    wanted = asked(request.args)
    page = await read(datasette, lambda conn: search(conn, wanted.query, limit=24, count_to=MOST))
    return await render(datasette, request, "confirm.html", {
        "query": str(wanted.query),
        "page": page,
        "most": MOST,
        "photos": cards(page.photos, str(url("/"))),
        "properties": [(name, PROPERTIES[name][0]) for name in PROPERTIES if name in CORRECTABLE],
        "back": url(address("/", q=str(wanted.query))),
    })  # fmt: skip
