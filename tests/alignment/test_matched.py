"""Groups weighted to a profile: by hand, against all groups, and refused when too few."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blocs.alignment.matched import balance, matched_standing
from blocs.errors import BadInput


def world(n: int, seed: int) -> np.ndarray:
    matrix = np.random.default_rng(seed).normal(size=(n, n))
    matrix = (matrix + matrix.T) / 2
    np.fill_diagonal(matrix, np.nan)
    return matrix


def test_weights_meet_the_target_and_are_even_where_they_can_be():
    counts = np.array([[0.0], [1.0], [2.0], [2.0]])
    weight = balance(counts, np.array([1.5]))
    assert weight is not None
    assert weight @ counts[:, 0] == pytest.approx(1.5)
    assert weight[2] == pytest.approx(weight[3])


def test_a_profile_nobody_has_gets_no_weights():
    assert balance(np.array([[0.0], [1.0]]), np.array([2.0])) is None


def test_a_trait_that_everybody_has_changes_nothing():
    matrix = world(30, 0)
    members = np.arange(3)
    value = float(np.mean([matrix[i, j] for i, j in itertools.combinations(range(3), 2)]))
    found = matched_standing(
        matrix, members, np.ones((30, 1)), value=value, names=["state"],
        rng=np.random.default_rng(0), samples=20_000,
    )  # fmt: skip
    every = [
        np.mean([matrix[i, j] for i, j in itertools.combinations(g, 2)])
        for g in itertools.combinations(range(30), 3)
    ]
    share = np.mean(np.array(every) < value)
    assert found.effective == pytest.approx(len(every), rel=0.05)  # 4,060 groups, all alike
    assert found.percentile == pytest.approx(share, abs=0.01)


def test_autocracies_that_vote_alike_are_no_news_among_autocracies():
    """Ten of thirty states all agree: extreme among all groups, usual among their kind."""
    matrix = world(30, 1)
    kind = np.arange(30) < 10
    matrix[np.ix_(kind, kind)] += 5
    members = np.arange(3)
    value = float(np.mean([matrix[i, j] for i, j in itertools.combinations(range(3), 2)]))
    traits = np.stack([kind, ~kind], axis=1).astype(float)
    found = matched_standing(
        matrix, members, traits, value=value, names=["autocracy", "other"],
        rng=np.random.default_rng(0), samples=20_000,
    )  # fmt: skip
    alike = [
        np.mean([matrix[i, j] for i, j in itertools.combinations(g, 2)])
        for g in itertools.combinations(range(10), 3)
    ]
    assert found.effective >= 50
    assert found.percentile == pytest.approx(np.mean(np.array(alike) < value), abs=0.08)


def test_too_few_of_the_kind_is_refused_with_the_effective_size():
    traits = np.zeros((40, 1))
    traits[:3] = 1
    found = matched_standing(
        world(40, 2), np.arange(3), traits, value=0.0, names=["rare"],
        rng=np.random.default_rng(0), samples=20_000,
    )  # fmt: skip
    assert (found.percentile, found.error) == (None, None)
    assert found.effective < 50


@given(st.integers(0, 1000))
@settings(max_examples=10, deadline=None, derandomize=True)
def test_weights_are_a_distribution_whatever_the_traits(seed):
    rng = np.random.default_rng(seed)
    counts = rng.integers(0, 4, (200, 3)).astype(float)
    weight = balance(counts, counts[:50].mean(axis=0))
    assert weight is not None
    assert weight.sum() == pytest.approx(1)
    assert (weight >= 0).all()
    assert weight @ counts == pytest.approx(counts[:50].mean(axis=0), abs=0.01)


def test_columns_must_agree():
    with pytest.raises(BadInput, match="one column a trait"):
        balance(np.zeros((3, 2)), np.zeros(1))
