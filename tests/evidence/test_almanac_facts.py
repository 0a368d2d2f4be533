"""The almanac as evidence: only what is confirmed, in the tables data sets fill."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from blocs import actors
from blocs.almanac.tables import dyad_votes, facts, treaty_gaps
from blocs.contracts import TABLES
from blocs.dates import Partial, Period
from blocs.evidence import almanac_facts as module
from blocs.evidence.almanac_facts import almanac_facts, known_through, treaties_between
from blocs.registry import LAYERS


@pytest.fixture
def spells() -> pl.DataFrame:
    """All spells the almanac tells."""
    return almanac_facts().spells


def test_every_table_obeys_its_rules() -> None:
    for name, schema in TABLES.items():
        assert schema.is_valid(getattr(almanac_facts(), name)), name
    assert almanac_facts().dyad_votes is dyad_votes()


def test_every_end_of_every_spell_is_an_actor(spells: pl.DataFrame) -> None:
    ends = set(spells["sender"]) | set(spells["receiver"].drop_nulls())
    assert ends <= set(actors.ids())


def test_coverage_is_of_topics_that_layers_know() -> None:
    lit = [layer for layer in LAYERS.all().values() if "almanac" in layer.prefer]
    topics = {topic for layer in lit for topic in layer.topics}
    assert set(almanac_facts().coverage["topic"]) <= topics
    assert {"alliances", "support", "votes"} <= set(almanac_facts().coverage["topic"])


def test_support_that_is_denied_or_unchecked_is_not_here(spells: pl.DataFrame) -> None:
    rows = facts("support")
    out = rows.filter(~pl.col("checked") | (pl.col("claim") == "denied"))["row"]
    told = spells.filter(pl.col("kind") == "support")
    assert not {f"almanac/support:{row}" for row in out} & set(told["fact_id"])
    assert told["value"].is_between(0, 7).all()
    assert set(told["unit"]) == {"rung 0-7"}


def test_sanctions_that_are_unchecked_are_not_here(spells: pl.DataFrame) -> None:
    rows = facts("sanctions")
    told = spells.filter(pl.col("kind") == "sanction")["fact_id"].str.extract(r":(\d+)/")
    unchecked = rows.filter(~pl.col("checked"))["row"].cast(pl.String)
    assert not set(told) & set(unchecked)


def test_a_treaty_binds_a_pair_while_both_are_parties(spells: pl.DataFrame) -> None:
    """Hungary and Romania under the Warsaw Pact; Albania left it in 1968."""
    pact = spells.filter((pl.col("kind") == "alliance") & (pl.col("type") == "defence"))

    def bound(one: str, other: str, day: date) -> bool:
        a, b = sorted((one, other))
        alive = (pl.col("start") <= day) & (pl.col("end").is_null() | (pl.col("end") > day))
        return pact.filter((pl.col("sender") == a) & (pl.col("receiver") == b) & alive).height > 0

    assert bound("HUN", "ROU", date(1960, 1, 1))
    assert bound("USA", "GBR", date(1960, 1, 1))
    assert not bound("USA", "GBR", date(1940, 1, 1))
    assert bound("ALB", "RUS", date(1960, 1, 1))
    assert not bound("ALB", "RUS", date(1975, 1, 1))
    assert not bound("USA", "RUS", date(1960, 1, 1))
    assert bound("CHN", "PRK", date(2024, 1, 1))


def test_undirected_spells_are_told_once(spells: pl.DataFrame) -> None:
    pairs = spells.filter(pl.col("kind") == "alliance")
    assert (pairs["sender"] < pairs["receiver"]).all()
    assert pairs["fact_id"].is_unique().all()


def test_after_atop_ends_an_unconfirmed_treaty_is_a_doubt(spells: pl.DataFrame) -> None:
    pairs = spells.filter(
        (pl.col("kind") == "alliance") & (pl.col("start").dt.year() > module.ATOP_UNTIL)
    ).with_columns(
        row=pl.col("fact_id").str.extract(r":(\d+)\+").cast(pl.Int64),
        row_b=pl.col("fact_id").str.extract(r"\+(\d+)/").cast(pl.Int64),
    )
    sure = facts("treaty_members").select("row", "checked")
    both = pairs.join(sure, on="row").join(
        sure.rename({"row": "row_b", "checked": "checked_b"}), on="row_b"
    )
    doubted = pl.col("type").is_in(["unchecked", "unchecked_below"])
    assert both.filter(doubted != ~(pl.col("checked") & pl.col("checked_b"))).is_empty()


def test_gaps_to_atop_are_doubts_and_the_last_stays_open(spells: pl.DataFrame) -> None:
    gaps = spells.filter(pl.col("fact_id").str.contains("treaty_gaps"))
    assert gaps.height == treaty_gaps().height
    assert set(gaps["type"]) <= {"only_checked", "unchecked", "unchecked_below"}
    open_ = treaty_gaps().filter(pl.col("last") >= module.ATOP_UNTIL).height
    assert gaps["end"].null_count() == open_


def test_treaties_between_members_are_those_that_bind_two_of_them() -> None:
    group = pl.Series(["CHN", "RUS", "PRK", "IRN"])
    found = treaties_between(group, Period(2022, 2024))
    assert found["signed"].is_sorted()
    assert set(found["actor"]) <= set(group)
    assert (found.group_by("treaty").agg(pl.col("actor").n_unique())["actor"] >= 2).all()
    assert (found["signed"].drop_nulls() < date(2025, 1, 1)).all()
    early = treaties_between(group, Period(1950, 1950))
    assert (early["signed"].drop_nulls() < date(1951, 1, 1)).all()
    assert early.height < found.height
    assert treaties_between(pl.Series(["CHN"]), Period(2022, 2024)).is_empty()


def told(found: pl.DataFrame, treaty: str) -> tuple[list[str], str | None, str | None, bool]:
    rows = found.filter(treaty=treaty)
    start, end, checked = rows.select("start_text", "end_text", "checked").row(0)
    return rows["actor"].to_list(), start, end, checked


def test_a_treaty_binds_members_from_the_day_on_which_two_of_them_are_in_it() -> None:
    north = pl.Series(["EST", "FIN", "SWE"])
    early = treaties_between(north, Period(2005, 2010))
    assert "nato_1949" not in early["treaty"].to_list()  # Estonia alone
    late = treaties_between(north, Period(2022, 2024))
    assert told(late, "nato_1949") == (["EST", "FIN", "SWE"], "2023-04-04", None, False)
    joined = treaties_between(north, Period(2022, 2023))
    assert told(joined, "nato_1949")[0] == ["EST", "FIN"]


def test_a_treaty_does_not_bind_a_state_to_its_heirs() -> None:
    heirs = treaties_between(pl.Series(["CSK", "CZE", "SVK"]), Period(1990, 1995))
    assert not heirs.filter(actor="CSK").height
    assert told(heirs, "csk_bgr_1992")[:2] == (["CZE", "SVK"], "1993-01-01")


def test_who_owes_defence_alone_is_told_by_member() -> None:
    found = treaties_between(pl.Series(["GBR", "TUR"]), Period(1880, 1881)).filter(
        treaty="cyprus_1878"
    )
    assert dict(found.select("actor", "defence").rows()) == {"GBR": True, "TUR": False}


def test_the_last_day_known_is_a_day() -> None:
    assert Partial.parse(known_through()).precision == "day"
    last = almanac_facts().coverage["end"].max()
    assert isinstance(last, date)
    assert last <= Partial.parse(known_through()).after
