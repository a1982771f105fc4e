"""Reading on a cluster: a real scheduler, four worker processes, files in an object store on loopback.

What matters is that nothing depends on who read what: the archive is the one that this machine makes alone.
"""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from archive.records import Refusal
from ingest.cli import main
from ingest.cluster import read_all
from ingest.pipeline import Options, ingest
from ingest.sources import File, Root, files
from tests.photofiles import dataset, jpeg, photoshop_segments, resource

pytest.importorskip("distributed")
pytestmark = pytest.mark.slow

BUCKET = "s3://desk/wire"
PHOTOS = 150
#: Set in the workers' environment, and nowhere else.
WORKER = "CUTLINE_TEST_WORKER"


def picture(number: int) -> bytes:
    unit, day = f"{number % 90 + 1}th Brigade", number % 28 + 1
    caption = f"Gunners of the {unit} fire in Kharkiv, Ukraine, April {day}, 2025. (Iva Lind/AFP)"
    return jpeg(photoshop_segments(resource(0x0404, dataset(2, 120, caption.encode()))), scan=b"picture %d" % number)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pictures in folders, one with a sidecar, an article, a delivery, and something that is no picture."""
    top = tmp_path_factory.mktemp("wire")
    for number in range(PHOTOS):
        path = top / f"{2020 + number % 3}" / f"{number:04}.jpg"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(picture(number))
    packet = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" photoshop:City="Odesa"/>'
        "</rdf:RDF></x:xmpmeta>"
    )
    (top / "2020" / "0003.xmp").write_text(packet)
    (top / "article.txt").write_text("Medics rest near Izium, Ukraine, May 3, 2025. (Ada Moran/Reuters)\n")
    rows = "".join(f'"Soldiers march in Lviv, Ukraine, May {n}, 2025. (AP Photo/Luis Grau)"\n' for n in range(1, 29))
    (top / "delivery.csv").write_text("caption\n" + rows)
    (top / "notes.bin").write_bytes(b"no picture")
    return top


@pytest.fixture(scope="module")
def store(folder: Path) -> Iterator[str]:
    """The same files behind an S3 server, whose address is in the environment."""
    moto = pytest.importorskip("moto.server")
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    address, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", f"http://{address}:{port}")
        patch.setenv("AWS_ACCESS_KEY_ID", "test")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        import s3fs

        system = s3fs.S3FileSystem(use_listings_cache=False)
        system.mkdir("desk")
        system.put(str(folder) + "/", BUCKET, recursive=True)
        yield BUCKET
    server.stop()


@contextmanager
def started(scratch: Path, scheduler_at: str, crews: list[tuple[list[str], str, int]]) -> Iterator[str]:
    """A scheduler and workers as one starts them by hand; a worker that dies is started again.

    A crew is what stands before its command, its address, and how many processes it has.
    """
    dask = str(Path(sys.executable).with_name("dask"))
    known = scratch / "scheduler.json"
    environment = os.environ | {
        "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0", "DASK_DISTRIBUTED__WORKER__MEMORY__TERMINATE": "False",
        "PYTHONPATH": os.pathsep.join(str(folder) for folder in Path(__file__).resolve().parents[:2]),
    }  # fmt: skip
    with (scratch / "log").open("wb") as log:
        common = ["--no-dashboard", "--scheduler-file", str(known)]
        running = [subprocess.Popen([dask, "scheduler", "--host", scheduler_at, "--port", "0", *common],
                                    env=environment, stdout=log, stderr=log, cwd=scratch)]  # fmt: skip
        for before, address, count in crews:
            command = [*before, dask, "worker", "--host", address, "--nworkers", str(count), "--nthreads", "1", *common]
            running.append(subprocess.Popen(command, env=environment | {WORKER: "1"}, stdout=log, stderr=log,
                                            cwd=scratch))  # fmt: skip
        try:
            from distributed import Client

            deadline = time.monotonic() + 90
            while not known.exists() and time.monotonic() < deadline:
                time.sleep(0.1)
            with Client(scheduler_file=str(known), timeout=60, set_as_default=False) as client:
                client.wait_for_workers(sum(count for _, _, count in crews), timeout=120)
                yield str(client.scheduler.address)
        finally:
            for process in reversed(running):
                process.terminate()
                process.wait(30)


@pytest.fixture(scope="module")
def cluster(store: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A scheduler and four workers on this machine."""
    with started(tmp_path_factory.mktemp("dask"), "127.0.0.1", [([], "127.0.0.1", 4)]) as address:
        yield address


@pytest.fixture
def two_machines() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """A bridge, and two network namespaces on it: its address, and of each its name and address."""
    if os.geteuid() != 0 or shutil.which("ip") is None:
        pytest.skip("network namespaces need root and iproute2")
    mark, done = f"cutl{os.getpid() % 100_000}", []

    def ip(*words: str, undo: tuple[str, ...] = ()) -> None:
        subprocess.run(["ip", *words], check=True, capture_output=True)
        if undo:
            done.append(undo)

    try:
        ip("link", "add", mark, "type", "bridge", undo=("link", "del", mark))
        ip("addr", "add", "10.203.77.1/24", "dev", mark)
        ip("link", "set", mark, "up")
        made = []
        for n in (1, 2):
            name, address = f"{mark}-{n}", f"10.203.77.{n + 1}"
            ip("netns", "add", name, undo=("netns", "del", name))
            ip("link", "add", f"{mark}{n}", "type", "veth", "peer", "name", "eth0", "netns", name)
            ip("link", "set", f"{mark}{n}", "master", mark, "up")
            ip("-n", name, "addr", "add", f"{address}/24", "dev", "eth0")
            ip("-n", name, "link", "set", "eth0", "up")
            ip("-n", name, "link", "set", "lo", "up")
            made.append((name, address))
        yield "10.203.77.1", made
    except subprocess.CalledProcessError as error:
        pytest.skip(f"no network namespaces here: {error.stderr.decode().strip()}")
    finally:
        for undo in reversed(done):
            subprocess.run(["ip", *undo], check=False, capture_output=True)


def dump(archive: Path, top: str) -> list[list[Any]]:
    """All that an archive says, less its own numbers and the top of its paths."""
    of = "(SELECT identity FROM photos WHERE id = photo)"
    with closing(sqlite3.connect(archive)) as db:
        return [
            sorted(str(row).replace(top, "TOP") for row in db.execute(sql))
            for sql in (
                "SELECT identity, kind, taken, location, country, unit, photographer, agency, words FROM photos",
                f"SELECT {of}, path, item, sha256, size FROM sightings",
                f"SELECT {of}, source, text, current FROM texts",
                f'SELECT {of}, property, value, verbatim, start, "end", source, rule, standing, rank, detail'
                " FROM statements",
                "SELECT path, item, reason FROM problems",
                "SELECT facet, value, photos FROM facet_counts WHERE facet <> ''",
            )
        ]


@pytest.fixture(scope="module")
def alone(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> list[list[Any]]:
    """What this machine makes of the folder by itself."""
    archive = tmp_path_factory.mktemp("alone") / "desk.db"
    ingest((str(folder),), archive, jobs=0)
    return dump(archive, str(folder))


def test_an_object_store_lists_its_files_as_a_folder_does(folder: Path, store: str) -> None:
    here = [f.path.removeprefix(str(folder)) for f in files(Root(str(folder), True)) if isinstance(f, File)]
    there = [f.path.removeprefix(BUCKET) for f in files(Root(BUCKET, True)) if isinstance(f, File)]
    assert there == here
    assert any(f.sidecars for f in files(Root(BUCKET, True)) if isinstance(f, File))


def test_the_object_store_read_here_makes_the_same_archive(
    store: str, alone: list[list[Any]], tmp_path: Path
) -> None:
    archive = tmp_path / "desk.db"
    report = ingest((store,), archive, jobs=0)
    assert report.new == PHOTOS + 1 + 28
    assert dump(archive, BUCKET) == alone
    again = ingest((store,), archive, jobs=0)
    assert (again.new, again.changed, again.unchanged) == (0, 0, report.new), "the second time nothing is new"


def test_a_cluster_makes_the_same_archive_though_a_worker_is_killed(
    store: str, cluster: str, alone: list[list[Any]], tmp_path: Path
) -> None:
    from distributed import Client

    with Client(cluster, timeout=60, set_as_default=False) as client:
        victims = list(client.run(os.getpid).values())
    killed: list[int] = []

    def kill_one(_: int) -> None:
        if not killed:
            killed.append(victims[0])
            os.kill(victims[0], signal.SIGKILL)

    archive = tmp_path / "desk.db"
    report = ingest((store,), archive, cluster=cluster, progress=kill_one)
    assert killed
    assert (report.new, report.refused) == (PHOTOS + 1 + 28, 1)
    assert dump(archive, BUCKET) == alone


def test_workers_at_other_addresses_make_the_same_archive(
    folder: Path, two_machines: tuple[str, list[tuple[str, str]]], alone: list[list[Any]], tmp_path: Path
) -> None:
    """Two workers on each of two machines, by all that the network knows; the folder lies on a disk they share."""
    here, others = two_machines
    crews = [(["ip", "netns", "exec", name], address, 2) for name, address in others]
    (tmp_path / "dask").mkdir()
    with started(tmp_path / "dask", here, crews) as scheduler:
        from distributed import Client

        with Client(scheduler, timeout=60, set_as_default=False) as client:
            hosts = {worker["host"] for worker in client.scheduler_info(n_workers=-1)["workers"].values()}
        assert hosts == {address for _, address in others}
        ingest((str(folder),), tmp_path / "desk.db", cluster=scheduler)
    assert dump(tmp_path / "desk.db", str(folder)) == alone


class Fatal(File):
    """A file that ends the process that takes it up."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _taken_up, tuple(self)


def _taken_up(*fields: Any) -> File:
    if os.environ.get(WORKER):
        os._exit(1)
    return Fatal(*fields)


def test_a_file_that_takes_its_workers_with_it_costs_only_itself(folder: Path, cluster: str) -> None:
    listed = [f for f in files(Root(str(folder / "2021"), True)) if isinstance(f, File)][:4]
    listed[2] = Fatal(*listed[2])
    found = [result[0] for result in read_all(listed, Options(), cluster)]
    refused = [each for each in found if isinstance(each, Refusal)]
    assert len(found) == 4
    assert [(each.sighting.path, each.reason) for each in refused] == [(listed[2].path, "crashed")]


def test_what_to_do_is_said_where_there_is_no_scheduler(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.cluster._PATIENCE", 1)
    asked = ["ingest", "--dask", "tcp://127.0.0.1:9", str(folder), "--archive", str(tmp_path / "desk.db")]
    done = CliRunner().invoke(main, asked)
    assert done.exit_code == 1
    assert "There is no scheduler at tcp://127.0.0.1:9" in done.output
    assert "Start one: dask scheduler" in done.output
    assert not (tmp_path / "desk.db").exists()


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("s3://desk/nothing", "nothing is stored there"),
        ("nowhere://desk/wire", "nowhere://desk/wire"),
    ],
)
def test_what_is_wrong_with_an_address_is_said(store: str, tmp_path: Path, address: str, told: str) -> None:
    done = CliRunner().invoke(main, ["ingest", address, "--archive", str(tmp_path / "desk.db")])
    assert (done.exit_code, told in done.output) == (1, True)
    assert not (tmp_path / "desk.db").exists()
