"""The cheapest split of a bloc: by hand, by brute force, and by program."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blocs.alignment import wedges
from blocs.alignment.wedges import cheapest_wedge
from blocs.errors import BadInput


def ties(k: int, seed: int) -> np.ndarray:
    w = np.round(np.triu(np.random.default_rng(seed).normal(1, 1, (k, k)), 1), 2)
    return w + w.T


def brute(w: np.ndarray, least: int) -> float:
    k = len(w)
    return min(
        float(sum(w[i, j] for i in s for j in range(k) if j not in s))
        for size in range(least, k - least + 1)
        for s in itertools.combinations(range(k), size)
    )


@given(st.integers(0, 10_000), st.integers(2, 7), st.integers(1, 3))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_equals_brute_force(seed, k, least):
    w = ties(k, seed)
    if k < 2 * least:
        with pytest.raises(BadInput, match="no two parts"):
            cheapest_wedge(w, list("ABCDEFG")[:k], least=least)
        return
    found = cheapest_wedge(w, list("ABCDEFG")[:k], least=least)
    assert found.cost == pytest.approx(brute(w, least))
    assert found.proved
    assert sum(t.weight for t in found.cut) == pytest.approx(found.cost)
    assert len(found.part) >= least
    assert set(found.part) | set(found.rest) == set("ABCDEFG"[:k])


@pytest.mark.parametrize("seed", range(3))
def test_the_program_finds_what_trying_all_finds(seed, monkeypatch):
    w, names = ties(9, seed), list("ABCDEFGHI")
    every = cheapest_wedge(w, names, least=3)
    monkeypatch.setattr(wedges, "ENUMERATED", 2)
    solved = cheapest_wedge(w, names, least=3)
    assert solved.cost == pytest.approx(every.cost)
    assert solved.proved
    assert solved.bound <= solved.cost


def test_what_is_not_known_counts_nothing_and_is_counted():
    w = np.ones((4, 4))
    w[0, 1] = w[1, 0] = np.nan
    found = cheapest_wedge(w, list("ABCD"))
    assert (found.cost, found.unknown) == (2.0, 1)
    assert found.part[0] in "AB"


def test_an_enemy_within_is_cheap_to_lose():
    w = np.ones((5, 5))
    w[4, :4] = w[:4, 4] = -1
    found = cheapest_wedge(w, list("ABCDE"))
    assert (found.part, found.cost) == (("E",), -4.0)
    assert found.share == pytest.approx(-4 / 6)


def test_names_do_not_matter():
    w = ties(6, 3)
    order = np.random.default_rng(0).permutation(6)
    one = cheapest_wedge(w, list("ABCDEF"))
    two = cheapest_wedge(w[np.ix_(order, order)], ["ABCDEF"[o] for o in order])
    assert set(one.part) == set(two.part)
