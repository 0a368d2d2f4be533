"""Hostile events between directed dyads, drawn as points that lie under the dyads' rates.

Think of points strewn evenly, one a unit of rate, over the plane of dyads and rates: those
of a dyad that lie under its rate are its events, Poisson by Lewis and Shedler's thinning.
The points depend on seed, run and month alone; a rate that is higher in one scenario than in
another has the same events and some more. Up to the rate `BAND` a strip of dyads shares its
points, one a month on average, so that thousands of quiet dyads cost some dozens of draws;
above it each lively dyad has a draw of its own.

References
----------
Lewis & Shedler (1979), Simulation of nonhomogeneous Poisson processes by thinning,
Naval Research Logistics Quarterly 26, https://doi.org/10.1002/nav.3800260304
"""

from __future__ import annotations

import math

from numba import njit

from blocs.outlook.simulation.compiled.alignment import repull
from blocs.outlook.simulation.compiled.draws import (
    EVENTS,
    POINTS,
    STRIPS,
    draw31,
    halves,
    stream_key,
    uniform,
)
from blocs.outlook.simulation.compiled.logbook import note
from blocs.outlook.simulation.compiled.rates import (
    BAND,
    LAST_MONTH,
    LIVELY,
    expect,
    rate_of,
    remind,
)
from blocs.outlook.simulation.model import EVENT, Current, Ints, Log, World

MOST = 100
"""Events of one dyad above the band in one month that are counted."""
STRIP_BITS = 6
STRIP = 2**STRIP_BITS
"""Dyads that share their points; one point a month is expected under the band."""
ROOM = 16
"""Points of a strip in one month: no draw of 31 bits gives as many."""
LEVEL_BITS = 31 - STRIP_BITS
LEVEL = 2**LEVEL_BITS


@njit(cache=True, inline="always")
def poisson_count(u: float, rate: float) -> int:
    """Count with the tail rule N >= k iff u < P(N >= k).

    For the same luck the count grows with the rate, so that paired scenarios differ
    by what the scenario changed alone.
    """
    term = math.exp(-rate)
    tail = 1.0 - term
    count = 0
    while u < tail and count < MOST:
        count += 1
        term *= rate / count
        tail -= term
    return count


@njit(cache=True, inline="always")
def _add(count: Ints, found: Ints, listed: int, d: int, events: int) -> int:
    """Count events of a dyad, and list it the first time."""
    if count[d] == 0:
        found[listed] = d
        listed += 1
    count[d] += events
    return listed


@njit(cache=True)
def quiet_events(now: Current, seed: int, run: int, month: int) -> int:
    """Find the points under the band that lie under the rate of their dyad.

    Lists the dyads in `Current.found`, with their events in ``acts``; returns how many.
    """
    pairs, fading, answer, most = now.pairs, now.fading, now.answer, now.most
    count, found = now.acts, now.found
    low, high = halves(stream_key(seed, run, month, STRIPS))
    p_low, p_high = halves(stream_key(seed, run, month, POINTS))
    m, listed = most.shape[0], 0
    for strip in range(-(-m // STRIP)):
        for k in range(poisson_count(uniform(low, high, strip), 1.0)):
            bits = draw31(p_low, p_high, strip * ROOM + k)
            d = strip * STRIP + (bits >> LEVEL_BITS)
            level = ((bits & (LEVEL - 1)) + 0.5) * (BAND / LEVEL)
            if d >= m or level >= most[d]:
                continue
            if level < rate_of(pairs, fading, answer, d, month):
                listed = _add(count, found, listed, d, 1)
    return listed


@njit(cache=True)
def lively_events(now: Current, seed: int, run: int, month: int, listed: int) -> int:
    """Draw what lively dyads have above the band; strike off those that fell below it."""
    pairs, fading, answer = now.pairs, now.fading, now.answer
    lively, marks, count, found = now.lively, now.listed, now.acts, now.found
    low, high = halves(stream_key(seed, run, month, EVENTS))
    kept = 0
    for k in range(now.clock[LIVELY]):
        d = lively[k]
        above = rate_of(pairs, fading, answer, d, month) - BAND
        if above <= 0.0:
            marks[d] = 0
            continue
        lively[kept] = d
        kept += 1
        u = uniform(low, high, d)
        if u < above:  # 1 - exp(-x) <= x: else there is none
            events = poisson_count(u, above)
            if events > 0:
                listed = _add(count, found, listed, d, events)
    now.clock[LIVELY] = kept
    return listed


@njit(cache=True, inline="always")
def in_order(found: Ints, n: int) -> None:
    """Sort the first few of a list, so that what follows does not hang on how they were found."""
    for k in range(1, n):
        d, at = found[k], k
        while at > 0 and found[at - 1] > d:
            found[at] = found[at - 1]
            at -= 1
        found[at] = d


@njit(cache=True)
def remember_events(now: Current, month: int, listed: int) -> None:
    """Put the month's events into the memories, and mend the bounds of the rates."""
    pairs, fading, answer, most = now.pairs, now.fading, now.answer, now.most
    marks, lively, clock = now.listed, now.lively, now.clock
    count, found, half = now.acts, now.found, now.pairs.shape[0]
    in_order(found, listed)
    clock[LAST_MONTH] = month
    for k in range(listed):
        p = remind(pairs, fading, found[k], month, count[found[k]])
        for d in (p, p + half):
            rate = rate_of(pairs, fading, answer, d, month + 1)
            expect(most, marks, lively, clock, d, rate)


@njit(cache=True)
def tell_events(
    world: World, now: Current, nudge: float, month: int, listed: int, log: Log
) -> tuple[int, int]:
    """Let the month's events tell on pulls; return how many, and how many in watched dyads."""
    sender, receiver, link = world.dyads.sender, world.dyads.receiver, world.dyads.link
    twin, size, seen = world.states.twin, world.states.size, world.dyads.watched
    bloc, pull, field, count, found = now.bloc, now.pull, now.field, now.acts, now.found
    rows, taken = log.rows, log.taken
    total, watched = 0, 0
    for k in range(listed):
        d = found[k]
        events, count[d] = count[d], 0
        total += events
        watched += events if seen[d] else 0
        i, j, q = sender[d], receiver[d], link[d]
        if q >= 0 and nudge > 0:
            value = max(-1.0, pull[q] - nudge * events)
            repull(twin, size, bloc, pull, field, i, j, q, value)
        note(rows, taken, month, EVENT, i, j, events)
    return total, watched
