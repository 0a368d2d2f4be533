"""Rules from relation to relation: after b between two actors, how likely is r.

For every day, each event of relation r from s to o is credited to every
relation b that s and o had before it, by the decayed count of b. The confidence
of "b, so r" is what r was credited, divided by all decayed counts of b on all
days: the expected number of r per unit of b and day.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from blocs.contracts import Quadruples
from blocs.outlook.history import History, by_day, learn

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

WARM_UP = 20
"""Days at the start that only build up counts."""
DOUBT = 5.0
"""Pseudo-count that holds back rules seen rarely."""


@dataclass(slots=True)
class Rulebook:
    """Credits of rules, brought up to date day by day together with a history.

    Attributes
    ----------
    rates : ndarray of int, shape (n_books,)
        Which decays of the history each book uses.
    credit : ndarray, shape (n_books, n_relations, n_relations)
        ``credit[i, b, r]``: decayed counts of b before events of r.
    exposure, level : ndarray, shape (n_books, n_relations)
        Decayed counts of b summed over days, and as of `day`.
    day, begun : int
        Last day taken in, and the first.
    """

    rates: Ints
    credit: Floats
    exposure: Floats
    level: Floats
    day: int = -1
    begun: int = -1

    def confidence(self, book: int) -> Floats:
        """Confidence of every rule of one book, shape (n_relations, n_relations)."""
        return np.asarray(self.credit[book] / (self.exposure[book] + DOUBT)[:, None])


def open_book(n_relations: int, rates: Ints) -> Rulebook:
    """Make an empty book per rate."""
    shape = (rates.size, n_relations)
    return Rulebook(rates, np.zeros((*shape, n_relations)), np.zeros(shape), np.zeros(shape))


def study(book: Rulebook, history: History, facts: Ints) -> None:
    """Take in the events of one day, then add them to the history.

    Parameters
    ----------
    book : Rulebook
        Changed in place.
    history : History
        What was known before that day; `facts` are learnt by it here.
    facts : ndarray of int64, shape (m, 4)
        Events of one day, sorted.
    """
    from blocs.outlook.compiled.rules import credit_rules

    if not len(facts):
        return
    day = int(facts[0, 3])
    if book.day < 0:
        book.begun = book.day = day
    fade = history.decay[1, book.rates][:, None]
    for passed in range(book.day + 1, day + 1):
        book.level *= fade
        if passed - book.begun >= WARM_UP:
            book.exposure += book.level
    if day - book.begun >= WARM_UP:
        pair = np.searchsorted(history.codes[1], facts[:, 0] * history.n_actors + facts[:, 2])
        credit_rules(
            *(book.credit, pair, facts[:, 1].copy(), day),
            *(history.index, history.triples, history.decay, book.rates),
        )
    book.level += np.bincount(facts[:, 1], minlength=book.level.shape[1])
    book.day = day
    learn(history, facts)


def study_all(book: Rulebook, history: History, events: Quadruples) -> None:
    """Take in the events of many days, in order."""
    for facts in by_day(events):
        study(book, history, facts)
