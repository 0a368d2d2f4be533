"""Two sides of least frustration: the exact line index of balance, with its certificate."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from blocs.alignment.partition_result import PartitionResult
from blocs.alignment.signed.certificate import certify
from blocs.alignment.signed.sides import split_in_two
from blocs.contracts import Citation, Partition
from blocs.errors import BadInput


def partition(
    n: int,
    a: NDArray[np.int32],
    b: NDArray[np.int32],
    weight: NDArray[np.float64],
    *,
    k: int | None = 2,
    seconds: float = 60.0,
    rng: np.random.Generator,
) -> PartitionResult:
    """Split a signed network into two sides that contradict as few ties as possible.

    Use it when the question is "which two camps fit these ties best, how badly,
    and whose place is certain?"

    Parameters
    ----------
    n : int
        Actors.
    a, b : ndarray of int, shape (ties,)
        Ends of each tie, in [0, n); several ties of a pair are summed.
    weight : ndarray of float, shape (ties,)
        Signed weight: positive for friends, negative for enemies.
    k : int, optional
        Number of sides; only 2 is possible.
    seconds : float
        Time limit. The best sides found so far and their bound come back when
        it is reached.
    rng : numpy.random.Generator
        Drives the local search; the optimum does not depend on it, but which of
        several optimal partitions is shown may.

    Returns
    -------
    PartitionResult
        `cores` are defined within connected components: sides of different
        components cannot be compared.

    Raises
    ------
    BadInput
        See :func:`blocs.alignment.signed.graph.build_signed_graph`; or k is not 2.

    Notes
    -----
    Least sum of ``|w_e| y_e`` with y_e = 1 for positive ties across and negative
    ties within sides. A set of ties is frustrated by some partition if it meets
    every cycle with an odd number of negative ties; the program over these
    cycles is solved by cutting planes, each round giving a bound (a packing of
    cycles, summed after it has been made feasible) and a partition; HiGHS
    branches if a gap remains. Weights up to six decimals are taken as exact
    multiples of their last decimal when the bound is rounded up.

    `forced` marks the largest core of each connected component: the largest set
    of actors whose relations to each other are the same in every optimum (up to
    swapping the sides). Everybody else is `free`: some optimum places him
    differently towards that core. Actors without ties are free.

    NP-hard; 150 states take some hundredths of a second, 5,000 actors and
    15,000 ties seconds if few ties are frustrated.

    References
    ----------
    Harary, F. (1959). On the measurement of structural balance. Behavioral
    Science 4. Aref, S., Wilson, M. C. (2019). Balance and frustration in signed
    networks. Journal of Complex Networks 7. doi:10.1093/comnet/cny015.
    Barahona, F., Mahjoub, A. R. (1986). On the cut polytope. Mathematical
    Programming 36. doi:10.1007/BF02592023.

    Examples
    --------
    France and Britain are friends, both enemies of Germany; Italy has no tie.

    >>> a, b = np.array([0, 0, 1]), np.array([1, 2, 2])
    >>> found = partition(4, a, b, np.array([1.0, -1, -1]), rng=np.random.default_rng(1))
    >>> found.frustration, found.proved, found.sides[:3].tolist(), found.free.tolist()
    (0.0, True, [0, 0, 1], [False, False, False, True])
    """
    if k != 2:
        raise BadInput(f"k is {k}; frustration has 2 sides. For any number use 'correlation'")
    split = partial(split_in_two, rng=rng)
    return certify(split, n, a, b, weight, two_sided=True, seconds=seconds)


PARTITION = Partition(
    title="Two sides of least frustration, exact",
    citation=Citation(
        "Aref, S., Wilson, M. C. (2019). Balance and frustration in signed networks. "
        "Journal of Complex Networks 7",
        "10.1093/comnet/cny015",
    ),
    solve=partition,
    fixed_k=2,
)
