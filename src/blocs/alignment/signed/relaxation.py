"""The covering program over the cycles known so far, with a bound that is safe."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from blocs.alignment.signed.graph import FloatArray

BIG_PROGRAM = 3_000

PRESOLVE = 300
"""Rows from which on reducing a program before solving it pays."""


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A fractional cover and the packing that bounds it.

    Attributes
    ----------
    z : ndarray of float64, shape (m,)
        Fractional cover.
    y : ndarray of float64, shape (rows,)
        Packing: weight of each cycle such that no tie carries more than its cost.
    bound : float
        Sum of y: no cover costs less.
    slack : ndarray of float64, shape (m,)
        Unused cost of each tie. Every cover that takes tie e costs at least
        ``bound + slack[e]``.
    omega : float
        Step balance to start the next solution from.
    """

    z: FloatArray
    y: FloatArray
    bound: float
    slack: FloatArray
    omega: float


def relax_cover(
    rows: csr_array, cost: FloatArray, start: Relaxation | None, *, iterations: int = 600
) -> Relaxation:
    """Least fractional cover of cycles, and a packing that proves a bound.

    Parameters
    ----------
    rows : sparse array, shape (rows, m)
        Cycles, entries 1.
    cost : ndarray of float64, shape (m,)
        Cost of each tie, positive.
    start : Relaxation or None
        Solution for the first ``start.y.size`` rows, to start from.
    iterations : int
        Cap of the first-order steps of a big program.

    Returns
    -------
    Relaxation
        The bound holds whatever the accuracy reached: the packing is made
        feasible before it is summed.

    Notes
    -----
    HiGHS solves programs of few rows, restarted primal-dual steps the rest.
    """
    if rows.shape[0] * 1.0 > BIG_PROGRAM or cost.size > 2 * BIG_PROGRAM:
        return _relax_big(rows, cost, start, iterations)
    return _relax_small(rows, cost)


def _relax_small(rows: csr_array, cost: FloatArray) -> Relaxation:
    from scipy.optimize import linprog

    used = np.unique(rows.indices)
    part = rows[:, used]
    solved = linprog(
        cost[used],
        A_ub=-part,
        b_ub=-np.ones(rows.shape[0]),
        bounds=(0, None),
        method="highs-ds",
        options={"presolve": rows.shape[0] > PRESOLVE},
    )
    z = np.zeros(cost.size)
    if solved.x is None:
        return Relaxation(z, np.zeros(rows.shape[0]), 0.0, cost.copy(), 1.0)
    z[used] = np.clip(solved.x, 0.0, 1.0)
    y = np.maximum(-solved.ineqlin.marginals, 0.0)
    load = rows.T @ y
    share = np.divide(cost, load, out=np.ones(load.shape), where=load > cost)
    y = y * np.minimum.reduceat(share[rows.indices], rows.indptr[:-1])
    return Relaxation(z, y, float(y.sum()), cost - rows.T @ y, 1.0)


def _relax_big(
    rows: csr_array, cost: FloatArray, start: Relaxation | None, iterations: int
) -> Relaxation:
    from blocs.alignment.signed.compiled.packing import descend, repair

    z = np.zeros(cost.size) if start is None else start.z.copy()
    y = np.zeros(rows.shape[0])
    if start is not None:
        y[: start.y.size] = start.y
    columns = rows.T.tocsr()
    row_ptr, row_ties = rows.indptr.astype(np.int64), rows.indices.astype(np.int64)
    omega = descend(
        row_ptr, row_ties, columns.indptr.astype(np.int64), columns.indices.astype(np.int64),
        cost, z, y, iterations, 1.0 if start is None else start.omega,
    )  # fmt: skip
    slack = repair(row_ptr, row_ties, cost, y)
    return Relaxation(np.minimum(z, 1.0), y, float(y.sum()), slack, omega)
