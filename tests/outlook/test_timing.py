"""Time distributions: the check of two statements, closed forms, general properties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocs.errors import BadInput
from blocs.outlook.timing import by_window, hazard_steps, opening_window, timing, uniform_window


def test_the_two_articles_statements_five_years_from_the_first() -> None:
    first, second = by_window(5.0, 5, 8), by_window(5.0 - 0.07, 3, 5)
    assert float(first) == pytest.approx(0.100, abs=5e-4)
    assert float(second) == pytest.approx(0.887, abs=5e-4)
    assert float((first + second) / 2) == pytest.approx(0.494, abs=5e-4)


@given(st.floats(0.1, 20), st.floats(1.05, 5))
def test_a_tenth_lies_before_and_after_a_window(low: float, ratio: float) -> None:
    ends = by_window([low, low * np.sqrt(ratio), low * ratio], low, low * ratio)
    assert ends == pytest.approx([0.1, 0.5, 0.9])


def test_an_opening_with_a_steady_hazard_is_the_mean_over_openings() -> None:
    rng = np.random.default_rng(5)
    scale = np.log(5 / 3) / (2 * 1.2815515655446004)
    opens = np.exp(rng.normal((np.log(3) + np.log(5)) / 2, scale, 400_000))
    for t in (3.5, 5.0, 9.0):
        waited = np.maximum(t - opens, 0)
        expected = float((1 - np.exp(-0.4 * waited)).mean())
        assert float(opening_window(t, 3, 5, 0.4)) == pytest.approx(expected, abs=2e-3)


def test_a_hazard_in_steps_is_its_integral() -> None:
    steps = [[0, 0.1], [2, 0.0], [3, 0.2]]
    expected = 1 - np.exp(-np.array([0.1, 0.2, 0.2, 0.4]))
    assert hazard_steps([1.0, 2.0, 3.0, 4.0], steps) == pytest.approx(expected)


@pytest.mark.parametrize("shape", ["by", "uniform", "opens"])
def test_nothing_happens_before_it_is_said_and_it_never_falls(shape: str) -> None:
    t = np.linspace(-3, 60, 300)
    f = timing(t, shape, (2.0, 4.0), rate=0.3)  # type: ignore[arg-type]
    assert f is not None
    assert (f[t <= 0] == 0).all()
    assert (np.diff(f) >= -1e-12).all()
    assert f[-1] > 0.99


def test_a_capability_has_no_date_and_a_window_is_needed_else() -> None:
    assert timing(1.0, "capability", None) is None
    with pytest.raises(BadInput, match="needs a window"):
        timing(1.0, "by", None)
    assert uniform_window([1.0, 2.5], 2, 3).tolist() == [0.0, 0.5]
