from __future__ import annotations

from datetime import date

import pytest

from blocs.evidence.intake import recognise
from blocs.registry import DATASETS


@pytest.mark.parametrize(
    ("file", "version", "expected"),
    [
        ("directed_203.csv", "2.03", [("USA", "GBR", 3.0), ("GBR", "USA", 1.0)]),
        ("directed_221.csv", "2.2.1", [("USA", "GBR", None)]),
        ("pairs.csv", "2.0", [("USA", "GBR", 3.0), ("GBR", "USA", 1.0)]),
    ],
)
def test_each_release_is_told_and_read(read, tiny, file, version, expected):
    assert recognise([tiny / "gml" / file])[0][0].release.version == version
    events = read("gml", file).events
    assert events.select("sender", "receiver", "value").rows() == expected
    assert set(events.select("kind", "start", "end", "ref").rows()) == {
        ("dispute", date(1902, 1, 1), date(1903, 1, 1), "2")
    }


def test_whole_numbers_in_scientific_notation_are_numbers(read):
    event = read("gml", "mida.csv").events.select("sender", "start", "end").row(0)
    assert event == (None, date(1902, 7, 1), date(2000, 1, 25))


def test_a_day_that_is_not_in_the_month_is_refused(read):
    facts = read("gml", "midb.csv")
    assert facts.events.select("kind", "sender").rows() == [("dispute_part", "GBR")]
    assert facts.rejects.select("row", "rule", "value").rows() == [(2, "end is a day", "31")]


@pytest.mark.shared
def test_the_real_files(read, shared):
    folder = shared / "data/gml_mids"
    sizes = {
        "gml-ddy-disputes-2.03.csv.gz": (10_386, 0),
        "gml_dirdisp_2.2.1.csv.gz": (10_276, 0),
        "gml-ndy-disputes-2.0.csv.gz": (10_430, 0),
        "gml-mida-2.0.csv": (2_208, 6),
        "gml-midb-2.0.csv": (5_294, 46),
    }
    for name, (events, rejects) in sizes.items():
        facts = read("gml", folder / name)
        assert (facts.events.height, facts.rejects.height) == (events, rejects), name
        assert set(facts.rejects["rule"]) <= {
            "end is a day",
            "start is a day",
            "ends after it starts",
        }


def test_the_newest_release_wins():
    versions = [r.version for r in DATASETS.get("gml").releases if r.part == "dyads"]
    assert versions == ["2.0", "2.03", "2.2.1"]
