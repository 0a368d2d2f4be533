"""Skill over a reference, by hand, and references that see only the past."""

from __future__ import annotations

import numpy as np
import pytest

from blocs.errors import BadInput
from blocs.outlook.scoring import brier_score
from blocs.outlook.skill import base_rate, last_value, skill

P = np.random.default_rng(7).uniform(0.01, 0.99, 40)


def test_skill_by_hand_and_its_interval_covers_it() -> None:
    rng = np.random.default_rng(2)
    found = skill([0.1, 0.3], [0.2, 0.6], rng=rng)
    assert found.value == pytest.approx(0.5)
    assert found.low == pytest.approx(0.5)
    y = rng.random(400) < 0.3
    wide = skill(brier_score(y, 0.3), brier_score(y, 0.5), rng=rng, group=np.arange(400) // 40)
    assert wide.groups == 10
    assert wide.low < wide.value < wide.high
    alone = skill([0.1], [0.2], rng=rng)
    assert np.isnan(alone.low)
    assert np.isnan(skill([0.1], [0.0], rng=rng).value)


def test_skill_is_the_same_for_the_same_seed() -> None:
    a, b = [skill(P, P + 0.1, rng=np.random.default_rng(5)) for _ in range(2)]
    assert a == b


def test_references_never_see_what_they_forecast() -> None:
    y = np.array([1, 0, 0, 1, 1])
    for reference in (base_rate, last_value):
        for i in range(5):
            other = y.copy()
            other[i:] = 1 - other[i:]
            np.testing.assert_array_equal(reference(y)[: i + 1], reference(other)[: i + 1])
    np.testing.assert_allclose(base_rate(y), [1 / 2, 1.5 / 2, 1.5 / 3, 1.5 / 4, 2.5 / 5])


def test_lists_of_unequal_length_are_told() -> None:
    with pytest.raises(BadInput, match="equally long"):
        skill([1.0], [1.0, 2.0], rng=np.random.default_rng(0))


def test_a_reference_that_is_always_perfect_gives_no_skill_and_no_interval():
    found = skill([0.1, 0.2], [0.0, 0.0], rng=np.random.default_rng(1))
    assert np.isnan([found.value, found.low, found.high]).all()
