"""Signed modularity of the two sides of least frustration."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from blocs.alignment.balance import signed_modularity
from blocs.alignment.signed.exact import split_matrix
from blocs.contracts import Citation, Index


def score(matrix: NDArray[np.float64]) -> float:
    """Signed modularity of the least frustrated two sides.

    Parameters
    ----------
    matrix : ndarray of float64, shape (n, n)
        Symmetric signed matrix, zero diagonal.

    Returns
    -------
    float
        In [-1, 1]; nan without ties. Where several splits are optimal it is that
        of the one found first.

    References
    ----------
    Gomez, S., Jensen, P., Arenas, A. (2009). Analysis of community structure in
    networks of correlated data. Physical Review E 80.
    doi:10.1103/PhysRevE.80.016114.

    Examples
    --------
    >>> round(score(np.array([[0.0, 1, -1], [1, 0, -1], [-1, -1, 0]])), 4)
    0.3333
    """
    return signed_modularity(matrix, split_matrix(matrix)[1].labels)


INDEX = Index(
    title="Signed modularity of the two sides of least frustration",
    low=-1.0,
    high=1.0,
    citation=Citation(
        "Gomez, S., Jensen, P., Arenas, A. (2009). Analysis of community structure in networks "
        "of correlated data. Physical Review E 80",
        "10.1103/PhysRevE.80.016114",
    ),
    score=score,
)
