"""Ladders of support: who goes a rung further, and who steps back."""

from __future__ import annotations

import math

from numba import njit

from blocs.outlook.simulation import parameters as col
from blocs.outlook.simulation.compiled.alignment import link_of, repull
from blocs.outlook.simulation.compiled.draws import (
    LADDERS,
    below_exp,
    halves,
    stream_key,
    uniform,
)
from blocs.outlook.simulation.compiled.logbook import note
from blocs.outlook.simulation.compiled.rates import provoke
from blocs.outlook.simulation.model import (
    RUNG,
    TOP_RUNG,
    UNALIGNED,
    Bytes,
    Current,
    Ints,
    Log,
    Reals,
    World,
)

LETHAL = 5
"""First rung of lethal aid: munitions."""


@njit(cache=True)
def find_tops(theatre: Ints, side: Bytes, rung: Bytes, top: Bytes) -> None:
    """Highest rung of each side of each theatre."""
    top[:] = 0
    for p in range(rung.shape[0]):
        w, k = theatre[p], side[p]
        top[w, k] = max(top[w, k], rung[p])


@njit(cache=True, inline="always")
def nearness(mine: int, own: int, opposite: int) -> float:
    """1 in the bloc of the side's principal, -1 in the other side's, else 0."""
    if mine == UNALIGNED:
        return 0.0
    if mine == own:
        return 1.0
    return -1.0 if mine == opposite else 0.0


@njit(cache=True, inline="always")
def log_odds_up(
    par: Reals, rung: int, need: float, ahead: int, near: float, lost: float, untrodden: int
) -> float:
    """Log odds of going one rung further this month, before any red line.

    ``up[rung] + need deficit + react ahead + align near - sanction lost - patron
    untrodden``: the side's inferiority in [-1, 1], how many rungs the other side is
    ahead, standing in the principal's bloc, the supporter's trade lost to sanctions,
    and the rungs that its patron has not gone.
    """
    return float(
        par[col.UP + rung]
        + par[col.NEED] * need
        + par[col.REACT] * ahead
        + par[col.ALIGN] * near
        - par[col.SANCTION] * lost
        - par[col.PATRON] * untrodden
    )


@njit(cache=True)
def decide_steps(world: World, now: Current, par: Reals, seed: int, run: int, month: int) -> int:
    """Let every supporter decide at once, on what it saw at the end of last month.

    Writes `Current.next_rung`; returns how many take a step.
    """
    low, high = halves(stream_key(seed, run, month, LADDERS))
    theatre, state, side = world.supporters.theatre, world.supporters.state, world.supporters.side
    patron, taboo_at = world.supporters.patron, world.supporters.taboo_at
    principal, rung, following = world.theatres.principal, now.rung, now.next_rung
    bloc, force, top, lost, red_line = now.bloc, now.force, now.top, now.lost, now.red_line
    find_tops(theatre, side, rung, top)
    steps = 0
    for p in range(state.shape[0]):
        w, k, g = theatre[p], side[p], rung[p]
        following[p] = g
        u = uniform(low, high, p)
        if g < TOP_RUNG:
            own, opposite = force[w, k], force[w, 1 - k]
            near = nearness(bloc[state[p]], bloc[principal[w, k]], bloc[principal[w, 1 - k]])
            untrodden = max(0, g + 1 - rung[patron[p]]) if patron[p] >= 0 else 0
            need, ahead = (opposite - own) / (opposite + own), top[w, 1 - k] - g
            z = log_odds_up(par, g, need, ahead, near, lost[state[p]], untrodden)
            if g + 1 >= red_line[p]:
                z -= par[taboo_at[p]]
            if u * (1.0 + below_exp(-z)) < 1.0 and u < 1.0 / (1.0 + math.exp(-z)):
                following[p] = g + 1
        if following[p] == g and g > 0 and u > 1.0 - par[col.DOWN]:
            following[p] = g - 1
        steps += following[p] != g
    return steps


@njit(cache=True)
def take_steps(world: World, now: Current, par: Reals, month: int, log: Log) -> None:
    """Put supporters on their next rungs; each lethal rung gained tells on pulls and on events.

    It draws the supporter nearer to the side's principal and away from the other's,
    as much as a hostile event does, and adds ``ladder.provoke`` events' worth to the
    memories of the supporter and the other principal.
    """
    states, dyads, who, principal = world.states, world.dyads, world.supporters, world.theatres[0]
    indptr, indices, twin, size = states.indptr, states.indices, states.twin, states.size
    touch_at, touch, sender, receiver = dyads.touch_at, dyads.touch, dyads.sender, dyads.receiver
    theatre, state, side, rung, following = (
        who.theatre,
        who.state,
        who.side,
        now.rung,
        now.next_rung,
    )
    bloc, pull, field, rows, taken = now.bloc, now.pull, now.field, log.rows, log.taken
    pairs, fading, answer, most = now.pairs, now.fading, now.answer, now.most
    listed, lively, clock = now.listed, now.lively, now.clock
    for p in range(rung.shape[0]):
        old, new = rung[p], following[p]
        if new == old:
            continue
        note(rows, taken, month, RUNG, p, old, new)
        rung[p] = new
        gained = new - max(old, LETHAL - 1)
        if gained <= 0:
            continue
        i, w, k = state[p], theatre[p], side[p]
        for j, sign in ((principal[w, k], 1.0), (principal[w, 1 - k], -1.0)):
            q = link_of(indptr, indices, i, j)
            if q >= 0:
                value = max(-1.0, min(1.0, pull[q] + sign * par[col.NUDGE] * gained))
                repull(twin, size, bloc, pull, field, i, j, q, value)
        provoke(
            touch_at, touch, sender, receiver, pairs, fading, answer, most, listed, lively, clock,
            i, principal[w, 1 - k], par[col.PROVOKED] * gained,
        )  # fmt: skip
