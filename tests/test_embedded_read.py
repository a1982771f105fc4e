"""A file comes in, its tags come out verbatim, and nothing but a refusal can go wrong."""

from __future__ import annotations

import hashlib
import os
import threading
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.errors import RefusedFile
from ingest.embedded import Embedded, flat, read, reader
from ingest.embedded.container import Source
from ingest.reconcile import reconcile
from tests.photofiles import (
    RATIONAL,
    box,
    chunk,
    dataset,
    exif_segment,
    heic,
    jpeg,
    photoshop_segments,
    png,
    profile,
    psd,
    rdf,
    resource,
    riff,
    text,
    tiff,
    webp,
    xmp_segment,
)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "an empty file"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "an EPS named .jpg: nothing may start an interpreter for it"),
        (b"<html>", "a page that a download left behind"),
        (b"\xff\xd8", "two bytes of a JPEG"),
    ],
)
def test_what_is_no_photograph_is_refused(data: bytes, why: str, tmp_path: Path) -> None:
    file = tmp_path / "photo.jpg"
    file.write_bytes(data)
    with pytest.raises(RefusedFile) as refused:
        read(file)
    assert refused.value.reason == "not-a-photo", why


def test_facts_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "photo.jpg"
    file.write_bytes(jpeg())
    got = read(file)
    assert got.sha256 == hashlib.sha256(jpeg()).hexdigest()
    assert (got.size, got.mtime_ns) == (len(jpeg()), file.stat().st_mtime_ns)
    assert read(os.fsencode(file)) == read(str(file)) == got


def test_without_fixity_a_picture_is_known_by_a_sample_of_itself(tmp_path: Path) -> None:
    def sampled(caption: bytes, scan: bytes) -> tuple[str | None, str, list[str]]:
        file = tmp_path / "photo.jpg"
        file.write_bytes(jpeg(photoshop_segments(resource(0x0404, dataset(2, 120, caption))), scan=scan))
        got = read(file, fixity=False)
        return got.sha256, got.identity, [t.text for t in got.texts]

    sha256, identity, texts = sampled(b"cap", b"its own data" * 9000)
    assert (sha256, texts) == (None, ["cap"])
    assert sampled(b"a longer caption", b"its own data" * 9000)[1] == identity, "whatever its metadata are"
    assert sampled(b"cap", b"its own date" * 9000)[1] != identity
    assert sampled(b"cap", b"its own data" * 9001)[1] != identity
    assert read(tmp_path / "photo.jpg").identity != identity, "never taken for the digest of the whole"


def test_what_is_no_regular_file_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "photo.jpg"
    os.mkfifo(pipe)
    for path in (pipe, tmp_path, Path("/dev/zero")):
        with pytest.raises(RefusedFile) as refused:
            read(path)
        assert refused.value.reason == "not-a-photo"


def test_what_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    for path in (tmp_path / "missing.jpg", loop, "nul\0byte"):
        with pytest.raises(RefusedFile) as refused:
            read(path)
        assert refused.value.reason == "unreadable"


@pytest.mark.parametrize(
    ("name", "shown"), [(b"bad\xffname.jpg", "bad\\xffname.jpg"), (b"two\nlines.jpg", "two\\nlines.jpg")]
)
def test_names_are_printed_safely(name: bytes, shown: str, tmp_path: Path) -> None:
    with pytest.raises(RefusedFile) as refused:
        read(os.fsencode(tmp_path) + b"/" + name, b"no photo")
    assert shown in str(refused.value)
    assert str(refused.value).isprintable()


def test_a_file_that_is_being_written_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "photo.jpg"
    file.write_bytes(jpeg(scan=b"x" * (24 << 20)))  # large enough that reading it takes longer than one change
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            os.utime(file, ns=(time.time_ns(), time.time_ns()))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        with pytest.raises(RefusedFile) as refused:
            read(file)
        assert refused.value.reason == "changed-while-read"
    finally:
        stop.set()
        writer.join()
    assert read(file).size == file.stat().st_size


def test_a_file_that_changes_once_while_it_is_read_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its tags and digests are then all of the new content, never some of the old."""
    file = tmp_path / "photo.jpg"
    old, new = (jpeg(xmp_segment(rdf(f"<dc:source>{words}</dc:source>"))) for words in ("old", "new"))
    file.write_bytes(old)
    os.utime(file, ns=(1, 1))
    at_first = []
    unchanged = reader._read

    def read_and_change(name: str, source: Source, mtime_ns: int, fixity: bool) -> Embedded:
        got = unchanged(name, source, mtime_ns, fixity)
        if not at_first:
            at_first.append(got.texts[0].text)
            file.write_bytes(new)
        return got

    monkeypatch.setattr(reader, "_read", read_and_change)
    got = read(file)
    assert at_first == ["old"]
    assert (got.texts[0].text, got.sha256) == ("new", hashlib.sha256(new).hexdigest())


_IIM = dataset(1, 90, b"\x1b%G") + dataset(2, 80, b"Jane Doe") + dataset(2, 120, "Łódź".encode())
_XMP = rdf("<dc:creator><rdf:Seq><rdf:li>Jane Doe</rdf:li></rdf:Seq></dc:creator>", 'photoshop:City="Kyiv"')
_EXIF = tiff(
    {0x010E: text("caption"), 0x013B: text("Jane Doe")}, {0x9003: text("2024:03:05 14:22:10")},
    {1: text("N"), 2: (RATIONAL, [(50, 1), (27, 1), (0, 1)]), 3: text("E"), 4: (RATIONAL, [(30, 1), (31, 1), (0, 1)])},
)  # fmt: skip
_FILES = [
    jpeg(exif_segment(_EXIF), photoshop_segments(resource(0x0425, b"d" * 16) + resource(0x0404, _IIM)),
         xmp_segment(_XMP)),
    tiff({0x010E: text("caption"), 33723: (7, _IIM), 700: (1, _XMP)}, {0x9003: text("2024:03:05 14:22:10")},
         strip=b"pp"),
    png(chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + _XMP), profile("iptc", _IIM), chunk(b"eXIf", _EXIF)),
    webp(riff(b"EXIF", _EXIF), riff(b"XMP ", _XMP)),
    heic([(b"hvc1", b"", b"pp"), (b"Exif", b"", bytes(4) + _EXIF), (b"mime", b"application/rdf+xml", _XMP)]),
    psd(resource(0x0404, _IIM) + resource(0x0424, _XMP) + resource(0x0422, _EXIF)),
    box(b"ftyp", b"avif", bytes(4)) + box(b"meta", bytes(4), box(b"iloc", b"\1\0\0\0\x44\0\xff\xff")),
]  # fmt: skip


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(_FILES),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(max_size=8), st.integers(0, 8)), max_size=8),
    st.floats(0, 1),
)
def test_no_damage_does_more_than_refuse_the_file(
    file: bytes, edits: list[tuple[float, bytes, int]], keep: float
) -> None:
    """Bytes changed, put in, taken out, the end cut off: tags, or a refusal that is no fault of the reader."""
    data = bytearray(file)
    for where, put, drop in edits:
        at = int(where * len(data))
        data[at : at + drop] = put
    data = data[: max(int(len(data) * (1 - keep / 4)), 1)]
    try:
        got = read("photo", bytes(data))
    except RefusedFile as refused:
        assert refused.reason in ("not-a-photo", "too-large")
        return
    values = reconcile(got.texts)
    for s in values.statements:
        assert s.text is not None
        assert s.span is None or got.texts[s.text].text[s.span.start : s.span.end] == s.verbatim
    flat(got, values)


@given(st.binary(max_size=200), st.sampled_from([f[:n] for f in _FILES for n in (4, 12, 30)]))
def test_any_bytes_at_all(tail: bytes, head: bytes) -> None:
    try:
        read("photo", head + tail)
    except RefusedFile as refused:
        assert refused.reason in ("not-a-photo", "too-large")


def test_the_flat_view_names_values_and_sources() -> None:
    file = jpeg(exif_segment(_EXIF), photoshop_segments(resource(0x0404, _IIM)), xmp_segment(_XMP))
    got = read("photo.jpg", file)
    view = flat(got, reconcile(got.texts))
    assert {k: view[k] for k in ("caption", "byline", "city", "datetime_original", "format", "width", "height")} == {
        "caption": "Łódź", "byline": ["Jane Doe"], "city": "Kyiv", "datetime_original": "2024-03-05T14:22:10",
        "format": "jpeg", "width": 80, "height": 60,
    }  # fmt: skip
    assert (view["gps_lat"], view["gps_lon"]) == (50.45, pytest.approx(30.5166667))
    assert view["sources"] == {t.source: t.text for t in got.texts}
