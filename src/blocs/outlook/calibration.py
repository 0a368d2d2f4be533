"""Calibration: whether things given 30 % happen in 30 of 100 cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from blocs.errors import BadInput
from blocs.outlook.scoring import outcomes, probabilities

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Calibration:
    """How often it came when a probability was given; one entry per bin in use.

    Attributes
    ----------
    prob, rate : ndarray, shape (n_bins,)
        Mean probability given, and the share that happened.
    low, high : ndarray, shape (n_bins,)
        95 % Wilson interval of `rate`.
    n : ndarray of int, shape (n_bins,)
        Forecasts in the bin.
    ece : float
        Expected calibration error: mean of ``|rate - prob|``, weighted by n.
    brier, reliability, resolution, uncertainty : float
        The mean Brier score and its parts by bin: brier is reliability -
        resolution + uncertainty, up to the spread within bins.
    """

    prob: Array
    rate: Array
    low: Array
    high: Array
    n: NDArray[np.int64]
    ece: float
    brier: float
    reliability: float
    resolution: float
    uncertainty: float


def calibration(
    outcome: ArrayLike,
    prob: ArrayLike,
    *,
    bins: int | Sequence[float] = 10,
    weight: ArrayLike | None = None,
) -> Calibration:
    """Compare probabilities with what happened, bin by bin.

    Parameters
    ----------
    outcome : array_like of bool or {0, 1}, shape (n,)
        Whether each happened.
    prob : array_like of float in [0, 1], shape (n,)
        The probability given.
    bins : int or sequence of float
        Number of bins of equal width, or their edges from 0 to 1; empty bins are
        left out.
    weight : array_like of float, shape (n,), optional
        How many forecasts each stands for, if some were drawn.

    References
    ----------
    Murphy, A. H. (1973). A new vector partition of the probability score.
    Journal of Applied Meteorology 12.
    https://doi.org/10.1175/1520-0450(1973)012<0595:ANVPOT>2.0.CO;2

    Examples
    --------
    >>> c = calibration([0, 1, 1, 1], [0.1, 0.1, 0.9, 0.9])
    >>> c.rate.tolist(), round(c.ece, 3)
    ([0.5, 1.0], 0.25)
    """
    y, p = outcomes(outcome), probabilities(prob)
    if not y.size:
        raise BadInput("calibration needs at least one resolved forecast")
    w = np.ones(y.size) if weight is None else np.asarray(weight, np.float64)
    edges = _edges(bins)
    which = np.clip(np.searchsorted(edges, p, side="right") - 1, 0, edges.size - 2)

    def total(x: Array) -> Array:
        return np.asarray(np.bincount(which, x, minlength=edges.size - 1)[used], np.float64)

    n = np.bincount(which, minlength=edges.size - 1)
    used = n > 0
    mass = total(w)
    mean, rate = total(w * p) / mass, np.clip(total(w * y) / mass, 0, 1)
    independent = mass**2 / total(w * w)
    low, high = wilson(rate * independent, independent)
    share, base = mass / mass.sum(), float(w @ y / w.sum())
    return Calibration(
        prob=mean,
        rate=rate,
        low=low,
        high=high,
        n=n[used],
        ece=float(share @ np.abs(rate - mean)),
        brier=float(w @ (p - y) ** 2 / w.sum()),
        reliability=float(share @ (rate - mean) ** 2),
        resolution=float(share @ (rate - base) ** 2),
        uncertainty=base * (1 - base),
    )


def _edges(bins: int | Sequence[float]) -> Array:
    if isinstance(bins, int):
        if bins < 1:
            raise BadInput(f"bins={bins}: one bin or more")
        return np.arange(bins + 1) / bins
    edges = np.asarray(bins, np.float64)
    if edges.size < 2 or edges[0] != 0 or edges[-1] != 1 or bool((np.diff(edges) <= 0).any()):
        raise BadInput("edges of bins increase from 0 to 1")
    return edges


def wilson(hits: ArrayLike, n: ArrayLike, *, z: float = 1.959963984540054) -> tuple[Array, Array]:
    """Interval of a share by Wilson's score; 95 % by default.

    References
    ----------
    Wilson, E. B. (1927). Probable inference, the law of succession, and
    statistical inference. JASA 22. https://doi.org/10.1080/01621459.1927.10502953

    Examples
    --------
    >>> [round(float(x), 3) for x in wilson(2, 10)]
    [0.057, 0.51]
    """
    k, m = np.asarray(hits, np.float64), np.asarray(n, np.float64)
    centre = (k + z**2 / 2) / (m + z**2)
    half = z / (m + z**2) * np.sqrt(k * (m - k) / m + z**2 / 4)
    return np.maximum(centre - half, 0.0), np.minimum(centre + half, 1.0)
