"""Two sides: against every colouring of small graphs, and under changes that must not matter."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blocs.alignment.partition_result import PartitionResult
from blocs.alignment.partitions.frustration import PARTITION, partition
from blocs.errors import BadInput

WEIGHTS = st.sampled_from([-2.0, -1.0, 1.0, 2.0, 0.5, -0.25])
FEW = settings(max_examples=60, deadline=None, derandomize=True)


@st.composite
def graphs(draw, weights=WEIGHTS, max_n=7):
    n = draw(st.integers(2, max_n))
    pairs = [(i, j) for i in range(n) for j in range(i + 1, n)]
    chosen = draw(st.lists(st.sampled_from(pairs), min_size=1, max_size=16))
    w = draw(st.lists(weights, min_size=len(chosen), max_size=len(chosen)))
    a, b = np.array(chosen).T
    return n, a, b, np.array(w)


def solve(n, a, b, w, seed=0) -> PartitionResult:
    return partition(
        n, np.asarray(a), np.asarray(b), np.asarray(w), rng=np.random.default_rng(seed)
    )


def components(n, a, b, w):
    matrix = np.zeros((n, n))
    np.add.at(matrix, (a, b), w)
    reach = (np.abs(matrix + matrix.T) > 1e-9) | np.eye(n, dtype=bool)
    for _ in range(n):
        reach = (reach.astype(int) @ reach.astype(int)) > 0
    return reach


def test_a_triangle_with_one_enemy_pair_costs_its_lightest_tie():
    found = solve(3, [0, 1, 0], [1, 2, 2], [3.0, 2.0, -5.0])
    assert (found.frustration, found.bound, found.proved) == (2.0, 2.0, True)
    assert found.sides.tolist() == [0, 0, 1]
    assert found.forced.all()


def test_an_unbalanced_triangle_of_equal_ties_forces_nothing():
    found = solve(3, [0, 1, 0], [1, 2, 2], [1.0, 1.0, -1.0])
    assert found.frustration == 1
    assert not found.forced.any()
    assert found.free.all()


def test_a_pendant_between_two_camps_is_free():
    # camps {0,1,2} and {3,4,5}; 6 is a friend of one member of each
    a = [0, 0, 1, 3, 3, 4, 0, 1, 6, 6]
    b = [1, 2, 2, 4, 5, 5, 3, 4, 2, 5]
    w = [1, 1, 1, 1, 1, 1, -1, -1, 1, 1]
    found = solve(7, a, b, w)
    assert found.frustration == 1
    assert found.free.tolist() == [False] * 6 + [True]
    assert found.forced.tolist() == [True] * 6 + [False]
    assert len(set(found.cores[:6].tolist())) == 1


@given(graphs())
@FEW
def test_equals_brute_force_with_memberships(brute_force, graph):
    n, a, b, w = graph
    truth, found = brute_force(n, a, b, w, True), solve(n, a, b, w)
    assert found.proved
    assert found.frustration == pytest.approx(truth.least, abs=1e-9)
    assert found.bound == found.frustration
    reach = components(n, a, b, w)
    x = truth.optima
    tied = np.array(
        [[len(set((x[:, i] ^ x[:, j]).tolist())) == 1 for j in range(n)] for i in range(n)]
    )
    tied &= reach
    assert np.array_equal(found.cores[:, None] == found.cores[None, :], tied)
    assert np.array_equal(found.free, ~found.forced)
    for i in range(n):
        group = np.flatnonzero(reach[i])
        largest = max(int(tied[j].sum()) for j in group)
        size = int(tied[i].sum())
        if largest == 1 or size < largest:
            assert not found.forced[i]
        main = group[found.forced[group]]
        assert (main.size == largest) if largest > 1 else (main.size == 0)
        assert tied[np.ix_(main, main)].all()


@given(graphs(weights=st.floats(0.1, 3.0).map(lambda x: x if x < 1.5 else -x)))
@FEW
def test_odd_weights_are_proved_too(brute_force, graph):
    n, a, b, w = graph
    found = solve(n, a, b, w)
    assert found.proved
    assert found.frustration == pytest.approx(brute_force(n, a, b, w, True).least, abs=1e-6)


@given(graphs(max_n=9), st.randoms(use_true_random=False))
@FEW
def test_relabelling_and_row_order_do_not_matter(graph, random):
    n, a, b, w = graph
    perm = np.array(random.sample(range(n), n))
    rows = np.array(random.sample(range(len(a)), len(a)))
    one, two = solve(n, a, b, w), solve(n, perm[b][rows], perm[a][rows], w[rows])
    assert one.frustration == pytest.approx(two.frustration)
    moved = two.cores[perm]
    assert np.array_equal(
        one.cores[:, None] == one.cores[None, :], moved[:, None] == moved[None, :]
    )


@given(graphs(max_n=9), st.lists(st.booleans(), min_size=9, max_size=9))
@FEW
def test_switching_the_signs_of_a_cut_leaves_the_index(graph, inside):
    n, a, b, w = graph
    side = np.where(inside[:n], -1.0, 1.0)
    one, two = solve(n, a, b, w), solve(n, a, b, w * side[a] * side[b])
    assert one.frustration == pytest.approx(two.frustration)
    assert np.array_equal(
        one.cores[:, None] == one.cores[None, :], two.cores[:, None] == two.cores[None, :]
    )


@given(graphs())
@FEW
def test_isolates_and_duplicates(graph):
    n, a, b, w = graph
    one = solve(n, a, b, w)
    more = solve(n + 1, a, b, w)
    assert more.frustration == one.frustration
    assert more.free[n]
    assert not more.forced[n]
    assert np.array_equal(more.forced[:n], one.forced)
    twice = solve(n, np.tile(a, 2), np.tile(b, 2), np.tile(w, 2))
    assert twice.frustration == pytest.approx(2 * one.frustration)
    assert np.array_equal(twice.forced, one.forced)


def test_same_input_and_seed_give_the_same_answer():
    rng = np.random.default_rng(5)
    a, b = np.triu_indices(14, 1)
    w = rng.choice([-1.0, 1.0], a.size)
    one, two = solve(14, a, b, w, 3), solve(14, a, b, w, 3)
    assert np.array_equal(one.sides, two.sides)
    assert one.frustration == two.frustration


def test_a_complete_random_graph_needs_branching_and_is_proved(brute_force):
    rng = np.random.default_rng(8)
    a, b = np.triu_indices(12, 1)
    w = rng.choice([-1.0, 1.0], a.size)
    found = solve(12, a, b, w)
    assert found.proved
    assert found.frustration == brute_force(12, a, b, w, True).least


def test_no_time_still_gives_sides_and_a_bound_below_them():
    rng = np.random.default_rng(1)
    a, b = np.triu_indices(40, 1)
    w = rng.choice([-1.0, 1.0], a.size)
    found = partition(40, a, b, w, seconds=0.05, rng=rng)
    assert not found.proved
    assert 0 <= found.bound < found.frustration
    assert found.gap > 0
    assert not found.forced.any()
    assert (found.cores == -1).all()


@pytest.mark.parametrize("n", [0, 1, 5])
def test_networks_without_ties(n):
    none = np.zeros(0, dtype=int)
    found = solve(n, none, none, np.zeros(0))
    assert found.proved
    assert found.frustration == 0
    assert found.free.all()
    assert found.sides.shape == (n,)


def test_opposite_ties_of_a_pair_cancel():
    found = solve(2, [0, 1], [1, 0], [1.0, -1.0])
    assert found.m == 0
    assert found.free.all()


@pytest.mark.parametrize(
    ("a", "b", "w", "words"),
    [
        ([0], [0], [1.0], "with itself"),
        ([0], [5], [1.0], "outside 0..2"),
        ([0], [1], [np.nan], "not a finite number"),
        ([0, 1], [1], [1.0], "first ends"),
    ],
)
def test_bad_ties_are_told(a, b, w, words):
    with pytest.raises(BadInput, match=words):
        solve(3, a, b, w)


def test_other_numbers_of_sides_are_refused():
    with pytest.raises(BadInput, match="correlation"):
        partition(2, np.array([0]), np.array([1]), np.ones(1), k=3, rng=np.random.default_rng())
    assert PARTITION.fixed_k == 2
