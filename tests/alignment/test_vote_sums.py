"""Sums of votes as arrays: every cell against a loop over roll calls."""

from __future__ import annotations

import itertools

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blocs.alignment.groups import Group
from blocs.alignment.vote_sums import (
    CLASSES,
    VoteSums,
    member_sums,
    together,
    vote_sums,
)
from blocs.ties.common_votes import dyad_votes

FEW = settings(max_examples=25, deadline=None, derandomize=True)
NAMES = ("AAA", "BBB", "CCC", "DDD", "EEE", "USA")
YEARS = (2001, 2001, 2001, 2002, 2002, 2003, 2003, 2003)


def ballots(seed: int) -> np.ndarray:
    """0 yes, 1 abstain, 2 no, 3 absent, -1 no member."""
    rng = np.random.default_rng(seed)
    return rng.choice([0, 1, 2, 3, -1], (len(NAMES), len(YEARS)), p=[0.35, 0.2, 0.3, 0.1, 0.05])


def plain(votes: np.ndarray, years: tuple[int, ...]) -> dict[tuple[str, str], dict[str, float]]:
    """Classes, squares and counts of every pair over some years, one roll call at a time."""
    out = {}
    usa = NAMES.index("USA")
    for i, j in itertools.combinations(range(len(NAMES)), 2):
        row = dict.fromkeys(("n", "same", "distance", *CLASSES, "ss_a", "ss_b"), 0.0)
        for v, year in enumerate(YEARS):
            if year not in years:
                continue
            x, y = votes[i, v], votes[j, v]
            if not (0 <= x <= 2 and 0 <= y <= 2):
                continue
            row["n"] += 1
            row["same"] += x == y
            row["distance"] += abs(x - y)
            others = [1 - votes[k, v] for k in range(len(NAMES)) if k != usa]
            told = [o for o in others if -1 <= o <= 1]
            if not told:
                continue
            a, b = 1 - x - np.mean(told), 1 - y - np.mean(told)
            row["ss_a"] += a * a
            row["ss_b"] += b * b
            row[kind(a, b, votes[usa, v])] += a * b
        out[NAMES[i], NAMES[j]] = row
    return out


def kind(a: float, b: float, reference: int) -> str:
    if a * b < 0:
        return "dissent"
    if reference not in {0, 2}:
        return "neutral"
    if reference == 0:
        return "shield" if a < 0 else "with_reference"
    return "counter" if a > 0 else "with_reference"


@given(st.integers(0, 10_000))
@FEW
def test_pooled_sums_equal_a_loop_over_roll_calls(tables, seed):
    votes = ballots(seed)
    sums = vote_sums(dyad_votes(*tables(votes, NAMES, YEARS)), actors=NAMES)
    for years in ((2001, 2002, 2003), (2002,)):
        kept = [y for y in sums.years if y in years]
        pooled = sums.within(kept).pooled()
        likeness, shares = pooled.likeness(), pooled.shares()
        for (a, b), row in plain(votes, years).items():
            i, j = NAMES.index(a), NAMES.index(b)
            assert pooled.counts[:, i, j].tolist() == [row["n"], row["same"], row["distance"]]
            scale = np.sqrt(row["ss_a"] * row["ss_b"])
            if row["n"] and scale > 1e-12:
                wanted = [row[c] / scale for c in CLASSES]
                assert shares[:, i, j] == pytest.approx(wanted, abs=1e-9)
                assert likeness[i, j] == pytest.approx(sum(wanted), abs=1e-9)
                assert -1 - 1e-9 <= likeness[i, j] <= 1 + 1e-9
                assert pooled.agreement()[i, j] == pytest.approx(
                    1 - row["distance"] / (2 * row["n"])
                )
            if not row["n"]:
                assert np.isnan(likeness[i, j])
                assert np.isnan(pooled.agreement()[i, j])


@given(st.integers(0, 10_000), st.permutations(range(5)))
@FEW
def test_names_of_states_do_not_matter(tables, seed, order):
    votes = ballots(seed)
    moved = votes[[*order, 5]]
    before = vote_sums(dyad_votes(*tables(votes, NAMES, YEARS)), actors=NAMES).pooled()
    after = vote_sums(dyad_votes(*tables(moved, NAMES, YEARS)), actors=NAMES).pooled()
    at = np.ix_([*order, 5], [*order, 5])
    assert after.likeness() == pytest.approx(before.likeness()[at], nan_ok=True, abs=1e-9)


@given(st.integers(0, 10_000))
@FEW
def test_flipping_every_vote_leaves_likeness_and_trades_the_sides(tables, seed):
    """Yes for no everywhere: C is the same; below the mean of a yes is above that of a no."""
    votes = ballots(seed)
    flipped = np.where((votes == 0) | (votes == 2), 2 - votes, votes)
    before = vote_sums(dyad_votes(*tables(votes, NAMES, YEARS)), actors=NAMES).pooled()
    after = vote_sums(dyad_votes(*tables(flipped, NAMES, YEARS)), actors=NAMES).pooled()
    assert after.likeness() == pytest.approx(before.likeness(), nan_ok=True, abs=1e-9)
    order = [
        CLASSES.index(c) for c in ("counter", "shield", "with_reference", "neutral", "dissent")
    ]
    assert after.shares() == pytest.approx(before.shares()[order], nan_ok=True, abs=1e-9)


@given(st.integers(0, 10_000))
@FEW
def test_a_member_that_never_votes_changes_nothing(tables, seed):
    votes = ballots(seed)
    more = np.vstack([votes, np.full(len(YEARS), 3)])
    names = (*NAMES, "ZZZ")
    before = vote_sums(dyad_votes(*tables(votes, NAMES, YEARS)), actors=NAMES)
    after = vote_sums(dyad_votes(*tables(more, names, YEARS)), actors=names)
    alone = after.among(np.arange(6))
    assert alone.pooled().likeness() == pytest.approx(before.pooled().likeness(), nan_ok=True)
    assert np.isnan(after.pooled().likeness()[6]).all()


def test_rows_in_any_order_give_the_same_sums(tables):
    counts = dyad_votes(*tables(ballots(3), NAMES, YEARS))
    mixed = counts.sample(fraction=1.0, shuffle=True, seed=1)
    a, b = vote_sums(counts), vote_sums(mixed)
    assert (a.actors, a.years) == (b.actors, b.years)
    assert np.array_equal(a.products, b.products)
    assert np.array_equal(a.squares, b.squares)


def test_pooling_with_weights_repeats_years(tables):
    sums = vote_sums(dyad_votes(*tables(ballots(5), NAMES, YEARS)))
    twice = sums.pooled(np.array([2.0, 0.0, 1.0]))
    by_hand = sums.within([2001, 2001, 2003]).pooled()
    assert twice.products == pytest.approx(by_hand.products)
    assert twice.squares == pytest.approx(by_hand.squares)
    assert twice.counts == pytest.approx(by_hand.counts)


def test_a_pair_counts_in_the_years_both_were_members(tables):
    sums = vote_sums(dyad_votes(*tables(np.zeros((6, 8), int), NAMES, YEARS)))
    group = Group("", "", ((2001, ("AAA", "BBB")), (2002, ("AAA", "BBB", "CCC"))))
    both = together(group, ("AAA", "BBB", "CCC"), sums.years)
    assert both[:, 0, 1].tolist() == [True, True, False]
    assert both[:, 0, 2].tolist() == [False, True, False]
    inside = member_sums(sums, group)
    assert inside.actors == ("AAA", "BBB", "CCC")
    assert inside.counts[0].sum(axis=0).tolist() == [[0, 5, 2], [5, 0, 2], [2, 2, 0]]


def test_a_constant_group_keeps_all_years(tables):
    sums = vote_sums(dyad_votes(*tables(np.zeros((6, 8), int), NAMES, YEARS)))
    group = Group("", "", tuple((y, ("AAA", "CCC")) for y in (2001, 2002, 2003)))
    inside = member_sums(sums, group)
    assert isinstance(inside, VoteSums)
    assert inside.counts[0, :, 0, 1].tolist() == [3, 2, 3]


def test_only_states_asked_for(tables):
    counts = dyad_votes(*tables(ballots(1), NAMES, YEARS))
    some = vote_sums(counts, actors=["USA", "AAA"])
    assert some.actors == ("AAA", "USA")
    row = counts.filter((pl.col("a") == "AAA") & (pl.col("b") == "USA"))
    assert some.counts[0].sum(axis=0)[0, 1] == row["n"].sum()
