"""What a public copy's desk does not answer: the desk's own work, and what Datasette tells of its machine."""

from __future__ import annotations

import re
from collections.abc import Iterable, MutableMapping
from typing import Any

from archive.desk.archives import is_public_copy
from archive.desk.headers import App

#: Tables of a public copy that anybody may look at; all others (the index's own, the empty ones) are denied.
SHOWN = frozenset({
    "photos", "texts", "statements", "restrictions", "thumbnails", "units", "unit_names", "unit_parents", "agencies",
    "agency_names", "photographers", "places", "photo_units", "photo_agencies", "photo_photographers",
})  # fmt: skip
#: `/-/databases` tells the file's path, `/-/metadata` the settings, `/-/threads` what is running.
_CLOSED = re.compile(r"/(?:-/(?!static(?:-plugins)?/|log(?:in|out)\Z)|(?:review|confirm|corrections)(?:\.json)?/?\Z)")


def denied(tables: Iterable[str]) -> dict[str, Any]:
    """What a public copy's tables are told beside their descriptions, as Datasette's metadata."""
    return {table: {"allow": False} for table in tables if table not in SHOWN}


def wrapper(datasette: Any, app: App) -> App:
    """Answer 404 for what a public copy does not show; every other archive is left alone."""

    async def wrapped(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        from datasette.utils.asgi import Response

        if scope["type"] == "http" and is_public_copy(datasette):
            base = str(datasette.setting("base_url")).rstrip("/")
            if _CLOSED.match(str(scope["path"]).removeprefix(base)):
                await Response.text("There is no such page.", status=404).asgi_send(send)
                return
        await app(scope, receive, send)

    return wrapped
