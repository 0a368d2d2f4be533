"""A signed, weighted, undirected graph as arrays, checked once at the door."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from blocs.errors import BadInput

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class SignedGraph:
    """Ties of ``n`` actors: at most one per pair, no loops, no zero weights.

    Attributes
    ----------
    n : int
        Actors, numbered 0 to n-1.
    a, b : ndarray of int64, shape (m,)
        Ends of each tie, ``a < b``.
    weight : ndarray of float64, shape (m,)
        Signed weight: positive for friends, negative for enemies.
    """

    n: int
    a: IntArray
    b: IntArray
    weight: FloatArray

    @property
    def m(self) -> int:
        """Number of ties."""
        return int(self.a.size)

    @property
    def cost(self) -> FloatArray:
        """Price of leaving each tie frustrated, ``|weight|``."""
        return np.abs(self.weight)


@dataclass(frozen=True, slots=True)
class Adjacency:
    """Neighbour lists: entries ``indptr[i]:indptr[i+1]`` belong to actor i.

    Attributes
    ----------
    indptr : ndarray of int64, shape (n + 1,)
    neighbour, tie : ndarray of int64, shape (2 m,)
        The other end, and the tie's position in the graph's arrays.
    """

    indptr: IntArray
    neighbour: IntArray
    tie: IntArray


def build_signed_graph(
    n: int, a: ArrayLike, b: ArrayLike, weight: ArrayLike | None = None
) -> SignedGraph:
    """Check ties and merge those of the same pair by summing their weights.

    Parameters
    ----------
    n : int
        Number of actors.
    a, b : array_like of int, shape (ties,)
        Ends of each tie in either order, each in [0, n).
    weight : array_like of float, shape (ties,), optional
        Finite signed weights; 1 if left out.

    Returns
    -------
    SignedGraph
        Ties sorted by their ends. Pairs whose weights sum to zero are dropped:
        friend and enemy to the same degree is, for a partition, no tie.

    Raises
    ------
    BadInput
        Lengths differ, an end is outside [0, n), a tie joins an actor with
        itself, or a weight is not finite.

    Examples
    --------
    >>> graph = build_signed_graph(3, [0, 1, 0], [1, 0, 2], [1.0, 1.0, -1.0])
    >>> graph.m, graph.weight.tolist()
    (2, [2.0, -1.0])
    """
    left = np.asarray(a, dtype=np.int64).reshape(-1)
    right = np.asarray(b, dtype=np.int64).reshape(-1)
    w = np.ones(left.size) if weight is None else np.asarray(weight, dtype=np.float64).reshape(-1)
    _check_ties(n, left, right, w)
    low, high = np.minimum(left, right), np.maximum(left, right)
    key, inverse = np.unique(low * max(n, 1) + high, return_inverse=True)
    total = np.bincount(inverse.reshape(-1), weights=w, minlength=key.size)
    size = np.bincount(inverse.reshape(-1), weights=np.abs(w), minlength=key.size)
    keep = np.abs(total) > 1e-12 * size
    key = key[keep]
    merged = np.asarray(total[keep], dtype=np.float64)
    return SignedGraph(int(n), key // max(n, 1), key % max(n, 1), merged)


def _check_ties(n: int, a: IntArray, b: IntArray, w: FloatArray) -> None:
    if n < 0:
        raise BadInput(f"number of actors is {n}; it must be 0 or more")
    if not a.size == b.size == w.size:
        raise BadInput(
            f"ties have {a.size} first ends, {b.size} second ends and {w.size} weights; "
            "give one of each per tie"
        )
    _first_bad((a < 0) | (a >= n) | (b < 0) | (b >= n), a, b, f"has an end outside 0..{n - 1}")
    _first_bad(a == b, a, b, "joins an actor with itself; drop it")
    _first_bad(~np.isfinite(w), a, b, "has a weight that is not a finite number")


def _first_bad(bad: BoolArray, a: IntArray, b: IntArray, what: str) -> None:
    if bad.any():
        i = int(np.argmax(bad))
        raise BadInput(f"tie {i} ({a[i]}, {b[i]}) {what}; {int(bad.sum())} such ties")


def list_neighbours(graph: SignedGraph) -> Adjacency:
    """Neighbour lists of a graph, sorted by actor and then by tie.

    Parameters
    ----------
    graph : SignedGraph

    Returns
    -------
    Adjacency

    Examples
    --------
    >>> list_neighbours(build_signed_graph(3, [0, 1], [1, 2])).neighbour.tolist()
    [1, 0, 2, 1]
    """
    ends = np.concatenate([graph.a, graph.b])
    others = np.concatenate([graph.b, graph.a])
    ties = np.concatenate([np.arange(graph.m), np.arange(graph.m)])
    order = np.lexsort((ties, ends))
    indptr = np.concatenate([[0], np.cumsum(np.bincount(ends, minlength=graph.n))])
    return Adjacency(indptr.astype(np.int64), others[order], ties[order].astype(np.int64))


def join_by_ties(graph: SignedGraph, keep: BoolArray | None = None) -> IntArray:
    """Label actors by connected component, over all ties or those in ``keep``.

    Parameters
    ----------
    graph : SignedGraph
    keep : ndarray of bool, shape (m,), optional
        Ties to follow; all if left out.

    Returns
    -------
    ndarray of int64, shape (n,)
        Component number of each actor.

    Examples
    --------
    >>> join_by_ties(build_signed_graph(4, [0, 2], [1, 3], [1, -1])).tolist()
    [0, 0, 1, 1]
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    use = slice(None) if keep is None else keep
    a, b = graph.a[use], graph.b[use]
    matrix = coo_array((np.ones(a.size), (a, b)), shape=(graph.n, graph.n))
    return np.asarray(connected_components(matrix, directed=False)[1], dtype=np.int64)


def unit_of(graph: SignedGraph) -> float:
    """Power of ten in which to weigh ties, where theirs are so small or large that sums blur.

    Parameters
    ----------
    graph : SignedGraph

    Returns
    -------
    float
        1 where the heaviest tie weighs between 0.01 and 10 million.

    Examples
    --------
    >>> unit_of(build_signed_graph(2, [0], [1], [3e-9])), unit_of(build_signed_graph(2, [0], [1]))
    (1e-09, 1.0)
    """
    most = float(graph.cost.max(initial=0.0))
    return 1.0 if most == 0 or 1e-2 <= most <= 1e7 else float(f"1e{int(np.floor(np.log10(most)))}")


def in_units(graph: SignedGraph, unit: float) -> SignedGraph:
    """Weigh the ties of a graph in another unit."""
    return graph if unit == 1 else SignedGraph(graph.n, graph.a, graph.b, graph.weight / unit)


def find_grain(weight: FloatArray) -> float:
    """Largest of 1, 0.1, ..., 1e-6 of which every weight is a multiple, else 0.

    Two partitions' frustrations then differ by a multiple of the grain, so a
    bound may be rounded up to the next one.

    Parameters
    ----------
    weight : ndarray of float64, shape (m,)

    Returns
    -------
    float

    Examples
    --------
    >>> find_grain(np.array([1.0, -2.0])), find_grain(np.array([0.25, 1.0]))
    (1.0, 0.01)
    """
    for digits in range(7):
        scaled = weight * 10.0**digits
        if np.abs(scaled).max(initial=0.0) < 1e9 and np.allclose(
            scaled, np.round(scaled), rtol=0, atol=1e-7
        ):
            return float(10.0**-digits)
    return 0.0
