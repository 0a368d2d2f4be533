"""Null models and reference groups, shared by every test of a group.

A group is compared with all groups of its size (all of them up to size 4, a
seeded sample above), and with what would be expected if ties between states
only reflected how sociable each state is towards everybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb, sqrt

import numpy as np
from numpy.typing import NDArray

EXACT_UP_TO = 4
SAMPLES = 20_000


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a group's mean tie stands among all groups of its size.

    Attributes
    ----------
    value : float
        Mean of the matrix over the group's pairs.
    percentile : float
        Share of groups with a smaller mean, ties counted half, in [0, 1].
    at_least : float
        Share of groups with a mean at least as large (the group itself counts).
    groups : int
        How many groups it was compared with.
    exact : bool
        Whether these are all the groups there are.
    error : float
        Standard error of `percentile` from sampling; 0 if exact.
    """

    value: float
    percentile: float
    at_least: float
    groups: int
    exact: bool
    error: float


def propensity_excess(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Take every state's general propensity out of a matrix of likeness.

    Parameters
    ----------
    matrix : ndarray, shape (n, n)
        Symmetric, complete off the diagonal.

    Returns
    -------
    ndarray, shape (n, n)
        ``m_ij - (mu + a_i + a_j)`` by least squares; nan on the diagonal. Its
        rows sum to zero.

    Examples
    --------
    >>> m = np.add.outer([0, .1, .2, .3], [0, .1, .2, .3])
    >>> bool(np.nanmax(np.abs(propensity_excess(m))) < 1e-12)
    True
    """
    n = matrix.shape[0]
    off = matrix.copy()
    np.fill_diagonal(off, 0.0)
    rows = off.sum(axis=1)
    mu = rows.sum() / (n * (n - 1))
    a = (rows - (n - 1) * mu) / max(n - 2, 1)
    excess: NDArray[np.float64] = off - mu - np.add.outer(a, a)
    np.fill_diagonal(excess, np.nan)
    return excess


def degree_excess(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Take out what signed degrees alone would give.

    Parameters
    ----------
    matrix : ndarray, shape (n, n)
        Symmetric signed ties, complete off the diagonal.

    Returns
    -------
    ndarray, shape (n, n)
        ``w_ij - (k+_i k+_j / K+ - k-_i k-_j / K-)``; nan on the diagonal.

    References
    ----------
    Gomez, S., Jensen, P., Arenas, A. (2009). Analysis of community structure in
    networks of correlated data. Physical Review E 80. doi:10.1103/PhysRevE.80.016114
    """
    off = matrix.copy()
    np.fill_diagonal(off, 0.0)
    expected = np.zeros_like(off)
    for sign in (1.0, -1.0):
        k = np.clip(sign * off, 0, None).sum(axis=1)
        if k.sum() > 0:
            expected += sign * np.outer(k, k) / k.sum()
    excess: NDArray[np.float64] = off - expected
    np.fill_diagonal(excess, np.nan)
    return excess


def complete_core(matrix: NDArray[np.float64], keep: NDArray[np.intp]) -> NDArray[np.intp]:
    """Find states among which every pair is known, dropping the least known first.

    Parameters
    ----------
    matrix : ndarray, shape (n, n)
        nan = not known.
    keep : ndarray of int
        States dropped only when nothing else is left to drop.

    Returns
    -------
    ndarray of int
        Indices, sorted.
    """
    missing = np.isnan(matrix)
    np.fill_diagonal(missing, False)
    holes = missing.sum(axis=1).astype(np.float64)
    holes[keep] -= 0.5
    alive = np.ones(len(matrix), dtype=bool)
    while alive.any():
        worst = int(np.where(alive, holes, -1.0).argmax())
        if holes[worst] <= 0:
            break
        alive[worst] = False
        holes -= missing[worst]
    return np.flatnonzero(alive)


def group_mean(matrix: NDArray[np.float64], members: NDArray[np.intp]) -> float:
    """Mean of a symmetric matrix over the pairs of a group."""
    i, j = np.triu_indices(len(members), 1)
    return float(matrix[members[i], members[j]].mean())


def standing(
    matrix: NDArray[np.float64],
    value: float,
    k: int,
    *,
    rng: np.random.Generator,
    samples: int = SAMPLES,
) -> Standing:
    """Compare a group's mean tie with that of all groups of its size.

    Parameters
    ----------
    matrix : ndarray, shape (n, n)
        Symmetric, complete off the diagonal.
    value : float
        The group's mean tie.
    k : int
        Its size, at least 2.
    rng : numpy.random.Generator
        Used only above size 4.
    samples : int
        Groups drawn above size 4.

    Notes
    -----
    Exact up to k = 4: C(n, k) groups, O(n^4) additions (56 million four-sets of
    193 states take well under a second). A percentile is not a p-value: the sets
    overlap, and a group is often picked after looking.
    """
    n = matrix.shape[0]
    if k <= EXACT_UP_TO:
        below, equal = _count_all(matrix, k, value)
        total, exact = comb(n, k), True
    else:
        means = sampled_means(matrix, k, rng=rng, samples=samples)
        tolerance = _tolerance(value)
        below = int((means < value - tolerance).sum())
        equal = int((np.abs(means - value) <= tolerance).sum()) + 1
        total, exact = samples + 1, False
    percentile = (below + equal / 2) / total
    return Standing(
        value=value,
        percentile=percentile,
        at_least=(total - below) / total,
        groups=total,
        exact=exact,
        error=0.0 if exact else sqrt(percentile * (1 - percentile) / total),
    )


def sampled_means(
    matrix: NDArray[np.float64], k: int, *, rng: np.random.Generator, samples: int
) -> NDArray[np.float64]:
    """Mean tie of randomly drawn groups of size k, shape (samples,)."""
    filled = np.nan_to_num(matrix)
    np.fill_diagonal(filled, 0.0)
    draw = _means_of_few if k <= 8 else _means_of_many
    means = draw(filled, k, rng=rng, samples=samples)
    return means / (k * (k - 1) / 2)


def _means_of_few(
    filled: NDArray[np.float64], k: int, *, rng: np.random.Generator, samples: int
) -> NDArray[np.float64]:
    """Sum ties of small groups, redrawing those in which a state comes twice."""
    chosen = rng.integers(0, len(filled), (samples, k))
    while True:
        order = np.sort(chosen, axis=1)
        twice = (order[:, 1:] == order[:, :-1]).any(axis=1)
        if not twice.any():
            break
        chosen[twice] = rng.integers(0, len(filled), (int(twice.sum()), k))
    i, j = np.triu_indices(k, 1)
    total: NDArray[np.float64] = filled[chosen[:, i], chosen[:, j]].sum(axis=1)
    return total


def _means_of_many(
    filled: NDArray[np.float64], k: int, *, rng: np.random.Generator, samples: int
) -> NDArray[np.float64]:
    """Sum ties of large groups as products with membership vectors."""
    n = len(filled)
    out = np.empty(samples)
    step = max(1, 2_000_000 // n)
    for start in range(0, samples, step):
        size = min(step, samples - start)
        chosen = np.argpartition(rng.random((size, n)), k - 1, axis=1)[:, :k]
        inside = np.zeros((size, n))
        np.put_along_axis(inside, chosen, 1.0, axis=1)
        out[start : start + size] = np.einsum("sn,sn->s", inside @ filled, inside) / 2
    return out


def _tolerance(value: float) -> float:
    return 1e-9 * max(1.0, abs(value))


def _count_all(matrix: NDArray[np.float64], k: int, value: float) -> tuple[int, int]:
    pairs = k * (k - 1) / 2
    target, tolerance = value * pairs, _tolerance(value) * pairs
    filled = np.ascontiguousarray(np.nan_to_num(matrix))
    if k == 2:
        sums = filled[np.triu_indices(len(filled), 1)]
        return _below_equal(sums, target, tolerance)
    if k == 3:
        below = equal = 0
        for i in range(len(filled) - 2):
            rest = filled[i + 1 :, i + 1 :] + np.add.outer(filled[i, i + 1 :], filled[i, i + 1 :])
            b, e = _below_equal(rest[np.triu_indices(len(rest), 1)], target, tolerance)
            below, equal = below + b, equal + e
        return below, equal
    return _count_fours(filled, target, tolerance)


def _below_equal(sums: NDArray[np.float64], target: float, tolerance: float) -> tuple[int, int]:
    return int((sums < target - tolerance).sum()), int((np.abs(sums - target) <= tolerance).sum())


def _count_fours(matrix: NDArray[np.float64], target: float, tolerance: float) -> tuple[int, int]:
    """Count four-sets by their six ties: pairs of pairs, two rows at a time."""
    n = len(matrix)
    below = equal = 0
    for i in range(n - 3):
        for j in range(i + 1, n - 2):
            reach = matrix[i, j + 1 :] + matrix[j, j + 1 :]
            sums = matrix[j + 1 :, j + 1 :] + reach[:, None] + reach[None, :] + matrix[i, j]
            low = sums < target - tolerance
            near = sums <= target + tolerance
            # the matrix is symmetric: off-diagonal cells count each set twice
            b = int(np.count_nonzero(low)) - int(np.count_nonzero(low.diagonal()))
            u = int(np.count_nonzero(near)) - int(np.count_nonzero(near.diagonal()))
            below += b // 2
            equal += (u - b) // 2
    return below, equal
