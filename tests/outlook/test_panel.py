"""Panels: which rows exist, what the columns say, and how years of peace are counted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocs import actors
from blocs.contracts import Citation, Columns, Evidence
from blocs.dates import Period
from blocs.errors import BadFile, BadInput, DamagedCells, MissingData
from blocs.files import sniff
from blocs.outlook.panel import build_panel, peace_years
from blocs.outlook.panel_rows import dyad_years, state_years
from blocs.registry import COLUMNS
from blocs.views.answers.panel import panel
from blocs.views.cli import main


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
    assert (row["size_sum"], row["size_n"], row["states"]) == (10, 195, 195), "zeros are known"
    power = group({"ccode": [2, 20], "year": [2014, 2014], "size": [7, 3]}, absent=None)
    rows = build_panel("system-year", Period(2013, 2014), {"x": power})
    assert rows.select("size_sum", "size_n").rows() == [(None, 0), (10, 2)]


def test_system_year_counts_dyads_once() -> None:
    pact = group({"ccode1": [2, 20], "ccode2": [20, 2], "year": [2014, 2014], "pact": [1, 1]})
    row = build_panel("system-year", Period(2014, 2014), {"x": pact}).row(0, named=True)
    assert (row["pact_sum"], row["pact_n"]) == (1, 195 * 194 // 2)


def test_what_cow_cannot_tell_is_null_and_censors_peace() -> None:
    """Mexico (70) is in Gleditsch and Ward's system from 1821, in COW's from 1831."""
    fight = group(
        {"ccode1": [70], "ccode2": [200], "year": [1833], "cowmidongoing": [1]}, last=1834
    )
    rows = build_panel(
        "dyad-year", Period(1828, 1835), {"disputes": fight}, system="gw", peace=True
    ).filter((pl.col("ccode1") == 70) & (pl.col("ccode2") == 200))
    assert rows["cowmidongoing"].to_list() == [None, None, None, 0, 0, 1, 0, None]
    assert rows["peace_years"].to_list() == [None, None, None, 0, 1, 2, 0, None]
    assert rows["left_censored"].to_list() == [None, None, None, True, True, True, False, None]


def test_two_cow_states_that_are_one_elsewhere_give_one_row_in_any_order() -> None:
    """Germany was 260 and, from October, 255 in 1990: the row of 260 counts."""
    codes, sizes = [255, 260], [1, 9]
    for turn in (1, -1):
        power = group({"ccode": codes[::turn], "year": [1990] * 2, "size": sizes[::turn]})
        rows = build_panel("state-year", Period(1990, 1990), {"x": power}, system="gw")
        assert rows.filter(pl.col("ccode") == 260)["size"].to_list() == [9]


def test_ends_of_a_dyad_change_places_with_it() -> None:
    fight = {"ccode1": [20], "ccode2": [2], "year": [2014]} | {"force1": [5], "force2": [1]}
    rows = build_panel("dyad-year", Period(2014, 2014), {"x": group(fight)})
    dyad = rows.filter((pl.col("ccode1") == 2) & (pl.col("ccode2") == 20))
    assert dyad.select("force1", "force2").row(0) == (1, 5)


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


@pytest.fixture(scope="module")
def directed(shared: Path) -> pl.DataFrame:
    """Build the panel that the issue compares with the R package."""
    return panel(
        unit="directed-dyad-year",
        with_="alliances,disputes,majors,power,peace-years",
        evidence=Evidence(data=(str(shared / "data"),)),
    )


def published(shared: Path, name: str) -> pl.DataFrame:
    table = pl.read_csv(shared / "data" / name, infer_schema_length=None, null_values=["NA", ""])
    keys = [c for c in ("ccode", "ccode1", "ccode2", "year") if c in table.columns]
    return table.with_columns(pl.col(keys).cast(pl.Int32))


def sums(rows: pl.DataFrame, columns: list[str]) -> dict[str, list[float]]:
    """Sum columns by year, 1816-2014."""
    every = pl.DataFrame({"year": range(1816, 2015)}, schema={"year": pl.Int32})
    per_year = rows.group_by("year").agg(pl.col(columns).sum())
    told = every.join(per_year, on="year", how="left").fill_null(0).sort("year")
    return {c: told[c].to_list() for c in columns}


@pytest.mark.shared
@pytest.mark.parametrize(
    ("file", "columns"),
    [
        (
            "atop/atop_alliance_ddy_v5.csv.gz",
            {
                f"atop_{c}": f"atop_{c}"
                for c in ("defense", "offense", "neutral", "nonagg", "consul")
            },
        ),
        (
            "cow_mids/cow_mid_dirdisps_v5.csv.gz",
            {
                "dispongoing": "cowmidongoing",
                "disponset": "cowmidonset",
                "hostlev1": "hostility1",
                "hostlev2": "hostility2",
            },
        ),
    ],
)
def test_dyadic_columns_sum_by_year_as_published(
    directed: pl.DataFrame, shared: Path, file: str, columns: dict[str, str]
) -> None:
    """Every published row of a dyad that exists is in the panel, and nothing else."""
    key = ["ccode1", "ccode2", "year"]
    told = published(shared, file).with_columns(pl.col(list(columns)).replace(-9, None))
    theirs = told.group_by(key).agg(pl.col(list(columns)).max())
    inside = theirs.join(directed.select(key), on=key, how="semi").rename(columns)
    names = list(columns.values())
    assert sums(directed, names) == sums(inside, names)


@pytest.mark.shared
def test_peace_years_are_those_of_a_plain_count(directed: pl.DataFrame) -> None:
    """Rows since the dyad began, came back or fought, counted by windows over the dyad."""
    dyad = ["ccode1", "ccode2"]
    fought = pl.col("cowmidongoing").shift(1).over(dyad) == 1
    began = (pl.col("year").diff().over(dyad) != 1).fill_null(value=True)
    rows = directed.select(*dyad, "year", "cowmidongoing", "peace_years", "left_censored")
    counted = rows.with_columns(
        turn=(began | fought.fill_null(value=False)).cum_sum().over(dyad)
    ).with_columns(
        plain=pl.int_range(pl.len()).over(*dyad, "turn"),
        first=pl.col("year").first().over(*dyad, "turn"),
        peaceful=pl.col("turn") == 1,
    )
    assert counted.filter(pl.col("plain") != pl.col("peace_years")).is_empty()
    censored = pl.col("peaceful") & (pl.col("first") == 1816)
    assert counted.filter(censored != pl.col("left_censored")).is_empty()
    assert counted["left_censored"].null_count() == 0


@pytest.mark.shared
def test_columns_of_states_sum_by_year_as_published(directed: pl.DataFrame, shared: Path) -> None:
    """Each state's power counts once for every state that exists beside it."""
    parts = ["milex", "milper", "irst", "pec", "tpop", "upop", "cinc"]
    nmc = published(shared, "cow_nmc/cow_nmc_peacesciencer.csv.gz").select("ccode", "year", *parts)
    for side in ("1", "2"):
        beside = directed.select(pl.col(f"ccode{side}").alias("ccode"), "year")
        joined = beside.join(nmc, on=["ccode", "year"], how="left", maintain_order="left")
        theirs = sums(joined, parts)
        for part in parts:
            ours = sums(directed, [f"{part}{side}"])[f"{part}{side}"]
            assert ours == pytest.approx(theirs[part], rel=1e-12), part
    assert directed.height == 1_836_630


@pytest.mark.shared
def test_major_powers_are_those_published(directed: pl.DataFrame, shared: Path) -> None:
    spells = published(shared, "cow_states/majors2016.csv").with_columns(
        pl.col("styear", "endyear").cast(pl.Int32)
    )
    major = {
        (code, year)
        for code, first, last in spells.select("ccode", "styear", "endyear").iter_rows()
        for year in range(first, last + 1)
    }
    rows = directed.group_by("ccode1", "year").agg(pl.col("cowmaj1").unique()).sort("year")
    assert rows["cowmaj1"].list.len().max() == 1
    ours = rows.filter(pl.col("cowmaj1").list.first() == 1).select("ccode1", "year")
    exist = set(rows.select("ccode1", "year").iter_rows())
    assert set(ours.iter_rows()) == major & exist


@pytest.mark.shared
@pytest.mark.parametrize(
    ("unit", "system"),
    [
        ("dyad-year", "gw"),
        ("directed-dyad-year", "cow"),
        ("state-year", "gw"),
        ("system-year", "cow"),
    ],
)
def test_every_unit_carries_every_column_group(shared: Path, unit: str, system: str) -> None:
    """The years 2009-16: one in which all sources tell, and some in which they end."""
    parts = {name: COLUMNS.get(name) for name in COLUMNS.names()}
    fit = [n for n, p in parts.items() if unit != "state-year" or p.unit == "state"]
    data = Evidence(data=(str(shared / "data"),))
    rows = panel(unit=unit, from_=2009, to=2016, with_=",".join(fit), system=system, evidence=data)
    n = actors.members(Period(2009, 2009), system=system).height
    expected = {"dyad-year": n * (n - 1) // 2, "directed-dyad-year": n * (n - 1), "state-year": n}
    assert rows.filter(pl.col("year") == 2009).height == expected.get(unit, 1)
    if "dyad" in unit:
        late = rows.filter(pl.col("year") == 2015)
        assert late["cowmidongoing"].null_count() == late.height, "MIDs end in 2014"
        assert late["gmlmidongoing"].null_count() == late.height, "GML ends in 2010"
        assert rows.filter(pl.col("year") == 2010)["gmlmidongoing"].sum() > 0


def test_a_list_of_dyads_told_once_counts_both_ways() -> None:
    """Version 2.0 of GML has the lower code first; a directed panel needs both directions."""
    file = Path(__file__).parents[1] / "data" / "datasets" / "gml" / "pairs.csv"
    rows = COLUMNS.get("gml-disputes").read(sniff(file))
    key = ["ccode1", "ccode2", "year"]
    turned = rows.rename({"ccode1": "ccode2", "ccode2": "ccode1"}).select(key)
    assert rows.select(key).sort(key).equals(turned.sort(key))
    low = rows.filter(pl.col("ccode1") < pl.col("ccode2")).sort(key)
    high = rows.filter(pl.col("ccode1") > pl.col("ccode2")).sort("ccode2", "ccode1", "year")
    assert low["gmlhostility1"].to_list() == high["gmlhostility2"].to_list()


@pytest.mark.parametrize("ending", ["parquet", "csv", "arrow", "dta"])
def test_every_format_is_read_back(ending: str, tmp_path: Path) -> None:
    """Nulls, whole and real numbers come back from each kind of file as they went in."""
    data = tmp_path / "nmc.csv"
    data.write_text(
        "ccode,year,milex,milper,irst,pec,tpop,upop,cinc\n2,2000,1,2,3,4,5,6,0.125\n"
        "20,2000,7,-9,3,4,5,6,0.5\n"
    )
    target = tmp_path / f"panel.{ending}"
    words = ["panel", "--unit", "state-year", "--from", "2000", "--to", "2000", "--with", "power"]
    with pytest.raises(SystemExit) as stop:
        main([*words, "--data", str(data), "-o", str(target), "-q"])
    assert stop.value.code == 0
    if ending == "dta":
        pyreadstat = pytest.importorskip("pyreadstat")
        back = pl.DataFrame(pyreadstat.read_dta(str(target), output_format="dict")[0])
        back = back.fill_nan(None)
    else:
        back = {"parquet": pl.read_parquet, "csv": pl.read_csv, "arrow": pl.read_ipc}[ending](
            target
        )
    assert back.height == 191
    two = back.filter(pl.col("ccode").is_in([2, 20])).select("milex", "milper", "cinc")
    assert two.rows() == [(1, 2, 0.125), (7, None, 0.5)]
    assert back["cinc"].null_count() == 189


@pytest.mark.parametrize("name", COLUMNS.names())
def test_every_column_group_is_cited(name: str) -> None:
    part = COLUMNS.get(name)
    assert part.title
    assert part.sources
    assert str(part.citation)
    assert 1816 <= part.years[0] < part.years[1]
