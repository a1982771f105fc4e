"""Every container carries the same tags out, and its picture's identity is what stays when they change."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.errors import RefusedFile
from ingest.embedded import Embedded, read, reader
from ingest.reconcile import reconcile
from tests.photofiles import (
    LONG,
    SHORT,
    box,
    chunk,
    dataset,
    exif_segment,
    heic,
    jpeg,
    jxl,
    photoshop_segments,
    png,
    profile,
    psd,
    rdf,
    resource,
    riff,
    segment,
    text,
    tiff,
    webp,
    xmp_segment,
)

#: From a caption and a picture to a file of that kind.
Maker = Callable[[str, bytes], bytes]


def _exif(words: str) -> bytes:
    return tiff({0x010E: text(words)})


def _xmp(words: str) -> bytes:
    return rdf(f"<dc:source>{words}</dc:source>")


def _iim(words: str) -> bytes:
    return dataset(2, 120, words.encode())


def _raw(magic: bytes = b"", **tags: tuple[int, object]) -> Maker:
    return lambda words, picture: tiff({0x010E: text(words)}, strip=picture, magic=magic)


def _make(make: str, extra: dict[int, tuple[int, int]]) -> Maker:
    def file(words: str, picture: bytes) -> bytes:
        return tiff({0x010E: text(words), 0x010F: text(make), **extra}, strip=picture)

    return file


def _itxt(packed: bool) -> Maker:
    def file(words: str, picture: bytes) -> bytes:
        data = zlib.compress(_xmp(words)) if packed else _xmp(words)
        return png(chunk(b"iTXt", b"XML:com.adobe.xmp\0" + bytes([packed, 0]) + b"\0\0" + data), pixels=picture)

    return file


MAKERS: dict[str, tuple[str, Maker]] = {
    "JPEG, Exif": ("jpeg", lambda w, p: jpeg(exif_segment(_exif(w)), scan=p)),
    "JPEG, XMP": ("jpeg", lambda w, p: jpeg(xmp_segment(_xmp(w)), scan=p)),
    "JPEG, IIM": ("jpeg", lambda w, p: jpeg(photoshop_segments(resource(0x0404, _iim(w))), scan=p)),
    "JPEG, a comment and a trailer": ("jpeg", lambda w, p: jpeg(segment(0xFE, w.encode()), scan=p, trailer=w.encode())),
    "TIFF, Exif": ("tiff", _raw()),
    "TIFF, XMP": ("tiff", lambda w, p: tiff({700: (1, _xmp(w))}, strip=p)),
    "TIFF, IIM": ("tiff", lambda w, p: tiff({33723: (7, _iim(w))}, strip=p)),
    "TIFF, Photoshop": ("tiff", lambda w, p: tiff({34377: (1, resource(0x0404, _iim(w)))}, strip=p)),
    "DNG": ("dng", lambda w, p: tiff({0x010E: text(w), 50706: (1, b"\1\4\0\0")}, strip=p)),
    "NEF": ("nef", _make("NIKON CORPORATION", {254: (LONG, 1), 330: (LONG, 8)})),
    "ARW": ("arw", _make("SONY", {254: (LONG, 1), 330: (LONG, 8)})),
    "ORF": ("orf", _raw(b"RO")),
    "RW2": ("rw2", _raw(b"U\0")),
    "PNG, eXIf": ("png", lambda w, p: png(chunk(b"eXIf", _exif(w)), pixels=p)),
    "PNG, iTXt": ("png", _itxt(False)),
    "PNG, packed iTXt": ("png", _itxt(True)),
    "PNG, raw profile exif": ("png", lambda w, p: png(profile("exif", b"Exif\0\0" + _exif(w)), pixels=p)),
    "PNG, raw profile APP1": ("png", lambda w, p: png(profile("APP1", b"Exif\0\0" + _exif(w)), pixels=p)),
    "PNG, raw profile xmp": ("png", lambda w, p: png(profile("xmp", _xmp(w)), pixels=p)),
    "PNG, raw profile iptc": ("png", lambda w, p: png(profile("iptc", resource(0x0404, _iim(w))), pixels=p)),
    "PNG, raw profile of bare IIM": ("png", lambda w, p: png(profile("iptc", _iim(w)), pixels=p)),
    "PNG, behind the picture": ("png", lambda w, p: png(pixels=p, after=chunk(b"eXIf", _exif(w)))),
    "WebP, EXIF": ("webp", lambda w, p: webp(riff(b"EXIF", _exif(w)), pixels=b"\x2f\x4f\xc0\x0e\0" + p)),
    "WebP, EXIF with JPEG's header": (
        "webp", lambda w, p: webp(riff(b"EXIF", b"Exif\0\0" + _exif(w)), pixels=b"\x2f\x4f\xc0\x0e\0" + p)
    ),
    "WebP, XMP": ("webp", lambda w, p: webp(riff(b"XMP ", _xmp(w)), pixels=b"\x2f\x4f\xc0\x0e\0" + p)),
    "WebP, XMP, its name misspelt": (
        "webp", lambda w, p: webp(riff(b"XMP\0", _xmp(w)), pixels=b"\x2f\x4f\xc0\x0e\0" + p)
    ),
    "HEIC, Exif": ("heic", lambda w, p: heic([(b"hvc1", b"", p), (b"Exif", b"", b"\0\0\0\6Exif\0\0" + _exif(w))])),
    "HEIC, XMP": ("heic", lambda w, p: heic([(b"hvc1", b"", p), (b"mime", b"application/rdf+xml", _xmp(w))])),
    "AVIF, in idat": (
        "avif", lambda w, p: heic([(b"av01", b"", p), (b"Exif", b"", bytes(4) + _exif(w))], brand=b"avif", in_idat=True)
    ),
    "JPEG XL, Exif": ("jxl", lambda w, p: jxl(box(b"Exif", bytes(4) + _exif(w)), box(b"jxlc", p))),
    "JPEG XL, XMP": ("jxl", lambda w, p: jxl(box(b"xml ", _xmp(w)), box(b"jxlc", p))),
    "PSD, IIM": ("psd", lambda w, p: psd(resource(0x0404, _iim(w)), layers=p)),
    "PSD, XMP": ("psd", lambda w, p: psd(resource(0x0424, _xmp(w)), layers=p)),
    "PSD, Exif": ("psd", lambda w, p: psd(resource(0x0422, _exif(w)), layers=p)),
}  # fmt: skip


def cr2(words: str, picture: bytes) -> bytes:
    """Canon's raw: eight more bytes of header, so that the first directory begins at 16."""
    block = tiff({0x010E: (2, words.encode()[:4])}, strip=picture)
    moved = bytearray(block[:4] + struct.pack("<I", 16) + b"CR\2\0" + bytes(4) + block[8:])
    struct.pack_into("<I", moved, 16 + 2 + 12 * 3 + 8, block.index(picture) + 8)
    return bytes(moved)


MAKERS["CR2"] = ("cr2", lambda w, p: cr2(w, p))
every_container = pytest.mark.parametrize(("kind", "maker"), MAKERS.values(), ids=MAKERS.keys())


def of(file: bytes) -> Embedded:
    return read("photo", file)


@every_container
def test_the_tag_comes_out(kind: str, maker: Maker) -> None:
    got = of(maker("cap", b"a picture"))
    said = [t.text for t in got.texts if t.source != "exif:Make"]
    assert (got.format, said, got.notes) == (kind, ["cap"], ())


@every_container
def test_identity_is_the_picture_and_not_what_is_said_of_it(kind: str, maker: Maker) -> None:
    before, after = of(maker("one", b"a picture")), of(maker("two", b"a picture"))
    other = of(maker("one", b"b picture"))
    assert before.identity == after.identity != other.identity
    assert len({before.sha256, after.sha256, other.sha256}) == 3
    assert len(before.identity) == 32


@every_container
def test_a_large_file_reads_as_a_small_one(
    kind: str, maker: Maker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Above the size that is read whole, the same tags and digests come from reading in pieces."""
    monkeypatch.setattr(reader, "WHOLE", 0)
    monkeypatch.setattr(reader, "AHEAD", 40)
    monkeypatch.setattr(reader, "CHUNK", 7)
    file = tmp_path / "photo"
    data = maker("cap", b"a picture" * 20)
    file.write_bytes(data)
    pieces, whole = read(file), of(data)
    assert (pieces.texts, pieces.sha256, pieces.identity) == (whole.texts, whole.sha256, whole.identity)


@pytest.mark.parametrize(
    "file",
    [jpeg(), tiff({}, strip=b"x"), png(), webp(), psd(b""), heic([(b"hvc1", b"", b"x")]),
     heic([(b"av01", b"", b"x")], brand=b"avif")],
    ids=["jpeg", "tiff", "png", "webp", "psd", "heic", "avif"],
)  # fmt: skip
def test_size_in_pixels(file: bytes) -> None:
    assert (of(file).width, of(file).height) == (80, 60)


def test_a_preview_is_not_the_picture() -> None:
    """In a raw file the first directory is a thumbnail; the picture is in a sub-directory."""
    inner = struct.pack("<H", 3) + b"".join(
        struct.pack("<HHII", tag, LONG, 1, value) for tag, value in ((254, 0), (256, 8000), (257, 6000))
    ) + bytes(4)
    outer = tiff({254: (LONG, 1), 330: (LONG, 0), 0x010F: text("NIKON CORPORATION")}, strip=b"thumbnail")
    at = outer.index(struct.pack("<HHI", 330, LONG, 1)) + 8
    file = bytearray(outer)
    struct.pack_into("<I", file, at, len(file))
    got = of(bytes(file) + inner)
    assert (got.format, got.width, got.height) == ("nef", 8000, 6000)


def test_of_several_pictures_in_a_heic_the_primary_one_is_told_of() -> None:
    """Its Exif is named by a reference, wherever it stands; that of the others comes before it, and is not believed."""
    one, other = (bytes(4) + _exif(words) for words in ("primary", "second"))
    got = of(heic([(b"hvc1", b"", b"x"), (b"Exif", b"", one), (b"hvc1", b"", b"y"), (b"Exif", b"", other)],
                  describes=[(2, 1), (4, 3)]))  # fmt: skip
    assert [(t.text, t.notes) for t in got.texts] == [("second", ()), ("primary", ("packet 2",))]
    (won,) = [s for s in reconcile(got.texts).statements if s.rank == 0]
    assert won.value == "primary"


def test_png_text_in_its_own_words() -> None:
    got = of(png(chunk(b"tEXt", b"Author\0J\xe4ne"), chunk(b"zTXt", b"Title\0\0" + zlib.compress(b"T")),
                 chunk(b"iTXt", b"Description\0\0\0uk\0\0" + "Опис".encode())))  # fmt: skip
    assert [(t.source, t.text) for t in got.texts] == [
        ("png:Author", "Jäne"), ("png:Title", "T"), ("png:Description", "Опис"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "note"),
    [
        (png(chunk(b"zTXt", b"Title\0\0" + zlib.compress(b"\0" * (64 << 20)))),
         "png text refused: it unpacks to more than 8 MB"),
        (png(chunk(b"zTXt", b"Title\0\0no zlib")), "png text damaged"),
        (png(chunk(b"tEXt", b"Raw profile type iptc\0no profile")), "png profile damaged"),
        (png()[:40], "truncated"),
        (jpeg()[:12], "truncated"),
        (heic([(b"hvc1", b"", b"x" * 99)])[:-9], "truncated"),
        (psd(resource(0x0404, b"x" * 99))[:60], "truncated"),
        (tiff({})[:9], "damaged directory"),
    ],
    ids=["a bomb in a text chunk", "no zlib stream", "no profile", "png", "jpeg", "heic", "psd", "tiff"],
)  # fmt: skip
def test_damage_is_noted(file: bytes, note: str) -> None:
    assert note in of(file).notes


@pytest.mark.parametrize(
    "file",
    [png(size=(50_000, 50_000)), tiff({256: (LONG, 1 << 20), 257: (LONG, 1 << 20)}),
     jpeg().replace(struct.pack(">HH", 60, 80), b"\xff\xff\xff\xff")],
    ids=["png", "tiff", "jpeg"],
)  # fmt: skip
def test_decompression_bombs_are_refused(file: bytes) -> None:
    with pytest.raises(RefusedFile) as refused:
        of(file)
    assert refused.value.reason == "too-large"


def test_garbage_between_segments_is_stepped_over() -> None:
    file = jpeg(segment(0xE0, b"JFIF\0"), b"garbage\xff\x00", exif_segment(_exif("cap")))
    assert [t.text for t in of(file).texts] == ["cap"]


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (box(b"ftyp", b"isom", bytes(4), b"mp42") + box(b"mdat", b"x"), "a film"),
        (b"RIFF\0\0\0\0WAVEfmt ", "a sound"),
        (b"%PDF-1.7\n", "a document"),
        (b"GIF89a\1\0\1\0\0\0\0", "a GIF: no press photograph"),
        (b"8BPS\0\3", "no Photoshop version that is known"),
    ],
)
def test_formats_are_an_allow_list(file: bytes, why: str) -> None:
    with pytest.raises(RefusedFile) as refused:
        of(file)
    assert refused.value.reason == "not-a-photo", why


def test_overlapping_strips_do_not_multiply_the_work() -> None:
    """A thousand strips of the whole file: the file itself is digested instead."""
    offsets = [8] * 1000
    file = tiff({273: (LONG, offsets), 279: (LONG, [4000] * 1000), 0x0112: (SHORT, 1)})
    got = of(file)
    assert got.sha256 is not None
    assert got.identity == got.sha256[:32]
