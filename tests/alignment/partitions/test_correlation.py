"""Any number of blocs: against every partition of small graphs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blocs.alignment.partition_result import PartitionResult
from blocs.alignment.partitions.correlation import PARTITION, partition
from blocs.errors import BadInput

WEIGHTS = st.sampled_from([-2.0, -1.0, 1.0, 2.0, 0.5, -0.25])
FEW = settings(max_examples=60, deadline=None, derandomize=True)


@st.composite
def graphs(draw, max_n=6):
    n = draw(st.integers(2, max_n))
    pairs = [(i, j) for i in range(n) for j in range(i + 1, n)]
    chosen = draw(st.lists(st.sampled_from(pairs), min_size=1, max_size=14))
    w = draw(st.lists(WEIGHTS, min_size=len(chosen), max_size=len(chosen)))
    a, b = np.array(chosen).T
    return n, a, b, np.array(w)


def solve(n, a, b, w) -> PartitionResult:
    return partition(n, np.asarray(a), np.asarray(b), np.asarray(w), rng=np.random.default_rng(0))


def together(labels):
    return labels[:, None] == labels[None, :]


def test_three_camps_at_war_are_three_blocs():
    a = [0, 2, 4, 0, 2, 4]
    b = [1, 3, 5, 2, 4, 0]
    found = solve(6, a, b, [1, 1, 1, -1, -1, -1])
    assert (found.frustration, found.proved) == (0, True)
    assert found.sides.tolist() == [0, 0, 1, 1, 2, 2]
    assert found.forced.all()


def test_a_friend_of_two_enemies_is_free():
    # 0-1 and 2-3 are camps at war; 4 is a friend of 0 and of 2
    found = solve(5, [0, 2, 0, 1, 4, 4], [1, 3, 2, 3, 0, 2], [2, 2, -2, -2, 1, 1])
    assert found.frustration == 1
    assert found.free.tolist() == [False] * 4 + [True]


def test_enemies_of_everybody_stand_alone_for_sure():
    found = solve(4, [0, 0, 1], [1, 2, 2], [-1.0, -1.0, 1.0])
    assert found.sides[:3].tolist() == [0, 1, 1]
    assert found.forced.tolist() == [True, True, True, False]
    assert found.free.tolist() == [False, False, False, True]


@given(graphs())
@FEW
def test_equals_brute_force_with_memberships(brute_force, graph):
    n, a, b, w = graph
    truth, found = brute_force(n, a, b, w, False), solve(n, a, b, w)
    assert found.proved
    assert found.frustration == pytest.approx(truth.least, abs=1e-9)
    assert found.bound == found.frustration
    x = truth.optima
    assert any(np.array_equal(together(row), together(found.sides)) for row in x)
    tied = np.array([together(row) for row in x]).all(axis=0)
    assert np.array_equal(together(found.cores), tied)
    isolated = np.bincount(np.concatenate([a, b]), minlength=n) == 0
    alone = np.array([together(row).sum(axis=1) == 1 for row in x]).all(axis=0)
    for i in np.flatnonzero(~isolated):
        bloc = np.flatnonzero(found.sides == found.sides[i])
        if alone[i] and found.m and not np.isin(i, _cancelled(n, a, b, w)):
            assert found.forced[i]
        elif tied[i].sum() == 1:
            assert found.free[i]
        main = bloc[found.forced[bloc]]
        assert tied[np.ix_(main, main)].all()
        assert main.size == 0 or main.size == max(int(tied[j].sum()) for j in bloc)
    assert np.array_equal(found.free, ~found.forced)


def _cancelled(n, a, b, w):
    """Actors whose ties all sum to nothing."""
    matrix = np.zeros((n, n))
    np.add.at(matrix, (a, b), w)
    return np.flatnonzero((np.abs(matrix + matrix.T) < 1e-9).all(axis=1))


@given(graphs(max_n=8), st.randoms(use_true_random=False))
@FEW
def test_relabelling_row_order_duplicates_and_isolates(graph, random):
    n, a, b, w = graph
    perm = np.array(random.sample(range(n), n))
    rows = np.array(random.sample(range(len(a)), len(a)))
    one = solve(n, a, b, w)
    two = solve(n + 1, perm[b][rows], perm[a][rows], w[rows])
    assert one.frustration == pytest.approx(two.frustration)
    assert np.array_equal(together(one.cores), together(two.cores[perm]))
    assert two.free[n]
    twice = solve(n, np.tile(a, 2), np.tile(b, 2), np.tile(w, 2))
    assert twice.frustration == pytest.approx(2 * one.frustration)
    assert np.array_equal(together(one.cores), together(twice.cores))


def test_never_worse_than_two_sides(brute_force):
    rng = np.random.default_rng(3)
    a, b = np.triu_indices(9, 1)
    w = rng.choice([-1.0, 1.0], a.size)
    assert solve(9, a, b, w).frustration <= brute_force(9, a, b, w, True).least


def test_a_complete_random_graph_is_proved(brute_force):
    rng = np.random.default_rng(4)
    a, b = np.triu_indices(9, 1)
    w = rng.choice([-1.0, 1.0], a.size)
    found = solve(9, a, b, w)
    assert found.proved
    assert found.frustration == brute_force(9, a, b, w, False).least


def test_no_time_still_gives_blocs_and_a_bound_below_them():
    rng = np.random.default_rng(1)
    a, b = np.triu_indices(60, 1)
    w = rng.choice([-1.0, 1.0], a.size)
    found = partition(60, a, b, w, seconds=0.05, rng=rng)
    assert not found.proved
    assert 0 <= found.bound < found.frustration


def test_a_given_number_of_blocs_is_refused():
    with pytest.raises(BadInput, match="leave k out"):
        partition(2, np.array([0]), np.array([1]), np.ones(1), k=2, rng=np.random.default_rng())
    assert PARTITION.fixed_k is None
