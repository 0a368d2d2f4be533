"""The steps of every reader: rows on their way to facts, refusals kept."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocs.errors import BadFile
from blocs.evidence.cleaning import covered
from blocs.evidence.rows import Rows, after, beside, first_of, longer, pairs, read_rows
from blocs.files import sniff


def rows(**columns: object) -> Rows:
    frame = pl.DataFrame(columns).with_row_index("row", offset=1)
    return Rows(frame.with_columns(pl.col("row").cast(pl.Int64)), "s", "f.csv")


def rules(found: Rows) -> list[tuple[int, str, str | None]]:
    stacked = pl.concat(found.rejects)
    return stacked.select("row", "rule", "value").rows()


def test_columns_are_found_whatever_their_case(tmp_path: Path) -> None:
    path = tmp_path / "nmc.csv"
    path.write_text(" CCode ,Year,ccode\n2,1816,x\n-9,NA,y\n")
    found = read_rows(sniff(path), "s", "ccode", "year")
    assert found.frame.rows() == [(1, "2", "1816"), (2, None, None)]
    assert found.file == "nmc.csv"
    with pytest.raises(BadFile, match="column 'month' is missing"):
        read_rows(sniff(path), "s", "month")


def test_a_test_that_is_null_refuses() -> None:
    found = rows(n=[1, None, 3]).require(pl.col("n") > 1, rule="n > 1", column="n")
    assert found.frame["row"].to_list() == [3]
    assert rules(found) == [(1, "n > 1", "1"), (2, "n > 1", None)]


def test_what_the_codebook_leaves_out_is_no_reject() -> None:
    found = rows(n=[1, 2]).keep(pl.col("n") > 1)
    assert (found.frame.height, found.rejects) == (1, ())


def test_states_are_found_as_of_the_day() -> None:
    day = [date(1950, 1, 1)] * 4
    found = rows(code=["2", "365", "9999", None], day=day).state("code", into="actor", on="day")
    assert found.frame["actor"].to_list() == ["USA", "RUS"]
    assert rules(found) == [(3, "state is known", "9999"), (4, "state is known", None)]
    open_ = rows(code=["2", "9999", None]).state("code", into="actor", needed=False)
    assert open_.frame["actor"].to_list() == ["USA", None]
    assert rules(open_) == [(2, "state is known", "9999")]


def test_a_state_column_can_be_made_again() -> None:
    once = rows(one=["2"], other=["365"]).state("one", into="actor")
    assert once.state("other", into="actor").frame["actor"].to_list() == ["RUS"]


def test_whole_years_are_half_open() -> None:
    found = rows(y=[1914, 1914, None, 1918], z=[1918, None, 1915, 1914]).years("y", "z")
    assert found.frame.select("start", "end").rows() == [
        (date(1914, 1, 1), date(1919, 1, 1)),
        (date(1914, 1, 1), None),
    ]
    assert [rule for _, rule, _ in rules(found)] == ["first year is known", "ends after it starts"]
    one = rows(y=[1914]).years("y").frame
    assert one.select("start", "end").rows() == [(date(1914, 1, 1), date(1915, 1, 1))]


def test_days_run_from_the_first_to_the_last_they_can_mean() -> None:
    found = rows(
        y=[1914, 1914, 1914, None, 1914],
        m=[6, 6, 0, 6, 13],
        d=[28, None, 5, 1, 1],
        z=[1914, 1914, 1918, 1915, 1915],
        n=[6, None, 11, 1, 1],
        e=[28, 5, 0, 1, 1],
    ).days(("y", "m", "d"), ("z", "n", "e"))
    assert found.frame.select("start", "end").rows() == [
        (date(1914, 6, 28), date(1914, 6, 29)),
        (date(1914, 6, 1), date(1915, 1, 1)),
        (date(1914, 1, 1), date(1918, 12, 1)),
    ]
    assert [(row, rule) for row, rule, _ in rules(found)] == [
        (4, "first year is known"),
        (5, "start is a day"),
    ]


def test_a_last_day_that_does_not_exist_is_refused_not_left_open() -> None:
    found = rows(y=[1914], m=[1], d=[1], z=[1915], n=[2], e=[30]).days(
        ("y", "m", "d"), ("z", "n", "e")
    )
    assert found.frame.is_empty()
    assert rules(found)[0][1] == "end is a day"


@given(st.dates(date(1000, 1, 1), date(9990, 12, 31)), st.sampled_from("ymd"))
def test_the_first_day_and_the_day_after_hold_the_date(day: date, known: str) -> None:
    frame = pl.DataFrame(
        {
            "y": [day.year],
            "m": [day.month if known in "md" else 0],
            "d": [day.day if known == "d" else 0],
        }
    )
    first = frame.select(first_of("y", "m", "d")).item()
    end = frame.select(after("y", "m", "d")).item()
    assert first <= day < end
    longest = {"y": 366, "m": 31, "d": 1}
    assert 1 <= (end - first).days <= longest[known]


@given(st.integers(-5, 40), st.integers(-5, 40), st.integers(-10, 10_500))
def test_no_date_is_invented(month: int, day: int, year: int) -> None:
    """A day that the calendar does not have is null, never the first of the next month."""
    frame = pl.DataFrame({"y": [year], "m": [month], "d": [day]})
    found = frame.select(first_of("y", "m", "d")).item()
    try:
        true = date(year, max(month, 0) or 1, (max(day, 0) or 1) if month > 0 else 1)
    except ValueError:
        true = None
    assert found == (true if 1 <= year <= 9998 else None)


def test_attributes_take_one_row_per_known_value() -> None:
    found = rows(
        actor=["USA", "RUS"],
        start=[date(1990, 1, 1)] * 2,
        cinc=[0.14, None],
        milex=[3.0, 4.0],
    ).attributes({"cinc": "share", "milex": "thousand USD"})
    assert found.attributes.select("fact_id", "actor", "kind", "value", "unit").rows() == [
        ("s:1/cinc", "USA", "cinc", 0.14, "share"),
        ("s:1/milex", "USA", "milex", 3.0, "thousand USD"),
        ("s:2/milex", "RUS", "milex", 4.0, "thousand USD"),
    ]


def test_facts_carry_source_row_coverage_and_every_reject() -> None:
    found = (
        rows(a=["2", "2", "20"], b=["200", "x", "20"], y=[1949, 1949, 1949])
        .years("y")
        .dyad("a", "b")
        .put(kind="alliance", type="defence")
        .facts("spells", covered("alliances", "s", 1949, 1950))
    )
    assert found.spells.select("fact_id", "source_id", "sender", "receiver").rows() == [
        ("s:1", "s", "USA", "GBR")
    ]
    assert found.rejects.select("row", "rule").rows() == [(2, "state is known"), (3, "ends_differ")]
    assert found.coverage["topic"].to_list() == ["alliances"]


def test_pairs_are_every_two_once_in_the_order_of_the_alphabet() -> None:
    listed = rows(actor=["USA", "FRA", "GBR", "FRA", "USA"], treaty=[1, 1, 1, 1, 2])
    found = pairs(listed, ["treaty"])
    assert found.frame.select("treaty", "sender", "receiver", "part").rows() == [
        (1, "FRA", "GBR", "FRA-GBR"),
        (1, "FRA", "USA", "FRA-USA"),
        (1, "GBR", "USA", "GBR-USA"),
    ]


def test_a_list_in_columns_becomes_rows() -> None:
    wide = rows(treaty=[1, 2], mem1=["2", "20"], mem2=["200", None])
    found = longer(wide, ["mem1", "mem2"], into="ccode")
    assert sorted(found.frame.select("treaty", "ccode").rows()) == [(1, "2"), (1, "200"), (2, "20")]


def test_the_file_of_a_set_is_found_beside(tmp_path: Path) -> None:
    for name in ("MIDA.csv", "MIDB.csv.gz", "MIDBX.csv"):
        (tmp_path / name).write_text("a,b\n1,2\n")
    found = beside(sniff(tmp_path / "MIDA.csv"), "MIDB")
    assert found is not None
    assert found.name == "MIDB.csv.gz"
    assert beside(sniff(tmp_path / "MIDA.csv"), "MIDC") is None
