"""Triad balance: the share of triangles with an even number of negative ties."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from blocs.alignment.balance import count_triads
from blocs.contracts import Citation, Index


def score(matrix: NDArray[np.float64]) -> float:
    """Share of balanced triangles.

    Parameters
    ----------
    matrix : ndarray of float64, shape (n, n)
        Symmetric signed matrix, zero diagonal.

    Returns
    -------
    float
        In [0, 1]; nan without triangles.

    References
    ----------
    Cartwright, D., Harary, F. (1956). Structural balance. Psychological Review 63.
    doi:10.1037/h0046049.

    Examples
    --------
    >>> score(np.array([[0.0, 1, -1], [1, 0, -1], [-1, -1, 0]]))
    1.0
    """
    return count_triads(matrix).balanced


INDEX = Index(
    title="Share of balanced triangles",
    low=0.0,
    high=1.0,
    citation=Citation(
        "Cartwright, D., Harary, F. (1956). Structural balance. Psychological Review 63",
        "10.1037/h0046049",
    ),
    score=score,
)
