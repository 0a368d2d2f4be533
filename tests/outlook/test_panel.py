"""Panels: which rows exist, what the columns say, and how years of peace are counted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocs.contracts import Citation, Columns, Evidence
from blocs.dates import Period
from blocs.errors import BadFile, BadInput, DamagedCells, MissingData
from blocs.outlook.panel import build_panel, dyad_years, peace_years, state_years
from blocs.registry import COLUMNS
from blocs.views.answers.panel import panel


def group(
    rows: dict[str, list[int]], *, last: int = 2014, **options: object
) -> tuple[Columns, pl.DataFrame, int]:
    """A column group with rows written by hand."""
    frame = pl.DataFrame(rows, schema_overrides=dict.fromkeys(rows, pl.Int32))
    settings: dict[str, object] = {
        "title": "by hand",
        "sources": (("hand", ""),),
        "unit": "dyad" if "ccode1" in rows else "state",
        "read": lambda file: frame,
        "years": (1816, last),
        "absent": 0,
        "citation": Citation("by hand"),
    }
    return Columns(**(settings | options)), frame, last  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("first", "last", "undirected", "directed"),
    [(1816, 2014, 918_315, 1_836_630), (1946, 2010, 722_480, 1_444_960)],
)
def test_rows_equal_the_r_package(first: int, last: int, undirected: int, directed: int) -> None:
    """Counts of peacesciencer's create_dyadyears() for the COW system, as the issue gives them."""
    states = state_years(Period(first, last))
    assert len(dyad_years(states, directed=False).i) == undirected
    assert len(dyad_years(states, directed=True).i) == directed


def test_dyad_needs_a_common_day() -> None:
    """West Germany (260) ended the day before Germany (255) returned: no dyad in 1990."""
    rows = build_panel("dyad-year", Period(1990, 1990), {})
    german = rows.filter(pl.col("ccode1").is_in([255, 260]) & pl.col("ccode2").is_in([255, 260]))
    assert german.is_empty()
    with_both = rows.filter((pl.col("ccode1") == 2) & pl.col("ccode2").is_in([255, 260, 265]))
    assert with_both["ccode2"].to_list() == [255, 260, 265]


def test_a_missing_row_is_zero_inside_coverage_and_null_outside() -> None:
    treaty = group({"ccode1": [2], "ccode2": [20], "year": [2013], "pact": [1]}, last=2013)
    rows = build_panel("dyad-year", Period(2012, 2014), {"x": treaty})
    dyad = rows.filter((pl.col("ccode1") == 2) & (pl.col("ccode2") == 20))
    assert dyad["pact"].to_list() == [0, 1, None]


def test_an_unknown_row_stays_null() -> None:
    rows = build_panel(
        "state-year",
        Period(2013, 2014),
        {"x": group({"ccode": [2], "year": [2013], "size": [7]}, absent=None)},
    )
    assert rows.filter(pl.col("ccode") == 2)["size"].to_list() == [7, None]


def test_state_columns_come_twice_in_a_dyad_panel() -> None:
    power = group({"ccode": [2, 20], "year": [2014, 2014], "size": [7, 3]})
    rows = build_panel("directed-dyad-year", Period(2014, 2014), {"x": power})
    back = rows.filter((pl.col("ccode1") == 20) & (pl.col("ccode2") == 2))
    assert back.select("size1", "size2").row(0) == (3, 7)


def test_an_undirected_panel_takes_either_direction() -> None:
    owed = group({"ccode1": [20], "ccode2": [2], "year": [2014], "pact": [1]})
    rows = build_panel("dyad-year", Period(2014, 2014), {"x": owed})
    assert rows.filter((pl.col("ccode1") == 2) & (pl.col("ccode2") == 20))["pact"].item() == 1
    one_way = build_panel("directed-dyad-year", Period(2014, 2014), {"x": owed})
    there = one_way.filter((pl.col("ccode1") == 2) & (pl.col("ccode2") == 20))
    assert there["pact"].item() == 0


def test_peace_years_by_hand() -> None:
    event = np.array([0, 0, 1, 1, 0, 0, 0, 1], dtype=bool)
    new = np.array([1, 0, 0, 0, 0, 0, 1, 0], dtype=bool)
    assert peace_years(event, new).tolist() == [0, 1, 2, 0, 0, 1, 0, 1]


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=40))
def test_peace_years_brute_force(rows: list[tuple[bool, bool]]) -> None:
    event = np.array([e for e, _ in rows])
    new = np.array([i == 0 or n for i, (_, n) in enumerate(rows)])
    expected, count, before = [], 0, False
    for happened, opens in zip(event, new, strict=True):
        count = 0 if opens or before else count + 1
        expected.append(count)
        before = bool(happened)
    assert peace_years(event, new).tolist() == expected


def test_peace_years_start_on_entry_and_say_when_they_are_censored() -> None:
    disputes = group(
        {"ccode1": [2, 200], "ccode2": [200, 2], "year": [1818, 1818], "cowmidongoing": [1, 1]}
    )
    rows = build_panel("dyad-year", Period(1816, 1825), {"disputes": disputes}, peace=True)
    old = rows.filter((pl.col("ccode1") == 2) & (pl.col("ccode2") == 200)).sort("year")
    assert old["peace_years"].to_list() == [0, 1, 2, 0, 1, 2, 3, 4, 5, 6]
    assert old["left_censored"].to_list() == [True] * 3 + [False] * 7
    assert old["peace_years3"].to_list()[2] == 8
    entrant = rows.filter((pl.col("ccode1") == 200) & (pl.col("ccode2") == 329)).sort("year")
    assert entrant["peace_years"][0] == 0


def test_later_start_keeps_the_history() -> None:
    disputes = group({"ccode1": [2], "ccode2": [200], "year": [1816], "cowmidongoing": [1]})
    whole = build_panel("dyad-year", Period(1816, 1830), {"disputes": disputes}, peace=True)
    part = build_panel("dyad-year", Period(1825, 1830), {"disputes": disputes}, peace=True)
    pair = (pl.col("ccode1") == 2) & (pl.col("ccode2") == 200)
    late = pl.col("year") >= 1825
    columns = ["year", "peace_years", "left_censored"]
    assert part.filter(pair).select(columns).equals(whole.filter(pair & late).select(columns))


def test_the_other_state_system_translates_codes() -> None:
    """Germany is 255 in COW after 1990 and 260 in Gleditsch and Ward."""
    power = group({"ccode": [255], "year": [2000], "size": [9]})
    rows = build_panel("state-year", Period(2000, 2000), {"x": power}, system="gw")
    assert rows.filter(pl.col("ccode") == 260)["size"].item() == 9
    assert rows.filter(pl.col("ccode") == 255).is_empty()


def test_system_year_sums_and_counts() -> None:
    power = group({"ccode": [2, 20], "year": [2014, 2014], "size": [7, 3]})
    row = build_panel("system-year", Period(2014, 2014), {"x": power}).row(0, named=True)
    assert (row["size_sum"], row["size_n"], row["states"]) == (10, 2, 195)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"unit": "dyad-month"}, "dyad-year"),
        ({"system": "un"}, "cow or gw"),
        ({"with_": "peace-years"}, "peace-years needs"),
        ({"with_": "aliances"}, "alliances"),
        ({"from_": 2014, "to": 1816}, "1816"),
    ],
)
def test_bad_options(options: dict[str, object], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        panel(**options)  # type: ignore[arg-type]


def test_missing_data_set_says_what_to_add(tmp_path: Path) -> None:
    file = tmp_path / "majors.csv"
    file.write_text(
        "stateabb,ccode,styear,stmonth,stday,endyear,endmonth,endday,version\n"
        "USA,2,1898,8,13,2016,12,31,2016\n"
    )
    with pytest.raises(MissingData, match="blocs data add atop"):
        panel(with_="alliances", evidence=Evidence(data=(str(file),)))
    rows = panel(
        unit="state-year", from_=1897, to=1898, with_="majors", evidence=Evidence(data=(str(file),))
    )
    assert rows.filter(pl.col("ccode") == 2)["cowmaj"].to_list() == [0, 1]


def test_damaged_cells_are_said_aloud(tmp_path: Path) -> None:
    head = "ccode,year,milex,milper,irst,pec,tpop,upop,cinc\n"
    file = tmp_path / "nmc.csv"
    file.write_text(head + "2,2000,1,2,3,4,5,6,0.1\n20,2000,45x,2,3,4,5,6,0.1\n")
    with pytest.warns(DamagedCells, match="row 2, column milex: '45x'"):
        rows = panel(
            unit="state-year",
            from_=2000,
            to=2000,
            with_="power",
            evidence=Evidence(data=(str(file),)),
        )
    assert rows.filter(pl.col("ccode") == 20)["milex"].item() is None
    file.write_text(head + "2,2000,1,2,3,4,5,6,0.1\nXX,2000,1,2,3,4,5,6,0.1\n")
    with pytest.raises(BadFile, match="row 2, column ccode: 'XX'"):
        panel(
            unit="state-year",
            from_=2000,
            to=2000,
            with_="power",
            evidence=Evidence(data=(str(file),)),
        )


@pytest.mark.shared
def test_columns_sum_as_published(shared: Path) -> None:
    """Every published row of a dyad that exists is in the panel, and nothing else."""
    data = str(shared / "data")
    rows = panel(
        unit="directed-dyad-year",
        with_="alliances,disputes,majors,power,peace-years",
        evidence=Evidence(data=(data,)),
    )
    assert rows.height == 1_836_630
    exists = rows.select("ccode1", "ccode2", "year")
    atop = pl.read_csv(shared / "data/atop/atop_alliance_ddy_v5.csv.gz").with_columns(
        pl.col("ccode1", "ccode2", "year").cast(pl.Int32)
    )
    inside = atop.join(exists, on=["ccode1", "ccode2", "year"], how="semi")
    for column in ("atop_defense", "atop_neutral", "atop_consul"):
        ours = rows.group_by("year").agg(pl.col(column).sum()).sort("year")
        theirs = inside.group_by("year").agg(pl.col(column).sum()).sort("year")
        joined = ours.join(theirs, on="year", how="left", suffix="_raw").fill_null(0)
        assert (joined[column] == joined[f"{column}_raw"]).all()
    mids = pl.read_csv(
        shared / "data/cow_mids/cow_mid_dirdisps_v5.csv.gz", infer_schema_length=None
    )
    pairs = mids.with_columns(pl.col("ccode1", "ccode2", "year").cast(pl.Int32)).join(
        exists, on=["ccode1", "ccode2", "year"], how="semi"
    )
    onset = pairs.group_by("ccode1", "ccode2", "year").agg(pl.col("disponset").max())
    assert rows["cowmidonset"].sum() == onset["disponset"].sum()
    assert rows.filter(pl.col("year") == 1914)["cowmaj1"].sum() > 0


@pytest.mark.parametrize("name", COLUMNS.names())
def test_every_column_group_is_cited(name: str) -> None:
    part = COLUMNS.get(name)
    assert part.title
    assert part.sources
    assert str(part.citation)
    assert 1816 <= part.years[0] < part.years[1]
