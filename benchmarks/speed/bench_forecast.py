"""How long counting, asking and fitting take at three sizes, beside a plain Python count.

CPU seconds; kernels are compiled first.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.contract import Figure, Size, alone
from blocs.contracts import Quadruples
from blocs.outlook.forecasting import compile_once
from blocs.outlook.history import by_day
from blocs.outlook.ranking import asked, average_ranks
from blocs.registry import FORECASTERS
from blocs.steps import at_once

MADE: dict[Size, tuple[int, int, int, int]] = {
    "toy": (20, 10, 60, 20),
    "usual": (200, 40, 200, 200),
    "large": (2000, 200, 300, 400),
}
"""Actors, relations, days, events a day."""
METHODS = ("recurrency", "rules")


def made(actors: int, relations: int, days: int, a_day: int) -> Quadruples:
    """Make events of which most repeat what was done before."""
    rng = np.random.default_rng(0)
    habits = rng.integers(0, [actors, relations, actors], size=(5 * a_day, 3))
    rows = [
        np.column_stack([habits[rng.integers(len(habits), size=a_day)], np.full(a_day, day)])
        for day in range(days)
    ]
    told = np.unique(np.concatenate(rows), axis=0)
    facts = np.concatenate([told, told[:, [2, 1, 0, 3]] + [0, relations, 0, 0]])
    order = np.lexsort((facts[:, 2], facts[:, 1], facts[:, 0], facts[:, 3]))
    return Quadruples(
        facts=np.ascontiguousarray(facts[order]), n_actors=actors, n_relations=2 * relations
    )


def plain_seconds(events: Quadruples) -> float:
    """Count triples in plain Python, for comparison."""
    began = time.process_time()
    Counter(map(tuple, events.facts[:, :3].tolist()))
    return time.process_time() - began


def measure(size: Size, shared: Path) -> Iterator[Figure]:
    """Fit, recall and ask each method."""
    del shared
    events = made(*MADE[size])
    last = int(events.facts[-1, 3])
    valid, test = last - last // 5, last - last // 10
    plain = plain_seconds(events)
    for method in METHODS:
        compile_once(method)
        part = FORECASTERS.get(method)
        began = time.process_time()
        learnt = part.fit(events.before(test), valid, False, 0, lambda done, total: None, at_once)
        fitted = time.process_time()
        memory = part.recall(learnt, events.before(test), events)
        n = 0
        for facts in by_day(events):
            if facts[0, 3] >= test:
                ask = asked(facts)
                n += average_ranks(memory.predict(ask.questions, int(facts[0, 3])), ask).size
                memory.learn(facts)
        asking = time.process_time() - fitted
        for what, used in (("fit", fitted - began), ("recall and answer", asking)):
            yield Figure(
                name=f"{method}: {what}", value=used, unit="CPU s", peer=plain,
                peer_is="counting triples in plain Python",
                note=f"{len(events.facts):,} facts, {n:,} answers",
            )  # fmt: skip


if __name__ == "__main__":
    alone(measure)
