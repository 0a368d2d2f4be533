"""Two sides: the line index of balance, by local search and by proof."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components, minimum_spanning_tree

from blocs.alignment.signed.cover import Cover, Problem, cover_conflicts, find_frustrated
from blocs.alignment.signed.cycles import SMALL_GRAPH, Conflicts
from blocs.alignment.signed.graph import (
    FloatArray,
    IntArray,
    SignedGraph,
    list_neighbours,
)

SWEEPS = 2_000
VISITS = 1.2e8


def split_in_two(
    graph: SignedGraph,
    *,
    deadline: float,
    rng: np.random.Generator,
    start: IntArray | None = None,
    rows: csr_array | None = None,
    target: float = -np.inf,
) -> Cover:
    """Two sides of least frustration, with proof as far as time allows.

    Parameters
    ----------
    graph : SignedGraph
    deadline : float
        Value of ``time.perf_counter()`` at which to stop.
    rng : numpy.random.Generator
        Drives the local search.
    start : ndarray of int, shape (n,), optional
        Sides to start from instead of a search.
    rows : sparse array, optional
        Unbalanced cycles known already.
    target : float
        Stop as soon as this frustration is reached.

    Returns
    -------
    Cover

    Examples
    --------
    >>> from blocs.alignment.signed.graph import build_signed_graph
    >>> odd = build_signed_graph(3, [0, 1, 0], [1, 2, 2], [1.0, 1.0, -1.0])
    >>> cover = split_in_two(odd, deadline=float("inf"), rng=np.random.default_rng(1))
    >>> cover.value, cover.proved
    (1.0, True)
    """
    descend = _make_descent(graph)
    sides = search_sides(graph, rng=rng) if start is None else descend(start)
    odd = find_frustrated(graph, sides)
    conflicts = Conflicts(graph, list_neighbours(graph), odd, even_only=False)
    problem = Problem(conflicts, lambda z: color_by_cover(graph, z), descend)
    return cover_conflicts(problem, sides, deadline=deadline, rows=rows, target=target)


def color_by_cover(graph: SignedGraph, z: FloatArray) -> IntArray:
    """Sides that satisfy a spanning forest of the ties least covered.

    Parameters
    ----------
    graph : SignedGraph
    z : ndarray of float64, shape (m,)

    Returns
    -------
    ndarray of int64, shape (n,)
        0 or 1. If z is a cover in whole numbers, only covered ties are frustrated.
    """
    n = graph.n
    weights = coo_array((z + 1e-6, (graph.a, graph.b)), shape=(n, n)).tocsr()
    tree = minimum_spanning_tree(weights).tocoo()
    key = graph.a * n + graph.b
    order = np.argsort(key)
    tree_key = np.minimum(tree.row, tree.col).astype(np.int64) * n + np.maximum(tree.row, tree.col)
    tie = order[np.searchsorted(key[order], tree_key)]
    # actors on two layers: a negative tie changes the layer
    flip = np.where(graph.weight[tie] < 0, n, 0)
    ends = (
        np.concatenate([tree.row, tree.row + n]),
        np.concatenate([tree.col + flip, tree.col + n - flip]),
    )
    layers = coo_array((np.ones(ends[0].size), ends), shape=(2 * n, 2 * n))
    label = connected_components(layers, directed=False)[1]
    return np.asarray(label[:n] > label[n:], dtype=np.int64)


def search_sides(graph: SignedGraph, *, rng: np.random.Generator) -> IntArray:
    """Good sides by tabu search (small graphs) or annealing (big ones).

    Parameters
    ----------
    graph : SignedGraph
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of int64, shape (n,)
        0 or 1.
    """
    if graph.n <= SMALL_GRAPH:
        return _search_tabu(graph, color_by_cover(graph, np.zeros(graph.m)), rng)
    from blocs.alignment.signed.compiled.flips import anneal

    near = list_neighbours(graph)
    weight = graph.weight[near.tie]
    size = float(graph.cost.mean()) if graph.m else 1.0
    best, least = np.zeros(graph.n), np.inf
    for _ in range(int(np.clip(VISITS / (SWEEPS * graph.n), 2, 12))):
        x: FloatArray = rng.choice(np.array([-1.0, 1.0]), size=graph.n)
        seed = int(rng.integers(1, 2**31))
        anneal(near.indptr, near.neighbour, weight, x, SWEEPS, 2 * size, 0.2 * size, seed)
        value = float(graph.cost[find_frustrated(graph, (x < 0).astype(np.int64))].sum())
        if value < least:
            best, least = x, value
    return (best < 0).astype(np.int64)


def polish_sides(graph: SignedGraph, sides: IntArray, *, rng: np.random.Generator) -> IntArray:
    """Better sides near given ones, by mild annealing of a big graph.

    Parameters
    ----------
    graph : SignedGraph
    sides : ndarray of int, shape (n,)
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of int64, shape (n,)
        Never worse than `sides`.
    """
    from blocs.alignment.signed.compiled.flips import anneal

    near = list_neighbours(graph)
    weight = graph.weight[near.tie]
    size = float(graph.cost.mean()) if graph.m else 1.0
    for hot in (0.3, 0.6, 1.0, 1.0):
        x = np.asarray(1.0 - 2.0 * sides, dtype=np.float64)
        seed = int(rng.integers(1, 2**31))
        anneal(near.indptr, near.neighbour, weight, x, SWEEPS, hot * size, 0.1 * size, seed)
        sides = (x < 0).astype(np.int64)
    return sides


def _make_descent(graph: SignedGraph) -> Callable[[IntArray], IntArray]:
    """Descent by single flips for one graph."""
    if graph.n <= SMALL_GRAPH:
        matrix = _signed_matrix(graph)
        return lambda sides: _descend_dense(matrix, sides)
    from blocs.alignment.signed.compiled.flips import anneal

    near = list_neighbours(graph)
    weight = graph.weight[near.tie]

    def descend(sides: IntArray) -> IntArray:
        x = np.asarray(1.0 - 2.0 * sides, dtype=np.float64)
        anneal(near.indptr, near.neighbour, weight, x, 0, 1.0, 1.0, 1)
        return (x < 0).astype(np.int64)

    return descend


def _signed_matrix(graph: SignedGraph) -> FloatArray:
    matrix = np.zeros((graph.n, graph.n))
    matrix[graph.a, graph.b] = matrix[graph.b, graph.a] = graph.weight
    return matrix


def _descend_dense(matrix: FloatArray, sides: IntArray) -> IntArray:
    """Flip the actor that gains most until none gains."""
    x = 1.0 - 2.0 * sides
    field = x * (matrix @ x)
    while x.size and field.min() < -1e-9:
        i = int(field.argmin())
        field += -2.0 * matrix[i] * x * x[i]
        x[i] = -x[i]
        field[i] = -field[i]
    return (x < 0).astype(np.int64)


def _search_tabu(graph: SignedGraph, sides: IntArray, rng: np.random.Generator) -> IntArray:
    """Steepest single flips; an actor just flipped rests for some steps."""
    matrix, x = _signed_matrix(graph), 1.0 - 2.0 * sides
    field = x * (matrix @ x)
    rest_until = np.zeros(graph.n)
    steps = 2 * graph.n + 20
    tenure = rng.integers(3, 3 + max(2, graph.n // 8), size=steps)
    now, least, best = 0.0, 0.0, x.copy()
    for step in range(steps if graph.m else 0):
        open_field = np.where((rest_until > step) & (now + field >= least - 1e-9), np.inf, field)
        i = int(open_field.argmin())
        now += field[i]
        field += -2.0 * matrix[i] * x * x[i]
        x[i] = -x[i]
        field[i] = -field[i]
        rest_until[i] = step + tenure[step]
        if now < least - 1e-9:
            least, best = now, x.copy()
    return (best < 0).astype(np.int64)
