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
from blocs.outlook.simulation.compiled.events import provoke
from blocs.outlook.simulation.compiled.logbook import note
from blocs.outlook.simulation.model import RUNG, TOP_RUNG, UNALIGNED, Current, Log, Reals, World

LETHAL = 5
"""First rung of lethal aid: munitions."""


@njit(cache=True)
def find_tops(world: World, now: Current) -> None:
    """Highest rung of each side of each theatre."""
    now.top[:] = 0
    who = world.supporters
    for p in range(who.state.shape[0]):
        w, k = who.theatre[p], who.side[p]
        now.top[w, k] = max(now.top[w, k], now.rung[p])


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


@njit(cache=True, inline="always")
def _nudge(world: World, now: Current, a: int, b: int, change: float) -> None:
    q = link_of(world.states, a, b)
    if q >= 0:
        repull(world.states, now, a, b, q, max(-1.0, min(1.0, now.pull[q] + change)))


@njit(cache=True, inline="always")
def take_step(world: World, now: Current, par: Reals, p: int, rung: int) -> None:
    """Put a supporter on a rung; each lethal rung gained tells on pulls and on events.

    It draws the supporter nearer to the side's principal and away from the other's,
    as much as a hostile event does, and adds ``ladder.provoke`` events' worth to the
    memories of the supporter and the other principal.
    """
    who = world.supporters
    gained = rung - max(now.rung[p], LETHAL - 1)
    now.rung[p] = rung
    if gained <= 0:
        return
    state, heads = who.state[p], world.theatres.principal[who.theatre[p]]
    head, foe = heads[who.side[p]], heads[1 - who.side[p]]
    _nudge(world, now, state, head, par[col.NUDGE] * gained)
    _nudge(world, now, state, foe, -par[col.NUDGE] * gained)
    provoke(world.dyads, now, state, foe, par[col.PROVOKED] * gained)


@njit(cache=True)
def ladders_month(
    world: World, now: Current, par: Reals, seed: int, run: int, month: int, log: Log
) -> None:
    """Let every supporter decide at once, on what it saw at the end of last month."""
    low, high = halves(stream_key(seed, run, month, LADDERS))
    theatre, state, side = world.supporters.theatre, world.supporters.state, world.supporters.side
    patron, taboo_at = world.supporters.patron, world.supporters.taboo_at
    principal, rung, following = world.theatres.principal, now.rung, now.next_rung
    bloc, force, top, lost, red_line = now.bloc, now.force, now.top, now.lost, now.red_line
    find_tops(world, now)
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
    for p in range(state.shape[0]):
        if following[p] != rung[p]:
            note(log, month, RUNG, p, rung[p], following[p])
            take_step(world, now, par, p, following[p])
