"""Results of methods that find good blocs without proving them best."""

from __future__ import annotations

import numpy as np

from blocs.alignment.partition_result import PartitionResult, number_by_appearance
from blocs.alignment.signed.cover import sum_frustration
from blocs.alignment.signed.graph import IntArray, SignedGraph


def assemble_unproved(graph: SignedGraph, labels: IntArray, seconds: float) -> PartitionResult:
    """Wrap blocs without a certificate: the bound is what can be said for nothing, 0.

    Parameters
    ----------
    graph : SignedGraph
    labels : ndarray of int, shape (n,)
        Bloc of each actor.
    seconds : float
        Time used.

    Returns
    -------
    PartitionResult
        Proved only where nothing is frustrated. No membership is forced; only
        actors without ties are free; cores are not settled.
    """
    isolated = np.ones(graph.n, dtype=bool)
    isolated[graph.a] = isolated[graph.b] = False
    value = sum_frustration(graph, labels)
    return PartitionResult(
        sides=number_by_appearance(labels),
        frustration=value,
        bound=0.0,
        proved=value == 0.0,
        forced=np.zeros(graph.n, dtype=bool),
        free=isolated,
        cores=np.full(graph.n, -1, dtype=np.int32),
        seconds=seconds,
        n=graph.n,
        m=graph.m,
    )
