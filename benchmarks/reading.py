"""How fast the reader is, against exiftool and pyexiv2 on the same 400 files in one interleaved run.

`python -m benchmarks.reading` writes `benchmarks/results/reading.md`. What counts is processor time (user and system),
as a ratio in the same run, the median of the rounds. exiftool must be installed; pyexiv2 is GPL, so it is installed
into an environment that only this benchmark uses (`--peer DIR`, made where it is missing) and never into cutline's.
"""

from __future__ import annotations

import argparse
import functools
import hashlib
import io
import json
import os
import random
import resource
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from archive.errors import RefusedFile
from ingest.embedded import Embedded, flat, read
from ingest.reconcile import reconcile
from ingest.workers import Workers
from samples import metadata

FILES = 400
ROUNDS = 5
RESULTS = Path(__file__).parent / "results" / "reading.md"

#: The peer's program: read Exif, IIM and XMP of every file, print the processor seconds that took.
_PEER = """
import sys, time, pyexiv2
pyexiv2.set_log_level(4)
start = time.process_time()
for path in sys.argv[1:]:
    image = pyexiv2.Image(path)
    image.read_exif(); image.read_iptc(); image.read_xmp()
    image.close()
print(time.process_time() - start)
"""


def _picture(seed: int) -> bytes:
    from PIL import Image

    size = (900 + seed % 5 * 60, 600)
    noise = random.Random(seed).randbytes(size[0] // 6 * (size[1] // 6))
    image = Image.frombytes("L", (size[0] // 6, size[1] // 6), noise).resize(size).convert("RGB")
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


def furniture(thumbnail: bytes, iim: bytes, profile: bytes) -> bytes:
    """What else stands in a file that went through Photoshop: its resources, the digest of the IIM, a profile."""
    resources = {
        0x03ED: bytes.fromhex("012c000000010001012c000000010001"), 0x0406: bytes.fromhex("00070000000101"),
        0x040A: b"\1", 0x0414: (1).to_bytes(4, "big"), 0x0425: hashlib.md5(iim).digest(),
        0x040C: struct.pack(">6I2H", 1, 160, 107, 480, 51360, len(thumbnail), 24, 1) + thumbnail,
    }  # fmt: skip
    blocks = b"".join(metadata.image_resource(number, data) for number, data in {0x0404: iim, **resources}.items())
    segments = [(0xED, b"Photoshop 3.0\0" + blocks), (0xE2, b"ICC_PROFILE\0\1\1" + profile)]
    return b"".join(struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data for marker, data in segments)


def with_history(packet: bytes, n: int) -> bytes:
    """The packet with an editing history of five steps, and the two kilobytes of padding that it is to be edited in."""
    step = (
        '<rdf:li stEvt:action="saved" stEvt:instanceID="xmp.iid:{0:08x}-0000-4000-8000-{1:012x}" '
        'stEvt:when="2024-03-05T1{0}:22:10+02:00" stEvt:softwareAgent="Adobe Photoshop 25.5" stEvt:changed="/"/>'
    )
    history = (
        '<rdf:Description rdf:about="" xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/" '
        'xmlns:stEvt="http://ns.adobe.com/xap/1.0/sType/ResourceEvent#"><xmpMM:History><rdf:Seq>'
        + "".join(step.format(i, n) for i in range(5))
        + "</rdf:Seq></xmpMM:History></rdf:Description></rdf:RDF>"
    ).encode()
    padding = (b" " * 99 + b"\n") * 20
    return packet.replace(b"</rdf:RDF>", history).replace(b"<?xpacket end", padding + b"<?xpacket end")


def make(folder: Path) -> None:
    """The files: what a wire sends, IIM, XMP and Exif that agree, and what Photoshop and the camera add to it."""
    from PIL import ImageCms

    folder.mkdir(parents=True, exist_ok=True)
    choice = random.Random(400)
    pictures = [_picture(n) for n in range(10)]
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    towns = [
        ("Pokrovsk", "Donetsk Region", "Ukraine"), ("Ramstein", "Rheinland-Pfalz", "Germany"), ("Łódź", "", "Poland"),
    ]  # fmt: skip
    for n in range(FILES):
        town, state, country = choice.choice(towns)
        who = choice.choice(["Jana Příkladová", "Sam Sample", "Олена Зразок"])
        agency = choice.choice(["AP", "Reuters", "AFP", "dpa"])
        day = f"2024{n % 12 + 1:02}{n % 28 + 1:02}"
        caption = (
            f"Soldiers of the {choice.randrange(20, 160)}th Mechanized Brigade carry ammunition near {town}, "
            f"{country}, on {n % 28 + 1} March 2024, as fighting goes on along the front line. ({agency} Photo/{who})"
        )
        one = {
            "headline": f"{country} War", "credit": agency, "source": agency, "city": town, "state": state,
            "country": country, "instructions": "No archive. No sales.", "job_id": f"XYZ{n}",
        }  # fmt: skip
        iim = metadata.iim(
            {**{k: v for k, v in one.items() if v}, "caption": caption, "byline": who, "object_name": "FRONT",
             "keywords": ["army", "war", town], "date_created": day, "time_created": "142210+0200",
             "copyright": f"© {agency}"}, declared=n % 3 != 0)  # fmt: skip
        names = {
            "headline": "photoshop:Headline", "credit": "photoshop:Credit", "source": "photoshop:Source",
            "city": "photoshop:City", "state": "photoshop:State", "country": "photoshop:Country",
            "instructions": "photoshop:Instructions", "job_id": "photoshop:TransmissionReference",
        }  # fmt: skip
        packet = metadata.xmp({
            **{names[k]: v for k, v in one.items() if v}, "dc:description": caption, "dc:creator": [who],
            "dc:subject": ["army", "war", town], "dc:rights": f"© {agency}",
            "photoshop:DateCreated": f"{day[:4]}-{day[4:6]}-{day[6:]}T14:22:10+02:00",
            "Iptc4xmpCore:CountryCode": "UKR", "xmpRights:UsageTerms": "Editorial use only",
            "Iptc4xmpExt:LocationShown": [{"Iptc4xmpExt:City": town, "Iptc4xmpExt:CountryName": country}],
        })  # fmt: skip
        exif = metadata.exif(
            {"ImageDescription": caption[:120], "Make": "Canon", "Model": "EOS R5", "Artist": who,
             "Copyright": agency, "DateTime": "2024:03:05 16:00:00", "Orientation": 1, "Software": "Photoshop 25.5",
             "DateTimeOriginal": "2024:03:05 14:22:10", "DateTimeDigitized": "2024:03:05 14:22:10",
             "OffsetTimeOriginal": "+02:00", "SubsecTimeOriginal": "31", "ISOSpeedRatings": 400, "FocalLength": 200,
             "ExposureProgram": 1, "MeteringMode": 5, "Flash": 16, "ColorSpace": 1, "WhiteBalance": 0,
             "BodySerialNumber": "012345", "LensModel": "RF70-200mm F2.8"},
            gps=(48.28, 37.18) if n % 2 else None)  # fmt: skip
        file = metadata.jpeg_with(pictures[n % 10], xmp=with_history(packet, n), exif=exif)
        (folder / f"{n:04}.jpg").write_bytes(file[:2] + furniture(pictures[0][:4000], iim, profile) + file[2:])


def tags(path: str) -> Embedded:
    """The reader alone: every tag, no digests."""
    return read(path, fixity=False)


def values(path: str) -> dict[str, object]:
    """Tags and their precedence: what exiftool is asked for, and more."""
    embedded = read(path, fixity=False)
    return flat(embedded, reconcile(embedded.texts))


def whole(path: str) -> Embedded:
    """Tags, and both digests of the whole file."""
    return read(path)


def described(path: str) -> dict[str, object]:
    """What `cutline read --json` prints of a file: tags, digests, values, conflicts."""
    embedded = read(path)
    return flat(embedded, reconcile(embedded.texts))


def naive(path: str) -> object:
    """What one would write first: Pillow for IIM and XMP, ExifRead for Exif."""
    import exifread
    from PIL import Image, IptcImagePlugin

    with Image.open(path) as image:
        found = (IptcImagePlugin.getiptcinfo(image), image.getxmp())
    with Path(path).open("rb") as file:
        return found, exifread.process_file(file, details=False)


OURS: dict[str, Callable[[str], object]] = {
    "tags": tags, "values": values, "whole": whole, "described": described, "naive": naive,
}  # fmt: skip


def _spent(command: list[str]) -> float:
    """Processor seconds of a command, its start-up included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def _said(command: list[str]) -> float:
    """Processor seconds that a program says its work took, its start-up left out."""
    out = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return float(out.stdout)


def _peer(folder: Path) -> Path | None:
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        done = subprocess.run([python, "-m", "pip", "install", "--quiet", "pyexiv2"], check=False)
        if done.returncode:
            shutil.rmtree(folder)
            return None
    return python


def _wall(workers: Workers[str, dict[str, object]], paths: list[str], parent: list[float]) -> float:
    """Seconds on the clock; what of them this process spent at work is added to `parent`."""
    start, spent = time.perf_counter(), time.process_time()
    for _, got in workers.map(paths):
        if isinstance(got, RefusedFile):
            raise got
    parent.append(time.process_time() - spent)
    return time.perf_counter() - start


def run(folder: Path, peer: Path | None, rounds: int) -> dict[str, list[float]]:
    """Seconds of every round, by reader; the readers take turns, so that a busy moment falls on all of them."""
    paths = sorted(str(p) for p in folder.glob("*.jpg"))
    measured: dict[str, Callable[[], float]] = {
        "exiftool": lambda: _spent(["exiftool", "-j", *paths]),
        **{name: functools.partial(_said, [sys.executable, "-m", "benchmarks.reading", "--only", name, str(folder)])
           for name in OURS},
    }  # fmt: skip
    if peer is not None:
        measured["pyexiv2"] = lambda: _said([str(peer), "-c", _PEER, *paths])
    with Workers(described, 1) as one, Workers(described, 2) as two:
        for pool in (one, two):
            list(pool.map(paths[:32]))  # their start is not measured
        measured["one worker, wall"] = lambda: _wall(one, paths, [])
        measured["two workers, wall"] = lambda: _wall(two, paths, parent)
        parent: list[float] = []
        out: dict[str, list[float]] = {name: [] for name in measured}
        for _ in range(rounds):
            for name, measure in measured.items():
                out[name].append(measure())
    return {**out, "parent": parent}


def report(seconds: dict[str, list[float]], size: int, load: float) -> str:
    """The figures as Markdown; `load` is what else the machine was doing when the run began, in processes."""

    def ratio(slow: str, fast: str) -> float:
        return statistics.median(s / f for s, f in zip(seconds[slow], seconds[fast], strict=True))

    said = {
        "exiftool": "exiftool -j (with its start, 0.1 s of one run)", "pyexiv2": "pyexiv2, Exif, IIM and XMP",
        "naive": "Pillow and ExifRead, as one would write it first", "tags": "**cutline, the reader alone**",
        "values": "cutline, and the precedence table", "whole": "cutline, and both digests of the whole file",
        "described": "cutline, both digests and the precedence table",
    }  # fmt: skip
    lines = [
        "# Reading, measured", "",
        f"`python -m benchmarks.reading`: {FILES} JPEG files of {size // 1024} KB on average with IIM, XMP and Exif,",
        "the readers in turn, processor time (user and system). Ratios are the median of the rounds.", "",
        "| reader | files per CPU-second | times exiftool |", "|---|---:|---:|",
    ]  # fmt: skip
    for name in ("exiftool", "naive", "pyexiv2", "described", "whole", "values", "tags"):
        if name in seconds:
            rate = FILES / statistics.median(seconds[name])
            lines.append(f"| {said[name]} | {rate:,.0f} | {ratio('exiftool', name):.1f} |")
    if "pyexiv2" in seconds:
        lines += ["", f"Against pyexiv2 the reader alone takes 1/{ratio('pyexiv2', 'tags'):.2f} of the time."]
    # While one process answers for all, this is how far two can get (Amdahl).
    worker, parent = (statistics.median(seconds[name]) / FILES * 1e6 for name in ("described", "parent"))
    lines += [
        "", f"A worker spends {worker:,.0f} µs on a file, its parent {parent:,.0f}: on two free cores two workers can"
        f" read {2 * worker / (worker + parent):.2f} times as many as one.",
        "", f"By the clock two workers read {ratio('one worker, wall', 'two workers, wall'):.2f} times as many as one."
        f" When the run began, {load:.1f} other processes were busy on {os.cpu_count()} cores; on a busy machine"
        " this figure says nothing.", "",
    ]  # fmt: skip
    return "\n".join(lines)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs=2, metavar=("READER", "FOLDER"), help="one of our readers over a folder")
    parser.add_argument("--peer", type=Path, default=Path(tempfile.gettempdir()) / "cutline-peer")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    given = parser.parse_args()
    if given.only:
        reader = OURS[given.only[0]]
        paths = sorted(str(p) for p in Path(given.only[1]).glob("*.jpg"))
        reader(paths[0])  # imports are not measured
        start = time.process_time()
        for path in paths:
            reader(path)
        print(time.process_time() - start)
        return
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder)
        size = sum(p.stat().st_size for p in folder.iterdir()) // FILES
        seconds = run(folder, _peer(given.peer), given.rounds)
    text = report(seconds, size, load)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(text, "utf-8")
    RESULTS.with_suffix(".json").write_text(json.dumps(seconds, indent=1) + "\n", "utf-8")
    print(text)


if __name__ == "__main__":
    main()
