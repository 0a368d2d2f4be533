"""Compiled counting of one day's events, and ranks under the protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit
from numpy.typing import NDArray

if TYPE_CHECKING:
    from blocs.contracts import Ranking
    from blocs.outlook.counts import Counts

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@njit(cache=True)
def remember(counts: Counts, keys: Ints, day: int, decay: Floats) -> None:
    """Count one occurrence of each key given on a day; decayed sums move to that day."""
    rates = decay.shape[1]
    for k in keys:
        if counts.times[k] == 0:
            counts.first[k] = day
            for h in range(rates):
                counts.sums[k, h] = 1.0
        else:
            age = day - counts.last[k]
            for h in range(rates):
                counts.sums[k, h] = counts.sums[k, h] * decay[age, h] + 1.0
        counts.times[k] += 1
        counts.last[k] = day


@njit(cache=True)
def answer_ranks(ranking: Ranking, answer_start: Ints, answer: Ints) -> Floats:
    """Rank every true answer among all actors but the other true ones; ties share their mean."""
    ranks = np.empty(answer.size)
    wanted = np.zeros(ranking.rest.size, np.bool_)
    for i in range(answer_start.size - 1):
        a, b = ranking.start[i], ranking.start[i + 1]
        answers = answer[answer_start[i] : answer_start[i + 1]]
        wanted[answers] = True
        at = np.full(answers.size, -1, np.int64)
        for x in range(a, b):
            if wanted[ranking.actor[x]]:
                at[np.searchsorted(answers, ranking.actor[x])] = x
        for j in range(answers.size):
            if at[j] >= 0:
                rank = _among_listed(ranking.score[a:b], ranking.score[at[j]])
                for other in at:
                    if other >= 0 and other != at[j]:
                        rank -= ranking.score[other] > ranking.score[at[j]]
                        rank -= 0.5 * (ranking.score[other] == ranking.score[at[j]])
            else:
                rank = _behind(ranking, a, b, answers[j], wanted)
            ranks[answer_start[i] + j] = rank
        wanted[answers] = False
    return ranks


@njit(cache=True)
def _among_listed(score: Floats, value: float) -> float:
    better = ties = 0
    for x in range(score.size):
        better += score[x] > value
        ties += score[x] == value
    return 0.5 + better + 0.5 * ties


@njit(cache=True)
def _behind(ranking: Ranking, a: int, b: int, goal: int, wanted: NDArray[np.bool_]) -> float:
    better = ties = 0
    past = wanted.copy()
    for x in range(a, b):
        better += not wanted[ranking.actor[x]]
        past[ranking.actor[x]] = True
    for o in range(past.size):
        if not past[o]:
            better += ranking.rest[o] > ranking.rest[goal]
            ties += ranking.rest[o] == ranking.rest[goal]
    return 1.0 + better + 0.5 * ties


@njit(cache=True)
def largest(values: NDArray[np.float32], k: int) -> tuple[Ints, Floats]:
    """Places and values of the k largest of each row, largest first; of equals the first."""
    rows, columns = values.shape
    place, value = np.zeros((rows, k), np.int64), np.full((rows, k), -np.inf)
    for i in range(rows):
        for j in range(columns):
            new = values[i, j]
            if new <= value[i, k - 1]:
                continue
            at = k - 1
            while at > 0 and value[i, at - 1] < new:
                value[i, at], place[i, at] = value[i, at - 1], place[i, at - 1]
                at -= 1
            value[i, at], place[i, at] = new, j
    return place, value
