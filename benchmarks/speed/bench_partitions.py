"""Speed of the exact partitions beside their goals and beside plain models of rivals.

A toy, the 51 windows of COW's signed network, and networks of 5,000 nodes with planted sides and
the world of every year. The peer is the textbook model in HiGHS: no cuts, no reductions.
"""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import ModuleType

import numpy as np

from benchmarks.contract import Figure, Size, alone, cpu, needed
from blocs.alignment.partition_result import PartitionResult
from blocs.alignment.partitions import correlation, frustration, landscape, leiden, sponge
from blocs.alignment.temporal import split_years

Ties = tuple[np.ndarray, np.ndarray, np.ndarray]


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


def bench_windows(shared: Path) -> Iterator[Figure]:
    windows = read_windows(shared)
    solve(frustration, windows[:1])  # compile
    plain, _ = cpu(lambda: solve_plainly(180, windows[0]))
    first, _ = cpu(lambda: solve(frustration, windows[:1]))
    yield Figure(
        name="first window, two sides", value=first, unit="CPU s", peer=plain,
        peer_is="textbook model in HiGHS",
    )  # fmt: skip
    for name, method, goal in (("two sides", frustration, 5.0), ("any number", correlation, 90.0)):
        used, found = cpu(partial(solve, method, windows))
        proved = sum(f.proved for f in found)
        note = f"{proved}/51 proved, memberships settled"
        yield Figure(name=f"51 windows, {name}", value=used, unit="CPU s", goal=goal, note=note)
    exact = used
    rough: dict[str, tuple[ModuleType, dict[str, int]]]
    rough = {"leiden": (leiden, {}), "sponge": (sponge, {"k": 2})}
    for name, (method, extra) in rough.items():
        used, _ = cpu(partial(solve, method, windows, **extra))
        yield Figure(
            name=f"51 windows, {name}", value=used, unit="CPU s", peer=exact,
            peer_is="exact, any number", note="not exact",
        )  # fmt: skip


def solve(method: ModuleType, networks: list[Ties], **options: int) -> list[PartitionResult]:
    rng = np.random.default_rng(0)
    return [method.partition(180, *ties, rng=rng, **options) for ties in networks]


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


def bench_planted(n: int, noises: tuple[float, ...]) -> Iterator[Figure]:
    frustration.partition(500, *plant(500, 1500, 0.1, 0), rng=np.random.default_rng(0))  # compile
    for noise in noises:
        ties = plant(n, 3 * n, noise, 1)
        began = time.process_time()
        found = frustration.partition(n, *ties, seconds=30.0, rng=np.random.default_rng(0))
        used = time.process_time() - began
        note = (
            f"value {found.frustration:.0f}, bound {found.bound:.0f}, proved {found.proved}, "
            f"wall {found.seconds:.1f} s of 30"
        )
        name = f"planted {n:,} nodes, {noise:.0%} noise"
        yield Figure(name=name, value=used, unit="CPU s", goal=30.0, note=note)
        gap = 100 * found.gap / found.frustration
        yield Figure(name=f"{name}, gap", value=gap, unit="%", goal=1.0, note=note)


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


def bench_world(shared: Path) -> Iterator[Figure]:
    n, year, (a, b, w) = read_world(shared)
    rng = np.random.default_rng(0)
    years = np.unique(year)
    used, found = cpu(
        lambda: [
            frustration.partition(n, a[year == t], b[year == t], w[year == t], rng=rng)
            for t in years
        ]
    )
    proved = f"{sum(f.proved for f in found)}/{years.size} proved"
    name = "world of every year 1816-2014"
    yield Figure(name=name, value=used, unit="CPU s", goal=60.0, note=proved)
    each = used
    used, whole = cpu(lambda: split_years(n, year, a, b, w, switching=1.0, seconds=60.0, rng=rng))
    note = (
        f"cost {whole.cost:.0f}, bound {whole.bound:.0f}, {whole.moved.size} changes of side, "
        f"wall {whole.seconds:.1f} s of 60"
    )
    yield Figure(
        name="all years at once, switching price 1", value=used, unit="CPU s", goal=60.0,
        peer=each, peer_is="each year by itself", note=note,
    )  # fmt: skip


def bench_landscape(n: int) -> Iterator[Figure]:
    rng = np.random.default_rng(0)
    a, b = (side.astype(np.int32) for side in np.triu_indices(n, 1))
    w = rng.normal(size=a.size)
    used, found = cpu(lambda: landscape.map_landscape(n, a, b, w))
    note = f"{found.states:,} alignments, {found.energy.size} stable"
    yield Figure(name=f"landscape of {n} actors", value=used, unit="CPU s", note=note)


def measure(size: Size, shared: Path) -> Iterator[Figure]:
    """A toy; 51 windows; thousands of nodes and two centuries."""
    if size == "toy":
        yield from bench_landscape(16)
        yield from bench_planted(500, (0.1,))
    elif size == "usual":
        needed(shared / "data")
        yield from bench_windows(shared)
    else:
        yield from bench_landscape(24)
        yield from bench_planted(5_000, (0.05, 0.1, 0.15, 0.2))
        needed(shared / "data")
        yield from bench_world(shared)


if __name__ == "__main__":
    alone(measure)
