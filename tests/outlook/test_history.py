"""Decayed counts against sums over the events themselves."""

from __future__ import annotations

import numpy as np
import pytest
from tests.outlook.events import both_ways, events

from blocs.contracts import Quadruples
from blocs.outlook.history import begin, by_day, decayed, learn, learn_all

RATES = 1 / np.array([3.0, 30.0, np.inf])


def test_counts_by_hand() -> None:
    """0 does 0 to 1 on days 0 and 4: at day 6, 2^-(6/3) + 2^-(2/3)."""
    known = both_ways(np.array([[0, 0, 1, 0], [0, 0, 1, 4], [0, 0, 2, 5]]), actors=3, relations=1)
    history = begin(known, RATES)
    learn_all(history, known)
    sums = decayed(history.triples, history.decay, 0, 6)
    triple = int(np.searchsorted(history.codes[0], 0 * 3 + 1))
    assert sums[triple] == pytest.approx(2 ** (-6 / 3) + 2 ** (-2 / 3))
    assert history.triples.times[triple] == 2
    assert (history.triples.first[triple], history.triples.last[triple]) == (0, 4)


@pytest.mark.parametrize("day", [20, 45, 60])
def test_all_keys_agree_with_sums_over_events(day: int) -> None:
    known = events(3)
    past = known.before(day)
    history = begin(known, RATES)
    learn_all(history, past)
    n, m = known.n_actors, known.n_relations
    s, r, o, t = past.facts.T
    keys = {
        "triples": (history.codes[0], (s * m + r) * n + o),
        "pairs": (history.codes[1], s * n + o),
        "acts": (history.codes[2], s * m + r),
        "parts": (history.codes[3], r * n + o),
        "senders": (np.arange(n), s),
        "receivers": (np.arange(n), o),
    }
    for name, (codes, mine) in keys.items():
        counts = getattr(history, name)
        for h, rate in enumerate(RATES):
            expected = [np.exp2(-rate * (day - t[mine == code])).sum() for code in codes]
            np.testing.assert_allclose(decayed(counts, history.decay, h, day), expected)


def test_events_to_come_change_no_count() -> None:
    """The numbering may hold later events; nothing but the numbering is taken from them."""
    known = events(4)
    past = known.before(30)
    with_future, without = begin(known, RATES), begin(past, RATES)
    learn_all(with_future, past)
    learn_all(without, past)
    shared = np.isin(with_future.codes[0], without.codes[0])
    for field in ("times", "first", "last", "sums"):
        a, b = getattr(with_future.triples, field), getattr(without.triples, field)
        np.testing.assert_array_equal(a[shared], b)
        assert not a[~shared].any()


def test_a_day_without_events_changes_nothing() -> None:
    history = begin(events(), RATES)
    learn(history, np.empty((0, 4), np.int64))
    assert not history.triples.times.any()
    empty = Quadruples(facts=np.empty((0, 4), np.int64), n_actors=2, n_relations=2)
    assert by_day(empty) == []
