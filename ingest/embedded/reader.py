"""One file to its tags: opened once, read once, hashed from the same bytes."""

from __future__ import annotations

import hashlib
import os
import stat
from itertools import pairwise

from archive.errors import RefusedFile
from archive.records import SourceText
from ingest.embedded import exif, iim, xmp
from ingest.embedded.container import TOO_MUCH, Parts, Source
from ingest.embedded.formats import walker
from ingest.embedded.model import Embedded
from ingest.embedded.text import declared, undeclared

#: Bytes of the first read: the metadata of nearly every press photograph lies in there.
AHEAD = 1 << 16
#: Files up to this size are read whole, in one go, when they are hashed.
WHOLE = 16 << 20
CHUNK = 1 << 20
#: Bytes of the picture's own data that stand for all of it where a file is not read to its end.
SAMPLE = 1 << 15
MAX_FILE = 4 << 30
#: More pixels than this, from a file too small to hold them, is a decompression bomb.
MAX_PIXELS = 1 << 28
PIXELS_PER_BYTE = 4000
ATTEMPTS = 3
MAX_COMMENT = 1 << 16
#: Values of one file; one block more may go beyond it.
MAX_TEXTS = 10_000
#: Containers whose IIM the digest speaks of (MWG 2.0, 3.3).
_DIGESTED = frozenset({"jpeg", "tiff", "psd", "dng", "nef", "cr2", "arw"})

Path = bytes | str | os.PathLike[str] | os.PathLike[bytes]


def read(path: Path, data: bytes | None = None, *, fixity: bool = True) -> Embedded:
    """Everything that the photograph at `path` says of itself.

    `data` are the file's bytes where the caller has them already; the path is then only its name. `fixity=False`
    does not read the file to its end: `sha256` is None, and `identity` rests on a sample of the picture. Raises
    RefusedFile, whatever the bytes are, with the reason not-a-photo, too-large, unreadable or changed-while-read.
    """
    name = shown(path)
    try:
        if data is not None:
            return _read(name, Source(None, len(data), data, fixity), 0, fixity)
        return _open(name, path, fixity)
    except RefusedFile:
        raise
    except MemoryError:
        raise RefusedFile(name, "too-large", "it needs more memory than one photograph may take") from None
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise RefusedFile(name, "unreadable", f"the system cannot read it: {why}") from error
    except Exception as error:  # a fault of the reader costs this file, not the run
        raise RefusedFile(name, "unreadable", f"the reader failed on it ({type(error).__name__}: {error})") from error


def shown(path: Path) -> str:
    """A path fit to be printed: bytes that are not UTF-8, and control characters, as escapes."""
    name = os.fsencode(path).decode("utf-8", "backslashreplace")
    return name if name.isprintable() else "".join(c if c.isprintable() else ascii(c)[1:-1] for c in name)


def _open(name: str, path: Path, fixity: bool) -> Embedded:
    # Not to wait for a FIFO's other end; what is no regular file is refused below.
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY)
    try:
        for _ in range(ATTEMPTS):
            before = os.fstat(fd)
            if not stat.S_ISREG(before.st_mode):
                raise RefusedFile(name, "not-a-photo", "it is no regular file (a folder, a pipe, a device)")
            size = before.st_size
            if size > MAX_FILE:
                raise RefusedFile(name, "too-large", f"it has {size:,} bytes; the limit is {MAX_FILE:,}")
            head = os.pread(fd, size if fixity and size <= WHOLE else min(size, AHEAD), 0)
            source = Source(fd, size, head, fixity)
            got = _read(name, source, before.st_mtime_ns, fixity)
            after = os.fstat(fd)
            if (after.st_size, after.st_mtime_ns, after.st_ctime_ns) == (size, before.st_mtime_ns, before.st_ctime_ns):
                return got
    finally:
        os.close(fd)
    raise RefusedFile(name, "changed-while-read", "it was written to while it was read; read it again later")


def _read(name: str, source: Source, mtime_ns: int, fixity: bool) -> Embedded:
    head = source.head
    walk = walker(head)
    if walk is None:
        what = "it is empty" if not source.size else "its first bytes are of no photo format that is read"
        raise RefusedFile(name, "not-a-photo", what)
    parts = walk(source)
    pixels = (parts.width or 0) * (parts.height or 0)
    if pixels > MAX_PIXELS and pixels > source.size * PIXELS_PER_BYTE:
        raise RefusedFile(name, "too-large", f"it claims {pixels:,} pixels in {source.size:,} bytes")
    texts, notes = _texts(parts)
    sha256, identity = _digests(source, parts) if fixity else (None, _sampled(source, parts))
    return Embedded(
        parts.format, parts.width, parts.height, sha256, identity, source.size, mtime_ns, tuple(texts),
        tuple(dict.fromkeys(notes)),
    )  # fmt: skip


def _texts(parts: Parts) -> tuple[list[SourceText], list[str]]:
    out: list[SourceText] = []
    notes = list(parts.notes)
    packets = records = exifs = 0
    for kind, block in parts.blocks:
        if len(out) > MAX_TEXTS:
            notes.append(TOO_MUCH)
            break
        if kind == "xmp" or kind == "xmp+":
            packets += kind == "xmp"
            found, trouble = xmp.texts(block, notes=(f"packet {packets}",) if packets > 1 else ())
            out += found
            notes += trouble
        elif kind == "exif":
            tiff = exif.open_tiff(lambda start, length, block=block: block[start : start + length])  # type: ignore[misc]
            if tiff is None:
                notes.append("exif damaged")
            else:
                exifs += 1
                found = exif.texts(tiff)
                out += found if exifs == 1 else [t._replace(notes=(f"packet {exifs}", *t.notes)) for t in found]
        elif kind == "tiff" and parts.tiff is not None:
            out += exif.texts(*parts.tiff)
        elif kind == "iim":
            records += 1
            found, trouble = iim.texts(block, (f"packet {records}",) if records > 1 else ())
            out += found
            notes += trouble
            if parts.digest is not None and len(parts.digest) == 16 and parts.format in _DIGESTED:
                stale = hashlib.md5(block, usedforsecurity=False).digest() != parts.digest
                out.append(SourceText("photoshop:IPTCDigest", parts.digest.hex(), notes=("stale",) if stale else ()))
                parts.digest = None
        else:
            out += _chunk(kind, block)
    return out, notes


def _chunk(kind: str, block: bytes) -> list[SourceText]:
    """A text chunk: `text:NAME` in no declared charset, `latin:NAME` and `utf8:NAME` in theirs."""
    how, _, name = kind.partition(":")
    block = block[:MAX_COMMENT].rstrip(b"\0")
    if not block or block.isspace():
        return []
    got = undeclared(block) if how == "text" else declared(block, "utf-8" if how == "utf8" else "cp1252")
    raw = None if got.declared else block
    return [SourceText(name, got.text, 0, None, got.charset, got.declared, raw, got.notes)]


def _sampled(source: Source, parts: Parts) -> str:
    """An identity from the first bytes of the picture's own data and how many there are; never that of `_digests`."""
    own, left, length = hashlib.sha256(b"sampled"), SAMPLE, 0
    for start, end in parts.picture or [(0, source.size)]:
        length += end - start
        if left > 0:
            some = source.at(start, min(left, end - start))
            own.update(some)
            left -= len(some)
    own.update(b"%d" % length)
    return own.hexdigest()[:32]


def _digests(source: Source, parts: Parts) -> tuple[str, str]:
    """sha256 of the file, and the first 128 bits of the sha256 of its picture data (of the file where it has none)."""
    picture = parts.picture
    if len(source.head) == source.size:
        whole = hashlib.sha256(source.head).hexdigest()
        if not picture:
            return whole, whole[:32]
        view = memoryview(source.head)
        own = hashlib.sha256()
        for start, end in picture:
            own.update(view[start:end])
        return whole, own.hexdigest()[:32]
    full, own = hashlib.sha256(), hashlib.sha256()
    ordered = all(a[1] <= b[0] for a, b in pairwise(picture))
    at = 0
    for pos in range(0, source.size, CHUNK):
        chunk = source.at(pos, CHUNK)
        if not chunk:
            break
        full.update(chunk)
        if ordered:
            view = memoryview(chunk)
            while at < len(picture) and picture[at][0] < pos + len(chunk):
                start, end = picture[at]
                own.update(view[max(start - pos, 0) : end - pos])
                if end > pos + len(chunk):
                    break
                at += 1
    if not picture:
        return full.hexdigest(), full.hexdigest()[:32]
    if not ordered:
        for start, end in picture:
            for pos in range(start, end, CHUNK):
                own.update(source.at(pos, min(CHUNK, end - pos)))
    return full.hexdigest(), own.hexdigest()[:32]


def read_sidecar(path: Path, data: bytes | None = None) -> tuple[SourceText, ...]:
    """The texts of an XMP sidecar, named `sidecar:xmp:...`. Raises RefusedFile where it is none, or cannot be read."""
    name = shown(path)
    if data is None:
        try:
            fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY)
            try:
                facts = os.fstat(fd)
                if not stat.S_ISREG(facts.st_mode):
                    raise RefusedFile(name, "unreadable", "the sidecar is no regular file")
                data = os.pread(fd, min(facts.st_size, xmp.MAX_BYTES + 1), 0)
            finally:
                os.close(fd)
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise RefusedFile(name, "unreadable", f"the system cannot read the sidecar: {why}") from error
    try:
        texts, trouble = xmp.texts(data, "sidecar:xmp:")
    except Exception as error:
        raise RefusedFile(name, "unreadable", f"the sidecar is damaged ({type(error).__name__})") from error
    if not texts:
        raise RefusedFile(name, "unreadable", f"the sidecar holds no XMP ({', '.join(trouble) or 'no rdf:RDF'})")
    return tuple(texts)
