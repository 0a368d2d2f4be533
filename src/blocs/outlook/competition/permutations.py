"""Histories that could have been: whole episodes in another order, shifts of the calendar.

Years are no independent cases: bloc competition comes in a handful of episodes.
What could have happened by chance is therefore another order of the episodes, not
of the years. Shifts keep the whole shape and assume that the system was stationary.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice, pairwise, permutations
from math import factorial

import numpy as np
from numpy.typing import NDArray

EPISODES = (1816, 1854, 1872, 1905, 1919, 1946, 1992)
"""First years of the contests that histories of the system tell apart: the Concert,
its wars of unification, Bismarck's system and after, the two ententes and the First
World War, the interwar years and the Second, the Cold War, what came after it."""


@dataclass(frozen=True, slots=True)
class Histories:
    """Orders of years, the true one first.

    Attributes
    ----------
    order : ndarray of int, shape (P, T)
        ``order[p, t]`` = the year whose index year t is given.
    exact : bool
        Whether every order there is is among them.
    """

    order: NDArray[np.intp]
    exact: bool


def episode_orders(
    years: NDArray[np.int64], *, starts: tuple[int, ...] = EPISODES, seed: int = 0, most: int = 720
) -> Histories:
    """Lay the episodes out in other orders, each whole.

    Parameters
    ----------
    years : ndarray of int, shape (T,)
        Consecutive years.
    starts : tuple of int
        First years of the episodes.
    seed : int
        Seed of the sample, where not every order is taken.
    most : int
        Most orders taken, the true one included.

    Examples
    --------
    >>> made = episode_orders(np.arange(1900, 1904), starts=(1900, 1903))
    >>> made.order.tolist(), made.exact
    ([[0, 1, 2, 3], [3, 0, 1, 2]], True)
    """
    cut = [int(np.searchsorted(years, s)) for s in starts]
    edges = sorted({0, *(c for c in cut if 0 < c < len(years)), len(years)})
    blocks = [np.arange(a, b) for a, b in pairwise(edges)]
    k = len(blocks)
    exact = factorial(k) <= most
    if exact:
        orders = list(islice(permutations(range(k)), factorial(k)))
    else:
        rng = np.random.default_rng(seed)
        orders = [tuple(range(k))]
        orders += [tuple(rng.permutation(k).tolist()) for _ in range(most - 1)]
    return Histories(np.array([np.concatenate([blocks[b] for b in o]) for o in orders]), exact)


def circular_shifts(n: int) -> Histories:
    """Every shift of n years round the calendar, the true one first.

    Examples
    --------
    >>> circular_shifts(3).order.tolist()
    [[0, 1, 2], [2, 0, 1], [1, 2, 0]]
    """
    shift = np.arange(n)
    return Histories((np.arange(n)[None, :] - shift[:, None]) % n, exact=True)


def chance(statistic: NDArray[np.float64]) -> float:
    """Share of histories with a statistic at least as large as the true one's, the first.

    Examples
    --------
    >>> chance(np.array([2.0, 1.0, 3.0, 2.0]))
    0.75
    """
    return float((statistic >= statistic[0] - 1e-12).mean())
