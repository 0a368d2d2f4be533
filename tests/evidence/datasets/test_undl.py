from __future__ import annotations

from datetime import date

import polars as pl
import pytest


def test_the_assembly_is_kept_and_columns_of_one_state_meet(read):
    facts = read("undl", "wide.csv")
    assert facts.rollcalls.select("rollcall", "date", "session").rows() == [
        ("1970-A/RES/2642(XXV)", date(1970, 12, 1), 25),
        ("1977-A/RES/32/105[M]", date(1977, 1, 1), 32),
        ("1999-A/RES/54/54", date(1999, 12, 1), 54),
        ("2021-A/76/L.14-15", date(2021, 12, 1), 76),
        ("2021-A/76/L.14-16", date(2021, 12, 1), 76),
    ]
    votes = facts.ballots.sort("rollcall", "actor").select("rollcall", "actor", "vote").rows()
    assert votes == [
        ("1970-A/RES/2642(XXV)", "GBR", "no"),
        ("1970-A/RES/2642(XXV)", "RUS", "abstain"),
        ("1970-A/RES/2642(XXV)", "TWN", "yes"),
        ("1970-A/RES/2642(XXV)", "YUG", "yes"),
        ("1977-A/RES/32/105[M]", "CHN", "yes"),
        ("1977-A/RES/32/105[M]", "RUS", "yes"),
        ("1999-A/RES/54/54", "CHN", "no"),
        ("1999-A/RES/54/54", "COG", "yes"),
        ("1999-A/RES/54/54", "GBR", "yes"),
        ("1999-A/RES/54/54", "RUS", "absent"),
        ("1999-A/RES/54/54", "SRB", "no"),
        ("2021-A/76/L.14-15", "CHN", "yes"),
        ("2021-A/76/L.14-16", "RUS", "no"),
    ]


def test_what_cannot_be_used_is_refused_aloud(read):
    facts = read("undl", "wide.csv")
    assert facts.rejects.select("row", "column", "rule", "value").rows() == [
        (3, "state", "state is known", "ATLANTIS"),
        (3, "state", "two columns disagree", "UNITED KINGDOM"),
        (6, "vote", "vote is Y, A, N or X", "Q"),
        (7, "council", "council is General Assembly or Security Council", "Trusteeship Council"),
        (8, "date", "date must be: date", "soon-01-01"),
    ]


@pytest.mark.shared
def test_the_real_file_agrees_with_its_own_tallies(read, shared):
    path = shared / "data/un_digital_library_votes/UN DATA.csv.gz"
    facts = read("undl", path)
    assert facts.rollcalls.height == 5238
    assert facts.ballots.height == 859_284
    assert facts.rejects.height == 0
    told = pl.read_csv(path, infer_schema=False).with_row_index("row", offset=1)
    named = {"yes": "YES COUNT", "no": "NO COUNT", "abstain": "ABSENT COUNT"}
    for vote, column in named.items():
        counted = facts.ballots.filter(pl.col("vote") == vote).group_by("row").len()
        both = counted.join(told.select(pl.col("row", column).cast(pl.Int64)), on="row")
        assert (both["len"] == both[column]).mean() > 0.999, vote
    years = facts.rollcalls["date"].dt.year()
    assert not years.is_in([1964]).any()
    taipei = facts.ballots.filter(pl.col("actor") == "TWN").join(facts.rollcalls, on="rollcall")
    assert taipei["date"].max() < date(1971, 10, 25)
