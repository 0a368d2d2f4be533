"""Who depends on whom, worked by hand."""

from __future__ import annotations

import csv
import gzip
import itertools
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from blocs.alignment.brokers import brokers_of
from blocs.alignment.dependence import (
    arms_dependence,
    standing_of,
    trade_dependence,
    vote_dependence,
)
from blocs.alignment.repeated import RepeatedVotes
from blocs.evidence.holdings import hold

MEMBERS = ("CHN", "PRK", "RUS")


def flows(kind: str, rows: list[tuple[str, str, int, float | None]]) -> pl.DataFrame:
    return pl.DataFrame(
        [(kind, s, r, date(y, 1, 1), v) for s, r, y, v in rows],
        schema={
            "kind": pl.String, "sender": pl.String, "receiver": pl.String, "start": pl.Date,
            "value": pl.Float64,
        },
        orient="row",
    )  # fmt: skip


def test_a_small_state_depends_on_its_large_neighbour():
    table = flows(
        "trade",
        [
            ("CHN", "PRK", 2010, 60.0), ("PRK", "CHN", 2010, 20.0), ("PRK", "JPN", 2010, 20.0),
            ("CHN", "JPN", 2010, 920.0), ("RUS", "CHN", 2010, None), ("CHN", "RUS", 2010, 5.0),
        ],
    )  # fmt: skip
    found = {(d.a, d.b): d for d in trade_dependence(table, MEMBERS, years=[2010])}
    pair = found["CHN", "PRK"]
    assert (pair.of_a, pair.of_b) == (pytest.approx(80 / 1005), pytest.approx(0.8))
    assert pair.asymmetry == pytest.approx(80 / 1005 - 0.8)
    assert (pair.n, pair.first, pair.last) == (1, 2010, 2010)
    # one of the two flows is not known: the pair is not, and that is no zero
    assert found["CHN", "RUS"].of_a is None
    assert found["PRK", "RUS"].asymmetry is None
    assert standing_of(tuple(found.values()), "PRK").tolist() == [-pair.asymmetry]


def test_arms_are_counted_by_who_receives_them():
    table = flows(
        "arms",
        [("RUS", "CHN", 2005, 30.0), ("FRA", "CHN", 2005, 10.0), ("CHN", "PRK", 2005, 4.0)],
    )
    found = {(d.a, d.b): d for d in arms_dependence(table, MEMBERS, years=[2005])}
    assert found["CHN", "RUS"].of_a == 0.75
    assert found["CHN", "RUS"].of_b is None  # Russia imports nothing: no share of it
    assert found["CHN", "PRK"].of_b == 1.0


def repeated(x0: list[int], x1: list[int], y0: list[int], y1: list[int]) -> RepeatedVotes:
    n = len(x0)
    return RepeatedVotes(
        ("CHN", "RUS"), np.array([x0, y0], float), np.array([x1, y1], float), np.arange(n),
        (date(2014, 1, 1),) * n, (date(2015, 1, 1),) * n, np.full(n, 69), np.full(n, 70),
    )  # fmt: skip


def test_deals_of_one_year_add_up():
    deals = [("RUS", "CHN", 2005, 30.0), ("FRA", "CHN", 2005, 10.0), ("RUS", "CHN", 2005, 40.0)]
    found = {(d.a, d.b): d for d in arms_dependence(flows("arms", deals), MEMBERS, years=[2005])}
    assert found["CHN", "RUS"].of_a == 70 / 80


@pytest.mark.shared
def test_arms_imports_equal_the_register_added_up_by_hand(shared: Path) -> None:
    path = shared / "data/sipri_arms_transfers/trade_2023.csv.gz"
    with gzip.open(path, "rt", encoding="latin-1") as lines:
        rows = list(csv.DictReader(itertools.dropwhile(lambda x: "Supplier," not in x, lines)))
    value = {True: 0.0, False: 0.0}
    for row in rows:
        if row["Recipient"] == "China" and 2000 <= int(row["Delivery year"]) <= 2014:
            value[row["Supplier"] == "Russia"] += float(row["TIV delivery values"])
    facts = hold(data=[str(path)]).by_dataset["sipri"]
    found = arms_dependence(facts.flows, ("CHN", "RUS"), years=range(2000, 2015))[0]
    assert found.of_a == pytest.approx(value[True] / (value[True] + value[False]), rel=1e-9)
    assert found.of_a > 0.8


def test_who_goes_over_to_the_other_is_the_client():
    # twelve disagreements: four times China takes Russia's place, once Russia China's
    x0, y0 = [1] * 12, [0] * 12
    x1, y1 = [0] * 4 + [1] * 8, [0] * 11 + [1]
    (found,) = vote_dependence(repeated(x0, x1, y0, y1), ["CHN", "RUS"])
    assert (found.of_a, found.of_b) == (pytest.approx(4 / 12), pytest.approx(1 / 12))
    assert found.asymmetry == pytest.approx(3 / 12)
    assert found.n == 12


def test_few_disagreements_say_nothing():
    (found,) = vote_dependence(repeated([1] * 9, [0] * 9, [0] * 9, [0] * 9), ["CHN", "RUS"])
    assert (found.asymmetry, found.n) == (None, 9)
    (gone,) = vote_dependence(repeated([1], [1], [1], [1]), ["CHN", "PRK"])
    assert gone.n == 0


def test_brokers_bridge_what_is_open_and_not_what_is_unknown():
    names = ["CHN", "IRN", "RUS", "SYR"]
    tied = np.zeros((4, 4))
    for a, b in (("CHN", "RUS"), ("IRN", "RUS"), ("IRN", "SYR")):
        i, j = names.index(a), names.index(b)
        tied[i, j] = tied[j, i] = 1
    found = {b.member: b for b in brokers_of(tied, names, names[:3])}
    assert (found["RUS"].within, found["RUS"].open_pairs) == (1, 1)
    assert (found["IRN"].gates, found["IRN"].sole) == (1, ("SYR",))
    tied[0, 1] = tied[1, 0] = np.nan
    hidden = {b.member: b for b in brokers_of(tied, names, names[:3])}
    assert (hidden["RUS"].within, hidden["RUS"].unknown) == (0, 1)
