"""Indices of polarisation: hand-worked values, definitions, and changes that must not matter."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blocs.alignment.indices import (
    esteban_ray,
    line_balance,
    npi,
    signed_modularity,
    triad_balance,
    walk_balance,
)
from blocs.errors import BadInput

FEW = settings(max_examples=30, deadline=None, derandomize=True)
EVERY = [esteban_ray, line_balance, npi, signed_modularity, triad_balance, walk_balance]


@st.composite
def matrices(draw, max_n=7):
    n = draw(st.integers(2, max_n))
    cells = draw(st.lists(st.sampled_from([-1.0, 0, 1, 2]), min_size=n * n, max_size=n * n))
    upper = np.triu(np.array(cells).reshape(n, n), 1)
    return upper + upper.T


def test_esteban_ray_by_hand():
    # 0.5^2 * 0.3 * 1 + 0.3^2 * 0.5 * 1 + 0.5^2 * 0.2 * 3 + 0.2^2 * 0.5 * 3 + ... with alpha = 1
    share, position = [0.5, 0.3, 0.2], [0.0, 1.0, 3.0]
    expected = 0.075 + 0.045 + 0.15 + 0.06 + 0.09 * 0.2 * 2 + 0.04 * 0.3 * 2
    assert esteban_ray.esteban_ray(share, position, alpha=1.0) == pytest.approx(expected)


def test_two_equal_camps_polarise_most():
    two = esteban_ray.esteban_ray([1, 1], [0, 1])
    assert two == pytest.approx(2**-2.3)
    assert two > esteban_ray.esteban_ray([1, 1, 1], [0, 0.5, 1])
    assert two > esteban_ray.esteban_ray([3, 1], [0, 1])
    assert esteban_ray.esteban_ray([1, 2], [4, 4]) == 0


@pytest.mark.parametrize(
    ("share", "position", "alpha", "words"),
    [
        ([1], [0, 1], 1.0, "1 shares for 2"),
        ([-1, 2], [0, 1], 1.0, "0 or more"),
        ([0, 0], [0, 1], 1.0, "not all 0"),
        ([1, 1], [0, 1], 1.7, "up to 1.6"),
    ],
)
def test_esteban_ray_refuses(share, position, alpha, words):
    with pytest.raises(BadInput, match=words):
        esteban_ray.esteban_ray(share, position, alpha=alpha)


def test_esteban_ray_of_a_matrix_needs_comparable_sides():
    apart = np.kron(np.eye(2), [[0.0, -1], [-1, 0]])
    assert np.isnan(esteban_ray.score(apart))
    assert np.isnan(esteban_ray.score(np.zeros((3, 3))))
    assert esteban_ray.score(np.ones((3, 3)) - np.eye(3)) == 0.0


def test_npi_of_two_disjoint_pairs():
    found = npi.measure_npi(np.kron(np.eye(2), [[0, 1], [1, 0]]))
    assert (found.gpol, found.cmoi, found.npi) == pytest.approx((1, 1 / 3, 2 / 3))
    assert found.cliques == 2


@given(matrices())
@FEW
def test_cliques_equal_brute_force(matrix):
    n, tied = len(matrix), matrix > 0
    cliques = []
    for size in range(1, n + 1):
        for group in itertools.combinations(range(n), size):
            inside = all(tied[i, j] for i, j in itertools.combinations(group, 2))
            grown = any(all(tied[i, v] for i in group) for v in set(range(n)) - set(group))
            if inside and not grown:
                cliques.append(group)
    assert npi.list_cliques(tied) == sorted(cliques)


def test_too_many_cliques_are_refused(monkeypatch):
    monkeypatch.setattr(npi, "MOST_CLIQUES", 3)
    with pytest.raises(BadInput, match="cliques"):
        npi.score(np.zeros((5, 5)))


@pytest.mark.parametrize("index", EVERY, ids=lambda module: module.__name__.rsplit(".", 1)[-1])
@given(matrix=matrices(), random=st.randoms(use_true_random=False))
@FEW
def test_every_index_keeps_its_range_and_ignores_names(index, matrix, random):
    perm = random.sample(range(len(matrix)), len(matrix))
    one, two = index.INDEX.score(matrix), index.INDEX.score(matrix[np.ix_(perm, perm)])
    if not np.isnan(one):
        assert index.INDEX.low - 1e-9 <= one <= index.INDEX.high + 1e-9
    if index not in (esteban_ray, signed_modularity):  # these rest on one of several optima
        assert one == pytest.approx(two, nan_ok=True)


def test_line_balance_of_an_unbalanced_triangle():
    triangle = np.array([[0, 1, 1], [1, 0, -1], [1, -1, 0]], dtype=float)
    assert line_balance.score(triangle) == pytest.approx(1 / 3)
    assert triad_balance.score(triangle) == 0
    assert np.isnan(line_balance.score(np.zeros((2, 2))))
