"""Yearly sums of votes in common as arrays, pooled over any years.

The table `schemas.DyadVotes` holds everything that likeness on votes needs:
pooling years is adding rows. `VoteSums` lays it out once so that pooling
and comparing groups are array operations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from blocs.alignment.groups import Group

CLASSES = ("shield", "counter", "with_reference", "neutral", "dissent")
_COUNTS = ("n", "same", "distance")


@dataclass(frozen=True, slots=True)
class VoteSums:
    """Sums over the roll calls two states both took part in, by year.

    Attributes
    ----------
    actors : tuple of str
        Length n, sorted.
    years : tuple of int
        Length y, sorted.
    counts : ndarray, shape (3, y, n, n)
        Roll calls in common, same votes, distance; symmetric.
    products : ndarray, shape (5, y, n, n)
        Residual products by class, in the order of `CLASSES`; symmetric.
    squares : ndarray, shape (y, n, n)
        ``[y, i, j]`` = sum of r_i^2 over the roll calls i shares with j.
    """

    actors: tuple[str, ...]
    years: tuple[int, ...]
    counts: NDArray[np.float64]
    products: NDArray[np.float64]
    squares: NDArray[np.float64]

    def within(self, years: Sequence[int]) -> VoteSums:
        """Keep some years."""
        at = np.array([self.years.index(year) for year in years], dtype=np.intp)
        return VoteSums(
            self.actors, tuple(years), self.counts[:, at], self.products[:, at], self.squares[at]
        )

    def among(self, members: NDArray[np.intp]) -> VoteSums:
        """Keep some states."""
        i, j = np.ix_(members, members)
        names = tuple(self.actors[m] for m in members)
        return VoteSums(
            names,
            self.years,
            self.counts[:, :, i, j],
            self.products[:, :, i, j],
            self.squares[:, i, j],
        )

    def pooled(self, weight: NDArray[np.float64] | None = None) -> Pooled:
        """Add the years up, each `weight` times (once by default)."""
        if weight is None:
            return Pooled(
                counts=self.counts.sum(axis=1),
                products=self.products.sum(axis=1),
                squares=self.squares.sum(axis=0),
            )
        return Pooled(
            counts=np.tensordot(self.counts, weight, axes=(1, 0)),
            products=np.tensordot(self.products, weight, axes=(1, 0)),
            squares=np.tensordot(weight, self.squares, axes=(0, 0)),
        )


@dataclass(frozen=True, slots=True)
class Pooled:
    """Sums over some years; arrays of shape (3, n, n), (5, n, n) and (n, n)."""

    counts: NDArray[np.float64]
    products: NDArray[np.float64]
    squares: NDArray[np.float64]

    def likeness(self) -> NDArray[np.float64]:
        """C_ij = sum r_i r_j / sqrt(sum r_i^2 sum r_j^2), in [-1, 1]; nan if unknown."""
        total: NDArray[np.float64] = self.shares().sum(axis=0)
        return total

    def shares(self) -> NDArray[np.float64]:
        """Split C_ij exactly by class, shape (5, n, n) in the order of `CLASSES`."""
        scale = np.sqrt(self.squares * self.squares.T)
        known = (self.counts[0] > 0) & (scale > 0)
        out = np.full(self.products.shape, np.nan)
        out[:, known] = self.products[:, known] / scale[known]
        return out

    def agreement(self) -> NDArray[np.float64]:
        """1 - distance / 2 over yes, abstain, no, in [0, 1]; nan if unknown."""
        n = self.counts[0]
        apart = np.divide(self.counts[2], 2 * n, out=np.full(n.shape, np.nan), where=n > 0)
        agree: NDArray[np.float64] = 1 - apart
        return agree


def vote_sums(counts: pl.DataFrame, *, actors: Sequence[str] | None = None) -> VoteSums:
    """Lay a `schemas.DyadVotes` table out as arrays.

    Parameters
    ----------
    counts : pl.DataFrame
        Table `schemas.DyadVotes`, any years.
    actors : sequence of str, optional
        States wanted; all by default.
    """
    everyone = pl.concat([counts["a"], counts["b"]]).unique().sort()
    names = tuple(sorted(actors)) if actors is not None else tuple(everyone)
    rows = counts
    if actors is not None:
        rows = counts.filter(pl.col("a").is_in(names) & pl.col("b").is_in(names))
    years = tuple(counts["year"].unique().sort())
    order = pl.Enum(names)
    y = np.searchsorted(years, rows["year"].to_numpy())
    i = rows["a"].cast(order).to_physical().to_numpy().astype(np.intp)
    j = rows["b"].cast(order).to_physical().to_numpy().astype(np.intp)
    n = len(names)
    there, back = (y * n + i) * n + j, (y * n + j) * n + i

    def laid(*columns: tuple[str, str]) -> NDArray[np.float64]:
        """Lay out columns: the first of each pair at [y, i, j], the second at [y, j, i]."""
        out = np.zeros((len(columns), len(years) * n * n))
        for cells, (one, other) in zip(out, columns, strict=True):
            cells[there], cells[back] = rows[one].to_numpy(), rows[other].to_numpy()
        return out.reshape(len(columns), len(years), n, n)

    return VoteSums(
        actors=names,
        years=years,
        counts=laid(*zip(_COUNTS, _COUNTS, strict=True)),
        products=laid(*zip(CLASSES, CLASSES, strict=True)),
        squares=laid(("ss_a", "ss_b"))[0],
    )


def member_sums(sums: VoteSums, group: Group) -> VoteSums:
    """Vote sums of a group's own pairs, each only in the years both were members."""
    members = [m for m in group.ever if m in sums.actors]
    ours = sums.among(np.array([sums.actors.index(m) for m in members], dtype=np.intp))
    if not group.changes:
        return ours
    mask = together(group, members, sums.years).astype(np.float64)
    return VoteSums(
        ours.actors, ours.years, ours.counts * mask, ours.products * mask, ours.squares * mask
    )


def together(group: Group, members: Sequence[str], years: Sequence[int]) -> NDArray[np.bool_]:
    """Whether both were members, shape (years, members, members)."""
    now = np.array([[m in group.in_year(y) for m in members] for y in years])
    both: NDArray[np.bool_] = now[:, :, None] & now[:, None, :]
    return both
