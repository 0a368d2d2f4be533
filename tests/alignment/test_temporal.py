"""Sides through time: by hand, against brute force, and eras against the whole."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blocs.alignment import temporal
from blocs.alignment.temporal import split_years
from blocs.errors import BadInput


def run(n, rows, switching=1.0, seed=0):
    year, a, b, w = np.array(rows, dtype=float).T
    rng = np.random.default_rng(seed)
    return split_years(
        n, year.astype(int), a.astype(int), b.astype(int), w, switching=switching, rng=rng
    )


def test_one_odd_year_is_noise_and_three_are_a_realignment():
    def years(turned):
        rows = []
        for t in range(9):
            side = 1.0 if t in turned else -1.0
            rows += [
                (1900 + t, 0, 1, -3),
                (1900 + t, 0, 2, -side),
                (1900 + t, 1, 2, side * -1 * -1),
            ]
        return [
            (y, a, b, w if (a, b) != (1, 2) else -rows[i - 1][3])
            for i, (y, a, b, w) in enumerate(rows)
        ]

    brief = run(3, years({4}), switching=1.5)
    assert brief.moved.size == 0
    assert brief.frustration == 2
    lasting = run(3, years({6, 7, 8}), switching=1.5)
    assert lasting.moved.tolist() == [2]
    assert lasting.moved_from.tolist() == [1905]
    assert lasting.moved_to.tolist() == [1906]
    assert lasting.certain.all()
    assert (lasting.frustration, lasting.cost, lasting.bound) == (0, 1.5, 1.5)


@given(st.integers(0, 10_000))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_equals_brute_force(seed):
    rng = np.random.default_rng(seed)
    rows = []
    for t in range(3):
        for a, b in itertools.combinations(range(3), 2):
            if rng.random() < 0.8:
                rows.append((t, a, b, float(rng.choice([-1, 1]))))
    rows = rows or [(0, 0, 1, 1.0)]
    found = run(3, rows, switching=0.5)
    keys = sorted({(t, i) for t, a, b, _ in rows for i in (a, b)})
    place = {key: i for i, key in enumerate(keys)}
    best = np.inf
    for x in itertools.product((0, 1), repeat=len(keys)):
        cost = sum(abs(w) * ((x[place[t, a]] == x[place[t, b]]) == (w < 0)) for t, a, b, w in rows)
        for actor in range(3):
            path = [x[place[key]] for key in keys if key[1] == actor]
            cost += 0.5 * sum(p != q for p, q in itertools.pairwise(path))
        best = min(best, cost)
    assert found.proved
    assert found.cost == pytest.approx(best)
    assert found.bound == pytest.approx(best)


def test_eras_give_what_the_whole_gives(monkeypatch):
    rng = np.random.default_rng(3)
    side = np.arange(12) % 2
    rows = []
    for t in range(12):
        for a, b in itertools.combinations(range(12), 2):
            if rng.random() < 0.3:
                w = (1.0 if side[a] == side[b] else -1.0) * (1 if rng.random() < 0.9 else -1)
                rows.append((t, a, b, w))
    whole = run(12, rows)
    monkeypatch.setattr(temporal, "ERA", 40)
    eras = run(12, rows)
    assert whole.proved
    assert eras.proved
    assert eras.cost == whole.cost


def test_gaps_and_separate_worlds():
    found = run(4, [(1900, 0, 1, 1), (1910, 0, 1, 1), (1900, 2, 3, -1)])
    assert found.cost == 0
    assert found.actor.tolist() == [0, 1, 2, 3, 0, 1]
    assert len(set(found.component.tolist())) == 2
    none = split_years(2, [], [], [], [], rng=np.random.default_rng(0))
    assert none.actor.size == 0
    assert none.proved


def test_bad_input_is_told():
    with pytest.raises(BadInput, match="above 0"):
        run(2, [(1900, 0, 1, 1)], switching=0.0)
    with pytest.raises(BadInput, match="1 years for 2 ties"):
        split_years(2, [1900], [0, 0], [1, 1], [1, 1], rng=np.random.default_rng(0))
