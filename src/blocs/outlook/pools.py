"""Many forecasts of one event made one: linear, by quantiles, by log odds."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
_LEVELS = 999


def linear_pool(probs: ArrayLike) -> Array:
    """Mean of probabilities over the first axis: the default, and never overconfident.

    Examples
    --------
    >>> linear_pool([[0.1], [0.9]]).tolist()
    [0.5]
    """
    return np.asarray(np.mean(np.asarray(probs, np.float64), axis=0))


def log_odds_pool(probs: ArrayLike, *, extremise: bool = False) -> Array:
    """Mean of log odds over the first axis, times Neyman and Roughgarden's factor if asked.

    A forecast of exactly 0 or 1 decides the pool; two that contradict make it nan.

    References
    ----------
    Satopaa, V. et al. (2014). Combining multiple probability predictions using a
    simple logit model. International Journal of Forecasting 30.
    doi:10.1016/j.ijforecast.2013.09.009

    Examples
    --------
    >>> log_odds_pool([[0.2], [0.8]]).round(6).tolist()
    [0.5]
    """
    p = np.asarray(probs, np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.mean(np.log(p) - np.log1p(-p), axis=0)
        factor = extremising_factor(p.shape[0]) if extremise else 1.0
        return np.asarray(1 / (1 + np.exp(-factor * mean)))


def extremising_factor(n: int) -> float:
    """Neyman and Roughgarden's factor for n forecasts that share a prior; 1 for one.

    d = n (sqrt(3 n^2 - 3 n + 1) - 2) / (n^2 - n - 1).

    References
    ----------
    Neyman, E., Roughgarden, T. (2022). Are you smarter than a random expert? The
    robust aggregation of substitutable signals. EC '22. doi:10.1145/3490486.3538243

    Examples
    --------
    >>> round(extremising_factor(2), 4)
    1.2915
    """
    return 1.0 if n < 2 else float(n * (np.sqrt(3 * n**2 - 3 * n + 1) - 2) / (n**2 - n - 1))


def quantile_pool(grid: ArrayLike, cdfs: ArrayLike) -> Array:
    """Mean of quantiles (Vincent): the shape stays that of the experts', times average.

    Parameters
    ----------
    grid : array_like, shape (n,)
        Increasing times.
    cdfs : array_like, shape (k, n)
        P(T <= grid | ever) of each expert. A quantile beyond the grid's end is not
        known: the pool stays below it.

    Returns
    -------
    ndarray, shape (n,)

    References
    ----------
    Lichtendahl, K., Grushka-Cockayne, Y., Winkler, R. (2013). Is it better to average
    probabilities or quantiles? Management Science 59. doi:10.1287/mnsc.1120.1667

    Examples
    --------
    >>> grid = np.linspace(0, 10, 101)
    >>> a, b = np.clip(grid - 2, 0, 1), np.clip(grid - 4, 0, 1)
    >>> float(quantile_pool(grid, [a, b])[35].round(2))
    0.5
    """
    t = np.asarray(grid, np.float64)
    level = (np.arange(_LEVELS) + 1) / (_LEVELS + 1)
    times = np.stack([_quantiles(t, np.asarray(f, np.float64), level) for f in np.asarray(cdfs)])
    mean = times.mean(axis=0)
    known = np.isfinite(mean)
    if not known.any():
        return np.zeros_like(t)
    top = level[known][-1]
    pooled = np.interp(t, mean[known], level[known], left=0.0, right=float(top))
    return np.asarray(pooled)


def _quantiles(t: Array, f: Array, level: Array) -> Array:
    rising = np.concatenate([[True], np.diff(f) > 0])
    times = np.interp(level, f[rising], t[rising])
    inside = (level <= f[-1]) & (level >= f[0])
    return np.asarray(np.where(inside, times, np.where(level < f[0], t[0], np.inf)))
