"""Votes in common in slices, roll calls or years, and what of them is drawn as one.

The same texts come back year after year. Three years in which two states answer the same
hundred questions the same way tell little more than one: a resample of the years keeps all
questions and hardly moves. What could have been otherwise is which questions are put; so a
text is drawn, with all its votes of the period. Yearly sums do not know the texts; from them
years can be drawn alone, and the answer says that so few are too few.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

from blocs.alignment.irt.bridging import wording
from blocs.alignment.resampling import Resampled, resampled
from blocs.alignment.vote_sums import CLASSES, VoteSums
from blocs.ties.common_votes import NO, YES, BallotMatrix, residuals

Index = NDArray[np.intp]
Floats = NDArray[np.float64]


class Slices(Protocol):
    """Votes in common in slices: a roll call, or a year of them.

    Attributes
    ----------
    actors : tuple of str
        Length n.
    years : ndarray of int, shape (slices,)
        The year of each slice.
    """

    @property
    def actors(self) -> tuple[str, ...]:
        """Actor ids."""

    @property
    def years(self) -> NDArray[np.int64]:
        """Year of each slice."""

    @property
    def resampled(self) -> Resampled:
        """What is drawn as one."""

    def weights(self, draws: int, rng: np.random.Generator) -> Floats:
        """How often each slice comes up, shape (draws, slices)."""

    def among(self, members: Index) -> Slices:
        """Keep some states."""

    def items(self, i: Index, j: Index) -> Floats:
        """Roll calls in common of some pairs, shape (slices, pairs)."""

    def products(self, i: Index, j: Index) -> Floats:
        """Sums of r_i r_j, shape (slices, pairs)."""

    def classes(self, i: Index, j: Index) -> Floats:
        """The same by class, in the order of `CLASSES`, shape (5, slices, pairs)."""

    def squares(self, i: Index, j: Index) -> tuple[Floats, Floats]:
        """Sums of r_i^2 and of r_j^2 over what both voted on, each (slices, pairs)."""

    def likeness(self, weight: Floats) -> Floats:
        """C_ij of all pairs with each slice counted `weight` times, shape (n, n)."""


@dataclass(frozen=True, slots=True)
class YearSlices:
    """Yearly sums as slices: years are drawn."""

    sums: VoteSums

    @property
    def actors(self) -> tuple[str, ...]:
        """Actor ids."""
        return self.sums.actors

    @property
    def years(self) -> NDArray[np.int64]:
        """The years themselves."""
        return np.array(self.sums.years, dtype=np.int64)

    @property
    def resampled(self) -> Resampled:
        """So many years."""
        return Resampled("years", len(self.sums.years), repeats=True)

    def weights(self, draws: int, rng: np.random.Generator) -> Floats:
        """Draw years."""
        return resampled(len(self.sums.years), draws, rng)

    def among(self, members: Index) -> YearSlices:
        """Keep some states."""
        return YearSlices(self.sums.among(members))

    def items(self, i: Index, j: Index) -> Floats:
        """Roll calls in common."""
        common: Floats = self.sums.counts[0][:, i, j]
        return common

    def products(self, i: Index, j: Index) -> Floats:
        """Sums of r_i r_j."""
        total: Floats = self.classes(i, j).sum(axis=0)
        return total

    def classes(self, i: Index, j: Index) -> Floats:
        """The same by class."""
        return self.sums.products[:, :, i, j]

    def squares(self, i: Index, j: Index) -> tuple[Floats, Floats]:
        """Sums of squares."""
        return self.sums.squares[:, i, j], self.sums.squares[:, j, i]

    def likeness(self, weight: Floats) -> Floats:
        """C_ij of all pairs."""
        return self.sums.pooled(weight).likeness()


@dataclass(frozen=True, slots=True)
class CallSlices:
    """Roll calls as slices: texts are drawn, each with all its votes.

    Attributes
    ----------
    residual : ndarray, shape (n, V)
        Vote (1, 0, -1) minus the mean of the states outside; nan where absent.
    stance : ndarray of int, shape (V,)
        The reference's: 0 yes, 1 no, 2 neither.
    text : ndarray of int, shape (V,)
        Which text was voted on.
    """

    actors: tuple[str, ...]
    residual: Floats
    stance: NDArray[np.int64]
    text: NDArray[np.int64]
    years: NDArray[np.int64]

    @property
    def resampled(self) -> Resampled:
        """So many texts, and roll calls on them."""
        return Resampled("texts", len(np.unique(self.text)), len(self.text))

    def weights(self, draws: int, rng: np.random.Generator) -> Floats:
        """Draw texts."""
        names, of = np.unique(self.text, return_inverse=True)
        return resampled(len(names), draws, rng)[:, of]

    def among(self, members: Index) -> CallSlices:
        """Keep some states."""
        names = tuple(self.actors[m] for m in members)
        return CallSlices(names, self.residual[members], self.stance, self.text, self.years)

    def items(self, i: Index, j: Index) -> Floats:
        """Whether both voted."""
        both: Floats = (self._known(i) & self._known(j)).T.astype(np.float64)
        return both

    def products(self, i: Index, j: Index) -> Floats:
        """Products r_i r_j."""
        out: Floats = np.nan_to_num(self.residual[i] * self.residual[j]).T
        return out

    def classes(self, i: Index, j: Index) -> Floats:
        """The same by class."""
        product = self.products(i, j)
        code = class_of(self.residual[i], self.residual[j], self.stance).T
        return np.stack([np.where(code == c, product, 0.0) for c in range(len(CLASSES))])

    def squares(self, i: Index, j: Index) -> tuple[Floats, Floats]:
        """Squares where both voted."""
        left = np.where(self._known(j), np.nan_to_num(self.residual[i]) ** 2, 0.0).T
        right = np.where(self._known(i), np.nan_to_num(self.residual[j]) ** 2, 0.0).T
        return left, right

    def likeness(self, weight: Floats) -> Floats:
        """C_ij of all pairs."""
        known = (~np.isnan(self.residual)).astype(np.float64)
        r = np.nan_to_num(self.residual)
        total, squares = (r * weight) @ r.T, (r**2 * weight) @ known.T
        return ratio(total, np.sqrt(squares * squares.T))

    def _known(self, at: Index) -> NDArray[np.bool_]:
        known: NDArray[np.bool_] = ~np.isnan(self.residual[at])
        return known


def call_slices(
    matrix: BallotMatrix, actors: Sequence[str], *, reference: str, outside: Sequence[str]
) -> CallSlices:
    """Lay the roll calls of a period out for drawing texts.

    Parameters
    ----------
    matrix : BallotMatrix
        Every state, the roll calls of the period.
    actors : sequence of str
        States wanted, in this order; one that is not in the matrix cast no vote.
    reference : str
        The power whose vote classes the roll calls.
    outside : sequence of str
        States left out of the mean vote besides the reference: the group.
    """
    others = ~np.isin(matrix.actors, [reference, *outside])
    left = residuals(matrix.votes, others)
    place = {name: k for k, name in enumerate(matrix.actors)}
    rows = np.full((len(actors), left.shape[1]), np.nan)
    for k, name in enumerate(actors):
        if name in place:
            rows[k] = left[place[name]]
    return CallSlices(
        actors=tuple(actors),
        residual=rows,
        stance=stance_of(matrix, reference),
        text=texts_of(matrix),
        years=matrix.rollcalls["date"].dt.year().to_numpy().astype(np.int64),
    )


def texts_of(matrix: BallotMatrix) -> NDArray[np.int64]:
    """Number the text of each roll call; one without a title is a text of its own."""
    names = wording(matrix.rollcalls.with_columns(pl.col("session").fill_null(0)))
    return np.unique(names.to_numpy(), return_inverse=True)[1].astype(np.int64)


def stance_of(matrix: BallotMatrix, reference: str) -> NDArray[np.int64]:
    """How a power voted on each roll call: 0 yes, 1 no, 2 neither (abstained, absent)."""
    if reference not in matrix.actors:
        return np.full(matrix.votes.shape[1], 2, dtype=np.int64)
    vote = matrix.votes[matrix.actors.index(reference)]
    return np.where(vote == YES, 0, np.where(vote == NO, 1, 2)).astype(np.int64)


def class_of(left: Floats, right: Floats, stance: NDArray[np.int64]) -> NDArray[np.int64]:
    """Class of each product of residuals, numbered as `CLASSES`; shapes (pairs, V)."""
    apart, up = left * right < 0, (left > 0) & (right > 0)
    yes, no = stance == 0, stance == 1
    shield, counter, along, neutral, dissent = range(len(CLASSES))
    code = np.where(
        yes, np.where(up, along, shield), np.where(no, np.where(up, counter, along), neutral)
    )
    return np.where(apart, dissent, code).astype(np.int64)


def ratio(total: Floats, scale: Floats) -> Floats:
    """Divide where the scale is above zero; nan elsewhere."""
    out: Floats = np.divide(total, scale, out=np.full(total.shape, np.nan), where=scale > 0)
    return out
