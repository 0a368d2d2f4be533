"""Least squares on dyads, with standard errors that know that dyads share actors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from blocs.errors import BadInput

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class DyadicFit:
    """Coefficients of a regression on dyads and their dyadic-robust variance.

    Attributes
    ----------
    coefficient : ndarray, shape (k,)
    variance : ndarray, shape (k, k)
        Robust to any correlation of two dyads that share an actor.
    n : int
        Rows.
    dyads, actors : int
        Different pairs, and different actors, among them.
    """

    coefficient: Floats
    variance: Floats
    n: int
    dyads: int
    actors: int

    @property
    def error(self) -> Floats:
        """Standard errors, shape (k,); nan where the estimated variance is negative."""
        own = np.diag(self.variance)
        root: Floats = np.sqrt(np.where(own >= 0, own, np.nan))
        return root


def dyadic_variance(scores: ArrayLike, a: ArrayLike, b: ArrayLike, bread: ArrayLike) -> Floats:
    """Variance of an estimate whose rows are dyads, robust to shared actors.

    Parameters
    ----------
    scores : array_like, shape (n, k)
        Each row's part of the estimating equation: ``x e`` in least squares, the
        score in a likelihood.
    a, b : array_like, shape (n,)
        Ends of each row, numbers or names, in either order; a dyad may have many
        rows (years).
    bread : array_like, shape (k, k)
        Inverse of the equation's derivative: ``(X'X)^-1`` in least squares, minus the
        inverse Hessian in a likelihood.

    Returns
    -------
    ndarray, shape (k, k)
        Symmetric; not always positive definite, as with every multiway estimator.

    Raises
    ------
    BadInput
        Lengths differ, a row joins an actor with itself, or a number is not finite.

    Notes
    -----
    V = B [sum_{d, d' share an actor} s_d s_d'] B. The sum is taken as
    sum_i u_i u_i' - sum_p v_p v_p', u_i adding the scores of i's rows and v_p those
    of a pair, which the first sum counts twice. Consistent as actors grow in number;
    with few (under some 50) it is too small. Cost O(n k + actors k^2).

    References
    ----------
    Aronow, P., Samii, C., Assenova, V. (2015). Cluster-Robust Variance Estimation for
    Dyadic Data. Political Analysis 23(4). doi:10.1093/pan/mpv018

    Examples
    --------
    Scores 1, 2 and 4 of the pairs AB, AC and DE: only the first two share an actor.

    >>> dyadic_variance([[1], [2], [4]], [*"AAD"], [*"BCE"], [[1]]).item()
    25.0
    """
    s = np.asarray(scores, dtype=np.float64)
    end, pair, actors, dyads = _ends(a, b, s.shape[0])
    if s.ndim != 2 or not np.isfinite(s).all():
        raise BadInput(f"scores of shape {s.shape} must be a table of finite numbers, row by dyad")
    by_actor, by_pair = np.zeros((actors, s.shape[1])), np.zeros((dyads, s.shape[1]))
    np.add.at(by_actor, end[0], s)
    np.add.at(by_actor, end[1], s)
    np.add.at(by_pair, pair, s)
    B = np.asarray(bread, dtype=np.float64)
    variance: Floats = B @ (by_actor.T @ by_actor - by_pair.T @ by_pair) @ B.T
    return variance


def fit_dyadic(y: ArrayLike, X: ArrayLike, a: ArrayLike, b: ArrayLike) -> DyadicFit:
    """Least squares on dyads, with dyadic-cluster-robust standard errors.

    Parameters
    ----------
    y : array_like, shape (n,)
    X : array_like, shape (n, k)
        Regressors; the first column of ones, if wanted, is the caller's.
    a, b : array_like, shape (n,)
        Ends of each row, in either order.

    Returns
    -------
    DyadicFit

    Raises
    ------
    BadInput
        Lengths differ, something is not finite, or regressors are collinear.

    References
    ----------
    Aronow, P., Samii, C., Assenova, V. (2015). Cluster-Robust Variance Estimation for
    Dyadic Data. Political Analysis 23(4). doi:10.1093/pan/mpv018

    Examples
    --------
    >>> pairs = [("CHN", "RUS"), ("CHN", "USA"), ("FRA", "USA"), ("FRA", "RUS")]
    >>> fit = fit_dyadic([0.9, 0.1, 0.8, 0.4], np.ones((4, 1)), *zip(*pairs, strict=True))
    >>> round(fit.coefficient.item(), 2), fit.actors
    (0.55, 4)
    """
    left, right = np.asarray(y, dtype=np.float64).reshape(-1), np.asarray(X, dtype=np.float64)
    if right.ndim != 2 or right.shape[0] != left.size:
        raise BadInput(
            f"{left.size} outcomes for regressors of shape {right.shape}; give rows each"
        )
    if not (np.isfinite(left).all() and np.isfinite(right).all()):
        raise BadInput("outcome or regressors hold cells that are not finite; drop those rows")
    if left.size < right.shape[1] or np.linalg.matrix_rank(right) < right.shape[1]:
        raise BadInput("regressors are collinear, or more than the rows; leave one out")
    _, _, actors, dyads = _ends(a, b, left.size)
    bread = np.linalg.inv(right.T @ right)
    coefficient = bread @ (right.T @ left)
    residual = left - right @ coefficient
    variance = dyadic_variance(right * residual[:, None], a, b, bread)
    return DyadicFit(coefficient, variance, left.size, dyads, actors)


def _ends(a: ArrayLike, b: ArrayLike, rows: int) -> tuple[Ints, Ints, int, int]:
    """Numbers of both ends (2, n) and of the pair (n,), with how many there are."""
    both = np.stack([np.asarray(a).reshape(-1), np.asarray(b).reshape(-1)])
    if both.shape[1] != rows:
        raise BadInput(f"{both.shape[1]} pairs of ends for {rows} rows; give one each")
    names, end = np.unique(both, return_inverse=True)
    end = end.reshape(2, -1)
    same = np.flatnonzero(end[0] == end[1])
    if same.size:
        raise BadInput(f"row {same[0]} joins {both[0, same[0]]} with itself; drop it")
    codes, pair = np.unique(end.min(axis=0) * names.size + end.max(axis=0), return_inverse=True)
    return end, pair.reshape(-1), names.size, codes.size
