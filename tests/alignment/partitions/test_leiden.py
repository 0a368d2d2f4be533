"""Signed modularity: against every partition of small graphs, and planted blocs."""

from __future__ import annotations

import numpy as np
import pytest

from blocs.alignment.balance import signed_modularity
from blocs.alignment.partitions.leiden import partition
from blocs.errors import BadInput


def planted(n, k, seed, density=0.3, noise=0.05):
    rng = np.random.default_rng(seed)
    camp = rng.integers(0, k, n)
    a, b = np.triu_indices(n, 1)
    keep = rng.random(a.size) < density
    a, b = a[keep], b[keep]
    w = np.where(camp[a] == camp[b], 1.0, -1.0) * np.where(rng.random(a.size) < noise, -1, 1)
    return camp, a, b, w


def together(labels):
    return labels[:, None] == labels[None, :]


def matrix_of(n, a, b, w):
    matrix = np.zeros((n, n))
    np.add.at(matrix, (a, b), w)
    return matrix + matrix.T


@pytest.mark.parametrize("seed", range(4))
def test_finds_the_best_partition_of_small_graphs(brute_partitions, seed):
    rng = np.random.default_rng(seed)
    n = 7
    a, b = np.triu_indices(n, 1)
    keep = rng.random(a.size) < 0.7
    a, b, w = a[keep], b[keep], rng.choice([-1.0, 1.0, 2.0], keep.sum())
    matrix = matrix_of(n, a, b, w)
    best = max(signed_modularity(matrix, np.array(x)) for x in brute_partitions(n))
    found = partition(n, a, b, w, rng=rng)
    assert signed_modularity(matrix, found.sides) == pytest.approx(best, abs=1e-9)


def test_recovers_planted_blocs():
    camp, a, b, w = planted(60, 3, 1)
    found = partition(60, a, b, w, rng=np.random.default_rng(0))
    assert np.array_equal(together(found.sides), together(camp))
    assert not found.proved
    assert found.frustration == np.abs(w[(camp[a] == camp[b]) == (w < 0)]).sum()


def test_relabelling_keeps_clear_blocs():
    _, a, b, w = planted(40, 2, 2)
    perm = np.random.default_rng(9).permutation(40)
    one = partition(40, a, b, w, rng=np.random.default_rng(0))
    two = partition(40, perm[a], perm[b], w, rng=np.random.default_rng(0))
    assert np.array_equal(together(one.sides), together(two.sides[perm]))


def test_same_seed_same_answer_and_no_ties():
    _, a, b, w = planted(30, 3, 3, noise=0.3)
    one = partition(30, a, b, w, rng=np.random.default_rng(4))
    two = partition(30, a, b, w, rng=np.random.default_rng(4))
    assert np.array_equal(one.sides, two.sides)
    none = np.zeros(0, dtype=int)
    assert partition(3, none, none, np.zeros(0), rng=np.random.default_rng(0)).free.all()


def test_a_given_number_of_blocs_is_refused():
    with pytest.raises(BadInput, match="leave k out"):
        partition(2, np.array([0]), np.array([1]), np.ones(1), k=2, rng=np.random.default_rng())
