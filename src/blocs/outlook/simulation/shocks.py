"""What a scenario makes happen, as rows that the compiled months read."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from blocs.errors import BadInput, UnknownName
from blocs.outlook.simulation.model import (
    PROVOKE,
    SET_BLOC,
    SET_LOST,
    SET_PULL,
    SET_RED_LINE,
    SET_RUNG,
    TOP_RUNG,
    UNALIGNED,
    Shocks,
)
from blocs.outlook.simulation.scenario import Scenario, Shock
from blocs.registry import nearest
from blocs.schemas import RUNGS

BLOCS = {"reference": 0, "group": 1, "neither": UNALIGNED}
Place = Callable[[str], int]
"""Where a state stands in the arrays."""


def order_of(scenario: Scenario) -> list[int]:
    """Shocks in order of months; within one month as they are written."""
    return sorted(range(len(scenario.shock)), key=lambda k: scenario.shock[k].at)


def lay_shocks(scenario: Scenario, place: Place) -> Shocks:
    """Turn what is set into rows of kind, subject, target and value, by month."""
    rows = [
        (scenario.shock[k].at, *_shock(scenario.shock[k], scenario, place))
        for k in order_of(scenario)
    ]
    columns = list(zip(*rows, strict=True)) if rows else [(), (), (), (), ()]
    whole = [np.array(c, dtype=np.int32) for c in columns[:4]]
    return Shocks(whole[0], whole[1], whole[2], whole[3], np.array(columns[4], dtype=np.float64))


FORMS = (
    "ladder.THEATRE.STATE.rung",
    "ladder.THEATRE.STATE.red_line",
    "trade.STATE.lost",
    "bloc.STATE",
    "pull.STATE.STATE",
    "events.STATE.STATE",
)


def _shock(shock: Shock, scenario: Scenario, place: Place) -> tuple[int, int, int, float]:
    match shock.set.split("."):
        case ["ladder", theatre, state, "rung" | "red_line" as what]:
            kind = SET_RUNG if what == "rung" else SET_RED_LINE
            none = float(TOP_RUNG + 1) if what == "red_line" else 0.0
            who = _supporter_at(scenario, theatre, state)
            return kind, who, 0, none if shock.to == "none" else _choice(shock, RUNGS)
        case ["trade", state, "lost"]:
            return SET_LOST, place(state), 0, _number(shock, 0, 1)
        case ["bloc", state]:
            who = place(state)
            return SET_BLOC, who, 0, _choice(shock, tuple(BLOCS))
        case ["pull", a, b]:
            pair = place(a), place(b)
            return SET_PULL, *pair, _number(shock, -1, 1)
        case ["events", a, b]:
            pair = place(a), place(b)
            return PROVOKE, *pair, _number(shock, 0, 100)
    raise BadInput(f"shock: set = {shock.set!r} is not known; use {', '.join(FORMS)}")


def _supporter_at(scenario: Scenario, theatre: str, state: str) -> int:
    known = [f"{s.theatre}.{s.state}" for s in scenario.supporter]
    wanted = f"{theatre}.{state}"
    if wanted not in known:
        raise UnknownName(
            "supporter", wanted, nearest(wanted, known), f"Known: {', '.join(known)}."
        )
    return known.index(wanted)


def _choice(shock: Shock, known: Sequence[str]) -> float:
    if shock.to not in known:
        raise BadInput(f"shock {shock.set}: to = {shock.to!r}; use {', '.join(known)}")
    return float(known.index(str(shock.to)))


def _number(shock: Shock, low: float, high: float) -> float:
    if isinstance(shock.to, str) or not low <= shock.to <= high:
        raise BadInput(f"shock {shock.set}: to = {shock.to!r}; use a number {low:g} to {high:g}")
    return float(shock.to)
