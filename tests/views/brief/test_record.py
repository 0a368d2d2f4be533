"""From an assessment to the record: what is in it, where it is from, what is not known."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.known_groups import assessed, layer

from blocs.almanac.tables import facts
from blocs.schemas import RUNGS
from blocs.views.brief.methods import METHODS

ALL = ("the four", "BRICS", "Warsaw Pact", "Axis 1938", "two allies", "before the seat")


@pytest.mark.parametrize("name", ALL)
def test_every_data_set_that_feeds_a_layer_is_a_source(name):
    found = assessed(name)
    named = {s.id for s in found.sources}
    assert {f.dataset for one in found.layers for f in one.feeds} <= named
    assert "almanac" in named
    for source in found.sources:
        assert source.title
        assert source.licence
        assert source.citation


@pytest.mark.parametrize("name", ALL)
def test_a_layer_is_dark_for_a_reason_or_has_figures(name):
    for one in assessed(name).layers:
        assert bool(one.why_dark) == (one.residual is None)
        assert one.rule
        assert one.citation
        if not one.lit:
            assert one.residual is None
            assert one.feeds == () or max(f.last for f in one.feeds) < assessed(name).period.first \
                or min(f.first for f in one.feeds) > assessed(name).period.last  # fmt: skip


@pytest.mark.parametrize("name", ALL)
def test_series_stop_at_the_end_of_the_period(name):
    found = assessed(name)
    for one in found.layers:
        assert all(p.year <= found.period.last for p in one.series)
        assert [p.year for p in one.series] == sorted({p.year for p in one.series})
    assert all(m.year <= found.period.last for m in found.motives.series)


@pytest.mark.parametrize("name", ALL)
def test_pairs_are_all_there_once_in_order(name):
    found = assessed(name)
    members = sorted(m.id for m in found.group.members)
    wanted = [(a, b) for i, a in enumerate(members) for b in members[i + 1 :]]
    assert [(d.a, d.b) for d in found.dyads] == wanted
    assert [m.id for m in found.members] == members


def test_a_pair_differs_most_on_the_issue_it_agrees_on_least():
    for d in assessed("the four").dyads:
        assert d.issues
        worst = min(d.issues, key=lambda i: i.agreement)
        assert d.differs_most_on == worst.issue
        for issue in d.issues:
            assert d.votes is not None
            assert 0 < issue.n <= d.votes.n
            assert 0 <= issue.identical <= issue.agreement <= 1


def test_raw_likeness_stands_beside_the_residual():
    found = assessed("the four")
    votes = layer(found, "votes")
    assert (found.motives.raw, found.motives.residual) == (votes.raw, votes.residual)
    assert [m.name for m in found.motives.classes] == [
        "shield", "counter", "with_reference", "neutral", "dissent"
    ]  # fmt: skip


def test_the_motives_of_a_year_add_up_to_the_likeness_of_that_year():
    found = assessed("the four")
    votes = {p.year: p.value for p in layer(found, "votes").series}
    checked = 0
    for year in found.motives.series:
        if year.year in votes and year.year >= 1992:
            parts = (year.shield, year.counter, year.with_reference, year.neutral, year.dissent)
            assert sum(parts) == pytest.approx(votes[year.year], abs=1e-9)
            checked += 1
    assert checked > 25


@pytest.mark.parametrize("name", ALL)
def test_rows_of_the_almanac_can_be_walked_back_to(name):
    found = assessed(name)
    for table, rows in (("treaties", found.treaties), ("support", found.support)):
        height = facts(table).height
        for row in rows:
            place = re.fullmatch(rf"almanac/{table}:(\d+)", row.row)
            assert place
            assert 1 <= int(place[1]) <= height
            assert row.source


def test_a_treaty_says_whether_it_was_in_force():
    found = assessed("the pact of 1939")
    first, last = f"{found.period.first}-01-01", f"{found.period.last}-12-31"
    assert found.treaties
    for t in found.treaties:
        match t.in_force:
            case "ended before the period":
                assert (t.end or "9999") <= first
            case "in force":
                assert (t.start or "") <= first
            case "in force for part of the period":
                assert first < (t.start or "") <= last or first < (t.end or "9999") <= last
            case _:
                assert t.in_force in {
                    "signed, not in force in the period", "entry into force not known"
                }  # fmt: skip


def test_the_ladder_of_support_is_dated_sourced_and_says_who_says_so():
    found = assessed("the four")
    members = {m.id for m in found.group.members}
    assert len(found.support) > 10
    for rung in found.support:
        assert {rung.supporter, rung.recipient} & members
        assert RUNGS[rung.level] == rung.rung
        assert rung.source
        assert (rung.reported or rung.start or "") >= "2022"
        assert rung.low is None or rung.high is None or rung.low <= rung.high
    assert not layer(found, "support").residual
    assert "ladder" in layer(found, "support").why_dark


def test_what_a_state_is_holds_at_the_end_of_the_period():
    held = {m.id: {a.kind: a.value for a in m.attributes} for m in assessed("the four").members}
    assert {m for m, kinds in held.items() if kinds.get("nuclear") == "holder"} == {
        "CHN", "PRK", "RUS"
    }  # fmt: skip
    before = {m.id: {a.kind: a.value for a in m.attributes} for m in assessed("Axis 1938").members}
    assert not [m for m, kinds in before.items() if "nuclear" in kinds]
    assert any(line.startswith("Regime") for line in assessed("the four").heterogeneity)


def test_analogues_come_nearest_first_and_leave_out_the_group_itself():
    found = assessed("Warsaw Pact")
    near = [a.distance for a in found.analogues[:8]]
    assert near == sorted(near)
    assert "warsaw_pact" not in {a.group for a in found.analogues}
    for a in found.analogues:
        assert a.last - a.first == found.period.last - found.period.first
        assert a.last <= found.period.last
        assert a.dimensions


def test_a_layer_that_ends_before_the_period_is_warned_of():
    found = assessed("the four")
    for one in found.layers:
        ends = max((f.last for f in one.feeds), default=9999)
        if one.residual is not None and ends < found.period.last:
            assert any(str(ends) in w for w in one.warnings)


def test_every_method_points_at_code_that_is_there():
    root = Path(__file__).resolve().parents[3]
    ids = [m.id for m in METHODS]
    assert len(ids) == len(set(ids))
    for m in METHODS:
        assert (root / m.code).is_file(), m.code
