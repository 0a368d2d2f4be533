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
    Uncompared,
    complete_core,
    degree_excess,
    group_mean,
    propensity_excess,
    sampled_means,
    standing,
    uncompared,
)
from blocs.alignment.resampling import DRAWS, Resampled, interval, resampled, span
from blocs.alignment.vote_draws import VoteDraws, draw_years, drawn_likeness, pairs_of
from blocs.alignment.vote_sums import VoteSums, member_sums, together
from blocs.ties.network import TieMatrix

Expectation = Callable[[NDArray[np.float64]], NDArray[np.float64]]

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
        Mean over the group's pairs: plain, and beyond what is expected (on ties: of the
        members ranked, since only theirs is known).
    low, high : float or None
        90 % interval of `residual`; none where one unit cannot be resampled.
    resampled : Resampled or None
        What it was drawn from: texts where roll calls are at hand, else years.
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
    ranked : tuple of str
        Members in both: those of which every pair is known.
    states : int
        States it was compared among: those of which every pair is known.
    uncompared : tuple of Uncompared
        The other states.
    series : tuple of YearCohesion
        The same, year by year, over all years the layer covers.
    holes : tuple of (str, str)
        Pairs without evidence.
    """

    raw: float
    residual: float
    low: float | None
    high: float | None
    resampled: Resampled | None
    years: tuple[int, ...]
    pairs: int
    possible: int
    items: int | None
    rank: Standing
    null: Standing
    ranked: tuple[str, ...]
    states: int
    uncompared: tuple[Uncompared, ...]
    series: tuple[YearCohesion, ...]
    holes: tuple[tuple[str, str], ...]


def vote_cohesion(
    sums: VoteSums,
    group: Group,
    *,
    window: Sequence[int],
    rng: np.random.Generator,
    draws: VoteDraws | None = None,
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
        For drawing groups, and years where no `draws` are given.
    draws : VoteDraws, optional
        Resamples of the votes of the window; its years by default.
    """
    years = [y for y in sums.years if y in set(window)]
    if not years:
        return None
    inside = sums.within(years)
    ours = member_sums(inside, group)
    pooled = ours.pooled()
    likeness = _pairs(pooled.likeness())
    if not (~np.isnan(likeness)).any():
        return None
    value = float(np.nanmean(likeness))
    own = _Own(ours.actors, pooled.likeness())
    ranks = _ranks(inside.pooled().likeness(), propensity_excess, sums.actors, group, own, rng)
    if ranks is None:
        return None
    again = draws if draws is not None else draw_years(sums, years, rng)
    low, high = span(_mean_known(drawn_likeness(again, pairs_of(again.votes, group))), value)
    known = ~np.isnan(likeness)
    return Cohesion(
        raw=float(np.nanmean(_pairs(pooled.agreement()))),
        residual=value,
        low=low,
        high=high,
        resampled=again.resampled,
        years=tuple(years),
        pairs=int(known.sum()),
        possible=len(group.members) * (len(group.members) - 1) // 2,
        items=round(float(_pairs(pooled.counts[0])[known].mean())),
        rank=ranks.rank,
        null=ranks.null,
        ranked=ranks.ranked,
        states=ranks.states,
        uncompared=ranks.uncompared,
        series=_vote_series(sums, group, rng),
        holes=_holes(group, ours.actors, pooled.likeness()),
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
    members = [m for m in group.ever if m in both.actors]
    if not at or len(members) < 2:
        return None
    inside = TieMatrix(both.actors, tuple(both.years[k] for k in at), both.weight[at])
    block = np.ix_(range(len(at)), *[[both.actors.index(m) for m in members]] * 2)
    ours = np.where(together(group, members, inside.years), inside.weight[block], np.nan)
    mean = TieMatrix(tuple(members), inside.years, ours).mean()
    if np.isnan(_pairs(mean)).all():
        return None
    raw = float(np.nanmean(_pairs(mean)))
    own = _Own(members, mean)
    ranks = _ranks(inside.mean(), degree_excess, both.actors, group, own, rng)
    if ranks is None:
        return None
    low, high = None, None
    if len(at) > 1:
        compared = own.without(ranks.gone)
        draws = _resampled_ties(ours[:, compared][:, :, compared], draws=DRAWS, rng=rng)
        low, high = interval(draws + ranks.rank.value - own.mean(ranks.gone), ranks.rank.value)
    known = ~np.isnan(_pairs(mean))
    return Cohesion(
        raw=raw,
        residual=ranks.rank.value,
        low=low,
        high=high,
        resampled=Resampled("years", len(at)) if len(at) > 1 else None,
        years=inside.years,
        pairs=int(known.sum()),
        possible=len(group.members) * (len(group.members) - 1) // 2,
        items=None,
        rank=ranks.rank,
        null=ranks.null,
        ranked=ranks.ranked,
        states=ranks.states,
        uncompared=ranks.uncompared,
        series=_tie_series(both, group, rng),
        holes=_holes(group, members, mean),
    )


def _resampled_ties(
    weight: NDArray[np.float64], *, draws: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Mean tie of a group over resamples of the years, shape (draws,).

    Each resample is averaged as the point is, first a pair over the years in
    which it is known, then over pairs; nan where no pair is known in it.
    """
    cells = np.stack([_pairs(year) for year in weight])
    known = ~np.isnan(cells)
    times = resampled(len(cells), draws, rng)
    total, count = times @ np.where(known, cells, 0.0), times @ known.astype(np.float64)
    mean = np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
    return _mean_known(mean)


@dataclass(frozen=True, slots=True)
class _Own:
    """A group's own pairs, of all who ever were members, each over its years together."""

    members: Sequence[str]
    matrix: NDArray[np.float64]

    def without(self, gone: frozenset[str]) -> NDArray[np.intp]:
        return np.array([k for k, m in enumerate(self.members) if m not in gone], dtype=np.intp)

    def mean(self, gone: frozenset[str]) -> float:
        at = self.without(gone)
        return float(np.nanmean(_pairs(self.matrix[np.ix_(at, at)])))


@dataclass(frozen=True, slots=True)
class _Ranks:
    rank: Standing
    null: Standing
    ranked: tuple[str, ...]
    gone: frozenset[str]
    states: int
    uncompared: tuple[Uncompared, ...]


def _ranks(
    matrix: NDArray[np.float64],
    excess: Expectation,
    names: Sequence[str],
    group: Group,
    own: _Own,
    rng: np.random.Generator,
) -> _Ranks | None:
    """Stand the group among its like, before and after propensity is taken out.

    On votes the matrix is a residual already, so it is ranked as it is; on ties
    the residual is what degrees leave, and both standings are the same. A member not
    known with another, or with most states, is in neither the value nor the sets.
    """
    members = np.array([names.index(m) for m in group.members if m in names], dtype=np.intp)
    core = complete_core(matrix, members)
    inside = np.flatnonzero(np.isin(core, members))
    if _too_few(len(inside), len(group.members)) or len(core) < max(4, len(inside) + 1):
        return None
    dense = matrix[np.ix_(core, core)]
    ranked = tuple(names[core[k]] for k in inside)
    gone = frozenset(group.members) - frozenset(ranked)
    value, free = own.mean(gone), excess(dense)
    beyond = value - group_mean(dense - free, inside)
    k = len(inside)
    null = standing(free, beyond, k, rng=rng)
    rank = standing(dense, value, k, rng=rng) if excess is propensity_excess else null
    return _Ranks(rank, null, ranked, gone, len(core), uncompared(matrix, core, names))


def _too_few(known: int, size: int) -> bool:
    """Whether the members among whom every pair is known make less than half the pairs."""
    return known < 2 or 2 * known * (known - 1) < size * (size - 1)


def _holes(
    group: Group, names: Sequence[str], matrix: NDArray[np.float64]
) -> tuple[tuple[str, str], ...]:
    """Pairs of the group about which nothing is known."""
    at = {name: k for k, name in enumerate(names)}
    return tuple(
        (a, b)
        for x, a in enumerate(group.members)
        for b in group.members[x + 1 :]
        if a not in at or b not in at or np.isnan(matrix[at[a], at[b]])
    )


def _mean_known(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean of each row over its known cells; nan where none is known."""
    known = ~np.isnan(rows)
    total, count = np.where(known, rows, 0.0).sum(axis=1), known.sum(axis=1)
    mean: NDArray[np.float64] = np.divide(
        total, count, out=np.full(len(rows), np.nan), where=count > 0
    )
    return mean


def _pairs(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    above: NDArray[np.float64] = matrix[np.triu_indices(len(matrix), 1)]
    return above


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
    if _too_few(len(inside), len(now)) or len(core) < 4:
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
