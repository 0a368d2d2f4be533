"""How near every state stands to a group: mean likeness on votes to its members."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from blocs.alignment.cohesion import DRAWS, interval
from blocs.alignment.groups import Group
from blocs.alignment.vote_sums import VoteSums, resampled_years


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
        90 % interval from resampling years; none with one year.
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


def nearness(
    sums: VoteSums, group: Group, *, window: Sequence[int], rng: np.random.Generator
) -> tuple[Nearness, ...]:
    """Compare every state with the members of a group, the nearest first.

    Parameters
    ----------
    sums : VoteSums
        Votes in common of all states.
    group : Group
        A member counts in the years in which it was one.
    window : sequence of int
        Years of the period; those without votes are passed over.
    rng : numpy.random.Generator
        For resampling years.

    Returns
    -------
    tuple of Nearness
        States with a roll call in common with a member, by likeness; empty without any.
    """
    years = [y for y in sums.years if y in set(window)]
    members = [m for m in group.ever if m in sums.actors]
    if not years or not members:
        return ()
    part = sums.within(years)
    rows = [_Row(part, m, np.array([m in group.in_year(y) for y in years])) for m in members]
    once = np.ones((1, len(years)))
    mean = _mean([row.likeness(once) for row in rows])[0]
    counts = np.stack([row.items() for row in rows])
    ends = _ends(rows, mean, rng) if len(years) > 1 else [(None, None)] * len(mean)
    found = [
        Nearness(
            actor=actor,
            likeness=float(mean[k]),
            low=ends[k][0],
            high=ends[k][1],
            members=int((counts[:, k] > 0).sum()),
            items=round(float(counts[counts[:, k] > 0, k].mean())),
        )
        for k, actor in enumerate(sums.actors)
        if not np.isnan(mean[k])
    ]
    return tuple(sorted(found, key=lambda n: (-n.likeness, n.actor)))


class _Row:
    """One member's sums with every state, by year, in the years of its membership."""

    def __init__(self, sums: VoteSums, member: str, when: NDArray[np.bool_]) -> None:
        at, on = sums.actors.index(member), when[:, None].astype(np.float64)
        self.at = at
        self.count = sums.counts[0, :, at] * on
        self.product = sums.products[:, :, at].sum(axis=0) * on
        self.mine, self.theirs = sums.squares[:, at] * on, sums.squares[:, :, at] * on

    def likeness(self, weight: NDArray[np.float64]) -> NDArray[np.float64]:
        """Likeness to each state under weights of the years, shape (draws, states)."""
        scale = np.sqrt((weight @ self.mine) * (weight @ self.theirs))
        out: NDArray[np.float64] = np.divide(
            weight @ self.product, scale, out=np.full(scale.shape, np.nan), where=scale > 0
        )
        out[:, self.at] = np.nan
        return out

    def items(self) -> NDArray[np.float64]:
        """Roll calls in common with each state; none with itself."""
        out: NDArray[np.float64] = self.count.sum(axis=0)
        out[self.at] = 0
        return out


def _ends(
    rows: Sequence[_Row], mean: NDArray[np.float64], rng: np.random.Generator
) -> list[tuple[float | None, float | None]]:
    years = len(rows[0].count)
    weight = np.stack([resampled_years(years, rng) for _ in range(DRAWS)])
    drawn = _mean([row.likeness(weight) for row in rows])
    return [
        (None, None) if np.isnan(point) else interval(drawn[:, k], float(point))
        for k, point in enumerate(mean)
    ]


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
