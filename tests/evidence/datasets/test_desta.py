from __future__ import annotations

from datetime import date

import polars as pl
import pytest


def test_parties_of_treaties_in_force(read):
    facts = read("desta", "treaties.csv")
    assert facts.spells.select("type", "sender", "start", "end", "ref").rows() == [
        ("base_treaty", "BEL", date(1958, 1, 1), None, "1"),
        ("base_treaty", "DEU", date(1958, 1, 1), None, "1"),
        ("accession", "BEL", date(1961, 1, 1), None, "1"),
        ("accession", "DEU", date(1961, 1, 1), None, "1"),
        ("accession", "CIV", date(1961, 1, 1), None, "1"),
        ("base_treaty", "DEU", date(1961, 1, 1), None, "3"),
    ]
    assert facts.rejects.select("row", "value").rows() == [(4, "234")]


@pytest.mark.shared
def test_the_real_file(read, shared):
    facts = read("desta", shared / "data/desta/DESTA.csv.gz")
    assert (facts.spells.height, facts.rejects.height) == (4727, 57)
    rome = facts.spells.filter((pl.col("ref") == "293") & (pl.col("type") == "base_treaty"))
    assert {"FRA", "DEU", "ITA", "BEL", "NLD", "LUX"} <= set(rome["sender"])
