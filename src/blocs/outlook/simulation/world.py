"""From a scenario and the evidence at hand to the arrays a simulation starts from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from blocs import actors
from blocs.almanac.tables import facts as almanac
from blocs.contracts import Facts
from blocs.dates import holds_on
from blocs.errors import BadInput
from blocs.outlook.simulation.calibration import ladder_rates, realignment
from blocs.outlook.simulation.event_rates import event_rates
from blocs.outlook.simulation.model import (
    LEFT_OUT,
    TOP_RUNG,
    UNALIGNED,
    Supporters,
    Theatres,
    World,
)
from blocs.outlook.simulation.parameters import DEFAULTS, Parameter, explodes
from blocs.outlook.simulation.pulls import (
    lay_dyads,
    pulls,
    sparse_states,
    treaties_in_force,
)
from blocs.outlook.simulation.scenario import Amount, Scenario, Supporter
from blocs.outlook.simulation.shocks import lay_shocks, order_of
from blocs.outlook.simulation.standing import SIZES, sizes_on, states_on
from blocs.schemas import RUNGS


@dataclass(frozen=True, slots=True)
class Setting:
    """A world ready to run, with the names of everything in it.

    Attributes
    ----------
    world : World
        The arrays.
    actors : tuple of str
        States, in the arrays' order.
    parameters : tuple of Parameter
        In the order of the parameters' columns.
    supporters : tuple of (str, str)
        Theatre and state of each supporter.
    theatres : tuple of str
        Ids of the theatres.
    without : World or None
        The same world without the shock that the scenario compares with.
    known : tuple of str
        What the world was filled from, and what had to be assumed, in sentences.
    """

    world: World
    actors: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    supporters: tuple[tuple[str, str], ...]
    theatres: tuple[str, ...]
    without: World | None
    known: tuple[str, ...]


def build_setting(scenario: Scenario, evidence: Mapping[str, Facts]) -> Setting:
    """Fill a world from a scenario, the almanac and the data sets at hand.

    Parameters
    ----------
    scenario : Scenario
        From `scenario_file.read_scenario`.
    evidence : mapping of str to Facts
        Data set to facts, the almanac among them.

    Raises
    ------
    BadInput
        If a state is unknown or did not exist, a shock names what is not there, or one event
        leads to one more or above.
    """
    day = scenario.start.first
    names = states_on(day)
    index = {a: i for i, a in enumerate(names)}
    treaty, year = treaties_in_force(names, day, evidence)
    pull, why = pulls(names, day, treaty, evidence)
    why += (f"treaties in force in {year}" if year else "treaties: nothing known",)
    size = sizes_on(names, day)
    bloc = _blocs(scenario, index, day, treaty)
    states = sparse_states(pull, size, bloc)
    extra: list[Parameter] = []

    def place(text: str) -> int:
        return index[_actor(text, day, index)]

    theatres = _theatres(scenario, index, day, extra)
    supporters = _supporters(scenario, index, day, size, theatres, extra)
    group = _group(scenario, index, day)
    events = event_rates(evidence, day, names, states, pull)
    world = World(
        states,
        lay_dyads(states, events.unprovoked, group, memory=events.memory),
        theatres,
        supporters,
        lay_shocks(scenario, place),
        group,
    )
    without = None
    if scenario.compare:
        kind = world.shocks.kind.copy()
        kind[order_of(scenario).index(scenario.compare.index)] = LEFT_OUT
        without = world._replace(shocks=world.shocks._replace(kind=kind))
    rates, told = ladder_rates(day)
    fitted = rates | {p.name: p for p in (*realignment(day), *events.parameters)}
    parameters = _parameters(scenario, fitted, extra)
    if what := explodes({p.name: (p.low, p.high) for p in parameters}):
        raise BadInput(f"[parameters] and [vary] of {scenario.scenario.name}: {what}")
    return Setting(
        world=world,
        actors=names,
        parameters=parameters,
        supporters=tuple((s.theatre, _actor(s.state, day, index)) for s in scenario.supporter),
        theatres=tuple(t.id for t in scenario.theatre),
        without=without,
        known=(
            *why,
            told,
            events.told,
            f"size of states by class of power ({_sizes()}): assumption",
        ),
    )


def _sizes() -> str:
    return ", ".join(f"{name} {size:g}" for name, size in SIZES.items())


def _actor(text: str, day: date, index: Mapping[str, int]) -> str:
    found = actors.resolve(text, at=day)
    if found not in index:
        raise BadInput(f"{actors.name_of(found)} was no state in {day.year}")
    return found


def _group(scenario: Scenario, index: Mapping[str, int], day: date) -> NDArray[np.int32]:
    who = [_actor(name, day, index) for name in scenario.alignment.group]
    return np.array(sorted(index[a] for a in who), dtype=np.int32)


def _blocs(
    scenario: Scenario, index: Mapping[str, int], day: date, treaty: NDArray[np.float64]
) -> NDArray[np.int8]:
    """0 for the reference power and its defence allies, 1 for the group, 2 for the rest."""
    bloc = np.full(len(index), UNALIGNED, dtype=np.int8)
    head = index[_actor(scenario.alignment.reference, day, index)]
    bloc[treaty[head] >= 1] = 0
    bloc[head] = 0
    bloc[_group(scenario, index, day)] = 1
    for name in scenario.alignment.neither:
        bloc[index[_actor(name, day, index)]] = UNALIGNED
    return bloc


def _amount(value: Amount | float) -> Amount:
    return value if isinstance(value, Amount) else Amount(value=value)


def _parameter(name: str, amount: Amount | float, meaning: str) -> Parameter:
    a = _amount(amount)
    low, high = a.bounds
    return Parameter(
        name=name, value=a.middle, low=low, high=high, source=a.source, meaning=meaning
    )


def _theatres(
    scenario: Scenario, index: Mapping[str, int], day: date, extra: list[Parameter]
) -> Theatres:
    """Lay the theatres out; their ratios and fronts become further parameters."""
    heads, first = [], len(DEFAULTS)
    for t in scenario.theatre:
        heads.append([index[_actor(side[0], day, index)] for side in t.sides])
        ratio = f"{t.id}: forces of the first side over the second's at the start"
        extra.append(_parameter(f"ratio.{t.id}", t.ratio, ratio))
        speed = f"{t.id}: square km a month the first side gains at the start"
        extra.append(_parameter(f"front.{t.id}", t.front_km2_month, speed))
    w = len(heads)
    at = first + 2 * np.arange(w, dtype=np.int32)
    return Theatres(np.array(heads, dtype=np.int32).reshape(w, 2), at, at + 1)


def _supporters(
    scenario: Scenario,
    index: Mapping[str, int],
    day: date,
    size: NDArray[np.float64],
    theatres: Theatres,
    extra: list[Parameter],
) -> Supporters:
    """Lay the supporters out; the strengths of their red lines become further parameters."""
    order = [t.id for t in scenario.theatre]
    rows = scenario.supporter
    state = [index[_actor(s.state, day, index)] for s in rows]
    where = [order.index(s.theatre) for s in rows]
    first = len(DEFAULTS) + len(extra)
    for s in rows:
        meaning = f"{s.state} in {s.theatre}: log odds against crossing its red line"
        extra.append(_parameter(f"taboo.{s.theatre}.{s.state}", s.taboo, meaning))
    weaker = [size[theatres.principal[w]].min() for w in where]
    capacity = [
        s.capacity if s.capacity is not None else min(1.0, size[i] / m)
        for s, i, m in zip(rows, state, weaker, strict=True)
    ]
    return Supporters(
        np.array(where, dtype=np.int32),
        np.array(state, dtype=np.int32),
        np.array([s.side for s in rows], dtype=np.int8),
        np.array([RUNGS.index(s.rung) for s in rows], dtype=np.int8),
        np.array([_line(s.red_line) for s in rows], dtype=np.int8),
        np.array([_patron(s, rows, day) for s in rows], dtype=np.int32),
        np.array(capacity, dtype=np.float64),
        np.arange(first, first + len(rows), dtype=np.int32),
    )


def _line(rung: str | None) -> int:
    return TOP_RUNG + 1 if rung is None else RUNGS.index(rung)


def _patron(supporter: Supporter, rows: Sequence[Supporter], day: date) -> int:
    if supporter.patron is None:
        return -1
    who = actors.resolve(supporter.patron, at=day)
    among = [(s.theatre, actors.resolve(s.state, at=day)) for s in rows]
    return among.index((supporter.theatre, who))


def _parameters(
    scenario: Scenario, fitted: Mapping[str, Parameter], extra: Sequence[Parameter]
) -> tuple[Parameter, ...]:
    """Defaults, over them what is fitted, over that what the scenario says."""
    out = []
    for default in DEFAULTS:
        base = fitted.get(default.name, default)
        own = scenario.parameters.get(default.name)
        varied = scenario.vary.get(default.name)
        if own is not None:
            base = _parameter(default.name, own, default.meaning)
        if varied is not None:
            base = _parameter(default.name, varied, default.meaning)
        out.append(base)
    return (*out, *extra)


def holders_on(day: date) -> frozenset[str]:
    """States that hold nuclear weapons on a day, by the almanac."""
    rows = almanac("nuclear").filter((pl.col("status") == "holder") & holds_on(day))
    return frozenset(rows["actor"])
