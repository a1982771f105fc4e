"""Who may write, and that it was they who asked: every route that changes something goes through `writing`."""

from __future__ import annotations

import hmac
import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from archive.desk.page import Wrong, answer_json, may_correct
from archive.errors import ArchiveError

#: A decision is small; so is everything else that is sent here.
MOST_BYTES = 64 * 1024

Write = Callable[[Any, Any, str, dict[str, Any]], Awaitable[dict[str, Any]]]


def writing(write: Write) -> Callable[[Any, Any], Awaitable[Any]]:
    """A write(datasette, request, actor, body) as a view: POST of JSON, JSON back, errors too.

    403 without an actor who may correct; 403 where the request did not come from a page of ours: a token of
    Datasette's in the Authorization header is proof enough, anything that a browser sends by itself (a cookie, a
    password it remembers) is not, and needs the page's own CSRF token.
    """

    # No functools.wraps: Datasette would ask the wrapped function which arguments it wants.
    async def view(datasette: Any, request: Any) -> Any:
        if request.method != "POST":
            raise Wrong(405, "This address takes a POST of JSON.")
        if not request.actor:
            raise Wrong(403, "Sign in to correct; without a login everything is read-only.")
        if not await may_correct(datasette, request.actor):
            raise Wrong(403, "You may look, but not correct: the archive is read-only, or you are no editor of it.")
        _same_origin(request)
        body = await _body(request)
        try:
            return answer_json({"ok": True, **await write(datasette, request, str(request.actor["id"]), body)})
        except ArchiveError as error:
            raise error if isinstance(error, Wrong) else Wrong(400, str(error)) from error

    return view


def _same_origin(request: Any) -> None:
    headers = request.headers
    if headers.get("authorization", "").startswith("Bearer ") and "cookie" not in headers:
        return
    came_from = headers.get("sec-fetch-site")
    origin = headers.get("origin")
    if came_from not in (None, "same-origin") or (origin and urlsplit(origin).netloc != request.host):
        raise Wrong(403, "This was sent from another site.")
    token = request.scope["csrftoken"]()
    sent = headers.get("x-csrftoken", "")
    # Without its cookie the token is made anew for every request, and nothing that is sent can be it.
    if not sent or not hmac.compare_digest(sent, token):
        raise Wrong(403, "The page's token is missing or old: load the page again.")


async def _body(request: Any) -> dict[str, Any]:
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        raise Wrong(415, "Send JSON, with Content-Type: application/json.")
    length = request.headers.get("content-length", "0")
    if length.isdigit() and int(length) > MOST_BYTES:
        raise Wrong(413, f"More than {MOST_BYTES:,} bytes.")
    data = b""
    while True:
        message = await request.receive()
        data += message.get("body", b"")
        if len(data) > MOST_BYTES:
            raise Wrong(413, f"More than {MOST_BYTES:,} bytes.")
        if not message.get("more_body"):
            break
    try:
        body = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Wrong(400, f"This is no JSON: {error}.") from error
    if not isinstance(body, dict):
        raise Wrong(400, "Expected one JSON object.")
    return body


def text(body: dict[str, Any], name: str, *, needed: bool = True, most: int = 2000) -> str | None:
    """A field of a request that is text. Raises Wrong."""
    value = body.get(name)
    if value is None or value == "":
        if needed:
            raise Wrong(400, f"{name} is missing.")
        return None
    if not isinstance(value, str) or len(value) > most:
        raise Wrong(400, f"{name}: expected text of at most {most:,} characters.")
    return value
