from __future__ import annotations

from datetime import date

import polars as pl
import pytest

FACT = ("type", "sender", "receiver", "start", "end", "ref")


def test_a_spell_lasts_while_both_are_members_of_one_phase(read):
    facts = read("atop", "members.csv")
    spells = facts.spells.filter(pl.col("type") == "defence")
    begin, last, joined = date(1949, 8, 24), date(1961, 1, 1), date(1955, 5, 1)
    assert spells.select(FACT).sort("sender", "receiver").rows() == [
        ("defence", "CAN", "GBR", joined, last, "9001"),
        ("defence", "CAN", "USA", begin, None, "9001"),
        ("defence", "GBR", "CAN", joined, last, "9001"),
        ("defence", "GBR", "USA", joined, last, "9001"),
        ("defence", "RUS", "PRK", date(1961, 7, 6), None, "9003"),
        ("defence", "USA", "CAN", begin, None, "9001"),
        ("defence", "USA", "GBR", joined, last, "9001"),
    ]
    assert set(facts.spells["kind"]) == {"alliance"}
    consults = facts.spells.filter(pl.col("type") == "consultation")
    assert "GBR" not in set(consults["sender"]), "a member owes what its own row says"


def test_an_obligation_that_is_not_known_is_refused(read):
    facts = read("atop", "members.csv")
    assert set(facts.rejects.select("row", "rule", "value").rows()) == {
        (7, "obligation is 0 or 1", "9"),
        (8, "state is known", "8152"),
    }


def test_coverage_ends_with_the_last_coming_or_going(read):
    assert read("atop", "members.csv").coverage.select("start", "end").rows() == [
        (date(1815, 1, 1), date(1962, 1, 1))
    ]


@pytest.mark.parametrize("file", ["dyads.csv", "published_dyads.csv"])
def test_dyad_years_keep_their_direction(read, file):
    facts = read("atop", file)
    assert facts.spells.select("kind", "type", "sender", "start", "end").rows() == [
        ("alliance_year", "defence", "USA", date(1950, 1, 1), date(1951, 1, 1)),
        ("alliance_year", "defence", "CAN", date(1950, 1, 1), date(1951, 1, 1)),
        ("alliance_year", "consultation", "USA", date(1950, 1, 1), date(1951, 1, 1)),
    ]
    assert facts.rejects.select("row", "value").rows() == [(3, "999")]


def test_treaties_bind_every_pair_of_members(read):
    facts = read("atop", "treaties.csv")
    spans = facts.spells.select("kind", "type", "sender", "start", "end").rows()
    start, end = date(1815, 3, 1), date(1824, 1, 1)
    assert spans == [
        ("alliance_treaty", "offence", "GBR", start, end),
        ("alliance_treaty", "offence", "RUS", start, end),
    ]
    assert facts.rejects.select("row", "rule", "value").rows() == [(2, "start is a day", "40")]


@pytest.mark.shared
def test_members_and_the_publishers_own_dyads_tell_the_same(read, shared):
    """Version 4.01 members against version 5 dyads: they are independent codings."""
    members = read("atop", shared / "data/atop/atop-member-level.csv.gz")
    dyads = read("atop", shared / "data/atop/atop_alliance_ddy_v5.csv.gz")
    assert members.rejects.select("row", "value").rows() == [(202, "8152")]
    assert members.spells.height == 36_578
    assert dyads.spells.height == 137_762 + 6_342 + 4_465 + 261_838 + 131_332
    assert dyads.rejects.height == 0
    key = ["sender", "receiver", "type"]
    theirs = dyads.spells.filter(pl.col("start") == date(1980, 1, 1)).select(key).unique()
    running = (pl.col("start") < date(1981, 1, 1)) & (
        pl.col("end").is_null() | (pl.col("end") > date(1980, 1, 1))
    )
    ours = members.spells.filter(running).select(key).unique()
    both = ours.join(theirs, on=key).height
    assert both / ours.height > 0.98
    assert both / theirs.height > 0.98


@pytest.mark.shared
def test_the_pact_of_1939_and_the_treaty_of_1961(read, shared):
    facts = read("atop", shared / "data/atop/atop-member-level.csv.gz").spells
    pact = facts.filter((pl.col("sender") == "DEU") & (pl.col("receiver") == "RUS"))
    assert date(1939, 8, 23) in set(pact.filter(pl.col("type") == "nonaggression")["start"])
    treaty = facts.filter((pl.col("sender") == "RUS") & (pl.col("receiver") == "PRK"))
    assert date(1961, 7, 6) in set(treaty.filter(pl.col("type") == "defence")["start"])
    treaties = read("atop", shared / "data/atop/atop-alliance-level.csv")
    assert treaties.rejects.select("value").rows() == [("8152",)]
