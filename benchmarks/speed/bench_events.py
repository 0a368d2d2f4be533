"""Events to ties, beside the DuckDB query that an analyst would write by hand.

``python -m benchmarks.speed.bench_events FOLDER --rows 10_000_000 --form parquet`` makes the
corpus in FOLDER if it is not there, and prints one JSON object: CPU seconds of both (the best of
three runs), their ratio and the most memory that ours held. Ours checks every cell, names the
rows it refuses, translates codes to states through time and keeps the answer; the query by hand
trusts every row.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.data.events import FORMS, write_corpus

GOALS = {"parquet": 1.3, "csv": 1.5, "gdelt": 1.5}
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


def measure(way: str, folder: Path, form: str, memory: str) -> tuple[float, int]:
    """Run one way in a fresh process; CPU seconds, and the most memory it held in MB."""
    code = f"from benchmarks.speed.bench_events import once; once({way!r})"
    given = [sys.executable, "-c", code, str(folder), form, memory]
    told = subprocess.run(given, check=True, capture_output=True, text=True).stdout
    seconds, peak = told.splitlines()[-1].split()
    return float(seconds), int(peak)


def once(way: str) -> None:
    """Run one way in this process, imports left out, and say what it took."""
    import duckdb  # noqa: F401
    import narwhals  # noqa: F401
    import polars  # noqa: F401

    folder, form, memory = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    before = os.times()
    {"ours": ours, "by_hand": by_hand}[way](folder, form, memory)
    after = os.times()
    seconds = after.user + after.system - before.user - before.system
    print(round(seconds, 2), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


def main() -> None:
    """Measure both ways by turns."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--form", choices=FORMS, default="parquet")
    parser.add_argument("--memory", default="")
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    folder = given.folder / f"{given.form}-{given.rows}"
    paths = write_corpus(folder, rows=given.rows, form=given.form)
    told = {"ours": [], "by_hand": []}
    for _ in range(given.runs):
        for way, runs in told.items():
            runs.append(measure(way, folder, given.form, given.memory))
    seconds = {way: min(cpu for cpu, _ in runs) for way, runs in told.items()}
    print(
        json.dumps(
            {
                "name": f"events to ties, {given.rows:,} rows, {given.form}",
                "value": seconds["ours"],
                "unit": "CPU s",
                "by_hand": seconds["by_hand"],
                "ratio": round(seconds["ours"] / seconds["by_hand"], 2),
                "goal_ratio": GOALS[given.form],
                "memory_limit": given.memory,
                "peak_mb": max(peak for _, peak in told["ours"]),
                "peak_mb_by_hand": max(peak for _, peak in told["by_hand"]),
                "corpus_mb": sum(path.stat().st_size for path in paths) // 1_000_000,
            }
        )
    )


if __name__ == "__main__":
    main()
