"""A slow reading done once: built from its inputs into one file in a cache folder, then only opened.

The file's name carries a digest of everything it was built from, so there is nothing to invalidate: other
inputs, another version or another Python are another file. Workers share the file, and may map it into memory.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

#: A file built from older inputs is swept away, after this many days, by whoever builds the next.
KEEP_DAYS = 30


def digest(inputs: Iterable[Path], *also: str) -> str:
    """32 hex digits over the paths and contents of files, and over any words besides (versions, options).

    Raises OSError where a file cannot be read.
    """
    whole = hashlib.sha256()
    for word in (sys.implementation.cache_tag or "", *also):
        whole.update(f"{len(word)}:{word}".encode("utf-8", "surrogatepass"))
    for path in inputs:
        content, name = path.read_bytes(), os.fsencode(path)
        whole.update(b"%d:%b%d:" % (len(name), name, len(content)))
        whole.update(content)
    return whole.hexdigest()[:32]


def _folders() -> Iterator[Path]:
    """Where a cache may lie, best first: $CUTLINE_CACHE, $XDG_CACHE_HOME/cutline, ~/.cache/cutline, a temporary one.

    A file in the cache is believed when it is opened, so a temporary folder that somebody else made is passed over.
    """
    if named := os.environ.get("CUTLINE_CACHE"):
        yield Path(named)
    base = Path(os.environ.get("XDG_CACHE_HOME", ""))
    if base.is_absolute():  # the specification says to ignore a relative one
        yield base / "cutline"
    else:
        with suppress(RuntimeError):  # nobody's home
            yield Path.home() / ".cache" / "cutline"
    user = os.getuid() if hasattr(os, "getuid") else None
    shared = Path(tempfile.gettempdir(), "cutline" if user is None else f"cutline-{user}")
    with suppress(OSError):
        shared.mkdir(mode=0o700, exist_ok=True)
        state = shared.lstat()
        if user is None or (state.st_uid == user and not state.st_mode & 0o022 and not shared.is_symlink()):
            yield shared
    yield Path(tempfile.mkdtemp(prefix="cutline-"))


@contextmanager
def _alone(folder: Path, name: str) -> Iterator[None]:
    """Several workers start at once: one builds while the others wait for its file. Where nothing can be locked, all
    build, and come to the same."""
    lock = None
    with suppress(ImportError, OSError):  # no such thing on Windows, nor on some network disks
        import fcntl

        lock = (folder / f".{name}.lock").open("w")
        fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        yield
    finally:
        if lock:
            lock.close()


def _sweep(folder: Path, name: str, kept: Path) -> None:
    limit = time.time() - KEEP_DAYS * 86_400
    for old in folder.glob(f"{name}-*"):
        with suppress(OSError):
            if old != kept and old.stat().st_mtime < limit:
                old.unlink()


def compiled(name: str, inputs: Iterable[Path], build: Callable[[Path], None], version: str = "1") -> Path:
    """The file that `build` makes of `inputs`: the one in the cache if it is there, else built now.

    `name` begins the file's name (`authorities`, `gazetteer`). `version` is whatever else the result depends
    on: the format, the version of a package that the data come from. `build` writes to the path it is given,
    which becomes the cached file in one step: another process sees all of it or nothing, and of two that
    need it at once, one builds and the other waits. Whatever `build` raises is passed on, and nothing is kept.
    """
    named = f"{name}-{digest(inputs, name, version)}"
    refused: OSError | None = None
    for folder in _folders():
        target = folder / named
        if target.is_file():
            return target
        try:
            folder.mkdir(parents=True, exist_ok=True)
            handle, half = tempfile.mkstemp(prefix=f".{named}-", dir=folder)
        except OSError as error:  # no right to write there, a full or read-only disk: the next folder
            refused = error
            continue
        os.close(handle)
        try:
            with _alone(folder, name):
                if not target.is_file():
                    build(Path(half))
                    Path(half).replace(target)
                Path(half).unlink(missing_ok=True)
        except BaseException:
            Path(half).unlink(missing_ok=True)
            raise
        _sweep(folder, name, target)
        return target
    raise refused or OSError("no folder for the cache")
