"""What a result is made of, as lists beside it: each value a link that narrows the search, or opens it again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from archive.desk.markup import Addresses, Markup, attribute, number, text
from archive.desk.wording import STANDINGS
from archive.facets import FacetValue
from archive.query import Query

#: Values of a facet that are seen at once, and behind "more".
SEEN, MORE = 6, 20
#: (facet, its heading, the field that a click asks, its accent).
_FACETS = (
    ("unit", "Unit", "unit", "unit"),
    ("agency", "Agency, any role", "agency", "agency"),
    ("origin", "Comes from", "origin", "agency"),
    ("via", "Delivered by", "via", "agency"),
    ("provider", "Handed out by", "provider", "agency"),
    ("photographer", "Photographer", "by", "photographer"),
    ("country", "Country", "country", "location"),
    ("region", "Region", "region", "location"),
    ("flag", "Flags", "flag", "other"),
    ("has", "Has", "has", "other"),
    ("standing", "How sure", "standing", "other"),
)
#: These say once more what the facet before them says, so they stay closed until they are asked for.
_FOLDED = frozenset({"origin", "via", "provider"})
#: Characters of a label that have room; longer ones are shown whole when pointed at.
_FITS = 26
_WORDS = {"conflict": "sources that disagree", "picture": "a picture", "partial-date": "a date known in part"}


def facet_lists(found: Mapping[str, Sequence[FacetValue]], query: Query, total: int, at: Addresses) -> Markup:
    """All facets of a result but its dates, which are bars. `total` is the result's number of pictures."""
    out = []
    asked = {term.field for term in query.terms if not term.negated}
    for name, heading, field, accent in _FACETS:
        values = found.get(name, ())
        # A facet with one value that every picture has tells nothing, unless it is what was asked for.
        if not values or (len(values) == 1 and values[0].photos >= total and field not in asked):
            continue
        values = values[:MORE]
        lines = [_line(v, depth, at) for v, depth in (_as_tree(values) if name == "unit" else [(v, 0) for v in values])]
        title = f'<h2 id="f-{name}"><span class="a">{heading}</span></h2>'
        body = f"<ul>{''.join(lines[:SEEN])}</ul>"
        if lines[SEEN:]:
            body += (f'<details><summary class="small soft">{len(lines) - SEEN} more</summary>'
                     f"<ul>{''.join(lines[SEEN:])}</ul></details>")  # fmt: skip
        if name in _FOLDED and field not in asked:
            body = f"<details><summary>{title}</summary>{body}</details>"
        else:
            body = title + body
        out.append(f'<section class="facet c-{accent}" aria-labelledby="f-{name}">{body}</section>\n')
    return Markup("".join(out))


def _line(v: FacetValue, depth: int, at: Addresses) -> str:
    typed = v.typed
    inside = f' class="in{"2" if depth > 1 else ""}"' if depth else ""
    on = ' class="on" aria-current="true"' if at.asks(typed) else ""
    label = _WORDS.get(v.label, v.label) if v.field == "has" else v.label
    about = STANDINGS.get(v.value, "") if v.field == "standing" else label if len(label) > _FITS else ""
    title = f" title={attribute(about)}" if about else ""
    link = f"<a href={at.toggled(typed)}{on}{title}><bdi>{text(label)}</bdi></a>"
    return f"<li{inside}>{link}<i>{number(v.photos)}</i></li>"


def _as_tree(values: Sequence[FacetValue]) -> list[tuple[FacetValue, int]]:
    """Each unit after the one it is part of, with its depth; where nothing is known above it, on its own."""
    here = {v.value for v in values}
    below: dict[str | None, list[FacetValue]] = {}
    for v in values:
        below.setdefault(v.parent if v.parent in here and v.parent != v.value else None, []).append(v)
    out: list[tuple[FacetValue, int]] = []
    placed: set[str] = set()

    def place(parent: str | None, depth: int) -> None:
        for v in below.get(parent, ()):
            if v.value not in placed:
                placed.add(v.value)
                out.append((v, min(depth, 2)))
                place(v.value, depth + 1)

    place(None, 0)
    return out + [(v, 0) for v in values if v.value not in placed]
