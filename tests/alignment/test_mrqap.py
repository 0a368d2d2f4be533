"""MRQAP: coefficients against least squares, all permutations by brute force, its level."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from blocs.alignment.mrqap import fit_mrqap
from blocs.errors import BadInput


def network(rng, n, *, symmetric=True):
    matrix = rng.normal(size=(n, n))
    return matrix + matrix.T if symmetric else matrix


def t_of_last(y, X):
    """The textbook t statistic of the last column."""
    bread = np.linalg.inv(X.T @ X)
    e = y - X @ (bread @ X.T @ y)
    return (bread @ X.T @ y)[-1] / np.sqrt(e @ e / (len(y) - X.shape[1]) * bread[-1, -1])


@pytest.mark.parametrize("directed", [False, True])
def test_coefficients_and_t_are_those_of_least_squares(directed):
    rng = np.random.default_rng(0)
    y, x, w = (network(rng, 9, symmetric=not directed) for _ in range(3))
    found = fit_mrqap(y, [x, w], rng=rng, directed=directed, draws=5)
    cells = np.nonzero(~np.eye(9, dtype=bool)) if directed else np.triu_indices(9, 1)
    X = np.column_stack([np.ones(cells[0].size), x[cells], w[cells]])
    expected = np.linalg.lstsq(X, y[cells], rcond=None)[0]
    np.testing.assert_allclose([found.intercept, *found.coefficient], expected, rtol=1e-9)
    assert found.t[1] == pytest.approx(t_of_last(y[cells], X))
    assert found.cells == cells[0].size


def test_prob_converges_to_that_of_all_permutations():
    """Brute force at n = 5: 120 permutations, regressions written out."""
    rng = np.random.default_rng(3)
    y, x, w = (network(rng, 5) for _ in range(3))
    cells = np.triu_indices(5, 1)
    others = np.column_stack([np.ones(10), w[cells]])
    e = np.zeros((5, 5))
    e[cells] = x[cells] - others @ np.linalg.lstsq(others, x[cells], rcond=None)[0]
    e += e.T
    values = [
        t_of_last(y[cells], np.column_stack([others, e[np.ix_(p, p)][cells]]))
        for p in itertools.permutations(range(5))
    ]
    exact = np.mean(np.abs(values) >= abs(values[0]) - 1e-9)
    found = fit_mrqap(y, [x, w], rng=rng, draws=4000)
    assert found.prob[0] == pytest.approx(exact, abs=0.03)


def test_it_keeps_its_level_where_plain_regression_does_not():
    rng = np.random.default_rng(5)
    prob, t = [], []
    for _ in range(120):
        u, v = rng.normal(size=(2, 20))
        z = network(rng, 20)
        x = np.add.outer(v, v) + z
        y = np.add.outer(u, u) + network(rng, 20) + z
        found = fit_mrqap(y, [x, z], rng=rng, draws=99)
        prob.append(found.prob[0])
        t.append(found.t[0])
    assert np.mean(np.abs(t) > 1.97) > 0.15
    assert np.mean(np.array(prob) <= 0.05) < 0.12
    assert np.mean(prob) == pytest.approx(0.5, abs=0.12)


def test_relabelling_actors_leaves_all_but_the_draws():
    rng = np.random.default_rng(2)
    y, x = network(rng, 12), network(rng, 12)
    order = rng.permutation(12)
    one = fit_mrqap(y, [x], rng=np.random.default_rng(0), draws=400)
    two = fit_mrqap(
        y[np.ix_(order, order)],
        [x[np.ix_(order, order)]],
        rng=np.random.default_rng(0),
        draws=400,
    )
    np.testing.assert_allclose(one.t, two.t)
    assert one.prob == pytest.approx(two.prob, abs=0.1)
    again = fit_mrqap(y, [x], rng=np.random.default_rng(0), draws=400)
    assert one.prob == again.prob


@pytest.mark.parametrize(
    ("y", "X", "words"),
    [
        (np.ones((3, 2)), [np.eye(3)], "no square matrix"),
        (np.zeros((4, 4)), [np.zeros((3, 3))], "has 3 actors"),
        (np.zeros((4, 4)), [], "no regressor"),
        (np.zeros((4, 4)), [np.ones((4, 4))], "collinear"),
        (np.arange(16.0).reshape(4, 4), [np.eye(4)], "not symmetric"),
        (np.full((4, 4), np.nan), [np.eye(4)], "not known"),
    ],
)
def test_bad_input_is_told(y, X, words):
    with pytest.raises(BadInput, match=words):
        fit_mrqap(y, X, rng=np.random.default_rng(0), draws=9)
