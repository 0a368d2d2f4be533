"""Speed of the exact partitions beside their goals and beside plain models of rivals.

Run ``python -m benchmarks.speed.bench_partitions [--shared FOLDER] [--quick]``; it prints
one JSON row per measurement: name, value, unit, goal, floor (what a rival or a plain
model takes on the same machine in the same run, null if none), note. Seconds are CPU
seconds of this process, so that a busy machine does not distort them.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from blocs.alignment.partitions import correlation, frustration, landscape, leiden, sponge
from blocs.alignment.temporal import split_years

Ties = tuple[np.ndarray, np.ndarray, np.ndarray]


def row(name: str, value: float, unit: str, goal: float | None, floor: float | None, note: str):
    return {
        "name": name, "value": round(value, 3), "unit": unit, "goal": goal,
        "floor": None if floor is None else round(floor, 3), "note": note,
    }  # fmt: skip


def read_windows(shared: Path) -> list[Ties]:
    windows: list[list[list[float]]] = []
    with gzip.open(shared / "data/cow_signed_networks/Cow.net.gz", "rt") as lines:
        for line in lines:
            if line.lower().startswith("*edges"):
                windows.append([])
            elif windows and line.strip():
                windows[-1].append([float(x) for x in line.split()])
    tables = [np.array(ties) for ties in windows]
    return [(t[:, 0].astype(int) - 1, t[:, 1].astype(int) - 1, t[:, 2]) for t in tables]


def solve_plainly(n: int, ties: Ties) -> float:
    """Least frustration by the textbook model in HiGHS: no cuts, no reductions."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import coo_array

    a, b, w = ties
    m = a.size
    e = np.arange(m)
    positive = w > 0
    cells = []
    for sign in (1.0, -1.0):
        # friends: f >= +-(x_a - x_b); foes: f >= x_a + x_b - 1 and f >= 1 - x_a - x_b
        second = np.where(positive, -sign, sign)
        base = e + (0 if sign > 0 else m)
        cells += [(base, n + e, np.ones(m)), (base, a, np.full(m, -sign)), (base, b, -second)]
    rows, columns, values = (np.concatenate(part) for part in zip(*cells, strict=True))
    matrix = coo_array((values, (rows, columns)), shape=(2 * m, n + m)).tocsr()
    low = np.concatenate([np.where(positive, 0.0, -1.0), np.where(positive, 0.0, 1.0)])
    upper = np.ones(n + m)
    upper[int(np.argmax(np.bincount(np.concatenate([a, b]), minlength=n)))] = 0.0
    solved = milp(
        np.concatenate([np.zeros(n), np.abs(w)]),
        integrality=np.concatenate([np.ones(n), np.zeros(m)]),
        bounds=Bounds(0, upper),
        constraints=LinearConstraint(matrix, lb=low),
        options={"time_limit": 60.0, "mip_rel_gap": 0.0},
    )
    return float(solved.fun) if solved.status == 0 else float("nan")


def bench_windows(shared: Path, quick: bool) -> Iterator[dict[str, object]]:
    windows = read_windows(shared)
    rng = np.random.default_rng(0)
    plain = None
    if not quick:
        began = time.process_time()
        solve_plainly(180, windows[0])
        plain = time.process_time() - began
    for name, method, goal in (("two sides", frustration, 5.0), ("any number", correlation, 90.0)):
        began = time.process_time()
        found = [method.partition(180, *ties, rng=rng) for ties in windows]
        used = time.process_time() - began
        proved = sum(f.proved for f in found)
        note = f"{proved}/51 proved, memberships settled; floor: textbook model, first window only"
        yield row(
            f"51 windows, {name}", used, "s", goal, plain if name == "two sides" else None, note
        )
    for name, method in (("leiden", leiden), ("sponge", sponge)):
        began = time.process_time()
        extra = {"k": 2} if name == "sponge" else {}
        for ties in windows:
            method.partition(180, *ties, rng=rng, **extra)
        yield row(f"51 windows, {name}", time.process_time() - began, "s", None, None, "not exact")


def plant(n: int, m: int, noise: float, seed: int) -> Ties:
    rng = np.random.default_rng(seed)
    keys = np.zeros(0, dtype=np.int64)
    while keys.size < m:
        ends = np.sort(rng.integers(0, n, (m, 2)), axis=1)
        keys = np.unique(
            np.concatenate([keys, (ends[:, 0] * n + ends[:, 1])[ends[:, 0] < ends[:, 1]]])
        )
    keys = np.sort(rng.permutation(keys)[:m])
    a, b = keys // n, keys % n
    side = rng.choice([-1.0, 1.0], n)
    return a, b, side[a] * side[b] * np.where(rng.random(m) < noise, -1.0, 1.0)


def bench_planted(quick: bool) -> Iterator[dict[str, object]]:
    frustration.partition(500, *plant(500, 1500, 0.1, 0), rng=np.random.default_rng(0))  # compile
    for noise in (0.05,) if quick else (0.05, 0.1, 0.15, 0.2):
        ties = plant(5_000, 15_000, noise, 1)
        began = time.process_time()
        found = frustration.partition(5_000, *ties, seconds=30.0, rng=np.random.default_rng(0))
        used = time.process_time() - began
        note = (
            f"value {found.frustration:.0f}, bound {found.bound:.0f}, proved {found.proved}, "
            f"wall {found.seconds:.1f} s of 30"
        )
        yield row(f"planted 5,000 nodes, {noise:.0%} noise", used, "s", 30.0, None, note)
        gap = 100 * found.gap / found.frustration
        yield row(f"planted 5,000 nodes, {noise:.0%} noise, gap", gap, "%", 1.0, None, note)


def read_world(shared: Path) -> tuple[int, np.ndarray, Ties]:
    """Alliances (+1) and militarised disputes (-1) of every pair and year, summed."""
    import polars as pl

    def pairs(path: str, left: str, right: str, w: float) -> pl.DataFrame:
        frame = pl.read_csv(shared / "data" / path, infer_schema_length=100_000)
        return (
            frame.filter(pl.col("year").is_between(1816, 2014))
            .select(
                "year",
                x=pl.min_horizontal(left, right).cast(pl.Int64),
                y=pl.max_horizontal(left, right).cast(pl.Int64),
            )
            .unique()
            .with_columns(w=pl.lit(w))
        )

    ties = (
        pl.concat(
            [
                pairs("cow_alliances/alliance_v4.1_by_dyad_yearly.csv.gz", "ccode1", "ccode2", 1.0),
                pairs("cow_mids/dyadic_mid_4.02.csv.gz", "statea", "stateb", -1.0),
            ]
        )
        .group_by("year", "x", "y")
        .agg(pl.col("w").sum())
        .filter(pl.col("w") != 0)
        .sort("year", "x", "y")
    )
    codes = np.unique(np.concatenate([ties["x"].to_numpy(), ties["y"].to_numpy()]))
    a, b = (np.searchsorted(codes, ties[name].to_numpy()) for name in ("x", "y"))
    return codes.size, ties["year"].to_numpy(), (a, b, ties["w"].to_numpy())


def bench_world(shared: Path, quick: bool) -> Iterator[dict[str, object]]:
    n, year, (a, b, w) = read_world(shared)
    rng = np.random.default_rng(0)
    years = np.unique(year)
    began = time.process_time()
    found = [
        frustration.partition(n, a[year == t], b[year == t], w[year == t], rng=rng) for t in years
    ]
    used = time.process_time() - began
    proved = sum(f.proved for f in found)
    yield row(
        "world of every year 1816-2014", used, "s", 60.0, None, f"{proved}/{years.size} proved"
    )
    if quick:
        return
    began = time.process_time()
    whole = split_years(n, year, a, b, w, switching=1.0, seconds=60.0, rng=rng)
    used = time.process_time() - began
    note = (
        f"cost {whole.cost:.0f}, bound {whole.bound:.0f}, {whole.moved.size} changes of side, "
        f"wall {whole.seconds:.1f} s of 60"
    )
    yield row("all years at once, switching price 1", used, "s", 60.0, None, note)


def bench_landscape() -> Iterator[dict[str, object]]:
    rng = np.random.default_rng(0)
    a, b = np.triu_indices(24, 1)
    began = time.process_time()
    found = landscape.map_landscape(24, a, b, rng.normal(size=a.size))
    note = f"{found.states:,} alignments, {found.energy.size} stable"
    yield row("landscape of 24 actors", time.process_time() - began, "s", None, None, note)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[2].parent / "shared")
    parser.add_argument("--quick", action="store_true")
    chosen = parser.parse_args()
    parts = [bench_landscape(), bench_planted(chosen.quick)]
    if (chosen.shared / "data").is_dir():
        parts += [
            bench_windows(chosen.shared, chosen.quick),
            bench_world(chosen.shared, chosen.quick),
        ]
    for part in parts:
        for measured in part:
            sys.stdout.write(json.dumps(measured) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
