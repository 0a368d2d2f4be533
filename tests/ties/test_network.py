"""Layers from facts: who feeds which year, and what no tie means."""

from __future__ import annotations

import dataclasses
from datetime import date

import numpy as np
import polars as pl
import pytest
from tests import world

from blocs.contracts import Facts, LayerTies
from blocs.dates import Period
from blocs.errors import UnknownName
from blocs.evidence.almanac_facts import almanac_facts
from blocs.evidence.cleaning import covered
from blocs.registry import LAYERS
from blocs.ties.network import TieMatrix, build_layer, tie_matrix

ALLIES = Period(2001, 2010)


def alliance(a: str, b: str, type_: str = "defence") -> Facts:
    return Facts(
        spells=world.spell_table([("alliance", type_, a, b, date(1990, 1, 1), None)]),
        coverage=covered("alliances", world.SOURCE, 2001, 2010),
    )


def cell(matrix: TieMatrix, a: str, b: str, year: int) -> float:
    i, j = matrix.actors.index(a), matrix.actors.index(b)
    return float(matrix.weight[matrix.years.index(year), i, j])


def test_inside_coverage_no_tie_is_zero_and_outside_unknown() -> None:
    state = build_layer("sanctions", {"almanac": world.facts()})
    matrix = tie_matrix(state, Period(2001, 2012), among=world.STATES)
    assert matrix.years == tuple(range(2001, 2010))
    assert cell(matrix, "USA", "IRN", 2001) == 0.0
    assert cell(matrix, "USA", "IRN", 2002) == pytest.approx(-2 / 6)
    assert cell(matrix, "USA", "IRN", 2008) == pytest.approx(-3 / 6)
    assert cell(matrix, "IRN", "USA", 2008) == 0.0
    assert np.isnan(np.diagonal(matrix.weight, axis1=1, axis2=2)).all()


def test_an_undirected_layer_is_symmetric() -> None:
    matrix = tie_matrix(
        build_layer("alliances", {"almanac": world.facts()}), ALLIES, among=world.STATES
    )
    assert np.array_equal(matrix.weight, matrix.weight.transpose(0, 2, 1), equal_nan=True)
    assert cell(matrix, "GBR", "USA", 2001) == 1.0
    assert cell(matrix, "RUS", "CHN", 2002) == 0.0
    assert cell(matrix, "RUS", "CHN", 2003) == pytest.approx(2 / 3)
    assert cell(matrix, "IRN", "RUS", 2004) == pytest.approx(1 / 3)
    assert cell(matrix, "IRN", "RUS", 2005) == 0.0


def test_where_absence_is_unknown_only_ties_are_known() -> None:
    state = build_layer("votes", {"almanac": world.facts()})
    matrix = tie_matrix(state, Period(2001, 2001), among=[*world.STATES, "BRA"])
    assert np.isnan(matrix.weight[0, matrix.actors.index("BRA")]).all()
    assert np.isnan(cell(matrix, "CHN", "IND", 2001))
    assert cell(matrix, "CHN", "RUS", 2001) == pytest.approx(1 / 3)


def test_a_state_that_was_no_member_is_unknown_not_alone() -> None:
    state = build_layer(
        "alliances",
        {
            "atop": dataclasses.replace(
                world.facts("atop"), coverage=covered("alliances", "s", 1985, 1995)
            )
        },
    )
    matrix = tie_matrix(state, Period(1989, 1992), among=["DDR", "GBR", "USA"])
    assert cell(matrix, "DDR", "GBR", 1989) == 0.0
    assert np.isnan(cell(matrix, "DDR", "GBR", 1992))
    assert cell(matrix, "GBR", "USA", 1992) == 1.0


def test_one_data_set_feeds_a_year_never_two() -> None:
    early = dataclasses.replace(
        alliance("FRA", "GBR"), coverage=covered("alliances", world.SOURCE, 2001, 2004)
    )
    late = alliance("CHN", "RUS", "neutrality")
    state = build_layer("alliances", {"atop": early, "almanac": late})
    assert [(f.dataset, f.years[0], f.years[-1]) for f in state.feeds] == [
        ("atop", 2001, 2004),
        ("almanac", 2005, 2010),
    ]
    matrix = tie_matrix(state, ALLIES, among=world.STATES)
    assert cell(matrix, "FRA", "GBR", 2004) == 1.0
    assert cell(matrix, "CHN", "RUS", 2004) == 0.0
    assert cell(matrix, "FRA", "GBR", 2005) == 0.0
    assert cell(matrix, "CHN", "RUS", 2005) == pytest.approx(2 / 3)


def test_a_hole_in_the_coverage_is_left_to_the_next_data_set() -> None:
    holed = dataclasses.replace(
        alliance("FRA", "GBR"),
        coverage=pl.concat(
            [
                covered("alliances", world.SOURCE, 2001, 2002),
                covered("alliances", world.SOURCE, 2009, 2010),
            ]
        ),
    )
    state = build_layer("alliances", {"atop": holed, "almanac": alliance("CHN", "RUS")})
    assert [(f.dataset, f.years) for f in state.feeds] == [
        ("atop", (2001, 2002, 2009, 2010)),
        ("almanac", (2003, 2004, 2005, 2006, 2007, 2008)),
    ]
    alone = build_layer("alliances", {"atop": holed})
    assert alone.years == (2001, 2002, 2009, 2010)
    matrix = tie_matrix(alone, ALLIES, among=world.STATES)
    assert matrix.years == alone.years
    assert cell(matrix, "FRA", "GBR", 2009) == 1.0


def test_coverage_of_named_actors_is_theirs_alone() -> None:
    mine = covered("alliances", world.SOURCE, 2001, 2010)
    named = pl.concat([mine.with_columns(actor=pl.lit(a)) for a in ("CHN", "RUS")])
    state = build_layer("alliances", {"atop": dataclasses.replace(world.facts(), coverage=named)})
    matrix = tie_matrix(state, ALLIES, among=world.STATES)
    assert cell(matrix, "CHN", "RUS", 2001) == 0.0
    assert np.isnan(cell(matrix, "CHN", "USA", 2001))


def test_a_tie_of_unknown_weight_is_unknown_not_zero() -> None:
    state = build_layer("alliances", {"almanac": alliance("CHN", "RUS", "unchecked")})
    matrix = tie_matrix(state, ALLIES, among=world.STATES)
    assert np.isnan(cell(matrix, "CHN", "RUS", 2001))
    assert cell(matrix, "CHN", "IRN", 2001) == 0.0


def test_without_facts_a_layer_is_dark() -> None:
    state = build_layer("trade", {"almanac": world.facts()})
    assert (state.feeds, state.years) == ((), ())
    assert state.ties.is_empty()
    assert tie_matrix(state, ALLIES, among=world.STATES).weight.shape == (0, 8, 8)


def test_every_tie_can_be_walked_back_to_facts() -> None:
    for name in ("alliances", "sanctions", "arms"):
        state = build_layer(name, {"almanac": world.facts(), "sipri": world.facts()})
        walk = state.evidence.collect()
        counted = walk.group_by("sender", "receiver", "start").len()
        joined = state.ties.join(counted, on=["sender", "receiver", "start"], how="left")
        assert (joined["n_evidence"] == joined["len"]).all()
        known = {*world.spells()["fact_id"], *world.flows()["fact_id"]}
        assert set(walk["fact_id"]) <= known


def test_undirected_is_the_mean_of_both_directions_and_one_alone_stands() -> None:
    nan = np.nan
    weight = np.array([[[nan, 0.5, 1.0], [0.0, nan, nan], [nan, nan, nan]]])
    both = TieMatrix(("AAA", "BBB", "CCC"), (2000,), weight).undirected()
    expected = [[nan, 0.25, 1.0], [0.25, nan, nan], [1.0, nan, nan]]
    assert np.array_equal(both.weight[0], expected, equal_nan=True)


def test_the_mean_is_over_the_years_in_which_a_pair_is_known() -> None:
    nan = np.nan
    weight = np.array([[[nan, 1.0], [nan, nan]], [[nan, 0.0], [nan, nan]], [[nan] * 2] * 2])
    mean = TieMatrix(("AAA", "BBB"), (2000, 2001, 2002), weight).mean()
    assert np.array_equal(mean, [[nan, 0.5], [nan, nan]], equal_nan=True)


def test_the_order_of_facts_does_not_matter() -> None:
    facts = world.facts()
    turned = dataclasses.replace(facts, spells=facts.spells.reverse(), flows=facts.flows.reverse())
    for name in ("alliances", "sanctions", "arms"):
        one = build_layer(name, {"almanac": facts, "sipri": facts})
        two = build_layer(name, {"sipri": turned, "almanac": turned})
        assert one.ties.equals(two.ties)
        assert one.feeds == two.feeds


def test_by_default_every_member_of_the_period_is_there() -> None:
    matrix = tie_matrix(build_layer("alliances", {"almanac": world.facts()}), Period(2005, 2005))
    assert matrix.actors == tuple(sorted(matrix.actors))
    assert len(matrix.actors) == 192  # COW State System Membership v2016: 192 states in 2005
    assert "DDR" not in matrix.actors


def test_a_stranger_is_told() -> None:
    state = build_layer("alliances", {"almanac": world.facts()})
    with pytest.raises(UnknownName):
        tie_matrix(state, ALLIES, among=["USA", "XQZ"])
    with pytest.raises(UnknownName):
        build_layer("nosuch", {})


def test_a_variant_of_a_rule_can_be_given() -> None:
    from blocs.ties.layers.alliances import build_defence

    variant = dataclasses.replace(LAYERS.get("alliances"), build=build_defence)
    state = build_layer("alliances", {"almanac": world.facts()}, layer=variant)
    matrix = tie_matrix(state, ALLIES, among=world.STATES)
    assert cell(matrix, "CHN", "RUS", 2005) == 0.0
    assert cell(matrix, "GBR", "USA", 2005) == 1.0


def test_the_almanacs_ties_are_built_once_and_other_facts_each_time() -> None:
    asked: list[Facts] = []

    def build(facts: Facts) -> LayerTies:
        asked.append(facts)
        return LAYERS.get("alliances").build(facts)

    layer = dataclasses.replace(LAYERS.get("alliances"), build=build)
    first = build_layer("alliances", {"almanac": almanac_facts()}, layer=layer)
    again = build_layer("alliances", {"almanac": almanac_facts()}, layer=layer)
    assert len(asked) == 1
    assert again.ties.equals(first.ties)
    assert first.ties.equals(LAYERS.get("alliances").build(almanac_facts()).ties)
    given = alliance("CHN", "RUS")
    for _ in range(2):
        assert build_layer("alliances", {"almanac": given}, layer=layer).ties["value"][0] == 3
    assert [facts is given for facts in asked] == [False, True, True]
    named = build_layer("alliances", {"atop": almanac_facts()}, layer=layer)
    assert named.ties.height == first.ties.height
    assert len(asked) == 4
