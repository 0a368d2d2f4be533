"""Compiled scores of the recurrency baseline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit
from numpy.typing import NDArray

if TYPE_CHECKING:
    from blocs.outlook.counts import Counts, Index

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@njit(cache=True)
def strict_sums(
    questions: Ints, day: int, index: Index, triples: Counts, decay: Floats
) -> tuple[Ints, Ints, Floats]:
    """Receivers that an act has had, with their decayed counts at every rate.

    Returns ``start`` (m + 1,), ``actor`` (rows,) and the sums (rows, n_rates).
    """
    start = np.zeros(questions.shape[0] + 1, np.int64)
    room = 0
    for i in range(questions.shape[0]):
        room += index.triple_start[questions[i, 0] + 1] - index.triple_start[questions[i, 0]]
    actor, sums = np.empty(room, np.int64), np.empty((room, decay.shape[1]))
    row = 0
    for i in range(questions.shape[0]):
        s, r = questions[i]
        a, b = index.triple_start[s], index.triple_start[s + 1]
        for k in range(a + np.searchsorted(index.triple_relation[a:b], r), b):
            if index.triple_relation[k] != r:
                break
            if triples.times[k] > 0:
                actor[row] = index.triple_receiver[k]
                age = day - triples.last[k]
                for h in range(decay.shape[1]):
                    sums[row, h] = triples.sums[k, h] * decay[age, h]
                row += 1
        start[i + 1] = row
    return start, actor[:row].copy(), sums[:row].copy()


@njit(cache=True)
def add_relaxed(
    questions: Ints,
    strict: tuple[Ints, Ints, Floats],
    parts_start: Ints,
    parts_receiver: Ints,
    times: Ints,
) -> tuple[Ints, Ints, Floats, Floats]:
    """List every receiver a relation has had: the strict sum, and how often it was one.

    Takes strict sums of one rate, shape (rows,); a receiver of an act is one of its relation.
    """
    m = questions.shape[0]
    start = np.zeros(m + 1, np.int64)
    for i in range(m):
        r = questions[i, 1]
        seen = np.count_nonzero(times[parts_start[r] : parts_start[r + 1]])
        start[i + 1] = start[i] + seen
    actor, often = np.empty(start[m], np.int64), np.empty(start[m])
    first = np.zeros(start[m])
    place = np.zeros(parts_receiver.max() + 1, np.int64)
    for i in range(m):
        r, row = questions[i, 1], start[i]
        for k in range(parts_start[r], parts_start[r + 1]):
            if times[k] > 0:
                actor[row], often[row] = parts_receiver[k], times[k]
                place[parts_receiver[k]] = row
                row += 1
        for x in range(strict[0][i], strict[0][i + 1]):
            first[place[strict[1][x]]] = strict[2][x]
    return start, actor, first, often
