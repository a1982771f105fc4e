"""One credit in the styles that papers print. Nobody is named who did not deliver the picture."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_GROUP = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Credit:
    """Who took a picture and by whom it came, as printed. `chain` holds (name, role) from origin to distributor."""

    photographers: tuple[str, ...] = ()
    chain: tuple[tuple[str, str], ...] = ()
    pool: str | None = None
    handout: bool = False

    @property
    def origins(self) -> list[str]:
        """Everyone before the distributors."""
        return [name for name, role in self.chain if role != "distributor"]

    @property
    def distributors(self) -> list[str]:
        """Who delivered it."""
        return [name for name, role in self.chain if role == "distributor"]


def _and(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""


def ap_style(credit: Credit) -> str:
    """`(AP Photo/Name)` for AP's own; `(Name/Origin via AP)`, `(Name, Origin, Kremlin Pool Photo via AP)`."""
    people, origins, via = _and(credit.photographers), credit.origins, credit.distributors
    if origins == ["AP"] and not via:
        inner = f"AP Photo/{people}" if people else "AP Photo"
        return f"({inner}, {credit.pool})" if credit.pool else f"({inner})"
    parts = [p for p in (people, "/".join(origins)) if p]
    if credit.pool:
        inner = ", ".join([*parts, f"{credit.pool} Photo"])
    else:
        inner = "/".join(parts)
    tail = "".join(f" via {name}" for name in via) if inner else " via ".join(via)
    return f"({inner}{tail})" if inner or tail else ""


def reuters_style(credit: Credit) -> str:
    """`REUTERS/Name` for its own, the person after the slash; `Origin/Name/Pool via REUTERS` for what it passed on."""
    people = _and(credit.photographers)
    names = ["REUTERS" if n.casefold() == "reuters" else n for n in credit.origins]
    via = ["REUTERS" if n.casefold() == "reuters" else n for n in credit.distributors]
    pool = re.sub(r"(?i)\bpool\b", "Pool", credit.pool) if credit.pool else None
    parts = [*names, people, "Handout" if credit.handout else None, pool]
    return "/".join(p for p in parts if p) + "".join(f" via {name}" for name in via)


def guardian_style(credit: Credit) -> str:
    """`Photograph: Name/Origin/Distributor`."""
    parts = [_and(credit.photographers), credit.pool, *(name for name, _ in credit.chain)]
    line = "/".join(p for p in parts if p)
    return f"Photograph: {line}" if line else ""


def house_style(credit: Credit, form: str) -> str:
    """A form of the newsroom's own: `{photographers}[ / {agencies}]`. A [group] goes where one of its slots is empty.

    Slots: photographers (photographer), origin, agencies, distributor, pool. An unknown slot stays as it is
    written, so that a slip of the pen is seen.
    """
    slots = {
        "photographer": _and(credit.photographers),
        "photographers": _and(credit.photographers),
        "origin": "/".join(credit.origins),
        "agencies": "/".join(name for name, _ in credit.chain),
        "distributor": "/".join(credit.distributors),
        "pool": credit.pool or "",
    }

    def fill(text: str) -> str:
        return _SLOT.sub(lambda m: slots.get(m[1], m[0]), text)

    def group(matched: re.Match[str]) -> str:
        return fill(matched[1]) if all(slots.get(s, "?") for s in _SLOT.findall(matched[1])) else ""

    # Groups go first, so that a name with brackets in it is never taken for one.
    out, at = [], 0
    for matched in _GROUP.finditer(form):
        out += [fill(form[at : matched.start()]), group(matched)]
        at = matched.end()
    return "".join([*out, fill(form[at:])]).strip()


def styles(credit: Credit, house: str | None = None) -> list[tuple[str, str]]:
    """(name of the style, the credit in it), those that say nothing left out."""
    made = [
        ("House", house_style(credit, house) if house else ""),
        ("AP", ap_style(credit)),
        ("Reuters", reuters_style(credit)),
        ("Guardian", guardian_style(credit)),
    ]
    return [(name, line) for name, line in made if line]
