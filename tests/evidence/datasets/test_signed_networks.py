from __future__ import annotations

from datetime import date

import polars as pl
import pytest


def test_each_window_is_a_spell_and_the_abbreviations_are_the_files_own(read):
    facts = read("signed-networks", "cow.net")
    first = (date(1946, 1, 1), date(1950, 1, 1))
    assert facts.spells.select("type", "sender", "receiver", "start", "end", "value").rows() == [
        ("1946-1949", "USA", "AUS", *first, 1.0),
        ("1946-1949", "USA", "YUG", *first, -1.0),
        ("1992-1995", "USA", "SRB", date(1992, 1, 1), date(1996, 1, 1), -1.0),
    ]
    assert facts.rejects.select("row", "rule", "value").rows() == [
        (11, "state is known", "QQQ"),
        (12, "sign is 1 or -1", "2"),
        (13, "ends_differ", "signed_window 1946-1949 DEU DEU 1946-01-01 1950-01-01 1.0"),
    ]


@pytest.mark.shared
def test_the_real_file(read, shared):
    facts = read("signed-networks", shared / "data/cow_signed_networks/Cow.net.gz")
    assert facts.spells["type"].n_unique() == 51
    assert (facts.spells.height, facts.rejects.height) == (41_291, 4)
    cold_war = facts.spells.filter(
        (pl.col("type") == "1962-1965")
        & (pl.col("sender").is_in(["USA", "RUS"]))
        & (pl.col("receiver").is_in(["USA", "RUS"]))
    )
    assert cold_war["value"].to_list() == [-1.0]
