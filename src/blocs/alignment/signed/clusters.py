"""Any number of blocs: correlation clustering, by local moves and by proof."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.sparse import csr_array

from blocs.alignment.signed.cover import Cover, Problem, cover_conflicts, sum_frustration
from blocs.alignment.signed.cycles import SMALL_GRAPH, Conflicts
from blocs.alignment.signed.graph import (
    FloatArray,
    IntArray,
    SignedGraph,
    join_by_ties,
    list_neighbours,
)


def split_freely(
    graph: SignedGraph,
    *,
    deadline: float,
    start: IntArray | None = None,
    rows: csr_array | None = None,
    target: float = -np.inf,
) -> Cover:
    """Blocs of least frustration, as many as it takes, with proof as far as time allows.

    Parameters
    ----------
    graph : SignedGraph
    deadline : float
        Value of ``time.perf_counter()`` at which to stop.
    start : ndarray of int, shape (n,), optional
        Blocs to start from.
    rows : sparse array, optional
        Conflicting cycles known already.
    target : float
        Stop as soon as this frustration is reached.

    Returns
    -------
    Cover
        Every bloc hangs together by positive ties.

    Examples
    --------
    >>> from blocs.alignment.signed.graph import build_signed_graph
    >>> foes = build_signed_graph(3, [0, 1, 0], [1, 2, 2], [-1.0, -1.0, -1.0])
    >>> cover = split_freely(foes, deadline=float("inf"))
    >>> cover.value, cover.labels.tolist()
    (0.0, [0, 1, 2])
    """
    improve = _make_improvement(graph)
    labels = improve(np.arange(graph.n) if start is None else start)
    odd = graph.weight < 0
    conflicts = Conflicts(graph, list_neighbours(graph), odd, even_only=True)
    problem = Problem(conflicts, lambda z: _join_uncovered(graph, z), improve)
    return cover_conflicts(problem, labels, deadline=deadline, rows=rows, target=target)


def hang_together(graph: SignedGraph, labels: IntArray) -> IntArray:
    """Split blocs that do not hang together by positive ties; frustration never rises.

    Parameters
    ----------
    graph : SignedGraph
    labels : ndarray of int, shape (n,)

    Returns
    -------
    ndarray of int64, shape (n,)
    """
    return join_by_ties(graph, (graph.weight > 0) & (labels[graph.a] == labels[graph.b]))


def _join_uncovered(graph: SignedGraph, z: FloatArray) -> IntArray:
    return join_by_ties(graph, (graph.weight > 0) & (z < 0.5))


def _make_improvement(graph: SignedGraph) -> Callable[[IntArray], IntArray]:
    """Local moves of actors, then of whole blocs, for one graph."""
    if graph.n <= SMALL_GRAPH:
        matrix = np.zeros((graph.n, graph.n))
        matrix[graph.a, graph.b] = matrix[graph.b, graph.a] = graph.weight
        move: Callable[[IntArray], IntArray] = lambda labels: move_dense(matrix, labels)  # noqa: E731
    else:
        from blocs.alignment.signed.compiled.moves import move_actors

        near = list_neighbours(graph)
        weight, none = graph.weight[near.tie], np.zeros(graph.n)

        def move(labels: IntArray) -> IntArray:
            moved = np.unique(labels, return_inverse=True)[1].astype(np.int64)
            move_actors(near.indptr, near.neighbour, weight, moved, none, none, 0.0, 0.0)
            return moved

    def improve(labels: IntArray) -> IntArray:
        best = hang_together(graph, move(labels))
        merged = _merge_blocs(graph, best)
        while sum_frustration(graph, merged) < sum_frustration(graph, best) - 1e-9:
            best = hang_together(graph, move(merged))
            merged = _merge_blocs(graph, best)
        return best

    return improve


def move_dense(matrix: FloatArray, labels: IntArray) -> IntArray:
    """Move the actor that gains most to its best bloc, or out on its own, until none gains.

    Parameters
    ----------
    matrix : ndarray of float64, shape (n, n)
        Symmetric worth of being together, zero diagonal.
    labels : ndarray of int, shape (n,)

    Returns
    -------
    ndarray of int64, shape (n,)
    """
    n = labels.size
    labels = np.unique(labels, return_inverse=True)[1].astype(np.int64)
    pull = np.zeros((n + 1, n))
    np.add.at(pull, labels, matrix)  # no matrix product: threads cost more than they gain here
    pull = np.ascontiguousarray(pull.T)
    rows = np.arange(n)
    for _ in range(20 * n):
        gain = pull.max(axis=1) - pull[rows, labels]
        i = int(gain.argmax()) if n else 0
        if n == 0 or gain[i] <= 1e-9:
            break
        old, new = int(labels[i]), int(pull[i].argmax())
        if pull[i, new] <= 0:
            new = int(np.setdiff1d(np.arange(n + 1), labels, assume_unique=False)[0])
        labels[i] = new
        pull[:, old] -= matrix[:, i]
        pull[:, new] += matrix[:, i]
    return labels


def _merge_blocs(graph: SignedGraph, labels: IntArray) -> IntArray:
    """Merge the pair of blocs with the most positive balance of ties, until none is positive."""
    labels = np.unique(labels, return_inverse=True)[1].astype(np.int64)
    while True:
        k = int(labels.max(initial=-1)) + 1
        low = np.minimum(labels[graph.a], labels[graph.b])
        high = np.maximum(labels[graph.a], labels[graph.b])
        across = low != high
        pairs, inverse = np.unique(low[across] * k + high[across], return_inverse=True)
        balance = np.bincount(inverse, weights=graph.weight[across], minlength=pairs.size)
        if balance.size == 0 or balance.max() <= 1e-9:
            return labels
        x, y = divmod(int(pairs[int(balance.argmax())]), k)
        labels = np.where(labels == y, x, labels)
        labels = np.unique(labels, return_inverse=True)[1].astype(np.int64)
