from __future__ import annotations

import calendar
from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocs.errors import BadFile
from blocs.evidence.rows import Rows, after, first_of, longer, pairs, read_rows
from blocs.files import sniff

YEARS = st.integers(1, 9997)
MONTHS = st.one_of(st.none(), st.integers(-9, 14))
DAYS = st.one_of(st.none(), st.integers(-9, 40))


def first_and_next(year: int, month: int | None, day: int | None) -> tuple[date, date] | None:
    """The days a date can mean, by the calendar of the standard library."""
    if month is None or month < 1:
        return date(year, 1, 1), date(year + 1, 1, 1)
    if month > 12:
        return None
    length = calendar.monthrange(year, month)[1]
    start = date(year, month, 1)
    if day is None or day < 1:
        return start, start + timedelta(days=length)
    if day > length:
        return None
    told = date(year, month, day)
    return told, told + timedelta(days=1)


@given(st.lists(st.tuples(YEARS, MONTHS, DAYS), min_size=1, max_size=20))
def test_partial_dates_agree_with_the_calendar(parts):
    frame = pl.DataFrame(parts, schema={"y": pl.Int64, "m": pl.Int64, "d": pl.Int64}, orient="row")
    made = frame.select(first=first_of("y", "m", "d"), next=after("y", "m", "d")).rows()
    assert made == [first_and_next(*part) or (None, None) for part in parts]


@given(st.integers(-5, 20000))
def test_a_year_outside_the_calendar_gives_no_day(year):
    made = pl.DataFrame({"y": [year]}).select(first_of("y"))["y"][0]
    assert made == (date(year, 1, 1) if 1 <= year <= 9998 else None)


def rows(**columns: list[object]) -> Rows:
    frame = pl.DataFrame(columns).with_row_index("row", offset=1)
    return Rows(frame.with_columns(pl.col("row").cast(pl.Int64)), "s", "f.csv")


def test_refused_rows_are_kept_with_rule_and_value():
    step = rows(a=["1", "x", None, "2e3", "2.5"]).integers("a")
    assert step.frame["a"].to_list() == [1, None, 2000]
    kept = step.require(pl.col("a") < 100, rule="a is small", column="a")
    assert [r.select("row", "rule", "value").rows() for r in kept.rejects] == [
        [(2, "a must be: integer", "x"), (5, "a must be: integer", "2.5")],
        [(3, "a is small", None), (4, "a is small", "2000")],
    ]
    assert kept.keep(pl.lit(value=False)).rejects == kept.rejects, "leaving out is not refusing"


def test_lists_become_pairs():
    long = longer(rows(p=["USA", None], q=["FRA", "GBR"], r=["DEU", "USA"]), "pqr", into="actor")
    made = pairs(long, ["row"]).frame.select("row", "sender", "receiver", "part").rows()
    assert made == [
        (1, "DEU", "FRA", "DEU-FRA"),
        (1, "DEU", "USA", "DEU-USA"),
        (1, "FRA", "USA", "FRA-USA"),
        (2, "GBR", "USA", "GBR-USA"),
    ]


def test_a_state_that_need_not_be_named():
    found = rows(c=["2", None, "9999"]).state("c", into="who", needed=False)
    assert found.frame["who"].to_list() == ["USA", None]
    assert found.rejects[0].select("row", "value").rows() == [(3, "9999")]


def test_names_that_differ_in_case_alone_do_not_collide(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("Chile, CHILE,Other\n1,2,3\n")
    assert read_rows(sniff(path), "s").frame.columns == ["row", "chile", " CHILE", "other"]


def test_a_table_without_rows_is_an_error(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a,b\n")
    with pytest.raises(BadFile, match=r"a\.csv: the table has a header and no rows"):
        read_rows(sniff(path), "s")
