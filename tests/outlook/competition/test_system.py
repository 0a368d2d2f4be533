"""The system of states by year, from published columns and from the almanac."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from blocs.almanac.tables import facts as almanac
from blocs.dates import Period
from blocs.evidence.almanac_facts import almanac_facts
from blocs.outlook.competition.system import systems_from_facts, systems_from_panels, yearly


def panels() -> tuple[pl.DataFrame, pl.DataFrame]:
    none = {f"atop_{k}": 0 for k in ("defense", "offense", "neutral", "nonagg", "consul")}
    dyads = pl.DataFrame(
        [
            {"ccode1": 1, "ccode2": 2, "year": 1900, **none, "atop_defense": 1},
            {"ccode1": 1, "ccode2": 3, "year": 1900, **none, "atop_consul": 1, "atop_nonagg": 1},
            {"ccode1": 2, "ccode2": 3, "year": 1900, **none},
            {"ccode1": 1, "ccode2": 2, "year": 1901, **dict.fromkeys(none)},
        ]
    )
    states = pl.DataFrame(
        {
            "ccode": [1, 2, 3, 1, 2],
            "year": [1900, 1900, 1900, 1901, 1901],
            "cinc": [0.3, 0.1, None, 0.3, 0.1],
            "cowmaj": [1, 1, 0, 1, 1],
            "polity2": [10.0, -10.0, None, 10.0, -10.0],
        }
    )
    return dyads, states


def test_the_highest_obligation_of_a_pair_counts_and_power_sums_to_one() -> None:
    (system,) = systems_from_panels(*panels())
    assert system.year == 1900
    assert system.obligation.tolist() == [[0, 3, 2], [3, 0, 0], [2, 0, 0]]
    assert system.power.tolist() == pytest.approx([0.75, 0.25, 0.0])
    assert system.regime[:2].tolist() == [1.0, 0.0]
    assert np.isnan(system.regime[2])


def test_a_year_in_which_alliances_are_not_covered_is_left_out() -> None:
    assert [s.year for s in systems_from_panels(*panels())] == [1900]


def test_a_spell_holds_in_every_year_of_which_it_holds_a_day() -> None:
    spells = pl.DataFrame(
        {
            "k": ["a", "b"],
            "start": [date(1900, 5, 1), date(1901, 1, 1)],
            "end": [date(1902, 1, 1), None],
        }
    )
    told = yearly(spells, Period(1899, 1902)).sort("k", "year")
    assert told.rows() == [("a", 1900), ("a", 1901), ("b", 1901), ("b", 1902)]


def test_the_almanac_has_the_two_camps_of_the_cold_war() -> None:
    (system,) = systems_from_facts(almanac_facts(), almanac("attributes"), Period(1970, 1970))
    assert int(system.major.sum()) == 5
    assert system.power.sum() == pytest.approx(1.0)
    assert (system.obligation == system.obligation.T).all()
    assert np.nanmax(system.regime) == 1.0
