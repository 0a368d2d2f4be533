"""What an outcome depends on: total Sobol shares with luck among them, and a PRIM box."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from blocs.outlook.simulation.model import Bools, Reals

LUCK = "luck"

Outcome = Callable[[Reals, int], Reals]
"""``outcome(parameters (runs, k), seed)`` -> outcomes (runs, outcomes)."""


@dataclass(frozen=True, slots=True)
class Shares:
    """Total Sobol indices.

    Attributes
    ----------
    names : tuple of str
        The parameters, then ``luck``.
    total : ndarray, shape (names, outcomes)
        Share of the variance that would remain if all but this one were known; nan
        for an outcome that does not vary.
    low, high : ndarray, shape (names, outcomes)
        90 % interval, by resampling the runs.
    runs : int
        Runs it took.
    """

    names: tuple[str, ...]
    total: Reals
    low: Reals
    high: Reals
    runs: int


def sobol_totals(
    outcome: Outcome, low: Reals, high: Reals, names: Sequence[str], *, n: int, seed: int
) -> Shares:
    """Estimate total Sobol indices of every parameter and of luck.

    Parameters
    ----------
    outcome : callable
        Runs the model: row r of the parameters with the luck of run r under a seed.
    low, high : ndarray, shape (k,)
        Ranges of the parameters; those of no width are left out.
    names : sequence of str
        Their names.
    n : int
        Base sample, a power of two; the cost is n (k + 2) runs.
    seed : int
        Of the sample; the luck uses it and the next one.

    Notes
    -----
    Jansen's estimator: T_i = mean (f(A) - f(A with column i of B))^2 / (2 Var f). Luck
    is one more column: f(A) under another seed. All else shares its luck, so that the
    differences are due to the parameter alone.

    References
    ----------
    Jansen (1999), Computer Physics Communications 117,
    https://doi.org/10.1016/S0010-4655(98)00154-4

    Examples
    --------
    >>> def f(x, seed):
    ...     return x[:, :1] + 0 * seed
    >>> wide = np.ones(2)
    >>> shares = sobol_totals(f, 0 * wide, wide, ["a", "b"], n=64, seed=1)
    >>> shares.total.ravel().round(2).tolist()
    [1.0, 0.0, 0.0]
    """
    from scipy.stats import qmc

    wide = np.flatnonzero(high > low)
    draw = qmc.Sobol(2 * len(wide), rng=np.random.default_rng([seed, 2])).random(n)
    a, b = (
        np.tile((low + high) / 2, (n, 1)),
        np.tile((low + high) / 2, (n, 1)),
    )
    a[:, wide] = low[wide] + draw[:, : len(wide)] * (high - low)[wide]
    b[:, wide] = low[wide] + draw[:, len(wide) :] * (high - low)[wide]
    base = outcome(a, seed)
    gaps = []
    for column in wide:
        mixed = a.copy()
        mixed[:, column] = b[:, column]
        gaps.append((base - outcome(mixed, seed)) ** 2)
    gaps.append((base - outcome(a, seed + 1)) ** 2)
    square = np.stack(gaps)
    total = _shares(base, square, np.arange(n))
    rng = np.random.default_rng([seed, 3])
    again = np.stack([_shares(base, square, rng.integers(0, n, n)) for _ in range(200)])
    edge = np.quantile(again, [0.05, 0.95], axis=0)
    return Shares(
        names=(*(names[int(c)] for c in wide), LUCK),
        total=total,
        low=edge[0],
        high=edge[1],
        runs=n * (len(wide) + 2),
    )


def _shares(base: Reals, square: Reals, rows: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Reals:
    variance = base[rows].var(axis=0)
    half = square[:, rows].mean(axis=1) / 2
    out: Reals = np.divide(
        half,
        variance,
        out=np.full(half.shape, np.nan),
        where=np.broadcast_to(variance > 0, half.shape),
    )
    return out


CHANCE = 0.05
"""A limit of a box that chance would bring about more often than this is dropped."""


@dataclass(frozen=True, slots=True)
class Box:
    """Conditions under which something happens more often.

    Attributes
    ----------
    limits : tuple of (str, float, float)
        Parameter, lowest and highest value; parameters left whole are not named.
    density : float
        Share of the runs inside in which it happens.
    coverage : float
        Share of all the runs in which it happens that lie inside.
    inside : int
        Runs inside.
    base : float
        Share of all runs in which it happens.
    """

    limits: tuple[tuple[str, float, float], ...]
    density: float
    coverage: float
    inside: int
    base: float


def prim_box(
    parameters: Reals,
    happens: Bools,
    names: Sequence[str],
    *,
    peel: float = 0.05,
    least: float = 0.1,
) -> Box | None:
    """Find a box of parameters in which an outcome is most frequent (PRIM).

    Parameters
    ----------
    parameters : ndarray, shape (runs, k)
        What each run was given.
    happens : ndarray of bool, shape (runs,)
        Whether the outcome came about.
    names : sequence of str
        Names of the parameters.
    peel : float
        Share of the runs peeled off at each step.
    least : float
        Smallest share of all runs that the box must keep.

    Returns
    -------
    Box or None
        None if it happens always, never, or no peeling raises its frequency beyond chance.

    Notes
    -----
    A limit stays only if, with all others kept, at least as many cases would come to lie
    inside by chance less often than once in twenty (Bryant & Lempert's quasi-p-value).

    References
    ----------
    Friedman & Fisher (1999), Bump hunting in high-dimensional data, Statistics and
    Computing 9, https://doi.org/10.1023/A:1008894516817
    Bryant & Lempert (2010), Thinking inside the box, Technological Forecasting and Social
    Change 77, https://doi.org/10.1016/j.techfore.2009.08.002
    """
    n = len(happens)
    base = float(happens.mean())
    if base in {0.0, 1.0}:
        return None
    inside = np.ones(n, dtype=bool)
    low, high = parameters.min(axis=0), parameters.max(axis=0)
    while True:
        step = _best_peel(parameters, happens, inside, peel)
        if step is None or step[0].sum() < least * n:
            break
        if happens[step[0]].mean() <= happens[inside].mean():
            break
        inside = step[0]
        column, side, edge = step[1:]
        (low if side == 0 else high)[column] = edge
    kept = (parameters >= low) & (parameters <= high)
    telling = _telling(kept, happens)
    if not telling:
        return None
    inside = kept[:, telling].all(axis=1)
    return Box(
        limits=tuple((names[c], float(low[c]), float(high[c])) for c in telling),
        density=float(happens[inside].mean()),
        coverage=float(happens[inside].sum() / happens.sum()),
        inside=int(inside.sum()),
        base=base,
    )


def _telling(kept: Bools, happens: Bools) -> list[int]:
    """Parameters whose limits raise the frequency beyond chance; the weakest is dropped first."""
    left: list[int] = np.flatnonzero(~kept.all(axis=0)).tolist()
    while left:
        chance = [_by_chance(kept, happens, [d for d in left if d != c], c) for c in left]
        if max(chance) < CHANCE:
            break
        left.pop(int(np.argmax(chance)))
    return left


def _by_chance(kept: Bools, happens: Bools, others: list[int], column: int) -> float:
    """How often chance alone puts as many cases inside one more limit, the others kept."""
    from scipy.special import bdtrc

    without = kept[:, others].all(axis=1)
    inside = without & kept[:, column]
    cases = int((happens & inside).sum())
    rate = float(happens[without].mean())
    return 1.0 if cases == 0 else float(bdtrc(cases - 1, int(inside.sum()), rate))


def _best_peel(
    x: Reals, happens: Bools, inside: Bools, peel: float
) -> tuple[Bools, int, int, float] | None:
    """The peel that leaves the highest frequency: what is left, column, side, new edge."""
    best: tuple[float, Bools, int, int, float] | None = None
    rows = np.flatnonzero(inside)
    for c in range(x.shape[1]):
        column = x[rows, c]
        if column.min() == column.max():
            continue
        for side, edge in enumerate(np.quantile(column, [peel, 1 - peel])):
            kept = column >= edge if side == 0 else column <= edge
            if kept.all() or not kept.any():
                continue
            rate = float(happens[rows[kept]].mean())
            if best is None or rate > best[0]:
                left = np.zeros(len(inside), dtype=bool)
                left[rows[kept]] = True
                best = (rate, left, c, side, float(edge))
    return None if best is None else best[1:]
