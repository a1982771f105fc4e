"""Files and folders to the files to be read, in a fixed order, each once.

Folders are walked in the byte order of whole paths, so that a run can be held against the archive's own list
with neither of them in memory. What a name points to elsewhere is not followed: links out of the folder, links
to folders, FIFOs, sockets and devices are told as refused, never opened.
"""

# os.scandir and plain strings: a million paths at 50,000 a second, and names that are no UTF-8.
# ruff: noqa: PTH100, PTH112, PTH116, PTH122
from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import BinaryIO, NamedTuple

from archive.errors import ArchiveError
from archive.records import Refusal, Sighting

#: What the end of a name says of a file. Everything else is taken for a picture, whose own bytes decide.
MANIFESTS = {".csv": "csv", ".tsv": "csv", ".jsonl": "json", ".ndjson": "json", ".json": "json", ".xml": "newsml",
             ".newsml": "newsml"}  # fmt: skip
ARTICLES = frozenset({".txt", ".md", ".text"})
_SIDECAR = ".xmp"


def is_sidecar(name: str) -> bool:
    """Whether a name is that of a file of XMP beside a picture."""
    return name[-4:].lower() == _SIDECAR


class File(NamedTuple):
    """A regular file to read, as it was when the folder was listed."""

    path: str
    size: int
    #: Of the file, or of its sidecar where that was written later: either makes it worth reading again.
    mtime_ns: int
    #: Names of the sidecars beside it, of a file in an object store; None where they are to be looked for on the disk.
    sidecars: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Root:
    """One thing the user named: a file, or a folder and all that lies in it."""

    path: str
    folder: bool

    @property
    def remote(self) -> bool:
        """Whether it is an address in an object store."""
        return is_address(self.path)


def is_address(path: str) -> bool:
    """Whether a path is an address, such as `s3://bucket/prefix`."""
    return "://" in path


def shown(path: str) -> str:
    """A path as text that any database and page can hold: bytes that are no UTF-8 as `\\xff`."""
    return path if path.isascii() else os.fsencode(path).decode("utf-8", "backslashreplace")


def sighting(path: str, item: int = 0, sha256: str | None = None, size: int | None = None,
             mtime_ns: int | None = None) -> Sighting:  # fmt: skip
    """Where something was seen, with the path's own bytes where they are no UTF-8."""
    text = shown(path)
    return Sighting(text, item, sha256, size, mtime_ns, None if text == path else os.fsencode(path))


def roots(paths: tuple[str, ...]) -> list[Root]:
    """What the user named, absolute, in the order of their names, none inside another.

    Raises ArchiveError for one that is not there, and for a folder without a single file: an empty disk is not an
    empty archive.
    """
    found: dict[str, Root] = {}
    for path in paths:
        if is_address(path):
            address = path.rstrip("/")
            found[address] = Root(address, object_store().is_folder(address))
            continue
        absolute = os.path.abspath(path)
        try:
            kind = os.stat(absolute).st_mode
        except OSError as error:
            raise ArchiveError(f"{shown(path)}: {_why(error)}. Nothing was read.") from error
        folder = stat.S_ISDIR(kind)
        if not folder and not stat.S_ISREG(kind):
            raise ArchiveError(f"{shown(path)} is neither a file nor a folder. Nothing was read.")
        found[absolute] = Root(absolute, folder)
    kept: list[Root] = []
    for path, root in sorted(found.items(), key=lambda pair: os.fsencode(pair[0])):
        if any(other.folder and path.startswith(other.path.rstrip("/") + "/") for other in kept):
            continue
        if root.folder and next(files(root), None) is None:
            raise ArchiveError(f"There are no files in the folder {shown(path)}. Nothing was read.")
        kept.append(root)
    return kept


def _why(error: OSError) -> str:
    return "no such file or folder" if isinstance(error, FileNotFoundError) else (error.strerror or str(error))


def files(root: Root) -> Iterator[File | Refusal]:
    """Every file of a root, in byte order of the paths; what cannot be read as a refusal. Sidecars (`photo.xmp`,
    `photo.jpg.xmp`) come with their picture, not by themselves. Names that begin with a dot are left out."""
    if root.remote:
        yield from object_store().files(root.path, root.folder)
        return
    if not root.folder:
        about = os.stat(root.path)
        yield File(root.path, about.st_size, max([about.st_mtime_ns, *_sidecar_times(root.path)]))
        return
    yield from _walk(root.path, os.path.realpath(root.path))


def object_store() -> ModuleType:
    """The reader of object stores, loaded where one is named. Raises ArchiveError where fsspec is not installed."""
    from ingest import object_store as module

    return module


def _walk(folder: str, top: str) -> Iterator[File | Refusal]:
    try:
        with os.scandir(folder) as listing:
            entries = {}
            for entry in listing:
                name = entry.name
                if name[0] != ".":
                    entries[name + "/" if _is_folder(entry) else name] = entry
    except OSError as error:
        yield _refusal(folder, "unreadable", f"The folder cannot be listed: {error.strerror}.")
        return
    names = list(entries)
    # Plain text sorts as its bytes do, names that are no UTF-8 do not.
    names.sort(key=None if all(map(str.isascii, names)) else os.fsencode)
    sidecars_here = paired(names)
    for name in names:
        entry = entries[name]
        if name[-1] == "/":
            yield from _walk(entry.path, top)
        elif is_sidecar(name):
            if entry.is_symlink():
                yield _refusal(entry.path, "link", "A sidecar that is a link; it is not followed.")
            elif name not in sidecars_here:
                yield alone(entry.path)
        elif entry.is_symlink():
            found = _linked(entry, top)
            if found is not None:
                yield found
        else:
            found = _file(entry)
            if sidecars_here and isinstance(found, File):
                found = found._replace(mtime_ns=max(found.mtime_ns, *_sidecar_times(found.path), 0))
            yield found


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def paired(names: Sequence[str]) -> frozenset[str]:
    """The sidecars among the names of one folder (folders' names end with a slash) that lie beside their picture."""
    ends = [name for name in names if is_sidecar(name)]
    if not ends:
        return frozenset()
    files = [name for name in names if name[-1] != "/"]
    pictures = {*files, *(os.path.splitext(name)[0] for name in files if not is_sidecar(name))}
    return frozenset(name for name in ends if name[:-4] in pictures)


def alone(path: str) -> Refusal:
    """What is said of a sidecar without a picture."""
    stem = path.rpartition("/")[2][: -len(_SIDECAR)]
    return _refusal(path, "sidecar-alone", f"A sidecar, but no picture named {stem} lies beside it.")


def _linked(entry: os.DirEntry[str], top: str) -> File | Refusal | None:
    try:
        target = os.path.realpath(entry.path)
    except OSError as error:
        return _refusal(entry.path, "unreadable", f"It cannot be read: {error.strerror}.")
    if not (target + "/").startswith(top + "/"):
        return _refusal(entry.path, "link", "A link out of the folder; it is not followed.")
    if os.path.isdir(target):
        return None  # its files are met at their own place
    return _file(entry)


def _file(entry: os.DirEntry[str]) -> File | Refusal:
    try:
        about = entry.stat()
    except OSError as error:
        return _refusal(entry.path, "unreadable", f"It cannot be read: {error.strerror}.")
    if not stat.S_ISREG(about.st_mode):
        return _refusal(entry.path, "not-a-file", "No regular file (a FIFO, socket or device); it was not opened.")
    return File(entry.path, about.st_size, about.st_mtime_ns)


def read_bytes(path: str) -> bytes:
    """A whole file, on the disk or in an object store. Raises OSError."""
    return object_store().read(path) if is_address(path) else Path(path).read_bytes()


def opened(path: str) -> BinaryIO:
    """A file to be read piece by piece. Raises OSError."""
    if is_address(path):
        found: BinaryIO = object_store().opened(path)
        return found
    return Path(path).open("rb")


def _sidecar_times(path: str) -> list[int]:
    return [os.stat(beside).st_mtime_ns for beside in sidecars(path)]


def _refusal(path: str, reason: str, message: str) -> Refusal:
    return Refusal(sighting(path), reason, message)


def sidecars(path: str) -> tuple[str, ...]:
    """The sidecars beside a picture, in the order in which they are believed: `photo.jpg.xmp`, then `photo.xmp`.

    The second may speak of a raw file of the same name. A link is none: nobody knows where it leads.
    """
    found: dict[tuple[int, int], str] = {}
    for name in sidecar_names(path):
        try:
            about = os.lstat(name)
        except OSError:
            continue
        if stat.S_ISREG(about.st_mode):
            found.setdefault((about.st_dev, about.st_ino), name)
    return tuple(found.values())


def sidecar_names(path: str) -> list[str]:
    """What the sidecars of a picture may be called, the one that counts first."""
    stems = dict.fromkeys((path, os.path.splitext(path)[0]))
    return [name for stem in stems for end in (_SIDECAR, _SIDECAR.upper()) if (name := stem + end) != path]


def count(of: list[Root]) -> int:
    """How many files there are to look at: what a progress bar needs to know."""
    return sum(1 for root in of for _ in files(root))


def tracked(paths: Iterable[str]) -> Iterator[str]:
    """Every file that a run over these folders would read, as it is shown; folders that are not there have none."""
    kept: list[str] = []
    for path in sorted({path for path in paths if os.path.isdir(path)}):
        if not any(path.startswith(other.rstrip("/") + "/") for other in kept):
            kept.append(path)
    for path in kept:
        yield from (shown(file.path) for file in files(Root(path, True)) if isinstance(file, File))


def kind(path: str) -> str:
    """`article`, `csv`, `json`, `newsml`, or `picture`, by the name's end."""
    end = os.path.splitext(path)[1].lower()
    return "article" if end in ARTICLES else MANIFESTS.get(end, "picture")
