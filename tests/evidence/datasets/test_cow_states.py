from __future__ import annotations

from datetime import date

import pytest


def test_a_state_may_have_several_spells_and_the_last_is_open(read):
    facts = read("cow-states", "states.csv")
    assert facts.spells.select("kind", "sender", "receiver", "start", "end").rows() == [
        ("member", "FRA", None, date(1816, 1, 1), date(1942, 11, 12)),
        ("member", "FRA", None, date(1944, 8, 25), None),
    ]
    assert facts.rejects.select("row", "rule").rows() == [(3, "state is known")]


def test_majors_and_state_years(read):
    majors = read("cow-states", "majors.csv").spells
    assert majors.select("kind", "sender", "end").rows() == [("major", "RUS", date(1917, 12, 6))]
    years = read("cow-states", "system.csv").spells
    assert years.select("kind", "sender", "end").rows() == [
        ("member_year", "USA", date(1817, 1, 1))
    ]


@pytest.mark.shared
def test_the_real_files(read, shared):
    for name, height in {"states": 243, "majors": 14, "system": 15_951}.items():
        facts = read("cow-states", shared / f"data/cow_states/{name}2016.csv")
        assert (facts.spells.height, facts.rejects.height) == (height, 0)
