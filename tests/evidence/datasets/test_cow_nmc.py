from __future__ import annotations

import polars as pl
import pytest


def test_components_that_are_known_become_attributes(read):
    facts = read("cow-nmc", "nmc5.csv")
    kinds = facts.attributes.group_by("actor").agg(pl.col("kind").sort()).sort("actor")
    whole = ["cinc", "irst", "milex", "milper", "pec", "tpop", "upop"]
    assert dict(kinds.rows()) == {"USA": whole, "DEU": [k for k in whole if k != "milper"]}
    share = facts.attributes.filter(pl.col("fact_id") == "s:1/cinc")
    assert share.select("value", "unit").rows() == [(0.03, "share of the system")]


def test_a_damaged_row_is_refused(read):
    assert read("cow-nmc", "nmc5.csv").rejects.select("row", "column", "value").rows() == [
        (2, "tpop", "4517NA6"),
        (3, "ccode", "3000"),
    ]


def test_the_second_format(read):
    facts = read("cow-nmc", "nmc.csv")
    assert facts.attributes.height == 6
    assert "milex" not in set(facts.attributes["kind"])


@pytest.mark.shared
def test_the_real_files(read, shared):
    five = read("cow-nmc", shared / "data/cow_nmc/NMC_5_0.csv.gz")
    assert five.attributes.height == 103_151
    assert {"4517NA6"} < set(five.rejects["value"])
    assert five.rejects["row"].n_unique() == 1
    later = read("cow-nmc", shared / "data/cow_nmc/cow_nmc_peacesciencer.csv.gz")
    assert (later.attributes.height, later.rejects.height) == (116_489, 0)
