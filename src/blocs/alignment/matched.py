"""Groups of the same kind: whether a group is firm beyond what its kind of states is.

Autocracies of one region may vote alike without any tie between them. So a group
is also placed among groups weighted to the same profile of region, regime and
power.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from blocs.errors import BadInput

SAMPLES = 100_000
LEAST_EFFECTIVE = 50.0
ITERATIONS = 200


@dataclass(frozen=True, slots=True)
class MatchedStanding:
    """Where a group stands among groups weighted to its own profile.

    Attributes
    ----------
    percentile : float or None
        Weighted share of groups with a smaller mean, ties counted half; None where
        fewer than 50 groups are effectively left to compare with.
    error : float or None
        Its standard error, sqrt(p (1 - p) / effective).
    effective : float
        Kish's effective number of groups, (sum w)^2 / sum w^2; 0 where no weights
        give the profile.
    drawn : int
        Groups drawn at random.
    traits : tuple of str
        What the profile is made of.
    dropped : tuple of str
        Members left out because a trait of theirs is not known.
    """

    percentile: float | None
    error: float | None
    effective: float
    drawn: int
    traits: tuple[str, ...]
    dropped: tuple[str, ...]


def matched_standing(
    matrix: NDArray[np.float64],
    members: NDArray[np.intp],
    traits: NDArray[np.float64],
    *,
    value: float,
    names: Sequence[str],
    rng: np.random.Generator,
    samples: int = SAMPLES,
) -> MatchedStanding:
    """Place a group's mean tie among groups weighted to the same profile.

    Parameters
    ----------
    matrix : ndarray, shape (n, n)
        Symmetric, complete off the diagonal.
    members : ndarray of int, shape (k,)
        The group.
    traits : ndarray, shape (n, p)
        Traits of each state, as 0 or 1 per category.
    value : float
        The group's mean tie.
    names : sequence of str
        Name of each trait.
    rng : numpy.random.Generator
        For the groups drawn.
    samples : int
        How many.

    Notes
    -----
    Groups of the size are drawn at random and weighted so that their weighted mean
    counts of every trait equal the group's, with weights as even as that allows:
    w_g proportional to exp(lambda z_g) (entropy balancing). The effective size tells
    how many groups really carry the comparison.

    References
    ----------
    Hainmueller, J. (2012). Entropy balancing for causal effects. Political Analysis
    20(1). doi:10.1093/pan/mpr025. Kish, L. (1965). Survey Sampling. Wiley.
    """
    k = len(members)
    drawn = _draw(len(matrix), k, samples, rng)
    i, j = np.triu_indices(k, 1)
    filled = np.nan_to_num(matrix)
    means = filled[drawn[:, i], drawn[:, j]].mean(axis=1)
    counts = traits[drawn].sum(axis=1)
    weight = balance(counts, traits[members].sum(axis=0))
    if weight is None:
        return MatchedStanding(None, None, 0.0, samples, tuple(names), ())
    effective = float(1.0 / (weight**2).sum())
    if effective < LEAST_EFFECTIVE:
        return MatchedStanding(None, None, effective, samples, tuple(names), ())
    slack = 1e-9 * max(1.0, abs(value))
    below = float(weight[means < value - slack].sum())
    equal = float(weight[np.abs(means - value) <= slack].sum())
    p = min(max(below + equal / 2, 0.0), 1.0)
    error = float(np.sqrt(p * (1 - p) / effective))
    return MatchedStanding(p, error, effective, samples, tuple(names), ())


def balance(counts: NDArray[np.float64], target: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """Weights, most even by entropy, under which the mean of `counts` is `target`.

    Parameters
    ----------
    counts : ndarray, shape (groups, p)
    target : ndarray, shape (p,)

    Returns
    -------
    ndarray, shape (groups,) or None
        Sum 1; None where no weights reach the target (within 0.01).

    Examples
    --------
    >>> balance(np.array([[0.0], [1.0], [2.0]]), np.array([1.0])).round(3).tolist()
    [0.333, 0.333, 0.333]
    """
    if counts.ndim != 2 or counts.shape[1] != target.size:
        raise BadInput("counts need one column a trait")
    z = counts - target
    step, lam = 1.0, np.zeros(target.size)
    best = _log_mean(z @ lam)
    for _ in range(ITERATIONS):
        weight = _softmax(z @ lam)
        gradient = weight @ z
        if np.abs(gradient).max(initial=0.0) < 1e-6:
            break
        curve = (z * weight[:, None]).T @ z - np.outer(gradient, gradient)
        move = np.linalg.lstsq(curve + 1e-9 * np.eye(len(curve)), gradient, rcond=None)[0]
        step = 1.0
        while step > 1e-6 and _log_mean(z @ (lam - step * move)) > best:
            step /= 2
        lam = lam - step * move
        best = _log_mean(z @ lam)
    weight = _softmax(z @ lam)
    off = np.abs(weight @ z).max(initial=0.0)
    return weight if off < 0.01 else None


def _draw(n: int, k: int, samples: int, rng: np.random.Generator) -> NDArray[np.intp]:
    """Random sets of k different states, shape (samples, k)."""
    if k > 8:
        keys = rng.random((samples // 10, n))
        return np.argpartition(keys, k - 1, axis=1)[:, :k]
    chosen = rng.integers(0, n, (samples, k))
    while True:
        order = np.sort(chosen, axis=1)
        twice = (order[:, 1:] == order[:, :-1]).any(axis=1)
        if not twice.any():
            return chosen.astype(np.intp)
        chosen[twice] = rng.integers(0, n, (int(twice.sum()), k))


def _softmax(score: NDArray[np.float64]) -> NDArray[np.float64]:
    raw = np.exp(score - score.max(initial=-np.inf))
    weight: NDArray[np.float64] = raw / raw.sum()
    return weight


def _log_mean(score: NDArray[np.float64]) -> float:
    top = float(score.max(initial=-np.inf))
    return top + float(np.log(np.exp(score - top).mean()))
