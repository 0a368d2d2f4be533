"""A run is a sequence of months; runs are independent, and release the interpreter."""

from __future__ import annotations

import numpy as np
from numba import njit

from blocs.outlook.simulation.compiled.alignment import (
    fill_field,
    link_of,
    move,
    refactor,
    repull,
    reviews_month,
)
from blocs.outlook.simulation.compiled.draws import room
from blocs.outlook.simulation.compiled.events import events_month, provoke, remember
from blocs.outlook.simulation.compiled.fronts import balance_at_start, fronts_month, reroute_year
from blocs.outlook.simulation.compiled.ladders import ladders_month, take_step
from blocs.outlook.simulation.compiled.logbook import note
from blocs.outlook.simulation.model import (
    LEFT_OUT,
    PROVOKE,
    SET_BLOC,
    SET_LOST,
    SET_PULL,
    SET_RED_LINE,
    SET_RUNG,
    SHOCK,
    SIDES,
    UNALIGNED,
    Bools,
    Bytes,
    Current,
    Ints,
    Log,
    Reals,
    Singles,
    World,
)


@njit(cache=True)
def begin(world: World, par: Reals) -> Current:
    """Lay out one run at its start."""
    states, m = world.states, world.dyads.rate.shape[0]
    n, w = states.size.shape[0], world.theatres.principal.shape[0]
    s = world.supporters.state.shape[0]
    now = Current(
        states.bloc.copy(),
        states.pull.copy(),
        np.zeros((n, SIDES)),
        np.zeros(m, np.float32),
        np.zeros(m, np.float32),
        np.zeros(m, np.float32),
        np.zeros(room(m), np.int8),
        np.zeros(room(n), np.int8),
        np.zeros(max(m, n), np.int32),
        np.ones(m, np.float32),
        world.supporters.rung.copy(),
        np.zeros(s, np.int8),
        np.zeros((w, SIDES), np.int8),
        world.supporters.red_line.copy(),
        np.zeros(n),
        np.zeros(n),
        np.ones((w, SIDES)),
        np.zeros((w, SIDES)),
        np.zeros(w),
    )
    fill_field(states, now)
    for i in range(n):
        refactor(world.dyads, now, par, i)
    if world.dyads.fast.shape[0] == m:
        now.fast[:] = world.dyads.fast
        now.slow[:] = world.dyads.slow
    else:
        remember(par, now.base, now.fast, now.slow)
    balance_at_start(world, now, par)
    return now


@njit(cache=True)
def _shock(world: World, now: Current, par: Reals, k: int) -> None:
    shocks = world.shocks
    kind, a, b, x = shocks.kind[k], shocks.subject[k], shocks.target[k], shocks.value[k]
    if kind == SET_RUNG:
        take_step(world, now, par, a, int(x))
    elif kind == SET_RED_LINE:
        now.red_line[a] = np.int8(x)
    elif kind == SET_LOST:
        now.lost[a] = x
    elif kind == SET_BLOC:
        move(world, now, par, a, int(x))
    elif kind == PROVOKE:
        provoke(world.dyads, now, a, b, x)
    elif kind == SET_PULL:
        q = link_of(world.states, a, b)
        if q >= 0:
            repull(world.states, now, a, b, q, x)


@njit(cache=True)
def _together(now: Current, group: Ints) -> bool:
    """Whether every state of the group stands in one and the same bloc."""
    for q in range(group.shape[0]):
        if now.bloc[group[q]] != now.bloc[group[0]]:
            return False
    return bool(group.shape[0] > 0 and now.bloc[group[0]] != UNALIGNED)


@njit(cache=True)
def run_months(
    world: World,
    par: Reals,
    seed: int,
    run: int,
    events: Ints,
    watched: Ints,
    together: Bools,
    blocs: Bytes,
    rungs: Bytes,
    ground: Singles,
    log: Log,
) -> None:
    """Simulate one run and write each month's outcome (first axis of the arrays)."""
    now = begin(world, par)
    at, due = 0, world.shocks.month
    for t in range(events.shape[0]):
        while at < due.shape[0] and due[at] <= t:
            if world.shocks.kind[at] != LEFT_OUT:
                _shock(world, now, par, at)
                note(log, t, SHOCK, at, 0, 0)
            at += 1
        events[t], watched[t] = events_month(world, now, par, seed, run, t, log)
        reviews_month(world, now, par, seed, run, t, log)
        ladders_month(world, now, par, seed, run, t, log)
        fronts_month(world, now, par)
        if t % 12 == 11:
            reroute_year(now, par)
        together[t] = _together(now, world.group)
        blocs[t] = now.bloc
        rungs[t] = now.rung
        ground[t] = now.ground


@njit(nogil=True, cache=True)
def run_all(
    world: World, par: Reals, seed: int, first: int, months: int, every: int
) -> tuple[Ints, Ints, Bools, Bytes, Bytes, Singles]:
    """Simulate ``par.shape[0]`` runs, numbered from `first`, one row of `par` each.

    The blocs are kept at the end of every `every` months: shape (runs, months //
    every, n); all other outcomes are monthly.
    """
    runs, n = par.shape[0], world.states.size.shape[0]
    w, s = world.theatres.principal.shape[0], world.supporters.state.shape[0]
    events = np.zeros((runs, months), np.int32)
    watched = np.zeros((runs, months), np.int32)
    together = np.zeros((runs, months), np.bool_)
    blocs = np.zeros((runs, months // every, n), np.int8)
    rungs = np.zeros((runs, months, s), np.int8)
    ground = np.zeros((runs, months, w), np.float32)
    for r in range(runs):
        monthly = np.empty((months, n), np.int8)
        log = Log(np.empty((0, 5), np.int32), np.zeros(1, np.int32))
        run_months(
            world, par[r], seed, first + r,
            events[r], watched[r], together[r], monthly, rungs[r], ground[r], log,
        )  # fmt: skip
        for y in range(months // every):
            blocs[r, y] = monthly[(y + 1) * every - 1]
    return events, watched, together, blocs, rungs, ground


@njit(cache=True)
def run_one(
    world: World, par: Reals, seed: int, run: int, months: int, rows: Ints
) -> tuple[int, Ints, Ints, Bools, Bytes, Bytes, Singles]:
    """Simulate one run again, with everything it did in `rows`; return how many rows that was."""
    n, w = world.states.size.shape[0], world.theatres.principal.shape[0]
    s = world.supporters.state.shape[0]
    events, watched = np.zeros(months, np.int32), np.zeros(months, np.int32)
    together = np.zeros(months, np.bool_)
    blocs, rungs = np.zeros((months, n), np.int8), np.zeros((months, s), np.int8)
    ground = np.zeros((months, w), np.float32)
    log = Log(rows, np.zeros(1, np.int32))
    run_months(world, par, seed, run, events, watched, together, blocs, rungs, ground, log)
    return log.taken[0], events, watched, together, blocs, rungs, ground
