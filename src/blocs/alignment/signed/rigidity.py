"""Which memberships every optimal partition shares, and which can change at no cost."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from blocs.alignment.signed.clusters import hang_together
from blocs.alignment.signed.cover import Cover, find_frustrated, sum_frustration
from blocs.alignment.signed.graph import (
    BoolArray,
    IntArray,
    SignedGraph,
    find_grain,
    join_by_ties,
)

Resolve = Callable[[SignedGraph, IntArray, csr_array, float], Cover]


@dataclass(frozen=True, slots=True)
class Rigidity:
    """Firmness of every membership of a proved optimum.

    Attributes
    ----------
    forced, free : ndarray of bool, shape (n,)
        See :class:`blocs.alignment.partition_result.PartitionResult`.
    cores : ndarray of int32, shape (n,)
        Actors whose relation is the same in every optimum share a number; -1
        where that is not settled.
    """

    forced: BoolArray
    free: BoolArray
    cores: IntArray


@dataclass(frozen=True, slots=True)
class Kind:
    """What tells the two kinds of partition apart here.

    Attributes
    ----------
    two_sided : bool
        True for two sides, False for any number of blocs.
    resolve : callable
        ``resolve(graph, labels, rows, target)`` partitions a changed graph,
        starting from a partition and its conflicting cycles, until frustration
        `target` is reached or excluded.
    """

    two_sided: bool
    resolve: Resolve


def know_nothing(graph: SignedGraph) -> Rigidity:
    """Rigidity where the optimum is not proved: only actors without ties are settled.

    Parameters
    ----------
    graph : SignedGraph

    Returns
    -------
    Rigidity
    """
    free = _find_isolates(graph)
    cores = np.where(free, np.arange(graph.n), -1)
    return Rigidity(np.zeros(graph.n, dtype=bool), free, cores)


def settle_memberships(
    graph: SignedGraph, cover: Cover, kind: Kind, *, deadline: float
) -> Rigidity:
    """Find what all optimal partitions share.

    Parameters
    ----------
    graph : SignedGraph
    cover : Cover
        Proved optimum.
    kind : Kind
    deadline : float
        Value of ``time.perf_counter()`` at which to stop; what is open then
        stays neither forced nor free.

    Returns
    -------
    Rigidity

    Notes
    -----
    A tie whose slack exceeds the gap of the packing is satisfied in every
    optimum. For the rest, the ties that would have to break are made slightly
    cheaper, by less in all than the step between two frustrations: if the old
    optimum stays optimal, no optimum breaks them; else a new optimum is found
    that does, and the candidates shrink. At most n such rounds.
    """
    known = _join_settled(graph, cover, kind)
    optima = [cover.labels, *_move_for_nothing(graph, cover.labels, kind)]
    base = _Candidates(graph, kind, join_by_ties(graph))
    alone = base.find_alone(optima)
    classes = base.classify(optima)
    sure = False
    while time.perf_counter() < deadline:
        found = _seek_other(graph, cover, kind, _join_by(known, classes), classes, alone, deadline)
        if found is None:
            break
        if found is cover:
            sure = True
            break
        optima.append(found.labels)
        classes, alone = base.classify(optima), base.find_alone(optima)
    group = base.component if kind.two_sided else cover.labels
    return judge_memberships(graph, group, classes if sure else known, classes, alone & sure, sure)


class _Candidates:
    """Refines classes of actors that stand alike in all optima seen."""

    def __init__(self, graph: SignedGraph, kind: Kind, component: IntArray) -> None:
        self.graph, self.kind, self.component = graph, kind, component

    def classify(self, optima: list[IntArray]) -> IntArray:
        """Number actors by component and relation in all optima."""
        key = self.component
        first = optima[0]
        for labels in optima:
            pattern = self._switch(first, labels) if self.kind.two_sided else labels
            key = np.unique(np.stack([key, pattern], axis=1), axis=0, return_inverse=True)[1]
            key = key.reshape(-1)
        return key

    def _switch(self, first: IntArray, labels: IntArray) -> IntArray:
        """Who changed side against the first optimum, per component up to a global flip."""
        changed = (first != labels).astype(np.int64)
        root = np.unique(self.component, return_index=True)[1]
        flipped: IntArray = changed ^ changed[root][self.component]
        return flipped

    def find_alone(self, optima: list[IntArray]) -> BoolArray:
        """Actors that form a bloc of their own in all optima (any number of blocs)."""
        alone = np.full(self.graph.n, not self.kind.two_sided)
        for labels in optima:
            if not self.kind.two_sided:
                alone &= np.bincount(labels)[labels] == 1
        return alone


def _move_for_nothing(graph: SignedGraph, labels: IntArray, kind: Kind) -> list[IntArray]:
    """Partitions one actor's move away that are exactly as good: free actors found at once."""
    bloc = np.unique(labels, return_inverse=True)[1].reshape(-1)
    k = int(bloc.max(initial=-1)) + 1
    if k == 0 or graph.n * (k + 1) > 20_000_000:
        return []
    pull = np.zeros((graph.n, k + 1))
    np.add.at(pull, (graph.a, bloc[graph.b]), graph.weight)
    np.add.at(pull, (graph.b, bloc[graph.a]), graph.weight)
    own = pull[np.arange(graph.n), bloc]
    even = np.abs(pull - own[:, None]) <= 1e-9 * max(1.0, float(graph.cost.max(initial=0.0)))
    even[np.arange(graph.n), bloc] = False
    if kind.two_sided:
        even = even[:, :2]
    else:
        # a bloc without a friend in it is no place to move to, and a loner is alone already
        friends = np.zeros((graph.n, k + 1), dtype=bool)
        plus = graph.weight > 0
        friends[graph.a[plus], bloc[graph.b[plus]]] = True
        friends[graph.b[plus], bloc[graph.a[plus]]] = True
        friends[:, k] = np.bincount(bloc)[bloc] > 1
        even &= friends
    even[_find_isolates(graph)] = False
    found = []
    for actor, target in np.argwhere(even):
        moved = bloc.copy()
        moved[actor] = target
        found.append(moved if kind.two_sided else hang_together(graph, moved))
    return found


def _find_isolates(graph: SignedGraph) -> BoolArray:
    isolated = np.ones(graph.n, dtype=bool)
    isolated[graph.a] = isolated[graph.b] = False
    return isolated


def _join_settled(graph: SignedGraph, cover: Cover, kind: Kind) -> IntArray:
    """Join actors along ties that no optimum frustrates."""
    margin = cover.value - cover.packed + 1e-6 * max(1.0, float(graph.cost.max(initial=0.0)))
    settled = (cover.slack > margin) & ~find_frustrated(graph, cover.labels)
    if not kind.two_sided:
        settled &= graph.weight > 0
    return join_by_ties(graph, settled)


def _join_by(known: IntArray, classes: IntArray) -> IntArray:
    """Known cores; checks that they lie within the candidate classes."""
    pairs = np.unique(np.stack([classes, known], axis=1), axis=0, return_inverse=True)[1]
    return np.asarray(pairs.reshape(-1), dtype=np.int64)


def _span(count: int, a: IntArray, b: IntArray) -> IntArray:
    """Positions of edges a[i]-b[i] that form a spanning forest on `count` nodes."""
    parent = list(range(count))

    def root(x: int) -> int:
        while parent[x] != x:
            parent[x] = parent[parent[x]]
            x = parent[x]
        return x

    chosen = []
    for i, (x, y) in enumerate(zip(a.tolist(), b.tolist(), strict=True)):
        if root(x) != root(y):
            parent[root(y)] = root(x)
            chosen.append(i)
    return np.array(chosen, dtype=np.int64)


def _seek_other(
    graph: SignedGraph,
    cover: Cover,
    kind: Kind,
    known: IntArray,
    classes: IntArray,
    alone: BoolArray,
    deadline: float,
) -> Cover | None:
    """Another optimum that splits a class or joins a loner; `cover` if proved that none does."""
    test, virtual = _choose_tests(graph, cover, kind, known, classes)
    tied = np.zeros(graph.n, dtype=bool)
    tied[alone] = True
    join = np.flatnonzero((graph.weight > 0) & (tied[graph.a] | tied[graph.b]))
    count = test.size + virtual[0].size + join.size
    if count == 0:
        return cover
    step = find_grain(graph.weight) or 0.1 * float(graph.cost.min())
    for _ in range(6):
        eps = step / (2.0 * (count + 1))
        changed = _cheapen(graph, cover, test, join, virtual, eps)
        base = sum_frustration(changed, cover.labels)
        rows = cover.rows.copy()
        rows.resize((rows.shape[0], changed.m))
        again = kind.resolve(changed, cover.labels, rows, base - eps / 2)
        if again.value <= base - eps / 2:
            value = sum_frustration(graph, again.labels)
            if value <= cover.value + 1e-9 * max(1.0, cover.value):
                return again
            step /= 10.0
            continue
        return cover if again.bound > base - eps / 2 else None
    return None


def _choose_tests(
    graph: SignedGraph, cover: Cover, kind: Kind, known: IntArray, classes: IntArray
) -> tuple[IntArray, tuple[IntArray, IntArray]]:
    """Ties, and pairs without a tie, that hold each class of known cores together."""
    inside = (classes[graph.a] == classes[graph.b]) & (known[graph.a] != known[graph.b])
    inside &= ~find_frustrated(graph, cover.labels)
    if not kind.two_sided:
        inside &= graph.weight > 0
    ties = np.flatnonzero(inside)
    count = int(known.max(initial=-1)) + 1
    test = ties[_span(count, known[graph.a[ties]], known[graph.b[ties]])]
    links = coo_array(
        (np.ones(test.size), (known[graph.a[test]], known[graph.b[test]])), shape=(count, count)
    )
    piece = connected_components(links, directed=False)[1][known] if count else known
    pairs, first = np.unique(np.stack([classes, piece], axis=1), axis=0, return_index=True)
    same = pairs[1:, 0] == pairs[:-1, 0]
    return test, (first[:-1][same], first[1:][same])


def _cheapen(
    graph: SignedGraph,
    cover: Cover,
    test: IntArray,
    join: IntArray,
    virtual: tuple[IntArray, IntArray],
    eps: float,
) -> SignedGraph:
    """Graph in which breaking a tested tie, or joining a loner, is worth eps."""
    weight = graph.weight.copy()
    weight[test] -= eps * np.sign(weight[test])
    weight[join] += eps
    a, b = np.minimum(*virtual), np.maximum(*virtual)
    worth = np.where(cover.labels[a] == cover.labels[b], -eps, eps)
    key, wanted = graph.a * graph.n + graph.b, a * graph.n + b
    order = np.argsort(key)
    place = order[np.minimum(np.searchsorted(key[order], wanted), graph.m - 1)]
    there = key[place] == wanted
    np.add.at(weight, place[there], worth[there])
    return SignedGraph(
        graph.n,
        np.concatenate([graph.a, a[~there]]),
        np.concatenate([graph.b, b[~there]]),
        np.concatenate([weight, worth[~there]]),
    )


def judge_memberships(
    graph: SignedGraph,
    group: IntArray,
    cores: IntArray,
    classes: IntArray,
    alone: BoolArray,
    sure: bool,
) -> Rigidity:
    """Forced: in the main core of its component or bloc; free: seen outside of it.

    Parameters
    ----------
    graph : SignedGraph
    group : ndarray of int64, shape (n,)
        Component (two sides) or bloc (any number) of each actor.
    cores : ndarray of int64, shape (n,)
        Actors known to stand alike in every optimum.
    classes : ndarray of int64, shape (n,)
        Actors that stand alike in the optima seen; coarser than cores.
    alone : ndarray of bool, shape (n,)
        Actors known to form a bloc of their own in every optimum.
    sure : bool
        Whether cores and classes agree, so that nothing is open.

    Returns
    -------
    Rigidity
    """
    strength = np.bincount(graph.a, graph.cost, graph.n) + np.bincount(graph.b, graph.cost, graph.n)
    main = _find_main_core(cores, group, strength)
    size = np.bincount(cores, minlength=graph.n)[cores]
    isolated = _find_isolates(graph)
    forced = ((cores == main[group]) & (size > 1) | alone) & ~isolated
    home = np.zeros(int(cores.max(initial=-1)) + 1, dtype=np.int64)
    home[cores] = classes
    free = ~forced if sure else (classes != home[main[group]]) | isolated
    return Rigidity(forced, free & ~forced, cores if sure else np.where(size > 1, cores, -1))


def _find_main_core(cores: IntArray, group: IntArray, strength: np.ndarray) -> IntArray:
    """Largest core of each group; the stronger, then the first, among equals."""
    pairs, first, inverse = np.unique(
        np.stack([group, cores], axis=1), axis=0, return_index=True, return_inverse=True
    )
    inverse = inverse.reshape(-1)
    size = np.bincount(inverse)
    power = np.bincount(inverse, weights=strength)
    order = np.lexsort((first, -np.round(power, 9), -size))
    main = np.zeros(int(group.max(initial=-1)) + 1, dtype=np.int64)
    main[pairs[order[::-1], 0]] = pairs[order[::-1], 1]
    return main
