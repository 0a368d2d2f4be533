"""`blocs almanac ...`: showing, checking and computing the almanac."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from blocs.almanac import tables
from blocs.almanac.tables import unpack_dyad_votes
from blocs.errors import BadInput
from blocs.ties import figures

Run = Callable[..., Any]
TINY = Path(__file__).parents[2] / "data" / "datasets"


def test_show_lists_the_tables_with_what_is_checked(run: Run) -> None:
    facts = run("almanac", "show", "--json").json
    assert facts["schema"] == "blocs.almanac.tables/1"
    rows = {row["table"]: row for row in facts["tables"]}
    assert rows["treaties"]["n"] == tables.facts("treaties").height
    assert 0 < rows["treaties"]["checked"] < rows["treaties"]["n"]
    assert rows["names"]["checked"] is None
    assert "known through" in run("almanac", "show").out


def test_show_gives_every_row_with_its_citation(run: Run) -> None:
    facts = run("almanac", "show", "nuclear", "--json").json
    assert facts["schema"] == "blocs.almanac.show/1"
    assert facts["n"] == len(facts["rows"]) == tables.facts("nuclear").height
    assert all(row["citation"] for row in facts["rows"])
    assert {row["checked"] for row in facts["rows"]} == {True, False}
    belgium = next(row for row in facts["rows"] if row["actor"] == "BEL")
    assert belgium["start"] == "1963-11"
    header = run("almanac", "show", "red-lines", "--csv").out.splitlines()[0]
    assert header.startswith("row,actor,theatre,rung")
    assert header.endswith("citation,url")


@pytest.mark.parametrize("name", ["treaties", "support", "citations_groups", "names_cldr"])
def test_show_of_any_table_prints(run: Run, name: str) -> None:
    ran = run("almanac", "show", name)
    assert ran.code == 0
    assert ran.out.startswith(f"{name}: ")


def test_show_of_an_unknown_table(run: Run) -> None:
    ran = run("almanac", "show", "treatis")
    assert ran.code == 2
    assert "did you mean treaties" in ran.err


def test_check_compares_with_a_file(run: Run) -> None:
    ran = run("almanac", "check", "--data", TINY / "atop", "--json")
    assert ran.code == 0
    assert ran.json["schema"] == "blocs.almanac.check/1"
    assert {(c["table"], c["dataset"]) for c in ran.json["comparisons"]} >= {("treaties", "atop")}
    assert "sipri" in ran.json["not_compared"]
    assert all(
        set(row)
        == {"table", "key", "column", "almanac", "dataset", "told", "checked", "explanation"}
        for row in ran.json["disagreements"]
    )
    text = run("almanac", "check", "--data", TINY / "atop").out
    assert "treaties v atop: " in text
    assert "Not compared, for want of data: cow-states" in text
    csv = run("almanac", "check", "--data", TINY / "atop", "--csv").out
    assert csv.startswith("table,key,column,almanac,dataset,told,checked,explanation\n")


def test_check_uses_the_project(run: Run) -> None:
    run("data", "add", "atop", TINY / "atop")
    assert run("almanac", "check", "--json").json["comparisons"]


def test_check_without_data_says_what_to_add(run: Run, votes: Path) -> None:
    for words in ((), ("--data", votes)):
        ran = run("almanac", "check", *words)
        assert ran.code == 1
        assert "blocs data add ID PATH" in ran.err


def test_build_writes_figures_and_what_they_came_from(
    run: Run, votes: Path, tmp_path: Path
) -> None:
    into = tmp_path / "figures"
    ran = run("almanac", "build", "--data", votes, "--into", into, "--json")
    assert ran.code == 0
    assert ran.json["schema"] == "blocs.almanac.build/1"
    made = {row["figure"]: row for row in ran.json["figures"]}
    assert set(made) == {"dyad_votes", "issue_votes"}
    assert made["dyad_votes"]["first"] == "1991-10-01"
    assert made["dyad_votes"]["changed"] is True
    packed = pl.scan_parquet(into / "dyad_votes.parquet")
    table = unpack_dyad_votes(packed, reference="USA").collect()
    # 1991: USA yes, Russia no, China absent. 1992: both yes.
    assert table.select("a", "b", "year", "n", "same").rows() == [
        ("RUS", "USA", 1991, 1, 0),
        ("RUS", "USA", 1992, 1, 1),
    ]
    issues = pl.read_parquet(into / "issue_votes.parquet")
    assert issues.select("year", "n_me", "n_ec").rows() == [(1991, 1, 0)]
    told = tomllib.loads((into / "inputs.toml").read_text())
    assert told["dyad_votes"]["inputs"][0]["file"] == "UNVotes.csv"
    assert len(told["dyad_votes"]["sha256"]) == 64


def test_building_again_gives_the_same_bytes(run: Run, votes: Path, tmp_path: Path) -> None:
    into = tmp_path / "figures"
    run("almanac", "build", "--data", votes, "--into", into)
    before = {p.name: p.read_bytes() for p in into.iterdir()}
    again = run("almanac", "build", "--data", votes, "--into", into)
    assert {p.name: p.read_bytes() for p in into.iterdir()} == before
    assert "the same bytes as before" in again.out


def test_building_one_figure_keeps_what_is_known_of_the_others(votes: Path, tmp_path: Path) -> None:
    made = figures.compute_figures([votes])
    figures.write_figures(made, tmp_path)
    text = (tmp_path / "inputs.toml").read_text()
    figures.write_figures(made[:1], tmp_path)
    assert (tmp_path / "inputs.toml").read_text() == text


def test_the_order_of_ballots_changes_no_byte(votes: Path, tmp_path: Path) -> None:
    head, *rows = votes.read_text().splitlines()
    turned = tmp_path / "turned.csv"
    turned.write_text("\n".join([head, *rows[::-1]]) + "\n")
    first, second = (figures.compute_figures([path]) for path in (votes, turned))
    for a, b in zip(first, second, strict=True):
        assert a.table.equals(b.table)


def test_build_from_atop_tells_the_gaps(run: Run, tmp_path: Path) -> None:
    ran = run("almanac", "build", "--data", TINY / "atop", "--into", tmp_path, "--json")
    assert ran.code == 0
    assert [row["figure"] for row in ran.json["figures"]] == ["treaty_gaps"]
    gaps = pl.read_parquet(tmp_path / "treaty_gaps.parquet")
    assert gaps.columns == ["a", "b", "first", "last", "treat"]


def test_show_writes_a_page(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "nuclear.html"
    assert run("almanac", "show", "nuclear", "-o", target, "-q").code == 0
    text = target.read_text("utf-8")
    assert 'id="nuclear-1"' in text
    assert "Nuclear: every row with its citation" in text


def test_bad_input_of_build(run: Run, tmp_path: Path, votes: Path) -> None:
    assert "--data PATH-TO-UN-VOTES" in run("almanac", "build").err
    ran = run("almanac", "build", "--data", tmp_path / "none.csv")
    assert (ran.code, "no such file or folder" in ran.err) == (2, True)
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n")
    ran = run("almanac", "build", "--data", other)
    assert (ran.code, "neither UN votes (unga) nor ATOP" in ran.err) == (1, True)
    ran = run("almanac", "build", "--data", votes, "--into", other)
    assert (ran.code, "is a file" in ran.err) == (2, True)


def test_a_disk_that_refuses_leaves_the_old_figures(
    votes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = figures.compute_figures([votes])
    figures.write_figures(made, tmp_path)
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir() if p.is_file()}

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", refuse)
    with pytest.raises(OSError, match="nothing was changed"):
        figures.write_figures(made, tmp_path)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir() if p.is_file()} == before


def test_a_folder_that_is_a_file_is_told(votes: Path) -> None:
    with pytest.raises(BadInput, match="is a file"):
        figures.write_figures((), votes)


@pytest.mark.shared
def test_the_shipped_figures_are_those_of_the_published_votes(shared: Path) -> None:
    path = shared / "data/un_votes_voeten/UNVotes_ext_2021_2024.csv.gz"
    made = {f.name: f.table for f in figures.compute_figures([path])}
    for name, table in made.items():
        shipped = pl.read_parquet(tables.folder() / "figures" / f"{name}.parquet")
        text = pl.col("a", "b").cast(pl.String)
        late = pl.col("year") >= 2022  # 2021 is in two files
        ours, theirs = (t.filter(late).with_columns(text) for t in (table, shipped))
        assert ours.height > 10_000
        assert ours.equals(theirs)


def test_the_shipped_figures_name_their_inputs() -> None:
    told = tables.figure_inputs()
    shipped = {p.stem for p in (tables.folder() / "figures").glob("*.parquet")}
    assert set(told) == shipped
    for name, about in told.items():
        table = pl.read_parquet(tables.folder() / "figures" / f"{name}.parquet")
        assert about["rows"] == table.height
