"""How fast the explorer answers: each kind of page asked first and again, then under load.

Starts ``blocs serve`` over an empty project as a user does, asks pages of every kind one after
another (median milliseconds of a whole answer), and then asks all of them again and again for a
time with `wrk` (Debian's package ``wrk``) or, where there is none, with a client of our own, which
is slower than `wrk` and shares the server's cores. An answer that is no 200 is an error. The floor
is one line from the same server framework: the most that this machine could serve.
"""

from __future__ import annotations

import asyncio
import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from statistics import median
from time import perf_counter, sleep
from urllib.parse import urlsplit

from benchmarks.contract import Figure, Size, alone

LOADS: dict[Size, tuple[int, int]] = {"toy": (5, 0), "usual": (20, 1), "large": (60, 2)}
"""Seconds of load; group pages, about 9 s each."""
CONNECTIONS = 16
STATES = ("CHN", "DEU", "FRA", "GBR", "IND", "IRN", "JPN", "POL", "PRK", "TUR", "UKR", "USA")
GROUPS = ("BRICS", "CHN,RUS,IRN,PRK", "DEU,ITA,JPN&from=1937&to=1944", "NATO")
FLOOR = """
import uvicorn, sys
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
async def line(request): return PlainTextResponse("line")
uvicorn.run(Starlette(routes=[Route("/", line)]), port=int(sys.argv[1]), log_level="warning")
"""


@dataclass(frozen=True, slots=True)
class Load:
    """What a load generator counted."""

    by: str
    requests: int
    seconds: float
    errors: int
    half_ms: float
    slow_ms: float


def addresses(groups: int) -> dict[str, list[str]]:
    """Return addresses of every kind of page, none of them computed when the server starts."""
    pairs = list(pairwise(STATES))
    return {
        "home": [f"/?q={name}" for name in ("Korea", "China", "BRICS", "Congo")],
        "state": [f"/state?name={name}" for name in STATES],
        "dyad": [f"/dyad?a={a}&b={b}" for a, b in pairs],
        "year": [f"/year?year={year}" for year in range(1820, 2020, 20)],
        "almanac": [f"/almanac?table={name}" for name in ("treaties", "wars", "memberships")],
        "outlook": [f"/outlook?act={act}" for act in ("weapons", "third-state-troops")],
        "data as JSON": ["/data.json"],
        "method as JSON": ["/method.json"],
        "dyad as CSV": [f"/dyad.csv?a={a}&b={b}" for a, b in pairs],
        "year as PNG": [f"/year.png?year={year}" for year in (1820, 1840, 1860)],
        "group": [f"/group?members={name}" for name in GROUPS[:groups]],
    }


@contextmanager
def explorer() -> Iterator[str]:
    """Start ``blocs serve`` and yield its address."""
    with tempfile.TemporaryDirectory() as home:
        run = subprocess.Popen(
            [sys.executable, "-m", "blocs", "serve", "--port", "0"],
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "BLOCS_PROJECT": str(Path(home) / "project")},
        )
        try:
            assert run.stderr is not None
            yield run.stderr.readline().split()[4]
        finally:
            run.terminate()
            run.wait()


@contextmanager
def floor() -> Iterator[str]:
    """Start a server of one line and yield its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    run = subprocess.Popen([sys.executable, "-c", FLOOR, str(port)])
    try:
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                sleep(0.1)
        yield f"http://127.0.0.1:{port}/"
    finally:
        run.terminate()
        run.wait()


def ask(server: str, paths: Sequence[str]) -> list[float]:
    """Return the milliseconds of whole answers, one after another on one connection."""
    line = http.client.HTTPConnection(urlsplit(server).netloc, timeout=120)
    out = []
    for path in paths:
        start = perf_counter()
        line.request("GET", path)
        answer = line.getresponse()
        answer.read()
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status}")
        out.append(1000 * (perf_counter() - start))
    return out


def with_wrk(wrk: str, server: str, paths: Sequence[str], seconds: int, connections: int) -> Load:
    """Ask all paths in turn with `wrk`."""
    listed = ", ".join(f'"{path}"' for path in paths)
    script = (
        f"local paths = {{{listed}}}\nlocal i = 0\n"
        "request = function() i = i % #paths + 1; return wrk.format('GET', paths[i]) end\n"
        "done = function(s, latency)\n"
        "  local e = s.errors\n"
        "  print('told', s.requests, s.duration, e.connect + e.read + e.write + e.status + "
        "e.timeout, latency:percentile(50), latency:percentile(99))\nend\n"
    )
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        words = [wrk, "-t1", f"-c{connections}", f"-d{seconds}", "--timeout", "10", "-s", file.name]
        said = subprocess.run([*words, server], check=True, capture_output=True, text=True).stdout
    found = re.search(r"^told\s+(.*)$", said, re.MULTILINE)
    assert found is not None, said
    n, micro, errors, half, slow = map(float, found[1].split())
    return Load("wrk", int(n), micro / 1e6, int(errors), half / 1000, slow / 1000)


async def with_ours(server: str, paths: Sequence[str], seconds: int, connections: int) -> Load:
    """Ask all paths in turn over several connections."""
    host, port = urlsplit(server).netloc.split(":")
    start = perf_counter()
    took: list[float] = []
    errors = 0

    async def reader(first: int) -> None:
        nonlocal errors
        coming, going = await asyncio.open_connection(host, int(port), limit=2**22)
        k = first
        while perf_counter() - start < seconds:
            begun = perf_counter()
            going.write(f"GET {paths[k % len(paths)]} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
            head = await coming.readuntil(b"\r\n\r\n")
            length = re.search(rb"content-length: (\d+)", head)
            assert length is not None
            await coming.readexactly(int(length[1]))
            errors += not head.startswith(b"HTTP/1.1 200")
            took.append(1000 * (perf_counter() - begun))
            k += 1
        going.close()

    await asyncio.gather(*(reader(k) for k in range(connections)))
    took.sort()
    slow = took[int(0.99 * len(took))]
    return Load("our client", len(took), perf_counter() - start, errors, median(took), slow)


def load(server: str, paths: Sequence[str], seconds: int, connections: int) -> Load:
    """Ask all paths in turn, with `wrk` where there is one."""
    wrk = shutil.which("wrk")
    if wrk is not None:
        return with_wrk(wrk, server, paths, seconds, connections)
    return asyncio.run(with_ours(server, paths, seconds, connections))


def measure(size: Size, shared: Path) -> Iterator[Figure]:
    """Ask each kind first and again, then all under load; then one line."""
    del shared
    seconds, groups = LOADS[size]
    kinds = addresses(groups)
    every = [path for paths in kinds.values() for path in paths]
    with explorer() as server:
        sleep(15)  # it warms up
        first = {kind: ask(server, paths) for kind, paths in kinds.items() if paths}
        again = {kind: ask(server, paths) for kind, paths in kinds.items() if paths}
        told = load(server, every, seconds, CONNECTIONS)
    with floor() as server:
        line = median(ask(server, ["/"] * 20))
        most = load(server, ["/"], min(seconds, 5), CONNECTIONS)
    took_ms = partial(Figure, unit="ms", peer=line, peer_is="one line")
    for kind, took in first.items():
        note = f"{len(took)} addresses"
        yield took_ms(name=f"{kind}, first asked", value=median(took), note=note)
    later = [each for took in again.values() for each in took]
    yield took_ms(name="any page, asked again", value=median(later))
    yield Figure(
        name="pages under load", value=told.requests / told.seconds, unit="a second", better="more",
        peer=most.requests / most.seconds, peer_is="one line",
        note=f"by {told.by}, {told.errors} errors; half in {told.half_ms:.1f} ms, "
        f"99 % in {told.slow_ms:.1f} ms",
    )  # fmt: skip
    if told.errors:
        raise SystemExit(f"{told.errors} answers were no 200")


if __name__ == "__main__":
    alone(measure)
