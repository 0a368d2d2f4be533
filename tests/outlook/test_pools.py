"""Pools: hand-worked values, the published factor, what must not change them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocs.outlook.pools import extremising_factor, linear_pool, log_odds_pool, quantile_pool
from blocs.outlook.timing import by_window

PROBS = st.lists(st.floats(0.01, 0.99), min_size=2, max_size=6)


def test_hand_worked_log_odds() -> None:
    # odds 1 and 4: geometric mean 2, probability 2/3; with the factor for two 2^d / (1 + 2^d)
    assert log_odds_pool([[0.5], [0.8]])[0] == pytest.approx(2 / 3)
    d = 2 * (np.sqrt(7) - 2)
    assert extremising_factor(2) == pytest.approx(d)
    assert log_odds_pool([[0.5], [0.8]], extremise=True)[0] == pytest.approx(2**d / (1 + 2**d))


def test_the_factor_grows_to_the_square_root_of_three() -> None:
    values = [extremising_factor(n) for n in (1, 2, 3, 10, 1000)]
    assert values == sorted(values)
    assert values[-1] == pytest.approx(np.sqrt(3), abs=2e-3)


@given(PROBS)
def test_a_pool_lies_between_its_forecasts_and_ignores_their_order(p: list[float]) -> None:
    for pool in (linear_pool, log_odds_pool):
        value = float(pool([[x] for x in p])[0])
        assert min(p) - 1e-9 <= value <= max(p) + 1e-9
        assert float(pool([[x] for x in reversed(p)])[0]) == pytest.approx(value)


@given(PROBS)
def test_log_odds_are_the_same_for_the_event_and_its_opposite(p: list[float]) -> None:
    value = float(log_odds_pool([[x] for x in p])[0])
    other = float(log_odds_pool([[1 - x] for x in p])[0])
    assert value == pytest.approx(1 - other)


def test_quantiles_average_times() -> None:
    grid = np.linspace(0, 40, 4001)
    a, b = by_window(grid, 2, 4), by_window(grid, 8, 16)
    pooled = quantile_pool(grid, [a, b])
    at = [float(np.interp(level, pooled, grid)) for level in (0.1, 0.5, 0.9)]
    assert at == pytest.approx([5.0, (np.sqrt(8) + np.sqrt(128)) / 2, 10.0], abs=0.05)
    alone = quantile_pool(grid, [a, a])
    assert np.abs(alone - a).max() < 2e-3


def test_certain_forecasts_that_contradict_are_no_pool() -> None:
    assert np.isnan(log_odds_pool([[0.0], [1.0]])[0])
