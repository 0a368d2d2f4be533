from __future__ import annotations

import polars as pl
import pytest


def test_a_score_of_minus_nine_is_a_score(read):
    facts = read("democracy", "regime.csv")
    america = facts.attributes.filter(pl.col("actor") == "USA").select("kind", "value").rows()
    assert ("polity2", -9.0) in america
    germany = facts.attributes.filter(pl.col("actor") == "DEU")
    assert "polity2" not in set(germany["kind"])
    assert facts.rejects.select("row", "value").rows() == [(3, "181x")]


def test_polity_has_its_own_numbers_and_interruptions(read):
    facts = read("democracy", "polity.csv")
    assert facts.attributes.select("actor", "kind", "value").rows() == [
        ("RUS", "autoc", 9.0),
        ("RUS", "democ", 0.0),
        ("RUS", "durable", 20.0),
        ("RUS", "polity2", -9.0),
        ("AFG", "polity2", 0.0),
    ]
    wealth = read("democracy", "wealth.csv").attributes
    assert set(wealth["kind"]) == {"mrgdppc", "pwtrgdp", "pwtpop"}


@pytest.mark.shared
def test_the_real_files(read, shared):
    sizes = {"cw_democracy": 66_427, "cw_gdppop": 49_479, "polity4v2015": 65_211}
    for name, height in sizes.items():
        facts = read("democracy", shared / f"data/democracy/{name}.csv.gz")
        assert (facts.attributes.height, facts.rejects.height) == (height, 0)
