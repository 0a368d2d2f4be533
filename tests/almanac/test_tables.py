"""The embedded almanac as tables: dates, flags, figures unpacked as they were packed."""

from __future__ import annotations

import tomllib
from datetime import date

import numpy as np
import polars as pl
import pytest
from tests import world

from blocs.alignment.vote_sums import CLASSES
from blocs.almanac.tables import (
    POWERS,
    about,
    dyad_votes,
    facts,
    figure_inputs,
    folder,
    issue_votes,
    pack_dyad_votes,
    pack_issue_votes,
    treaty_gaps,
    unpack_dyad_votes,
)
from blocs.dates import Partial
from blocs.errors import BadInput, UnknownName
from blocs.files import sha256
from blocs.schemas import ISSUES, DyadVotes, IssueVotes
from blocs.ties import common_votes

NAMES = sorted(p.stem for p in (folder() / "facts").glob("*.csv"))


@pytest.mark.parametrize("name", NAMES)
def test_every_row_is_numbered_as_it_stands_in_its_file(name: str) -> None:
    table = facts(name)
    with (folder() / "facts" / f"{name}.csv").open(encoding="utf-8") as stream:
        header = stream.readline().strip().split(",")
    assert table["row"].to_list() == list(range(1, table.height + 1))
    assert set(header) <= set(table.columns)


@pytest.mark.parametrize("name", NAMES)
def test_every_date_that_was_written_is_a_date(name: str) -> None:
    """No date is lost between the text and the day."""
    table = facts(name)
    for text in (c for c in table.columns if c.endswith("_text")):
        day = pl.col(text.removesuffix("_text")).alias("day")
        told = table.select(pl.col(text).alias("text"), day).drop_nulls("text").unique()
        assert all(Partial.parse(written).first == day for written, day in told.iter_rows())


@pytest.mark.parametrize("name", NAMES)
def test_flags_are_written_true_false_or_not_at_all(name: str) -> None:
    raw = pl.read_csv(folder() / "facts" / f"{name}.csv", infer_schema=False)
    for column, dtype in facts(name).schema.items():
        if dtype == pl.Boolean:
            assert set(raw[column].unique()) <= {"true", "false", "", None}, column


def test_facts_that_are_not_there_are_told() -> None:
    with pytest.raises(UnknownName, match="Known: actors, "):
        facts("nosuch")
    with pytest.raises(BadInput):
        facts("../almanac")


def test_figures_of_votes_obey_their_table() -> None:
    table = dyad_votes()
    assert DyadVotes.is_valid(table)
    assert (table["year"].min(), table["year"].max()) == (1946, 2024)
    assert (table["same"] <= table["n"]).all()
    assert (table["distance"] <= 2 * table["n"]).all()
    assert (table["n"] - table["same"] <= table["distance"]).all()


def test_residual_products_obey_cauchy_and_schwarz() -> None:
    total = pl.sum_horizontal("shield", "counter", "with_reference", "neutral", "dissent")
    slack = 0.05 + 1e-6  # five sums and two squares, each rounded to a hundredth
    wrong = dyad_votes().filter(
        total.abs() > ((pl.col("ss_a") + 0.01) * (pl.col("ss_b") + 0.01)).sqrt() + slack
    )
    assert wrong.is_empty()
    signs = dyad_votes().select(
        pl.col("shield", "counter", "with_reference", "neutral").min(), pl.col("dissent").max()
    )
    assert (np.array(signs.row(0)) * [1, 1, 1, 1, -1] >= 0).all()


def test_counts_by_issue_are_within_counts_of_all() -> None:
    among = ["CHN", "IRN", "PRK", "RUS", "USA"]
    table = issue_votes(among)
    assert IssueVotes.is_valid(table)
    assert set(table["a"]) | set(table["b"]) == set(among)
    joined = table.join(dyad_votes(), on=["a", "b", "year"], how="left", suffix="_all")
    assert (joined["n"] <= joined["n_all"]).all()
    assert (joined["same"] <= joined["same_all"]).all()
    assert (joined["distance"] <= joined["distance_all"]).all()
    assert issue_votes(["CHN"]).is_empty()
    assert issue_votes(["RUS", "CHN"]).equals(issue_votes(["CHN", "RUS"]))


def test_known_years_without_votes_are_empty() -> None:
    """No recorded vote was taken at the nineteenth session (1964); few remain in 2022 and 2024."""
    per_year = dict(dyad_votes().group_by("year").agg(pl.col("n").max()).iter_rows())
    assert per_year.get(1964, 0) <= 1
    assert per_year[2024] <= 6
    assert per_year[2023] > 50


def test_votes_are_packed_without_loss() -> None:
    """Sums to a hundredth; by the votes of the other powers to a tenth, and adding up."""
    calls, ballots = world.rollcalls(), world.ballots()
    table = common_votes.dyad_votes(calls, ballots)
    classes = common_votes.classes_by_power(calls, ballots, POWERS)
    packed = pack_dyad_votes(table, classes).lazy()
    key = ["year", "a", "b"]
    back = unpack_dyad_votes(packed, reference="USA").collect().sort(key)
    sums = [c for c, kind in table.schema.items() if kind == pl.Float64]
    assert back.drop(sums).equals(table.sort(key).drop(sums))
    assert (back.select(sums) - table.sort(key).select(sums)).to_numpy() == pytest.approx(
        0, abs=0.005 + 1e-9
    )
    for power in POWERS:
        mine = unpack_dyad_votes(packed, reference=power).collect().sort(key)
        want = classes.sort(key)
        for part in ("shield", "counter", "neutral"):
            assert mine[part].to_list() == pytest.approx(
                want[f"{part}_{power}"].to_list(), abs=0.05 + 1e-9
            )
        total = pl.sum_horizontal(CLASSES)
        assert mine.select(total).to_series().to_list() == pytest.approx(
            back.select(total).to_series().to_list(), abs=1e-9
        )


def test_a_sum_too_large_for_its_two_bytes_is_refused() -> None:
    calls, ballots = world.rollcalls(), world.ballots()
    table = common_votes.dyad_votes(calls, ballots).with_columns(ss_a=pl.lit(700.0))
    with pytest.raises(pl.exceptions.InvalidOperationError):
        pack_dyad_votes(table, common_votes.classes_by_power(calls, ballots, POWERS))


@pytest.mark.parametrize("power", POWERS)
def test_the_same_sums_are_classed_by_the_votes_of_other_powers(power: str) -> None:
    ours, theirs = dyad_votes(), dyad_votes(reference=power)
    same = ["a", "b", "year", "n", "same", "distance", "dissent", "ss_a", "ss_b"]
    assert ours.select(same).equals(theirs.select(same))
    total = pl.sum_horizontal(CLASSES)
    gap = ours.select(t=total)["t"] - theirs.select(t=total)["t"]
    assert gap.abs().max() == pytest.approx(0, abs=1e-9)
    assert theirs.select(pl.col("shield", "counter", "neutral").min()).row(0) == (0, 0, 0)
    assert theirs["with_reference"].min() > -0.2  # what three rounded sums leave
    early = theirs.filter(pl.col("year") < 1971)
    took = early.select(pl.col("shield", "counter").max()).row(0)
    assert (took == (0, 0)) == (power == "CHN")  # its seat was Taipei's


def test_issues_are_packed_without_loss() -> None:
    table = common_votes.issue_votes(world.rollcalls(), world.ballots())
    packed = pack_issue_votes(table)
    assert packed.columns[3:] == [
        f"{c}_{issue}" for c in ("n", "same", "distance") for issue in ISSUES
    ]
    assert packed.null_count().sum_horizontal().item() == 0
    for issue in ISSUES:
        mine = table.filter(pl.col("issue") == issue).sort("year", "a", "b")
        kept = packed.filter(pl.col(f"n_{issue}") > 0)
        assert kept[f"same_{issue}"].to_list() == mine["same"].to_list()
        assert kept["year"].to_list() == mine["year"].to_list()


def test_issues_that_never_occur_have_their_columns() -> None:
    """Two issues in hand, four never voted on: no column goes missing."""
    table = common_votes.issue_votes(world.rollcalls(), world.ballots())
    two = table.filter(pl.col("issue").is_in(["me", "ec"]))
    packed = pack_issue_votes(two)
    assert packed.columns == pack_issue_votes(table).columns
    assert (
        packed.select(f"n_{issue}" for issue in ("nu", "di", "hr", "co")).sum().row(0) == (0,) * 4
    )
    assert packed["n_me"].sum() == two.filter(pl.col("issue") == "me")["n"].sum()


def test_gaps_between_treaties_and_atop_are_pairs_and_years() -> None:
    gaps = treaty_gaps()
    assert gaps.columns == ["a", "b", "first", "last", "treat"]
    assert (gaps["a"] < gaps["b"]).all()
    assert (gaps["first"] <= gaps["last"]).all()
    assert (gaps["last"] <= 2018).all()


def test_the_almanac_says_how_far_it_reaches() -> None:
    told = about()
    assert date.fromisoformat(str(told["almanac"]["known_through"])).year >= 2024
    with (folder() / "almanac.toml").open("rb") as stream:
        written = tomllib.load(stream)
    assert told.keys() == written.keys()
    for name, section in written.items():
        assert section.items() <= told[name].items()
    for name in ("dyad_votes", "issue_votes", "treaty_gaps"):
        assert {"what", "command", "inputs", "terms", "first", "last"} <= set(told[name])


@pytest.mark.parametrize("name", ["dyad_votes", "issue_votes", "treaty_gaps"])
def test_a_figure_names_the_files_it_was_computed_from(name: str) -> None:
    """Each input by data set, version, file and checksum; the figure by its own."""
    told = about()[name]
    sources = figure_inputs()[name]["inputs"]
    assert told["sources"] == sources
    assert isinstance(sources, list)
    for one in sources:
        assert set(one) == {"dataset", "version", "file", "sha256", "rows"}
        assert len(one["sha256"]) == 64
    figure = folder() / "figures" / f"{name}.parquet"
    assert sha256(figure) == told["sha256"]
    assert pl.scan_parquet(figure).select(pl.len()).collect().item() == told["rows"]


def test_package_data_stays_small() -> None:
    """At most twenty-five megabytes in all."""
    every = [p for p in folder().parent.rglob("*") if p.is_file() and p.suffix != ".py"]
    size = sum(p.stat().st_size for p in every if "__pycache__" not in p.parts)
    assert size <= 25 * 2**20
