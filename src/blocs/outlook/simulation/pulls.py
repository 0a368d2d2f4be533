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
from blocs.dates import Period, in_force
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
        The last covered year up to this day's is used.

    Returns
    -------
    ndarray, shape (n, n), and int or None
        In [0, 1], 1 = defence; nan where nothing is known. None if no year is covered.
    """
    layer = LAYERS.get("alliances")
    told = {y for f in evidence.values() for y in years_told(f.coverage, layer.topic)}
    covered = [year for year in told if year <= day.year]
    if not covered:
        return np.full((len(names), len(names)), np.nan), None
    last = Period(max(covered), max(covered))
    then = {
        name: dataclasses.replace(f, spells=f.spells.filter(in_force(last)))
        for name, f in evidence.items()
    }
    return tie_matrix(build_layer("alliances", then), last, among=names).mean(), last.last


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


def heated_dyads(states: States, pull: NDArray[np.float64], group: NDArray[np.int32]) -> Dyads:
    """Let the heaviest and least friendly pairs have hostile events, in proportion."""
    n, size = len(states.size), states.size
    i, j = np.triu_indices(n, 1)
    heat = size[i] * size[j] * (1 - pull[i, j])
    top = np.sort(np.argsort(-heat, kind="stable")[:PAIRS])
    i, j, heat = i[top], j[top], heat[top]
    sender = np.concatenate([i, j]).astype(np.int32)
    receiver = np.concatenate([j, i]).astype(np.int32)
    rate = np.tile(heat / heat.sum() * EVENTS_A_MONTH / 2, 2).astype(np.float32)
    link = np.array([_place(states, a, b) for a, b in zip(sender, receiver, strict=True)], np.int32)
    ends = np.concatenate([sender, receiver])
    order = np.argsort(ends, kind="stable")
    counts = np.bincount(ends, minlength=n)
    mine = np.isin(sender, group) | np.isin(receiver, group)
    return Dyads(
        sender,
        receiver,
        rate,
        link,
        np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
        (order % len(sender)).astype(np.int32),
        mine,
    )


def _place(states: States, a: int, b: int) -> int:
    row = states.indices[states.indptr[a] : states.indptr[a + 1]]
    at = int(np.searchsorted(row, b))
    return int(states.indptr[a]) + at if at < len(row) and row[at] == b else -1
