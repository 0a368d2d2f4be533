"""Compiled search for short conflicting cycles by two-sided Dijkstra."""

from __future__ import annotations

import numpy as np
from numba import njit

from blocs.alignment.signed.graph import FloatArray, IntArray


@njit(cache=True)
def _push(keys: FloatArray, items: IntArray, size: int, key: float, item: int) -> int:
    i = size
    keys[i], items[i] = key, item
    while i > 0:
        up = (i - 1) >> 1
        if keys[up] <= keys[i]:
            break
        keys[up], keys[i] = keys[i], keys[up]
        items[up], items[i] = items[i], items[up]
        i = up
    return size + 1


@njit(cache=True)
def _pop(keys: FloatArray, items: IntArray, size: int) -> tuple[float, int]:
    key, item = keys[0], items[0]
    size -= 1
    keys[0], items[0] = keys[size], items[size]
    i = 0
    while True:
        child = 2 * i + 1
        if child >= size:
            break
        if child + 1 < size and keys[child + 1] < keys[child]:
            child += 1
        if keys[i] <= keys[child]:
            break
        keys[child], keys[i] = keys[i], keys[child]
        items[child], items[i] = items[i], items[child]
        i = child
    return key, item


@njit(cache=True)
def _meet(
    indptr: IntArray,
    neighbour: IntArray,
    tie: IntArray,
    odd: IntArray,
    even_only: bool,
    length: FloatArray,
    skip: int,
    dist: FloatArray,
    stamp: IntArray,
    via: IntArray,
    back: IntArray,
    keys: FloatArray,
    items: IntArray,
    sizes: IntArray,
    mark: int,
    room: float,
) -> int:
    """Grow both ends by turns; the state where the shortest walk meets, or -1."""
    best, meet = np.inf, -1
    while sizes[0] > 0 and sizes[1] > 0:
        if keys[0, 0] + keys[1, 0] >= min(best, room):
            break
        end = 0 if keys[0, 0] <= keys[1, 0] else 1
        key, state = _pop(keys[end], items[end], sizes[end])
        sizes[end] -= 1
        if key > dist[end, state]:
            continue
        x, parity = state >> 1, state & 1
        for q in range(indptr[x], indptr[x + 1]):
            e = tie[q]
            if e == skip or (even_only and odd[e] == 1):
                continue
            to = 2 * neighbour[q] + (parity ^ odd[e])
            reach = key + length[e]
            if stamp[end, to] == mark and reach >= dist[end, to]:
                continue
            stamp[end, to], dist[end, to] = mark, reach
            via[end, to], back[end, to] = e, state
            sizes[end] = _push(keys[end], items[end], sizes[end], reach, to)
            if stamp[1 - end, to] == mark and reach + dist[1 - end, to] < best:
                best, meet = reach + dist[1 - end, to], to
    return meet


@njit(cache=True)
def _first_odd_loop(ties: IntArray, stops: IntArray, odd: IntArray, place: IntArray) -> int:
    """Compact a closed odd walk to its first simple odd loop; returns its start, end packed.

    `ties[i]` leads to `stops[i]`, the walk starts and ends at ``stops[-1]``. The
    loop is left in ``ties[low:top]`` and ``low * (size + 1) + top`` is returned.
    """
    size = ties.size
    trail = np.empty(size + 1, np.int64)
    trail[0] = stops[size - 1]
    place[trail[0]] = 0
    top, low = 0, 0
    for i in range(size):
        ties[top] = ties[i]
        y = stops[i]
        top += 1
        if place[y] < 0:
            trail[top] = y
            place[y] = top
            continue
        low = place[y]
        parity = 0
        for j in range(low, top):
            parity ^= odd[ties[j]]
        if parity == 1:
            break
        for j in range(low + 1, top):
            place[trail[j]] = -1
        top = low
    for i in range(size):
        place[stops[i]] = -1
    return low * (size + 1) + top


@njit(cache=True)
def find_cycles(  # noqa: C901, PLR0912, PLR0915
    indptr: IntArray,
    neighbour: IntArray,
    tie: IntArray,
    a: IntArray,
    b: IntArray,
    odd: IntArray,
    even_only: bool,
    z: FloatArray,
    starts: IntArray,
    repeats: int,
    bump: float,
    slack: float,
) -> tuple[IntArray, IntArray]:
    """Cycles through each tie of `starts` whose z sum to less than ``1 - slack``.

    Returns ``(indptr, ties)`` of the cycles found. `bump` is added to the length
    of a cycle's ties as soon as it is found, so that the next ones differ.
    """
    n, m = indptr.size - 1, a.size
    dist = np.empty((2, 2 * n))
    stamp = np.zeros((2, 2 * n), np.int64)
    via = np.empty((2, 2 * n), np.int64)
    back = np.empty((2, 2 * n), np.int64)
    keys = np.empty((2, 4 * m + 4))
    items = np.empty((2, 4 * m + 4), np.int64)
    sizes = np.zeros(2, np.int64)
    place = np.empty(n, np.int64)
    for i in range(n):
        place[i] = -1
    length = np.empty(m)
    for e in range(m):
        length[e] = max(z[e], 0.0) + 1e-5
    walk = np.empty(4 * n + 2, np.int64)
    stops = np.empty(4 * n + 2, np.int64)
    found = np.empty(64 * starts.size * repeats + 64, np.int64)
    ends = np.zeros(starts.size * repeats + 1, np.int64)
    rows, mark = 0, 0
    for f in starts:
        for _ in range(repeats):
            mark += 1
            for end in range(2):
                root = 2 * (a[f] if end == 0 else b[f])
                dist[end, root], stamp[end, root] = 0.0, mark
                back[end, root] = -1
                sizes[end] = _push(keys[end], items[end], 0, 0.0, root)
            meet = _meet(
                indptr, neighbour, tie, odd, even_only, length, f,
                dist, stamp, via, back, keys, items, sizes, mark, 1.0 + bump - z[f],
            )  # fmt: skip
            if meet < 0:
                break
            size, state = 0, meet
            while back[0, state] >= 0:
                size += 1
                state = back[0, state]
            state = meet
            for i in range(size - 1, -1, -1):
                walk[i], stops[i] = via[0, state], state >> 1
                state = back[0, state]
            state = meet
            while back[1, state] >= 0:
                walk[size] = via[1, state]
                state = back[1, state]
                stops[size] = state >> 1
                size += 1
            walk[size], stops[size] = f, a[f]
            size += 1
            packed = _first_odd_loop(walk[:size], stops[:size], odd, place)
            low, top = packed // (size + 1), packed % (size + 1)
            total = 0.0
            for j in range(low, top):
                total += z[walk[j]]
                length[walk[j]] += bump
            if total >= 1.0 - slack:
                break
            start = ends[rows]
            while start + top - low > found.size:
                grown = np.empty(2 * found.size, np.int64)
                for j in range(start):
                    grown[j] = found[j]
                found = grown
            for j in range(low, top):
                found[start + j - low] = walk[j]
            rows += 1
            ends[rows] = start + top - low
    return ends[: rows + 1], found[: ends[rows]]
