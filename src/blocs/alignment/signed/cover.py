"""Least cover of conflicting cycles: value, bound and proof for any kind of partition."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_array

from blocs.alignment.signed.cycles import SMALL_GRAPH, Conflicts, find_missed_cycles
from blocs.alignment.signed.graph import BoolArray, FloatArray, IntArray, SignedGraph, find_grain
from blocs.alignment.signed.relaxation import Relaxation, relax_cover

ROUNDS = 400


@dataclass(frozen=True, slots=True)
class Problem:
    """A partition problem: what conflicts, and how covers become partitions.

    Attributes
    ----------
    conflicts : Conflicts
        The cycles that force frustration, with the graph.
    decode : callable
        ``decode(z)`` reads a partition off a fractional cover.
    improve : callable
        ``improve(labels)`` is a partition at least as good, found by local moves.
    """

    conflicts: Conflicts
    decode: Callable[[FloatArray], IntArray]
    improve: Callable[[IntArray], IntArray]

    @property
    def graph(self) -> SignedGraph:
        """The signed graph."""
        return self.conflicts.graph


@dataclass(frozen=True, slots=True)
class Cover:
    """The best partition found and what is proved about it.

    Attributes
    ----------
    labels : ndarray of int64, shape (n,)
        Partition.
    value : float
        Its frustration.
    bound : float
        No partition has less.
    proved : bool
        Whether value and bound meet.
    packed : float
        Bound of the packing that `slack` belongs to.
    slack : ndarray of float64, shape (m,)
        A partition that frustrates tie e costs at least ``packed + slack[e]``.
    rows : sparse array, shape (rows, m)
        Cycles found, to start a similar problem from.
    """

    labels: IntArray
    value: float
    bound: float
    proved: bool
    packed: float
    slack: FloatArray
    rows: csr_array


def find_frustrated(graph: SignedGraph, labels: IntArray) -> BoolArray:
    """Ties that a partition frustrates: friends apart, enemies together.

    Parameters
    ----------
    graph : SignedGraph
    labels : ndarray of int, shape (n,)

    Returns
    -------
    ndarray of bool, shape (m,)
    """
    frustrated: BoolArray = (labels[graph.a] == labels[graph.b]) == (graph.weight < 0)
    return frustrated


def sum_frustration(graph: SignedGraph, labels: IntArray) -> float:
    """Weight of the ties that a partition frustrates.

    Parameters
    ----------
    graph : SignedGraph
    labels : ndarray of int, shape (n,)

    Returns
    -------
    float
    """
    return math.fsum(graph.cost[find_frustrated(graph, labels)].tolist())


def cover_conflicts(
    problem: Problem,
    labels: IntArray,
    *,
    deadline: float,
    rows: csr_array | None = None,
    target: float = -math.inf,
) -> Cover:
    """Find a partition of least frustration and prove it, as far as time allows.

    Parameters
    ----------
    problem : Problem
    labels : ndarray of int, shape (n,)
        Partition to start from.
    deadline : float
        Value of ``time.perf_counter()`` at which to stop.
    rows : sparse array, optional
        Conflicting cycles known already.
    target : float
        Stop as soon as a partition of this frustration or less is found.

    Returns
    -------
    Cover

    Notes
    -----
    Cutting planes: solve the covering program over the cycles found, look for
    cycles it misses, repeat; each solution is also rounded to a partition. If a
    gap remains, branch and bound (HiGHS) over the ties that a better partition
    could still frustrate, with missed cycles added until its answer is a cover.
    """
    search = _Search(problem, labels, deadline, target)
    search.cut(rows)
    if not search.done():
        search.branch()
    return search.result()


def _stack(above: csr_array, below: csr_array) -> csr_array:
    """Rows of two matrices, one under the other."""
    pairs = ((above.data, below.data), (above.indices, below.indices))
    data, indices = (np.concatenate(pair) for pair in pairs)
    indptr = np.concatenate([above.indptr, above.indptr[-1] + below.indptr[1:]])
    shape = (above.shape[0] + below.shape[0], above.shape[1])
    return csr_array((data, indices, indptr), shape=shape)


class _Search:
    """State of one cutting-plane run; lives only inside :func:`cover_conflicts`."""

    def __init__(self, problem: Problem, labels: IntArray, deadline: float, target: float) -> None:
        graph = problem.graph
        self.problem, self.deadline, self.target = problem, deadline, target
        self.cost = graph.cost
        self.labels, self.value = labels, sum_frustration(graph, labels)
        self.grain = find_grain(graph.weight)
        self.tolerance = 1e-7 * max(1.0, float(self.cost.max(initial=0.0)))
        self.rows = csr_array((0, graph.m))
        self.relaxed: Relaxation | None = None
        self.packed, self.slack = 0.0, self.cost
        self.bound = 0.0

    def raise_bound(self, bound: float) -> None:
        """Take a better bound, rounded up to the grain of the weights."""
        if self.grain > 0:
            steps = math.ceil((bound - self.tolerance) / self.grain)
            bound = max(bound, steps * self.grain)
        self.bound = min(max(self.bound, bound), self.value)

    def met(self) -> bool:
        """Whether value and bound meet."""
        return self.value - self.bound <= self.tolerance

    def done(self) -> bool:
        """Whether there is nothing left to do, or no time."""
        return self.met() or self.value <= self.target or time.perf_counter() > self.deadline

    def take(self, labels: IntArray) -> None:
        """Keep a partition if it is better."""
        value = sum_frustration(self.problem.graph, labels)
        if value < self.value - self.tolerance:
            self.labels, self.value = labels, value

    def add(self, rows: csr_array) -> None:
        """Append cycles and solve the covering program again."""
        self.rows = _stack(self.rows, rows)
        relaxed = relax_cover(self.rows, self.cost, self.relaxed)
        if relaxed.bound > self.packed:
            self.packed, self.slack = relaxed.bound, relaxed.slack
        self.raise_bound(relaxed.bound)
        self.take(self.problem.improve(self.problem.decode(relaxed.z)))
        self.relaxed = relaxed

    def drop_loose(self) -> None:
        """Forget cycles that neither bind nor are close to binding."""
        if self.relaxed is None or self.rows.shape[0] < 200:
            return
        keep = np.flatnonzero((self.relaxed.y > 1e-9) | (self.rows @ self.relaxed.z < 1.2))
        self.rows = self.rows[keep]
        self.relaxed = replace(self.relaxed, y=self.relaxed.y[keep])

    def cut(self, rows: csr_array | None) -> None:
        """Add missed cycles until none is missed."""
        m = self.problem.graph.m
        if rows is not None and rows.shape[0]:
            self.add(rows)
        coarse = self.problem.graph.n > SMALL_GRAPH
        for _ in range(ROUNDS):
            if self.done():
                return
            z = np.zeros(m) if self.relaxed is None else self.relaxed.z
            found = find_missed_cycles(self.problem.conflicts, z, slack=2e-2 if coarse else 1e-3)
            if found.rows == 0 and not coarse:
                self.take(self.problem.improve(self.problem.decode(z)))
                return
            coarse = coarse and found.rows > 0
            if found.rows:
                self.add(found.matrix(m))
                self.drop_loose()

    def branch(self) -> None:
        """Close the gap by branch and bound over ties a better partition may frustrate."""
        while not self.done():
            z, bound = self.solve_integer()
            self.raise_bound(bound)
            if z is None:
                return
            self.take(self.problem.improve(self.problem.decode(z)))
            found = find_missed_cycles(self.problem.conflicts, z, repeats=5, slack=0.5)
            if found.rows == 0:
                return
            self.rows = _stack(self.rows, found.matrix(z.size))

    def solve_integer(self) -> tuple[FloatArray | None, float]:
        """Least integer cover of the cycles so far that could beat the best partition."""
        from scipy.optimize import Bounds, LinearConstraint, milp

        step = self.grain if self.grain > 0 else self.tolerance
        may = np.flatnonzero(self.packed + self.slack <= self.value - step + self.tolerance)
        part = self.rows[:, may]
        if part.shape[0] and (np.diff(part.indptr) == 0).any():
            return None, self.value
        left = max(self.deadline - time.perf_counter(), 0.01)
        solved = milp(
            self.cost[may],
            integrality=np.ones(may.size),
            bounds=Bounds(0, 1),
            constraints=LinearConstraint(part, lb=np.ones(part.shape[0])),
            options={"time_limit": left, "mip_rel_gap": 0.0},
        )
        if solved.status == 2:
            return None, self.value
        bound = solved.mip_dual_bound
        known = bound is not None and math.isfinite(bound)
        if solved.x is None or solved.status != 0:
            return None, float(bound) if known else 0.0
        z = np.zeros(self.cost.size)
        z[may] = np.round(solved.x)
        return z, float(bound) if known else 0.0

    def result(self) -> Cover:
        """Freeze the state."""
        return Cover(
            labels=self.labels,
            value=self.value,
            bound=self.value if self.met() else self.bound,
            proved=self.met(),
            packed=self.packed,
            slack=self.slack,
            rows=self.rows,
        )
