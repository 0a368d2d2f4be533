"""How states pull each other, and which pairs can have hostile events."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from blocs.alignment.vote_sums import vote_sums
from blocs.contracts import Facts
from blocs.dates import Period, holds_on
from blocs.outlook.simulation.model import Dyads, States
from blocs.registry import LAYERS
from blocs.ties.network import build_layer, tie_matrix
from blocs.ties.yearly import years_told

LINKS = 20
"""Pulls of a state that are kept: those of most weight."""
RECENT = 3
"""Years of votes behind a pull."""
EVENTS_A_MONTH = 3.0
"""Unprovoked hostile events a month in the whole system: an assumption, see ``events.rate``."""
DEFENCE = 1.0
"""Weight of a treaty of defence."""
PAIRS = 2000
"""Pairs of states that can have hostile events: those with the most weight and least pull."""


def treaties_in_force(
    names: Sequence[str], day: date, evidence: Mapping[str, Facts]
) -> tuple[NDArray[np.float64], int | None]:
    """Strongest treaty obligation of every two states, over three, and the year it is of.

    Parameters
    ----------
    names : sequence of str
        Actor ids, length n.
    day : date
        Treaties in force on it count; where it is not covered, those at the end of the
        last covered year before it.

    Returns
    -------
    ndarray, shape (n, n), and int or None
        In [0, 1], 1 = defence; nan where nothing is known. None if no year is covered.
    """
    layer = LAYERS.get("alliances")
    told = {y for f in evidence.values() for y in years_told(f.coverage, *layer.topics)}
    covered = [year for year in told if year <= day.year]
    if not covered:
        return np.full((len(names), len(names)), np.nan), None
    last = Period(max(covered), max(covered))
    on = min(day, date(last.last, 12, 31))
    then = {
        name: dataclasses.replace(
            f, spells=f.spells.filter(holds_on(on)), coverage=_within(f.coverage, last)
        )
        for name, f in evidence.items()
    }
    return tie_matrix(build_layer("alliances", then), last, among=names).mean(), last.last


def _within(coverage: pl.DataFrame, year: Period) -> pl.DataFrame:
    """Cut coverage to a year: nothing of another is built."""
    start, end = year.spell.start, year.spell.end
    cut = coverage.with_columns(
        pl.max_horizontal("start", pl.lit(start)), pl.min_horizontal("end", pl.lit(end))
    )
    return cut.filter(pl.col("start") < pl.col("end"))


def pulls(
    names: Sequence[str], day: date, treaty: NDArray[np.float64], evidence: Mapping[str, Facts]
) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """How states pull each other: likeness on votes, raised by treaties in force.

    Parameters
    ----------
    names : sequence of str
        Actor ids, length n.
    day : date
        Nothing after this day's year is used.
    treaty : ndarray, shape (n, n)
        From `treaties_in_force`.

    Returns
    -------
    ndarray, shape (n, n), and tuple of str
        In [-1, 1]; zero where nothing is known, since an unknown tie pulls neither
        way in the model. The sentences say what it rests on.

    Notes
    -----
    pull = C' + a, cut to [-1, 1]: C' the residual likeness on votes of the three
    years before (`blocs.alignment.vote_sums`) less the mean of both states'
    (`beyond_propensity`), a = 1 with a treaty of defence in force. Weaker treaties
    bind rivals too, and do not count.
    """
    counts = next((f.dyad_votes for f in evidence.values() if f.dyad_votes.height), None)
    n, told = len(names), []
    likeness = np.full((n, n), np.nan)
    if counts is not None:
        rows = counts.filter(pl.col("year").is_between(day.year - RECENT, day.year - 1))
        if rows.height:
            years = rows["year"].unique().sort()
            sums = vote_sums(rows, actors=names)
            likeness = sums.pooled().likeness()
            told.append(f"pulls from UN votes of {years[0]}-{years[-1]}")
    bound = np.where(treaty >= DEFENCE, 1.0, 0.0)  # what is not known pulls neither way
    pull = np.nan_to_num(beyond_propensity(likeness)) + bound
    pull = np.clip((pull + pull.T) / 2, -1, 1)
    np.fill_diagonal(pull, 0.0)
    return pull, tuple(told)


def beyond_propensity(likeness: NDArray[np.float64]) -> NDArray[np.float64]:
    """Likeness less the mean of what both states have with everybody.

    Parameters
    ----------
    likeness : ndarray, shape (n, n)
        Symmetric; nan where not known.

    Returns
    -------
    ndarray, shape (n, n)
        ``C_ij - (mean_i + mean_j) / 2``: a power that votes against most of the world
        repels a single state less by that alone.

    Examples
    --------
    >>> lone = np.array([[np.nan, -1, -1], [-1, np.nan, 0.5], [-1, 0.5, np.nan]])
    >>> beyond_propensity(lone).round(3)[0].tolist()
    [nan, -0.375, -0.375]
    """
    known = ~np.isnan(likeness)
    mean = np.where(known, likeness, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    beyond: NDArray[np.float64] = likeness - (mean[:, None] + mean[None, :]) / 2
    return beyond


def sparse_states(
    pull: NDArray[np.float64], size: NDArray[np.float64], bloc: NDArray[np.int8]
) -> States:
    """Keep the pulls that weigh most with each state, both ways, as sparse rows."""
    n = len(size)
    kept = np.zeros((n, n), dtype=bool)
    strong = np.argsort(-np.abs(pull) * size, axis=1, kind="stable")[:, :LINKS]
    kept[np.arange(n)[:, None], strong] = True
    kept = (kept | kept.T) & (pull != 0)
    row, column = np.nonzero(kept)
    place = np.full((n, n), -1, dtype=np.int32)
    place[row, column] = np.arange(len(row))
    indptr = np.concatenate([[0], np.cumsum(kept.sum(axis=1))]).astype(np.int32)
    return States(
        indptr, column.astype(np.int32), pull[row, column], place[column, row], size, bloc
    )


def heat(pull: NDArray[np.float64], size: NDArray[np.float64]) -> NDArray[np.float64]:
    """Events a month that nothing provokes, by dyad, where no record of events says better.

    Notes
    -----
    In proportion to size_i size_j (1 - pull_ij), `EVENTS_A_MONTH` in all: an assumption.
    """
    warm = np.outer(size, size) * (1 - pull)
    np.fill_diagonal(warm, 0.0)
    return np.asarray(warm / warm.sum() * EVENTS_A_MONTH)


def lay_dyads(
    states: States,
    rate: NDArray[np.float64],
    group: NDArray[np.int32],
    *,
    memory: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None,
) -> Dyads:
    """Keep the pairs that can be expected to have most events, and their rates.

    Parameters
    ----------
    states : States
        Who pulls whom, for the link of each dyad.
    rate : ndarray, shape (n, n)
        Events a month that nothing provokes, sender by receiver.
    group : ndarray of int
        States whose events are counted apart.
    memory : pair of ndarray, shape (n, n), optional
        Fast and slow memory at the start; by default what they hold on average.

    Notes
    -----
    The rate of the pairs left out is spread over those kept, so that the whole stays.
    """
    n = len(states.size)
    i, j = np.triu_indices(n, 1)
    expected = rate + sum(memory) if memory is not None else rate
    top = np.sort(np.argsort(-(expected + expected.T)[i, j], kind="stable")[:PAIRS])
    i, j = i[top], j[top]
    sender = np.concatenate([i, j]).astype(np.int32)
    receiver = np.concatenate([j, i]).astype(np.int32)
    kept = rate[sender, receiver]
    link = np.array([_place(states, a, b) for a, b in zip(sender, receiver, strict=True)], np.int32)
    ends = np.concatenate([sender, receiver])
    order = np.argsort(ends, kind="stable")
    counts = np.bincount(ends, minlength=n)
    start = [np.zeros(0)] * 2 if memory is None else [m[sender, receiver] for m in memory]
    return Dyads(
        sender,
        receiver,
        kept * (rate.sum() / kept.sum()),
        link,
        np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
        (order % len(sender)).astype(np.int32),
        np.isin(sender, group) | np.isin(receiver, group),
        start[0],
        start[1],
    )


def _place(states: States, a: int, b: int) -> int:
    row = states.indices[states.indptr[a] : states.indptr[a + 1]]
    at = int(np.searchsorted(row, b))
    return int(states.indptr[a]) + at if at < len(row) and row[at] == b else -1
