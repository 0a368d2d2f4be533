"""SPONGE: planted blocs, its eigenproblem checked, bad input."""

from __future__ import annotations

import numpy as np
import pytest

from blocs.alignment.partitions import sponge
from blocs.alignment.signed.graph import build_signed_graph
from blocs.errors import BadInput


def planted(n, k, seed):
    rng = np.random.default_rng(seed)
    camp = np.arange(n) % k
    a, b = np.triu_indices(n, 1)
    keep = rng.random(a.size) < 0.4
    a, b = a[keep], b[keep]
    w = np.where(camp[a] == camp[b], 1.0, -1.0) * np.where(rng.random(a.size) < 0.05, -1, 1)
    return camp, a, b, w


def together(labels):
    return labels[:, None] == labels[None, :]


@pytest.mark.parametrize("k", [2, 3, 4])
def test_recovers_planted_blocs(k):
    camp, a, b, w = planted(60, k, k)
    found = sponge.partition(60, a, b, w, k=k, rng=np.random.default_rng(0))
    assert np.array_equal(together(found.sides), together(camp))
    assert not found.proved


def test_coordinates_solve_the_eigenproblem():
    _, a, b, w = planted(12, 2, 1)
    graph = build_signed_graph(12, a, b, w)
    v = sponge._embed(graph, 2, np.random.default_rng(0))
    plus, minus = np.zeros((12, 12)), np.zeros((12, 12))
    for x, y, weight in zip(graph.a, graph.b, graph.weight, strict=True):
        target = plus if weight > 0 else minus
        target[x, y] = target[y, x] = abs(weight)
    left = np.diag(plus.sum(0)) - plus + np.diag(minus.sum(0))
    right = np.diag(minus.sum(0)) - minus + np.diag(plus.sum(0))
    values = np.sort(np.linalg.eigvals(np.linalg.solve(right, left)).real)[:2]
    quotient = np.diag(v.T @ left @ v) / np.diag(v.T @ right @ v)
    assert quotient == pytest.approx(values, rel=1e-6)


def test_sparse_and_dense_agree(monkeypatch):
    camp, a, b, w = planted(80, 2, 5)
    monkeypatch.setattr(sponge, "DENSE", 10)
    found = sponge.partition(80, a, b, w, k=2, rng=np.random.default_rng(0))
    assert np.array_equal(together(found.sides), together(camp))


def test_isolates_are_free_and_do_not_change_the_rest():
    _, a, b, w = planted(30, 2, 2)
    one = sponge.partition(30, a, b, w, k=2, rng=np.random.default_rng(0))
    two = sponge.partition(31, a, b, w, k=2, rng=np.random.default_rng(0))
    assert np.array_equal(together(one.sides), together(two.sides[:30]))
    assert two.free.tolist() == [False] * 30 + [True]


@pytest.mark.parametrize("k", [None, 1, 99])
def test_impossible_numbers_of_blocs_are_refused(k):
    _, a, b, w = planted(30, 2, 2)
    with pytest.raises(BadInput, match="from 2 to 30"):
        sponge.partition(30, a, b, w, k=k, rng=np.random.default_rng(0))
