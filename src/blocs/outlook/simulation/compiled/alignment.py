"""Who stands in which bloc: fields of pulls, and reviews that follow them."""

from __future__ import annotations

import math

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
from blocs.outlook.simulation.compiled.rates import refactor
from blocs.outlook.simulation.model import (
    UNALIGNED,
    Bytes,
    Current,
    Ints,
    Reals,
    States,
    World,
)


@njit(cache=True)
def fill_field(states: States, now: Current) -> None:
    """Sum each state's pulls by bloc: field[i, k] = sum_j pull_ij size_j [bloc_j = k]."""
    indptr, indices, size = states.indptr, states.indices, states.size
    bloc, pull, field = now.bloc, now.pull, now.field
    field[:] = 0.0
    for i in range(size.shape[0]):
        for q in range(indptr[i], indptr[i + 1]):
            j = indices[q]
            if bloc[j] != UNALIGNED:
                field[i, bloc[j]] += pull[q] * size[j]


@njit(cache=True, inline="always")
def repull(
    twin: Ints, size: Reals, bloc: Bytes, pull: Reals, field: Reals,
    i: int, j: int, q: int, value: float,
) -> None:  # fmt: skip
    """Set the pull of two states, in both directions, and mend their fields."""
    change = value - pull[q]
    pull[q] = value
    pull[twin[q]] = value
    if bloc[j] != UNALIGNED:
        field[i, bloc[j]] += change * size[j]
    if bloc[i] != UNALIGNED:
        field[j, bloc[i]] += change * size[i]


@njit(cache=True)
def link_of(indptr: Ints, indices: Ints, i: int, j: int) -> int:
    """Place of two states' pull in the row of the first; -1 where nothing pulls them."""
    for q in range(indptr[i], indptr[i + 1]):
        if indices[q] == j:
            return int(q)
    return -1


@njit(cache=True)
def move(world: World, now: Current, par: Reals, i: int, new: int) -> None:
    """Move one state to a bloc; tell those it pulls and its dyads."""
    states, old, size = world.states, now.bloc[i], world.states.size[i]
    indices, pull, field = states.indices, now.pull, now.field
    now.bloc[i] = new
    for q in range(states.indptr[i], states.indptr[i + 1]):
        x, j = pull[q] * size, indices[q]
        if old != UNALIGNED:
            field[j, old] -= x
        if new != UNALIGNED:
            field[j, new] += x
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
def mark_reviews(now: Current, par: Reals, seed: int, run: int, month: int) -> int:
    """List the states that review their bloc this month in `Current.found`; return how many."""
    low, high = halves(stream_key(seed, run, month, REVIEWS))
    due = now.due
    mark_below(par[col.REVIEW], low, high, now.bloc.shape[0], due)
    return list_marked(due, now.found)


@njit(cache=True)
def next_move(
    now: Current, par: Reals, seed: int, run: int, month: int, first: int, due: int
) -> tuple[int, int]:
    """Let the listed states review one after the other, until one moves: which, and where to.

    P(k) is proportional to exp(beta field_k + inertia [bloc = k]); to belong to
    neither bloc pulls with ``independence``.
    """
    low, high = halves(stream_key(seed, run, month, CHOICES))
    beta, inertia = par[col.BETA], par[col.INERTIA]
    bloc, field, found = now.bloc, now.field, now.found
    for k in range(first, due):
        i = found[k]
        old = bloc[i]
        a = beta * field[i, 0] + (inertia if old == 0 else 0.0)
        b = beta * field[i, 1] + (inertia if old == 1 else 0.0)
        c = beta * par[col.INDEPENDENCE] + (inertia if old == UNALIGNED else 0.0)
        u = uniform(low, high, i)
        if stays(u, old, a, b, c):
            continue
        new = choose(u, a, b, c)
        if new != old:
            return k, new
    return due, UNALIGNED
