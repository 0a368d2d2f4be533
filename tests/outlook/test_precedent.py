"""Precedents: hand-counted cases, what is not covered, dates known to the year only."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocs.contracts import Facts
from blocs.errors import UnknownName
from blocs.outlook.acts import CASES, KINDS, conflict_named
from blocs.outlook.precedent import (
    _here,
    covering,
    find_precedents,
    kind_named,
)
from blocs.outlook.told_twice import merge_told_twice
from blocs.schemas import Events, dtypes


def ucdp() -> Facts:
    rows = [("PRK", "VNM", 1965), ("PRK", "VNM", 1966), ("PRK", "RUS", 2024), ("KEN", "SOM", 2011)]
    frame = pl.DataFrame(
        [
            {"fact_id": f"u{k}", "source_id": "s", "row": k + 1, "kind": "conflict_support",
             "type": "II", "sender": a, "receiver": b, "start": date(year, 1, 1),
             "end": date(year + 1, 1, 1), "ref": b}
            for k, (a, b, year) in enumerate(rows)
        ]
    )  # fmt: skip
    missing = [pl.lit(None, dtype=t).alias(n) for n, t in dtypes(Events).items() if n not in frame]
    full = frame.with_columns(missing)
    return Facts(events=full.select(pl.col(n).cast(t) for n, t in dtypes(Events).items()))


def test_the_first_third_state_in_ukraine_is_north_korea() -> None:
    found = find_precedents("third-state troops", {}, conflict="UKR")
    assert found.conflict is not None
    assert found.conflict.war == "ukraine_2022"
    here = found.cases.filter("here")
    assert set(here["state"]) == {"PRK"}
    assert here["start"].min() == date(2024, 10, 1)
    (reach,) = covering(found.reaches, found.conflict)
    assert reach.source == "almanac"


def test_before_counts_only_what_is_known_to_have_come_before() -> None:
    data = {"ucdp": ucdp()}
    day = date(2024, 10, 1)
    cases = find_precedents("troops", data, conflict="UKR", before=day).cases
    told = cases.filter(pl.col("source").str.contains("ucdp") & (pl.col("state") == "PRK"))
    # dated to the month: not known to lie before its first day
    assert dict(told.select(pl.col("start").dt.year(), "earlier").rows()) == {
        1965: True,
        2024: False,
    }
    later = find_precedents("troops", data, before=date(2025, 1, 1)).cases
    assert later.filter(pl.col("source").str.contains("ucdp") & ~pl.col("earlier")).is_empty()


def test_a_case_is_the_first_of_a_state_in_a_conflict() -> None:
    every = find_precedents("troops", {"ucdp": ucdp()}).cases
    cases = every.filter(pl.col("source").str.contains("ucdp"))
    assert cases.filter(state="PRK", towards="VNM")["start"].to_list() == [date(1965, 1, 1)]
    assert cases.height == 3


def test_joining_a_war_is_told_apart_from_beginning_it() -> None:
    cases = find_precedents("third-state-troops", {}).cases
    first_war = cases.filter(pl.col("conflict") == "world_war_1")
    assert "USA" in first_war["state"].to_list()
    assert not {"XAH", "YUG"} & set(first_war["state"])  # in it from its first day
    bosnia = cases.filter(pl.col("conflict") == "bosnia_1992")
    assert "SRB" not in bosnia["state"].to_list()  # heir of a side of the first day


def test_nuclear_powers_at_war_in_this_record_are_india_and_pakistan() -> None:
    cases = find_precedents("war between nuclear powers", {}).cases
    assert set(cases["state"]) == {"IND", "PAK"}
    assert set(cases["conflict"]) == {"kargil_1999"}


def test_a_war_that_no_source_covers_is_not_known() -> None:
    found = find_precedents("weapons", {}, conflict="yom_kippur_1973")
    assert found.conflict is not None
    assert covering(found.reaches, found.conflict) == ()


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_finds_cases_with_their_records(kind: str) -> None:
    found = find_precedents(kind, {})
    assert found.cases.height > 0
    assert found.cases.columns == [*CASES, "here", "earlier"]
    assert found.cases["record"].null_count() == 0
    assert found.reaches
    assert not {"group:eu"} & set(found.cases.filter(pl.col("source") != "almanac")["state"])


def test_names_have_other_words_and_nearest_ones() -> None:
    assert kind_named("Lethal Aid") == "weapons"
    assert kind_named("mutual defence treaty") == "defence-treaty"
    with pytest.raises(UnknownName, match="did you mean sanctions"):
        kind_named("sanction")
    with pytest.raises(UnknownName, match=r"blocs almanac wars"):
        conflict_named("war of the roses")


def case(source: str, state: str, towards: str, conflict: str, start: date, record: str) -> dict:
    row = dict.fromkeys(CASES)
    told = {"source": source, "state": state, "towards": towards, "conflict": conflict}
    return row | told | {"start": start, "checked": source != "almanac", "record": record}


def merged(*rows: dict) -> pl.DataFrame:
    return merge_told_twice(pl.DataFrame(list(rows), schema=CASES))


def test_an_act_that_two_sources_tell_of_is_one_with_two_sources() -> None:
    cases = find_precedents("troops", {"ucdp": ucdp()}, conflict="UKR").cases
    (here,) = cases.filter("here").rows(named=True)
    assert here["source"] == "almanac; ucdp"
    assert here["record"].split("; ")[1] == "u2"
    assert (here["start"], here["precision"]) == (date(2024, 10, 1), "month")


def test_the_almanacs_own_numbers_join_acts_whatever_their_year() -> None:
    found = merged(
        case("almanac", "PRK", "RUS", "ukraine_2022", date(2024, 10, 1), "a"),
        case("ucdp", "PRK", "BLR", "ucdp:13243", date(2026, 1, 1), "u"),
        case("ucdp", "KEN", "RUS", "ucdp:13243", date(2024, 1, 1), "k"),
    )
    assert found.select("state", "source", "record", "checked").rows() == [
        ("KEN", "ucdp", "k", True),
        ("PRK", "almanac; ucdp", "a; u", True),
    ]


def test_without_a_number_the_same_year_and_the_same_other_join_once() -> None:
    found = merged(
        case("almanac", "USA", "KOR", "w", date(1950, 6, 27), "a"),
        case("ucdp", "USA", "KOR", "ucdp:1", date(1950, 1, 1), "u1"),
        case("ucdp", "USA", "KOR", "ucdp:2", date(1950, 1, 1), "u2"),
        case("ucdp", "USA", "GRC", "ucdp:3", date(1950, 1, 1), "u3"),
        case("ucdp", "USA", "KOR", "ucdp:4", date(1952, 1, 1), "u4"),
    )
    assert sorted(found["record"]) == ["a; u1", "u2", "u3", "u4"]


def test_a_war_that_shares_two_acts_settles_those_dated_a_year_apart() -> None:
    rows = [
        case(source, state, "KOR", conflict, date(year, 1, 1), f"{source}-{state}")
        for source, conflict, years in (
            ("almanac", "w", (1950, 1950, 1951)),
            ("ucdp", "ucdp:1", (1950, 1950, 1950)),
        )
        for state, year in zip(("USA", "GBR", "FRA"), years, strict=True)
    ]
    assert set(merged(*rows)["source"]) == {"almanac; ucdp"}
    assert merged(*rows[:2], *rows[3:5]).height == 2
    assert merged(*(r for r in rows if r["state"] != "GBR")).height == 3  # one shared act: no


@given(st.permutations(range(5)))
def test_the_order_of_rows_does_not_matter(order: list[int]) -> None:
    rows = [
        case("almanac", "USA", "KOR", "w", date(1950, 6, 27), "a"),
        case("almanac", "CHN", "PRK", "w", date(1950, 10, 27), "b"),
        case("ucdp", "USA", "KOR", "ucdp:1", date(1950, 1, 1), "c"),
        case("ucdp", "CHN", "PRK", "ucdp:1", date(1950, 1, 1), "d"),
        case("ucdp", "CHN", "PRK", "ucdp:2", date(1950, 1, 1), "e"),
    ]
    assert merged(*(rows[k] for k in order)).equals(merged(*rows))


def test_sanctions_on_another_target_stay_apart() -> None:
    found = merged(
        case("almanac", "CAN", "PRK", "ca_kp_2011", date(2011, 8, 12), "a"),
        case("gsdb", "CAN", "PRK", "gsdb:898", date(2011, 1, 1), "g"),
        case("gsdb", "CAN", "IRN", "gsdb:898", date(2011, 1, 1), "h"),
    )
    assert sorted(found["record"]) == ["a; g", "h"]


def test_a_case_names_every_state_helped_or_bound_to() -> None:
    joined = find_precedents("troops", {}).cases.filter(
        pl.col("conflict").str.contains("afghan") & (pl.col("state") == "CAN")
    )
    assert joined["towards"].to_list() == ["GBR; USA"]


def test_who_accedes_to_a_treaty_is_bound_on_that_day_to_those_in_it_by_then() -> None:
    found = find_precedents("defence treaty", {}).cases.filter(conflict="nato_1949")
    told = {s: (d, t.split("; ")) for s, d, t in found.select("state", "start", "towards").rows()}
    first = {"BEL", "CAN", "DNK", "FRA", "GBR", "ISL", "ITA", "LUX", "NLD", "NOR", "PRT", "USA"}
    assert told["USA"] == (date(1949, 4, 4), sorted(first - {"USA"}))
    assert told["GRC"] == (date(1952, 2, 18), sorted(first | {"TUR"}))
    assert told["FIN"][0] == date(2023, 4, 4)
    assert "SWE" not in told["FIN"][1]


def test_a_state_that_alone_owes_defence_is_bound_to_the_other() -> None:
    found = find_precedents("defence treaty", {}).cases.filter(conflict="cyprus_1878")
    assert found.select("state", "towards").rows() == [("GBR", "TUR")]


def test_a_party_of_the_war_counts_whichever_of_those_helped_it_is() -> None:
    both = case("ucdp", "KEN", "MDA; UKR", "ucdp:9", date(2023, 1, 1), "u")
    neither = case("ucdp", "KEN", "MDA; ROU", "ucdp:8", date(2023, 1, 1), "v")
    found = merged(both, neither).with_columns(here=_here(conflict_named("UKR")))
    assert dict(found.select("record", "here").rows()) == {"u": True, "v": False}


def test_two_sources_tell_of_one_act_where_they_share_one_of_those_helped() -> None:
    found = merged(
        case("almanac", "CAN", "GBR; USA", "w", date(2001, 11, 15), "a"),
        case("ucdp", "CAN", "USA", "ucdp:1", date(2001, 1, 1), "u"),
        case("ucdp", "CAN", "AFG", "ucdp:2", date(2001, 1, 1), "v"),
    )
    assert sorted(found["record"]) == ["a; u", "v"]
