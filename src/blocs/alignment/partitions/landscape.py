"""Landscape theory: all alignments of up to 24 actors, and those nobody would leave."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from blocs.alignment.partition_result import PartitionResult, number_by_appearance
from blocs.alignment.signed.cover import sum_frustration
from blocs.alignment.signed.graph import (
    BoolArray,
    FloatArray,
    IntArray,
    SignedGraph,
    build_signed_graph,
    join_by_ties,
)
from blocs.alignment.signed.rigidity import judge_memberships
from blocs.contracts import Citation, Partition
from blocs.errors import BadInput

MOST_ACTORS = 24


@dataclass(frozen=True, slots=True)
class Landscape:
    """Stable alignments of a landscape, lowest energy first.

    Attributes
    ----------
    energy : ndarray of float64, shape (minima,)
        Sum over ordered pairs on opposite sides of the pair's weight.
    sides : ndarray of int8, shape (minima, n)
        Side of each actor in each minimum; actor 0 is on side 0.
    states : int
        Number of alignments tried, ``2^(n-1)``.
    """

    energy: FloatArray
    sides: NDArray[np.int8]
    states: int


def map_landscape(
    n: int, a: NDArray[np.int32], b: NDArray[np.int32], weight: NDArray[np.float64]
) -> Landscape:
    """All alignments of two sides that no single actor can improve by leaving.

    Use it to see not only the best split but every stable one.

    Parameters
    ----------
    n : int
        Actors, at most 24.
    a, b : ndarray of int, shape (ties,)
        Ends of each tie, in [0, n); several ties of a pair are summed.
    weight : ndarray of float, shape (ties,)
        ``size_i * size_j * propensity_ij`` of the pair.

    Returns
    -------
    Landscape

    Raises
    ------
    BadInput
        More than 24 actors; or see
        :func:`blocs.alignment.signed.graph.build_signed_graph`.

    Notes
    -----
    E(X) = sum_ij s_i s_j p_ij d_ij(X), with d_ij = 1 for actors on opposite sides
    and the sum over ordered pairs (Axelrod & Bennett 1993). An alignment is a
    local minimum if no single change of side lowers E; plateaus count. All
    2^(n-1) alignments are tried: O(n 2^n), 24 actors about a second and 0.5 GB.

    References
    ----------
    Axelrod, R., Bennett, D. S. (1993). A landscape theory of aggregation. British
    Journal of Political Science 23. doi:10.1017/S000712340000973X.

    Examples
    --------
    Two friends and their common enemy have one stable alignment:

    >>> a, b = np.array([0, 0, 1]), np.array([1, 2, 2])
    >>> found = map_landscape(3, a, b, np.array([1.0, -1, -1]))
    >>> found.energy.tolist(), found.sides.tolist()
    ([-4.0], [[0, 0, 1]])
    """
    graph = build_signed_graph(n, a, b, weight)
    energy = _sum_energies(graph)
    stable = np.flatnonzero(_find_minima(energy, graph))
    order = np.lexsort((stable, energy[stable]))
    chosen = stable[order]
    bits = (chosen[:, None] >> np.arange(max(n - 1, 0))[None, :]) & 1
    sides = np.concatenate([np.zeros((chosen.size, min(n, 1))), bits], axis=1).astype(np.int8)
    return Landscape(2.0 * energy[chosen], sides, energy.size)


def partition(
    n: int,
    a: NDArray[np.int32],
    b: NDArray[np.int32],
    weight: NDArray[np.float64],
    *,
    k: int | None = 2,
    seconds: float = 60.0,
    rng: np.random.Generator,
) -> PartitionResult:
    """Find the alignment of lowest energy among all there are (at most 24 actors).

    Parameters
    ----------
    n : int
        Actors, at most 24.
    a, b : ndarray of int, shape (ties,)
        Ends of each tie, in [0, n); several ties of a pair are summed.
    weight : ndarray of float, shape (ties,)
        ``size_i * size_j * propensity_ij`` of the pair.
    k : int
        Only 2 is possible.
    seconds : float
        Not used: every alignment is tried.
    rng : numpy.random.Generator
        Not used.

    Returns
    -------
    PartitionResult
        Lowest energy is least frustration, so the optimum is proved by
        enumeration. ``forced`` marks the largest set of actors whose relations
        are the same in all lowest alignments (and that hangs together by ties).

    Raises
    ------
    BadInput
        As :func:`map_landscape`; or k is not 2.

    Notes
    -----
    The energy is twice the frustration less twice the sum of negative weights'
    sizes; :func:`map_landscape` gives it, and all other local minima.

    References
    ----------
    Axelrod, R., Bennett, D. S. (1993). A landscape theory of aggregation. British
    Journal of Political Science 23. doi:10.1017/S000712340000973X.

    Examples
    --------
    >>> a, b = np.array([0, 0, 1]), np.array([1, 2, 2])
    >>> partition(3, a, b, np.array([1.0, -1, -1]), rng=np.random.default_rng(1)).sides.tolist()
    [0, 0, 1]
    """
    if k != 2:
        raise BadInput(f"k is {k}; a landscape has 2 sides")
    began = time.perf_counter()
    graph = build_signed_graph(n, a, b, weight)
    energy = _sum_energies(graph)
    lowest = np.flatnonzero(energy <= energy.min() + 1e-9 * max(1.0, float(graph.cost.sum())))
    bits = (lowest[:, None] >> np.arange(max(n - 1, 0))[None, :]) & 1
    sides = np.concatenate([np.zeros((lowest.size, min(n, 1))), bits], axis=1).astype(np.int64)
    return _certify(graph, sides, time.perf_counter() - began)


def _sum_energies(graph: SignedGraph) -> FloatArray:
    """Weight across sides of all alignments; bit i-1 of the position is actor i's side."""
    if graph.n > MOST_ACTORS:
        raise BadInput(
            f"a landscape of {graph.n} actors has too many alignments; "
            f"it takes up to {MOST_ACTORS}: choose fewer, or use 'frustration'"
        )
    matrix = np.zeros((graph.n, graph.n))
    matrix[graph.a, graph.b] = matrix[graph.b, graph.a] = graph.weight
    energy = np.zeros(1)
    for i in range(1, graph.n):
        across = _across(matrix[i, :i])
        energy = np.concatenate([energy + across, energy + matrix[i, :i].sum() - across])
    return energy


def _across(row: FloatArray) -> FloatArray:
    """Weight from an actor on side 0 to earlier actors on side 1, for all their alignments."""
    total = np.zeros(1)
    for weight in row[1:]:
        total = np.concatenate([total, total + weight])
    return total


def _find_minima(energy: FloatArray, graph: SignedGraph) -> BoolArray:
    """Alignments that no single change of side improves."""
    slack = 1e-9 * max(1.0, float(graph.cost.sum()))
    stable = np.ones(energy.size, dtype=bool)
    for bit in range(max(graph.n - 1, 0)):
        pairs = energy.reshape(-1, 2, 1 << bit)
        keep = stable.reshape(-1, 2, 1 << bit)
        keep[:, 0] &= pairs[:, 0] <= pairs[:, 1] + slack
        keep[:, 1] &= pairs[:, 1] <= pairs[:, 0] + slack
    # actor 0 changing side is everybody else changing side: the bits reversed
    stable &= energy <= energy[::-1] + slack
    return stable


def _certify(graph: SignedGraph, optima: IntArray, seconds: float) -> PartitionResult:
    """Read certificate and memberships off the full list of optima."""
    component = join_by_ties(graph)
    tied = component[:, None] == component[None, :]
    for i in range(graph.n):
        relation = optima[:, [i]] ^ optima
        tied[i] &= (relation == relation[:1]).all(axis=0)
    cores = tied.argmax(axis=1)
    none = np.zeros(graph.n, dtype=bool)
    firm = judge_memberships(graph, component, cores, cores, none, sure=True)
    value = sum_frustration(graph, optima[0])
    return PartitionResult(
        sides=number_by_appearance(optima[0]),
        frustration=value,
        bound=value,
        proved=True,
        forced=firm.forced,
        free=firm.free,
        cores=firm.cores.astype(np.int32),
        seconds=seconds,
        n=graph.n,
        m=graph.m,
    )


PARTITION = Partition(
    title="Lowest energy of all alignments (landscape theory, up to 24 actors)",
    citation=Citation(
        "Axelrod, R., Bennett, D. S. (1993). A landscape theory of aggregation. "
        "British Journal of Political Science 23",
        "10.1017/S000712340000973X",
    ),
    solve=partition,
    fixed_k=2,
)
