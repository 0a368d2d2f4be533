"""Deliveries of arms, from supplier to recipient."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests import world

from blocs.contracts import Facts
from blocs.evidence.cleaning import covered
from blocs.schemas import Ties
from blocs.ties.layers.arms import LAYER


def weight(*values: float | None) -> float | None:
    flows = world.flow_table("arms", [("RUS", "CHN", 2000, value) for value in values])
    ties = LAYER.build(Facts(flows=flows, coverage=covered("arms", "s", 2000, 2000))).ties
    assert Ties.is_valid(ties)
    found: float | None = ties["weight"][0]
    return found


def test_the_world_worked_by_hand() -> None:
    ties = LAYER.build(world.facts()).ties
    by_pair = {
        (s, r): (w, v) for s, r, w, v in ties.select("sender", "receiver", "weight", "value").rows()
    }
    assert by_pair == {
        ("RUS", "CHN"): (pytest.approx(0.75), 150.0),
        ("RUS", "IRN"): (pytest.approx(0.5), 50.0),
        ("USA", "GBR"): (pytest.approx(0.5), 50.0),
    }
    assert ties.height == 21
    assert set(ties["n_evidence"]) == {1, 2}


@settings(max_examples=40)
@given(st.lists(st.floats(0, 1e5), min_size=1, max_size=5))
def test_more_deliveries_weigh_more_and_never_past_one(values: list[float]) -> None:
    found, more = weight(*values), weight(*values, 1.0)
    assert found is not None
    assert more is not None
    assert 0 <= found <= more <= 1
    assert found == pytest.approx(sum(values) / (sum(values) + 50))


def test_what_was_delivered_is_counted_at_least() -> None:
    """A delivery of unknown value beside one of known value: the sum is of what is known."""
    assert weight(50.0, None) == pytest.approx(0.5)
    assert weight(None) is None
    assert weight(None, None) is None
    assert weight(0.0) == 0.0


def test_other_flows_are_no_arms_and_without_coverage_there_is_no_layer() -> None:
    trade = world.flow_table("trade", [("RUS", "CHN", 2000, 5.0)])
    assert LAYER.build(
        Facts(flows=trade, coverage=covered("arms", "s", 2000, 2000))
    ).ties.is_empty()
    assert LAYER.build(Facts(flows=world.flows())).ties.is_empty()
