"""Whatever order files come in, in however many runs and workers, the archive holds the same."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from archive.canonical import digest, dump
from archive.connection import connect
from archive.soundness import faults
from ingest import pipeline
from ingest.pipeline import ingest
from samples.metadata import xmp
from tests.test_line import put

#: One unit, one photographer, one place and one agency under several spellings each; others inside and above them.
CAPTIONS = (
    "Marines of the 155th Guards Naval Infantry Brigade clear a trench in Kursk region, Russia, on April 17, 2025. "
    "(Ivan Danilov/Sputnik via AP)",
    "Бойцы 155-й отдельной гвардейской бригады морской пехоты в Курской области, 18 апреля 2025. Фото: Иван Данилов",
    "SOLDIERS OF THE 155TH NAVAL INFANTRY BRIGADE REST, APRIL 2025. PHOTO BY IVAN DANILOV",
    "Soldiers of the 93rd Separate Mechanized Brigade rest in Izium, Ukraine March 2, 2025. REUTERS/Lada Moroz",
    "A gunner of the 2nd battalion of the 93rd Mechanized Brigade Kholodnyi Yar, in Izyum, March 3. Reuters/LADA MOROZ",
    "Troops of the 1st Battalion, 506th Infantry Regiment, 101st Airborne Division, train at Fort Campbell, Kentucky, "
    "May 5, 2024. (U.S. Army photo by Sgt. Ada Hill)",
    "A Ukrainian soldier near Łódź, undated. Handout via AFP",
    "People walk in Kharkiv, in this file photo dated 1941. TASS",
)


def tree(top: Path) -> list[Path]:
    """Two dozen files; four pictures lie in two of them with two captions, one of which was written later."""
    made = []
    for n in range(18):
        made.append(put(top / f"{'abc'[n % 3]}/{n:02}.jpg", n, CAPTIONS[n % len(CAPTIONS)], credit=("AP", "ap")[n % 2]))
    for n in range(4):
        copy = put(top / f"d/{n}.jpg", n, CAPTIONS[(n + 3) % len(CAPTIONS)])
        about = copy.stat()
        os.utime(copy, ns=(about.st_atime_ns, about.st_mtime_ns + (-1) ** n * 10**12))
        made.append(copy)
    beside = top / "a/03.xmp"
    beside.write_bytes(xmp({"dc:description": CAPTIONS[1]}))
    for name, text in (("article.txt", "\n\n".join(CAPTIONS[:4])), ("bad.jpg", "no picture"),
                       ("list.csv", "caption\n" + "".join(f'"{c}"\n' for c in CAPTIONS[2:6]))):  # fmt: skip
        (top / name).write_text(text)
        made.append(top / name)
    return made


def held(archive: Path) -> list[str]:
    with closing(connect(archive, write=True)) as db:
        assert faults(db) == []
        return list(dump(db))


@pytest.mark.parametrize(("jobs", "batch"), [(0, 1), (1, 7), (3, 1), (3, 7), (3, 1000)])
def test_workers_and_transactions_make_no_difference(jobs: int, batch: int, tmp_path: Path,
                                                     monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    tree(tmp_path / "in")
    ingest((str(tmp_path / "in"),), tmp_path / "one.db", jobs=0)
    monkeypatch.setattr(pipeline, "_BATCH", batch)
    ingest((str(tmp_path / "in"),), tmp_path / "other.db", jobs=jobs)
    assert held(tmp_path / "one.db") == held(tmp_path / "other.db")


@pytest.mark.slow
def test_the_order_of_files_makes_no_difference(tmp_path: Path,
                                                record_property: Callable[[str, object], None]) -> None:  # fmt: skip
    """Each file in a run of its own, or a few, in any order."""
    files = tree(tmp_path / "in")
    ingest((str(tmp_path / "in"),), tmp_path / "one.db", jobs=0)
    expected = held(tmp_path / "one.db")
    assert len(expected) > 300
    chance = random.Random(3)
    orders = 12
    for order in range(orders):
        left = chance.sample(files, len(files))
        # An archive is made for a photo: with a refused file alone there is nothing yet to note it in.
        left.sort(key=lambda path: path != files[order])
        archive = tmp_path / f"{order}.db"
        while left:
            some, left = left[: (some_of := chance.choice([1, 1, 3, 8]))], left[some_of:]
            ingest(tuple(map(str, some)), archive, jobs=0)
        assert held(archive) == expected
    record_property("figure", f"{orders} orders of {len(files)} files, one dump ({digest(expected)[:12]})")
