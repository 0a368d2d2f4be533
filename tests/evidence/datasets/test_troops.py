from __future__ import annotations

from datetime import date

import polars as pl
import pytest


def test_an_exercise_ties_every_two_participants(read):
    facts = read("troops", "mme.csv")
    assert facts.events.select("sender", "receiver", "start", "end", "ref").rows() == [
        ("NLD", "USA", date(1980, 1, 14), date(1980, 1, 22), "m1"),
        ("KOR", "USA", date(1985, 2, 1), date(1985, 5, 1), "m2"),
    ]
    assert facts.rejects.select("row", "rule", "value").rows() == [(1, "state is known", "NATO")]


def test_troops_flow_from_the_usa(read):
    facts = read("troops", "deployed.csv")
    assert facts.flows.select("sender", "receiver", "value", "unit").rows() == [
        ("USA", "DEU", 227_586.0, "persons")
    ]
    assert facts.rejects.select("row", "value").rows() == [(3, "1029")]


def test_bases(read):
    facts = read("troops", "bases.csv")
    assert facts.flows.select("receiver", "value", "ref").rows() == [
        ("DEU", 1600.0, "Ramstein, AB")
    ]
    assert facts.rejects.select("row", "rule", "value").rows() == [
        (2, "place is in a state", "Puerto Rico")
    ]


@pytest.mark.shared
def test_the_real_files(read, shared):
    folder = shared / "data/military_presence"
    exercises = read("troops", folder / "mme_v7.csv.gz")
    assert exercises.events["ref"].n_unique() > 3500
    assert exercises.rejects.height == 15
    deployed = read("troops", folder / "troopdata-rebuild-country-year.csv.gz")
    germany = deployed.flows.filter(
        (pl.col("receiver") == "DEU") & (pl.col("start") == date(1985, 1, 1))
    )
    assert germany["value"].sum() > 200_000
    assert set(deployed.rejects["rule"]) == {"state is known"}
    assert read("troops", folder / "builddata.csv").flows.height == 447


@pytest.mark.shared
def test_the_old_excel_file(read, shared):
    pytest.importorskip("fastexcel")
    facts = read("troops", shared / "data/military_presence/jme_v3.xls")
    first = facts.events.filter(pl.col("row") == 1)
    assert set(first["sender"]) | set(first["receiver"]) == {"GBR", "PAK", "TUR", "USA"}
    assert first["start"][0] == date(1974, 11, 1)
    assert facts.rejects.filter(pl.col("rule") == "first year is known").height == 310
