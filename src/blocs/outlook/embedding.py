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
    """Split a sparse matrix, randomly started (Halko, Martinsson, Tropp 2011), 2 iterations."""
    rows, columns = matrix.shape
    k = min(k, rows, columns)
    start = np.random.default_rng(0).normal(size=(columns, min(k + _EXTRA, columns)))
    q = np.linalg.qr(matrix @ start)[0]
    for _ in range(2):
        q = np.linalg.qr(matrix @ np.linalg.qr(matrix.T @ q)[0])[0]
    u, scale, vt = np.linalg.svd((matrix.T @ q).T, full_matrices=False)
    return np.asarray((q @ u)[:, :k]), scale[:k], vt[:k].T


def _relation_places(product: Floats, relation: Ints, weight: Floats, m: int) -> Floats:
    """Weighted mean product of both ends' places, by relation."""
    from scipy.sparse import csr_matrix

    total = csr_matrix((weight, (relation, np.arange(relation.size))), (m, relation.size))
    places = np.asarray(total @ product) / (np.asarray(total.sum(axis=1)) + 5)
    return np.asarray(places / (np.abs(places).mean() + 1e-9))


def _nearest(profile: csr_matrix) -> tuple[Ints, Ints, Floats]:
    """Find each active sender's most similar ones, itself among them, by squared cosine."""
    n = profile.shape[0]
    held = np.asarray((profile > 0).sum(axis=0)).ravel()
    u, scale, _ = _svd(profile.multiply(np.log(n / (1 + held))[None, :]).tocsr(), PROFILE_WIDTH)
    place = u * scale
    length = np.linalg.norm(place, axis=1)
    active = np.flatnonzero(length > 1e-6)
    if not active.size:
        return np.zeros(n + 1, np.int64), np.empty(0, np.int64), np.empty(0)
    place = place[active] / length[active, None]
    k = min(NEIGHBOURS, active.size)
    near = np.empty((active.size, k), np.int64)
    nearness = np.empty((active.size, k))
    for block in range(0, active.size, _BLOCK):
        cosine = place[block : block + _BLOCK] @ place.T
        top = np.argpartition(-cosine, k - 1, axis=1)[:, :k]
        near[block : block + _BLOCK] = active[top]
        nearness[block : block + _BLOCK] = np.take_along_axis(cosine, top, axis=1)
    sizes = np.zeros(n + 1, np.int64)
    sizes[active + 1] = k
    return np.cumsum(sizes), near.ravel(), np.maximum(nearness.ravel(), 0) ** 2
