"""The proved two sides of a signed matrix, for indices that rest on them."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from blocs.alignment.balance import check_signed_matrix
from blocs.alignment.signed.cover import Cover
from blocs.alignment.signed.graph import IntArray, SignedGraph, join_by_ties
from blocs.alignment.signed.sides import split_in_two

SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class TiedSides:
    """Proved sides of the actors that have ties.

    Attributes
    ----------
    actors : ndarray of int64, shape (tied,)
        Rows of the matrix that have ties.
    labels : ndarray of int64, shape (tied,)
        Side of each, 0 or 1.
    """

    actors: IntArray
    labels: IntArray


def split_matrix(matrix: ArrayLike) -> tuple[SignedGraph, Cover]:
    """Least frustrated two sides of a signed matrix.

    Parameters
    ----------
    matrix : array_like, shape (n, n)
        Symmetric signed matrix, zero diagonal.

    Returns
    -------
    SignedGraph, Cover
        The same for the same matrix; stops after 60 seconds.
    """
    signed = check_signed_matrix(matrix)
    return _split(signed.tobytes(), signed.shape[0])


@lru_cache(maxsize=1)  # several indices ask for the sides of one matrix in turn
def _split(cells: bytes, n: int) -> tuple[SignedGraph, Cover]:
    signed = np.frombuffer(cells).reshape(n, n)
    a, b = np.nonzero(np.triu(signed))
    graph = SignedGraph(n, a, b, signed[a, b])
    rng = np.random.default_rng(0)
    return graph, split_in_two(graph, deadline=time.perf_counter() + SECONDS, rng=rng)


def split_tied(matrix: ArrayLike) -> TiedSides | None:
    """Sides of the actors with ties, where they hang together and the optimum is proved.

    Parameters
    ----------
    matrix : array_like, shape (n, n)
        Symmetric signed matrix, zero diagonal.

    Returns
    -------
    TiedSides or None
        None without ties, with several components, or without proof.
    """
    graph, cover = split_matrix(matrix)
    tied = np.unique(np.concatenate([graph.a, graph.b]))
    if tied.size == 0 or not cover.proved or np.unique(join_by_ties(graph)[tied]).size > 1:
        return None
    return TiedSides(tied, cover.labels[tied])
