"""Who stands in which bloc: fields of pulls, and reviews that follow them."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from blocs.outlook.simulation import parameters as col
from blocs.outlook.simulation.compiled.draws import (
    CHOICES,
    REVIEWS,
    below_exp,
    halves,
    list_marked,
    mark_below,
    stream_key,
    uniform,
)
from blocs.outlook.simulation.compiled.logbook import note
from blocs.outlook.simulation.model import (
    BLOC,
    UNALIGNED,
    Current,
    Dyads,
    Log,
    Reals,
    States,
    World,
)


@njit(cache=True)
def fill_field(states: States, now: Current) -> None:
    """Sum each state's pulls by bloc: field[i, k] = sum_j pull_ij size_j [bloc_j = k]."""
    now.field[:] = 0.0
    for i in range(states.size.shape[0]):
        for q in range(states.indptr[i], states.indptr[i + 1]):
            j = states.indices[q]
            if now.bloc[j] != UNALIGNED:
                now.field[i, now.bloc[j]] += now.pull[q] * states.size[j]


@njit(cache=True, inline="always")
def repull(states: States, now: Current, i: int, j: int, q: int, value: float) -> None:
    """Set the pull of two states, in both directions, and mend their fields."""
    change = value - now.pull[q]
    now.pull[q] = value
    now.pull[states.twin[q]] = value
    if now.bloc[j] != UNALIGNED:
        now.field[i, now.bloc[j]] += change * states.size[j]
    if now.bloc[i] != UNALIGNED:
        now.field[j, now.bloc[i]] += change * states.size[i]


@njit(cache=True)
def link_of(states: States, i: int, j: int) -> int:
    """Place of two states' pull in the row of the first; -1 where nothing pulls them."""
    for q in range(states.indptr[i], states.indptr[i + 1]):
        if states.indices[q] == j:
            return int(q)
    return -1


@njit(cache=True)
def refactor(dyads: Dyads, now: Current, par: Reals, i: int) -> None:
    """Mend the rates without memories of one state's dyads after it moved."""
    rate = np.float32(par[col.RATE])
    for q in range(dyads.touch_at[i], dyads.touch_at[i + 1]):
        d = dyads.touch[q]
        a, b = now.bloc[dyads.sender[d]], now.bloc[dyads.receiver[d]]
        x = 1.0
        if a != UNALIGNED and b != UNALIGNED:  # noqa: PLR1714
            x = par[col.WITHIN] if a == b else par[col.ACROSS]
        now.base[d] = rate * dyads.rate[d] * np.float32(x)


@njit(cache=True)
def move(world: World, now: Current, par: Reals, i: int, new: int) -> None:
    """Move one state to a bloc; tell those it pulls and its dyads."""
    states, old = world.states, now.bloc[i]
    now.bloc[i] = new
    for q in range(states.indptr[i], states.indptr[i + 1]):
        x = now.pull[q] * states.size[i]
        j = states.indices[q]
        if old != UNALIGNED:
            now.field[j, old] -= x
        if new != UNALIGNED:
            now.field[j, new] += x
    refactor(world.dyads, now, par, i)


@njit(cache=True, inline="always")
def choose(u: float, a: float, b: float, c: float) -> int:
    """Choose 0, 1 or 2 with probabilities proportional to exp(a), exp(b), exp(c)."""
    most = max(a, b, c)
    x, y, z = math.exp(a - most), math.exp(b - most), math.exp(c - most)
    v = u * (x + y + z)
    return 0 if v < x else (1 if v < x + y else 2)


@njit(cache=True, inline="always")
def stays(u: float, old: int, a: float, b: float, c: float) -> bool:
    """Whether `choose` keeps the old bloc, where that can be told without computing exp.

    The chance of another bloc is at most exp(-gap); most reviews change nothing and end here.
    """
    mine = a if old == 0 else (b if old == 1 else c)
    below = (rarely(mine - a) if old > 0 else 0.0) + (rarely(mine - b) if old > 1 else 0.0)
    above = (rarely(mine - b) if old < 1 else 0.0) + (rarely(mine - c) if old < 2 else 0.0)
    return below < u < 1.0 - above


@njit(cache=True, inline="always")
def rarely(gap: float) -> float:
    """Upper bound of exp(-gap), for a gap of 0 or more; 1 for any other."""
    return 1.0 / below_exp(gap) if gap > 0.0 else 1.0


@njit(cache=True)
def reviews_month(
    world: World, now: Current, par: Reals, seed: int, run: int, month: int, log: Log
) -> None:
    """Let each state review its bloc with some chance, one after the other.

    P(k) is proportional to exp(beta field_k + inertia [bloc = k]); to belong to
    neither bloc pulls with ``independence``.
    """
    low, high = halves(stream_key(seed, run, month, REVIEWS))
    c_low, c_high = halves(stream_key(seed, run, month, CHOICES))
    beta, inertia = par[col.BETA], par[col.INERTIA]
    mark_below(par[col.REVIEW], low, high, now.bloc.shape[0], now.due)
    for k in range(list_marked(now.due, now.found)):
        i = now.found[k]
        old = now.bloc[i]
        a = beta * now.field[i, 0] + (inertia if old == 0 else 0.0)
        b = beta * now.field[i, 1] + (inertia if old == 1 else 0.0)
        c = beta * par[col.INDEPENDENCE] + (inertia if old == UNALIGNED else 0.0)
        u = uniform(c_low, c_high, i)
        if stays(u, old, a, b, c):
            continue
        new = choose(u, a, b, c)
        if new != old:
            move(world, now, par, i, new)
            note(log, month, BLOC, i, old, new)
