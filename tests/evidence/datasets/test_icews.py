from __future__ import annotations

from datetime import date

import pytest


def test_codes_stay_text_and_organisations_stay_null(read):
    facts = read("icews", "events.tab")
    assert facts.events.select("type", "sender", "receiver", "start", "value", "ref").rows() == [
        ("040", "NAM", "RUS", date(2018, 6, 1), 1.0, "11"),
        ("111", None, "MMR", date(2018, 6, 1), -2.0, "12"),
    ]
    assert facts.rejects.select("row", "rule").rows() == [
        (3, "a country is named"),
        (4, "state is known"),
        (5, "event date must be: date"),
    ]


def test_sums_leave_zeros_to_the_coverage(read):
    facts = read("icews", "sums.csv")
    assert facts.flows.select("kind", "sender", "receiver", "value").rows() == [
        ("material_conflict", "AFG", "ALB", 1.0),
        ("verbal_cooperation", "AFG", "ALB", 6.0),
    ]
    assert facts.coverage["actor"].to_list() == ["AFG", "ALB"]


@pytest.mark.shared
def test_the_real_files(read, shared):
    folder = shared / "data/icews_events"
    events = read("icews", folder / "events.2018.sample.tab.gz")
    assert (events.events.height, events.rejects.height) == (3692, 13)
    sums = read("icews", folder / "icews_dyad_year_2002_2014.csv.gz")
    assert (sums.flows.height, sums.rejects.height) == (217_863, 0)
    assert sums.coverage.height == 152
