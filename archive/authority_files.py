"""From YAML to entries: what an authority file may say, and what is wrong with one, by file and line.

YAML is composed, not resolved: a bare NO is false and 010 is 8 to every YAML reader, so whatever is not plainly
text is refused instead of guessed. The entries come out as plain tuples, which `archive.authority` compiles.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from archive.authority import SHIPPED, Entry, Problem, files
from archive.edtf import interval
from archive.folding import fold

Names = dict[str, dict[str, tuple[str, ...]]]
Raw = dict[str, tuple[tuple[Any, ...], ...]]


class Form(NamedTuple):
    """What the entries of one kind may say beyond the common keys."""

    #: Keys of text or of a list of texts.
    extra: frozenset[str] = frozenset()
    #: The values that `kind` may have; any where there is none.
    kinds: frozenset[str] = frozenset()
    #: Whether ids are codes of a standard (ISO 3166: `UA`, `UA-05`) rather than words of our own.
    codes: bool = False


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Every kind of authority file, and what is particular to it.
KINDS: dict[str, Form] = {
    "agencies": Form(
        extra=_words("website"),
        kinds=_words("wire national-agency photo-agency military government satellite newspaper broadcaster"
                     " publisher archive social organisation"),
    ),
    "arms": Form(extra=_words("abbreviations nation")),
    "caption_words": Form(),
    "countries": Form(extra=_words("demonyms divisions"), codes=True),
    "credit_terms": Form(
        # flag: what the wording says (FIELDS: pool, handout, file, courtesy, undated); restriction: what is forbidden.
        extra=_words("flag restriction language"),
        kinds=_words("nobody handout file courtesy pool undated label restriction note post-nominal separator"),
    ),
    "dates": Form(extra=_words("value language")),
    "echelons": Form(extra=_words("abbreviations nation")),
    "months": Form(extra=_words("language number")),
    "places": Form(extra=_words("region city latitude longitude population geonames")),
    "ranks": Form(extra=_words("service language"), kinds=_words("rank rating post title")),
    "regions": Form(extra=_words("latitude longitude population divisions"), codes=True),
    "services": Form(extra=_words("demonym"), kinds=_words("armed-forces service branch police ministry guard rescue"
                                                           " intelligence alliance general-staff border")),
    # The grammar of formations: what a word does in a unit's name (ingest/captions/units.py).
    "unit_words": Form(extra=_words("value needs")),
    "place_words": Form(),
    "units": Form(extra=_words("number echelon arm nation honorifics hull service")),
}
_LISTS = ("variants", "examples", "without")
_RELATIONS = ("part_of", "succeeded_by")
_TEXTS = ("id", "name", "kind", "country", "state_controlled", "source")
_COMMON = frozenset((*_LISTS, *_TEXTS, *_RELATIONS, "exists"))
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
_CODE = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*\Z")
_TAG = "tag:yaml.org,2002:"
_MISTAKEN = {"bool": "yes or no", "int": "a number", "float": "a number", "null": "nothing", "timestamp": "a date"}


class _File:
    """One file being read: its problems carry its name."""

    def __init__(self, path: Path, problems: list[Problem]) -> None:
        self.path, self.problems = path, problems
        self.name = f"archive/authorities/{path.name}" if path.parent == SHIPPED else str(path)
        self.kind = path.stem.partition("-")[0]

    def wrong(self, at: yaml.Node | int, message: str) -> None:
        line = at if isinstance(at, int) else at.start_mark.line + 1
        self.problems.append(Problem(self.name, line, message))

    def root(self) -> yaml.Node | None:
        """The file's one YAML document, or None with the reason told."""
        loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            node: yaml.Node | None = yaml.compose(self.path.read_text("utf-8"), Loader=loader)
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            self.wrong(line, "these bytes are not UTF-8: save the file as UTF-8")
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self.wrong(mark.line + 1 if mark else 0, f"not YAML: {error.problem or error.context}")
        except yaml.YAMLError as error:
            self.wrong(0, f"not YAML: {error}")
        else:
            return node
        return None

    def text(self, node: yaml.Node, key: str) -> str | None:
        """A node that must be text, trimmed."""
        if not isinstance(node, yaml.ScalarNode):
            self.wrong(node, f"{key}: expected text, found a list or a mapping")
            return None
        if node.tag != f"{_TAG}str":
            meaning = _MISTAKEN.get(node.tag.removeprefix(_TAG), node.tag)
            self.wrong(node, f"{key}: {node.value or 'an empty value'} is read as {meaning}: put it in quotes")
            return None
        text: str = node.value
        if not text or text != text.strip():
            self.wrong(node, f"{key}: {text!r} has space at its ends" if text else f"{key}: is empty; leave it out")
            return None
        if unicodedata.normalize("NFC", text) != text:
            self.wrong(node, f"{key}: {text!r} is in decomposed letters; save it in Unicode's composed form (NFC)")
            return None
        if key != "examples" and " ".join(text.split()) != text:
            self.wrong(node, f"{key}: {text!r} has a line break, a tab, or two spaces together")
            return None
        return text

    def texts(self, node: yaml.Node, key: str) -> tuple[str, ...]:
        """A node that must be a list of texts."""
        if not isinstance(node, yaml.SequenceNode):
            self.wrong(node, f"{key}: expected a list, as in [{getattr(node, 'value', '') or '...'}]")
            return ()
        return tuple(t for child in node.value if (t := self.text(child, key)) is not None)

    def pairs(self, node: yaml.Node, what: str, allowed: Iterable[str]) -> dict[str, yaml.Node]:
        """A mapping's nodes by key: known keys, each once."""
        if not isinstance(node, yaml.MappingNode):
            self.wrong(node, f"{what}: expected keys and values, as in {{{', '.join(sorted(allowed))}}}")
            return {}
        found: dict[str, yaml.Node] = {}
        for key_node, value in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else "?"
            if key not in allowed:
                self.wrong(key_node, f"{what}: no such key as {key!r}; it may have {', '.join(sorted(allowed))}")
            elif key in found:
                self.wrong(key_node, f"{what}: {key} is given twice")
            else:
                found[key] = value
        return found

    def span(self, pairs: dict[str, yaml.Node], what: str) -> tuple[str, str]:
        """The `from` and `to` of a mapping, EDTF."""
        ends = {"from": "", "to": ""}
        for key in ends:
            if key in pairs and (text := self.text(pairs[key], f"{what}.{key}")) is not None:
                if interval(text) is None or "/" in text:
                    self.wrong(pairs[key], f"{what}.{key}: {text!r} is no date; write 2014, 2014-03 or 2014-03-18")
                else:
                    ends[key] = text
        low, high = interval(ends["from"]), interval(ends["to"])
        if low and high and high.last < low.first:
            self.wrong(pairs["to"], f"{what}: ends ({ends['to']}) before it begins ({ends['from']})")
        return ends["from"], ends["to"]

    def entry(self, node: yaml.Node) -> dict[str, Any] | None:
        """One entry as a dict of Entry's fields, only those that it gives."""
        form = KINDS[self.kind]
        nodes = self.pairs(node, "entry", _COMMON | form.extra)
        said: dict[str, Any] = {"kind": self.kind, "extra": {}, "file": self.name, "line": node.start_mark.line + 1}
        for key, value in nodes.items():
            if key in _LISTS:
                said[key] = self.texts(value, key)
            elif key == "exists":
                said[key] = self.span(self.pairs(value, key, ("from", "to")), key)
            elif key in _RELATIONS:
                said[key] = self.relations(value, key)
            elif key in form.extra and isinstance(value, yaml.SequenceNode):
                said["extra"][key] = self.texts(value, key)
            elif (text := self.text(value, key)) is not None:
                if key in form.extra:
                    said["extra"][key] = text
                else:
                    said["entry_kind" if key == "kind" else key] = text
        if "id" not in said or not (_CODE if form.codes else _ID).match(said["id"]):
            self.wrong(nodes.get("id", node), "entry: needs an id of small letters, digits and single hyphens")
            return None
        if "name" in nodes:
            said.setdefault("name", said["id"])  # a wrong one was told already
        self.values(said, nodes)
        return said

    def values(self, said: dict[str, Any], nodes: dict[str, yaml.Node]) -> None:
        """Rules for single values that hold whatever else is in the files."""
        allowed = KINDS[self.kind].kinds
        if allowed and "entry_kind" in said and said["entry_kind"] not in allowed:
            self.wrong(nodes["kind"], f"kind: {said['entry_kind']!r} is none of {', '.join(sorted(allowed))}")
        if "country" in said and not re.fullmatch("[A-Z]{2}", said["country"]):
            self.wrong(nodes["country"], f"country: {said['country']!r} is no ISO 3166-1 code of two capitals")
        if said.get("state_controlled", "yes") != "yes":
            self.wrong(nodes["state_controlled"], 'state_controlled: say "yes", or leave the key out')
        if "state_controlled" in said and "source" not in said:
            self.wrong(nodes["state_controlled"], "state_controlled: is a fact that needs a source")

    def relations(self, node: yaml.Node, key: str) -> tuple[tuple[str, str, str], ...]:
        """The `part_of` or `succeeded_by` of an entry, as plain tuples: an id alone, or with years."""
        if not isinstance(node, yaml.SequenceNode):
            self.wrong(node, f"{key}: expected a list, as in [an-id, {{id: another, from: '2014'}}]")
            return ()
        out = []
        for child in node.value:
            if isinstance(child, yaml.ScalarNode):
                if (other := self.text(child, key)) is not None:
                    out.append((other, "", ""))
                continue
            pairs = self.pairs(child, key, ("id", "from", "to"))
            if "id" not in pairs:
                self.wrong(child, f"{key}: needs an id")
            elif (other := self.text(pairs["id"], f"{key}.id")) is not None:
                out.append((other, *self.span(pairs, key)))
        return tuple(out)


def _file(path: Path, problems: list[Problem]) -> list[dict[str, Any]]:
    """The entries of one file; an entry with a problem of form may be missing."""
    file = _File(path, problems)
    if file.kind not in KINDS:
        file.wrong(0, f"no such kind of authority file; name it as in units-peru.yml, after {', '.join(sorted(KINDS))}")
        return []
    before, root = len(problems), file.root()
    if root is None:
        if len(problems) == before:
            file.wrong(0, "is empty")
        return []
    if not isinstance(root, yaml.SequenceNode):
        file.wrong(root, "expected a list of entries, each beginning with '- id: '")
        return []
    return [entry for node in root.value if (entry := file.entry(node)) is not None]


def _laid_over(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """An entry of an added folder over the one of the same id: names and examples are added, the rest is replaced."""
    out = old | new | {"extra": old["extra"] | new["extra"]}
    gone = {fold(name) for name in new.get("without", ())}
    name, names = out.get("name", ""), dict[str, str]()
    for variant in (old.get("name", ""), *old.get("variants", ()), *new.get("variants", ())):
        if fold(variant) not in gone and fold(variant) != fold(name):
            names.setdefault(fold(variant), variant)
    out["variants"] = tuple(names.values())
    out["examples"] = tuple(dict.fromkeys((*old.get("examples", ()), *new.get("examples", ()))))
    return out


def _together(folders: Sequence[Path], problems: list[Problem]) -> dict[tuple[str, str], dict[str, Any]]:
    """All entries by kind and id, the folders laid over each other."""
    entries: dict[tuple[str, str], dict[str, Any]] = {}
    for folder in folders:
        here: dict[tuple[str, str], dict[str, Any]] = {}
        for path in files(folder):
            for entry in _file(path, problems):
                key = (entry["kind"], entry["id"])
                if key in here:
                    first = here[key]
                    problems.append(Problem(entry["file"], entry["line"],
                                            f"{entry['id']}: this id is taken, see {first['file']}:{first['line']}"))
                    continue
                _twice(entry, problems)
                here[key] = entry
        for key, entry in here.items():
            entries[key] = _laid_over(entries[key], entry) if key in entries else entry
            if "name" not in entries[key]:
                problems.append(Problem(entry["file"], entry["line"], f"{entry['id']}: needs a name"))
                entries[key]["name"] = entry["id"]
    return entries


def _twice(entry: dict[str, Any], problems: list[Problem]) -> None:
    """A name that an entry lists twice: the second could never be the one that is found."""
    seen: dict[str, str] = {}
    for name in (entry.get("name", ""), *entry.get("variants", ())):
        if fold(name) in seen:
            message = f"{entry['id']}: {name!r} is already listed as {seen[fold(name)]!r}"
            problems.append(Problem(entry["file"], entry["line"], f"{message} (case, accents, quotes do not count)"))
        seen[fold(name)] = name


def _dangling(entries: dict[tuple[str, str], dict[str, Any]], problems: list[Problem]) -> None:
    """Parents that no entry is, of the same kind or of another, and successors that none of the same kind is."""
    ids = {id for _, id in entries}
    for (kind, id), entry in entries.items():
        wrong = [("part_of", m[0]) for m in entry.get("part_of", ()) if m[0] not in ids]
        wrong += [("succeeded_by", m[0]) for m in entry.get("succeeded_by", ())
                  if m[0] == id or (kind, m[0]) not in entries]
        for key, other in wrong:
            message = f"{id}: {key} names {other!r}, which no other entry is"
            problems.append(Problem(entry["file"], entry["line"], message))


def read(folders: Sequence[Path]) -> tuple[Raw, Names, list[Problem]]:
    """The entries of the folders, later ones laid over earlier ones: plain tuples by kind, names by kind, problems."""
    problems: list[Problem] = []
    entries = _together(folders, problems)
    _dangling(entries, problems)
    order = [field.name for field in fields(Entry)]
    raw: dict[str, list[tuple[Any, ...]]] = {}
    names: Names = {}
    for (kind, id), said in entries.items():
        entry = Entry(**{key: value for key, value in said.items() if key in order})
        raw.setdefault(kind, []).append(tuple(getattr(entry, name) for name in order))
        known = names.setdefault(kind, {})
        for folded in dict.fromkeys(map(fold, entry.names)):
            known[folded] = (*known.get(folded, ()), id)
    return {kind: tuple(rows) for kind, rows in raw.items()}, names, problems


def inspect(folders: Sequence[Path], mine: Sequence[Path]) -> list[Problem]:
    """All problems in the files `mine` of the last of `folders`: what `read` finds, and what is worth knowing."""
    raw, names, problems = read(folders)
    here = {_File(path, []).name for path in mine}
    for path in sorted(folders[-1].iterdir()):
        if path.suffix == ".yaml":
            problems.append(Problem(str(path), 0, "is not read: name it .yml"))
            here.add(str(path))
    for kind, rows in raw.items():
        for entry in (Entry(*row) for row in rows):
            if entry.file in here:
                problems += _worth_knowing(entry, names[kind])
    return sorted(problem for problem in problems if problem.file in here)


def _worth_knowing(entry: Entry, names: dict[str, tuple[str, ...]]) -> Iterable[Problem]:
    """An example that never says the entry's name; a name that fits another entry too."""
    for example in entry.examples:
        if not any(fold(name) in fold(example) for name in entry.names):
            yield Problem(entry.file, entry.line, f"{entry.id}: the example {example!r} holds none of its names")
    for name in entry.names:
        others = [id for id in names[fold(name)] if id != entry.id]
        if others:
            yield Problem(entry.file, entry.line, f"{entry.id}: {name!r} fits {', '.join(others)} too; "
                          "a caption that says no more is shown as one of them", fatal=False)
