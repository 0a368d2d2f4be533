"""Compiled crediting of rules, and forecasts by rules alone."""

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
    n = index.triple_start.size - 1
    start = np.zeros(questions.shape[0] + 1, np.int64)
    room = 0
    for i in range(questions.shape[0]):
        s, r = questions[i]
        room += index.pair_start[s + 1] - index.pair_start[s]
        room += index.part_start[r + 1] - index.part_start[r]
    actor, score = np.empty(room, np.int64), np.zeros(room)
    sums = np.zeros(n)
    row = 0
    for i in range(questions.shape[0]):
        s, r = questions[i]
        _add_rules(s, r, day, index, triples, decay, confidence, sums)
        _add_popular(r, day, index, parts, decay, weight, sums)
        for p in range(index.pair_start[s], index.pair_start[s + 1]):
            row = _take(index.pair_receiver[p], row, actor, score, sums)
        for k in range(index.part_start[r], index.part_start[r + 1]):
            row = _take(index.part_receiver[k], row, actor, score, sums)
        start[i + 1] = row
    return start, actor[:row].copy(), score[:row].copy()


@njit(cache=True)
def _add_rules(
    s: int,
    r: int,
    day: int,
    index: Index,
    triples: Counts,
    decay: Floats,
    confidence: Floats,
    sums: Floats,
) -> None:
    for k in range(index.triple_start[s], index.triple_start[s + 1]):
        if triples.times[k] > 0:
            now = triples.sums[k, 0] * decay[day - triples.last[k], 0]
            sums[index.triple_receiver[k]] += confidence[index.triple_relation[k], r] * now


@njit(cache=True)
def _add_popular(
    r: int, day: int, index: Index, parts: Counts, decay: Floats, weight: float, sums: Floats
) -> None:
    whole = 1e-9
    for k in range(index.part_start[r], index.part_start[r + 1]):
        if parts.times[k] > 0:
            whole += parts.sums[k, 0] * decay[day - parts.last[k], 0]
    for k in range(index.part_start[r], index.part_start[r + 1]):
        if parts.times[k] > 0:
            now = parts.sums[k, 0] * decay[day - parts.last[k], 0]
            sums[index.part_receiver[k]] += weight * now / whole


@njit(cache=True)
def _take(o: int, row: int, actor: Ints, score: Floats, sums: Floats) -> int:
    """List an actor whose sum is not 0, once, and clear the sum."""
    if sums[o] == 0:
        return row
    actor[row], score[row] = o, sums[o]
    sums[o] = 0
    return row + 1
