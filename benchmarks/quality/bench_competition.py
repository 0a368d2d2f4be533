"""Does `blocs compete` find what is there and nothing else? Size, power and time.

Run ``python -m benchmarks.quality.bench_competition [--histories 40] [--shared FOLDER]``; it
prints one JSON row per measurement: name, value, unit, goal, floor, note. The floor is
what plain HAC errors without permutation would have said in the same run.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np
import polars as pl

from blocs.outlook.competition.record import gather_record
from blocs.outlook.conflict import assess_conflict

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


def row(name: str, value: float, unit: str, goal: float | None, floor: float | None, note: str):
    return {"name": name, "value": round(value, 3), "unit": unit, "goal": goal, "floor": floor,
            "note": note}  # fmt: skip


def rates(effect: float, runs: int) -> tuple[float, float]:
    """Share of histories called "yes", and share a single HAC model would have called so."""
    yes, plain = 0, 0
    for seed in range(runs):
        found = assess_conflict(history(effect, seed), most=200, seed=seed)
        yes += found.verdict == "yes"
        first = found.curve.table.filter((pl.col("form") == "level") & (pl.col("lag") == 1))
        plain += bool(first["z"][0] > 1.96)
    return yes / runs, plain / runs


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--histories", type=int, default=40)
    options.add_argument("--shared", type=Path)
    given = options.parse_args()
    for effect, goal, name in ((0.0, 0.05, "false_yes"), (0.6, 0.8, "true_yes")):
        share, plain = rates(effect, given.histories)
        note = f"effect {effect} per standard deviation, {given.histories} simulated histories"
        print(json.dumps(row(name, share, "share", goal, round(plain, 3), note)))
    if given.shared:
        start = time.process_time()
        record = gather_record([given.shared / "data"], use={})
        middle = time.process_time()
        found = assess_conflict(record.years, dyads=record.dyads)
        last = time.process_time()
        models = found.curve.table.height
        print(json.dumps(row("record_s", middle - start, "cpu s", 30, None, "read and measure")))
        note = f"{models} specifications, {found.curve.histories} orders, {found.verdict}"
        print(json.dumps(row("curve_s", last - middle, "cpu s", 60, None, note)))


if __name__ == "__main__":
    main()
