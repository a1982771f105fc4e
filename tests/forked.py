"""Work in a process of its own, which may be killed, limited, or given file systems that nobody else sees."""

from __future__ import annotations

import ctypes
import errno
import os
import pickle
import signal
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

_NEW_NAMESPACE, _NEW_USERS = 0x00020000, 0x10000000
_READ_ONLY, _REMOUNT, _BIND, _RECURSIVE, _PRIVATE = 1, 32, 4096, 16384, 1 << 18


def started(work: Callable[[], object]) -> tuple[int, int]:
    """Begin some work in a child: its process, and the end of a pipe that its result comes out of."""
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return child, reading
    try:
        os.close(reading)
        try:
            answer = pickle.dumps((True, work()))
        except BaseException as error:
            answer = pickle.dumps((False, (type(error).__name__, str(error), traceback.format_exc())))
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(answer)
    finally:
        os._exit(0)


def result(child: int, reading: int) -> Any:
    """What the child's work came to; None where it was killed. Raises AssertionError with what it raised."""
    with os.fdopen(reading, "rb") as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    if not answer:
        return None
    good, value = pickle.loads(answer)
    assert good, value[2]
    return value


def forked(work: Callable[[], object]) -> Any:
    """The result of some work that was done in a child."""
    return result(*started(work))


def in_own_file_systems() -> None:
    """From here on this process sees what it mounts, and nobody else does. Skips the test where that is not allowed."""
    libc = ctypes.CDLL(None, use_errno=True)
    users, groups = os.getuid(), os.getgid()
    refused = libc.unshare(_NEW_NAMESPACE)
    if refused and ctypes.get_errno() == errno.EPERM:
        refused = libc.unshare(_NEW_USERS | _NEW_NAMESPACE)
    if refused:
        raise Unshared(os.strerror(ctypes.get_errno()))
    if os.getuid() != users:  # in a new user namespace nobody is mapped yet
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"0 {users} 1")
        Path("/proc/self/gid_map").write_text(f"0 {groups} 1")
    _mount(None, Path("/"), None, _RECURSIVE | _PRIVATE)


class Unshared(Exception):
    """This machine does not let us mount anything."""


def mounted(folder: Path, size: int, *, again: bool = False) -> None:
    """A disk of `size` bytes at a folder, or the one that is there with another size."""
    _mount("tmpfs", folder, "tmpfs", _REMOUNT if again else 0, f"size={size}")


def read_only(folder: Path) -> None:
    """Nobody in this process can write under this folder, whoever they are."""
    _mount(str(folder), folder, None, _BIND | _RECURSIVE)
    _mount(None, folder, None, _BIND | _REMOUNT | _READ_ONLY)


def unmounted(folder: Path) -> None:
    if ctypes.CDLL(None, use_errno=True).umount2(os.fsencode(folder), 2):
        raise OSError(ctypes.get_errno(), "umount")


def _mount(source: str | None, folder: Path, kind: str | None, flags: int, options: str | None = None) -> None:
    def c(text: str | None) -> bytes | None:
        return None if text is None else os.fsencode(text)

    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(c(source), os.fsencode(folder), c(kind), ctypes.c_ulong(flags), c(options)):
        raise OSError(ctypes.get_errno(), f"mount: {os.strerror(ctypes.get_errno())}", str(folder))


def with_own_file_systems(work: Callable[[], object]) -> Any:
    """`forked`, with file systems of its own. Skips the test where this machine does not allow that."""

    def inside() -> object:
        try:
            in_own_file_systems()
        except Unshared as error:
            return error
        return work()

    answer = forked(inside)
    if isinstance(answer, Unshared):
        pytest.skip(f"no file systems of our own: {answer}")
    return answer


def killed(child: int, reading: int) -> bool:
    """Kill a child outright; whether it was still at work."""
    os.kill(child, signal.SIGKILL)
    os.close(reading)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)
