"""Originals are only read; every file is accounted for; a hash and the caption beside it are of the same bytes."""

from __future__ import annotations

import hashlib
import mmap
import os
import random
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from itertools import count
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.connection import connect
from ingest.cli import main
from ingest.pipeline import ingest
from samples.metadata import iim, jpeg_with, xmp
from tests.forked import killed, read_only, started, with_own_file_systems
from tests.photofiles import jpeg, photoshop_segments, resource
from tests.test_line import GUNNERS, MARINES, picture, put

#: How often a file is swapped for another while it is read.
SWAPS = 1000


def mixed(tree: Path) -> Path:
    """One of everything that a folder may hold, good and bad."""
    for n in range(6):
        put(tree / f"pictures/{n}.jpg", n, GUNNERS if n % 2 else MARINES)
    (tree / "pictures/1.xmp").write_bytes(xmp({"dc:description": MARINES}))
    (tree / "article.txt").write_text(f"{MARINES}\n\nThe council met on Monday.\n\n{GUNNERS}\n")
    (tree / "list.csv").write_text("caption\nOne.\n\nThree.\n")
    whole = jpeg_with(picture(50), iim=iim({"caption": MARINES}))
    bad = {
        "empty.jpg": b"", "words.jpg": b"these are words", "plain.jpg": picture(60), "half.jpg": whole[:200],
        "head.jpg": b"\xff\xd8\xff", "zero.txt": b"a\0b", "nothing.txt": b"No caption in here.\n",
        "broken.json": b"{", "deep.json": b"[" * 100_000, "entity.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
        "blank.csv": b"", "alone.xmp": xmp({"dc:description": MARINES}), "\n\t<b>.jpg": b"x",
    }  # fmt: skip
    for name, data in bad.items():
        (tree / name).write_bytes(data)
    unreadable = Path(os.fsdecode(os.fsencode(tree) + b"/caf\xe9.jpg"))
    unreadable.write_bytes(jpeg_with(picture(61), iim=iim({"caption": "A name that is no UTF-8."})))
    (tree / "gone.jpg").symlink_to(tree / "not-there.jpg")
    (tree / "passwd.jpg").symlink_to("/etc/passwd")
    os.mkfifo(tree / "pipe.jpg")
    with socket.socket(socket.AF_UNIX) as made, suppress(OSError):  # its name may be too long for a socket
        made.bind(str(tree / "s.jpg"))
    return tree


def everything(tree: Path) -> Iterator[tuple[object, ...]]:
    """Every name in a tree with what is in it and its times of writing and of change."""
    for path in sorted(tree.rglob("*"), key=os.fsencode):
        about = path.lstat()
        data = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() and not path.is_symlink() else ""
        yield os.fsencode(path), about.st_mode, about.st_size, about.st_mtime_ns, about.st_ctime_ns, about.st_ino, data


@pytest.mark.slow
@pytest.mark.parametrize("jobs", ["0", "2"])
def test_every_command_leaves_the_originals_as_they_are(jobs: str, tmp_path: Path) -> None:
    tree = mixed(tmp_path / "in")
    before = list(everything(tree))
    archive = str(tmp_path / "desk.db")
    picture = str(tree / "pictures/1.jpg")
    for command in (["ingest", str(tree), "--jobs", jobs], ["ingest", str(tree), "--again", "--jobs", jobs],
                    ["verify"], ["thumbnails"], ["reparse"]):  # fmt: skip
        CliRunner().invoke(main, [*command, "--archive", archive], catch_exceptions=False)
        assert list(everything(tree)) == before, command
    for command in (["read", picture], ["explain", picture]):
        CliRunner().invoke(main, command, catch_exceptions=False)
    assert list(everything(tree)) == before


def test_ingest_works_where_nobody_can_write(tmp_path: Path) -> None:
    """A tree mounted read-only, as from a museum's disk: not even root could write there."""
    tree = mixed(tmp_path / "in")

    def work() -> dict[str, int]:
        read_only(tree)
        with pytest.raises(OSError, match="Read-only"):
            (tree / "x").write_text("x")
        return ingest((str(tree),), tmp_path / "desk.db", jobs=2).as_json()

    counted = with_own_file_systems(work)
    assert counted["new"] == 12
    assert counted == ingest((str(tree),), tmp_path / "other.db", jobs=0).as_json()


def accounted(tree: Path, archive: Path, jobs: int) -> dict[str, int]:
    """Run, and hold the sums against the archive: each refusal is a problem, each file a sighting or a problem."""
    report = ingest((str(tree),), archive, jobs=jobs, again=True)
    sums = report.as_json()
    assert sums["seen"] == sums["new"] + sums["changed"] + sums["unchanged"] + sums["refused"]
    assert sum(report.reasons.values()) == sums["refused"]
    with closing(connect(archive)) as db:
        problems = db.execute("SELECT path, item, reason, message FROM problems").fetchall()
        seen = db.execute("SELECT path, item FROM sightings WHERE missing_since IS NULL").fetchall()
        run = db.execute("SELECT seen, new, changed, unchanged, refused FROM accessions ORDER BY id DESC").fetchone()
    assert run == tuple(sums.values())
    assert len(problems) == sums["refused"]
    assert len(seen) + len(problems) == sums["seen"]
    assert all(reason and len(message) > 10 for _, _, reason, message in problems)
    told = {path for path, *_ in [*problems, *seen]}
    sidecar = tree / "pictures/1.xmp"
    there = [p for p in tree.rglob("*") if p != sidecar and (p.is_symlink() or not p.is_dir())]
    assert told == {os.fsencode(p).decode("utf-8", "backslashreplace") for p in there}
    return sums


def test_every_file_is_accounted_for(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    tree = mixed(tmp_path / "in")
    first = accounted(tree, tmp_path / "desk.db", 2)
    again = accounted(tree, tmp_path / "desk.db", 0)
    assert (again["seen"], again["refused"]) == (first["seen"], first["refused"])
    assert again["unchanged"] == first["new"] + first["changed"]
    record_property("figure", " + ".join(f"{n} {what}" for what, n in first.items() if what != "seen"))


def test_a_refusal_is_a_sentence_and_no_traceback(tmp_path: Path) -> None:
    tree = mixed(tmp_path / "in")
    result = CliRunner().invoke(main, ["ingest", str(tree), "--jobs", "2", "--archive", str(tmp_path / "desk.db")])
    assert result.exit_code == 0
    assert "Traceback" not in result.output
    assert result.stderr.count("refused: ") > 10
    assert result.stderr.count("no thumbnail: ") == 1, "the picture that is cut in half"


def test_a_reader_that_is_killed_from_outside_costs_no_file(tmp_path: Path) -> None:
    """The system's own killer, short of memory, takes a worker in the middle of a run."""
    for n in range(40):
        put(tmp_path / f"in/{n:02}.jpg", n)
    struck = []

    def strike(photos: int) -> None:
        import multiprocessing

        workers = multiprocessing.active_children()
        if workers and len(struck) < 3:
            struck.append(workers[0].pid)
            os.kill(workers[0].pid or 0, signal.SIGKILL)

    report = ingest((str(tmp_path / "in"),), tmp_path / "desk.db", jobs=2, progress=strike)
    assert struck
    assert (report.new, report.refused) == (40, 0)


def test_workers_end_when_the_run_is_killed(tmp_path: Path) -> None:
    for n in range(30):
        put(tmp_path / f"in/{n:02}.jpg", n)
    told, tells = os.pipe()

    def work() -> None:
        import multiprocessing

        def stop(photos: int) -> None:
            os.write(tells, " ".join(str(w.pid) for w in multiprocessing.active_children()).encode())
            time.sleep(60)

        ingest((str(tmp_path / "in"),), tmp_path / "desk.db", jobs=2, progress=stop)

    child, reading = started(work)
    workers = [int(pid) for pid in os.read(told, 1000).split()]
    assert len(workers) >= 2
    assert killed(child, reading)
    for _ in range(100):
        left = [pid for pid in workers if Path(f"/proc/{pid}").exists() and "Z" not in _state(pid)]
        if not left:
            break
        time.sleep(0.1)
    assert left == []


def _state(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    return "Z"


def large(caption: str, shade: bytes) -> bytes:
    """More than is read in one go (16 MiB), the caption in front and its picture behind."""
    block = resource(0x0404, iim({"caption": caption}))
    return jpeg(photoshop_segments(block), scan=shade * (17 << 20))


def swapping(path: Path, versions: tuple[bytes, bytes], in_place: bool, pause: float, swaps: mmap.mmap) -> None:
    """Put one version in the other's place again and again, at no particular moment; `swaps` counts them."""
    chance = random.Random(7)
    for n in count(1):
        data = versions[n % 2]
        if in_place:
            with path.open("r+b") as file:
                file.write(data)
                file.truncate()
        else:
            path.with_name(".next").write_bytes(data)
            path.with_name(".next").replace(path)
        swaps[:8] = n.to_bytes(8, "little")
        time.sleep(chance.uniform(0, pause))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("make", "in_place", "times", "least"),
    [
        (lambda caption, shade: jpeg_with(picture(shade[0]), iim=iim({"caption": caption})), False, SWAPS, 100),
        (lambda caption, shade: jpeg_with(picture(shade[0]), iim=iim({"caption": caption})), True, SWAPS, 100),
        (large, True, 40, 10),
    ],
    ids=["put in its place", "written over", "written over, too large to be read in one go"],
)
def test_a_hash_and_its_caption_are_of_the_same_bytes(
    make: Callable[[str, bytes], bytes], in_place: bool, times: int, least: int, tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:  # fmt: skip
    """Two versions of a file, of another picture and another caption each, swapped while runs of ingest read it."""
    versions = make("Marines of the first version.", b"1"), make("Gunners of the second version.", b"2")
    captions = dict(zip((hashlib.sha256(v).hexdigest() for v in versions), ("Marines", "Gunners"), strict=True))
    path = tmp_path / "in/a.jpg"
    path.parent.mkdir()
    path.write_bytes(versions[0])
    ingest((str(path),), tmp_path / "desk.db", jobs=0)
    swaps = mmap.mmap(-1, 8)
    pause = 0.004 if times == SWAPS else 0.3  # a large file is to be whole now and then
    child, reading = started(lambda: swapping(path, versions, in_place, pause, swaps))
    runs = refused = 0
    seen = set()
    with closing(connect(tmp_path / "desk.db")) as db:
        while runs < least or int.from_bytes(swaps[:8], "little") < times or not set(captions) <= seen:
            runs += 1
            refused += ingest((str(path),), tmp_path / "desk.db", jobs=0, again=True).refused
            sha256, caption = db.execute(
                "SELECT s.sha256, t.text FROM sightings s JOIN photos p ON p.id = s.photo"
                " JOIN texts t ON t.id = p.caption"
            ).fetchone()
            # A file that was read half written is neither version; then its hash is neither's.
            assert captions.get(sha256, caption.split()[0]) == caption.split()[0]
            seen.add(sha256)
        both = db.execute("SELECT count(DISTINCT t.source || t.text) FROM texts t GROUP BY t.photo").fetchall()
    assert killed(child, reading)
    assert in_place or both == [(1,), (1,)], "no photo was ever given the other's caption"
    made = int.from_bytes(swaps[:8], "little")
    record_property("figure", f"{made} swaps during {runs} runs, {refused} refused as changed")
