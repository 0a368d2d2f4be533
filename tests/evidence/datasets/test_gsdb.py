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


def test_a_state_is_told_of_until_its_end_and_then_its_heir(read, tmp_path, tiny):
    head = (tiny / "gsdb" / "cases.csv").read_text().splitlines()[0]
    named = ((1, "South Vietnam", 1976, 1994), (2, "South Vietnam", 1975, 1976))
    named += ((3, "Yugoslavia", 1991, 2003), (4, "German Democratic Republic", 1985, 1995))
    cases = [
        f"{k},{state},Japan,{begin},{end},1,,0,0,0,0,0,0,0,other,failed"
        for k, state, begin, end in named
    ]
    file = tmp_path / "cases.csv"
    file.write_text("\n".join([head, *cases]))
    found = read("gsdb", file)
    assert found.rejects.is_empty()
    assert found.spells.select("ref", "receiver", "start", "end").rows() == [
        ("1", "VNM", date(1976, 1, 1), date(1995, 1, 1)),
        ("2", "VNM", date(1975, 5, 1), date(1977, 1, 1)),
        ("2", "XVS", date(1975, 1, 1), date(1975, 5, 1)),
        ("3", "SRB", date(1992, 4, 27), date(2004, 1, 1)),
        ("3", "YUG", date(1991, 1, 1), date(1992, 4, 27)),
        ("4", "DDR", date(1985, 1, 1), date(1990, 10, 3)),
    ]


@pytest.mark.shared
def test_nobody_is_told_of_after_its_end_in_the_real_file(read, shared):
    spells = read("gsdb", shared / "data/gsdb/GSDB_V4.csv").spells
    for state, gone in (("XVS", 1975), ("YUG", 1992), ("DDR", 1990), ("CSK", 1993)):
        its = spells.filter((pl.col("sender") == state) | (pl.col("receiver") == state))
        assert its.filter(pl.col("end").dt.year() > gone).is_empty()
    on = spells.filter((pl.col("sender") == "USA") & (pl.col("receiver") == "VNM"))
    assert on.filter(pl.col("start").dt.year() == 1976).height


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
