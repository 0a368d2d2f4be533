"""Indices of bloc competition: hand-worked systems, and what must not change them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blocs.outlook.competition.indices import (
    COMPETITION,
    cluster_majors,
    cluster_shape,
    find_blocs,
    measure_competition,
)
from blocs.outlook.competition.system import YearSystem


def two_camps() -> YearSystem:
    """Four major powers in two pacts of two, a client of each, one state of its own."""
    pact = np.zeros((7, 7), np.int8)
    for a, b in ((0, 1), (2, 3), (0, 4), (1, 4), (2, 5), (3, 5)):
        pact[a, b] = pact[b, a] = 3
    return YearSystem(
        year=1960,
        obligation=pact,
        power=np.array([0.3, 0.1, 0.2, 0.15, 0.1, 0.05, 0.1]),
        regime=np.array([1.0, 1.0, 0.0, 0.0, 1.0, 0.0, np.nan]),
        major=np.array([True, True, True, True, False, False, False]),
    )


def test_hand_worked_two_camps() -> None:
    blocs = find_blocs(two_camps())
    assert blocs.power.tolist() == pytest.approx([0.5, 0.4])
    row = measure_competition([two_camps()]).row(0, named=True)
    assert row["second_share"] == pytest.approx(0.4)
    assert row["parity"] == pytest.approx(0.8)
    assert row["contest"] == pytest.approx(0.4)
    assert row["poles"] == 2
    assert row["tightness"] == pytest.approx(1.0)  # allies have the same portfolio
    assert row["discreteness"] > 1.0  # and the camps unlike ones
    assert (row["states"], row["majors"]) == (7, 4)


def test_a_state_bound_to_both_camps_is_half_of_each() -> None:
    s = two_camps()
    s.obligation[6, 0] = s.obligation[0, 6] = s.obligation[6, 2] = s.obligation[2, 6] = 3
    assert find_blocs(s).member[:, 6].tolist() == [0.5, 0.5]


def test_one_camp_has_no_second() -> None:
    s = two_camps()
    s.obligation[:6, :6] = 3 - 3 * np.eye(6, dtype=np.int8)
    row = measure_competition([s]).row(0, named=True)
    assert (row["second_share"], row["contest"], row["poles"]) == (0.0, 0.0, 1)


def test_without_major_powers_there_are_no_blocs() -> None:
    s = two_camps()
    row = measure_competition(
        [YearSystem(s.year, s.obligation, s.power, s.regime, np.zeros(7, bool))]
    ).row(0, named=True)
    assert row["parity"] is None
    assert row["second_share"] == 0.0


@settings(max_examples=6, deadline=None)
@given(st.permutations(range(7)))
def test_the_order_of_the_states_does_not_matter(order: list[int]) -> None:
    s = two_camps()
    at = np.array(order)
    moved = YearSystem(s.year, s.obligation[np.ix_(at, at)], s.power[at], s.regime[at], s.major[at])
    for name in COMPETITION:
        ours, theirs = (measure_competition([x])[name][0] for x in (s, moved))
        assert ours == pytest.approx(theirs, abs=1e-9), name


def test_clusters_follow_the_nearest_neighbour() -> None:
    likeness = np.array(
        [[1, 0.9, 0.1, 0.0], [0.9, 1, 0.2, 0.0], [0.1, 0.2, 1, 0.0], [0.0, 0.0, 0.0, 1]]
    )
    label = cluster_majors(likeness)
    assert label.tolist() == [0, 0, 0, 1]  # the third follows the second; the fourth is like none
    assert cluster_shape(likeness, label) == pytest.approx((0.4, 1.0))
