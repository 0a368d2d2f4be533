"""Likeness of alliance portfolios: the published check, a loop, SciPy, invariants, weights.

Tolerance 1e-9: sums of a few hundred terms; SciPy ranks in double precision.
"""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kendalltau

from blocs.alignment.portfolio_years import joint_portfolios, portfolio_years
from blocs.alignment.similarity.s_score import s_score
from blocs.dates import Period
from blocs.errors import BadInput
from blocs.evidence.almanac_facts import almanac_facts
from blocs.registry import SIMILARITIES
from blocs.ties.network import LayerState, build_layer

FEW = settings(max_examples=25, deadline=None, derandomize=True)


@pytest.fixture(scope="module")
def alliances() -> LayerState:
    return build_layer("alliances", {"almanac": almanac_facts()})


@st.composite
def portfolios(draw):
    n = draw(st.integers(2, 8))
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    level = rng.integers(-1, 4, (n, n)).astype(np.int8)
    level = np.minimum(level, level.T)
    np.fill_diagonal(level, 3)
    return level, rng.random(n)


@given(portfolios())
@FEW
def test_joint_tables_equal_a_loop(case):
    level, weight = case
    i, j, n, tables = joint_portfolios(level, weight)
    for a, b, count, table in zip(i, j, n, tables, strict=True):
        told, partners = np.zeros((4, 4)), 0
        for k in range(len(level)):
            if level[a, k] >= 0 and level[b, k] >= 0:
                told[level[a, k], level[b, k]] += weight[k]
                partners += 1
        assert partners == count
        np.testing.assert_allclose(table, told, atol=1e-12)


@given(portfolios())
@FEW
def test_tau_b_is_that_of_scipy(case):
    level, _ = case
    i, j, _, tables = joint_portfolios(level, np.ones(len(level)))
    for a, b, table in zip(i, j, tables, strict=True):
        both = (level[a] >= 0) & (level[b] >= 0)
        if both.sum() < 2:
            continue
        expected = kendalltau(level[a, both], level[b, both]).statistic
        found = SIMILARITIES.get("tau-b").score(table)
        assert found == pytest.approx(expected, abs=1e-9, nan_ok=True)


@given(portfolios(), st.randoms(use_true_random=False))
@FEW
def test_names_of_states_do_not_matter_and_isolates_only_agree(case, random):
    level, weight = case
    order = np.array(random.sample(range(len(level)), len(level)))
    i, j, _, tables = joint_portfolios(level, weight)
    k, m, _, moved = joint_portfolios(level[np.ix_(order, order)], weight[order])
    by_pair = {frozenset((a, b)): s for a, b, s in zip(i, j, s_score(tables), strict=True)}
    for a, b, s in zip(order[k], order[m], s_score(moved), strict=True):
        assert by_pair[frozenset((a, b))] == pytest.approx(s, nan_ok=True)


def test_the_published_portfolios():
    """Portfolios 3 3 2 2 and 2 2 3 3, weights .5 .3 .1 .1, d_max 3: S = 1/3."""
    level = np.full((4, 4), 0, dtype=np.int8)
    level[0], level[1] = [3, 3, 2, 2], [2, 2, 3, 3]
    i, j, _, tables = joint_portfolios(level, np.array([0.5, 0.3, 0.1, 0.1]))
    assert s_score(tables[(i == 0) & (j == 1)]).item() == pytest.approx(1 / 3)


def test_every_measure_of_every_pair_is_there(alliances):
    names = SIMILARITIES.names()
    table = portfolio_years(alliances, Period(1913, 1914), measures=names)
    assert table.columns == ["a", "b", "year", "n", *(n.replace("-", "_") for n in names)]
    assert table["year"].unique().sort().to_list() == [1913, 1914]
    assert table.select("year", "a", "b").rows() == sorted(table.select("year", "a", "b").rows())
    assert (table["a"] < table["b"]).all()
    assert table["s_score"].is_between(-1, 1).all()
    allies = table.filter(a="FRA", b="RUS", year=1914).row(0, named=True)
    foes = table.filter(a="DEU", b="RUS", year=1914).row(0, named=True)
    for name in ("s_score", "kappa", "pi", "tau_b", "cosine"):
        assert allies[name] > foes[name]


def test_weights_count_partners_and_leave_those_without_out(alliances):
    plain = portfolio_years(alliances, Period(1914, 1914), measures=["s-score"])
    same = pl.DataFrame({"actor": plain["a"].append(plain["b"]).unique()}).with_columns(
        year=pl.lit(1914), weight=pl.lit(0.5)
    )
    found = portfolio_years(alliances, Period(1914, 1914), measures=["s-score"], weights=same)
    assert found["s_score"].to_list() == pytest.approx(plain["s_score"].to_list())
    two = same.filter(pl.col("actor").is_in(["DEU", "FRA"]))
    few = portfolio_years(alliances, Period(1914, 1914), measures=["s-score"], weights=two)
    pair = few.filter(a="DEU", b="FRA").row(0, named=True)
    # each is wholly allied with itself and not with the other
    assert (pair["n"], pair["s_score"]) == (2, -1.0)


def test_bad_weights_are_told(alliances):
    def weigh(**columns):
        return portfolio_years(alliances, Period(1914, 1914), weights=pl.DataFrame(columns))

    with pytest.raises(BadInput, match="negative"):
        weigh(actor=["FRA"], year=[1914], weight=[-1.0])
    with pytest.raises(BadInput, match="FRA has two weights in 1914"):
        weigh(actor=["FRA", "FRA"], year=[1914, 1914], weight=[1.0, 2.0])
