"""Compiled sums of a self-exciting process: what each event was preceded by."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Array = NDArray[np.float64]
Ints = NDArray[np.int64]


@njit(cache=True)
def excitations(  # noqa: C901
    sender: Ints,
    receiver: Ints,
    day: Array,
    n: int,
    rates: Array,
    out_share: Array,
    in_share: Array,
    region: Ints,
) -> Array:
    """Excitation of each event's own dyad just before its day, shape (E, 3, R).

    The middle axis: the dyad's own past, the reverse dyad's, and events received in
    other regions, spread over dyads by the product of the shares. Sums decay from day
    to day; events of one day come in after all of that day were looked up.

    Parameters
    ----------
    sender, receiver, day : ndarray, shape (E,)
        The stream.
    n : int
        Actors.
    rates : ndarray, shape (R,)
        Decays per day.
    out_share, in_share : ndarray, shape (n,)
        Share of an actor in what is sent and received.
    region : ndarray of int, shape (n,)
        Region of an actor.
    """
    events, scales = len(day), len(rates)
    regions = region.max() + 1
    out = np.zeros((events, 3, scales))
    past = np.zeros((n * n, scales))
    seen = np.zeros(n * n)
    near = np.zeros((regions, scales))
    all_near = np.zeros(scales)
    now = 0.0
    first = 0
    while first < events:
        last = first
        while last < events and day[last] == day[first]:
            last += 1
        for r in range(scales):
            fade = np.exp(-rates[r] * (day[first] - now))
            all_near[r] *= fade
            for g in range(regions):
                near[g, r] *= fade
        now = day[first]
        for e in range(first, last):
            own, back = sender[e] * n + receiver[e], receiver[e] * n + sender[e]
            here = region[receiver[e]]
            share = out_share[sender[e]] * in_share[receiver[e]]
            for r in range(scales):
                out[e, 0, r] = rates[r] * past[own, r] * np.exp(-rates[r] * (now - seen[own]))
                out[e, 1, r] = rates[r] * past[back, r] * np.exp(-rates[r] * (now - seen[back]))
                out[e, 2, r] = rates[r] * share * (all_near[r] - near[here, r])
        for e in range(first, last):
            own = sender[e] * n + receiver[e]
            for r in range(scales):
                past[own, r] = past[own, r] * np.exp(-rates[r] * (now - seen[own])) + 1.0
                near[region[receiver[e]], r] += 1.0
                all_near[r] += 1.0
            seen[own] = now
        first = last
    return out


@njit(cache=True)
def multiply_up(
    x: Array, weight: Array, cost: Array, theta: Array, steps: int, tol: float
) -> Array:
    """Climb the concave likelihood by theta <- theta (X' (w / lambda)) / C; theta >= 0.

    Parameters
    ----------
    x : ndarray, shape (E, P)
        Features of each event, not negative.
    weight : ndarray, shape (E,)
        Weight of each event.
    cost : ndarray, shape (P,)
        Integral of each feature over everything watched.
    theta : ndarray, shape (P,)
        Start, above 0.
    steps : int
        Most steps.
    tol : float
        Stop when the expected number of events of no part changes by more.
    """
    events, parts = x.shape
    theta = theta.copy()
    for _ in range(steps):
        pull = np.zeros(parts)
        for e in range(events):
            rate = 0.0
            for p in range(parts):
                rate += theta[p] * x[e, p]
            if rate > 0:
                for p in range(parts):
                    pull[p] += weight[e] * x[e, p] / rate
        change = 0.0
        for p in range(parts):
            new = theta[p] * pull[p] / cost[p] if cost[p] > 0 else 0.0
            change = max(change, abs(new - theta[p]) * cost[p])
            theta[p] = new
        if change < tol:
            break
    return theta
