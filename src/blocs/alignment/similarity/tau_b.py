"""Kendall's tau-b of two portfolios."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from blocs.contracts import Citation, Similarity


def tau_b(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rank correlation with ties: (C - D) / sqrt((n0 - n1)(n0 - n2)).

    Parameters
    ----------
    table : ndarray, shape (..., L, L)
        Counts of items by both positions, in order.

    Returns
    -------
    ndarray, shape (...)
        Range [-1, 1]; nan where one state always took the same position.

    Notes
    -----
    C and D are the concordant and discordant pairs of items, n0 all pairs, n1
    and n2 those tied for the first and for the second state. Cost O(L^2).

    References
    ----------
    Kendall, M. (1938). A New Measure of Rank Correlation. Biometrika 30.
    doi:10.1093/biomet/30.1-2.81

    Examples
    --------
    >>> round(tau_b(np.array([[2.0, 1], [1, 2]])).item(), 6)
    0.333333
    """
    below = np.cumsum(np.cumsum(table[..., ::-1, ::-1], axis=-2), axis=-1)[..., ::-1, ::-1]
    later = np.zeros_like(table)
    later[..., :-1, :-1] = below[..., 1:, 1:]
    left = np.cumsum(np.cumsum(table[..., ::-1, :], axis=-2)[..., ::-1, :], axis=-1)
    crossed = np.zeros_like(table)
    crossed[..., :-1, 1:] = left[..., 1:, :-1]
    concordant = (table * later).sum(axis=(-2, -1))
    discordant = (table * crossed).sum(axis=(-2, -1))
    rows, columns = table.sum(axis=-1), table.sum(axis=-2)
    n = table.sum(axis=(-2, -1))
    free = np.sqrt(
        np.clip(n**2 - (rows**2).sum(-1), 0, None) * np.clip(n**2 - (columns**2).sum(-1), 0, None)
    )
    score: NDArray[np.float64] = np.divide(
        2 * (concordant - discordant), free, out=np.full_like(free, np.nan), where=free > 0
    )
    return score


SIMILARITY = Similarity(
    title="Kendall's tau-b",
    low=-1.0,
    high=1.0,
    citation=Citation(
        "Kendall, M. (1938). A New Measure of Rank Correlation. Biometrika 30",
        "10.1093/biomet/30.1-2.81",
    ),
    score=tau_b,
)
