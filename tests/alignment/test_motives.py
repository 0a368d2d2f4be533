"""The five classes: by hand, against a loop, adding up to likeness exactly."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blocs.alignment import vote_draws as module
from blocs.alignment.cohesion import vote_cohesion
from blocs.alignment.groups import Group
from blocs.alignment.motives import MEANING, Shared, assess_motives, motive_series
from blocs.alignment.vote_draws import draw_years
from blocs.alignment.vote_sums import CLASSES, vote_sums
from blocs.ties.common_votes import dyad_votes

FEW = settings(max_examples=25, deadline=None, derandomize=True)
NAMES = ("AAA", "BBB", "CCC", "DDD", "EEE", "USA")
YEARS = (2001, 2002, 2003)
CALLS = tuple(y for y in YEARS for _ in range(4))


def group(*members: str) -> Group:
    return Group("", "", tuple((y, members) for y in YEARS))


def random_sums(tables, seed: int):
    rng = np.random.default_rng(seed)
    votes = rng.choice([0, 1, 2, 3], (6, len(CALLS)), p=[0.4, 0.2, 0.3, 0.1])
    return vote_sums(dyad_votes(*tables(votes, NAMES, CALLS)))


def found_in(sums, members: Group, years=YEARS):
    found = shared_in(sums, members, years)
    return {m.name: m for m in found.classes} if found else {}


def shared_in(sums, members: Group, years=YEARS) -> Shared | None:
    return assess_motives(draw_years(sums, years, np.random.default_rng(0)), members)


@pytest.mark.parametrize(
    ("usa", "pair", "others", "name", "sign"),
    [
        (0, (2, 2), 0, "shield", 1),
        (2, (0, 0), 2, "counter", 1),
        (0, (0, 0), 2, "with_reference", 1),
        (2, (2, 2), 0, "with_reference", 1),
        (1, (0, 0), 2, "neutral", 1),
        (3, (2, 2), 0, "neutral", 1),
        (0, (0, 2), 1, "dissent", -1),
        (1, (2, 0), 1, "dissent", -1),
    ],
)
def test_each_class_by_hand(tables, usa, pair, others, name, sign):
    votes = np.array([[pair[0]], [pair[1]], [others], [others], [others], [usa]])
    sums = vote_sums(dyad_votes(*tables(votes, NAMES, [2001])))
    found = found_in(sums, group("AAA", "BBB"), [2001])
    assert {m: round(x.value, 12) for m, x in found.items()} == {
        m: (sign if m == name else 0) for m in CLASSES
    }
    assert all(x.low is None for x in found.values())


@given(st.integers(0, 10_000), st.sampled_from([("AAA", "BBB"), ("AAA", "CCC", "DDD", "EEE")]))
@FEW
def test_classes_add_up_to_likeness(tables, seed, members):
    sums = random_sums(tables, seed)
    found = found_in(sums, group(*members))
    whole = vote_cohesion(sums, group(*members), window=YEARS, rng=np.random.default_rng(0))
    assert tuple(found) == CLASSES
    if whole is not None:
        assert sum(m.value for m in found.values()) == pytest.approx(whole.residual, abs=1e-12)
    for m in found.values():
        assert m.low is not None
        assert m.high is not None
        assert m.low <= m.value <= m.high
    assert all(found[c].value >= 0 for c in CLASSES if c != "dissent")
    assert found["dissent"].value <= 0


@given(st.integers(0, 10_000))
@FEW
def test_the_mean_over_pairs_one_by_one(tables, seed):
    sums = random_sums(tables, seed)
    found = found_in(sums, group("AAA", "BBB", "DDD"))
    shares = sums.pooled().shares()
    at = [(0, 1), (0, 3), (1, 3)]
    for c, name in enumerate(CLASSES):
        assert found[name].value == pytest.approx(np.nanmean([shares[c, i, j] for i, j in at]))


@given(st.integers(0, 10_000))
@FEW
def test_the_series_adds_up_year_by_year(tables, seed):
    sums = random_sums(tables, seed)
    for year, values in motive_series(sums, group("AAA", "BBB", "CCC")):
        likeness = sums.within([year]).pooled().likeness()
        pairs = [likeness[i, j] for i, j in ((0, 1), (0, 2), (1, 2))]
        assert sum(values) == pytest.approx(np.nanmean(pairs), abs=1e-9)


def test_series_and_whole_agree_on_one_year(tables):
    sums = random_sums(tables, 1)
    only = found_in(sums, group("AAA", "BBB", "CCC"), [2002])
    series = dict(motive_series(sums, group("AAA", "BBB", "CCC")))
    assert [m.value for m in only.values()] == pytest.approx(series[2002])


def test_flipping_every_vote_trades_shield_and_counter(tables):
    rng = np.random.default_rng(4)
    votes = rng.choice([0, 1, 2], (6, len(CALLS)))
    before = vote_sums(dyad_votes(*tables(votes, NAMES, CALLS)))
    after = vote_sums(dyad_votes(*tables(2 - votes, NAMES, CALLS)))
    a, b = (found_in(s, group("AAA", "BBB", "CCC")) for s in (before, after))
    assert a["shield"].value == pytest.approx(b["counter"].value)
    assert a["counter"].value == pytest.approx(b["shield"].value)
    for name in ("with_reference", "neutral", "dissent"):
        assert a[name].value == pytest.approx(b[name].value)


def test_the_classes_do_not_look_at_how_the_group_voted(tables):
    """Another reference vote moves a product to another class and leaves its size."""
    rng = np.random.default_rng(5)
    votes = rng.choice([0, 1, 2], (6, len(CALLS)))
    other = votes.copy()
    other[5] = 2 - other[5]
    a, b = (
        found_in(vote_sums(dyad_votes(*tables(v, NAMES, CALLS))), group("AAA", "BBB"))
        for v in (votes, other)
    )
    assert sum(m.value for m in a.values()) == pytest.approx(sum(m.value for m in b.values()))
    assert a["dissent"].value == pytest.approx(b["dissent"].value)
    assert a["neutral"].value == pytest.approx(b["neutral"].value)


def test_in_parts_or_at_once_is_the_same(tables, monkeypatch):
    sums = random_sums(tables, 6)
    whole = found_in(sums, group("AAA", "BBB", "CCC"))
    monkeypatch.setattr(module, "CELLS", 100)
    parts = found_in(sums, group("AAA", "BBB", "CCC"))
    for name, m in parts.items():
        assert (m.value, m.low, m.high) == pytest.approx(
            (whole[name].value, whole[name].low, whole[name].high), abs=1e-12
        )


@given(st.integers(0, 5_000))
@FEW
def test_the_lead_of_shield_is_over_the_greater_of_the_other_two(tables, seed):
    sums = random_sums(tables, seed)
    classes = found_in(sums, group("AAA", "BBB", "CCC"))
    found = shared_in(sums, group("AAA", "BBB", "CCC"))
    if not classes:
        assert found is None
        return
    assert found is not None
    lead = found.lead
    other = max(classes["counter"].value, classes["with_reference"].value)
    assert lead.value == pytest.approx(classes["shield"].value - other)
    assert lead.low is not None
    assert lead.high is not None
    assert lead.low <= lead.value <= lead.high
    one = shared_in(sums, group("AAA", "BBB", "CCC"), [2001])
    assert one is None or (one.lead.low, one.lead.high) == (None, None)


def test_nothing_known_is_empty(tables):
    sums = random_sums(tables, 1)
    assert found_in(sums, group("AAA", "BBB"), [1950]) == {}
    assert found_in(sums, group("AAA", "XXX")) == {}
    assert found_in(sums, group("XXX", "YYY")) == {}


def test_every_class_has_its_meaning():
    assert tuple(MEANING) == CLASSES
