"""Rules alone, against the sum they stand for."""

from __future__ import annotations

import numpy as np
from tests.outlook.events import events

from blocs.outlook.forecasters.rules import FORECASTER, POPULAR
from blocs.outlook.history import begin
from blocs.outlook.rulebook import open_book, study_all


def test_scores_are_confidence_times_decayed_counts() -> None:
    known = events(7)
    past, day = known.before(50), 50
    memory = FORECASTER.recall(b"", past, known)
    book = open_book(known.n_relations, np.array([0]))
    study_all(book, begin(past, np.array([1 / 30])), past)
    confidence = book.confidence(0)
    s, r, o, t = past.facts.T
    weight = np.exp2(-(day - t) / 30)
    questions = np.unique(past.facts[:, :2], axis=0)
    found = memory.predict(questions, day)
    for i, (sender, relation) in enumerate(questions):
        mine = s == sender
        expected = np.bincount(
            o[mine], confidence[r[mine], relation] * weight[mine], minlength=past.n_actors
        )
        part = np.bincount(o[r == relation], weight[r == relation], minlength=past.n_actors)
        expected += POPULAR * part / part.sum()
        scores = np.zeros(past.n_actors)
        rows = slice(found.start[i], found.start[i + 1])
        scores[found.actor[rows]] = found.score[rows]
        np.testing.assert_allclose(scores, expected, atol=1e-12)


def test_an_actor_never_heard_of_has_only_popular_receivers() -> None:
    known = events(7)
    memory = FORECASTER.recall(b"", known.before(10), known)
    found = memory.predict(np.array([[8, 0]]), 10)
    assert found.start.tolist()[0] == 0
    assert (found.score > 0).all()
