"""Coverage of the intervals of ideal points, and how near points are to the published ones.

``python -m benchmarks.quality.bench_ideal_points [--worlds 40] [--shared FOLDER]`` prints one
JSON row a figure: name, value, unit, goal, floor, note. Worlds have the Assembly's shape at a
tenth of its size: late entrants, absences, N(0, 1) slopes, positions of unit spread whose
steps have the variance of the model's walk, 1/4. They are fitted, and the share of 90 %
intervals that hold the truth is counted; the floor is what intervals from each state's own
votes alone would cover. A second set of worlds in which states hardly move (1/25) shows the
price of a wrong guess: the intervals are then too wide, not too narrow.
The published points (vintage to 2015) are compared
with ours overall, by session, and once each session has the published mean and spread: the
drift of the whole Assembly rests on assumptions, not on votes.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from blocs import actors
from blocs.alignment.ideal_points import fit_ideal_points
from blocs.contracts import Evidence
from blocs.views.answers.ideal_points import ideal_points

WORDS = {1: "yes", 2: "abstain", 3: "no"}


def row(name: str, value: float, unit: str, goal: object, floor: float | None, note: str):
    return {
        "name": name, "value": round(value, 4), "unit": unit, "goal": goal,
        "floor": None if floor is None else round(floor, 4), "note": note,
    }  # fmt: skip


def draw_world(
    rng: np.random.Generator,
    *,
    step: float = 0.25,
    states: int = 60,
    sessions: int = 25,
    items: int = 40,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Ballots and truth: positions of unit spread whose steps have variance ``step``."""
    enters = np.where(rng.random(states) < 0.3, rng.integers(0, sessions // 2, states), 0)
    keeps = 1 - step / 2
    theta = rng.normal(size=(sessions, states))
    for t in range(1, sessions):
        moved = keeps * theta[t - 1] + np.sqrt(1 - keeps**2) * theta[t]
        theta[t] = np.where(enters >= t, theta[t], moved)
    there = np.arange(sessions)[:, None] >= enters
    theta = (theta - theta[there].mean()) / theta[there].std()
    beta, cut = rng.normal(size=(sessions, items)), 1.5 * rng.normal(size=(sessions, items))
    upper = cut + rng.gamma(2, 0.25, size=cut.shape)
    z = theta[:, :, None] * beta[:, None, :] + rng.normal(size=(sessions, states, items))
    code = 1 + (z > cut[:, None, :]) + (z > upper[:, None, :])
    cast = (rng.random(code.shape) < 0.9) & there[:, :, None]
    t, i, v = np.nonzero(cast)
    name = np.array([f"S{k:03d}" for k in range(states)])
    name[theta.mean(axis=0).argmax()] = "USA"
    ballots = pl.DataFrame({"actor": name[i], "session": t + 30, "rollcall": t * 1000 + v})
    votes = pl.Series(code[t, i, v]).replace_strict(WORDS, return_dtype=pl.String)
    t, i = np.nonzero(there)
    truth = pl.DataFrame({"actor": name[i], "session": t + 30, "truth": theta[t, i]})
    return ballots.with_columns(vote=votes), truth


def bench_coverage(worlds: int) -> Iterator[dict[str, object]]:
    for step, goal in ((0.25, "0.87-0.93"), (0.04, None)):
        shares, errors, naive = [], [], []
        for seed in range(worlds):
            ballots, truth = draw_world(np.random.default_rng(seed), step=step)
            both = fit_ideal_points(ballots).table().join(truth, on=["actor", "session"])
            shares.append(both.select(pl.col("truth").is_between("low", "high").mean()).item())
            errors.append(both.select(pl.corr("mean", "truth")).item())
            naive.append(naive_coverage(both))
        note = f"{worlds} worlds, s.e. {np.std(shares) / np.sqrt(worlds):.4f}"
        what = f"steps of variance {step}"
        yield row(f"coverage, {what}", np.mean(shares), "share", goal, np.mean(naive), note)
        yield row(f"correlation with the truth, {what}", np.mean(errors), "r", None, None, note)


def naive_coverage(both: pl.DataFrame) -> float:
    """Coverage had each point the error 1 / sqrt(votes): items taken as known."""
    half = 1.645 / np.sqrt(both["n"].to_numpy())
    return float(np.mean(np.abs(both["mean"] - both["truth"]).to_numpy() <= half))


def read_published(shared: Path) -> pl.DataFrame:
    path = shared / "data/un_ideal_points_older/IdealpointsPublished.tab.gz"
    with gzip.open(path, "rt", encoding="latin-1") as lines:
        text = lines.read().replace('"', "")
    table = pl.read_csv(
        io.StringIO(text), separator="\t", infer_schema_length=0, null_values=["", "NaN", "NA"],
        quote_char=None,
    )  # fmt: skip
    number = pl.col("year", "ccode", "session", "Idealpoint").cast(pl.Float64, strict=False)
    rows = table.select(number).drop_nulls().rename({"Idealpoint": "published"})
    rows = rows.with_columns(
        pl.col("session").cast(pl.Int64),
        code=pl.col("ccode").cast(pl.Int64).cast(pl.String),
        on=pl.col("year").cast(pl.Int64).map_elements(lambda y: date(y, 12, 1), pl.Date),
    )
    named = actors.with_actor(rows, "code", system="voeten", on="on", into="variant")
    named = actors.with_actor(named, "code", system="cow", on="on")
    return named.select(
        pl.coalesce("variant", "actor").alias("actor"), "session", "published"
    ).drop_nulls()


def bench_published(shared: Path) -> Iterator[dict[str, object]]:
    data = Evidence(data=(str(shared / "data/un_votes_voeten"),))
    both = read_published(shared).join(ideal_points(evidence=data), on=["actor", "session"])
    note = f"{both.height:,} points of sessions 1-70"
    r = both.select(pl.corr("published", "mean")).item()
    yield row("published points, overall", r, "r", 0.99, None, note)
    by_session = both.group_by("session").agg(r=pl.corr("published", "mean"))["r"]
    yield row("published points, within a session, median", by_session.median(), "r", 0.99,
              by_session.min(), note + "; floor: the worst session")  # fmt: skip
    own, theirs = pl.col("mean"), pl.col("published")
    placed = (own - own.mean()) / own.std() * theirs.std() + theirs.mean()
    aligned = both.with_columns(placed=placed.over("session"))
    r = aligned.select(pl.corr("published", "placed")).item()
    yield row("published points, each session with the published mean and spread", r, "r", 0.99,
              None, note)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[2].parent / "shared")
    parser.add_argument("--worlds", type=int, default=40)
    chosen = parser.parse_args()
    parts = [bench_coverage(chosen.worlds)]
    if (chosen.shared / "data").is_dir():
        parts.append(bench_published(chosen.shared))
    for part in parts:
        for measured in part:
            sys.stdout.write(json.dumps(measured) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
