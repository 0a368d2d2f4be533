from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from blocs.evidence.intake import recognise

TINY = Path(__file__).resolve().parents[2] / "data" / "datasets" / "icews_mmkb"


def test_events_are_dated_and_of_the_states_that_names_end_in(read):
    facts = read("icews-mmkb", "of_2014.txt")
    told = facts.events.select("fact_id", "type", "sender", "receiver", "start", "end", "ref")
    source = facts.events["source_id"][0]
    assert told.rows() == [
        (f"{source}:1", "Make statement", None, "CHN", date(2014, 3, 6), date(2014, 3, 7),
         "Ministry (Elbonia) > China"),
        (f"{source}:3", "Make a visit", "IRN", "NGA", date(2014, 2, 28), date(2014, 3, 1),
         "Iran > Citizen (Nigeria)"),
        (f"{source}:5", "Arrest, detain, or charge with legal action", "KOR", "PRK",
         date(2014, 12, 31), date(2015, 1, 1), "Police (South Korea) > Citizen (North Korea)"),
    ]  # fmt: skip


def test_a_day_that_is_none_and_a_missing_name_are_refused(read):
    refused = read("icews-mmkb", "of_2014.txt").rejects.select("row", "column", "rule", "value")
    assert [(row, column, value) for row, column, _, value in refused.rows()] == [
        (2, "day", "2014-11-31"),
        (4, "object", None),
    ]


def test_a_part_drawn_by_lot_covers_nothing(read):
    """An event that is not in it may have happened."""
    assert read("icews-mmkb", "of_2014.txt").coverage.is_empty()


def test_the_year_and_the_eleven_years_are_told_apart():
    found, unknown = recognise([TINY])
    assert unknown == []
    assert [(f.dataset, f.release.version) for f in found] == [
        ("icews-mmkb", "2014"),
        ("icews-mmkb", "2005-2015"),
    ]


@pytest.mark.shared
def test_the_real_files(read, shared):
    folder = shared / "data" / "tkg_icews0515_partial"
    sizes = {"icews_2014_test": 8963, "icews_2014_valid": 8941, "icews_2005-2015_test": 46_092}
    for name, height in (sizes | {"icews_2005-2015_valid": 46_275}).items():
        facts = read("icews-mmkb", folder / f"{name}.txt.gz")
        assert facts.events.height + facts.rejects["row"].n_unique() == height
        states = facts.events.select("sender", "receiver").null_count().row(0)
        assert max(states) < height / 2, "most actors have a state"
