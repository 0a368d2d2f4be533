"""Polarisation as identification within groups times alienation between them."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from blocs.alignment.signed.exact import split_tied
from blocs.contracts import Citation, Index
from blocs.errors import BadInput

ALPHA = 1.3


def esteban_ray(share: ArrayLike, position: ArrayLike, *, alpha: float = ALPHA) -> float:
    """Polarisation of groups with given sizes and positions on a line.

    Parameters
    ----------
    share : array_like, shape (k,)
        Size of each group, 0 or more; scaled to sum to 1.
    position : array_like, shape (k,)
        Where each group stands, any unit.
    alpha : float
        Weight of identification, above 0 up to 1.6; 0 would be the Gini index.

    Returns
    -------
    float
        0 if all stand in one place. With positions in [0, 1] it is at most
        ``2^-(1 + alpha)``, for two equal groups at the ends.

    Raises
    ------
    BadInput
        Lengths differ, a share is negative, all are zero, or alpha is out of range.

    Notes
    -----
    P = K sum_i sum_j p_i^(1 + alpha) p_j |y_i - y_j| with K = 1.

    References
    ----------
    Esteban, J.-M., Ray, D. (1994). On the measurement of polarization.
    Econometrica 62. doi:10.2307/2951734.

    Examples
    --------
    >>> esteban_ray([0.5, 0.5], [0.0, 1.0], alpha=1.0)
    0.25
    """
    p = np.asarray(share, dtype=np.float64).reshape(-1)
    y = np.asarray(position, dtype=np.float64).reshape(-1)
    if p.size != y.size:
        raise BadInput(f"{p.size} shares for {y.size} positions; give one each")
    if not (np.isfinite(p).all() and np.isfinite(y).all()) or (p < 0).any() or p.sum() <= 0:
        raise BadInput("shares must be 0 or more, not all 0, and everything finite")
    if not 0 < alpha <= 1.6:
        raise BadInput(f"alpha is {alpha}; Esteban and Ray allow values above 0 up to 1.6")
    p = p / p.sum()
    distance = np.abs(y[:, None] - y[None, :])
    return float(p ** (1 + alpha) @ distance @ p)


def score(matrix: NDArray[np.float64]) -> float:
    """Esteban-Ray polarisation of the two sides of least frustration, one apart.

    It tells two equal camps from one camp with a few outsiders, and nothing of how
    firm the camps are: read it beside the frustration.

    Parameters
    ----------
    matrix : ndarray of float64, shape (n, n)
        Symmetric signed matrix, zero diagonal.

    Returns
    -------
    float
        In [0, 1]: K is set so that two equal sides score 1. Actors without ties do
        not count. nan without ties, where the ties do not hang together (the sides
        of separate components cannot be compared), or where no optimum is proved.

    Examples
    --------
    >>> round(score(np.array([[0.0, -1], [-1, 0]])), 6)
    1.0
    """
    found = split_tied(matrix)
    if found is None:
        return float("nan")
    sizes = np.bincount(found.labels, minlength=2)
    return float(2 ** (1 + ALPHA) * esteban_ray(sizes, [0.0, 1.0]))


INDEX = Index(
    title="Esteban-Ray polarisation of the two sides",
    low=0.0,
    high=1.0,
    citation=Citation(
        "Esteban, J.-M., Ray, D. (1994). On the measurement of polarization. Econometrica 62",
        "10.2307/2951734",
    ),
    score=score,
)
