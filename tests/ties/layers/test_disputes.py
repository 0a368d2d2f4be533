"""Militarised disputes: the highest hostility of a pair in a year."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from blocs.contracts import Facts
from blocs.evidence.cleaning import covered
from blocs.schemas import Events, Ties, dtypes
from blocs.ties.layers.disputes import LAYER

Row = tuple[str, str | None, date, date, float | None]


def built(*rows: Row) -> pl.DataFrame:
    events = pl.DataFrame(
        [
            {
                "fact_id": f"e{i}",
                "source_id": "s",
                "row": i,
                "kind": "dispute",
                "sender": sender,
                "receiver": receiver,
                "start": start,
                "end": end,
                "value": value,
            }
            for i, (sender, receiver, start, end, value) in enumerate(rows, start=1)
        ],
        schema=dtypes(Events),
    )
    ties = LAYER.build(Facts(events=events, coverage=covered("disputes", "s", 1900, 1950))).ties
    assert Ties.is_valid(ties)
    return ties


def test_the_highest_hostility_of_the_year_counts() -> None:
    ties = built(
        ("DEU", "FRA", date(1914, 8, 3), date(1918, 11, 12), 5.0),
        ("FRA", "DEU", date(1914, 1, 1), date(1914, 1, 5), 2.0),
        ("DEU", "FRA", date(1911, 7, 1), date(1911, 11, 5), 3.0),
    )
    assert [(s.year, w, n) for s, w, n in ties.select("start", "weight", "n_evidence").rows()] == [
        (1911, pytest.approx(-0.6), 1),
        (1914, -1.0, 2),
        *[(year, -1.0, 1) for year in range(1915, 1919)],
    ]
    assert set(ties.select("sender", "receiver").rows()) == {("DEU", "FRA")}


def test_a_dispute_of_unknown_hostility_is_one_all_the_same() -> None:
    day = (date(1911, 7, 1), date(1911, 7, 2))
    unknown = built(("DEU", "FRA", *day, None))
    assert unknown.select("weight", "value").rows() == [(pytest.approx(-0.2), None)]
    both = built(("DEU", "FRA", *day, None), ("DEU", "FRA", *day, 4.0))
    assert both.select("weight", "value").rows() == [(pytest.approx(-0.8), 4.0)]


def test_a_dispute_as_a_whole_is_no_tie() -> None:
    assert built(("DEU", None, date(1911, 7, 1), date(1911, 7, 2), 4.0)).is_empty()


def test_without_coverage_there_is_no_layer() -> None:
    assert LAYER.build(Facts()).ties.is_empty()
