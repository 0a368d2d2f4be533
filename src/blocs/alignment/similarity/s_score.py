"""S: how close two foreign-policy portfolios lie (Signorino & Ritter)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from blocs.alignment.portfolio_distance import distance_score
from blocs.contracts import Citation, Similarity


def s_score(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """S = 1 - 2 sum(w d) / sum(w d_max).

    Parameters
    ----------
    table : ndarray, shape (..., L, L)
        Weight of items by both positions; the positions are fixed by the layer,
        never the observed range, or the denominator would change by dyad.

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
    Portfolios 3 3 2 2 and 2 2 3 3 with weights .5 .3 .1 .1 on a scale of 0 to 3:

    >>> table = np.zeros((4, 4))
    >>> table[3, 2], table[2, 3] = 0.8, 0.2
    >>> round(s_score(table).item(), 6)
    0.333333
    """
    return distance_score(table)


SIMILARITY = Similarity(
    title="S score",
    low=-1.0,
    high=1.0,
    citation=Citation(
        "Signorino, C., Ritter, J. (1999). Tau-b or Not Tau-b: Measuring the "
        "Similarity of Foreign Policy Positions. International Studies Quarterly "
        "43(1)",
        "10.1111/0020-8833.00113",
    ),
    score=s_score,
)
