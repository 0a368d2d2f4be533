"""What experts' statements imply: distributions, pools, base rates, scores.

Statements of the same event are pooled; of different events never. F(t), when it
happens if it does, is never told without q, whether it ever does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from blocs.dates import Partial
from blocs.errors import BadInput
from blocs.outlook.base_rates import Rate, base_rate
from blocs.outlook.pools import linear_pool, log_odds_pool, quantile_pool
from blocs.outlook.scoring import brier_score, time_crps, time_log_score
from blocs.outlook.statements import Event, Panel, Statement
from blocs.outlook.timing import timing

Array = NDArray[np.float64]
YEAR = 365.2425
POOLS = ("linear", "quantile", "log_odds", "log_odds_extremised")
_GRID = 601


@dataclass(frozen=True, slots=True)
class Forecast:
    """One statement as a distribution, or a pool of several.

    Attributes
    ----------
    name, event : str
        Statement or pool, and of what.
    timing : ndarray or None
        F(t) = P(T <= t | ever) on the grid; none for a capability or a log-odds pool.
    low, high : ndarray or None
        q F(t) at the ends of the range of q; none for a capability.
    ever : tuple of float
        The range of q.
    """

    name: str
    event: str
    timing: Array | None
    low: Array | None
    high: Array | None
    ever: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Score:
    """How a statement did: penalties, 0 is perfect, at the ends of its range of q.

    Attributes
    ----------
    statement : str
        Its id.
    until : date
        The day it is judged by.
    happened : bool
        Whether it had happened by then.
    prob : tuple of float
        P(by that day) it gave.
    brier, log, crps : tuple of float
        Brier score of that; log score of the time (nats, right-censored if it has
        not happened); integrated squared error over time, in years.
    """

    statement: str
    until: date
    happened: bool
    prob: tuple[float, float]
    brier: tuple[float, float]
    log: tuple[float, float]
    crps: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Views:
    """All that a file of statements implies.

    Attributes
    ----------
    panel : Panel
        The statements.
    origin : date
        Day 0 of the grid: that of the first statement.
    grid : ndarray, shape (n,)
        Years from it.
    forecasts, pools : tuple of Forecast
        Statements, and the pools of events that several tell of.
    rates : mapping of str to Rate
        Base rate by event.
    scores : tuple of Score
        Of events that are decided.
    alone : tuple of str
        Why something was not pooled or scored.
    """

    panel: Panel
    origin: date
    grid: Array
    forecasts: tuple[Forecast, ...]
    pools: tuple[Forecast, ...]
    rates: dict[str, Rate]
    scores: tuple[Score, ...]
    alone: tuple[str, ...]


def assess_experts(panel: Panel, disputes: pl.DataFrame | None = None) -> Views:
    """Turn statements into distributions, pool those of one event, set base rates beside.

    Parameters
    ----------
    panel : Panel
        See `statements.read_statements`.
    disputes : pl.DataFrame, optional
        Events of militarised disputes, for base rates of the use of force.

    Raises
    ------
    BadInput
        If an event was decided before anybody spoke of it.
    """
    origin = min(s.day for s in panel.statements)
    reach = max((_reach(s, origin) for s in panel.statements), default=1.0)
    grid = np.linspace(0.0, float(np.ceil(reach)), _GRID)
    forecasts = tuple(_forecast(s, grid, origin) for s in panel.statements)
    pools, alone = _pooled(panel, forecasts, grid)
    scores, unscored = _scored(panel)
    rates = {
        name: base_rate(e.base, disputes) for name, e in panel.events.items() if e.base is not None
    }
    return Views(panel, origin, grid, forecasts, pools, rates, scores, (*alone, *unscored))


def prob_by(statement: Statement, years: ArrayLike) -> Array | None:
    """F at some years after the statement was said; none for a capability.

    Examples
    --------
    >>> told = Statement(id="a", event="e", speaker="x", said="2024-01-15", modality="could",
    ...                  source="s", window=(5.0, 8.0))
    >>> prob_by(told, [5.0, 8.0]).round(3).tolist()
    [0.1, 0.9]
    """
    return timing(
        years, statement.form, statement.years, rate=statement.rate, steps=statement.steps
    )


def years_between(first: date, last: date) -> float:
    """Years from one day to another."""
    return (last - first).days / YEAR


def _reach(s: Statement, origin: date) -> float:
    start = years_between(origin, s.day)
    if s.shape == "hazard":
        return start + max(step[0] for step in s.steps) + 10.0
    if s.years is None:
        return start + 1.0
    wait = 3 / s.rate if s.shape == "opens" and s.rate else 0.0
    return start + 1.6 * s.years[1] + min(wait, 30.0)


def _forecast(s: Statement, grid: Array, origin: date) -> Forecast:
    f = prob_by(s, grid - years_between(origin, s.day))
    low, high = s.ever
    if f is None:
        return Forecast(s.id, s.event, None, None, None, s.ever)
    return Forecast(s.id, s.event, f, low * f, high * f, s.ever)


def _pooled(
    panel: Panel, forecasts: tuple[Forecast, ...], grid: Array
) -> tuple[tuple[Forecast, ...], tuple[str, ...]]:
    pools: list[Forecast] = []
    for event in panel.events:
        dated = [f for f in forecasts if f.event == event and f.timing is not None]
        if len(dated) > 1:
            pools += [_pool(name, event, dated, grid) for name in POOLS]
    events = {f.event for f in forecasts if f.timing is not None}
    alone: tuple[str, ...] = ()
    if len(events) > 1:
        alone = (
            f"{len(events)} events are told of ({', '.join(sorted(events))}): statements of "
            "different events are not pooled; give them the same event only if they are of one",
        )
    return tuple(pools), alone


def _pool(name: str, event: str, dated: list[Forecast], grid: Array) -> Forecast:
    lows = np.stack([f.low for f in dated if f.low is not None])
    highs = np.stack([f.high for f in dated if f.high is not None])
    f = np.stack([f.timing for f in dated if f.timing is not None])
    ever = tuple(float(np.mean([x.ever[k] for x in dated])) for k in (0, 1))
    q = (ever[0], ever[1])
    if name == "linear":
        shape = linear_pool(f) if len({x.ever for x in dated}) == 1 else None
        return Forecast(name, event, shape, linear_pool(lows), linear_pool(highs), q)
    if name == "quantile":
        shape = quantile_pool(grid, f)
        return Forecast(name, event, shape, q[0] * shape, q[1] * shape, q)
    low, high = (
        np.nan_to_num(log_odds_pool(p, extremise=name.endswith("extremised")))
        for p in (lows, highs)
    )
    return Forecast(name, event, None, low, high, (float(low[-1]), float(high[-1])))


def _scored(panel: Panel) -> tuple[tuple[Score, ...], tuple[str, ...]]:
    scores, notes = [], []
    for s in panel.statements:
        event = panel.events[s.event]
        if event.happened is None or event.decided is None:
            continue
        if s.shape == "capability":
            notes.append(f"{s.id}: a capability has no date and cannot be scored")
        elif s.p_ever is None:
            notes.append(
                f"{s.id}: no P(ever) was given, and none is read off {s.modality!r}: not scored"
            )
        else:
            scores.append(_score(s, event, Partial.parse(event.decided).first))
    return tuple(scores), tuple(notes)


def _score(s: Statement, event: Event, until: date) -> Score:
    watched = years_between(s.day, until)
    happened = bool(event.happened)
    if watched <= 0:
        raise BadInput(f"{s.event} was decided on {until}, before {s.id} was said on {s.said}")
    grid = np.linspace(0.0, max(watched, _reach(s, s.day)), _GRID)
    f = prob_by(s, grid)
    at = prob_by(s, np.array([watched - 1 / YEAR, watched, watched + 1 / YEAR]))
    if f is None or at is None:
        raise BadInput(f"{s.id}: a capability has no date and cannot be scored")
    ends = [_penalties(q, grid, f, at, watched, happened) for q in s.ever]
    prob, brier, log, crps = ((a, b) for a, b in zip(*ends, strict=True))
    return Score(s.id, until, happened, prob, brier, log, crps)


def _penalties(
    q: float, grid: Array, f: Array, at: Array, watched: float, happened: bool
) -> tuple[float, float, float, float]:
    prob = float(q * at[1])
    density = float(q * (at[2] - at[0]) * YEAR / 2)
    return (
        prob,
        float(brier_score([happened], [prob])[0]),
        float(time_log_score([happened], [density], [1 - prob])[0]),
        time_crps(watched, grid, q * f, happened=happened),
    )
