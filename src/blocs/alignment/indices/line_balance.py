"""Line balance: how far the least frustration is from the most there can be."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from blocs.alignment.signed.exact import split_matrix
from blocs.contracts import Citation, Index


def score(matrix: NDArray[np.float64]) -> float:
    """Share of tie weight that two sides satisfy, scaled to [0, 1].

    Parameters
    ----------
    matrix : ndarray of float64, shape (n, n)
        Symmetric signed matrix, zero diagonal.

    Returns
    -------
    float
        F = 1 - 2 L / m with L the least frustration and m the sum of |weight|; 1
        if balanced. nan without ties or where L is not proved within a minute.

    Notes
    -----
    No network has L above m / 2, hence F is not negative. NP-hard; a network of
    150 states takes some hundredths of a second.

    References
    ----------
    Aref, S., Wilson, M. C. (2018). Measuring partial balance in signed networks.
    Journal of Complex Networks 6. doi:10.1093/comnet/cnx044.

    Examples
    --------
    One of three equal ties of an unbalanced triangle must be frustrated:

    >>> round(score(np.array([[0.0, 1, 1], [1, 0, -1], [1, -1, 0]])), 4)
    0.3333
    """
    graph, cover = split_matrix(matrix)
    total = float(graph.cost.sum())
    if total == 0.0 or not cover.proved:
        return float("nan")
    return 1.0 - 2.0 * cover.value / total


INDEX = Index(
    title="Line balance of the two sides of least frustration",
    low=0.0,
    high=1.0,
    citation=Citation(
        "Aref, S., Wilson, M. C. (2018). Measuring partial balance in signed networks. "
        "Journal of Complex Networks 6",
        "10.1093/comnet/cnx044",
    ),
    score=score,
)
