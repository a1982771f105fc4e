"""Which address is answered by whom."""

from __future__ import annotations

from typing import Any

from archive.desk.always import always_json
from archive.desk.api import openapi_json
from archive.desk.archives import archive_of
from archive.desk.correcting import confirm_json, confirm_page, decide_json, undo_json
from archive.desk.coverage_page import coverage_page
from archive.desk.entity_pages import day_page, entity_page
from archive.desk.exports import export, search_json
from archive.desk.page import route
from archive.desk.photo_page import photo_json, photo_page
from archive.desk.review_page import corrections_page, review_page
from archive.desk.search_page import search_page
from archive.desk.suggestions import suggest_json
from archive.desk.thumbs import thumbnail
from archive.desk.writes import writing

_ID = r"(?P<id>[0-9a-f]{32})"
_JSON = r"(?P<format>\.json)?$"


async def tables_page(datasette: Any, request: Any) -> Any:
    """`/tables`: Datasette's own pages of the archive, whatever its file is called."""
    from datasette.utils.asgi import Response

    return Response.redirect(datasette.urls.database((await archive_of(datasette)).name))


ROUTES: list[tuple[str, Any]] = [
    (r"/$", route(search_page)),
    (r"/search\.json$", route(search_json)),
    (r"/search\.(?P<kind>csv|ndjson|atom)$", route(export)),
    (r"/suggest\.json$", route(suggest_json)),
    (rf"/photo/{_ID}$", route(photo_page)),
    (rf"/photo/{_ID}\.json$", route(photo_json)),
    (rf"/(?P<kind>unit|agency|photographer|place)/(?P<key>[^/.]+){_JSON}", route(entity_page)),
    (rf"/day/(?P<day>\d{{4}}-\d\d-\d\d){_JSON}", route(day_page)),
    (r"/thumb/(?P<digest>[0-9a-f]{64})\.jpg$", route(thumbnail)),
    (rf"/coverage{_JSON}", route(coverage_page)),
    (r"/review$", route(review_page)),
    (r"/confirm$", route(confirm_page)),
    (rf"/corrections{_JSON}", route(corrections_page)),
    (r"/tables$", route(tables_page)),
    (r"/openapi\.json$", route(openapi_json)),
    (r"/-/cutline/decide$", route(writing(decide_json))),
    (r"/-/cutline/undo$", route(writing(undo_json))),
    (r"/-/cutline/confirm$", route(writing(confirm_json))),
    (r"/-/cutline/always$", route(writing(always_json))),
]
