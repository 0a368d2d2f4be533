from __future__ import annotations

from datetime import date

import pytest


def test_spells_are_counted_in_months_and_the_last_is_open(read):
    facts = read("cow-contiguity", "spells.csv")
    assert facts.spells.select("type", "sender", "receiver", "start", "end", "value").rows() == [
        ("land", "USA", "CAN", date(1920, 1, 1), None, 1.0),
        ("12 miles", "EGY", "SAU", date(1937, 5, 1), date(1967, 7, 1), 2.0),
    ]
    assert facts.rejects.select("row", "rule", "value").rows() == [(3, "contact is 1 to 5", "7")]


def test_years_and_colonies(read):
    years = read("cow-contiguity", "years.csv").spells
    assert years.select("kind", "type", "end").rows() == [
        ("contiguity_year", "land", date(1921, 1, 1))
    ]
    colonies = read("cow-contiguity", "colonial.csv").spells
    assert colonies.select("kind", "sender", "receiver", "value").rows() == [
        ("colonial_contiguity", "GBR", "NPL", 2.0)
    ]


def test_territory_goes_from_the_loser_to_the_gainer(read):
    facts = read("cow-contiguity", "changes.csv")
    assert facts.events.select("sender", "receiver", "start", "end", "value", "ref").rows() == [
        ("FRA", "DEU", date(1871, 5, 1), date(1871, 6, 1), 14500.0, "3"),
        (None, "ARG", date(1816, 1, 1), date(1817, 1, 1), None, "4"),
    ]
    assert facts.rejects.select("row", "column", "value").rows() == [(3, "loser", "8888")]


@pytest.mark.shared
def test_the_real_files(read, shared):
    folder = shared / "data/cow_contiguity"
    sizes = {"contdir.csv": 847, "contdird.csv.gz": 82_498, "contcold.csv.gz": 14_538}
    for name, height in sizes.items():
        facts = read("cow-contiguity", folder / name)
        assert (facts.spells.height, facts.rejects.height) == (height, 0)
    changes = read("cow-contiguity", folder / "tc2018.csv")
    assert changes.events.height + changes.rejects["row"].n_unique() == 842
    assert set(changes.rejects["rule"]) == {"state is known"}
