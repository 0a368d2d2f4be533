"""Compiled annealing of a two-sided split by single flips."""

from __future__ import annotations

import numpy as np
from numba import njit

from blocs.alignment.signed.graph import FloatArray, IntArray


@njit(cache=True)
def anneal(  # noqa: C901, PLR0912
    indptr: IntArray,
    neighbour: IntArray,
    weight: FloatArray,
    x: FloatArray,
    sweeps: int,
    hot: float,
    cold: float,
    seed: int,
) -> None:
    """Cool x (entries +-1) in place from `hot` to `cold`, then descend from the best state.

    ``field[i]`` is what flipping i would add to the frustration. With no sweeps
    it only descends. Arrays are copied by loops: numba compiles `x[:] = y` with all
    the words of its errors, which takes longer than the rest.
    """
    n = x.size
    field = np.zeros(n)
    for i in range(n):
        for q in range(indptr[i], indptr[i + 1]):
            field[i] += weight[q] * x[neighbour[q]] * x[i]
    state = np.uint64(seed) * np.uint64(2862933555777941757) + np.uint64(3037000493)
    now, best, kept = 0.0, 0.0, x.copy()
    for sweep in range(sweeps + 50):
        warm = sweep < sweeps
        t = hot * (cold / hot) ** (sweep / max(1, sweeps - 1)) if warm else 0.0
        if sweep == sweeps:
            for i in range(n):
                x[i] = kept[i]
            for i in range(n):
                field[i] = 0.0
                for q in range(indptr[i], indptr[i + 1]):
                    field[i] += weight[q] * x[neighbour[q]] * x[i]
            now = best
        moved = False
        for i in range(n):
            d = field[i]
            if d > -1e-12:
                if not warm or d > 20 * t:
                    continue
                state ^= state << np.uint64(13)
                state ^= state >> np.uint64(7)
                state ^= state << np.uint64(17)
                u = np.float64(state >> np.uint64(11)) / 9007199254740992.0
                if u >= 0.9 * np.exp(-d / t):
                    continue
            moved = True
            now += d
            x[i] = -x[i]
            field[i] = -d
            for q in range(indptr[i], indptr[i + 1]):
                field[neighbour[q]] += 2 * weight[q] * x[i] * x[neighbour[q]]
        if warm and now < best - 1e-12:
            best = now
            for i in range(n):
                kept[i] = x[i]
        if not warm and not moved:
            break
