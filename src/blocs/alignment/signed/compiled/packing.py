"""Compiled first-order solver for big covering programs, and its exact dual repair."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from blocs.alignment.signed.graph import FloatArray, IntArray


@njit(cache=True)
def _error(
    row_ptr: IntArray,
    row_ties: IntArray,
    col_ptr: IntArray,
    col_rows: IntArray,
    cost: FloatArray,
    z: FloatArray,
    y: FloatArray,
    share: float,
) -> float:
    """Root mean square violations of both programs plus their relative gap at share * (z, y)."""
    rows, m = y.size, z.size
    primal, dual, low, high = 0.0, 0.0, 0.0, 0.0
    for r in range(rows):
        s = 1.0
        for q in range(row_ptr[r], row_ptr[r + 1]):
            s -= share * z[row_ties[q]]
        primal += max(s, 0.0) ** 2
        low += share * y[r]
    for e in range(m):
        s = -cost[e]
        for q in range(col_ptr[e], col_ptr[e + 1]):
            s += share * y[col_rows[q]]
        dual += max(s, 0.0) ** 2
        high += share * cost[e] * z[e]
    gap = abs(high - low) / (1.0 + abs(high) + abs(low))
    return float((primal / rows) ** 0.5 + (dual / m) ** 0.5 + gap)


@njit(cache=True)
def _restart(x: FloatArray, base: FloatArray, total: FloatArray, count: int, mean: bool) -> float:
    """Start again from x, or from the mean of the steps; returns the way since the last start."""
    way = 0.0
    for i in range(x.size):
        if mean:
            x[i] = total[i] / count
        way += (x[i] - base[i]) ** 2
        base[i], total[i] = x[i], 0.0
    return math.sqrt(way)


@njit(cache=True)
def _scale(x: FloatArray, factor: float) -> None:
    """Multiply an array in place."""
    for i in range(x.size):
        x[i] *= factor


@njit(cache=True)
def descend(  # noqa: C901
    row_ptr: IntArray,
    row_ties: IntArray,
    col_ptr: IntArray,
    col_rows: IntArray,
    cost: FloatArray,
    z: FloatArray,
    y: FloatArray,
    iterations: int,
    omega: float,
) -> float:
    """Improve (z, y) in place by restarted, averaged primal-dual steps; returns omega.

    Primal: least cost z >= 0 with at least 1 on each row. Dual: y >= 0 packing
    the rows into the costs. Steps are diagonal (Pock & Chambolle 2011), restarts
    and the primal weight omega follow Applegate et al. (2021).
    """
    rows, m = y.size, z.size
    tau, sigma = np.empty(m), np.empty(rows)
    for e in range(m):
        tau[e] = 1.0 / omega / max(1, col_ptr[e + 1] - col_ptr[e])
    for r in range(rows):
        sigma[r] = omega / (row_ptr[r + 1] - row_ptr[r])
    z_sum, y_sum = np.zeros(m), np.zeros(rows)
    z_base, y_base = z.copy(), y.copy()
    ahead = np.empty(m)
    count, last = 0, np.inf
    for step in range(iterations):
        for e in range(m):
            s = cost[e]
            for q in range(col_ptr[e], col_ptr[e + 1]):
                s -= y[col_rows[q]]
            v = max(z[e] - tau[e] * s, 0.0)
            ahead[e] = 2 * v - z[e]
            z[e] = v
            z_sum[e] += v
        for r in range(rows):
            s = 1.0
            for q in range(row_ptr[r], row_ptr[r + 1]):
                s -= ahead[row_ties[q]]
            y[r] = max(y[r] + sigma[r] * s, 0.0)
            y_sum[r] += y[r]
        count += 1
        if count % 40:
            continue
        now = _error(row_ptr, row_ties, col_ptr, col_rows, cost, z, y, 1.0)
        mean = _error(row_ptr, row_ties, col_ptr, col_rows, cost, z_sum, y_sum, 1.0 / count)
        best = min(now, mean)
        if not (best < 0.3 * last or (count >= 0.4 * (step + 1) and best < 0.8 * last)):
            continue
        dz = _restart(z, z_base, z_sum, count, mean < now)
        dy = _restart(y, y_base, y_sum, count, mean < now)
        if dz > 1e-12 and dy > 1e-12:
            shift = math.sqrt(dy / dz / omega)
            omega *= shift
            _scale(tau, 1.0 / shift)
            _scale(sigma, shift)
        count, last = 0, best
        if best < 1e-6:
            break
    return omega


@njit(cache=True)
def repair(  # noqa: C901
    row_ptr: IntArray, row_ties: IntArray, cost: FloatArray, y: FloatArray
) -> FloatArray:
    """Make a packing feasible: shrink each row by its fullest tie, then refill; returns slack."""
    load = np.zeros(cost.size)
    for r in range(y.size):
        for q in range(row_ptr[r], row_ptr[r + 1]):
            load[row_ties[q]] += y[r]
    slack = cost.copy()
    for r in range(y.size):
        f = 1.0
        for q in range(row_ptr[r], row_ptr[r + 1]):
            e = row_ties[q]
            if load[e] > cost[e]:
                f = min(f, cost[e] / load[e])
        y[r] *= f
        for q in range(row_ptr[r], row_ptr[r + 1]):
            slack[row_ties[q]] -= y[r]
    for r in range(y.size):
        room = np.inf
        for q in range(row_ptr[r], row_ptr[r + 1]):
            room = min(room, slack[row_ties[q]])
        if room > 0:
            y[r] += room
            for q in range(row_ptr[r], row_ptr[r + 1]):
                slack[row_ties[q]] -= room
    return slack
