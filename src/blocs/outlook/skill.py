"""Skill: how much better a forecast is than one that knows only the record."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from blocs.errors import BadInput
from blocs.outlook.scoring import outcomes

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Skill:
    """How much better than a reference forecast: 1 perfect, 0 no better, negative worse.

    Attributes
    ----------
    value : float
        1 - mean score / mean score of the reference; nan if the reference is perfect.
    low, high : float
        Its percentile interval over resampled groups, at `level`; nan with one group, or
        if the reference is perfect in every resample.
    level : float
        Level of the interval.
    n, groups : int
        Forecasts, and groups that were resampled.
    """

    value: float
    low: float
    high: float
    level: float
    n: int
    groups: int


def skill(
    score: ArrayLike,
    reference: ArrayLike,
    *,
    rng: np.random.Generator,
    group: ArrayLike | None = None,
    draws: int = 2000,
    level: float = 0.95,
) -> Skill:
    """Skill of forecasts over reference forecasts of the same questions.

    Parameters
    ----------
    score, reference : array_like of float, shape (n,)
        Scores (penalties) of both, question by question.
    rng : numpy.random.Generator
        Draws the resamples.
    group : array_like, shape (n,), optional
        Questions that share their luck (a day, a dyad): resampled together.
    draws : int
        Resamples.
    level : float
        Level of the interval.

    Examples
    --------
    >>> s = skill([0.1, 0.2], [0.2, 0.4], rng=np.random.default_rng(1))
    >>> round(s.value, 6), s.n
    (0.5, 2)
    """
    a, b = np.asarray(score, np.float64), np.asarray(reference, np.float64)
    if a.shape != b.shape or a.ndim != 1 or not a.size:
        raise BadInput(f"skill needs two equally long lists of scores, not {a.shape}, {b.shape}")
    which = np.arange(a.size) if group is None else np.unique(group, return_inverse=True)[1]
    ours, theirs = np.bincount(which, weights=a), np.bincount(which, weights=b)
    groups = ours.size
    low = high = float("nan")
    if groups > 1:
        ratios = np.empty(draws)
        for i in range(draws):
            take = np.bincount(rng.integers(groups, size=groups), minlength=groups)
            ratios[i] = _ratio(float(take @ ours), float(take @ theirs))
        if not np.isnan(ratios).all():
            low, high = np.nanquantile(ratios, [(1 - level) / 2, (1 + level) / 2])
    value = _ratio(float(ours.sum()), float(theirs.sum()))
    return Skill(value, float(low), float(high), level, a.size, groups)


def base_rate(outcome: ArrayLike) -> Array:
    """Forecast each outcome by how often it came before: (k + 1/2) / (m + 1).

    Parameters
    ----------
    outcome : array_like of bool or {0, 1}, shape (n,)
        In the order of time; the forecast of one never sees itself or later ones.

    Examples
    --------
    >>> base_rate([1, 1, 0]).round(3).tolist()
    [0.5, 0.75, 0.833]
    """
    y = outcomes(outcome)
    return np.asarray((np.cumsum(y) - y + 0.5) / (np.arange(y.size) + 1))


def last_value(outcome: ArrayLike) -> Array:
    """Forecast each outcome by the one before it; the first by one half.

    Examples
    --------
    >>> last_value([1, 1, 0]).tolist()
    [0.5, 1.0, 1.0]
    """
    y = outcomes(outcome)
    return np.concatenate([[0.5], y])[: y.size]


def _ratio(ours: float, theirs: float) -> float:
    return 1 - ours / theirs if theirs > 0 else float("nan")
