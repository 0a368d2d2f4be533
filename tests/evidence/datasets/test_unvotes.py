from __future__ import annotations

import polars as pl
import pytest


def test_na_is_namibia_and_yugoslavia_is_dated(read):
    facts = read("unvotes", "un_votes.csv")
    assert facts.ballots.select("rollcall", "actor", "vote").rows() == [
        ("3", "USA", "yes"),
        ("3", "NAM", "no"),
        ("3", "YUG", "abstain"),
        ("4", "SRB", "abstain"),
        ("3", "ZZB", "yes"),
    ]
    assert facts.rejects.select("row", "rule", "value").rows() == [
        (6, "vote is yes, abstain or no", "maybe"),
        (7, "state is known", "QQ"),
    ]


def test_issues_come_from_the_file_beside(read):
    facts = read("unvotes", "un_roll_calls.csv")
    rows = facts.rollcalls.select("rollcall", "session", "amend", "para", "me", "nu").rows()
    assert rows == [
        ("3", 1, True, False, True, False),
        ("4", 55, False, None, False, False),
    ]
    assert facts.rejects.select("row", "rule").rows() == [(3, "date is known")]
    assert read("unvotes", "un_roll_call_issues.csv").rejects["value"].to_list() == ["zz"]


def test_without_that_file_no_issue_is_known(read, tiny, tmp_path):
    alone = tmp_path / "un_roll_calls.csv"
    alone.write_bytes((tiny / "unvotes" / "un_roll_calls.csv").read_bytes())
    assert read("unvotes", alone).rollcalls["me"].to_list() == [None, None]


@pytest.mark.shared
def test_the_real_files(read, shared):
    folder = shared / "data/unvotes_r"
    votes = read("unvotes", folder / "un_votes.csv.gz")
    assert (votes.ballots.height, votes.rejects.height) == (870_109, 0)
    assert votes.ballots.filter(pl.col("actor") == "NAM").height > 1000
    calls = read("unvotes", folder / "un_roll_calls.csv.gz")
    assert (calls.rollcalls.height, calls.rejects.height) == (6203, 0)
    assert calls.rollcalls["me"].sum() > 1000
