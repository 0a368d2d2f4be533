"""Any number of blocs of least frustration: exact correlation clustering, with its certificate."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from blocs.alignment.partition_result import PartitionResult
from blocs.alignment.signed.certificate import certify
from blocs.alignment.signed.clusters import split_freely
from blocs.contracts import Citation, Partition
from blocs.errors import BadInput


def partition(
    n: int,
    a: NDArray[np.int32],
    b: NDArray[np.int32],
    weight: NDArray[np.float64],
    *,
    k: int | None = None,
    seconds: float = 60.0,
    rng: np.random.Generator,
) -> PartitionResult:
    """Split a signed network into as many blocs as contradict its ties least.

    Use it when the number of camps is part of the question.

    Parameters
    ----------
    n : int
        Actors.
    a, b : ndarray of int, shape (ties,)
        Ends of each tie, in [0, n); several ties of a pair are summed.
    weight : ndarray of float, shape (ties,)
        Signed weight: positive for friends, negative for enemies.
    k : None
        The number of blocs is free; nothing else is possible.
    seconds : float
        Time limit. The best blocs found so far and their bound come back when
        it is reached.
    rng : numpy.random.Generator
        Not used; here for the contract.

    Returns
    -------
    PartitionResult

    Raises
    ------
    BadInput
        See :func:`blocs.alignment.signed.graph.build_signed_graph`; or k is given.

    Notes
    -----
    Least weight of positive ties between and negative ties within blocs
    (correlation clustering, or multicut). Only cycles with exactly one negative
    tie force frustration, and a set of ties that meets them all is frustrated by
    some partition (Demaine et al. 2006): solved like ``frustration``, by cutting
    planes over such cycles (triangles first) and branch and bound.

    Every bloc hangs together by positive ties: actors without a positive tie
    stand alone rather than in somebody's bloc by accident.

    Within each bloc of the partition returned, the largest core (actors that
    share a bloc in every optimum) is `forced`, as is an actor that is alone in
    every optimum. Everybody else is `free`, as are actors without ties.

    References
    ----------
    Bansal, N., Blum, A., Chawla, S. (2004). Correlation clustering. Machine
    Learning 56. doi:10.1023/B:MACH.0000033116.57574.95.
    Demaine, E. D., Emanuel, D., Fiat, A., Immorlica, N. (2006). Correlation
    clustering in general weighted graphs. Theoretical Computer Science 361.
    doi:10.1016/j.tcs.2006.05.008.

    Examples
    --------
    Three states, all enemies of one another, are three blocs and not two:

    >>> a, b = np.array([0, 0, 1]), np.array([1, 2, 2])
    >>> found = partition(3, a, b, -np.ones(3), rng=np.random.default_rng(1))
    >>> found.frustration, found.proved, found.sides.tolist()
    (0.0, True, [0, 1, 2])
    """
    if k is not None:
        raise BadInput(f"k is {k}; correlation finds the number of blocs itself: leave k out")
    return certify(split_freely, n, a, b, weight, two_sided=False, seconds=seconds)


PARTITION = Partition(
    title="Any number of blocs of least frustration, exact (correlation clustering)",
    citation=Citation(
        "Bansal, N., Blum, A., Chawla, S. (2004). Correlation clustering. Machine Learning 56",
        "10.1023/B:MACH.0000033116.57574.95",
    ),
    solve=partition,
)
