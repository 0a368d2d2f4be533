"""Scores of forecasts: Brier, log, CRPS, also while the answer is still open.

Every score is a penalty: 0 is perfect, larger is worse. All functions take
arrays (or plain numbers) and return one score per forecast; the mean is the
caller's. `blocs.outlook.calibration` and `blocs.outlook.skill` sum many forecasts up.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from blocs.errors import BadInput

Array = NDArray[np.float64]


def brier_score(outcome: ArrayLike, prob: ArrayLike) -> Array:
    """Score probabilities of a yes-or-no event by squared error.

    Parameters
    ----------
    outcome : array_like of bool or {0, 1}, shape (...)
        Whether it happened.
    prob : array_like of float in [0, 1], shape (...)
        The probability given.

    Returns
    -------
    ndarray, shape (...)
        (p - y)^2, from 0 to 1.

    Raises
    ------
    BadInput
        If a probability lies outside [0, 1] or an outcome is neither 0 nor 1.

    References
    ----------
    Brier, G. W. (1950). Verification of forecasts expressed in terms of
    probability. Monthly Weather Review 78.
    https://doi.org/10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2

    Examples
    --------
    >>> brier_score([1, 0], [0.8, 0.1]).round(2).tolist()
    [0.04, 0.01]
    """
    y, p = outcomes(outcome), probabilities(prob)
    return np.asarray((p - y) ** 2)


def log_score(outcome: ArrayLike, prob: ArrayLike) -> Array:
    """Score probabilities of a yes-or-no event by what they gave to what happened.

    Parameters
    ----------
    outcome : array_like of bool or {0, 1}, shape (...)
        Whether it happened.
    prob : array_like of float in [0, 1], shape (...)
        The probability given.

    Returns
    -------
    ndarray, shape (...)
        -log p if it happened, -log(1 - p) if not, in nats; infinite where the
        forecast said "impossible" and was wrong.

    References
    ----------
    Good, I. J. (1952). Rational decisions. JRSS B 14.
    https://doi.org/10.1111/j.2517-6161.1952.tb00104.x

    Examples
    --------
    >>> log_score([1, 0], [0.5, 0.0]).round(3).tolist()
    [0.693, 0.0]
    """
    y, p = outcomes(outcome), probabilities(prob)
    return _surprise(np.where(y == 1, p, 1 - p))


def crps_sample(value: ArrayLike, sample: ArrayLike) -> Array:
    """Score a forecast given as a sample (an ensemble of runs) of a number.

    Parameters
    ----------
    value : array_like of float, shape (...)
        What came.
    sample : array_like of float, shape (..., n)
        Equally likely values.

    Returns
    -------
    ndarray, shape (...)
        E|X - y| - E|X - X'| / 2, in the unit of `value`; a sample of one gives
        the absolute error.

    Notes
    -----
    Sorted, E|X - X'| is a weighted sum of the values: O(n log n) a forecast.

    References
    ----------
    Gneiting, T., Raftery, A. E. (2007). Strictly proper scoring rules,
    prediction, and estimation. JASA 102. https://doi.org/10.1198/016214506000001437

    Examples
    --------
    >>> float(crps_sample(2.0, [1.0, 3.0]))
    0.5
    """
    y, x = np.asarray(value, np.float64), np.sort(np.asarray(sample, np.float64), axis=-1)
    n = x.shape[-1] if x.ndim else 0
    if n == 0 or np.isnan(x).any():
        raise BadInput("a sample needs at least one value, and no value may be missing")
    weights = 2 * np.arange(1, n + 1) - n - 1
    spread = (x @ weights) * (2 / n**2)
    return np.asarray(np.abs(x - y[..., None]).mean(axis=-1) - spread / 2)


def time_crps(time: float, grid: ArrayLike, cdf: ArrayLike, *, happened: bool = True) -> float:
    """Score a forecast of *when*, also one that says "perhaps never", also while it is open.

    Parameters
    ----------
    time : float
        When it happened, or how long it has been watched for in vain.
    grid : array_like of float, shape (n,)
        Increasing times; the forecast is judged from the first to the last.
    cdf : array_like of float in [0, 1], shape (n,)
        P(T <= grid), straight between the grid's times; it may stay below 1.
    happened : bool
        False while the question is open: only the time watched counts.

    Returns
    -------
    float
        The integral of (F(t) - 1[t >= T])^2 over the grid, in the grid's unit;
        while open that of F(t)^2 up to `time`.

    Notes
    -----
    Over a whole axis and with F reaching 1 this is the CRPS; the open form is
    the right-censored Survival-CRPS. Open and closed forecasts are comparable
    only with others judged on the same time watched.

    References
    ----------
    Matheson, J. E., Winkler, R. L. (1976). Scoring rules for continuous
    probability distributions. Management Science 22.
    https://doi.org/10.1287/mnsc.22.10.1087
    Avati, A. et al. (2019). Countdown regression: sharp and calibrated survival
    predictions. UAI. https://arxiv.org/abs/1806.08324

    Examples
    --------
    >>> time_crps(1.0, [0.0, 2.0], [0.5, 0.5])
    0.5
    >>> time_crps(1.0, [0.0, 2.0], [0.5, 0.5], happened=False)
    0.25
    """
    t, f = _curve(grid, cdf)
    cut = float(np.clip(time, t[0], t[-1]))
    at = float(np.interp(cut, t, f))
    i = int(np.searchsorted(t, cut))
    before = _square_area(np.append(t[:i], cut), np.append(f[:i], at))
    if not happened:
        return before
    return before + _square_area(np.append(cut, t[i:]), 1 - np.append(at, f[i:]))


def time_log_score(happened: ArrayLike, density: ArrayLike, survival: ArrayLike) -> Array:
    """Score forecasts of *when* by the density at the time, or by survival while open.

    Parameters
    ----------
    happened : array_like of bool, shape (...)
        Whether it has happened by now.
    density : array_like of float >= 0, shape (...)
        The forecast's density at the time it happened (ignored while open), per
        unit of time: scores of one unit compare.
    survival : array_like of float in [0, 1], shape (...)
        1 - F at the time watched so far (ignored once it has happened). With a
        share q that ever happens, F is q times the distribution.

    Returns
    -------
    ndarray, shape (...)
        -log f(T) or -log S(c): the right-censored log-likelihood.

    Examples
    --------
    >>> time_log_score([True, False], [0.5, 0.0], [0.2, 1.0]).round(3).tolist()
    [0.693, 0.0]
    """
    f, s = np.asarray(density, np.float64), probabilities(survival)
    if not bool((f >= 0).all()):
        raise BadInput("a density is zero or more, and no value may be missing")
    return _surprise(np.where(np.asarray(happened, bool), f, s))


def censored_brier_score(
    time: ArrayLike, happened: ArrayLike, prob: ArrayLike, *, by: float
) -> Array:
    """Score P(T <= by) over many questions some of which are still open at `by`.

    Parameters
    ----------
    time : array_like of float, shape (n,)
        When each happened, or how long it has been watched.
    happened : array_like of bool, shape (n,)
        Whether it happened at `time`.
    prob : array_like of float in [0, 1], shape (n,)
        The probability given that it happens by `by`.
    by : float
        The time judged, in the unit of `time`.

    Returns
    -------
    ndarray, shape (n,)
        Weighted scores whose mean estimates the mean Brier score without
        censoring: an open question that was not watched until `by` counts 0 and
        the others stand for it (inverse probability of being watched, by the
        Kaplan-Meier estimate). Without censoring these are the Brier scores.

    Raises
    ------
    BadInput
        If no question was watched until `by`, so that nothing stands for the open ones.

    References
    ----------
    Graf, E. et al. (1999). Assessment and comparison of prognostic
    classification schemes for survival data. Statistics in Medicine 18.
    https://doi.org/10.1002/(SICI)1097-0258(19990915/30)18:17/18<2529::AID-SIM274>3.0.CO;2-5

    Examples
    --------
    >>> watched, came = [1, 5, 9], [True, False, False]
    >>> censored_brier_score(watched, came, [0.6, 0.1, 0.2], by=4).round(2).tolist()
    [0.16, 0.01, 0.04]
    """
    t, d, p = np.asarray(time, np.float64), np.asarray(happened, bool), probabilities(prob)
    done, watched = d & (t <= by), t >= by
    if not (done | watched).any():
        raise BadInput(f"no question was decided or watched until {by:g}; choose an earlier time")
    watching = _watching(t, d)
    weight = np.zeros_like(t)
    weight[done] = 1 / watching(t[done])
    weight[watched & ~done] = 1 / watching(np.array([by]))
    return np.asarray(weight * (p - done) ** 2)


def _surprise(likelihood: Array) -> Array:
    with np.errstate(divide="ignore"):
        return np.asarray(-np.log(likelihood)) + 0.0


def outcomes(outcome: ArrayLike) -> Array:
    """Check that outcomes are 0 or 1."""
    y = np.asarray(outcome, np.float64)
    if not bool(((y == 0) | (y == 1)).all()):
        raise BadInput("an outcome is 0 or 1; leave open questions out or use a censored score")
    return y


def probabilities(prob: ArrayLike) -> Array:
    """Check that probabilities lie in [0, 1]."""
    p = np.asarray(prob, np.float64)
    if not bool(((p >= 0) & (p <= 1)).all()):
        bad = p[~((p >= 0) & (p <= 1))].ravel()[0]
        raise BadInput(f"{bad:g} is no probability; it must lie between 0 and 1")
    return p


def _curve(grid: ArrayLike, cdf: ArrayLike) -> tuple[Array, Array]:
    t, f = np.asarray(grid, np.float64), probabilities(cdf)
    if t.ndim != 1 or t.size < 2 or t.shape != f.shape or not bool((np.diff(t) > 0).all()):
        raise BadInput("a distribution needs two or more increasing times and as many values")
    if bool((np.diff(f) < 0).any()):
        raise BadInput("a distribution never falls: P(T <= t) grows with t")
    return t, f


def _square_area(t: Array, f: Array) -> float:
    """Integrate the square of a piecewise straight line, exactly."""
    a, b = f[:-1], f[1:]
    return float(np.sum(np.diff(t) * (a * a + a * b + b * b)) / 3)


def _watching(time: Array, happened: NDArray[np.bool_]) -> Callable[[Array], Array]:
    """Kaplan-Meier estimate of P(still watched at t); what happens comes before who leaves."""
    leaving = np.sort(time[~happened])
    ends, left = np.unique(leaving, return_counts=True)
    staying = leaving.size - np.searchsorted(leaving, ends)
    open_still = time.size - leaving.size - np.searchsorted(np.sort(time[happened]), ends, "right")
    steps = np.concatenate([[1.0], np.cumprod(1 - left / (staying + open_still))])
    return lambda t: steps[np.searchsorted(ends, t, side="left")]
