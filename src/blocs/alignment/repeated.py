"""Votes on the same text again: who changed, when, and who moved towards whom.

Between two votes on one wording the question stays and only the answers change,
so a change is a state's own and not the agenda's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from blocs.alignment.irt.bridging import wording
from blocs.alignment.resampling import interval, resampled
from blocs.dates import Period
from blocs.ties.common_votes import ABSENT, UNKNOWN, ballot_matrix

DRAWS = 500


@dataclass(frozen=True, slots=True)
class RepeatedVotes:
    """Steps from one vote on a text to the next vote on it.

    Attributes
    ----------
    actors : tuple of str
        Length n, sorted.
    before, after : ndarray, shape (n, steps)
        1 yes, 0 abstain, -1 no; nan absent or not a member.
    series : ndarray of int, shape (steps,)
        Which text; steps of one text follow each other.
    first, second : tuple of date
        Days of both votes.
    session_before, session_after : ndarray of int, shape (steps,)
        Sessions of both votes.
    """

    actors: tuple[str, ...]
    before: NDArray[np.float64]
    after: NDArray[np.float64]
    series: NDArray[np.int64]
    first: tuple[date, ...]
    second: tuple[date, ...]
    session_before: NDArray[np.int64]
    session_after: NDArray[np.int64]

    @property
    def change(self) -> NDArray[np.float64]:
        """After minus before, in {-2, ..., 2}, shape (n, steps); nan where either is not known."""
        moved: NDArray[np.float64] = self.after - self.before
        return moved

    def among(self, keep: NDArray[np.bool_]) -> RepeatedVotes:
        """Keep some steps."""
        at = np.flatnonzero(keep)
        return RepeatedVotes(
            self.actors,
            self.before[:, at],
            self.after[:, at],
            self.series[at],
            tuple(self.first[k] for k in at),
            tuple(self.second[k] for k in at),
            self.session_before[at],
            self.session_after[at],
        )


@dataclass(frozen=True, slots=True)
class Mover:
    """Who came closer to whom, or went away, on the same texts.

    Attributes
    ----------
    change : float
        Mean change of the distance |group - reference|, votes from -1 to 1; above
        zero they moved apart.
    by_group, by_reference : float
        Parts of it that the group's and the reference's changes make; they add up
        to `change` exactly.
    low, high, group_low, group_high, reference_low, reference_high : float
        90 % intervals from resampling the texts.
    steps, series : int
        Votes on a text voted on before, and texts.
    """

    change: float
    low: float
    high: float
    by_group: float
    group_low: float
    group_high: float
    by_reference: float
    reference_low: float
    reference_high: float
    steps: int
    series: int


def repeated_votes(
    rollcalls: pl.DataFrame, ballots: pl.DataFrame, *, period: Period | None = None
) -> RepeatedVotes:
    """Find every vote on a text that was voted on before.

    Parameters
    ----------
    rollcalls, ballots : pl.DataFrame
        Tables `schemas.RollCalls` and `schemas.Ballots`.
    period : Period, optional
        The later vote of each step falls in these calendar years.

    Notes
    -----
    Texts are told apart as `blocs.alignment.irt.bridging.wording` does; a text put to
    the vote twice in a session, or not in the session before, is a new one.
    """
    calls = rollcalls.with_columns(session=pl.coalesce("session", _session()))
    calls = calls.with_columns(text=wording(calls)).sort("text", "date", "rollcall")
    calls = calls.with_columns(
        earlier=pl.col("rollcall").shift().over("text"),
        first=pl.col("date").shift().over("text"),
        session_before=pl.col("session").shift().over("text"),
    ).filter(pl.col("earlier").is_not_null())
    if period is not None:
        calls = calls.filter(pl.col("date").dt.year().is_between(period.first, period.last))
    needed = pl.concat([calls["rollcall"], calls["earlier"]]).unique()
    matrix = ballot_matrix(
        rollcalls.filter(pl.col("rollcall").is_in(needed.implode())),
        ballots.filter(pl.col("rollcall").is_in(needed.implode())),
    )
    x = np.where((matrix.votes == UNKNOWN) | (matrix.votes == ABSENT), np.nan, 1.0 - matrix.votes)
    place = {name: k for k, name in enumerate(matrix.rollcalls["rollcall"])}
    return RepeatedVotes(
        actors=matrix.actors,
        before=x[:, [place[r] for r in calls["earlier"]]],
        after=x[:, [place[r] for r in calls["rollcall"]]],
        series=np.unique(calls["text"].to_numpy(), return_inverse=True)[1].astype(np.int64),
        first=tuple(calls["first"]),
        second=tuple(calls["date"]),
        session_before=calls["session_before"].to_numpy().astype(np.int64),
        session_after=calls["session"].to_numpy().astype(np.int64),
    )


def around(votes: RepeatedVotes, day: date, *, years: int = 2) -> RepeatedVotes:
    """Keep the steps that span a day: the last vote before it, the first one from it on.

    Parameters
    ----------
    votes : RepeatedVotes
    day : date
        The shock.
    years : int
        Both votes at most so many years away from it.
    """
    reach = years * 366
    keep = [
        first < day <= second and (day - first).days <= reach and (second - day).days <= reach
        for first, second in zip(votes.first, votes.second, strict=True)
    ]
    return votes.among(np.array(keep, dtype=bool))


def who_moved(
    votes: RepeatedVotes,
    members: Sequence[str],
    reference: str,
    *,
    rng: np.random.Generator,
    draws: int = DRAWS,
) -> Mover | None:
    """Split the change of distance between a group and a power by who changed its vote.

    Parameters
    ----------
    votes : RepeatedVotes
    members : sequence of str
        The group; its position is the mean of the members that voted both times.
    reference : str
        The power.
    rng : numpy.random.Generator
        For resampling texts.
    draws : int
        Resamples.

    Returns
    -------
    Mover or None
        None if the two sides share no text voted on twice.

    Notes
    -----
    With d(g, r) = |g - r|, the group's part of a step is the mean of
    d(g1, r0) - d(g0, r0) and d(g1, r1) - d(g0, r1), and the reference's likewise
    (Shapley's value): exact, and no scale has to be identified over time, since the
    text is the same.

    References
    ----------
    Shorrocks, A. F. (2013). Decomposition procedures for distributional analysis: a
    unified framework based on the Shapley value. Journal of Economic Inequality 11.
    doi:10.1007/s10888-011-9214-z
    """
    at = [votes.actors.index(m) for m in members if m in votes.actors]
    if len(at) < 2 or reference not in votes.actors:
        return None
    home = votes.actors.index(reference)
    both = ~np.isnan(votes.change)
    known = both[home] & both[at].any(axis=0)
    if not known.any():
        return None
    kept = votes.among(known)
    g0, g1 = _position(kept.before[at], kept.change[at]), _position(kept.after[at], kept.change[at])
    r0, r1 = kept.before[home], kept.after[home]
    group = (abs(g1 - r0) - abs(g0 - r0) + abs(g1 - r1) - abs(g0 - r1)) / 2
    power = (abs(g0 - r1) - abs(g0 - r0) + abs(g1 - r1) - abs(g1 - r0)) / 2
    names, of = np.unique(kept.series, return_inverse=True)
    weight = resampled(len(names), draws, rng)[:, of]
    spans = [
        interval(weight @ part / weight.sum(axis=1), float(part.mean()))
        for part in (group + power, group, power)
    ]
    return Mover(
        float((group + power).mean()),
        *spans[0],
        float(group.mean()),
        *spans[1],
        float(power.mean()),
        *spans[2],
        steps=int(known.sum()),
        series=len(names),
    )


def _position(x: NDArray[np.float64], change: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean vote of those members that voted both times."""
    mean: NDArray[np.float64] = np.nanmean(np.where(np.isnan(change), np.nan, x), axis=0)
    return mean


def _session() -> pl.Expr:
    """Session by the calendar: it opens in September."""
    return pl.col("date").dt.year() - 1946 + (pl.col("date").dt.month() >= 9).cast(pl.Int64)
