"""Fit a forecaster once, keep what it learnt, and say what comes next and why."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from blocs import __version__
from blocs import project as projects
from blocs.contracts import Forecaster, Quadruples, Watch
from blocs.errors import BadInput
from blocs.outlook.chances import (
    RATES,
    Chances,
    act_chances,
    fit_chances,
    receiver_chances,
)
from blocs.outlook.chronicle import Chronicle
from blocs.outlook.evaluation import Evaluation, evaluate
from blocs.outlook.event_files import Split
from blocs.outlook.history import begin, by_day, learn_all
from blocs.outlook.ranking import asked, average_ranks
from blocs.outlook.rulebook import open_book, study_all
from blocs.registry import FORECASTERS
from blocs.steps import at_once, in_steps

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

REASONS: Final = 5
_FORM: Final = 3
MOST_VALID: Final = 30
"""Days kept for tuning, at most; else a tenth of all."""


class Fitted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a forecaster learnt, kept in a project under the hash of its input."""

    method: str
    learnt: bytes
    chances: Chances | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Coming:
    """One event that may come.

    Attributes
    ----------
    sender, relation, receiver : int
        Numbers in the chronicle; the relation as told, not turned round.
    score : float
        The forecaster's.
    prob, share : float
        P(it is recorded on the day), and P(this receiver | the act is done).
    base_rate, last_value : float
        Share of past days with this very event, and 1 if the last day had it.
    reasons : tuple of str
        Ids of the events that speak for it most, weightiest first.
    """

    sender: int
    relation: int
    receiver: int
    score: float
    prob: float
    share: float
    base_rate: float
    last_value: float
    reasons: tuple[str, ...]


def fit_once(
    home: Path | None,
    method: str,
    events: Quadruples,
    *,
    valid: int,
    ahead: bool,
    seed: int,
    watch: Watch,
    chances: bool,
) -> tuple[Fitted, bool]:
    """Fit a forecaster, or take what the same input gave before.

    Parameters
    ----------
    home : Path or None
        Project that keeps models; None keeps nothing.
    method : str
        Name of the forecaster.
    events : Quadruples
        All it may learn from.
    valid : int
        First day of tuning.
    ahead, seed, watch
        As in `blocs.contracts.Forecaster`.
    chances : bool
        Whether to fit probabilities as well.

    Returns
    -------
    fitted : Fitted
        What was learnt, and the CPU seconds it took when it was.
    found : bool
        Whether it was there already.
    """
    part = FORECASTERS.get(method)
    key = _key(method, events, valid, ahead, seed)
    told = projects.kept_result(home, f"models/{key}") if home is not None else None
    fitted = msgspec.msgpack.decode(told, type=Fitted) if told else None
    found = fitted is not None
    if fitted is None:
        with in_steps(home, f"{method}-{key}") as steps:
            began = time.process_time()
            learnt = part.fit(events, valid, ahead, seed, watch, steps)
            seconds = time.process_time() - began + steps.saved
            fitted = Fitted(method=method, learnt=learnt, chances=None, seconds=seconds)
            _keep(home, key, fitted)
    if chances and fitted.chances is None:
        made = fit_chances(
            *(part, fitted.learnt, events),
            valid=valid,
            ahead=ahead,
            rng=np.random.default_rng(seed),
        )
        fitted = msgspec.structs.replace(fitted, chances=made)
        _keep(home, key, fitted)
    return fitted, found


def evaluate_split(
    split: Split,
    *,
    method: str,
    ahead: bool,
    seed: int,
    probabilities: bool,
    home: Path | None,
    begin: Callable[[str], Watch],
) -> tuple[Evaluation, bool]:
    """Fit on all before the test, or recall what was fitted, and ask the test's questions.

    Parameters
    ----------
    split : Split
        The events.
    method, ahead, seed, home
        As in `fit_once`.
    probabilities : bool
        Whether to score probabilities as well.
    begin : callable
        ``begin(title)`` starts a step and returns its watch.

    Returns
    -------
    found : Evaluation
        Ranks and scores.
    fitted_before : bool
        Whether the fit was there already; its CPU time counts all the same.
    """
    events = split.chronicle.quadruples
    fitted, before = fit_once(
        home,
        method,
        events.before(split.test),
        valid=split.valid,
        ahead=ahead,
        seed=seed,
        watch=begin(f"Fitting {method}"),
        chances=probabilities,
    )
    also = (split.test, probabilities, split.chronicle.relations)
    work = _key(method, events, split.valid, ahead, seed, *also)
    with in_steps(home, f"evaluate-{work}") as keep:
        found = evaluate(
            *(FORECASTERS.get(method), events),
            test=split.test,
            ahead=ahead,
            seed=seed,
            learnt=fitted.learnt,
            chances=fitted.chances if probabilities else None,
            fit_seconds=fitted.seconds,
            relations=split.chronicle.relations,
            watch=begin("Forecasting"),
            keep=keep,
        )
    return found, before


def compile_once(method: str) -> float:
    """Run a method on a few made-up events, so that its loops are compiled; CPU seconds."""
    began = time.process_time()
    rng = np.random.default_rng(0)
    toy = np.unique(np.stack([rng.integers(n, size=400) for n in (6, 4, 6, 40)], axis=1), axis=0)
    facts = np.concatenate([toy, toy[:, [2, 1, 0, 3]] + [0, 4, 0, 0]])
    order = np.lexsort((facts[:, 2], facts[:, 1], facts[:, 0], facts[:, 3]))
    events = Quadruples(facts=np.ascontiguousarray(facts[order]), n_actors=6, n_relations=8)
    part = FORECASTERS.get(method)
    learnt = part.fit(events.before(38), 30, False, 0, lambda done, total: None, at_once)
    memory = part.recall(learnt, events.before(38), events)
    for day in by_day(events)[-2:]:
        ask = asked(day)
        average_ranks(memory.predict(ask.questions, int(day[0, 3])), ask)
        memory.learn(day)
    return time.process_time() - began


def tuning_days(chronicle: Chronicle) -> int:
    """First of the last days that are kept for tuning: a tenth of all, at most 30."""
    days = chronicle.last + 1
    return days - min(max(days // 10, 1), MOST_VALID)


def foresee(
    fitted: Fitted,
    chronicle: Chronicle,
    *,
    sender: int | None,
    receiver: int | None,
    relation: int | None,
    k: int,
) -> list[Coming]:
    """Rank what comes on the day after the last event.

    Parameters
    ----------
    fitted : Fitted
        With its chances.
    chronicle : Chronicle
        What is known.
    sender, receiver : int or None
        One of them at least.
    relation : int or None
        None = every relation that the actor has had; ranked by probability then.
    k : int
        How many to return.
    """
    events, day = chronicle.quadruples, chronicle.last + 1
    part = FORECASTERS.get(fitted.method)
    ask = _Asking(part, fitted, events, day)
    half = events.n_relations // 2
    actor, turn = (sender, 0) if sender is not None else (receiver, half)
    if actor is None:
        raise BadInput("name a sender or a receiver")
    relations = [relation] if relation is not None else _had(events, actor, turn)
    questions = np.array([(actor, r + turn) for r in relations], np.int64).reshape(-1, 2)
    rows = ask.rows(questions)
    if sender is not None and receiver is not None:
        rows = [row for row in rows if row[2] == receiver]
    if sender is None:
        rows = _turned(ask, rows, k if relation is not None else None, half)
    order = sorted(rows, key=lambda row: (-(row[3] if relation is not None else row[4]), row[:3]))
    why = _Reasons(chronicle)
    return [
        Coming(*row, *_record(chronicle, row[0], row[1], row[2]), why.of(*row[:3]))
        for row in order[:k]
    ]


Row = tuple[int, int, int, float, float, float]


class _Asking:
    """Asks questions of one day and turns scores into probabilities."""

    def __init__(self, part: Forecaster, fitted: Fitted, events: Quadruples, day: int) -> None:
        if fitted.chances is None:
            raise BadInput("the model was fitted without probabilities")
        self.memory = part.recall(fitted.learnt, events, events)
        self.history = begin(events, RATES)
        learn_all(self.history, events)
        self.chances, self.day = fitted.chances, day

    def rows(self, questions: Ints) -> list[Row]:
        """Sender, relation, receiver, score, probability and share of every candidate."""
        questions = questions[np.lexsort((questions[:, 1], questions[:, 0]))]
        ranking = self.memory.predict(questions, self.day)
        each = np.diff(ranking.start)
        share = receiver_chances(ranking, self.chances)
        prob = np.repeat(self._act(questions), each) * share
        asked = np.repeat(questions, each, axis=0)
        columns = (asked[:, 0], asked[:, 1], ranking.actor, ranking.score, prob, share)
        return list(zip(*(column.tolist() for column in columns), strict=True))

    def _act(self, questions: Ints) -> Floats:
        """P(act is done); an act never done has no record and is given 0."""
        codes = self.history.codes[2]
        wanted = questions[:, 0] * self.history.n_relations + questions[:, 1]
        at = np.minimum(np.searchsorted(codes, wanted), codes.size - 1)
        known = codes[at] == wanted
        weights = np.array(self.chances.act)
        return np.where(known, act_chances(self.history, at, self.day, weights), 0.0)


class _Reasons:
    """Past events that speak for an event, by the rules that lead to its relation."""

    def __init__(self, chronicle: Chronicle) -> None:
        events = chronicle.quadruples
        self.half = events.n_relations // 2
        book = open_book(events.n_relations, np.array([0]))
        study_all(book, begin(events, np.array([1 / 30])), events)
        self.confidence, self.day = book.confidence(0), chronicle.last + 1
        table = chronicle.events
        facts = chronicle.forward
        self.sender, self.relation, self.receiver, self.when = facts.T
        self.ids = table["event_id"]

    def of(self, sender: int, relation: int, receiver: int) -> tuple[str, ...]:
        """Ids of the weightiest; without any between the two, of the last of the relation."""
        forth = (self.sender == sender) & (self.receiver == receiver)
        back = (self.sender == receiver) & (self.receiver == sender)
        at = np.flatnonzero(forth | back)
        told = self.relation[at] + np.where(forth[at], 0, self.half)
        weight = self.confidence[told, relation] * np.exp2(-(self.day - self.when[at]) / 30)
        if not at.size:
            at = np.flatnonzero((self.relation == relation) & (self.receiver == receiver))
            weight = self.when[at].astype(np.float64)
        best = at[np.lexsort((-at, -weight))][:REASONS]
        return tuple(self.ids[best.tolist()].to_list())


def _record(chronicle: Chronicle, sender: int, relation: int, receiver: int) -> tuple[float, float]:
    s, r, o, day = chronicle.forward.T
    days = day[(s == sender) & (r == relation) & (o == receiver)]
    return days.size / (chronicle.last + 1), float(days.size > 0 and days[-1] == chronicle.last)


def _turned(ask: _Asking, rows: list[Row], k: int | None, half: int) -> list[Row]:
    """Ask each likely sender what it does, so that probabilities are those of its acts."""
    best = sorted(rows, key=lambda row: (-row[3], row[:3]))[: k if k is not None else 200]
    wanted = {(o, r - half, s): score for s, r, o, score, _, _ in best}
    acts = np.unique(np.array([key[:2] for key in wanted], np.int64).reshape(-1, 2), axis=0)
    found = {row[:3]: row for row in ask.rows(acts)} if len(acts) else {}
    return [
        (*key, score, *(found[key][4:] if key in found else (0.0, 0.0)))
        for key, score in wanted.items()
    ]


def _had(events: Quadruples, actor: int, turn: int) -> Sequence[int]:
    half = events.n_relations // 2
    mine = events.facts[events.facts[:, 0] == actor, 1]
    return sorted({int(r) - turn for r in mine if (r >= half) == (turn > 0)})


def _key(method: str, events: Quadruples, valid: int, ahead: bool, seed: int, *also: object) -> str:
    size = (events.n_actors, events.n_relations)
    settings = FORECASTERS.get(method).settings
    told = (_FORM, __version__, method, settings, valid, ahead, seed, *size, *also)
    digest = hashlib.sha256(repr(told).encode())
    digest.update(np.ascontiguousarray(events.facts).tobytes())
    return digest.hexdigest()[:24]


def _keep(home: Path | None, key: str, fitted: Fitted) -> None:
    if home is not None:
        projects.keep_result(home, f"models/{key}", msgspec.msgpack.encode(fitted))
