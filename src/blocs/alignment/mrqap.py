"""Regression of one network on others, tested by permuting actors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from blocs.errors import BadInput

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Mrqap:
    """A network regressed on others, with permutation probabilities.

    Attributes
    ----------
    intercept : float
    coefficient, t : ndarray, shape (k,)
        Of each network, with its usual t statistic.
    prob : ndarray, shape (k,)
        Share of permutations, the data among them, with |t| at least as large.
    actors, cells, draws : int
        Actors, pairs used, permutations.
    """

    intercept: float
    coefficient: Floats
    t: Floats
    prob: Floats
    actors: int
    cells: int
    draws: int


def fit_mrqap(
    y: ArrayLike,
    X: Sequence[ArrayLike],
    *,
    rng: np.random.Generator,
    directed: bool = False,
    draws: int = 2000,
) -> Mrqap:
    """Regress a network on others, by double semi-partialling.

    Parameters
    ----------
    y : array_like, shape (n, n)
        Outcome of every pair; the diagonal is not read.
    X : sequence of array_like, each (n, n)
        Regressors, same actors in the same order; an intercept is added.
    rng : numpy.random.Generator
    directed : bool
        Use both halves; else y and X must be symmetric.
    draws : int
        Permutations for each regressor.

    Returns
    -------
    Mrqap

    Raises
    ------
    BadInput
        Shapes differ, a cell off the diagonal is not finite, a matrix is not symmetric,
        or regressors are collinear.

    Notes
    -----
    Each x_k is regressed on the other regressors; the rows and columns of the residual
    are permuted together, and y is regressed on the permuted residual and the others.
    The statistic is t, a pivot. Prob is (1 + #{|t*| >= |t|}) / (1 + draws). It keeps
    its level where residuals are correlated within rows and columns and where
    regressors are correlated with each other. O(draws k n^2).

    References
    ----------
    Dekker, D., Krackhardt, D., Snijders, T. (2007). Sensitivity of MRQAP Tests to
    Collinearity and Autocorrelation Conditions. Psychometrika 72(4).
    doi:10.1007/s11336-007-9016-1

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> near = rng.random((12, 12)); near = near + near.T
    >>> noise = rng.random((12, 12)); trade = 2 * near + noise + noise.T
    >>> found = fit_mrqap(trade, [near], rng=rng, draws=99)
    >>> found.prob.item()
    0.01
    """
    if draws < 1:
        raise BadInput(f"draws is {draws}; use 1 or more, better 2000")
    matrices = [_checked(m, name, directed) for name, m in _named(y, X)]
    n = matrices[0].shape[0]
    for name, matrix in zip(("y", *(f"X[{k}]" for k in range(len(X)))), matrices, strict=True):
        if matrix.shape[0] != n:
            raise BadInput(f"{name} has {matrix.shape[0]} actors, y has {n}; use the same actors")
    cells = np.nonzero(~np.eye(n, dtype=bool)) if directed else np.triu_indices(n, 1)
    outcome = matrices[0][cells]
    design = np.column_stack([np.ones(outcome.size), *(m[cells] for m in matrices[1:])])
    free = outcome.size - design.shape[1]
    if free < 1 or np.linalg.matrix_rank(design) < design.shape[1]:
        raise BadInput("networks are collinear, or more than the pairs; leave one out")
    coefficient: Floats = np.linalg.lstsq(design, outcome, rcond=None)[0].astype(np.float64)
    t, prob = np.empty(len(X)), np.empty(len(X))
    for k in range(len(X)):
        others = np.linalg.qr(np.delete(design, k + 1, axis=1))[0]
        left = outcome - others @ (others.T @ outcome)
        residual = np.zeros((n, n))
        residual[cells] = design[:, k + 1] - others @ (others.T @ design[:, k + 1])
        if not directed:
            residual += residual.T
        t[k] = _t(residual[cells], others, left, free)
        beyond = 0
        for _ in range(draws):
            order = rng.permutation(n)
            moved = residual[np.ix_(order, order)][cells]
            beyond += abs(_t(moved, others, left, free)) >= abs(t[k]) * (1 - 1e-9)
        prob[k] = (1 + beyond) / (1 + draws)
    return Mrqap(float(coefficient[0]), coefficient[1:], t, prob, n, outcome.size, draws)


def _t(x: Floats, others: Floats, left: Floats, free: int) -> float:
    """T statistic of x beside the others (orthonormal), left being y without them."""
    own = x - others @ (others.T @ x)
    size = float(own @ own)
    if size <= 1e-12 * max(float(x @ x), 1e-300):
        return 0.0
    slope = float(own @ left) / size
    rest = float(left @ left) - slope**2 * size
    return slope / float(np.sqrt(max(rest, 1e-300) / free / size))


def _named(y: ArrayLike, X: Sequence[ArrayLike]) -> list[tuple[str, ArrayLike]]:
    if not len(X):
        raise BadInput("no regressor is given; name at least one network")
    return [("y", y), *((f"X[{k}]", x) for k, x in enumerate(X))]


def _checked(values: ArrayLike, name: str, directed: bool) -> Floats:
    """Square, finite off the diagonal, symmetric where it must be; diagonal 0."""
    matrix = np.array(values, dtype=np.float64)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        raise BadInput(f"{name} of shape {matrix.shape} is no square matrix of actors")
    np.fill_diagonal(matrix, 0.0)
    if not np.isfinite(matrix).all():
        i, j = np.argwhere(~np.isfinite(matrix))[0]
        raise BadInput(f"{name} is not known at ({i}, {j}); drop such actors, or fill the cell")
    if not directed and not np.allclose(matrix, matrix.T):
        i, j = np.argwhere(~np.isclose(matrix, matrix.T))[0]
        raise BadInput(f"{name} is not symmetric at ({i}, {j}); use directed=True")
    return matrix
