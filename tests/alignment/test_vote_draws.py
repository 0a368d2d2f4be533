"""Likeness drawn again: by hand, the same from roll calls and yearly sums, and covering truth."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blocs.alignment.groups import Group
from blocs.alignment.motives import ahead, assess_motives
from blocs.alignment.resampling import interval
from blocs.alignment.vote_draws import (
    Pairs,
    VoteDraws,
    draw_votes,
    draw_years,
    drawn_classes,
    drawn_likeness,
    items_of,
    pairs_of,
    whole_classes,
    whole_likeness,
)
from blocs.alignment.vote_slices import CallSlices, Slices, YearSlices, call_slices, texts_of
from blocs.alignment.vote_split import group_votes, split_votes, while_members
from blocs.alignment.vote_sums import CLASSES, VoteSums, vote_sums
from blocs.ties.common_votes import ballot_matrix, dyad_votes

FEW = settings(max_examples=25, deadline=None, derandomize=True)
NAMES = ("AAA", "BBB", "CCC", "DDD", "EEE", "FFF", "USA")
YEARS = tuple(y for y in (2001, 2002, 2003) for _ in range(5))
ALWAYS = Group("", "", tuple((y, ("AAA", "BBB", "CCC")) for y in (2001, 2002, 2003)))
GROWING = Group(
    "", "", ((2001, ("AAA", "BBB")), (2002, ("AAA", "BBB", "CCC")), (2003, ("BBB", "CCC")))
)


def slices(tables, seed: int, group: Group = ALWAYS) -> tuple[CallSlices, YearSlices]:
    """The same votes as roll calls and as yearly sums."""
    votes = np.random.default_rng(seed).choice(
        [0, 1, 2, 3, -1], (7, len(YEARS)), p=[0.4, 0.15, 0.3, 0.1, 0.05]
    )
    votes[5] = votes[5] % 3  # one outside always votes: a mean is known
    rollcalls, ballots = tables(votes, NAMES, YEARS)
    sums = vote_sums(dyad_votes(rollcalls, ballots, reference="USA", outside=group.ever))
    matrix = ballot_matrix(rollcalls, ballots)
    calls = call_slices(matrix, sums.actors, reference="USA", outside=group.ever)
    return calls, YearSlices(sums)


@pytest.mark.parametrize("group", [ALWAYS, GROWING])
@given(seed=st.integers(0, 10_000))
@FEW
def test_roll_calls_and_yearly_sums_tell_the_same(tables, group, seed):
    calls, years = slices(tables, seed, group)
    one, other = pairs_of(calls, group), pairs_of(years, group)
    assert whole_likeness(calls, one) == pytest.approx(
        whole_likeness(years, other), nan_ok=True, abs=1e-9
    )
    assert whole_classes(calls, one) == pytest.approx(
        whole_classes(years, other), nan_ok=True, abs=1e-9
    )
    assert items_of(calls, one).tolist() == items_of(years, other).tolist()
    upper = np.triu_indices(len(calls.actors), 1)
    assert calls.likeness(np.ones(len(calls.years)))[upper] == pytest.approx(
        years.likeness(np.ones(len(years.years)))[upper], nan_ok=True, abs=1e-9
    )


@pytest.mark.parametrize("kind", [0, 1])
@given(seed=st.integers(0, 10_000))
@FEW
def test_a_resample_is_the_likeness_of_what_was_drawn(tables, kind, seed):
    votes: Slices = slices(tables, seed)[kind]
    draws = draw_votes(votes, np.random.default_rng(seed), draws=5)
    pairs = Pairs(*np.triu_indices(len(votes.actors), 1))
    for one, weight in zip(drawn_likeness(draws, pairs), draws.weight, strict=True):
        assert one == pytest.approx(votes.likeness(weight)[pairs.i, pairs.j], nan_ok=True, abs=1e-9)
    ours = pairs_of(votes, ALWAYS)
    likeness = drawn_likeness(draws, ours)
    known = ~np.isnan(likeness).all(axis=1)
    assert drawn_classes(draws, ours)[known].sum(axis=1) == pytest.approx(
        np.nanmean(likeness[known], axis=1), abs=1e-9
    )


def test_a_text_is_drawn_with_all_its_votes(tables):
    calls, _ = slices(tables, 1)
    text = np.tile(np.arange(5), 3)
    again = CallSlices(calls.actors, calls.residual, calls.stance, text, calls.years)
    weight = again.weights(50, np.random.default_rng(0))
    assert (weight[:, :5] == weight[:, 5:10]).all()
    assert (weight[:, :5] == weight[:, 10:]).all()
    assert (weight[:, :5].sum(axis=1) == 5).all()
    assert (again.resampled.unit, again.resampled.count, again.resampled.rollcalls) == (
        "texts", 5, 15,
    )  # fmt: skip


def test_one_unit_is_not_drawn(tables):
    _, years = slices(tables, 1)
    alone = draw_years(years.sums, [2002], np.random.default_rng(0))
    assert alone.resampled is None
    found = assess_motives(alone, ALWAYS)
    assert found is not None
    assert (found.low, found.lead.low, found.classes[0].high) == (None, None, None)


@pytest.mark.parametrize("group", [ALWAYS, GROWING])
def test_both_ways_of_asking_draw_the_same_texts(tables, group):
    """`blocs axis` and `blocs motives`: one seed, the same intervals, membership and all."""
    rng = np.random.default_rng(3)
    rollcalls, ballots = tables(rng.choice([0, 1, 2], (7, len(YEARS))), NAMES, YEARS)
    matrix = ballot_matrix(rollcalls, ballots)
    calls = call_slices(matrix, matrix.actors, reference="USA", outside=group.ever)
    one = assess_motives(draw_votes(calls, np.random.default_rng(9)), group)
    two = split_votes(
        group_votes(while_members(matrix, group), group.ever, "USA"),
        series=texts_of(matrix), rng=np.random.default_rng(9),
    )  # fmt: skip
    assert one is not None
    assert two is not None
    assert (one.value, one.low, one.high) == pytest.approx((two.likeness, two.low, two.high))
    assert one.resampled == two.resampled
    for c, motive in enumerate(one.classes):
        assert (motive.low, motive.high) == pytest.approx(two.spans[c])


# coverage on planted worlds ---------------------------------------------------

MEMBERS = 4
PAIRS = Pairs(*np.triu_indices(MEMBERS, 1))


def planted(rng: np.random.Generator, *, texts: int, years: int, back: float) -> CallSlices:
    """A group's residuals where texts are drawn from a fixed world.

    Of the texts of a year the share `back` comes back every year, and is answered nearly
    the same. Any two members have likeness .64 + the square of what texts pull both along.
    """
    returning = round(texts * back)
    kept = _texts(rng, returning)
    parts = []
    for year in range(years):
        new = _texts(rng, texts - returning)
        pull, own, stance = (np.concatenate(p, axis=-1) for p in zip(kept, new, strict=True))
        mood = rng.normal(size=own.shape)
        residual = 0.8 * pull + 0.6 * (np.sqrt(0.9) * own + np.sqrt(0.1) * mood)
        fresh = returning + year * (texts - returning) + np.arange(texts - returning)
        parts.append((residual, stance, np.concatenate([np.arange(returning), fresh]),
                      np.full(texts, 2001 + year)))  # fmt: skip
    residual, stance, text, year = (np.concatenate(p, axis=-1) for p in zip(*parts, strict=True))
    return CallSlices(tuple("ABCD"), residual, stance, text, year)


def _texts(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    stance = rng.choice(3, n, p=[0.5, 0.2, 0.3])
    return rng.normal(size=n) - 0.5 * (stance == 0), rng.normal(size=(MEMBERS, n)), stance


def by_year(calls: CallSlices) -> YearSlices:
    """The same as yearly sums, which do not know the texts."""
    years = np.unique(calls.years)
    i, j = (a.ravel() for a in np.meshgrid(range(MEMBERS), range(MEMBERS), indexing="ij"))
    shape = (len(years), MEMBERS, MEMBERS)

    def added(cells: np.ndarray) -> np.ndarray:
        return np.stack([cells[calls.years == y].sum(axis=0) for y in years]).reshape(shape)

    return YearSlices(
        VoteSums(
            actors=calls.actors,
            years=tuple(years.tolist()),
            counts=np.stack([added(calls.items(i, j))] * 3),
            products=np.stack([added(c) for c in calls.classes(i, j)]),
            squares=added(calls.squares(i, j)[0]),
        )
    )


def covered(*, years: int, back: float, worlds: int = 200) -> dict[str, tuple[float, float]]:
    """How often the 90 % intervals of likeness, and of the lead of shield, hold the truth."""
    rng = np.random.default_rng(7)
    truth = whole_classes(planted(rng, texts=200_000, years=1, back=0), PAIRS)
    held = {"texts": np.zeros(2), "years": np.zeros(2)}
    for _ in range(worlds):
        calls = planted(rng, texts=80, years=years, back=back)
        for votes in (calls, by_year(calls)):
            point, drawn = (
                whole_classes(votes, PAIRS),
                drawn_classes(draw_votes(votes, rng, draws=300), PAIRS),
            )
            for k, (value, draws, known) in enumerate((
                (point.sum(), drawn.sum(axis=1), truth.sum()),
                (ahead(point), ahead(drawn), ahead(truth)),
            )):  # fmt: skip
                low, high = interval(draws, float(value))
                held[votes.resampled.unit][k] += low <= known <= high
    return {unit: tuple(hits / worlds) for unit, hits in held.items()}


def test_intervals_of_texts_cover_where_texts_come_back_and_those_of_years_do_not():
    found = covered(years=3, back=0.8)
    assert all(0.83 <= share <= 0.95 for share in found["texts"])  # s.e. .02 of 200 worlds
    assert all(share < 0.45 for share in found["years"])


def test_three_years_are_too_few_even_where_no_text_comes_back():
    found = covered(years=3, back=0.0)
    assert all(0.83 <= share <= 0.95 for share in found["texts"])
    assert all(share < 0.80 for share in found["years"])


def test_the_order_of_roll_calls_changes_nothing_but_rounding(tables):
    calls, _ = slices(tables, 5)
    turned = np.random.default_rng(1).permutation(len(calls.years))
    other = CallSlices(
        calls.actors, calls.residual[:, turned], calls.stance[turned], calls.text[turned],
        calls.years[turned],
    )  # fmt: skip
    pairs = pairs_of(calls, ALWAYS)
    one, two = (
        drawn_classes(draw_votes(v, np.random.default_rng(2), draws=20), pairs)
        for v in (calls, other)
    )
    assert one == pytest.approx(two, nan_ok=True, abs=1e-12)


def test_classes_by_hand():
    """Three roll calls, one pair: against the reference's yes, with its no, and apart."""
    residual = np.array([[-0.5, -1.0, 0.5], [-1.0, -0.5, -0.5]])
    votes = CallSlices(("A", "B"), residual, np.array([0, 1, 2]), np.arange(3), np.full(3, 2001))
    pair = Pairs(np.array([0]), np.array([1]))
    products, scale = (0.5, 0.5, -0.25), np.sqrt(1.5 * 1.5)
    want = dict(zip(("shield", "with_reference", "dissent"), products, strict=True))
    got = dict(zip(CLASSES, whole_classes(votes, pair), strict=True))
    assert got == pytest.approx({c: want.get(c, 0.0) / scale for c in CLASSES})
    twice = VoteDraws(votes, np.array([[2.0, 0.0, 1.0]]))
    assert drawn_likeness(twice, pair)[0, 0] == pytest.approx(
        (2 * 0.5 - 0.25) / np.sqrt((2 * 0.25 + 0.25) * (2 * 1.0 + 0.25))
    )


def test_pairs_come_in_parts(tables):
    calls, _ = slices(tables, 2)
    pairs = pairs_of(calls, GROWING)
    parts = list(pairs.parts(2_000_000))
    assert len(parts) > 1
    assert list(itertools.chain(*(p.i.tolist() for p in parts))) == pairs.i.tolist()
