from __future__ import annotations

from datetime import date

import polars as pl
import pytest

FACT = ("sender", "receiver", "start", "value")


def test_imports_flow_from_the_second_state_to_the_first(read):
    facts = read("cow-trade", "directed.csv")
    assert facts.flows.select(FACT).rows() == [
        ("CAN", "USA", date(1920, 1, 1), 612.5),
        ("USA", "CAN", date(1920, 1, 1), 0.0),
        ("DEU", "USA", date(1995, 1, 1), None),
    ]
    assert facts.rejects.select("row", "rule", "value").rows() == [(4, "state is known", "9999")]


def test_the_published_file_holds_both_flows_in_one_row(read):
    facts = read("cow-trade", "pairs.csv")
    assert facts.flows.select("fact_id", *FACT).rows() == [
        ("s:1/1", "CAN", "USA", date(1920, 1, 1), 612.5),
        ("s:1/2", "USA", "CAN", date(1920, 1, 1), None),
    ]
    assert facts.rejects.select("row", "value").rows() == [(2, "19x")]


@pytest.mark.parametrize("file", ["national3.csv", "national4.csv"])
def test_totals_that_are_not_known_give_no_attribute(read, file):
    facts = read("cow-trade", file)
    assert facts.attributes.select("kind", "actor", "value").rows() == [("imports", "USA", 450.0)]


@pytest.mark.shared
def test_the_real_files(read, shared):
    folder = shared / "data/cow_trade"
    facts = read("cow-trade", folder / "cow_trade_ddy.csv.gz")
    assert (facts.flows.height, facts.rejects.height) == (1_347_308, 0)
    assert facts.flows["value"].null_count() == 50_833
    assert (facts.flows["value"] == 0).sum() == 733_164
    canada = facts.flows.filter(
        (pl.col("sender") == "CAN")
        & (pl.col("receiver") == "USA")
        & (pl.col("start") == date(1920, 1, 1))
    )
    assert canada["value"].to_list() == [612.0]
    assert read("cow-trade", folder / "cow_trade_sy.csv.gz").rejects.is_empty()
    assert read("cow-trade", folder / "national_trade_3.0.csv.gz").rejects.is_empty()
