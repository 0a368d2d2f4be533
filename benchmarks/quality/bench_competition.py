"""Does `blocs compete` find what is there and nothing else? Size, power and time.

Simulated histories without an effect and with a strong one; the peer is what plain HAC errors
without permutation would have said of the same histories. Then the real record, in seconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.contract import Better, Figure, Size, alone, cpu
from blocs.outlook.competition.record import gather_record
from blocs.outlook.conflict import assess_conflict

HISTORIES: dict[Size, int] = {"toy": 4, "usual": 40, "large": 100}
YEARS = np.arange(1816, 2015)


def history(effect: float, seed: int) -> pl.DataFrame:
    """Competition by episodes, disputes by an autoregression of their own and the effect."""
    rng = np.random.default_rng(seed)
    x, noise = np.zeros(len(YEARS)), np.zeros(len(YEARS))
    for t in range(1, len(YEARS)):
        x[t] = 0.92 * x[t - 1] + rng.normal()
        noise[t] = 0.8 * noise[t - 1] + rng.normal(0, 0.2)
    x = (x - x.mean()) / x.std()
    rate = 0.2 * np.exp(effect * np.concatenate([[0.0], x[:-1]]) + noise)
    states = np.linspace(23, 194, len(YEARS))
    disputes = rng.poisson(rate * states)
    return pl.DataFrame({"year": YEARS, "states": states, "parity": x, "disputes": disputes})


def rates(effect: float, runs: int) -> tuple[float, float]:
    """Share of histories called "yes", and share a single HAC model would have called so."""
    yes, plain = 0, 0
    for seed in range(runs):
        found = assess_conflict(history(effect, seed), most=200, seed=seed)
        yes += found.verdict == "yes"
        first = found.curve.table.filter((pl.col("form") == "level") & (pl.col("lag") == 1))
        plain += bool(first["z"][0] > 1.96)
    return yes / runs, plain / runs


def measure(size: Size, shared: Path) -> Iterator[Figure]:
    """Size and power; the real record."""
    n = HISTORIES[size]
    asked: tuple[tuple[float, float, str, Better], ...] = (
        (0.0, 0.05, "called yes where there is nothing", "less"),
        (0.6, 0.8, "called yes where there is an effect", "more"),
    )
    for effect, goal, name, better in asked:
        share, plain = rates(effect, n)
        note = f"effect {effect} per standard deviation, {n} simulated histories"
        yield Figure(
            name=name, value=share, unit="share", better=better, goal=goal, peer=plain,
            peer_is="one model with HAC errors", note=note,
        )  # fmt: skip
    if size == "toy" or not (shared / "data").is_dir():
        return
    reading, record = cpu(lambda: gather_record([shared / "data"], use={}))
    yield Figure(name="the record, read and measured", value=reading, unit="CPU s", goal=30)
    used, found = cpu(lambda: assess_conflict(record.years, dyads=record.dyads))
    models = found.curve.table.height
    note = f"{models} specifications, {found.curve.histories} orders, {found.verdict}"
    yield Figure(name="the curve of the record", value=used, unit="CPU s", goal=60, note=note)


if __name__ == "__main__":
    alone(measure)
