"""Support in war: the highest rung told of."""

from __future__ import annotations

from datetime import date

import pytest
from tests import world

from blocs.contracts import Facts
from blocs.evidence.cleaning import covered
from blocs.schemas import Ties
from blocs.ties.layers.support import LAYER


def test_the_highest_rung_of_the_year_counts_in_its_direction() -> None:
    rows: list[world.SpellRow] = [
        ("support", "munitions", "PRK", "RUS", date(2023, 8, 1), None),
        ("support", "troops", "PRK", "RUS", date(2024, 10, 1), None),
        ("support", "economic", "CHN", "RUS", date(2022, 2, 1), date(2023, 1, 1)),
        ("support", "none", "CHN", "UKR", date(2022, 2, 1), date(2023, 1, 1)),
    ]
    facts = Facts(
        spells=world.spell_table(rows, [5.0, 7.0, 2.0, 0.0]),
        coverage=covered("support", "s", 2022, 2024),
    )
    ties = LAYER.build(facts).ties
    assert Ties.is_valid(ties)
    found = [
        (s, r, start.year, w, v)
        for s, r, start, w, v in ties.select(
            "sender", "receiver", "start", "weight", "value"
        ).rows()
    ]
    assert found == [
        ("CHN", "RUS", 2022, pytest.approx(2 / 7), 2.0),
        ("CHN", "UKR", 2022, 0.0, 0.0),
        ("PRK", "RUS", 2023, pytest.approx(5 / 7), 5.0),
        ("PRK", "RUS", 2024, 1.0, 7.0),
    ]


def test_what_is_not_told_is_not_known() -> None:
    assert LAYER.absence == "unknown"
    assert LAYER.build(world.facts()).ties.is_empty()
