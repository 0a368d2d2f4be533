"""The nearest and farthest groups of history, by what can be compared.

A group's profile has up to seven numbers, all shares on comparable scales: mean
residual likeness on votes and its five classes, and the mean strength of
treaties. The distance of two profiles is the root mean squared difference over
the numbers both have; before 1946 only treaties can be compared, and that is
said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from blocs.alignment.groups import members_on
from blocs.alignment.vote_sums import CLASSES, Pooled, VoteSums
from blocs.almanac.tables import facts
from blocs.dates import FIRST_YEAR
from blocs.ties.network import TieMatrix

DIMENSIONS = ("likeness", *CLASSES, "treaties")
LARGEST = 60


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
        votes = _votes_part(
            pooled.counts[0][i, j],
            pooled.products[:, i, j],
            pooled.squares[i, j] * pooled.squares[j, i],
        )
    bonds = float("nan")
    at = [treaty_names.index(m) for m in members if m in treaty_names]
    if treaties is not None and len(at) > 1:
        bonds = float(_known_mean(treaties[np.ix_(at, at)][np.triu_indices(len(at), 1)]))
    return (*map(float, votes), bonds)


def nearest_groups(
    target: Sequence[float],
    *,
    sums: VoteSums,
    treaties: TieMatrix,
    window: int,
    exclude: Sequence[str],
    until: int,
    classed: bool = True,
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
    classed : bool
        Whether `sums` are classed by the reference power asked about; otherwise
        the five classes are not known and not compared.

    Returns
    -------
    tuple of Analogue
        The best window of each group, nearest first; groups compared on votes
        come before those that can only be compared on treaties.

    Notes
    -----
    Windows in which a group has the same members are compared at once: cost
    O(windows x window x pairs) additions.
    """
    wanted = np.array(target, dtype=np.float64)
    if not classed:
        wanted[1 : 1 + len(CLASSES)] = np.nan
    ground = _Ground(sums, treaties, window, wanted, classed)
    found: dict[str, Analogue] = {}
    rows = facts("groups").select("group", "name", "start", "end", "kind").sort("group")
    for slug, name, start, end, kind in rows.iter_rows():
        if kind == "label" or start is None:
            continue
        last = min(until, end.year - 1 if end is not None else until)
        for members, first_year, last_year in _runs(slug, max(start.year, FIRST_YEAR), last):
            shared = len(set(members) & set(exclude))
            if not 3 <= len(members) <= LARGEST or shared > len(members) / 2:
                continue
            best = _best_window(ground, slug, name, members, first_year, last_year)
            held = found.get(slug)
            if best is not None and (held is None or _order(best) < _order(held)):
                found[slug] = best
    return tuple(sorted(found.values(), key=_order))


def _order(a: Analogue) -> tuple[bool, float, str]:
    return ("likeness" not in a.dimensions, a.distance, a.group)


@dataclass(frozen=True, slots=True)
class _Ground:
    """What every group of history is compared on."""

    sums: VoteSums
    treaties: TieMatrix
    window: int
    target: NDArray[np.float64]
    classed: bool


def _runs(slug: str, first: int, last: int) -> Iterator[tuple[tuple[str, ...], int, int]]:
    """Spells of years, by their last day, in which a group has the same members."""
    by_year = ((members_on(slug, date(year, 12, 31)), year) for year in range(first, last + 1))
    for members, run in groupby(by_year, key=itemgetter(0)):
        years = [year for _, year in run]
        yield members, years[0], years[-1]


def _best_window(
    ground: _Ground, slug: str, name: str, members: Sequence[str], first: int, last: int
) -> Analogue | None:
    """Find the window, ending in one of some years, whose profile is nearest; the earliest."""
    theirs = _profiles(ground, members, first, last)
    gaps = theirs - ground.target
    both = ~np.isnan(gaps)
    count = both.sum(axis=1)
    square = np.where(both, gaps, 0.0) ** 2
    distance = np.sqrt(
        np.divide(square.sum(axis=1), count, out=np.full(len(count), np.inf), where=count > 0)
    )
    best = int(np.lexsort([distance, ~both[:, 0]])[0])
    if not count[best]:
        return None
    return Analogue(
        group=slug,
        name=name,
        first=first + best - ground.window + 1,
        last=first + best,
        members=tuple(members),
        distance=float(distance[best]),
        dimensions=tuple(d for d, known in zip(DIMENSIONS, both[best], strict=True) if known),
        profile=tuple(map(float, theirs[best])),
    )


def _profiles(
    ground: _Ground, members: Sequence[str], first: int, last: int
) -> NDArray[np.float64]:
    """Profiles of one set of members in the windows that end in some years, a row each."""
    window, sums = ground.window, ground.sums
    years = range(first - window + 1, last + 1)
    out = np.full((last - first + 1, len(DIMENSIONS)), np.nan)
    i, j = _pairs_of(members, sums.actors)
    if len(i):
        n, squares_a, squares_b, *products = (
            _windowed(array, sums.years, years, window, i, j)
            for array in (
                sums.counts[0],
                sums.squares,
                sums.squares.transpose(0, 2, 1),
                *sums.products,
            )
        )
        out[:, :-1] = _votes_part(n, np.stack(products), squares_a * squares_b).T
    if not ground.classed:
        out[:, 1:-1] = np.nan
    treaties = ground.treaties
    i, j = _pairs_of(members, treaties.actors)
    lit = np.isin(np.array(years), treaties.years).astype(np.float64)
    covered = sliding_window_view(lit, window).sum(axis=-1)
    if len(i):
        total = _windowed(treaties.weight, treaties.years, years, window, i, j)
        mean = np.full(total.shape, np.nan)
        np.divide(total, covered[:, None], out=mean, where=covered[:, None] > 0)
        out[:, -1] = _known_mean(mean)
    return out


def _pairs_of(
    members: Sequence[str], names: Sequence[str]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    place = {name: k for k, name in enumerate(names)}
    at = np.array([place[m] for m in members if m in place], dtype=np.intp)
    i, j = np.triu_indices(len(at), 1)
    return at[i], at[j]


def _windowed(
    array: NDArray[np.float64],
    have: Sequence[int],
    years: Sequence[int],
    window: int,
    i: NDArray[np.intp],
    j: NDArray[np.intp],
) -> NDArray[np.float64]:
    """Sum the cells of some pairs over every window, years not at hand counting zero.

    Added up window by window, not as a difference of running totals, which would
    leave a rounding error where nothing was shared, and spread unknown cells.
    """
    cells = np.zeros((len(years), len(i)))
    place = {year: k for k, year in enumerate(have)}
    at = [(k, place[year]) for k, year in enumerate(years) if year in place]
    if at:
        into, out_of = np.array(at, dtype=np.intp).T
        cells[into] = array[out_of[:, None], i, j]
    total: NDArray[np.float64] = sliding_window_view(cells, window, axis=0).sum(axis=-1)
    return total


def _votes_part(
    n: NDArray[np.float64], products: NDArray[np.float64], squares: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Mean likeness and its classes over the pairs (last axis) that are known."""
    scale = np.sqrt(squares)
    known = (n > 0) & (scale > 0)
    parts = np.full(products.shape, np.nan)
    np.divide(products, scale, out=parts, where=known)
    mean = _known_mean(parts)
    return np.concatenate([mean.sum(axis=0, keepdims=True), mean])


def _known_mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean of what is known along the last axis; nan where nothing is."""
    known = ~np.isnan(values)
    count = known.sum(axis=-1)
    total = np.where(known, values, 0.0).sum(axis=-1)
    mean: NDArray[np.float64] = np.divide(
        total, count, out=np.full(np.shape(total), np.nan), where=count > 0
    )
    return mean
