from __future__ import annotations

from datetime import date

import pytest


def test_a_state_in_brackets_is_the_actors_state(read):
    facts = read("icews14", "tlogic_test.txt")
    assert facts.events.select("type", "sender", "receiver", "start", "ref").rows() == [
        ("Make statement", "NGA", "CHN", date(2014, 11, 11), "Citizen_(Nigeria) > China"),
        ("Threaten", None, "PRK", date(2014, 11, 12), "Barack_Obama > North_Korea"),
    ]
    assert facts.rejects.select("row", "value").rows() == [(3, "2014-13-12")]


def test_ids_are_named_by_the_lists_beside(read, tmp_path):
    names = ["China\t0", "Citizen_(Nigeria)\t1", *(f"Entity_{i}\t{i}" for i in range(2, 7128))]
    (tmp_path / "entity2id.txt").write_text("\n".join(names) + "\n")
    (tmp_path / "relation2id.txt").write_text("Make_statement\t0\nConsult\t1\n")
    path = tmp_path / "train.txt"
    path.write_text("1\t1\t0\t0\t-1\n0\t0\t1\t8736\t-1\n0\t0\t9999\t24\t-1\n0\t0\t1\t25\t-1\n")
    facts = read("icews14", path)
    assert facts.events.select("type", "sender", "receiver", "start").rows() == [
        ("Consult", "NGA", "CHN", date(2014, 1, 1)),
        ("Make statement", "CHN", "NGA", date(2014, 12, 31)),
    ]
    assert facts.rejects.select("row", "rule", "value").rows() == [
        (3, "id has a name", "9999"),
        (4, "hour is the start of a day", "25"),
    ]


@pytest.mark.shared
def test_the_real_files(read, shared):
    folder = shared / "data/tkg_icews14"
    sizes = {"test.txt": 7371, "train.txt.gz": 74_845, "valid.txt": 8514, "xerte_test.txt": 13_222}
    for name, height in (sizes | {"tlogic_test.txt.gz": 13_222}).items():
        facts = read("icews14", folder / name)
        assert (facts.events.height, facts.rejects.height) == (height, 0)
