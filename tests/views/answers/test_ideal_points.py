"""The command ideal-points on a made-up file: columns, options, formats, mistakes."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import blocs
from blocs.alignment.ideal_points import fit_ideal_points
from blocs.contracts import Evidence
from blocs.errors import BadInput, MissingData, UnknownName
from blocs.views.answers import ideal_points as asked

COW = {"USA": 2, "GBR": 200, "FRA": 220, "BRA": 140, "IND": 750, "CUB": 40, "RUS": 365}
PLACE = {"USA": 2.0, "GBR": 1.5, "FRA": 1.2, "BRA": 0.0, "IND": -0.6, "CUB": -1.3, "RUS": -1.0}
SESSIONS = (45, 46, 47, 48)
TITLE = "Question of a made-up sea and its islands"


@pytest.fixture(scope="module")
def votes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four sessions of sixteen votes by seven states; one text comes back every session."""
    rng = np.random.default_rng(1)
    lines = ["rcid,ccode,member,vote,session,date,descr,amend,para,me,nu,di,hr,co,ec"]
    for s in SESSIONS:
        for v in range(16):
            rcid, slope = 100 * s + v, rng.normal()
            low, title = rng.normal(0, 0.8), TITLE if v == 0 else f"Made-up question {s} number {v}"
            for name, place in PLACE.items():
                z = slope * place + rng.normal()
                vote = 8 if rng.random() < 0.05 else 1 + (z > low) + (z > low + 0.5)
                flags = f"0,0,{v % 2},0,0,0,0,0"
                lines.append(f"{rcid},{COW[name]},1,{vote},{s},{1945 + s}-11-05,{title},{flags}")
    path = tmp_path_factory.mktemp("unga") / "UNVotes.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def test_a_scale_of_few_points_says_so(run, votes):
    few = run("ideal-points", "--data", votes, "--from", 1990, "--to", 1990, "--json", "-q").json
    assert any(note.startswith("mean 0 and variance 1 all but fix") for note in few["notes"])
    more = run("ideal-points", "--data", votes, "--json", "-q").json
    assert not any("all but fix" in note for note in more["notes"])


def test_points_are_written_as_asked(run, votes, tmp_path):
    file = tmp_path / "points.csv"
    ran = run("ideal-points", "--data", votes, "-o", file)
    assert ran.code == 0
    assert "28 ideal points: 7 states, 4 sessions (1990-1993)" in ran.out
    table = pl.read_csv(file)
    assert table.columns == ["actor", "session", "year", "mean", "low", "high", "n"]
    assert table.select("actor", "session").rows() == sorted(
        table.select("actor", "session").rows(), key=lambda r: (r[1], r[0])
    )
    assert (table["low"] < table["mean"]).all()
    assert (table["mean"] < table["high"]).all()
    assert table["mean"].mean() == pytest.approx(0, abs=1e-9)
    assert table["mean"].std(ddof=0) == pytest.approx(1)
    by_state = table.group_by("actor").agg(pl.col("mean").mean())
    told = by_state.with_columns(place=pl.col("actor").replace_strict(PLACE))
    assert told.select(pl.corr("mean", "place")).item() > 0.9


def test_json_csv_and_python_tell_the_same(run, votes):
    ran = run("ideal-points", "--data", votes, "--json", "--quiet")
    facts = ran.json
    assert facts["schema"] == "blocs.ideal-points/1"
    assert (facts["from"], facts["to"], facts["categories"]) == (1990, 1993, 3)
    # sixteen votes a session, less three repeats of one text, less any unanimous ones
    assert facts["items"] <= 4 * 16 - 3
    assert facts["converged"] is True
    assert "USA positive" in facts["scale"]
    rows = list(csv.DictReader(io.StringIO(run("ideal-points", "--data", votes, "--csv").out)))
    table = blocs.ideal_points(evidence=Evidence(data=(str(votes),)))
    assert [p["mean"] for p in facts["points"]] == table["mean"].to_list()
    assert [float(row["mean"]) for row in rows] == table["mean"].to_list()
    assert ran.err == ""


def test_years_are_those_in_which_sessions_open(votes):
    table = blocs.ideal_points(from_=1991, to=1992, evidence=Evidence(data=(str(votes),)))
    assert table["session"].unique().sort().to_list() == [46, 47]


def test_issue_binary_level_and_anchor_have_effect(votes):
    evidence = Evidence(data=(str(votes),))
    plain = blocs.ideal_points(evidence=evidence)
    middle_east = blocs.ideal_points(issue=("me",), evidence=evidence)
    assert middle_east["n"].sum() < 0.6 * plain["n"].sum()
    binary = blocs.ideal_points(binary=True, evidence=evidence)
    assert not binary.equals(plain)
    wide = blocs.ideal_points(level=0.99, evidence=evidence)
    assert (wide["high"] > plain["high"]).all()
    turned = blocs.ideal_points(anchor="CUB", evidence=evidence)
    assert turned["mean"].to_list() == (-plain["mean"]).to_list()


def test_draws_depend_on_the_seed_alone(run, votes):
    evidence = Evidence(data=(str(votes),))
    one, two, other = (
        blocs.ideal_points(method="posterior", seed=s, evidence=evidence) for s in (0, 0, 1)
    )
    assert one.equals(two)
    assert not one.equals(other)
    facts = run("ideal-points", "--data", votes, "--method", "posterior", "--json").json
    assert facts["effective_size"] >= 100
    assert facts["converged"] is True


def test_the_published_sampler_says_how_far_it_mixed(monkeypatch, votes):
    def short(ballots, **options):
        return fit_ideal_points(ballots, **options, burn=5, draws=10)

    monkeypatch.setattr(asked, "fit_ideal_points", short)
    facts = asked.ask(method="bsv", evidence=Evidence(data=(str(votes),))).facts
    assert facts.effective_size < 100
    assert any("mixes slowly" in note for note in facts.notes)


def test_mistakes_are_told(run, votes, tmp_path):
    evidence = Evidence(data=(str(votes),))
    with pytest.raises(
        BadInput, match="no roll call in sessions that open in 1950–60; it has 1990–93"
    ):
        blocs.ideal_points(from_=1950, to=1960, evidence=evidence)
    with pytest.raises(BadInput, match="no roll call in sessions that open in 2000; it has"):
        blocs.ideal_points(from_=2000, evidence=evidence)
    with pytest.raises(UnknownName, match="oil"):
        blocs.ideal_points(issue=("oil",), evidence=evidence)
    with pytest.raises(UnknownName, match="anchor"):
        blocs.ideal_points(anchor="ZZZ", evidence=evidence)
    with pytest.raises(MissingData, match="need the roll calls"):
        blocs.ideal_points()
    assert run("ideal-points", "--data", votes, "--level", "90").code == 2
    assert run("ideal-points", "--data", votes, "--method", "mcmc").code == 2
    assert run("ideal-points", "--data", votes, "-o", tmp_path / "points.xyz").code == 2
