"""Facts spread over the years they touch, and pairs put in order."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocs.evidence.cleaning import covered
from blocs.schemas import TieEvidence, Ties
from blocs.ties.yearly import by_year, in_order, no_ties, yearly_ties, years_covered, years_told

DAYS = st.dates(date(1900, 1, 1), date(1960, 12, 31))


def spell(start: date | None, end: date | None) -> pl.DataFrame:
    return pl.DataFrame({"start": [start], "end": [end]}, schema={"start": pl.Date, "end": pl.Date})


@pytest.mark.parametrize(
    ("start", "end", "years"),
    [
        (date(1939, 9, 1), date(1939, 9, 2), [1939]),
        (date(1939, 9, 1), date(1941, 1, 1), [1939, 1940]),
        (date(1939, 9, 1), date(1941, 1, 2), [1939, 1940, 1941]),
        (date(1939, 1, 1), None, list(range(1939, 1951))),
        (None, date(1931, 6, 1), [1930, 1931]),
        (None, None, list(range(1930, 1951))),
        (date(1900, 1, 1), date(1930, 1, 1), []),
        (date(1900, 1, 1), date(1930, 1, 2), [1930]),
        (date(1951, 1, 1), None, []),
        (date(1950, 12, 31), None, [1950]),
    ],
)
def test_a_spell_counts_in_every_year_it_touches(
    start: date | None, end: date | None, years: list[int]
) -> None:
    assert by_year(spell(start, end), first=1930, last=1950)["year"].to_list() == years


@given(DAYS, st.integers(1, 5000))
def test_years_are_those_of_the_days(start: date, days: int) -> None:
    end = start + timedelta(days=days)
    touched = sorted({(start + timedelta(days=i)).year for i in range(days)})
    found = by_year(spell(start, end), first=1910, last=1950)["year"].to_list()
    assert found == [year for year in touched if 1910 <= year <= 1950]


def test_no_facts_make_no_years() -> None:
    assert by_year(spell(None, None).clear(), first=1930, last=1950).is_empty()


def test_ends_are_put_in_the_order_of_the_alphabet() -> None:
    frame = pl.DataFrame({"sender": ["USA", "FRA"], "receiver": ["GBR", "GBR"], "n": [1, 2]})
    assert in_order(frame).rows() == [("GBR", "USA", 1), ("FRA", "GBR", 2)]
    assert in_order(in_order(frame)).equals(in_order(frame))


def test_ties_know_how_many_facts_they_rest_on_and_which() -> None:
    facts = pl.DataFrame(
        {
            "fact_id": ["b", "a", "a", "c"],
            "sender": ["FRA", "FRA", "FRA", "DEU"],
            "receiver": ["GBR", "GBR", "GBR", "FRA"],
            "year": [1914, 1914, 1914, 1870],
            "level": [1.0, 3.0, 3.0, 2.0],
        }
    )
    top = pl.col("level").max()
    made = yearly_ties(facts, layer="x", weight=top / 3, value=top, unit="level")
    assert Ties.is_valid(made.ties)
    assert made.ties.select(
        "sender", "receiver", "start", "weight", "value", "n_evidence"
    ).rows() == [
        ("DEU", "FRA", date(1870, 1, 1), 2 / 3, 2.0, 1),
        ("FRA", "GBR", date(1914, 1, 1), 1.0, 3.0, 2),
    ]
    walk = made.evidence.collect()
    assert TieEvidence.is_valid(walk)
    assert walk["fact_id"].to_list() == ["c", "a", "b"]
    assert made.ties["end"].to_list() == [date(1871, 1, 1), date(1915, 1, 1)]


def test_a_layer_without_ties_has_tables_all_the_same() -> None:
    assert Ties.is_valid(no_ties().ties)
    assert no_ties().evidence.collect().is_empty()


def test_years_covered_run_from_the_first_to_the_last_told() -> None:
    both = pl.concat([covered("arms", "s", 1950, 1960), covered("arms", "s", 1970, 1971)])
    assert years_covered(both, "arms") == (1950, 1971)
    assert years_covered(both, "votes") is None
    assert years_told(both, "arms") == (*range(1950, 1961), 1970, 1971)
    assert years_told(both, "votes") == ()
    day = both.head(1).with_columns(end=pl.date(1960, 1, 2))
    assert years_covered(day, "arms") == (1950, 1960)
    assert years_told(day, "arms")[-1] == 1960
