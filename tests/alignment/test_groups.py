"""Groups: who was a member when, by date, by name, frozen, and what is no group."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blocs import actors
from blocs.alignment.groups import (
    Group,
    find_group,
    group_names,
    members_on,
    resolve_group,
)
from blocs.almanac.tables import facts
from blocs.dates import Period
from blocs.errors import BadInput, NotMember, UnknownName

FEW = settings(max_examples=25, deadline=None, derandomize=True)
NOW = Period(2022, 2024)

NATO_1949 = {"BEL", "CAN", "DNK", "FRA", "GBR", "ISL", "ITA", "LUX", "NLD", "NOR", "PRT", "USA"}


@pytest.mark.parametrize(
    ("day", "joined"),
    [
        (date(1949, 12, 31), set()),
        (date(1952, 12, 31), {"GRC", "TUR"}),
        (date(1955, 12, 31), {"GRC", "TUR", "DEU"}),
        (date(1982, 12, 31), {"GRC", "TUR", "DEU", "ESP"}),
        (date(1999, 12, 31), {"GRC", "TUR", "DEU", "ESP", "CZE", "HUN", "POL"}),
    ],
)
def test_nato_as_it_grew(day, joined):
    assert set(members_on("nato", day)) == NATO_1949 | joined


@pytest.mark.parametrize(
    ("name", "day", "members"),
    [
        ("warsaw_pact", date(1955, 12, 31), "ALB BGR CSK DDR HUN POL ROU RUS"),
        ("warsaw_pact", date(1969, 12, 31), "BGR CSK DDR HUN POL ROU RUS"),
        ("warsaw_pact", date(1990, 12, 31), "BGR CSK HUN POL ROU RUS"),
        ("warsaw_pact", date(1991, 12, 31), ""),
        ("brics", date(2009, 12, 31), "BRA CHN IND RUS"),
        ("brics", date(2011, 12, 31), "BRA CHN IND RUS ZAF"),
        ("g7", date(2000, 1, 1), "CAN DEU FRA GBR ITA JPN USA"),
        ("aukus", date(2022, 1, 1), "AUS GBR USA"),
    ],
)
def test_members_on_a_day(name, day, members):
    assert members_on(name, day) == tuple(members.split())


def test_a_day_of_joining_is_in_and_a_day_of_leaving_is_out():
    rows = facts("memberships").filter(
        (pl.col("rank") == "member") & pl.col("start").is_not_null() & pl.col("end").is_not_null()
    )
    assert rows.height > 20
    labels = set(facts("groups").filter(pl.col("kind") == "label")["group"])
    checked = 0
    for group, actor, start, end in rows.select("group", "actor", "start", "end").iter_rows():
        again = rows.filter((pl.col("group") == group) & (pl.col("actor") == actor)).height
        if group in labels or again > 1:
            continue
        assert actor in members_on(group, start)
        assert actor not in members_on(group, end)
        checked += 1
    assert checked > 20


@pytest.mark.parametrize("text", ["Warsaw Pact", "warsaw pact", "WARSAW_PACT", "  Warsaw  Pact "])
def test_a_group_by_any_writing_of_its_name(text):
    assert find_group(text) == "warsaw_pact"


def test_every_group_is_found_by_its_name():
    assert all(find_group(name) for name in group_names())
    assert list(group_names()) == sorted(group_names())
    assert find_group("Russia") is None


def test_a_list_of_states():
    found = resolve_group(["CHN", "Russia", "Iran", "North Korea"], NOW)
    assert found.members == ("CHN", "IRN", "PRK", "RUS")
    assert found.label == "China, Iran, North Korea and Russia"
    assert (found.slug, found.changes) == ("", False)
    assert [y for y, _ in found.by_year] == [2022, 2023, 2024]
    assert found.in_year(2023) == found.members
    assert found.in_year(1999) == ()


def test_a_named_group_by_year_and_frozen():
    moving = resolve_group(["BRICS"], Period(2022, 2024))
    assert moving.changes
    assert len(moving.in_year(2023)) == 5
    assert len(moving.in_year(2024)) > 5
    assert set(moving.ever) >= set(moving.members)
    frozen = resolve_group(["BRICS"], Period(2022, 2024), members_at=2023)
    assert not frozen.changes
    assert len(frozen.members) == 5
    assert frozen.label == "BRICS"
    with pytest.raises(NotMember, match="at the end of 1990; the first known member joined in"):
        resolve_group(["BRICS"], NOW, members_at=1990)
    with pytest.raises(BadInput, match="--members-at 2020 freezes a named group"):
        resolve_group(["CHN", "RUS"], NOW, members_at=2020)


def test_a_group_and_a_state_together():
    found = resolve_group(["AUKUS", "Japan"], NOW)
    assert found.members == ("AUS", "GBR", "JPN", "USA")
    assert found.slug == ""


def test_a_state_counts_in_the_years_it_existed():
    found = resolve_group(["Russia", "Germany", "France"], Period(1938, 1950))
    assert "DEU" in found.in_year(1938)
    assert "DEU" not in found.in_year(1947)
    assert found.changes


@given(st.permutations(["CHN", "Russia", "IRN", "North Korea", "BRICS"]), st.booleans())
@FEW
def test_order_and_repetition_do_not_matter(words, twice):
    plain = resolve_group(["BRICS", "CHN", "IRN", "North Korea", "Russia"], NOW)
    found = resolve_group([*words, *(words if twice else [])], NOW)
    assert found.by_year == plain.by_year


@pytest.mark.parametrize(
    ("words", "period", "error", "told"),
    [
        ([], NOW, BadInput, "empty group"),
        (["CHN"], NOW, BadInput, "two different states"),
        (["CHN", "China", "PRC"], NOW, BadInput, "two different states"),
        (["CHN", "Ruritania"], NOW, UnknownName, "Ruritania"),
        (["East Germany", "RUS"], NOW, NotMember, "1990"),
        (["Yugoslavia", "RUS"], Period(2010, 2012), NotMember, "not a state in 2010–12"),
        (["NATO"], Period(1930, 1940), NotMember, "1949"),
        (["Warsaw Pact"], Period(2000, 2005), NotMember, "1955"),
    ],
)
def test_what_is_no_group(words, period, error, told):
    with pytest.raises(error, match=told):
        resolve_group(words, period)


def test_a_misspelt_group_gets_the_nearest_names():
    with pytest.raises(UnknownName) as caught:
        resolve_group(["Warsow Pact"], NOW)
    assert "Warsaw Pact" in caught.value.nearest


def test_all_members_of_all_groups_are_states():
    for slug in facts("groups")["group"]:
        for member in members_on(slug, date(2024, 1, 1)):
            assert actors.actor(member).id == member


def test_a_group_is_what_its_years_say():
    found = Group("x", "", ((2001, ("A", "B")), (2002, ("B", "C"))))
    assert (found.members, found.ever, found.changes) == (("B", "C"), ("A", "B", "C"), True)
