"""Agreement of votes: one for the same, a half for abstaining beside a yes or no."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from blocs.contracts import Citation, Similarity


def agreement(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean agreement, 1 - |difference| / (L - 1), of the items both took part in.

    Parameters
    ----------
    table : ndarray, shape (..., L, L)
        Counts of items by both positions, positions in order (yes, abstain, no).

    Returns
    -------
    ndarray, shape (...)
        Range [0, 1]; nan without items.

    Notes
    -----
    1 - sum |i - j| P_ij / (L - 1), cost O(L^2).

    References
    ----------
    Voeten, E. (2013). Data and Analyses of Voting in the United Nations General
    Assembly. In: Reinalda (ed.), Routledge Handbook of International Organization.

    Examples
    --------
    >>> agreement(np.array([[2.0, 1, 0], [0, 0, 0], [1, 0, 0]])).item()
    0.625
    """
    levels = table.shape[-1]
    d = np.abs(np.subtract.outer(np.arange(levels), np.arange(levels))).astype(np.float64)
    total, apart = np.tensordot(table, np.ones_like(d)), np.tensordot(table, d)
    share = np.divide(apart, total, out=np.full_like(total, np.nan), where=total > 0)
    score: NDArray[np.float64] = 1 - share / (levels - 1)
    return score


SIMILARITY = Similarity(
    title="voting agreement",
    low=0.0,
    high=1.0,
    citation=Citation(
        "Voeten, E. (2013). Data and Analyses of Voting in the United Nations "
        "General Assembly. Routledge Handbook of International Organization"
    ),
    score=agreement,
)
