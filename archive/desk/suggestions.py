"""`/suggest.json`: what the box offers while someone types."""

from __future__ import annotations

from typing import Any

from archive.contract import suggest_answer
from archive.desk.archives import read
from archive.desk.page import answer_json
from archive.desk.search_page import ACCENT
from archive.suggest import suggest


async def suggest_json(datasette: Any, request: Any) -> Any:
    """`q` is what stands in the box, `cursor` the place in it, in code points (its end if left out)."""
    text, cursor = request.args.get("q") or "", request.args.get("cursor") or ""
    at = int(cursor) if cursor.isascii() and cursor.isdigit() and len(cursor) < 8 else None
    found = await read(datasette, lambda conn: suggest(conn, text, at))
    answer = suggest_answer(text, found)
    for offered, s in zip(answer["suggestions"], found, strict=True):
        offered["accent"] = ACCENT.get(s.text.rstrip(":") if s.field == "field" else s.field, "other")
    return answer_json(answer)
