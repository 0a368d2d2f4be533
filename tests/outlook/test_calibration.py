"""Calibration by hand, its published interval and its properties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocs.errors import BadInput
from blocs.outlook.calibration import calibration, wilson

probabilities = st.floats(0, 1, allow_nan=False)


def test_calibration_by_hand() -> None:
    c = calibration([0, 1, 1, 0, 1], [0.05, 0.05, 0.55, 0.55, 1.0], bins=10)
    assert c.n.tolist() == [2, 2, 1]
    np.testing.assert_allclose(c.prob, [0.05, 0.55, 1.0])
    np.testing.assert_allclose(c.rate, [0.5, 0.5, 1.0])
    assert c.ece == pytest.approx(0.4 * 0.45 + 0.4 * 0.05)
    assert c.brier == pytest.approx(c.reliability - c.resolution + c.uncertainty)
    assert (c.low <= c.rate).all()
    assert (c.rate <= c.high).all()


@given(st.lists(st.tuples(st.integers(0, 1), probabilities), min_size=1, max_size=30))
def test_calibration_does_not_depend_on_the_order(told: list[tuple[int, float]]) -> None:
    y, p = zip(*told, strict=True)
    forth, back = calibration(y, p), calibration(y[::-1], p[::-1])
    assert forth.n.tolist() == back.n.tolist()
    assert forth.ece == pytest.approx(back.ece)
    assert 0 <= forth.ece <= 1
    assert forth.n.sum() == len(told)


def test_wilson_gives_the_published_interval() -> None:
    """Newcombe (1998), Statistics in Medicine 17, table I: 81/263 -> .2553 to .3662."""
    assert [round(float(x), 4) for x in wilson(81, 263)] == [0.2553, 0.3662]
    assert [round(float(x), 4) for x in wilson(0, 20)] == [0.0, 0.1611]


def test_nothing_to_calibrate_is_told() -> None:
    with pytest.raises(BadInput, match="at least one resolved"):
        calibration([], [])
    with pytest.raises(BadInput, match="one bin or more"):
        calibration([1], [0.5], bins=0)
