"""Figures at honest precision: what rounding leaves is within the error, and dust is gone."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from blocs.alignment.settled import settled


@given(st.floats(-1e3, 1e3), st.integers(1, 12), st.floats(1, 9.9))
def test_it_moves_a_figure_by_a_few_errors_at_most(value, power, lead):
    error = lead * 10**-power
    assert abs(settled(value, error) - value) <= 5.1 * error


def test_nought_has_no_sign_and_nan_stays():
    assert math.copysign(1, settled(-1.2e-17, 4e-15)) == 1
    assert math.isnan(settled(math.nan, 1e-12))
