"""What a scenario makes happen, as rows that the compiled months read."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from blocs import actors
from blocs.errors import BadInput, BlocsError, UnknownName
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
    rows = []
    for shock in (scenario.shock[k] for k in order_of(scenario)):
        subject = subject_of(shock, scenario, place)
        rows.append((shock.at, *subject, value_of(shock, subject[0])))
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


def subject_of(shock: Shock, scenario: Scenario, place: Place) -> tuple[int, int, int]:
    """Read what a shock sets: its kind, the supporter or state, and the other state of a pair.

    Raises
    ------
    BadInput, UnknownName
        If the form, the supporter or a state is not known.
    """
    match shock.set.split("."):
        case ["ladder", theatre, state, "rung" | "red_line" as what]:
            kind = SET_RUNG if what == "rung" else SET_RED_LINE
            return kind, _supporter_at(scenario, theatre, state), 0
        case ["trade", state, "lost"]:
            return SET_LOST, place(state), 0
        case ["bloc", state]:
            return SET_BLOC, place(state), 0
        case ["pull", a, b]:
            return SET_PULL, place(a), place(b)
        case ["events", a, b]:
            return PROVOKE, place(a), place(b)
    raise BadInput(f"{shock.set!r} is not known; use {', '.join(FORMS)}")


def value_of(shock: Shock, kind: int) -> float:
    """Read what a shock of a kind sets it to.

    Raises
    ------
    BadInput
        With what is allowed.
    """
    if kind in {SET_RUNG, SET_RED_LINE}:
        none = float(TOP_RUNG + 1) if kind == SET_RED_LINE else 0.0
        return none if shock.to == "none" else _choice(shock, RUNGS)
    if kind == SET_BLOC:
        return _choice(shock, tuple(BLOCS))
    low, high = {SET_LOST: (0, 1), SET_PULL: (-1, 1), PROVOKE: (0, 100)}[kind]
    return _number(shock, low, high)


def _supporter_at(scenario: Scenario, theatre: str, state: str) -> int:
    def who(name: str) -> str:
        return actors.resolve(name, at=scenario.start.first)

    known = [f"{s.theatre}.{who(s.state)}" for s in scenario.supporter]
    try:
        wanted = f"{theatre}.{who(state)}"
    except BlocsError:
        wanted = f"{theatre}.{state}"
    if wanted not in known:
        raise UnknownName(
            "supporter", wanted, nearest(wanted, known), f"Known: {', '.join(known)}."
        )
    return known.index(wanted)


def _choice(shock: Shock, known: Sequence[str]) -> float:
    if shock.to not in known:
        raise BadInput(f"{shock.to!r} cannot be set; use {', '.join(known)}")
    return float(known.index(str(shock.to)))


def _number(shock: Shock, low: float, high: float) -> float:
    if isinstance(shock.to, str) or not low <= shock.to <= high:
        raise BadInput(f"{shock.to!r} cannot be set; use a number {low:g} to {high:g}")
    return float(shock.to)
