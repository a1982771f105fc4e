"""What other programs may rely on: the fields of a photo in every export, and the JSON of the desk's addresses.

One table, `FIELDS`, gives the columns of CSV and Parquet, the keys of JSON, and the JSON Schema, in one order. A field
is only ever added at the end; none is renamed or dropped without a new major version. `docs/api.md` shows them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from archive.facets import FACETS, FacetValue
from archive.query import FIELDS as QUERY_FIELDS
from archive.query import Query
from archive.search import Page, PhotoRow
from archive.suggest import Suggestion

#: Of the JSON contract, by semantic versioning.
VERSION = "1.0.0"


class Field(NamedTuple):
    """One field of an exported photo."""

    name: str
    #: Of `PhotoRow`.
    attribute: str
    #: JSON Schema type.
    type: str
    #: Whether it can be missing: null in JSON, empty in CSV.
    nullable: bool
    about: str


FIELDS = (
    Field("id", "identity", "string", False, "Public id, 32 hex digits: made from the picture itself; /photo/ID."),
    Field("date", "taken", "string", True, "EDTF (ISO 8601-2): 2025-04-17, 2025-04, 2025, 194X, 1914/1918."),
    Field("date_role", "taken_role", "string", True, "taken, file, released, issued or filed."),
    Field("date_standing", "taken_standing", "string", True, "How sure the date is; see standing."),
    Field("unit", "unit", "string", True, "Units as named, '; ' between several."),
    Field("location", "location", "string", True, "Where it was taken, as printed."),
    Field("place", "place", "string", True, "City, village, base or venue."),
    Field("region", "region", "string", True, "Oblast, state, province, county or sea."),
    Field("country", "country", "string", True, "ISO 3166-1 alpha-2."),
    Field("latitude", "latitude", "number", True, "Degrees north."),
    Field("longitude", "longitude", "number", True, "Degrees east."),
    Field("photographer", "photographer", "string", True, "Names, '; ' between several."),
    Field("agency", "agency", "string", True, "From origin to distributor, ' → ' between them."),
    Field("credit_line", "credit_line", "string", True, "The credit as printed."),
    Field("pool", "pool", "string", True, "The pool's name."),
    Field("flags", "flags", "array", False, "Of pool, handout, file, undated, courtesy; in CSV with spaces between."),
    Field("headline", "headline", "string", True, "As delivered."),
    Field("caption", "caption", "string", True, "As delivered, every character."),
    Field("standing", "standing", "string", True,
          "The least sure of its values: exact, variant, inferred, ambiguous, unknown."),
    Field("conflicts", "conflicts", "integer", False, "Properties on which its sources disagree, undecided."),
    Field("restricted", "restricted", "boolean", False, "Whether a restriction is printed; in CSV 1 or 0."),
    Field("kind", "kind", "string", False, "picture, or caption for one that came without its picture."),
    Field("format", "format", "string", True, "JPEG, TIFF ..."),
    Field("width", "width", "integer", True, "Pixels."),
    Field("height", "height", "integer", True, "Pixels."),
    Field("added", "added", "string", True, "When it came into the archive, ISO 8601 in UTC."),
    Field("thumbnail", "thumbnail", "string", True, "Digest of its thumbnail; /thumb/DIGEST.jpg."),
)  # fmt: skip

NAMES = tuple(field.name for field in FIELDS)
#: A photo's values in the order of FIELDS.
values = itemgetter(*(PhotoRow._fields.index(field.attribute) for field in FIELDS))


def photo_object(photo: PhotoRow) -> dict[str, Any]:
    """A photo as JSON has it."""
    return dict(zip(NAMES, values(photo), strict=True))


def search_answer(
    query: Query, page: Page, *, order: str = "taken", facets: Mapping[str, Sequence[FacetValue]] | None = None
) -> dict[str, Any]:
    """The body of `/search.json`; `facets` only where they were asked for."""
    answer: dict[str, Any] = {
        "query": str(query),
        "order": order,
        "total": page.total,
        "total_is_exact": page.total_is_exact,
        "apart": page.apart,
        "hints": list(page.hints),
        "next": page.next,
        "photos": [photo_object(photo) for photo in page.photos],
    }
    if facets is not None:
        answer["facets"] = {
            name: [{"value": v.value, "label": v.label, "photos": v.photos, "term": v.typed, "parent": v.parent}
                   for v in found] for name, found in facets.items()
        }  # fmt: skip
    return answer


def suggest_answer(text: str, found: Sequence[Suggestion]) -> dict[str, Any]:
    """The body of `/suggest.json` for what was typed. Places count UTF-16 units, as a page's own language does."""

    def units(place: int) -> int:
        return len(text[:place].encode("utf-16-le")) // 2

    return {"suggestions": [{"text": s.text, "label": s.label, "field": s.field, "photos": s.photos,
                             "start": units(s.start), "end": units(s.end)} for s in found]}  # fmt: skip


def _object(properties: Mapping[str, Any], *, optional: Sequence[str] = (), about: str = "") -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "object", "properties": dict(properties), "additionalProperties": False,
                              "required": [name for name in properties if name not in optional]}  # fmt: skip
    return schema | ({"description": about} if about else {})


_TEXT: dict[str, Any] = {"type": "string"}
_COUNT: dict[str, Any] = {"type": "integer", "minimum": 0}


def photo_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a photo in a list."""
    properties = {}
    for field in FIELDS:
        kind: Any = [field.type, "null"] if field.nullable else field.type
        properties[field.name] = {"type": kind, "description": field.about}
        if field.type == "array":
            properties[field.name]["items"] = _TEXT
    return _object(properties, about="A photo: the values that count now.")


def search_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of the answer of `/search.json`."""
    value = _object({"value": _TEXT, "label": _TEXT, "photos": _COUNT, "term": _TEXT,
                     "parent": {"type": ["string", "null"]}})  # fmt: skip
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | _object(
        {
            "query": _TEXT | {"description": "The search as it was understood; can be sent again."},
            "order": {"enum": ["taken", "added"]},
            "total": _COUNT,
            "total_is_exact": {"type": "boolean", "description": "False where total is a lower bound."},
            "apart": _COUNT | {"description": "Photos whose partial date may lie in the days asked for: perhaps:."},
            "hints": {"type": "array", "items": _TEXT},
            "next": {"type": ["string", "null"], "description": "Send it as `after` for the next page."},
            "photos": {"type": "array", "items": photo_schema()},
            "facets": _object({name: {"type": "array", "items": value} for name in FACETS}),
        },
        optional=("facets",),
    )


def suggest_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of the answer of `/suggest.json`."""
    place = _COUNT | {"description": "UTF-16 units in the text that was sent."}
    return _object({"suggestions": {"type": "array", "items": {
        **_object({"text": _TEXT, "label": _TEXT, "field": _TEXT, "photos": {"type": ["integer", "null"]},
                   "start": place, "end": place}),
        "additionalProperties": True}}})  # fmt: skip


def openapi(base: str = "") -> dict[str, Any]:
    """The OpenAPI 3.1 document of a desk whose addresses begin with `base`."""

    def parameter(name: str, about: str, schema: Mapping[str, Any] = _TEXT, where: str = "query") -> dict[str, Any]:
        return {"name": name, "in": where, "required": where == "path", "description": about, "schema": dict(schema)}

    def get(summary: str, parameters: Sequence[Any], content: Mapping[str, Any]) -> dict[str, Any]:
        answers = {"200": {"description": "The answer.", "content": {t: {"schema": s} for t, s in content.items()}}}
        return {"get": {"summary": summary, "parameters": list(parameters), "responses": answers}}

    fields = ", ".join(f"{name}:" for name in QUERY_FIELDS)
    q = parameter("q", f"The search: words, \"phrases\" and fields ({fields}), - before what must not be there.")
    sort = parameter("sort", "Newest taken or newest added first.", {"enum": ["taken", "added"], "default": "taken"})
    stream = "Every photo of a search, streamed."
    paths = {
        "/search.json": get("A page of a search.", [
            q, sort,
            parameter("after", "An earlier page's `next`."),
            parameter("size", "Photos on a page.", {"type": "integer", "minimum": 1, "maximum": 1000, "default": 50}),
            parameter("facets", "1 counts what the result is made of.", {"enum": ["0", "1"], "default": "0"}),
        ], {"application/json": {"$ref": "#/components/schemas/Search"}}),
        "/search.csv": get(stream, [
            q, sort, parameter("safe", "1 keeps spreadsheets from running cells as formulas.", {"enum": ["0", "1"]}),
        ], {"text/csv": _TEXT}),
        "/search.ndjson": get(stream, [q, sort], {"application/x-ndjson": {"$ref": "#/components/schemas/Photo"}}),
        "/search.atom": get("The newest photos of a search as a feed.", [q, sort], {"application/atom+xml": _TEXT}),
        "/suggest.json": get("What the search box offers.", [
            parameter("q", "What stands in the box."),
            parameter("cursor", "The place in it, in characters.", {"type": "integer", "minimum": 0}),
        ], {"application/json": {"$ref": "#/components/schemas/Suggestions"}}),
        "/photo/{id}.json": get("Everything the archive holds of one photo.", [
            parameter("id", "The public id.", {"type": "string", "pattern": "^[0-9a-f]{32}$"}, "path"),
        ], {"application/json": {"type": "object"}}),
    }  # fmt: skip
    return {
        "openapi": "3.1.0",
        "info": {"title": "cutline", "version": VERSION, "description": "A photo archive: search and take away."},
        "servers": [{"url": base or "/"}],
        "paths": paths,
        "components": {"schemas": {"Photo": photo_schema(), "Search": search_schema(),
                                   "Suggestions": suggest_schema()}},
    }  # fmt: skip
