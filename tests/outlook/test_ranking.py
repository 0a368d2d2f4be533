"""Ranks by brute force; tests that would catch each known leak."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blocs.contracts import Ranking
from blocs.outlook.ranking import Asked, asked, average_ranks, held_out, select


def ranking(scores: list[dict[int, float]], rest: list[float]) -> Ranking:
    start = np.cumsum([0, *map(len, scores)])
    pairs = [pair for row in scores for pair in row.items()]
    actor = np.array([a for a, _ in pairs], np.int64)
    return Ranking(start, actor, np.array([s for _, s in pairs], float), np.array(rest, float))


def ask(answers: list[list[int]]) -> Asked:
    start = np.cumsum([0, *map(len, answers)])
    flat = np.array([a for row in answers for a in sorted(row)], np.int64)
    return Asked(np.zeros((len(answers), 2), np.int64), start, flat)


def brute(
    scores: list[dict[int, float]], rest: list[float], answers: list[list[int]]
) -> list[float]:
    """Sort all actors by (listed, score or rest); the mean place of those tied with the answer."""
    out = []
    for row, true in zip(scores, answers, strict=True):
        worth = [(a in row, row.get(a, rest[a])) for a in range(len(rest))]
        for goal in sorted(true):
            rivals = [worth[a] for a in range(len(rest)) if a not in true]
            better = sum(w > worth[goal] for w in rivals)
            tied = sum(w == worth[goal] for w in rivals)
            out.append(float(np.mean(range(better + 1, better + tied + 2))))
    return out


@settings(deadline=None)  # the first ranks are compiled
@given(st.data())
def test_ranks_agree_with_brute_force(data: st.DataObject) -> None:
    n = data.draw(st.integers(2, 7))
    value = st.sampled_from([0.0, 0.1, 0.5, 2.0])
    actor = st.integers(0, n - 1)
    scores = data.draw(st.lists(st.dictionaries(actor, value), min_size=1, max_size=3))
    rest = data.draw(st.lists(value, min_size=n, max_size=n))
    answers = [sorted(data.draw(st.sets(actor, min_size=1))) for _ in scores]
    found = average_ranks(ranking(scores, rest), ask(answers))
    assert found.tolist() == brute(scores, rest, answers)


def test_equal_scores_share_their_mean_rank_whoever_has_the_lower_number() -> None:
    """By id, actor 0 would be first and actor 4 fifth; by the best of the ties both first."""
    tied = ranking([{}, {}], [0.0] * 5)
    assert average_ranks(tied, ask([[0], [4]])).tolist() == [3.0, 3.0]
    listed = ranking([dict.fromkeys(range(5), 1.0)] * 2, [0.0] * 5)
    assert average_ranks(listed, ask([[0], [4]])).tolist() == [3.0, 3.0]


def test_relabelling_actors_moves_no_rank() -> None:
    rng = np.random.default_rng(1)
    scores = {a: float(rng.integers(0, 3)) for a in range(6)}
    place = rng.permutation(8)
    moved = {int(place[a]): v for a, v in scores.items()}
    for goal in range(8):
        before = average_ranks(ranking([scores], [0.0] * 8), ask([[goal]]))
        after = average_ranks(ranking([moved], [0.0] * 8), ask([[int(place[goal])]]))
        assert before.tolist() == after.tolist()


def test_other_true_answers_are_out_of_the_way() -> None:
    scores = {0: 3.0, 1: 2.0, 2: 1.0}
    assert average_ranks(ranking([scores], [0.0] * 4), ask([[0, 2]])).tolist() == [1.0, 2.0]
    assert average_ranks(ranking([scores], [0.0] * 4), ask([[2]])).tolist() == [3.0]


def test_a_constant_forecast_is_worth_no_more_than_chance() -> None:
    """An optimistic tie rule would give it 1: the known way to a high figure for nothing."""
    n = 50
    ranks = average_ranks(ranking([{}] * n, [1.0] * n), ask([[a] for a in range(n)]))
    assert set(ranks) == {(n + 1) / 2}


def test_questions_of_a_day() -> None:
    facts = np.array([[0, 1, 2, 9], [0, 1, 3, 9], [0, 2, 3, 9], [4, 1, 2, 9]])
    found = asked(facts)
    assert found.questions.tolist() == [[0, 1], [0, 2], [4, 1]]
    assert found.start.tolist() == [0, 2, 3, 4]
    assert found.answers.tolist() == [2, 3, 3, 2]
    some = select(found, np.array([True, False, True]))
    assert some.answers.tolist() == [2, 3, 2]
    assert some.start.tolist() == [0, 2, 3]


def test_one_question_in_ten_is_held_out() -> None:
    questions = np.stack([np.arange(2000) % 50, np.arange(2000) // 50], axis=1)
    shares = [held_out(questions, day).mean() for day in range(20)]
    assert np.mean(shares) == pytest.approx(0.1, abs=0.02)
    assert held_out(questions, 3).tolist() == held_out(questions, 3).tolist()
