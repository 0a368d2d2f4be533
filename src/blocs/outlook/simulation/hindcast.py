"""Would it have known? Simulations started in past years, held against what happened.

Every start knows what was known on the first of January of its year and no more:
treaties and votes of the years before, disputes of the years before, and parameters
fitted to realignments before. What happened is read off the same record later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from blocs.contracts import Facts
from blocs.outlook.hawkes.stream import stream_of
from blocs.outlook.scoring import crps_sample
from blocs.outlook.simulation.ensemble import Ensemble, draw_parameters, run_ensemble
from blocs.outlook.simulation.event_rates import YEARS, dispute_record, event_rates
from blocs.outlook.simulation.model import (
    UNALIGNED,
    Reals,
    Shocks,
    Supporters,
    Theatres,
    World,
)
from blocs.outlook.simulation.parameters import DEFAULTS, Parameter
from blocs.outlook.simulation.pulls import lay_dyads
from blocs.outlook.simulation.reviews import Transitions, fit_reviews, transitions
from blocs.outlook.simulation.standing import Standing
from blocs.ties.yearly import years_told

BLOCS = UNALIGNED + 1
MEMORY = 40
"""Years before a start that the base rate of realignments is counted in."""
_SMOOTH = 0.5


@dataclass(frozen=True, slots=True)
class Memberships:
    """Forecasts of blocs and what came: one row a state, start and year ahead.

    Attributes
    ----------
    start, ahead : ndarray of int, shape (m,)
        Year of the start; years from it.
    then, came : ndarray of int, shape (m,)
        Bloc at the start, and the one that came.
    model, still, base : ndarray, shape (m, 3)
        Probabilities of the simulation, of no change, and of the base rate.
    """

    start: NDArray[np.int64]
    ahead: NDArray[np.int64]
    then: NDArray[np.int64]
    came: NDArray[np.int64]
    model: Reals
    still: Reals
    base: Reals


@dataclass(frozen=True, slots=True)
class Counts:
    """Forecasts of yearly events and what came: one row a start and year ahead.

    Attributes
    ----------
    start, ahead, came : ndarray of int, shape (m,)
        Year of the start; years from it; events among the states of the start.
    model : ndarray, shape (m, runs)
        Events of that year in each run.
    still, base : ndarray, shape (m,)
        CRPS of last year's number, and of the numbers of the `YEARS` before.
    """

    start: NDArray[np.int64]
    ahead: NDArray[np.int64]
    came: NDArray[np.int64]
    model: Reals
    still: Reals
    base: Reals


@dataclass(frozen=True, slots=True)
class Start:
    """One simulation from a past year.

    Attributes
    ----------
    year : int
        Starts on its first of January.
    memberships : Memberships
    counts : Counts or None
        None without a record of disputes that reaches back far enough.
    parameters : tuple of Parameter
        What was fitted for it.
    """

    year: int
    memberships: Memberships
    counts: Counts | None
    parameters: tuple[Parameter, ...]


def run_start(
    year: int,
    stood: Mapping[int, Standing],
    evidence: Mapping[str, Facts],
    *,
    years: int,
    runs: int,
    seed: int,
) -> Start:
    """Simulate forward from one past year and lay what came beside it.

    Parameters
    ----------
    year : int
        A year of `stood`.
    stood : mapping of int to Standing
        Years before, for the fits, and after, for what came.
    evidence : mapping of str to Facts
        For the disputes.
    years, runs, seed : int
        Length and number of the runs; their luck.
    """
    here = stood[year]
    past = {y: s for y, s in stood.items() if year - MEMORY <= y <= year}
    changes = transitions(past, year)
    rates = event_rates(evidence, date(year, 1, 1), here.names, here.states, here.pull)
    fitted = (*fit_reviews(changes), *rates.parameters)
    none = np.zeros(0, np.int32)
    world = World(
        here.states,
        lay_dyads(here.states, rates.unprovoked, none, memory=rates.memory),
        Theatres(np.zeros((0, 2), np.int32), none, none),
        _nobody(),
        Shocks(none, none, none, none, np.zeros(0)),
        none,
    )
    drawn = draw_parameters(_with_fitted(fitted), runs, seed=seed)
    made = run_ensemble(world, drawn, months=12 * years, seed=seed)
    return Start(
        year=year,
        memberships=_memberships(here, stood, made, changes, years),
        counts=_counts(here, evidence, made, years) if rates.parameters else None,
        parameters=fitted,
    )


def _nobody() -> Supporters:
    none, small = np.zeros(0, np.int32), np.zeros(0, np.int8)
    return Supporters(none, none, small, small, small, none, np.zeros(0), none)


def _with_fitted(fitted: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
    known = {p.name: p for p in fitted}
    return tuple(known.get(p.name, p) for p in DEFAULTS)


def year_matrix(changes: Transitions) -> Reals:
    """Base rate of going from one bloc to another in a year, shape (3, 3).

    Parameters
    ----------
    changes : Transitions
        What states did in the years before.

    Notes
    -----
    Counts, half a change added to each of the two ways to move and half a stay.

    Examples
    --------
    >>> stay = np.array([0, 0, 1, 1, 2, 2])
    >>> rows = Transitions(stay, np.zeros((6, 2)), stay, stay)
    >>> year_matrix(rows)[0].round(3).tolist()
    [0.714, 0.143, 0.143]
    """
    count = np.full((BLOCS, BLOCS), _SMOOTH)
    np.add.at(count, (changes.old, changes.new), 1.0)
    return np.asarray(count / count.sum(axis=1, keepdims=True))


def _memberships(
    here: Standing,
    stood: Mapping[int, Standing],
    made: Ensemble,
    changes: Transitions,
    years: int,
) -> Memberships:
    """Score every state but the poles that was known at the start and is known at the end."""
    once = year_matrix(changes)
    parts = []
    for ahead in range(1, years + 1):
        there = stood.get(here.year + ahead)
        if there is None:
            continue
        place = {name: i for i, name in enumerate(there.names)}
        kept = np.array(
            [
                (i, place[a])
                for i, a in enumerate(here.names)
                if a in place and a not in here.poles and here.known[i] and there.known[place[a]]
            ],
            dtype=np.int64,
        ).reshape(-1, 2)
        then, came = here.bloc[kept[:, 0]].astype(np.int64), there.bloc[kept[:, 1]]
        last = made.blocs[:, ahead - 1, kept[:, 0]]
        model = np.stack([(last == k).mean(axis=0) for k in range(BLOCS)], axis=1)
        base = np.linalg.matrix_power(once, ahead)[then]
        size = len(kept)
        parts.append(
            (
                np.full(size, here.year), np.full(size, ahead), then, came.astype(np.int64),
                model, np.eye(BLOCS)[then], base,
            )
        )  # fmt: skip
    return _joined(parts)


def _joined(parts: Sequence[tuple[NDArray[np.generic], ...]]) -> Memberships:
    if not parts:
        none, empty = np.zeros(0, np.int64), np.zeros((0, BLOCS))
        return Memberships(none, none, none, none, empty, empty, empty)
    return Memberships(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def join_memberships(parts: list[Memberships]) -> Memberships:
    """Put the forecasts of several starts under each other."""
    return _joined([(m.start, m.ahead, m.then, m.came, m.model, m.still, m.base) for m in parts])


def _counts(
    here: Standing, evidence: Mapping[str, Facts], made: Ensemble, years: int
) -> Counts | None:
    """Yearly events among the states of the start, in the years that the record covers."""
    record = dispute_record(evidence)
    if record is None:
        return None
    told = set(years_told(record[1].coverage, "disputes"))
    ahead = np.array([k for k in range(1, years + 1) if here.year + k - 1 in told], np.int64)
    if not len(ahead):
        return None
    past = np.array([y for y in range(here.year - YEARS, here.year) if y in told])
    came = yearly_counts(record[1], here.names, here.year + ahead - 1)
    before = yearly_counts(record[1], here.names, past)
    runs = made.events.shape[0]
    model = made.events.reshape(runs, years, 12).sum(axis=2).T[ahead - 1].astype(np.float64)
    return Counts(
        start=np.full(len(ahead), here.year),
        ahead=ahead,
        came=came,
        model=model,
        still=np.abs(came - before[-1]).astype(np.float64),
        base=crps_sample(came, np.tile(before, (len(came), 1))),
    )


def yearly_counts(
    facts: Facts, names: tuple[str, ...], years: NDArray[np.int64]
) -> NDArray[np.int64]:
    """First acts in disputes among some states, year by year, shape of `years`."""
    stream = stream_of(facts, first=int(years.min()), last=int(years.max()))
    inside = np.isin(stream.names, names)
    mine = inside[stream.sender] & inside[stream.receiver]
    days = (stream.origin + stream.day[mine]).astype("datetime64[D]")
    year = days.astype("datetime64[Y]").astype(np.int64) + 1970
    return np.array([(year == y).sum() for y in years], dtype=np.int64)


def join_counts(parts: list[Counts]) -> Counts | None:
    """Put the forecasts of several starts under each other."""
    if not parts:
        return None
    columns = zip(
        *((c.start, c.ahead, c.came, c.model, c.still, c.base) for c in parts), strict=True
    )
    return Counts(*(np.concatenate(column) for column in columns))
