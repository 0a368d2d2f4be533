"""Leaving one out: by hand, by brute force, and whatever the states are called."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blocs.alignment.brokers import leave_one_out

FEW = settings(max_examples=40, deadline=None, derandomize=True)
NAMES = tuple("ABCDEFG")


def matrix_of(seed: int, holes: float = 0.2) -> np.ndarray:
    rng = np.random.default_rng(seed)
    m = np.triu(rng.normal(size=(7, 7)), 1)
    m = m + m.T
    gone = np.triu(rng.random((7, 7)) < holes, 1)
    m[gone | gone.T] = np.nan
    np.fill_diagonal(m, np.nan)
    return m


def mean(matrix: np.ndarray, members: list[str]) -> float:
    cells = [matrix[NAMES.index(a), NAMES.index(b)] for a, b in itertools.combinations(members, 2)]
    cells = [c for c in cells if not math.isnan(c)]
    return float(np.mean(cells)) if cells else math.nan


def test_the_hub_of_a_star_holds_it_together():
    star = np.zeros((4, 4))
    star[0, 1:] = star[1:, 0] = 1.0
    found = leave_one_out(star, "ABCD", "ABCD")
    assert found[0].member == "A"
    assert (found[0].own, found[0].without, found[0].change) == (1.0, 0.0, -0.5)
    assert [(x.member, x.own) for x in found[1:]] == [(m, pytest.approx(1 / 3)) for m in "BCD"]
    assert found[-1].change == pytest.approx(2 / 3 - 1 / 2)


@given(st.integers(0, 10_000), st.integers(3, 7))
@FEW
def test_every_member_by_brute_force(seed, k):
    matrix, members = matrix_of(seed), list(NAMES[:k])
    found = leave_one_out(matrix, NAMES, members)
    assert {x.member for x in found} == set(members)
    whole = mean(matrix, members)
    for x in found:
        rest = [m for m in members if m != x.member]
        assert x.without == pytest.approx(mean(matrix, rest), nan_ok=True)
        assert x.change == pytest.approx(mean(matrix, rest) - whole, nan_ok=True)
        own = [matrix[NAMES.index(x.member), NAMES.index(m)] for m in rest]
        own = [c for c in own if not math.isnan(c)]
        assert x.own == pytest.approx(np.mean(own) if own else math.nan, nan_ok=True)


@given(st.integers(0, 10_000), st.permutations(NAMES))
@FEW
def test_names_do_not_matter(seed, names):
    matrix = matrix_of(seed, holes=0.0)
    calls = dict(zip(NAMES, names, strict=True))
    a = leave_one_out(matrix, NAMES, NAMES[:5])
    b = leave_one_out(matrix, names, [calls[m] for m in NAMES[:5]])
    assert [(calls[x.member], x.own, x.without) for x in a] == [
        (x.member, pytest.approx(x.own), pytest.approx(x.without)) for x in b
    ]


def test_what_a_member_adds_is_minus_what_leaving_it_out_takes():
    """(k - 2) times the changes adds up to nought where every pair is known."""
    matrix = matrix_of(3, holes=0.0)
    found = leave_one_out(matrix, NAMES, NAMES)
    assert sum(x.change for x in found) == pytest.approx(0.0, abs=1e-12)


def test_flipping_signs_turns_the_holder_into_the_weak_link():
    matrix = matrix_of(5, holes=0.0)
    a, b = leave_one_out(matrix, NAMES, NAMES), leave_one_out(-matrix, NAMES, NAMES)
    assert [x.member for x in a] == [x.member for x in reversed(b)]


def test_two_members_have_nobody_to_leave_out():
    assert leave_one_out(matrix_of(0), NAMES, ["A", "B"]) == ()
    assert leave_one_out(matrix_of(0), NAMES, ["A", "B", "X"]) == ()


def test_a_member_of_whom_nothing_is_known_comes_with_nan_and_not_nought():
    matrix = matrix_of(1, holes=0.0)
    matrix[2] = matrix[:, 2] = np.nan
    found = {x.member: x for x in leave_one_out(matrix, NAMES, ["A", "B", "C"])}
    assert math.isnan(found["C"].own)
    assert found["C"].change == pytest.approx(0.0)
    assert math.isnan(found["A"].without)


def test_those_of_whom_nothing_is_known_come_last():
    """A nan has no place in an order: without care it would land between the others."""
    for gone in range(4):
        matrix = np.array(
            [[np.nan, 3, 1, 2], [3, np.nan, 0, 5], [1, 0, np.nan, 4], [2, 5, 4, np.nan]]
        )
        matrix[gone] = matrix[:, gone] = np.nan
        rest = [k for k in range(4) if k != gone]
        matrix[rest[0], rest[1]] = matrix[rest[1], rest[0]] = np.nan
        matrix[rest[0], rest[2]] = matrix[rest[2], rest[0]] = np.nan
        changes = [x.change for x in leave_one_out(matrix, "ABCD", "ABCD")]
        known = [c for c in changes if not math.isnan(c)]
        assert changes[: len(known)] == sorted(known)
        assert 0 < len(known) < 4
