"""How well each method forecasts ICEWS14, beside a frequency baseline in the same run.

The floor ranks receivers by how often the relation had them; figures are of the strict protocol.
A toy asks the fastest method one step ahead, the usual size two of them one and many steps ahead,
the large one every method on both splits.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.contract import Figure, Size, alone, needed
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


GRID: dict[Size, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "toy": (("recurrency",), ("single",), ("re-gcn",)),
    "usual": (("recurrency", "rules"), ("single", "multi"), ("re-gcn",)),
    "large": (tuple(FORECASTERS.names()), ("single", "multi"), tuple(FILES)),
}
"""Methods, steps, splits."""


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


def measure(size: Size, shared: Path) -> Iterator[Figure]:
    """Evaluate the methods of a size, and the floor beside each."""
    methods, steps, splits = GRID[size]
    folder = needed(shared / "data" / "tkg_icews14")
    for name in splits:
        split = read_split(*(folder / file for file in FILES[name]), today=date.today())
        for step in steps:
            plain = floor(split, ahead=step == "multi")
            for method in methods:
                yield from figures(f"{method}, {name}, {step} step", split, method, step, plain)


def figures(name: str, split: Split, method: str, step: str, plain: Evaluation) -> Iterator[Figure]:
    """Ranks beside the floor's, and how honest the probabilities are."""
    compile_once(method)
    found, _ = evaluate_split(
        split,
        method=method,
        ahead=step == "multi",
        seed=0,
        probabilities=True,
        home=None,
        begin=lambda title: lambda done, total: None,
    )
    note = f"n {found.rank.size:,}, {found.seconds:.1f} CPU s, peak {found.peak_mb:,.0f} MB"
    peer = {"peer_is": "frequency of the relation", "better": "more", "note": note}
    yield Figure(name=f"{name}, MRR", value=found.mrr(), unit="%", peer=plain.mrr(), **peer)
    for k in (1, 10):
        what = f"{name}, hits at {k}"
        yield Figure(name=what, value=found.hits(k), unit="%", peer=plain.hits(k), **peer)
    p = found.probabilities
    if p is not None and p.over_base_rate is not None:
        over = p.over_base_rate
        yield Figure(name=f"{name}, calibration error", value=p.receivers.ece, unit="ECE")
        yield Figure(
            name=f"{name}, skill of escalations over the base rate", value=over.value,
            unit="Brier skill", better="more", goal=0.0,
            note=f"{round(p.rare_n)} escalations, 90 % interval {over.low:.3f} to {over.high:.3f}",
        )  # fmt: skip


if __name__ == "__main__":
    alone(measure)
