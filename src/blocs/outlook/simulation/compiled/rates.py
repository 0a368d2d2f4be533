"""Rates of hostile events by dyad: unprovoked, own memory and answers (Hawkes).

Memories are brought up to date only when they are added to, and a dyad's rate can only fall
while nothing happens to it; so `Current.most` bounds it from above, and the few dyads whose
bound lies over `BAND` are listed as lively.
"""

from __future__ import annotations

import math

from numba import njit

from blocs.outlook.simulation import parameters as col
from blocs.outlook.simulation.model import (
    DAYS_A_MONTH,
    UNALIGNED,
    Bytes,
    Current,
    Dyads,
    Ints,
    Reals,
)

BAND = 2.0**-6
"""Rate a month up to which dyads share the points of `events`."""
FAST, SLOW, BACK_FAST, BACK_SLOW, BASE, BACK_BASE, SINCE, COLUMNS = range(8)
"""Columns of `Current.pairs`: memories and base rates of both directions, and their month."""
LAST_MONTH, LIVELY = 0, 1
"""Places in `Current.clock`: month that has its events, number of lively dyads."""


@njit(cache=True)
def fill_fading(par: Reals, fading: Reals) -> None:
    """Share of the fast and of the slow memory that is left after 0, 1, 2 ... months."""
    for k in range(fading.shape[1]):
        fading[0, k] = math.exp(-DAYS_A_MONTH / par[col.FAST_DAYS] * k)
        fading[1, k] = math.exp(-DAYS_A_MONTH / par[col.SLOW_DAYS] * k)


@njit(cache=True)
def fill_answer(par: Reals, fading: Reals, answer: Reals) -> None:
    """Rate that each unit of memory adds: own fast, own slow, the other's fast, slow.

    A mass of b further events is spread over the months that follow: the rate is
    b (1 - k) / k, since k + k^2 + ... = k / (1 - k).
    """
    f, s = (1 - fading[0, 1]) / fading[0, 1], (1 - fading[1, 1]) / fading[1, 1]
    answer[FAST], answer[SLOW] = par[col.OWN_FAST] * f, par[col.OWN_SLOW] * s
    answer[BACK_FAST], answer[BACK_SLOW] = par[col.BACK_FAST] * f, par[col.BACK_SLOW] * s


@njit(cache=True, inline="always")
def rate_of(pairs: Reals, fading: Reals, answer: Reals, d: int, month: int) -> float:
    """Expected events of a dyad in a month, if nothing happens to it before."""
    half = pairs.shape[0]
    p, o = (d, 0) if d < half else (d - half, 1)
    own, back, k = 2 * o, 2 - 2 * o, month - int(pairs[p, SINCE])
    fast = answer[FAST] * pairs[p, own] + answer[BACK_FAST] * pairs[p, back]
    slow = answer[SLOW] * pairs[p, own + 1] + answer[BACK_SLOW] * pairs[p, back + 1]
    return float(pairs[p, BASE + o] + fading[0, k] * fast + fading[1, k] * slow)


@njit(cache=True, inline="always")
def expect(most: Reals, listed: Bytes, lively: Ints, clock: Ints, d: int, rate: float) -> None:
    """Keep the rate of a dyad in the next month as its bound; list it if it is lively."""
    most[d] = rate
    if rate > BAND and not listed[d]:
        listed[d] = 1
        lively[clock[LIVELY]] = d
        clock[LIVELY] += 1


@njit(cache=True, inline="always")
def remind(pairs: Reals, fading: Reals, d: int, month: int, events: float) -> int:
    """Put events' worth into the memories of a dyad at the end of a month; return its pair."""
    half = pairs.shape[0]
    p, own = (d, FAST) if d < half else (d - half, BACK_FAST)
    k = month - int(pairs[p, SINCE])
    fast, slow = fading[0, k], fading[1, k]
    pairs[p, FAST] *= fast
    pairs[p, SLOW] *= slow
    pairs[p, BACK_FAST] *= fast
    pairs[p, BACK_SLOW] *= slow
    pairs[p, own] += events
    pairs[p, own + 1] += events
    pairs[p, SINCE] = month
    return p


@njit(cache=True)
def provoke(
    touch_at: Ints, touch: Ints, sender: Ints, receiver: Ints,
    pairs: Reals, fading: Reals, answer: Reals, most: Reals,
    listed: Bytes, lively: Ints, clock: Ints, a: int, b: int, events: float,
) -> None:  # fmt: skip
    """Put some events' worth into the memories of a pair, in both directions."""
    month, half = clock[LAST_MONTH], pairs.shape[0]
    for q in range(touch_at[a], touch_at[a + 1]):
        d = touch[q]
        if sender[d] == b or receiver[d] == b:
            p = remind(pairs, fading, d, month, events)
            for e in (p, p + half):
                rate = rate_of(pairs, fading, answer, e, month + 1)
                expect(most, listed, lively, clock, e, rate)


@njit(cache=True, inline="always")
def base_of(par: Reals, rate: float, a: int, b: int) -> float:
    """Rate of a dyad without memories, from its unprovoked rate and its states' blocs."""
    x = 1.0
    if a != UNALIGNED and b != UNALIGNED:  # noqa: PLR1714
        x = par[col.WITHIN] if a == b else par[col.ACROSS]
    return float(par[col.RATE] * rate * x)


@njit(cache=True)
def refactor(dyads: Dyads, now: Current, par: Reals, i: int) -> None:
    """Mend the rates of one state's dyads after it moved."""
    touch, sender, receiver, unprovoked = dyads.touch, dyads.sender, dyads.receiver, dyads.rate
    pairs, fading, answer, most, bloc = now.pairs, now.fading, now.answer, now.most, now.bloc
    listed, lively, clock = now.listed, now.lively, now.clock
    month, half = clock[LAST_MONTH], pairs.shape[0]
    for q in range(dyads.touch_at[i], dyads.touch_at[i + 1]):
        d = touch[q]
        base = base_of(par, unprovoked[d], bloc[sender[d]], bloc[receiver[d]])
        pairs[d % half, BASE + d // half] = base
        rate = rate_of(pairs, fading, answer, d, month + 1)
        expect(most, listed, lively, clock, d, rate)


@njit(cache=True)
def remember(par: Reals, fading: Reals, pairs: Reals) -> None:
    """Fill the memories with what they hold on average, so that a run starts in mid-stream.

    The mean rate of a pair solves x = m + own x + back y and the same reversed; a
    memory that keeps a share k a month holds x / (1 - k) on average. Where the two
    masses together reach 1 there is no mean, and the memories start empty.
    """
    own = par[col.OWN_FAST] + par[col.OWN_SLOW]
    back = par[col.BACK_FAST] + par[col.BACK_SLOW]
    scale = 1.0 / ((1 - own) ** 2 - back**2) if own + back < 1 else 0.0
    fast, slow = 1.0 / (1 - fading[0, 1]), 1.0 / (1 - fading[1, 1])
    for p in range(pairs.shape[0]):
        x, y = pairs[p, BASE], pairs[p, BACK_BASE]
        one, two = scale * ((1 - own) * x + back * y), scale * ((1 - own) * y + back * x)
        pairs[p, FAST], pairs[p, SLOW] = one * fast, one * slow
        pairs[p, BACK_FAST], pairs[p, BACK_SLOW] = two * fast, two * slow


@njit(cache=True)
def rates_at_start(dyads: Dyads, now: Current, par: Reals) -> None:
    """Set every rate, fill the memories, and find the dyads that are lively from the start."""
    sender, receiver, unprovoked, bloc = dyads.sender, dyads.receiver, dyads.rate, now.bloc
    pairs, fading, answer, most = now.pairs, now.fading, now.answer, now.most
    listed, lively, clock, half = now.listed, now.lively, now.clock, now.pairs.shape[0]
    clock[LAST_MONTH], clock[LIVELY] = -1, 0
    listed[:], pairs[:, SINCE] = 0, -1
    fill_fading(par, fading)
    fill_answer(par, fading, answer)
    for d in range(2 * half):
        base = base_of(par, unprovoked[d], bloc[sender[d]], bloc[receiver[d]])
        pairs[d % half, BASE + d // half] = base
    if dyads.fast.shape[0] == 2 * half:
        pairs[:, FAST], pairs[:, SLOW] = dyads.fast[:half], dyads.slow[:half]
        pairs[:, BACK_FAST], pairs[:, BACK_SLOW] = dyads.fast[half:], dyads.slow[half:]
    else:
        remember(par, fading, pairs)
    for d in range(2 * half):
        expect(most, listed, lively, clock, d, rate_of(pairs, fading, answer, d, 0))
