"""A run that is killed leaves the sums it has finished, and the next one goes on from them."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks.data.events import draw_events

from blocs.ties.event_sums import whole
from blocs.ties.event_sums.whole import EventSums, sum_files

_SLOW = """
import sys
import time
from pathlib import Path
from blocs.ties.event_sums import whole

def watch(done, total):
    if done == whole_size:
        print(done, flush=True)
        time.sleep(600)

whole._BATCH = 1
folder = Path(sys.argv[1])
paths = sorted(folder.glob("*.csv"))
whole_size = sum(path.stat().st_size for path in paths[:2])
whole.sum_files(
    paths,
    period="month",
    by="quad",
    engine_name=sys.argv[2],
    memory="",
    folder=folder / "kept",
    watch=watch,
)
"""


def summed(folder: Path, kept: str, engine: str) -> EventSums:
    return sum_files(
        sorted(folder.glob("*.csv")),
        period="month",
        by="quad",
        engine_name=engine,
        memory="",
        folder=folder / kept,
        watch=lambda done, total: None,
    )


@pytest.mark.parametrize("engine", ["duckdb", "polars"])
def test_a_killed_run_is_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    for part in range(3):
        draw_events(2000, part=part, parts=3).write_csv(tmp_path / f"{part}.csv")
    running = subprocess.Popen(
        [sys.executable, "-c", _SLOW, str(tmp_path), engine], stdout=subprocess.PIPE, text=True
    )
    assert running.stdout is not None
    with running.stdout as told:
        assert told.readline().strip(), "it ended before two files were summed"
        running.send_signal(signal.SIGKILL)
        assert running.wait(60) == -signal.SIGKILL
    monkeypatch.setattr(whole, "_BATCH", 1)
    found = summed(tmp_path, "kept", engine)
    assert found.resumed == 2
    once = summed(tmp_path, "new", engine)
    assert once.resumed == 0
    assert found.ties.write_csv() == once.ties.write_csv()
    assert found.rejects.equals(once.rejects)
    assert found.sources == once.sources
    assert found.ties["n"].sum() > 1000
