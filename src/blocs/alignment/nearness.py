"""How near every state stands to a group: mean likeness on votes to its members."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from blocs.alignment.groups import Group
from blocs.alignment.resampling import span
from blocs.alignment.vote_draws import (
    Pairs,
    VoteDraws,
    drawn_likeness,
    items_of,
    membership,
    whole_likeness,
)
from blocs.alignment.vote_slices import Slices


@dataclass(frozen=True, slots=True)
class Nearness:
    """One state's likeness to the members of a group.

    Attributes
    ----------
    actor : str
        The state; a member is compared with the other members.
    likeness : float
        Mean of C_ij over the members with votes in common, in [-1, 1].
    low, high : float or None
        90 % interval from resampling texts or years; none with one of them.
    members : int
        Members that have votes in common with it.
    items : int
        Roll calls in common with a member, on average.
    """

    actor: str
    likeness: float
    low: float | None
    high: float | None
    members: int
    items: int


def nearness(draws: VoteDraws, group: Group) -> tuple[Nearness, ...]:
    """Compare every state with the members of a group, the nearest first.

    Parameters
    ----------
    draws : VoteDraws
        Votes in common of all states in the period, and resamples of them.
    group : Group
        A member counts in the years in which it was one.

    Returns
    -------
    tuple of Nearness
        States with a roll call in common with a member, by likeness; empty without any.
    """
    votes = draws.votes
    members = [m for m in group.ever if m in votes.actors]
    if not len(votes.years) or not members:
        return ()
    rows = [
        _pairs(votes.actors.index(m), when, len(votes.actors))
        for m, when in zip(members, membership(votes, group, members).T, strict=True)
    ]
    mean = _mean([_open(whole_likeness(votes, row)[None, :], row) for row in rows])[0]
    drawn = _mean([_open(drawn_likeness(draws, row), row) for row in rows])
    counts = np.stack([_items(votes, row) for row in rows])
    found = []
    for k, actor in enumerate(votes.actors):
        if np.isnan(mean[k]):
            continue
        low, high = span(drawn[:, k], float(mean[k]))
        with_it = counts[counts[:, k] > 0, k]
        found.append(
            Nearness(
                actor=actor,
                likeness=float(mean[k]),
                low=low,
                high=high,
                members=len(with_it),
                items=round(float(with_it.mean())),
            )
        )
    return tuple(sorted(found, key=lambda n: (-n.likeness, n.actor)))


def _pairs(member: int, when: NDArray[np.bool_], states: int) -> Pairs:
    """One member with every state, in the years of its membership."""
    at = np.full(states, member, dtype=np.intp)
    return Pairs(at, np.arange(states), np.repeat(when[:, None], states, axis=1))


def _open(likeness: NDArray[np.float64], row: Pairs) -> NDArray[np.float64]:
    """Leave the member itself open: it is compared with the others."""
    likeness[:, row.i[0]] = np.nan
    return likeness


def _items(votes: Slices, row: Pairs) -> NDArray[np.float64]:
    """Roll calls in common with each state; none with itself."""
    count = items_of(votes, row)
    count[row.i[0]] = 0
    return count


def _mean(parts: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Mean over the members where it is known."""
    total, known = np.zeros(parts[0].shape), np.zeros(parts[0].shape)
    for part in parts:
        total += np.nan_to_num(part)
        known += ~np.isnan(part)
    out: NDArray[np.float64] = np.divide(
        total, known, out=np.full(total.shape, np.nan), where=known > 0
    )
    return out
