"""Compiled score statistics of one regressor in many shuffled histories."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

_RIDGE = 1e-9


@njit(cache=True)
def score_statistics(  # noqa: C901
    residual: NDArray[np.float64],
    weight: NDArray[np.float64],
    controls: NDArray[np.float64],
    x: NDArray[np.float64],
    lags: int,
) -> NDArray[np.float64]:
    """Robust score statistics; see `count_models.score_tests`.

    Parameters
    ----------
    residual, weight : ndarray of float64, shape (T,)
        Residuals and variance function of the model without the regressor.
    controls : ndarray of float64, shape (T, k)
        Its regressors.
    x : ndarray of float64, shape (P, T)
        Histories of the regressor, nan where not known.
    lags : int
        Lags of the HAC variance.
    """
    histories, years = x.shape
    k = controls.shape[1]
    out = np.zeros(histories)
    u = np.zeros(years)
    total = weight.sum()
    for p in range(histories):
        gram = np.eye(k) * _RIDGE
        right = np.zeros(k)
        for t in range(years):
            if weight[t] > 0 and np.isfinite(x[p, t]):
                for a in range(k):
                    right[a] += controls[t, a] * weight[t] * x[p, t]
                    for b in range(k):
                        gram[a, b] += controls[t, a] * weight[t] * controls[t, b]
        gamma = np.linalg.solve(gram, right)
        score, scale = 0.0, 0.0
        for t in range(years):
            u[t] = 0.0
            if weight[t] > 0 and np.isfinite(x[p, t]):
                left = x[p, t]
                for a in range(k):
                    left -= gamma[a] * controls[t, a]
                u[t] = left * residual[t]
                score += u[t]
                scale += left * left * weight[t]
        variance = 0.0
        for lag in range(lags + 1):
            product = 0.0
            for t in range(lag, years):
                product += u[t] * u[t - lag]
            variance += (2.0 if lag else 1.0) * (1.0 - lag / (lags + 1.0)) * product
        if variance > 0 and scale > 1e-12 * total:
            out[p] = score / np.sqrt(variance)
    return out
