"""From scores to probabilities: will the act be done, and if so, to whom.

P(s does r to o on day t) = P(s does r) P(o is among the receivers | s does r).
The first factor is a logistic regression on decayed counts of the act, the
second rises with the candidate's share of the question's scores. Both are
fitted on days, and on questions, that the forecaster was not trained on.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from blocs.contracts import Forecaster, Quadruples, Ranking
from blocs.outlook.history import History, begin, by_day, decayed, learn, learn_all
from blocs.outlook.ranking import Asked, asked, held_out, select

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

RATES = 1 / np.array([3, 10, 30, 100, np.inf])
QUIET = 300
"""Acts not done that are drawn a day, on average, to stand for all of them."""
_FLOOR = 0.02
_RIDGE = 1.0
_POWERS = (0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 9.0)
_KNOTS, _PER_KNOT = 60, 15


class Chances(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What turns scores into probabilities.

    Attributes
    ----------
    act : list of float
        Coefficients of the logistic regression, constant first.
    power : float
        Scores are raised to it before their shares are taken: it makes answers' shares
        likeliest.
    share, prob : list of float
        P(o | s does r) at increasing shares, straight between them.
    """

    act: list[float]
    power: float
    share: list[float]
    prob: list[float]


class Sample(NamedTuple):
    """Acts of one day: those done, and some not done that stand for `weight` each.

    ``acts`` are places in the history's list of acts, ``questions`` (m, 2).
    """

    acts: Ints
    questions: Ints
    done: NDArray[np.bool_]
    weight: Floats


def sample_acts(history: History, ask: Asked, rng: np.random.Generator) -> Sample:
    """Draw acts known before a day, told forwards; every act done that day is among them.

    One not done is drawn the more surely the more it was done of late (half-life 30
    days), and stands for 1 / (its chance of being drawn) of its kind.

    Parameters
    ----------
    history : History
        What was known before the day.
    ask : Asked
        The day's questions.
    """
    half, m = history.n_relations // 2, history.n_relations
    codes = history.codes[2]
    known = np.flatnonzero((history.acts.times > 0) & (codes % m < half))
    today = np.searchsorted(codes, ask.questions[:, 0] * m + ask.questions[:, 1])
    done = np.intersect1d(known, today)
    quiet = np.setdiff1d(known, today, assume_unique=True)
    day = int(history.acts.last.max()) + 1
    lately = decayed(history.acts, history.decay, 2, day)[quiet] + _FLOOR
    chance = np.minimum(QUIET * lately / lately.sum(), 1.0)
    taken = rng.random(quiet.size) < chance
    acts = np.concatenate([done, quiet[taken]])
    weight = np.concatenate([np.ones(done.size), 1 / chance[taken]])
    order = np.argsort(acts)
    acts = acts[order]
    questions = np.stack([codes[acts] // m, codes[acts] % m], axis=1)
    return Sample(acts, questions, np.isin(acts, done), weight[order])


def act_chances(history: History, acts: Ints, day: int, weights: Floats) -> Floats:
    """P(each act is done on a day), for acts by their place in the history's list."""
    return _logistic(_features(history, acts, day) @ weights)


def shares(ranking: Ranking, *, power: float = 1.0) -> Floats:
    """Each candidate's share of its question's scores, these raised to a power."""
    each = np.diff(ranking.start)
    question = np.repeat(np.arange(each.size), each)
    best = np.zeros(each.size)
    np.maximum.at(best, question, ranking.score)
    score = (ranking.score / np.maximum(best, 1e-300)[question]) ** power
    total = np.bincount(question, weights=score, minlength=each.size)
    return np.asarray(score / np.maximum(total, 1e-300)[question])


def receiver_chances(ranking: Ranking, chances: Chances) -> Floats:
    """P(each candidate is a receiver | the act is done)."""
    return np.interp(shares(ranking, power=chances.power), chances.share, chances.prob)


def fit_chances(
    forecaster: Forecaster,
    learnt: bytes,
    events: Quadruples,
    *,
    valid: int,
    ahead: bool,
    rng: np.random.Generator,
) -> Chances:
    """Fit both factors on the days from `valid` on.

    Parameters
    ----------
    forecaster : Forecaster
        Gives the scores.
    learnt : bytes
        What it learnt.
    events : Quadruples
        All that is known.
    valid : int
        First day used.
    ahead : bool
        Whether nothing is learnt from `valid` on.
    """
    memory = forecaster.recall(learnt, events.before(valid), events)
    history = begin(events, RATES)
    learn_all(history, events.before(valid))
    drawn: list[tuple[Floats, NDArray[np.bool_], Floats]] = []
    seen: list[tuple[Ranking, NDArray[np.bool_]]] = []
    for facts in (f for f in by_day(events) if f[0, 3] >= valid):
        day, ask = int(facts[0, 3]), asked(facts)
        sample = sample_acts(history, ask, rng)
        drawn.append((_features(history, sample.acts, day), sample.done, sample.weight))
        aside = select(ask, held_out(ask.questions, day)) if forecaster.trained else ask
        ranking = memory.predict(aside.questions, day)
        seen.append((ranking, are_answers(ranking, aside)))
        if not ahead:
            memory.learn(facts)
            learn(history, facts)
    weights = _logistic_fit(*(np.concatenate(part) for part in zip(*drawn, strict=True)))
    power, spread = _sharpened([ranking for ranking, _ in seen], [true for _, true in seen])
    share, prob = _rising(spread, np.concatenate([true for _, true in seen]))
    return Chances(act=weights.tolist(), power=power, share=share.tolist(), prob=prob.tolist())


def are_answers(ranking: Ranking, ask: Asked) -> NDArray[np.bool_]:
    """Tell which candidates are answers to their question."""
    n = ranking.rest.size
    question = np.repeat(np.arange(ranking.start.size - 1), np.diff(ranking.start))
    answers = np.repeat(np.arange(ask.start.size - 1), np.diff(ask.start)) * n + ask.answers
    return np.isin(question * n + ranking.actor, answers)


def _features(history: History, acts: Ints, day: int) -> Floats:
    counts = history.acts._replace(
        times=history.acts.times[acts],
        last=history.acts.last[acts],
        sums=history.acts.sums[acts],
    )
    lately = [decayed(counts, history.decay, h, day) for h in range(RATES.size)]
    age = np.where(counts.times > 0, day - counts.last, 999.0)
    sender = history.codes[2][acts] // history.n_relations
    busy = decayed(history.senders, history.decay, 1, day)[sender]
    return np.column_stack([np.ones(acts.size), *map(np.log1p, [*lately, age, busy])])


def _logistic(x: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-x)))


def _logistic_fit(x: Floats, y: NDArray[np.bool_], weight: Floats) -> Floats:
    """Fit a logistic regression by Newton steps, lightly held to zero."""
    b = np.zeros(x.shape[1])
    b[0] = np.log((weight @ y + 0.5) / (weight @ ~y + 0.5))
    held = np.full(b.size, _RIDGE)
    held[0] = 1e-6
    for _ in range(50):
        p = _logistic(x @ b)
        slope = x.T @ (weight * (y - p)) - held * b
        bend = (x * (weight * p * (1 - p))[:, None]).T @ x + np.diag(held)
        step = np.linalg.solve(bend, slope)
        b += step / max(1.0, float(np.abs(step).max()) / 2)
        if np.abs(step).max() < 1e-8:
            break
    return b


def _sharpened(rankings: list[Ranking], true: list[NDArray[np.bool_]]) -> tuple[float, Floats]:
    """Choose the power that makes the shares of the answers likeliest; also the shares."""
    answer = np.concatenate(true)
    tried = [
        (power, np.concatenate([shares(ranking, power=power) for ranking in rankings]))
        for power in _POWERS
    ]
    return max(tried, key=lambda one: float(np.log(one[1][answer] + 1e-6).sum()))


def _rising(share: Floats, true: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Fit a never falling curve of the rate by share: mean rates in bins, pooled where they fall.

    Bins hold equally many answers; 0 stays at the rate of the lowest bin.
    """
    from scipy.optimize import isotonic_regression

    if not true.any():
        return np.array([0.0, 1.0]), np.array([0.0, 1.0])
    order = np.argsort(share, kind="stable")
    x, y = share[order], true[order].astype(np.float64)
    passed = np.cumsum(y) - y
    knots = int(np.clip(y.sum() // _PER_KNOT, 2, _KNOTS))
    bins = np.minimum((passed / max(y.sum(), 1) * knots).astype(np.int64), knots - 1)
    n = np.bincount(bins)
    used = n > 0
    middle = np.bincount(bins, weights=x)[used] / n[used]
    rate = (np.bincount(bins, weights=y)[used] + 0.05) / (n[used] + 1)
    curve = isotonic_regression(rate, weights=n[used]).x
    at, first = np.unique(middle, return_index=True)
    return at, np.clip(curve[first], 0.0, 1.0)
