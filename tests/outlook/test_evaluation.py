"""The protocol's history: the days before the one asked about, and nothing of it."""

from __future__ import annotations

import numpy as np
import pytest
from tests.outlook.events import events

from blocs.outlook.evaluation import evaluate
from blocs.outlook.history import by_day
from blocs.outlook.ranking import asked, average_ranks
from blocs.registry import FORECASTERS
from blocs.steps import at_once

KNOWN, TEST = events(3), 50


@pytest.mark.parametrize("ahead", [False, True])
def test_ranks_are_those_of_one_who_knows_the_days_before_alone(ahead: bool) -> None:
    """Each day is asked of a fresh memory: a day learnt before it is asked would rank better."""
    part = FORECASTERS.get("rules")
    learnt = part.fit(KNOWN.before(TEST), 40, ahead, 0, lambda done, total: None, at_once)
    found = evaluate(
        *(part, KNOWN),
        test=TEST,
        ahead=ahead,
        seed=0,
        learnt=learnt,
        chances=None,
        fit_seconds=0.0,
        relations=("a", "b", "c", "d"),
        watch=lambda done, total: None,
    )
    expected = []
    for facts in (day for day in by_day(KNOWN) if day[0, 3] >= TEST):
        day, ask = int(facts[0, 3]), asked(facts)
        memory = part.recall(learnt, KNOWN.before(TEST if ahead else day), KNOWN)
        expected.append(average_ranks(memory.predict(ask.questions, day), ask))
    assert found.rank == pytest.approx(np.concatenate(expected))
    assert found.rank.size == 2 * (KNOWN.facts[:, 1] < 4)[KNOWN.facts[:, 3] >= TEST].sum()
