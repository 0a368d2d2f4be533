from __future__ import annotations

from datetime import date

import pytest

FACT = ("type", "sender", "receiver", "start", "end", "ref")


def test_types_are_joined_and_the_last_coded_year_is_open(read):
    facts = read("rivalries", "td.csv")
    assert facts.spells.select(FACT).rows() == [
        ("ideological+positional", "GBR", "RUS", date(1816, 1, 1), date(1957, 1, 1), "1"),
        ("positional", "IRN", "ISR", date(1979, 1, 1), None, "2"),
    ]
    assert facts.rejects.select("row", "value").rows() == [(3, "324")]


def test_the_second_list(read):
    assert read("rivalries", "tss.csv").spells.select(FACT).rows() == [
        ("ideological+positional", "USA", "CHN", date(1996, 1, 1), None, "1"),
        ("positional+spatial", "CHN", "VNM", date(1973, 1, 1), date(1992, 1, 1), "2"),
    ]


@pytest.mark.shared
def test_the_real_files(read, shared):
    for name, height in {"td": 195, "tss": 262}.items():
        facts = read("rivalries", shared / f"data/rivalries/{name}_rivalries.csv.gz")
        assert facts.spells.height == height
        assert facts.rejects["value"].to_list() == ["324", "324"]
