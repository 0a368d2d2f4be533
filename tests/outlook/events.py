"""Made-up events for the tests of forecasts: small, with habits, answers and noise."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from blocs.contracts import Quadruples


def told(
    seed: int = 0, *, days: int = 60, actors: int = 9, relations: int = 4
) -> NDArray[np.int64]:
    """Events as told: habits that recur, and an answer (relation 1) the day after relation 0."""
    rng = np.random.default_rng(seed)
    habits = rng.integers(0, [actors, relations, actors], size=(14, 3))
    rows: list[tuple[int, int, int, int]] = []
    yesterday: list[tuple[int, int, int]] = []
    for day in range(days):
        today = [tuple(h) for h in habits if rng.random() < 0.25]
        today += [(o, 1, s) for s, r, o in yesterday if r == 0]
        today += [tuple(rng.integers(0, [actors, relations, actors]))]
        rows += [(int(s), int(r), int(o), day) for s, r, o in today]
        yesterday = [(int(s), int(r), int(o)) for s, r, o in today]
    return np.unique(np.array(rows), axis=0)


def both_ways(rows: NDArray[np.int64], *, actors: int, relations: int) -> Quadruples:
    """Number events in both directions."""
    facts = np.concatenate([rows, rows[:, [2, 1, 0, 3]] + [0, relations, 0, 0]])
    order = np.lexsort((facts[:, 2], facts[:, 1], facts[:, 0], facts[:, 3]))
    return Quadruples(
        facts=np.ascontiguousarray(facts[order]), n_actors=actors, n_relations=2 * relations
    )


def events(seed: int = 0, *, days: int = 60) -> Quadruples:
    """Give made-up events of 9 actors and 4 relations."""
    return both_ways(told(seed, days=days), actors=9, relations=4)


def write_split(folder: Path, rows: NDArray[np.int64], cuts: tuple[int, int]) -> list[str]:
    """Write train, valid and test files (hours, as the benchmarks do); returns the options."""
    options: list[str] = []
    days = rows[:, 3]
    parts = {
        "train": days < cuts[0],
        "valid": (days >= cuts[0]) & (days < cuts[1]),
        "test": days >= cuts[1],
    }
    for name, chosen in parts.items():
        lines = [f"{s}\t{r}\t{o}\t{24 * t}\t-1" for s, r, o, t in rows[chosen]]
        (folder / f"{name}.txt").write_text("\n".join(lines) + "\n")
        options += [f"--{name}", str(folder / f"{name}.txt")]
    return options
