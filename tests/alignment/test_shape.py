"""Shapes drawn by hand, and what is not known of them."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blocs.alignment.groups import Group
from blocs.alignment.shape import assess_shape, form_of
from blocs.ties.network import TieMatrix

NAMES = ("A", "B", "C", "D", "E")


def group(k: int, year: int = 2001) -> Group:
    return Group("g", "", ((year, NAMES[:k]),))


def ties(edges: dict[int, list[str]], k: int, unknown: tuple[str, ...] = ()) -> TieMatrix:
    """Years to pairs such as "AB"; the other pairs are 0, those in `unknown` nan."""
    weight = np.zeros((len(edges), k, k))
    for y, pairs in enumerate(edges.values()):
        for value, names in ((1.0, pairs), (np.nan, unknown)):
            for a, b in names:
                i, j = NAMES.index(a), NAMES.index(b)
                weight[y, i, j] = weight[y, j, i] = value
    weight[:, range(k), range(k)] = np.nan
    return TieMatrix(NAMES[:k], tuple(edges), weight)


@pytest.mark.parametrize(
    ("pairs", "k", "form"),
    [
        (["AB", "AC", "AD"], 4, "star"),
        (["AB", "BC", "CD", "AD"], 4, "ring"),
        (["AB", "AC", "AD", "BC", "BD", "CD"], 4, "clique"),
        (["AB", "AC", "BC"], 3, "clique"),
        (["AB", "CD"], 4, "partly tied"),
        (["AB", "BC"], 3, "star"),
        ([], 4, "no ties"),
        (["AB"], 2, "clique"),
        (["AB", "BC", "CD", "DE", "AE"], 5, "ring"),
        (["AB", "BC", "AC", "DE"], 5, "partly tied"),
    ],
)
def test_shapes_by_hand(pairs, k, form):
    found = assess_shape(ties({2001: pairs}, k), group(k), window=[2001])
    assert found.form == form
    assert (found.tied, found.possible) == (len(pairs), k * (k - 1) // 2)


def test_a_star_is_nothing_without_its_hub():
    found = assess_shape(ties({2001: ["AB", "AC", "AD"]}, 4), group(4), window=[2001])
    hub = found.hub
    assert hub is not None
    assert (hub.member, hub.degree, hub.density) == ("A", 3, 0.0)
    assert [w.density for w in found.members if w.member != "A"] == pytest.approx([2 / 3] * 3)


def test_new_ties_are_those_of_which_the_year_before_is_known_not_to_be():
    years = {1999: ["AB"], 2000: ["AB"], 2001: ["AB", "AC"], 2003: ["AB", "AC", "BC"]}
    found = assess_shape(ties(years, 3), group(3), window=[2000, 2001, 2003])
    assert found.new == ((2001, "A", "C"),)  # 2002 is not covered: BC may be older
    assert {w.member: w.new_share for w in found.members} == {"A": 1.0, "B": 0.0, "C": 1.0}


def test_a_shape_that_turns_on_what_is_not_known_is_not_known():
    found = assess_shape(
        ties({2001: ["AB", "AC", "AD"]}, 4, unknown=("BC", "BD")), group(4), window=[2001]
    )
    assert (found.form, found.pairs) == ("not known", 4)


def test_nothing_known_is_no_shape_at_all():
    every = tuple("".join(p) for p in itertools.combinations("ABC", 2))
    found = assess_shape(ties({2001: []}, 3, unknown=every), group(3), window=[2001])
    assert (found.form, found.density, found.hub) == ("not known", None, None)


@given(st.integers(0, 10_000), st.integers(3, 6))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_the_names_of_the_members_do_not_matter(seed, k):
    rng = np.random.default_rng(seed)
    tied = np.triu(rng.random((k, k)) < 0.5, 1).astype(float)
    tied += tied.T
    order = rng.permutation(k)
    assert form_of(tied) == form_of(tied[np.ix_(order, order)])
