from __future__ import annotations

from datetime import date

import pytest

FACT = ("kind", "actor", "start", "value")


def test_three_vintages(read):
    first = read("ideal-points", "v2012.csv")
    assert first.attributes.select(FACT).rows() == [
        ("ideal_point", "COG", date(1960, 1, 1), 0.5),
        ("ideal_point", "USA", date(1946, 1, 1), 1.714),
    ]
    assert first.rejects.select("row", "value").rows() == [(3, "Atlantis")]
    second = read("ideal-points", "v2015.tab")
    assert second.attributes.select(FACT).rows() == [
        ("ideal_point", "USA", date(1946, 1, 1), 1.737745)
    ]
    third = read("ideal-points", "important.csv")
    assert third.attributes.select(FACT).rows() == [
        ("ideal_point_important", "USA", date(1983, 1, 1), 2.504208),
        ("ideal_point_important", "CIV", date(1983, 1, 1), 0.5),
    ]


@pytest.mark.shared
def test_the_real_files(read, shared):
    sizes = {
        "UN_IdealPoints.csv": (9120, 0),
        "IdealpointsPublished.tab.gz": (9697, 8),
        "IdealpointestimatesImportant_Apr2020.csv.gz": (6443, 0),
    }
    for name, expected in sizes.items():
        facts = read("ideal-points", shared / "data/un_ideal_points_older" / name)
        assert (facts.attributes.height, facts.rejects.height) == expected
