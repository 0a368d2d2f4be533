"""Share of items on which both took the very same position."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from blocs.contracts import Citation, Similarity


def identical(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of the joint table on its diagonal.

    Parameters
    ----------
    table : ndarray, shape (..., L, L)
        Counts of items by both positions. With three levels absences are left
        out; with four, absence counts as a position like any other. Both are
        found in print and differ by 4 to 14 points for some pairs of states.

    Returns
    -------
    ndarray, shape (...)
        Range [0, 1]; nan without items.

    Notes
    -----
    sum_k P_kk, cost O(L).

    Examples
    --------
    >>> identical(np.array([[3.0, 0, 1], [0, 0, 0], [0, 0, 4]])).item()
    0.875
    """
    total = table.sum(axis=(-2, -1))
    same = np.trace(table, axis1=-2, axis2=-1)
    share: NDArray[np.float64] = np.divide(
        same, total, out=np.full_like(total, np.nan), where=total > 0
    )
    return share


SIMILARITY = Similarity(
    title="identical votes",
    low=0.0,
    high=1.0,
    citation=Citation(
        "Lijphart, A. (1963). The Analysis of Bloc Voting in the General Assembly. "
        "American Political Science Review 57(4)",
        "10.2307/1952608",
    ),
    score=identical,
    absences=True,
)
