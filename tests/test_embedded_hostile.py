"""Files that are small to send and costly to read: each gives what its limits allow, and a note where they cut it."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive.errors import RefusedFile
from ingest.embedded import Embedded, read
from ingest.embedded.container import TOO_MUCH
from ingest.workers import Workers
from tests.photofiles import (
    LONG,
    box,
    chunk,
    dataset,
    exif_segment,
    jpeg,
    photoshop_segments,
    png,
    rdf,
    resource,
    segment,
    text,
    tiff,
    xmp_segment,
)


def packet(xmp: bytes) -> bytes:
    """A picture with one packet of any size."""
    return png(chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp))


def extents_without_bytes() -> bytes:
    """65,535 items of 65,535 extents each, in numbers of no width: four billion in 400 KB."""
    places = b"\0\0\0\0\0\0" + struct.pack(">H", 65535) + struct.pack(">HHH", 1, 0, 65535) * 65535
    meta = box(b"meta", bytes(4), box(b"pitm", bytes(4), b"\0\1"), box(b"iloc", places))
    return box(b"ftyp", b"heic", bytes(4), b"mif1") + meta


def one_packet_for_all_items() -> bytes:
    """Three thousand XMP items that all lie at the same place."""
    words, numbers = rdf("<dc:source>AP</dc:source>") + b" " * 500_000, range(1, 3001)
    infos = [box(b"infe", b"\2\0\0\0", struct.pack(">HH", n, 0), b"mime\0application/rdf+xml\0") for n in numbers]
    kind = box(b"ftyp", b"heic", bytes(4), b"mif1")

    def meta(at: int) -> bytes:
        places = b"".join(struct.pack(">HHHHII", n, 0, 0, 1, at, len(words)) for n in numbers)
        return box(b"meta", bytes(4), box(b"pitm", bytes(4), b"\0\1"),
                   box(b"iinf", bytes(4), struct.pack(">H", len(infos)), *infos),
                   box(b"iloc", b"\1\0\0\0\x44\0", struct.pack(">H", len(infos)), places))  # fmt: skip

    return kind + meta(len(kind) + len(meta(0)) + 8) + box(b"mdat", words)


def strips_without_end() -> bytes:
    """Five hundred directories that share one list of a million empty strips."""
    count, base = 1 << 20, 8 + (4 << 20)
    directories = b"".join(
        struct.pack("<HHHIIHHIII", 2, 273, LONG, count, 8, 279, LONG, count, 8, base + 30 * n if n < 500 else 0)
        for n in range(1, 501)
    )
    return b"II*\0" + struct.pack("<I", base) + bytes(4 << 20) + directories


def bomb_behind_full_room() -> bytes:
    """Plain text up to the last byte of the room and one more, then a hundred compressed megabytes."""
    plain = [chunk(b"tEXt", b"A\0" + b"x" * size) for size in [8 << 20] * 4 + [1]]
    stream = zlib.compressobj()
    zeros = b"".join(stream.compress(bytes(1 << 20)) for _ in range(99)) + stream.flush()
    return png(b"".join(plain) + chunk(b"zTXt", b"Title\0\0" + zeros))


FILES: dict[str, tuple[Callable[[], bytes], str | None]] = {
    "thirty thousand names of an unknown namespace": (
        lambda: packet(rdf("".join(f'<q:a{n} xmlns:q="u:1"/>' for n in range(30_000)))), None),
    "eight thousand unknown namespaces": (
        lambda: packet(rdf("".join(f'<q{n}:a xmlns:q{n}="u:{n}">x</q{n}:a>' for n in range(8000)))),
        "xmp: long values left out"),
    "a torn tag of three million letters": (lambda: packet(b"<rdf:RDF><" + b"a" * 3_000_000), "xmp damaged"),
    "a torn tag of two million spaces": (lambda: packet(b"<rdf:RDF><a " + b"x   " * 500_000 + b">"), "xmp damaged"),
    "a torn tag of nothing but quotes": (lambda: packet(b"<rdf:RDF><a " + b"'\"" * 500_000), "xmp damaged"),
    "extents without bytes": (extents_without_bytes, "damaged box"),
    "one packet for three thousand items": (one_packet_for_all_items, TOO_MUCH),
    "strips without end": (strips_without_end, None),
    "a bomb behind full room": (bomb_behind_full_room, TOO_MUCH),
    "a hundred thousand text chunks": (lambda: png(chunk(b"tEXt", b"Title\0x") * 100_000), TOO_MUCH),
    "twenty thousand comments": (lambda: jpeg(segment(0xFE, b"x") * 19_000), TOO_MUCH),
    "twenty thousand Exif blocks": (lambda: jpeg(exif_segment(tiff({0x010E: text("x")})) * 19_000), TOO_MUCH),
    "a million keywords in packets": (
        lambda: jpeg(xmp_segment(rdf(f"<dc:subject><rdf:Bag>{'<rdf:li>k</rdf:li>' * 3000}</rdf:Bag></dc:subject>"))
                     * 330), TOO_MUCH),
    "a hundred thousand keywords in IIM": (
        lambda: jpeg(photoshop_segments(resource(0x0404, dataset(2, 25, b"k") * 4000) * 25)), TOO_MUCH),
    "a hundred megabytes of Photoshop resources": (
        lambda: jpeg(segment(0xED, b"Photoshop 3.0\0" + bytes(65_000)) * 1100), TOO_MUCH),
}  # fmt: skip


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers[str, Embedded]]:
    with Workers(read, 1) as pool:
        yield pool


@pytest.mark.parametrize(("make", "note"), FILES.values(), ids=FILES.keys())
def test_a_hostile_file_stays_within_the_limits(
    make: Callable[[], bytes], note: str | None, workers: Workers[str, Embedded], tmp_path: Path
) -> None:
    """In a worker as every file is, with its limits on time and memory: neither is reached."""
    path = tmp_path / "hostile"
    path.write_bytes(make())
    ((_, got),) = workers.map([str(path)])
    assert not isinstance(got, RefusedFile), got
    assert note is None or note in got.notes
