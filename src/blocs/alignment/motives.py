"""Common enemy or common programme: residual likeness split by what it is about.

Roll calls are classed by the reference's vote alone, never by the group's, which
would select on the outcome. The five classes add up to C_ij exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from blocs.alignment.groups import Group
from blocs.alignment.vote_sums import CLASSES, VoteSums, member_sums, resampled_years

LEVEL = 0.90
DRAWS = 1_000

MEANING = {
    "shield": "voting together against what the reference voted for",
    "counter": "voting together for what the reference voted against",
    "with_reference": "voting together with the reference",
    "neutral": "voting together where the reference abstained or was absent",
    "dissent": "voting apart from each other (counts against likeness)",
}


@dataclass(frozen=True, slots=True)
class Motive:
    """One class of residual likeness, averaged over the pairs of a group.

    Attributes
    ----------
    name : str
        One of `vote_sums.CLASSES`.
    value : float
        Its part of the mean C_ij; the five add up to it.
    low, high : float or None
        90 % interval from resampling years; none with one year.
    """

    name: str
    value: float
    low: float | None
    high: float | None


def assess_motives(
    sums: VoteSums,
    group: Group,
    *,
    window: Sequence[int],
    rng: np.random.Generator,
) -> tuple[Motive, ...]:
    """Split the mean residual likeness of a group into its five classes.

    Parameters
    ----------
    sums : VoteSums
        With residual products classed by the reference's vote.
    group : Group
        The group; members without votes are left out, and a changing
        membership counts each pair in its years.
    window : sequence of int
        Years pooled.
    rng : numpy.random.Generator
        For resampling years.

    Returns
    -------
    tuple of Motive
        In the order of `CLASSES`; empty if fewer than two members voted.
    """
    years = [y for y in sums.years if y in set(window)]
    if not years:
        return ()
    inside = member_sums(sums.within(years), group)
    if len(inside.actors) < 2:
        return ()
    point = _mean(inside)
    if np.isnan(point).all():
        return ()
    draws = np.array(
        [
            _mean(inside, resampled_years(len(years), rng))
            for _ in range(DRAWS if len(years) > 1 else 0)
        ]
    )
    tail = (1 - LEVEL) / 2
    ends = np.nanquantile(draws, [tail, 1 - tail], axis=0) if len(draws) else None
    return tuple(
        Motive(
            name,
            float(point[k]),
            None if ends is None else float(ends[0, k]),
            None if ends is None else float(ends[1, k]),
        )
        for k, name in enumerate(CLASSES)
    )


def motive_series(sums: VoteSums, group: Group) -> tuple[tuple[int, tuple[float, ...]], ...]:
    """Split likeness year by year, the period's members standing in before and after it.

    Returns
    -------
    tuple of (int, tuple of float)
        Year and classes in the order of `CLASSES`, for years with votes.
    """
    out = []
    for year in sums.years:
        now = [m for m in group.in_year(year) or group.members if m in sums.actors]
        at = np.array([sums.actors.index(m) for m in now], dtype=np.intp)
        values = _mean(sums.within([year]).among(at))
        if not np.isnan(values).any():
            out.append((year, tuple(map(float, values))))
    return tuple(out)


def _mean(sums: VoteSums, weight: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    i, j = np.triu_indices(len(sums.actors), 1)
    shares = sums.pooled(weight).shares()[:, i, j]
    known = ~np.isnan(shares)
    count = known.sum(axis=1)
    total = np.where(known, shares, 0.0).sum(axis=1)
    mean: NDArray[np.float64] = np.divide(
        total, count, out=np.full(len(total), np.nan), where=count > 0
    )
    return mean
