"""Two sides through time: one split of all years at once, in which changing side has a price."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array, vstack

from blocs.alignment.partition_result import number_by_appearance
from blocs.alignment.signed.cover import Cover
from blocs.alignment.signed.graph import (
    BoolArray,
    IntArray,
    SignedGraph,
    build_signed_graph,
    join_by_ties,
)
from blocs.alignment.signed.rigidity import Kind, know_nothing, settle_memberships
from blocs.alignment.signed.sides import polish_sides, split_in_two
from blocs.errors import BadInput

ERA = 1_500


@dataclass(frozen=True, slots=True)
class TemporalPartition:
    """Sides of every actor in every year with a tie, and the changes of side.

    Attributes
    ----------
    actor, year : ndarray of int64, shape (states,)
        One row per actor and year with a tie, sorted by year and actor.
    side : ndarray of int32, shape (states,)
        Bloc; comparable within and between years of one `component`.
    component : ndarray of int32, shape (states,)
        Rows of different components are not connected by ties or by an actor's
        own past: their sides cannot be compared.
    forced, free : ndarray of bool, shape (states,)
        As in :class:`blocs.alignment.partition_result.PartitionResult`.
    frustration : float
        Weight of the frustrated ties of all years.
    switching : float
        Price of one change of side.
    bound : float
        Proven lower bound of frustration plus price of all changes.
    proved : bool
        Whether the optimum is proved.
    moved : ndarray of int64, shape (moves,)
        Actors that change side, sorted by year and actor.
    moved_from, moved_to : ndarray of int64, shape (moves,)
        Last year on the old side, first year on the new one.
    certain : ndarray of bool, shape (moves,)
        The change is part of every optimal solution.
    seconds : float
        Wall-clock time used.
    """

    actor: IntArray
    year: IntArray
    side: NDArray[np.int32]
    component: NDArray[np.int32]
    forced: BoolArray
    free: BoolArray
    frustration: float
    switching: float
    bound: float
    proved: bool
    moved: IntArray
    moved_from: IntArray
    moved_to: IntArray
    certain: BoolArray
    seconds: float

    @property
    def cost(self) -> float:
        """Frustration plus the price of all changes of side."""
        return self.frustration + self.switching * self.moved.size


@dataclass(frozen=True, slots=True)
class _Calendar:
    """The network in which every actor of every year is a node.

    Attributes
    ----------
    graph : SignedGraph
        Ties within years, and ties of each actor with his own next year.
    actor, year : ndarray of int64, shape (states,)
    before, after : ndarray of int64
        Rows of the same actor in successive years.
    """

    graph: SignedGraph
    actor: IntArray
    year: IntArray
    before: IntArray
    after: IntArray


def split_years(
    n: int,
    year: ArrayLike,
    a: ArrayLike,
    b: ArrayLike,
    weight: ArrayLike,
    *,
    switching: float = 1.0,
    seconds: float = 60.0,
    rng: np.random.Generator,
) -> TemporalPartition:
    """Two sides of all years in one optimisation, with dated realignments.

    Use it when yearly partitions flicker: an actor changes side only where that
    saves more frustration than it costs.

    Parameters
    ----------
    n : int
        Actors.
    year : array_like of int, shape (ties,)
        Year of each tie.
    a, b : array_like of int, shape (ties,)
        Ends of each tie, in [0, n); ties of a pair in a year are summed.
    weight : array_like of float, shape (ties,)
        Signed weight.
    switching : float
        Price of changing side from one year with a tie to the next, above 0, in
        the unit of the weights: 1 is the price of one frustrated tie-year.
    seconds : float
        Time limit.
    rng : numpy.random.Generator
        Drives the local search.

    Returns
    -------
    TemporalPartition

    Raises
    ------
    BadInput
        `switching` is not above 0, `year` has another length than the ties, or see
        :func:`blocs.alignment.signed.graph.build_signed_graph`.

    Notes
    -----
    Least sum over years of frustration plus `switching` times the number of
    changes. Every actor of every year becomes a node, joined with his next year
    by a friendly tie of weight `switching`; that network is split like one year's,
    with the same certificate. Long spans are first split era by era (about 1,500
    actor-years each), the eras are fitted together and annealed, and the cycles
    found in them start the proof of the whole. Ties are not carried over years without
    them: an actor without a tie in a year has no row, and his next row is joined
    with his last one.

    References
    ----------
    Mucha, P. J., Richardson, T., Macon, K., Porter, M. A., Onnela, J.-P. (2010).
    Community structure in time-dependent, multiscale, and multiplex networks.
    Science 328. doi:10.1126/science.1184819 (the coupling of years).

    Examples
    --------
    Italy (2) is Germany's (1) ally in 1914 and its enemy, France's (0) ally, from
    1915 on:

    >>> year, a, b = [1914, 1914, 1915, 1915, 1916, 1916], [0, 1, 0, 0, 0, 0], [1, 2, 1, 2, 1, 2]
    >>> w = [-2, 2, -2, 2, -2, 2]
    >>> found = split_years(3, year, a, b, w, rng=np.random.default_rng(1))
    >>> found.moved.tolist(), found.moved_to.tolist(), found.certain.tolist()
    ([2], [1915], [True])
    """
    began = time.perf_counter()
    if not (np.isfinite(switching) and switching > 0):
        raise BadInput(f"the price of changing side is {switching}; it must be above 0")
    calendar = _unroll(n, year, a, b, weight, switching)
    deadline = began + seconds
    graph = calendar.graph
    cover = _split_eras(calendar, deadline, rng)

    def resolve(changed: SignedGraph, start: IntArray, rows: csr_array, target: float) -> Cover:
        return split_in_two(
            changed, deadline=deadline, rng=rng, start=start, rows=rows, target=target
        )

    kind = Kind(two_sided=True, resolve=resolve)
    firm = (
        settle_memberships(graph, cover, kind, deadline=deadline)
        if cover.proved
        else know_nothing(graph)
    )
    x, y = calendar.before, calendar.after
    changed = cover.labels[x] != cover.labels[y]
    x, y = x[changed], y[changed]
    order = np.lexsort((calendar.actor[y], calendar.year[y]))
    x, y = x[order], y[order]
    return TemporalPartition(
        actor=calendar.actor,
        year=calendar.year,
        side=number_by_appearance(cover.labels),
        component=number_by_appearance(join_by_ties(graph)),
        forced=firm.forced,
        free=firm.free,
        frustration=cover.value - switching * x.size,
        switching=switching,
        bound=cover.bound,
        proved=cover.proved,
        moved=calendar.actor[y],
        moved_from=calendar.year[x],
        moved_to=calendar.year[y],
        certain=(firm.cores[x] == firm.cores[y]) & (firm.cores[x] >= 0),
        seconds=time.perf_counter() - began,
    )


def _unroll(
    n: int, year: ArrayLike, a: ArrayLike, b: ArrayLike, weight: ArrayLike, switching: float
) -> _Calendar:
    """Lay the years side by side and join every actor with his next year."""
    when = np.asarray(year, dtype=np.int64).reshape(-1)
    left, right = (np.asarray(end, dtype=np.int64).reshape(-1) for end in (a, b))
    w = np.asarray(weight, dtype=np.float64).reshape(-1)
    build_signed_graph(n, left, right, w)
    if when.size != left.size:
        raise BadInput(f"{when.size} years for {left.size} ties; give one each")
    base = max(n, 1)
    start = when.min(initial=0)
    keys = np.unique(np.concatenate([(when - start) * base + left, (when - start) * base + right]))
    actor, years = keys % base, keys // base + start
    x = np.searchsorted(keys, (when - start) * base + left)
    y = np.searchsorted(keys, (when - start) * base + right)
    order = np.lexsort((years, actor))
    same = actor[order[1:]] == actor[order[:-1]]
    before, after = order[:-1][same], order[1:][same]
    graph = build_signed_graph(
        keys.size,
        np.concatenate([x, before]),
        np.concatenate([y, after]),
        np.concatenate([w, np.full(before.size, switching)]),
    )
    return _Calendar(graph, actor, years, before, after)


def _split_eras(calendar: _Calendar, deadline: float, rng: np.random.Generator) -> Cover:
    """Solve eras one by one, fit them together, then prove the whole."""
    graph = calendar.graph
    years, count = np.unique(calendar.year, return_counts=True)
    era_of_year = (np.cumsum(count) - count) // ERA
    era = era_of_year[np.searchsorted(years, calendar.year)]
    if graph.m == 0 or era.max() == 0:
        return split_in_two(graph, deadline=deadline, rng=rng)
    sides = np.zeros(graph.n, dtype=np.int64)
    rows = [csr_array((0, graph.m))]
    for number in np.unique(era):
        inside = era == number
        cover, ties = _split_part(graph, inside, deadline, rng)
        sides[inside] = cover.labels
        found = cover.rows.tocoo()
        rows.append(
            csr_array((found.data, (found.row, ties[found.col])), (found.shape[0], graph.m))
        )
    sides = polish_sides(graph, _fit_together(graph, era, sides, deadline, rng), rng=rng)
    pool = vstack(rows, format="csr")
    return split_in_two(graph, deadline=deadline, rng=rng, start=sides, rows=pool)


def _split_part(
    graph: SignedGraph, inside: BoolArray, deadline: float, rng: np.random.Generator
) -> tuple[Cover, IntArray]:
    """Split the network of some rows; also the numbers of its ties in the whole."""
    rows = np.flatnonzero(inside)
    ties = np.flatnonzero(inside[graph.a] & inside[graph.b])
    a, b = np.searchsorted(rows, graph.a[ties]), np.searchsorted(rows, graph.b[ties])
    part = SignedGraph(rows.size, a, b, graph.weight[ties])
    return split_in_two(part, deadline=deadline, rng=rng), ties


def _fit_together(
    graph: SignedGraph, era: IntArray, sides: IntArray, deadline: float, rng: np.random.Generator
) -> IntArray:
    """Swap the sides of whole components of eras so that few actors change between eras."""
    across = era[graph.a] != era[graph.b]
    piece = join_by_ties(graph, ~across)
    a, b = graph.a[across], graph.b[across]
    worth = np.where(sides[a] == sides[b], graph.weight[across], -graph.weight[across])
    apart = piece[a] != piece[b]
    coarse = build_signed_graph(
        int(piece.max()) + 1, piece[a][apart], piece[b][apart], worth[apart]
    )
    swap = split_in_two(coarse, deadline=deadline, rng=rng).labels
    fitted: IntArray = sides ^ swap[piece]
    return fitted
