"""Text to numbers and dates: missing stays missing, wrong is said aloud."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocs.evidence.cleaning import all_rejects, covered, dates, integers, known, numbers
from blocs.schemas import Coverage, Rejects, dtypes

WHERE = {"source_id": "s", "file": "f.csv"}


def texts(*cells: str | None) -> pl.DataFrame:
    rows = [(i, cell) for i, cell in enumerate(cells, start=1)]
    return pl.DataFrame(rows, schema={"row": pl.Int64, "n": pl.String}, orient="row")


@pytest.mark.parametrize(
    ("text", "value"),
    [("7", 7), (" 7 ", 7), ("-9", -9), ("2.0", 2), ("2e3", 2000), ("+4", 4), (None, None)],
)
def test_whole_numbers_are_read_as_statistics_programs_write_them(
    text: str | None, value: int | None
) -> None:
    good, refused = integers(texts(text), ["n"], **WHERE)
    assert good["n"].to_list() == [value]
    assert good.schema["n"] == pl.Int64
    assert refused.is_empty()


@pytest.mark.parametrize("text", ["2.5", "two", "4517NA6", "", "1,000", "nan", "inf", "1e400"])
def test_what_is_no_whole_number_is_refused_with_its_row(text: str) -> None:
    good, refused = integers(texts("1", text, "3"), ["n"], **WHERE)
    assert good["n"].to_list() == [1, 3]
    assert refused.rows() == [("s", "f.csv", 2, "n", "n must be: integer", text)]


@given(st.lists(st.one_of(st.none(), st.integers(-(2**53), 2**53)), max_size=30))
def test_integers_written_as_text_come_back(values: list[int | None]) -> None:
    cells = [None if v is None else str(v) for v in values]
    good, refused = integers(texts(*cells), ["n"], **WHERE)
    assert good["n"].to_list() == values
    assert refused.is_empty()


@given(st.lists(st.text(max_size=6), max_size=20))
def test_no_row_is_lost_between_good_and_refused(cells: list[str]) -> None:
    for clean in (integers, numbers, dates):
        good, refused = clean(texts(*cells), ["n"], **WHERE)
        assert sorted([*good["row"], *refused["row"]]) == list(range(1, len(cells) + 1))
        assert good["n"].null_count() == 0


def test_numbers_and_dates_are_read() -> None:
    good, refused = numbers(texts("0.5", ".5", "-1e3", None, "x"), ["n"], **WHERE)
    assert good["n"].to_list() == [0.5, 0.5, -1000.0, None]
    assert refused["rule"].to_list() == ["n must be: number"]
    good, refused = dates(texts("1991-12-25", None, "1991-02-30"), ["n"], **WHERE)
    assert good["n"].to_list() == [date(1991, 12, 25), None]
    assert refused["value"].to_list() == ["1991-02-30"]
    good, _ = dates(texts("12/25/1991"), ["n"], form="%m/%d/%Y", **WHERE)
    assert good["n"].to_list() == [date(1991, 12, 25)]


def test_a_row_wrong_in_two_columns_is_refused_once_for_each() -> None:
    frame = texts("x", "1").with_columns(m=pl.lit("y"))
    good, refused = integers(frame, ["n", "m"], **WHERE)
    assert good.is_empty()
    assert refused.select("row", "column").rows() == [(1, "m"), (1, "n"), (2, "m")]
    assert set(good.columns) == {"row", "n", "m"}


def test_what_must_be_known_is_refused_where_it_is_not() -> None:
    frame = pl.DataFrame({"row": [1, 2], "code": ["2", "2xx"], "actor": ["USA", None]})
    good, refused = known(frame, "actor", rule="state is known", value="code", **WHERE)
    assert good["actor"].to_list() == ["USA"]
    assert refused.select("row", "rule", "value").rows() == [(2, "state is known", "2xx")]


def test_rejects_come_in_the_order_of_the_file() -> None:
    _, one = integers(texts("1", "x", "y"), ["n"], **WHERE)
    _, other = dates(texts("z"), ["n"], **WHERE)
    assert all_rejects([one, other])["row"].to_list() == [1, 2, 3]
    assert all_rejects([]).schema == dtypes(Rejects)


def test_coverage_is_whole_years_for_every_state() -> None:
    rows = covered("alliances", "s", 1816, 2018)
    assert rows.rows() == [("s", "alliances", None, date(1816, 1, 1), date(2019, 1, 1))]
    assert Coverage.is_valid(rows)
