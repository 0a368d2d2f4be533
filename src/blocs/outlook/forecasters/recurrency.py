"""Recurrency: what was done before is done again, the sooner the more recently."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from blocs.contracts import Citation, Forecaster, Keep, Quadruples, Ranking, Watch
from blocs.outlook.history import History, begin, by_day, learn, learn_all
from blocs.outlook.ranking import asked, average_ranks

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

RATES: Final = np.array(
    [0, 0.0001, 0.0005, 0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.5, 0.9, 1.0001]
)
"""Decay rates tried, per day."""
SHARES: Final = np.array(
    [0, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999, 1]
)
"""Weights of the strict score tried."""
_UNTUNED = (len(RATES) - 1, 0.99999)
"""Rate and weight of a relation that the days of tuning do not hold."""


class Learnt(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Rate (its place in `RATES`) and weight of the strict score, by relation."""

    rate: list[int]
    share: list[float]


@dataclass(slots=True)
class Recurrency:
    """Memory of the baseline."""

    history: History
    rate: Ints
    share: Floats
    told: Floats
    begun: Ints
    until: int = field(default=0)

    def predict(self, questions: Ints, day: int) -> Ranking:
        """Score every receiver that the relation has had: strict and relaxed, weighted."""
        start, actor, strict, relaxed, asks = self.parts(questions, day)
        share = self.share[asks]
        return Ranking(start, actor, share * strict + (1 - share) * relaxed, self._rest)

    def parts(self, questions: Ints, day: int) -> tuple[Ints, Ints, Floats, Floats, Ints]:
        """Return the strict and the relaxed score of each receiver, and its relation."""
        from blocs.outlook.compiled.recurrence import add_relaxed

        start, actor, sums = self.strict(questions, day)
        mine = np.repeat(questions[:, 1], np.diff(start))
        strict = sums[np.arange(len(sums)), self.rate[mine]]
        h = self.history
        start, actor, first, often = add_relaxed(
            *(questions, (start, actor, strict)),
            *(h.index.part_start, h.index.part_receiver, h.parts.times),
        )
        asks = np.repeat(questions[:, 1], np.diff(start))
        total = _days(RATES[self.rate], self.begun, self.until, day)
        return start, actor, first / total[asks], often / np.maximum(self.told, 1)[asks], asks

    def strict(self, questions: Ints, day: int) -> tuple[Ints, Ints, Floats]:
        """Return decayed counts of each receiver that the act has had, at every rate."""
        from blocs.outlook.compiled.recurrence import strict_sums

        h = self.history
        found: tuple[Ints, Ints, Floats] = strict_sums(questions, day, h.index, h.triples, h.decay)
        return found

    @property
    def _rest(self) -> Floats:
        return np.zeros(self.history.n_actors)

    def learn(self, facts: Ints) -> None:
        """Take in one day."""
        learn(self.history, facts)
        self._count(facts)

    def _count(self, facts: Ints) -> None:
        if len(facts):
            np.add.at(self.told, facts[:, 1], 1)
            np.minimum.at(self.begun, facts[:, 1], facts[:, 3])
            self.until = int(facts[-1, 3]) + 1


def fit(events: Quadruples, valid: int, ahead: bool, seed: int, watch: Watch, keep: Keep) -> bytes:
    """Choose each relation's rate, then its weight, by mean reciprocal rank on `valid` days.

    Parameters
    ----------
    events, valid, ahead, seed, watch, keep
        As in `blocs.contracts.Forecaster`. Nothing is random: `seed` plays no part.
    """
    rate = np.full(events.n_relations, _UNTUNED[0])
    share = np.full(events.n_relations, _UNTUNED[1])
    for step, (tune, options) in enumerate(((_rates, RATES.size), (_shares, SHARES.size))):
        memory = _memory(events.before(valid), events, rate, share)
        gain = np.zeros((events.n_relations, options))
        days = [facts for facts in by_day(events) if facts[0, 3] >= valid]
        for done, facts in enumerate(days):
            ask = asked(facts)
            for option, ranking in enumerate(tune(memory, ask.questions, int(facts[0, 3]))):
                np.add.at(gain[:, option], facts[:, 1], 1 / average_ranks(ranking, ask))
            if not ahead:
                memory.learn(facts)
            watch(step * len(days) + done + 1, 2 * len(days))
        best, tuned = gain.argmax(axis=1), gain.any(axis=1)
        if step == 0:
            rate[tuned] = best[tuned]
        else:
            share[tuned] = np.minimum(SHARES[best[tuned]], _UNTUNED[1])
    return msgspec.json.encode(Learnt(rate=rate.tolist(), share=share.tolist()))


def _rates(memory: Recurrency, questions: Ints, day: int) -> Iterator[Ranking]:
    """Rank by the strict score alone, at each rate."""
    start, actor, sums = memory.strict(questions, day)
    rest = np.zeros(memory.history.n_actors)
    return (Ranking(start, actor, np.ascontiguousarray(column), rest) for column in sums.T)


def _shares(memory: Recurrency, questions: Ints, day: int) -> Iterator[Ranking]:
    """Rank by both scores, at each weight."""
    start, actor, strict, relaxed, _ = memory.parts(questions, day)
    rest, told = np.zeros(memory.history.n_actors), strict > 0
    starts = np.concatenate([[0], np.cumsum(told)])[start]
    for a in SHARES[:-1]:
        yield Ranking(start, actor, a * strict + (1 - a) * relaxed, rest)
    yield Ranking(starts, actor[told], strict[told], rest)  # alone: what it never saw is tied at 0


def recall(learnt: bytes, events: Quadruples, known: Quadruples) -> Recurrency:
    """Build the memory from what was learnt and the events so far."""
    chosen = msgspec.json.decode(learnt, type=Learnt)
    return _memory(events, known, np.array(chosen.rate), np.array(chosen.share))


def _memory(events: Quadruples, known: Quadruples, rate: Ints, share: Floats) -> Recurrency:
    m = events.n_relations
    history = begin(known, RATES)
    learn_all(history, events)
    memory = Recurrency(history, rate, share, np.zeros(m), np.full(m, np.iinfo(np.int64).max))
    memory._count(events.facts)
    return memory


def _days(rate: Floats, begun: Ints, until: int, day: int) -> Floats:
    """Decayed number of days from a relation's first to the last day known, seen from `day`."""
    oldest, newest = np.maximum(day - begun, 1), day - until + 1
    x = np.exp2(-rate)
    with np.errstate(divide="ignore", invalid="ignore"):
        series = (x**newest - x ** (oldest + 1)) / (1 - x)
    sums = np.where(rate == 0, oldest - newest + 1, series)
    return np.maximum(sums, 1e-15)


FORECASTER = Forecaster(
    title="Recurrency: what was done before is done again",
    citation=Citation(
        "Gastinger, J., Meilicke, C., Errica, F., Sztyler, T., Schuelke, A., Stuckenschmidt, H. "
        "(2024). History Repeats Itself: A Baseline for Temporal Knowledge Graph Forecasting. "
        "IJCAI",
        "10.24963/ijcai.2024/444",
    ),
    fit=fit,
    recall=recall,
)
