"""Thumbnails by the digest of their own bytes: an address that never changes what it shows."""

from __future__ import annotations

from typing import Any

from archive.desk.archives import one, read
from archive.desk.page import Wrong


async def thumbnail(datasette: Any, request: Any) -> Any:
    """`/thumb/SHA256.jpg`. Kept by browsers for a year; nothing of a row or a path is ever opened."""
    from datasette.utils.asgi import Response

    digest = request.url_vars["digest"]
    found = await read(datasette, lambda c: one(c, "SELECT jpeg FROM thumbnails WHERE digest = ? LIMIT 1", digest))
    if found is None:
        raise Wrong(404, "There is no such thumbnail.")
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Content-Length": str(len(found["jpeg"]))}
    return Response(found["jpeg"], content_type="image/jpeg", headers=headers)
