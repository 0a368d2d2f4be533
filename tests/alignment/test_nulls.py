"""Standing among groups: all k-sets by itertools, samples within their error, uniform p."""

from __future__ import annotations

import itertools
from math import comb, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kstest

from blocs.alignment.nulls import (
    Uncompared,
    complete_core,
    degree_excess,
    group_mean,
    propensity_excess,
    sampled_means,
    standing,
    uncompared,
)

FEW = settings(max_examples=40, deadline=None, derandomize=True)


def symmetric(rng: np.random.Generator, n: int, *, steps: int = 0) -> np.ndarray:
    """Random symmetric matrix, nan diagonal; with `steps`, few distinct values (many ties)."""
    m = rng.normal(size=(n, n)) if not steps else rng.integers(-steps, steps + 1, (n, n)) / steps
    m = np.triu(m, 1)
    m = m + m.T
    np.fill_diagonal(m, np.nan)
    return m


def all_means(matrix: np.ndarray, k: int) -> np.ndarray:
    """Mean tie of every k-set, one by one."""
    return np.array(
        [
            np.mean([matrix[i, j] for i, j in itertools.combinations(group, 2)])
            for group in itertools.combinations(range(len(matrix)), k)
        ]
    )


matrices = st.builds(
    lambda seed, n, steps: symmetric(np.random.default_rng(seed), n, steps=steps),
    st.integers(0, 10_000),
    st.integers(5, 9),
    st.sampled_from([0, 1, 4]),
)


@given(matrices, st.integers(2, 4), st.integers(0, 1_000))
@FEW
def test_every_set_is_counted_up_to_four(matrix, k, pick):
    means = all_means(matrix, k)
    value = means[pick % len(means)]
    found = standing(matrix, value, k, rng=np.random.default_rng(0))
    below = (means < value - 1e-9).sum()
    equal = (np.abs(means - value) <= 1e-9).sum()
    assert found.groups == len(means) == comb(len(matrix), k)
    assert found.exact
    assert found.error == 0
    assert found.percentile == pytest.approx((below + equal / 2) / len(means), abs=1e-12)
    assert found.at_least == pytest.approx((len(means) - below) / len(means), abs=1e-12)


@pytest.mark.parametrize("k", [2, 3, 4])
def test_a_group_that_is_its_own_world_is_in_the_middle(k):
    matrix = symmetric(np.random.default_rng(1), k)
    found = standing(matrix, group_mean(matrix, np.arange(k)), k, rng=np.random.default_rng(0))
    assert (found.groups, found.percentile, found.at_least) == (1, 0.5, 1.0)


def test_four_sets_of_four_states_by_hand():
    # ties 1 within {0,1} and {2,3}, else 0: every 3-set holds one of the two pairs
    matrix = np.zeros((4, 4))
    matrix[0, 1] = matrix[1, 0] = matrix[2, 3] = matrix[3, 2] = 1.0
    threes = standing(matrix, 1 / 3, 3, rng=np.random.default_rng(0))
    assert (threes.groups, threes.percentile, threes.at_least) == (4, 0.5, 1.0)
    twos = standing(matrix, 1.0, 2, rng=np.random.default_rng(0))
    assert (twos.groups, twos.at_least) == (6, pytest.approx(2 / 6))
    assert twos.percentile == pytest.approx((4 + 1) / 6)


@pytest.mark.parametrize("k", [5, 6, 9])
def test_sampled_standing_agrees_with_every_set(k):
    matrix = symmetric(np.random.default_rng(k), 13)
    means = all_means(matrix, k)
    for value in np.quantile(means, [0.1, 0.5, 0.97]):
        found = standing(matrix, value, k, rng=np.random.default_rng(3), samples=8_000)
        exact = (means < value).mean()
        assert not found.exact
        assert found.groups == 8_001
        assert abs(found.percentile - exact) < 4 * max(found.error, 1 / 8_000)
        assert found.error == pytest.approx(sqrt(found.percentile * (1 - found.percentile) / 8_001))


@pytest.mark.parametrize("k", [2, 5, 8, 9, 12])
def test_sampled_means_have_the_mean_of_all_pairs(k):
    matrix = symmetric(np.random.default_rng(k), 15)
    means = sampled_means(matrix, k, rng=np.random.default_rng(0), samples=6_000)
    pairs = matrix[np.triu_indices(15, 1)]
    assert abs(means.mean() - pairs.mean()) < 4 * means.std() / sqrt(6_000)
    if k == 2:
        # with k = 2 a drawn mean is one pair: the draws must be those pairs, equally often
        assert set(np.round(means, 9)) == set(np.round(pairs, 9))


def test_no_state_comes_twice_in_a_sampled_group():
    # n = k: the only group is everybody, so every draw has the same mean
    for k in (5, 8, 9):
        matrix = symmetric(np.random.default_rng(k), k)
        means = sampled_means(matrix, k, rng=np.random.default_rng(0), samples=50)
        assert means == pytest.approx(np.full(50, group_mean(matrix, np.arange(k))))


@given(matrices)
@FEW
def test_propensity_excess_is_the_residual_of_least_squares(matrix):
    n = len(matrix)
    i, j = np.triu_indices(n, 1)
    design = np.zeros((len(i), n))
    design[np.arange(len(i)), i] = design[np.arange(len(i)), j] = 1.0
    y = matrix[i, j]
    fitted = design @ np.linalg.lstsq(design, y, rcond=None)[0]
    excess = propensity_excess(matrix)
    assert excess[i, j] == pytest.approx(y - fitted, abs=1e-9)
    assert np.nansum(excess, axis=1) == pytest.approx(np.zeros(n), abs=1e-9)
    assert np.isnan(np.diag(excess)).all()


def test_degree_excess_by_hand():
    # + ties 0-1 and 0-2, - tie 1-2: k+ = 2, 1, 1 (K+ 4), k- = 0, 1, 1 (K- 2)
    matrix = np.array([[np.nan, 1, 1], [1, np.nan, -1], [1, -1, np.nan]])
    excess = degree_excess(matrix)
    assert excess[0, 1] == pytest.approx(1 - 2 * 1 / 4)
    assert excess[1, 2] == pytest.approx(-1 - 1 / 4 + 1 / 2)


@given(matrices)
@FEW
def test_degree_excess_changes_sign_with_the_ties(matrix):
    assert degree_excess(-matrix) == pytest.approx(-degree_excess(matrix), nan_ok=True)


@given(matrices, st.integers(0, 1_000))
@FEW
def test_standing_does_not_know_names(matrix, seed):
    order = np.random.default_rng(seed).permutation(len(matrix))
    moved = matrix[np.ix_(order, order)]
    value = group_mean(matrix, np.arange(4))
    for k in (2, 3, 4):
        a = standing(matrix, value, k, rng=np.random.default_rng(0))
        b = standing(moved, value, k, rng=np.random.default_rng(0))
        assert (a.percentile, a.at_least) == (b.percentile, b.at_least)


@given(matrices)
@FEW
def test_general_propensity_leaves_no_trace(matrix):
    a = np.random.default_rng(0).normal(size=len(matrix))
    assert propensity_excess(matrix + np.add.outer(a, a) + 0.3) == pytest.approx(
        propensity_excess(matrix), abs=1e-9, nan_ok=True
    )


# complete_core ---------------------------------------------------------------


def dropped(matrix: np.ndarray, alive: list[int], late: set[int]) -> list[int]:
    """Drop the state with most holes, one at a time; late ones half a hole later."""
    alive = list(alive)
    while True:
        holes = {
            i: sum(np.isnan(matrix[i, j]) for j in alive if j != i) - 0.5 * (i in late)
            for i in alive
        }
        worst = max(alive, key=lambda i: (holes[i], -i), default=None)
        if worst is None or holes[worst] <= 0:
            return alive
        alive.remove(worst)


def core_by_hand(matrix: np.ndarray, keep: np.ndarray) -> list[int]:
    n = len(matrix)
    seen = [i for i in range(n) if any(not np.isnan(matrix[i, j]) for j in range(n) if j != i)]
    seen = seen or list(range(n))
    members = dropped(matrix, [i for i in seen if i in keep], set())
    others = [i for i in seen if i not in keep and not any(np.isnan(matrix[i, j]) for j in members)]
    whole = sorted([*members, *dropped(matrix, others, set())])
    return whole if 2 * len(whole) >= len(seen) else dropped(matrix, seen, set(keep.tolist()))


@given(st.integers(0, 10_000), st.integers(1, 12), st.floats(0, 1))
@FEW
def test_complete_core_drops_the_least_known_first(seed, n, share):
    rng = np.random.default_rng(seed)
    matrix = symmetric(rng, n)
    holes = np.triu(rng.random((n, n)) < share, 1)
    matrix[holes | holes.T] = np.nan
    dark = rng.random(n) < 0.2
    matrix[dark] = matrix[:, dark] = np.nan
    keep = np.flatnonzero(rng.random(n) < 0.3)
    core = complete_core(matrix, keep)
    assert core.tolist() == core_by_hand(matrix, keep)
    block = matrix[np.ix_(core, core)]
    assert not np.isnan(block[np.triu_indices(len(core), 1)]).any()


def test_complete_core_keeps_the_group_over_its_equals():
    matrix = np.zeros((3, 3))
    matrix[0, 1] = matrix[1, 0] = np.nan
    assert complete_core(matrix, np.array([0])).tolist() == [0, 2]
    assert complete_core(matrix, np.array([1])).tolist() == [1, 2]


def unknown(n: int, pairs: list[tuple[int, int]]) -> np.ndarray:
    matrix = np.zeros((n, n))
    for i, j in pairs:
        matrix[i, j] = matrix[j, i] = np.nan
    return matrix


def test_a_member_stays_though_two_others_are_not_known_with_it():
    assert complete_core(unknown(6, [(0, 4), (0, 5)]), np.array([0, 1])).tolist() == [0, 1, 2, 3]


def test_a_member_goes_that_would_leave_fewer_than_half():
    matrix = unknown(6, [(0, k) for k in (2, 3, 4, 5)])
    assert complete_core(matrix, np.array([0, 1])).tolist() == [1, 2, 3, 4, 5]


def test_states_left_out_are_told_with_whom_they_are_not_known():
    matrix = unknown(5, [(0, 4), (1, 4), *[(3, k) for k in (0, 1, 2, 4)]])
    core = complete_core(matrix, np.array([0]))
    assert core.tolist() == [0, 1, 2]
    assert uncompared(matrix, core, "ABCDE") == (Uncompared("D", ()), Uncompared("E", ("A", "B")))


# p under the null ------------------------------------------------------------


@pytest.mark.parametrize("k", [2, 3, 4, 6])
def test_random_groups_have_uniform_p(k):
    """A group that means nothing: p <= a must come up a share a of the time."""
    rng = np.random.default_rng(20 + k)
    ps = []
    for _ in range(150):
        matrix = symmetric(rng, 18) + np.add.outer(*[rng.normal(size=18)] * 2)
        group = rng.choice(18, k, replace=False)
        free = propensity_excess(matrix)
        ps.append(standing(free, group_mean(free, group), k, rng=rng, samples=400).at_least)
    assert kstest(ps, "uniform").pvalue > 0.01
    assert 0.02 < np.mean(np.array(ps) <= 0.1) < 0.2
