"""Rules: what two actors did lately says what comes next between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from blocs.contracts import Citation, Forecaster, Keep, Quadruples, Ranking, Watch
from blocs.outlook.history import History, begin, decayed
from blocs.outlook.rulebook import Rulebook, open_book, study, study_all

RATES: Final = np.array([1 / 30])
"""Evidence is halved every 30 days."""
POPULAR: Final = 1e-4
"""Weight of a receiver's share in the relation: it orders what no rule speaks of."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Memory of the rules."""

    history: History
    book: Rulebook

    def predict(self, questions: NDArray[np.int64], day: int) -> Ranking:
        """Score receivers by the rules that lead to the relation."""
        from blocs.outlook.compiled.rules import rule_scores

        h = self.history
        scores = rule_scores(
            *(questions, day, h.index, h.triples, h.parts, h.decay),
            *(self.book.confidence(0), POPULAR),
        )
        return Ranking(*scores, decayed(h.receivers, h.decay, 0, day))

    def learn(self, facts: NDArray[np.int64]) -> None:
        """Take in one day."""
        study(self.book, self.history, facts)


def fit(events: Quadruples, valid: int, ahead: bool, seed: int, watch: Watch, keep: Keep) -> bytes:
    """Learn nothing: confidences are counted when the events are recalled.

    Parameters
    ----------
    events, valid, ahead, seed, watch, keep
        As in `blocs.contracts.Forecaster`.
    """
    return b""


def recall(learnt: bytes, events: Quadruples, known: Quadruples) -> Rules:
    """Count the events so far."""
    memory = Rules(begin(known, RATES), open_book(known.n_relations, np.array([0])))
    study_all(memory.book, memory.history, events)
    return memory


FORECASTER = Forecaster(
    title="Rules: what two actors did lately says what comes next",
    citation=Citation(
        "Liu, Y., Ma, Y., Hildebrandt, M., Joblin, M., Tresp, V. (2022). TLogic: Temporal Logical "
        "Rules for Explainable Link Forecasting on Temporal Knowledge Graphs. AAAI 36 (rules of "
        "one step; here counted, not sampled)",
        "10.1609/aaai.v36i4.20330",
    ),
    fit=fit,
    recall=recall,
)
