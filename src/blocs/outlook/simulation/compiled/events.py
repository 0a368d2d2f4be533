"""Hostile events between directed dyads: unprovoked, own memory and answers (Hawkes)."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from blocs.outlook.simulation import parameters as col
from blocs.outlook.simulation.compiled.alignment import repull
from blocs.outlook.simulation.compiled.draws import (
    EVENTS,
    UNIT,
    draw31,
    halves,
    list_marked,
    stream_key,
)
from blocs.outlook.simulation.compiled.logbook import note
from blocs.outlook.simulation.model import (
    DAYS_A_MONTH,
    EVENT,
    Bytes,
    Current,
    Dyads,
    Log,
    Reals,
    Singles,
    World,
)

MOST = 100
"""Events of one dyad in one month that are counted."""


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


@njit(cache=True)
def weights(par: Reals) -> tuple[float, float, float, float, float, float]:
    """Decays of the two memories in a month, and the rate each memory adds.

    A mass of b further events is spread over the months that follow: the rate is
    b (1 - k) / k, since k + k^2 + ... = k / (1 - k).
    """
    keep_f = math.exp(-DAYS_A_MONTH / par[col.FAST_DAYS])
    keep_s = math.exp(-DAYS_A_MONTH / par[col.SLOW_DAYS])
    f, s = (1 - keep_f) / keep_f, (1 - keep_s) / keep_s
    return (
        keep_f,
        keep_s,
        par[col.OWN_FAST] * f,
        par[col.OWN_SLOW] * s,
        par[col.BACK_FAST] * f,
        par[col.BACK_SLOW] * s,
    )


@njit(cache=True)
def remember(par: Reals, base: Singles, fast: Singles, slow: Singles) -> None:
    """Fill the memories with what they hold on average, so that a run starts in mid-stream.

    The mean rate of a pair solves x = m + own x + back y and the same reversed; a
    memory that keeps a share k a month holds x / (1 - k) on average. Where the two
    masses together reach 1 there is no mean, and the memories start empty.
    """
    keep_f, keep_s, _, _, _, _ = weights(par)
    own = par[col.OWN_FAST] + par[col.OWN_SLOW]
    back = par[col.BACK_FAST] + par[col.BACK_SLOW]
    if own + back >= 1:
        return
    half = base.shape[0] // 2
    scale = 1.0 / ((1 - own) ** 2 - back**2)
    for d in range(base.shape[0]):
        r = d + half if d < half else d - half
        x = scale * ((1 - own) * base[d] + back * base[r])
        fast[d] = np.float32(x / (1 - keep_f))
        slow[d] = np.float32(x / (1 - keep_s))


@njit(cache=True)
def _intensities(par: Reals, base: Singles, fast: Singles, slow: Singles, lam: Singles) -> None:
    """Fade the memories and set every rate; the second half of the dyads reverses the first."""
    a, b, c, e, f, g = weights(par)
    keep_f, keep_s = np.float32(a), np.float32(b)
    own_f, own_s, back_f, back_s = np.float32(c), np.float32(e), np.float32(f), np.float32(g)
    half = base.shape[0] // 2
    base_1, base_2 = base[:half], base[half:]
    fast_1, fast_2, slow_1, slow_2 = fast[:half], fast[half:], slow[:half], slow[half:]
    lam_1, lam_2 = lam[:half], lam[half:]
    for d in range(half):
        p, q, s, t = fast_1[d] * keep_f, fast_2[d] * keep_f, slow_1[d] * keep_s, slow_2[d] * keep_s
        lam_1[d] = base_1[d] + own_f * p + own_s * s + back_f * q + back_s * t
        lam_2[d] = base_2[d] + own_f * q + own_s * t + back_f * p + back_s * s
        fast_1[d], fast_2[d], slow_1[d], slow_2[d] = p, q, s, t


@njit(cache=True)
def _candidates(lam: Singles, hit: Bytes, low: np.uint32, high: np.uint32) -> None:
    """Mark dyads whose draw lies under their rate; 1 - exp(-x) <= x, so none is missed."""
    one = np.float32(0.9999999)
    for d in range(lam.shape[0]):
        most = lam[d] if lam[d] < one else one
        hit[d] = np.int8(draw31(low, high, d) <= np.int32(most * np.float32(2147483648.0)))


@njit(cache=True)
def provoke(dyads: Dyads, now: Current, a: int, b: int, events: float) -> None:
    """Put some events' worth into the memories of a pair, in both directions."""
    for q in range(dyads.touch_at[a], dyads.touch_at[a + 1]):
        d = dyads.touch[q]
        if dyads.sender[d] == b or dyads.receiver[d] == b:
            now.fast[d] += np.float32(events)
            now.slow[d] += np.float32(events)


@njit(cache=True)
def events_month(
    world: World, now: Current, par: Reals, seed: int, run: int, month: int, log: Log
) -> tuple[int, int]:
    """Draw the events of one month; return how many, and how many in watched dyads."""
    sender, receiver, link = world.dyads.sender, world.dyads.receiver, world.dyads.link
    fast, slow, lam, pulls = now.fast, now.slow, now.lam, now.pull
    seen, nudge = world.dyads.watched, par[col.NUDGE]
    low, high = halves(stream_key(seed, run, month, EVENTS))
    _intensities(par, now.base, fast, slow, lam)
    _candidates(lam, now.hit, low, high)
    total, watched, found = 0, 0, now.found
    for k in range(list_marked(now.hit, found)):
        d = found[k]
        u = (np.float64(draw31(low, high, d)) + 0.5) * UNIT
        count = poisson_count(u, np.float64(lam[d]))
        if count == 0:
            continue
        fast[d] += np.float32(count)
        slow[d] += np.float32(count)
        total += count
        watched += count if seen[d] else 0
        i, j, q = sender[d], receiver[d], link[d]
        if q >= 0 and nudge > 0:
            repull(world.states, now, i, j, q, max(-1.0, pulls[q] - nudge * count))
        note(log, month, EVENT, i, j, count)
    return total, watched
