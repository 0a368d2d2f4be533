"""The axis test as a user runs it, and answers known beforehand."""

from __future__ import annotations

import json
from math import comb

import numpy as np
import polars as pl
import pytest
from scipy.stats import kstest

from blocs.alignment.cohesion import vote_cohesion
from blocs.alignment.groups import Group
from blocs.alignment.traits import traits_of
from blocs.alignment.uncertainty import resample_verdict
from blocs.alignment.vote_draws import draw_years
from blocs.alignment.vote_sums import VoteSums, vote_sums
from blocs.errors import BadInput
from blocs.evidence.almanac_facts import almanac_facts
from blocs.views.answers.axis import assess_axis
from blocs.views.cli import main
from blocs.views.records.axis import AxisTest


@pytest.fixture(scope="module")
def four() -> AxisTest:
    return assess_axis("CHN", "RUS", "IRN", "PRK", from_=2022, to=2024, named=2022)


@pytest.fixture(scope="module")
def sums() -> VoteSums:
    return vote_sums(almanac_facts().dyad_votes.filter(pl.col("year").is_in([2018, 2019])))


def test_the_four_are_a_front_and_the_table_says_what_is_dark(four: AxisTest) -> None:
    assert four.grade == "front"
    rows = {(r.aspect, r.layer): r for r in four.tests}
    votes = rows["likeness", "votes"]
    assert votes.percentile is not None
    assert votes.percentile > 0.95
    assert votes.exact
    assert rows["coordination", "votes"].value is None
    assert "roll calls" in rows["coordination", "votes"].why_dark
    assert rows["commitment", "trade"].why_dark


def test_their_treaties_make_a_star_round_russia(four: AxisTest) -> None:
    shape = next(s.shape for s in four.shapes if s.layer == "alliances")
    assert shape.form == "star"
    assert shape.hub is not None
    assert (shape.hub.member, shape.hub.degree) == ("RUS", 3)


def test_states_that_cannot_be_compared_are_told_with_the_reason(four: AxisTest) -> None:
    rows = {(r.aspect, r.layer): r for r in four.tests}
    votes = rows["likeness", "votes"]
    assert votes.members == 4
    assert votes.states is not None
    assert votes.sets == comb(votes.states, 4)
    gone = {x.actor: x for x in four.uncompared if x.aspect == "likeness"}
    assert gone["VEN"].why == "cast no vote that can be compared"
    assert gone["STP"].why.startswith("shares no roll call with Afghanistan, Azerbaijan, ")
    assert "SOM" in gone["STP"].unknown_with
    assert not {"CSK", "DDR", "YUG", *four.members} & set(gone)


def test_the_percentile_is_of_as_many_members_as_are_compared() -> None:
    found = assess_axis("CHN", "CUB", "IRN", "RUS", from_=1958, to=1962)
    votes = next(r for r in found.tests if r.layer == "votes")
    assert (votes.members, votes.pairs, votes.possible_pairs) == (3, 3, 6)
    assert votes.sets == comb(votes.states or 0, 3)
    assert "groups of 3 states (3 of 4 members; " in found.findings[0].sentence


def test_too_few_known_pairs_are_no_missing_data() -> None:
    found = assess_axis("CHN", "RUS", "IRN", "PRK", from_=1958, to=1962)
    votes = next(r for r in found.tests if r.layer == "votes")
    assert votes.value is None
    assert votes.why_dark.startswith("too few pairs of the group")


def test_states_of_their_kind_and_resampled_years_are_beside_the_verdict(four: AxisTest) -> None:
    assert four.matched is not None
    assert (four.matched.percentile is None) == (four.matched.effective < 50)
    assert four.uncertainty is not None
    assert sum(g.share for g in four.uncertainty.grades) == pytest.approx(1)
    assert four.uncertainty.grades[0].name == "front"
    assert four.uncertainty.percentile_low <= four.uncertainty.percentile_high


def test_the_likeness_of_the_four_is_older_than_their_support(four: AxisTest) -> None:
    since = {s.layer: s for s in four.since}["votes"]
    assert since.changes
    assert max(c.year for c in since.changes) < 2022


def test_votes_after_the_naming_confirm_or_not(four: AxisTest) -> None:
    found = four.confirmation
    assert found is not None
    assert (found.named, found.first, found.last) == (2022, 2023, 2024)
    assert 0 < found.p <= 1


def test_analogues_are_near_and_far(four: AxisTest) -> None:
    assert four.nearest[0].distance <= four.nearest[-1].distance
    assert min(a.distance for a in four.farthest) > four.nearest[-1].distance


def test_the_command_tells_all_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["axis", "DEU", "ITA", "JPN", "--reference", "GBR", "--from", "1938", "--to", "1938"])
    assert stop.value.code == 0
    text = capsys.readouterr().out
    assert "against the United Kingdom: not known" in text
    assert "What this cannot say" in text


def test_the_text_names_the_states_in_no_set(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["axis", "CHN", "RUS", "IRN", "PRK", "--from", "2022", "--to", "2024"])
    assert stop.value.code == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "among all 53,727,345 sets of 4 of 191 states; in none of them: Sao Tome" in text
    assert "Taiwan and Venezuela (cast no vote that can be compared)" in text


def test_no_figure_is_cut_short_on_eighty_columns(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["axis", "CHN", "RUS", "IRN", "PRK"])
    assert stop.value.code == 0
    head, votes = capsys.readouterr().out.splitlines()[1:3]
    assert head.split()[-5:] == ["percentile", "p", "n", "years", "pairs"]
    assert votes.split()[-4:] == ["0.008", "161", "2022–24", "6/6"]


def test_the_axis_of_1938_is_not_bound(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(
            ["axis", "DEU", "ITA", "JPN", "--reference", "GBR", "--from", "1938", "--to", "1938",
             "--json"]
        )  # fmt: skip
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == "blocs.axis/1"
    assert {f["name"]: f["holds"] for f in found["findings"]}["bound"] == "no"
    assert found["uncertainty"] is None
    assert found["matched"] is None
    assert "Axis" not in [a["name"] for a in found["nearest"]]


def test_a_shock_is_a_day() -> None:
    with pytest.raises(BadInput, match="YYYY-MM-DD"):
        assess_axis("CHN", "RUS", from_=2022, shock=("last spring",))


def test_groups_by_lot_have_uniform_p_on_votes(sums: VoteSums) -> None:
    """p is the share of groups as alike under the null: over groups by lot it is uniform."""
    one = sums.within([2019])
    rng = np.random.default_rng(11)
    p = []
    for _ in range(100):
        members = tuple(sorted(rng.choice(one.actors, 3, replace=False).tolist()))
        found = vote_cohesion(one, Group("g", "", ((2019, members),)), window=[2019], rng=rng)
        if found is not None:
            p.append(found.null.at_least)
    assert len(p) > 90
    assert kstest(p, "uniform").pvalue > 0.01


def test_a_sure_verdict_comes_out_of_every_resample(sums: VoteSums) -> None:
    nordics = Group("g", "", ((2019, ("DNK", "FIN", "ISL", "NOR", "SWE")),))
    truth = {
        "alike": "yes", "unlike": "no", "against": "no", "bound": "no", "hub_free": "no",
        "star": "no",
    }  # fmt: skip
    rng = np.random.default_rng(0)
    found = resample_verdict(
        draw_years(sums, [2018, 2019], rng), nordics, ["USA", "GBR"], truth,  # type: ignore[arg-type]
        classed=True, rng=rng, draws=20,
    )  # fmt: skip
    assert found is not None
    assert [(g.name, g.share) for g in found.grades] == [("none", 1.0)]
    assert {f.name: f.share for f in found.findings}["alike"] == 1.0
    one_year = resample_verdict(
        draw_years(sums, [2019], rng), nordics, ["USA"], truth, classed=True, rng=rng  # type: ignore[arg-type]
    )  # fmt: skip
    assert one_year is None


def test_traits_are_one_of_each_kind() -> None:
    table, columns = traits_of(["CHN", "FRA", "USA", "TUV"], 2020)
    for kind in ("region", "regime", "power"):
        at = [k for k, c in enumerate(columns) if c.startswith(f"{kind}:")]
        assert table[:, at].sum(axis=1).tolist() == [1.0] * 4
