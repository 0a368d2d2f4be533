"""What every partition method returns: sides with a certificate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class PartitionResult:
    """Blocs of one signed network, how good they are, and how firm each membership is.

    Attributes
    ----------
    sides : ndarray of int32, shape (n,)
        Bloc of each actor, numbered from 0 by first appearance. Actors without
        any tie have a number too, but it says nothing: they are ``free``.
    frustration : float
        Sum of ``|weight|`` over the ties the partition leaves frustrated: positive
        ties between blocs and negative ties within one.
    bound : float
        Proven lower bound of the frustration; ``-inf`` where the method has none.
    proved : bool
        True if no partition has less frustration (up to the numerical tolerance).
    forced : ndarray of bool, shape (n,)
        Membership is the same in every optimal partition (see the method's Notes).
        All False where the optimum is not proved.
    free : ndarray of bool, shape (n,)
        Another optimal partition places the actor differently, or it has no tie.
        An actor that is neither forced nor free has not been settled.
    cores : ndarray of int32, shape (n,)
        Actors with the same number keep their relation to each other in every
        optimal partition; -1 where that is not settled.
    seconds : float
        Wall-clock time used.
    n, m : int
        Actors, and ties after duplicates were summed and zero sums dropped.
    """

    sides: NDArray[np.int32]
    frustration: float
    bound: float
    proved: bool
    forced: NDArray[np.bool_]
    free: NDArray[np.bool_]
    cores: NDArray[np.int32]
    seconds: float
    n: int
    m: int

    @property
    def gap(self) -> float:
        """Frustration minus its bound; 0 where proved."""
        return 0.0 if self.proved else self.frustration - self.bound


def number_by_appearance(labels: NDArray[np.integer]) -> NDArray[np.int32]:
    """Renumber labels 0, 1, ... in the order of their first appearance.

    Parameters
    ----------
    labels : ndarray of int, shape (n,)
        Any labels.

    Returns
    -------
    ndarray of int32, shape (n,)

    Examples
    --------
    >>> number_by_appearance(np.array([7, 7, 2, 7])).tolist()
    [0, 0, 1, 0]
    """
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.empty(first.size, dtype=np.int32)
    rank[np.argsort(first)] = np.arange(first.size, dtype=np.int32)
    renumbered: NDArray[np.int32] = rank[inverse.reshape(-1)]
    return renumbered
