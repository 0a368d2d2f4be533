"""How often states act against each other: the rates of the simulated events, from disputes.

A hostile event is here what the record of disputes counts: the first act of a state
against another in a militarised dispute, at least a threat of force.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from blocs.contracts import Facts
from blocs.errors import NoCoverage
from blocs.outlook.hawkes.model import Design, design_of, fit_weights
from blocs.outlook.hawkes.stream import BY_YEAR, Stream, stream_of
from blocs.outlook.simulation.model import DAYS_A_MONTH, UNALIGNED, Bytes, Reals, States
from blocs.outlook.simulation.parameters import DEFAULTS, Parameter
from blocs.outlook.simulation.pulls import heat
from blocs.ties.yearly import years_told

RECORDS = ("mid", "gml")
"""Data sets of dated disputes, best first."""
YEARS = 30
"""Years before the start that are fitted."""
FAST_DAYS = 60.0
NORMAL_90 = 1.645
DAYS_A_YEAR = 365.25
EPOCH = date(1970, 1, 1)
SLOW_DAYS = (365.25, 730.5, 1461.0, 3652.5)
"""Slow memories that are tried; the likeliest is kept."""
LEAST = 200
"""Events below which nothing is fitted."""
_ASSUMED = "rates of events: assumption"
MASSES = ("events.own_fast", "events.own_slow", "events.back_fast", "events.back_slow")
MOST = 0.95
"""Further events of one event, in all, that no draw exceeds: at 1 a run would explode."""
_BLOCK = 60
_REFITS = 60
_STEPS = 1500
_BASE: NDArray[np.intp] = np.arange(6)
"""Constant, degrees, own and answering memories: columns of the design in use."""


@dataclass(frozen=True, slots=True)
class EventRates:
    """What is known of events before a day.

    Attributes
    ----------
    parameters : tuple of Parameter
        Rate and memories, with their 90 % intervals; empty where nothing was fitted.
    unprovoked : ndarray, shape (n, n)
        Events a month that nothing provoked, sender by receiver.
    memory : pair of ndarray, shape (n, n), or None
        Fast and slow memory on that day: past events, each faded. None where the
        record does not reach that day.
    told : str
        What it rests on.
    """

    parameters: tuple[Parameter, ...]
    unprovoked: Reals
    memory: tuple[Reals, Reals] | None
    told: str


def dispute_record(evidence: Mapping[str, Facts]) -> tuple[str, Facts] | None:
    """The record of disputes at hand, if there is one."""
    for name in RECORDS:
        found = evidence.get(name)
        if found is not None and found.events.filter(pl.col("kind") == "dispute").height:
            return name, found
    return None


def event_rates(
    evidence: Mapping[str, Facts], day: date, names: Sequence[str], states: States, pull: Reals
) -> EventRates:
    """Rates of events on the first of January of a day's year: fitted where disputes are at hand.

    Parameters
    ----------
    evidence : mapping of str to Facts
        Data sets; nothing of the day's year or later is used.
    day : date
        When a simulation starts.
    names : sequence of str
        Its states, length n.
    states : States
        Their sizes and blocs.
    pull : ndarray, shape (n, n)
        For the assumption that takes the place of a record.
    """
    record = dispute_record(evidence)
    if record is None:
        return EventRates((), heat(pull, states.size), None, _ASSUMED)
    stream, why = _disputes_before(record[1], day)
    if stream is None:
        told = f"{_ASSUMED}, since {record[0]} gives none to fit: {why}"
        return EventRates((), heat(pull, states.size), None, told)
    fit = _fit(record[0], stream, names)
    reaches = day.year - 1 in years_told(record[1].coverage, "disputes")
    factor = _bloc_factor(states.bloc)
    now = date(day.year, 1, 1)
    memory = tuple(_memory(stream, names, now, days) for days in (FAST_DAYS, fit.slow))
    return EventRates(
        parameters=fit.parameters,
        unprovoked=fit.unprovoked / factor,
        memory=(memory[0], memory[1]) if reaches else None,
        told=f"rates of events and their memories {fit.parameters[0].source}",
    )


@dataclass(frozen=True, slots=True)
class _Fit:
    parameters: tuple[Parameter, ...]
    unprovoked: Reals
    slow: float


def _disputes_before(facts: Facts, day: date) -> tuple[Stream | None, str]:
    """Disputes of the `YEARS` before a day's year, or why there are none to fit."""
    last = day.year - 1
    try:
        stream = stream_of(facts, first=last - YEARS + 1, last=last)
    except NoCoverage as error:
        return None, str(error)
    if stream.by_year:
        return None, BY_YEAR
    if len(stream.day) < LEAST:
        return None, f"{len(stream.day)} events in {YEARS} years, fewer than {LEAST}"
    return stream, ""


def _fit(record: str, stream: Stream, names: Sequence[str], *, seed: int = 0) -> _Fit:
    """Fit the two memories of the simulation to a stream of disputes.

    The Hawkes core of ``blocs react`` with the simulation's own two scales: sixty
    days, and the likeliest of one to ten years. Intervals: blocks of events with
    exponential weights, refitted. What nothing provoked is a constant and the
    product of both states' shares, so much of it that the mean of the record comes
    out: x = m / (1 - masses).
    """
    designs = {slow: design_of(stream, train=2.0, scales=(FAST_DAYS, slow)) for slow in SLOW_DAYS}
    made = {slow: fit_weights(d, _BASE, steps=_STEPS) for slow, d in designs.items()}
    slow = max(made, key=lambda s: _likelihood(designs[s], made[s]))
    design, theta = designs[slow], made[slow]
    drawn = _refits(design, np.random.default_rng(seed))
    years = [(EPOCH + timedelta(days=stream.origin + int(d))).year for d in stream.day[[0, -1]]]
    source = f"fitted({record}, {len(stream.day)} events, {years[0]}-{years[1]}, 90 %)"
    a_month, level = _level(stream, source)
    share = _unprovoked(stream, design, theta, names)
    whole = share.sum() if share.sum() > 0 else 1.0
    rate = share / whole * a_month * max(0.0, 1 - float(theta[2:6].sum()))
    return _Fit((level, *_parameters(theta, drawn, slow, source)), rate, slow)


def _bloc_factor(bloc: Bytes) -> Reals:
    """Factor that the blocs of the start put on each dyad, shape (n, n); taken out of the rates."""
    value = {p.name: p.value for p in DEFAULTS}
    one, two = np.meshgrid(bloc, bloc, indexing="ij")
    inside = np.where(one == two, value["events.within"], value["events.across"])
    return np.where((one == UNALIGNED) | (two == UNALIGNED), 1.0, inside)


def _likelihood(design: Design, theta: Reals) -> float:
    rate = design.x[: design.cut, _BASE] @ theta
    return (
        float(np.log(rate).sum() - design.train_cost[_BASE] @ theta)
        if (rate > 0).all()
        else -np.inf
    )


def _refits(design: Design, rng: np.random.Generator) -> Reals:
    """Weights refitted with blocks of events given exponential weights, shape (refits, 6)."""
    size = min(_BLOCK, max(1, design.cut // 8))
    blocks = -(-design.cut // size)
    out = []
    for _ in range(_REFITS):
        weight = np.repeat(rng.exponential(1.0, blocks), size)[: design.cut]
        out.append(fit_weights(design, _BASE, weight / weight.mean(), steps=300))
    return np.array(out)


def _parameters(theta: Reals, drawn: Reals, slow: float, source: str) -> tuple[Parameter, ...]:
    """Masses as fitted, each between its estimate less and plus 1.645 standard errors."""
    meaning = {p.name: p.meaning for p in DEFAULTS}
    mass = theta[2:6]
    wide = NORMAL_90 * drawn[:, 2:6].std(axis=0)
    wide *= min(1.0, max(0.0, MOST - mass.sum()) / max(wide.sum(), 1e-12))
    rows = [
        (name, mass[k], max(0.0, mass[k] - wide[k]), mass[k] + wide[k])
        for k, name in enumerate(MASSES)
    ]
    rows += [
        ("events.fast_days", FAST_DAYS, FAST_DAYS, FAST_DAYS),
        ("events.slow_days", slow, slow, slow),
    ]
    return tuple(
        Parameter(
            name=name, value=float(value), low=float(low), high=float(high), source=source,
            meaning=meaning[name],
        )
        for name, value, low, high in rows
    )  # fmt: skip


def _level(stream: Stream, source: str) -> tuple[float, Parameter]:
    """Mean events a month, and the factor on it within its error from year to year."""
    years = max(1, round((stream.end - stream.day[0]) / DAYS_A_YEAR))
    count, _ = np.histogram(stream.day, bins=years)
    error = NORMAL_90 * count.std(ddof=1) / np.sqrt(years) / count.mean() if years > 1 else 0.5
    meaning = next(p.meaning for p in DEFAULTS if p.name == "events.rate")
    rate = Parameter(
        name="events.rate", value=1.0, low=max(0.0, 1 - float(error)), high=1 + float(error),
        source=source, meaning=meaning,
    )  # fmt: skip
    return float(count.mean()) / 12, rate


def _places(stream: Stream, names: Sequence[str]) -> NDArray[np.int64]:
    """Where each actor of a stream stands in `names`; -1 = nowhere."""
    index = {name: i for i, name in enumerate(names)}
    return np.array([index.get(name, -1) for name in stream.names], dtype=np.int64)


def _unprovoked(stream: Stream, design: Design, theta: Reals, names: Sequence[str]) -> Reals:
    """Events a day that nothing provoked, by dyad; states not in the record have no share."""
    n, place = len(names), _places(stream, names)
    there = place >= 0
    sent, received = np.zeros(n), np.zeros(n)
    sent[place[there]], received[place[there]] = design.out_share[there], design.in_share[there]
    rate = theta[0] + theta[1] * np.outer(sent, received)
    np.fill_diagonal(rate, 0.0)
    return np.asarray(rate)


def _memory(stream: Stream, names: Sequence[str], until: date, days: float) -> Reals:
    """Past events by dyad, faded as the simulation fades them: by whole months."""
    n, place = len(names), _places(stream, names)
    sender, receiver = place[stream.sender], place[stream.receiver]
    age = (until - EPOCH).days - (stream.origin + stream.day)
    months = np.floor(np.maximum(age - 1, 0) / DAYS_A_MONTH)
    out = np.zeros((n, n))
    known = (sender >= 0) & (receiver >= 0)
    weight = np.exp(-DAYS_A_MONTH / days * months)
    np.add.at(out, (sender[known], receiver[known]), weight[known])
    return out
