"""Evidence: about 64 counts that can be cited, weighed by a ranker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from types import ModuleType
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from blocs.contracts import Citation, Forecaster, Quadruples, Ranking, Watch
from blocs.errors import BadInput, MissingExtra
from blocs.outlook.embedding import Embedding, embed
from blocs.outlook.history import History, begin, by_day, decayed
from blocs.outlook.ranking import Asked, asked, held_out, select
from blocs.outlook.rulebook import Rulebook, open_book, study, study_all

if TYPE_CHECKING:
    from lightgbm import Booster

    from blocs.outlook.compiled.features import Candidates

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

RATES: Final = 1 / np.array([1, 3, 10, 30, 100, np.inf])
"""Half-lives in days: 1, 3, 10, 30, 100 and for ever."""
BOOKS: Final = np.array([0, 1, 3, 5])
"""Which of them rules are counted by."""
TRAINING_DAYS: Final = 75
"""Last days that the ranker is trained on; those of tuning are among them."""
NEGATIVES: Final = 50
"""Wrong candidates a question, on average, that the ranker is trained on."""
REFRESH: Final = 10
"""Days after which actors are placed anew."""
ROUNDS: Final = 160
SETTINGS: Final = {
    "objective": "rank_xendcg",
    "learning_rate": 0.12,
    "num_leaves": 31,
    "min_data_in_leaf": 100,
    "feature_fraction": 0.3,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 5,
    "max_bin": 127,
    "num_threads": 1,
    "deterministic": True,
    "force_col_wise": True,
    "verbose": -1,
}


@dataclass(slots=True)
class Evidence:
    """Memory of the method."""

    history: History
    book: Rulebook
    ranker: Booster | None
    places: Embedding | None = field(default=None)
    placed: int = field(default=0)

    def predict(self, questions: Ints, day: int) -> Ranking:
        """Score candidates by the ranker; exp makes the scores' shares those of its loss."""
        if self.ranker is None:
            raise BadInput("the ranker has not been trained")
        found = self.candidates(questions, day)
        raw = self.ranker.predict(found.feature, num_threads=1) if len(found.actor) else []
        rest = decayed(self.history.receivers, self.history.decay, 3, day)
        return Ranking(found.start, found.actor, np.exp(np.asarray(raw, np.float64)), rest)

    def candidates(self, questions: Ints, day: int) -> Candidates:
        """List and describe those an act may be done to."""
        from blocs.outlook.compiled.features import gather

        if self.places is None or self.placed + REFRESH <= self.book.day + 1:
            self.places, self.placed = embed(self.history, rate=4, day=day), self.book.day + 1
        confidence = np.stack([self.book.confidence(i) for i in range(BOOKS.size)])
        found: Candidates = gather(questions, day, self.history.past, confidence, self.places)
        return found

    def learn(self, facts: Ints) -> None:
        """Take in one day."""
        study(self.book, self.history, facts)


def fit(events: Quadruples, valid: int, ahead: bool, seed: int, watch: Watch) -> bytes:
    """Train the ranker on the last days, each seen with what was known before it.

    Parameters
    ----------
    events, valid, ahead, seed, watch
        As in `blocs.contracts.Forecaster`. With `ahead`, days are seen in blocks
        as long as the days of tuning, with what was known before the block.
    """
    begun = int(events.facts[0, 3])
    end = int(events.facts[-1, 3]) + 1
    first = min(valid, max(end - TRAINING_DAYS, begun + (valid - begun) // 3))
    memory = _memory(events.before(first), events, None)
    rng = np.random.default_rng(seed)
    days = [facts for facts in by_day(events) if facts[0, 3] >= first]
    stay = int(events.facts[-1, 3]) - valid + 1 if ahead else 1
    rows: list[_Examples] = []
    waiting: list[Ints] = []
    since = first
    for done, facts in enumerate(days):
        day = int(facts[0, 3])
        if day >= since + stay:
            for earlier in waiting:
                memory.learn(earlier)
            waiting, since = [], day
        ask = asked(facts)
        ask = select(ask, ~held_out(ask.questions, day))
        rows.append(_examples(memory.candidates(ask.questions, day), ask, rng))
        waiting.append(facts)
        watch(done + 1, len(days) + ROUNDS)
    return _train(rows, seed, lambda n: watch(len(days) + n, len(days) + ROUNDS))


def recall(learnt: bytes, events: Quadruples, known: Quadruples) -> Evidence:
    """Build the memory from the ranker and the events so far."""
    return _memory(events, known, _lightgbm().Booster(model_str=learnt.decode()))


def _memory(events: Quadruples, known: Quadruples, ranker: Booster | None) -> Evidence:
    memory = Evidence(begin(known, RATES), open_book(known.n_relations, BOOKS), ranker)
    study_all(memory.book, memory.history, events)
    return memory


class _Examples(NamedTuple):
    """Rows of questions with an answer among their candidates; `sizes` rows a question."""

    feature: NDArray[np.float32]
    true: NDArray[np.bool_]
    sizes: Ints


def _examples(found: Candidates, ask: Asked, rng: np.random.Generator) -> _Examples:
    """Keep the true candidates and some of the others."""
    m, n = len(ask.questions), int(found.actor.max(initial=0)) + 1
    question = np.repeat(np.arange(m), np.diff(found.start))
    answers = np.repeat(np.arange(m), np.diff(ask.start)) * n + ask.answers
    true = np.isin(question * n + found.actor, answers[ask.answers < n])
    kept = true | (rng.random(true.size) < NEGATIVES * m / max(true.size, 1))
    kept &= np.bincount(question[true], minlength=m)[question] > 0
    sizes = np.bincount(question[kept], minlength=m)
    return _Examples(found.feature[kept], true[kept], sizes[sizes > 0])


def _train(rows: list[_Examples], seed: int, watch: Callable[[int], None]) -> bytes:
    lightgbm = _lightgbm()
    x = np.concatenate([day.feature for day in rows]) if rows else np.empty((0, 0))
    if not len(x):
        raise BadInput("nothing to learn from: no event of the last days follows from the past")
    data = lightgbm.Dataset(
        x,
        np.concatenate([day.true for day in rows]),
        group=np.concatenate([day.sizes for day in rows]),
        params={"max_bin": SETTINGS["max_bin"], "verbose": -1},
    )
    told = [lambda state: watch(state.iteration + 1)]
    ranker = lightgbm.train(SETTINGS | {"seed": seed}, data, ROUNDS, callbacks=told)
    return str(ranker.model_to_string()).encode()


def _lightgbm() -> ModuleType:
    try:
        import lightgbm
    except ImportError:
        raise MissingExtra(
            "the method evidence needs LightGBM; install blocs[outlook], or use --method rules"
        ) from None
    return lightgbm


FORECASTER = Forecaster(
    title="Evidence: counts that can be cited, weighed by a ranker",
    citation=Citation(
        "Bruch, S. (2021). An Alternative Cross Entropy Loss for Learning-to-Rank. WWW (the "
        "ranker's loss); Ke, G. et al. (2017). LightGBM. NeurIPS",
        "10.1145/3442381.3449794",
    ),
    fit=fit,
    recall=recall,
    trained=True,
)
