"""Calibration: whether things given 30 % happen in 30 of 100 cases."""

from __future__ import annotations

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


def calibration(outcome: ArrayLike, prob: ArrayLike, *, bins: int = 10) -> Calibration:
    """Compare probabilities with what happened, in bins of equal width.

    Parameters
    ----------
    outcome : array_like of bool or {0, 1}, shape (n,)
        Whether each happened.
    prob : array_like of float in [0, 1], shape (n,)
        The probability given.
    bins : int
        Number of bins from 0 to 1; empty ones are left out.

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
    if bins < 1:
        raise BadInput(f"bins={bins}: one bin or more")
    which = np.minimum((p * bins).astype(np.int64), bins - 1)
    n = np.bincount(which, minlength=bins)
    used = n > 0
    n, hits = n[used], np.bincount(which, weights=y, minlength=bins)[used]
    mean, rate = np.bincount(which, weights=p, minlength=bins)[used] / n, hits / n
    low, high = wilson(hits, n)
    share, base = n / n.sum(), float(y.mean())
    return Calibration(
        prob=mean,
        rate=rate,
        low=low,
        high=high,
        n=n,
        ece=float(share @ np.abs(rate - mean)),
        brier=float(((p - y) ** 2).mean()),
        reliability=float(share @ (rate - mean) ** 2),
        resolution=float(share @ (rate - base) ** 2),
        uncertainty=base * (1 - base),
    )


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
