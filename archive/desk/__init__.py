"""The desk on Datasette: hooks only. Each page has a module of its own beside this one."""

from __future__ import annotations

from typing import Any

from datasette import hookimpl

from archive.desk import headers, routes


@hookimpl  # type: ignore[untyped-decorator]
def register_routes() -> list[tuple[str, Any]]:
    """Every address of ours; they come before Datasette's own."""
    return routes.ROUTES


@hookimpl  # type: ignore[untyped-decorator]
def asgi_wrapper(datasette: Any) -> Any:
    """Security headers on every answer."""
    return headers.wrapper


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
    return [
        {"href": datasette.urls.path("/"), "label": "Search"},
        {"href": datasette.urls.path("/coverage"), "label": "Coverage"},
        {"href": datasette.urls.path("/review"), "label": "Review"},
    ]
