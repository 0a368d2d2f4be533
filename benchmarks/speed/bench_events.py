"""Events to ties, beside the DuckDB query that an analyst would write by hand.

Ours checks every cell, names the rows it refuses, translates codes to states through time and
keeps the answer; the query by hand trusts every row. Each runs in a process of its own, by turns,
its imports left out. ``large`` ends with 100 million rows under a memory limit of 1.5 GB; the
corpus is drawn anew in a temporary folder (4 GB), which takes longer than summing it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from benchmarks.contract import Figure, Size, alone
from benchmarks.data.events import write_corpus

GOALS = {"parquet": 1.3, "csv": 1.5, "gdelt": 1.5}
"""Times what the query by hand takes, for 10 million rows."""
LIMIT = "1500MB"
CORPORA: dict[Size, tuple[tuple[str, int, str], ...]] = {
    "toy": (("parquet", 100_000, ""), ("csv", 100_000, ""), ("gdelt", 20_000, "")),
    "usual": (("parquet", 2_000_000, ""), ("csv", 2_000_000, ""), ("gdelt", 500_000, "")),
    "large": (("parquet", 10_000_000, ""), ("csv", 10_000_000, ""), ("parquet", 10**8, LIMIT)),
}
"""Form, rows, and the limit on memory."""
_QUERY = """
COPY (
    SELECT date_trunc('month', date) AS start, sender, receiver,
        CASE WHEN code[:2] <= '05' THEN 'verbal_cooperation'
             WHEN code[:2] <= '09' THEN 'material_cooperation'
             WHEN code[:2] <= '14' THEN 'verbal_conflict'
             ELSE 'material_conflict' END AS class,
        count(*) AS n, count(value) AS scored, avg(value) AS value
    FROM {source}
    WHERE sender <> '' AND receiver <> '' AND sender <> receiver AND abs(value) <= 10
    GROUP BY ALL ORDER BY ALL
) TO '{target}' (FORMAT parquet)
"""
_TYPES = {"date": "DATE", "sender": "VARCHAR", "receiver": "VARCHAR", "code": "VARCHAR"}
_TYPES |= {"value": "DOUBLE"}


def source(folder: Path, form: str) -> str:
    """Return the SQL that reads the corpus, its types told."""
    if form == "parquet":
        return f"read_parquet('{folder}/*.parquet')"
    if form == "csv":
        return f"read_csv('{folder}/*.csv', header=true, columns={_TYPES})"
    names = {1: "date", 7: "sender", 17: "receiver", 26: "code", 30: "value"}
    columns = {names.get(i, f"c{i}"): _TYPES.get(names.get(i, ""), "VARCHAR") for i in range(58)}
    return (
        f"read_csv('{folder}/*.csv', header=false, delim='\\t', quote='', dateformat='%Y%m%d', "
        f"columns={columns})"
    )


def by_hand(folder: Path, form: str, memory: str) -> None:
    """Run the query by hand."""
    import duckdb

    with tempfile.TemporaryDirectory(dir=folder) as kept:
        connection = duckdb.connect(config={"temp_directory": kept})
        connection.execute("SET preserve_insertion_order = false")
        if memory:
            connection.execute(f"SET memory_limit = '{memory}'")
        target = Path(kept) / "ties.parquet"
        connection.execute(_QUERY.format(source=source(folder, form), target=target))


def ours(folder: Path, form: str, memory: str) -> None:
    """Sum the corpus as ``blocs events`` does, from nothing."""
    from blocs.ties.event_sums.whole import sum_files

    ending = "parquet" if form == "parquet" else "csv"
    with tempfile.TemporaryDirectory(dir=folder) as kept:
        found = sum_files(
            sorted(folder.glob(f"*.{ending}")),
            period="month",
            by="quad",
            engine_name="duckdb",
            memory=memory,
            folder=Path(kept),
            watch=lambda done, total: None,
        )
        found.ties.write_parquet(Path(kept) / "ties.parquet")


class Run(NamedTuple):
    """What one run took: CPU seconds, the most memory it held and the most it spilled, in MB."""

    seconds: float
    peak: int
    spilt: int

    @property
    def told(self) -> str:
        """Say what it needed of memory and disk."""
        return f"{self.peak:,} MB" + (f" and {self.spilt:,} MB spilled" if self.spilt else "")


def measure(size: Size, shared: Path) -> Iterator[Figure]:
    """Time both ways on each corpus, the best of two runs below 50 million rows."""
    for form, rows, memory in CORPORA[size]:
        with tempfile.TemporaryDirectory() as kept:
            folder = Path(kept)
            write_corpus(folder, rows=rows, form=form)
            runs = 2 if rows < 50_000_000 else 1
            pairs = [(run("ours", folder, form, memory), run("by_hand", folder, form, memory))
                     for _ in range(runs)]  # fmt: skip
        mine, hand = (min(pair) for pair in zip(*pairs, strict=True))
        limit = f", limit {memory}" if memory else ""
        yield Figure(
            name=f"events to ties, {rows:,} rows, {form}{limit}",
            value=mine.seconds,
            unit="CPU s",
            goal=round(GOALS[form] * hand.seconds, 2) if size == "large" and not memory else None,
            peer=hand.seconds,
            peer_is="the query by hand",
            note=f"most memory {mine.told}; by hand {hand.told}",
        )


def run(way: str, folder: Path, form: str, memory: str) -> Run:
    """Run one way in a fresh process."""
    code = f"from benchmarks.speed.bench_events import once; once({way!r})"
    given = [sys.executable, "-c", code, str(folder), form, memory]
    told = subprocess.run(given, check=True, capture_output=True, text=True).stdout
    seconds, peak, spilt = told.splitlines()[-1].split()
    return Run(float(seconds), int(peak), int(spilt))


def once(way: str) -> None:
    """Run one way in this process, imports left out, and say what it took."""
    import duckdb  # noqa: F401
    import narwhals  # noqa: F401
    import polars  # noqa: F401

    from blocs.ties.event_sums import on_duckdb, whole  # noqa: F401

    folder, form, memory = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    before = os.times()
    with _spilling(folder) as most:
        {"ours": ours, "by_hand": by_hand}[way](folder, form, memory)
    after = os.times()
    seconds = after.user + after.system - before.user - before.system
    print(round(seconds, 2), _held(), max(most) // 1_000_000)


def _held() -> int:
    """Most memory of this process in MB; what `getrusage` tells is also that of its parent."""
    status = Path("/proc/self/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) // 1000 if found else 0


@contextmanager
def _spilling(folder: Path) -> Iterator[list[int]]:
    """Look twice a second at how much DuckDB has spilled to disk."""
    ended, sizes = threading.Event(), [0]

    def look() -> None:
        while not ended.wait(0.5):
            held = 0
            for path in folder.rglob("duckdb_temp*"):
                held += path.stat().st_size if path.exists() else 0
            sizes.append(held)

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    try:
        yield sizes
    finally:
        ended.set()
        looking.join()


if __name__ == "__main__":
    alone(measure)
