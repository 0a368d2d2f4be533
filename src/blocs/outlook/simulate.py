"""What if: escalation and realignment under a scenario, with and without.

The model, month by month, for every run:

1. **Events.** A directed dyad has hostile events at the rate ``mu g + memories``:
   ``g`` raises it between opposed blocs and lowers it inside one; each event adds
   to two fading memories, of the same state and of the one that answers (Hawkes).
2. **Alignment.** Each state reviews its bloc with some chance; bloc k is chosen in
   proportion to ``exp(beta sum_j J_ij s_j [b_j = k] + inertia [b_i = k])``. Events
   take something off the pull J of the two states.
3. **Ladders.** A supporter goes one rung further with log odds ``a_rung + need +
   react + align - taboo [red line] - sanctions - patron``.
4. **Stocks.** Lanchester's square law, production and supply; the front moves with
   the log of the ratio of forces.
5. **Sanctions.** They cut trade and so production; once a year part of it finds
   another way.

What it is not: it says nothing of the use of nuclear weapons, which is neither
simulated nor given a probability; fronts are a bookkeeping of force ratios, not a
map; and a parameter that is an assumption stays one, however many runs are made.

References
----------
Axelrod & Bennett (1993), British Journal of Political Science 23,
https://doi.org/10.1017/S000712340000973X (alignment as the limit beta -> infinity).
Hawkes (1971), Biometrika 58, https://doi.org/10.1093/biomet/58.1.83.
Lanchester (1916), Aircraft in Warfare.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from importlib import resources
from pathlib import Path

from blocs import actors
from blocs.contracts import Evidence
from blocs.dates import Partial
from blocs.errors import BadInput, UnknownName
from blocs.evidence.almanac_facts import known_through
from blocs.evidence.holdings import hold
from blocs.files import decode, read_bytes
from blocs.outlook.simulation.ensemble import draw_parameters, ranges, run_ensemble
from blocs.outlook.simulation.model import Reals
from blocs.outlook.simulation.outcomes import (
    boxes,
    conditional,
    effects,
    fans,
    finals,
    holders_opposed,
    ladders,
    membership,
    month_names,
    outcome_names,
    pairs,
    parting,
    share_records,
    together,
)
from blocs.outlook.simulation.records import SimulationFacts
from blocs.outlook.simulation.scenario import MOST_RUNS, SEEDS, Scenario
from blocs.outlook.simulation.scenario_file import parse_scenario, read_scenario
from blocs.outlook.simulation.sensitivity import Shares, sobol_totals
from blocs.outlook.simulation.world import Setting, build_setting
from blocs.registry import nearest

NUCLEAR = (
    "The use of nuclear weapons is not simulated and is given no probability; the model reports "
    "only how often states that hold them have troops on opposite sides of one theatre."
)


def ready_scenarios() -> dict[str, str]:
    """Names and texts of the scenarios that come with blocs.

    Examples
    --------
    >>> "troops" in ready_scenarios()
    True
    """
    folder = Path(str(resources.files("blocs.outlook.simulation"))) / "scenarios"
    return {
        path.stem.replace("_", "-"): decode(read_bytes(path))
        for path in sorted(folder.glob("*.toml"))
    }


def load_scenario(text: str | Path) -> Scenario:
    """Read a scenario from a file, or take a ready one by its name.

    Parameters
    ----------
    text : str or Path
        A path, or one of `ready_scenarios`.

    Raises
    ------
    UnknownName
        If there is neither such a file nor such a scenario.
    BadInput
        With the line at fault.
    """
    path = Path(text)
    if path.is_file() or path.suffix:
        return read_scenario(path)
    ready = ready_scenarios()
    if str(text) not in ready:
        raise UnknownName(
            "scenario", str(text), nearest(str(text), list(ready)),
            f"Give a TOML file, or one of: {', '.join(ready)}.",
        )  # fmt: skip
    return parse_scenario(ready[str(text)], name=str(text))


def simulate(
    scenario: str | Path | Scenario,
    *,
    runs: int | None = None,
    seed: int | None = None,
    sensitivity: int = 64,
    evidence: Evidence = Evidence(),
    step: Callable[[int, int], object] | None = None,
) -> SimulationFacts:
    """Simulate a scenario many times, with and without the shock it compares.

    Parameters
    ----------
    scenario : str, Path or Scenario
        A TOML file, the name of a ready scenario, or one read before.
    runs, seed : int, optional
        Instead of the scenario's.
    sensitivity : int
        Base sample of the Sobol shares, a power of two; 0 leaves them out. They take
        this number times (varied parameters + 2) further runs.
    evidence : Evidence
        Where likeness, treaties and the ladder are from; the almanac fills the gaps.
    step : callable, optional
        Told how many runs are done, and of how many.

    Returns
    -------
    SimulationFacts
        ``blocs simulate --json`` prints the same. Same input, same seed: same bytes,
        whatever the number of threads.

    Raises
    ------
    BadInput
        If there are too few or too many runs, or the base sample is no power of two.
    UnknownName
        If there is neither such a file nor such a scenario.

    Examples
    --------
    >>> found = simulate("troops", runs=32, sensitivity=0)
    >>> found.effects[0].runs
    32
    """
    if runs is not None and not 2 <= runs <= MOST_RUNS:
        raise BadInput(f"--runs {runs}: at least 2, at most {MOST_RUNS}")
    if seed is not None and not 0 <= seed < SEEDS:
        raise BadInput(f"--seed {seed}: 0 to {SEEDS - 1}")
    if sensitivity < 0 or sensitivity & (sensitivity - 1):
        raise BadInput(f"--sensitivity {sensitivity}: 0 or a power of two, such as 64")
    plan = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
    held = hold(data=evidence.data, project=evidence.project, use=evidence.use)
    setting = build_setting(plan, held.with_almanac())
    count = runs if runs is not None else plan.scenario.runs
    luck = seed if seed is not None else plan.scenario.seed
    months = plan.scenario.months
    parameters = draw_parameters(setting.parameters, count, seed=luck)
    made = run_ensemble(setting.world, parameters, months=months, seed=luck, step=step)
    other = None
    if setting.without is not None:
        other = run_ensemble(setting.without, parameters, months=months, seed=luck, step=step)
    shares = _shares(setting, plan, sensitivity, luck)
    outcomes = outcome_names(setting)
    times = month_names(plan)
    group = [setting.actors[g] for g in setting.world.group]
    return SimulationFacts(
        schema="blocs.simulation/1",
        scenario=plan.scenario.name,
        about=plan.scenario.about,
        start=str(plan.start),
        knowledge_ends=known_through(),
        months_past_knowledge=_months_past(plan.start.first),
        months=months,
        runs=count,
        seed=luck,
        group=tuple(group),
        reference=actors.resolve(plan.alignment.reference, at=plan.start.first),
        fans=fans(setting, made, times),
        together=together(made, times),
        together_at_end=float(made.together[:, -1].mean()),
        membership=membership(setting, made, group),
        together_pairs=pairs(setting, made, group),
        ladders=ladders(setting, plan, made),
        holders_opposed=holders_opposed(setting, plan, made),
        effects=() if other is None else effects(setting, made, other),
        parting=None if other is None else parting(setting, plan, made, other, luck),
        shares=share_records(shares, outcomes, setting),
        share_runs=0 if shares is None else shares.runs,
        conditional=conditional(shares, outcomes, setting),
        boxes=boxes(setting, made),
        parameters=setting.parameters,
        known=(*setting.known, *held.notes),
        not_=(
            NUCLEAR,
            "Fronts are a bookkeeping of force ratios, not a map.",
            'Started in past years, the alignment part forecast realignments worse than "nothing '
            'changes" (blocs simulate hindcast): its shares show what the assumptions imply, '
            "not what will be.",
            "Parameters marked as assumptions are assumptions; their ranges are judgement.",
        ),
    )


def _months_past(start: date) -> int:
    """Whole months from the last day that the almanac knows of to a start."""
    known = Partial.parse(known_through()).after
    return max(0, (start.year - known.year) * 12 + start.month - known.month)


def _shares(setting: Setting, plan: Scenario, n: int, seed: int) -> Shares | None:
    if n == 0:
        return None

    def outcome(parameters: Reals, luck: int) -> Reals:
        months = plan.scenario.months
        return finals(setting, run_ensemble(setting.world, parameters, months=months, seed=luck))

    low, high = ranges(setting.parameters)
    names = [p.name for p in setting.parameters]
    return sobol_totals(outcome, low, high, names, n=n, seed=seed)
