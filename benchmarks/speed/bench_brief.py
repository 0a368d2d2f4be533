"""The main job as a whole process: ``blocs brief CHN RUS IRN PRK`` from the almanac.

``python -m benchmarks.speed.bench_brief`` prints one JSON object. The floor is the same
process asked only for its help.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from time import perf_counter

JOB = ("brief", "CHN", "RUS", "IRN", "PRK", "-q")


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


def main() -> None:
    """Time the job and its floor, best of three."""
    jobs = [run(*JOB) for _ in range(3)]
    floor = min(run("--help") for _ in range(3))
    best = min(jobs)
    print(
        json.dumps(
            {
                "name": "blocs brief CHN RUS IRN PRK",
                "value": round(best[0], 2),
                "unit": "s wall",
                "goal": 15.0,
                "cpu_s": round(min(job[1] for job in jobs), 2),
                "peak_mb": round(max(job[2] for job in jobs)),
                "floor": round(floor[0], 2),
            }
        )
    )


if __name__ == "__main__":
    main()
