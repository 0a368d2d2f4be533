"""Cycles that make frustration unavoidable, found where a fractional cover misses them.

With two sides these are the cycles with an odd number of negative ties; with any
number of blocs, the cycles with exactly one. Every partition frustrates at least
one tie of each, and a set of ties that meets them all is frustrated by some
partition. So the least frustration is the least weight of such a cover.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from blocs.alignment.signed.graph import (
    Adjacency,
    BoolArray,
    FloatArray,
    IntArray,
    SignedGraph,
)

SMALL_GRAPH = 400
NEAR = 3


@dataclass(frozen=True, slots=True)
class Conflicts:
    """Which cycles conflict: those with an odd number of `odd` ties.

    Attributes
    ----------
    graph : SignedGraph
    adjacency : Adjacency
    odd : ndarray of bool, shape (m,)
        Two sides: ties that a reference partition frustrates (any will do). Any
        number of blocs: the negative ties.
    even_only : bool
        Whether a conflicting cycle has exactly one odd tie (any number of blocs).
    """

    graph: SignedGraph
    adjacency: Adjacency
    odd: BoolArray
    even_only: bool


@dataclass(frozen=True, slots=True)
class CycleSet:
    """Cycles as rows of a sparse 0/1 matrix over ties.

    Attributes
    ----------
    indptr : ndarray of int64, shape (rows + 1,)
    ties : ndarray of int64
        Tie numbers of row r: ``ties[indptr[r]:indptr[r + 1]]``.
    """

    indptr: IntArray
    ties: IntArray

    @property
    def rows(self) -> int:
        """Number of cycles."""
        return int(self.indptr.size - 1)

    def matrix(self, m: int) -> csr_array:
        """The rows as a sparse matrix of shape (rows, m)."""
        data = np.ones(self.ties.size)
        return csr_array((data, self.ties, self.indptr), shape=(self.rows, m))


def find_missed_cycles(
    conflicts: Conflicts, z: FloatArray, *, repeats: int = NEAR, slack: float = 1e-3
) -> CycleSet:
    """Conflicting cycles whose ties carry less than ``1 - slack`` of the cover z.

    Parameters
    ----------
    conflicts : Conflicts
    z : ndarray of float64, shape (m,)
        Fractional cover, in [0, 1].
    repeats : int
        Cycles looked for through each odd tie.
    slack : float
        How much a cycle may lack and still count as covered.

    Returns
    -------
    CycleSet
        Empty if none is missed: the search is exact, since every conflicting
        cycle contains an odd tie and the shortest one through each is tried.

    Notes
    -----
    Small graphs use triangles, then Dijkstra in SciPy; big ones a compiled
    two-sided Dijkstra. O(odd * m log n) at worst.
    """
    starts = np.flatnonzero(conflicts.odd)
    if starts.size == 0 or conflicts.graph.m == 0:
        return CycleSet(np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.int64))
    if conflicts.graph.n > SMALL_GRAPH:
        return _compiled_search(conflicts, z, starts, repeats, slack)
    return _small_search(conflicts, z, starts, repeats, slack)


def _compiled_search(
    conflicts: Conflicts, z: FloatArray, starts: IntArray, repeats: int, slack: float
) -> CycleSet:
    from blocs.alignment.signed.compiled.cycles import find_cycles

    near, graph = conflicts.adjacency, conflicts.graph
    indptr, ties = find_cycles(
        near.indptr, near.neighbour, near.tie, graph.a, graph.b,
        conflicts.odd.astype(np.int64), conflicts.even_only, z, starts, repeats, 0.3, slack,
    )  # fmt: skip
    return CycleSet(indptr, ties)


def _small_search(
    conflicts: Conflicts, z: FloatArray, starts: IntArray, repeats: int, slack: float
) -> CycleSet:
    tie = _tie_of_pair(conflicts.graph)
    triangles, lacking = _find_triangles(conflicts, tie, z, starts, repeats, slack)
    longer = _find_paths(conflicts, tie, z, lacking, slack)
    cycles = [*triangles, *longer]
    sizes = np.array([len(cycle) for cycle in cycles], dtype=np.int64)
    ties = np.concatenate(cycles) if cycles else np.zeros(0, dtype=np.int64)
    return CycleSet(np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64), ties)


def _tie_of_pair(graph: SignedGraph) -> IntArray:
    """Tie between each two actors, -1 where there is none, shape (n, n)."""
    tie = np.full((graph.n, graph.n), -1, dtype=np.int64)
    tie[graph.a, graph.b] = tie[graph.b, graph.a] = np.arange(graph.m)
    return tie


def _find_triangles(
    conflicts: Conflicts,
    tie: IntArray,
    z: FloatArray,
    starts: IntArray,
    repeats: int,
    slack: float,
) -> tuple[list[IntArray], IntArray]:
    """Return the emptiest conflicting triangles of each odd tie, and the ties without."""
    graph = conflicts.graph
    first, second = tie[graph.a[starts]], tie[graph.b[starts]]
    odd = conflicts.odd
    fits = (first >= 0) & (second >= 0) & (odd[first] == odd[second])
    if conflicts.even_only:
        fits &= ~odd[first]
    total = np.where(fits, z[first] + z[second] + z[starts][:, None], np.inf)
    best = np.argsort(total, axis=1, kind="stable")[:, :repeats]
    missed = np.take_along_axis(total, best, axis=1) < 1 - slack
    row, column = np.nonzero(missed)
    third = best[row, column]
    triples = np.stack([starts[row], first[row, third], second[row, third]], axis=1)
    return list(np.unique(np.sort(triples, axis=1), axis=0)), starts[~missed.any(axis=1)]


def _find_paths(
    conflicts: Conflicts, tie: IntArray, z: FloatArray, starts: IntArray, slack: float
) -> list[IntArray]:
    """Shortest conflicting cycle through each of `starts`, where the cover misses it."""
    graph, n = conflicts.graph, conflicts.graph.n
    starts = starts[z[starts] < 1 - slack]
    if starts.size == 0:
        return []
    use = np.flatnonzero(~conflicts.odd) if conflicts.even_only else np.arange(graph.m)
    # node i on layer p stands for "reached i over a number of odd ties of parity p"
    a, b, flip = graph.a[use], graph.b[use], conflicts.odd[use] * n
    ends = np.concatenate([a, a + n]), np.concatenate([b + flip, b + n - flip])
    length = np.tile(np.maximum(z[use], 0.0) + 1e-6, 2)
    layers = csr_array((length, ends), shape=(2 * n, 2 * n))
    sources, place = np.unique(graph.a[starts], return_inverse=True)
    reach, back = dijkstra(
        layers, directed=False, indices=sources, return_predecessors=True, limit=1.0
    )
    near = reach[place, graph.b[starts]] + z[starts] < 1 - slack
    cycles = {}
    for f, row in zip(starts[near], place[near], strict=True):
        cycle = _odd_loop(
            _walk_back(back[row], int(graph.a[f]), int(graph.b[f]), n), conflicts.odd, tie
        )
        if z[cycle].sum() < 1 - slack:
            cycles[tuple(sorted(cycle.tolist()))] = cycle
    return [cycles[key] for key in sorted(cycles)]


def _walk_back(back: IntArray, source: int, target: int, n: int) -> list[int]:
    """Actors on the way from target to source, both included."""
    state, walk = target, [target]
    while state != source:
        state = int(back[state])
        walk.append(state % n)
    return walk


def _odd_loop(walk: list[int], odd: BoolArray, tie: IntArray) -> IntArray:
    """First simple loop with an odd number of odd ties in a closed odd walk."""
    place, trail, ties = {walk[0]: 0}, [walk[0]], list[int]()
    for stop in [*walk[1:], walk[0]]:
        ties.append(int(tie[trail[-1], stop]))
        if stop in place:
            low = place[stop]
            if odd[ties[low:]].sum() % 2 == 1:
                return np.array(ties[low:], dtype=np.int64)
            for gone in trail[low + 1 :]:
                del place[gone]
            del trail[low + 1 :], ties[low:]
        else:
            place[stop] = len(trail)
            trail.append(stop)
    return np.zeros(0, dtype=np.int64)
