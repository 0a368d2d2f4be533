"""Common enemy or common programme: residual likeness split by what it is about.

Roll calls are classed by the reference's vote alone, never by the group's, which
would select on the outcome. The five classes add up to C_ij exactly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from blocs.alignment.groups import Group
from blocs.alignment.resampling import Resampled, span
from blocs.alignment.vote_draws import (
    Pairs,
    VoteDraws,
    drawn_classes,
    items_of,
    pairs_of,
    whole_classes,
    whole_likeness,
)
from blocs.alignment.vote_slices import YearSlices
from blocs.alignment.vote_sums import CLASSES, VoteSums

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
        90 % interval from resampling texts or years; none with one of them.
    """

    name: str
    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Lead:
    """How much more of what a group shares is shield than anything else.

    Where the reference votes no, most states mostly vote yes: backing such a text stands
    with the many. To vote against what it supports is to stand against it.

    Attributes
    ----------
    value : float
        Shield less the greater of counter-programme and voting with the reference, in
        parts of the mean C_ij.
    low, high : float or None
        90 % interval from resampling texts or years; none with one of them.
    """

    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Shared:
    """What a group shares on votes, and what it is about, all from one set of resamples.

    Attributes
    ----------
    value : float
        Mean C_ij of the pairs known.
    low, high : float or None
        90 % interval from resampling texts or years; none with one of them.
    classes : tuple of Motive
        Its parts, in the order of `CLASSES`.
    lead : Lead
        How far shield leads.
    pairs, items : int
        Pairs known, and roll calls that such a pair has in common (mean).
    resampled : Resampled or None
        What the intervals were drawn from.
    """

    value: float
    low: float | None
    high: float | None
    classes: tuple[Motive, ...]
    lead: Lead
    pairs: int
    items: int
    resampled: Resampled | None


def assess_motives(draws: VoteDraws, group: Group) -> Shared | None:
    """Split the mean residual likeness of a group into its five classes.

    Parameters
    ----------
    draws : VoteDraws
        Votes of the period, classed by the reference's vote, and resamples of them.
    group : Group
        The group; members without votes are left out, and a changing
        membership counts each pair in its years.

    Returns
    -------
    Shared or None
        None if no two members voted together.
    """
    votes, pairs = draws.votes, pairs_of(draws.votes, group)
    known = ~np.isnan(whole_likeness(votes, pairs))
    if not known.any():
        return None
    point, drawn = whole_classes(votes, pairs), drawn_classes(draws, pairs)
    value, lead = float(point.sum()), float(ahead(point))
    low, high = span(drawn.sum(axis=1), value)
    return Shared(
        value=value,
        low=low,
        high=high,
        classes=tuple(
            Motive(name, float(point[c]), *span(drawn[:, c], float(point[c])))
            for c, name in enumerate(CLASSES)
        ),
        lead=Lead(lead, *span(ahead(drawn), lead)),
        pairs=int(known.sum()),
        items=round(float(items_of(votes, pairs)[known].mean())),
        resampled=draws.resampled,
    )


def ahead(classes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shield less the greater of counter-programme and with the reference; classes come last."""
    lead: NDArray[np.float64] = classes[..., 0] - classes[..., 1:3].max(axis=-1)
    return lead


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
        votes = YearSlices(sums.within([year]).among(at))
        values = whole_classes(votes, Pairs(*np.triu_indices(len(at), 1)))
        if not np.isnan(values).any():
            out.append((year, tuple(map(float, values))))
    return tuple(out)
