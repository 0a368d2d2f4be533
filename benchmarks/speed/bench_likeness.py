"""Likeness of every pair-year of the unvotes tables, beside a plain Polars join.

``python -m benchmarks.speed.bench_likeness [SHARED]`` prints one JSON row a figure: name,
value, unit, goal, peer. Key: country name x calendar year with at least one vote in
common (834,014 rows); agreement and S; user and system CPU seconds, tables in memory,
best of five; then UN kappa and pi (fpsim: 100 s) and every measure of alliance portfolios
1816-2018 (fpsim: 9,750 s for nine measures), from ATOP. The best formulation found in R
(matrix products) needs 2.2 CPU seconds
and joins in R 19 to 33; the peer measured here in the same run is the self-join a
Polars user would write, year by year so that it fits into memory.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import process_time

import polars as pl

from blocs.alignment.likeness_years import likeness_years
from blocs.alignment.portfolio_years import portfolio_years
from blocs.dates import Period
from blocs.evidence.holdings import hold
from blocs.registry import SIMILARITIES
from blocs.ties.network import build_layer

ROWS = 834_014


def tables(shared: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Roll calls and ballots of the package, read into memory."""
    folder = shared / "data" / "unvotes_r"
    calls = pl.read_csv(folder / "un_roll_calls.csv.gz", columns=["rcid", "date"])
    votes = pl.read_csv(folder / "un_votes.csv.gz", columns=["rcid", "country", "vote"])
    return (
        calls.select(rollcall="rcid", date=pl.col("date").str.to_date()),
        votes.select(rollcall="rcid", actor="country", vote="vote"),
    )


def joined(calls: pl.DataFrame, votes: pl.DataFrame) -> pl.DataFrame:
    """Join the ballots to themselves and average: nothing of blocs in it."""
    steps = {"yes": 0, "abstain": 1, "no": 2}
    long = votes.select(
        "rollcall",
        "actor",
        x=pl.col("vote").replace_strict(steps, return_dtype=pl.Int8),
    ).join(calls.select("rollcall", year=pl.col("date").dt.year()), on="rollcall")
    frames = []
    for (year,), one in long.group_by(["year"]):
        pairs = one.join(one, on="rollcall", suffix="_b").filter(
            pl.col("actor") < pl.col("actor_b")
        )
        apart = (pl.col("x") - pl.col("x_b")).abs().mean() / 2
        frames.append(
            pairs.group_by(a="actor", b="actor_b")
            .agg(n=pl.len(), agreement=1 - apart, s_score=1 - 2 * apart)
            .with_columns(year=pl.lit(year))
        )
    return pl.concat(frames)


def cpu(work: Callable[[], pl.DataFrame], runs: int) -> float:
    times = []
    for _ in range(runs):
        start = process_time()
        rows = work().height
        times.append(process_time() - start)
        if rows != ROWS:
            raise SystemExit(f"{rows:,} rows instead of {ROWS:,}")
    return min(times)


def main(shared: Path) -> None:
    calls, votes = tables(shared)
    mine = cpu(partial(likeness_years, calls, votes), 5)
    peer = cpu(partial(joined, calls, votes), 1)
    row = {
        "name": "UN agreement and S, 834,014 pair-years",
        "value": round(mine, 3),
        "unit": "CPU s",
        "goal": 1.0,
        "peer": round(peer, 2),
        "ratio": round(peer / mine, 1),
    }
    print(json.dumps(row))
    chance = cpu(partial(likeness_years, calls, votes, measures=("kappa", "pi")), 3)
    show("UN kappa and pi, 834,014 pair-years", chance, 2.0, 100.0)
    held = hold(data=[str(shared / "data" / "atop")], only={"atop"}).with_almanac()
    alliances = build_layer("alliances", held)
    start = process_time()
    found = portfolio_years(alliances, Period(1816, 2018), measures=SIMILARITIES.names())
    name = f"alliance portfolios 1816-2018, all measures, {found.height:,} pair-years"
    show(name, process_time() - start, 10.0, 9750.0)


def show(name: str, value: float, goal: float, peer: float) -> None:
    row = {"name": name, "value": round(value, 3), "unit": "CPU s", "goal": goal}
    print(json.dumps({**row, "peer": peer, "ratio": round(peer / value, 1)}))


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared"))
