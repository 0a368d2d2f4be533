"""The shape of a group's ties: ring, clique or star, and through whom the new ones come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from blocs.alignment.groups import Group
from blocs.ties.network import TieMatrix

Form = Literal["clique", "star", "ring", "partly tied", "no ties", "not known"]
STRONG = 1 / 3
"""Weight from which on a tie counts: the weakest treaty, a third of full strength."""
CLIQUE = 2 / 3
STAR_REST = 1 / 3


@dataclass(frozen=True, slots=True)
class Without:
    """The group's ties seen from one member.

    Attributes
    ----------
    member : str
        Who is left out.
    degree : int
        Its ties within the group.
    density : float or None
        Share of tied pairs among the others; None where no such pair is known.
    new_share : float or None
        Share of the group's new ties that it is an end of; None without new ties.
    """

    member: str
    degree: int
    density: float | None
    new_share: float | None


@dataclass(frozen=True, slots=True)
class Shape:
    """The shape of a group on one layer over a period.

    Attributes
    ----------
    form : str
        star: one member tied to all others, and at most a third of the pairs of the
        others. ring (from four members on): every member tied to exactly two, all in
        one circle. clique: two thirds of the pairs tied, and of those without any one
        member still half. Otherwise partly tied, no ties, not known.
    density : float or None
        Share of tied pairs among those known.
    pairs, tied, possible : int
        Pairs known, pairs tied in some year of the period, and pairs of the group.
    new : tuple of (int, str, str)
        New ties: year, and ends; a tie of which the year before is known not to be.
    members : tuple of Without
        Most ties first.
    """

    form: Form
    density: float | None
    pairs: int
    tied: int
    possible: int
    new: tuple[tuple[int, str, str], ...]
    members: tuple[Without, ...]

    @property
    def hub(self) -> Without | None:
        """Who holds most ties; None without ties."""
        return self.members[0] if self.tied else None


def assess_shape(matrix: TieMatrix, group: Group, *, window: Sequence[int]) -> Shape:
    """Describe the shape of a group's ties on one layer.

    Parameters
    ----------
    matrix : TieMatrix
        The layer, over the window and if possible the year before it; either
        direction of a tie counts.
    group : Group
        Its members at the end of the period.
    window : sequence of int
        Years of the period.

    Notes
    -----
    A tie counts from a weight of one third on. Where the shape would differ with the
    pairs that are not known, the form is not known.
    """
    k = len(group.members)
    ever, fresh = _tied(matrix, group.members, set(window))
    i, j = np.triu_indices(k, 1)
    cells = ever[i, j]
    known = ~np.isnan(cells)
    new = tuple((year, group.members[a], group.members[b]) for year, a, b in fresh)
    return Shape(
        form=_form(ever),
        density=float(cells[known].mean()) if known.any() else None,
        pairs=int(known.sum()),
        tied=int(np.nansum(cells)),
        possible=k * (k - 1) // 2,
        new=new,
        members=_each(ever, group.members, new),
    )


def form_of(tied: NDArray[np.float64]) -> Form:
    """Name the shape of a group of which every pair is known.

    Parameters
    ----------
    tied : ndarray, shape (k, k)
        1 tied, 0 not; symmetric; the diagonal is not looked at.

    Examples
    --------
    >>> form_of(np.ones((3, 3)))
    'clique'
    >>> form_of(np.array([[0, 1, 1, 1], [1, 0, 0, 0], [1, 0, 0, 0], [1, 0, 0, 0]]))
    'star'
    """
    ties = np.asarray(tied, dtype=np.float64) * (1 - np.eye(len(tied)))
    degree = ties.sum(axis=1)
    k = len(ties)
    if not degree.any():
        return "no ties"
    if k == 2:
        return "clique"
    if any(degree[h] == k - 1 and _density(ties, h) <= STAR_REST + 1e-9 for h in range(k)):
        return "star"
    if k > 3 and (degree == 2).all() and _one_piece(ties):
        return "ring"
    if _density(ties) >= CLIQUE - 1e-9 and min(_density(ties, h) for h in range(k)) >= 0.5 - 1e-9:
        return "clique"
    return "partly tied"


def _form(ever: NDArray[np.float64]) -> Form:
    """The shape if the pairs that are not known do not matter."""
    if np.isnan(ever[np.triu_indices(len(ever), 1)]).all():
        return "not known"
    low, high = (form_of(np.where(np.isnan(ever), unknown, ever)) for unknown in (0.0, 1.0))
    return low if low == high else "not known"


def _tied(
    matrix: TieMatrix, members: Sequence[str], window: set[int]
) -> tuple[NDArray[np.float64], list[tuple[int, int, int]]]:
    """Who was tied in some year of the window, and which ties are new: year, i, j."""
    k = len(members)
    ever, fresh = np.full((k, k), np.nan), []
    at = [y for y, year in enumerate(matrix.years) if year in window]
    for a in range(k):
        for b in range(a + 1, k):
            series = _series(matrix, members[a], members[b])
            inside = series[at]
            told = inside[~np.isnan(inside)]
            if told.size:
                ever[a, b] = ever[b, a] = float(told.max())
            fresh += [
                (matrix.years[y], a, b)
                for y in at
                if y > 0
                and matrix.years[y - 1] == matrix.years[y] - 1
                and series[y] == 1
                and series[y - 1] == 0
            ]
    return ever, sorted(fresh)


def _series(matrix: TieMatrix, a: str, b: str) -> NDArray[np.float64]:
    """1 tied, 0 not, nan not known, by year; the stronger direction counts."""
    if a not in matrix.actors or b not in matrix.actors:
        return np.full(len(matrix.years), np.nan)
    i, j = matrix.actors.index(a), matrix.actors.index(b)
    both = np.fmax(matrix.weight[:, i, j], matrix.weight[:, j, i])
    tied: NDArray[np.float64] = np.where(np.isnan(both), np.nan, both >= STRONG - 1e-9)
    return tied


def _each(
    ever: NDArray[np.float64], members: Sequence[str], new: Sequence[tuple[int, str, str]]
) -> tuple[Without, ...]:
    degree = np.nansum(np.where(np.eye(len(ever), dtype=bool), np.nan, ever), axis=1)
    found = []
    for m, member in enumerate(members):
        rest = np.delete(np.delete(ever, m, 0), m, 1)
        cells = rest[np.triu_indices(len(rest), 1)]
        cells = cells[~np.isnan(cells)]
        found.append(
            Without(
                member,
                int(degree[m]),
                float(cells.mean()) if cells.size else None,
                sum(member in ends for _, *ends in new) / len(new) if new else None,
            )
        )
    return tuple(sorted(found, key=lambda w: (-w.degree, w.member)))


def _density(ties: NDArray[np.float64], without: int | None = None) -> float:
    kept = ties if without is None else np.delete(np.delete(ties, without, 0), without, 1)
    k = len(kept)
    return float(kept.sum() / (k * (k - 1))) if k > 1 else 1.0


def _one_piece(ties: NDArray[np.float64]) -> bool:
    from scipy.sparse.csgraph import connected_components

    return int(connected_components(ties, directed=False)[0]) == 1
