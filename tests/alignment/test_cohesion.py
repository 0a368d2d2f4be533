"""Cohesion on a world of known votes and on made-up ties: values, standing, intervals."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kstest

from blocs.alignment.cohesion import tie_cohesion, vote_cohesion
from blocs.alignment.groups import Group
from blocs.alignment.nulls import degree_excess, propensity_excess
from blocs.alignment.vote_sums import VoteSums, vote_sums
from blocs.ties.common_votes import dyad_votes
from blocs.ties.network import TieMatrix

FEW = settings(max_examples=20, deadline=None, derandomize=True)
NAMES = tuple("ABCDEFGHIJ")
YEARS = (2001, 2002, 2003, 2004)


def group(members: str, years: tuple[int, ...] = YEARS) -> Group:
    return Group("", "", tuple((y, tuple(sorted(members))) for y in years))


def random_sums(tables, seed: int, calls: int = 5, n: int = 10) -> VoteSums:
    rng = np.random.default_rng(seed)
    votes = rng.choice([0, 1, 2, 3], (n, calls * len(YEARS)), p=[0.4, 0.2, 0.3, 0.1])
    years = [y for y in YEARS for _ in range(calls)]
    names = NAMES[:n]
    return vote_sums(dyad_votes(*tables(votes, names, years), reference="J"))


def ties(
    seed: int, *, holes: float = 0.0, n: int = 10, years: tuple[int, ...] = YEARS
) -> TieMatrix:
    rng = np.random.default_rng(seed)
    w = np.triu(rng.uniform(-1, 1, (len(years), n, n)), 1)
    w = w + w.transpose(0, 2, 1)
    gone = np.triu(rng.random(w.shape) < holes, 1)
    w[gone | gone.transpose(0, 2, 1)] = np.nan
    w[:, np.arange(n), np.arange(n)] = np.nan
    return TieMatrix(NAMES[:n], years, w)


def mean_of(matrix: np.ndarray, at: tuple[int, ...]) -> float:
    return float(np.mean([matrix[i, j] for i, j in itertools.combinations(at, 2)]))


def test_two_camps_by_hand(tables):
    # A B C always against D E F, G abstains, the mean is nought: C is 1 inside, -1 across
    votes = np.repeat([[0], [0], [0], [2], [2], [2], [1]], 8, axis=1)
    votes[:, ::2] = np.where(votes[:, ::2] == 1, 1, 2 - votes[:, ::2])
    sums = vote_sums(dyad_votes(*tables(votes, NAMES[:7], [y for y in YEARS for _ in "ab"])))
    found = vote_cohesion(sums, group("ABC"), window=YEARS, rng=np.random.default_rng(0))
    assert found is not None
    assert (found.residual, found.raw, found.items) == (1.0, 1.0, 8)
    assert (found.low, found.high) == (1.0, 1.0)
    assert (found.pairs, found.possible, found.holes) == (3, 3, ())
    # G has no residual, so it is known with nobody: two of the twenty 3-sets of six are camps
    assert (found.states, found.rank.groups, found.rank.exact) == (6, 20, True)
    assert found.rank.at_least == pytest.approx(2 / 20)
    assert found.rank.percentile == pytest.approx(19 / 20)
    assert [p.year for p in found.series] == list(YEARS)
    assert {p.value for p in found.series} == {1.0}


@given(st.integers(0, 10_000), st.sampled_from(["AB", "ABC", "BDEG", "ACEGI"]))
@FEW
def test_vote_cohesion_is_the_mean_over_pairs_ranked_among_all(tables, seed, members):
    sums = random_sums(tables, seed)
    found = vote_cohesion(sums, group(members), window=YEARS, rng=np.random.default_rng(0))
    assert found is not None
    likeness = sums.pooled().likeness()
    at = tuple(NAMES.index(m) for m in members)
    assert found.residual == pytest.approx(mean_of(likeness, at), abs=1e-12)
    assert found.raw == pytest.approx(mean_of(sums.pooled().agreement(), at), abs=1e-12)
    assert found.low is not None
    assert found.high is not None
    assert found.low <= found.residual <= found.high
    assert found.states == 10
    if len(members) > 4:
        return
    free = propensity_excess(likeness)
    for standing, matrix in ((found.rank, likeness), (found.null, free)):
        every = [mean_of(matrix, s) for s in itertools.combinations(range(10), len(members))]
        own = mean_of(matrix, at)
        assert standing.at_least == pytest.approx(np.mean(np.array(every) >= own - 1e-9))


@given(st.integers(0, 10_000), st.sampled_from(["AB", "ABC", "BDEG"]))
@FEW
def test_tie_cohesion_is_the_excess_over_degrees(seed, members):
    matrix = ties(seed)
    found = tie_cohesion(matrix, group(members), window=YEARS, rng=np.random.default_rng(0))
    assert found is not None
    at = tuple(NAMES.index(m) for m in members)
    mean = matrix.weight.mean(axis=0)
    assert found.raw == pytest.approx(mean_of(mean, at), abs=1e-12)
    free = degree_excess(mean)
    assert found.residual == pytest.approx(mean_of(free, at), abs=1e-12)
    every = [mean_of(free, s) for s in itertools.combinations(range(10), len(members))]
    assert found.rank.at_least == pytest.approx(
        np.mean(np.array(every) >= mean_of(free, at) - 1e-9)
    )


@given(st.integers(0, 10_000), st.sampled_from(["AB", "ABC", "ABCDEF"]))
@FEW
def test_intervals_contain_the_point_where_pairs_are_not_known_in_all_years(seed, members):
    matrix = ties(seed, holes=0.3, n=9)
    found = tie_cohesion(matrix, group(members), window=YEARS, rng=np.random.default_rng(0))
    if found is None or found.low is None:
        return
    assert found.low <= found.residual + 1e-9
    assert found.residual <= found.high + 1e-9


def test_the_interval_of_ties_resamples_years_for_each_pair():
    """A pair known in one year alone is as good as one known in all: the Nordic states' case."""
    w = np.zeros((4, 6, 6))
    w[:, 0, 1] = w[:, 1, 0] = 1.0
    w[1:, 0, 2] = w[1:, 2, 0] = w[1:, 1, 2] = w[1:, 2, 1] = np.nan
    matrix = TieMatrix(NAMES[:6], YEARS, w)
    found = tie_cohesion(matrix, group("ABC"), window=YEARS, rng=np.random.default_rng(0))
    assert found is not None
    assert found.raw == pytest.approx(1 / 3)
    assert found.low is not None
    assert found.low <= found.residual <= found.high


def test_a_year_in_which_nothing_of_the_group_is_known_is_no_reason_to_fail():
    matrix = ties(1)
    matrix.weight[0, :3, :3] = np.nan
    found = tie_cohesion(matrix, group("ABC"), window=YEARS, rng=np.random.default_rng(0))
    assert found is not None
    assert found.low is not None
    assert found.low <= found.residual <= found.high


def test_one_year_has_no_interval(tables):
    sums = random_sums(tables, 1)
    votes = vote_cohesion(sums, group("ABC", (2002,)), window=[2002], rng=np.random.default_rng(0))
    assert votes is not None
    assert (votes.low, votes.high, votes.years) == (None, None, (2002,))
    found = tie_cohesion(
        ties(1), group("ABC", (2002,)), window=[2002], rng=np.random.default_rng(0)
    )
    assert found is not None
    assert (found.low, found.high) == (None, None)


def test_nothing_known_is_none_and_not_zero(tables):
    sums = random_sums(tables, 1)
    rng = np.random.default_rng(0)
    assert vote_cohesion(sums, group("ABC"), window=[1999], rng=rng) is None
    assert vote_cohesion(sums, group("AX"), window=YEARS, rng=rng) is None
    assert tie_cohesion(ties(1), group("ABC"), window=[1999], rng=rng) is None
    assert tie_cohesion(ties(1), group("XY"), window=YEARS, rng=rng) is None
    dark = ties(1)
    dark.weight[:, :3, :3] = np.nan
    assert tie_cohesion(dark, group("ABC"), window=YEARS, rng=rng) is None


def test_a_pair_that_is_not_known_is_a_hole_not_a_nought():
    matrix = ties(2)
    matrix.weight[:, 0, 1] = matrix.weight[:, 1, 0] = np.nan
    found = tie_cohesion(matrix, group("ABCD"), window=YEARS, rng=np.random.default_rng(0))
    assert found is not None
    assert found.holes == (("A", "B"),)
    assert (found.pairs, found.possible) == (5, 6)
    mean = matrix.weight.mean(axis=0)
    assert found.raw == pytest.approx(np.mean([mean[0, 2:4], mean[1, 2:4]]) * 0.8 + mean[2, 3] / 5)


def test_a_member_not_known_with_another_is_in_neither_value_nor_sets():
    matrix = ties(2)
    matrix.weight[:, 0, 1] = matrix.weight[:, 1, 0] = np.nan
    found = tie_cohesion(matrix, group("ABCD"), window=YEARS, rng=np.random.default_rng(0))
    assert found is not None
    assert found.ranked in {("A", "C", "D"), ("B", "C", "D")}
    at = tuple(NAMES.index(m) for m in found.ranked)
    core = [k for k in range(10) if k not in {0, 1} - set(at)]
    free = degree_excess(matrix.weight.mean(axis=0)[np.ix_(core, core)])
    value = mean_of(free, tuple(core.index(k) for k in at))
    sets = [mean_of(free, three) for three in itertools.combinations(range(9), 3)]
    assert found.residual == pytest.approx(value)
    assert found.rank.groups == len(sets)
    assert found.rank.at_least == pytest.approx(np.mean(np.array(sets) >= value - 1e-9))
    assert found.low is not None
    assert found.high is not None
    assert found.low <= found.residual <= found.high
    (gone,) = found.uncompared
    assert (gone.actor, *gone.unknown_with) in {("A", "B"), ("B", "A")}


def test_states_that_share_no_roll_call_are_told(tables):
    rng = np.random.default_rng(5)
    votes = rng.choice([0, 1, 2], (8, 40), p=[0.4, 0.2, 0.4])
    votes[6, :20] = votes[7, 20:] = 3
    sums = vote_sums(dyad_votes(*tables(votes, NAMES[:8], [2001] * 40), reference="E"))
    found = vote_cohesion(sums, group("ABCD", (2001,)), window=[2001], rng=rng)
    assert found is not None
    assert (found.states, found.rank.groups) == (7, 35)
    assert [(x.actor, x.unknown_with) for x in found.uncompared] == [("G", ("H",))]
    assert found.ranked == ("A", "B", "C", "D")


def test_a_member_without_votes_is_a_hole(tables):
    sums = random_sums(tables, 3)
    found = vote_cohesion(sums, group("ABCX"), window=YEARS, rng=np.random.default_rng(0))
    assert found is not None
    assert found.holes == (("A", "X"), ("B", "X"), ("C", "X"))
    assert found.ranked == ("A", "B", "C")
    assert (found.pairs, found.possible) == (3, 6)


def test_changing_members_count_in_their_years():
    matrix = ties(4)
    moving = Group("", "", ((2001, ("A", "B")), (2002, ("A", "B", "C")), (2003, ("A", "B", "C"))))
    found = tie_cohesion(matrix, moving, window=[2001, 2002, 2003], rng=np.random.default_rng(0))
    assert found is not None
    w = matrix.weight
    pairs = [w[:3, 0, 1].mean(), w[1:3, 0, 2].mean(), w[1:3, 1, 2].mean()]
    assert found.raw == pytest.approx(np.mean(pairs))
    assert [p.size for p in found.series] == [2, 3, 3, 3]


def test_one_way_ties_count_half_of_both_directions():
    w = np.full((1, 5, 5), np.nan)
    w[0][~np.eye(5, dtype=bool)] = 0.0
    w[0, 0, 1] = -1.0
    found = tie_cohesion(
        TieMatrix(NAMES[:5], (2001,), w), group("AB", (2001,)), window=[2001],
        rng=np.random.default_rng(0),
    )  # fmt: skip
    assert found is not None
    assert found.raw == -0.5


@given(st.integers(0, 10_000), st.permutations(range(10)))
@FEW
def test_names_do_not_matter(seed, order):
    matrix = ties(seed)
    moved = TieMatrix(NAMES, YEARS, matrix.weight[np.ix_(range(4), order, order)])
    a = tie_cohesion(matrix, group("ABCD"), window=YEARS, rng=np.random.default_rng(0))
    back = "".join(NAMES[order.index(k)] for k in range(4))
    b = tie_cohesion(moved, group(back), window=YEARS, rng=np.random.default_rng(0))
    assert a is not None
    assert b is not None
    assert b.residual == pytest.approx(a.residual, abs=1e-12)
    assert b.rank.at_least == a.rank.at_least


def test_a_state_of_which_nothing_is_known_changes_nothing():
    small = ties(5, n=9)
    wide = np.full((4, 10, 10), np.nan)
    wide[:, :9, :9] = small.weight
    a = tie_cohesion(small, group("ABC"), window=YEARS, rng=np.random.default_rng(0))
    b = tie_cohesion(
        TieMatrix(NAMES, YEARS, wide), group("ABC"), window=YEARS, rng=np.random.default_rng(0)
    )
    assert b is not None
    assert [x.actor for x in b.uncompared] == ["J"]
    assert a == dataclasses.replace(b, uncompared=())


def test_the_band_holds_nine_groups_in_ten(tables):
    """Five to 95 % of random groups: the band of every year holds about 90 % of them."""
    sums = random_sums(tables, 8)
    inside = total = 0
    for members in itertools.combinations(NAMES, 3):
        if members[0] > "D":
            break
        found = vote_cohesion(
            sums.within([2001]), group("".join(members), (2001,)), window=[2001],
            rng=np.random.default_rng(0),
        )  # fmt: skip
        assert found is not None
        (point,) = found.series
        inside += point.low - 1e-12 <= point.value <= point.high + 1e-12
        total += 1
    assert 0.84 < inside / total < 0.96


def test_random_groups_have_uniform_p(tables):
    """Votes at random, a group at random: p is as often below a as a says."""
    rng = np.random.default_rng(11)
    ps = []
    for seed in range(60):
        sums = random_sums(tables, seed, calls=3)
        members = "".join(sorted(rng.choice(list(NAMES), 3, replace=False)))
        one = sums.within([2001, 2002])
        found = vote_cohesion(one, group(members), window=[2001, 2002], rng=rng)
        assert found is not None
        ps.append(found.null.at_least)
    assert kstest(ps, "uniform").pvalue > 0.01


def test_same_seed_same_figures(tables):
    sums = random_sums(tables, 2)
    runs = [
        vote_cohesion(sums, group("ABCDE"), window=YEARS, rng=np.random.default_rng(7))
        for _ in range(2)
    ]
    assert runs[0] == runs[1]
