"""How well each method forecasts ICEWS14, beside a frequency baseline in the same run.

The floor ranks receivers by how often the relation had them; figures are of the strict protocol.
A toy asks the fastest method one step ahead, the usual size two of them one and many steps ahead,
the large one every method on both splits, and what is drawn with five seeds one step ahead: the
figure is then their mean.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.contract import Figure, Size, alone, needed
from blocs.contracts import Citation, Forecaster, Keep, Quadruples, Ranking, Watch
from blocs.outlook.evaluation import Evaluation, evaluate
from blocs.outlook.event_files import Split, read_split
from blocs.outlook.forecasting import compile_once, evaluate_split
from blocs.outlook.history import History, begin, learn, learn_all
from blocs.registry import FORECASTERS


class Goals(NamedTuple):
    """What a method should reach, in per cent and CPU seconds."""

    mrr: float | None = None
    hits10: float | None = None
    seconds: float | None = None


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
SEEDS = 5
GOALS: dict[tuple[str, str], Goals] = {
    ("recurrency", "single"): Goals(mrr=37.3, seconds=5),
    ("rules", "single"): Goals(mrr=40.5, seconds=15),
    ("evidence", "single"): Goals(mrr=46.0, hits10=64.0, seconds=120),
    ("evidence", "multi"): Goals(mrr=37.8),
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


def _fit(events: Quadruples, valid: int, ahead: bool, seed: int, watch: Watch, keep: Keep) -> bytes:
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
                drawn = FORECASTERS.get(method).trained and size == "large" and step == "single"
                found = runs(split, method, step, SEEDS if drawn else 1)
                goals = GOALS.get((method, step), Goals())
                yield from figures(f"{method}, {name}, {step} step", found, plain, goals)


def runs(split: Split, method: str, step: str, seeds: int) -> list[Evaluation]:
    """Fit and evaluate a method anew with each seed; probabilities with the first alone."""
    compile_once(method)
    return [
        evaluate_split(
            split,
            method=method,
            ahead=step == "multi",
            seed=seed,
            probabilities=seed == 0,
            home=None,
            begin=lambda title: lambda done, total: None,
        )[0]
        for seed in range(seeds)
    ]


def figures(
    name: str, found: list[Evaluation], plain: Evaluation, goals: Goals
) -> Iterator[Figure]:
    """Ranks beside the floor's, what they cost, and how honest the probabilities are."""
    ranked = partial(Figure, peer_is="frequency of the relation", better="more", unit="%")
    ranks = {
        "MRR": (goals.mrr, Evaluation.mrr),
        "hits at 1": (None, lambda one: one.hits(1)),
        "hits at 3": (None, lambda one: one.hits(3)),
        "hits at 10": (goals.hits10, lambda one: one.hits(10)),
    }
    for what, (goal, of) in ranks.items():
        value, spread = over_seeds([of(one) for one in found])
        note = ", ".join(filter(None, (f"n {plain.rank.size:,}", spread)))
        yield ranked(name=f"{name}, {what}", value=value, goal=goal, peer=of(plain), note=note)
    value, spread = over_seeds([one.seconds for one in found])
    yield Figure(name=f"{name}, time", value=value, unit="CPU s", goal=goals.seconds, note=spread)
    p = found[0].probabilities
    if p is not None and p.over_base_rate is not None:
        over = p.over_base_rate
        yield Figure(name=f"{name}, calibration error", value=p.receivers.ece, unit="ECE")
        yield Figure(
            name=f"{name}, skill of escalations over the base rate", value=over.value,
            unit="Brier skill", better="more", goal=0.0,
            note=f"{round(p.rare_n)} escalations, 90 % interval {over.low:.3f} to {over.high:.3f}",
        )  # fmt: skip


def over_seeds(values: list[float]) -> tuple[float, str]:
    """Mean of a figure, and in words how far seeds differ; no words for one seed."""
    mean = float(np.mean(values))
    if len(values) == 1:
        return mean, ""
    spread = float(np.std(values, ddof=1))
    return mean, f"{len(values)} seeds, s.d. {spread:.2g}, {min(values):.4g} to {max(values):.4g}"


if __name__ == "__main__":
    alone(measure)
