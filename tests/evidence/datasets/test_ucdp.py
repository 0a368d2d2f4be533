from __future__ import annotations

from datetime import date

import polars as pl
import pytest


def test_those_who_fight_and_those_who_join(read):
    facts = read("ucdp", "conflicts.csv")
    assert facts.events.select("kind", "type", "sender", "receiver", "value", "ref").rows() == [
        ("conflict", "interstate", "EGY", "ISR", 2.0, "1"),
        ("conflict", "II", "MLI", None, 1.0, "2"),
        ("conflict_support", "II", "USA", "MLI", 1.0, "2"),
        ("conflict_support", "II", "FRA", "MLI", 1.0, "2"),
        ("conflict", "interstate", "PRK", "KOR", 2.0, "3"),
        ("conflict_support", "interstate", "GBR", "KOR", 2.0, "3"),
        ("conflict_support", "interstate", "USA", "KOR", 2.0, "3"),
    ]
    assert set(facts.events.filter(pl.col("ref") == "2")["start"]) == {date(2013, 1, 1)}
    assert facts.rejects.select("row", "column", "value").rows() == [(5, "gwno_a", "751")]


def test_onsets_use_the_codes_of_gleditsch_and_ward(read):
    assert set(read("ucdp", "onsets.csv").attributes["actor"]) == {"YEM"}


@pytest.mark.shared
def test_the_real_files(read, shared):
    facts = read("ucdp", shared / "data/ucdp/ucdp_acd.csv.gz")
    assert facts.events.height == 6182
    assert set(facts.rejects["value"]) == {"751"}
    war = facts.events.filter((pl.col("sender") == "RUS") & (pl.col("receiver") == "UKR"))
    assert 2022 in set(war["start"].dt.year())
    onsets = read("ucdp", shared / "data/ucdp/ucdp_onsets.csv.gz")
    assert (onsets.attributes.height, onsets.rejects.height) == (6 * 10_142, 0)
