"""The exact tokens of the full-text index's `terms` column: what storing writes and searching asks for.

A token is one letter for the kind and an id or a word; the tokenizer keeps letters and digits together, so each
is one term. Units, agencies and countries as terms make "word and unit and two years" a merge of sorted lists.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

#: Letter of an agency's role, beside the `a` of any role. A pool is no agency; its name is searched in words.
_ROLES = {"origin": "ao", "distributor": "ad", "handout": "ah"}


def unit(number: int) -> str:
    """`u12`: the unit itself or any unit inside it."""
    return f"u{number}"


def agency(number: int, role: str | None = None) -> str:
    """`a7` in any role; `ao7` as origin, `ad7` as distributor, `ah7` as the one who handed it out."""
    return f"{_ROLES[role] if role else 'a'}{number}"


def photographer(number: int) -> str:
    """`p5`."""
    return f"p{number}"


def country(code: str) -> str:
    """`cru` for RU."""
    return f"c{code.lower()}"


def region(number: int) -> str:
    """`r3`: the row of `places` that is the region."""
    return f"r{number}"


def place(number: int) -> str:
    """`l9`: the row of `places` that is the settlement or site."""
    return f"l{number}"


def flag(name: str) -> str:
    """`fhandout`."""
    return f"f{name}"


def standing(name: str) -> str:
    """`sambiguous`: the least sure of the values that count."""
    return f"s{name}"


#: Marks that need no number.
CONFLICT, PARTIAL, POOL, RESTRICTED = "xconflict", "xpartial", "xpool", "xrestricted"
#: No date at all, or one without a year.
UNDATED = "xundated"


def kind(name: str) -> str:
    """`xpicture`, `xcaption`."""
    return f"x{name}"


def date_role(name: str) -> str:
    """`xfile`, `xreleased`, `xissued`, `xfiled`; a date taken has none."""
    return f"x{name}"


def terms(
    *,
    kind_of: str,
    units: Iterable[int] = (),
    agencies: Iterable[tuple[int, str]] = (),
    photographers: Iterable[int] = (),
    country_code: str | None = None,
    region_id: int | None = None,
    place_id: int | None = None,
    flags: Sequence[str] = (),
    standing_of: str | None = None,
    conflict: bool = False,
    dated: bool = True,
    partial: bool = False,
    role: str | None = None,
    pool: bool = False,
    restricted: bool = False,
) -> str:
    """All tokens of one photo. `units` holds the ancestors too; `agencies` are (id, role)."""
    out = [f"x{kind_of}"]
    out += [f"u{u}" for u in units]
    for number, role_of in agencies:
        out.append(f"a{number}")
        if role_of in _ROLES:
            out.append(f"{_ROLES[role_of]}{number}")
    out += [f"p{p}" for p in photographers]
    if country_code:
        out.append("c" + country_code.lower())
    if region_id is not None:
        out.append(f"r{region_id}")
    if place_id is not None:
        out.append(f"l{place_id}")
    out += [f"f{f}" for f in flags]
    if standing_of:
        out.append("s" + standing_of)
    if conflict:
        out.append(CONFLICT)
    if not dated:
        out.append(UNDATED)
    elif partial:
        out.append(PARTIAL)
    if role and role != "taken":
        out.append("x" + role)
    if pool:
        out.append(POOL)
    if restricted:
        out.append(RESTRICTED)
    return " ".join(out)
