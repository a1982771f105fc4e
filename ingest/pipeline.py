"""The line: files to photos in worker processes, photos to rows here, by the only one that writes."""

from __future__ import annotations

import gc
import os
import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

from archive.authority import Authorities
from archive.connection import SqlError, check_target, connect, create, own_files, plainly, writing
from archive.errors import ArchiveError, DatabaseError, RefusedFile
from archive.prepared import Mark, Stored
from archive.records import Refusal
from archive.sightings import KnownFile, known_between, knows_by_sample, sightings_of
from archive.store import Outcome, Store
from ingest import sources
from ingest.reading import Options, Result, Work, deliveries, make_tables, read_all, read_file, read_work, refusal
from ingest.sources import File

__all__ = ["Options", "Report", "ingest", "processors", "read_file", "read_work"]

#: Photos in a transaction.
_BATCH = 1000
#: Files held against the archive's own list at once.
_LOOKED_UP = 2000
#: The share of a folder's files that may be gone before something else is taken to be wrong.
_MAY_BE_GONE = 0.1
#: Refusals that are told one by one.
_TOLD = 20


@dataclass(slots=True)
class Report:
    """What came of a run: seen = new + changed + unchanged + refused, counted in photos."""

    seen: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    #: How many were refused for each reason, and the first of them in words.
    reasons: Counter[str] = field(default_factory=Counter)
    refusals: list[str] = field(default_factory=list)
    #: Files that the archive knows and that are not there any more.
    missing: int = 0
    #: What a person should look into, though the run went through.
    warning: str | None = None

    def as_json(self) -> dict[str, int]:
        """The five numbers."""
        return {name: getattr(self, name) for name in ("seen", "new", "changed", "unchanged", "refused")}


Progress = Callable[[int], None]


def ingest(
    paths: tuple[str, ...],
    archive: Path,
    options: Options = Options(),  # noqa: B008
    *,
    jobs: int | None = None,
    again: bool = False,
    accept_missing: bool = False,
    cluster: str | None = None,
    agent: str = "cutline",
    progress: Progress = lambda photos: None,
) -> Report:
    """Take files and folders into an archive, which is made if it is not there and there is a photo to put into it.

    `jobs` worker processes (as many as processors; 0 reads in this one), or `cluster`, the address of a scheduler of
    dask.distributed whose workers read instead; `again` reads unchanged files too,
    `accept_missing` believes that more than a tenth of a folder's files are gone. `progress` is told how many
    photos each step dealt with. Raises ArchiveError, having written nothing, for what is wrong before the first
    file is read; DatabaseError where the archive cannot be written any more: what is stored by then stays, and the
    same call goes on from there.
    """
    roots = sources.roots(paths)
    check_target(archive)
    authorities = make_tables(options.authorities)
    with ExitStack() as held:
        held.enter_context(writing(archive, f"cutline ingest {' '.join(map(sources.shown, paths))}"))
        run = _Run(archive, agent, roots, options, again, held, authorities)
        if not accept_missing:
            for root in roots:
                run.check_not_lost(root)
        run.begin()
        held.enter_context(_few_collections())
        try:
            for result in _results(run.work(), options, processors() if jobs is None else jobs, cluster):
                run.take(result)
                progress(run.report.seen + len(run.waiting))
            run.finish(accept_missing)
        except SqlError as error:
            run.interrupted()
            raise DatabaseError(f"{archive} cannot be written: {plainly(error)}. What was stored is safe.") from error
        except BaseException:
            run.interrupted()
            raise
        return run.report


def _results(work: Iterator[Work], options: Options, jobs: int, cluster: str | None) -> Iterator[Result]:
    if cluster is None:
        return read_all(work, options, jobs)
    from ingest.cluster import read_all as read_on

    return read_on(work, options, cluster)


@contextmanager
def _few_collections() -> Iterator[None]:
    """Rows by the million hold no cycles; looking for them again and again is a third of what unpacking costs."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(slots=True)
class _Batch:
    """Some files of a folder, beside what the archive knows of them."""

    #: New, or changed.
    files: list[File]
    refusals: list[Refusal]
    #: Articles and deliveries among the changed ones.
    reread: list[str] = field(default_factory=list)
    #: Files that the archive takes to be there and the folder does not list: their paths, as text and as bytes.
    gone: list[tuple[str, bytes | None]] = field(default_factory=list)
    listed: int = 0
    known: int = 0
    #: Photos in files that are as they were.
    unchanged: int = 0


@dataclass(slots=True)
class _Look:
    """A whole folder beside what the archive knows of it."""

    known: int = 0
    listed: int = 0
    unchanged: int = 0
    nothing_to_do: bool = True
    #: Sightings of files that are not there.
    gone: list[int] = field(default_factory=list)


class _Run:
    """One accession under way: the report so far, and what waits to be written."""

    def __init__(self, archive: Path, agent: str, roots: list[sources.Root], options: Options, again: bool,
                 held: ExitStack, authorities: Authorities) -> None:  # fmt: skip
        self.archive, self.agent, self.roots, self.options = archive, agent, roots, options
        self.again, self.held, self.authorities = again, held, authorities
        self.own = {sources.shown(str(path)) for path in own_files(archive)}
        self.report = Report()
        self.waiting: list[Stored] = []
        self.skipped = 0
        self.looked: dict[sources.Root, _Look] = {}
        #: Articles and deliveries that are read again: what they no longer hold is gone.
        self.reread: set[str] = set()
        self.store: Store | None = None
        self.db = self._connect() if archive.exists() else None

    def _connect(self) -> sqlite3.Connection:
        db = connect(self.archive, write=True)
        self.held.callback(db.close)
        return db

    def begin(self) -> None:
        """Open the accession, where there is an archive already. Raises ArchiveError, having written nothing, where it
        knows its pictures by other digests than this run would make."""
        if self.db is not None:
            by_sample = knows_by_sample(self.db)
            if by_sample is not None and by_sample == self.options.fixity:
                known, told = ("a sample", "with") if by_sample else ("all their bytes", "without")
                raise ArchiveError(
                    f"{self.archive} knows its pictures by {known}, so each would be there twice. Ingest {told} "
                    "--no-fixity, or into another archive."
                )
            reference = self.options.reference_date
            self.store = Store(self.db, self.agent, [sources.shown(root.path) for root in self.roots],
                               reference.isoformat() if reference else None, self.authorities)  # fmt: skip

    def _listed(self, root: sources.Root) -> Iterator[File | Refusal]:
        return (f for f in sources.files(root) if not isinstance(f, File) or sources.shown(f.path) not in self.own)

    def _batches(self, root: sources.Root) -> Iterator[list[File | Refusal]]:
        listing = self._listed(root)
        while batch := list(islice(listing, _LOOKED_UP)):
            yield batch

    def check_not_lost(self, root: sources.Root) -> None:
        """Raise ArchiveError where a folder has lost more than a tenth of its files: that is a wrong disk, not a
        tidied one. Files that were only renamed are as many as before."""
        found = self._look(root)
        gone = len(found.gone)
        if gone > found.known * _MAY_BE_GONE and found.known - found.listed > found.known * _MAY_BE_GONE:
            raise ArchiveError(
                f"{sources.shown(root.path)} has lost {gone} of the {found.known} files that the archive knows there. "
                "Is the right disk mounted? Nothing was read or marked. If they are meant to be gone: --accept-missing."
            )
        self.looked[root] = found

    def _look(self, root: sources.Root) -> _Look:
        """A folder held against the archive's own list."""
        found = _Look()
        if self.db is None or not root.folder:
            return found
        for batch in self._compared(root):
            found.known += batch.known
            found.listed += batch.listed
            found.unchanged += batch.unchanged
            found.nothing_to_do &= not (batch.files or batch.refusals)
            for path, raw in batch.gone:
                if root.remote or _is_gone(raw or path):
                    found.gone += sightings_of(self.db, path)
        return found

    def _compared(self, root: sources.Root) -> Iterator[_Batch]:
        """The files of a root, some at a time, beside what the archive knows up to there."""
        prefix = sources.shown(root.path)
        # "0" follows "/": up to there reach all names in the folder. The last batch has no files, and reaches there.
        reached, end = (prefix.rstrip("/") + "/", prefix.rstrip("/") + "0") if root.folder else (prefix[:-1], prefix)
        for listed in chain(self._batches(root), ([],)):
            batch = _Batch([], [each for each in listed if isinstance(each, Refusal)])
            names = {sources.shown(each.path): each for each in listed if isinstance(each, File)}
            batch.listed = len(listed)
            there = names.keys() | {refusal.sighting.path for refusal in batch.refusals}
            until = max(reached, *there) if there else end
            for known in self._known(reached, until, there):
                batch.known += known.there
                file = names.get(known.path)
                if file is None:
                    if known.there and known.path not in there:
                        batch.gone.append((known.path, known.path_bytes))
                elif known.mtime_ns == file.mtime_ns and known.size == file.size and not (known.stale or self.again):
                    batch.unchanged += known.photos
                    del names[known.path]
                elif known.has_items:
                    batch.reread.append(known.path)
            batch.files = list(names.values())
            reached = until
            yield batch

    def _known(self, after: str, until: str, names: Collection[str]) -> Iterator[KnownFile]:
        """What the archive knows from one path to another, and of names that are not in their order."""
        if self.db is None:
            return
        yield from known_between(self.db, after, until)
        for name in names:
            if name <= after:  # a name that is no UTF-8 is not stored in the order of its bytes
                yield from (known for known in known_between(self.db, name[:-1], name) if known.path == name)

    def work(self) -> Iterator[Work]:
        """What is to be read: files one by one, a delivery's items by the hundred."""
        for root in self.roots:
            looked = self.looked.get(root)
            if looked is not None and looked.listed and looked.nothing_to_do:
                self._pass_over(looked.unchanged)
                continue
            for batch in self._compared(root):
                self._pass_over(batch.unchanged)
                self.reread.update(batch.reread)
                for refused in batch.refusals:
                    self.take((refused,))
                for file in batch.files:
                    if sources.kind(file.path) in ("picture", "article"):
                        yield file
                    else:
                        try:
                            yield from deliveries(file)
                        except RefusedFile as error:
                            self.take((refusal(file.path, 0, error.reason, error.message),))

    def _pass_over(self, photos: int) -> None:
        """Count photos whose files are as they were."""
        self.skipped += photos
        self.report.seen += photos
        self.report.unchanged += photos

    def take(self, result: Result) -> None:
        """Keep what was read until a transaction is full."""
        self.waiting += result
        if len(self.waiting) >= _BATCH:
            self._write()

    def _made(self) -> Store | None:
        """The store, and with it an archive for the first photo; none is made for a folder without one."""
        if self.store is None and not all(isinstance(each, Refusal | Mark) for each in self.waiting):
            create(self.archive)
            self.db = self._connect()
            self.begin()
        return self.store

    def _write(self) -> None:
        store = self._made()
        if store is not None:
            self._count(store.add(self.waiting, self.skipped))
            self.waiting, self.skipped = [], 0

    def _count(self, outcomes: list[Outcome]) -> None:
        report = self.report
        report.seen += len(outcomes)
        for outcome, each in zip(outcomes, (w for w in self.waiting if not isinstance(w, Mark)), strict=True):
            if isinstance(each, Refusal):
                report.refused += 1
                report.reasons[each.reason] += 1
                if len(report.refusals) < _TOLD:
                    report.refusals.append(f"{each.sighting.path}: {each.message}")
            elif outcome == "new":
                report.new += 1
            elif outcome == "changed":
                report.changed += 1
            else:
                report.unchanged += 1

    def finish(self, accept_missing: bool) -> None:
        """Write what waits, note what is gone, close the accession: one transaction, so that who reads the archive
        meanwhile sees a run of up to `_BATCH` photos whole or not at all."""
        store = self._made()
        if store is None:
            self._count(["refused" for each in self.waiting if isinstance(each, Refusal)])
            return
        with store.together():
            self._write()
            store.mark_items_gone(self.reread)
            for root in self.roots:
                self._note_gone(store, root, accept_missing)
            store.finish(warned=self.report.warning is not None)
        store.bring_in_log()

    def _note_gone(self, store: Store, root: sources.Root, accept_missing: bool) -> None:
        found = self._look(root) if accept_missing else self.looked[root]
        lost = store.not_elsewhere(found.gone)
        if len(lost) > found.known * _MAY_BE_GONE and not accept_missing:
            self.report.warning = (
                f"{len(lost)} of the {found.known} files that the archive knows in "
                f"{sources.shown(root.path)} are gone, and others are in their place. None was marked as missing. "
                "If that is right: --accept-missing."
            )
        else:
            store.mark_missing(found.gone)
            self.report.missing += len(lost)

    def interrupted(self) -> None:
        """Close the accession of a run that was cut off; what was written stays."""
        if self.store is not None and self.db is not None and not self.db.in_transaction:
            with suppress(*SqlError):
                self.store.finish("interrupted")


def _is_gone(path: str | bytes) -> bool:
    """Whether there is no such file. A folder that cannot be looked into does not make its files gone."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False
