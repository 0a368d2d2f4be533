from __future__ import annotations

from datetime import date

import pytest

from blocs.evidence.intake import recognise


@pytest.mark.parametrize(("file", "version"), [("v1.CSV", "1.0"), ("v2.CSV", "2.0")])
def test_both_widths_are_told_and_the_first_line_is_a_row(read, tiny, file, version):
    assert recognise([tiny / "gdelt" / file])[0][0].release.version == version
    facts = read("gdelt", file)
    assert facts.events.select("row", "type", "sender", "receiver", "start", "value").rows() == [
        (1, "043", "USA", "PRK", date(2016, 12, 31), 2.8),
        (2, "043", None, "RUS", date(2007, 1, 1), 2.8),
    ]
    assert facts.rejects.select("row", "rule", "value").rows() == [
        (3, "a country is named", "3"),
        (4, "state is known", "EUR"),
        (5, "day is YYYYMMDD", "2016123"),
    ]


def test_mentions_lead_to_the_event(read):
    facts = read("gdelt", "mentions.CSV")
    assert facts.events.select("kind", "type", "sender", "start", "value", "ref").rows() == [
        ("gdelt_mention", "paper.example", None, date(2017, 1, 1), 90.0, "1")
    ]


@pytest.mark.shared
def test_the_real_files(read, shared):
    rows = {
        "20141124.export.CSV.zip": 100,
        "20170101073000.export.CSV": 720,
        "20191024143000.export.CSV.gz": 2111,
    }
    for name, height in rows.items():
        facts = read("gdelt", shared / "data/gdelt_samples" / name)
        assert facts.events.height + facts.rejects["row"].n_unique() == height
        assert set(facts.rejects["rule"]) == {"state is known", "a country is named"}
    mentions = read("gdelt", shared / "data/gdelt_samples/20170101073000.mentions.CSV")
    assert (mentions.events.height, mentions.rejects.height) == (1983, 0)
