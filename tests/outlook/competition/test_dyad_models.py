"""Dyad-year models: brute-force variances, a planted effect, none where there is none."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl
import pytest
from scipy.optimize import minimize

from blocs.outlook.competition.dyad_models import (
    DyadYears,
    count_relevant,
    dyad_years,
    fit_logit,
    run_dyads,
    year_and_dyad_variance,
)
from blocs.outlook.competition.permutations import episode_orders


def made(effect: float, seed: int) -> tuple[DyadYears, pl.DataFrame]:
    rng = np.random.default_rng(seed)
    years, n = np.arange(1816, 1936), 12
    index = np.sin(years / 11.0) + rng.normal(0, 0.3, len(years))
    i, j = (a.ravel() for a in np.triu_indices(n, 1))
    t = np.repeat(np.arange(len(years)), len(i))
    i, j = np.tile(i, len(years)), np.tile(j, len(years))
    x = np.concatenate([[0.0], index[:-1]])[t]
    p = 1 / (1 + np.exp(-(-3 + effect * x)))
    onset = (rng.random(len(t)) < p).astype(float)
    rows = DyadYears(years[t], i, j, np.ones((len(t), 1)), onset, onset)
    return rows, pl.DataFrame({"year": years, "parity": index})


def test_dyadic_and_year_variances_are_the_sums_over_pairs_of_rows() -> None:
    rng = np.random.default_rng(0)
    n = 60
    i = rng.integers(0, 6, n)
    j = (i + rng.integers(1, 6, n)) % 6
    year = rng.integers(1900, 1905, n)
    s = rng.normal(size=(n, 2))
    rows = DyadYears(year, i, j, s, s[:, 0], s[:, 0])
    share = lambda a, b: bool({i[a], j[a]} & {i[b], j[b]})  # noqa: E731
    pairs = [(a, b) for a in range(n) for b in range(n)]
    dyadic = sum(np.outer(s[a], s[b]) for a, b in pairs if share(a, b))
    both = sum(np.outer(s[a], s[b]) for a, b in pairs if share(a, b) or year[a] == year[b])
    got = year_and_dyad_variance(s, rows, np.eye(2))
    assert got[0] == pytest.approx(dyadic)
    assert got[1] == pytest.approx(both)


def test_the_logit_is_that_of_a_general_optimiser() -> None:
    rng = np.random.default_rng(1)
    x = np.column_stack([np.ones(300), rng.normal(size=300)])
    y = (rng.random(300) < 0.3).astype(float)
    beta, _ = fit_logit(x, y)
    loss = lambda b: float(np.logaddexp(0, x @ b).sum() - y @ (x @ b))  # noqa: E731
    assert beta == pytest.approx(minimize(loss, np.zeros(2)).x, abs=1e-4)


def test_a_planted_effect_is_found_and_none_is_not() -> None:
    order = episode_orders(np.arange(1816, 1936), most=60, seed=2)
    rows, years = made(0.8, 1)
    found = run_dyads(rows, years, order).row(0, named=True)
    assert found["low"] > 1
    assert found["z"] > 3
    rows, years = made(0.0, 2)
    none = run_dyads(rows, years, order).row(0, named=True)
    assert none["low"] < 1 < none["high"]
    assert none["p_episodes"] > 0.05


def test_models_kept_are_those_fitted() -> None:
    order = episode_orders(np.arange(1816, 1936), most=20, seed=2)
    rows, years = made(0.8, 1)
    kept: dict[str, bytes] = {}

    def keep(name: str, make: Callable[[], bytes]) -> bytes:
        return kept[name] if name in kept else kept.setdefault(name, make())

    first = run_dyads(rows, years, order, keep=keep)
    again = run_dyads(rows, years, order, keep=keep)
    assert first.equals(again)
    assert first.equals(run_dyads(rows, years, order))
    assert len(kept) == first.height


def test_relevant_are_neighbours_and_dyads_with_a_major_power() -> None:
    panel = pl.DataFrame(
        {
            "ccode1": [1, 1, 2, 2],
            "ccode2": [2, 3, 3, 4],
            "year": [1900] * 4,
            "conttype": [1, 0, 5, 0],
            "cowmaj1": [1, 1, 0, 0],
            "cowmaj2": [0, 0, 0, 0],
            "cowmidongoing": [0, 1, 1, 0],
            "cowmidonset": [0, 0, 1, 0],
            "hostility1": [0, 4, 4, 0],
            "hostility2": [0, 4, 1, 0],
            "atop_defense": [0, 0, 1, 0],
            "cinc1": [0.2, 0.2, 0.1, 0.1],
            "cinc2": [0.1, 0.1, 0.1, 0.1],
            "peace_years": [3, 0, 9, 1],
        }
    )
    assert count_relevant(panel)["relevant_dyads"].to_list() == [3]
    rows = dyad_years(panel)  # a dispute that goes on is no year at risk
    assert rows.onset.tolist() == [0.0, 1.0]
    assert rows.force.tolist() == [0.0, 1.0]
    assert rows.controls[0, :5].tolist() == pytest.approx([1, 1, 0, 0, np.log(2)])
