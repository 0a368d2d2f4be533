"""Coverage of the intervals of ideal points, and how near points are to the published ones.

Worlds have the Assembly's shape at a
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

import gzip
import io
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.contract import Figure, Size, alone
from blocs import actors
from blocs.alignment.ideal_points import fit_ideal_points
from blocs.contracts import Evidence
from blocs.views.answers.ideal_points import ideal_points

WORLDS: dict[Size, int] = {"toy": 2, "usual": 10, "large": 40}
WORDS = {1: "yes", 2: "abstain", 3: "no"}


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
    session, state, item = np.nonzero(cast)
    name = np.array([f"S{k:03d}" for k in range(states)])
    name[theta.mean(axis=0).argmax()] = "USA"
    ballots = pl.DataFrame(
        {"actor": name[state], "session": session + 30, "rollcall": session * 1000 + item}
    )
    votes = pl.Series(code[session, state, item]).replace_strict(WORDS, return_dtype=pl.String)
    session, state = np.nonzero(there)
    truth = pl.DataFrame(
        {"actor": name[state], "session": session + 30, "truth": theta[session, state]}
    )
    return ballots.with_columns(vote=votes), truth


def bench_coverage(worlds: int) -> Iterator[Figure]:
    for step, goal in ((0.25, 0.03), (0.04, None)):
        shares, errors, naive = [], [], []
        for seed in range(worlds):
            ballots, truth = draw_world(np.random.default_rng(seed), step=step)
            both = fit_ideal_points(ballots).table().join(truth, on=["actor", "session"])
            shares.append(both.select(pl.col("truth").is_between("low", "high").mean()).item())
            errors.append(both.select(pl.corr("mean", "truth")).item())
            naive.append(naive_coverage(both))
        note = f"{worlds} worlds, s.e. {np.std(shares) / np.sqrt(worlds):.4f}"
        what = f"steps of variance {step}"
        covered, plain = float(np.mean(shares)), float(np.mean(naive))
        yield Figure(
            name=f"coverage of 90 % intervals, away from 0.9, {what}", value=abs(covered - 0.9),
            unit="share", goal=goal, peer=abs(plain - 0.9), peer_is="own votes alone",
            note=f"{covered:.3f} covered; {note}",
        )  # fmt: skip
        yield Figure(
            name=f"correlation with the truth, {what}", value=float(np.mean(errors)), unit="r",
            better="more", note=note,
        )  # fmt: skip


def naive_coverage(both: pl.DataFrame) -> float:
    """Coverage had each point the error 1 / sqrt(votes): items taken as known."""
    half = 1.645 / np.sqrt(both["n"].to_numpy())
    return float(np.mean((both["mean"] - both["truth"]).abs().to_numpy() <= half))


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


def bench_published(shared: Path) -> Iterator[Figure]:
    data = Evidence(data=(str(shared / "data/un_votes_voeten"),))
    both = read_published(shared).join(ideal_points(evidence=data), on=["actor", "session"])
    note = f"{both.height:,} points of sessions 1-70"
    r = both.select(pl.corr("published", "mean")).item()
    points = partial(Figure, unit="r", better="more", goal=0.99)
    yield points(name="published points, overall", value=r, note=note)
    by_session = both.group_by("session").agg(r=pl.corr("published", "mean"))["r"]
    each = by_session.to_numpy()
    worst = f"{note}; the worst session {each.min():.3f}"
    median = float(np.median(each))
    yield points(name="published points, median of sessions", value=median, note=worst)
    own, theirs = pl.col("mean"), pl.col("published")
    placed = (own - own.mean()) / own.std() * theirs.std() + theirs.mean()
    aligned = both.with_columns(placed=placed.over("session"))
    r = aligned.select(pl.corr("published", "placed")).item()
    name = "published points, each session with the published mean and spread"
    yield points(name=name, value=r, note=note)


def measure(size: Size, shared: Path) -> Iterator[Figure]:
    """Cover planted positions; meet the published ones."""
    yield from bench_coverage(WORLDS[size])
    if size != "toy" and (shared / "data").is_dir():
        yield from bench_published(shared)


if __name__ == "__main__":
    alone(measure)
