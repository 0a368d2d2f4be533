"""Decayed counts of past events, kept up to date day by day.

The memory all forecasters share. For every triple (sender, relation, receiver),
pair (sender, receiver), act (sender, relation), part (relation, receiver) and
for each actor as sender and as receiver it holds how often it occurred, when
first and last, and for each half-life h the sum of 2^(-age / h) over its events.
The sums are stored as of the last event and decayed when they are read.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from blocs.contracts import Quadruples
from blocs.outlook.counts import Counts, Index, Past

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_AHEAD = 400
"""Days after the last numbered event for which decay is tabled."""


@dataclass(frozen=True, slots=True)
class History:
    """What is known of the past; `learn` adds a day.

    Attributes
    ----------
    n_actors, n_relations : int
        As in `blocs.contracts.Quadruples`.
    index : Index
        Numbers of the keys.
    triples, pairs, acts, parts, senders, receivers : Counts
        Occurrences of each.
    decay : ndarray, shape (n_days, n_rates)
        2^(-age * rate) by age in days.
    codes : tuple of ndarray
        Sorted codes of triples, pairs, acts and parts.
    """

    n_actors: int
    n_relations: int
    index: Index
    triples: Counts
    pairs: Counts
    acts: Counts
    parts: Counts
    senders: Counts
    receivers: Counts
    decay: Floats
    codes: tuple[Ints, Ints, Ints, Ints]

    @property
    def past(self) -> Past:
        """What compiled loops take."""
        return Past(
            *(self.index, self.triples, self.pairs, self.acts, self.parts),
            *(self.senders, self.receivers, self.decay),
        )


def begin(known: Quadruples, rates: Floats) -> History:
    """Number the keys of all events that may come, with nothing learnt yet.

    Parameters
    ----------
    known : Quadruples
        Past events, and those of the days to be forecast. The numbering is all
        that is taken from them.
    rates : ndarray, shape (n_rates,)
        Inverse half-lives, per day; 0 = never forgotten.
    """
    n, m, f = known.n_actors, known.n_relations, known.facts
    triples, pairs, acts, parts = (np.unique(code) for code in _codes(f, n, m))
    pair_of = np.searchsorted(pairs, triples // (n * m) * n + triples % n)
    order = np.argsort(pair_of, kind="stable")
    index = Index(
        triple_start=_starts(triples // (n * m), n),
        triple_relation=triples // n % m,
        triple_receiver=triples % n,
        pair_start=_starts(pairs // n, n),
        pair_receiver=pairs % n,
        pair_first=_starts(pair_of[order], pairs.size),
        pair_triples=order,
        act_start=_starts(acts // m, n),
        act_relation=acts % m,
        part_start=_starts(parts // n, m),
        part_receiver=parts % n,
    )
    days = f[:, 3]
    ages = np.arange((int(days[-1] - days[0]) if days.size else 0) + _AHEAD)
    return History(
        n_actors=n,
        n_relations=m,
        index=index,
        triples=_nothing(triples.size, rates.size),
        pairs=_nothing(pairs.size, rates.size),
        acts=_nothing(acts.size, rates.size),
        parts=_nothing(parts.size, rates.size),
        senders=_nothing(n, rates.size),
        receivers=_nothing(n, rates.size),
        decay=np.exp2(-np.outer(ages, rates)),
        codes=(triples, pairs, acts, parts),
    )


def learn(history: History, facts: Ints) -> None:
    """Add the events of one day, each given once.

    Parameters
    ----------
    history : History
        Changed in place.
    facts : ndarray of int64, shape (m, 4)
        Events of one day, later than all that were learnt.
    """
    if not len(facts):
        return
    from blocs.outlook.compiled.counting import remember

    day = int(facts[0, 3])
    codes = _codes(facts, history.n_actors, history.n_relations)
    keys = [np.searchsorted(known, code) for known, code in zip(history.codes, codes, strict=True)]
    counts = (history.triples, history.pairs, history.acts, history.parts)
    for count, key in zip(counts, keys, strict=True):
        remember(count, key, day, history.decay)
    remember(history.senders, np.ascontiguousarray(facts[:, 0]), day, history.decay)
    remember(history.receivers, np.ascontiguousarray(facts[:, 2]), day, history.decay)


def learn_all(history: History, events: Quadruples) -> None:
    """Add events of many days, in order."""
    for facts in by_day(events):
        learn(history, facts)


def by_day(events: Quadruples) -> list[Ints]:
    """Split events by day, in order; days without events are left out."""
    return apart(events.facts)


def apart(facts: Ints) -> list[Ints]:
    """Split rows that are sorted by day where it changes."""
    cuts = np.flatnonzero(np.diff(facts[:, 3])) + 1
    return np.split(facts, cuts) if len(facts) else []


def decayed(counts: Counts, decay: Floats, rate: int, day: int) -> Floats:
    """Sums of one rate for all keys as of a day; 0 where nothing occurred."""
    age = np.minimum(day - counts.last, len(decay) - 1)
    return np.where(counts.times > 0, counts.sums[:, rate] * decay[age, rate], 0.0)


def _codes(facts: Ints, n: int, m: int) -> tuple[Ints, Ints, Ints, Ints]:
    s, r, o = facts[:, 0], facts[:, 1], facts[:, 2]
    return (s * m + r) * n + o, s * n + o, s * m + r, r * n + o


def _starts(owner: Ints, n: int) -> Ints:
    return np.searchsorted(owner, np.arange(n + 1))


def _nothing(size: int, rates: int) -> Counts:
    none = np.zeros(size, np.int64)
    return Counts(none, none.copy(), none.copy(), np.zeros((size, rates)))
