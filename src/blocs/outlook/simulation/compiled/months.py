"""A run is a sequence of months; runs are independent, and release the interpreter."""

from __future__ import annotations

import numpy as np
from numba import njit

from blocs.outlook.simulation import parameters as col
from blocs.outlook.simulation.compiled.alignment import (
    fill_field,
    link_of,
    mark_reviews,
    move,
    next_move,
    repull,
)
from blocs.outlook.simulation.compiled.draws import room
from blocs.outlook.simulation.compiled.events import (
    lively_events,
    quiet_events,
    remember_events,
    tell_events,
)
from blocs.outlook.simulation.compiled.fronts import balance_at_start, fronts_month, reroute_year
from blocs.outlook.simulation.compiled.ladders import decide_steps, take_steps
from blocs.outlook.simulation.compiled.logbook import note
from blocs.outlook.simulation.compiled.rates import COLUMNS, provoke, rates_at_start
from blocs.outlook.simulation.model import (
    BLOC,
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
def lay_out(world: World, months: int) -> Current:
    """Make the arrays of a run; one after the other uses them, since fresh memory is dear."""
    n, m = world.states.size.shape[0], world.dyads.rate.shape[0]
    w, s = world.theatres.principal.shape[0], world.supporters.state.shape[0]
    return Current(
        bloc=np.empty(n, np.int8),
        pull=np.empty(world.states.pull.shape[0]),
        field=np.empty((n, SIDES)),
        pairs=np.empty((m // 2, COLUMNS)),
        fading=np.empty((2, months + 2)),
        answer=np.empty(4),
        most=np.empty(m),
        lively=np.empty(m, np.int32),
        listed=np.empty(m, np.int8),
        clock=np.empty(2, np.int32),
        acts=np.zeros(m, np.int32),
        found=np.empty(max(m, n), np.int32),
        due=np.zeros(room(n), np.int8),
        rung=np.empty(s, np.int8),
        next_rung=np.empty(s, np.int8),
        top=np.empty((w, SIDES), np.int8),
        red_line=np.empty(s, np.int8),
        lost=np.empty(n),
        rerouted=np.empty(n),
        force=np.empty((w, SIDES)),
        made=np.empty((w, SIDES)),
        ground=np.empty(w),
    )


@njit(cache=True)
def begin(world: World, now: Current, par: Reals) -> None:
    """Put a run at its start."""
    now.bloc[:], now.pull[:] = world.states.bloc, world.states.pull
    now.rung[:], now.red_line[:] = world.supporters.rung, world.supporters.red_line
    now.lost[:], now.rerouted[:], now.ground[:] = 0.0, 0.0, 0.0
    fill_field(world.states, now)
    rates_at_start(world.dyads, now, par)
    balance_at_start(world, now, par)


@njit(cache=True)
def _shock(world: World, now: Current, par: Reals, k: int) -> None:
    shocks, states, dyads = world.shocks, world.states, world.dyads
    kind, a, b, x = shocks.kind[k], shocks.subject[k], shocks.target[k], shocks.value[k]
    if kind == SET_RUNG:
        now.next_rung[:] = now.rung
        now.next_rung[a] = np.int8(x)
        nowhere = Log(np.empty((0, 5), np.int32), np.zeros(1, np.int32))
        take_steps(world, now, par, 0, nowhere)
    elif kind == SET_RED_LINE:
        now.red_line[a] = np.int8(x)
    elif kind == SET_LOST:
        now.lost[a] = x
    elif kind == SET_BLOC:
        move(world, now, par, a, int(x))
    elif kind == PROVOKE:
        provoke(
            dyads.touch_at, dyads.touch, dyads.sender, dyads.receiver, now.pairs, now.fading,
            now.answer, now.most, now.listed, now.lively, now.clock, a, b, x,
        )  # fmt: skip
    elif kind == SET_PULL:
        q = link_of(states.indptr, states.indices, a, b)
        if q >= 0:
            repull(states.twin, states.size, now.bloc, now.pull, now.field, a, b, q, x)


@njit(cache=True)
def _together(bloc: Bytes, group: Ints) -> bool:
    """Whether every state of the group stands in one and the same bloc."""
    for q in range(group.shape[0]):
        if bloc[group[q]] != bloc[group[0]]:
            return False
    return bool(group.shape[0] > 0 and bloc[group[0]] != UNALIGNED)


@njit(cache=True)
def run_months(
    world: World,
    now: Current,
    par: Reals,
    seed: int,
    run: int,
    every: int,
    events: Ints,
    watched: Ints,
    together: Bools,
    blocs: Bytes,
    rungs: Bytes,
    ground: Singles,
    log: Log,
) -> None:
    """Simulate one run and write what came of it, by month; the blocs every `every` months."""
    begin(world, now, par)
    at, due = 0, world.shocks.month
    for t in range(events.shape[0]):
        while at < due.shape[0] and due[at] <= t:
            if world.shocks.kind[at] != LEFT_OUT:
                _shock(world, now, par, at)
                note(log.rows, log.taken, t, SHOCK, at, 0, 0)
            at += 1
        listed = lively_events(now, seed, run, t, quiet_events(now, seed, run, t))
        remember_events(now, t, listed)
        events[t], watched[t] = tell_events(world, now, par[col.NUDGE], t, listed, log)
        listed = mark_reviews(now, par, seed, run, t)
        k, bloc = next_move(now, par, seed, run, t, 0, listed)
        while k < listed:
            i = now.found[k]
            note(log.rows, log.taken, t, BLOC, i, now.bloc[i], bloc)
            move(world, now, par, i, bloc)
            k, bloc = next_move(now, par, seed, run, t, k + 1, listed)
        if decide_steps(world, now, par, seed, run, t) > 0:
            take_steps(world, now, par, t, log)
        fronts_month(world, now, par)
        if t % 12 == 11:
            reroute_year(now, par)
        together[t] = _together(now.bloc, world.group)
        rungs[t], ground[t] = now.rung, now.ground
        if t % every == every - 1:
            blocs[t // every] = now.bloc


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
    now, log = lay_out(world, months), Log(np.empty((0, 5), np.int32), np.zeros(1, np.int32))
    for r in range(runs):
        run_months(
            world, now, par[r], seed, first + r, every,
            events[r], watched[r], together[r], blocs[r], rungs[r], ground[r], log,
        )  # fmt: skip
    return events, watched, together, blocs, rungs, ground


@njit(cache=True)
def run_one(world: World, par: Reals, seed: int, run: int, months: int, rows: Ints) -> int:
    """Simulate one run again, with what it did in `rows`; return how many rows that was."""
    s, w = world.supporters.state.shape[0], world.theatres.principal.shape[0]
    log = Log(rows, np.zeros(1, np.int32))
    run_months(
        world, lay_out(world, months), par, seed, run, months,
        np.zeros(months, np.int32), np.zeros(months, np.int32), np.zeros(months, np.bool_),
        np.zeros((1, world.states.size.shape[0]), np.int8), np.zeros((months, s), np.int8),
        np.zeros((months, w), np.float32), log,
    )  # fmt: skip
    return int(log.taken[0])
