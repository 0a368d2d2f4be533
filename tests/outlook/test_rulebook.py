"""Confidences of rules against sums over all days and pairs."""

from __future__ import annotations

import numpy as np
from tests.outlook.events import both_ways, events

from blocs.contracts import Quadruples
from blocs.outlook.history import begin
from blocs.outlook.rulebook import DOUBT, WARM_UP, Rulebook, open_book, study_all

RATES = 1 / np.array([3.0, np.inf])


def studied(known: Quadruples) -> Rulebook:
    book = open_book(known.n_relations, np.array([0, 1]))
    study_all(book, begin(known, RATES), known)
    return book


def test_confidences_agree_with_brute_force() -> None:
    known = events(6)
    book = studied(known)
    s, r, o, t = known.facts.T
    m, last = known.n_relations, int(t[-1])
    for i, rate in enumerate(RATES):
        credit, exposure = np.zeros((m, m)), np.zeros(m)
        for day in range(int(t[0]) + WARM_UP, last + 1):
            before = t < day
            weight = np.exp2(-rate * (day - t[before]))
            exposure += np.bincount(r[before], weight, minlength=m)
            for x, head, y, _ in known.facts[t == day]:
                same = (s[before] == x) & (o[before] == y)
                credit[:, head] += np.bincount(r[before][same], weight[same], minlength=m)
        np.testing.assert_allclose(book.confidence(i), credit / (exposure + DOUBT)[:, None])


def test_an_answer_the_day_after_is_found() -> None:
    """Whoever is threatened (0) threatens back (1) a day later, always; nothing else is a rule."""
    rows = []
    for t in range(0, 90, 3):
        a, b = (t // 3) % 4, 4 + (t // 3) % 3
        rows += [(a, 0, b, t), (b, 1, a, t + 1)]
    known = both_ways(np.array(rows), actors=7, relations=2)
    confidence = studied(known).confidence(0)
    turned = 2  # relation 0 seen from its receiver
    assert confidence[turned, 1] == confidence[turned].max()
    assert confidence[turned, 1] > 3 * confidence[1, 1]
