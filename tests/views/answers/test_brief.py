"""A brief as users and their programs ask for it: names, periods, JSON, one clear message."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.known_groups import assessed, layer

from blocs.contracts import Evidence
from blocs.errors import BadInput, NotMember, UnknownName
from blocs.records import Brief
from blocs.views.answers.brief import brief
from blocs.views.wording import day

KEYS = (
    "schema", "group", "period", "reference", "layers", "dyads", "motives", "members",
    "treaties", "support", "analogues", "verdict", "sources",
)  # fmt: skip
AXIS = ("Germany", "Italy", "JPN", "--reference", "Britain", "--from", "1938", "--to", "1938")


def numbers(tree: Any) -> list[float]:
    if isinstance(tree, float):
        return [tree]
    if isinstance(tree, dict):
        return [x for value in tree.values() for x in numbers(value)]
    if isinstance(tree, list | tuple):
        return [x for value in tree for x in numbers(value)]
    return []


# what a program reads ---------------------------------------------------------


@pytest.mark.parametrize("name", ["the four", "BRICS", "Axis 1938", "before the seat"])
def test_json_has_every_key_no_nan_and_comes_back_the_same(name):
    found = assessed(name)
    raw = msgspec.json.encode(found)
    tree = msgspec.json.decode(raw)
    assert not set(KEYS) - set(tree)
    assert tree["schema"] == "blocs.brief/1"
    assert {"from", "to", "known_through"} == set(tree["period"])
    assert all(math.isfinite(x) for x in numbers(msgspec.to_builtins(found)))
    assert msgspec.json.decode(raw, type=Brief) == found


@pytest.mark.parametrize("name", ["the four", "BRICS", "Warsaw Pact", "Axis 1938", "two allies"])
def test_figures_hang_together(name):
    found = assessed(name)
    for one in found.layers:
        assert (one.residual is None) == bool(one.why_dark)
        assert one.pairs + len(one.holes) == one.possible_pairs or one.residual is None
        if one.residual is None:
            assert (one.raw, one.percentile, one.p) == (None, None, None)
            continue
        assert 0 <= (one.percentile or 0) <= 1
        assert 0 < (one.p or 0) <= 1
        assert (one.low is None) == (len(one.years) == 1)
        if one.low is not None and one.high is not None:
            assert one.low <= one.residual <= one.high
        assert one.exact == (len(found.group.members) <= 4 or one.pairs <= 6)
        assert (one.percentile_error == 0) == one.exact
        assert set(one.years) <= set(range(found.period.first, found.period.last + 1))
        assert all(p.low <= p.high for p in one.series)
        assert one.feeds
    votes = layer(found, "votes")
    if found.motives.classes:
        assert votes.residual is not None
        assert sum(m.value for m in found.motives.classes) == pytest.approx(votes.residual)
        for m in found.motives.classes:
            assert m.low is None or m.low <= m.value <= (m.high or 0)
    for d in found.dyads:
        assert d.a < d.b
        if d.votes and d.votes.likeness is not None and d.votes.shield is not None:
            v = d.votes
            parts = (v.shield, v.counter, v.with_reference, v.neutral, v.dissent)
            assert sum(p or 0 for p in parts) == pytest.approx(v.likeness)
            assert -1 <= v.likeness <= 1
    anchors = {m.id for m in found.methods}
    assert {s.anchor for s in found.verdict.sentences} <= anchors
    assert {one.method for one in found.layers} <= anchors
    assert {s.source for s in found.verdict.sentences if s.source} <= {s.id for s in found.sources}


def test_the_dyads_average_to_the_group():
    found = assessed("the four")
    likeness = [d.votes.likeness for d in found.dyads if d.votes]
    assert len(likeness) == 6
    votes = layer(found, "votes")
    assert sum(x or 0 for x in likeness) / 6 == pytest.approx(votes.residual)
    agreement = [d.votes.agreement for d in found.dyads if d.votes]
    assert sum(agreement) / 6 == pytest.approx(votes.raw)


def test_leaving_one_out_is_the_mean_of_the_other_pairs():
    found = assessed("the four")
    votes = layer(found, "votes")
    likeness = {(d.a, d.b): d.votes.likeness or 0 for d in found.dyads if d.votes}
    for x in votes.left_out:
        rest = [v for pair, v in likeness.items() if x.member not in pair]
        assert x.without == pytest.approx(sum(rest) / 3)
        assert x.change == pytest.approx(sum(rest) / 3 - (votes.residual or 0))


def test_four_states_are_ranked_among_all_fours():
    votes = layer(assessed("the four"), "votes")
    assert votes.states is not None
    assert votes.exact
    assert votes.groups == math.comb(votes.states, 4)


def test_same_seed_same_bytes_whatever_the_hash_seed(tmp_path):
    """Two programs of their own, so that nothing an earlier test did can matter."""
    ran = [
        subprocess.Popen(
            [sys.executable, "-m", "blocs", "brief", "CHN", "RUS", "IRN", "PRK", "--json"],
            stdout=subprocess.PIPE, cwd=tmp_path,
            env=os.environ | {"PYTHONHASHSEED": seed, "BLOCS_PROJECT": str(tmp_path / "none")},
        )
        for seed in ("1", "7")
    ]  # fmt: skip
    one, other = (r.communicate()[0] for r in ran)
    assert [r.returncode for r in ran] == [0, 0]
    assert one == other
    found = msgspec.json.decode(one, type=Brief)
    assert one.decode() == msgspec.json.format(msgspec.json.encode(found)).decode() + "\n"
    assert not list(tmp_path.iterdir())


def test_another_seed_moves_intervals_and_no_figure():
    a = assessed("Axis 1938")
    b = brief("DEU", "ITA", "JPN", reference="GBR", from_=1938, to=1938, seed=5)
    assert b.command == a.command + " --seed 5"
    assert [one.residual for one in a.layers] == [one.residual for one in b.layers]


def test_order_of_the_members_does_not_matter():
    a = assessed("Axis 1939")
    b = brief("JPN", "Italy", "Germany", reference="Britain", from_=1939, to=1939)
    assert msgspec.structs.replace(b, command=a.command) == a


# what users type ----------------------------------------------------------------


def test_default_period_is_2022_to_what_the_almanac_knows():
    found = assessed("the four")
    assert (found.period.first, str(found.period.last)) == (2022, found.period.known_through[:4])
    assert (found.reference.id, found.group.members_at) == ("USA", None)


def test_names_and_states_of_the_past():
    found = assessed("before the seat")
    assert [m.id for m in found.group.members] == ["CHN", "PRK", "RUS"]
    gdr = brief("GDR", "USSR", to=1980)
    assert [m.id for m in gdr.group.members] == ["DDR", "RUS"]
    assert (gdr.period.first, gdr.period.last) == (1976, 1980)


def test_a_named_group_has_the_members_of_each_year():
    found = assessed("BRICS")
    by_year = {y.year: set(y.members) for y in found.group.by_year}
    five = {"BRA", "CHN", "IND", "RUS", "ZAF"}
    assert by_year[2022] == by_year[2023] == five
    assert by_year[2024] >= five | {"EGY", "ETH", "IRN", "ARE"}
    assert found.group.membership_changes
    assert found.group.slug == "brics"
    joined = {m.id: m.joined for m in found.members}
    assert (joined["CHN"], joined["IRN"]) == (2022, 2024)


def test_members_at_freezes_the_group():
    found = brief("BRICS", to=1995, from_=1995, members_at=2023)
    assert {y.members for y in found.group.by_year} == {("BRA", "CHN", "IND", "RUS", "ZAF")}
    assert not found.group.membership_changes
    assert found.group.members_at == 2023
    assert "--members-at 2023" in found.command


def test_another_reference_leaves_the_classes_dark_and_says_how_to_light_them():
    """The almanac classes roll calls by the votes of three powers alone."""
    found = brief("USA", "Canada", reference="GBR", from_=2022)
    assert found.reference.id == "GBR"
    assert found.motives.classes == ()
    assert found.motives.series == ()
    assert "blocs data" in found.motives.why_dark
    assert layer(found, "votes").residual is not None
    for d in found.dyads:
        assert d.votes is not None
        assert d.votes.likeness is not None
        assert (d.votes.shield, d.votes.counter, d.votes.dissent) == (None, None, None)
    assert {(a.shield, a.counter, a.dissent) for a in found.analogues} == {(None, None, None)}


def test_china_as_the_reference_has_classes_in_the_almanac_too():
    """It classes roll calls by the votes of the United States, Russia and China."""
    found = assessed("two allies")
    assert found.reference.id == "CHN"
    names = [one.name for one in found.motives.classes]
    assert names == ["shield", "counter", "with_reference", "neutral", "dissent"]
    assert layer(found, "votes").residual is not None
    for d in found.dyads:
        assert d.votes is not None
        assert d.votes.likeness is not None
        assert None not in (d.votes.shield, d.votes.counter, d.votes.dissent)


def test_the_reference_is_the_pole_that_is_no_member():
    assert assessed("NATO 1955").reference.id == "RUS"
    assert "USA" in {m.id for m in assessed("NATO 1955").group.members}


def test_one_year_has_no_interval():
    found = assessed("NATO 1955")
    for one in found.layers:
        assert (one.low, one.high) == (None, None)
    assert (found.reference.low, found.reference.high) == (None, None)
    assert all(m.low is None for m in found.motives.classes)
    assert "one year" in layer(found, "votes").interval


def test_a_period_before_the_united_nations_has_no_votes():
    found = assessed("Axis 1938")
    votes = layer(found, "votes")
    assert not votes.lit
    assert "1946" in votes.why_dark
    assert votes.series == ()
    assert found.support == ()
    assert found.motives.why_dark


@pytest.mark.parametrize(
    ("folder", "name", "why"),
    [
        ("un_digital_library_votes", "undl", "it tells nothing of 2022–24"),
        ("cow_states", "cow-states", "it feeds none of the layers of a brief"),
    ],
)
def test_a_data_set_of_no_use_is_named_and_changes_nothing(shared, folder, name, why):
    plain = msgspec.to_builtins(assessed("the four"))
    data = Evidence(data=(str(shared / "data" / folder),))
    given = brief("CHN", "RUS", "IRN", "PRK", evidence=data)
    said = f"{name} was read, and nothing in this brief rests on it: {why}"
    assert said in given.warnings
    told = msgspec.to_builtins(given)
    for key in ("layers", "motives", "dyads", "analogues", "verdict", "sources"):
        assert told[key] == plain[key]


def test_no_votes_are_asked_for_before_there_was_a_united_nations():
    found = brief("Little Entente", from_=1925, to=1938)
    assert layer(found, "votes").why_dark == "almanac covers 1946–2024 only, not 1925–38"
    assert "add cow-trade" in layer(found, "trade").why_dark
    assert layer(found, "arms").why_dark == "no data set that blocs reads covers 1925–38"


def test_a_data_set_that_ends_before_the_period_is_not_asked_for_again(shared):
    found = brief("CHN", "RUS", evidence=Evidence(data=(str(shared / "data" / "cow_trade"),)))
    assert layer(found, "trade").why_dark == "cow-trade covers 1870–2014 only, not 2022–24"
    [trade] = [s for s in found.sources if s.id == "cow-trade"]
    assert (trade.first, trade.last) == (1870, 2014)


def test_too_few_known_pairs_are_not_called_no_votes():
    found = brief("GBR", "USSR", "GDR", from_=1960, to=1970)  # East Germany joined in 1973
    votes = layer(found, "votes")
    assert votes.lit
    assert votes.residual is None
    assert votes.why_dark.startswith("too few pairs of the group")
    told = " ".join(s.text for s in found.verdict.sentences)
    assert "not known: too few of its pairs voted together" in told
    assert "no UN votes in this period" not in found.warnings


def test_a_period_past_what_is_known_is_warned_of():
    found = brief("SWE", "FIN", from_=2024, to=2026)
    assert (found.period.first, found.period.last) == (2024, 2026)
    known = day(found.period.known_through)
    assert any(known in w and "2024–26" in w for w in found.warnings)
    assert layer(found, "votes").years == (2024,)


def test_the_holes_of_the_votes_are_named():
    told = " ".join(assessed("the four").warnings)
    assert "2024-06-04" in told or "4 June 2024" in told
    assert "six" in told


def test_hindsight_is_told_beside_the_p_value():
    told = assessed("the four").verdict.hindsight
    assert "after looking" in told
    assert assessed("BRICS").verdict.hindsight


def test_the_command_in_the_brief_gives_the_brief_again():
    found = assessed("the pact of 1939")
    assert found.command == ("blocs brief DEU USSR --reference GBR --from 1939 --to 1941")


# what goes wrong ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "error", "told"),
    [
        (["Russa", "CHN"], UnknownName, ["Russa", "Russia"]),
        (["Warsow Pact"], UnknownName, ["Warsow Pact", "Warsaw Pact"]),
        (["XYZ", "CHN"], UnknownName, ["XYZ", "blocs who"]),
        ([], BadInput, ["empty group", "two states"]),
        (["CHN"], BadInput, ["two different states"]),
        (["CHN", "China"], BadInput, ["two different states", "CHN, China"]),
        (["Soviet Union", "Russia"], BadInput, ["two different states"]),
        (["GDR", "RUS", "--from", "2000", "--to", "2001"], NotMember, ["East Germany", "1990"]),
        (["NATO", "--from", "1930", "--to", "1935"], NotMember, ["NATO", "1949"]),
        (["CHN", "RUS", "--reference", "RUS"], BadInput, ["--reference RUS", "member"]),
        (["CHN", "RUS", "--reference", "Ruritania"], UnknownName, ["Ruritania"]),
        (["CHN", "RUS", "--from", "2020", "--to", "2010"], BadInput, ["2020", "2010"]),
        (["CHN", "RUS", "--from", "1700", "--to", "1710"], BadInput, ["1816"]),
        (["CHN", "RUS", "--data", "nowhere.csv"], BadInput, ["nowhere.csv"]),
        (["CHN", "RUS", "--project", "nowhere"], BadInput, ["nowhere"]),
        (["CHN", "RUS", "--from", "soon"], None, ["soon"]),
    ],
    ids=lambda x: " ".join(x)[:40] if isinstance(x, list) else None,
)  # fmt: skip
def test_bad_input_is_one_clear_message(run, tmp_path, monkeypatch, words, error, told):
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    ran = run("brief", *words)
    assert ran.code == 2
    assert ran.out == ""
    assert "Traceback" not in ran.err
    assert ran.err.strip()
    for word in told:
        assert word in ran.err
    if error is not None:
        assert ran.err.count("\n") == 1
    assert not list(Path(here).iterdir())


def test_an_error_for_machines_names_its_kind(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ran = run("brief", "Russa", "CHN", "--json")
    assert ran.code == 2
    body = msgspec.json.decode(ran.err)["error"]
    assert body["kind"] == "UnknownName"
    assert "Russia" in body["message"]


def test_the_table_of_pairs(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ran = run("brief", *AXIS, "--csv")
    assert ran.code == 0
    lines = ran.out.splitlines()
    assert lines[0].startswith("a,b,votes_n,")
    assert [line.split(",")[:3] for line in lines[1:]] == [
        ["DEU", "ITA", ""], ["DEU", "JPN", ""], ["ITA", "JPN", ""]
    ]  # fmt: skip
    assert not list(tmp_path.glob("*.html"))
