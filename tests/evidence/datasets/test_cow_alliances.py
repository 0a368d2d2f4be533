from __future__ import annotations

from datetime import date

import pytest

FACT = ("type", "sender", "receiver", "start", "end")


def test_a_pair_is_bound_both_ways(read):
    facts = read("cow-alliances", "by_dyad.csv")
    start, end = date(1816, 1, 1), date(1912, 1, 1)
    assert facts.spells.select(FACT).rows() == [
        ("defence", "GBR", "PRT", start, None),
        ("nonaggression", "GBR", "PRT", start, None),
        ("defence", "PRT", "GBR", start, None),
        ("nonaggression", "PRT", "GBR", start, None),
        ("consultation", "GBR", "RUS", start, end),
        ("consultation", "RUS", "GBR", start, end),
    ]
    assert facts.rejects.select("row", "rule").rows() == [(3, "ends after it starts")]


def test_directed_rows_bind_one_way(read):
    facts = read("cow-alliances", "by_directed.csv")
    assert facts.spells.select(FACT).rows() == [("defence", "GBR", "PRT", date(1816, 1, 1), None)]
    assert facts.rejects.select("row", "rule", "value").rows() == [(1, "obligation is 0 or 1", "2")]


@pytest.mark.parametrize(
    ("file", "kind", "receiver", "start", "end"),
    [
        ("by_dyad_yearly.csv", "alliance_year", "PRT", date(1816, 1, 1), date(1817, 1, 1)),
        ("by_member.csv", "alliance_member", None, date(1816, 1, 1), None),
        ("by_member_yearly.csv", "alliance_member_year", None, date(1817, 1, 1), date(1818, 1, 1)),
    ],
)
def test_years_and_members(read, file, kind, receiver, start, end):
    facts = read("cow-alliances", file)
    spell = facts.spells.select("kind", "type", "sender", "receiver", "start", "end").row(0)
    assert spell == (kind, "defence", "GBR", receiver, start, end)
    assert facts.spells.height == 1
    assert facts.rejects.is_empty()


@pytest.mark.shared
def test_the_real_files(read, shared):
    sizes = {
        "by_dyad.csv": (13_356, {"ends after it starts"}),
        "by_directed.csv.gz": (13_115, {"ends after it starts"}),
        "by_dyad_yearly.csv.gz": (177_797, {"ends_differ"}),
        "by_member.csv": (2_012, set()),
        "by_member_yearly.csv.gz": (40_105, set()),
    }
    for name, (height, rules) in sizes.items():
        facts = read("cow-alliances", shared / f"data/cow_alliances/alliance_v4.1_{name}")
        assert facts.spells.height == height, name
        assert set(facts.rejects["rule"]) == rules
