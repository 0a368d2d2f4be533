"""Trade: the geometric mean of the shares two states have in each other's trade."""

from __future__ import annotations

import dataclasses
from math import sqrt

import polars as pl
import pytest
from tests import world

from blocs.contracts import Facts
from blocs.evidence.cleaning import covered
from blocs.schemas import Ties
from blocs.ties.layers.trade import LAYER

COVERAGE = covered("trade", world.SOURCE, 2000, 2001)


def built(*rows: tuple[str, str, int, float | None]) -> dict[tuple[str, str, int], float | None]:
    facts = Facts(flows=world.flow_table("trade", list(rows)), coverage=COVERAGE)
    ties = LAYER.build(facts).ties
    assert Ties.is_valid(ties)
    return {
        (s, r, start.year): w
        for s, r, start, w in ties.select("sender", "receiver", "start", "weight").iter_rows()
    }


def test_shares_are_of_all_trade_of_each() -> None:
    """FRA trades 40 with DEU and 60 with GBR; DEU only with FRA; GBR 60 of 100."""
    ties = built(
        ("FRA", "DEU", 2000, 30.0),
        ("DEU", "FRA", 2000, 10.0),
        ("FRA", "GBR", 2000, 60.0),
        ("GBR", "USA", 2000, 40.0),
    )
    assert ties == {
        ("DEU", "FRA", 2000): pytest.approx(40 / sqrt(40 * 100)),
        ("FRA", "GBR", 2000): pytest.approx(60 / sqrt(100 * 100)),
        ("GBR", "USA", 2000): pytest.approx(40 / sqrt(100 * 40)),
    }


def test_two_states_that_trade_with_nobody_else_are_at_one() -> None:
    assert built(("FRA", "DEU", 2000, 7.0), ("DEU", "FRA", 2000, 0.0)) == {
        ("DEU", "FRA", 2000): pytest.approx(1.0)
    }


def test_years_stand_apart_and_units_do_not_matter() -> None:
    rows = [("FRA", "DEU", 2000, 3.0), ("FRA", "GBR", 2000, 5.0), ("FRA", "DEU", 2001, 2.0)]
    thousand = [(a, b, year, 1000 * value) for a, b, year, value in rows]
    assert built(*rows) == {key: pytest.approx(v) for key, v in built(*thousand).items()}
    assert built(*rows)["DEU", "FRA", 2001] == pytest.approx(1.0)


def test_unknown_trade_is_unknown_and_none_is_none() -> None:
    ties = built(
        ("FRA", "DEU", 2000, None),
        ("DEU", "FRA", 2000, 3.0),
        ("FRA", "GBR", 2000, 0.0),
        ("FRA", "USA", 2000, 5.0),
    )
    assert ties["DEU", "FRA", 2000] is None
    assert ("FRA", "GBR", 2000) not in ties
    assert ties["FRA", "USA", 2000] == pytest.approx(5 / sqrt(8 * 5))


def test_every_flow_behind_a_tie_is_in_the_evidence() -> None:
    flows = world.flow_table("trade", [("FRA", "DEU", 2000, 3.0), ("DEU", "FRA", 2000, 1.0)])
    made = LAYER.build(Facts(flows=flows, coverage=COVERAGE))
    assert made.evidence.collect()["fact_id"].to_list() == ["f1", "f2"]
    assert made.ties["n_evidence"].to_list() == [2]


def test_other_flows_are_no_trade_and_without_coverage_there_is_no_layer() -> None:
    assert LAYER.build(dataclasses.replace(world.facts(), coverage=COVERAGE)).ties.is_empty()
    assert LAYER.build(
        Facts(flows=world.flows().with_columns(kind=pl.lit("trade")))
    ).ties.is_empty()
