"""Compiled features of candidates: every one a count of past events or a product of places.

Columns are listed in `NAMES`; "d1 ... d100, all" are decayed counts with half-lives
of 1, 3, 10, 30 and 100 days and for ever. Each function fills columns for the
candidates ``a:b`` of one question (s, r); ``place`` leads from an actor to its row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

if TYPE_CHECKING:
    from blocs.outlook.counts import Counts, Past
    from blocs.outlook.embedding import Embedding

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_SPANS = ("d1", "d3", "d10", "d30", "d100", "all")
NAMES = (
    *(f"pair {span}" for span in _SPANS),
    *("pair age", "pair known for", "similar d30", "similar all", "similar d3", "two steps"),
    *("rules d3", "rules d30", "rules all", "best rule d3", "best rule d30"),
    *("same direction d10", "same direction d30", "kinds of act"),
    *(f"act {span}" for span in _SPANS),
    *("act age", "act known for"),
    *(f"answer {span}" for span in _SPANS),
    *("answer age", "share of sender's act d3"),
    *(f"receiver {span}" for span in _SPANS),
    "receiver age",
    *(f"part {span}" for span in _SPANS),
    *("sender's act d10", "sender's act all", "share of sender's act d30", "share of act all"),
    *("sender d10", "sender all", "share of sender d10", "share of sender all", "to itself"),
    *("places pair", "places relation", "places act", "candidates", "share of receiver d30"),
    "rules d1",
)
"""The features, in the order of their columns."""

PAIR, SIMILAR, STEPS, RULES, BEST, SAME, KINDS = 0, 8, 11, 12, 15, 17, 19
ACT, ANSWER, ACT_SHARE, RECEIVER, PART, CONTEXT = 20, 28, 35, 36, 43, 49
ITSELF, PLACES, NUMBER, OF_RECEIVER, RULES_1 = 57, 58, 61, 62, 63
NEVER = 999.0
"""Age of what has not happened."""
MOST_POPULAR = 100
MOST_SIMILAR = 600


class Candidates(NamedTuple):
    """Rows of several questions: where each begins, the actors and their features."""

    start: Ints
    actor: Ints
    feature: NDArray[np.float32]


@njit(cache=True)
def gather(
    questions: Ints, day: int, past: Past, confidence: Floats, places: Embedding
) -> Candidates:
    """List and describe the candidates of every question, sorted by sender.

    ``confidence`` has shape (4, n_relations, n_relations): rules by counts of
    half-life 1, 3, 30 and for ever.
    """
    n = past.senders.times.size
    most = 0
    for i in range(questions.shape[0]):
        s, r = questions[i]
        most += past.keys.pair_start[s + 1] - past.keys.pair_start[s]
        most += MOST_POPULAR + MOST_SIMILAR
    start = np.zeros(questions.shape[0] + 1, np.int64)
    actor, x = np.empty(most, np.int64), np.empty((most, len(NAMES)), np.float32)
    place = np.full(n, -1, np.int64)
    steps = np.zeros(n)
    popular = _popular(questions[:, 1], day, past)
    for i in range(questions.shape[0]):
        s, r = questions[i]
        if i == 0 or s != questions[i - 1, 0]:
            _two_steps(s, day, past, steps)
        a = start[i]
        b = _from_pairs(s, day, past, a, actor, x, place)
        b = _from_popular(popular[r], b, actor, x, place)
        b = _from_similar(s, r, day, past, places, b, actor, x, place)
        for row in range(a, b):
            x[row, STEPS] = steps[actor[row]]
        _from_triples(s, r, day, past, confidence, x, place)
        _from_parts(r, day, past, x, place)
        _of_actors(s, r, a, b, day, past, actor, x)
        _of_places(s, r, a, b, past, places, actor, x)
        for row in range(a, b):
            x[row, NUMBER] = b - a
            place[actor[row]] = -1
        start[i + 1] = b
    return Candidates(start, actor[: start[-1]].copy(), x[: start[-1]].copy())


@njit(cache=True)
def _now(counts: Counts, k: int, h: int, day: int, decay: Floats) -> float:
    if counts.times[k] == 0:
        return 0.0
    return float(counts.sums[k, h] * decay[day - counts.last[k], h])


@njit(cache=True)
def _add(o: int, row: int, actor: Ints, x: NDArray[np.float32], place: Ints) -> int:
    place[o] = row
    actor[row] = o
    x[row, :] = 0
    for column in (PAIR + 6, PAIR + 7, ACT + 6, ACT + 7, ANSWER + 6, RECEIVER + 6):
        x[row, column] = NEVER
    return row + 1


@njit(cache=True)
def _from_pairs(
    s: int, day: int, past: Past, a: int, actor: Ints, x: NDArray[np.float32], place: Ints
) -> int:
    row = a
    for p in range(past.keys.pair_start[s], past.keys.pair_start[s + 1]):
        if past.pairs.times[p] == 0:
            continue
        age = day - past.pairs.last[p]
        row = _add(past.keys.pair_receiver[p], row, actor, x, place)
        for h in range(6):
            x[row - 1, PAIR + h] = past.pairs.sums[p, h] * past.decay[age, h]
        x[row - 1, PAIR + 6] = age
        x[row - 1, PAIR + 7] = day - past.pairs.first[p]
    return row


@njit(cache=True)
def _popular(relations: Ints, day: int, past: Past) -> list[Ints]:
    """For each relation asked about: its most frequent receivers of late."""
    lists = [np.empty(0, np.int64) for _ in range(past.keys.part_start.size - 1)]
    for r in np.unique(relations):
        a, b = past.keys.part_start[r], past.keys.part_start[r + 1]
        lately = np.zeros(b - a)
        for k in range(a, b):
            lately[k - a] = -_now(past.parts, k, 3, day, past.decay)
            lately[k - a] -= 0.05 * _now(past.parts, k, 4, day, past.decay)
        order = np.argsort(lately, kind="mergesort")[:MOST_POPULAR]
        lists[r] = past.keys.part_receiver[a:b][order[lately[order] < 0]]
    return lists


@njit(cache=True)
def _from_popular(popular: Ints, b: int, actor: Ints, x: NDArray[np.float32], place: Ints) -> int:
    row = b
    for o in popular:
        if place[o] < 0:
            row = _add(o, row, actor, x, place)
    return row


@njit(cache=True)
def _from_similar(
    s: int,
    r: int,
    day: int,
    past: Past,
    places: Embedding,
    b: int,
    actor: Ints,
    x: NDArray[np.float32],
    place: Ints,
) -> int:
    row, index = b, past.keys
    for j in range(places.near_start[s], places.near_start[s + 1]):
        other, nearness = places.near[j], places.nearness[j]
        if other == s:
            continue
        c, d = index.triple_start[other], index.triple_start[other + 1]
        for k in range(c + np.searchsorted(index.triple_relation[c:d], r), d):
            if index.triple_relation[k] != r:
                break
            if past.triples.times[k] == 0:
                continue
            o = index.triple_receiver[k]
            if place[o] < 0:
                if row - b >= MOST_SIMILAR:
                    continue
                row = _add(o, row, actor, x, place)
            x[place[o], SIMILAR] += nearness * _now(past.triples, k, 3, day, past.decay)
            x[place[o], SIMILAR + 1] += nearness * past.triples.times[k]
            x[place[o], SIMILAR + 2] += nearness * _now(past.triples, k, 1, day, past.decay)
    return row


@njit(cache=True)
def _two_steps(s: int, day: int, past: Past, steps: Floats) -> None:
    """From s over those it dealt with lately to those they dealt with lately."""
    steps[:] = 0
    index = past.keys
    for p in range(index.pair_start[s], index.pair_start[s + 1]):
        tie = _now(past.pairs, p, 2, day, past.decay)
        if tie < 0.1:
            continue
        middle = index.pair_receiver[p]
        weight = tie / (1 + tie) / (_now(past.senders, middle, 2, day, past.decay) + 5)
        for q in range(index.pair_start[middle], index.pair_start[middle + 1]):
            steps[index.pair_receiver[q]] += weight * _now(past.pairs, q, 2, day, past.decay)


@njit(cache=True)
def _from_triples(
    s: int,
    r: int,
    day: int,
    past: Past,
    confidence: Floats,
    x: NDArray[np.float32],
    place: Ints,
) -> None:
    half = past.keys.part_start.size // 2
    turned = r - half if r >= half else r + half
    for k in range(past.keys.triple_start[s], past.keys.triple_start[s + 1]):
        if past.triples.times[k] == 0:
            continue
        row, b = place[past.keys.triple_receiver[k]], past.keys.triple_relation[k]
        age = day - past.triples.last[k]
        d1 = past.triples.sums[k, 0] * past.decay[age, 0]
        d3 = past.triples.sums[k, 1] * past.decay[age, 1]
        d10 = past.triples.sums[k, 2] * past.decay[age, 2]
        d30 = past.triples.sums[k, 3] * past.decay[age, 3]
        x[row, RULES_1] += confidence[0, b, r] * d1
        x[row, RULES] += confidence[1, b, r] * d3
        x[row, RULES + 1] += confidence[2, b, r] * d30
        x[row, RULES + 2] += confidence[3, b, r] * past.triples.times[k]
        x[row, BEST] = max(x[row, BEST], confidence[1, b, r] * d3)
        x[row, BEST + 1] = max(x[row, BEST + 1], confidence[2, b, r] * d30)
        if (b >= half) == (r >= half):
            x[row, SAME] += d10
            x[row, SAME + 1] += d30
        x[row, KINDS] += 1
        if b in (r, turned):
            column = ACT if b == r else ANSWER
            for h in range(6):
                x[row, column + h] = past.triples.sums[k, h] * past.decay[age, h]
            x[row, column + 6] = age
            if b == r:
                x[row, ACT + 7] = day - past.triples.first[k]


@njit(cache=True)
def _from_parts(r: int, day: int, past: Past, x: NDArray[np.float32], place: Ints) -> None:
    for k in range(past.keys.part_start[r], past.keys.part_start[r + 1]):
        row = place[past.keys.part_receiver[k]]
        if row >= 0 and past.parts.times[k] > 0:
            age = day - past.parts.last[k]
            for h in range(6):
                x[row, PART + h] = past.parts.sums[k, h] * past.decay[age, h]


@njit(cache=True)
def _of_actors(
    s: int, r: int, a: int, b: int, day: int, past: Past, actor: Ints, x: NDArray[np.float32]
) -> None:
    """Counts of the act, the sender and the receivers, and the shares they make."""
    c, d = past.keys.act_start[s], past.keys.act_start[s + 1]
    k = c + np.searchsorted(past.keys.act_relation[c:d], r)
    acted = k < d and past.keys.act_relation[k] == r and past.acts.times[k] > 0
    act3 = _now(past.acts, k, 1, day, past.decay) if acted else 0.0
    act10 = _now(past.acts, k, 2, day, past.decay) if acted else 0.0
    act30 = _now(past.acts, k, 3, day, past.decay) if acted else 0.0
    act = past.acts.times[k] if acted else 0
    sender10, sender = _now(past.senders, s, 2, day, past.decay), past.senders.times[s]
    for row in range(a, b):
        o = actor[row]
        if past.receivers.times[o] > 0:
            age = day - past.receivers.last[o]
            for h in range(6):
                x[row, RECEIVER + h] = past.receivers.sums[o, h] * past.decay[age, h]
            x[row, RECEIVER + 6] = age
        x[row, ACT_SHARE] = x[row, ACT + 1] / (act3 + 0.1)
        x[row, CONTEXT], x[row, CONTEXT + 1] = act10, act
        x[row, CONTEXT + 2] = x[row, ACT + 3] / (act30 + 0.1)
        x[row, CONTEXT + 3] = x[row, ACT + 5] / (act + 1.0)
        x[row, CONTEXT + 4], x[row, CONTEXT + 5] = sender10, sender
        x[row, CONTEXT + 6] = x[row, PAIR + 2] / (sender10 + 0.1)
        x[row, CONTEXT + 7] = x[row, PAIR + 5] / (sender + 1.0)
        x[row, ITSELF] = s == o
        x[row, OF_RECEIVER] = x[row, PART + 3] / (x[row, RECEIVER + 3] + 0.1)


@njit(cache=True)
def _of_places(
    s: int,
    r: int,
    a: int,
    b: int,
    past: Past,
    places: Embedding,
    actor: Ints,
    x: NDArray[np.float32],
) -> None:
    c, d = past.keys.act_start[s], past.keys.act_start[s + 1]
    k = c + np.searchsorted(past.keys.act_relation[c:d], r)
    acted = k < d and past.keys.act_relation[k] == r
    for row in range(a, b):
        o = actor[row]
        pair = relation = act = 0.0
        for e in range(places.sender.shape[1]):
            one = places.sender[s, e] * places.receiver[o, e]
            pair += one
            relation += one * places.relation[r, e]
            if acted:
                act += places.act[k, e] * places.receiver[o, e]
        x[row, PLACES], x[row, PLACES + 1], x[row, PLACES + 2] = pair, relation, act
