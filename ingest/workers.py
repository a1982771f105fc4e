"""Worker processes that can be killed: a file that hangs, dies or wants too much memory costs only itself.

A worker is kept from file to file, so that it costs a few hundredths of a millisecond each; one that is stopped is
replaced, and what else it had been given is given to the next.
"""

from __future__ import annotations

import contextlib
import copyreg
import multiprocessing
import pickle
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from multiprocessing.connection import Connection, wait
from operator import attrgetter
from types import TracebackType
from typing import Generic, Self, TypeVar

from archive.errors import RefusedFile
from archive.records import Conflict, Photo, Sighting, SourceText, Statement

Item = TypeVar("Item")
Result = TypeVar("Result")

#: Seconds that one file may take, and bytes of memory that its worker may have.
SECONDS = 20.0
MEMORY = 512 << 20
#: Items sent in one message; two messages are under way at a time, so that a worker never waits for the next.
BATCH = 8
#: A message larger than this is only sent to a worker that waits for it: both sides writing would wait for ever.
_PIPE = 16 << 10


def _by_fields(kind: type) -> None:
    """Sends objects of a record by their fields: what a frozen dataclass does by itself takes three times as long."""
    values = attrgetter(*(f.name for f in fields(kind)))
    copyreg.pickle(kind, lambda record: (kind, values(record)))


for _kind in (SourceText, Statement, Conflict, Sighting, Photo):
    _by_fields(_kind)


def _serve(connection: Connection, memory: int) -> None:
    """The worker's loop: batches in, one answer an item out, until the other end closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        # Private memory, not address space: tables that are mapped from files and shared do not count.
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(EOFError, OSError):
        function = pickle.loads(connection.recv_bytes())
        while True:
            for item in pickle.loads(connection.recv_bytes()):
                connection.send_bytes(_answer(function, item))


def _answer(function: Callable[[Item], Result], item: Item) -> bytes:
    """(True, result), or (False, (path, reason, message)); an exception cannot always be sent, its words can."""
    try:
        return pickle.dumps((True, function(item)), pickle.HIGHEST_PROTOCOL)
    except RefusedFile as refused:
        words = (refused.path, refused.reason, refused.message)
    except MemoryError:
        words = (str(item), "too-large", "it needs more memory than one file may take")
    except Exception as error:
        words = (str(item), "crashed", f"the reader failed on it ({type(error).__name__}: {error})")
    return pickle.dumps((False, words), pickle.HIGHEST_PROTOCOL)


class _Worker:
    """One process, what it has been given and not answered yet, and since when it is silent."""

    def __init__(self, function: bytes, memory: int) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, memory), daemon=True)
        self.process.start()
        theirs.close()
        self.given: deque[int] = deque()
        self.since: float | None = None  # None until it has answered once: its start is not the file's time
        self.connection.send_bytes(function)

    def give(self, numbers: list[int], batch: bytes) -> None:
        if not self.given and self.since is not None:
            self.since = time.monotonic()
        self.given.extend(numbers)
        self.connection.send_bytes(batch)

    def stop(self) -> None:
        self.process.kill()
        self.process.join()
        self.connection.close()


class Workers(Generic[Item, Result]):
    """A pool that maps one function over items, each in a process with a limit on time and memory.

    The function and the items must be picklable; the function is a module's own, or `functools.partial` of one.
    """

    def __init__(
        self,
        function: Callable[[Item], Result],
        count: int = 1,
        *,
        seconds: float = SECONDS,
        memory: int = MEMORY,
        name: Callable[[Item], str] = str,
    ) -> None:
        """`count` processes; `seconds` an item may take; `memory` in bytes for each process.

        `name` says what an item is called in the refusal that it gets when its process is stopped.
        """
        self._function = pickle.dumps(function)
        self._count, self._seconds, self._memory, self._name = max(count, 1), seconds, memory, name
        self._workers: list[_Worker] = []
        self._suspects: set[int] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stops the processes. The pool can be used again; it starts new ones."""
        for worker in self._workers:
            worker.stop()
        self._workers.clear()

    def map(self, items: Iterable[Item]) -> Iterator[tuple[Item, Result | RefusedFile]]:
        """Each item with its result, in the order of the items.

        A RefusedFile that the function raises is its result. So is one for an item that took too long (`timeout`),
        whose process died (`crashed`), or that wanted too much memory (`too-large`). Raises nothing of its own.
        """
        try:
            yield from self._map(iter(items))
        finally:
            if any(worker.given for worker in self._workers):  # the caller lost interest half way
                self.close()

    def _map(self, source: Iterator[Item]) -> Iterator[tuple[Item, Result | RefusedFile]]:
        waiting: dict[int, Item] = {}
        again: deque[int] = deque()
        done: dict[int, Result | RefusedFile] = {}
        following = emitted = 0
        room = self._count * BATCH * 8
        self._suspects.clear()
        exhausted = False
        while True:
            while len(self._workers) < self._count:
                self._workers.append(_Worker(self._function, self._memory))
            while not exhausted and len(waiting) < room:
                try:
                    item = next(source)
                except StopIteration:
                    exhausted = True
                    break
                waiting[following] = item
                again.append(following)
                following += 1
            self._hand_out(waiting, again)
            while emitted in done:
                yield waiting.pop(emitted), done.pop(emitted)
                emitted += 1
            if exhausted and emitted == following:
                return
            self._collect(waiting, again, done)

    def _hand_out(self, waiting: dict[int, Item], again: deque[int]) -> None:
        for worker in sorted(self._workers, key=lambda w: len(w.given)):
            while again and len(worker.given) <= BATCH:
                numbers = [again.popleft() for _ in range(min(BATCH, -(-len(again) // self._count)))]
                batch = pickle.dumps([waiting[n] for n in numbers], pickle.HIGHEST_PROTOCOL)
                if worker.given and len(batch) > _PIPE:
                    again.extendleft(reversed(numbers))
                    break
                try:
                    worker.give(numbers, batch)
                except OSError:  # it died between two items: the next round replaces it
                    break

    def _collect(self, waiting: dict[int, Item], again: deque[int], done: dict[int, Result | RefusedFile]) -> None:
        """Waits for answers; replaces the workers that died or are over their time."""
        now = time.monotonic()
        ends = [w.since + self._seconds for w in self._workers if w.given and w.since is not None]
        ready = wait([w.connection for w in self._workers if w.given], max(min(ends, default=now + 1) - now, 0.0))
        for worker in list(self._workers):
            if worker.connection in ready:
                try:
                    while worker.given and worker.connection.poll():
                        good, answer = pickle.loads(worker.connection.recv_bytes())
                        done[worker.given.popleft()] = answer if good else RefusedFile(*answer)
                        worker.since = time.monotonic()
                except (EOFError, OSError, pickle.UnpicklingError):
                    self._replace(worker, waiting, again, done, "crashed", "the process that read it died")
            elif worker.given and self._late(worker):
                message = f"it took longer than {self._seconds:g} seconds"
                self._replace(worker, waiting, again, done, "timeout", message)

    def _late(self, worker: _Worker) -> bool:
        if worker.since is None:
            worker.since = time.monotonic()
        return time.monotonic() - worker.since >= self._seconds

    def _replace(
        self, worker: _Worker, waiting: dict[int, Item], again: deque[int], done: dict[int, Result | RefusedFile],
        reason: str, message: str,
    ) -> None:  # fmt: skip
        worker.stop()
        self._workers.remove(worker)
        lost = worker.given.popleft()
        if reason == "crashed" and lost not in self._suspects:
            # Perhaps the process was killed from outside, between two files: one more chance, then it is the file.
            self._suspects.add(lost)
            worker.given.appendleft(lost)
        else:
            done[lost] = RefusedFile(self._name(waiting[lost]), reason, message)
        again.extendleft(reversed(worker.given))
