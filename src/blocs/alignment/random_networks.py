"""Random networks in which every actor keeps his friends and enemies in number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from blocs.alignment.signed.graph import FloatArray, SignedGraph

DRAWS = 500
SWAPS_PER_TIE = 20


@dataclass(frozen=True, slots=True)
class NullComparison:
    """A measure beside its values on random networks.

    Attributes
    ----------
    value : float
        On the network itself.
    mean, sd : float
        Over the random networks; nan if the measure is never defined.
    low, high : float
        Their 2.5 and 97.5 per cent points.
    percentile : float
        Share of random networks with a smaller value, equals counted half.
    draws : int
        Random networks on which the measure is defined.
    """

    value: float
    mean: float
    sd: float
    low: float
    high: float
    percentile: float
    draws: int


def draw_random_network(graph: SignedGraph, *, rng: np.random.Generator) -> SignedGraph:
    """Random network in which every actor keeps his numbers of friends and of enemies.

    Parameters
    ----------
    graph : SignedGraph
    rng : numpy.random.Generator

    Returns
    -------
    SignedGraph
        Same signed degrees and weights, other partners.

    Notes
    -----
    20 tried swaps per tie: u-v and x-y of the same sign become u-y and x-v,
    unless that makes a loop or a second tie of a pair (Maslov & Sneppen 2002,
    within each sign). A weight stays with its tie, so signed degrees are kept,
    weighted strengths only on average. O(m + n^2).

    References
    ----------
    Maslov, S., Sneppen, K. (2002). Specificity and stability in topology of protein
    networks. Science 296. doi:10.1126/science.1065103.
    """
    from blocs.alignment.signed.compiled.swaps import swap_ends

    a, b = graph.a.copy(), graph.b.copy()
    if graph.m > 1:
        negative = (graph.weight < 0).astype(np.int64)
        seed = int(rng.integers(1, 2**31))
        swap_ends(a, b, negative, graph.n, SWAPS_PER_TIE * graph.m, seed)
    low, high = np.minimum(a, b), np.maximum(a, b)
    order = np.lexsort((high, low))
    return SignedGraph(graph.n, low[order], high[order], graph.weight[order])


def compare_with_null(
    score: Callable[[FloatArray], float],
    graph: SignedGraph,
    *,
    rng: np.random.Generator,
    draws: int = DRAWS,
) -> NullComparison:
    """A measure beside its values on random networks with the same signed degrees.

    Parameters
    ----------
    score : callable
        ``score(matrix)`` of a symmetric signed matrix, shape (n, n). A measure
        of blocs finds the blocs anew on each network.
    graph : SignedGraph
    rng : numpy.random.Generator
    draws : int
        Random networks.

    Returns
    -------
    NullComparison
        `percentile` says how unusual the value is for such a network; it is
        descriptive unless the network was chosen before looking.

    Examples
    --------
    >>> from blocs.alignment.balance import walk_balance
    >>> from blocs.alignment.signed.graph import build_signed_graph
    >>> graph = build_signed_graph(4, [0, 0, 1, 2], [1, 2, 2, 3], [1, -1, -1, 1])
    >>> found = compare_with_null(walk_balance, graph, rng=np.random.default_rng(1), draws=20)
    >>> found.value, found.draws
    (1.0, 20)
    """
    return compare_scores([score], graph, rng=rng, draws=draws)[0]


def compare_scores(
    scores: Sequence[Callable[[FloatArray], float]],
    graph: SignedGraph,
    *,
    rng: np.random.Generator,
    draws: int = DRAWS,
) -> tuple[NullComparison, ...]:
    """Several measures beside their values on the same random networks.

    Parameters
    ----------
    scores : sequence of callable
        As in `compare_with_null`.
    graph : SignedGraph
    rng : numpy.random.Generator
    draws : int

    Returns
    -------
    tuple of NullComparison
        One for each score.
    """
    own = fill_matrix(graph)
    values = [score(own) for score in scores]
    drawn = np.empty((draws, len(scores)))
    for row in drawn:
        other = fill_matrix(draw_random_network(graph, rng=rng))
        row[:] = [score(other) for score in scores]
    return tuple(_beside(value, column) for value, column in zip(values, drawn.T, strict=True))


def _beside(value: float, drawn: FloatArray) -> NullComparison:
    """Place a value among those of random networks; undefined ones are left out."""
    drawn = drawn[~np.isnan(drawn)]
    if drawn.size == 0 or np.isnan(value):
        nan = float("nan")
        return NullComparison(float(value), nan, nan, nan, nan, nan, int(drawn.size))
    tolerance = 1e-9 * max(1.0, abs(value))
    below = (drawn < value - tolerance).sum()
    equal = (np.abs(drawn - value) <= tolerance).sum()
    low, high = np.quantile(drawn, [0.025, 0.975])
    return NullComparison(
        value=float(value),
        mean=float(drawn.mean()),
        sd=float(drawn.std(ddof=1)) if drawn.size > 1 else float("nan"),
        low=float(low),
        high=float(high),
        percentile=float((below + equal / 2) / drawn.size),
        draws=int(drawn.size),
    )


def fill_matrix(graph: SignedGraph) -> FloatArray:
    """Symmetric signed matrix of a graph, zero diagonal.

    Parameters
    ----------
    graph : SignedGraph

    Returns
    -------
    ndarray of float64, shape (n, n)
    """
    matrix = np.zeros((graph.n, graph.n))
    matrix[graph.a, graph.b] = matrix[graph.b, graph.a] = graph.weight
    return matrix
