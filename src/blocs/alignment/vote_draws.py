"""Likeness on votes drawn again: one set of resamples that serves every figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from blocs.alignment.groups import Group
from blocs.alignment.resampling import DRAWS, Resampled
from blocs.alignment.vote_slices import Floats, Index, Slices, YearSlices, ratio
from blocs.alignment.vote_sums import CLASSES, VoteSums

CELLS = 4_000_000
"""Numbers of one array held in memory at once."""


@dataclass(frozen=True, slots=True)
class VoteDraws:
    """Votes in common and one set of resamples of them, which serves every figure.

    Attributes
    ----------
    votes : Slices
        Those of the period.
    weight : ndarray, shape (draws, slices)
        How often each slice comes up; no rows where there is one unit only.
    """

    votes: Slices
    weight: Floats

    @property
    def resampled(self) -> Resampled | None:
        """What was drawn; none where one unit cannot be resampled."""
        return self.votes.resampled if len(self.weight) else None


def draw_votes(votes: Slices, rng: np.random.Generator, *, draws: int = DRAWS) -> VoteDraws:
    """Draw the units of some votes again; one unit alone is not drawn."""
    if votes.resampled.count < 2:
        return VoteDraws(votes, np.empty((0, len(votes.years))))
    return VoteDraws(votes, votes.weights(draws, rng))


def draw_years(
    sums: VoteSums, window: Sequence[int], rng: np.random.Generator, *, draws: int = DRAWS
) -> VoteDraws:
    """Draw those years of a window that have votes."""
    wanted = set(window)
    return draw_votes(
        YearSlices(sums.within([y for y in sums.years if y in wanted])), rng, draws=draws
    )


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of states, and when each counts.

    Attributes
    ----------
    i, j : ndarray of int, shape (pairs,)
        Places among the actors.
    when : ndarray of bool, shape (slices, pairs), or None
        Slices in which a pair counts; all if None.
    """

    i: Index
    j: Index
    when: NDArray[np.bool_] | None = None

    def __len__(self) -> int:
        """How many."""
        return len(self.i)

    def parts(self, cells: int) -> Iterator[Pairs]:
        """Hand the pairs out in parts, `cells` numbers needed for each."""
        for at in np.array_split(np.arange(len(self)), 1 + len(self) * cells // CELLS):
            yield Pairs(self.i[at], self.j[at], None if self.when is None else self.when[:, at])


def pairs_of(votes: Slices, group: Group) -> Pairs:
    """Pairs of a group's members, each in the years both were."""
    members = [m for m in group.ever if m in votes.actors]
    at = np.array([votes.actors.index(m) for m in members], dtype=np.intp)
    i, j = np.triu_indices(len(members), 1)
    if not group.changes:
        return Pairs(at[i], at[j])
    now = membership(votes, group, members)
    return Pairs(at[i], at[j], now[:, i] & now[:, j])


def membership(votes: Slices, group: Group, members: Sequence[str]) -> NDArray[np.bool_]:
    """Whether each was a member, shape (slices, members)."""
    years, of = np.unique(votes.years, return_inverse=True)
    now = np.array([[m in group.in_year(int(y)) for m in members] for y in years], dtype=np.bool_)
    out: NDArray[np.bool_] = now.reshape(len(years), len(members))[of]
    return out


def items_of(votes: Slices, pairs: Pairs) -> Floats:
    """Roll calls that pairs have in common, shape (pairs,)."""
    items: Floats = _when(votes.items(pairs.i, pairs.j), pairs).sum(axis=0)
    return items


def drawn_likeness(draws: VoteDraws, pairs: Pairs) -> Floats:
    """C_ij of pairs in each resample, shape (draws, pairs); nan where unknown.

    Cost O(draws slices pairs) multiplications, in BLAS.
    """
    return _likeness(draws.votes, draws.weight, pairs)


def whole_likeness(votes: Slices, pairs: Pairs) -> Floats:
    """C_ij of pairs, every slice once, shape (pairs,)."""
    one: Floats = _likeness(votes, np.ones((1, len(votes.years))), pairs)[0]
    return one


def drawn_classes(draws: VoteDraws, pairs: Pairs) -> Floats:
    """Classes of C_ij in each resample, averaged over the pairs known, shape (draws, 5)."""
    return _classes(draws.votes, draws.weight, pairs)


def whole_classes(votes: Slices, pairs: Pairs) -> Floats:
    """Classes of C_ij, every slice once, averaged over the pairs known, shape (5,)."""
    one: Floats = _classes(votes, np.ones((1, len(votes.years))), pairs)[0]
    return one


def _likeness(votes: Slices, weight: Floats, pairs: Pairs) -> Floats:
    out = np.empty((len(weight), len(pairs)))
    done = 0
    for part in pairs.parts(len(weight) + 3 * len(votes.years)):
        scale = _scale(votes, weight, part)
        total = weight @ _when(votes.products(part.i, part.j), part)
        out[:, done : done + len(part)] = ratio(total, scale)
        done += len(part)
    return out


def _classes(votes: Slices, weight: Floats, pairs: Pairs) -> Floats:
    total, known = np.zeros((len(weight), len(CLASSES))), np.zeros((len(weight), 1))
    for part in pairs.parts(len(weight) + len(CLASSES) * len(votes.years)):
        scale = _scale(votes, weight, part)
        for c, products in enumerate(votes.classes(part.i, part.j)):
            share = ratio(weight @ _when(products, part), scale)
            total[:, c] += np.nansum(share, axis=1)
        known[:, 0] += (scale > 0).sum(axis=1)
    mean: Floats = ratio(total, np.broadcast_to(known, total.shape))
    return mean


def _scale(votes: Slices, weight: Floats, part: Pairs) -> Floats:
    left, right = (weight @ _when(s, part) for s in votes.squares(part.i, part.j))
    scale: Floats = np.sqrt(left * right)
    return scale


def _when(cells: Floats, part: Pairs) -> Floats:
    return cells if part.when is None else cells * part.when
