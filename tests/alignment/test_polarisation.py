"""Yearly networks and their indices: by hand, on the almanac, against the indices alone."""

from __future__ import annotations

import numpy as np
import pytest

from blocs.alignment.balance import walk_balance
from blocs.alignment.polarisation import measure_polarisation, war_ties, yearly_networks
from blocs.alignment.random_networks import compare_scores, compare_with_null, fill_matrix
from blocs.alignment.signed.exact import split_matrix
from blocs.alignment.signed.graph import build_signed_graph
from blocs.dates import Period
from blocs.errors import BadInput, UnknownName
from blocs.evidence.almanac_facts import almanac_facts
from blocs.registry import INDICES
from blocs.ties.network import LayerState, build_layer


@pytest.fixture(scope="module")
def alliances() -> LayerState:
    return build_layer("alliances", {"almanac": almanac_facts()})


def cell(matrix, actors, a, b):
    return matrix[actors.index(a), actors.index(b)]


def test_who_fought_whom_in_1914_and_not_in_1910():
    fought = war_ties(Period(1910, 1914))
    year = fought.weight[fought.years.index(1914)]
    assert cell(year, fought.actors, "DEU", "FRA") == -1
    assert cell(year, fought.actors, "FRA", "DEU") == -1
    assert cell(year, fought.actors, "FRA", "GBR") == 0
    assert cell(fought.weight[0], fought.actors, "DEU", "FRA") == 0


def test_a_war_without_end_lasts_to_the_end_of_the_period():
    fought = war_ties(Period(2021, 2024))
    told = [cell(w, fought.actors, "RUS", "UKR") for w in fought.weight]
    assert told == [0, -1, -1, -1]


def test_a_year_adds_treaties_and_wars(alliances):
    (year,) = yearly_networks([alliances], Period(1914, 1914), wars=True)
    matrix = fill_matrix(year.graph)
    assert year.year == 1914
    assert cell(matrix, year.actors, "DEU", "AUT") > 0 if "AUT" in year.actors else True
    assert cell(matrix, year.actors, "DEU", "FRA") == -1
    assert matrix.any(axis=0).all()
    assert len(year.actors) <= year.states
    assert year.unknown >= 0


def test_without_wars_no_tie_is_negative(alliances):
    (year,) = yearly_networks([alliances], Period(1914, 1914))
    assert (year.graph.weight > 0).all()


def test_years_in_which_a_layer_is_dark_are_left_out(alliances):
    votes = build_layer("votes", {"almanac": almanac_facts()})
    years = [n.year for n in yearly_networks([alliances, votes], Period(1944, 1947))]
    assert years == [1946, 1947]


def test_every_index_is_that_of_its_part(alliances):
    (year,) = yearly_networks([alliances], Period(1914, 1914), wars=True)
    found = measure_polarisation(year, draws=3, seed=1)
    matrix = fill_matrix(year.graph)
    for name, score in zip(found.indices, found.found, strict=True):
        assert score.value == pytest.approx(INDICES.get(name).score(matrix), nan_ok=True)
        assert score.draws <= 3
    assert found.indices == INDICES.names()
    assert found.local.shape == (len(year.actors),)


def test_same_seed_same_null_other_seed_other_null(alliances):
    (year,) = yearly_networks([alliances], Period(1914, 1914), wars=True)
    one, two, other = (
        measure_polarisation(year, draws=4, seed=s, indices=["walk-balance"]) for s in (0, 0, 1)
    )
    assert one.found == two.found
    assert one.found != other.found
    assert one.found[0].value == other.found[0].value


def test_scores_compared_together_share_their_networks():
    graph = build_signed_graph(5, [0, 0, 1, 2, 3], [1, 2, 2, 3, 4], [1, -1, 1, 1, -1])
    both = compare_scores(
        [walk_balance, walk_balance], graph, rng=np.random.default_rng(3), draws=9
    )
    alone = compare_with_null(walk_balance, graph, rng=np.random.default_rng(3), draws=9)
    assert both[0] == both[1] == alone
    none = compare_scores([walk_balance], graph, rng=np.random.default_rng(3), draws=0)[0]
    assert none.value == alone.value
    assert none.draws == 0
    assert np.isnan(none.percentile)


def test_sides_kept_for_one_matrix_are_not_given_for_another():
    friends = np.array([[0.0, 1], [1, 0]])
    assert split_matrix(friends)[1].labels.tolist() == [0, 0]
    assert len(set(split_matrix(-friends)[1].labels.tolist())) == 2
    assert split_matrix(friends)[1].labels.tolist() == [0, 0]


def test_bad_input_is_told(alliances):
    (year,) = yearly_networks([alliances], Period(1914, 1914))
    with pytest.raises(BadInput, match="draws is -1"):
        measure_polarisation(year, draws=-1, seed=0)
    with pytest.raises(UnknownName, match="walk-ballance"):
        measure_polarisation(year, draws=0, seed=0, indices=["walk-ballance"])
