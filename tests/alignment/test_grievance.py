"""Common enemies and mutual ties: by hand, brute force, and what is not known."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blocs.alignment.grievance import Strength, assess_tie_axes, strength
from blocs.alignment.groups import Group
from blocs.ties.network import TieMatrix

NAMES = ("A", "B", "C", "H", "K")
GROUP = Group("g", "", ((2000, ("A", "B", "C")), (2001, ("A", "B", "C"))))


def layer(edges: dict[str, float], years=(1999, 2000), directed=False) -> TieMatrix:
    weight = np.zeros((len(years), 5, 5))
    for (a, b), w in edges.items():
        weight[:, NAMES.index(a), NAMES.index(b)] = w
        if not directed:
            weight[:, NAMES.index(b), NAMES.index(a)] = w
    weight[:, range(5), range(5)] = np.nan
    return TieMatrix(NAMES, tuple(years), weight)


def assess(hostile, friendly, window=(2000, 2001)):
    return assess_tie_axes(hostile, friendly, GROUP, window=window, rng=np.random.default_rng(0))


def test_a_common_enemy_the_year_before_makes_a_grievance():
    hostile = strength([layer({"AH": -1.0, "BH": -0.5})], sign=-1)
    found = assess(hostile, None)
    pair = {(p.a, p.b): p for p in found.pairs}["A", "B"]
    # degrees A 1, B .5, H 1.5, total 3; expected 1 * .5 * 1.5^2 / 3^2
    assert pair.grievance_raw == pytest.approx(0.5)
    assert pair.grievance_expected == pytest.approx(0.125)
    assert pair.grievance == pytest.approx(0.375)
    assert [(e.actor, e.part) for e in pair.enemies] == [("H", 0.5)]
    assert found.grievance is not None
    assert found.grievance.years == (2000, 2001)
    assert found.commitment is None


def test_an_enemy_of_the_same_year_comes_too_late():
    hostile = strength([layer({"AH": -1.0, "BH": -1.0}, years=(2001,))], sign=-1)
    assert assess(hostile, None, window=(2001,)).grievance is None


def test_hostility_within_the_group_is_no_common_enemy():
    hostile = strength([layer({"AC": -1.0, "BC": -1.0})], sign=-1)
    pair = {(p.a, p.b): p for p in assess(hostile, None).pairs}["A", "B"]
    assert pair.grievance_raw == 0


def test_commitment_is_beyond_what_degrees_give():
    friendly = strength([layer({"AB": 1.0, "AH": 1.0}, years=(2000, 2001))], sign=1)
    pair = {(p.a, p.b): p for p in assess(None, friendly).pairs}["A", "B"]
    # degrees A 2, B 1, total 4
    assert pair.commitment_raw == 1
    assert pair.commitment_expected == pytest.approx(0.5)


def test_the_stronger_direction_and_layer_count():
    one = layer({"AH": -0.2}, directed=True)
    two = layer({"HA": -0.6}, directed=True)
    found = strength([one, two], sign=-1)
    assert found is not None
    assert found.value[0, 0, 3] == found.value[0, 3, 0] == pytest.approx(0.6)


def test_unknown_is_not_zero():
    matrix = layer({"AH": -1.0, "BH": -1.0})
    matrix.weight[:, 0] = matrix.weight[:, :, 0] = np.nan
    pair = {(p.a, p.b): p for p in assess(strength([matrix], sign=-1), None).pairs}["A", "B"]
    assert pair.grievance is None
    assert pair.enemies == ()


def test_dark_layers_have_no_axis():
    assert strength([], sign=1) is None
    found = assess(None, None)
    assert (found.grievance, found.commitment) == (None, None)


@given(st.integers(0, 10_000))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_equals_brute_force(seed):
    rng = np.random.default_rng(seed)
    n = np.triu(rng.random((5, 5)) * (rng.random((5, 5)) < 0.6), 1)
    n += n.T
    found = assess(Strength(NAMES, (1999, 2000), np.stack([n, n])), None)
    degree, total = n.sum(axis=1), n.sum()
    for p in found.pairs:
        i, j = NAMES.index(p.a), NAMES.index(p.b)
        raw = sum(n[i, h] * n[j, h] for h in (3, 4))
        expected = (
            sum(degree[i] * degree[h] / total * degree[j] * degree[h] / total for h in (3, 4))
            if total
            else 0.0
        )
        assert p.grievance_raw == pytest.approx(raw)
        assert p.grievance == pytest.approx(raw - expected)
    values = [p.grievance for p in found.pairs]
    assert found.grievance is not None
    assert found.grievance.value == pytest.approx(np.mean(values))
    assert found.grievance.low is not None
    assert found.grievance.low <= found.grievance.value


def test_pairs_come_in_order():
    found = assess(None, None)
    assert [(p.a, p.b) for p in found.pairs] == list(itertools.combinations("ABC", 2))
