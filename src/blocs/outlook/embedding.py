"""Where actors stand by what they do to whom: truncated SVD of decayed counts.

``log(1 + c)`` of counts with a half-life of 100 days, senders by receivers, is
split as U S V'; an actor's place as sender is U sqrt(S), as receiver V sqrt(S).
Similar senders are those with the same (relation, receiver) profiles, weighted
by inverse frequency.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from blocs.outlook.history import History, decayed

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

WIDTH = 64
PROFILE_WIDTH = 48
NEIGHBOURS = 20
_EXTRA = 10
_BLOCK = 2000


class Embedding(NamedTuple):
    """Places of actors and acts, and each sender's nearest.

    ``sender``, ``receiver`` have shape (n_actors, k), ``act`` (n_acts, k),
    ``relation`` (n_relations, k). Neighbours of s are rows
    ``near_start[s]:near_start[s + 1]`` of ``near`` and their weight in [0, 1].
    """

    sender: Floats
    receiver: Floats
    act: Floats
    relation: Floats
    near_start: Ints
    near: Ints
    nearness: Floats


def embed(history: History, *, rate: int, day: int) -> Embedding:
    """Place actors by what is known before a day.

    Parameters
    ----------
    history : History
        What is known.
    rate : int
        Which of its decays to count by.
    day : int
        As of when.
    """
    from scipy.sparse import csr_matrix
    from threadpoolctl import threadpool_limits

    n, m, index = history.n_actors, history.n_relations, history.index
    triples, pairs, acts, _ = history.codes
    told = np.flatnonzero(history.triples.times)
    weight = np.log1p(decayed(history.triples, history.decay, rate, day)[told])
    s, r, o = triples[told] // (n * m), index.triple_relation[told], index.triple_receiver[told]
    met = np.flatnonzero(history.pairs.times)
    tied = np.log1p(decayed(history.pairs, history.decay, rate, day)[met])
    with threadpool_limits(1):
        a = csr_matrix((tied, (pairs[met] // n, pairs[met] % n)), shape=(n, n))
        u, scale, v = _svd(a, WIDTH)
        sender, receiver = u * np.sqrt(scale), v * np.sqrt(scale)
        did = csr_matrix((weight, (np.searchsorted(acts, s * m + r), o)), shape=(acts.size, n))
        held, part = np.unique(r * n + o, return_inverse=True)  # no part that is still to come
        profile = csr_matrix((weight, (s, part)), (n, held.size))
        near = _nearest(profile)
        return Embedding(
            sender=sender,
            receiver=receiver,
            act=np.asarray(did @ receiver),
            relation=_relation_places(sender[s] * receiver[o], r, weight, m),
            near_start=near[0],
            near=near[1],
            nearness=near[2],
        )


def _svd(matrix: csr_matrix, k: int) -> tuple[Floats, Floats, Floats]:
    """Split a sparse matrix, randomly started (Halko, Martinsson, Tropp 2011), 2 iterations.

    Only as many numbers as the matrix has rows are made orthogonal: it may have very many columns.
    """
    rows, columns = matrix.shape
    k = min(k, rows, columns)
    wide = min(k + _EXTRA, rows, columns)
    q = np.linalg.qr(matrix @ np.random.default_rng(0).normal(size=(columns, wide)))[0]
    for _ in range(2):
        q = np.linalg.qr(matrix @ (matrix.T @ q))[0]
    seen = matrix.T @ q
    squared, turn = np.linalg.eigh(seen.T @ seen)
    scale, turn = np.sqrt(np.maximum(squared[::-1][:k], 0)), turn[:, ::-1][:, :k]
    v = np.divide(
        seen @ turn, scale, out=np.zeros((columns, k)), where=scale > 1e-6 * scale.max(initial=0)
    )
    return np.asarray(q @ turn), scale, v


def _relation_places(product: Floats, relation: Ints, weight: Floats, m: int) -> Floats:
    """Weighted mean product of both ends' places, by relation."""
    from scipy.sparse import csr_matrix

    total = csr_matrix((weight, (relation, np.arange(relation.size))), (m, relation.size))
    places = np.asarray(total @ product) / (np.asarray(total.sum(axis=1)) + 5)
    return np.asarray(places / (np.abs(places).mean() + 1e-9))


def _nearest(profile: csr_matrix) -> tuple[Ints, Ints, Floats]:
    """Find each active sender's most similar ones, itself among them, by squared cosine."""
    from blocs.outlook.compiled.counting import largest

    n = profile.shape[0]
    held = np.asarray((profile > 0).sum(axis=0)).ravel()
    u, scale, _ = _svd(profile.multiply(np.log(n / (1 + held))[None, :]).tocsr(), PROFILE_WIDTH)
    place = u * scale
    length = np.linalg.norm(place, axis=1)
    active = np.flatnonzero(length > 1e-6)
    if not active.size:
        return np.zeros(n + 1, np.int64), np.empty(0, np.int64), np.empty(0)
    place = (place[active] / length[active, None]).astype(np.float32)
    k = min(NEIGHBOURS, active.size)
    found = [
        largest(place[block : block + _BLOCK] @ place.T, k)
        for block in range(0, active.size, _BLOCK)
    ]
    near, nearness = (np.concatenate(part).ravel() for part in zip(*found, strict=True))
    sizes = np.zeros(n + 1, np.int64)
    sizes[active + 1] = k
    return np.cumsum(sizes), active[near], np.maximum(nearness, 0) ** 2
