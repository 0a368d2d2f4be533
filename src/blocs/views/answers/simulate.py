"""What if: a scenario simulated many times, with and without, and what it rests on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import IO

import polars as pl

from blocs import actors
from blocs.contracts import Answer, Evidence, View
from blocs.evidence.holdings import hold
from blocs.outlook.hindcast import HindcastFacts, hindcast
from blocs.outlook.simulate import load_scenario, ready_scenarios
from blocs.outlook.simulate import simulate as run
from blocs.outlook.simulation.draft import draft_scenario
from blocs.outlook.simulation.records import SimulationFacts
from blocs.views import wording
from blocs.views.charts.simulation import in_words
from blocs.views.kept_answers import keep_answer
from blocs.views.progress import progress
from blocs.views.records.hindcasts import hindcast_table, told_hindcast

TOP = 4
"""Parameters named for each outcome."""


def ask(
    scenario: str,
    *,
    runs: int | None = None,
    seed: int | None = None,
    sensitivity: int = 64,
    evidence: Evidence = Evidence(),
) -> Answer:
    """Simulate escalation and realignment under a scenario, with and without its shock.

    Ready scenarios: troops, red-line, arms-kyiv, sanctions, wedge. The word new
    writes a commented scenario from what is known now. -o FILE.toml keeps the
    scenario itself, to be changed.

    Parameters
    ----------
    scenario
        A TOML file, the name of a ready scenario, or new.
    runs
        How many runs, instead of the scenario's.
    seed
        Instead of the scenario's.
    sensitivity
        Base sample of the Sobol shares, a power of two; 0 leaves them out.
    """
    if scenario == "new":
        held = hold(data=evidence.data, project=evidence.project, use=evidence.use)
        text = draft_scenario(supports=tuple(held.by_dataset.values()))
        return Answer(facts={"scenario": text}, text=text, formats={".toml": _writer(text)})
    plan = load_scenario(scenario)
    with progress(unit="runs") as step:
        found = run(
            plan,
            runs=runs,
            seed=seed,
            sensitivity=sensitivity,
            evidence=evidence,
            step=step(f"simulating {plan.scenario.name}"),
        )
    ready = ready_scenarios().get(scenario)

    def page() -> str:
        from blocs.views.answer_page import command_line
        from blocs.views.simulation_page import simulation_page

        options = {
            "--runs": found.runs,
            "--seed": found.seed,
            "--sensitivity": sensitivity,
            "--data": evidence.data,
            "--project": evidence.project,
        }
        return simulation_page(found, command_line("simulate", [scenario], options))

    formats = {} if ready is None else {".toml": _writer(ready)}
    answer = replace(_shown(found), page=page, formats=formats)
    return keep_answer("simulate", answer, evidence)


def _shown(found: SimulationFacts) -> Answer:
    def picture() -> str:
        from blocs.views.charts.simulation import fan
        from blocs.views.charts.svg import small

        drawn = found.fans[0]
        return small(fan(found, drawn, title=drawn.outcome))

    return Answer(facts=found, text=summary(found), table=ladder_table(found), picture=picture)


def _writer(text: str) -> Callable[[IO[bytes]], object]:
    return lambda stream: stream.write(text.encode())


def ladder_table(found: SimulationFacts) -> pl.DataFrame:
    """Share of the runs on each rung: one row per supporter, month and rung."""
    months = found.together.months
    rows = [
        (path.theatre, path.state, month, rung, share)
        for path in found.ladders
        for month, shares in zip(months, path.shares, strict=True)
        for rung, share in zip(path.rungs, shares, strict=True)
    ]
    columns = ["theatre", "state", "month", "rung", "share"]
    return pl.DataFrame(rows, schema=columns, orient="row")


def summary(found: SimulationFacts) -> str:
    """Tell a simulation on one screen."""
    last = found.together.months[-1]
    lines = [
        f"{found.about or found.scenario}: {found.runs} runs of {found.months} months from "
        f"{found.start}",
        *found.gap,
        "",
        f"The group ({', '.join(map(actors.name_of, found.group))}) stands in one bloc in "
        f"{wording.often(found.together_at_end)} of the runs in {last}.",
        *_ladder_lines(found),
        *_effect_lines(found),
        *_parting_lines(found),
        *_share_lines(found),
        "",
        *found.not_,
    ]
    return "\n".join(lines)


def _ladder_lines(found: SimulationFacts) -> list[str]:
    lines = ["", "How far each supporter goes by then (share of the runs on each rung):"]
    for path in found.ladders:
        shares = ", ".join(
            f"{rung.replace('_', ' ')} {share:.0%}"
            for rung, share in zip(path.rungs, path.shares[-1], strict=True)
            if share >= 0.005
        )
        crossed = (
            ""
            if path.crosses_red_line is None
            else f"; crosses its red line ({path.red_line}) in "
            f"{wording.often(path.crosses_red_line)}"
        )
        lines.append(f"- {path.name}: {shares}{crossed}")
    if found.holders_opposed is not None:
        lines.append(
            "- States that hold nuclear weapons have troops on opposite sides of one theatre in "
            f"{wording.often(found.holders_opposed)}."
        )
    return lines if found.ladders else []


def _effect_lines(found: SimulationFacts) -> list[str]:
    told = [e for e in found.effects if e.changed > 0]
    if not found.effects:
        return []
    lines = ["", "With the shock minus without it, same luck (90 % of the runs in brackets):"]
    for e in told:
        only = " - conditional on assumptions" if e.outcome in found.conditional else ""
        lines.append(
            f"- {in_words(found, e.outcome)}: {wording.figures(e.mean, signed=True)} ± "
            f"{wording.figures(1.645 * e.error)} ({wording.figures(e.low)} to "
            f"{wording.figures(e.high)}), changed in {wording.often(e.changed)}{only}"
        )
    same = [in_words(found, e.outcome) for e in found.effects if e.changed == 0]
    return lines + ([f"- no change in any run: {', '.join(same)}"] if same else [])


def _parting_lines(found: SimulationFacts) -> list[str]:
    if found.parting is None:
        return []
    with_, without = found.parting.with_shock, found.parting.without_shock
    lines = ["", f"A middle run (number {found.parting.run}), what happened in one world alone:"]
    lines += [f"  with     {line}" for line in with_[:TOP]]
    return lines + [f"  without  {line}" for line in without[:TOP]]


def _share_lines(found: SimulationFacts) -> list[str]:
    if not found.shares:
        return []
    lines = ["", "What the outcomes depend on (total Sobol shares):"]
    for outcome in dict.fromkeys(s.outcome for s in found.shares):
        mine = sorted((s for s in found.shares if s.outcome == outcome), key=lambda s: -s.total)
        top = ", ".join(f"{s.parameter} {s.total:.2f}" for s in mine[:TOP])
        lines.append(f"- {in_words(found, outcome)}: {top}")
    return lines


def ask_hindcast(
    *,
    from_: int = 1950,
    to: int = 2010,
    every: int = 5,
    years: int = 10,
    reference: str = "USA",
    rival: str = "RUS",
    runs: int = 200,
    seed: int = 0,
    evidence: Evidence = Evidence(),
) -> Answer:
    """Start in past years, simulate forward, and score against what happened.

    Blocs are those of the treaties of defence with either pole; events are first acts in
    disputes (the dyadic MID file 4.02 with days; without one they are not scored). The
    measure is skill over two forecasts without a model: no change, and the base rate of the
    years before. No skill is told as plainly as some.

    Parameters
    ----------
    from_
        First year of a start.
    to
        Last year of a start, included.
    every
        Years between two starts.
    years
        Years simulated from each start.
    reference
        One pole: code or name.
    rival
        The other pole.
    runs
        Runs of each start.
    seed
        Same seed, same bytes.
    """
    with progress(unit="steps") as step:
        found = hindcast(
            from_=from_,
            to=to,
            every=every,
            years=years,
            reference=reference,
            rival=rival,
            runs=runs,
            seed=seed,
            evidence=evidence,
            step=step("past years and starts"),
        )
    return _scored(found)


def _scored(found: HindcastFacts) -> Answer:
    return Answer(facts=found, text=told_hindcast(found), table=hindcast_table(found))


VIEW = View(
    ask=ask,
    shows={SimulationFacts: _shown, HindcastFacts: _scored},
    verbs={"hindcast": ask_hindcast},
    examples=(
        "blocs simulate troops",
        "blocs simulate troops -o troops.html",
        "blocs simulate new -o mine.toml",
        "blocs simulate mine.toml --runs 10000 --seed 7 --json",
        "blocs simulate hindcast --from 1950 --to 2010 --every 5 --years 10 --json",
        "blocs simulate hindcast --data dyadic_mid_4.02.csv -o skill.csv",
    ),
    endings=(".toml",),
)
