from __future__ import annotations

import pytest


def test_a_zero_is_kept(read):
    facts = read("cow-igo", "dyads.csv")
    assert facts.spells.select("kind", "sender", "receiver", "value").rows() == [
        ("igo_shared", "USA", "CAN", 7.0),
        ("igo_shared", "USA", "GBR", 0.0),
    ]
    assert facts.rejects.select("row", "value").rows() == [(3, "x")]
    states = read("cow-igo", "states.csv").attributes
    assert dict(states.select("kind", "value").rows())["sum_igo_anytype"] == 11.0


@pytest.mark.shared
def test_the_real_files(read, shared):
    folder = shared / "data/cow_igo"
    pairs = read("cow-igo", folder / "cow_igo_ndy.csv.gz")
    assert (pairs.spells.height, pairs.rejects.height) == (917_695, 0)
    states = read("cow-igo", folder / "cow_igo_sy.csv.gz")
    assert (states.attributes.height, states.rejects.height) == (4 * 15_557, 0)
