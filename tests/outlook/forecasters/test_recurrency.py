"""The recurrency baseline, scored and ranked again from its formulas, event by event."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from tests.outlook.events import both_ways, events

from blocs.contracts import Quadruples
from blocs.outlook.forecasters.recurrency import FORECASTER, RATES, Learnt
from blocs.outlook.history import by_day
from blocs.outlook.ranking import asked, average_ranks
from blocs.steps import at_once

VALID, TEST = 40, 50


def quiet(done: int, total: int) -> None:
    """Watch nothing."""


def dense_scores(
    past: Quadruples, learnt: Learnt, sender: int, relation: int, day: int, until: int
) -> np.ndarray:
    """Gastinger et al. (2024): strict psi and relaxed xi, weighted, for every actor."""
    s, r, o, t = past.facts.T
    rate, share = RATES[learnt.rate[relation]], learnt.share[relation]
    first = t[r == relation].min() if (r == relation).any() else day
    days = sum(2.0 ** (-rate * (day - d)) for d in range(first, until)) or 1e-15
    scores = np.zeros(past.n_actors)
    for i in np.flatnonzero((s == sender) & (r == relation)):
        scores[o[i]] += share * 2.0 ** (-rate * (day - t[i])) / days
    mine = o[r == relation]
    return scores + (1 - share) * np.bincount(mine, minlength=past.n_actors) / max(mine.size, 1)


@pytest.mark.parametrize("ahead", [False, True])
def test_ranks_are_those_of_the_formulas(ahead: bool) -> None:
    known = events(5)
    raw = FORECASTER.fit(known.before(TEST), VALID, ahead, 0, quiet, at_once)
    learnt = msgspec.json.decode(raw, type=Learnt)
    memory = FORECASTER.recall(raw, known.before(TEST), known)
    for facts in by_day(known):
        day = int(facts[0, 3])
        if day < TEST:
            continue
        past = known.before(TEST if ahead else day)
        until = int(past.facts[-1, 3]) + 1
        ask = asked(facts)
        expected = []
        for (s, r), a, b in zip(ask.questions, ask.start[:-1], ask.start[1:], strict=True):
            scores, true = dense_scores(past, learnt, s, r, day, until), ask.answers[a:b]
            rivals = np.delete(scores, true)
            close = np.isclose(rivals[:, None], scores[true], rtol=1e-9, atol=0)
            better = (rivals[:, None] > scores[true]) & ~close
            expected += (1 + better.sum(axis=0) + close.sum(axis=0) / 2).tolist()
        assert average_ranks(memory.predict(ask.questions, day), ask).tolist() == expected
        if not ahead:
            memory.learn(facts)


def test_rates_and_weights_are_the_best_tried() -> None:
    """A relation done to the one last dealt with wants quick decay; a fixed habit none."""
    rows = [(0, 0, 1 + (t // 4) % 3, t) for t in range(60)]  # changes its receiver every 4 days
    known = both_ways(np.array(rows), actors=5, relations=1)
    learnt = msgspec.json.decode(FORECASTER.fit(known, 40, False, 0, quiet, at_once), type=Learnt)
    assert RATES[learnt.rate[0]] >= 0.1
    assert learnt.share[0] > 0.5


def test_progress_ends_at_its_total() -> None:
    seen: list[tuple[int, int]] = []
    FORECASTER.fit(
        events(), VALID, False, 0, lambda done, total: seen.append((done, total)), at_once
    )
    assert seen[-1][0] == seen[-1][1]
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
