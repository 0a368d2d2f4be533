"""Count and rank models of yearly series, with errors robust to autocorrelation.

Kernels: arrays in, arrays out; S specifications of T years at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
_RIDGE = 1e-9


@dataclass(frozen=True, slots=True)
class Fits:
    """Fitted models.

    Attributes
    ----------
    beta, se : ndarray, shape (S, k)
        Coefficients and their HAC errors.
    mu : ndarray, shape (S, T)
        Fitted means.
    """

    beta: Array
    se: Array
    mu: Array


def bandwidth(n: int) -> int:
    """Newey and West's (1994) rule of thumb: floor(4 (n/100)^(2/9)).

    Examples
    --------
    >>> bandwidth(190)
    4
    """
    return int(4 * (n / 100) ** (2 / 9))


def fit_means(
    y: Array, x: Array, exposure: Array, use: Array, counts: NDArray[np.bool_], *, lags: int
) -> Fits:
    """Fit Poisson (counts) or linear (ranks) models of many specifications at once.

    Parameters
    ----------
    y : ndarray, shape (S, T)
        Outcomes; any number where `use` is 0.
    x : ndarray, shape (S, T, k)
        Regressors, the constant among them; zero where `use` is 0.
    exposure : ndarray, shape (S, T)
        How much there was to count, above 0 (1 for ranks).
    use : ndarray, shape (S, T)
        1 for a year that counts, else 0.
    counts : ndarray of bool, shape (S,)
        Poisson with log link where true, else least squares.
    lags : int
        Lags of the HAC errors.

    Returns
    -------
    Fits
        A coefficient that is not identified is shrunk to 0.

    Notes
    -----
    Quasi-likelihood: the Poisson estimate needs only the mean to be right; the
    variance is the sandwich A^-1 B A^-1 with B the Bartlett-weighted sum of
    autocovariances of the scores (Newey and West 1987), so that over-dispersion
    and runs of bad years are allowed for. Newton's method; O(S T k^2) a step.

    References
    ----------
    Newey, W., West, K. (1987). A simple, positive semi-definite,
    heteroskedasticity and autocorrelation consistent covariance matrix.
    Econometrica 55. doi:10.2307/1913610

    Examples
    --------
    Twice the rate in the second half, whatever the exposure:

    >>> y = np.array([[1.0, 2, 4, 8]]); x = np.ones((1, 4, 2)); x[0, :2, 1] = 0
    >>> fit = fit_means(y, x, np.array([[1.0, 2, 2, 4]]), np.ones((1, 4)),
    ...                 np.array([True]), lags=0)
    >>> np.exp(fit.beta).round(3).tolist()
    [[1.0, 2.0]]
    """
    k = x.shape[2]
    eye = _RIDGE * np.eye(k)
    offset = np.log(exposure)
    start = (use * y).sum(axis=1) / np.maximum((use * exposure).sum(axis=1), 1e-300)
    beta = np.zeros((len(y), k))
    beta[:, 0] = np.where(counts, np.log(np.maximum(start, 1e-12)), start)
    for _ in range(50):
        mu, weight = _means(beta, x, offset, use, counts)
        score = np.einsum("stk,st->sk", x, use * (y - mu))
        step = np.linalg.solve(_gram(x, weight) + eye, score[..., None])[..., 0]
        step = np.clip(step, -5.0, 5.0)
        beta = beta + step
        if np.abs(step).max() < 1e-9:
            break
    mu, weight = _means(beta, x, offset, use, counts)
    bread = np.linalg.inv(_gram(x, weight) + eye)
    scores = x * (use * (y - mu))[..., None]
    variance = bread @ hac(scores, lags=lags) @ bread
    diagonal = np.einsum("skk->sk", variance)
    return Fits(beta, np.sqrt(np.maximum(diagonal, 0.0)), mu)


def hac(scores: Array, *, lags: int) -> Array:
    """Long-run covariance of scores, Bartlett weights; shape (S, k, k) from (S, T, k)."""
    meat: Array = np.einsum("sti,stj->sij", scores, scores)
    for lag in range(1, lags + 1):
        cross = np.einsum("sti,stj->sij", scores[:, lag:], scores[:, :-lag])
        meat = meat + (1 - lag / (lags + 1)) * (cross + cross.transpose(0, 2, 1))
    return meat


def score_tests(residual: Array, weight: Array, controls: Array, x: Array, *, lags: int) -> Array:
    """Robust score statistics for adding one regressor to a fitted model, many at once.

    Parameters
    ----------
    residual : ndarray, shape (T,)
        Outcome less its mean under the model without the regressor; 0 outside.
    weight : ndarray, shape (T,)
        The model's variance function there (the mean for counts, 1 for ranks).
    controls : ndarray, shape (T, k)
        Regressors of that model; zero outside.
    x : ndarray, shape (P, T)
        Candidate regressors, nan where not known: such a year tells nothing.
    lags : int
        Lags of the HAC variance.

    Returns
    -------
    ndarray, shape (P,)
        Standard normal if the regressor tells nothing; 0 where it does not vary.

    Notes
    -----
    z = sum_t u_t / sqrt(HAC(u)), u_t = x~_t r_t with x~ what controls leave of x.
    """
    from blocs.outlook.competition.shuffled import score_statistics

    used = np.flatnonzero(weight > 0)
    if not len(used):
        return np.zeros(len(x))
    part = slice(used[0], used[-1] + 1)
    out: Array = score_statistics(
        np.ascontiguousarray(residual[part]),
        np.ascontiguousarray(weight[part]),
        np.ascontiguousarray(controls[part]),
        np.ascontiguousarray(x[:, part]),
        lags,
    )
    return out


def _means(
    beta: Array, x: Array, offset: Array, use: Array, counts: NDArray[np.bool_]
) -> tuple[Array, Array]:
    linear = np.einsum("stk,sk->st", x, beta)
    rate = np.exp(np.clip(linear + offset, -50.0, 50.0))
    mu = np.where(counts[:, None], rate, linear)
    return mu, use * np.where(counts[:, None], rate, 1.0)


def _gram(x: Array, weight: Array) -> Array:
    gram: Array = np.einsum("sti,st,stj->sij", x, weight, x)
    return gram
