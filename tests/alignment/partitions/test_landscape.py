"""Landscape theory: hand-worked, against brute force, and the frustration it equals."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blocs.alignment.partitions import frustration
from blocs.alignment.partitions.landscape import map_landscape, partition
from blocs.errors import BadInput


def test_two_pairs_of_enemies_by_hand():
    # 0-1 and 2-3 are enemies, no other tie: four stable alignments, two up to names
    found = map_landscape(4, np.array([0, 2]), np.array([1, 3]), np.array([-1.0, -1.0]))
    assert found.energy.tolist() == [-4.0, -4.0]
    assert sorted(map(tuple, found.sides.tolist())) == [(0, 1, 0, 1), (0, 1, 1, 0)]
    assert found.states == 8


@given(st.integers(0, 10_000), st.integers(2, 7))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_minima_equal_brute_force(seed, n):
    rng = np.random.default_rng(seed)
    a, b = np.triu_indices(n, 1)
    w = rng.integers(-3, 4, a.size).astype(float)
    matrix = np.zeros((n, n))
    matrix[a, b] = matrix[b, a] = w

    def energy(x):
        x = np.array(x)
        return float((matrix * (x[:, None] != x[None, :])).sum())

    minima = []
    for x in itertools.product((0, 1), repeat=n - 1):
        state = (0, *x)
        flips = [tuple(s ^ (i == j) for j, s in enumerate(state)) for i in range(n)]
        if all(energy(state) <= energy(flip) for flip in flips):
            minima.append((energy(state), state))
    found = map_landscape(n, a, b, w)
    assert sorted(minima) == sorted(
        zip(found.energy.tolist(), map(tuple, found.sides.tolist()), strict=True)
    )
    assert np.all(np.diff(found.energy) >= 0)


@given(st.integers(0, 10_000), st.integers(2, 9))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_lowest_alignment_is_least_frustration_with_the_same_memberships(seed, n):
    rng = np.random.default_rng(seed)
    a, b = np.triu_indices(n, 1)
    keep = rng.random(a.size) < 0.6
    a, b = a[keep], b[keep]
    w = rng.choice([-2.0, -1.0, 1.0], a.size)
    one = partition(n, a, b, w, rng=rng)
    two = frustration.partition(n, a, b, w, rng=rng)
    assert one.frustration == two.frustration
    assert np.array_equal(one.forced, two.forced)
    assert np.array_equal(one.free, two.free)


def test_too_many_actors_are_refused():
    with pytest.raises(BadInput, match="frustration"):
        map_landscape(25, np.array([0]), np.array([1]), np.ones(1))
    with pytest.raises(BadInput, match="2 sides"):
        partition(2, np.array([0]), np.array([1]), np.ones(1), k=3, rng=np.random.default_rng())
