"""Every regular expression of ours, how it is used, and the text that would hurt it most."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from types import ModuleType
from typing import Any, NamedTuple

#: Methods that try one place only; all others try every place of a text.
ANCHORED = frozenset({"match", "fullmatch"})
_TRIES = ANCHORED | {"search", "findall", "finditer", "sub", "subn", "split"}


class Pattern(NamedTuple):
    """A regular expression and where it is written."""

    where: str
    compiled: re.Pattern[str]
    #: Whether it is only ever tried at one place of a text.
    anchored: bool


def modules() -> Iterator[ModuleType]:
    """Every module of ours, imported."""
    import archive
    import ingest

    for package in (archive, ingest):
        for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            yield importlib.import_module(found.name)


@lru_cache(maxsize=1)
def patterns() -> tuple[Pattern, ...]:
    """Every pattern: kept in a module, written in a call, or built by a function without arguments."""
    kept: dict[tuple[str, int], list[tuple[str, re.Pattern[str]]]] = {}
    anchored: dict[str, bool] = {}
    for module in modules():
        tree = ast.parse(Path(str(module.__file__)).read_text("utf-8"))
        for name, value in list(vars(module).items()):
            if not name.startswith("__"):
                for found in _within(value, module):
                    kept.setdefault((found.pattern, found.flags), []).append((f"{module.__name__}.{name}", found))
        for where, compiled, alone in _in_calls(tree, module.__name__):
            kept.setdefault((compiled.pattern, compiled.flags), []).append((where, compiled))
            anchored[where] = alone
        for name, alone in _uses(tree):
            key = f"{module.__name__}.{name}"
            anchored[key] = anchored.get(key, True) and alone
    out = []
    for places in kept.values():
        known = [anchored[where] for where, _ in places if where in anchored]
        out.append(Pattern(places[0][0], places[0][1], bool(known) and all(known)))
    return tuple(out)


def _within(value: object, module: ModuleType, depth: int = 0) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield value
    elif depth < 3 and isinstance(value, tuple | list | frozenset | set):
        for each in value:
            yield from _within(each, module, depth + 1)
    elif depth < 3 and isinstance(value, dict):
        for each in value.values():
            yield from _within(each, module, depth + 1)
    elif depth == 0 and callable(value) and getattr(value, "__module__", "") == module.__name__:
        plain = inspect.unwrap(value)
        if inspect.isfunction(plain) and not inspect.signature(plain).parameters and (
            "Pattern" in str(plain.__annotations__.get("return", ""))
        ):
            yield from _within(value(), module, 1)


def _in_calls(tree: ast.AST, module: str) -> Iterator[tuple[str, re.Pattern[str], bool]]:
    """Patterns that are written where they are used: `re.sub(r"...", ...)`, `re.compile(r"...").finditer(...)`."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        about = node.func
        made = about.value
        if isinstance(made, ast.Call) and _is_re(made, {"compile"}) and about.attr in _TRIES:
            given, method = made.args, about.attr
        elif _is_re(node, _TRIES):
            given, method = node.args, about.attr
        else:
            continue
        if given and isinstance(given[0], ast.Constant) and isinstance(given[0].value, str):
            yield f"{module}:{node.lineno}", re.compile(given[0].value), method in ANCHORED


def _is_re(node: ast.Call, names: set[str] | frozenset[str]) -> bool:
    about = node.func
    return isinstance(about, ast.Attribute) and isinstance(about.value, ast.Name) and (
        about.value.id == "re" and about.attr in names)  # fmt: skip


def _uses(tree: ast.AST) -> Iterator[tuple[str, bool]]:
    """(name of a pattern, whether it is tried at one place), for each use of a name's method or of the bare method."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in _TRIES:
            for base in ast.walk(node.value):
                if isinstance(base, ast.Name) and base.id != "re":
                    yield base.id, node.attr in ANCHORED


def attacks(compiled: re.Pattern[str]) -> Iterator[tuple[str, str, str]]:
    """(before, what is repeated, behind): for each repetition the texts that make it go on and then fail."""
    tree = parser.parse(compiled.pattern, compiled.flags & ~re.DEBUG)
    found: dict[tuple[str, str, str], None] = {}
    for before, pump in _pumps(tree, ""):
        for end in ("", "\0", "\n!"):
            found[before, pump, end] = None
            found["", before + pump, end] = None
    whole = _example(tree)
    for cut in {whole, whole[: len(whole) // 2], whole[:-1], whole[:1]}:
        if cut:
            found["", cut, "\0"] = None
    yield from (attack for attack in found if attack[1])


def _pumps(tree: Any, before: str) -> Iterator[tuple[str, str]]:
    for op, given in tree:
        if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            _, high, inner = given
            example = _example(inner)
            if high == sre.MAXREPEAT or high > 20:
                yield before, example
                for other in _others(inner):
                    yield before, other
                    yield before, example + other
            yield from _pumps(inner, before)
        elif op is sre.SUBPATTERN:
            yield from _pumps(given[3], before)
        elif op is sre.BRANCH:
            for branch in given[1]:
                yield from _pumps(branch, before)
        elif op in (sre.ASSERT, sre.ASSERT_NOT):
            yield from _pumps(given[1], before)
        elif op is sre.ATOMIC_GROUP:
            yield from _pumps(given, before)
        before += _example([(op, given)])


def _others(tree: Any) -> list[str]:
    """Other short texts that the inside of a repetition takes, one for each class or branch in it."""
    found: list[str] = []
    for op, given in tree:
        if op is sre.IN:
            found += [_member([item]) for item in given if item[0] is not sre.NEGATE][:4]
            found += [c for c in (" ", "a", "A", "1", ",", "(") if re.match(_class(given), c)][:4]
        elif op is sre.BRANCH:
            found += [_example(branch) for branch in given[1][:6]]
        elif op is sre.SUBPATTERN:
            found += _others(given[3])
    return [f for f in dict.fromkeys(found) if f][:6]


def _class(items: Any) -> str:
    taken = [c for c in map(chr, range(32, 127)) if _takes(items, c)]
    return "[" + "".join(map(re.escape, taken)) + "]" if taken else r"(?!)"


def _takes(items: Any, character: str) -> bool:
    negated = any(op is sre.NEGATE for op, _ in items)
    hit = False
    for op, given in items:
        if op is sre.LITERAL:
            hit |= ord(character) == given
        elif op is sre.RANGE:
            hit |= given[0] <= ord(character) <= given[1]
        elif op is sre.CATEGORY:
            hit |= re.match(_CATEGORIES[given], character) is not None
    return hit != negated


_CATEGORIES = {
    sre.CATEGORY_DIGIT: r"\d", sre.CATEGORY_NOT_DIGIT: r"\D", sre.CATEGORY_SPACE: r"\s", sre.CATEGORY_NOT_SPACE: r"\S",
    sre.CATEGORY_WORD: r"\w", sre.CATEGORY_NOT_WORD: r"\W",
}  # fmt: skip


def _member(items: Any) -> str:
    for character in "aA1 .,-()é\u0416/'\"\n":
        if _takes(items, character):
            return character
    for op, given in items:
        if op in (sre.LITERAL, sre.RANGE):
            return chr(given if op is sre.LITERAL else given[0])
    return next((chr(n) for n in range(1, 0x3000) if _takes(items, chr(n))), "a")


def _example(tree: Any) -> str:
    """A short text that a pattern takes, or nearly: what it looks around for is left out."""
    out = ""
    for op, given in tree:
        if op is sre.LITERAL:
            out += chr(given)
        elif op is sre.NOT_LITERAL:
            out += "a" if given != ord("a") else "b"
        elif op is sre.ANY:
            out += "a"
        elif op is sre.IN:
            out += _member(given)
        elif op is sre.SUBPATTERN:
            out += _example(given[3])
        elif op is sre.BRANCH:
            out += _example(given[1][0])
        elif op is sre.ATOMIC_GROUP:
            out += _example(given)
        elif op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            out += _example(given[2]) * max(given[0], 1)
    return out
