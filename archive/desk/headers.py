"""Security headers on every answer: ours as strict as can be, Datasette's own pages as strict as they bear."""

from __future__ import annotations

import base64
import functools
import hashlib
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

from archive.desk.tiles import origin

App = Callable[..., Awaitable[None]]

_COMMON = "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
#: The one inline script of Datasette's that is not the same on every page, and what it can be.
_EITHER = ("DATASETTE_ALLOW_FACET = true;", "DATASETTE_ALLOW_FACET = false;")


def strict_policy(tile_server: str | None = None) -> str:
    """The policy of our pages: nothing inline, nothing from elsewhere; pictures also from a tile server if set."""
    images = f"; img-src 'self' {origin(tile_server)}" if origin(tile_server) else ""
    return f"default-src 'self'{images}; {_COMMON}"


@functools.cache
def datasette_policy() -> str:
    """The policy of Datasette's pages: its own inline scripts by digest and no others; its style attributes.

    The digests are of the scripts in the templates as they were installed, never of what a page happens to hold.
    """
    import datasette

    folder = Path(datasette.__file__).parent / "templates"
    scripts = set(_EITHER)
    for template in sorted(folder.glob("*.html")):
        inline = [part.partition("</script>")[0] for part in template.read_text("utf-8").split("<script>")[1:]]
        scripts |= {s for s in inline if "{{" not in s and "{%" not in s}
    digests = sorted(base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in scripts)
    hashes = " ".join(f"'sha256-{d}'" for d in digests)
    styles = "style-src 'self' 'unsafe-inline'; img-src 'self' data:"
    return f"default-src 'self'; script-src 'self' {hashes}; {styles}; {_COMMON}"


def wrapper(app: App) -> App:
    """Add to every answer what it does not say itself."""

    async def wrapped(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        async def send_with_headers(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers") or [])
                have = {bytes(name).lower() for name, _ in headers}
                for name, value in (
                    (b"content-security-policy", datasette_policy().encode()),
                    (b"x-content-type-options", b"nosniff"),
                    (b"referrer-policy", b"same-origin"),
                    (b"cross-origin-opener-policy", b"same-origin"),
                    (b"cross-origin-resource-policy", b"same-origin"),
                ):
                    if name not in have:
                        headers.append((name, value))
                if _is_versioned_asset(scope) and message["status"] == 200:
                    headers = [(n, v) for n, v in headers if bytes(n).lower() != b"cache-control"]
                    headers.append((b"cache-control", b"public, max-age=31536000, immutable"))
                message["headers"] = headers
            await send(message)

        await app(scope, receive, send_with_headers if scope["type"] == "http" else send)

    return wrapped


def _is_versioned_asset(scope: MutableMapping[str, Any]) -> bool:
    return "/-/static-plugins/cutline/" in str(scope.get("path", "")) and b"v=" in scope.get("query_string", b"")
