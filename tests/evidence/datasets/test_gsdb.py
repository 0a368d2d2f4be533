from __future__ import annotations

from datetime import date

import polars as pl
import pytest


def test_a_comma_in_a_name_does_not_split_it(read):
    spells = read("gsdb", "cases.csv").spells
    start, end = date(2006, 1, 1), date(2024, 1, 1)
    second = spells.filter(pl.col("ref") == "2")
    assert second.select("sender", "receiver", "type", "start", "end").rows() == [
        ("JPN", "PRK", "arms", start, end),
        ("JPN", "SGP", "arms", start, end),
        ("JPN", "TWN", "arms", start, end),
    ]


def test_one_spell_per_sender_target_and_kind_open_while_ongoing(read):
    first = read("gsdb", "cases.csv").spells.filter(pl.col("ref") == "1")
    assert first.select("fact_id", "sender", "type", "end").rows() == [
        ("s:1/KOR-PRK/financial/2016-01-01", "KOR", "financial", None),
        ("s:1/KOR-PRK/trade/2016-01-01", "KOR", "trade", None),
        ("s:1/USA-PRK/financial/2016-01-01", "USA", "financial", None),
        ("s:1/USA-PRK/trade/2016-01-01", "USA", "trade", None),
    ]


def test_a_group_stands_for_its_members_while_they_belong(read):
    case = read("gsdb", "cases.csv").spells.filter(pl.col("ref") == "4")
    ends = dict(case.select("sender", "end").rows())
    assert len(ends) == 28 + 1
    assert ends["GBR"] == date(2020, 2, 1)
    assert ends["FRA"] == ends["NOR"] == date(2022, 1, 1)


def test_what_is_no_state_is_refused(read):
    rejects = read("gsdb", "cases.csv").rejects
    group = "is a state or a group whose members are known"
    assert rejects.select("row", "column", "rule", "value").rows() == [
        (3, "sanctioning_state", f"sender {group}", "UN"),
        (5, "sanctioned_state", f"receiver {group}", "Atlantis"),
        (6, "end", "ends after it starts", "1990"),
        (7, "begin", "begin must be: integer", "x"),
    ]


@pytest.mark.shared
def test_the_real_file(read, shared):
    facts = read("gsdb", shared / "data/gsdb/GSDB_V4.csv")
    assert facts.spells["ref"].n_unique() > 1400
    assert facts.rejects.height == 133
    assert facts.rejects.filter(pl.col("value") == "UN").height == 88
    russia = facts.spells.filter(
        (pl.col("receiver") == "RUS") & (pl.col("start") > date(2021, 1, 1))
    )
    assert {"USA", "GBR", "DEU", "JPN"} <= set(russia["sender"])
    assert not {"CHN", "IRN", "PRK"} & set(russia["sender"])
