"""Three questions on a group's ties, asked as a user does: motives, brokers, order."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from blocs.contracts import Evidence
from blocs.errors import BadInput
from blocs.views.answers.brokers import brokers
from blocs.views.answers.motives import Motives, motives
from blocs.views.answers.order import order
from blocs.views.cli import main

TINY = Path(__file__).parents[2] / "data" / "datasets"
FOUR = ("CHN", "RUS", "IRN", "PRK")


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    with pytest.raises(SystemExit) as stop:
        main(list(words))
    assert stop.value.code == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("command", ["motives", "brokers"])
def test_they_answer_from_the_almanac_alone_and_say_what_is_dark(capsys, command: str) -> None:
    text = said(capsys, command, *FOUR)
    assert "blocs data" in text
    found = json.loads(said(capsys, command, *FOUR, "--json"))
    assert found["schema"] == f"blocs.{command}/1"
    assert found["members"] == ["CHN", "IRN", "PRK", "RUS"]
    assert said(capsys, command, *FOUR, "--csv").count("\n") >= 1


def test_brokers_are_named_as_they_were_called_then(capsys) -> None:
    text = said(capsys, "brokers", "Warsaw Pact", "--from", "1958", "--to", "1962")
    assert "Soviet Union" in text
    assert "Russia" not in text


def test_no_member_is_named_the_wedge_where_all_ties_are_equal(capsys) -> None:
    text = said(capsys, "brokers", "Warsaw Pact", "--from", "1975", "--to", "1975")
    assert "alliances: no one split is cheapest: several cost 6.00" in text
    assert "alliances (1975): without any one member the mean tie stays the same" in text
    assert "votes: the split cheapest parts Romania from the others" in text


def test_only_what_covers_the_period_is_asked_for(capsys) -> None:
    text = said(capsys, "brokers", "Little Entente", "--from", "1925", "--to", "1938")
    assert "add cow-trade" in text
    assert "sipri" not in text


@pytest.mark.shared
def test_going_over_on_votes_is_counted_and_called_nothing_more(capsys, shared) -> None:
    votes = str(shared / "data" / "un_votes_voeten")
    text = said(capsys, "brokers", *FOUR, "--layer", "votes", "--data", votes)
    assert (
        "votes: of 40 disagreements on a text put to the vote again, 6 ended with North Korea "
        "where Iran had stood, 0 the other way round (2013–20)"
    ) in text
    assert "depends" not in text


def test_order_names_a_state_as_it_was_called_then(capsys) -> None:
    assert "Soviet Union" in said(capsys, "order", "RUS", "--from", "1960", "--to", "1970")
    assert "Russia" in said(capsys, "order", "RUS", "--from", "2000", "--to", "2010")


def test_classes_from_the_almanac_add_up() -> None:
    found = motives(*FOUR, from_=2022, to=2024).votes
    assert found.likeness == pytest.approx(sum(c.value for c in found.classes), abs=1e-12)
    assert {c.name: c.value for c in found.classes}["shield"] > 0.4
    assert (found.issues, found.trend, found.placebo) == ((), None, None)


def test_pairs_and_roll_calls_from_the_almanac_are_counted() -> None:
    found = motives(*FOUR, from_=1958, to=1962).votes
    assert (found.pairs, found.possible_pairs) == (1, 6)  # China and North Korea had no vote
    assert found.n_pair is not None
    assert found.n_pair > 100
    assert found.low is not None
    assert found.high is not None
    assert found.low <= (found.likeness or 0.0) <= found.high


def test_what_the_order_does_not_know_is_named_in_words(capsys) -> None:
    text = said(capsys, "order", "CHN", "--from", "2020", "--to", "2024")
    assert "organisations shared with the reference power" in text
    assert "organisations_shared" not in text


def test_another_reference_needs_its_roll_calls() -> None:
    found = motives("USA", "DEU", "FRA", reference="GBR", from_=2022, to=2024).votes
    assert found.likeness is None
    assert "needs its roll calls" in found.why_dark


@pytest.mark.parametrize("power", ["RUS", "CHN"])
def test_the_almanac_tells_what_is_shared_against_russia_and_china(power: str) -> None:
    found = motives("USA", "GBR", "FRA", reference=power, from_=2022, to=2024).votes
    parts = {c.name: c.value for c in found.classes}
    assert max(parts, key=lambda c: parts[c]) == "shield"
    assert sum(parts.values()) == pytest.approx(found.likeness)


@pytest.fixture(scope="module")
def split(shared: Path) -> Motives:
    return motives(
        *FOUR,
        from_=2022,
        to=2024,
        evidence=Evidence(data=(str(shared / "data" / "un_votes_voeten"),)),
    )


@pytest.mark.shared
def test_issues_and_classes_add_up_to_likeness(split: Motives) -> None:
    votes = split.votes
    assert votes.likeness is not None
    assert sum(c.value for c in votes.classes) == pytest.approx(votes.likeness, abs=1e-12)
    assert sum(i.value for i in votes.issues) == pytest.approx(votes.likeness, abs=1e-12)
    for issue in votes.issues:
        parts = (issue.shield, issue.counter, issue.with_reference, issue.neutral, issue.dissent)
        assert sum(parts) == pytest.approx(issue.value, abs=1e-12)
    assert votes.low is not None
    assert votes.high is not None
    assert votes.low <= votes.likeness <= votes.high


@pytest.mark.shared
def test_the_four_are_led_by_the_shield(split: Motives) -> None:
    by_name = {c.name: c.value for c in split.votes.classes}
    assert max(by_name, key=by_name.__getitem__) == "shield"
    assert split.votes.placebo is not None
    assert split.votes.placebo.references > 150
    assert 0 <= split.votes.placebo.shield_percentile <= 1


@pytest.mark.shared
def test_agenda_and_behaviour_make_the_trend(split: Motives) -> None:
    trend = split.votes.trend
    assert trend is not None
    assert (trend.before_from, trend.before_to) == (2019, 2021)
    assert trend.agenda + trend.behaviour == pytest.approx(trend.change, abs=1e-12)
    for parts in (trend.by_stance, trend.by_issue):
        made = sum(p.agenda + p.behaviour for p in parts)
        assert made == pytest.approx(trend.change, abs=1e-12)


def test_russia_bridges_the_treaties_of_the_four() -> None:
    found = brokers(*FOUR, layer="alliances", from_=2022, to=2024)
    (layer,) = found.layers
    assert (layer.brokers[0].member, layer.brokers[0].within) == ("RUS", 2)
    (wedge,) = found.wedges
    assert wedge.cheapest is not None
    assert wedge.cheapest.part == ("IRN",)
    assert wedge.cheapest.proved


def test_the_wedge_of_nato_on_votes_is_turkey() -> None:
    """On 2022-24 it votes least like the others: known beforehand from any roll call of it."""
    found = brokers("BEL", "DEU", "FRA", "GBR", "ITA", "NLD", "TUR", "USA", layer="votes")
    (wedge,) = found.wedges
    assert wedge.cheapest is not None
    assert wedge.cheapest.part in {("TUR",), ("USA",)}
    assert wedge.balanced is not None
    assert len(wedge.balanced.part) >= 2
    assert wedge.balanced.cost >= wedge.cheapest.cost


def test_a_layer_that_cannot_be_cut_is_refused() -> None:
    with pytest.raises(BadInput, match="use votes"):
        brokers(*FOUR, layer="disputes")


def test_order_from_the_almanac_knows_votes_alone(capsys) -> None:
    found = json.loads(said(capsys, "order", "IRN", "--from", "2015", "--json"))
    (state,) = found["states"]
    measures = {m["name"]: m for m in state["measures"]}
    assert measures["votes"]["years"][0]["year"] == 2015
    assert measures["votes"]["counted"] == "roll calls"
    calls = {y["year"]: y["n"] for y in measures["votes"]["years"]}
    assert calls[2024] <= 6 < calls[2023]  # the almanac's votes end in June 2024
    assert f"n {calls[2024]} roll calls" in said(capsys, "order", "IRN", "--from", "2015")
    head, *rows = said(capsys, "order", "IRN", "--from", "2023", "--csv").splitlines()
    assert head.split(",")[4:6] == ["n", "counted"]
    assert rows[-1].split(",")[4:6] == [str(calls[2024]), "roll calls"]
    assert measures["trade_allies"]["years"] == []
    assert "cow-trade" in measures["trade_allies"]["why_dark"]
    assert "gsdb" in state["why_no_episodes"]


@pytest.mark.parametrize(
    ("words", "message"), [((), "name a state"), (("USA",), "reference itself")]
)
def test_order_refuses_what_makes_no_sense(words: tuple[str, ...], message: str) -> None:
    with pytest.raises(BadInput, match=message):
        order(*words)


def test_organisations_end_where_the_data_do(tmp_path: Path) -> None:
    rows = "\n".join(
        f"{code},{year},{full},0,0,{full}"
        for code, full in ((2, 80), (630, 60), (731, 30), (365, 85))
        for year in (2013, 2014)
    )
    path = tmp_path / "igo.csv"
    path.write_text(
        "ccode,year,sum_igo_full,sum_igo_associate,sum_igo_observer,sum_igo_anytype\n" + rows
    )
    found = order("PRK", from_=2010, to=2020, evidence=Evidence(data=(str(path),)))
    (state,) = found.states
    told = next(m for m in state.measures if m.name == "organisations")
    assert [(y.year, y.value, y.states) for y in told.years] == [(2013, 30, 4), (2014, 30, 4)]
    assert told.years[0].percentile == 0.125


def test_sanctions_that_joined_an_episode_are_named_with_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head = (TINY / "gsdb" / "cases.csv").read_text().splitlines()[0]
    cases = [
        f"{k},Iran,{who},{begin},2016,1,,0,0,0,0,0,0,0,other,failed"
        for k, who, begin in (
            (1, "Japan", 2000),
            (2, "Canada", 2002),
            (3, "Japan", 2004),
            (4, "Canada", 2007),
        )
    ]
    file = tmp_path / "cases.csv"
    file.write_text("\n".join([head, *cases]))
    words = ("order", "IRN", "--to", "2010", "--data", str(file))
    (state,) = json.loads(said(capsys, *words, "--json"))["states"]
    assert [(e["began"], e["senders"], e["then"], e["joined"]) for e in state["episodes"]] == [
        (2000, ["JPN"], [2002, 2004], ["CAN", "JPN"]),
        (2007, ["CAN"], [], []),
    ]
    assert "more began in 2002 and 2004, by Canada and Japan: not told apart" in said(
        capsys, *words
    )
