"""Every regular expression of ours, how it is used, and the text that would hurt it most."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from types import ModuleType
from typing import Any, NamedTuple

import archive
import ingest

TOP = Path(__file__).resolve().parent.parent
#: Methods that try one place only; all others try every place of a text.
ANCHORED = frozenset({"match", "fullmatch"})
_TRIES = ANCHORED | {"search", "findall", "finditer", "sub", "subn", "split"}
#: As many ways to come to a repetition as are tried.
_WAYS = 6


class Pattern(NamedTuple):
    """A regular expression, of text or of bytes, and where it is written."""

    where: str
    compiled: re.Pattern[Any]
    #: The methods that it is used by; none where its uses are not seen (in a list of several).
    methods: frozenset[str]

    def tried(self, text: str) -> None:
        """Try it on a text by everything that it is used by. Where that is not seen it must stand a search."""
        given = text.encode("latin-1", "replace") if isinstance(self.compiled.pattern, bytes) else text
        if not self.methods or self.methods - ANCHORED:
            for _ in self.compiled.finditer(given):
                pass
        if "match" in self.methods:
            self.compiled.match(given)
        if "fullmatch" in self.methods or not self.methods:
            self.compiled.fullmatch(given)


def modules() -> Iterator[ModuleType]:
    """Every module of ours, imported."""
    for package in (archive, ingest):
        for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            yield importlib.import_module(found.name)


@lru_cache(maxsize=1)
def patterns() -> tuple[Pattern, ...]:
    """Every pattern: kept in a module, written in a call, or built by a function of nothing or of words."""
    kept: dict[tuple[str | bytes, int], list[tuple[str, re.Pattern[Any]]]] = {}
    methods: dict[str, set[str]] = {}
    for module in modules():
        tree = ast.parse(Path(str(module.__file__)).read_text("utf-8"))
        for name, value in list(vars(module).items()):
            if not name.startswith("__"):
                for found in _within(value, module):
                    kept.setdefault((found.pattern, found.flags), []).append((f"{module.__name__}.{name}", found))
        for where, compiled, method in _in_calls(tree, module.__name__):
            kept.setdefault((compiled.pattern, compiled.flags), []).append((where, compiled))
            methods.setdefault(where, set()).add(method)
        for name, method in _uses(tree):
            methods.setdefault(f"{module.__name__}.{name}", set()).add(method)
    return tuple(
        Pattern(places[0][0], places[0][1], frozenset().union(*(methods.get(where, ()) for where, _ in places)))
        for places in kept.values()
    )


def unseen() -> list[str]:
    """Where a pattern is compiled that `patterns` does not have: a test is only as good as its list."""
    known, missed = {(p.compiled.pattern, p.compiled.flags) for p in patterns()}, []
    for pattern, flags, where in _compiled_by_importing():
        if (pattern, flags) not in known:
            missed.append(f"{where}: {pattern!r}")
    for module in modules():
        tree = ast.parse(Path(str(module.__file__)).read_text("utf-8"))
        seen = {where for where, _, _ in _in_calls(tree, module.__name__)}
        for function in ast.walk(tree):
            if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) or function.name in _builders(module):
                continue
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and _is_re(node, _TRIES | {"compile"}) and not any(
                    f"{module.__name__}:{line}" in seen for line in range(node.lineno, (node.end_lineno or 0) + 1)
                ):
                    missed.append(f"{module.__name__}:{node.lineno}")
    return missed


def _compiled_by_importing() -> Iterator[tuple[str | bytes, int, str]]:
    """(pattern, flags, file) of all that a fresh process compiles in our files while it imports them."""
    told = subprocess.run([sys.executable, "-c", _LISTENER], capture_output=True, text=True, check=True, cwd=TOP).stdout
    yield from map(ast.literal_eval, told.splitlines())


#: `re.compile` that says what it compiles for us.
_LISTENER = """
import re, sys
plain = re.compile
def told(pattern, flags=0):
    made, name = plain(pattern, flags), sys._getframe(1).f_globals.get("__name__", "")
    if name.split(".")[0] in ("archive", "ingest"):
        print(ascii((made.pattern, made.flags, name)))
    return made
re.compile = told
from tests.hostile_patterns import modules
list(modules())
"""


def _builders(module: ModuleType) -> Iterator[str]:
    """The module's functions that `_within` calls for their patterns."""
    for name, value in vars(module).items():
        if _arguments(value, module) is not None:
            yield name


def _arguments(value: object, module: ModuleType) -> list[str] | None:
    """What to call a function with that builds patterns; nothing else is called."""
    if not callable(value) or getattr(value, "__module__", "") != module.__name__:
        return None
    plain = inspect.unwrap(value)
    if not inspect.isfunction(plain) or "Pattern" not in str(plain.__annotations__.get("return", "")):
        return None
    given = inspect.signature(plain).parameters.values()
    return ["aA1" for _ in given] if all(p.annotation == "str" for p in given) else None


def _within(value: Any, module: ModuleType, depth: int = 0) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth < 3 and isinstance(value, tuple | list | frozenset | set):
        for each in value:
            yield from _within(each, module, depth + 1)
    elif depth < 3 and isinstance(value, dict):
        for each in value.values():
            yield from _within(each, module, depth + 1)
    elif depth == 0 and (given := _arguments(value, module)) is not None:
        yield from _within(value(*given), module, 1)


def _in_calls(tree: ast.AST, module: str) -> Iterator[tuple[str, re.Pattern[Any], str]]:
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
        if given and isinstance(given[0], ast.Constant):
            yield f"{module}:{node.lineno}", re.compile(given[0].value), method


def _is_re(node: ast.Call, names: set[str] | frozenset[str]) -> bool:
    about = node.func
    return isinstance(about, ast.Attribute) and isinstance(about.value, ast.Name) and (
        about.value.id == "re" and about.attr in names)  # fmt: skip


def _uses(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """(name of a pattern, the method), for each use of a name's method or of the bare method."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in _TRIES:
            for base in ast.walk(node.value):
                if isinstance(base, ast.Name) and base.id != "re":
                    yield base.id, node.attr


def attacks(compiled: re.Pattern[Any]) -> Iterator[tuple[str, str, str]]:
    """(before, what is repeated, behind): for each repetition the texts that make it go on and then fail."""
    tree = parser.parse(compiled.pattern, compiled.flags & ~re.DEBUG)
    found: dict[tuple[str, str, str], None] = {}
    for before, pump in _pumps(tree, [""]):
        for end in ("", "\0", "\n!"):
            found[before, pump, end] = None
            found["", before + pump, end] = None
    whole = _example(tree)
    for cut in {whole, whole[: len(whole) // 2], whole[:-1], whole[:1]}:
        if cut:
            found["", cut, "\0"] = None
    yield from (attack for attack in found if attack[1])


def _pumps(tree: Any, ways: list[str]) -> Iterator[tuple[str, str]]:
    """(before, what is repeated) for each repetition, by each of some ways to come to it."""
    for op, given in tree:
        if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            _, high, inner = given
            example = _example(inner)
            if high == sre.MAXREPEAT or high > 20:
                for before in ways:
                    yield before, example
                    for other in _others(inner):
                        yield before, other
                        yield before, example + other
            yield from _pumps(inner, ways)
        elif op is sre.SUBPATTERN:
            yield from _pumps(given[3], ways)
        elif op is sre.BRANCH:
            for branch in given[1]:
                yield from _pumps(branch, ways)
        elif op in (sre.ASSERT, sre.ASSERT_NOT):
            yield from _pumps(given[1], ways)
        elif op is sre.ATOMIC_GROUP:
            yield from _pumps(given, ways)
        ways = list(dict.fromkeys(way + example for example in _examples(op, given) for way in ways))[:_WAYS]


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


def _examples(op: Any, given: Any) -> list[str]:
    """Short texts that one step of a pattern takes, one for each branch in it, or none where none is needed."""
    if op is sre.SUBPATTERN and len(given[3]) == 1:
        return _examples(*given[3][0])
    if op is sre.BRANCH:
        return [_example(branch) for branch in given[1]]
    first = _example([(op, given)])
    return [first, ""] if op in (sre.MAX_REPEAT, sre.MIN_REPEAT) and given[0] == 0 else [first]


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
