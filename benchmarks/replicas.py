"""Two servers behind nginx against one, and a new copy put in place of the old one while clients go on asking.

    python -m benchmarks.replicas 100000 [ARCHIVE]

nginx and the servers run on this machine, so two servers can use two processors, and the clients need some, too. Needs
nginx (Debian: nginx-light). Writes benchmarks/results/replicas.md.
"""

from __future__ import annotations

import http.client
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from benchmarks.corpus import World, write
from benchmarks.machine import busy, cpu_of, machine
from benchmarks.search import Server

RESULTS = Path(__file__).with_name("results") / "replicas.md"
CLIENTS, BATCH, ROUNDS = 8, 400, 4

#: As in docs/scale.md, with the folders of a test.
CONFIGURATION = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; worker_processes 1;
events {{ worker_connections 512; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  upstream desk {{ {servers} keepalive 16; }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://desk;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $host;
    }}
  }}
}}
"""


class Proxy:
    """nginx before some servers."""

    def __init__(self, folder: Path, servers: Sequence[Server]) -> None:
        """Returns once it answers."""
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.configure(servers)
        self.process = subprocess.Popen(["nginx", "-c", folder / "nginx.conf", "-e", folder / "error.log"])
        while not (folder / "nginx.pid").exists():
            time.sleep(0.05)
        time.sleep(0.2)

    def configure(self, servers: Sequence[Server]) -> None:
        """Write which servers there are."""
        named = " ".join(f"server 127.0.0.1:{server.port};" for server in servers)
        text = CONFIGURATION.format(folder=self.folder, servers=named, port=self.port)
        (self.folder / "nginx.conf").write_text(text, "ascii")

    def reload(self) -> None:
        """Go on with other servers; requests that are under way end where they began."""
        subprocess.run(["nginx", "-c", self.folder / "nginx.conf", "-e", self.folder / "error.log", "-s", "reload"],
                       check=True, capture_output=True)  # fmt: skip


def ask(port: int, path: str) -> int:
    """The status of an answer, once it is whole; 0 where there was none."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        response.read()
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()
    return response.status


def rate(port: int, paths: list[str]) -> float:
    """Answers a second with some clients. Raises ValueError where one is not 200."""
    start = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        statuses = set(pool.map(lambda path: ask(port, path), paths))
    if statuses != {200}:
        raise ValueError(f"Answers with {statuses}")
    return len(paths) / (time.perf_counter() - start)


def swap(proxy: Proxy, old: Sequence[Server], copy: Path, paths: Iterator[str]) -> tuple[int, int]:
    """Put servers of another copy in place of these while clients ask: (answers, those that were not 200)."""
    statuses: list[int] = []
    done = threading.Event()

    def client() -> None:
        while not done.is_set():
            statuses.append(ask(proxy.port, next(paths)))

    clients = [threading.Thread(target=client) for _ in range(4)]
    for each in clients:
        each.start()
    new = [Server(copy), Server(copy)]
    try:
        proxy.configure(new)
        proxy.reload()
        time.sleep(2)  # what the old ones had begun ends
        for server in old:
            server.process.terminate()
            server.process.wait()
        time.sleep(1)
        done.set()
        for each in clients:
            each.join()
    finally:
        for server in new:
            server.process.kill()
    return len(statuses), sum(status != 200 for status in statuses)


@contextmanager
def serving(archive: Path, folder: Path) -> Iterator[tuple[Proxy, Proxy, list[Server]]]:
    """One server behind nginx, and the two of them behind another."""
    servers = [Server(archive), Server(archive)]
    proxies = []
    for name, members in (("one", servers[:1]), ("two", servers)):
        (folder / name).mkdir()
        proxies.append(Proxy(folder / name, members))
    try:
        yield proxies[0], proxies[1], servers
    finally:
        for process in [*(p.process for p in proxies), *(s.process for s in servers)]:
            process.terminate()
            process.wait()


def main(arguments: list[str]) -> None:
    """The command line: how many captions, or an archive that has them."""
    if shutil.which("nginx") is None:
        sys.exit("nginx is not installed. Debian, Ubuntu: apt-get install nginx-light")
    load = busy()
    world, pick = World(), random.Random(9)

    def paths() -> Iterator[str]:
        while True:
            yield f"/search.json?q={quote(pick.choices(world.words, cum_weights=world.weights)[0])}"

    drawn = paths()
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        archive = Path(arguments[1]) if len(arguments) > 1 else scratch / "corpus.db"
        if len(arguments) < 2:
            write(archive, int(arguments[0]))
        copy = scratch / "copy-2.db"
        shutil.copy(archive, copy)
        with serving(archive, scratch) as (one, two, servers):
            turns = []
            for _ in range(ROUNDS):
                batch = [next(drawn) for _ in range(BATCH)]
                before = [cpu_of(s.process.pid) for s in servers]
                alone = rate(one.port, batch)
                between = [cpu_of(s.process.pid) for s in servers]
                both = rate(two.port, batch)
                after = [cpu_of(s.process.pid) for s in servers]
                shares = [b - a for a, b in zip(between, after, strict=True)]
                turns.append((alone, both, (between[0] - before[0]) * 1000 / BATCH, sum(shares) * 1000 / BATCH,
                              min(shares) / sum(shares)))  # fmt: skip
            answers, wrong = swap(two, servers, copy, drawn)
    ratios = [both / alone for alone, both, *_ in turns]
    middles = [statistics.median(column) for column in zip(*turns, strict=True)]
    text = f"""\\
# Servers behind nginx

{(__doc__ or "").strip()}

## {int(arguments[0]):,} captions, {CLIENTS} clients, `/search.json` of a word

{machine(load)}

| | answers a second | processor ms of an answer |
|---|---:|---:|
| nginx, one server | {middles[0]:.0f} | {middles[2]:.2f} |
| nginx, two servers | {middles[1]:.0f} | {middles[3]:.2f} |

Two answer {statistics.median(ratios):.2f} times as many as one ({min(ratios):.2f} to {max(ratios):.2f}); the less busy
of them had {middles[4]:.0%} of the work.

Put in place of the old copy while 4 clients went on asking: {answers:,} answers, {wrong} of them failed.
"""
    RESULTS.write_text(text, "utf-8")
    print(text)


if __name__ == "__main__":
    main(sys.argv[1:])
