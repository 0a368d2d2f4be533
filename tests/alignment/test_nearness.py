"""How near each state stands to a group: against a loop, by membership, whatever the order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blocs.alignment.groups import Group
from blocs.alignment.nearness import nearness
from blocs.alignment.vote_draws import draw_years
from blocs.alignment.vote_sums import vote_sums
from blocs.ties.common_votes import dyad_votes

NAMES = ("AAA", "BBB", "CCC", "DDD", "EEE", "USA")
YEARS = (2001, 2001, 2001, 2002, 2002, 2003, 2003, 2003)
WINDOW = (2001, 2002, 2003)
PAIR = Group("", "", tuple((y, ("AAA", "BBB")) for y in WINDOW))


def sums_of(tables, seed, names=NAMES):
    votes = np.random.default_rng(seed).integers(-1, 3, (len(names), len(YEARS)))
    return vote_sums(dyad_votes(*tables(votes, names, YEARS)))


def near(sums, group=PAIR, window=WINDOW, seed=0):
    found = nearness(draw_years(sums, window, np.random.default_rng(seed)), group)
    return {n.actor: n for n in found}


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 10_000))
def test_likeness_is_the_mean_of_the_pairs(tables, seed):
    sums = sums_of(tables, seed)
    likeness, at = sums.pooled().likeness(), sums.actors.index
    found = near(sums)
    for state in sums.actors:
        to = [likeness[at(state), at(m)] for m in ("AAA", "BBB") if m != state]
        known = [c for c in to if not np.isnan(c)]
        if not known:
            assert state not in found
            continue
        assert found[state].likeness == pytest.approx(np.mean(known))
        assert found[state].members == sum(
            sums.counts[0, :, at(state), at(m)].sum() > 0 for m in ("AAA", "BBB") if m != state
        )
        assert found[state].low <= found[state].likeness <= found[state].high


def test_by_hand_two_who_vote_alike_and_one_against(tables):
    votes = np.array([[0, 2, 0], [0, 2, 0], [0, 2, 0], [2, 0, 2], [2, 0, 2], [2, 0, 2]])
    sums = vote_sums(dyad_votes(*tables(votes, NAMES, (2001, 2002, 2003))))
    found = near(sums)
    assert found["CCC"].likeness == pytest.approx(1.0)
    assert found["DDD"].likeness == pytest.approx(-1.0)
    assert (found["CCC"].low, found["CCC"].high, found["CCC"].items) == (1.0, 1.0, 3)
    assert list(found)[:3] == ["AAA", "BBB", "CCC"]


def test_a_member_counts_in_the_years_it_was_one(tables):
    sums = sums_of(tables, 3)
    late = Group("", "", ((2001, ("AAA", "BBB")), (2002, ("AAA", "CCC")), (2003, ("AAA", "CCC"))))
    at = sums.actors.index
    both = [
        sums.within(years).pooled().likeness()[at("DDD"), at(member)]
        for member, years in (("AAA", WINDOW), ("BBB", (2001,)), ("CCC", (2002, 2003)))
    ]
    assert near(sums, late)["DDD"].likeness == pytest.approx(np.nanmean(both))


def test_one_year_has_no_interval_and_none_has_nothing(tables):
    sums = sums_of(tables, 5)
    assert {n.low for n in near(sums, window=(2003,)).values()} == {None}
    assert near(sums, window=(1999,)) == {}


def test_same_seed_same_interval_and_names_do_not_matter(tables):
    votes = np.random.default_rng(8).integers(0, 3, (6, len(YEARS)))
    one = near(vote_sums(dyad_votes(*tables(votes, NAMES, YEARS))))
    assert one == near(vote_sums(dyad_votes(*tables(votes, NAMES, YEARS))))
    other = ("AAA", "BBB", "EEE", "CCC", "DDD", "USA")
    renamed = near(vote_sums(dyad_votes(*tables(votes, other, YEARS))))
    assert renamed["EEE"].likeness == pytest.approx(one["CCC"].likeness)
    assert renamed["EEE"].low == pytest.approx(one["CCC"].low)
