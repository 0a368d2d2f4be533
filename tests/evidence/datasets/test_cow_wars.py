from __future__ import annotations

from datetime import date

import polars as pl
import pytest


def test_opponents_meet_in_each_common_spell(read):
    facts = read("cow-wars", "inter.csv")
    wars = facts.events.filter(pl.col("kind") == "war")
    first = (date(1939, 9, 3), date(1940, 6, 23))
    second = (date(1944, 10, 23), date(1945, 5, 8))
    assert wars.select("sender", "receiver", "start", "end").rows() == [
        ("FRA", "DEU", *first),
        ("FRA", "DEU", *second),
        ("DEU", "FRA", *first),
        ("DEU", "FRA", *second),
    ]
    parts = facts.events.filter(pl.col("kind") == "war_part")
    assert parts.select("sender", "type", "value").rows() == [
        ("FRA", "side 1", 1000.0),
        ("FRA", "side 1", 1000.0),
        ("DEU", "side 2", None),
    ]
    assert facts.rejects.select("row", "value").rows() == [(3, "9999")]


@pytest.mark.parametrize(
    ("file", "expected", "refused"),
    [
        (
            "extra.csv",
            [
                ("war_extrastate", "side A", "GBR", date(1816, 8, 26), date(1817, 1, 1)),
                ("war_extrastate", "side B", "RUS", date(1904, 8, 26), None),
            ],
            [],
        ),
        (
            "intra.csv",
            [
                ("war_intrastate", "Rebels", "RUS", date(1818, 6, 10), date(1822, 12, 1)),
                ("war_intrastate", "Rebels", "RUS", date(1823, 5, 1), date(1823, 5, 3)),
                ("war_intrastate", "Émigrés", None, date(1818, 6, 10), None),
            ],
            [(3, "?")],
        ),
        (
            "nonstate.csv",
            [("war_nonstate", "A Tribal War", None, date(1818, 1, 1), date(1825, 1, 1))],
            [],
        ),
        (
            "revised.csv",
            [("war_begun", "interstate", "FRA", date(1823, 4, 7), date(1823, 11, 14))],
            [(2, "1823")],
        ),
    ],
)
def test_other_wars(read, file, expected, refused):
    facts = read("cow-wars", file)
    assert facts.events.select("kind", "type", "sender", "start", "end").rows() == expected
    assert facts.rejects.select("row", "value").rows() == refused


@pytest.mark.shared
def test_the_real_files(read, shared):
    sizes = {
        "Inter-StateWarData_v4.0.csv": (1136, 0),
        "Extra-StateWarData_v4.0.csv": (201, 0),
        "INTRA-STATE WARS v5.1 CSV.csv": (453, 1),
        "Non-StateWarData_v4.0.csv": (62, 0),
        "interstate-war-rev.csv": (585, 1),
    }
    for name, expected in sizes.items():
        facts = read("cow-wars", shared / "data/cow_wars" / name)
        assert (facts.events.height, facts.rejects.height) == expected, name
