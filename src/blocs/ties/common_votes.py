"""Votes in common: joint tables and residual products of all pairs of states.

Everything an analyst asks of roll calls pair by pair is a matrix product over
the roll calls: how often i said a while j said b (`joint_tables`), and how much
of what is left after the world's mean the two share (`dyad_votes`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from blocs.dates import Period
from blocs.schemas import ISSUES, VOTES, DyadVotes, IssueVotes, together
from blocs.threads import one_thread

YES, ABSTAIN, NO, ABSENT = range(4)
UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class BallotMatrix:
    """Who voted how: one row per state, one column per roll call.

    Attributes
    ----------
    actors : tuple of str
        Actor ids, sorted; length n.
    rollcalls : pl.DataFrame
        Table `schemas.RollCalls`, sorted by date; V rows.
    votes : ndarray of int8, shape (n, V)
        0 yes, 1 abstain, 2 no, 3 absent, -1 not a member or not known.
    """

    actors: tuple[str, ...]
    rollcalls: pl.DataFrame
    votes: NDArray[np.int8]

    def where(self, keep: NDArray[np.bool_]) -> BallotMatrix:
        """Keep some roll calls."""
        return BallotMatrix(self.actors, self.rollcalls.filter(keep), self.votes[:, keep])


def ballot_matrix(
    rollcalls: pl.DataFrame, ballots: pl.DataFrame, *, period: Period | None = None
) -> BallotMatrix:
    """Lay ballots out as a matrix, cost O(ballots).

    Parameters
    ----------
    rollcalls, ballots : pl.DataFrame
        Tables `schemas.RollCalls` and `schemas.Ballots`.
    period : Period, optional
        Calendar years to keep, both included.
    """
    calls = rollcalls.sort("date", "rollcall")
    if period is not None:
        calls = calls.filter(pl.col("date").dt.year().is_between(period.first, period.last))
    at = pl.Series(range(calls.height), dtype=pl.UInt32)
    column = pl.col("rollcall").replace_strict(calls["rollcall"], at, default=None)
    cells = ballots.select("actor", "vote", v=column).drop_nulls("v")
    actors = cells["actor"].unique().sort()
    rows = cells["actor"].cast(pl.Enum(actors)).to_physical().to_numpy()
    votes = np.full((len(actors), calls.height), UNKNOWN, dtype=np.int8)
    votes[rows, cells["v"].to_numpy()] = cells["vote"].cast(pl.Enum(VOTES)).to_physical().to_numpy()
    return BallotMatrix(tuple(actors), calls, votes)


def joint_tables(votes: NDArray[np.int8], *, levels: int = 3) -> NDArray[np.float64]:
    """Count, for every pair of states, the roll calls by both their votes.

    Parameters
    ----------
    votes : ndarray of int8, shape (n, V)
        As in `BallotMatrix`.
    levels : int
        3 leaves absences out; 4 counts absence as a level of its own.

    Returns
    -------
    ndarray, shape (n, n, levels, levels)
        ``[i, j, a, b]`` = roll calls on which i was at level a and j at level b.

    Notes
    -----
    Cost O(n^2 V levels^2) multiplications, in BLAS.
    """
    n = votes.shape[0]
    at = np.concatenate([votes == level for level in range(levels)]).astype(np.float32)
    counts = (at @ at.T).reshape(levels, n, levels, n)
    return np.ascontiguousarray(counts.transpose(1, 3, 0, 2)).astype(np.float64)


def residuals(votes: NDArray[np.int8], others: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Vote minus the mean vote of the others on that roll call.

    Parameters
    ----------
    votes : ndarray of int8, shape (n, V)
        As in `BallotMatrix`.
    others : ndarray of bool, shape (n,)
        The states whose mean is taken out.

    Returns
    -------
    ndarray, shape (n, V)
        ``x - m`` with x = 1 yes, 0 abstain, -1 no; nan where a state took no part
        or none of the others did.
    """
    x = np.where((votes == UNKNOWN) | (votes == ABSENT), np.nan, 1.0 - votes)
    known = ~np.isnan(x[others])
    count = known.sum(axis=0)
    total = np.where(known, x[others], 0.0).sum(axis=0)
    mean = np.divide(total, count, out=np.full(x.shape[1], np.nan), where=count > 0)
    left: NDArray[np.float64] = x - mean
    return left


@dataclass(frozen=True, slots=True)
class ResidualSums:
    """Sums of residual products over roll calls both took part in, all (n, n).

    ``shield + counter + with_reference + neutral + dissent`` is the sum of
    r_i r_j exactly; ``squares[i, j]`` is the sum of r_i^2.
    """

    shield: NDArray[np.float64]
    counter: NDArray[np.float64]
    with_reference: NDArray[np.float64]
    neutral: NDArray[np.float64]
    dissent: NDArray[np.float64]
    squares: NDArray[np.float64]


def residual_sums(r: NDArray[np.float64], reference: NDArray[np.int8]) -> ResidualSums:
    """Split sums of r_i r_j by the reference's vote and by sign.

    Parameters
    ----------
    r : ndarray, shape (n, V)
        Residuals, nan where unknown.
    reference : ndarray of int8, shape (V,)
        How the reference power voted.

    Notes
    -----
    *Shield*: reference yes, both r < 0. *Counter-programme*: reference no, both
    r > 0. *With the reference*: yes and both > 0, or no and both < 0. *Neutral*:
    reference abstains or is absent, same sign. *Dissent*: opposite signs.
    """
    known = ~np.isnan(r)
    plus = np.where(known, np.clip(r, 0, None), 0.0)
    minus = np.where(known, np.clip(r, None, 0), 0.0)
    yes, no = np.flatnonzero(reference == YES), np.flatnonzero(reference == NO)
    rest = np.flatnonzero((reference != YES) & (reference != NO))

    def both(part: NDArray[np.float64], where: NDArray[np.intp]) -> NDArray[np.float64]:
        chosen = part[:, where]
        product: NDArray[np.float64] = chosen @ chosen.T
        return product

    cross = plus @ minus.T
    return ResidualSums(
        shield=both(minus, yes),
        counter=both(plus, no),
        with_reference=both(plus, yes) + both(minus, no),
        neutral=both(plus, rest) + both(minus, rest),
        dissent=cross + cross.T,
        squares=(plus**2 + minus**2) @ known.T.astype(np.float64),
    )


def dyad_votes(
    rollcalls: pl.DataFrame,
    ballots: pl.DataFrame,
    *,
    reference: str = "USA",
    outside: Sequence[str] = (),
) -> pl.DataFrame:
    """Sum the votes of every pair of states, year by year.

    Parameters
    ----------
    rollcalls, ballots : pl.DataFrame
        Tables `schemas.RollCalls` and `schemas.Ballots`.
    reference : str
        The power whose vote classes the roll calls.
    outside : sequence of str
        States whose votes are left out of the mean besides the reference's: the
        group that is asked about.

    Returns
    -------
    pl.DataFrame
        Table `schemas.DyadVotes`, sorted by year, a, b.
    """
    matrix = ballot_matrix(rollcalls, ballots)
    frames = []
    with one_thread():
        for one in _years(matrix, [reference, *outside]):
            sums = residual_sums(one.residual, _cast(matrix, reference, one.at))
            frames.append(_year_rows(one.year, one.names, one.votes, sums))
    return together(DyadVotes, frames)


def classes_by_power(
    rollcalls: pl.DataFrame,
    ballots: pl.DataFrame,
    powers: Sequence[str],
    *,
    reference: str = "USA",
) -> pl.DataFrame:
    """Class the same residuals of every pair, year by year, by the votes of other powers.

    Parameters
    ----------
    rollcalls, ballots : pl.DataFrame
        Tables `schemas.RollCalls` and `schemas.Ballots`.
    powers : sequence of str
        Whose votes class the roll calls.
    reference : str
        The power left out of the mean, as in `dyad_votes`.

    Returns
    -------
    pl.DataFrame
        ``a, b, year`` in the order of `dyad_votes`, and of every power ``shield_RUS``,
        ``counter_RUS``, ``neutral_RUS``. Dissent is the same for every power, and what is then
        left of the pair's sum is with the power.
    """
    parts = ("shield", "counter", "neutral")
    matrix = ballot_matrix(rollcalls, ballots)
    cells = [f"{c}_{power}" for power in powers for c in parts]
    frames = [
        pl.DataFrame(
            schema={"a": pl.String, "b": pl.String, "year": pl.Int64}
            | dict.fromkeys(cells, pl.Float64)
        )
    ]
    with one_thread():
        for one in _years(matrix, [reference]):
            sums = {p: residual_sums(one.residual, _cast(matrix, p, one.at)) for p in powers}
            told = {f"{c}_{p}": getattr(sums[p], c) for p in powers for c in parts}
            rows = _rows(one.year, one.names, _count(one.votes), told)
            frames.append(rows.select("a", "b", "year", *cells))
    return pl.concat(frames)


@dataclass(frozen=True, slots=True)
class _Year:
    """Votes of one year by the states that cast one, and what is left after the mean."""

    year: int
    at: NDArray[np.bool_]
    names: NDArray[np.str_]
    votes: NDArray[np.int8]
    residual: NDArray[np.float64]


def _years(matrix: BallotMatrix, left_out: Sequence[str]) -> Iterator[_Year]:
    others = ~np.isin(matrix.actors, list(left_out))
    years = matrix.rollcalls["date"].dt.year().to_numpy()
    for year in np.unique(years):
        votes = matrix.votes[:, years == year]
        here = ((votes != UNKNOWN) & (votes != ABSENT)).any(axis=1)
        if here.sum() < 2:
            continue
        names = np.array(matrix.actors)[here]
        left = residuals(votes, others)[here]
        yield _Year(int(year), years == year, names, votes[here], left)


def _cast(matrix: BallotMatrix, power: str, at: NDArray[np.bool_]) -> NDArray[np.int8]:
    """How a power voted on some roll calls; not known of one that never did."""
    if power not in matrix.actors:
        return np.full(int(at.sum()), UNKNOWN, np.int8)
    vote: NDArray[np.int8] = matrix.votes[matrix.actors.index(power)][at]
    return vote


def issue_votes(rollcalls: pl.DataFrame, ballots: pl.DataFrame) -> pl.DataFrame:
    """Count the votes in common of every pair by year and issue.

    A roll call can be about several issues, or none; the counts overlap.

    Returns
    -------
    pl.DataFrame
        Table `schemas.IssueVotes`, sorted by issue, year, a, b.
    """
    matrix = ballot_matrix(rollcalls, ballots)
    years = matrix.rollcalls["date"].dt.year().to_numpy()
    frames = []
    for issue in ISSUES:
        about = matrix.rollcalls[issue].fill_null(False).to_numpy()
        for year in np.unique(years[about]):
            votes = matrix.votes[:, about & (years == year)]
            here = ((votes != UNKNOWN) & (votes != ABSENT)).any(axis=1)
            names = np.array(matrix.actors)[here]
            counts = _counts(int(year), names, votes[here]).filter(pl.col("n") > 0)
            frames.append(counts.with_columns(issue=pl.lit(issue, dtype=pl.Enum(ISSUES))))
    order = list(IssueVotes.columns())
    return together(IssueVotes, [frame.select(order) for frame in frames])


@dataclass(frozen=True, slots=True)
class _Counts:
    """Roll calls in common, same votes, and steps apart, all (n, n)."""

    n: NDArray[np.float32]
    same: NDArray[np.float32]
    distance: NDArray[np.float32]


def _count(votes: NDArray[np.int8]) -> _Counts:
    """Count by products of x in {1, 0, -1} and of its square, exact in single precision."""
    known = ((votes >= YES) & (votes <= NO)).astype(np.float32)
    x = (ABSTAIN - votes) * known
    taken = x * x
    both, sided = taken @ taken.T, taken @ known.T
    n = known @ known.T
    one_step = sided + sided.T - 2 * both
    two_steps = (both - x @ x.T) / 2
    return _Counts(n, n - one_step - two_steps, one_step + 2 * two_steps)


def _counts(year: int, names: NDArray[np.str_], votes: NDArray[np.int8]) -> pl.DataFrame:
    return _rows(year, names, _count(votes), {})


def _year_rows(
    year: int, names: NDArray[np.str_], votes: NDArray[np.int8], sums: ResidualSums
) -> pl.DataFrame:
    parts = ("shield", "counter", "with_reference", "neutral", "dissent")
    cells = {
        **{part: getattr(sums, part) for part in parts},
        "ss_a": sums.squares,
        "ss_b": sums.squares.T,
    }
    return _rows(year, names, _count(votes), cells).select(list(DyadVotes.columns()))


def _rows(
    year: int,
    names: NDArray[np.str_],
    counts: _Counts,
    cells: Mapping[str, NDArray[np.float64]],
) -> pl.DataFrame:
    """One row per pair with a roll call in common, in the order of the names."""
    i, j = np.nonzero(np.triu(counts.n, 1))
    words = pl.Series(names)
    return pl.DataFrame(
        {
            "a": words.gather(i),
            "b": words.gather(j),
            "year": np.full(len(i), year),
            "n": counts.n[i, j].astype(np.int64),
            "same": counts.same[i, j].astype(np.int64),
            "distance": counts.distance[i, j].astype(np.int64),
            **{name: cell[i, j] for name, cell in cells.items()},
        }
    )
