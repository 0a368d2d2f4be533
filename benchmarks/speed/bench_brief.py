"""The main job as a whole process: ``blocs brief CHN RUS IRN PRK`` from the almanac.

Of two, four and ten states. The floor is the same process asked only for its help; wall and
CPU seconds, start-up included.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from benchmarks.contract import Figure, Size, alone

GROUPS: dict[Size, tuple[str, ...]] = {
    "toy": ("RUS", "PRK"),
    "usual": ("CHN", "RUS", "IRN", "PRK"),
    "large": ("BRICS",),
}


def run(*words: str) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds and peak megabytes of one process."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "BLOCS_PROJECT": f"{folder}/none"}
        start = perf_counter()
        child = subprocess.Popen(
            [sys.executable, "-m", "blocs", *words],
            cwd=folder,
            env=environment,
            stdout=subprocess.DEVNULL,
        )
        _, status, used = os.wait4(child.pid, 0)
        wall = perf_counter() - start
    if status:
        raise SystemExit(f"blocs {' '.join(words)} failed")
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def measure(size: Size, shared: Path) -> Iterator[Figure]:
    """Time the job and its floor, best of three."""
    del shared
    jobs = [run("brief", *GROUPS[size], "-q") for _ in range(3)]
    floors = [run("--help") for _ in range(3)]
    name = f"blocs brief {' '.join(GROUPS[size])}"
    parts = (("seconds", 0, "s", 15.0), ("CPU seconds", 1, "CPU s", None), ("peak", 2, "MB", None))
    for what, place, unit, goal in parts:
        value, floor = (min(one[place] for one in of) for of in (jobs, floors))
        yield Figure(
            name=f"{name}, {what}", value=value, unit=unit, goal=goal, peer=floor,
            peer_is="blocs --help",
        )  # fmt: skip


if __name__ == "__main__":
    alone(measure)
