"""The nearest and farthest groups of history, by what can be compared.

A group's profile has up to seven numbers, all shares on comparable scales: mean
residual likeness on votes and its five classes, and the mean strength of
treaties. The distance of two profiles is the root mean squared difference over
the numbers both have; before 1946 only treaties can be compared, and that is
said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from blocs.alignment.groups import members_on
from blocs.alignment.vote_sums import CLASSES, Pooled, VoteSums
from blocs.almanac.tables import facts
from blocs.ties.network import TieMatrix

DIMENSIONS = ("likeness", *CLASSES, "treaties")
LARGEST = 60
EVERY = 1


@dataclass(frozen=True, slots=True)
class Analogue:
    """A historical group and how far it lies from the group asked about.

    Attributes
    ----------
    group, name : str
        Id and name in the almanac.
    first, last : int
        Window of years compared.
    members : tuple of str
        Members at the end of the window.
    distance : float
        Root mean squared difference of the profiles.
    dimensions : tuple of str
        What could be compared.
    profile : tuple of float
        In the order of `DIMENSIONS`; nan = not known.
    """

    group: str
    name: str
    first: int
    last: int
    members: tuple[str, ...]
    distance: float
    dimensions: tuple[str, ...]
    profile: tuple[float, ...]


def profile(
    pooled: Pooled | None,
    treaties: NDArray[np.float64] | None,
    treaty_names: Sequence[str],
    members: Sequence[str],
) -> tuple[float, ...]:
    """Profile of one group, in the order of `DIMENSIONS`; nan where not known.

    Parameters
    ----------
    pooled : Pooled or None
        Vote sums of the group's own members.
    treaties : ndarray or None
        Mean strength of treaties, rows as in `treaty_names`.
    members : sequence of str
        The group.
    """
    votes = np.full(1 + len(CLASSES), np.nan)
    if pooled is not None and len(pooled.squares) > 1:
        i, j = np.triu_indices(len(pooled.squares), 1)
        scale = np.sqrt(pooled.squares[i, j] * pooled.squares[j, i])
        known = (pooled.counts[0][i, j] > 0) & (scale > 0)
        if known.any():
            parts = (pooled.products[:, i, j][:, known] / scale[known]).mean(axis=1)
            votes = np.concatenate([[parts.sum()], parts])
    return (*map(float, votes), _treaty_mean(treaties, treaty_names, members))


def nearest_groups(
    target: Sequence[float],
    *,
    sums: VoteSums,
    treaties: TieMatrix,
    window: int,
    exclude: Sequence[str],
    until: int,
) -> tuple[Analogue, ...]:
    """Rank every dated group and window of history by its distance to a profile.

    Parameters
    ----------
    target : sequence of float
        Profile of the group asked about.
    sums : VoteSums
        All states, all years.
    treaties : TieMatrix
        Layer of treaties, all states, all years.
    window : int
        Length of the windows in years.
    exclude : sequence of str
        Members of the group asked about: groups that share more than half of
        their members with it are left out.
    until : int
        Last year looked at.

    Returns
    -------
    tuple of Analogue
        The best window of each group, nearest first; groups compared on votes
        come before those that can only be compared on treaties.
    """
    totals = _running(sums)
    found: dict[str, Analogue] = {}
    rows = facts("groups").select("group", "name", "start", "end", "kind").sort("group")
    for slug, name, start, end, kind in rows.iter_rows():
        if kind == "label" or start is None:
            continue
        last_year = min(until, end.year - 1 if end is not None else until)
        for year in range(max(start.year, 1816), last_year + 1, EVERY):
            candidate = _candidate(
                slug, name, year, window, target, totals, sums, treaties, exclude
            )
            if candidate is None:
                continue
            best = found.get(slug)
            if best is None or _order(candidate) < _order(best):
                found[slug] = candidate
    return tuple(sorted(found.values(), key=_order))


def _order(a: Analogue) -> tuple[bool, float, str]:
    return ("likeness" not in a.dimensions, a.distance, a.group)


def _candidate(
    slug: str,
    name: str,
    year: int,
    window: int,
    target: Sequence[float],
    totals: VoteSums,
    sums: VoteSums,
    treaties: TieMatrix,
    exclude: Sequence[str],
) -> Analogue | None:
    from datetime import date

    members = members_on(slug, date(year, 12, 31))
    shared = len(set(members) & set(exclude))
    if not 3 <= len(members) <= LARGEST or shared > len(members) / 2:
        return None
    years = [y for y in range(year - window + 1, year + 1) if y in sums.years]
    pooled = _between(totals, members, years) if years else None
    at = [k for k, y in enumerate(treaties.years) if year - window < y <= year]
    bonds = treaties.weight[at].mean(axis=0) if at else None
    theirs = profile(pooled, bonds, treaties.actors, members)
    both = [k for k in range(len(target)) if not (np.isnan(target[k]) or np.isnan(theirs[k]))]
    if not both:
        return None
    apart = np.array([target[k] - theirs[k] for k in both])
    return Analogue(
        group=slug,
        name=name,
        first=year - window + 1,
        last=year,
        members=members,
        distance=float(np.sqrt((apart**2).mean())),
        dimensions=tuple(DIMENSIONS[k] for k in both),
        profile=theirs,
    )


def _treaty_mean(
    treaties: NDArray[np.float64] | None, names: Sequence[str], members: Sequence[str]
) -> float:
    at = [names.index(m) for m in members if m in names]
    if treaties is None or len(at) < 2:
        return float("nan")
    values = treaties[np.ix_(at, at)][np.triu_indices(len(at), 1)]
    values = values[~np.isnan(values)]
    return float(values.mean()) if values.size else float("nan")


def _running(sums: VoteSums) -> VoteSums:
    return VoteSums(
        sums.actors,
        sums.years,
        sums.counts.cumsum(axis=1),
        sums.products.cumsum(axis=1),
        sums.squares.cumsum(axis=0),
    )


def _between(totals: VoteSums, members: Sequence[str], years: Sequence[int]) -> Pooled:
    """Sums of a group over consecutive years, as a difference of running totals."""
    at = np.array([totals.actors.index(m) for m in members if m in totals.actors], dtype=np.intp)
    i, j = np.ix_(at, at)
    last = totals.years.index(years[-1])
    before = totals.years.index(years[0]) - 1
    ends = [
        (array[..., last, :, :][..., i, j], array[..., before, :, :][..., i, j])
        for array in (totals.counts, totals.products, totals.squares)
    ]
    counts, products, squares = (end - start if before >= 0 else end for end, start in ends)
    return Pooled(counts=counts, products=products, squares=squares)
