"""What happened in a simulated run, in words."""

from __future__ import annotations

from blocs import actors
from blocs.outlook.simulation.effects import Parting
from blocs.outlook.simulation.model import BLOC, EVENT, RUNG
from blocs.outlook.simulation.scenario import Scenario
from blocs.outlook.simulation.shocks import BLOCS
from blocs.outlook.simulation.world import Setting
from blocs.schemas import RUNGS

MOST = 12
"""Lines of a chronicle that a reader takes in."""


def tell_parting(
    found: Parting, setting: Setting, plan: Scenario
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Tell what only one of two worlds saw, the first lines of each."""
    return (
        tuple(_line(row, setting, plan) for row in found.only_with[:MOST].tolist()),
        tuple(_line(row, setting, plan) for row in found.only_without[:MOST].tolist()),
    )


def _line(row: list[int], setting: Setting, plan: Scenario) -> str:
    month, kind, a, b, c = row
    at = plan.start.first.year * 12 + plan.start.first.month - 1 + month
    when = f"{at // 12}-{at % 12 + 1:02d}"
    return f"{when}: {_what(kind, a, b, c, setting, plan)}"


def _what(kind: int, a: int, b: int, c: int, setting: Setting, plan: Scenario) -> str:
    names = setting.actors
    if kind == EVENT:
        times = "" if c == 1 else f" ({c})"
        return (
            f"hostile event of {actors.name_of(names[a])} against {actors.name_of(names[b])}{times}"
        )
    if kind == BLOC:
        blocs = tuple(BLOCS)
        return f"{actors.name_of(names[a])} goes from {blocs[b]} to {blocs[c]}"
    if kind == RUNG:
        theatre, state = setting.supporters[a]
        step = "goes on" if c > b else "steps back"
        return f"{actors.name_of(state)} {step} from {RUNGS[b]} to {RUNGS[c]} in {theatre}"
    shocks = sorted(plan.shock, key=lambda s: s.at)
    return f"set: {shocks[a].set} = {shocks[a].to}"
