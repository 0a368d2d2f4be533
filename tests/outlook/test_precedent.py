"""Precedents: hand-counted cases, what is not covered, dates known to the year only."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from blocs.contracts import Facts
from blocs.errors import UnknownName
from blocs.outlook.acts import CASES, KINDS, conflict_named
from blocs.outlook.precedent import (
    covering,
    find_precedents,
    kind_named,
)
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
    told = cases.filter((pl.col("source") == "ucdp") & (pl.col("state") == "PRK"))
    # dated to the year 2024: not known to lie before October
    assert dict(told.select(pl.col("start").dt.year(), "earlier").rows()) == {
        1965: True,
        2024: False,
    }
    later = find_precedents("troops", data, before=date(2025, 1, 1)).cases
    assert later.filter((pl.col("source") == "ucdp") & ~pl.col("earlier")).is_empty()


def test_a_case_is_the_first_of_a_state_in_a_conflict() -> None:
    cases = find_precedents("troops", {"ucdp": ucdp()}).cases.filter(pl.col("source") == "ucdp")
    assert cases.filter(state="PRK", towards="VNM")["start"].to_list() == [date(1965, 1, 1)]
    assert cases.height == 3


def test_joining_a_war_is_told_apart_from_beginning_it() -> None:
    cases = find_precedents("third-state-troops", {}).cases
    first_war = cases.filter(pl.col("conflict") == "world_war_1")
    assert "USA" in first_war["state"].to_list()
    assert not {"XAH", "YUG"} & set(first_war["state"])  # in it from its first day


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
