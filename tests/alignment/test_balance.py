"""Balance measures: by hand, by brute force over triangles and walks, and their nulls."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blocs.alignment import balance, random_networks
from blocs.alignment.signed.graph import build_signed_graph
from blocs.errors import BadInput

FEW = settings(max_examples=40, deadline=None, derandomize=True)


@st.composite
def matrices(draw, max_n=8):
    n = draw(st.integers(1, max_n))
    upper = np.triu(
        np.array(
            draw(st.lists(st.sampled_from([-2.0, -1, 0, 0, 1, 1]), min_size=n * n, max_size=n * n))
        ).reshape(n, n),
        1,
    )
    return upper + upper.T


def test_the_four_triangles_by_hand():
    for negatives, signs in enumerate([(1, 1, 1), (1, 1, -1), (1, -1, -1), (-1, -1, -1)]):
        x, y, z = signs
        census = balance.count_triads([[0, x, y], [x, 0, z], [y, z, 0]])
        assert census.counts.tolist() == [int(i == negatives) for i in range(4)]
        assert census.balanced == (negatives % 2 == 0)
        assert census.weakly_balanced == (negatives != 1)


@given(matrices())
@FEW
def test_census_equals_brute_force(matrix):
    counts = [0, 0, 0, 0]
    for i, j, k in itertools.combinations(range(len(matrix)), 3):
        ties = [matrix[i, j], matrix[j, k], matrix[i, k]]
        if all(ties):
            counts[sum(t < 0 for t in ties)] += 1
    assert balance.count_triads(matrix).counts.tolist() == counts


@given(matrices())
@FEW
def test_walk_balance_equals_its_series(matrix):
    def series(m):
        total, term = np.eye(len(m)), np.eye(len(m))
        for k in range(1, 80):
            term = term @ m / k
            total = total + term
        return total

    part, whole = series(matrix), series(np.abs(matrix))
    assert balance.walk_balance(matrix) == pytest.approx(np.trace(part) / np.trace(whole), rel=1e-8)
    assert balance.local_walk_balance(matrix) == pytest.approx(
        np.diagonal(part) / np.diagonal(whole), rel=1e-6
    )


@given(
    matrices(), st.lists(st.booleans(), min_size=8, max_size=8), st.randoms(use_true_random=False)
)
@FEW
def test_switching_and_relabelling_change_nothing(matrix, inside, random):
    n = len(matrix)
    side = np.where(inside[:n], -1.0, 1.0)
    perm = random.sample(range(n), n)
    other = (matrix * np.outer(side, side))[np.ix_(perm, perm)]
    assert balance.walk_balance(other) == pytest.approx(balance.walk_balance(matrix), rel=1e-9)
    one, two = balance.count_triads(matrix), balance.count_triads(other)
    assert one.total == two.total
    assert one.counts[[0, 2]].sum() == two.counts[[0, 2]].sum()


def test_a_balanced_dense_network_does_not_overflow():
    side = np.repeat([1.0, -1.0], 400)
    matrix = np.outer(side, side) - np.eye(800)
    assert balance.walk_balance(matrix) == pytest.approx(1.0)
    assert balance.local_walk_balance(10 * matrix[:80, :80]) == pytest.approx(1.0)


@given(matrices())
@FEW
def test_isolates_change_no_measure_of_triangles_and_modularity(matrix):
    n = len(matrix)
    wider = np.zeros((n + 1, n + 1))
    wider[:n, :n] = matrix
    labels = np.arange(n) % 2
    one = balance.signed_modularity(matrix, labels)
    two = balance.signed_modularity(wider, [*labels, 0])
    assert one == pytest.approx(two, nan_ok=True)
    assert np.array_equal(balance.count_triads(matrix).counts, balance.count_triads(wider).counts)
    assert balance.local_walk_balance(wider)[n] == 1.0


def test_random_networks_move_the_few_ties_of_one_sign_as_well():
    """Ten enemies among 300 friends, each in one pair: by lot a pair comes again 1 time in 19."""
    rng = np.random.default_rng(3)
    friends = [(i, j) for i in range(20, 60) for j in range(i + 1, 60)]
    chosen = [friends[k] for k in rng.choice(len(friends), 300, replace=False)]
    pairs = [(2 * k, 2 * k + 1) for k in range(10)]
    a, b = np.array(pairs + chosen).T
    graph = build_signed_graph(60, a, b, np.r_[-np.ones(10), np.ones(300)])
    again = []
    for _ in range(40):
        drawn = random_networks.draw_random_network(graph, rng=rng)
        enemies = drawn.weight < 0
        found = set(zip(drawn.a[enemies].tolist(), drawn.b[enemies].tolist(), strict=True))
        again.append(len(found & set(pairs)))
    assert abs(np.mean(again) - 10 / 19) < 0.4


def test_what_is_nought_or_one_is_so_without_dust():
    """One bloc of friends has no modularity, and is balanced; sums of thirds leave 1e-17."""
    for n in range(3, 40):
        friends = np.ones((n, n)) - np.eye(n)
        assert balance.signed_modularity(friends, np.zeros(n)) == 0.0
        sides = np.where(np.arange(n) % 3 == 0, 1.0, -1.0)
        camps = friends * np.outer(sides, sides)
        assert balance.walk_balance(camps) == 1.0
        assert balance.local_walk_balance(camps).tolist() == [1.0] * n
        ring = np.roll(np.eye(n), 1, axis=1) + np.roll(np.eye(n), -1, axis=1)
        assert balance.signed_modularity(ring, np.zeros(n)) == 0.0


def test_signed_modularity_by_its_definition():
    matrix = np.array([[0, 2, -1, 0], [2, 0, 0, -1], [-1, 0, 0, 1], [0, -1, 1, 0]], dtype=float)
    labels = [0, 0, 1, 1]
    plus, minus = np.maximum(matrix, 0), np.maximum(-matrix, 0)
    wp, wm = plus.sum(1), minus.sum(1)
    total = 0.0
    for i in range(4):
        for j in range(4):
            if labels[i] == labels[j]:
                total += matrix[i, j] - (wp[i] * wp[j] / wp.sum() - wm[i] * wm[j] / wm.sum())
    expected = total / (wp.sum() + wm.sum())
    assert balance.signed_modularity(matrix, labels) == pytest.approx(expected)


def random_graph(seed=0, n=30):
    rng = np.random.default_rng(seed)
    a, b = np.triu_indices(n, 1)
    keep = rng.random(a.size) < 0.2
    w = rng.choice([-1.0, 1.0], keep.sum(), p=[0.3, 0.7])
    return build_signed_graph(n, a[keep], b[keep], w)


def test_random_networks_keep_signed_degrees_and_differ():
    graph = random_graph()
    drawn = random_networks.draw_random_network(graph, rng=np.random.default_rng(1))
    one, two = random_networks.fill_matrix(graph), random_networks.fill_matrix(drawn)
    assert np.array_equal((one > 0).sum(0), (two > 0).sum(0))
    assert np.array_equal((one < 0).sum(0), (two < 0).sum(0))
    assert drawn.m == graph.m
    assert len(np.unique(drawn.a * 30 + drawn.b)) == drawn.m
    assert (drawn.a < drawn.b).all()
    assert (one != two).mean() > 0.1
    again = random_networks.draw_random_network(graph, rng=np.random.default_rng(1))
    assert np.array_equal(drawn.a, again.a)
    assert np.array_equal(drawn.weight, again.weight)


def test_a_polarised_network_stands_out_and_a_random_one_does_not():
    rng = np.random.default_rng(2)
    n = 24
    side = np.arange(n) % 2
    a, b = np.triu_indices(n, 1)
    keep = rng.random(a.size) < 0.4
    a, b = a[keep], b[keep]
    planted = build_signed_graph(n, a, b, np.where(side[a] == side[b], 1.0, -1.0))
    split = random_networks.compare_with_null(balance.walk_balance, planted, rng=rng, draws=60)
    assert split.value == pytest.approx(1.0)
    assert split.percentile == 1.0
    assert split.high < 0.9
    plain = random_networks.compare_with_null(
        balance.walk_balance, random_graph(), rng=rng, draws=60
    )
    assert 0.02 < plain.percentile < 0.98
    assert plain.low <= plain.mean <= plain.high


def test_measures_that_are_not_defined_say_so():
    graph = build_signed_graph(3, [0], [1], [1.0])
    share = random_networks.compare_with_null(
        lambda m: balance.count_triads(m).balanced, graph, rng=np.random.default_rng(0), draws=3
    )
    assert np.isnan(share.value)
    assert share.draws == 0
    assert np.isnan(balance.signed_modularity(np.zeros((2, 2)), [0, 1]))


@pytest.mark.parametrize(
    ("matrix", "words"),
    [
        (np.ones((2, 3)), "not square"),
        ([[0, 1], [0, 0]], "not symmetric"),
        ([[1, 0], [0, 0]], "with themselves"),
        ([[0, np.nan], [np.nan, 0]], "not finite"),
    ],
)
def test_bad_matrices_are_told(matrix, words):
    with pytest.raises(BadInput, match=words):
        balance.walk_balance(matrix)


def test_labels_of_another_length_are_told():
    with pytest.raises(BadInput, match="1 labels for 2 actors"):
        balance.signed_modularity(np.zeros((2, 2)), [0])


@pytest.mark.parametrize("p", [0.0, 0.25])
def test_triads_of_local_dynamics_have_the_published_densities(p):
    """Friendly share 1 / (1 + sqrt(3 (1 - 2 p))), triads C(3, j) rho^(3 - j) (1 - rho)^j.

    Antal, Krapivsky & Redner (2005), https://doi.org/10.1103/PhysRevE.72.036121: in an
    unbalanced triad the one hostile tie is made friendly with chance p, else a friendly
    one hostile; three hostile ties lose one. The stationary state for p < 1/2.
    """
    rng = np.random.default_rng(5)
    n, sweeps, burn = 40, 90, 20
    tie = np.triu(np.where(rng.random((n, n)) < 0.5, 1.0, -1.0), 1)
    tie += tie.T
    census, friendly, steps = np.zeros(4), [], n * (n - 1) // 2
    for sweep in range(sweeps):
        for i, j, k in rng.integers(0, n, (steps, 3)).tolist():
            if len({i, j, k}) < 3 or tie[i, j] * tie[j, k] * tie[i, k] > 0:
                continue
            ends = [(i, j), (j, k), (i, k)]
            hostile = [e for e in ends if tie[e] < 0]
            kind = [e for e in ends if tie[e] > 0]
            mend = not kind or rng.random() < p
            a, b = (hostile if mend else kind)[rng.integers(len(hostile if mend else kind))]
            tie[a, b] = tie[b, a] = 1.0 if mend else -1.0
        if sweep >= burn:
            census += balance.count_triads(tie).counts
            friendly.append((tie.sum() / (n * (n - 1)) + 1) / 2)
    rho = 1 / (1 + np.sqrt(3 * (1 - 2 * p)))
    assert np.mean(friendly) == pytest.approx(rho, abs=0.015)
    expected = [math.comb(3, j) * rho ** (3 - j) * (1 - rho) ** j for j in range(4)]
    np.testing.assert_allclose(census / census.sum(), expected, atol=0.02)
