"""A given number of blocs from the signed Laplacians (SPONGE)."""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray

from blocs.alignment.partition_result import PartitionResult
from blocs.alignment.signed.assemble import assemble_unproved
from blocs.alignment.signed.graph import (
    FloatArray,
    IntArray,
    SignedGraph,
    build_signed_graph,
)
from blocs.contracts import Citation, Partition
from blocs.errors import BadInput

TAU = 1.0
DENSE = 2_500
STARTS = 20


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
    """Split into k blocs by the smallest generalised eigenvectors of the signed Laplacians.

    Use it for a fixed number of blocs above two, or as a second opinion.

    Parameters
    ----------
    n : int
        Actors.
    a, b : ndarray of int, shape (ties,)
        Ends of each tie, in [0, n); several ties of a pair are summed.
    weight : ndarray of float, shape (ties,)
        Signed weight.
    k : int
        Number of blocs, from 2 to the number of actors with ties.
    seconds : float
        Not used: the work is fixed.
    rng : numpy.random.Generator
        Starts of k-means.

    Returns
    -------
    PartitionResult
        Nothing is proved. Actors without ties are put in the first bloc and `free`.

    Raises
    ------
    BadInput
        k is missing or out of range; or see
        :func:`blocs.alignment.signed.graph.build_signed_graph`.

    Notes
    -----
    Solves (L+ + tau D-) v = lambda (L- + tau D+) v with L = D - A of the positive
    and of the negative ties and tau = 1; the k smallest eigenvectors are the
    coordinates for k-means (best of 20 starts). O(n^3) up to 2,500 actors, sparse
    iterations above.

    References
    ----------
    Cucuringu, M., Davies, P., Glielmo, A., Tyagi, H. (2019). SPONGE: a generalized
    eigenproblem for clustering signed networks. AISTATS, PMLR 89.

    Examples
    --------
    >>> a, b = np.array([0, 2, 0, 1]), np.array([1, 3, 2, 3])
    >>> w = np.array([1.0, 1, -1, -1])
    >>> partition(4, a, b, w, k=2, rng=np.random.default_rng(1)).sides.tolist()
    [0, 0, 1, 1]
    """
    began = time.perf_counter()
    graph = build_signed_graph(n, a, b, weight)
    tied = np.unique(np.concatenate([graph.a, graph.b]))
    if k is None or not 2 <= k <= max(tied.size, 2):
        raise BadInput(f"k is {k}; sponge needs a number from 2 to {tied.size} (actors with ties)")
    labels = np.zeros(graph.n, dtype=np.int64)
    if tied.size:
        place = np.searchsorted(tied, graph.a), np.searchsorted(tied, graph.b)
        small = SignedGraph(tied.size, place[0], place[1], graph.weight)
        labels[tied] = _cluster(_embed(small, k, rng), k, rng)
    return assemble_unproved(graph, labels, time.perf_counter() - began)


def _embed(graph: SignedGraph, k: int, rng: np.random.Generator) -> FloatArray:
    """Coordinates of each actor: the k smallest generalised eigenvectors."""
    from scipy.linalg import eigh
    from scipy.sparse import coo_array, diags_array
    from scipy.sparse.linalg import lobpcg

    n = graph.n
    laplacian, degree = [], []
    for sign in (1.0, -1.0):
        w = np.maximum(sign * graph.weight, 0.0)
        half = coo_array((w, (graph.a, graph.b)), shape=(n, n)).tocsr()
        adjacency = half + half.T
        d = np.asarray(adjacency.sum(axis=1)).reshape(-1)
        laplacian.append(diags_array(d) - adjacency)
        degree.append(d)
    left = (laplacian[0] + TAU * diags_array(degree[1])).tocsr()
    right = (laplacian[1] + TAU * diags_array(degree[0])).tocsr()
    floor = 1e-9 * (1.0 + degree[0].max() + degree[1].max())
    right = right + floor * diags_array(np.ones(n))
    if n <= DENSE:
        vectors = eigh(left.toarray(), right.toarray(), subset_by_index=[0, min(k, n) - 1])[1]
    else:
        scale = 1.0 / np.maximum(left.diagonal(), floor)
        vectors = lobpcg(
            left, rng.standard_normal((n, k)), B=right, M=diags_array(scale),
            largest=False, maxiter=300, tol=1e-5,
        )[1]  # fmt: skip
    return np.asarray(vectors, dtype=np.float64)


def _cluster(points: FloatArray, k: int, rng: np.random.Generator) -> IntArray:
    """Best of several runs of k-means."""
    best, least = np.zeros(len(points), dtype=np.int64), np.inf
    for _ in range(STARTS):
        labels, spread = _k_means(points, k, rng)
        if spread < least - 1e-12:
            best, least = labels, spread
    return best


def _k_means(points: FloatArray, k: int, rng: np.random.Generator) -> tuple[IntArray, float]:
    """Lloyd's iterations from spread-out seeds; an empty cluster takes the farthest point."""
    centres = points[[int(rng.integers(len(points)))]]
    for _ in range(k - 1):
        away = ((points[:, None] - centres[None]) ** 2).sum(axis=2).min(axis=1)
        total = away.sum()
        prob = away / total if total > 0 else np.full(len(points), 1 / len(points))
        centres = np.vstack([centres, points[int(rng.choice(len(points), p=prob))]])
    labels = np.full(len(points), -1, dtype=np.int64)
    for _ in range(100):
        distance = ((points[:, None] - centres[None]) ** 2).sum(axis=2)
        new = distance.argmin(axis=1)
        for cluster in np.setdiff1d(np.arange(k), new):
            new[int(distance.min(axis=1).argmax())] = cluster
            distance[new == cluster] = 0.0
        if np.array_equal(new, labels):
            break
        labels = new
        size = np.bincount(labels, minlength=k)[:, None]
        sums = np.zeros((k, points.shape[1]))
        np.add.at(sums, labels, points)
        centres = sums / np.maximum(size, 1)
    spread = float(((points - centres[labels]) ** 2).sum())
    return labels, spread


PARTITION = Partition(
    title="A given number of blocs from the signed Laplacians (SPONGE)",
    citation=Citation(
        "Cucuringu, M., Davies, P., Glielmo, A., Tyagi, H. (2019). SPONGE: a generalized "
        "eigenproblem for clustering signed networks. AISTATS, PMLR 89"
    ),
    solve=partition,
)
