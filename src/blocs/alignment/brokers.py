"""Who holds a group together, who bridges, and who is its weakest link."""

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


@dataclass(frozen=True, slots=True)
class Broker:
    """Between whom one member stands, on one layer.

    Attributes
    ----------
    member : str
    within : int
        Pairs of other members without a tie of their own that both have one with it.
    gates : int
        Pairs of another member and a state outside, without a tie of their own, that
        both have one with it.
    sole : tuple of str
        States outside tied to it and to no other member.
    open_pairs : int
        Pairs of other members without a tie of their own: what `within` is out of.
    unknown : int
        Pairs of other members of which nothing is known; they are left out.
    """

    member: str
    within: int
    gates: int
    sole: tuple[str, ...]
    open_pairs: int
    unknown: int


def brokers_of(
    tied: NDArray[np.float64], names: Sequence[str], members: Sequence[str]
) -> tuple[Broker, ...]:
    """Tell who stands between others, within a group and towards the world.

    Parameters
    ----------
    tied : ndarray, shape (n, n)
        1 tied, 0 not, nan not known; symmetric.
    names : sequence of str
        Actor of each row.
    members : sequence of str
        The group; those not among `names` are passed over.

    Returns
    -------
    tuple of Broker
        Who bridges most within the group first, then towards the world.

    References
    ----------
    Gould, R. V., Fernandez, R. M. (1989). Structures of mediation: a formal approach to
    brokerage in transaction networks. Sociological Methodology 19. doi:10.2307/270949
    (coordinator, and gatekeeper or representative, on ties without direction).

    Examples
    --------
    >>> tied = np.array([[0, 1, 1, 0], [1, 0, 0, 0], [1, 0, 0, 1], [0, 0, 1, 0.0]])
    >>> found = brokers_of(tied, ["RUS", "CHN", "IRN", "SYR"], ["CHN", "IRN", "RUS"])
    >>> [(b.member, b.within, b.gates, b.sole) for b in found][:2]
    [('RUS', 1, 0, ()), ('IRN', 0, 1, ('SYR',))]
    """
    present = sorted(m for m in members if m in names)
    at = np.array([names.index(m) for m in present], dtype=np.intp)
    outside = np.setdiff1d(np.arange(len(names)), at)
    out = []
    for k, member in enumerate(present):
        others = np.delete(at, k)
        mine = tied[at[k]] == 1
        i, j = np.triu_indices(len(others), 1)
        between = tied[others[i], others[j]]
        apart = between == 0
        bridged = apart & mine[others[i]] & mine[others[j]]
        towards = tied[np.ix_(others, outside)] == 0
        gates = towards & mine[others][:, None] & mine[outside][None, :]
        alone = mine[outside] & ~(tied[np.ix_(others, outside)] == 1).any(axis=0)
        out.append(
            Broker(
                member,
                int(bridged.sum()),
                int(gates.sum()),
                tuple(names[o] for o in outside[alone]),
                int(apart.sum()),
                int(np.isnan(between).sum()),
            )
        )
    return tuple(sorted(out, key=lambda b: (-b.within, -b.gates, b.member)))


def _mean(block: NDArray[np.float64]) -> float:
    values = block[np.triu_indices(len(block), 1)]
    values = values[~np.isnan(values)]
    return float(values.mean()) if values.size else float("nan")
