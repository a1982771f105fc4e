"""Files in an object store (`s3://bucket/prefix`, or another address that fsspec knows), as if they lay in a folder.

Who may read and where the store is come from the environment, as its own tools take them: for S3
`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_PROFILE`, `AWS_ENDPOINT_URL`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, BinaryIO, cast

from archive.errors import ArchiveError
from archive.records import Refusal
from ingest.sources import File, alone, is_sidecar, paired, sidecar_names, sighting

#: The largest object that is read, in bytes: it is held in memory, and a worker has 512 MiB.
LARGEST = 256 << 20
_TIMES = ("LastModified", "last_modified", "mtime", "created")


def _system(address: str) -> tuple[Any, str, str]:
    """(file system, the address without its scheme, the scheme with `://`). Raises ArchiveError."""
    scheme, mark, rest = address.partition("://")
    try:
        import fsspec

        system = fsspec.filesystem(scheme, use_listings_cache=False)
    except ImportError as error:
        raise ArchiveError(f"{address} needs another package: pip install 'cutline[s3]' ({error}).") from error
    except ValueError as error:
        raise ArchiveError(f"{address}: {error}.") from error
    return system, rest, scheme + mark


def is_folder(address: str) -> bool:
    """Whether an address is a prefix with objects below it. Raises ArchiveError where nothing is there."""
    system, path, _ = _system(address)
    try:
        if system.isdir(path):
            return True
        if system.isfile(path):
            return False
    except Exception as error:  # each store raises its own
        raise ArchiveError(f"{address} cannot be reached: {_told(error)}. Nothing was read.") from error
    raise ArchiveError(f"{address}: nothing is stored there. Nothing was read.")


def files(address: str, folder: bool) -> Iterator[File | Refusal]:
    """Every object below an address, in byte order of whole keys, sidecars with their picture; or the one object."""
    system, path, scheme = _system(address)
    if folder:
        yield from _walk(system, path, scheme)
    else:
        yield _file(system.info(path), scheme + path, ())


def _walk(system: Any, folder: str, scheme: str) -> Iterator[File | Refusal]:
    try:
        listing = system.ls(folder, detail=True)
    except Exception as error:
        yield Refusal(sighting(scheme + folder), "unreadable", f"The folder cannot be listed: {_told(error)}.")
        return
    entries = {}
    for entry in listing:
        path = entry["name"].rstrip("/")
        name = path.rpartition("/")[2]
        if path.strip("/") != folder.strip("/") and name and name[0] != ".":
            entries[name + "/" if entry["type"] == "directory" else name] = entry
    names = sorted(entries, key=lambda name: name.encode("utf-8", "surrogatepass"))
    beside = paired(names)
    for name in names:
        address = f"{scheme}{folder}/{name}"
        if name[-1] == "/":
            yield from _walk(system, f"{folder}/{name[:-1]}", scheme)
        elif is_sidecar(name):
            if name not in beside:
                yield alone(address)
        else:
            own = [side for side in sidecar_names(name) if side in beside] if beside else []
            found = _file(entries[name], address, tuple(f"{scheme}{folder}/{side}" for side in own))
            times = [_time(entries[side]) for side in own]
            yield found._replace(mtime_ns=max([found.mtime_ns, *times])) if times else found


def _file(entry: dict[str, Any], address: str, sidecars: tuple[str, ...]) -> File:
    return File(address, int(entry.get("size") or 0), _time(entry), sidecars)


def _time(entry: dict[str, Any]) -> int:
    """When an object was written, in nanoseconds since 1970; 0 where its store does not say."""
    found = next((entry[name] for name in _TIMES if entry.get(name)), 0)
    if isinstance(found, dt.datetime):
        return int(found.timestamp()) * 1_000_000_000 + found.microsecond * 1000
    return int(found * 1e9) if isinstance(found, int | float) else 0


def read(address: str) -> bytes:
    """A whole object. Raises OSError, whatever its store raises."""
    system, path, _ = _system(address)
    try:
        size = system.info(path)["size"] or 0
        if size > LARGEST:
            raise OSError(27, f"{size:,} bytes; at most {LARGEST:,} are read from an object store")
        return cast(bytes, system.cat_file(path))
    except OSError as error:
        raise OSError(error.errno or 5, error.strerror or _told(error)) from error
    except Exception as error:
        raise OSError(5, _told(error)) from error


def version(address: str) -> tuple[int, ...]:
    """What changes when an object is written anew. Raises OSError."""
    system, path, _ = _system(address)
    about = system.info(path)
    return int(about.get("size") or 0), _time(about)


def opened(address: str) -> BinaryIO:
    """An object to be read piece by piece. Raises OSError."""
    system, path, _ = _system(address)
    return cast(BinaryIO, system.open(path, "rb"))


def _told(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0].rstrip(".")
