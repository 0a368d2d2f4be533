"""Likeness of every pair-year of the unvotes tables, beside a plain Polars join.

Key: country name x calendar year with at least one vote in common (834,014 rows in all);
agreement and S; user and system CPU seconds, tables in memory,
best of five; then UN kappa and pi (fpsim: 100 s) and every measure of alliance portfolios
1816-2018 (fpsim: 9,750 s for nine measures), from ATOP. The best formulation found in R
(matrix products) needs 2.2 CPU seconds
and joins in R 19 to 33; the peer measured here in the same run is the self-join a
Polars user would write, year by year so that it fits into memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import polars as pl

from benchmarks.contract import Figure, Size, alone, cpu, needed
from blocs.alignment.likeness_years import likeness_years
from blocs.alignment.portfolio_years import portfolio_years
from blocs.dates import Period
from blocs.evidence.holdings import hold
from blocs.registry import SIMILARITIES
from blocs.ties.network import build_layer

ROWS = 834_014


def tables(shared: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Roll calls and ballots of the package, read into memory."""
    folder = needed(shared / "data" / "unvotes_r")
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


def measure(size: Size, shared: Path) -> Iterator[Figure]:
    """Votes to 1960, all votes, all alliances."""
    if size == "large":
        yield from portfolios(shared)
        return
    calls, votes = tables(shared)
    if size == "toy":
        calls = calls.filter(pl.col("date").dt.year() <= 1960)
        votes = votes.join(calls, on="rollcall", how="semi")
    mine, found = cpu(partial(likeness_years, calls, votes), runs=5)
    peer, rows = cpu(partial(joined, calls, votes))
    if found.height != rows.height or (size == "usual" and rows.height != ROWS):
        raise SystemExit(f"{found.height:,} rows, the join has {rows.height:,}")
    note = f"{rows.height:,} pair-years"
    yield Figure(
        name="UN agreement and S", value=mine, unit="CPU s", goal=1.0, peer=peer,
        peer_is="self-join in Polars", note=note,
    )  # fmt: skip
    if size == "usual":
        work = partial(likeness_years, calls, votes, measures=("kappa", "pi"))
        yield Figure(
            name="UN kappa and pi", value=cpu(work, runs=3)[0], unit="CPU s", goal=2.0, peer=100.0,
            peer_is="fpsim", told=True, note=note,
        )  # fmt: skip


def portfolios(shared: Path) -> Iterator[Figure]:
    """Every measure of alliance portfolios, 1816-2018."""
    folder = needed(shared / "data" / "atop")
    held = hold(data=[str(folder)], only={"atop"}).with_almanac()
    alliances = build_layer("alliances", held)
    work = partial(portfolio_years, alliances, Period(1816, 2018), measures=SIMILARITIES.names())
    used, found = cpu(work)
    yield Figure(
        name="alliance portfolios 1816-2018, all measures", value=used, unit="CPU s", goal=10.0,
        peer=9750.0, peer_is="fpsim, nine measures", told=True, note=f"{found.height:,} pair-years",
    )  # fmt: skip


if __name__ == "__main__":
    alone(measure)
