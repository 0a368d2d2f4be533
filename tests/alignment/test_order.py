"""Ties to the order by hand, and substitution against a planted counterfactual."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blocs.alignment.order import (
    order_ties,
    organisations,
    organisations_shared,
    sanctions_on,
    trade_shares,
    vote_likeness,
)
from blocs.alignment.substitution import synthetic_effect
from blocs.alignment.vote_sums import VoteSums
from blocs.errors import BadInput


def frame(rows, **schema):
    return pl.DataFrame(rows, schema=schema, orient="row")


def test_shares_of_trade_are_of_what_is_known():
    day = date(2000, 1, 1)
    flows = frame(
        [
            ("trade", "IRN", "USA", day, 6.0),
            ("trade", "USA", "IRN", day, 4.0),
            ("trade", "GBR", "IRN", day, 30.0),
            ("trade", "IRN", "CHN", day, 60.0),
            ("trade", "IRN", "RUS", day, None),
            ("trade", "CHN", "USA", day, 0.0),
            ("trade", "USA", "CHN", day, 0.0),
            ("trade", "GBR", "USA", day, None),
            ("trade", "USA", "GBR", day, 7.0),
        ],
        kind=pl.String, sender=pl.String, receiver=pl.String, start=pl.Date, value=pl.Float64,
    )  # fmt: skip
    shares = trade_shares(flows, {2000: ["USA", "GBR"]}, reference="USA")
    assert shares.select("actor", "value", "n").rows() == [
        ("CHN", 0.0, 3),  # told to be none
        ("IRN", pytest.approx(0.4), 4),
    ]  # of Britain one flow with the reference is not known, of Russia none is


def test_organisations_and_those_shared_with_the_reference():
    attributes = frame(
        [("sum_igo_full", "IRN", date(2000, 1, 1), 40.0), ("cinc", "IRN", date(2000, 1, 1), 1.0)],
        kind=pl.String, actor=pl.String, start=pl.Date, value=pl.Float64,
    )  # fmt: skip
    assert organisations(attributes).rows() == [("IRN", 2000, 40.0, 40)]
    spells = frame(
        [("igo_shared", "IRN", "USA", date(2000, 1, 1), 25.0),
         ("igo_shared", "CHN", "IRN", date(2000, 1, 1), 33.0)],
        kind=pl.String, sender=pl.String, receiver=pl.String, start=pl.Date, value=pl.Float64,
    )  # fmt: skip
    assert organisations_shared(spells, "USA").rows() == [("IRN", 2000, 25.0, 25)]


def test_sanctions_count_senders_and_kinds_and_zero_inside_coverage():
    spells = frame(
        [("sanction", "trade", "USA", "IRN", date(2000, 1, 1), date(2002, 1, 1)),
         ("sanction", "arms", "GBR", "IRN", date(2001, 1, 1), None),
         ("sanction", "arms", "CHN", "IRN", date(2000, 1, 1), None)],
        kind=pl.String, type=pl.String, sender=pl.String, receiver=pl.String, start=pl.Date,
        end=pl.Date,
    )  # fmt: skip
    sides = {year: ["USA", "GBR"] for year in (2000, 2001, 2002)}
    senders, kinds = sanctions_on(spells, sides, {y: ["IRN", "PRK"] for y in sides})
    told = {(a, y): v for a, y, v, _ in senders.iter_rows()}
    assert [told["IRN", y] for y in sides] == [1.0, 2.0, 1.0]
    assert told["PRK", 2000] == 0.0
    assert set(senders["n"]) == set(kinds["n"]) == {2}
    own, _ = sanctions_on(spells, sides, {2000: ["GBR"]})
    assert own["n"].to_list() == [1]  # Britain is not asked whether it sanctions itself
    assert {(a, y): v for a, y, v, _ in kinds.iter_rows()}["IRN", 2001] == 2.0


def test_likeness_rests_on_the_roll_calls_with_whom_it_has_most():
    counts = np.zeros((3, 1, 3, 3))
    counts[0, 0] = [[9, 6, 4], [6, 9, 2], [4, 2, 9]]
    sums = VoteSums(
        ("CHN", "GBR", "USA"), (2000,), counts, np.full((5, 1, 3, 3), 0.2), np.ones((1, 3, 3))
    )
    found = vote_likeness(sums, {2000: ["GBR", "USA"]})
    assert dict(found.select("actor", "n").iter_rows()) == {"CHN": 6, "GBR": 2, "USA": 2}
    assert found["value"].to_list() == pytest.approx([1, 1, 1])


def test_percentiles_run_from_outside_to_inside():
    table = frame(
        [(a, 2000, v, 5) for a, v in (("A", 1.0), ("B", 2.0), ("C", 2.0), ("D", 3.0))],
        actor=pl.String, year=pl.Int64, value=pl.Float64, n=pl.Int64,
    )  # fmt: skip
    (low,) = order_ties({"organisations": table}, "A")["organisations"]
    (tied,) = order_ties({"organisations": table}, "B")["organisations"]
    assert (low.percentile, tied.percentile, low.states, low.n) == (0.125, 0.5, 4, 5)
    (free,) = order_ties({"sanctioned_by": table}, "A")["sanctioned_by"]
    assert free.percentile == 0.875  # few sanctions: close to the order
    assert order_ties({"organisations": table}, "Z")["organisations"] == ()


def panel(effect: float, seed: int = 0):
    rng = np.random.default_rng(seed)
    factors = np.cumsum(rng.normal(0, 0.1, (2, 20)), axis=1)
    loads = rng.random((25, 2))
    outcome = loads @ factors + rng.normal(0, 0.01, (25, 20))
    outcome[0] = 0.5 * outcome[1] + 0.5 * outcome[2] + rng.normal(0, 0.005, 20)
    outcome[0, 12:] += effect
    return outcome, [f"S{k}" for k in range(25)], list(range(1990, 2010))


def test_a_planted_effect_is_found_with_its_size():
    outcome, names, years = panel(-0.4)
    found = synthetic_effect(outcome, names, years, treated="S0", event=2002, donors=names[1:])
    assert found is not None
    assert found.effect == pytest.approx(-0.4, abs=0.05)
    assert found.p <= 2 / (found.placebos + 1)
    assert not found.placebo_low <= found.effect <= found.placebo_high
    assert (found.years[0], found.years[-1]) == (1992, 2006)
    assert sum(d.weight for d in found.donors) == pytest.approx(1, abs=0.1)


def test_no_effect_is_within_the_placebos():
    outcome, names, years = panel(0.0)
    found = synthetic_effect(outcome, names, years, treated="S0", event=2002, donors=names[1:])
    assert found is not None
    assert abs(found.effect) < 0.1
    assert found.p > 0.05


@given(st.floats(0.1, 100))
@settings(max_examples=5, deadline=None, derandomize=True)
def test_units_do_not_matter(scale):
    outcome, names, years = panel(-0.4)
    one, two = (
        synthetic_effect(x, names, years, treated="S0", event=2002, donors=names[1:])
        for x in (outcome, outcome * scale)
    )
    assert one is not None
    assert two is not None
    assert two.effect == pytest.approx(one.effect * scale, rel=0.02)


def test_unknown_years_and_few_donors_give_nothing():
    outcome, names, years = panel(-0.4)
    assert (
        synthetic_effect(outcome, names, years, treated="S0", event=2002, donors=names[1:6]) is None
    )
    outcome[0, 10] = np.nan  # a hole two years before: too few years after it
    assert (
        synthetic_effect(outcome, names, years, treated="S0", event=2002, donors=names[1:]) is None
    )
    with pytest.raises(BadInput, match="own donors"):
        synthetic_effect(outcome, names, years, treated="S0", event=2002, donors=names)
