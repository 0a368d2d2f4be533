"""Likeness of all pair-years: against a loop, against likeness of two, and the published count."""

from __future__ import annotations

import itertools
from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blocs.alignment.likeness_years import likeness_years
from blocs.errors import UnknownName
from blocs.registry import SIMILARITIES

FEW = settings(max_examples=20, deadline=None, derandomize=True)
NAMES = ("AAA", "BBB", "CCC", "DDD")
YEARS = (2001, 2001, 2001, 2002, 2002, 2004)
MEASURES = ("agreement", "identical", "s-score", "kappa", "pi", "tau-b")


def ballots(seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.choice([0, 1, 2, 3, -1], (len(NAMES), len(YEARS)), p=[0.3, 0.2, 0.2, 0.2, 0.1])


@given(st.integers(0, 10_000))
@FEW
def test_every_pair_and_year_one_by_one(tables, seed):
    votes = ballots(seed)
    found = likeness_years(*tables(votes, NAMES, YEARS), measures=MEASURES)
    rows = {(r["a"], r["b"], r["year"]): r for r in found.iter_rows(named=True)}
    for year, (i, j) in itertools.product(
        sorted(set(YEARS)), itertools.combinations(range(len(NAMES)), 2)
    ):
        table = np.zeros((3, 3))
        for v, when in enumerate(YEARS):
            if when == year and 0 <= votes[i, v] < 3 and 0 <= votes[j, v] < 3:
                table[votes[i, v], votes[j, v]] += 1
        row = rows.pop((NAMES[i], NAMES[j], year), None)
        if not table.sum():
            assert row is None
            continue
        assert row is not None
        assert row["n"] == table.sum()
        for name in MEASURES:
            wanted = float(SIMILARITIES.get(name).score(table))
            told = row[name.replace("-", "_")]
            assert told == (None if np.isnan(wanted) else pytest.approx(wanted))
    assert not rows


def test_rows_are_sorted_and_come_once(tables):
    found = likeness_years(*tables(ballots(1), NAMES, YEARS))
    assert found.equals(found.sort("year", "a", "b"))
    assert found.select("year", "a", "b").is_unique().all()
    assert found.columns == ["a", "b", "year", "n", "agreement", "s_score"]


@given(st.integers(0, 10_000))
@FEW
def test_s_of_votes_is_agreement_on_another_scale(tables, seed):
    found = likeness_years(*tables(ballots(seed), NAMES, YEARS))
    assert found["s_score"].to_list() == pytest.approx((2 * found["agreement"] - 1).to_list())


@given(st.integers(0, 10_000), st.integers(0, 100))
@FEW
def test_order_of_rows_does_not_matter(tables, seed, shuffle):
    calls, cast = tables(ballots(seed), NAMES, YEARS)
    mixed = (x.sample(fraction=1.0, shuffle=True, seed=shuffle) for x in (calls, cast))
    assert likeness_years(calls, cast).equals(likeness_years(*mixed))


def test_no_votes_give_no_rows(tables):
    calls, cast = tables(ballots(1), NAMES, YEARS)
    found = likeness_years(calls.head(0), cast.head(0))
    assert (found.height, found.columns[:4]) == (0, ["a", "b", "year", "n"])


def test_a_measure_that_is_not_known(tables):
    with pytest.raises(UnknownName, match="kapa"):
        likeness_years(*tables(ballots(1), NAMES, YEARS), measures=["kapa"])


@pytest.mark.shared
def test_pair_years_of_the_unvotes_package(shared):
    """834,014 pairs of names and years with a vote in common; USA-Israel 2015 counted apart."""
    folder = shared / "data" / "unvotes_r"
    calls = pl.read_csv(folder / "un_roll_calls.csv.gz", columns=["rcid", "date"])
    votes = pl.read_csv(folder / "un_votes.csv.gz", columns=["rcid", "country", "vote"])
    calls = calls.select(rollcall="rcid", date=pl.col("date").str.to_date())
    found = likeness_years(calls, votes.rename({"rcid": "rollcall", "country": "actor"}))
    assert found.height == 834_014
    row = found.filter(
        (pl.col("a") == "Israel") & (pl.col("b") == "United States") & (pl.col("year") == 2015)
    )
    both = (
        votes.filter(pl.col("country") == "Israel")
        .join(votes.filter(pl.col("country") == "United States"), on="rcid")
        .join(calls.filter(pl.col("date").is_between(date(2015, 1, 1), date(2015, 12, 31))),
              left_on="rcid", right_on="rollcall")
    )  # fmt: skip
    steps = {"yes": 0, "abstain": 1, "no": 2}
    apart = [abs(steps[x] - steps[y]) / 2 for x, y in both.select("vote", "vote_right").iter_rows()]
    assert row["n"][0] == len(apart)
    assert row["agreement"][0] == pytest.approx(1 - np.mean(apart))
