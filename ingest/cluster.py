"""The same reading, mapped over a cluster: dask.distributed schedules it, this process writes.

A worker is any machine where cutline of the same version is installed and `dask worker` runs, one thread a process.
Files are read where they are named: on a disk that all machines share, or in an object store.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from archive import __version__
from archive.errors import ArchiveError, RefusedFile
from archive.prepared import pack, unpack
from ingest.reading import Delivery, Options, Result, Work, lost, parts, read_work, use_authorities

#: Pieces of work in one task: a task costs the scheduler about a millisecond, a file costs its worker one or two.
_BATCH = 16
#: Tasks under way for every thread of the cluster: enough to be busy, few enough to fit into memory.
_AHEAD = 4
#: Seconds to wait for the scheduler.
_PATIENCE = 15
#: Processes that a task may take with it before it is the task's fault.
_DEATHS = 3


def read_batch(batch: list[Work], options: Options) -> bytes:
    """Some pieces of work, read; what a worker runs. Pure but for the files it reads."""
    use_authorities(options.authorities)
    return pack([each for work in batch for each in read_work(work, options)])


def tables(options: Options) -> str:
    """Have a worker's tables of names ready; its version of cutline. Raises AuthorityError."""
    from ingest.captions import ready

    use_authorities(options.authorities)
    ready()
    return __version__


def read_all(work: Iterable[Work], options: Options, address: str) -> Iterator[Result]:
    """What is in every piece of work, in order, read by the workers of the scheduler at `address`.

    A process that dies loses nothing: its tasks go to another one. A task that takes three processes with it is tried
    piece by piece, and the piece that does it again is refused. Raises ArchiveError where there is no scheduler or no
    worker, or one with another version of cutline or without the authority files.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise ArchiveError("--dask needs another package: pip install 'cutline[cluster]'.") from error
    try:
        client = Client(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ArchiveError(f"There is no scheduler at {address} ({error}). Start one: dask scheduler.") from error
    with client:
        _check(client, options, address)
        under_way: deque[tuple[list[Work], Any]] = deque()
        source = iter(work)
        while True:
            room = _AHEAD * max(sum(client.nthreads().values()), 1)
            while len(under_way) < room and (batch := list(islice(source, _BATCH))):
                under_way.append((batch, _submit(client, batch, options)))
            if not under_way:
                return
            yield from _result(client, *under_way.popleft(), options)


def _check(client: Any, options: Options, address: str) -> None:
    try:
        versions = client.run(tables, options)
    except Exception as error:  # whatever a worker raised: no module, no authority files
        raise ArchiveError(f"A worker of {address} cannot read captions: {error}") from error
    if not versions:
        raise ArchiveError(f"The scheduler at {address} has no workers. Start one: dask worker {address} --nthreads 1.")
    for worker, version in versions.items():
        if version != __version__:
            raise ArchiveError(f"The worker {worker} has cutline {version}, not {__version__}. Install the same one.")


def _submit(client: Any, batch: list[Work], options: Options) -> Any:
    # Not pure in dask's sense: the same name may hold another file by now, so that no result is taken from a cache.
    return client.submit(read_batch, batch, options, pure=False)


def _result(client: Any, batch: list[Work], future: Any, options: Options) -> Iterator[Result]:
    from distributed.scheduler import KilledWorker

    try:
        yield unpack(future.result())
        return
    except KilledWorker:
        pieces = [part for piece in batch for part in (parts(piece) if isinstance(piece, Delivery) else [piece])]
    if len(pieces) == 1:
        why = f"it took {_DEATHS} processes of the cluster with it"
        yield lost(pieces[0], RefusedFile("", "crashed", why))
        return
    for piece in pieces:
        yield from _result(client, [piece], _submit(client, [piece], options), options)
