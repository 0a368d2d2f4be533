"""The split by the reference's vote and by issue: by hand, exact, and with placebos."""

from __future__ import annotations

import itertools

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blocs.alignment.vote_split import (
    CELLS,
    CLASSES,
    group_votes,
    placebo_references,
    split_trend,
    split_votes,
)
from blocs.ties.common_votes import BallotMatrix, ballot_matrix, dyad_votes

NAMES = ("BRA", "CHN", "FRA", "IND", "IRN", "RUS", "USA")
GROUP = ("CHN", "IRN", "RUS")


def ballots(seed: int, tables, calls: int = 40, years=None) -> tuple[pl.DataFrame, pl.DataFrame]:
    rng = np.random.default_rng(seed)
    votes = rng.choice([0, 1, 2, 3, -1], (len(NAMES), calls), p=[0.4, 0.2, 0.25, 0.1, 0.05])
    rollcalls, cast = tables(votes, NAMES, years or [2020] * calls)
    flags = {
        issue: pl.Series(rng.random(calls) < 0.3) for issue in ("me", "nu", "di", "hr", "co", "ec")
    }
    return rollcalls.with_columns(**flags), cast


def world(seed: int, tables, calls: int = 40) -> BallotMatrix:
    return ballot_matrix(*ballots(seed, tables, calls))


def by_hand(matrix: BallotMatrix, members, reference: str) -> dict[tuple[str, str], float]:
    """Mean C_ij by issue and class, roll call by roll call, in plain Python."""
    x = {
        a: [1 - int(v) if 0 <= v <= 2 else None for v in matrix.votes[k]]
        for k, a in enumerate(matrix.actors)
    }
    others = [a for a in matrix.actors if a not in members and a != reference]
    flags = matrix.rollcalls.select("me", "nu", "di", "hr", "co", "ec").rows()
    total: dict[tuple[str, str], float] = {}
    pairs = 0
    for i, j in itertools.combinations(members, 2):
        terms, squares = [], [0.0, 0.0]
        for v, flag in enumerate(flags):
            known = [x[o][v] for o in others if x[o][v] is not None]
            if x[i][v] is None or x[j][v] is None or not known:
                continue
            m = sum(known) / len(known)
            a, b = x[i][v] - m, x[j][v] - m
            squares[0] += a * a
            squares[1] += b * b
            ref = x[reference][v]
            kind = (
                "dissent" if a * b < 0
                else "neutral" if ref in {0, None}
                else ("with_reference" if a > 0 else "shield") if ref == 1
                else ("counter" if a > 0 else "with_reference")
            )  # fmt: skip
            told = [k for k, on in enumerate(flag) if on]
            cell = CELLS[told[0]] if len(told) == 1 else CELLS[6] if told else CELLS[7]
            terms.append(((cell, kind), a * b))
        scale = (squares[0] * squares[1]) ** 0.5
        if scale:
            pairs += 1
            for key, value in terms:
                total[key] = total.get(key, 0.0) + value / scale
    return {key: value / pairs for key, value in total.items()}


@pytest.mark.parametrize("seed", range(4))
def test_every_cell_equals_the_sum_by_hand(seed, tables):
    matrix = world(seed, tables)
    found = split_votes(group_votes(matrix, GROUP, "USA"), rng=np.random.default_rng(0), draws=50)
    assert found is not None
    hand = by_hand(matrix, GROUP, "USA")
    for c, cell in enumerate(CELLS):
        for k, kind in enumerate(CLASSES):
            assert found.parts[c, k] == pytest.approx(hand.get((cell, kind), 0.0), abs=1e-12)
    assert found.likeness == pytest.approx(sum(hand.values()), abs=1e-12)


@given(st.integers(0, 10_000))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_parts_add_up_to_likeness_to_the_last_digit(tables, seed):
    matrix = world(seed, tables)
    votes = group_votes(matrix, GROUP, "USA")
    found = split_votes(votes, rng=np.random.default_rng(0), draws=5)
    assert found is not None
    r = votes.residual
    pairs = []
    for i, j in itertools.combinations(range(3), 2):
        both = ~np.isnan(r[i]) & ~np.isnan(r[j])
        scale = np.sqrt((r[i, both] ** 2).sum() * (r[j, both] ** 2).sum())
        if scale > 0:
            pairs.append((r[i, both] * r[j, both]).sum() / scale)
    assert abs(found.parts.sum() - np.mean(pairs)) < 1e-12
    assert found.low <= found.likeness <= found.high


def test_classes_agree_with_the_yearly_sums(tables):
    rollcalls, cast = ballots(7, tables)
    found = split_votes(
        group_votes(ballot_matrix(rollcalls, cast), GROUP, "USA"),
        rng=np.random.default_rng(0), draws=5,
    )  # fmt: skip
    sums = dyad_votes(rollcalls, cast, reference="USA", outside=GROUP)
    ours = sums.filter(pl.col("a").is_in(GROUP) & pl.col("b").is_in(GROUP))
    scale = (ours["ss_a"] * ours["ss_b"]).sqrt()
    assert found is not None
    for k, kind in enumerate(CLASSES):
        assert found.parts[:, k].sum() == pytest.approx((ours[kind] / scale).mean(), abs=1e-12)


@given(st.integers(0, 10_000), st.sampled_from(["stance", "issue"]))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_agenda_and_behaviour_make_the_whole_change(tables, seed, by):
    before, after = (
        group_votes(world(seed + k, tables, calls), GROUP, "USA") for k, calls in ((0, 30), (1, 50))
    )
    found = split_trend(before, after, by=by)
    assert found is not None
    assert abs(found.agenda.sum() + found.behaviour.sum() - found.change) < 1e-12
    assert found.share_before.sum() == pytest.approx(1)
    one, two = (split_votes(v, rng=np.random.default_rng(0), draws=2) for v in (before, after))
    assert one is not None
    assert two is not None
    assert (found.before, found.after) == pytest.approx((one.likeness, two.likeness), abs=1e-12)


def test_a_change_of_agenda_alone_is_no_change_of_behaviour(tables):
    """The same answers, one question put twice as often."""
    matrix = world(3, tables, 20)
    votes = group_votes(matrix, GROUP, "USA")
    stance = votes.stance
    twice = np.concatenate([np.arange(20), np.flatnonzero(stance == 1)])
    again = votes.where(np.ones(20, dtype=bool))
    more = type(votes)(
        votes.members, votes.residual[:, twice], votes.stance[twice], votes.cell[twice]
    )
    found = split_trend(again, more, by="stance")
    assert found is not None
    assert found.share_after[1] > found.share_before[1]
    assert split_trend(votes, votes) is not None
    same = split_trend(votes, votes)
    assert same is not None
    assert abs(same.change) < 1e-15


def test_placebos_hold_what_each_reference_gives_alone(tables):
    matrix = world(5, tables)
    found = {p.reference: p.parts for p in placebo_references(matrix, GROUP)}
    assert set(found) == set(NAMES) - set(GROUP)
    for reference, parts in found.items():
        alone = split_votes(
            group_votes(matrix, GROUP, reference), rng=np.random.default_rng(0), draws=2
        )
        assert alone is not None
        assert parts == pytest.approx(alone.parts.sum(axis=0), abs=1e-12)


def test_order_of_roll_calls_does_not_matter(tables):
    rollcalls, cast = ballots(9, tables)
    one = group_votes(ballot_matrix(rollcalls, cast), GROUP, "USA")
    two = group_votes(
        ballot_matrix(rollcalls.reverse(), cast.sample(fraction=1, shuffle=True, seed=1)),
        GROUP,
        "USA",
    )
    a, b = (split_votes(v, rng=np.random.default_rng(0), draws=2) for v in (one, two))
    assert a is not None
    assert b is not None
    assert a.parts == pytest.approx(b.parts, abs=1e-12)


def test_one_voter_has_no_likeness(tables):
    matrix = world(2, tables)
    votes = group_votes(matrix, ("CHN", "XXX"), "USA")
    assert split_votes(votes, rng=np.random.default_rng(0)) is None
