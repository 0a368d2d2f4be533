"""Simulation: 100 to 10,000 runs of 120 months, 200 states, 4,000 dyads; Mesa beside it.

Mesa does the reviews of alignment alone, of every state in every month and with the chance that
ours has: the best of three runs of 120 months times the number of runs, an extrapolation (runs are
independent, so that it is linear). It is measured where it is installed (extra ``bench``). Sobol
shares of nine parameters take eleven runs for each of 16, 128 or 1,024 rows of the sample. A start
is the first run in a process of its own, compiled before, the best of three; the command is a
ready scenario from the shell, almanac and all.
"""

from __future__ import annotations

import math
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.contract import Figure, Size, alone, cpu
from blocs.outlook.simulation.ensemble import run_ensemble
from blocs.outlook.simulation.model import (
    Dyads,
    Shocks,
    States,
    Supporters,
    Theatres,
    World,
)
from blocs.outlook.simulation.parameters import DEFAULTS
from blocs.outlook.simulation.sensitivity import sobol_totals

if TYPE_CHECKING:
    from mesa import Model

STATES, LINKS, DYADS, THEATRES, SUPPORTERS = 200, 20, 4000, 3, 40
MONTHS = 120
RUNS_OF: dict[Size, int] = {"toy": 100, "usual": 1000, "large": 10_000}
SOBOL_OF: dict[Size, int] = {"toy": 16, "usual": 128, "large": 1024}
VARIED, PEER_RUNS = 9, 3
CORES = 2
"""Goals are seconds on two cores; figures are CPU seconds."""


def made_up(seed: int = 0) -> tuple[World, np.ndarray]:
    """A world of the standard size, drawn by lot."""
    rng = np.random.default_rng(seed)
    pull = np.zeros((STATES, STATES))
    for i in range(STATES):
        for j in rng.choice(STATES, LINKS // 2, replace=False):
            if i != j:
                pull[i, j] = pull[j, i] = np.clip(rng.normal(0.1, 0.5), -1, 1)
    row, column = np.nonzero(pull)
    place = np.full(pull.shape, -1, np.int32)
    place[row, column] = np.arange(len(row))
    size = rng.pareto(1.2, STATES)
    indptr = np.concatenate([[0], np.cumsum((pull != 0).sum(axis=1))]).astype(np.int32)
    bloc = np.where(np.arange(STATES) < 60, np.arange(STATES) % 3, 2).astype(np.int8)
    states = States(
        indptr, column.astype(np.int32), pull[row, column], place[column, row], size / size.max(),
        bloc,
    )  # fmt: skip
    one = rng.integers(0, STATES, DYADS // 2)
    two = (one + rng.integers(1, STATES, DYADS // 2)) % STATES
    sender = np.concatenate([one, two]).astype(np.int32)
    receiver = np.concatenate([two, one]).astype(np.int32)
    ends = np.concatenate([sender, receiver])
    rate = rng.gamma(0.2, 1, DYADS)
    dyads = Dyads(
        sender, receiver, rate / rate.sum() * 3, place[sender, receiver],
        np.concatenate([[0], np.cumsum(np.bincount(ends, minlength=STATES))]).astype(np.int32),
        (np.argsort(ends, kind="stable") % DYADS).astype(np.int32), np.zeros(DYADS, np.bool_),
        np.zeros(0), np.zeros(0),
    )  # fmt: skip
    k = len(DEFAULTS)
    theatres = Theatres(
        rng.integers(0, STATES, (THEATRES, 2)).astype(np.int32),
        np.arange(k, k + THEATRES, dtype=np.int32),
        np.arange(k + THEATRES, k + 2 * THEATRES, dtype=np.int32),
    )
    s = np.arange(SUPPORTERS)
    supporters = Supporters(
        rng.integers(0, THEATRES, SUPPORTERS).astype(np.int32),
        rng.integers(0, STATES, SUPPORTERS).astype(np.int32), (s % 2).astype(np.int8),
        rng.integers(0, 5, SUPPORTERS).astype(np.int8),
        rng.integers(5, 9, SUPPORTERS).astype(np.int8), np.full(SUPPORTERS, -1, np.int32),
        rng.random(SUPPORTERS), np.arange(k + 6, k + 6 + SUPPORTERS, dtype=np.int32),
    )  # fmt: skip
    none = np.zeros(0, np.int32)
    shocks = Shocks(none, none, none, none, np.zeros(0))
    row_of = [p.value for p in DEFAULTS] + [1.3] * 3 + [500.0] * 3 + [3.0] * SUPPORTERS
    group = np.array([1, 4, 7, 10], np.int32)
    return World(states, dyads, theatres, supporters, shocks, group), np.array(row_of)


def measure(size: Size, shared: Path) -> Iterator[Figure]:
    """Run the ensemble; the draws alone; Mesa."""
    del shared
    world, row = made_up()
    run_ensemble(world, np.tile(row, (2, 1)), months=12, seed=1)  # compiled or from the cache
    n = RUNS_OF[size]
    used, _ = cpu(lambda: run_ensemble(world, np.tile(row, (n, 1)), months=MONTHS, seed=1))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    note = f"{n:,} runs of {MONTHS} months, {STATES} states, {DYADS:,} dyads; peak {peak:,.0f} MB"
    yield Figure(
        name="ensemble", value=used, unit="CPU s", goal=5.0 * CORES * n / 10_000,
        peer=floor() * n, peer_is="one draw a dyad and month", note=note,
    )  # fmt: skip
    yield Figure(name="peak of the process", value=peak, unit="MB", goal=1024, note=note)
    yield from beside_mesa(used, n, note)
    rows = SOBOL_OF[size]
    shares, runs = cpu(lambda: sobol(world, row, rows))
    yield Figure(
        name="Sobol shares", value=shares, unit="CPU s", goal=6.0 * CORES * rows / 1024,
        note=f"{runs:,} runs as above",
    )  # fmt: skip
    first = min(start() for _ in range(PEER_RUNS))
    yield Figure(
        name="start", value=first, unit="CPU s", goal=0.5, note="first run of a process, cached"
    )
    asked = min(command() for _ in range(PEER_RUNS))
    note = "blocs simulate troops, 2 runs with and without, no shares; cached"
    yield Figure(name="command", value=asked, unit="CPU s", note=note)


def sobol(world: World, row: np.ndarray, n: int) -> int:
    """Total Sobol shares of nine parameters and of luck; returns how many runs they took."""
    low, high = row.copy(), row.copy()
    low[:VARIED] = [p.low for p in DEFAULTS[:VARIED]]
    high[:VARIED] = [p.high for p in DEFAULTS[:VARIED]]

    def outcome(parameters: np.ndarray, luck: int) -> np.ndarray:
        made = run_ensemble(world, parameters, months=MONTHS, seed=luck)
        last = made.rungs[:, -1].mean(axis=1)
        return np.column_stack([made.events.sum(axis=1), last, made.ground[:, -1, 0]])

    return sobol_totals(outcome, low, high, [str(k) for k in range(len(row))], n=n, seed=1).runs


def start() -> float:
    """CPU seconds of the first run in a process of its own, without what Python itself takes."""
    code = (
        "import time, numpy as np\n"
        "from benchmarks.speed.bench_simulate import made_up, run_ensemble\n"
        "world, row = made_up(); began = time.process_time()\n"
        "run_ensemble(world, np.tile(row, (2, 1)), months=12, seed=1)\n"
        "print(time.process_time() - began)"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout
    return float(told)


def command() -> float:
    """CPU seconds of the whole command on a ready scenario, in a process of its own."""
    began = resource.getrusage(resource.RUSAGE_CHILDREN)
    options = ["--runs", "2", "--sensitivity", "0", "--quiet"]
    with TemporaryDirectory() as none:
        subprocess.run(
            [sys.executable, "-m", "blocs", "simulate", "troops", *options],
            check=True, capture_output=True, env={**os.environ, "BLOCS_PROJECT": f"{none}/none"},
        )  # fmt: skip
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime - began.ru_utime - began.ru_stime


def floor() -> float:
    """CPU seconds a run of the draws: what no simulation of every dyad and month goes below."""
    from blocs.outlook.simulation.compiled.draws import EVENTS, uniforms

    uniforms(1, 0, 0, EVENTS, 10)
    began = time.process_time()
    for month in range(2000):
        uniforms(1, 0, month, EVENTS, DYADS)
    return (time.process_time() - began) / 2000 * MONTHS


def beside_mesa(used: float, n: int, note: str) -> Iterator[Figure]:
    """Hold the ensemble against Mesa, if it is installed."""
    ours = next(p.value for p in DEFAULTS if p.name == "alignment.review")
    for title, chance in (("every state, every month", 1.0), ("as many reviews as ours", ours)):
        try:
            review = mesa(chance)
        except ImportError as error:
            print(f"Mesa is left out ({error}); pip install 'blocs[bench]'", file=sys.stderr)
            return
        who = f"Mesa, alignment alone, best of {PEER_RUNS} runs extrapolated"
        yield Figure(
            name=f"ensemble, beside Mesa, {title}", value=used, unit="CPU s", peer=review * n,
            peer_is=who, note=note,
        )  # fmt: skip


def mesa(chance: float) -> float:
    """CPU seconds of one run of Mesa, in which each state reviews its bloc with some chance."""
    from mesa import Agent, Model

    class State(Agent):  # type: ignore[misc]
        bloc: int

        def step(self) -> None:
            if self.model.random.random() >= chance:
                return
            odds = [0.0, 0.0, 0.0]
            for j, x in zip(self.near, self.pull, strict=True):
                odds[self.model.everyone[j].bloc] += x
            odds[self.bloc] += 6
            top = max(odds)
            weights = [math.exp(v - top) for v in odds]
            self.bloc = self.model.random.choices((0, 1, 2), weights)[0]

    class Assembly(Model):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            rng = np.random.default_rng(0)
            self.everyone = []
            for _ in range(STATES):
                state = State(self)
                state.bloc = self.random.randrange(3)
                state.near = list(map(int, rng.choice(STATES, LINKS)))
                state.pull = list(map(float, rng.normal(0, 1, LINKS)))
                self.everyone.append(state)

    return min(cpu(lambda: _run(Assembly()))[0] for _ in range(PEER_RUNS))


def _run(model: Model) -> None:
    for _ in range(MONTHS):
        model.agents.shuffle_do("step")


if __name__ == "__main__":
    alone(measure)
