"""Who holds a group together, and who is its weakest link: leaving one out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A group's mean tie without one member.

    Attributes
    ----------
    member : str
        Who is left out.
    own : float
        Mean tie of that member with the others.
    without : float
        Mean tie among the others.
    change : float
        ``without`` minus the mean of the whole group: below zero, the member
        held it together; above, it is a weak link.
    """

    member: str
    own: float
    without: float
    change: float


def leave_one_out(
    matrix: NDArray[np.float64], names: Sequence[str], members: Sequence[str]
) -> tuple[LeftOut, ...]:
    """Leave every member out in turn.

    Parameters
    ----------
    matrix : ndarray, shape (n, n)
        Symmetric; nan = not known; the diagonal is not looked at.
    names : sequence of str
        Actor of each row.
    members : sequence of str
        The group; those not among `names` are passed over.

    Returns
    -------
    tuple of LeftOut
        Who holds it together most first, those of whom nothing is known last; empty
        below three members.

    Examples
    --------
    >>> m = np.array([[np.nan, 1, 1], [1, np.nan, 0], [1, 0, np.nan]])
    >>> leave_one_out(m, ["RUS", "CHN", "PRK"], ["CHN", "PRK", "RUS"])[0].member
    'RUS'
    """
    present = sorted(m for m in members if m in names)
    if len(present) < 3:
        return ()
    at = [names.index(m) for m in present]
    block = matrix[np.ix_(at, at)]
    whole = _mean(block)
    out = []
    for k, member in enumerate(present):
        rest = np.delete(np.delete(block, k, axis=0), k, axis=1)
        own = np.delete(block[k], k)
        own = own[~np.isnan(own)]
        without = _mean(rest)
        mine = float(own.mean()) if own.size else float("nan")
        out.append(LeftOut(member, mine, without, without - whole))
    return tuple(sorted(out, key=lambda x: (isnan(x.change), x.change, x.member)))


def _mean(block: NDArray[np.float64]) -> float:
    values = block[np.triu_indices(len(block), 1)]
    values = values[~np.isnan(values)]
    return float(values.mean()) if values.size else float("nan")
