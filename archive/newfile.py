"""A new file that gets its name once it is whole."""

from __future__ import annotations

import contextlib
import errno
import glob
import os
import socket
from collections.abc import Iterator
from pathlib import Path

from archive.errors import DatabaseError

#: What file systems without links (FAT, some of SMB's) answer.
_NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS})
#: What SQLite may leave beside a file.
BESIDE = ("-wal", "-shm", "-journal")


@contextlib.contextmanager
def whole_file(path: Path, *, over: bool = False) -> Iterator[Path]:
    """Where to write what becomes `path` at the end of the block, and nothing if that fails.

    `over` lets it replace what is there. Raises DatabaseError where it cannot be made, or stands there already.
    """
    _clear(path)
    new = path.with_name(f".{path.name}.{socket.gethostname()}.{os.getpid()}.new")
    try:
        yield new
        _to_disk(new)
        if over:
            new.replace(path)
        else:
            _name(new, path)
        _to_disk(path.absolute().parent)
    except FileExistsError as error:
        raise DatabaseError(f"{path} has just been made by another program.") from error
    except OSError as error:
        raise DatabaseError(f"{path} cannot be written: {error.strerror or error}.") from error
    finally:
        for end in ("", *BESIDE):
            new.with_name(new.name + end).unlink(missing_ok=True)


def _clear(path: Path) -> None:
    """Take away what a process of this machine left that was killed in the middle."""
    prefix = f".{path.name}.{socket.gethostname()}."
    for left in path.parent.glob(f"{glob.escape(prefix)}*.new*"):
        process = left.name[len(prefix) :].split(".")[0]
        if process.isdigit() and not _alive(int(process)):
            left.unlink(missing_ok=True)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _name(new: Path, path: Path) -> None:
    # A link fails where a rename would replace a file that somebody made meanwhile.
    try:
        os.link(new, path)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if path.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from error
        new.rename(path)


def _to_disk(path: Path) -> None:
    """A file's bytes, or a folder's names, are on the disk when this returns."""
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
