"""Evidence: about 64 counts that can be cited, weighed by a ranker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from types import ModuleType
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from blocs.contracts import Citation, Forecaster, Keep, Quadruples, Ranking, Watch
from blocs.errors import BadInput, MissingExtra
from blocs.outlook.embedding import Embedding, embed
from blocs.outlook.history import History, apart, begin, by_day, decayed
from blocs.outlook.ranking import Asked, asked, held_out, select
from blocs.outlook.rulebook import Rulebook, open_book, study

if TYPE_CHECKING:
    from lightgbm import Booster, Dataset

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
PART: Final = 40
"""Rounds that are trained, and kept, at once: the ranker is the sum of its parts."""
SETTINGS: Final = {
    "objective": "rank_xendcg",
    "metric": "none",
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
    """Memory of the method.

    Actors are placed as of every tenth day, by all that was known before it, so that what is
    known decides alone what is forecast.
    """

    history: History
    book: Rulebook
    rankers: tuple[Booster, ...] = ()
    places: Embedding | None = field(default=None)
    placed: int = field(default=-1)

    def predict(self, questions: Ints, day: int) -> Ranking:
        """Score candidates by the ranker; exp makes the scores' shares those of its loss."""
        if not self.rankers:
            raise BadInput("the ranker has not been trained")
        found = self.candidates(questions, day)
        raw = np.zeros(len(found.actor))
        for ranker in self.rankers if raw.size else ():
            raw += ranker.predict(found.feature, num_threads=1)
        rest = decayed(self.history.receivers, self.history.decay, 3, day)
        return Ranking(found.start, found.actor, np.exp(raw), rest)

    def candidates(self, questions: Ints, day: int) -> Candidates:
        """List and describe those an act may be done to."""
        from blocs.outlook.compiled.features import gather

        places = self.places
        if places is None:  # in the first days
            places = embed(self.history, rate=4, day=self.book.day + 1)
        confidence = np.stack([self.book.confidence(i) for i in range(BOOKS.size)])
        found: Candidates = gather(questions, day, self.history.past, confidence, places)
        return found

    def learn(self, facts: Ints) -> None:
        """Take in one day, or several."""
        since = (int(facts[-1, 3]) + 1) // REFRESH * REFRESH
        cut = int(np.searchsorted(facts[:, 3], since))
        self._study(facts[:cut])
        if since > self.placed and self.book.day >= 0:
            self.places, self.placed = embed(self.history, rate=4, day=since), since
        self._study(facts[cut:])

    def _study(self, facts: Ints) -> None:
        for day in apart(facts):
            study(self.book, self.history, day)


def fit(events: Quadruples, valid: int, ahead: bool, seed: int, watch: Watch, keep: Keep) -> bytes:
    """Train the ranker on the last days, each seen with what was known before it.

    Parameters
    ----------
    events, valid, ahead, seed, watch, keep
        As in `blocs.contracts.Forecaster`. With `ahead`, days are seen in blocks
        as long as the days of tuning, with what was known before the block.
    """
    begun = int(events.facts[0, 3])
    end = int(events.facts[-1, 3]) + 1
    first = min(valid, max(end - TRAINING_DAYS, begun + (valid - begun) // 3))
    memory = Evidence(begin(events, RATES), open_book(events.n_relations, BOOKS))
    days = [facts for facts in by_day(events) if facts[0, 3] >= first]
    stay = end - valid if ahead else 1
    rows: list[_Examples] = []
    since = first
    for done, facts in enumerate(days):
        day = int(facts[0, 3])
        since = day if day >= since + stay else since
        made = keep(f"examples-{day}", partial(_day, memory, events, facts, since, seed))
        rows.append(msgspec.msgpack.decode(made, type=_Kept).examples())
        watch(done + 1, len(days) + ROUNDS)
    return _train(rows, seed, keep, lambda n: watch(len(days) + n, len(days) + ROUNDS))


def recall(learnt: bytes, events: Quadruples, known: Quadruples) -> Evidence:
    """Build the memory from the rankers and the events so far."""
    load = _lightgbm().Booster
    rankers = tuple(load(model_str=text) for text in msgspec.msgpack.decode(learnt, type=list[str]))
    memory = Evidence(begin(known, RATES), open_book(known.n_relations, BOOKS), rankers)
    if len(events.facts):
        memory.learn(events.facts)
    return memory


class _Examples(NamedTuple):
    """Rows of questions with an answer among their candidates; `sizes` rows a question."""

    feature: NDArray[np.float32]
    true: NDArray[np.bool_]
    sizes: Ints


class _Kept(msgspec.Struct, frozen=True, array_like=True):
    """Examples as bytes."""

    feature: bytes
    true: bytes
    sizes: bytes

    def examples(self) -> _Examples:
        """Return them as arrays."""
        from blocs.outlook.compiled.features import NAMES

        feature = np.frombuffer(self.feature, np.float32).reshape(-1, len(NAMES))
        true, sizes = np.frombuffer(self.true, np.bool_), np.frombuffer(self.sizes, np.int64)
        return _Examples(feature, true, sizes)


def _day(memory: Evidence, events: Quadruples, facts: Ints, since: int, seed: int) -> bytes:
    """Make the examples of one day from what was known before `since`."""
    day = int(facts[0, 3])
    new = events.before(since).facts
    new = new[new[:, 3] > memory.book.day]
    if len(new):
        memory.learn(new)
    ask = asked(facts)
    ask = select(ask, ~held_out(ask.questions, day))
    rng = np.random.default_rng([seed, day])
    made = _examples(memory.candidates(ask.questions, day), ask, rng)
    return msgspec.msgpack.encode(_Kept(*(part.tobytes() for part in made)))


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


class _Trees(msgspec.Struct, frozen=True, array_like=True):
    """Trees of some rounds, and the scores that they and those before give to the examples."""

    model: str
    score: bytes


def _train(rows: list[_Examples], seed: int, keep: Keep, watch: Callable[[int], None]) -> bytes:
    """Train in parts, each on the scores of those before, so that a part can be kept."""
    lightgbm = _lightgbm()
    x = np.concatenate([day.feature for day in rows]) if rows else np.empty((0, 0))
    if not len(x):
        raise BadInput("nothing to learn from: no event of the last days follows from the past")
    data = lightgbm.Dataset(
        x,
        np.concatenate([day.true for day in rows]),
        group=np.concatenate([day.sizes for day in rows]),
        params=SETTINGS | {"seed": seed},
    ).construct()
    models: list[str] = []
    for done in range(0, ROUNDS, PART):
        grow = partial(_grow, data, seed + done, done, watch)
        made = keep(f"trees-{done}-lightgbm-{lightgbm.__version__}", grow)
        trees = msgspec.msgpack.decode(made, type=_Trees)
        models.append(trees.model)
        data.set_init_score(np.frombuffer(trees.score))
        watch(done + PART)  # also where it was found
    return msgspec.msgpack.encode(models)


def _grow(data: Dataset, seed: int, before: int, watch: Callable[[int], None]) -> bytes:
    """Grow the trees of one part."""
    ranker = _lightgbm().Booster(SETTINGS | {"seed": seed}, data)
    for done in range(PART):
        ranker.update()
        watch(before + done + 1)
    seen: list[Floats] = []

    def look(score: Floats, data: Dataset) -> tuple[str, float, bool]:
        seen.append(score.copy())
        return "score", 0.0, True

    ranker.eval_train(look)
    return msgspec.msgpack.encode(_Trees(str(ranker.model_to_string()), seen[0].tobytes()))


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
    settings=repr((RATES, BOOKS, TRAINING_DAYS, NEGATIVES, REFRESH, ROUNDS, PART, SETTINGS)),
)
