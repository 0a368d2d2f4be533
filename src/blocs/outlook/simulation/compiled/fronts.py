"""Stocks, fronts and sanctions: Lanchester attrition, supply, and trade that finds a way."""

from __future__ import annotations

import math

from numba import njit

from blocs.outlook.simulation import parameters as col
from blocs.outlook.simulation.model import SIDES, Current, Reals, World

FLOOR = 1e-3
"""Forces never fall below this share of the weaker principal's at the start."""
STEEP = math.log(20.0)
"""A front moves no faster than at twenty to one."""
FIRST_USEFUL = 2
"""Rungs up to economic add nothing to the stocks."""


@njit(cache=True, inline="always")
def attrition(own: float, opposite: float, share: float) -> float:
    """Forces left after a month of aimed fire (Lanchester's square law, solved exactly).

    own' = own cosh a - opposite sinh a, so that own^2 - opposite^2 is conserved.
    """
    return own * math.cosh(share) - opposite * math.sinh(share)


@njit(cache=True, inline="always")
def worth(rung: int) -> float:
    """Share of its capacity that a supporter gives on a rung: 0 to economic, 1 with troops."""
    return max(0, rung - FIRST_USEFUL) / 5.0


@njit(cache=True)
def balance_at_start(world: World, now: Current, par: Reals) -> None:
    """Set forces, and the production with which they hold still until something changes."""
    share = par[col.ATTRITION]
    for w in range(now.force.shape[0]):
        now.force[w, 0], now.force[w, 1] = par[world.theatres.ratio_at[w]], 1.0
        for k in range(SIDES):
            own, opposite = now.force[w, k], now.force[w, 1 - k]
            now.made[w, k] = own - attrition(own, opposite, share)
    who = world.supporters
    for p in range(who.state.shape[0]):
        now.made[who.theatre[p], who.side[p]] -= (
            par[col.SUPPLY] * who.capacity[p] * worth(now.rung[p])
        )


@njit(cache=True)
def fronts_month(world: World, now: Current, par: Reals) -> None:
    """Fight, produce and supply for a month; move the fronts."""
    who, heads = world.supporters, world.theatres.principal
    for w in range(now.force.shape[0]):
        a, b = now.force[w, 0], now.force[w, 1]
        for k in range(SIDES):
            missing = max(0.0, now.lost[heads[w, k]] - now.rerouted[heads[w, k]])
            economy = 1.0 - par[col.LOSS] * missing
            own, opposite = (a, b) if k == 0 else (b, a)
            made = now.made[w, k]
            now.force[w, k] = attrition(own, opposite, par[col.ATTRITION]) + (
                made * economy if made > 0 else made
            )
    for p in range(who.state.shape[0]):
        gift = par[col.SUPPLY] * who.capacity[p] * worth(now.rung[p])
        now.force[who.theatre[p], who.side[p]] += gift
    for w in range(now.force.shape[0]):
        for k in range(SIDES):
            now.force[w, k] = max(FLOOR, now.force[w, k])
        lead = math.log(now.force[w, 0] / now.force[w, 1])
        at_start = math.log(par[world.theatres.ratio_at[w]])
        speed = par[world.theatres.front_at[w]] / at_start if at_start != 0 else 0.0
        now.ground[w] += speed * max(-STEEP, min(STEEP, lead))


@njit(cache=True)
def reroute_year(now: Current, par: Reals) -> None:
    """Let part of the trade that sanctions cut find another way, once a year."""
    for i in range(now.lost.shape[0]):
        most = par[col.REROUTE_MOST] * now.lost[i]
        now.rerouted[i] += par[col.REROUTE] * (most - now.rerouted[i])
