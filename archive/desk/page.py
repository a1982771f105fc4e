"""From a function that answers to a route of Datasette's: permissions, errors, templates, headers."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from archive.desk.archives import archive_of, is_public_copy
from archive.desk.headers import strict_policy
from archive.desk.markup import quoted
from archive.desk.tiles import origin
from archive.errors import ArchiveError, DatabaseError

View = Callable[[Any, Any], Awaitable[Any]]
_STATIC = Path(__file__).parent / "static"


class Wrong(ArchiveError):
    """What a request asked for cannot be had: its HTTP status and a sentence for the person who asked."""

    def __init__(self, status: int, message: str) -> None:
        """`status` is an HTTP status of 400 or more."""
        super().__init__(message)
        self.status, self.message = status, message


_settings: WeakKeyDictionary[Any, Mapping[str, Any]] = WeakKeyDictionary()


def config(datasette: Any) -> Mapping[str, Any]:
    """The plugin's settings in metadata.yml, plugins: cutline, as they were at the start."""
    found = _settings.get(datasette)
    if found is None:
        # Each time it is asked, Datasette puts its whole metadata together anew.
        found = _settings[datasette] = datasette.plugin_config("cutline") or {}
    return found


def tile_server(datasette: Any) -> str | None:
    """The address of a newsroom's tiles, if it has set one that a page may ask: https://HOST/{z}/{x}/{y}.png."""
    address = config(datasette).get("tile_server")
    return str(address) if address and origin(str(address)) else None


def route(view: View) -> Callable[[Any, Any], Awaitable[Any]]:
    """A view(datasette, request) as a route: who may look, what an error looks like, which headers go out."""

    @functools.wraps(view)
    async def routed(datasette: Any, request: Any) -> Any:
        from datasette.utils.asgi import Forbidden, Response

        try:
            database = await archive_of(datasette)
            for action, resource in (("view-instance", None), ("view-database", database.name)):
                if not await datasette.permission_allowed(request.actor, action, resource=resource, default=True):
                    raise Forbidden("You may not look at this archive.")
            response = await view(datasette, request)
        except (Wrong, DatabaseError) as error:
            status = error.status if isinstance(error, Wrong) else 503
            if wants_json(request):
                response = Response.json({"ok": False, "error": str(error), "status": status}, status=status)
            else:
                about = {"status": status, "message": str(error)}
                response = await render(datasette, request, "wrong.html", about, status=status)
        if response is not None and isinstance(response, Response):
            response.headers.setdefault("Content-Security-Policy", strict_policy(config(datasette).get("tile_server")))
        return response

    return routed


def wants_json(request: Any) -> bool:
    """Whether an error should be JSON: a JSON address, a request that is no reading, or one that sent JSON."""
    if request.path.endswith((".json", ".ndjson", ".csv")):
        return True
    accept = request.headers.get("accept", "")
    return request.method not in ("GET", "HEAD") and "text/html" not in accept


async def render(
    datasette: Any, request: Any, template: str, context: Mapping[str, Any], status: int = 200
) -> Any:
    """One of our templates as a response.

    Not by `datasette.render_template`: that gathers what Datasette's own pages show around a table, and awaits every
    expression of a template. A newsroom's `--template-dir` and what plugins add to the environment still count.
    """
    from datasette.utils import display_actor
    from datasette.utils.asgi import Response

    settings, tiles = config(datasette), tile_server(datasette)
    body = _environment(datasette).get_template(f"cutline/{template}").render(
        request=request,
        actor=request.actor,
        display_actor=display_actor,
        urls=datasette.urls,
        csrftoken=request.scope.get("csrftoken"),
        may_correct=await may_correct(datasette, request.actor),
        sign_in=sign_in_address(datasette),
        public=is_public_copy(datasette),
        tile_credit=settings.get("tile_credit") if tiles else None,
        asset=functools.partial(asset, datasette),
        **context,
    )
    return Response.html(body, status=status)


_environments: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()


def _environment(datasette: Any) -> Any:
    """Datasette's environment of templates, but for templates that are rendered in one go."""
    made = _environments.get(datasette)
    if made is None:
        reload = bool(datasette.setting("template_debug"))
        made = _environments[datasette] = datasette.jinja_env.overlay(enable_async=False, auto_reload=reload)
    return made


def answer_json(value: object, status: int = 200) -> Any:
    """JSON in UTF-8, indented by nothing, letters as they are."""
    from datasette.utils.asgi import Response

    body = json.dumps(value, ensure_ascii=False)
    return Response(body, status=status, content_type="application/json; charset=utf-8")


async def may_correct(datasette: Any, actor: Any) -> bool:
    """Whether this person may write corrections: signed in, allowed by settings, and the file can be written."""
    if not actor:
        return False
    database = await archive_of(datasette)
    if not database.is_mutable:
        return False
    return bool(
        await datasette.permission_allowed(actor, "cutline-correct", resource=database.name, default=False)
    )


def sign_in_address(datasette: Any) -> str | None:
    """Where a person signs in, if a plugin for passwords is set up."""
    if datasette.plugin_config("datasette-auth-passwords") is None:
        return None
    return str(datasette.urls.path("/-/login"))


@functools.cache
def _version(name: str) -> str:
    return hashlib.sha256((_STATIC / name).read_bytes()).hexdigest()[:12]


def asset(datasette: Any, name: str) -> str:
    """The address of a file in static/, with its digest: it can be kept for a year."""
    return str(datasette.urls.path(f"/-/static-plugins/cutline/{name}?v={_version(name)}"))


def address(path: str, **arguments: object) -> str:
    """A path with its query string; what is None or empty is left out."""
    given = "&".join([f"{k}={quoted(str(v))}" for k, v in arguments.items() if v not in (None, "")])
    return f"{path}?{given}" if given else path
