"""Likeness by year from the command line: portfolios, all pairs, votes by year, mistakes."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

import blocs
from blocs.contracts import Evidence
from blocs.errors import BadInput, MissingData, UnknownName

SAMPLES = Path(__file__).parents[2] / "data" / "datasets"


@pytest.fixture
def votes(tmp_path):
    path = tmp_path / "UNVotes.csv"
    cells = {"2": "131", "365": "113", "710": "811"}
    days = ("1991-10-01", "1991-12-05", "1992-11-02")
    lines = [f"{v},{c},{cells[c][v]},{d},1,0" for v, d in enumerate(days) for c in cells]
    path.write_text("\n".join(["rcid,ccode,vote,date,member,me", *lines]) + "\n", "utf-8")
    return path


def test_alliances_of_two_states_by_year(run):
    ran = run("likeness", "CHN", "RUS", "--layer", "alliances", "--from", 1950, "--to", 1952,
              "--measure", "s-score,kappa", "--json")  # fmt: skip
    facts = ran.json
    assert ran.code == 0
    assert facts["pair"] == ["CHN", "RUS"]
    assert [y["year"] for y in facts["years"]] == [1950, 1951, 1952]
    assert set(facts["years"][0]["values"]) == {"s-score", "kappa"}
    assert facts["datasets"] == ["almanac 1816-2024"]


def test_dyad_years_of_treaties_alone_are_used(run):
    ran = run("likeness", "USA", "CAN", "--layer", "alliances", "--from", 1950, "--to", 1950,
              "--data", SAMPLES / "atop" / "dyads.csv", "--json")  # fmt: skip
    assert ran.code == 0
    assert ran.json["datasets"][0] == "atop 1950-1950"


def test_treaties_that_tell_no_years_are_named_as_not_used(run):
    ran = run("likeness", "USA", "CAN", "--layer", "alliances", "--from", 1950, "--to", 1950,
              "--data", SAMPLES / "atop" / "treaties.csv", "--json")  # fmt: skip
    assert ran.code == 0
    assert ran.json["datasets"] == ["almanac 1816-2024"]
    assert any(note.startswith("atop was read, and is not used: ") for note in ran.json["notes"])


def test_all_pairs_go_to_a_file(run, tmp_path):
    file = tmp_path / "likeness.parquet"
    ran = run("likeness", "--all", "--layer", "alliances", "--from", 1816, "--to", 1816, "-o", file)
    assert ran.code == 0
    table = pl.read_parquet(file)
    assert table.columns == ["a", "b", "year", "n", "s_score"]
    again = blocs.likeness_years(layer="alliances", from_=1816, to=1816)
    assert table.equals(again)


def test_votes_of_all_pairs_and_of_two_by_year(run, votes):
    ran = run("likeness", "--all", "--data", votes, "--measure", "identical", "--csv")
    rows = [line.split(",") for line in ran.out.splitlines()]
    assert rows[0] == ["a", "b", "year", "n", "identical"]
    # by hand: China was absent once; the USA and Russia agree once in two votes of 1991
    assert ["RUS", "USA", "1991", "2", "0.5"] in rows
    assert ["CHN", "USA", "1991", "1", "0.0"] in rows
    one = run("likeness", "USA", "Russia", "--by-year", "--data", votes, "--json").json
    assert [(y["year"], y["n"]) for y in one["years"]] == [(1991, 2), (1992, 1)]


def test_all_measures_at_once(votes):
    table = blocs.likeness_years(measure="all", evidence=Evidence(data=(str(votes),)))
    assert {"s_squared", "a_score", "cosine", "tau_b", "pi"} <= set(table.columns)


def test_mistakes_are_told(run):
    with pytest.raises(UnknownName, match="alliance"):
        blocs.likeness_years(layer="aliances")
    with pytest.raises(UnknownName, match="kapa"):
        blocs.likeness_years(layer="alliances", measure="kapa")
    with pytest.raises(BadInput, match="two different"):
        blocs.likeness_years(layer="alliances", pair=("FRA", "FRA"))
    with pytest.raises(MissingData, match="shares of power"):
        blocs.likeness_years(layer="alliances", weighted=True)
    with pytest.raises(MissingData, match="needs the roll calls"):
        blocs.likeness_years()
    for words in ((), ("CHN",), ("CHN", "RUS", "--all"), ("CHN", "RUS", "--weighted")):
        ran = run("likeness", *words)
        assert ran.code == 2
        assert "error:" in ran.err
