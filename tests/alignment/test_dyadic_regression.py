"""Dyadic-robust variance: by hand, by its double sum, in repeated samples; bad input."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blocs.alignment.dyadic_regression import dyadic_variance, fit_dyadic
from blocs.errors import BadInput

FEW = settings(max_examples=30, deadline=None, derandomize=True)
NAMES = np.array([*"ABCDEFG"])


def brute(scores, a, b, bread):
    """The definition: every ordered pair of rows that share an actor, once."""
    meat = np.zeros((scores.shape[1],) * 2)
    for d, e in itertools.product(range(len(a)), repeat=2):
        if {a[d], b[d]} & {a[e], b[e]}:
            meat += np.outer(scores[d], scores[e])
    return bread @ meat @ bread


def some_rows(seed):
    """Rows of seven actors, some dyads many times, ends in either order."""
    rng = np.random.default_rng(seed)
    i = rng.integers(0, 7, 40)
    j = (i + rng.integers(1, 7, 40)) % 7
    return NAMES[i], NAMES[j], rng.normal(size=(40, 3)), rng


@given(st.integers(0, 10_000))
@FEW
def test_equals_the_double_sum(seed):
    a, b, scores, rng = some_rows(seed)
    bread = np.cov(rng.normal(size=(3, 9)))
    np.testing.assert_allclose(
        dyadic_variance(scores, a, b, bread), brute(scores, a, b, bread), rtol=1e-9, atol=1e-12
    )


@given(st.integers(0, 10_000))
@FEW
def test_order_of_ends_and_rows_and_names_do_not_matter(seed):
    a, b, X, rng = some_rows(seed)
    y = rng.normal(size=40)
    fit = fit_dyadic(y, X, a, b)
    turn, order = rng.random(40) < 0.5, rng.permutation(40)
    rename = dict(zip(NAMES, rng.permutation([*"uvwxyzq"]), strict=True))
    c = np.array([rename[n] for n in np.where(turn, a, b)])
    d = np.array([rename[n] for n in np.where(turn, b, a)])
    other = fit_dyadic(y[order], X[order], c[order], d[order])
    np.testing.assert_allclose(other.variance, fit.variance, rtol=1e-8, atol=1e-12)
    np.testing.assert_allclose(other.coefficient, fit.coefficient, rtol=1e-8)
    assert (fit.n, fit.dyads, fit.actors) == (other.n, other.dyads, other.actors)


def test_three_dyads_by_hand():
    # Outcome on a constant: mean 3, residuals -2, -1, 3; AB and AC share A, DE none.
    fit = fit_dyadic([1.0, 2.0, 6.0], np.ones((3, 1)), [*"AAD"], [*"BCE"])
    assert fit.coefficient.item() == pytest.approx(3)
    # ((-2 - 1)^2 + 3^2) / 3^2 = 2
    assert fit.variance.item() == pytest.approx(2)
    assert fit.error.item() == pytest.approx(np.sqrt(2))
    assert (fit.n, fit.dyads, fit.actors) == (3, 3, 5)


def test_disjoint_dyads_give_the_heteroscedastic_variance():
    rng = np.random.default_rng(1)
    X, y = rng.normal(size=(30, 2)), rng.normal(size=30)
    fit = fit_dyadic(y, X, np.arange(30), np.arange(30) + 100)
    bread = np.linalg.inv(X.T @ X)
    e = y - X @ fit.coefficient
    np.testing.assert_allclose(fit.variance, bread @ (X.T * e**2) @ X @ bread, rtol=1e-10)


def test_it_sees_what_plain_errors_miss():
    """Outcome and regressor both have actor effects: the plain error is far too small."""
    rng = np.random.default_rng(7)
    i, j = np.triu_indices(60, 1)
    found, told, plain = [], [], []
    for _ in range(60):
        u, v = rng.normal(size=60), rng.normal(size=60)
        x, y = v[i] + v[j], u[i] + u[j] + rng.normal(size=i.size)
        X = np.column_stack([np.ones(i.size), x])
        fit = fit_dyadic(y, X, i, j)
        e = y - X @ fit.coefficient
        found.append(fit.coefficient[1])
        told.append(fit.error[1])
        plain.append(np.sqrt(e @ e / i.size * np.linalg.inv(X.T @ X)[1, 1]))
    spread = np.std(found)
    assert 0.75 < np.mean(told) / spread < 1.25
    assert np.mean(plain) / spread < 0.4


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: fit_dyadic([1, 2], np.ones((3, 1)), [1, 2], [2, 3]), "2 outcomes"),
        (lambda: fit_dyadic([1, 2], np.ones((2, 1)), [1, 2], [1, 3]), "joins 1 with itself"),
        (lambda: fit_dyadic([1, 2], np.ones((2, 1)), [1], [3]), "1 pairs of ends for 2 rows"),
        (lambda: fit_dyadic([1, np.nan], np.ones((2, 1)), [1, 2], [2, 3]), "not finite"),
        (lambda: fit_dyadic([1, 2, 3], np.ones((3, 2)), [1, 2, 1], [2, 3, 3]), "collinear"),
        (lambda: dyadic_variance([[np.inf]], [1], [2], [[1]]), "finite"),
    ],
)
def test_bad_input_is_told(call, words):
    with pytest.raises(BadInput, match=words):
        call()
