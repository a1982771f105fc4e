"""Worker processes that can be killed: a file that hangs, dies or wants too much memory costs only itself.

A worker is kept from file to file, so that it costs a few hundredths of a millisecond each; one that is stopped is
replaced, and what else it had been given is given to the next.
"""

from __future__ import annotations

import contextlib
import math
import multiprocessing
import os
import pickle
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, MutableSequence
from multiprocessing.connection import Connection, wait
from types import TracebackType
from typing import Generic, Self, TypeVar

from archive.errors import RefusedFile

Item = TypeVar("Item")
Result = TypeVar("Result")

#: Seconds that one file may take, and bytes of memory that its worker may have.
SECONDS = 20.0
MEMORY = 512 << 20
#: Items sent in one message; two messages are under way at a time, so that a worker never waits for the next.
BATCH = 8
#: A message larger than this is only sent to a worker that waits for it: both sides writing would wait for ever.
_PIPE = 16 << 10
#: Seconds between two looks at what the workers are at.
_GLANCE = 0.5


#: What a worker shows its parent without a message: how many items it has begun, and when it began the last one
#: (`time.monotonic`, one clock for all processes of a machine).
_Progress = MutableSequence[float]


def _serve(connection: Connection, progress: _Progress, memory: int) -> None:
    """The worker's loop: batches in, their answers out, until the other end closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        # Private memory, not address space: tables that are mapped from files and shared do not count.
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(EOFError, OSError):
        function = pickle.loads(connection.recv_bytes())
        # What a decoder in C complains of, line by line, is said once and in words by the refusal.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        while True:
            answers = []
            for item in pickle.loads(connection.recv_bytes()):
                progress[1] = time.monotonic()
                progress[0] += 1
                answers.append(_answer(function, item))
            progress[1] = math.inf
            connection.send_bytes(pickle.dumps(answers, pickle.HIGHEST_PROTOCOL))


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
    """One process, and what it has been given and not answered yet."""

    def __init__(self, function: bytes, memory: int) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self._progress: _Progress = context.RawArray("d", [0.0, math.inf])
        self.process = context.Process(target=_serve, args=(theirs, self._progress, memory), daemon=True)
        self.process.start()
        theirs.close()
        self.given: deque[int] = deque()
        self._answered = 0
        self.connection.send_bytes(function)

    def give(self, numbers: list[int], batch: bytes) -> None:
        self.given.extend(numbers)
        self.connection.send_bytes(batch)

    def answers(self) -> Iterator[tuple[int, bytes]]:
        """The next batch of answers with the numbers of their items. Raises EOFError where the process is gone."""
        for answer in pickle.loads(self.connection.recv_bytes()):
            self._answered += 1
            yield self.given.popleft(), answer

    @property
    def since(self) -> float:
        """When it began the item that it is at; never (infinity) between two batches."""
        return self._progress[1]

    def take_back(self) -> tuple[int, list[int]]:
        """The number of the item that it was at, and of the others that it has not answered."""
        at = min(max(int(self._progress[0]) - self._answered - 1, 0), len(self.given) - 1)
        others = list(self.given)
        return others.pop(at), others

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
            while not exhausted and len(waiting) < room:
                try:
                    item = next(source)
                except StopIteration:
                    exhausted = True
                    break
                waiting[following] = item
                again.append(following)
                following += 1
            while waiting and len(self._workers) < self._count:  # none for nothing to do
                self._workers.append(_Worker(self._function, self._memory))
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
        busy = [w for w in self._workers if w.given]
        # What a worker began since is not known before its next sign of life, so it is looked at now and then.
        left = min(w.since for w in busy) + self._seconds - time.monotonic()
        ready = wait([w.connection for w in busy], max(min(left, _GLANCE), 0.0))
        for worker in busy:
            if worker.connection in ready:
                try:
                    for number, answer in worker.answers():
                        good, result = pickle.loads(answer)
                        done[number] = result if good else RefusedFile(*result)
                except (EOFError, OSError, pickle.UnpicklingError):
                    self._replace(worker, waiting, again, done, "crashed", "the process that read it died")
            elif time.monotonic() - worker.since >= self._seconds:
                message = f"it took longer than {self._seconds:g} seconds"
                self._replace(worker, waiting, again, done, "timeout", message)

    def _replace(
        self, worker: _Worker, waiting: dict[int, Item], again: deque[int], done: dict[int, Result | RefusedFile],
        reason: str, message: str,
    ) -> None:  # fmt: skip
        worker.stop()
        self._workers.remove(worker)
        lost, others = worker.take_back()
        if reason == "crashed" and lost not in self._suspects:
            # Perhaps the process was killed from outside, between two files: one more chance, then it is the file.
            self._suspects.add(lost)
            others.insert(0, lost)
        else:
            done[lost] = RefusedFile(self._name(waiting[lost]), reason, message)
        again.extendleft(reversed(others))
