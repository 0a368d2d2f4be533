"""How well each method forecasts ICEWS14, beside a frequency baseline in the same run.

Run: ``python benchmarks/quality/bench_forecast.py [--methods rules,evidence] [--steps single,multi]
[--splits re-gcn,xerte] [--seeds 5] [--shared FOLDER]`` (BLOCS_SHARED). The floor ranks receivers by
how often the relation had them. One JSON line a run; figures are of the strict protocol.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from blocs.contracts import Citation, Forecaster, Quadruples, Ranking, Watch
from blocs.outlook.evaluation import Evaluation, evaluate
from blocs.outlook.event_files import Split, read_split
from blocs.outlook.forecasting import compile_once, evaluate_split
from blocs.outlook.history import History, begin, learn, learn_all
from blocs.registry import FORECASTERS

FILES = {
    "re-gcn": ("train.txt.gz", "valid.txt", "test.txt"),
    "xerte": ("xerte_train.txt.gz", "xerte_valid.txt", "xerte_test.txt"),
}


class Frequency:
    """The floor: receivers by how often the relation has had them."""

    def __init__(self, history: History) -> None:
        self.history = history

    def predict(self, questions: NDArray[np.int64], day: int) -> Ranking:
        """List the relation's receivers with their counts."""
        index, times = self.history.index, self.history.parts.times
        rows = [
            k[times[k] > 0]
            for r in questions[:, 1]
            for k in (np.arange(index.part_start[r], index.part_start[r + 1]),)
        ]
        start = np.cumsum([0, *map(len, rows)])
        every = np.concatenate(rows) if rows else np.empty(0, np.int64)
        score = times[every].astype(np.float64)
        rest = np.zeros(self.history.n_actors)
        return Ranking(start, index.part_receiver[every], score, rest)

    def learn(self, facts: NDArray[np.int64]) -> None:
        """Take in one day."""
        learn(self.history, facts)


def _recall(learnt: bytes, events: Quadruples, known: Quadruples) -> Frequency:
    history = begin(known, np.array([0.0]))
    learn_all(history, events)
    return Frequency(history)


def _fit(events: Quadruples, valid: int, ahead: bool, seed: int, watch: Watch) -> bytes:
    return b""


FLOOR = Forecaster(
    title="Frequency", citation=Citation("A floor, not a method"), fit=_fit, recall=_recall
)


def floor(split: Split, *, ahead: bool) -> Evaluation:
    """Evaluate the floor."""
    return evaluate(
        *(FLOOR, split.chronicle.quadruples),
        test=split.test,
        ahead=ahead,
        seed=0,
        learnt=b"",
        chances=None,
        fit_seconds=0.0,
        relations=split.chronicle.relations,
        watch=lambda done, total: None,
    )


def figures(found: Evaluation) -> dict[str, object]:
    """Ranks, and how honest the probabilities were."""
    p = found.probabilities
    told: dict[str, object] = {
        "mrr": round(found.mrr(), 2),
        "hits1": round(found.hits(1), 2),
        "hits3": round(found.hits(3), 2),
        "hits10": round(found.hits(10), 2),
        "n": found.rank.size,
        "cpu_seconds": round(found.seconds, 1),
        "peak_mb": round(found.peak_mb),
    }
    if p is not None and p.over_base_rate is not None and p.over_last is not None:
        told |= {
            "ece": round(p.receivers.ece, 4),
            "event_ece": round(p.events.ece, 6),
            "escalations": round(p.rare_n),
            "skill_over_base_rate": [
                round(x, 3)
                for x in (p.over_base_rate.value, p.over_base_rate.low, p.over_base_rate.high)
            ],
            "skill_over_last": round(p.over_last.value, 3),
        }
    return told


def main() -> None:
    """Run the grid asked for."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--methods", default=",".join(FORECASTERS.names()))
    options.add_argument("--steps", default="single,multi")
    options.add_argument("--splits", default=",".join(FILES))
    options.add_argument("--seeds", type=int, default=1)
    options.add_argument(
        "--shared", type=Path, default=Path(os.environ.get("BLOCS_SHARED", "../shared"))
    )
    given = options.parse_args()
    folder = given.shared / "data" / "tkg_icews14"
    for name in given.splits.split(","):
        split = read_split(*(folder / file for file in FILES[name]), today=date.today())
        for step in given.steps.split(","):
            ahead = step == "multi"
            told = {"split": name, "step": step}
            print(json.dumps({**told, "method": "floor", **figures(floor(split, ahead=ahead))}))
            for method in given.methods.split(","):
                compile_once(method)
                for seed in range(given.seeds if FORECASTERS.get(method).trained else 1):
                    began = time.process_time()
                    found, _ = evaluate_split(
                        split,
                        method=method,
                        ahead=ahead,
                        seed=seed,
                        probabilities=True,
                        home=None,
                        begin=lambda title: lambda done, total: None,
                    )
                    line = {**told, "method": method, "seed": seed, **figures(found)}
                    line["cpu_seconds_with_probabilities"] = round(time.process_time() - began, 1)
                    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
