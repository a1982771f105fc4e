"""Workers: a file that hangs, dies or wants too much memory costs only itself."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import pytest

from archive.errors import RefusedFile
from archive.records import SourceText
from ingest.workers import Workers


def job(item: str) -> tuple[str, int]:
    """What an item is called is what it does to the process that reads it."""
    if item == "hangs":
        time.sleep(60)
    elif item == "dies":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif item == "swells":
        bytearray(4 << 30)
    elif item == "refused":
        raise RefusedFile(item, "not-a-photo", "it is a poem")
    elif item == "complains":
        os.write(2, b"Fax3Decode1D: Bad code word at line 11 of strip 0\n")
    elif item == "raises":
        raise ValueError("a fault of the reader")
    return item.upper(), os.getpid()


def outcome(got: tuple[str, int] | RefusedFile) -> str:
    return got.reason if isinstance(got, RefusedFile) else got[0]


@pytest.mark.parametrize("count", [1, 2])
def test_one_bad_file_costs_only_itself(count: int) -> None:
    items = ["a", "dies", "b", "hangs", "c", "swells", "refused", "raises", *(f"n{n}" for n in range(40))]
    with Workers(job, count, seconds=2.0) as workers:
        got = [(item, outcome(result)) for item, result in workers.map(items)]
    said = {"dies": "crashed", "hangs": "timeout", "swells": "too-large", "refused": "not-a-photo", "raises": "crashed"}
    assert got == [(item, said.get(item, item.upper())) for item in items]


def test_what_a_decoder_complains_of_is_not_shown(capfd: pytest.CaptureFixture[str]) -> None:
    with Workers(job, 1) as workers:
        assert [outcome(r) for _, r in workers.map(["complains"])] == ["COMPLAINS"]
    assert capfd.readouterr().err == ""


def test_processes_are_kept_from_file_to_file() -> None:
    with Workers(job, 2) as workers:
        first = {r[1] for _, r in workers.map(f"a{n}" for n in range(50)) if not isinstance(r, RefusedFile)}
        second = {r[1] for _, r in workers.map(f"b{n}" for n in range(50)) if not isinstance(r, RefusedFile)}
    assert first == second
    assert os.getpid() not in first


def test_items_are_taken_as_they_are_needed() -> None:
    """A folder of a million files is not listed before the first is read."""
    taken = 0

    def items() -> Iterator[str]:
        nonlocal taken
        for n in range(100_000):
            taken += 1
            yield str(n)

    with Workers(job, 1) as workers:
        results = workers.map(items())
        next(results)
        assert taken < 1000
        results.close()
        assert [outcome(r) for _, r in workers.map(["again"])] == ["AGAIN"], "an abandoned run leaves nothing behind"


def test_an_item_too_large_for_the_pipe() -> None:
    with Workers(job, 1) as workers:
        items = ["x" * 300_000 for _ in range(20)]
        assert all(outcome(r) == "X" * 300_000 for _, r in workers.map(items))


def test_a_refusal_names_the_item_as_it_is_called() -> None:
    with Workers(job, 1, seconds=1.0, name=lambda item: f"/photos/{item}.jpg") as workers:
        ((_, refused),) = workers.map(["hangs"])
    assert isinstance(refused, RefusedFile)
    assert (refused.path, refused.reason) == ("/photos/hangs.jpg", "timeout")
    assert "1 seconds" in refused.message


def text(item: str) -> SourceText:
    return SourceText("iim:2:120", item, 3, "uk", "utf-8", False, item.encode(), ("cut",))


def test_records_come_back_whole() -> None:
    with Workers(text, 1) as workers:
        assert [r for _, r in workers.map(["Київ"])] == [text("Київ")]


def test_nothing_to_do() -> None:
    with Workers(job, 1) as workers:
        assert list(workers.map([])) == []
