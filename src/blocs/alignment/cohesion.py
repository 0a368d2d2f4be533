"""How firm a group is on one layer, against what groups of its size do.

Raw cohesion measures conformity: four small states with nothing in common agree
on almost everything. So every score stands beside its residual (what is left
after the world's mean vote, or after what signed degrees give), its standing
among all groups of the same size, and a p-value under a stated null.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from blocs.alignment.groups import Group
from blocs.alignment.nulls import (
    Standing,
    complete_core,
    degree_excess,
    group_mean,
    propensity_excess,
    sampled_means,
    standing,
)
from blocs.alignment.vote_sums import VoteSums, resampled_years
from blocs.ties.network import TieMatrix

Expectation = Callable[[NDArray[np.float64]], NDArray[np.float64]]

LEVEL = 0.90
DRAWS = 1_000
BAND_SAMPLES = 2_000


@dataclass(frozen=True, slots=True)
class YearCohesion:
    """One year of a layer: the group's value and what groups of its size do."""

    year: int
    value: float
    low: float
    high: float
    raw: float
    pairs: int
    size: int


@dataclass(frozen=True, slots=True)
class Cohesion:
    """How firm a group is on one layer over a period.

    Attributes
    ----------
    raw, residual : float
        Mean over the group's pairs: plain, and beyond what is expected.
    low, high : float or None
        90 % interval of `residual` from resampling years; none with one year.
    years : tuple of int
        Years with evidence on at least one pair.
    pairs, possible : int
        Pairs with evidence, and pairs in the group.
    items : int or None
        Roll calls the group's pairs have in common (mean), on votes.
    rank : Standing
        Among all groups of the same size, on the residual.
    null : Standing
        The same after each state's general propensity is taken out;
        ``null.at_least`` is the p-value under that null.
    states : int
        States it was compared among.
    series : tuple of YearCohesion
        The same, year by year, over all years the layer covers.
    holes : tuple of (str, str)
        Pairs without evidence.
    """

    raw: float
    residual: float
    low: float | None
    high: float | None
    years: tuple[int, ...]
    pairs: int
    possible: int
    items: int | None
    rank: Standing
    null: Standing
    states: int
    series: tuple[YearCohesion, ...]
    holes: tuple[tuple[str, str], ...]


def vote_cohesion(
    sums: VoteSums,
    group: Group,
    *,
    window: Sequence[int],
    rng: np.random.Generator,
) -> Cohesion | None:
    """Cohesion on UN votes; none if no pair of the group voted together.

    Parameters
    ----------
    sums : VoteSums
        All states, all years.
    group : Group
        Whose cohesion; a changing membership counts each pair in its years.
    window : sequence of int
        Years of the period asked for.
    rng : numpy.random.Generator
        For resampling years and drawing groups.
    """
    years = [y for y in sums.years if y in set(window)]
    if not years:
        return None
    inside = sums.within(years)
    pooled = inside.pooled()
    likeness, agreement = pooled.likeness(), pooled.agreement()
    summary = _summary(likeness, propensity_excess, sums.actors, group, rng)
    if summary is None:
        return None
    members, rank, null, states, holes = summary
    ours = inside.among(members)
    low, high = _resample(
        [_group_likeness(ours, rng) for _ in range(DRAWS)] if len(years) > 1 else []
    )
    i, j = np.triu_indices(len(members), 1)
    known = ~np.isnan(likeness[members[i], members[j]])
    return Cohesion(
        raw=float(np.nanmean(agreement[members[i], members[j]])),
        residual=float(np.nanmean(likeness[members[i], members[j]])),
        low=low,
        high=high,
        years=tuple(years),
        pairs=int(known.sum()),
        possible=len(known),
        items=round(float(pooled.counts[0][members[i], members[j]][known].mean())),
        rank=rank,
        null=null,
        states=states,
        series=_vote_series(sums, group, rng),
        holes=holes,
    )


def tie_cohesion(
    matrix: TieMatrix,
    group: Group,
    *,
    window: Sequence[int],
    rng: np.random.Generator,
) -> Cohesion | None:
    """Cohesion on a layer of ties; none if no pair of the group is covered."""
    both = matrix.undirected()
    at = [k for k, y in enumerate(both.years) if y in set(window)]
    if not at:
        return None
    inside = TieMatrix(both.actors, tuple(both.years[k] for k in at), both.weight[at])
    mean = inside.mean()
    summary = _summary(mean, degree_excess, both.actors, group, rng)
    if summary is None:
        return None
    members, rank, null, states, holes = summary
    i, j = np.triu_indices(len(members), 1)
    by_year = inside.weight[:, members[i], members[j]]
    yearly = np.nanmean(by_year, axis=1, where=~np.isnan(by_year))
    draws = rng.integers(0, len(at), (DRAWS, len(at))) if len(at) > 1 else np.empty((0, 0), int)
    shift = rank.value - float(np.nanmean(mean[members[i], members[j]]))
    low, high = _resample([float(np.nanmean(yearly[d])) + shift for d in draws])
    known = ~np.isnan(mean[members[i], members[j]])
    return Cohesion(
        raw=float(np.nanmean(mean[members[i], members[j]])),
        residual=rank.value,
        low=low,
        high=high,
        years=inside.years,
        pairs=int(known.sum()),
        possible=len(known),
        items=None,
        rank=rank,
        null=null,
        states=states,
        series=_tie_series(both, group, rng),
        holes=holes,
    )


def _summary(
    matrix: NDArray[np.float64],
    excess: Expectation,
    names: Sequence[str],
    group: Group,
    rng: np.random.Generator,
) -> tuple[NDArray[np.intp], Standing, Standing, int, tuple[tuple[str, str], ...]] | None:
    """Stand the group among its like on the residual, and on what propensity leaves."""
    present = [m for m in group.members if m in names]
    members = np.array([names.index(m) for m in present], dtype=np.intp)
    core = complete_core(matrix, members)
    inside = np.flatnonzero(np.isin(core, members))
    if len(inside) < 2 or len(core) < 4:
        return None
    dense = matrix[np.ix_(core, core)]
    holes = tuple(
        (a, b)
        for x, a in enumerate(group.members)
        for b in group.members[x + 1 :]
        if a not in names or b not in names or np.isnan(matrix[names.index(a), names.index(b)])
    )
    free = excess(dense)
    rank = standing(dense if excess is propensity_excess else free, inside, rng=rng)
    null = standing(free, inside, rng=rng) if excess is propensity_excess else rank
    return members, rank, null, len(core), holes


def _resample(draws: Sequence[float]) -> tuple[float | None, float | None]:
    if not len(draws):
        return None, None
    tail = (1 - LEVEL) / 2
    low, high = np.nanquantile(np.asarray(draws), [tail, 1 - tail])
    return float(low), float(high)


def _group_likeness(sums: VoteSums, rng: np.random.Generator) -> float:
    """Mean C_ij of a group's own sums over one resample of the years."""
    likeness = sums.pooled(resampled_years(len(sums.years), rng)).likeness()
    return float(np.nanmean(likeness[np.triu_indices(len(sums.actors), 1)]))


def _vote_series(
    sums: VoteSums, group: Group, rng: np.random.Generator
) -> tuple[YearCohesion, ...]:
    out = []
    for year in sums.years:
        one = sums.within([year]).pooled()
        point = _year(year, one.likeness(), one.agreement(), sums.actors, group, rng)
        if point is not None:
            out.append(point)
    return tuple(out)


def _tie_series(
    matrix: TieMatrix, group: Group, rng: np.random.Generator
) -> tuple[YearCohesion, ...]:
    out = []
    for y, year in enumerate(matrix.years):
        weight = matrix.weight[y]
        point = _year(year, weight, weight, matrix.actors, group, rng, degree_excess)
        if point is not None:
            out.append(point)
    return tuple(out)


def _year(
    year: int,
    matrix: NDArray[np.float64],
    raw: NDArray[np.float64],
    names: Sequence[str],
    group: Group,
    rng: np.random.Generator,
    excess: Expectation | None = None,
) -> YearCohesion | None:
    """One year's cohesion of the members of that year (of the period's, before it)."""
    now = group.in_year(year) or group.members
    members = np.array([names.index(m) for m in now if m in names], dtype=np.intp)
    core = complete_core(matrix, members)
    inside = np.flatnonzero(np.isin(core, members))
    if len(inside) < 2 or len(core) < 4:
        return None
    dense = matrix[np.ix_(core, core)]
    scored = dense if excess is None else excess(dense)
    means = sampled_means(scored, len(inside), rng=rng, samples=BAND_SAMPLES)
    low, high = np.quantile(means, [0.05, 0.95])
    ours = core[inside]
    return YearCohesion(
        year=year,
        value=group_mean(scored, inside),
        low=float(low),
        high=float(high),
        raw=group_mean(raw, ours),
        pairs=len(inside) * (len(inside) - 1) // 2,
        size=len(now),
    )
