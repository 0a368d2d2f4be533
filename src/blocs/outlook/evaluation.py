"""How well a forecaster ranks and how honest its probabilities are, under one protocol.

Both directions are asked. Single step: the history is the days before the one
asked about; multi step: the days up to the end of validation. Nothing of the
day itself is known, not even which other questions are asked. Ranks are
filtered by what is true on that day, and equal scores share their mean rank.
"""

from __future__ import annotations

import re
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from blocs.contracts import Forecaster, Keep, Memory, Quadruples, Watch
from blocs.outlook.calibration import Calibration, calibration
from blocs.outlook.chances import (
    RATES,
    Chances,
    act_chances,
    are_answers,
    receiver_chances,
    sample_acts,
)
from blocs.outlook.history import begin, by_day, learn, learn_all
from blocs.outlook.ranking import Asked, asked, average_ranks
from blocs.outlook.scoring import brier_score
from blocs.outlook.skill import Skill, skill
from blocs.steps import at_once

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
T = TypeVar("T")

EDGES: Final = (0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1)
"""Bins of rare probabilities."""
LIKELY: Final = 0.01
"""P(receiver | act) from which calibration counts: nearly all candidates are never meant."""
RARE_DAYS: Final = 30
"""An escalation is rare if the sender has not done it to the receiver for so many days."""
_ESCALATION: Final = re.compile(
    r"military force|conventional force|unconventional violence|mass violence|fight|assault|attack|"
    r"bomb|assassinat|abduct|hostage|hijack|tortur|\bkill|massacre|ethnic cleansing|blockade|"
    r"occupy|seize|aerial|artillery|small arms|weapons|alert status|mobiliz|force posture|"
    r"(military|police) (or|power)|armed forces|cyber|violate ceasefire|coerce|arrest|expel|raid|"
    r"expulsion|human shield|confiscate|destroy property|administrative sanctions|curfew|"
    r"restrictions on political|ban political|martial law|violent",
    re.I,
)
_TALK: Final = re.compile(
    r"threat|demand|appeal|request|reject|refuse|accuse|criticiz|cooperat|intent|negotiat|\beas|"
    r"return|release|de-escalat|retreat|surrender|provide|agree|investigat|protest|demonstrate for|"
    r"demobiliz|yield|discuss|optimis|pessimis|deny|halt|consider|inspect|withdraw|aid agencies",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Probabilities:
    """How forecasts with probabilities did.

    Attributes
    ----------
    receivers : Calibration
        P(receiver | the act is done), on the questions asked, where it is 1 % or more.
    events : Calibration
        P(event on the day), on all known acts; acts not done are drawn and weighted.
    rare_n : float
        Rare escalations that came.
    rare : Calibration or None
        Calibration of the rare ones; None where no event is an escalation.
    over_base_rate, over_last : Skill or None
        Brier skill on rare escalations over each triple's own past frequency, and over
        "as on the day before"; intervals resample days.
    """

    receivers: Calibration
    events: Calibration
    rare_n: float
    rare: Calibration | None
    over_base_rate: Skill | None
    over_last: Skill | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Ranks of all answers, and the score of the probabilities.

    Attributes
    ----------
    rank : ndarray, shape (n,)
        By the protocol; n counts each event in both directions.
    relation, day : ndarray of int, shape (n,)
        Of the questions.
    fit_seconds, seconds : float
        CPU time of fitting, and of fitting, forecasting and ranking together.
    peak_mb : float
        Largest memory of the process.
    probabilities : Probabilities or None
        None if they were not asked for.
    """

    rank: Floats
    relation: Ints
    day: Ints
    fit_seconds: float
    seconds: float
    peak_mb: float
    probabilities: Probabilities | None

    def mrr(self) -> float:
        """Mean reciprocal rank, in per cent."""
        return 100 * float(np.mean(1 / self.rank))

    def hits(self, k: int) -> float:
        """Share of answers ranked k or better, in per cent."""
        return 100 * float(np.mean(self.rank <= k))


def is_escalation(relation: str) -> bool:
    """Tell by its name or CAMEO code whether an act is material conflict (CAMEO 15, 17-20).

    Examples
    --------
    >>> [is_escalation(x) for x in ("Use_conventional_military_force", "190", "Make statement")]
    [True, True, False]
    """
    if relation.isdigit():
        return relation[:2] in {"15", "17", "18", "19", "20"}
    words = relation.replace("_", " ")
    return bool(_ESCALATION.search(words)) and not _TALK.search(words)


def evaluate(
    forecaster: Forecaster,
    events: Quadruples,
    *,
    test: int,
    ahead: bool,
    seed: int,
    learnt: bytes,
    chances: Chances | None,
    fit_seconds: float,
    relations: tuple[str, ...],
    watch: Watch,
    keep: Keep = at_once,
) -> Evaluation:
    """Ask a fitted forecaster every question of the days from `test` on.

    Parameters
    ----------
    forecaster : Forecaster
        The method.
    events : Quadruples
        All events; those from `test` on are the answers.
    test : int
        First day of the test.
    ahead : bool
        Multi step: nothing is learnt during the test.
    seed : int
        Seed of the samples of probabilities.
    learnt : bytes
        What the forecaster learnt from the events before `test`.
    fit_seconds : float
        CPU time that took.
    relations : tuple of str
        Names, to tell escalations.
    chances : Chances or None
        What makes probabilities of scores; None leaves them out.
    watch : callable
        Told the progress in days.
    keep : Keep
        Keeps the days that are done.
    """
    past = events.before(test)
    record = None if chances is None else _Record(events, test, chances, relations, seed)
    spent, memory = _timed(lambda: forecaster.recall(learnt, past, events))
    ranks: list[Floats] = []
    days = [facts for facts in by_day(events) if facts[0, 3] >= test]
    for done, facts in enumerate(days):
        made = keep(f"day-{facts[0, 3]}", partial(_forecast, memory, record, facts))
        told = msgspec.msgpack.decode(made, type=_Day)
        ranks.append(np.frombuffer(told.rank))
        spent += told.seconds
        if record is not None:
            record.add(told)
        if not ahead:
            spent += _timed(partial(memory.learn, facts))[0]
            if record is not None:
                learn(record.history, facts)
        watch(done + 1, len(days))
    questions = np.concatenate(days)
    return Evaluation(
        rank=np.concatenate(ranks),
        relation=questions[:, 1],
        day=questions[:, 3],
        fit_seconds=fit_seconds,
        seconds=fit_seconds + spent,
        peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        probabilities=record.sum_up() if record is not None else None,
    )


class _Day(msgspec.Struct, frozen=True, array_like=True):
    """What was found on one day: ranks, the CPU time they took, and the record's columns."""

    rank: bytes
    seconds: float
    given: list[bytes]
    rows: list[bytes]


def _forecast(memory: Memory, record: _Record | None, facts: Ints) -> bytes:
    """Ask and rank the questions of a day."""
    day, ask = int(facts[0, 3]), asked(facts)
    seconds, rank = _timed(lambda: average_ranks(memory.predict(ask.questions, day), ask))
    given, rows = record.take(memory, facts, day) if record is not None else ((), ())
    return msgspec.msgpack.encode(
        _Day(rank.tobytes(), seconds, [c.tobytes() for c in given], [c.tobytes() for c in rows])
    )


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    began = time.process_time()
    made = work()
    return time.process_time() - began, made


class _Record:
    """Probabilities given during the test, with what came and what the record alone says."""

    def __init__(
        self,
        events: Quadruples,
        test: int,
        chances: Chances,
        relations: tuple[str, ...],
        seed: int,
    ) -> None:
        self.history = begin(events, RATES)
        learn_all(self.history, events.before(test))
        self.first = int(events.facts[0, 3])
        self.chances, self.seed = chances, seed
        self.escalation = np.array([is_escalation(name) for name in relations])
        self.given: list[list[Floats]] = []
        self.rows: list[list[Floats]] = []

    def take(
        self, memory: Memory, facts: Ints, day: int
    ) -> tuple[tuple[Floats, ...], tuple[Floats, ...]]:
        """Forecast a sample of acts, done or not, before the day is learnt; columns for `add`."""
        sample = sample_acts(self.history, asked(facts), np.random.default_rng([self.seed, day]))
        ranking = memory.predict(sample.questions, day)
        ask = _answers(facts, sample.questions)
        true = are_answers(ranking, ask)
        each = np.diff(ranking.start)
        share = receiver_chances(ranking, self.chances)
        done = np.repeat(sample.done, each)
        told = done & (share >= LIKELY)
        act = act_chances(self.history, sample.acts, day, np.array(self.chances.act))
        relation = np.repeat(sample.questions[:, 1], each)
        base, last, rare = self._alone(
            np.repeat(sample.questions[:, 0], each), relation, ranking.actor, day
        )
        rows = (
            np.repeat(act, each) * share,
            true.astype(np.float64),
            np.repeat(sample.weight, each),
            base,
            last,
            (rare & self.escalation[relation]).astype(np.float64),
            np.full(true.size, float(day)),
        )
        return (share[told], true[told].astype(np.float64)), rows

    def add(self, told: _Day) -> None:
        """Take in what was found on a day."""
        self.given.append([np.frombuffer(column) for column in told.given])
        self.rows.append([np.frombuffer(column) for column in told.rows])

    def _alone(
        self, sender: Ints, relation: Ints, receiver: Ints, day: int
    ) -> tuple[Floats, Floats, NDArray[np.bool_]]:
        """Past frequency of each triple, whether it came the day before, whether it is rare."""
        h = self.history
        codes = (sender * h.n_relations + relation) * h.n_actors + receiver
        at = np.minimum(np.searchsorted(h.codes[0], codes), h.codes[0].size - 1)
        known = (h.codes[0][at] == codes) & (h.triples.times[at] > 0)
        times = np.where(known, h.triples.times[at], 0)
        last = np.where(known, h.triples.last[at], -(10**6))
        frequency = (times + 0.5 / h.n_actors) / (day - self.first + 1)
        return frequency, (last == day - 1).astype(np.float64), day - last > RARE_DAYS

    def sum_up(self) -> Probabilities | None:
        """Score what was given; None if no act of the test was ever known before."""
        share, receiver = (np.concatenate(part) for part in zip(*self.given, strict=True))
        p, y, w, base, last, rare, day = (
            np.concatenate(part) for part in zip(*self.rows, strict=True)
        )
        if not (share.size and p.size):
            return None
        kept = rare > 0
        came = float(w[kept] @ y[kept])
        some = came > 0
        score = w[kept] * brier_score(y[kept], p[kept])

        def over(other: Floats) -> Skill | None:
            if not some:
                return None
            rival = w[kept] * brier_score(y[kept], other[kept])
            return skill(score, rival, rng=np.random.default_rng(0), group=day[kept], draws=500)

        return Probabilities(
            receivers=calibration(receiver, share),
            events=calibration(y, p, bins=EDGES, weight=w),
            rare_n=came,
            rare=calibration(y[kept], p[kept], bins=EDGES, weight=w[kept]) if some else None,
            over_base_rate=over(base),
            over_last=over(last),
        )


def _answers(facts: Ints, questions: Ints) -> Asked:
    """Answers that a day's events give to some questions, none for most."""
    m = int(facts[:, 1].max(initial=0)) + int(questions[:, 1].max(initial=0)) + 1
    told, wanted = facts[:, 0] * m + facts[:, 1], questions[:, 0] * m + questions[:, 1]
    first, last = np.searchsorted(told, wanted), np.searchsorted(told, wanted, side="right")
    answers = [facts[a:b, 2] for a, b in zip(first, last, strict=True)]
    start = np.concatenate([[0], np.cumsum(last - first)])
    return Asked(questions, start, np.concatenate([*answers, np.empty(0, np.int64)]))
