from __future__ import annotations

from datetime import date

import polars as pl
import pytest


def test_one_flow_per_deal_and_delivery_year(read):
    facts = read("sipri", "deals.csv")
    rows = facts.flows.select("fact_id", "sender", "receiver", "start", "end", "value").rows()
    assert rows == [
        ("s:1", "RUS", "VNM", date(2004, 1, 1), date(2005, 1, 1), 50.5),
        ("s:2", "RUS", "VNM", date(2005, 1, 1), date(2006, 1, 1), 0.0),
        ("s:7", "TUR", "LBY", date(2019, 1, 1), date(2020, 1, 1), 2.0),
    ]
    assert set(facts.flows["unit"]) == {"million TIV"}
    assert facts.coverage.select("topic", "start", "end").rows() == [
        ("arms", date(2004, 1, 1), date(2020, 1, 1))
    ]


def test_rebels_organisations_and_the_unknown_are_refused(read):
    facts = read("sipri", "deals.csv")
    assert facts.rejects.select("row", "rule", "value").rows() == [
        (3, "recipient is a state", "Houthi rebels (Yemen)*"),
        (4, "recipient is a state", "NATO**"),
        (5, "supplier is known", "unknown supplier(s)"),
        (6, "tiv delivery values must be: number", "?"),
    ]


def test_an_export_of_some_states_covers_nothing(read, tiny, tmp_path):
    text = (tiny / "sipri" / "deals.csv").read_text()
    path = tmp_path / "deals.csv"
    path.write_text(text.replace("from All countries", "from Russia"))
    assert read("sipri", path).coverage.is_empty()


@pytest.mark.shared
def test_the_real_file(read, shared):
    facts = read("sipri", shared / "data/sipri_arms_transfers/trade_2023.csv.gz")
    assert (facts.flows.height, facts.rejects.height) == (20_150, 330)
    assert not set(facts.rejects["rule"]) & {"state is known"}
    largest = facts.flows.group_by("sender").agg(pl.col("value").sum()).sort("value")
    assert largest["sender"].to_list()[-2:] == ["RUS", "USA"]
