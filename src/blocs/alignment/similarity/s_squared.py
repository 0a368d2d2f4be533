"""Similarity S with squared distances: a far disagreement counts for more."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from blocs.alignment.portfolio_distance import distance_score
from blocs.contracts import Citation, Similarity


def s_squared(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Similarity of two portfolios, 1 - 2 sum(w d^2) / sum(w d_max^2).

    Parameters
    ----------
    table : ndarray, shape (..., L, L)
        Weight of items by both positions; the positions are fixed by the layer.

    Returns
    -------
    ndarray, shape (...)
        Range [-1, 1]; nan without items.

    References
    ----------
    Signorino, C., Ritter, J. (1999). Tau-b or Not Tau-b. International Studies
    Quarterly 43(1). doi:10.1111/0020-8833.00113

    Examples
    --------
    >>> s_squared(np.array([[2.0, 1, 0], [0, 0, 0], [1, 0, 0]])).item()
    0.375
    """
    return distance_score(table, power=2)


SIMILARITY = Similarity(
    title="S score, squared distances",
    low=-1.0,
    high=1.0,
    citation=Citation(
        "Signorino, C., Ritter, J. (1999). Tau-b or Not Tau-b: Measuring the "
        "Similarity of Foreign Policy Positions. International Studies Quarterly "
        "43(1)",
        "10.1111/0020-8833.00113",
    ),
    score=s_squared,
)
