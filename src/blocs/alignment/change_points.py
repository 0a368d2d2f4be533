"""Since when: the years in which a series of a group's cohesion changed its level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from blocs.errors import BadInput

LEVEL = 0.05
LEAST = 4
"""Fewest years on either side of a change."""
PERMUTATIONS = 999
MOST = 5
CHI2_90 = 2.705543454095404


@dataclass(frozen=True, slots=True)
class ChangePoint:
    """A lasting change of level.

    Attributes
    ----------
    year : int
        First year of the new level.
    low, high : int
        Years that fit nearly as well (90 %).
    before, after : float
        Mean level of the segments on both sides.
    p : float
        Share of permuted series with as large a change.
    """

    year: int
    low: int
    high: int
    before: float
    after: float
    p: float


def change_points(
    years: Sequence[int],
    values: Sequence[float],
    *,
    rng: np.random.Generator,
    level: float = LEVEL,
) -> tuple[ChangePoint, ...]:
    """Find the years in which the level of a yearly series changed.

    Parameters
    ----------
    years : sequence of int
        Increasing; years without a value are left out.
    values : sequence of float
        One a year.
    rng : numpy.random.Generator
        For the permutations.
    level : float
        Largest p of a change that is kept.

    Returns
    -------
    tuple of ChangePoint
        In order; empty below eight years.

    Raises
    ------
    BadInput
        Lengths differ.

    Notes
    -----
    The segmentation of least squares with up to five changes and at least four years
    a segment is found exactly, their number by Schwarz's criterion; then the change
    that matters least is dropped until each, between its neighbours, splits the years
    better than all but `level` of series permuted in blocks (a twelfth of the years,
    since neighbouring years resemble each other). `low` and `high` span the splits
    whose log-likelihood lies within chi-squared(1)/2 of the best.

    References
    ----------
    Yao, Y.-C. (1988). Estimating the number of change-points via Schwarz' criterion.
    Statistics & Probability Letters 6(3). doi:10.1016/0167-7152(88)90118-6
    """
    if len(years) != len(values):
        raise BadInput(f"{len(values)} values for {len(years)} years; give one each")
    at, x = np.asarray(years), np.asarray(values, dtype=np.float64)
    if len(x) < 2 * LEAST or np.ptp(x) <= 1e-12:
        return ()
    cuts = _segment(x)
    tests = _tests(x, cuts, rng)
    while cuts and max(tests) > level:
        del cuts[int(np.argmax(tests))]
        tests = _tests(x, cuts, rng)
    edges = [0, *cuts, len(x)]
    return tuple(
        _point(at, x, edges[k], cut, edges[k + 2], p)
        for k, (cut, p) in enumerate(zip(cuts, tests, strict=True))
    )


def _point(
    at: NDArray[np.int64], x: NDArray[np.float64], first: int, cut: int, last: int, p: float
) -> ChangePoint:
    part = x[first:last]
    rest = _left(part[None])[0]
    best = rest[cut - first]
    ratio = np.log((rest + 1e-12) / (best + 1e-12))
    fits = np.append(np.flatnonzero(len(part) * ratio <= CHI2_90), cut - first)
    return ChangePoint(
        year=int(at[cut]),
        low=int(at[first + fits.min()]),
        high=int(at[first + fits.max()]),
        before=float(x[first:cut].mean()),
        after=float(x[cut:last].mean()),
        p=p,
    )


def _segment(x: NDArray[np.float64]) -> list[int]:
    """Cuts of the best segmentation by least squares and Schwarz's criterion."""
    n = len(x)
    total, square = np.append(0.0, np.cumsum(x)), np.append(0.0, np.cumsum(x**2))

    def spread(i: int, j: int) -> float:
        return max(float(square[j] - square[i] - (total[j] - total[i]) ** 2 / (j - i)), 0.0)

    cost: dict[int, tuple[float, tuple[int, ...]]] = {
        j: (spread(0, j), ()) for j in range(LEAST, n + 1)
    }
    best: tuple[float, tuple[int, ...]] = (np.inf, ())
    for count in range(MOST + 1):
        if n in cost:
            fit = n * np.log(cost[n][0] / n + 1e-12) + 2 * count * np.log(n)
            best = min(best, (float(fit), cost[n][1]))
        cost = {
            j: min((cost[i][0] + spread(i, j), (*cost[i][1], i)) for i in cost if i <= j - LEAST)
            for j in range(LEAST * (count + 2), n + 1)
        }
    return list(best[1])


def _tests(x: NDArray[np.float64], cuts: list[int], rng: np.random.Generator) -> list[float]:
    """Share of permuted series between its neighbours that split as well as each cut does."""
    edges = [0, *cuts, len(x)]
    out = []
    for k, cut in enumerate(cuts):
        part = x[edges[k] : edges[k + 2]]
        n = len(part)
        size = max(1, n // 12)
        blocks = np.array_split(np.arange(n), range(size, n, size))
        orders = np.stack(
            [
                np.concatenate([blocks[b] for b in rng.permutation(len(blocks))])
                for _ in range(PERMUTATIONS)
            ]
        )
        least = _left(part[orders]).min(axis=1)
        mine = _left(part[None])[0, cut - edges[k]]
        out.append(float((1 + (least <= mine * (1 + 1e-9)).sum()) / (1 + PERMUTATIONS)))
    return out


def _left(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum of squares that a split before each position leaves, row by row; inf near the ends."""
    n = x.shape[1]
    total, square = np.cumsum(x, axis=1), (x**2).sum(axis=1, keepdims=True)
    size = np.arange(1, n)
    rest = np.full(x.shape, np.inf)
    head = total[:, :-1]
    rest[:, 1:] = square - head**2 / size - (total[:, -1:] - head) ** 2 / (n - size)
    rest[:, :LEAST] = np.inf
    rest[:, n - LEAST + 1 :] = np.inf
    left: NDArray[np.float64] = np.maximum(rest, 0.0)
    return left
