"""`/suggest.json`: what the box offers while someone types."""

from __future__ import annotations

from typing import Any

from archive.desk.archives import read
from archive.desk.page import answer_json
from archive.desk.search_page import ACCENT
from archive.suggest import suggest


async def suggest_json(datasette: Any, request: Any) -> Any:
    """`q` is what stands in the box, `cursor` the place in it, in code points (its end if left out)."""
    text, cursor = request.args.get("q") or "", request.args.get("cursor") or ""
    at = int(cursor) if cursor.isascii() and cursor.isdigit() and len(cursor) < 8 else None
    found = await read(datasette, lambda conn: suggest(conn, text, at))
    # The page replaces by UTF-16 units, as its language counts.
    def units(place: int) -> int:
        return len(text[:place].encode("utf-16-le")) // 2

    return answer_json({
        "suggestions": [
            {"text": s.text, "label": s.label, "field": s.field, "photos": s.photos, "start": units(s.start),
             "end": units(s.end), "accent": ACCENT.get(s.text.rstrip(":") if s.field == "field" else s.field, "other")}
            for s in found
        ]
    })  # fmt: skip
