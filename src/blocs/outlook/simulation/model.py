"""What a simulated world is made of: arrays that the compiled parts read and write.

Blocs are 0 (the reference power's), 1 (the group's) and 2 (neither). Sides of a
theatre are 0 and 1. ``n`` states, ``m`` directed dyads (the second half holds the
reverses of the first, in order), ``w`` theatres, ``s`` supporters.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Bytes = NDArray[np.int8]
Ints = NDArray[np.int32]
Reals = NDArray[np.float64]
Singles = NDArray[np.float32]

SIDES = 2
UNALIGNED = 2
TOP_RUNG = 7
DAYS_A_MONTH = 30.4375


class States(NamedTuple):
    """States, and how they pull each other (symmetric, sparse).

    Attributes
    ----------
    indptr, indices : int32, shapes (n + 1,) and (links,)
        Row i of the pulls is ``indices[indptr[i] : indptr[i + 1]]``.
    pull : float64, shape (links,)
        In [-1, 1]; below zero the two keep apart.
    twin : int32, shape (links,)
        Where the same pull stands in the other state's row.
    size : float64, shape (n,)
        Weight of each state, largest 1.
    bloc : int8, shape (n,)
        Bloc at the start.
    """

    indptr: Ints
    indices: Ints
    pull: Reals
    twin: Ints
    size: Reals
    bloc: Bytes


class Dyads(NamedTuple):
    """Directed dyads that can have hostile events.

    Attributes
    ----------
    sender, receiver : int32, shape (m,)
    rate : float64, shape (m,)
        Expected events a month that nothing provoked.
    link : int32, shape (m,)
        Place of the two states' pull in `States.pull`; -1 = none.
    touch_at, touch : int32, shapes (n + 1,) and (2 m,)
        The dyads of each state, laid out like `States.indptr` and ``indices``.
    watched : bool, shape (m,)
        Dyads whose events are counted apart.
    fast, slow : float64, shapes (m,), or (0,) for what they hold on average
        The two memories at the start.
    """

    sender: Ints
    receiver: Ints
    rate: Reals
    link: Ints
    touch_at: Ints
    touch: Ints
    watched: Bools
    fast: Reals
    slow: Reals


class Theatres(NamedTuple):
    """Wars with two sides.

    Attributes
    ----------
    principal : int32, shape (w, 2)
        The state that leads each side.
    ratio_at, front_at : int32, shape (w,)
        Columns of the parameters with the forces' ratio and the front's speed.
    """

    principal: Ints
    ratio_at: Ints
    front_at: Ints


class Supporters(NamedTuple):
    """States that support a side, each on a rung of the ladder.

    Attributes
    ----------
    theatre, state : int32, shape (s,)
    side, rung, red_line : int8, shape (s,)
        Rungs 0 (none) to 7 (troops); a red line of 8 is none.
    patron : int32, shape (s,)
        Another supporter that has a say; -1 = none.
    capacity : float64, shape (s,)
        What it can give, as a share of the weaker principal's forces at the start.
    taboo_at : int32, shape (s,)
        Column of the parameters with the strength of its red line.
    """

    theatre: Ints
    state: Ints
    side: Bytes
    rung: Bytes
    red_line: Bytes
    patron: Ints
    capacity: Reals
    taboo_at: Ints


class Shocks(NamedTuple):
    """What the scenario makes happen, in order of months.

    Attributes
    ----------
    month : int32, shape (k,)
    kind : int32, shape (k,)
        `LEFT_OUT`, `SET_RUNG`, `SET_RED_LINE`, `SET_LOST`, `SET_BLOC`, `SET_PULL` or `PROVOKE`.
    subject, target : int32, shape (k,)
        Supporter or state; the other state of a pair.
    value : float64, shape (k,)
    """

    month: Ints
    kind: Ints
    subject: Ints
    target: Ints
    value: Reals


LEFT_OUT, SET_RUNG, SET_RED_LINE, SET_LOST, SET_BLOC, SET_PULL, PROVOKE = range(7)


class World(NamedTuple):
    """Everything one run starts from; the group is a list of states."""

    states: States
    dyads: Dyads
    theatres: Theatres
    supporters: Supporters
    shocks: Shocks
    group: Ints


class Current(NamedTuple):
    """The arrays one run writes as it goes.

    Attributes
    ----------
    bloc, pull, field : shapes (n,), (links,), (n, 2)
        Where states stand, how they pull each other, and the pull towards either bloc.
    pairs : float64, shape (m / 2, 7)
        Of each pair: fast and slow memory of the first direction, then of its reverse; the
        rates of both without memories; the month at the end of which the memories stood so.
    fading, answer : float64, shapes (2, months + 2) and (4,)
        Share of either memory left after some months; rate that each unit of it adds.
    most : float64, shape (m,)
        Bound of a dyad's rate from the next month on.
    lively, listed : shapes (m,)
        The dyads whose bound lies over the band, in `clock[1]` first places; whether one is
        among them.
    clock : int32, shape (2,)
        Month that has its events; number of lively dyads.
    acts, found, due : shapes (m,), (m or n,), (n,)
        Events of this month by dyad; list of what was found; marks on what is due.
    rung, next_rung, top, red_line : int8
        Of each supporter now and next month; the highest of each side; red lines now.
    lost, rerouted : float64, shape (n,)
        Trade lost to sanctions, and made good.
    force, made : float64, shape (w, 2)
        Forces of each side, and what it produces a month.
    ground : float64, shape (w,)
    """

    bloc: Bytes
    pull: Reals
    field: Reals
    pairs: Reals
    fading: Reals
    answer: Reals
    most: Reals
    lively: Ints
    listed: Bytes
    clock: Ints
    acts: Ints
    found: Ints
    due: Bytes
    rung: Bytes
    next_rung: Bytes
    top: Bytes
    red_line: Bytes
    lost: Reals
    rerouted: Reals
    force: Reals
    made: Reals
    ground: Reals


class Log(NamedTuple):
    """What happened in one run: ``rows[:taken[0]]`` of month, kind and three numbers."""

    rows: Ints
    taken: Ints


EVENT, BLOC, RUNG, SHOCK = range(1, 5)
