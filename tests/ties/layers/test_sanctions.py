"""Sanctions in force, from who imposes to the target."""

from __future__ import annotations

from datetime import date

import pytest
from tests import world

from blocs.contracts import Facts
from blocs.evidence.cleaning import covered
from blocs.schemas import Ties
from blocs.ties.layers.sanctions import KINDS, LAYER


def test_the_world_worked_by_hand() -> None:
    ties = LAYER.build(world.facts()).ties
    assert Ties.is_valid(ties)
    assert [(s.year, w, v) for s, w, v in ties.select("start", "weight", "value").iter_rows()] == [
        (year, pytest.approx(-kinds / 6), kinds)
        for year, kinds in [(y, 3 if y == 2008 else 2) for y in range(2002, 2010)]
    ]
    assert set(ties.select("sender", "receiver").rows()) == {("USA", "IRN")}


def test_each_kind_counts_once_and_each_direction_for_itself() -> None:
    start = date(2000, 1, 1)
    rows: list[world.SpellRow] = [
        ("sanction", kind, "USA", "IRN", start, None) for kind in [*KINDS, "trade", "arms"]
    ]
    rows += [("sanction", "trade", "IRN", "USA", start, None)]
    rows += [("sanction", "total", "USA", "PRK", start, None)]
    facts = Facts(spells=world.spell_table(rows), coverage=covered("sanctions", "s", 2000, 2000))
    ties = LAYER.build(facts).ties
    assert ties.select("sender", "receiver", "weight", "n_evidence").rows() == [
        ("IRN", "USA", pytest.approx(-1 / 6), 1),
        ("USA", "IRN", -1.0, 8),
    ]


def test_without_coverage_there_is_no_layer() -> None:
    assert LAYER.build(Facts(spells=world.spells())).ties.is_empty()
