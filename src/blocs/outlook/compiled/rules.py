"""Compiled crediting of rules, and forecasts by rules alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit
from numpy.typing import NDArray

if TYPE_CHECKING:
    from blocs.outlook.history import Counts, Index

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@njit(cache=True)
def credit_rules(
    credit: Floats,
    pair: Ints,
    relation: Ints,
    day: int,
    index: Index,
    triples: Counts,
    decay: Floats,
    rates: Ints,
) -> None:
    """Credit each event to all that its pair did before, by decayed count."""
    for i in range(pair.size):
        for j in range(index.pair_first[pair[i]], index.pair_first[pair[i] + 1]):
            k = index.pair_triples[j]
            if triples.times[k] > 0:
                age = day - triples.last[k]
                for c in range(rates.size):
                    value = triples.sums[k, rates[c]] * decay[age, rates[c]]
                    credit[c, index.triple_relation[k], relation[i]] += value


@njit(cache=True)
def rule_scores(
    questions: Ints,
    day: int,
    index: Index,
    triples: Counts,
    parts: Counts,
    decay: Floats,
    confidence: Floats,
    weight: float,
) -> tuple[Ints, Ints, Floats]:
    """Sum confidence times decayed count over what the pair did; popular receivers break ties.

    The first decay is used; ``weight`` is that of the receiver's share in the relation.
    """
    room = 0
    for i in range(questions.shape[0]):
        s, r = questions[i]
        room += index.pair_start[s + 1] - index.pair_start[s]
        room += index.part_start[r + 1] - index.part_start[r]
    start = np.zeros(questions.shape[0] + 1, np.int64)
    actor, score = np.empty(room, np.int64), np.zeros(room)
    place = np.full(index.triple_start.size - 1, -1, np.int64)
    row = 0
    for i in range(questions.shape[0]):
        s, r = questions[i]
        for k in range(index.triple_start[s], index.triple_start[s + 1]):
            rule = confidence[index.triple_relation[k], r]
            if triples.times[k] > 0 and rule > 0:
                o = index.triple_receiver[k]
                if place[o] < 0:
                    place[o] = row
                    actor[row] = o
                    row += 1
                score[place[o]] += rule * triples.sums[k, 0] * decay[day - triples.last[k], 0]
        a, b = index.part_start[r], index.part_start[r + 1]
        whole = 1e-9
        for k in range(a, b):
            if parts.times[k] > 0:
                whole += parts.sums[k, 0] * decay[day - parts.last[k], 0]
        for k in range(a, b):
            if parts.times[k] > 0:
                o = index.part_receiver[k]
                if place[o] < 0:
                    place[o] = row
                    actor[row] = o
                    row += 1
                now = parts.sums[k, 0] * decay[day - parts.last[k], 0]
                score[place[o]] += weight * now / whole
        for x in range(start[i], row):
            place[actor[x]] = -1
        start[i + 1] = row
    return start, actor[:row].copy(), score[:row].copy()
