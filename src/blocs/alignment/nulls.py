"""Null models and reference groups, shared by every test of a group.

A group is compared with all groups of its size (all of them up to size 4, a
seeded sample above), and with what would be expected if ties between states
only reflected how sociable each state is towards everybody.
"""

from __future__ import annotations

from collections.abc import Sequence
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


@dataclass(frozen=True, slots=True)
class Uncompared:
    """A state that no set of states compared has in it, since a pair of it is not known.

    Attributes
    ----------
    actor : str
        Its actor id.
    unknown_with : tuple of str
        States with which nothing is known; empty where nothing is known with anybody.
    """

    actor: str
    unknown_with: tuple[str, ...]


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
        Members of a group: they stay, as far as they are known with one another, where
        at least half of the states stay with them; else they come last among equals.

    Returns
    -------
    ndarray of int
        Indices, sorted.
    """
    missing = np.isnan(matrix)
    np.fill_diagonal(missing, False)
    alive = _seen(missing)
    ours = np.zeros(len(alive), dtype=bool)
    ours[keep] = True
    members = _dropped(missing, alive & ours, np.ones(len(alive)))
    others = alive & ~ours & ~missing[:, members].any(axis=1)
    whole = _dropped(missing, others, np.ones(len(alive))) | members
    if 2 * whole.sum() >= alive.sum():
        return np.flatnonzero(whole)
    return np.flatnonzero(_dropped(missing, alive, np.where(ours, 0.5, 1.0)))


def _dropped(
    missing: NDArray[np.bool_], alive: NDArray[np.bool_], weight: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Who is left when the state with most holes goes, until there are none."""
    alive = alive.copy()
    holes = missing[:, alive].sum(axis=1) + weight - 1.0
    while alive.any():
        worst = int(np.where(alive, holes, -1.0).argmax())
        if holes[worst] <= 0:
            break
        alive[worst] = False
        holes -= missing[worst]
    return alive


def uncompared(
    matrix: NDArray[np.float64], core: NDArray[np.intp], names: Sequence[str]
) -> tuple[Uncompared, ...]:
    """Tell which states `complete_core` dropped, and with whom they are not known.

    Parameters
    ----------
    matrix : ndarray, shape (n, n)
        nan = not known.
    core : ndarray of int
        From `complete_core`.
    names : sequence of str, length n

    Examples
    --------
    >>> m = np.array([[1, .5, .2], [.5, 1, np.nan], [.2, np.nan, 1]])
    >>> uncompared(m, np.array([0, 1]), ("CHN", "SOM", "STP"))
    (Uncompared(actor='STP', unknown_with=('SOM',)),)
    """
    missing = np.isnan(matrix)
    np.fill_diagonal(missing, False)
    seen = missing.sum(axis=1) < len(names) - 1
    inside = set(core.tolist())

    def strangers(k: int) -> tuple[str, ...]:
        return tuple(o for x, o in enumerate(names) if missing[k, x] and seen[k] and seen[x])

    return tuple(Uncompared(n, strangers(k)) for k, n in enumerate(names) if k not in inside)


def _seen(missing: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Who is known with somebody: the others have most holes, so they go first anyway."""
    n = len(missing)
    seen: NDArray[np.bool_] = missing.sum(axis=1) < n - 1
    return seen if seen.any() else np.ones(n, dtype=bool)


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
        keys = rng.random((size, n))
        inside = (keys <= np.partition(keys, k - 1, axis=1)[:, k - 1, None]).astype(np.float64)
        out[start : start + size] = np.einsum("sn,sn->s", inside @ filled, inside) / 2
    return out


def _tolerance(value: float) -> float:
    return 1e-9 * max(1.0, abs(value))


def _count_all(matrix: NDArray[np.float64], k: int, value: float) -> tuple[int, int]:
    pairs = k * (k - 1) / 2
    target, tolerance = value * pairs, _tolerance(value) * pairs
    filled = np.ascontiguousarray(np.nan_to_num(matrix))
    count = {2: _count_pairs, 3: _count_threes, 4: _count_fours}[k]
    below, under = count(filled, target - tolerance, target + tolerance)
    return below, under - below


def _count_pairs(matrix: NDArray[np.float64], low: float, high: float) -> tuple[int, int]:
    sums = matrix[np.triu_indices(len(matrix), 1)]
    return int(np.count_nonzero(sums < low)), int(np.count_nonzero(sums <= high))


def _count_threes(matrix: NDArray[np.float64], low: float, high: float) -> tuple[int, int]:
    """Count sets i < j < l by their three ties, a j at a time."""
    below = under = 0
    for j in range(1, len(matrix) - 1):
        sums = matrix[:j, j + 1 :] + matrix[j, j + 1 :] + matrix[:j, j, None]
        below += int(np.count_nonzero(sums < low))
        under += int(np.count_nonzero(sums <= high))
    return below, under


def _count_fours(matrix: NDArray[np.float64], low: float, high: float) -> tuple[int, int]:
    """Count sets i < j < k < l by their six ties, a pair j, k at a time.

    Every set is met once, as a cell of the rectangle of all i before j by all l
    after k; the two buffers are used again so that they stay in the cache.
    """
    n = len(matrix)
    sums, flags = np.empty(n * n), np.empty(n * n, dtype=bool)
    below = under = 0
    for k in range(2, n - 1):
        later = np.ascontiguousarray(matrix[:k, k + 1 :])
        from_j = later + matrix[k, k + 1 :]
        among = matrix[:k, :k] + matrix[:k, k] + matrix[:k, k, None]
        for j in range(1, k):
            shape, size = (j, n - k - 1), j * (n - k - 1)
            cells = sums[:size].reshape(shape)
            np.add(later[:j], from_j[j], out=cells)
            cells += among[j, :j, None]
            below += int(np.count_nonzero(np.less(sums[:size], low, out=flags[:size])))
            under += int(np.count_nonzero(np.less_equal(sums[:size], high, out=flags[:size])))
    return below, under
