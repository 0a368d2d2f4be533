"""How far apart two portfolios lie, as a share of how far they could: the ground of S."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def distance_score(table: NDArray[np.float64], *, power: int = 1) -> NDArray[np.float64]:
    """Similarity of two portfolios, 1 - 2 sum(w d^power) / sum(w d_max^power).

    Parameters
    ----------
    table : ndarray, shape (..., L, L)
        Weight of items by both positions; the positions are fixed by the layer,
        never the observed range, or the denominator would change by dyad.
    power : int
        1 for absolute distances, 2 for squared ones.

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
    >>> half = np.array([[1.0, 0, 1], [0, 0, 0], [0, 0, 0]])
    >>> distance_score(half).item(), distance_score(half, power=2).item()
    (0.0, 0.0)
    """
    levels = np.arange(table.shape[-1])
    d = np.abs(np.subtract.outer(levels, levels)).astype(np.float64) ** power
    total, apart = np.tensordot(table, np.full_like(d, d.max())), np.tensordot(table, d)
    share = np.divide(apart, total, out=np.full_like(total, np.nan), where=total > 0)
    score: NDArray[np.float64] = 1 - 2 * share
    return score
