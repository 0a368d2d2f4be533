"""Changes of level put there by hand, and none where there are none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blocs.alignment.change_points import change_points
from blocs.errors import BadInput


def find(values, first=1990, seed=0):
    years = range(first, first + len(values))
    return change_points(years, values, rng=np.random.default_rng(seed))


def test_one_step_is_found_with_its_year_and_levels():
    (found,) = find([0.1, 0.2] * 6 + [0.8, 0.9] * 6)
    assert found.year == 2002
    assert (found.before, found.after) == pytest.approx((0.15, 0.85))
    assert found.low <= 2002 <= found.high
    assert found.p <= 0.05


def test_two_steps_are_found_and_their_levels_are_those_between_them():
    rng = np.random.default_rng(1)
    values = np.repeat([0.0, 1.0, 0.2], 15) + rng.normal(0, 0.05, 45)
    found = find(values)
    assert [c.year for c in found] == [2005, 2020]
    assert found[0].after == found[1].before


def test_noise_has_change_points_as_rarely_as_promised():
    rng = np.random.default_rng(0)
    hits = sum(bool(find(rng.normal(size=24), seed=k)) for k in range(40))
    assert hits <= 6  # 5 % of 40 are 2


@pytest.mark.parametrize("values", [[1.0] * 30, [0, 1, 2, 3, 4, 5, 6], []])
def test_a_flat_or_short_series_has_none(values):
    assert find(values) == ()


@given(st.floats(-5, 5), st.floats(0.1, 10))
@settings(max_examples=10, deadline=None, derandomize=True)
def test_level_and_scale_do_not_matter(shift, scale):
    values = np.array([0.1, 0.2, 0.15, 0.1, 0.2, 0.1, 0.8, 0.9, 0.85, 0.8, 0.9, 0.8])
    (plain,), (moved,) = find(values), find(shift + scale * values)
    assert (plain.year, plain.p) == (moved.year, moved.p)


def test_lengths_must_agree():
    with pytest.raises(BadInput, match="one each"):
        change_points([1990], [1.0, 2.0], rng=np.random.default_rng(0))
