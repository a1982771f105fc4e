"""The desk on Datasette: hooks only. Each page has a module of its own beside this one."""

from __future__ import annotations

import contextlib
from typing import Any

from datasette import hookimpl

from archive.desk import about_tables, headers, public, routes
from archive.desk.archives import archive_of, is_public_copy
from archive.errors import DatabaseError


@hookimpl  # type: ignore[untyped-decorator]
def register_routes() -> list[tuple[str, Any]]:
    """Every address of ours; they come before Datasette's own."""
    return routes.ROUTES


@hookimpl  # type: ignore[untyped-decorator]
def startup(datasette: Any) -> Any:
    """Find the archive. Without one Datasette starts all the same, and our pages say what is missing."""

    async def found() -> None:
        with contextlib.suppress(DatabaseError):
            await archive_of(datasette)

    return found


@hookimpl  # type: ignore[untyped-decorator]
def get_metadata(datasette: Any) -> dict[str, Any]:
    """Descriptions of the archive's tables under the name that its file has."""
    return about_tables.of_tables(datasette)


@hookimpl  # type: ignore[untyped-decorator]
def render_cell(value: Any, column: str, table: str, datasette: Any) -> Any:
    """A photo's public id leads to its page."""
    if table != "photos" or column != "identity" or not isinstance(value, str) or not value.isalnum():
        return None
    from markupsafe import Markup

    return Markup('<a href="{}">{}</a>').format(datasette.urls.path(f"/photo/{value}"), value)


@hookimpl  # type: ignore[untyped-decorator]
def asgi_wrapper(datasette: Any) -> Any:
    """Security headers on every answer; what a public copy does not answer at all."""
    return lambda app: headers.wrapper(public.wrapper(datasette, app))


@hookimpl  # type: ignore[untyped-decorator]
def permission_allowed(datasette: Any, actor: Any, action: str) -> bool | None:
    """`cutline-correct`: whoever is signed in, or those that `editors` in the plugin's settings allows."""
    if action != "cutline-correct":
        return None
    from datasette.utils import actor_matches_allow

    if not actor or not actor.get("id"):
        return False
    settings = datasette.plugin_config("cutline") or {}
    return bool(actor_matches_allow(actor, settings.get("editors", {"id": "*"})))


@hookimpl  # type: ignore[untyped-decorator]
def prepare_jinja2_environment(env: Any, datasette: Any) -> None:
    """What our templates call."""
    from datasette.utils import tilde_encode

    from archive.desk import stretches, wording

    def link(kind: str, key: str) -> str:
        return str(datasette.urls.path(f"/{kind}/{tilde_encode(key)}"))

    env.globals.update(
        in_words=wording.in_words,
        source_in_words=wording.source_in_words,
        labels=wording.label,
        standings=wording.STANDINGS,
        accent_of=stretches.accent_of,
        link=link,
        tilde=tilde_encode,
    )


@hookimpl  # type: ignore[untyped-decorator]
def menu_links(datasette: Any) -> list[dict[str, str]]:
    """The way back from Datasette's pages."""
    pages = ["Coverage"] if is_public_copy(datasette) else ["Coverage", "Review"]
    links = [{"href": datasette.urls.path("/"), "label": "Search"}]
    return links + [{"href": datasette.urls.path(f"/{page.lower()}"), "label": page} for page in pages]
