"""Many runs of one setting: parameters drawn from their ranges, luck from counters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from blocs.outlook.simulation.model import Bools, Bytes, Ints, Reals, Singles, World
from blocs.outlook.simulation.parameters import Parameter

BLOCK = 128
"""Runs that one worker does at a time."""
EVERY = 12
"""Months between two records of every state's bloc."""
_Task = tuple[World, Reals, int, int, int, int]
_Made = tuple[NDArray[np.generic], ...]


@dataclass(frozen=True, slots=True)
class Ensemble:
    """Outcomes of many runs.

    Attributes
    ----------
    parameters : ndarray, shape (runs, k)
        What was drawn for each run.
    events, watched : ndarray of int, shape (runs, months)
        Hostile events; those with a member of the group at one end.
    together : ndarray of bool, shape (runs, months)
        Whether the whole group stood in one bloc.
    blocs : ndarray of int8, shape (runs, months // 12, states)
        Bloc of each state at the end of every twelfth month.
    rungs : ndarray of int8, shape (runs, months, supporters)
    ground : ndarray, shape (runs, months, theatres)
        Square km that the first side has gained since the start.
    """

    parameters: Reals
    events: Ints
    watched: Ints
    together: Bools
    blocs: Bytes
    rungs: Bytes
    ground: Singles


def draw_parameters(parameters: Sequence[Parameter], runs: int, *, seed: int) -> Reals:
    """Draw every parameter from its range, spread evenly over all of them.

    Parameters
    ----------
    parameters : sequence of Parameter, length k
        A value and a range for each.
    runs : int
        Rows wanted.
    seed : int
        Same seed, same draws.

    Returns
    -------
    ndarray, shape (runs, k)

    Notes
    -----
    A Latin hypercube: each parameter's range is cut into `runs` equal parts and
    each part is used once (McKay, Beckman & Conover 1979,
    https://doi.org/10.2307/1268522).
    """
    low, high = ranges(parameters)
    rng = np.random.default_rng([seed, 1])
    part = rng.permuted(np.tile(np.arange(runs)[:, None], (1, len(low))), axis=0)
    return np.asarray(low + (part + rng.random(part.shape)) / runs * (high - low))


def ranges(parameters: Sequence[Parameter]) -> tuple[Reals, Reals]:
    """Lowest and highest values of parameters, each of shape (k,)."""
    return np.array([p.low for p in parameters]), np.array([p.high for p in parameters])


def run_ensemble(
    world: World,
    parameters: Reals,
    *,
    months: int,
    seed: int,
    jobs: int = -1,
    step: Callable[[int, int], object] | None = None,
) -> Ensemble:
    """Run a world once for each row of parameters.

    Parameters
    ----------
    world : World
        Where every run starts.
    parameters : ndarray, shape (runs, k)
        One row a run; row r has the luck of run number r.
    months : int
        Length of a run.
    seed : int
        Seed of the luck.
    jobs : int
        Workers at once; -1 = one for each core. Under ``joblib.parallel_config`` the
        blocks go to whatever cluster it names.
    step : callable, optional
        Told how many runs are done, and of how many.

    Notes
    -----
    The same bytes come out whatever the number of workers, since a run's luck
    depends on nothing but the seed and its number. Cost O(runs months (dyads +
    states links)).
    """
    runs, every = parameters.shape[0], min(EVERY, months)
    blocks = [
        (world, parameters[at : at + BLOCK], seed, at, months, every)
        for at in range(0, runs, BLOCK)
    ]
    done, parts = 0, []
    for part in _spread(blocks, jobs):
        parts.append(part)
        done += part[0].shape[0]
        if step is not None:
            step(done, runs)
    events, watched, together, blocs, rungs, ground = (
        np.concatenate(columns) for columns in zip(*parts, strict=True)
    )
    return Ensemble(parameters, events, watched, together, blocs, rungs, ground)


def _spread(blocks: Sequence[_Task], jobs: int) -> Iterable[_Made]:
    """Do the blocks in their order, at once where there are several; one needs no workers."""
    if len(blocks) == 1:
        return [_block(*blocks[0])]
    from joblib import Parallel, delayed

    workers = Parallel(n_jobs=jobs, prefer="threads", return_as="generator")
    made: Iterable[_Made] = workers(delayed(_block)(*block) for block in blocks)
    return made


def _block(
    world: World, parameters: Reals, seed: int, first: int, months: int, every: int
) -> _Made:
    from blocs.outlook.simulation.compiled.months import run_all

    made: _Made = run_all(world, np.ascontiguousarray(parameters), seed, first, months, every)
    return made
