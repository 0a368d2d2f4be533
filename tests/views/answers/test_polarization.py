"""The command polarization on the almanac alone: years, layers, null models, mistakes."""

from __future__ import annotations

import polars as pl
import pytest

import blocs
from blocs.errors import BadInput, NoCoverage, UnknownName


def test_json_of_the_almanac(run):
    ran = run("polarization", "--from", 1913, "--to", 1914, "--draws", 4, "--json", "-q")
    assert ran.code == 0
    facts = ran.json
    assert facts["schema"] == "blocs.polarization/1"
    assert [y["year"] for y in facts["years"]] == [1913, 1914]
    assert set(facts["layers"]) == {"alliances", "wars"}
    assert "disputes are dark" in facts["notes"][0]
    last = facts["years"][1]
    assert last["negative"] > 0
    walk = last["scores"]["walk-balance"]
    assert 0 < walk["value"] <= 1
    assert walk["draws"] == 4
    assert 0 <= walk["percentile"] <= 1
    assert facts["indices"]["npi"]["citation"].startswith("Maoz")
    assert all(0 < k < 1 for k in last["least_balanced"].values())


def test_csv_file_and_python_tell_the_same(run, tmp_path):
    file = tmp_path / "polar.csv"
    words = ("polarization", "--from", 1938, "--to", 1938, "--draws", 2, "--index", "npi")
    assert run(*words, "-o", file).code == 0
    table = blocs.polarization(from_=1938, to=1938, draws=2, index=("npi",))
    assert pl.read_csv(file)["value"].to_list() == table["value"].to_list()
    assert table["index"].to_list() == ["npi"]
    assert table["draws"].to_list() == [2]


def test_an_index_that_is_not_defined_says_so(run):
    ran = run("polarization", "--from", 1938, "--to", 1938, "--draws", 0, "--json", "-q")
    assert ran.json["years"][0]["scores"]["esteban-ray"]["value"] is None
    assert any(
        note.startswith("esteban-ray is not defined in 1 of 1 years (1938): ")
        for note in ran.json["notes"]
    )


def test_layers_are_joined_by_plus_or_spaces(run):
    one = run("polarization", "--from", 1960, "--to", 1960, "--layer", "alliances+votes",
              "--draws", 0, "--index", "triad-balance", "--json", "-q").json  # fmt: skip
    two = run("polarization", "--from", 1960, "--to", 1960, "--layer", "alliances", "votes",
              "--draws", 0, "--index", "triad-balance", "--json", "-q").json  # fmt: skip
    assert one["years"] == two["years"]
    assert set(one["layers"]) == {"alliances", "votes"}
    score = one["years"][0]["scores"]["triad-balance"]
    assert score["null_mean"] is None
    assert score["value"] is not None


def test_mistakes_are_told(run):
    with pytest.raises(UnknownName, match="alliance"):
        blocs.polarization(layer=("aliances",))
    with pytest.raises(BadInput, match="alone has no friends"):
        blocs.polarization(layer=("wars",))
    with pytest.raises(NoCoverage, match="no year of 1900–01"):
        blocs.polarization(from_=1900, to=1901, layer=("votes",))
    assert run("polarization", "--draws", "-3").code == 2
    assert run("polarization", "--index", "gini").code == 2
