"""Moving together: whether the members of a group change their votes in concert.

Likeness says that states stand together, coordination that they move together.
Only votes on texts voted on before count, and of each change only what is left
after the world's change and what positions on the main dimension predict.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from blocs.alignment.groups import Group
from blocs.alignment.ideal_points import IdealPoints
from blocs.alignment.nulls import (
    Standing,
    Uncompared,
    complete_core,
    group_mean,
    propensity_excess,
    standing,
    uncompared,
)
from blocs.alignment.repeated import RepeatedVotes, around
from blocs.alignment.resampling import interval, resampled

DRAWS = 200
LEAST_SERIES = 10
"""Texts below which nothing is said."""
NORMAL_90 = 1.6448536269514722


@dataclass(frozen=True, slots=True)
class Positions:
    """Where states stood before and after each step, and how sure that is.

    Attributes
    ----------
    before, after : ndarray, shape (n, steps)
        Ideal points; nan = not known.
    before_sd, after_sd : ndarray, shape (n, steps)
        Their standard deviations.
    """

    before: NDArray[np.float64]
    after: NDArray[np.float64]
    before_sd: NDArray[np.float64]
    after_sd: NDArray[np.float64]

    def drawn(self, rng: np.random.Generator) -> Positions:
        """Draw positions from their posterior, taken as normal and independent."""
        return Positions(
            self.before + self.before_sd * rng.standard_normal(self.before.shape),
            self.after + self.after_sd * rng.standard_normal(self.after.shape),
            self.before_sd,
            self.after_sd,
        )


@dataclass(frozen=True, slots=True)
class Coordination:
    """How much the members of a group change together.

    Attributes
    ----------
    value : float
        Mean concordance of the group's pairs, in [-1, 1].
    low, high : float
        90 % interval over resampled texts and drawn positions.
    rank, null : Standing
        Among all groups of the size, before and after each state's general
        propensity is taken out; ``null.at_least`` is p under that null.
    steps, series : int
        Votes on a text voted on before, and texts.
    moves : int
        Changes of vote by a member among them.
    pairs, possible, states : int
        Pairs known, pairs of the group, states compared: those of which every pair is known.
    uncompared : tuple of Uncompared
        The other states.
    positions : bool
        Whether ideal points were taken out, or the world's mean change only.
    """

    value: float
    low: float
    high: float
    rank: Standing
    null: Standing
    steps: int
    series: int
    moves: int
    pairs: int
    possible: int
    states: int
    uncompared: tuple[Uncompared, ...]
    positions: bool


@dataclass(frozen=True, slots=True)
class Shock:
    """Coordination over the votes that span one dated event; none where too few do."""

    day: date
    name: str
    steps: int
    coordination: Coordination | None


def positions_of(votes: RepeatedVotes, points: IdealPoints) -> Positions:
    """Lay ideal points out beside the steps of repeated votes.

    Parameters
    ----------
    votes : RepeatedVotes
    points : IdealPoints
        With intervals of level 0.9, taken as normal.
    """
    place = {name: k for k, name in enumerate(votes.actors)}
    sessions = {int(s): k for k, s in enumerate(np.unique(points.session))}
    mean = np.full((len(votes.actors), len(sessions)), np.nan)
    spread = mean.copy()
    rows = zip(points.actor, points.session, points.mean, points.low, points.high, strict=True)
    for actor, session, middle, low, high in rows:
        if actor in place:
            at = place[actor], sessions[int(session)]
            mean[at], spread[at] = middle, (high - low) / (2 * NORMAL_90)

    def pick(table: NDArray[np.float64], session: NDArray[np.int64]) -> NDArray[np.float64]:
        out = np.full((len(votes.actors), len(session)), np.nan)
        for k, s in enumerate(session.tolist()):
            if s in sessions:
                out[:, k] = table[:, sessions[s]]
        return out

    return Positions(
        pick(mean, votes.session_before),
        pick(mean, votes.session_after),
        pick(spread, votes.session_before),
        pick(spread, votes.session_after),
    )


def unexpected_changes(
    votes: RepeatedVotes, others: NDArray[np.bool_], positions: Positions | None
) -> NDArray[np.float64]:
    """Change of vote minus what the world's change and positions predict.

    Parameters
    ----------
    votes : RepeatedVotes
    others : ndarray of bool, shape (n,)
        States outside the group and the reference, on which the prediction is fitted.
    positions : Positions, optional
        Without them only the mean change is taken out.

    Returns
    -------
    ndarray, shape (n, steps)
        nan where a change or a position is not known.

    Notes
    -----
    Step by step, change = a + b theta_before + c theta_after + e by least squares over
    `others`; e is what is returned, for everybody.
    """
    change = votes.change
    columns = [np.ones(change.shape)]
    if positions is not None:
        columns += [positions.before, positions.after]
    design = np.stack(columns, axis=2)
    known = ~np.isnan(change) & ~np.isnan(design).any(axis=2)
    fit = known & others[:, None]
    x = np.where(fit[:, :, None], design, 0.0)
    y = np.where(fit, change, 0.0)
    gram = np.einsum("nsp,nsq->spq", x, x)
    beta = np.linalg.pinv(gram, hermitian=True) @ np.einsum("nsp,ns->sp", x, y)[:, :, None]
    left = change - np.einsum("nsp,sp->ns", design, beta[:, :, 0])
    enough = fit.sum(axis=0) > 5 * design.shape[2]
    unexpected: NDArray[np.float64] = np.where(known & enough, left, np.nan)
    return unexpected


def concordance(
    unexpected: NDArray[np.float64], weight: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """Uncentred correlation of unexpected changes, pair by pair.

    Parameters
    ----------
    unexpected : ndarray, shape (n, steps)
        nan = not known.
    weight : ndarray, shape (steps,), optional
        How often each step counts.

    Returns
    -------
    ndarray, shape (n, n)
        sum e_i e_j / sqrt(sum e_i^2 sum e_j^2) over the steps both are known in; nan
        where one of the two never moved.
    """
    known = (~np.isnan(unexpected)).astype(np.float64)
    e = np.nan_to_num(unexpected)
    w = np.ones(e.shape[1]) if weight is None else weight
    squares = (e**2 * w) @ known.T
    scale = np.sqrt(squares * squares.T)
    both: NDArray[np.float64] = np.divide(
        (e * w) @ e.T, scale, out=np.full(scale.shape, np.nan), where=scale > 1e-9
    )
    return both


def assess_coordination(
    votes: RepeatedVotes,
    group: Group,
    reference: str,
    *,
    positions: Positions | None,
    rng: np.random.Generator,
    draws: int = DRAWS,
) -> Coordination | None:
    """Test whether a group changes its votes together.

    Parameters
    ----------
    votes : RepeatedVotes
        Steps within the period, all states.
    group : Group
        Its members at the end of the period.
    reference : str
        Left out of the prediction, like the group.
    positions : Positions, optional
        Ideal points; their uncertainty is carried through.
    rng : numpy.random.Generator
        For texts, positions and groups drawn.
    draws : int
        Resamples of texts, each with its own draw of positions.

    Returns
    -------
    Coordination or None
        None below ten texts, two members, or four states that are known together.
    """
    members = [votes.actors.index(m) for m in group.members if m in votes.actors]
    others = ~np.isin(votes.actors, [*group.ever, reference])
    moved = unexpected_changes(votes, others, positions)
    at = np.array(members, dtype=np.intp)
    told = (~np.isnan(moved[at])).sum(axis=0) >= 2 if len(at) > 1 else np.zeros(0, dtype=bool)
    names = np.unique(votes.series[told])
    if len(names) < LEAST_SERIES:
        return None
    moved = moved[:, told]
    matrix = concordance(moved)
    core = complete_core(matrix, at)
    inside = np.flatnonzero(np.isin(core, at))
    if len(inside) < 2 or len(core) < max(4, len(inside) + 1):
        return None
    dense = matrix[np.ix_(core, core)]
    value, free = group_mean(dense, inside), propensity_excess(dense)
    drawn = _resampled(votes.among(told), positions, told, others, at, draws, rng)
    low, high = interval(drawn, value)
    k = len(inside)
    change = votes.change[at][:, told]
    return Coordination(
        value=value,
        low=low,
        high=high,
        rank=standing(dense, value, k, rng=rng),
        null=standing(free, group_mean(free, inside), k, rng=rng),
        steps=int(told.sum()),
        series=len(names),
        moves=int((np.nan_to_num(change) != 0).sum()),
        pairs=k * (k - 1) // 2,
        possible=len(group.members) * (len(group.members) - 1) // 2,
        states=len(core),
        uncompared=uncompared(matrix, core, votes.actors),
        positions=positions is not None,
    )


def assess_shocks(
    votes: RepeatedVotes,
    group: Group,
    reference: str,
    shocks: Mapping[date, str],
    *,
    positions: Positions | None,
    rng: np.random.Generator,
) -> tuple[Shock, ...]:
    """Test whether a group changed together over each of some dated events.

    Parameters
    ----------
    votes : RepeatedVotes
        All steps, not only those of the period.
    group : Group
    reference : str
    shocks : mapping of date to str
        Day and name of each event.
    positions : Positions, optional
        Beside `votes`.
    """
    out = []
    for day, name in sorted(shocks.items()):
        spanning = around(votes, day)
        keep = np.isin(_keys(votes), _keys(spanning))
        part = _among(positions, keep) if positions is not None else None
        found = assess_coordination(spanning, group, reference, positions=part, rng=rng)
        out.append(Shock(day, name, len(spanning.first), found))
    return tuple(out)


def _resampled(
    votes: RepeatedVotes,
    positions: Positions | None,
    told: NDArray[np.bool_],
    others: NDArray[np.bool_],
    at: NDArray[np.intp],
    draws: int,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Mean concordance of the group over resampled texts, each with drawn positions."""
    names, of = np.unique(votes.series, return_inverse=True)
    there = _among(positions, told) if positions is not None else None
    fixed = unexpected_changes(votes, others, there)
    out = np.empty(draws)
    for k, weight in enumerate(resampled(len(names), draws, rng)):
        moved = fixed if there is None else unexpected_changes(votes, others, there.drawn(rng))
        out[k] = _mean_pair(concordance(moved[at], weight[of]))
    return out


def _mean_pair(matrix: NDArray[np.float64]) -> float:
    cells = matrix[np.triu_indices(len(matrix), 1)]
    known = cells[~np.isnan(cells)]
    return float(known.mean()) if known.size else float("nan")


def _among(positions: Positions, keep: NDArray[np.bool_]) -> Positions:
    return Positions(
        positions.before[:, keep],
        positions.after[:, keep],
        positions.before_sd[:, keep],
        positions.after_sd[:, keep],
    )


def _keys(votes: RepeatedVotes) -> NDArray[np.int64]:
    """Number each step by its text and day."""
    days = np.array([day.toordinal() for day in votes.second], dtype=np.int64)
    key: NDArray[np.int64] = votes.series * 1_000_000 + days
    return key
