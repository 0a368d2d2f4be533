"""An exact partition with its certificate, whatever conflicts in it."""

from __future__ import annotations

import time
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array

from blocs.alignment.partition_result import PartitionResult, number_by_appearance
from blocs.alignment.signed.cover import Cover
from blocs.alignment.signed.graph import (
    IntArray,
    SignedGraph,
    build_signed_graph,
    in_units,
    unit_of,
)
from blocs.alignment.signed.rigidity import Kind, know_nothing, settle_memberships


class Split(Protocol):
    """A search with proof: two sides, or any number of blocs."""

    def __call__(
        self,
        graph: SignedGraph,
        *,
        deadline: float,
        start: IntArray | None = None,
        rows: csr_array | None = None,
        target: float = -np.inf,
    ) -> Cover:
        """Split a graph, as far as time allows."""


def certify(
    split: Split,
    n: int,
    a: ArrayLike,
    b: ArrayLike,
    weight: ArrayLike,
    *,
    two_sided: bool,
    seconds: float,
) -> PartitionResult:
    """Split a signed network and say how good the split is and how firm each membership.

    Parameters
    ----------
    split : Split
    n : int
        Actors.
    a, b, weight : array_like, shape (ties,)
        See :func:`blocs.alignment.signed.graph.build_signed_graph`.
    two_sided : bool
        Whether `split` makes two sides, or any number of blocs.
    seconds : float
        Time limit.

    Returns
    -------
    PartitionResult
    """
    began = time.perf_counter()
    deadline = began + seconds
    graph = build_signed_graph(n, a, b, weight)
    unit = unit_of(graph)
    graph = in_units(graph, unit)
    cover = split(graph, deadline=deadline)

    def resolve(changed: SignedGraph, start: IntArray, rows: csr_array, target: float) -> Cover:
        return split(changed, deadline=deadline, start=start, rows=rows, target=target)

    firm = (
        settle_memberships(graph, cover, Kind(two_sided, resolve), deadline=deadline)
        if cover.proved
        else know_nothing(graph)
    )
    return PartitionResult(
        sides=number_by_appearance(cover.labels),
        frustration=cover.value * unit,
        bound=cover.bound * unit,
        proved=cover.proved,
        forced=firm.forced,
        free=firm.free,
        cores=firm.cores.astype(np.int32),
        seconds=time.perf_counter() - began,
        n=graph.n,
        m=graph.m,
    )
