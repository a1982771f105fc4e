"""Taking away: any search as JSON page by page, as CSV and NDJSON whole, as a feed; streamed in constant memory."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from archive.connection import connect
from archive.contract import search_answer
from archive.desk.archives import archive_of, read
from archive.desk.headers import strict_policy
from archive.desk.page import Wrong, answer_json, config
from archive.desk.search_page import Asked, asked
from archive.export import TYPES, as_atom, as_csv, as_ndjson, rows_as_csv
from archive.search import PhotoRow, every, every_row, first, search, search_with_facets, these

#: Photos of a feed; a reader of feeds asks again.
FEED = 100
#: The most that one page of JSON holds, and what it holds unless asked otherwise.
MOST, SIZE = 1000, 50
#: Exports at the same time; others wait. Each has a connection and a thread of its own, so that a slow client
#: keeps nobody from searching.
_AT_ONCE = 4
#: Photos that can be asked for by id.
_PICKED = 500

_places: dict[asyncio.AbstractEventLoop, asyncio.Semaphore] = {}


async def search_json(datasette: Any, request: Any) -> Any:
    """`/search.json`: one page; `archive.contract` has its schema."""
    arguments = request.args
    wanted, with_facets = asked(arguments), arguments.get("facets") == "1"
    given = arguments.get("size") or ""
    size = max(1, min(MOST, int(given))) if given.isascii() and given.isdigit() and len(given) < 9 else SIZE

    def answer(conn: sqlite3.Connection) -> dict[str, Any]:
        about: dict[str, Any] = {"order": wanted.order, "after": wanted.after, "limit": size}
        if with_facets:
            page, counted = search_with_facets(conn, wanted.query, **about)
        else:
            page, counted = search(conn, wanted.query, **about), None
        return search_answer(wanted.query, page, order=wanted.order, facets=counted)

    return answer_json(await read(datasette, answer))


async def export(datasette: Any, request: Any) -> Any:
    """`/search.csv`, `/search.ndjson`, `/search.atom`; `id=` (repeated) gives those photos in place of a search."""
    kind = request.url_vars["kind"]
    wanted = asked(request.args)
    picked = request.args.getlist("id")
    if len(picked) > _PICKED:
        raise Wrong(400, f"At most {_PICKED} photos by id; a search takes any number.")
    base = f"{request.scheme}://{request.host}{str(datasette.urls.path('/')).rstrip('/')}"
    safe = request.args.get("safe") == "1"

    def pieces(conn: sqlite3.Connection) -> Iterator[str]:
        if kind == "csv" and not picked:
            return rows_as_csv(every_row(conn, wanted.query, order=wanted.order), safe=safe)  # type: ignore[arg-type]
        photos: Iterator[PhotoRow] = (
            iter(these(conn, picked)) if picked else every(conn, wanted.query, order=wanted.order)  # type: ignore[arg-type]
        )
        if kind == "csv":
            return as_csv(photos, safe=safe)
        if kind == "ndjson":
            return as_ndjson(photos)
        title = f"cutline: {wanted.query}" if wanted.query.terms else "cutline"
        return as_atom(first(photos, FEED), base=base, title=title, search=_own_path(wanted))

    database = await archive_of(datasette)
    if database.path is None:
        raise Wrong(503, "An archive in memory cannot be exported; give Datasette its file.")
    return _Stream(Path(database.path), pieces, TYPES[kind], {
        "Content-Security-Policy": strict_policy(config(datasette).get("tile_server")),
        "Cache-Control": "no-cache",
        **({"Content-Disposition": f'attachment; filename="photos.{kind}"'} if kind != "atom" else {}),
    }, request)  # fmt: skip


def _own_path(wanted: Asked) -> str:
    return "/search.atom" + wanted.at().removeprefix("/")


class _Stream:
    """A response whose body is made while it is sent, and that stops when nobody listens any more."""

    def __init__(self, path: Path, pieces: Callable[[sqlite3.Connection], Iterator[str]], content_type: str,
                 headers: dict[str, str], request: Any) -> None:
        self._path, self._pieces, self._request = path, pieces, request
        self.headers = {**headers, "content-type": content_type}

    async def asgi_send(self, send: Any) -> None:
        """Send it. Nothing is sent before the first piece is there: an error until then is still an error."""
        gone = asyncio.ensure_future(self._disconnected())
        try:
            async with contextlib.aclosing(self._made()) as made:
                started = False
                async for piece in made:
                    if not started:
                        await self._start(send)
                        started = True
                    if gone.done():
                        return
                    await send({"type": "http.response.body", "body": piece.encode("utf-8"), "more_body": True})
                if not started:
                    await self._start(send)
                await send({"type": "http.response.body", "body": b""})
        finally:
            gone.cancel()

    async def _start(self, send: Any) -> None:
        headers = [[name.lower().encode(), value.encode()] for name, value in self.headers.items()]
        await send({"type": "http.response.start", "status": 200, "headers": headers})

    async def _disconnected(self) -> None:
        while (await self._request.receive())["type"] != "http.disconnect":
            pass

    async def _made(self) -> AsyncGenerator[str, None]:
        """The pieces, each made in this export's own thread, all from one state of the archive."""
        loop = asyncio.get_running_loop()
        place = _places.setdefault(loop, asyncio.Semaphore(_AT_ONCE))
        async with place:
            with ThreadPoolExecutor(max_workers=1, thread_name_prefix="export") as thread:
                conn = await loop.run_in_executor(thread, self._open)
                try:
                    source = await loop.run_in_executor(thread, self._pieces, conn)
                    while (piece := await loop.run_in_executor(thread, next, source, None)) is not None:
                        yield piece
                finally:
                    await loop.run_in_executor(thread, conn.close)

    def _open(self) -> sqlite3.Connection:
        conn = connect(self._path)
        conn.execute("BEGIN")
        return conn
