"""Cohen's kappa, weighted: likeness beyond what each state's own margin would give by chance."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from blocs.contracts import Citation, Similarity


def kappa(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Chance-corrected likeness, 1 - sum(D P) / sum(D E).

    Parameters
    ----------
    table : ndarray, shape (..., L, L)
        Weight of items by both positions, in order.

    Returns
    -------
    ndarray, shape (...)
        Range (-inf, 1]; nan without items, or where chance leaves no distance.

    Notes
    -----
    D_ij = (i - j)^2 (squared disagreement); E is the product of
    r and c, the row and column margins. Cost O(L^2).

    References
    ----------
    Haege, F. (2011). Choice or Circumstance? Adjusting Measures of Foreign Policy
    Similarity for Chance Agreement. Political Analysis 19(3). doi:10.1093/pan/mpr023

    Examples
    --------
    >>> round(kappa(np.array([[20.0, 5], [10, 15]])).item(), 3)
    0.4
    """
    levels = table.shape[-1]
    total = table.sum(axis=(-2, -1), keepdims=True)
    p = np.divide(table, total, out=np.full_like(table, np.nan), where=total > 0)
    d = np.subtract.outer(np.arange(levels), np.arange(levels)) ** 2
    r, c = p.sum(axis=-1), p.sum(axis=-2)
    expected = np.einsum("...i,...j,ij->...", r, c, d)
    observed = (p * d).sum(axis=(-2, -1))
    ratio = np.divide(observed, expected, out=np.full_like(observed, np.nan), where=expected > 0)
    score: NDArray[np.float64] = 1 - ratio
    return score


SIMILARITY = Similarity(
    title="Cohen's kappa, squared weights",
    low=-np.inf,
    high=1.0,
    citation=Citation(
        "Haege, F. (2011). Choice or Circumstance? Adjusting Measures of Foreign "
        "Policy Similarity for Chance Agreement. Political Analysis 19(3)",
        "10.1093/pan/mpr023",
    ),
    score=kappa,
)
