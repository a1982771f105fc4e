"""A file, or some items of a delivery, to its photos: what a worker does. Pure, so it maps over any executor."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, partial
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from archive.authority import Authorities, load
from archive.errors import RefusedFile
from archive.prepared import Mark, Stored, pack, prepare, unpack
from archive.records import Photo, Refusal, SourceText
from ingest import articles, manifests, photograph, sources
from ingest.captions import ready
from ingest.sources import File
from ingest.workers import Workers

#: Items of a delivery in one piece of work.
_ITEMS = 100
#: The largest text that is read as an article, in bytes.
_ARTICLE = 16 << 20


class Options(NamedTuple):
    """How files are read."""

    #: Against which weekdays and dates without a year are settled, where nothing nearer does.
    reference_date: dt.date | None = None
    #: A newsroom's own folders of authority files, laid over those that come with cutline.
    authorities: tuple[Path, ...] = ()
    #: Whether every file is read to its end, for its sha256 and the digest of its picture.
    fixity: bool = True


class Delivery(NamedTuple):
    """Some items of one manifest."""

    file: File
    items: tuple[manifests.Item, ...]
    begins: bool = False
    #: Whether these are the last; or what is wrong with the file behind them.
    ends: bool | Refusal = False
    #: SHA-256 of the whole file.
    sha256: str | None = None


Work = File | Delivery
Result = Sequence[Stored]


def read_file(path: str, options: Options = Options()) -> tuple[Photo | Refusal, ...]:  # noqa: B008
    """Every photo of one file: the picture, an article's captions, a delivery's items. Pure; raises nothing."""
    try:
        file = next(sources.files(sources.Root(path, False)))
    except OSError as error:
        return (_unreadable(path, error),)
    if isinstance(file, Refusal):
        return (file,)
    if sources.kind(path) in ("article", "picture"):
        return _photos(file, options)
    try:
        sha256 = _digest(path)
        return tuple(_of_item(file, item, sha256, options) for item in manifests.items(path, sources.kind(path)))
    except RefusedFile as error:
        return (refusal(path, 0, error.reason, error.message),)
    except OSError as error:
        return (_unreadable(path, error),)


def read_work(work: Work, options: Options = Options()) -> Result:  # noqa: B008
    """`read_file` for the store: every photo as the plain rows that a writer takes."""
    if not isinstance(work, Delivery):
        return tuple([each if isinstance(each, Refusal) else prepare(each) for each in _photos(work, options)])
    out: list[Stored] = [Mark(sources.shown(work.file.path), True)] if work.begins else []
    for item in work.items:
        found = _of_item(work.file, item, work.sha256, options)
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
        return (refusal(file.path, 0, error.reason, error.message),)
    except OSError as error:
        return (_unreadable(file.path, error),)


def _unreadable(path: str, error: OSError) -> Refusal:
    return refusal(path, 0, "unreadable", f"It cannot be read: {error.strerror}.")


def refusal(path: str, item: int, reason: str, message: str) -> Refusal:
    return Refusal(sources.sighting(path, item), reason, message)


def _picture(file: File, options: Options) -> Photo | Refusal:
    from ingest.embedded import read

    data = sources.read_bytes(file.path) if sources.is_address(file.path) else None
    embedded = read(file.path, data, fixity=options.fixity)
    beside = sidecar_texts(file.path, file.sidecars)
    sighting = sources.sighting(file.path, 0, embedded.sha256, embedded.size, file.mtime_ns)
    stages = photograph.from_picture(embedded, beside, sighting, options.reference_date)
    if stages is None:
        why = f" ({', '.join(embedded.notes)})" if embedded.notes else ""
        return refusal(file.path, 0, "no-caption", f"The picture carries no caption, in XMP, IPTC or Exif{why}.")
    return stages.photo


def sidecar_texts(path: str, named: tuple[str, ...] | None = None) -> tuple[SourceText, ...]:
    """What the sidecars of a picture say, those that are named or lie beside it, the one that is believed as the last
    packet. Raises RefusedFile for one that cannot be read, OSError."""
    beside = sources.sidecars(path) if named is None else named
    if not beside:
        return ()
    from ingest.embedded import read_sidecar

    return tuple(
        text._replace(notes=(f"packet {number}", *text.notes)) if number > 1 else text
        for number, name in enumerate(reversed(beside), 1)
        for text in read_sidecar(name, sources.read_bytes(name) if sources.is_address(name) else None)
    )


def _article(file: File, options: Options) -> tuple[Photo | Refusal, ...]:
    if file.size > _ARTICLE:
        raise RefusedFile(file.path, "too-large", "A text of more than 16 MiB is no article.")
    data = sources.read_bytes(file.path)
    if b"\0" in data:
        raise RefusedFile(file.path, "not-a-text", "It is named like a text, but holds zero bytes.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    found = articles.captions(text)
    if not found.captions:
        raise RefusedFile(file.path, "no-caption", "No paragraph of the text is a caption.")
    sha256 = hashlib.sha256(data).hexdigest()
    return tuple(
        photograph.from_paragraph(
            text[span.start : span.end],
            sources.sighting(file.path, number, sha256, file.size, file.mtime_ns),
            found.date or options.reference_date,
        ).photo
        for number, span in enumerate(found.captions, 1)
    )


def _of_item(file: File, item: manifests.Item, sha256: str | None, options: Options) -> Photo | Refusal:
    if item.error:
        return refusal(file.path, item.number, "no-caption", f"Item {item.number}: {item.error}.")
    at = sources.sighting(file.path, item.number, sha256, file.size, file.mtime_ns)
    return photograph.from_item(item, at, options.reference_date).photo


def deliveries(file: File) -> Iterator[Delivery]:
    """A manifest's items, a hundred at a time. Raises RefusedFile for a file without any.

    It is read twice, for its digest and for its items; where it was written to meanwhile, it ends as refused.
    """
    broken: Refusal | None = None
    try:
        before = _version(file.path)
        sha256 = _digest(file.path)
    except OSError as error:
        raise RefusedFile(sources.shown(file.path), "unreadable", _unreadable(file.path, error).message) from error
    items = manifests.items(file.path, sources.kind(file.path))

    def following() -> tuple[manifests.Item, ...]:
        nonlocal broken
        some = []
        try:
            for item in islice(items, _ITEMS):
                some.append(item)
            if not some and _version(file.path) != before:
                message = "It was written to while it was read; the next run reads it again."
                broken = refusal(file.path, 0, "changed-while-read", message)
        except RefusedFile as error:
            broken = refusal(file.path, 0, error.reason, error.message)
        except OSError as error:
            broken = _unreadable(file.path, error)
        return tuple(some)

    begins, some = True, following()
    if not some:
        reason, message = (broken.reason, broken.message) if broken else ("no-caption", "It lists no picture.")
        raise RefusedFile(sources.shown(file.path), reason, message)
    while some:
        rest = () if broken else following()
        yield Delivery(file, some, begins, False if rest else broken or True, sha256)
        begins, some = False, rest


def _version(path: str) -> tuple[int, ...]:
    if sources.is_address(path):
        found: tuple[int, ...] = sources.object_store().version(path)
        return found
    about = os.stat(path)  # noqa: PTH116
    return about.st_ino, about.st_size, about.st_mtime_ns


def _digest(path: str) -> str:
    whole = hashlib.sha256()
    with sources.opened(path) as file:
        while block := file.read(1 << 20):
            whole.update(block)
    return whole.hexdigest()


def parts(delivery: Delivery) -> list[Delivery]:
    """A delivery's piece as one piece an item, to find the one that cost the whole its worker."""
    last = len(delivery.items) - 1
    return [
        Delivery(delivery.file, (item,), delivery.begins and n == 0, n == last and delivery.ends, delivery.sha256)
        for n, item in enumerate(delivery.items)
    ]


def lost(work: Work, refused: RefusedFile) -> Result:
    """What stands for a file, or one item of a delivery, that was lost with its worker."""
    if not isinstance(work, Delivery):
        return (refusal(work.path, 0, refused.reason, refused.message),)
    number = work.items[0].number
    marks = [Mark(sources.shown(work.file.path), True)] if work.begins else []
    ends = [work.ends] if isinstance(work.ends, Refusal) else [Mark(sources.shown(work.file.path), False)]
    told = refusal(work.file.path, number, refused.reason, f"Item {number}: {refused.message}")
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
                for part, found in alone.map(parts(piece)):
                    yield lost(part, found) if isinstance(found, RefusedFile) else unpack(found)
            else:
                yield lost(piece, result)


def _packed(work: Work, options: Options) -> bytes:
    use_authorities(options.authorities)
    return pack(read_work(work, options))


@cache
def use_authorities(folders: tuple[Path, ...]) -> None:
    """Read captions by these authority files, in this process. Raises AuthorityError for what is wrong in one."""
    from ingest.captions import gazetteer, lexicon

    lexicon.use(*folders)
    gazetteer.use_authorities(*folders)


def make_tables(folders: tuple[Path, ...]) -> Authorities:
    """Have the compiled tables ready before the workers want them: to make them takes more memory than they have."""
    use_authorities(folders)
    ready()
    return load(*folders)


def _name(work: Work) -> str:
    return sources.shown(work.file.path if isinstance(work, Delivery) else work.path)
