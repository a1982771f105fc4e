"""Which address is answered by whom."""

from __future__ import annotations

from typing import Any

from archive.desk.entity_pages import day_page, entity_page
from archive.desk.page import route
from archive.desk.photo_page import photo_json, photo_page
from archive.desk.search_page import search_page
from archive.desk.suggestions import suggest_json
from archive.desk.thumbs import thumbnail

_ID = r"(?P<id>[0-9a-f]{32})"

ROUTES: list[tuple[str, Any]] = [
    (r"/$", route(search_page)),
    (r"/suggest\.json$", route(suggest_json)),
    (rf"/photo/{_ID}$", route(photo_page)),
    (rf"/photo/{_ID}\.json$", route(photo_json)),
    (r"/(?P<kind>unit|agency|photographer|place)/(?P<key>[^/.]+)(?P<format>\.json)?$", route(entity_page)),
    (r"/day/(?P<day>\d{4}-\d\d-\d\d)(?P<format>\.json)?$", route(day_page)),
    (r"/thumb/(?P<digest>[0-9a-f]{64})\.jpg$", route(thumbnail)),
]
