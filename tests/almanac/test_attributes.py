"""Regime, income and power of states: whole, ordered, and checked by a fixed rule.

The rule: a state's class in a year is the one it has on 1 July. A spell is
checked if the data cover at least half of its years and agree in at least four
fifths of the years they cover. The data's own classes are below; they were
fixed before the spells were compared.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import polars as pl
import pytest

from blocs.files import read_bytes

FACTS = Path(__file__).parents[2] / "src" / "blocs" / "almanac" / "facts"
KNOWN_THROUGH = 2024
VALUES = {
    "regime": {"democracy", "mixed", "autocracy"},
    "income": {"high", "upper_middle", "lower_middle", "low"},
    "power": {"major", "regional", "other"},
}
NOT_UN_MEMBERS = {"VAT", "PSE", "TWN", "COK", "NIU", "ESH"}
DEAD = {"DDR", "CSK", "YUG", "YMD"}
DATE = r"^\d{4}(-\d{2}(-\d{2})?)?$"

V = pl.col("value")
X = pl.col("x")


def ladder(low: float, high: float) -> pl.Expr:
    """Agreement of a regime with a score, `low` and below autocracy, `high` and above democracy."""
    told = pl.when(high <= X).then(pl.lit("democracy"))
    return V.eq(told.when(low >= X).then(pl.lit("autocracy")).otherwise(pl.lit("mixed")))


def band(value: str, low: float, high: float) -> pl.Expr:
    return V.eq(value) & X.is_between(low, high)


POLYARCHY = ladder(0.35, 0.5)
POLITY = ladder(-6, 6)
ADJUSTED = X > 0
INCOME = (
    band("low", 0, 3000)
    | band("lower_middle", 1700, 9000)
    | band("upper_middle", 5500, 22000)
    | band("high", 15000, float("inf"))
)
CINC = ((V == "regional") & (X >= 0.005)) | ((V == "other") & (X < 0.01))


def table(name: str) -> pl.DataFrame:
    return pl.read_csv(FACTS / f"{name}.csv", infer_schema=False, null_values=[""])


def day(column: str) -> pl.Expr:
    """First day of a partial date, as ISO text."""
    text = pl.col(column)
    return text + pl.lit("-01-01").str.slice(pl.max_horizontal(text.str.len_chars() - 4, 0))


def spans(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(
        day("start").fill_null("0001-01-01").alias("first"),
        day("end").fill_null("9999-12-31").alias("after"),
    )


def spells(kind: str | None = None) -> pl.DataFrame:
    held = spans(table("attributes").with_row_index("row"))
    return held if kind is None else held.filter(pl.col("kind") == kind)


def on(actor: str, kind: str, date: str) -> str | None:
    found = spells(kind).filter(
        pl.col("actor") == actor, pl.col("first") <= date, pl.col("after") > date
    )
    return found["value"].item() if found.height else None


def midyear() -> pl.Expr:
    return pl.col("year").cast(pl.String) + "-07-01"


def state_years(kind: str, last: int) -> pl.DataFrame:
    """One row per spell and year whose 1 July it holds, to the last year the data reach."""
    began = pl.col("first").str.head(4).cast(pl.Int64)
    ended = pl.min_horizontal(pl.col("after").str.head(4).cast(pl.Int64), last)
    return (
        spells(kind)
        .with_columns(year=pl.int_ranges(began, ended + 1))
        .explode("year")
        .filter(pl.col("first") <= midyear(), midyear() < pl.col("after"))
        .select("row", "actor", "value", "year")
    )


def published(shared: Path, path: str, column: str) -> pl.DataFrame:
    """One figure of a data set by actor and year."""
    raw = BytesIO(read_bytes(shared / "data" / path))
    frame = pl.read_csv(raw, null_values=["NA"], infer_schema_length=None)
    cow = spans(table("systems").filter(pl.col("system") == "cow"))
    return (
        frame.select(
            pl.col("ccode").cast(pl.Int64).cast(pl.String).alias("code"),
            pl.col("year").cast(pl.Int64),
            pl.col(column).cast(pl.Float64).alias("x"),
        )
        .drop_nulls()
        .join(cow.select("code", "actor", "first", "after"), on="code")
        .filter(pl.col("first") <= midyear(), midyear() < pl.col("after"))
        .select("actor", "year", "x")
    )


def verdicts(years: pl.DataFrame, data: pl.DataFrame, agree: pl.Expr) -> dict[int, bool]:
    """Whether the data agree with each spell of which they cover at least half."""
    told = (
        years.join(data, on=["actor", "year"], how="left")
        .group_by("row")
        .agg(
            pl.len().alias("years"),
            X.is_not_null().sum().alias("seen"),
            (~agree & X.is_not_null()).sum().alias("bad"),
        )
        .filter(pl.col("seen") > 0, 2 * pl.col("seen") >= pl.col("years"))
        .with_columns(ok=5 * pl.col("bad") <= pl.col("seen"))
    )
    return dict(zip(told["row"].to_list(), told["ok"].to_list(), strict=True))


def confirmed(kind: str) -> dict[int, str]:
    held = spells(kind).filter(pl.col("checked") == "true")
    return dict(zip(held["row"].to_list(), held["confirmed_by"].to_list(), strict=True))


def test_columns_values_and_flags() -> None:
    held = table("attributes")
    columns = ["actor", "kind", "value", "start", "end", "source", "checked"]
    assert held.columns == [*columns, "confirmed_by", "note"]
    pairs = set(held.select("kind", "value").iter_rows())
    assert pairs == {(kind, value) for kind, values in VALUES.items() for value in values}
    assert set(held["checked"]) == {"true", "false"}
    assert held.filter(
        (pl.col("checked") == "true") != pl.col("confirmed_by").is_not_null()
    ).is_empty()
    assert held["start"].str.contains(DATE).all()
    assert held["end"].drop_nulls().str.contains(DATE).all()


def test_keys_are_unique_and_sorted() -> None:
    held = spells().select("actor", "kind", "first")
    assert not held.is_duplicated().any()
    assert held.equals(held.sort("actor", "kind", "first"))


def test_spells_are_ordered_and_never_overlap_or_repeat() -> None:
    held = spells()
    assert (held["first"] < held["after"]).all()
    following = held.with_columns(
        pl.col("first", "value").shift(-1).over("actor", "kind").name.suffix("_next")
    )
    assert following.filter(pl.col("first_next") < pl.col("after")).is_empty()
    repeated = (pl.col("first_next") == pl.col("after")) & (pl.col("value_next") == V)
    assert following.filter(repeated).is_empty()


def test_actors_and_sources_are_known() -> None:
    held = table("attributes")
    assert set(held["actor"]) <= set(table("actors")["actor"])
    cited = table("citations_attributes")
    assert set(held["source"]) == set(cited["key"])
    assert cited["key"].is_sorted()
    assert not cited["key"].is_duplicated().any()


def test_every_member_of_the_united_nations_has_each_kind_today() -> None:
    actors = table("actors").filter(~pl.col("actor").str.contains("^(X|ZZ)"))
    members = set(actors["actor"]) - NOT_UN_MEMBERS - DEAD
    assert len(members) == 193
    for kind in VALUES:
        today = set(spells(kind).filter(pl.col("end").is_null())["actor"])
        assert members - today == set(), kind


def test_dead_states_have_a_regime_and_no_open_spell() -> None:
    dead = [*sorted(DEAD), "XAH", "XVS"]
    held = spells().filter(pl.col("actor").is_in(dead))
    assert held["end"].null_count() == 0
    assert set(held.filter(pl.col("kind") == "regime")["actor"]) == set(dead)


def test_members_have_a_regime_in_every_year_since_1946_or_independence() -> None:
    held = spells("regime")
    holes = held.with_columns(pl.col("first").shift(-1).over("actor").alias("next")).filter(
        pl.col("next") > pl.col("after"), pl.col("after") >= "1946-01-01"
    )
    assert set(holes["actor"]) == {"IRQ", "SOM", "SYR"}


@pytest.mark.parametrize(
    ("actor", "kind", "date", "value"),
    [
        ("USA", "regime", "2024-07-01", "democracy"),
        ("CHN", "regime", "1949-10-01", "autocracy"),
        ("CHN", "regime", "2024-07-01", "autocracy"),
        ("DEU", "regime", "1925-07-01", "democracy"),
        ("DEU", "regime", "1938-07-01", "autocracy"),
        ("DEU", "regime", "1947-07-01", None),
        ("DEU", "regime", "1990-07-01", "democracy"),
        ("DDR", "regime", "1980-07-01", "autocracy"),
        ("RUS", "regime", "1950-07-01", "autocracy"),
        ("RUS", "regime", "1995-07-01", "mixed"),
        ("RUS", "regime", "2022-07-01", "autocracy"),
        ("PRK", "regime", "2024-07-01", "autocracy"),
        ("IND", "regime", "1976-01-01", "mixed"),
        ("CHL", "regime", "1973-09-11", "autocracy"),
        ("ESP", "regime", "1978-07-01", "democracy"),
        ("ZAF", "regime", "1994-07-01", "democracy"),
        ("GBR", "income", "2024-07-01", "high"),
        ("CHN", "income", "1990-07-01", "low"),
        ("CHN", "income", "2024-07-01", "upper_middle"),
        ("IND", "income", "2024-07-01", "lower_middle"),
        ("ETH", "income", "2024-07-01", "low"),
        ("USA", "power", "1898-08-12", "regional"),
        ("USA", "power", "1898-08-13", "major"),
        ("FRA", "power", "1942-07-01", "other"),
        ("XAH", "power", "1914-07-01", "major"),
        ("DEU", "power", "1960-07-01", "regional"),
        ("IND", "power", "2024-07-01", "regional"),
        ("LUX", "power", "2024-07-01", "other"),
    ],
)
def test_well_known_cases(actor: str, kind: str, date: str, value: str | None) -> None:
    assert on(actor, kind, date) == value


@pytest.mark.shared
def test_regimes_are_checked_by_polyarchy_then_polity_then_uds(shared: Path) -> None:
    years = state_years("regime", KNOWN_THROUGH)
    path = "democracy/cw_democracy.csv.gz"
    first = verdicts(years, published(shared, path, "v2x_polyarchy"), POLYARCHY)
    second = verdicts(years, published(shared, path, "polity2"), POLITY)
    rest = years.filter(V == "democracy", ~pl.col("row").is_in({*first, *second}))
    third = verdicts(rest, published(shared, path, "aeuds"), ADJUSTED)
    decided = {**third, **second, **first}
    named = (("v2x_polyarchy", first), ("polity2", second), ("aeuds", third))
    expected = {
        row: "|".join(f"democracy:cw_democracy/{name}" for name, told in named if told.get(row))
        for row, ok in decided.items()
        if ok
    }
    assert confirmed("regime") == expected


@pytest.mark.shared
def test_incomes_are_checked_by_gdp_per_head(shared: Path) -> None:
    data = published(shared, "democracy/cw_gdppop.csv.gz", "mrgdppc")
    told = verdicts(state_years("income", 2019), data, INCOME)
    expected = {row: "democracy:cw_gdppop/mrgdppc" for row, ok in told.items() if ok}
    assert confirmed("income") == expected


@pytest.mark.shared
def test_powers_are_checked_by_majors_and_capabilities(shared: Path) -> None:
    held = spells("power")
    raw = BytesIO(read_bytes(shared / "data/cow_states/majors2016.csv"))
    cow = spans(table("systems").filter(pl.col("system") == "cow"))
    listed = (
        pl.read_csv(raw, infer_schema=False)
        .join(cow, left_on="ccode", right_on="code")
        .filter(pl.col("first") <= pl.col("styear") + "-12-31", pl.col("after") > pl.col("styear"))
        .select("actor", "styear", pl.col("endyear").replace("2016", "9999"))
    )
    major = held.filter(V == "major").select(
        "actor", pl.col("first").str.head(4), pl.col("after").str.head(4)
    )
    assert sorted(major.iter_rows()) == sorted(set(listed.iter_rows()))
    data = published(shared, "cow_nmc/cow_nmc_peacesciencer.csv.gz", "cinc")
    told = verdicts(state_years("power", 2022).filter(V != "major"), data, CINC)
    expected = {row: "cow_nmc:cinc" for row, ok in told.items() if ok}
    expected |= dict.fromkeys(held.filter(V == "major")["row"].to_list(), "cow_states:majors2016")
    assert confirmed("power") == expected


def test_most_spells_are_confirmed() -> None:
    share = (
        table("attributes")
        .group_by("kind", "value")
        .agg((pl.col("checked") == "true").mean().alias("share"))
    )
    found = {(kind, value): part for kind, value, part in share.iter_rows()}
    assert found["regime", "autocracy"] > 0.9
    assert found["regime", "democracy"] > 0.7
    assert found["income", "high"] > 0.85
    assert found["power", "major"] == 1
