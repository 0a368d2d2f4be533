"""Kill writers at random moments and look at what they leave behind.

Run as ``python -m tests.killed KIND FOLDER``: one process forks thirty writers,
kills each, and lets a fresh fork look, so that the imports are paid for once. It
does no work in Polars itself: its threads would not outlive the fork.
"""

from __future__ import annotations

import itertools
import os
import random
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import IO, NoReturn

import msgspec
import polars as pl

from blocs import project
from blocs.contracts import Facts
from blocs.evidence.cleaning import covered
from blocs.files import write_atomic
from tests import world

TIMES = 30
MOST = 4 * TIMES
"""Where a busy machine lets no writer come to its second state."""
ROOT = Path(__file__).resolve().parents[1]


def killed(kind: str, folder: Path) -> dict[str, bool]:
    """Run the kills in a process of their own; which states were seen afterwards."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.killed", kind, str(folder)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    return msgspec.json.decode(ran.stdout, type=dict[str, bool])


def entry(source_id: str, dataset: str = "unga", version: str = "1") -> project.Entry:
    """Describe one source."""
    return project.Entry(
        source_id=source_id,
        dataset=dataset,
        version=version,
        file=f"{source_id}.csv",
        sha256=source_id * 4,
        added="2024-06-04",
        rows=1,
        rejected=0,
        tables={},
    )


def told(version: str) -> Facts:
    """Facts of one source, as two versions of a reader make them: tables that differ."""
    value = float(len(version))
    return Facts(
        spells=world.spells().with_columns(value=pl.lit(value)),
        flows=world.flows().with_columns(value=pl.lit(value)),
        coverage=covered(version, world.SOURCE, 2001, 2010),
    )


def replace_file(folder: Path, turn: int) -> None:
    """Replace a file by one of another letter, in many writes."""
    letter = b"ab"[turn % 2 : turn % 2 + 1]

    def write(stream: IO[bytes]) -> None:
        for _ in range(20):
            stream.write(letter * 5000)
            stream.flush()

    write_atomic(folder / "file", write)


def look_at_file(folder: Path) -> str:
    """Whose file is there, whole."""
    data = (folder / "file").read_bytes()
    assert len(data) == 100_000, f"{len(data)} bytes"
    assert len(set(data)) == 1, "two writers in one file"
    return data[:1].decode()


def add_to_project(folder: Path, turn: int) -> None:
    """Add one source again, read by another version."""
    version = ("a", "bb")[turn % 2]
    project.add(folder, told(version), entry("same", version=version))


def look_at_project(folder: Path) -> str:
    """Which version is there, in the manifest and in every table."""
    (source,) = project.read_manifest(folder).sources
    facts = project.read_facts(folder)
    value = {float(len(source.version))}
    assert set(facts.spells["value"]) == value, f"spells are not of version {source.version}"
    assert set(facts.flows["value"]) == value, f"flows are not of version {source.version}"
    assert facts.coverage["topic"].to_list() == [source.version]
    return source.version


KINDS: dict[str, tuple[Callable[[Path, int], None], Callable[[Path], str]]] = {
    "file": (replace_file, look_at_file),
    "project": (add_to_project, look_at_project),
}


def main(kind: str, folder: Path) -> None:
    """Fork, kill, look; print what was seen."""
    act, look = KINDS[kind]
    moments = random.Random(1945)
    began = time.monotonic()
    _within(lambda: act(folder, 0))
    once = time.monotonic() - began
    seen: set[str] = set()
    for i in range(MOST):
        if i >= TIMES and len(seen) > 1:
            break
        writer = os.fork()
        if writer == 0:
            _forever(act, folder, i)
        time.sleep(moments.uniform(0.0, 2 * once))
        os.kill(writer, signal.SIGKILL)
        os.waitpid(writer, 0)
        seen.add(_within(lambda: look(folder)))
    print(msgspec.json.encode(dict.fromkeys(sorted(seen), True)).decode())


def _forever(act: Callable[[Path, int], None], folder: Path, first: int) -> NoReturn:
    for turn in itertools.count(first):
        act(folder, turn)
    os._exit(0)


def _within(do: Callable[[], str | None]) -> str:
    """Do something in a fork; what it said, or the end of it all."""
    end, start = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(start, (do() or "").encode())
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    os.close(start)
    with os.fdopen(end, "rb") as stream:
        said = stream.read().decode()
    if os.waitpid(child, 0)[1]:
        raise SystemExit(1)
    return said


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
