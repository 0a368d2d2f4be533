"""Cosine of two portfolios, positions counted from the middle of the scale."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from blocs.contracts import Citation, Similarity


def cosine(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cosine similarity, sum(x y P) / sqrt(sum(x^2 r) sum(y^2 c)).

    Parameters
    ----------
    table : ndarray, shape (..., L, L)
        Weight of items by both positions, in order.

    Returns
    -------
    ndarray, shape (...)
        Range [-1, 1]; nan where a state was always in the middle.

    Notes
    -----
    x = level - (L - 1) / 2: -1, 0, 1 for yes, abstain, no. Cost O(L^2).

    Examples
    --------
    >>> cosine(np.array([[1.0, 0, 0], [0, 1, 0], [1, 0, 0]])).item()
    0.0
    """
    x = np.arange(table.shape[-1]) - (table.shape[-1] - 1) / 2
    both = np.tensordot(table, np.outer(x, x))
    own = (table.sum(axis=-1) @ x**2) * (table.sum(axis=-2) @ x**2)
    score: NDArray[np.float64] = np.divide(
        both, np.sqrt(own), out=np.full_like(own, np.nan), where=own > 0
    )
    return np.clip(score, -1.0, 1.0)


SIMILARITY = Similarity(
    title="cosine",
    low=-1.0,
    high=1.0,
    citation=Citation(
        "Salton, G., McGill, M. (1983). Introduction to Modern Information Retrieval. McGraw-Hill"
    ),
    score=cosine,
)
