"""Structural balance of signed networks: triads, walks, modularity.

`random_networks` puts each measure beside its null distribution.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from blocs.alignment.settled import EPS, settled
from blocs.alignment.signed.graph import FloatArray
from blocs.errors import BadInput


@dataclass(frozen=True, slots=True)
class TriadCensus:
    """Triangles by their number of negative ties.

    Attributes
    ----------
    counts : ndarray of int64, shape (4,)
        Triangles with 0, 1, 2 and 3 negative ties.
    """

    counts: NDArray[np.int64]

    @property
    def total(self) -> int:
        """All triangles."""
        return int(self.counts.sum())

    @property
    def balanced(self) -> float:
        """Share with an even number of negative ties; nan without triangles."""
        return float(self.counts[[0, 2]].sum() / self.total) if self.total else float("nan")

    @property
    def weakly_balanced(self) -> float:
        """Share without exactly one negative tie (Davis 1967); nan without triangles."""
        return float(1 - self.counts[1] / self.total) if self.total else float("nan")


def check_signed_matrix(matrix: ArrayLike) -> FloatArray:
    """Check that a matrix is square, symmetric, finite, with zero diagonal.

    Parameters
    ----------
    matrix : array_like, shape (n, n)

    Returns
    -------
    ndarray of float64, shape (n, n)

    Raises
    ------
    BadInput
        It is not.
    """
    signed = np.asarray(matrix, dtype=np.float64)
    if signed.ndim != 2 or signed.shape[0] != signed.shape[1]:
        raise BadInput(f"a signed matrix of shape {signed.shape} is not square")
    if not np.isfinite(signed).all():
        raise BadInput("a signed matrix has cells that are not finite; fill or drop them")
    if not np.allclose(signed, signed.T):
        i, j = np.argwhere(~np.isclose(signed, signed.T))[0]
        raise BadInput(
            f"a signed matrix is not symmetric: cell ({i}, {j}) is {signed[i, j]}, "
            f"cell ({j}, {i}) is {signed[j, i]}; add the two directions first"
        )
    if np.diagonal(signed).any():
        raise BadInput("a signed matrix has ties of actors with themselves; set them to 0")
    return signed


def count_triads(matrix: ArrayLike) -> TriadCensus:
    """Count triangles by their number of negative ties.

    Parameters
    ----------
    matrix : array_like, shape (n, n)
        Symmetric signed matrix, zero diagonal; only signs count.

    Returns
    -------
    TriadCensus

    Notes
    -----
    A triangle is balanced if it has 0 or 2 negative ties (Heider; Cartwright &
    Harary 1956), weakly balanced if it has not exactly 1 (Davis 1967). O(n^3).

    References
    ----------
    Cartwright, D., Harary, F. (1956). Structural balance. Psychological Review 63.
    doi:10.1037/h0046049. Davis, J. A. (1967). Clustering and structural balance in
    graphs. Human Relations 20.

    Examples
    --------
    France and Britain are friends, both enemies of Germany:

    >>> count_triads([[0, 1, -1], [1, 0, -1], [-1, -1, 0]]).counts.tolist()
    [0, 0, 1, 0]
    """
    signed = check_signed_matrix(matrix)
    plus, minus = (signed > 0).astype(np.float64), (signed < 0).astype(np.float64)
    pp, mm = plus @ plus, minus @ minus
    raw = [(pp * plus).sum() / 6, (pp * minus).sum() / 2]
    raw += [(mm * plus).sum() / 2, (mm * minus).sum() / 6]
    return TriadCensus(np.round(raw).astype(np.int64))


def walk_balance(matrix: ArrayLike) -> float:
    """Share of closed walks that are balanced, as a ratio of signed to all walks.

    Parameters
    ----------
    matrix : array_like, shape (n, n)
        Symmetric signed matrix, zero diagonal.

    Returns
    -------
    float
        K in (0, 1]; 1 if and only if the network is balanced.

    Notes
    -----
    K = tr e^A / tr e^|A|, closed walks of length k counted with weight 1/k!. The
    share of balanced walks is (1 + K) / 2. Both traces are sums of exponentials
    of eigenvalues, taken after subtracting the largest of |A| so that nothing
    overflows. K falls steeply with density: compare it with its null. O(n^3).

    References
    ----------
    Estrada, E., Benzi, M. (2014). Walk-based measure of balance in signed networks.
    Physical Review E 90. doi:10.1103/PhysRevE.90.042802.

    Examples
    --------
    >>> walk_balance([[0, 1, -1], [1, 0, -1], [-1, -1, 0]])
    1.0
    """
    signed = check_signed_matrix(matrix)
    if signed.shape[0] == 0:
        return 1.0
    both, all_walks = np.linalg.eigvalsh(signed), np.linalg.eigvalsh(np.abs(signed))
    top = all_walks[-1]
    ratio = float(np.exp(both - top).sum() / np.exp(all_walks - top).sum())
    return min(1.0, settled(ratio, _error(signed.shape[0], float(top))))


def _error(n: int, top: float) -> float:
    """Bound the relative error of a sum of exponentials; an eigenvalue is off by n eps top."""
    return 2 * EPS * n * max(1.0, top)


def local_walk_balance(matrix: ArrayLike) -> FloatArray:
    """Walk balance of each actor: closed walks that start and end with him.

    Parameters
    ----------
    matrix : array_like, shape (n, n)
        Symmetric signed matrix, zero diagonal.

    Returns
    -------
    ndarray of float64, shape (n,)
        K_i = (e^A)_ii / (e^|A|)_ii in (0, 1]; 1 for actors without ties.

    References
    ----------
    Estrada, E., Benzi, M. (2014). Walk-based measure of balance in signed networks.
    Physical Review E 90. doi:10.1103/PhysRevE.90.042802.

    Examples
    --------
    >>> local_walk_balance([[0, -1], [-1, 0]]).tolist()
    [1.0, 1.0]
    """
    signed = check_signed_matrix(matrix)
    if signed.shape[0] == 0:
        return np.zeros(0)
    from scipy.linalg import expm
    from scipy.sparse.csgraph import connected_components

    local = np.ones(signed.shape[0])
    label = connected_components(signed != 0, directed=False)[1]
    for component in range(int(label.max()) + 1):
        inside = np.flatnonzero(label == component)
        part = signed[np.ix_(inside, inside)]
        # one shift per component: e^A and e^|A| are both divided by e^top
        top = np.linalg.eigvalsh(np.abs(part))[-1] * np.eye(inside.size)
        local[inside] = np.diagonal(expm(part - top)) / np.diagonal(expm(np.abs(part) - top))
    error = _error(signed.shape[0], float(np.abs(signed).sum(axis=1).max()))
    return np.minimum(1.0, [settled(float(one), error) for one in local])


def signed_modularity(matrix: ArrayLike, labels: ArrayLike) -> float:
    """How much more friendly within and hostile between blocs ties are than by chance.

    Parameters
    ----------
    matrix : array_like, shape (n, n)
        Symmetric signed matrix, zero diagonal.
    labels : array_like of int, shape (n,)
        Bloc of each actor.

    Returns
    -------
    float
        Q in [-1, 1]; nan without ties.

    Raises
    ------
    BadInput
        `labels` has another length than the matrix.

    Notes
    -----
    Q = 1/(2w+ + 2w-) sum_ij [w_ij - (w+_i w+_j / 2w+ - w-_i w-_j / 2w-)] d(c_i, c_j).

    References
    ----------
    Gomez, S., Jensen, P., Arenas, A. (2009). Analysis of community structure in
    networks of correlated data. Physical Review E 80.
    doi:10.1103/PhysRevE.80.016114.

    Examples
    --------
    >>> round(signed_modularity([[0, 1, -1], [1, 0, -1], [-1, -1, 0]], [0, 0, 1]), 4)
    0.3333
    """
    signed = check_signed_matrix(matrix)
    bloc = np.asarray(labels).reshape(-1)
    if bloc.size != signed.shape[0]:
        raise BadInput(f"{bloc.size} labels for {signed.shape[0]} actors; give one each")
    total = np.abs(signed).sum()
    if total == 0:
        return float("nan")
    excess = signed.copy()
    for sign in (1.0, -1.0):
        strength = np.maximum(sign * signed, 0.0).sum(axis=1)
        if strength.sum() > 0:
            excess -= sign * np.outer(strength, strength) / strength.sum()
    same = bloc[:, None] == bloc[None, :]
    # signed and expected ties each add up to `total` at most, once a sign
    return settled(float(excess[same].sum() / total), 16 * EPS)
