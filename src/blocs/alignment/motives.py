"""Common enemy or common programme: residual likeness split by what it is about.

Roll calls are classed by the reference's vote alone, never by the group's, which
would select on the outcome. The five classes add up to C_ij exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from blocs.alignment.bonds import mean_known
from blocs.alignment.cohesion import interval
from blocs.alignment.groups import Group
from blocs.alignment.vote_sums import (
    CLASSES,
    VoteSums,
    member_sums,
    resampled_likeness,
    resampled_years,
)

DRAWS = 1_000
CELLS = 4_000_000
"""Draws times pairs of states held in memory at once."""

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


@dataclass(frozen=True, slots=True)
class Lead:
    """How much more of what a group shares is shield than anything else.

    Attributes
    ----------
    value : float
        Shield less the greater of counter-programme and voting with the reference, in
        parts of the mean C_ij.
    low, high : float or None
        90 % interval from resampling years; none with one year.
    """

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
    point, drawn = _split(sums, group, window, rng)
    return tuple(
        Motive(name, float(point[k]), *_interval(drawn[:, k], float(point[k])))
        for k, name in enumerate(CLASSES[: point.size])
    )


def shield_lead(
    sums: VoteSums,
    group: Group,
    *,
    window: Sequence[int],
    rng: np.random.Generator,
) -> Lead | None:
    """Tell whether a group opposes the reference, shares the programme of the many, or its own.

    Where the reference votes no, most states mostly vote yes: backing such a text stands
    with the many. To vote against what it supports is to stand against it.

    Parameters
    ----------
    sums, group, window, rng
        As of `assess_motives`.

    Returns
    -------
    Lead or None
        None if fewer than two members voted.
    """
    point, drawn = _split(sums, group, window, rng)
    if not point.size:
        return None
    value = float(ahead(point))
    return Lead(value, *_interval(ahead(drawn), value))


def ahead(classes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shield less the greater of counter-programme and with the reference; classes come last."""
    lead: NDArray[np.float64] = classes[..., 0] - classes[..., 1:3].max(axis=-1)
    return lead


def _split(
    sums: VoteSums, group: Group, window: Sequence[int], rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Classes of the mean likeness, and of draws of the years (none with one); empty if dark."""
    dark = np.empty(0), np.empty((0, len(CLASSES)))
    years = [y for y in sums.years if y in set(window)]
    if not years:
        return dark
    inside = member_sums(sums.within(years), group)
    if len(inside.actors) < 2:
        return dark
    point = _mean(inside)
    if np.isnan(point).all():
        return dark
    if len(years) == 1:
        return point, dark[1]
    weight = np.stack([resampled_years(len(years), rng) for _ in range(DRAWS)])
    parts = np.array_split(weight, 1 + DRAWS * len(inside.actors) ** 2 // CELLS)
    return point, np.concatenate([_mean_of_draws(inside, part) for part in parts])


def _interval(drawn: NDArray[np.float64], point: float) -> tuple[float, float] | tuple[None, None]:
    return interval(drawn, point) if drawn.size else (None, None)


@dataclass(frozen=True, slots=True)
class Shared:
    """The likeness that the classes add up to, and what stands behind it.

    Attributes
    ----------
    value : float
        Mean C_ij of the pairs known.
    low, high : float or None
        90 % interval from resampling years; none with one year.
    pairs, items : int
        Pairs known, and roll calls that such a pair has in common (mean).
    """

    value: float
    low: float | None
    high: float | None
    pairs: int
    items: int


def shared_likeness(
    sums: VoteSums, group: Group, *, window: Sequence[int], rng: np.random.Generator
) -> Shared | None:
    """Mean residual likeness of a group; None if no two members voted together.

    Parameters
    ----------
    sums, group, window, rng
        As of `assess_motives`.
    """
    years = [y for y in sums.years if y in set(window)]
    if not years:
        return None
    inside = member_sums(sums.within(years), group)
    i, j = np.triu_indices(len(inside.actors), 1)
    likeness = inside.pooled().likeness()[i, j]
    known = ~np.isnan(likeness)
    if not known.any():
        return None
    value, low, high = float(likeness[known].mean()), None, None
    if len(years) > 1:
        drawn = resampled_likeness(inside, draws=DRAWS, rng=rng)[:, i, j]
        low, high = interval(np.array([mean_known(row) for row in drawn]), value)
    items = inside.pooled().counts[0][i, j][known].mean()
    return Shared(value, low, high, int(known.sum()), round(float(items)))


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


def _mean(sums: VoteSums) -> NDArray[np.float64]:
    mean: NDArray[np.float64] = _mean_of_draws(sums, np.ones((1, len(sums.years))))[0]
    return mean


def _mean_of_draws(sums: VoteSums, weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Classes averaged over the pairs known, for each weighting of the years, (draws, 5)."""
    i, j = np.triu_indices(len(sums.actors), 1)
    products = weight @ sums.products[:, :, i, j]
    scale = np.sqrt((weight @ sums.squares[:, i, j]) * (weight @ sums.squares[:, j, i]))
    known = (weight @ sums.counts[0][:, i, j] > 0) & (scale > 0)
    shares = np.divide(products, scale, out=np.zeros(products.shape), where=known)
    count = np.where(known.any(axis=1), known.sum(axis=1), np.nan)
    mean: NDArray[np.float64] = (shares.sum(axis=2) / count).T
    return mean
