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


def brute_equals(w: np.ndarray, least: int) -> int:
    k, best = len(w), brute(w, least)
    splits = {
        frozenset({frozenset(s), frozenset(range(k)) - frozenset(s)})
        for size in range(least, k - least + 1)
        for s in itertools.combinations(range(k), size)
    }
    costs = (sum(w[i, j] for i in a for j in b) for a, b in map(tuple, splits))
    return sum(bool(abs(cost - best) < 1e-9) for cost in costs)


@given(st.integers(0, 10_000), st.integers(2, 7), st.integers(1, 3))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_tells_whether_another_split_costs_as_little(seed, k, least):
    w = np.triu(np.random.default_rng(seed).integers(0, 3, (k, k)), 1).astype(float)
    w += w.T
    if k >= 2 * least:
        found = cheapest_wedge(w, list("ABCDEFG")[:k], least=least)
        assert found.unique is (brute_equals(w, least) == 1)


@pytest.mark.parametrize(("k", "least"), [(7, 1), (7, 2), (6, 3), (20, 1), (20, 6), (20, 10)])
def test_where_all_ties_are_equal_no_split_is_the_cheapest(k, least):
    names = [f"N{x:02}" for x in range(k)]
    assert cheapest_wedge(np.ones((k, k)), names, least=least).unique is False


def test_a_large_bloc_with_one_weak_member_has_no_known_equal():
    w = np.ones((20, 20))
    w[3, :] = w[:, 3] = 0.5
    found = cheapest_wedge(w, [f"N{x:02}" for x in range(20)])
    assert (found.part, found.unique) == (("N03",), None)


def test_two_members_can_be_split_one_way():
    assert cheapest_wedge(np.ones((2, 2)), ["A", "B"]).unique is True
