"""Grievance or programme on votes, roll call by roll call: an exact additive split.

`motives` splits likeness by yearly sums; here the roll calls themselves are at
hand, so likeness is also split by issue, its change by agenda and behaviour, and
every state can stand in for the reference.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from blocs.alignment.groups import Group
from blocs.alignment.resampling import DRAWS, Resampled, Span, span
from blocs.alignment.vote_draws import Pairs, draw_votes, drawn_classes
from blocs.alignment.vote_slices import CallSlices, class_of, stance_of
from blocs.alignment.vote_sums import CLASSES
from blocs.schemas import ISSUES
from blocs.ties.common_votes import ABSENT, UNKNOWN, BallotMatrix

STANCES = ("yes", "no", "neither")
SEVERAL, NO_ISSUE = "several issues", "no issue named"
CELLS = (*ISSUES, SEVERAL, NO_ISSUE)


@dataclass(frozen=True, slots=True)
class GroupVotes:
    """What is left of a group's votes after the mean of the states outside it.

    Attributes
    ----------
    members : tuple of str
        Length k; those that voted.
    residual : ndarray, shape (k, V)
        Vote (1, 0, -1) minus the mean of the states that are neither members nor the
        reference; nan where absent.
    stance : ndarray of int, shape (V,)
        The reference's: 0 yes, 1 no, 2 neither (abstained, absent, no member).
    cell : ndarray of int, shape (V,)
        Issue of each roll call in `CELLS`; one of several issues stands by itself, so
        that nothing counts twice.
    """

    members: tuple[str, ...]
    residual: NDArray[np.float64]
    stance: NDArray[np.int64]
    cell: NDArray[np.int64]

    def where(self, keep: NDArray[np.bool_]) -> GroupVotes:
        """Keep some roll calls."""
        return GroupVotes(self.members, self.residual[:, keep], self.stance[keep], self.cell[keep])


@dataclass(frozen=True, slots=True)
class VoteSplit:
    """Mean residual likeness of a group, split by class and issue.

    Attributes
    ----------
    likeness : float
        Mean C_ij over the pairs known.
    low, high : float or None
        Its 90 % interval over resampled texts; none with one text.
    parts : ndarray, shape (8, 5)
        Its parts by issue (`CELLS`) and class (`vote_sums.CLASSES`); they add up to
        `likeness` exactly.
    spans : tuple of (float, float) or of (None, None)
        Interval of each class summed over issues.
    n : ndarray of int, shape (8,)
        Roll calls by issue on which two members or more voted.
    pairs : int
        Pairs known.
    resampled : Resampled or None
        What the intervals were drawn from.
    """

    likeness: float
    low: float | None
    high: float | None
    parts: NDArray[np.float64]
    spans: tuple[Span, ...]
    n: NDArray[np.int64]
    pairs: int
    resampled: Resampled | None


@dataclass(frozen=True, slots=True)
class Trend:
    """Why likeness changed between two spans: what was voted on, or how they voted.

    Attributes
    ----------
    before, after, change : float
        Mean C_ij of the pairs known in both spans.
    agenda, behaviour : ndarray, shape (labels,)
        Parts of the change by label; all of them add up to `change` exactly.
    labels : tuple of str
        Stances of the reference, or issues.
    share_before, share_after : ndarray, shape (labels,)
        Share of the roll calls (mean over pairs).
    """

    before: float
    after: float
    change: float
    agenda: NDArray[np.float64]
    behaviour: NDArray[np.float64]
    labels: tuple[str, ...]
    share_before: NDArray[np.float64]
    share_after: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Placebo:
    """The five classes with another state as the reference, shape of `CLASSES`."""

    reference: str
    parts: tuple[float, ...]


def group_votes(matrix: BallotMatrix, members: Sequence[str], reference: str) -> GroupVotes:
    """Take the mean of the states outside out of a group's votes.

    Parameters
    ----------
    matrix : BallotMatrix
        Every state, the roll calls of the period.
    members : sequence of str
    reference : str
        The power whose vote classes the roll calls.
    """
    x = _positions(matrix)
    at = [matrix.actors.index(m) for m in members if m in matrix.actors]
    outside = ~np.isin(matrix.actors, [*members, reference])
    mean = _mean_of(x[outside])
    return GroupVotes(
        members=tuple(matrix.actors[k] for k in at),
        residual=x[at] - mean,
        stance=stance_of(matrix, reference),
        cell=_cells(matrix.rollcalls),
    )


def while_members(matrix: BallotMatrix, group: Group) -> BallotMatrix:
    """Take out what members of a changing group voted in the years in which they were none."""
    if not group.changes:
        return matrix
    votes, years = matrix.votes.copy(), matrix.rollcalls["date"].dt.year().to_numpy()
    for year in np.unique(years):
        away = set(group.ever) - set(group.in_year(int(year)))
        votes[np.ix_(np.isin(matrix.actors, list(away)), years == year)] = UNKNOWN
    return BallotMatrix(matrix.actors, matrix.rollcalls, votes)


def split_votes(
    votes: GroupVotes,
    *,
    series: NDArray[np.int64] | None = None,
    rng: np.random.Generator,
    draws: int = DRAWS,
) -> VoteSplit | None:
    """Split the mean residual likeness of a group by class and issue, exactly.

    Parameters
    ----------
    votes : GroupVotes
    series : ndarray of int, shape (V,), optional
        Text of each roll call, resampled whole; each roll call its own by default.
    rng : numpy.random.Generator
        For resampling.
    draws : int
        Resamples.

    Returns
    -------
    VoteSplit or None
        None if no two members share a roll call.
    """
    products, scale = _products(votes)
    known = scale > 0
    if not known.any():
        return None
    labels = votes.cell * len(CLASSES)
    cells = len(CELLS) * len(CLASSES)
    share = products[known] / scale[known, None]
    code = _classes(votes)[known] + labels
    parts = np.zeros(cells)
    np.add.at(parts, code.ravel(), share.ravel())
    parts /= known.sum()
    texts = np.arange(len(labels)) if series is None else series
    by_text = CallSlices(votes.members, votes.residual, votes.stance, texts, np.zeros_like(texts))
    again = draw_votes(by_text, rng, draws=draws)
    drawn = drawn_classes(again, Pairs(*np.triu_indices(len(votes.members), 1)))
    by_class = parts.reshape(len(CELLS), len(CLASSES))
    low, high = span(drawn.sum(axis=1), float(parts.sum()))
    met = (~np.isnan(votes.residual)).sum(axis=0) > 1
    return VoteSplit(
        likeness=float(parts.sum()),
        low=low,
        high=high,
        parts=by_class,
        spans=tuple(map(span, drawn.T, by_class.sum(axis=0).tolist())),
        n=np.bincount(votes.cell[met], minlength=len(CELLS)),
        pairs=int(known.sum()),
        resampled=again.resampled,
    )


def split_trend(before: GroupVotes, after: GroupVotes, *, by: str = "stance") -> Trend | None:
    """Split the change of likeness between two spans into agenda and behaviour.

    Parameters
    ----------
    before, after : GroupVotes
        The same reference; pairs known in both spans count.
    by : str
        ``stance`` (the reference's vote) or ``issue``.

    Returns
    -------
    Trend or None
        None if no pair is known in both spans.

    Notes
    -----
    C = sum_c w_c q_c with w_c the share of the pair's roll calls with label c and q_c
    their mean product over the pair's mean scale, sqrt(sum r_i^2 sum r_j^2) / n. Then
    change = sum (w'_c - w_c)(q_c + q'_c)/2 [agenda] + sum (q'_c - q_c)(w_c + w'_c)/2
    [behaviour], exactly.

    References
    ----------
    Kitagawa, E. M. (1955). Components of a difference between two rates. Journal of the
    American Statistical Association 50. doi:10.1080/01621459.1955.10501299
    """
    names = [m for m in before.members if m in after.members]
    labels = STANCES if by == "stance" else CELLS
    w0, q0, known0 = _shares(before, names, by, len(labels))
    w1, q1, known1 = _shares(after, names, by, len(labels))
    both = known0 & known1
    if not both.any():
        return None
    w0, q0, w1, q1 = (a[both] for a in (w0, q0, w1, q1))
    first, second = float((w0 * q0).sum(axis=1).mean()), float((w1 * q1).sum(axis=1).mean())
    return Trend(
        first,
        second,
        second - first,
        ((w1 - w0) * (q0 + q1) / 2).mean(axis=0),
        ((q1 - q0) * (w0 + w1) / 2).mean(axis=0),
        labels,
        w0.mean(axis=0),
        w1.mean(axis=0),
    )


def placebo_references(matrix: BallotMatrix, members: Sequence[str]) -> tuple[Placebo, ...]:
    """Split the group's likeness with every state outside it as the reference.

    Parameters
    ----------
    matrix : BallotMatrix
    members : sequence of str

    Returns
    -------
    tuple of Placebo
        In the order of the actors; states that never voted are left out.

    Notes
    -----
    For each reference the mean taken out is that of the states that are neither
    members nor that reference. O(n k^2 V).
    """
    x = _positions(matrix)
    inside = np.isin(matrix.actors, list(members))
    outside = np.where(inside[:, None], np.nan, x)
    known = ~np.isnan(outside)
    total, count = np.nansum(outside, axis=0), known.sum(axis=0)
    cell = np.zeros(x.shape[1], dtype=np.int64)
    names = tuple(np.array(matrix.actors)[inside])
    out = []
    for h in np.flatnonzero(~inside & known.any(axis=1)):
        n = count - known[h]
        mean = np.divide(
            total - np.nan_to_num(outside[h]), n, out=np.full(n.shape, np.nan), where=n > 0
        )
        votes = GroupVotes(names, x[inside] - mean, stance_of(matrix, matrix.actors[h]), cell)
        parts = _class_means(votes)
        if parts is not None:
            out.append(Placebo(matrix.actors[h], tuple(map(float, parts))))
    return tuple(out)


def _positions(matrix: BallotMatrix) -> NDArray[np.float64]:
    gone = (matrix.votes == UNKNOWN) | (matrix.votes == ABSENT)
    x: NDArray[np.float64] = np.where(gone, np.nan, 1.0 - matrix.votes)
    return x


def _mean_of(x: NDArray[np.float64]) -> NDArray[np.float64]:
    known = ~np.isnan(x)
    count = known.sum(axis=0)
    mean: NDArray[np.float64] = np.divide(
        np.where(known, x, 0.0).sum(axis=0), count, out=np.full(x.shape[1], np.nan), where=count > 0
    )
    return mean


def _cells(rollcalls: pl.DataFrame) -> NDArray[np.int64]:
    """Issue of each roll call, several and none standing for themselves."""
    flags = rollcalls.select(pl.col(i).fill_null(False) for i in ISSUES).to_numpy()
    count = flags.sum(axis=1)
    one = flags.argmax(axis=1) if flags.size else np.zeros(len(count), dtype=np.int64)
    return np.where(count == 1, one, np.where(count > 1, len(ISSUES), len(ISSUES) + 1)).astype(
        np.int64
    )


def _products(votes: GroupVotes) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Residual products of each pair (pairs, V), 0 where unknown, and the pairs' scales."""
    i, j = np.triu_indices(len(votes.members), 1)
    known = ~np.isnan(votes.residual)
    r = np.nan_to_num(votes.residual)
    both = (known[i] & known[j]).astype(np.float64)
    scale = np.sqrt(((r[i] ** 2) * both).sum(axis=1) * ((r[j] ** 2) * both).sum(axis=1))
    return r[i] * r[j], scale


def _classes(votes: GroupVotes) -> NDArray[np.int64]:
    """Class of each pair's product on each roll call, numbered as `CLASSES`, (pairs, V)."""
    i, j = np.triu_indices(len(votes.members), 1)
    r = np.nan_to_num(votes.residual)
    return class_of(r[i], r[j], votes.stance)


def _class_means(
    votes: GroupVotes, weight: NDArray[np.float64] | None = None
) -> NDArray[np.float64] | None:
    products, scale = _products(votes)
    known = scale > 0
    if not known.any():
        return None
    code, share = _classes(votes)[known], products[known] / scale[known, None]
    out = np.array([np.where(code == c, share, 0.0).sum(axis=1) for c in range(len(CLASSES))])
    mean: NDArray[np.float64] = out.mean(axis=1)
    return mean


def _shares(
    votes: GroupVotes, names: Sequence[str], by: str, count: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Share of roll calls and relative mean product by label, pair by pair, (pairs, labels)."""
    at = [votes.members.index(n) for n in names]
    kept = GroupVotes(tuple(names), votes.residual[at], votes.stance, votes.cell)
    products, scale = _products(kept)
    i, j = np.triu_indices(len(names), 1)
    here = ~np.isnan(kept.residual)
    both = (here[i] & here[j]).astype(np.float64)
    label = np.eye(count)[kept.stance if by == "stance" else kept.cell]
    n_c, total = both @ label, (products * both) @ label
    n = n_c.sum(axis=1, keepdims=True)
    known = (n[:, 0] > 0) & (scale > 0)
    safe = np.where(known[:, None], n, 1.0)
    unit = np.where(known, scale, 1.0)[:, None] / safe
    q = np.divide(total, n_c * unit, out=np.zeros(n_c.shape), where=n_c > 0)
    return n_c / safe, q, known
