"""Where two versions of the treaty layer differ: pairs, years, and about what."""

from __future__ import annotations

from datetime import date

import polars as pl

from blocs.schemas import Ties, dtypes
from blocs.ties.treaty_gaps import treaty_gaps as three_way_gaps


def ties(*rows: tuple[str, str, int, int, int]) -> pl.DataFrame:
    """Ties of (sender, receiver, first, last, level)."""
    return pl.DataFrame(
        [
            {
                "layer": "alliances",
                "sender": a,
                "receiver": b,
                "start": date(year, 1, 1),
                "end": date(year + 1, 1, 1),
                "value": float(level),
                "n_evidence": 1,
            }
            for a, b, first, last, level in rows
            for year in range(first, last + 1)
        ],
        schema=dtypes(Ties),
    )


def treaty_gaps(ours: pl.DataFrame, theirs: pl.DataFrame, *, until: int) -> pl.DataFrame:
    """Gaps where every row of ours is checked."""
    return three_way_gaps(ours, ours, theirs, until=until)


def test_what_agrees_is_no_gap() -> None:
    one = ties(("FRA", "GBR", 1904, 1914, 2))
    assert treaty_gaps(one, one, until=2018).is_empty()
    assert treaty_gaps(ties(), ties(), until=2018).is_empty()


def test_years_in_a_row_are_one_spell() -> None:
    ours = ties(("FRA", "RUS", 1892, 1917, 3), ("GBR", "RUS", 1907, 1910, 2))
    theirs = ties(("FRA", "RUS", 1894, 1914, 3), ("GBR", "RUS", 1907, 1910, 2))
    assert treaty_gaps(ours, theirs, until=2018).rows() == [
        ("FRA", "RUS", 1892, 1893, "unchecked"),
        ("FRA", "RUS", 1915, 1917, "unchecked"),
    ]


def test_it_does_not_matter_who_is_who() -> None:
    ours = ties(("FRA", "RUS", 1892, 1900, 3), ("GBR", "RUS", 1907, 1910, 1))
    theirs = ties(("GBR", "RUS", 1907, 1910, 2))
    assert treaty_gaps(ours, theirs, until=2018).equals(treaty_gaps(theirs, ours, until=2018))


def test_a_gap_about_defence_is_told_from_one_below() -> None:
    ours = ties(("FRA", "RUS", 1890, 1891, 2), ("FRA", "RUS", 1892, 1893, 3))
    theirs = ties(("FRA", "RUS", 1890, 1893, 1))
    assert treaty_gaps(ours, theirs, until=2018).rows() == [
        ("FRA", "RUS", 1890, 1891, "unchecked_below"),
        ("FRA", "RUS", 1892, 1893, "unchecked"),
    ]


def test_where_the_checked_rows_alone_agree_only_they_count() -> None:
    """Ours tells of defence, checked of neutrality; the other source knows of neutrality."""
    ours = ties(("FRA", "RUS", 1890, 1893, 3))
    checked = ties(("FRA", "RUS", 1890, 1891, 2))
    theirs = ties(("FRA", "RUS", 1890, 1893, 2))
    assert three_way_gaps(ours, checked, theirs, until=2018).rows() == [
        ("FRA", "RUS", 1890, 1891, "only_checked"),
        ("FRA", "RUS", 1892, 1893, "unchecked"),
    ]


def test_a_treaty_the_other_source_does_not_know_is_not_counted() -> None:
    """Checked rows tell of none, neither does the other source: none it is."""
    ours = ties(("CHN", "RUS", 2016, 2018, 2))
    assert three_way_gaps(ours, ties(), ties(), until=2018)["treat"].to_list() == ["only_checked"]


def test_nothing_is_compared_after_the_last_year() -> None:
    ours = ties(("CHN", "RUS", 2016, 2024, 2))
    assert treaty_gaps(ours, ties(), until=2018).rows() == [
        ("CHN", "RUS", 2016, 2018, "unchecked_below")
    ]
    assert treaty_gaps(ours, ties(), until=2015).is_empty()


def test_an_unknown_level_counts_as_none() -> None:
    unknown = ties(("CHN", "RUS", 2016, 2017, 2)).with_columns(value=pl.lit(None, pl.Float64))
    assert treaty_gaps(unknown, ties(), until=2018).is_empty()
