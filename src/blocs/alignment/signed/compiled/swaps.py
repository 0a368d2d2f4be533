"""Compiled edge swaps that keep every actor's number of friends and of enemies."""

from __future__ import annotations

import numpy as np
from numba import njit

from blocs.alignment.signed.graph import IntArray


@njit(cache=True)
def swap_ends(a: IntArray, b: IntArray, negative: IntArray, n: int, tries: int, seed: int) -> int:
    """Swap ends of pairs of ties of the same sign in place; returns how many swaps were made.

    A swap that would join an actor with itself, or a pair that has a tie of
    either sign already, is not made. Each try takes a tie and another of its sign, so
    that the few of the rarer sign are moved as often as the others.
    """
    m = a.size
    by_sign = np.argsort(negative)
    positive = m - negative.sum()
    tied = np.zeros((n, n), np.bool_)
    for e in range(m):
        tied[a[e], b[e]] = tied[b[e], a[e]] = True
    state = np.uint64(seed) * np.uint64(2862933555777941757) + np.uint64(3037000493)
    made = 0
    for _ in range(tries):
        state ^= state << np.uint64(13)
        state ^= state >> np.uint64(7)
        state ^= state << np.uint64(17)
        first = np.int64((state >> np.uint64(33)) % np.uint64(m))
        state ^= state << np.uint64(13)
        state ^= state >> np.uint64(7)
        state ^= state << np.uint64(17)
        size = m - positive if negative[first] else positive
        among = np.int64((state >> np.uint64(33)) % np.uint64(size))
        second = by_sign[among + positive if negative[first] else among]
        cross = (state >> np.uint64(20)) & np.uint64(1)
        if first == second:
            continue
        u, v = a[first], b[first]
        x, y = a[second], b[second]
        if cross:
            x, y = y, x
        if u == y or x == v or tied[u, y] or tied[x, v]:
            continue
        tied[u, v] = tied[v, u] = tied[x, y] = tied[y, x] = False
        tied[u, y] = tied[y, u] = tied[x, v] = tied[v, x] = True
        b[first] = y
        a[second], b[second] = x, v
        made += 1
    return made
