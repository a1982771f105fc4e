"""`/openapi.json`: what `archive.contract` promises, and the addresses that are the desk's own."""

from __future__ import annotations

from typing import Any

from archive import contract
from archive.desk.page import answer_json
from archive.summary import PROPERTIES

_TEXT: dict[str, Any] = {"type": "string"}
_MAYBE: dict[str, Any] = {"type": ["string", "null"]}
_COUNT: dict[str, Any] = {"type": "integer"}
_MAYBE_COUNT: dict[str, Any] = {"type": ["integer", "null"]}
_DEGREES: dict[str, Any] = {"type": ["number", "null"]}
_BOOLEAN: dict[str, Any] = {"type": "boolean"}
_ANY_OBJECT: dict[str, Any] = {"type": "object"}


#: A day; any other key in Datasette's tilde encoding, where only these stand for themselves.
_DAY, _KEY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", r"^([A-Za-z0-9_+-]|~[0-9A-F]{2})+$"


def _object(nullable: bool = False, **properties: Any) -> dict[str, Any]:
    return {"type": ["object", "null"] if nullable else "object", "properties": properties,
            "required": list(properties), "additionalProperties": False}  # fmt: skip


def _list(of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": of}


_SPOT = _object(True, key=_TEXT, name=_TEXT, kind=_TEXT)
_WITHIN = _object(key=_TEXT, name=_TEXT, relation=_TEXT, since=_MAYBE, until=_MAYBE)


def photo_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of `/photo/ID.json`."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | _object(
        id=_TEXT, kind={"enum": ["picture", "caption"]}, format=_MAYBE, width=_MAYBE_COUNT, height=_MAYBE_COUNT,
        added=_TEXT, thumbnail=_object(True, url=_TEXT, width=_COUNT, height=_COUNT), headline=_MAYBE, caption=_MAYBE,
        caption_text=_MAYBE_COUNT, date=_object(True, value=_TEXT, role=_MAYBE, standing=_MAYBE),
        location=_object(True, text=_MAYBE, place=_SPOT, region=_SPOT, country=_MAYBE, latitude=_DEGREES,
                         longitude=_DEGREES),
        units=_list(_object(key=_TEXT, name=_TEXT, country=_MAYBE, standing=_TEXT, within=_list(_WITHIN))),
        photographers=_list(_object(key=_TEXT, name=_TEXT)),
        agencies=_list(_object(key=_TEXT, name=_TEXT, role=_TEXT, state_controlled=_MAYBE, printed=_MAYBE)),
        credit=_object(line=_MAYBE, styles={"type": "object", "additionalProperties": _TEXT}), pool=_MAYBE,
        flags=_list(_TEXT), standing=_MAYBE,
        restrictions=_list(_object(kind=_TEXT, until=_MAYBE, verbatim=_TEXT, source=_TEXT)),
        conflicts=_list(_object(property=_TEXT, sources=_list(_list(_TEXT)), decided=_BOOLEAN)),
        statements=_list(_object(
            id=_COUNT, text=_MAYBE_COUNT, property=_TEXT, value=_TEXT, verbatim=_TEXT, start=_MAYBE_COUNT,
            end=_MAYBE_COUNT, source=_TEXT, rule=_TEXT, authority=_MAYBE, standing=_TEXT, role=_MAYBE, rank=_COUNT,
            detail=_ANY_OBJECT, current=_BOOLEAN)),
        texts=_list(_object(
            id=_COUNT, source=_TEXT, position=_COUNT, lang=_MAYBE, text=_TEXT, charset=_MAYBE, declared=_BOOLEAN,
            notes=_MAYBE, current=_BOOLEAN, first_seen=_TEXT, last_seen=_TEXT)),
        corrections=_list(_object(
            id=_COUNT, property=_TEXT, action={"enum": ["set", "wrong", "confirm"]}, old=_MAYBE,
            new=_list(_ANY_OBJECT), actor=_TEXT, decided=_TEXT, note=_MAYBE, undone=_MAYBE, undone_by=_MAYBE)),
        sightings=_list(_object(
            path=_TEXT, item=_COUNT, sha256=_MAYBE, size=_MAYBE_COUNT, mtime_ns=_MAYBE_COUNT, first_seen=_TEXT,
            last_seen=_TEXT, missing_since=_MAYBE)),
    )  # fmt: skip


def document(base: str = "") -> dict[str, Any]:
    """The OpenAPI 3.1 document of the whole desk."""
    made = contract.openapi(base)
    made["components"]["schemas"]["WholePhoto"] = photo_schema()
    # An address that is none of ours is answered by Datasette, which adds a title.
    made["components"]["schemas"]["Error"] = _object(ok={"const": False}, error=_TEXT, status=_COUNT) | {
        "additionalProperties": True}  # fmt: skip
    made["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    whole = made["paths"]["/photo/{id}.json"]["get"]["responses"]
    whole["200"]["content"] = {"application/json": {"schema": {"$ref": "#/components/schemas/WholePhoto"}}}
    whole["404"] = _error("No photo has this id.")
    for kind, about in (("unit", "A unit"), ("agency", "An agency"), ("photographer", "A photographer"),
                        ("place", "A place"), ("day", "A day, such as 2025-04-17")):  # fmt: skip
        made["paths"][f"/{kind}/{{key}}.json"] = {"get": {
            "summary": f"{about}: its names, what it belongs to, how many photos it has of what.",
            "parameters": [{"name": "key", "in": "path", "required": True,
                            "schema": _TEXT | {"pattern": _DAY if kind == "day" else _KEY},
                            "description": "Its key, in Datasette's tilde encoding."}],
            "responses": {"200": _answer(_ANY_OBJECT), "404": _error("It is not in this archive.")},
        }}  # fmt: skip
    for path, about in (("/coverage.json", "How many photos have each field, by agency and month."),
                        ("/corrections.json", "What the desk decided, newest first.")):  # fmt: skip
        made["paths"][path] = {"get": {"summary": about, "parameters": [],
                                       "responses": {"200": _answer(_ANY_OBJECT)}}}  # fmt: skip
    prop = {"enum": sorted(PROPERTIES)}
    for name, about, body, needed in (
        ("decide", "Decide one value of one photo.", {
            "photo": _TEXT, "property": prop, "action": {"enum": ["set", "wrong", "confirm"]}, "old": _TEXT,
            "new": {"type": ["string", "array"], "items": _TEXT}, "note": _TEXT}, ["photo", "property", "action"]),
        ("undo", "Take a decision back.", {"correction": _COUNT}, ["correction"]),
        ("confirm", "Confirm a property of everything that a search finds.", {"q": _TEXT, "property": prop},
         ["q", "property"]),
        ("always", "Always read a name as an authority entry; with preview nothing is written.", {
            "kind": {"enum": ["unit", "agency"]}, "name": _TEXT, "as": _TEXT, "preview": _BOOLEAN},
         ["kind", "name", "as"]),
    ):  # fmt: skip
        made["paths"][f"/-/cutline/{name}"] = {"post": {
            "summary": about, "security": [{"token": []}],
            "requestBody": {"required": True, "content": {"application/json": {"schema": {
                "type": "object", "properties": body, "required": needed}}}},
            "responses": {"200": _answer(_ANY_OBJECT), "400": _error("It cannot be done, and why."),
                          "403": _error("Nobody signed in, or not from a page of the desk.")},
        }}  # fmt: skip
    return made


def _answer(schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": "The answer.", "content": {"application/json": {"schema": schema}}}


def _error(about: str) -> dict[str, Any]:
    return {"description": about, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}}


async def openapi_json(datasette: Any, request: Any) -> Any:
    """`/openapi.json`."""
    return answer_json(document(str(datasette.urls.path("/")).rstrip("/")))
