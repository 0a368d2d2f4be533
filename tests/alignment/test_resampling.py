"""What is drawn again: as many as there are, and words for what they are."""

from __future__ import annotations

import numpy as np
import pytest

from blocs.alignment.resampling import Resampled, interval, resampled, span


def test_as_many_are_drawn_as_there_are():
    weight = resampled(6, 2_000, np.random.default_rng(0))
    assert weight.shape == (2_000, 6)
    assert (weight.sum(axis=1) == 6).all()
    assert weight.mean(axis=0) == pytest.approx(np.ones(6), abs=0.1)
    assert weight.var(axis=0) == pytest.approx(np.full(6, 5 / 6), abs=0.1)  # multinomial


def test_the_interval_holds_the_middle_and_the_point():
    draws = np.array([*np.linspace(0, 1, 101), np.nan])
    assert interval(draws, 0.5) == pytest.approx((0.05, 0.95))
    assert interval(draws, 2.0) == pytest.approx((0.05, 2.0))
    assert span(np.empty(0), 0.5) == (None, None)


@pytest.mark.parametrize(
    ("drawn", "told"),
    [
        (Resampled("texts", 1_212, 3_312), "1,212 texts (3,312 roll calls)"),
        (Resampled("years", 12), "12 years"),
        (Resampled("years", 9), "9 years (fewer than 10: the interval is too narrow)"),
        (
            Resampled("years", 12, repeats=True),
            "12 years (texts that come back are in all of them: the interval is too narrow)",
        ),
        (
            Resampled("years", 3, repeats=True),
            "3 years (fewer than 10, and texts that come back are in all of them: the interval is "
            "too narrow)",
        ),
    ],
)
def test_what_was_drawn_is_told_with_what_is_too_little(drawn, told):
    assert str(drawn) == told
