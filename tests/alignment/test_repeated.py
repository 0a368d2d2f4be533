"""Votes on the same text again, by hand: changes, who moved, and moving together."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blocs.alignment.coordination import (
    Positions,
    assess_coordination,
    assess_shocks,
    concordance,
    unexpected_changes,
)
from blocs.alignment.groups import Group
from blocs.alignment.repeated import RepeatedVotes, around, repeated_votes, who_moved
from blocs.dates import Period

NAMES = tuple(f"S{k:02d}" for k in range(24))


def made(change: np.ndarray, before: np.ndarray | None = None) -> RepeatedVotes:
    """Steps with these changes, each of a text of its own, one a month from 2015."""
    n, steps = change.shape
    start = np.zeros((n, steps)) if before is None else before
    days = [date(2015 + s // 12, 1 + s % 12, 1) for s in range(steps)]
    return RepeatedVotes(
        NAMES[:n], start, start + change, np.arange(steps),
        tuple(d.replace(year=d.year - 1) for d in days), tuple(days),
        np.full(steps, 69), np.full(steps, 70),
    )  # fmt: skip


def group(*members: str) -> Group:
    return Group("g", "", ((2016, members),))


def test_a_text_voted_on_again_is_one_step(tables):
    votes = np.array([[0, 2, 1, 0], [0, 0, 3, 1]])
    calls, cast = tables(votes, ["CHN", "RUS"], [2015, 2016, 2017, 2018])
    title = "Question of the little island : resolution"
    calls = calls.with_columns(
        title=pl.Series([title, title.upper(), "Quite another question of the sea", title]),
        session=pl.Series([70, 71, 71, 72], dtype=pl.Int64),
    )
    found = repeated_votes(calls, cast)
    assert found.change.tolist() == [[-2.0, 2.0], [0.0, -1.0]]
    assert [d.year for d in found.second] == [2016, 2018]
    assert found.series.tolist() == [0, 0]
    assert repeated_votes(calls, cast, period=Period(2018, 2018)).change.shape == (2, 1)


def test_without_titles_nothing_is_repeated(tables):
    calls, cast = tables(np.zeros((2, 3), dtype=int), ["CHN", "RUS"], [2015, 2016, 2017])
    assert repeated_votes(calls, cast).change.shape[1] == 0


def test_a_shock_takes_the_steps_that_span_it():
    votes = made(np.zeros((3, 30)))
    found = around(votes, date(2015, 6, 15))
    assert all(a < date(2015, 6, 15) <= b for a, b in zip(found.first, found.second, strict=True))
    assert len(found.first) == 12


def test_who_moved_is_split_exactly():
    before = np.array([[1.0, 1.0], [1.0, 1.0], [-1.0, 0.0]])
    change = np.array([[0.0, -1.0], [0.0, -1.0], [0.0, 0.0]])
    found = who_moved(made(change, before), NAMES[:2], "S02", rng=np.random.default_rng(0))
    assert found is not None
    assert (found.change, found.by_group, found.by_reference) == (-0.5, -0.5, 0.0)


@given(st.integers(0, 10_000))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_both_parts_add_up_to_the_change_of_distance(seed):
    rng = np.random.default_rng(seed)
    before = rng.integers(-1, 2, (5, 15)).astype(float)
    after = rng.integers(-1, 2, (5, 15)).astype(float)
    after[rng.random((5, 15)) < 0.1] = np.nan
    votes = made(after - before, before)
    found = who_moved(votes, NAMES[:3], "S03", rng=rng)
    assert found is not None
    assert found.by_group + found.by_reference == pytest.approx(found.change, abs=1e-12)
    known = ~np.isnan(after)
    steps = [s for s in range(15) if known[3, s] and known[:3, s].any()]
    gaps = [
        abs(after[:3, s][known[:3, s]].mean() - after[3, s])
        - abs(before[:3, s][known[:3, s]].mean() - before[3, s])
        for s in steps
    ]
    assert found.change == pytest.approx(np.mean(gaps), abs=1e-12)
    assert found.low <= found.change <= found.high


def test_concordance_by_hand():
    e = np.array([[1.0, -1.0, 0.5], [1.0, 1.0, np.nan], [0.0, 0.0, 0.0]])
    found = concordance(e)
    assert found[0, 1] == 0
    assert np.isnan(found[0, 2])
    assert concordance(e, np.array([1.0, 0.0, 0.0]))[0, 1] == 1


def test_what_positions_predict_is_no_coordination():
    rng = np.random.default_rng(0)
    theta = rng.normal(size=(24, 40))
    change = 0.4 * theta + 0.1
    spread = np.zeros_like(theta)
    positions = Positions(theta, rng.normal(size=theta.shape), spread, spread)
    left = unexpected_changes(made(change), np.ones(24, dtype=bool), positions)
    assert np.abs(left).max() < 1e-9
    plain = unexpected_changes(made(change), np.ones(24, dtype=bool), None)
    assert plain == pytest.approx(change - change.mean(axis=0))


def moving_together(seed: int, together: int) -> RepeatedVotes:
    rng = np.random.default_rng(seed)
    change = rng.choice([-1.0, 0, 1], (24, 60), p=[0.2, 0.6, 0.2])
    change[:together] = rng.choice([-1.0, 0, 1], (1, 60), p=[0.2, 0.6, 0.2])
    return made(change)


def test_states_that_move_together_stand_out():
    votes = moving_together(0, 3)
    found = assess_coordination(
        votes, group(*NAMES[:3]), "S23", positions=None, rng=np.random.default_rng(0)
    )
    assert found is not None
    assert found.value == pytest.approx(1, abs=0.01)
    assert found.rank.percentile > 0.99
    assert found.null.at_least < 0.01
    assert (found.steps, found.series, found.pairs) == (60, 60, 3)


def test_groups_by_lot_have_uniform_p():
    from scipy.stats import kstest

    votes = moving_together(1, 1)
    rng = np.random.default_rng(2)
    p = []
    for _ in range(60):
        members = sorted(rng.choice(NAMES[:23], 3, replace=False).tolist())
        found = assess_coordination(votes, group(*members), "S23", positions=None, rng=rng, draws=2)
        assert found is not None
        p.append(found.null.at_least)
    assert kstest(p, "uniform").pvalue > 0.01


def test_the_uncertainty_of_positions_widens_the_interval():
    votes = moving_together(0, 3)
    theta = np.random.default_rng(5).normal(size=(24, 60))
    sure, unsure = (
        assess_coordination(
            votes, group(*NAMES[:3]), "S23",
            positions=Positions(theta, theta, np.full_like(theta, s), np.full_like(theta, s)),
            rng=np.random.default_rng(0), draws=100,
        )
        for s in (0.0, 3.0)
    )  # fmt: skip
    assert sure is not None
    assert unsure is not None
    assert sure.positions
    assert unsure.high - unsure.low > 0
    assert unsure.low <= unsure.value <= unsure.high


def test_few_texts_say_nothing():
    votes = made(np.zeros((24, 9)))
    found = assess_coordination(
        votes, group(*NAMES[:3]), "S23", positions=None, rng=np.random.default_rng(0)
    )
    assert found is None


def test_a_shock_with_enough_texts_is_tested_and_one_without_is_not():
    votes = moving_together(0, 3)
    shocks = {date(2016, 6, 15): "war", date(2030, 1, 1): "later"}
    found = assess_shocks(
        votes, group(*NAMES[:3]), "S23", shocks, positions=None, rng=np.random.default_rng(0)
    )
    assert [(s.name, s.steps) for s in found] == [("war", 12), ("later", 0)]
    assert found[0].coordination is not None
    assert found[1].coordination is None
