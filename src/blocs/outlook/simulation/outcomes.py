"""From the arrays of an ensemble to what is told of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from blocs import actors
from blocs.outlook.simulation.chronicle import tell_parting
from blocs.outlook.simulation.effects import Effect, find_parting, middle_run, paired_effect
from blocs.outlook.simulation.ensemble import Ensemble
from blocs.outlook.simulation.model import Ints, Reals, Singles
from blocs.outlook.simulation.records import (
    BoxRecord,
    Fan,
    LadderPath,
    Membership,
    PartingRecord,
    ShareRecord,
)
from blocs.outlook.simulation.scenario import Scenario
from blocs.outlook.simulation.sensitivity import LUCK, Shares, prim_box
from blocs.outlook.simulation.shocks import BLOCS
from blocs.outlook.simulation.world import Setting, holders_on
from blocs.schemas import RUNGS

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def month_names(plan: Scenario) -> tuple[str, ...]:
    """Months of a scenario as ``YYYY-MM``."""
    first = plan.start.first
    at = [first.year * 12 + first.month - 1 + k for k in range(plan.scenario.months)]
    return tuple(f"{m // 12}-{m % 12 + 1:02d}" for m in at)


def _fan(outcome: str, unit: str, months: tuple[str, ...], values: Reals | Singles | Ints) -> Fan:
    """Quantiles over runs, shape (runs, months) in."""
    cut = np.quantile(values, QUANTILES, axis=0).round(4)
    return Fan(
        outcome=outcome,
        unit=unit,
        quantiles=QUANTILES,
        months=months,
        values=tuple(tuple(row) for row in cut.tolist()),
    )


def fans(setting: Setting, made: Ensemble, times: tuple[str, ...]) -> tuple[Fan, ...]:
    """Events, events of the group and ground, as quantiles over the runs."""
    ground = [
        _fan(f"ground {name}", "square km gained by the first side", times, made.ground[:, :, w])
        for w, name in enumerate(setting.theatres)
    ]
    return (
        _fan("events", "hostile events a month", times, made.events),
        _fan("events of the group", "hostile events a month", times, made.watched),
        *ground,
    )


def together(made: Ensemble, times: tuple[str, ...]) -> Fan:
    """Share of the runs in which the group stands together, with its sampling error."""
    p = made.together.mean(axis=0)
    error = 1.645 * np.sqrt(p * (1 - p) / len(made.together))
    rows = np.clip([p - error, p, p + error], 0, 1).round(4)
    return Fan(
        outcome="the group stands in one bloc",
        unit="share of runs",
        quantiles=(0.05, 0.5, 0.95),
        months=times,
        values=tuple(tuple(row) for row in rows.tolist()),
    )


def membership(setting: Setting, made: Ensemble, group: Sequence[str]) -> tuple[Membership, ...]:
    """Every state that moves in at least one run of a hundred, and the group."""
    names, start = {number: name for name, number in BLOCS.items()}, setting.world.states.bloc
    last = made.blocs[:, -1, :]
    share = np.stack([(last == k).mean(axis=0) for k in range(3)], axis=1).round(4)
    moves = 1 - share[np.arange(len(start)), start]
    return tuple(
        Membership(
            actor=a,
            name=actors.name_of(a),
            start=names[int(start[i])],
            reference=float(share[i, 0]),
            group=float(share[i, 1]),
            neither=float(share[i, 2]),
        )
        for i, a in enumerate(setting.actors)
        if moves[i] >= 0.01 or a in group
    )


def pairs(
    setting: Setting, made: Ensemble, group: Sequence[str]
) -> tuple[tuple[str, str, float], ...]:
    """Share of the runs in which two members of the group end in one bloc."""
    last = made.blocs[:, -1, :]
    at = [setting.actors.index(a) for a in group]
    return tuple(
        (group[x], group[y], float((last[:, at[x]] == last[:, at[y]]).mean().round(4)))
        for x in range(len(group))
        for y in range(x + 1, len(group))
    )


def ladders(setting: Setting, plan: Scenario, made: Ensemble) -> tuple[LadderPath, ...]:
    """How far each supporter goes, month by month."""
    out = []
    for p, (theatre, state) in enumerate(setting.supporters):
        rung = made.rungs[:, :, p]
        shares = np.stack([(rung == k).mean(axis=0) for k in range(len(RUNGS))], axis=1)
        line = plan.supporter[p].red_line
        crossed = None
        if line is not None:
            crossed = float((rung.max(axis=1) >= RUNGS.index(line)).mean())
        out.append(
            LadderPath(
                theatre=theatre,
                state=state,
                name=actors.name_of(state),
                red_line=line,
                rungs=RUNGS,
                shares=tuple(tuple(row) for row in shares.round(4).tolist()),
                crosses_red_line=crossed,
            )
        )
    return tuple(out)


def holders_opposed(setting: Setting, plan: Scenario, made: Ensemble) -> float | None:
    """Share of the runs in which nuclear holders have troops on opposite sides; the rung below.

    The leaders of the sides count as having troops in their own theatre.
    """
    holders = holders_on(plan.start.first)
    if not setting.theatres:
        return None
    troops = len(RUNGS) - 1
    ever = np.zeros(made.rungs.shape[0], dtype=bool)
    for w, theatre in enumerate(setting.theatres):
        there = np.zeros((2, *made.rungs.shape[:2]), dtype=bool)
        for k in range(2):
            head = setting.actors[setting.world.theatres.principal[w, k]]
            there[k] |= head in holders
        for p, (where, state) in enumerate(setting.supporters):
            if where == theatre and state in holders:
                there[plan.supporter[p].side] |= made.rungs[:, :, p] == troops
        ever |= (there[0] & there[1]).any(axis=1)
    return float(ever.mean())


def finals(setting: Setting, made: Ensemble) -> Reals:
    """Outcomes of a run, shape (runs, outcomes); see `outcome_names`."""
    return np.column_stack(
        [
            made.events.sum(axis=1),
            made.together[:, -1],
            *(made.ground[:, -1, w] for w in range(len(setting.theatres))),
            *(made.rungs[:, -1, p] for p in range(len(setting.supporters))),
        ]
    ).astype(np.float64)


def outcome_names(setting: Setting) -> tuple[str, ...]:
    """Names of what `finals` gives."""
    return (
        "events in all",
        "the group together at the end",
        *(f"ground {name}" for name in setting.theatres),
        *(f"last rung of {state} in {theatre}" for theatre, state in setting.supporters),
    )


def effects(setting: Setting, made: Ensemble, other: Ensemble) -> tuple[Effect, ...]:
    """What the compared shock changes in each outcome."""
    with_, without = finals(setting, made), finals(setting, other)
    return tuple(
        paired_effect(name, with_[:, k], without[:, k])
        for k, name in enumerate(outcome_names(setting))
    )


def parting(
    setting: Setting, plan: Scenario, made: Ensemble, other: Ensemble, seed: int
) -> PartingRecord | None:
    """Tell a middle run in both worlds.

    Parameters
    ----------
    setting : Setting
        With the other world in `without`; None comes back if it has none.
    plan : Scenario
        What was asked for.
    made, other : Ensemble
        Paired runs of both worlds.
    seed : int
        Of their luck.
    """
    if setting.without is None:
        return None
    run = middle_run(made, other)
    par = made.parameters[run]
    found = find_parting(
        setting.world, setting.without, par, seed=seed, run=run, months=plan.scenario.months
    )
    mine, theirs = tell_parting(found, setting, plan)
    first = next(iter(mine[1:] or theirs), None)
    return PartingRecord(run=run, first=first, with_shock=mine, without_shock=theirs)


def share_records(
    shares: Shares | None, outcomes: tuple[str, ...], setting: Setting
) -> tuple[ShareRecord, ...]:
    """Sobol shares as rows."""
    if shares is None:
        return ()
    source = {p.name: p.source for p in setting.parameters} | {LUCK: "chance"}
    return tuple(
        ShareRecord(
            outcome=outcome,
            parameter=name,
            source=source[name],
            total=round(float(shares.total[i, k]), 4),
            low=_rounded(shares.low[i, k]),
            high=_rounded(shares.high[i, k]),
        )
        for k, outcome in enumerate(outcomes)
        for i, name in enumerate(shares.names)
        if np.isfinite(shares.total[i, k])
    )


def _rounded(value: float) -> float | None:
    """Four digits; None where a resample has no variance, so that no interval can be told."""
    return round(float(value), 4) if np.isfinite(value) else None


def conditional(
    shares: Shares | None, outcomes: tuple[str, ...], setting: Setting
) -> tuple[str, ...]:
    """Outcomes of which assumed parameters carry more than half of the shares."""
    if shares is None:
        return outcomes
    assumed = {p.name for p in setting.parameters if p.assumed}
    rows = np.array([name in assumed for name in shares.names])
    whole = np.nansum(shares.total, axis=0)
    theirs = np.nansum(shares.total[rows], axis=0)
    return tuple(
        name for k, name in enumerate(outcomes) if whole[k] > 0 and theirs[k] > whole[k] / 2
    )


CASES = 30
"""Runs in which something must come about, and fail to, before conditions of it are sought."""


def boxes(setting: Setting, made: Ensemble) -> tuple[BoxRecord, ...]:
    """Conditions under which the group parts, and under which each red line is crossed."""
    names = [p.name for p in setting.parameters]
    targets = {"the group does not end in one bloc": ~made.together[:, -1]}
    lines = setting.world.supporters.red_line
    for p, (theatre, state) in enumerate(setting.supporters):
        if lines[p] < len(RUNGS):
            crossed = made.rungs[:, :, p].max(axis=1) >= lines[p]
            targets[f"{actors.name_of(state)} crosses its red line in {theatre}"] = crossed
    out = []
    for name, happens in targets.items():
        few = min(happens.sum(), (~happens).sum()) < CASES
        box = None if few else prim_box(made.parameters, happens, names)
        if box is not None:
            out.append(
                BoxRecord(
                    outcome=name, limits=box.limits, density=box.density, base=box.base,
                    coverage=box.coverage, inside=box.inside,
                )
            )  # fmt: skip
    return tuple(out)
