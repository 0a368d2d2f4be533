"""With and without: the same luck in two worlds, and where they part."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from blocs.outlook.simulation.ensemble import Ensemble
from blocs.outlook.simulation.model import Ints, Reals, World

ROOM = 4096
LEVEL = 0.9


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """What the compared shock changes in one outcome.

    Attributes
    ----------
    outcome : str
        Name and unit of the outcome.
    mean : float
        Mean over runs of with minus without.
    error : float
        Standard error of that mean: what more runs would narrow.
    low, high : float
        5 % and 95 % points of the difference over runs: what they would not.
    changed : float
        Share of runs in which the outcome differs at all.
    runs : int
    """

    outcome: str
    mean: float
    error: float
    low: float
    high: float
    changed: float
    runs: int


def paired_effect(outcome: str, with_: Reals, without: Reals) -> Effect:
    """Compare an outcome of paired runs.

    Parameters
    ----------
    outcome : str
        What it is called.
    with_, without : ndarray, shape (runs,)
        The outcome in both worlds, run by run with the same luck and parameters.

    Examples
    --------
    >>> paired_effect("x", np.array([1.0, 2, 3, 5]), np.array([1.0, 1, 2, 3])).mean
    1.0
    """
    gap = np.asarray(with_, dtype=np.float64) - np.asarray(without, dtype=np.float64)
    low, high = np.quantile(gap, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Effect(
        outcome=outcome,
        mean=float(gap.mean()),
        error=float(gap.std(ddof=1) / np.sqrt(len(gap))),
        low=float(low),
        high=float(high),
        changed=float((gap != 0).mean()),
        runs=len(gap),
    )


def run_log(world: World, par: Reals, *, seed: int, run: int, months: int) -> Ints:
    """Replay one run and keep everything that happened in it.

    Parameters
    ----------
    world : World
        Where it starts.
    par : ndarray, shape (k,)
        Parameters of the run.
    seed, run, months : int
        Its luck and length.

    Returns
    -------
    ndarray of int, shape (rows, 5)
        Month, kind (`model.EVENT`, `BLOC`, `RUNG` or `SHOCK`) and three numbers.
    """
    from blocs.outlook.simulation.compiled.months import run_one

    room = ROOM
    while True:
        rows = np.zeros((room, 5), np.int32)
        count = run_one(world, par, seed, run, months, rows)
        if count <= room:
            return rows[:count]
        room = count


@dataclass(frozen=True, slots=True)
class Parting:
    """Where two worlds with the same luck part.

    Attributes
    ----------
    run : int
        Number of the run.
    only_with, only_without : ndarray of int, shape (rows, 5)
        What happened in one world alone, in order: month, kind, three numbers.
    """

    run: int
    only_with: Ints
    only_without: Ints


def find_parting(
    with_: World, without: World, par: Reals, *, seed: int, run: int, months: int
) -> Parting:
    """Replay one run in both worlds and keep what only one of them saw.

    Parameters
    ----------
    with_, without : World
        The two worlds.
    par : ndarray, shape (k,)
        Parameters of the run.
    seed, run, months : int
        Its luck and length.
    """
    logs = [run_log(w, par, seed=seed, run=run, months=months) for w in (with_, without)]
    keys = [[tuple(row) for row in log.tolist()] for log in logs]
    mine, theirs = set(keys[0]), set(keys[1])
    only = [
        np.array([row for row in own if row not in other], dtype=np.int32).reshape(-1, 5)
        for own, other in ((keys[0], theirs), (keys[1], mine))
    ]
    return Parting(run, only[0], only[1])


def middle_run(with_: Ensemble, without: Ensemble) -> int:
    """Number of the run whose differences are nearest to the middle of all runs.

    Outcomes are the last rungs, the ground and the events, each over its spread; the
    middle is the median. Among equals the first.
    """
    gaps = _outcomes(with_) - _outcomes(without)
    spread = gaps.std(axis=0)
    kept = gaps[:, spread > 0] / spread[spread > 0]
    if kept.shape[1] == 0:
        return 0
    return int(np.argmin(np.abs(kept - np.median(kept, axis=0)).sum(axis=1)))


def _outcomes(e: Ensemble) -> NDArray[np.float64]:
    return np.column_stack([e.rungs[:, -1, :], e.ground[:, -1, :], e.events.sum(axis=1)]).astype(
        np.float64
    )
