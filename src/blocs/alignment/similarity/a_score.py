"""A: similarity S less what independent portfolios with the same margins would have."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from blocs.contracts import Citation, Similarity


def a_score(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Excess of S over its value under independence, 2 sum(d (r x c - P)) / d_max.

    Parameters
    ----------
    table : ndarray, shape (..., L, L)
        Weight of items by both positions, in order.

    Returns
    -------
    ndarray, shape (...)
        Range [-1, 1]; 0 for independent portfolios; nan without items.

    Notes
    -----
    d_ij = |i - j|; r and c are the margins of P. Unlike kappa it is not divided by the
    most there can be, so that a state's likeness to itself depends on how varied it is.

    Examples
    --------
    >>> a_score(np.array([[2.0, 0], [0, 2]])).item(), a_score(np.ones((2, 2))).item()
    (1.0, 0.0)
    """
    levels = np.arange(table.shape[-1])
    d = np.abs(np.subtract.outer(levels, levels)).astype(np.float64)
    total = table.sum(axis=(-2, -1), keepdims=True)
    p = np.divide(table, total, out=np.full_like(table, np.nan), where=total > 0)
    expected = np.einsum("...i,ij,...j->...", p.sum(axis=-1), d, p.sum(axis=-2))
    score: NDArray[np.float64] = 2 * (expected - np.tensordot(p, d)) / d.max()
    return score


SIMILARITY = Similarity(
    title="A, S beyond independence",
    low=-1.0,
    high=1.0,
    citation=Citation(
        "Benati and Capurri: S less its value under independence (as described by others; "
        "no text of theirs was at hand)"
    ),
    score=a_score,
)
