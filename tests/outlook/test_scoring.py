"""Scores against hand-worked cases, scoringrules, numerical integrals and their properties.

scoringrules 0.10 compiles for nine seconds when it is imported with numba, so it
runs here in a process of its own, without it. Tolerance 1e-12: the same sums in
another order.
"""

from __future__ import annotations

import itertools
import json
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate
from scipy import stats as scipy_stats

from blocs.errors import BadInput
from blocs.outlook.scoring import (
    brier_score,
    censored_brier_score,
    crps_sample,
    log_score,
    time_crps,
    time_log_score,
)

RIVAL = """
import json, sys
sys.modules["numba"] = None
import numpy as np
import scoringrules as sr
y, p, x, z = (np.array(a) for a in json.load(sys.stdin))
print(json.dumps([
    sr.brier_score(y, p).tolist(),
    sr.log_score(y, p).tolist(),
    sr.crps_ensemble(z, x, estimator="nrg").tolist(),
    float(sr.crps_lognormal(1.5, 0.4, 0.6)),
    float(sr.logs_lognormal(1.5, 0.4, 0.6)),
]))
"""
RNG = np.random.default_rng(7)
Y, P = RNG.integers(0, 2, 40), RNG.uniform(0.01, 0.99, 40)
X, Z = RNG.normal(size=(40, 11)).round(1), RNG.normal(size=40)
probabilities = st.floats(0, 1, allow_nan=False)


@pytest.fixture(scope="module")
def rival() -> list[list[float]]:
    told = json.dumps([a.tolist() for a in (Y, P, X, Z)])
    ran = subprocess.run(
        [sys.executable, "-c", RIVAL], input=told, capture_output=True, text=True, check=True
    )
    return json.loads(ran.stdout)


def test_brier_log_and_crps_agree_with_scoringrules(rival: list[list[float]]) -> None:
    np.testing.assert_allclose(brier_score(Y, P), rival[0], rtol=1e-12)
    np.testing.assert_allclose(log_score(Y, P), rival[1], rtol=1e-12)
    np.testing.assert_allclose(crps_sample(Z, X), rival[2], rtol=1e-10, atol=1e-12)


def test_scores_of_a_time_agree_with_scoringrules_closed_forms(rival: list[list[float]]) -> None:
    """Lognormal(0.4, 0.6) at 1.5, on a grid that ends where 1 - F is 1e-12; steps of 2e-4."""
    law = scipy_stats.lognorm(0.6, scale=np.exp(0.4))
    grid = np.linspace(0, 100, 500_001)
    assert time_crps(1.5, grid, law.cdf(grid)) == pytest.approx(rival[3], rel=1e-6)
    assert time_log_score(True, law.pdf(1.5), 0.5) == pytest.approx(rival[4], rel=1e-12)


def test_two_scores_by_hand() -> None:
    assert brier_score(1, 0.8) == pytest.approx(0.04)
    assert log_score(1, 0.0) == np.inf
    assert log_score(0, 0.25) == pytest.approx(-np.log(0.75))
    assert crps_sample(3.0, [1.0]) == 2.0
    assert crps_sample(2.0, [1.0, 3.0]) == pytest.approx(1 - 0.5)  # E|X-y| = 1, E|X-X'| = 1


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=8), st.floats(-50, 50))
def test_crps_of_a_sample_is_the_integral(sample: list[float], value: float) -> None:
    ends = sorted([*sample, value])
    area = 0.0
    for low, high in itertools.pairwise(ends):
        middle = (low + high) / 2
        share = sum(x <= middle for x in sample) / len(sample)
        area += (high - low) * (share - (value <= middle)) ** 2
    assert crps_sample(value, sample) == pytest.approx(area, abs=1e-9)


@given(
    st.lists(probabilities, min_size=2, max_size=6),
    st.floats(-1, 7),
    st.booleans(),
)
def test_time_crps_is_the_integral(heights: list[float], time: float, happened: bool) -> None:
    grid, cdf = np.arange(len(heights), dtype=float), np.sort(heights)
    stop = grid[-1] if happened else min(max(time, 0.0), grid[-1])
    marks = [*grid, min(max(time, 0), grid[-1])]
    area, _ = integrate.quad(
        lambda t: (np.interp(t, grid, cdf) - (happened and t >= time)) ** 2,
        *(0, stop),
        points=sorted({m for m in marks if 0 < m < stop}) or None,
        limit=200,
    )
    assert time_crps(time, grid, cdf, happened=happened) == pytest.approx(area, abs=1e-7)


def test_one_who_says_never_is_scored_while_the_question_is_open() -> None:
    grid = [0.0, 10.0]
    assert time_crps(4.0, grid, [0.0, 0.0], happened=False) == 0
    assert time_crps(4.0, grid, [0.0, 0.0]) == 6.0
    late, soon = [0.0, 0.2], [0.0, 1.0]
    assert time_crps(4.0, grid, late, happened=False) < time_crps(4.0, grid, soon, happened=False)


def test_an_open_question_is_scored_by_its_survival() -> None:
    scores = time_log_score([True, False], [0.25, 9.0], [0.5, 0.8])
    np.testing.assert_allclose(scores, -np.log([0.25, 0.8]))


def test_the_true_probability_has_the_best_expected_score() -> None:
    for truth in (0.1, 0.5, 0.9):
        for score in (brier_score, log_score):
            given_ = np.linspace(0.01, 0.99, 99)
            expected = truth * score(np.ones(99), given_) + (1 - truth) * score(
                np.zeros(99), given_
            )
            assert given_[np.argmin(expected)] == pytest.approx(truth)


def test_censored_brier_by_hand() -> None:
    """Five questions, judged at 4: one leaves at 1, one at 3, one is decided at 2.

    P(still watched): 4/5 from 1 on, 4/5 * 2/3 from 3 on (at risk then: 3, 6, 9).
    """
    scores = censored_brier_score(
        [1, 2, 3, 6, 9], [False, True, False, False, True], [0.5, 0.6, 0.5, 0.1, 0.3], by=4
    )
    expected = [0, 0.4**2 / 0.8, 0, 0.1**2 / (8 / 15), 0.3**2 / (8 / 15)]
    np.testing.assert_allclose(scores, expected)
    weights = 1 / 0.8 + 2 / (8 / 15)
    assert weights == pytest.approx(5)  # they stand for all five


def test_censored_brier_is_unbiased_for_the_full_one() -> None:
    rng = np.random.default_rng(3)
    times, watch = rng.exponential(5, 40_000), rng.exponential(8, 40_000)
    prob = rng.uniform(0, 1, 40_000)
    full = brier_score(times <= 4, prob).mean()
    seen = censored_brier_score(np.minimum(times, watch), times <= watch, prob, by=4).mean()
    assert seen == pytest.approx(full, abs=0.006)  # three standard errors


def test_leaving_and_happening_at_once_counts_as_happened_first() -> None:
    scores = censored_brier_score([2, 2, 5], [True, False, False], [0.0, 0.0, 0.0], by=3)
    np.testing.assert_allclose(scores, [1, 0, 0])
    with pytest.raises(BadInput, match="choose an earlier time"):
        censored_brier_score([1.0], [False], [0.5], by=2)


@pytest.mark.parametrize("prob", [1.2, -0.1, float("nan")])
def test_what_is_no_probability_is_refused(prob: float) -> None:
    with pytest.raises(BadInput, match="between 0 and 1"):
        brier_score(1, prob)


def test_bad_input_is_told() -> None:
    with pytest.raises(BadInput, match="0 or 1"):
        log_score([0.5], [0.5])
    with pytest.raises(BadInput, match="increasing times"):
        time_crps(1, [0, 0], [0, 1])
    with pytest.raises(BadInput, match="never falls"):
        time_crps(1, [0, 1], [1, 0.5])
    with pytest.raises(BadInput, match="at least one value"):
        crps_sample(1.0, [])
