"""Authority files: who and what is known by name, each entry with its other names, its years and its source.

One YAML file a kind under `archive/authorities/` (or several, `units-us.yml`, `units-ukraine.yml`), and the
same in every folder that a newsroom adds. They are read once, checked, and compiled into one small cache file;
this module only opens that, so looking a name up costs no YAML. `archive.authority_files` reads and checks.
"""

from __future__ import annotations

import marshal
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from archive.compiled import compiled
from archive.edtf import interval
from archive.folding import fold

#: The files that come with cutline.
SHIPPED = Path(__file__).resolve().parent / "authorities"
#: Of the compiled form; another number makes every cache anew.
FORMAT = "2"


class Membership(NamedTuple):
    """A parent or a successor of an entry, and since and until when. `since` and `until` are EDTF, or empty."""

    id: str
    since: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One name under authority control."""

    #: Which file it stands in: `agencies`, `units`, `ranks` ...
    kind: str
    #: Unique within its kind; stable, public, in addresses.
    id: str
    name: str
    variants: tuple[str, ...] = ()
    #: What sort of thing it is, within its kind: `wire`, `brigade`, `label` ...
    entry_kind: str = ""
    #: ISO 3166-1 alpha-2, or empty.
    country: str = ""
    #: First and last date, EDTF; empty where open or not known.
    exists: tuple[str, str] = ("", "")
    part_of: tuple[Membership, ...] = ()
    succeeded_by: tuple[Membership, ...] = ()
    #: `yes` where a state owns, funds and directs it, supported by `source`; else empty.
    state_controlled: str = ""
    examples: tuple[str, ...] = ()
    source: str = ""
    #: What entries of this kind say besides: see `archive.authority_files.KINDS`.
    extra: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict, hash=False)
    file: str = ""
    line: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        """The name, then the variants."""
        return (self.name, *self.variants)


class Problem(NamedTuple):
    """What is wrong in an authority file, and where. `line` counts from 1; 0 is the file as a whole."""

    file: str
    line: int
    message: str
    #: False for what is allowed and only worth knowing (a name that fits two entries).
    fatal: bool = True

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}" if self.line else f"{self.file}: {self.message}"


class Authorities:
    """Every entry of every kind, ready to be looked up. Made by `load`."""

    def __init__(self, packed: Mapping[str, tuple[bytes, bytes]]) -> None:
        """`packed`: kind → its entries (plain tuples in the order of Entry's fields) and its names (folded
        name → ids), each marshalled by itself, so that a kind that nobody asks for costs nothing."""
        self._packed = packed
        self._rows: dict[str, dict[str, tuple[Any, ...]]] = {}
        self._entries: dict[tuple[str, str], Entry] = {}
        self._names: dict[str, dict[str, tuple[str, ...]]] = {}

    def _of(self, kind: str) -> dict[str, tuple[Any, ...]]:
        """A kind's entries by id, as plain tuples."""
        known = self._rows.get(kind)
        if known is None:
            rows = marshal.loads(self._packed[kind][0]) if kind in self._packed else ()
            known = self._rows[kind] = {row[1]: row for row in rows}
        return known

    def kinds(self) -> tuple[str, ...]:
        """The kinds that have entries."""
        return tuple(self._packed)

    def entries(self, kind: str) -> tuple[Entry, ...]:
        """All entries of a kind, in the order of the files; none for a kind that has no file."""
        return tuple(self.get(kind, id) for id in self._of(kind))

    def get(self, kind: str, id: str) -> Entry:
        """The entry with this id, made into an object when it is first asked for. Raises KeyError."""
        entry = self._entries.get((kind, id))
        if entry is None:
            entry = self._entries[kind, id] = _entry(self._of(kind)[id])
        return entry

    def names(self, kind: str) -> Mapping[str, tuple[str, ...]]:
        """Every name and variant of a kind, folded (`archive.folding.fold`), with the ids it fits."""
        known = self._names.get(kind)
        if known is None:
            known = self._names[kind] = marshal.loads(self._packed[kind][1]) if kind in self._packed else {}
        return known

    def find(self, kind: str, text: str, when: str | None = None) -> tuple[Entry, ...]:
        """The entries that `text` names: none, one, or all that it fits.

        Case, accents and kinds of quotes do not count. Where a name fits several, `when` (EDTF) leaves those
        that existed then, if any did; the first never wins.
        """
        ids = self.names(kind).get(fold(text), ())
        found = tuple(self.get(kind, id) for id in ids)
        if len(found) > 1 and when:
            found = tuple(entry for entry in found if existed(entry, when)) or found
        return found


def _entry(row: tuple[Any, ...]) -> Entry:
    part_of, succeeded_by = (tuple(Membership(*m) for m in row[at]) for at in (7, 8))
    return Entry(*(*row[:7], part_of, succeeded_by, *row[9:]))


def existed(entry: Entry, when: str) -> bool:
    """Whether the entry may have existed at some time in `when` (EDTF): an open or unknown end excludes nothing."""
    asked = interval(when)
    if asked is None:
        return True
    since, until = interval(entry.exists[0]), interval(entry.exists[1])
    return (since is None or asked.last >= since.first) and (until is None or asked.first <= until.last)


@lru_cache(maxsize=8)
def _opened(path: Path) -> Authorities:
    return Authorities(marshal.loads(path.read_bytes()))


def load(*overlays: Path) -> Authorities:
    """The entries that come with cutline, and over them those of each folder, the later the stronger.

    Raises AuthorityError for the first thing that is wrong in a file (`check` lists all), ArchiveError for a
    folder that is not there.
    """
    from archive.errors import AuthorityError

    def build(target: Path) -> None:
        from archive.authority_files import read

        raw, names, problems = read(folders)
        for problem in problems:
            if problem.fatal:
                raise AuthorityError(problem.file, problem.line, problem.message)
        packed = {kind: (marshal.dumps(rows), marshal.dumps(names[kind])) for kind, rows in raw.items()}
        target.write_bytes(marshal.dumps(packed))

    folders = (SHIPPED, *(folder.resolve() for folder in overlays))
    inputs = [file for folder in folders for file in files(folder)]
    version = f"{FORMAT} {[str(folder) for folder in folders]}"
    path = compiled("authorities", inputs, build, version)
    try:
        return _opened(path)
    except (ValueError, EOFError, TypeError):  # a cache that a full disk or a crash cut short
        path.unlink(missing_ok=True)
        return _opened(compiled("authorities", inputs, build, version))


def files(folder: Path) -> list[Path]:
    """The authority files of a folder, by name. Raises ArchiveError where it is no folder."""
    from archive.errors import ArchiveError

    if not folder.is_dir():
        raise ArchiveError(f"{folder}: no such folder; name the one that holds agencies.yml, units.yml or others")
    return sorted(path for path in folder.iterdir() if path.suffix == ".yml")


def check(folder: Path) -> list[Problem]:
    """All that is wrong or worth knowing in a folder of authority files, held against those that come with cutline.

    An empty list is a clean bill. Problems with `fatal` False do not keep the folder from being used.
    """
    from archive.authority_files import inspect

    folder = folder.resolve()
    return inspect((folder,) if folder == SHIPPED else (SHIPPED, folder), files(folder))
