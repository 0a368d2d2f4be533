"""Questions that a day's events answer, and the ranks forecasts gave to the answers.

For an event (s, r, o, t) the question is (s, r, ?, t), and, since events come in
both directions, (?, r, o, t) as well. The rank of o is taken among all actors
except those that also answer the question on that day (the time-aware filter);
actors with equal scores share their mean rank.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from blocs.contracts import Ranking

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class Asked(NamedTuple):
    """Questions of one day with their answers.

    ``questions`` has shape (m, 2): sender, relation. Answers of question i are
    ``answers[start[i]:start[i + 1]]``.
    """

    questions: Ints
    start: Ints
    answers: Ints


def asked(facts: Ints) -> Asked:
    """Turn the events of one day, sorted, into questions.

    Examples
    --------
    >>> asked(np.array([[0, 1, 2, 9], [0, 1, 3, 9], [4, 1, 2, 9]])).start.tolist()
    [0, 2, 3]
    """
    act = facts[:, :2]
    new = np.ones(len(facts), bool)
    new[1:] = (act[1:] != act[:-1]).any(axis=1)
    at = np.flatnonzero(new)
    return Asked(act[at].copy(), np.append(at, len(facts)), facts[:, 2].copy())


def select(ask: Asked, wanted: NDArray[np.bool_]) -> Asked:
    """Keep some questions with their answers."""
    sizes = np.diff(ask.start)
    start = np.concatenate([[0], np.cumsum(sizes[wanted])])
    return Asked(ask.questions[wanted], start, ask.answers[np.repeat(wanted, sizes)])


def average_ranks(ranking: Ranking, questions: Asked) -> Floats:
    """Rank of every answer, 1 = best; shape as ``questions.answers``.

    Parameters
    ----------
    ranking : Ranking
        Scores for the same questions, in the same order.
    questions : Asked
        Questions with all their true answers, sorted.
    """
    from blocs.outlook.compiled.counting import answer_ranks

    return np.asarray(answer_ranks(ranking, questions.start, questions.answers))


def held_out(questions: Ints, day: int) -> NDArray[np.bool_]:
    """Tell which questions of a day no forecaster may be trained on: one in ten, by a hash.

    They show how often forecasts come true where nothing was fitted to them.
    """
    mixed = questions[:, 0] * 1_000_003 + questions[:, 1] * 7919 + day * 104_729
    return np.asarray((mixed * 2_654_435_761 % 2**32) // 2**16 % 10 == 0)
