"""Compiled local moves of actors between blocs, with or without a null model."""

from __future__ import annotations

import numpy as np
from numba import njit

from blocs.alignment.signed.graph import FloatArray, IntArray


@njit(cache=True)
def move_actors(  # noqa: C901, PLR0912, PLR0915
    indptr: IntArray,
    neighbour: IntArray,
    weight: FloatArray,
    labels: IntArray,
    friends: FloatArray,
    foes: FloatArray,
    per_friends: float,
    per_foes: float,
) -> float:
    """Move actors in place while that raises the quality; returns what was gained.

    Quality of a bloc is the sum over its pairs i < j of ``w_ij - friends_i
    friends_j per_friends + foes_i foes_j per_foes``. Actors are visited in order,
    those next to a mover again.
    """
    n = labels.size
    size = np.zeros(n + 1, np.int64)
    sum_friends, sum_foes = np.zeros(n + 1), np.zeros(n + 1)
    for i in range(n):
        size[labels[i]] += 1
        sum_friends[labels[i]] += friends[i]
        sum_foes[labels[i]] += foes[i]
    empty = np.empty(n + 1, np.int64)
    free = 0
    for c in range(n, -1, -1):
        if size[c] == 0:
            empty[free] = c
            free += 1
    pull, seen = np.zeros(n + 1), np.empty(n + 1, np.int64)
    queue, waiting = np.arange(n), np.ones(n, np.bool_)
    head, left, total = 0, n, 0.0
    while left > 0:
        i = queue[head]
        head = (head + 1) % n
        left -= 1
        waiting[i] = False
        old = labels[i]
        known = 0
        for q in range(indptr[i], indptr[i + 1]):
            c = labels[neighbour[q]]
            new = True
            if pull[c] != 0.0:
                new = False
            else:
                for t in range(known):
                    if seen[t] == c:
                        new = False
                        break
            if new:
                seen[known] = c
                known += 1
            pull[c] += weight[q]
        stay = (
            pull[old]
            - friends[i] * (sum_friends[old] - friends[i]) * per_friends
            + foes[i] * (sum_foes[old] - foes[i]) * per_foes
        )
        best, target = stay, old
        if stay < -1e-12 and size[old] > 1:
            best, target = 0.0, -1
        for t in range(known):
            c = seen[t]
            if c == old:
                continue
            value = (
                pull[c]
                - friends[i] * sum_friends[c] * per_friends
                + foes[i] * sum_foes[c] * per_foes
            )
            if value > best + 1e-12:
                best, target = value, c
        for t in range(known):
            pull[seen[t]] = 0.0
        if target == old:
            continue
        if target == -1:
            free -= 1
            target = empty[free]
        total += best - stay
        size[old] -= 1
        sum_friends[old] -= friends[i]
        sum_foes[old] -= foes[i]
        if size[old] == 0:
            empty[free] = old
            free += 1
        if size[target] == 0:
            for t in range(free):
                if empty[t] == target:
                    empty[t] = empty[free - 1]
                    free -= 1
                    break
        labels[i] = target
        size[target] += 1
        sum_friends[target] += friends[i]
        sum_foes[target] += foes[i]
        for q in range(indptr[i], indptr[i + 1]):
            j = neighbour[q]
            if not waiting[j] and labels[j] != target:
                queue[(head + left) % n] = j
                left += 1
                waiting[j] = True
    return total
