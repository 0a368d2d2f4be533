"""Past starts know nothing later, and are scored against what came."""

from __future__ import annotations

import dataclasses
from datetime import date

import numpy as np
import polars as pl
import pytest

from blocs.contracts import Facts
from blocs.errors import BadInput, NoCoverage
from blocs.evidence.almanac_facts import almanac_facts
from blocs.evidence.intake import by_dataset, take_in
from blocs.outlook.hindcast import brier, hindcast
from blocs.outlook.simulation.calibration import REALIGNMENTS_UNTIL, realignment
from blocs.outlook.simulation.event_rates import MASSES, MOST, event_rates
from blocs.outlook.simulation.hindcast import run_start, year_matrix
from blocs.outlook.simulation.reviews import Transitions, fit_reviews, transitions, year_odds
from blocs.outlook.simulation.standing import fields, sides_by_treaty, standings

POLES = ("USA", "RUS")


@pytest.fixture(scope="module")
def stood():
    return standings(range(1976, 1984), {"almanac": almanac_facts()}, POLES)


def without_later(facts: Facts, day: date) -> Facts:
    """The same record as somebody had it on a day."""
    spells = facts.spells.filter(pl.col("start").is_null() | (pl.col("start") < day))
    votes = facts.dyad_votes.filter(pl.col("year") < day.year)
    events = facts.events.filter(pl.col("start") < day)
    return dataclasses.replace(facts, spells=spells, dyad_votes=votes, events=events)


# what a start knows ---------------------------------------------------------------


def test_a_start_knows_nothing_of_its_year_or_later(stood):
    cut = without_later(almanac_facts(), date(1980, 1, 1))
    then = standings([1980], {"almanac": cut}, POLES)[1980]
    now = stood[1980]
    assert np.array_equal(then.bloc, now.bloc)
    assert np.array_equal(then.pull, now.pull)
    assert then.told == now.told == ("pulls from UN votes of 1977-1979",)


def test_blocs_are_those_of_the_treaties(stood):
    one = stood[1980]
    bloc = dict(zip(one.names, one.bloc.tolist(), strict=True))
    assert [bloc[a] for a in ("USA", "GBR", "BRA", "RUS", "POL", "DDR", "IND", "SWE")] == [
        0, 0, 0, 1, 1, 1, 2, 2,
    ]  # fmt: skip


def test_bound_to_both_is_neither_s_and_unknown_is_no_treaty():
    nan = np.nan
    treaty = np.array([[nan, 1 / 3, 1, nan], [1 / 3, nan, 1, 1], [1, 1, nan, 0], [nan, 1, 0, nan]])
    assert sides_by_treaty(treaty, 0, 1).tolist() == [0, 1, 2, 1]


def test_fields_are_the_sum_of_pulls(stood):
    states = stood[1980].states
    made = fields(states)
    for i in (0, 17, len(states.size) - 1):
        row = slice(states.indptr[i], states.indptr[i + 1])
        near = states.indices[row]
        for k in (0, 1):
            mine = states.bloc[near] == k
            expected = (states.pull[row] * states.size[near])[mine].sum()
            assert made[i, k] == pytest.approx(expected)


# how readily states change blocs --------------------------------------------------


def test_a_year_of_reviews_is_twelve_months_of_the_logit_rule():
    field, old, theta = np.array([[0.5, -0.2]]), np.array([2]), np.array([1.5, 2.0, 0.3])
    month = np.eye(3) * 11 / 12
    for now in range(3):
        weight = np.exp(1.5 * np.array([0.5, -0.2, 0.3]) + 2.0 * (np.arange(3) == now))
        month[now] += weight / weight.sum() / 12
    expected = np.linalg.matrix_power(month, 12)[2]
    np.testing.assert_allclose(year_odds(field, old, theta)[0], expected)


def test_the_fit_finds_the_parameters_that_made_the_data():
    rng = np.random.default_rng(5)
    m, truth = 12_000, np.array([1.4, 3.5, 0.4])
    field, old = rng.normal(0, 1, (m, 2)), rng.integers(0, 3, m)
    odds = year_odds(field, old, truth)
    new = (rng.random(m)[:, None] > np.cumsum(odds, axis=1)).sum(axis=1)
    found = fit_reviews(Transitions(rng.integers(1950, 2000, m), field, old, new))
    for p, value in zip(found, truth, strict=True):
        assert p.low - 0.1 < value < p.high + 0.1
        assert p.high - p.low < 1.0
        assert "12000 state-years" in p.source


def test_without_a_change_nothing_is_fitted():
    old = np.array([0, 1, 2])
    assert fit_reviews(Transitions(old, np.zeros((3, 2)), old, old)) == ()


def test_transitions_end_before_the_start_and_leave_the_poles_out(stood):
    rows = transitions(stood, 1980)
    assert rows.year.max() == 1979
    per_year = (rows.year == 1979).sum()
    known = stood[1979].known.sum()
    assert per_year <= known - 2


def test_what_is_kept_of_the_fit_is_what_the_fit_gives():
    every = standings(range(1946, REALIGNMENTS_UNTIL + 1), {"almanac": almanac_facts()}, POLES)
    again = fit_reviews(transitions(every, REALIGNMENTS_UNTIL))
    kept = realignment(date(REALIGNMENTS_UNTIL, 1, 1))
    assert realignment(date(REALIGNMENTS_UNTIL - 1, 12, 31)) == ()
    for a, b in zip(again, kept, strict=True):
        assert a.source == b.source
        assert [b.value, b.low, b.high] == pytest.approx([a.value, a.low, a.high], abs=2e-3)


# how often states act -------------------------------------------------------------


@pytest.fixture(scope="module")
def disputes(shared):
    found = take_in(
        [shared / "data/cow_mids/dyadic_mid_4.02.csv.gz"], use={"mid": "4.02"}, only=("mid",)
    )
    return by_dataset(found.facts)["mid"]


@pytest.mark.shared
def test_rates_keep_the_level_of_the_record_and_know_nothing_later(disputes, stood):
    one, day = stood[1980], date(1980, 1, 1)
    found = event_rates({"mid": disputes}, day, one.names, one.states, one.pull)
    value = {p.name: p.value for p in found.parameters}
    masses = sum(value[name] for name in MASSES)
    assert sum(p.high for p in found.parameters if p.name in MASSES) <= MOST + 1e-9
    assert all(p.source.startswith("fitted(mid, ") for p in found.parameters)
    assert "1950-1979" in found.told
    level = found.unprovoked.sum() / (1 - masses)
    events = int(found.parameters[0].source.split()[1])
    assert level == pytest.approx(events / 360, rel=0.35)  # blocs shift it a little
    cut = without_later(disputes, day)
    again = event_rates({"mid": cut}, day, one.names, one.states, one.pull)
    assert np.array_equal(again.unprovoked, found.unprovoked)
    assert again.parameters == found.parameters
    assert found.memory is not None
    assert np.array_equal(again.memory[1], found.memory[1])


@pytest.mark.shared
def test_a_record_that_ended_gives_rates_but_no_memory(disputes, stood):
    one = stood[1980]
    found = event_rates({"mid": disputes}, date(2024, 1, 1), one.names, one.states, one.pull)
    assert found.parameters
    assert found.memory is None


def test_without_a_record_the_rates_are_an_assumption(stood):
    one = stood[1980]
    found = event_rates({}, date(1980, 1, 1), one.names, one.states, one.pull)
    assert found.parameters == ()
    assert found.memory is None
    assert found.told == "rates of events: assumption"
    assert found.unprovoked.sum() == pytest.approx(3.0)


# the scores -----------------------------------------------------------------------


def test_the_brier_score_over_three_blocs():
    given = np.array([[1.0, 0, 0], [0, 1.0, 0], [1 / 3, 1 / 3, 1 / 3]])
    assert brier(given, np.array([0, 0, 2])).tolist() == pytest.approx([0, 2, 2 / 3])


def test_the_base_rate_counts_moves():
    old, new = np.array([2] * 8), np.array([2] * 6 + [0, 0])
    rows = Transitions(old, np.zeros((8, 2)), old, new)
    assert year_matrix(rows)[2].tolist() == pytest.approx([2.5 / 9.5, 0.5 / 9.5, 6.5 / 9.5])
    assert year_matrix(rows)[0].tolist() == pytest.approx([1 / 3] * 3)


def test_a_start_is_scored_against_the_record(stood):
    made = run_start(1980, stood, {"almanac": almanac_facts()}, years=5, runs=40, seed=1)
    m = made.memberships
    assert sorted(set(m.ahead.tolist())) == [1, 2, 3]  # the standings end in 1983
    assert made.counts is None
    for given in (m.model, m.still, m.base):
        np.testing.assert_allclose(given.sum(axis=1), 1.0)
    assert np.array_equal(m.still.argmax(axis=1), m.then)
    three = stood[1983]
    came = dict(zip(three.names, three.bloc.tolist(), strict=True))
    states = [a for a in stood[1980].names if a in came and a not in POLES]
    assert (m.ahead == 3).sum() <= len(states)


def test_a_hindcast_is_the_same_again_and_says_how_it_did():
    asked = {"from_": 1985, "to": 1990, "every": 5, "years": 2, "runs": 20, "seed": 3}
    one, two = hindcast(**asked), hindcast(**asked)
    assert one == two
    assert [s.year for s in one.starts] == [1985, 1990]
    whole = one.membership[0]
    assert whole.ahead is None
    assert whole.starts == 2
    assert whole.states == sum(m.states for m in one.membership if m.ahead is not None)
    assert whole.skill_over_no_change.value == pytest.approx(
        1 - whole.brier / whole.brier_no_change, abs=1e-2
    )
    assert one.events == ()
    assert "Events are not scored" in one.sentence
    assert sum(b.n for b in one.reliability) == 3 * whole.states


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"from_": 1990, "to": 1980}, "lies after"),
        ({"years": 0}, "--years 0"),
        ({"every": 0}, "--every 0"),
        ({"runs": 1}, "--runs 1"),
        ({"rival": "United States"}, "the reference itself"),
    ],
)
def test_what_is_wrong_is_said(asked, says):
    with pytest.raises(BadInput, match=says):
        hindcast(**asked)


def test_a_start_beyond_the_record_is_no_coverage():
    with pytest.raises(NoCoverage, match="2040"):
        hindcast(from_=2040, to=2040, years=1, runs=2)


@pytest.mark.shared
def test_disputes_dated_to_the_year_are_not_fitted_and_it_is_said(shared, stood):
    """GML tells the year of a dyad's dispute and no day: sixty days cannot be seen in it."""
    facts = by_dataset(take_in([shared / "data/gml_mids"], only=("gml",)).facts)
    here = stood[1980]
    made = event_rates(facts, date(1980, 1, 1), here.names, here.states, here.pull)
    assert made.parameters == ()
    assert made.memory is None
    assert "assumption, since gml gives none to fit: these disputes are dated to the year" in (
        made.told
    )
