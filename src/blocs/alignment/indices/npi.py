"""Network polarisation index: few, equal, disjoint cliques of friends polarise most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from blocs.alignment.balance import check_signed_matrix
from blocs.contracts import Citation, Index
from blocs.errors import BadInput

MOST_CLIQUES = 200_000


@dataclass(frozen=True, slots=True)
class Npi:
    """Network polarisation and its two components.

    Attributes
    ----------
    gpol : float
        How evenly actors are in or out of each clique.
    cmoi : float
        Overlap: share of their cliques that pairs of actors have in common.
    npi : float
        ``gpol * (1 - cmoi)``.
    cliques : int
        Number of maximal cliques.
    """

    gpol: float
    cmoi: float
    npi: float
    cliques: int


def measure_npi(matrix: ArrayLike) -> Npi:
    """Network polarisation from the maximal cliques of positive ties.

    Parameters
    ----------
    matrix : array_like, shape (n, n)
        Symmetric signed matrix, zero diagonal; positive cells are ties, the rest
        are not.

    Returns
    -------
    Npi
        nan with fewer than two actors.

    Raises
    ------
    BadInput
        More than 200,000 maximal cliques.

    Notes
    -----
    The unweighted variant, with cliques C_1..C_k of n actors (an actor without
    friends is a clique of one) and O_ij the number of cliques i and j share:

    GPOL = 4/(k n^2) sum_j |C_j| (n - |C_j|), CMOI = 2/(n (n - 1)) sum_{i<j} O_ij/O_jj,
    NPI = GPOL (1 - CMOI).

    As it stands CMOI depends on the order of the actors, since O_ij/O_jj and
    O_ij/O_ii differ: the mean of the two is used here. The formulas follow
    descriptions of Maoz's program, not a text of his own that could be checked.

    References
    ----------
    Maoz, Z. (2006). Network polarization, network interdependence, and
    international conflict, 1816-2002. Journal of Peace Research 43.
    doi:10.1177/0022343306065720.

    Examples
    --------
    Two disjoint pairs of allies:

    >>> pairs = np.kron(np.eye(2), [[0, 1], [1, 0]])
    >>> found = measure_npi(pairs)
    >>> found.gpol, round(found.cmoi, 4), round(found.npi, 4)
    (1.0, 0.3333, 0.6667)
    """
    signed = check_signed_matrix(matrix)
    n = signed.shape[0]
    if n < 2:
        nan = float("nan")
        return Npi(nan, nan, nan, n)
    cliques = list_cliques(signed > 0)
    member = np.zeros((len(cliques), n))
    for row, clique in enumerate(cliques):
        member[row, list(clique)] = 1.0
    size = member.sum(axis=1)
    gpol = 4.0 / (len(cliques) * n**2) * float((size * (n - size)).sum())
    shared = member.T @ member
    ratio = shared / np.diagonal(shared)[None, :]
    cmoi = float((ratio.sum() - n) / (n * (n - 1)))
    return Npi(gpol, cmoi, gpol * (1.0 - cmoi), len(cliques))


def list_cliques(tied: NDArray[np.bool_]) -> list[tuple[int, ...]]:
    """All maximal cliques of an undirected graph, sorted.

    Parameters
    ----------
    tied : ndarray of bool, shape (n, n)
        Symmetric, False on the diagonal.

    Returns
    -------
    list of tuple of int

    Raises
    ------
    BadInput
        More than 200,000 of them.

    Notes
    -----
    Bron & Kerbosch (1973) with pivots (Tomita et al. 2006), on integers as sets.

    Examples
    --------
    >>> list_cliques(np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]], dtype=bool))
    [(0, 1), (1, 2)]
    """
    near = [sum(1 << int(j) for j in np.flatnonzero(row)) for row in tied]
    found: list[tuple[int, ...]] = []
    stack: list[tuple[tuple[int, ...], int, int]] = [((), (1 << len(near)) - 1, 0)]
    while stack:
        clique, open_, done = stack.pop()
        if not open_ and not done:
            found.append(tuple(sorted(clique)))
            if len(found) > MOST_CLIQUES:
                raise BadInput(
                    f"more than {MOST_CLIQUES:,} cliques of friends; the network is too dense "
                    "for the polarisation index: raise the threshold of a tie"
                )
            continue
        pivot = max(_members(open_ | done), key=lambda v: (near[v] & open_).bit_count())
        for v in _members(open_ & ~near[pivot]):
            stack.append(((*clique, v), open_ & near[v], done & near[v]))
            open_ &= ~(1 << v)
            done |= 1 << v
    return sorted(found)


def _members(bits: int) -> list[int]:
    """Positions of the ones."""
    out = []
    while bits:
        low = bits & -bits
        out.append(low.bit_length() - 1)
        bits ^= low
    return out


def score(matrix: NDArray[np.float64]) -> float:
    """Network polarisation index of positive ties; see :func:`measure_npi`.

    Parameters
    ----------
    matrix : ndarray of float64, shape (n, n)
        Symmetric signed matrix, zero diagonal.

    Returns
    -------
    float

    Examples
    --------
    >>> round(score(np.kron(np.eye(2), [[0.0, 1], [1, 0]])), 4)
    0.6667
    """
    return measure_npi(matrix).npi


INDEX = Index(
    title="Network polarisation index of cliques of friends (unweighted variant)",
    low=0.0,
    high=1.0,
    citation=Citation(
        "Maoz, Z. (2006). Network polarization, network interdependence, and international "
        "conflict, 1816-2002. Journal of Peace Research 43",
        "10.1177/0022343306065720",
    ),
    score=score,
)
