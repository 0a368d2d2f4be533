"""Every forecaster keeps the contract: no look ahead, no look sideways, the same for a seed."""

from __future__ import annotations

import numpy as np
import pytest
from tests.outlook.events import both_ways, events, told

from blocs.contracts import Forecaster, Memory, Quadruples, Ranking
from blocs.outlook.history import by_day
from blocs.outlook.ranking import asked, average_ranks
from blocs.registry import FORECASTERS
from blocs.steps import at_once

NAMES = FORECASTERS.names()
VALID, TEST = 40, 52
KNOWN = events(1)
CHANCE = 0.8
"""Ranks that luck gives a guess among 9 on the days of the test: four standard errors."""
_LEARNT: dict[tuple[str, bool], bytes] = {}


def learnt(name: str, ahead: bool = False) -> bytes:
    if (name, ahead) not in _LEARNT:
        part: Forecaster = FORECASTERS.get(name)
        _LEARNT[name, ahead] = part.fit(
            KNOWN.before(TEST), VALID, ahead, 1, lambda a, b: None, at_once
        )
    return _LEARNT[name, ahead]


def memory(name: str, known: Quadruples = KNOWN) -> Memory:
    return FORECASTERS.get(name).recall(learnt(name), known.before(TEST), known)


def scores(ranking: Ranking, i: int) -> dict[int, float]:
    rows = slice(ranking.start[i], ranking.start[i + 1])
    return dict(zip(ranking.actor[rows].tolist(), ranking.score[rows].tolist(), strict=True))


@pytest.mark.parametrize("name", NAMES)
def test_the_answer_to_a_question_does_not_depend_on_the_others(name: str) -> None:
    """Which questions are asked on a day tells what happened on it."""
    questions = np.unique(KNOWN.facts[:, :2], axis=0)
    together = memory(name).predict(questions, TEST)
    for i in (0, len(questions) // 2, len(questions) - 1):
        alone = memory(name).predict(questions[i : i + 1], TEST)
        assert scores(alone, 0) == pytest.approx(scores(together, i), rel=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_other_events_from_the_test_on_change_no_forecast(name: str) -> None:
    """The same past with quite another future, and with none, forecasts the same."""
    past = KNOWN.before(TEST)
    other = told(99)
    future = both_ways(other[other[:, 3] >= TEST], actors=9, relations=4)
    changed = Quadruples(
        facts=np.concatenate([past.facts, future.facts]), n_actors=9, n_relations=8
    )
    questions = np.unique(past.facts[:, :2], axis=0)
    ours = memory(name).predict(questions, TEST)
    for known in (changed, past):
        theirs = memory(name, known).predict(questions, TEST)
        for i in range(len(questions)):
            assert scores(theirs, i) == pytest.approx(scores(ours, i), rel=1e-6, abs=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_learning_days_one_by_one_is_knowing_them_from_the_start(name: str) -> None:
    grown = FORECASTERS.get(name).recall(learnt(name), KNOWN.before(45), KNOWN)
    for facts in by_day(KNOWN.before(TEST)):
        if facts[0, 3] >= 45:
            grown.learn(facts)
    questions = np.unique(KNOWN.before(TEST).facts[:, :2], axis=0)
    a, b = grown.predict(questions, TEST), memory(name).predict(questions, TEST)
    for i in range(len(questions)):
        assert scores(a, i) == pytest.approx(scores(b, i), rel=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_learns_the_same_byte_for_byte(name: str) -> None:
    again = FORECASTERS.get(name).fit(
        KNOWN.before(TEST), VALID, False, 1, lambda a, b: None, at_once
    )
    assert again == learnt(name)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("ahead", [False, True])
def test_habits_and_answers_are_forecast_better_than_by_chance(name: str, ahead: bool) -> None:
    memory_ = FORECASTERS.get(name).recall(learnt(name, ahead), KNOWN.before(TEST), KNOWN)
    ranks = []
    for facts in by_day(KNOWN):
        if facts[0, 3] >= TEST:
            ask = asked(facts)
            ranks.append(average_ranks(memory_.predict(ask.questions, int(facts[0, 3])), ask))
            if not ahead:
                memory_.learn(facts)
    chance = np.mean([1 / k for k in range(1, 10)])  # 9 actors, any order
    assert np.mean(1 / np.concatenate(ranks)) > 1.3 * chance


@pytest.mark.parametrize("name", NAMES)
def test_what_has_no_past_is_answered_all_the_same(name: str) -> None:
    found = memory(name).predict(np.array([[8, 7]]), TEST)
    assert found.rest.shape == (9,)
    assert np.isfinite(found.score).all()


def surprises(seed: int) -> Quadruples:
    """Every actor acts every day, on whom is drawn anew: nothing but a look tells tomorrow."""
    rng = np.random.default_rng(seed)
    drawn = [(s, 0, int(rng.integers(9)), day) for day in range(60) for s in range(9)]
    return both_ways(np.array(drawn), actors=9, relations=1)


def told_early(known: Quadruples) -> Quadruples:
    """The same, with each day's events known on the day before as well: a look built in."""
    early = known.facts - [0, 0, 0, 1]
    both = np.unique(np.concatenate([known.facts, early[early[:, 3] >= 0]]), axis=0)
    order = np.lexsort((both[:, 2], both[:, 1], both[:, 0], both[:, 3]))
    return Quadruples(facts=np.ascontiguousarray(both[order]), n_actors=9, n_relations=2)


def fitted(name: str, known: Quadruples, ahead: bool) -> bytes:
    return FORECASTERS.get(name).fit(
        known.before(TEST), VALID, ahead, 1, lambda a, b: None, at_once
    )


def above_chance(
    name: str, known: Quadruples, learnt: bytes, *, ahead: bool = False, looks: bool = False
) -> float:
    """Ranks better than by guessing, which gives (m + 1) / 2 where m of 9 actors are left."""
    memory_ = FORECASTERS.get(name).recall(learnt, known.before(TEST), known)
    better: list[float] = []
    for facts in by_day(known):
        if facts[0, 3] < TEST:
            continue
        if looks:
            memory_.learn(facts)
        ask = asked(facts)
        ranks = average_ranks(memory_.predict(ask.questions, int(facts[0, 3])), ask)
        which = (facts[:, :2] @ [facts.max() + 1, 1]).astype(np.int64)
        _, of, times = np.unique(which, return_inverse=True, return_counts=True)
        better += ((9 - times[of] + 2) / 2 - ranks).tolist()
        if not ahead and not looks:
            memory_.learn(facts)
    return float(np.mean(better))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("ahead", [False, True])
def test_what_only_a_look_could_tell_is_forecast_as_by_chance(name: str, ahead: bool) -> None:
    known = surprises(3)
    found = above_chance(name, known, fitted(name, known, ahead), ahead=ahead)
    assert abs(found) < CHANCE


@pytest.mark.parametrize("name", NAMES)
def test_a_method_that_looks_would_be_caught(name: str) -> None:
    """The test above has teeth: told the day it is asked about, any method beats chance."""
    known = surprises(3)
    early = told_early(known)
    in_training = above_chance(name, early, fitted(name, early, False))
    in_memory = above_chance(name, known, fitted(name, known, False), looks=True)
    assert max(in_training, in_memory) > CHANCE
