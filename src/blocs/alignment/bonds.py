"""Who in a group is bound to whom by a treaty of defence, and in what shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Truth = Literal["yes", "no", "not known"]

BOUND_SHARE = 2 / 3
HUB_FREE_SHARE = 1 / 2
STAR_REST_SHARE = 1 / 3


@dataclass(frozen=True, slots=True)
class Bonds:
    """Which pairs of a group are bound by a treaty of defence.

    Attributes
    ----------
    share : float
        Share of pairs with a defence or offence treaty in force in the period.
    without_best : float
        The lowest such share when one member is left out; of two members, their own.
    hub : str
        The member with most such bonds.
    hub_share : float
        Share of the other members it is bound to.
    rest_share : float
        Share of bound pairs among the others.
    pairs : tuple of (str, str)
        The bound pairs.
    known, possible : int
        Pairs on which it is known whether they are bound, and all pairs.
    bound, hub_free, star : str
        Whether two thirds of all pairs are bound; whether half of the others
        still are without any one member; whether one hub is bound to all others
        and they hardly to each other. ``not known`` where the pairs that are not
        known could turn the answer.
    """

    share: float
    without_best: float
    hub: str
    hub_share: float
    rest_share: float
    pairs: tuple[tuple[str, str], ...]
    known: int
    possible: int
    bound: Truth
    hub_free: Truth
    star: Truth

    def count(self) -> str:
        """How many of all pairs are bound, and on how many that is not known.

        Examples
        --------
        >>> gap = np.array([[np.nan, 1, 0], [1, np.nan, np.nan], [0, np.nan, np.nan]])
        >>> assess_bonds(gap, ["DNK", "ISL", "SWE"]).count()
        '1 of 3 pairs (on 1 it is not known)'
        """
        dark = self.possible - self.known
        told = f"{len(self.pairs)} of {self.possible} pairs"
        return f"{told} (on {dark} it is not known)" if dark else told


def assess_bonds(bound: NDArray[np.float64], members: Sequence[str]) -> Bonds | None:
    """Read the shape of a group's treaties of defence.

    Parameters
    ----------
    bound : ndarray, shape (k, k)
        1 bound, 0 not bound, nan not known; symmetric.
    members : sequence of str
        The group, length k.

    Returns
    -------
    Bonds or None
        None if nothing is known of any pair.

    Examples
    --------
    A star: Russia bound to both others, who are not bound to each other.

    >>> star = np.array([[np.nan, 0, 1], [0, np.nan, 1], [1, 1, np.nan]])
    >>> assess_bonds(star, ["BLR", "KAZ", "RUS"]).hub
    'RUS'
    """
    k = len(members)
    i, j = np.triu_indices(k, 1)
    cells = bound[i, j]
    known = ~np.isnan(cells)
    if not known.any():
        return None
    degree = np.nansum(np.where(np.eye(k, dtype=bool), np.nan, bound), axis=1)
    hub = int(degree.argmax())
    low, high = (np.where(np.isnan(bound), unknown, bound) for unknown in (0.0, 1.0))
    return Bonds(
        share=float(cells[known].mean()),
        without_best=_without_best(bound),
        hub=members[hub],
        hub_share=float(degree[hub] / (k - 1)),
        rest_share=_share(_without(bound, hub)) if k > 2 else float("nan"),
        pairs=tuple(
            (members[int(a)], members[int(b)])
            for a, b, w in zip(i, j, cells, strict=True)
            if w == 1
        ),
        known=int(known.sum()),
        possible=known.size,
        bound=_truth(
            sure=_share(low) >= BOUND_SHARE - 1e-9, possible=_share(high) >= BOUND_SHARE - 1e-9
        ),
        hub_free=_truth(
            sure=_without_best(low) >= HUB_FREE_SHARE - 1e-9,
            possible=_without_best(high) >= HUB_FREE_SHARE - 1e-9,
        ),
        star=_truth(sure=_is_star(low, high), possible=_is_star(high, low)),
    )


def mean_known(values: NDArray[np.float64]) -> float:
    """Mean of the values that are known; nan where none is."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else float("nan")


def _share(block: NDArray[np.float64]) -> float:
    return mean_known(block[np.triu_indices(len(block), 1)])


def _without(block: NDArray[np.float64], member: int) -> NDArray[np.float64]:
    return np.delete(np.delete(block, member, 0), member, 1)


def _without_best(bound: NDArray[np.float64]) -> float:
    """Lowest share of bound pairs when one member is left out; of two, their own: no hub there."""
    if len(bound) == 2:
        return _share(bound)
    shares = [_share(_without(bound, m)) for m in range(len(bound))]
    return min((s for s in shares if not np.isnan(s)), default=float("nan"))


def _is_star(to_hub: NDArray[np.float64], others: NDArray[np.float64]) -> bool:
    """Whether some member is bound to all others by one matrix, and these hardly by the other."""
    k = len(to_hub)
    return k > 2 and any(
        np.delete(to_hub[h], h).all() and _share(_without(others, h)) <= STAR_REST_SHARE
        for h in range(k)
    )


def _truth(*, sure: bool, possible: bool) -> Truth:
    if sure:
        return "yes"
    return "not known" if possible else "no"
