"""UN votes: alike or opposed after the world's mean."""

from __future__ import annotations

from datetime import date
from math import sqrt

import polars as pl
import pytest
from tests import world

from blocs.contracts import Facts
from blocs.schemas import Ties
from blocs.ties.common_votes import dyad_votes
from blocs.ties.layers.votes import LAYER, likeness


@pytest.fixture(scope="module")
def ties() -> pl.DataFrame:
    """Ties of the hand-worked world."""
    return LAYER.build(world.facts()).ties


def tie(table: pl.DataFrame, a: str, b: str, year: int) -> dict[str, object]:
    found = table.filter(
        (pl.col("sender") == a) & (pl.col("receiver") == b) & (pl.col("start") == date(year, 1, 1))
    )
    return found.row(0, named=True)


def test_the_world_worked_by_hand(ties: pl.DataFrame) -> None:
    assert Ties.is_valid(ties)
    friends, rivals = tie(ties, "GBR", "USA", 2001), tie(ties, "CHN", "USA", 2001)
    assert friends["weight"] == pytest.approx(2 / sqrt(6))
    assert friends["value"] == pytest.approx(1 - 1 / 6)
    assert rivals["weight"] == pytest.approx(-2 / sqrt(6))
    assert rivals["value"] == pytest.approx(1 - 5 / 6)
    assert (friends["unit"], friends["n_evidence"]) == ("agreement", 3)


def test_who_never_departs_from_the_mean_is_neither_alike_nor_opposed(ties: pl.DataFrame) -> None:
    assert tie(ties, "CHN", "IND", 2001)["weight"] is None
    assert tie(ties, "CHN", "IND", 2001)["value"] is not None


def test_counts_and_ballots_give_the_same_ties(ties: pl.DataFrame) -> None:
    counts = dyad_votes(world.rollcalls(), world.ballots())
    assert LAYER.build(Facts(dyad_votes=counts, coverage=world.coverage())).ties.equals(ties)


def test_likeness_stays_in_its_range_whatever_rounding_does() -> None:
    row = dict.fromkeys(("shield", "counter", "with_reference", "neutral", "dissent"), 0.0)
    frame = pl.DataFrame(
        [
            row | {"shield": 1.0000001, "ss_a": 1.0, "ss_b": 1.0},
            row | {"dissent": -2.0, "ss_a": 1.0, "ss_b": 1.0},
            row | {"ss_a": 0.0, "ss_b": 1.0},
        ]
    )
    assert frame.select(likeness().alias("c"))["c"].to_list() == [1.0, -1.0, None]


def test_no_votes_make_no_ties_and_absence_is_unknown() -> None:
    assert LAYER.build(Facts()).ties.is_empty()
    assert LAYER.absence == "unknown"
