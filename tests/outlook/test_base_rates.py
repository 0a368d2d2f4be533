"""Base rates: exact intervals, hand-counted classes, errors."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy.stats import poisson

from blocs.errors import BadInput, MissingData, UnknownName
from blocs.outlook.base_rates import base_rate, poisson_interval
from blocs.outlook.statements import Base


@pytest.mark.parametrize("events", [0, 1, 4, 21])
def test_the_interval_leaves_a_twentieth_at_each_end(events: int) -> None:
    low, high = poisson_interval(events, 1.0)
    assert poisson.cdf(events, high) == pytest.approx(0.05)
    if events:
        assert poisson.sf(events - 1, low) == pytest.approx(0.05)


def test_no_major_power_began_a_war_against_another_since_1954() -> None:
    rate = base_rate(Base(unit="dyad", since=1954))
    assert rate.events == 0
    assert (rate.low, rate.rate) == (0.0, 0.0)
    assert rate.high > 0
    assert rate.by(10.0)[2] == pytest.approx(1 - np.exp(-10 * rate.high))


def test_a_protector_s_partners_count_with_it() -> None:
    pact, dyad = (base_rate(Base(unit=u, since=1816)) for u in ("pact", "dyad"))
    assert pact.exposure == dyad.exposure
    assert pact.events >= dyad.events > 0
    assert "First World War" in pact.cases
    assert "First World War" in dyad.cases


def test_a_single_attacker_is_one_row_a_year_for_each_target() -> None:
    rate = base_rate(Base(attacker="RUS", target="USA", unit="dyad", since=1950))
    assert rate.exposure == 2007 - 1950 + 1
    assert rate.events == 0


def test_uses_of_force_are_counted_from_disputes() -> None:
    rows = [("1", "RUS", "USA", "1950-04-08", 4.0), ("1", "USA", "RUS", "1950-04-08", 1.0),
            ("2", "RUS", "USA", "1960-07-01", 4.0), ("2", "RUS", "USA", "1961-01-01", 4.0),
            ("3", "RUS", "USA", "1962-10-01", 3.0)]  # fmt: skip
    disputes = pl.DataFrame(
        rows, schema=["ref", "sender", "receiver", "start", "value"], orient="row"
    ).with_columns(pl.col("start").str.to_date())
    base = Base(attacker="RUS", target="USA", unit="dyad", outcome="force")
    rate = base_rate(base, disputes)
    assert (rate.events, rate.exposure, rate.last) == (2, 2014 - 1946 + 1, 2014)
    assert rate.cases == ("dispute 1", "dispute 2")
    with pytest.raises(MissingData, match="data add mid PATH"):
        base_rate(base)
    with pytest.raises(BadInput, match="war or force"):
        base_rate(Base(outcome="peace"))


def test_classes_that_are_not_there_are_refused() -> None:
    with pytest.raises(BadInput, match="unit 'bloc'"):
        base_rate(Base(unit="bloc"))
    with pytest.raises(BadInput, match="1816 to 2007"):
        base_rate(Base(since=2010))
    with pytest.raises(UnknownName):
        base_rate(Base(attacker="Ruritania"))
