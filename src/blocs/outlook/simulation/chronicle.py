"""What happened in a simulated run, in words."""

from __future__ import annotations

from blocs import actors
from blocs.outlook.simulation.effects import Parting
from blocs.outlook.simulation.model import BLOC, EVENT, RUNG
from blocs.outlook.simulation.scenario import Scenario, Shock
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
    return (
        f"{shock_in_words(sorted(plan.shock, key=lambda s: s.at)[a], plan)} (set by the scenario)"
    )


def shock_in_words(shock: Shock, plan: Scenario) -> str:
    """Tell what a shock sets; `shocks.FORMS` are the forms there are."""
    part, *words = shock.set.split(".")
    on = plan.start.first

    def name(text: str) -> str:
        return actors.name_of(actors.resolve(text, at=on))

    match part, words:
        case "ladder", [theatre, state, "rung"]:
            return f"{name(state)} is put on {shock.to} in {theatre}"
        case "ladder", [theatre, state, _]:
            return f"the red line of {name(state)} in {theatre} is put at {shock.to}"
        case "trade", [state, _]:
            return f"{name(state)} loses {float(shock.to):.0%} of its trade to sanctions"
        case "bloc", [state]:
            whose = "neither bloc" if shock.to == "neither" else f"the bloc of the {shock.to}"
            return f"{name(state)} is put in {whose}"
        case "pull", [one, two]:
            return f"the pull between {name(one)} and {name(two)} is put at {float(shock.to):g}"
    return f"{float(shock.to):g} hostile events' worth between {' and '.join(map(name, words))}"
