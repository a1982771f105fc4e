"""The line: files to photos in worker processes, photos to rows here, by the only one that writes.

`read_work` is a pure function of a file (or of some items of a delivery), so it maps over any executor.
"""

from __future__ import annotations

import datetime as dt
import gc
import os
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

from archive.authority import Authorities, load
from archive.connection import SqlError, check_target, connect, create, writing
from archive.errors import ArchiveError, RefusedFile
from archive.prepared import Mark, Stored, pack, prepare, unpack
from archive.records import Photo, Refusal, SourceText
from archive.store import Outcome, Store, files_between, seen_between
from ingest import articles, manifests, photograph, sources
from ingest.captions import ready
from ingest.sources import File
from ingest.workers import Workers

#: Items of a delivery in one piece of work.
_ITEMS = 100
#: Photos in a transaction.
_BATCH = 1000
#: Files held against the archive's own list at once.
_LOOKED_UP = 2000
#: The largest text that is read as an article, in bytes.
_ARTICLE = 16 << 20
#: The share of a folder's files that may be gone before something else is taken to be wrong.
_MAY_BE_GONE = 0.1
#: Refusals that are told one by one.
_TOLD = 20


class Options(NamedTuple):
    """How files are read."""

    #: Against which weekdays and dates without a year are settled, where nothing nearer does.
    reference_date: dt.date | None = None
    #: A newsroom's own folders of authority files, laid over those that come with cutline.
    authorities: tuple[Path, ...] = ()


class Delivery(NamedTuple):
    """Some items of one manifest."""

    file: File
    items: tuple[manifests.Item, ...]
    begins: bool = False
    #: Whether these are the last; or what is wrong with the file behind them.
    ends: bool | Refusal = False


Work = File | Delivery
Result = Sequence[Stored]


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


def read_file(path: str, options: Options = Options()) -> tuple[Photo | Refusal, ...]:  # noqa: B008
    """Every photo of one file: the picture, an article's captions, a delivery's items. Pure; raises nothing."""
    try:
        file = next(sources.files(sources.Root(path, False)))
    except OSError as error:
        return (_refusal(path, 0, "unreadable", f"It cannot be read: {error.strerror}."),)
    if isinstance(file, Refusal):
        return (file,)
    if sources.kind(path) in ("article", "picture"):
        return _photos(file, options)
    try:
        return tuple(_of_item(file, item, options) for item in manifests.items(path, sources.kind(path)))
    except RefusedFile as error:
        return (_refusal(path, 0, error.reason, error.message),)


def read_work(work: Work, options: Options = Options()) -> Result:  # noqa: B008
    """`read_file` for the store: every photo as the plain rows that a writer takes."""
    if not isinstance(work, Delivery):
        return tuple([each if isinstance(each, Refusal) else prepare(each) for each in _photos(work, options)])
    out: list[Stored] = [Mark(sources.shown(work.file.path), True)] if work.begins else []
    for item in work.items:
        found = _of_item(work.file, item, options)
        out.append(found if isinstance(found, Refusal) else prepare(found))
    if work.ends:
        out.append(work.ends if isinstance(work.ends, Refusal) else Mark(sources.shown(work.file.path), False))
    return tuple(out)


def _photos(file: File, options: Options) -> tuple[Photo | Refusal, ...]:
    try:
        if sources.kind(file.path) == "article":
            return _article(file, options)
        return (_picture(file, options),)
    except RefusedFile as error:
        return (_refusal(file.path, 0, error.reason, error.message),)
    except OSError as error:
        return (_refusal(file.path, 0, "unreadable", f"It cannot be read: {error.strerror}."),)


def _refusal(path: str, item: int, reason: str, message: str) -> Refusal:
    return Refusal(sources.sighting(path, item), reason, message)


def _picture(file: File, options: Options) -> Photo | Refusal:
    from ingest.embedded import read

    embedded = read(file.path)
    beside = sidecar_texts(file.path)
    sighting = sources.sighting(file.path, 0, embedded.sha256, embedded.size, file.mtime_ns)
    stages = photograph.from_picture(embedded, beside, sighting, options.reference_date)
    if stages is None:
        return _refusal(file.path, 0, "no-caption", "The picture carries no caption, in XMP, IPTC or Exif.")
    return stages.photo


def sidecar_texts(path: str) -> tuple[SourceText, ...]:
    """What the sidecars of a picture say. Raises RefusedFile for one that cannot be read."""
    from ingest.embedded import read_sidecar

    return tuple(text for beside in sources.sidecars(path) for text in read_sidecar(beside))


def _article(file: File, options: Options) -> tuple[Photo | Refusal, ...]:
    if file.size > _ARTICLE:
        raise RefusedFile(file.path, "too-large", "A text of more than 16 MiB is no article.")
    data = Path(file.path).read_bytes()
    if b"\0" in data:
        raise RefusedFile(file.path, "not-a-text", "It is named like a text, but holds zero bytes.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    found = articles.captions(text)
    if not found.captions:
        raise RefusedFile(file.path, "no-caption", "No paragraph of the text is a caption.")
    return tuple(
        photograph.from_paragraph(
            text[span.start : span.end],
            sources.sighting(file.path, number, None, file.size, file.mtime_ns),
            found.date or options.reference_date,
        ).photo
        for number, span in enumerate(found.captions, 1)
    )


def _of_item(file: File, item: manifests.Item, options: Options) -> Photo | Refusal:
    if item.error:
        return _refusal(file.path, item.number, "no-caption", f"Item {item.number}: {item.error}.")
    at = sources.sighting(file.path, item.number, None, file.size, file.mtime_ns)
    return photograph.from_item(item, at, options.reference_date).photo


def _parts(delivery: Delivery) -> list[Delivery]:
    """A delivery's piece as one piece an item, to find the one that cost the whole its worker."""
    last = len(delivery.items) - 1
    return [
        Delivery(delivery.file, (item,), delivery.begins and n == 0, n == last and delivery.ends)
        for n, item in enumerate(delivery.items)
    ]


def _lost(work: Work, refused: RefusedFile) -> Result:
    """What stands for a file, or one item of a delivery, that was lost with its worker."""
    if not isinstance(work, Delivery):
        return (_refusal(work.path, 0, refused.reason, refused.message),)
    number = work.items[0].number
    marks = [Mark(sources.shown(work.file.path), True)] if work.begins else []
    ends = [work.ends] if isinstance(work.ends, Refusal) else [Mark(sources.shown(work.file.path), False)]
    told = _refusal(work.file.path, number, refused.reason, f"Item {number}: {refused.message}")
    return (*marks, told, *(ends if work.ends else ()))


def read_all(work: Iterable[Work], options: Options, jobs: int) -> Iterator[Result]:
    """What is in every piece of work, in order, read by `jobs` processes that it cannot take down; 0 reads here."""
    if jobs == 0:
        use_authorities(options.authorities)
        yield from map(partial(read_work, options=options), work)
        return
    read = partial(_packed, options=options)
    with Workers(read, jobs, name=_name) as crew, Workers(read, 1, name=_name) as alone:
        for piece, result in crew.map(work):
            if not isinstance(result, RefusedFile):
                yield unpack(result)
            elif isinstance(piece, Delivery) and len(piece.items) > 1:
                for part, found in alone.map(_parts(piece)):
                    yield _lost(part, found) if isinstance(found, RefusedFile) else unpack(found)
            else:
                yield _lost(piece, result)


def _packed(work: Work, options: Options) -> bytes:
    use_authorities(options.authorities)
    return pack(read_work(work, options))


@cache
def use_authorities(folders: tuple[Path, ...]) -> None:
    """Read captions by these authority files, in this process. Raises AuthorityError for what is wrong in one."""
    from ingest.captions import gazetteer, lexicon

    lexicon.use(*folders)
    gazetteer.use_authorities(*folders)


def _make_tables(folders: tuple[Path, ...]) -> Authorities:
    """Have the compiled tables ready before the workers want them: to make them takes more memory than they have."""
    use_authorities(folders)
    ready()
    return load(*folders)


def _name(work: Work) -> str:
    return sources.shown(work.file.path if isinstance(work, Delivery) else work.path)


Progress = Callable[[int], None]


def ingest(
    paths: tuple[str, ...],
    archive: Path,
    options: Options = Options(),  # noqa: B008
    *,
    jobs: int | None = None,
    again: bool = False,
    accept_missing: bool = False,
    agent: str = "cutline",
    progress: Progress = lambda photos: None,
) -> Report:
    """Take files and folders into an archive, which is made if it is not there and there is a photo to put into it.

    `jobs` worker processes (as many as processors; 0 reads in this one), `again` reads unchanged files too,
    `accept_missing` believes that more than a tenth of a folder's files are gone. `progress` is told how many
    photos each step dealt with. Raises ArchiveError, having written nothing, for what is wrong before the first
    file is read.
    """
    roots = sources.roots(paths)
    check_target(archive)
    authorities = _make_tables(options.authorities)
    with ExitStack() as held:
        held.enter_context(writing(archive, f"cutline ingest {' '.join(map(sources.shown, paths))}"))
        run = _Run(archive, agent, roots, options, again, held, authorities)
        if not accept_missing:
            for root in roots:
                run.check_not_lost(root)
        run.begin()
        held.enter_context(_few_collections())
        try:
            for result in read_all(run.work(), options, processors() if jobs is None else jobs):
                run.take(result)
                progress(run.report.seen + len(run.waiting))
            run.finish(accept_missing)
        except BaseException:
            run.interrupted()
            raise
        return run.report


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


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


class _Run:
    """One accession under way: the report so far, and what waits to be written."""

    def __init__(self, archive: Path, agent: str, roots: list[sources.Root], options: Options, again: bool,
                 held: ExitStack, authorities: Authorities) -> None:  # fmt: skip
        self.archive, self.agent, self.roots, self.options = archive, agent, roots, options
        self.again, self.held, self.authorities = again, held, authorities
        own = sources.shown(str(archive.absolute()))
        self.own = {own + end for end in ("", "-wal", "-shm", "-journal", "-writer")}
        self.report = Report()
        self.waiting: list[Stored] = []
        self.skipped = 0
        #: Files of the archive's that are not there: the number of the sighting, by root.
        self.gone: dict[sources.Root, list[int]] = {}
        self.known: dict[sources.Root, int] = {}
        self.reread: set[str] = set()
        self.store: Store | None = None
        self.db = self._connect() if archive.exists() else None

    def _connect(self) -> sqlite3.Connection:
        db = connect(self.archive, write=True)
        self.held.callback(db.close)
        return db

    def begin(self) -> None:
        """Open the accession, where there is an archive already."""
        if self.db is not None:
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
        known, listed = self._missing(root)
        gone = len(self.gone[root])
        if gone > known * _MAY_BE_GONE and known - listed > known * _MAY_BE_GONE:
            raise ArchiveError(
                f"{sources.shown(root.path)} has lost {gone} of the {known} files that the archive knows there. Is the "
                "right disk mounted? Nothing was read or marked. If they are meant to be gone: --accept-missing."
            )

    def _missing(self, root: sources.Root) -> tuple[int, int]:
        """How many files the archive knows under a root, and how many are there; notes those that are gone."""
        self.gone[root], self.known[root] = [], 0
        if self.db is None or not root.folder:
            return 0, 0
        prefix = sources.shown(root.path).rstrip("/") + "/"
        reached, listed = prefix, 0
        # The last batch is empty and reaches to the end of all names in the folder ("0" follows "/").
        for batch in chain(self._batches(root), ([],)):
            paths = {sources.shown(f.path if isinstance(f, File) else f.sighting.path) for f in batch}
            listed += len(paths)
            until = max(reached, *paths) if paths else prefix[:-1] + "0"
            for path, raw, numbers in seen_between(self.db, reached, until):
                self.known[root] += 1
                if path not in paths and _is_gone(raw or path):
                    self.gone[root] += numbers
            reached = until
        return self.known[root], listed

    def work(self) -> Iterator[Work]:
        """What is to be read: files one by one, a delivery's items by the hundred."""
        for root in self.roots:
            for batch in self._batches(root):
                for file in self._unknown(batch):
                    if sources.kind(file.path) in ("picture", "article"):
                        yield file
                    else:
                        yield from self._delivery(file)

    def _unknown(self, batch: list[File | Refusal]) -> Iterator[File]:
        """The files of a batch that are new or changed; the others are counted, refusals taken."""
        names = {sources.shown(f.path): f for f in batch if isinstance(f, File)}
        known = files_between(self.db, min(names), max(names)) if names and self.db is not None else {}
        for refusal in batch:
            if isinstance(refusal, Refusal):
                self.take((refusal,))
        for name, file in names.items():
            seen = known.get(name)
            if seen is not None:
                self.reread.add(name)
                if (seen.size, seen.mtime_ns) == (file.size, file.mtime_ns) and not (seen.stale or self.again):
                    self.reread.discard(name)
                    self.skipped += seen.photos
                    self.report.seen += seen.photos
                    self.report.unchanged += seen.photos
                    continue
            yield file

    def _delivery(self, file: File) -> Iterator[Delivery]:
        broken: Refusal | None = None
        items = manifests.items(file.path, sources.kind(file.path))

        def following() -> tuple[manifests.Item, ...]:
            nonlocal broken
            some = []
            try:
                for item in islice(items, _ITEMS):
                    some.append(item)
            except RefusedFile as error:
                broken = _refusal(file.path, 0, error.reason, error.message)
            except OSError as error:
                broken = _refusal(file.path, 0, "unreadable", f"It cannot be read: {error.strerror}.")
            return tuple(some)

        begins, some = True, following()
        if not some:
            self.take((broken or _refusal(file.path, 0, "no-caption", "It lists no picture."),))
        while some:
            rest = () if broken else following()
            yield Delivery(file, some, begins, False if rest else broken or True)
            begins, some = False, rest

    def take(self, result: Result) -> None:
        """Keep what was read until a transaction is full."""
        self.waiting += result
        if len(self.waiting) >= _BATCH:
            self._write()

    def _write(self) -> None:
        if self.store is None:
            if all(isinstance(each, Refusal | Mark) for each in self.waiting):
                return  # an archive is made for the first photo, not for a folder without one
            create(self.archive)
            self.db = self._connect()
            self.begin()
        assert self.store is not None
        self._count(self.store.add(self.waiting, self.skipped))
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
        """Write what waits, note what is gone, close the accession."""
        self._write()
        if self.store is None or self.db is None:
            self._count(["refused" for each in self.waiting if isinstance(each, Refusal)])
            return
        self.store.mark_items_gone(self.reread)
        for root in self.roots:
            if accept_missing:
                self._missing(root)
            lost = self.store.not_elsewhere(self.gone.get(root, []))
            if len(lost) > self.known.get(root, 0) * _MAY_BE_GONE and not accept_missing:
                self.report.warning = (
                    f"{len(lost)} of the {self.known[root]} files that the archive knows in "
                    f"{sources.shown(root.path)} are gone, and others are in their place. None was marked as missing. "
                    "If that is right: --accept-missing."
                )
            else:
                self.store.mark_missing(self.gone.get(root, []))
                self.report.missing += len(lost)
        self.store.finish()

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
