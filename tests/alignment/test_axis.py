"""The table of rules over all findings, bonds against all ways to fill what is not known."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blocs.alignment.axis import (
    ALIKE_P,
    ALIKE_PERCENTILE,
    Separation,
    assess_axis,
    assess_separation,
    grade_of,
)
from blocs.alignment.bonds import assess_bonds
from blocs.alignment.cohesion import Cohesion
from blocs.alignment.motives import Lead
from blocs.alignment.nulls import Standing
from blocs.alignment.vote_draws import draw_years
from blocs.alignment.vote_sums import vote_sums
from blocs.ties.common_votes import dyad_votes

FEW = settings(max_examples=60, deadline=None, derandomize=True)
NAMES = ("alike", "unlike", "against", "bound", "hub_free", "star")
TRUTHS = ("yes", "no", "not known")


def by_the_table(t: dict[str, str]) -> str:
    """The table in the module's description, row by row."""
    rows = [
        ("axis", t["against"] == "yes" and t["unlike"] != "yes"
         and t["bound"] == "yes" and t["hub_free"] == "yes"),
        ("star", t["against"] == "yes" and t["unlike"] != "yes" and t["star"] == "yes"),
        ("front", t["against"] == "yes" and t["alike"] == "yes"),
        ("none", t["alike"] == "no" or t["against"] == "no"),
        ("not known", True),
    ]  # fmt: skip
    return next(name for name, holds in rows if holds)


def test_every_combination_of_findings():
    for values in itertools.product(TRUTHS, repeat=6):
        truth = dict(zip(NAMES, values, strict=True))
        assert grade_of(truth) == by_the_table(truth)


def cohesion(
    percentile: float = 0.99, p: float = 0.001, residual: float = 0.7, low=0.6
) -> Cohesion:
    rank = Standing(residual, percentile, 1 - percentile, 100, exact=True, error=0.0)
    return Cohesion(
        raw=0.9, residual=residual, low=low, high=None if low is None else residual + 0.1,
        resampled=None,
        years=(2022, 2023), pairs=6, possible=6, items=100, rank=rank,
        null=dataclasses.replace(rank, at_least=p), ranked=tuple("ABCD"), states=190,
        uncompared=(), series=(), holes=(),
    )  # fmt: skip


def finding(verdict, name: str) -> str:
    return next(f.holds for f in verdict.findings if f.name == name)


def test_the_sentence_says_how_many_members_the_percentile_is_about():
    told = assess_axis(cohesion(), None, None, hostile="no", reference="X").findings[0].sentence
    assert "99.0 % of all groups of 4 states (residual likeness 0.70" in told
    three = dataclasses.replace(cohesion(), ranked=tuple("ABC"))
    told = assess_axis(three, None, None, hostile="no", reference="X").findings[0].sentence
    assert "99.0 % of all groups of 3 states (3 of 4 members; residual" in told


@pytest.mark.parametrize(
    ("votes", "alike", "unlike"),
    [
        (cohesion(), "yes", "no"),
        (cohesion(percentile=ALIKE_PERCENTILE), "yes", "no"),
        (cohesion(percentile=0.94), "no", "no"),
        (cohesion(p=ALIKE_P), "yes", "no"),
        (cohesion(p=0.02), "no", "no"),
        (cohesion(low=-0.01), "no", "no"),
        (cohesion(low=None), "yes", "no"),
        (cohesion(percentile=0.49), "no", "yes"),
        (cohesion(percentile=0.6, residual=-0.1, low=-0.2), "no", "yes"),
        (None, "not known", "not known"),
    ],
)
def test_alike_and_unlike(votes, alike, unlike):
    verdict = assess_axis(votes, None, None, hostile="no", reference="United States")
    assert (finding(verdict, "alike"), finding(verdict, "unlike")) == (alike, unlike)
    assert [finding(verdict, n) for n in ("bound", "hub_free", "star")] == ["not known"] * 3


@pytest.mark.parametrize(("hostile", "against"), [("yes", "yes"), ("no", "not known")])
def test_wars_tell_where_votes_are_dark(hostile, against):
    verdict = assess_axis(None, None, None, hostile=hostile, reference="United Kingdom")
    assert finding(verdict, "against") == against
    assert verdict.grade == "not known"


# bonds -----------------------------------------------------------------------


def complete(
    k: int, *pairs: tuple[int, int], unknown: tuple[tuple[int, int], ...] = ()
) -> np.ndarray:
    m = np.zeros((k, k))
    for a, b in pairs:
        m[a, b] = m[b, a] = 1.0
    for a, b in unknown:
        m[a, b] = m[b, a] = np.nan
    np.fill_diagonal(m, np.nan)
    return m


ALL4 = tuple(itertools.combinations(range(4), 2))


@pytest.mark.parametrize(
    ("matrix", "bound", "hub_free", "star"),
    [
        (complete(4, *ALL4), "yes", "yes", "no"),
        (complete(4, (0, 1), (0, 2), (0, 3)), "no", "no", "yes"),
        (complete(4, (0, 1), (1, 2), (2, 3), (0, 3)), "yes", "yes", "no"),
        (complete(4, (0, 1), (0, 2), (0, 3), (1, 2)), "yes", "no", "yes"),
        (complete(4), "no", "no", "no"),
        (complete(2, (0, 1)), "yes", "yes", "no"),  # two allies: no third is their hub
        (complete(2), "no", "no", "no"),
        (complete(3, (0, 1), (0, 2), (1, 2)), "yes", "yes", "no"),
        # the Nordic states after 2022: six pairs known and bound, four not known
        (
            complete(5, (0, 1), (0, 2), (0, 3), (0, 4), (1, 2), (3, 4),
                     unknown=((1, 3), (1, 4), (2, 3), (2, 4))),
            "not known", "not known", "not known",
        ),
        (complete(4, *ALL4[:5], unknown=(ALL4[5],)), "yes", "yes", "no"),
        (complete(4, (0, 1), unknown=((2, 3),)), "no", "no", "no"),
    ],
)  # fmt: skip
def test_shapes_of_treaties(matrix, bound, hub_free, star):
    found = assess_bonds(matrix, "ABCDE"[: len(matrix)])
    assert found is not None
    assert (found.bound, found.hub_free, found.star) == (bound, hub_free, star)


def test_pairs_are_counted_among_all_and_those_not_known_are_told():
    gaps = ((1, 3), (1, 4), (2, 3), (2, 4))
    nordic = complete(5, (0, 1), (0, 2), (0, 3), (0, 4), (1, 2), (3, 4), unknown=gaps)
    bonds = assess_bonds(nordic, "ABCDE")
    assert bonds is not None
    assert bonds.count() == "6 of 10 pairs (on 4 it is not known)"
    verdict = assess_axis(cohesion(), _apart(), bonds, hostile="no", reference="X")
    told = {f.name: f.sentence for f in verdict.findings}["bound"]
    assert told == "6 of 10 pairs (on 4 it is not known) are bound by a treaty of defence"
    whole = assess_bonds(complete(4, (0, 1)), "ABCD")
    assert whole is not None
    assert whole.count() == "1 of 6 pairs"


def test_a_star_by_hand():
    found = assess_bonds(complete(4, (1, 0), (1, 2), (1, 3)), ["BLR", "RUS", "KAZ", "ARM"])
    assert found is not None
    assert (found.hub, found.hub_share, found.rest_share) == ("RUS", 1.0, 0.0)
    assert (found.share, found.without_best, found.known) == (0.5, 0.0, 6)
    assert found.pairs == (("BLR", "RUS"), ("RUS", "KAZ"), ("RUS", "ARM"))


@given(st.integers(0, 100_000), st.integers(2, 5))
@FEW
def test_not_known_is_what_filling_the_gaps_could_turn(seed, k):
    rng = np.random.default_rng(seed)
    pairs = list(itertools.combinations(range(k), 2))
    told = rng.choice([0.0, 1.0, np.nan], len(pairs), p=[0.3, 0.4, 0.3])
    gaps = [p for p, w in zip(pairs, told, strict=True) if np.isnan(w)]
    bound = [p for p, w in zip(pairs, told, strict=True) if w == 1]
    found = assess_bonds(complete(k, *bound, unknown=tuple(gaps)), "ABCDE"[:k])
    if len(gaps) == len(pairs):
        assert found is None
        return
    assert found is not None
    ways = []
    for fill in itertools.product((False, True), repeat=len(gaps)):
        more = [p for p, yes in zip(gaps, fill, strict=True) if yes]
        way = assess_bonds(complete(k, *bound, *more), "ABCDE"[:k])
        assert way is not None
        ways.append(way)
    for name in ("bound", "hub_free"):
        seen = {getattr(w, name) for w in ways}
        assert getattr(found, name) == (seen.pop() if len(seen) == 1 else "not known")
    if found.star != "not known":
        assert {w.star for w in ways} == {found.star}


@given(st.integers(0, 10_000), st.permutations(range(4)))
@FEW
def test_bonds_do_not_know_names(seed, order):
    rng = np.random.default_rng(seed)
    m = np.triu(rng.choice([0.0, 1.0, np.nan], (4, 4)), 1)
    m = m + m.T
    np.fill_diagonal(m, np.nan)
    a = assess_bonds(m, "ABCD")
    b = assess_bonds(m[np.ix_(order, order)], [("ABCD")[o] for o in order])
    if a is None or b is None:
        assert a == b
        return
    assert (a.share, a.bound, a.hub_free, a.star, a.known) == (
        pytest.approx(b.share), b.bound, b.hub_free, b.star, b.known
    )  # fmt: skip
    assert {frozenset(p) for p in a.pairs} == {frozenset(p) for p in b.pairs}


# separation ------------------------------------------------------------------

VOTERS = ("AAA", "BBB", "CCC", "DDD", "USA", "GBR")
YEARS = (2001, 2001, 2002, 2002, 2003, 2003)


def sums_of(tables, seed: int):
    rng = np.random.default_rng(seed)
    votes = rng.choice([0, 1, 2], (6, 6), p=[0.45, 0.1, 0.45])
    return vote_sums(dyad_votes(*tables(votes, VOTERS, YEARS)))


@given(st.integers(0, 5_000))
@FEW
def test_separation_is_within_less_across(tables, seed):
    sums = sums_of(tables, seed)
    draws = draw_years(sums, range(2001, 2004), np.random.default_rng(0))
    found = assess_separation(draws, ["AAA", "BBB", "CCC"], ["USA", "GBR", "BBB"])
    likeness = sums.pooled().likeness()
    at = {n: sums.actors.index(n) for n in VOTERS}
    inside = [likeness[at[a], at[b]] for a, b in itertools.combinations(("AAA", "BBB", "CCC"), 2)]
    across = [likeness[at[a], at[b]] for a in ("AAA", "BBB", "CCC") for b in ("USA", "GBR")]
    if np.isnan(inside).all() or np.isnan(across).all():
        assert found is None
        return
    assert found is not None
    assert found.side == ("USA", "GBR")
    assert found.within == pytest.approx(np.nanmean(inside))
    assert found.across == pytest.approx(np.nanmean(across))
    alone = [likeness[at[a], at["USA"]] for a in ("AAA", "BBB", "CCC")]
    assert found.to_reference == pytest.approx(np.nanmean(alone))
    assert found.gap == pytest.approx(found.within - found.across)
    assert found.low is not None
    assert found.high is not None
    assert found.low <= found.gap <= found.high


def test_separation_that_cannot_be_told(tables):
    sums, rng = sums_of(tables, 1), np.random.default_rng(0)
    members, draws = ["AAA", "BBB"], draw_years(sums, range(2001, 2004), rng)
    assert assess_separation(draws, ["AAA"], ["USA"]) is None
    assert assess_separation(draws, members, ["AAA"]) is None
    assert assess_separation(draw_years(sums, [1950], rng), members, ["USA"]) is None
    one = assess_separation(draw_years(sums, [2002], rng), members, ["USA"])
    assert one is not None
    assert (one.low, one.high) == (None, None)
    silent = assess_separation(draws, members, ["XXX", "USA"])
    assert silent is not None
    assert silent.to_reference is None  # the reference cast no vote; its ally did


# what would change it --------------------------------------------------------


def test_what_would_change_a_front():
    star = assess_bonds(complete(4, (0, 1), (0, 2)), "ABCD")
    verdict = assess_axis(cohesion(), _apart(), star, hostile="no", reference="United States")
    assert verdict.grade == "front"
    told = " ".join(verdict.would_change)
    assert "axis" in told
    assert "star" in told
    assert "none" in told


def _apart() -> Separation:
    return Separation(
        within=0.7, across=-0.2, to_reference=-0.4, gap=0.9, low=0.8, high=1.0, side=("USA", "GBR")
    )


@pytest.mark.parametrize(
    ("votes", "matrix", "grade"),
    [
        (cohesion(), complete(4, *ALL4), "axis"),
        (cohesion(percentile=0.8, p=0.2), complete(4, *ALL4), "axis"),
        (cohesion(), complete(4, (0, 1), (0, 2), (0, 3)), "star"),
        (cohesion(), complete(4), "front"),
        (cohesion(percentile=0.8, p=0.2), complete(4), "none"),
        (cohesion(percentile=0.3, p=0.7), complete(4, *ALL4), "none"),
        (cohesion(), None, "front"),
        (None, complete(4, *ALL4), "axis"),
        (None, complete(4), "not known"),
    ],
)
def test_grades(votes, matrix, grade):
    bonds = None if matrix is None else assess_bonds(matrix, "ABCD")
    verdict = assess_axis(votes, _apart(), bonds, hostile="no", reference="United States")
    assert verdict.grade == grade
    assert tuple(f.name for f in verdict.findings) == NAMES


@pytest.mark.parametrize(
    ("lead", "holds"),
    [
        (Lead(0.4, 0.3, 0.5), "yes"),  # a shield: the four in 2022-24
        (Lead(0.1, -0.1, 0.3), "no"),  # not surely
        (Lead(-0.4, -0.5, -0.3), "no"),  # the programme of the many: the African Union
        (Lead(0.1, None, None), "yes"),  # one year
        (None, "yes"),  # roll calls not classed
    ],
)
def test_who_backs_with_the_many_what_the_reference_opposes_is_not_against_it(lead, holds):
    verdict = assess_axis(cohesion(), _apart(), None, lead=lead, hostile="no", reference="X")
    assert finding(verdict, "against") == holds


def test_a_group_close_to_the_reference_is_not_against_it():
    close = dataclasses.replace(_apart(), across=0.4, gap=0.3)
    verdict = assess_axis(
        cohesion(), close, assess_bonds(complete(4, *ALL4), "ABCD"), hostile="no", reference="X"
    )
    assert (finding(verdict, "against"), verdict.grade) == ("no", "none")
