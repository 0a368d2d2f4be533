"""Shuffled histories keep episodes whole; the true one is first."""

from __future__ import annotations

from math import factorial

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from blocs.outlook.competition.permutations import chance, circular_shifts, episode_orders

YEARS = np.arange(1816, 2015)


def test_every_order_is_a_permutation_and_the_first_is_history() -> None:
    made = episode_orders(YEARS, most=50, seed=1)
    assert made.order.shape == (50, len(YEARS))
    assert not made.exact
    assert made.order[0].tolist() == list(range(len(YEARS)))
    assert (np.sort(made.order, axis=1) == np.arange(len(YEARS))).all()


def test_all_orders_are_taken_where_there_are_few() -> None:
    made = episode_orders(YEARS, starts=(1816, 1919, 1946, 1992))
    assert made.exact
    assert len(np.unique(made.order, axis=0)) == factorial(4)


def test_episodes_stay_whole() -> None:
    made = episode_orders(YEARS, most=30)
    breaks = (np.diff(made.order, axis=1) != 1).sum(axis=1)
    assert (breaks <= 6).all()


def test_same_seed_same_orders() -> None:
    a, b, c = (episode_orders(YEARS, most=20, seed=s).order for s in (1, 1, 2))
    assert (a == b).all()
    assert (a != c).any()


@given(st.integers(1, 12))
def test_shifts_are_all_different(n: int) -> None:
    order = circular_shifts(n).order
    assert len(np.unique(order, axis=0)) == n
    assert order[0].tolist() == list(range(n))


def test_the_true_history_counts_among_those_as_large() -> None:
    assert chance(np.array([5.0, 1.0, 1.0, 1.0])) == 0.25
    assert chance(np.array([0.0, 1.0])) == 1.0
