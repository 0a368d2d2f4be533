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

SAMPLES = 30_000
BATCH = 20_000
ROUNDS = 20
STEEPEST = 12.0
LEAST_EFFECTIVE = 50.0
ITERATIONS = 60


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
        How many groups effectively carry the comparison; 0 where no weights give the
        profile.
    drawn : int
        Groups drawn.
    traits : tuple of str
        Traits that a member has.
    """

    percentile: float | None
    error: float | None
    effective: float
    drawn: int
    traits: tuple[str, ...]


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
        How many at most.

    Notes
    -----
    Among all groups of the size, weights proportional to exp(lambda z_g), z_g the counts
    of traits, are the most even under which the mean counts equal the group's. Groups
    are drawn with about these weights (states independently, sets of the size kept) and
    what is left of the difference is balanced by weights (entropy balancing). The
    effective size is the smaller of Kish's and of the number of equally likely groups
    that would repeat as often as those drawn do: how many groups carry the comparison.

    References
    ----------
    Hajek, J. (1964). Asymptotic theory of rejective sampling with varying probabilities
    from a finite population. Annals of Mathematical Statistics 35(4).
    doi:10.1214/aoms/1177700375. Hainmueller, J. (2012). Entropy balancing for causal
    effects. Political Analysis 20(1). doi:10.1093/pan/mpr025. Kish, L. (1965). Survey
    Sampling. Wiley.
    """
    k = len(members)
    target = traits[members].sum(axis=0)
    drawn = _draw(_chances(traits, target, k), k, samples, rng)
    i, j = np.triu_indices(k, 1)
    filled = np.nan_to_num(matrix)
    means = filled[drawn[:, i], drawn[:, j]].mean(axis=1)
    counts = traits[drawn].sum(axis=1)
    weight = balance(counts, target)
    shown = tuple(n for n, t in zip(names, target, strict=True) if t)
    if weight is None:
        return MatchedStanding(None, None, 0.0, len(drawn), shown)
    effective = min(float(1.0 / (weight**2).sum()), _distinct(drawn))
    if effective < LEAST_EFFECTIVE:
        return MatchedStanding(None, None, effective, len(drawn), shown)
    slack = 1e-9 * max(1.0, abs(value))
    below = float(weight[means < value - slack].sum())
    equal = float(weight[np.abs(means - value) <= slack].sum())
    p = min(max(below + equal / 2, 0.0), 1.0)
    error = float(np.sqrt(p * (1 - p) / effective))
    return MatchedStanding(p, error, effective, len(drawn), shown)


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


def _chances(
    traits: NDArray[np.float64], target: NDArray[np.float64], k: int
) -> NDArray[np.float64]:
    """Chance of each state to be drawn so that the expected counts are the group's."""
    size = np.full(len(traits), k / len(traits))
    x = np.column_stack([np.ones(len(traits)), traits])
    aim = np.concatenate([[k], target])
    beta = np.zeros(x.shape[1])
    beta[0] = np.log(size[0] / (1 - size[0]))
    for _ in range(ITERATIONS):
        p = 1 / (1 + np.exp(-np.clip(x @ beta, -STEEPEST, STEEPEST)))
        off = aim - x.T @ p
        if np.abs(off).max() < 1e-6:
            break
        curve = (x * (p * (1 - p))[:, None]).T @ x + 1e-6 * np.eye(len(beta))
        move = np.linalg.solve(curve, off)
        beta = beta + np.clip(move, -1, 1)
    chance: NDArray[np.float64] = 1 / (1 + np.exp(-np.clip(x @ beta, -STEEPEST, STEEPEST)))
    return chance


def _draw(
    chance: NDArray[np.float64], k: int, samples: int, rng: np.random.Generator
) -> NDArray[np.intp]:
    """Sets of k different states, each drawn by its chance, shape (at most samples, k)."""
    found: list[NDArray[np.intp]] = []
    held = 0
    for _ in range(ROUNDS):
        inside = rng.random((BATCH, len(chance)), dtype=np.float32) < chance
        kept = inside[inside.sum(axis=1) == k]
        found.append(np.nonzero(kept)[1].reshape(-1, k))
        held += len(kept)
        if held >= samples:
            break
    return np.concatenate(found)[:samples]


def _distinct(drawn: NDArray[np.intp]) -> float:
    """Number of equally likely groups that would repeat as often as those drawn."""
    times = np.unique(drawn, axis=0, return_counts=True)[1]
    pairs = float((times * (times - 1)).sum()) / 2
    n = len(drawn)
    return n * (n - 1) / 2 / pairs if pairs else float(n)


def _softmax(score: NDArray[np.float64]) -> NDArray[np.float64]:
    raw = np.exp(score - score.max(initial=-np.inf))
    weight: NDArray[np.float64] = raw / raw.sum()
    return weight


def _log_mean(score: NDArray[np.float64]) -> float:
    top = float(score.max(initial=-np.inf))
    return top + float(np.log(np.exp(score - top).mean()))
