"""Refused cells found by their text stand where reading the whole table finds them."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocs.ties.event_sums import lines
from blocs.ties.event_sums.forms import EventForm
from blocs.ties.event_sums.lines import Lines, Sought, find_lines
from blocs.ties.event_sums.whole import EventSums, sum_files

CELLS = st.sampled_from(["99.0", "99", "9", "", "a99", "USA", "1.0"])
HEAD = "date,sender,receiver,code,value"
GOOD = "2014-01-31,USA,RUS,040,1.0"
ODD = "2014-02-01,USA,RUS,190,99.0"


def form(columns: int, header: int = 0) -> EventForm:
    return EventForm("own", tuple("abcdef"[:columns]), (), ",", header=bool(header))


@given(
    rows=st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=30),
    header=st.integers(0, 1),
    end=st.sampled_from(["", "\n", "\r\n"]),
)
def test_all_lines_with_such_a_cell(rows: list[list[str]], header: int, end: str) -> None:
    told = [",".join(row) for row in rows]
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "a.csv"
        path.write_bytes((end or "\n").join(told).encode() + end.encode())
        found = find_lines(path, form(3, header), Sought(("99",), 1, len(rows) - header))
    assert found is not None
    wanted = {
        number: line
        for number, line in enumerate(told, 1)
        if number > header and any(cell.startswith("99") for cell in line.split(",")[1:])
    }
    got = dict(zip(found.numbers, found.text.decode().replace("\r", "").split("\n"), strict=False))
    assert got == wanted


def test_none_where_a_row_may_be_no_line(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    sought = Sought(("99",), 1, 3)
    path.write_text('1,99\n2,"a\nb"\n3,4\n')
    assert find_lines(path, form(2), sought) is None
    path.write_text("1,99\n\n2,b\n3,4\n")
    assert find_lines(path, form(2), sought) is None
    path.write_text("1,99\n2,b\n3,4\n")
    assert find_lines(path, form(2), sought) == Lines((1,), b"1,99")
    assert find_lines(path, form(2), Sought(("",), 1, 3)) is None
    assert find_lines(path, form(2), Sought(tuple("abcdefgh"), 1, 3)) is None


def summed(path: Path, folder: Path) -> EventSums:
    return sum_files(
        [path],
        period="month",
        by="quad",
        engine_name="duckdb",
        memory="",
        folder=folder,
        watch=lambda done, total: None,
    )


@pytest.mark.parametrize(
    "rows",
    [
        [GOOD, ODD, GOOD, ODD.replace("190", "99.0"), ODD.replace("99.0", "99.5")],
        [GOOD, ODD.replace("99.0", '"99.0"'), ODD],
        [ODD.replace("USA", '"U\nS"'), GOOD, ODD],
        [GOOD, ODD.replace("2014-02-01", "2014-02-30"), ODD, "", ODD],
        [GOOD, f"{ODD},more", "2014-02-01,USA", ODD],
        [ODD.replace("2014-02-01", "2014-02-30"), GOOD, ODD.replace("2014-02-01", "")],
        [GOOD, ODD.replace("99.0", "\u0669"), ODD.replace("USA", "")],
        [GOOD.replace("1.0", "nan")] * 3,
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_is_found_is_what_the_table_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: list[str], end: str
) -> None:
    path = tmp_path / "own.csv"
    path.write_bytes("\n".join([HEAD, *rows]).replace("\n", end).encode())
    by_text = summed(path, tmp_path / "text")
    monkeypatch.setattr(lines, "_FEW", 0)
    by_table = summed(path, tmp_path / "table")
    assert by_text.rejects.equals(by_table.rejects)
    assert by_text.rejects["n"].sum() == by_text.sources[0].rejected > 0
    assert by_text.ties.equals(by_table.ties)
    assert by_text.sources == by_table.sources
