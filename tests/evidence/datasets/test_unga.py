"""The UN General Assembly's roll calls, in the publisher's three formats.

Long: one row per roll call and state, codes of Voeten's (COW with variants).
Wide: one row per roll call, one column per ISO3 code of today.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from blocs.contracts import Facts
from blocs.errors import BadFile
from blocs.evidence import rdata
from blocs.evidence.intake import merge, read_source, recognise
from blocs.schemas import Ballots, Coverage, Rejects, RollCalls
from blocs.ties.common_votes import ballot_matrix, joint_tables

Read = Callable[..., Facts]

HEAD = "rcid,ccode,member,vote,year,session,date,unres,amend,para,descr,me,nu,di,hr,co,ec"


def long(folder: Path, *rows: str) -> Path:
    """Write a long file: rows are ``rcid,ccode,vote,date``."""
    lines = [HEAD]
    for row in rows:
        rcid, ccode, vote, day = row.split(",")
        year = day[:4] if day[:1].isdigit() else ""
        lines.append(
            f'{rcid},{ccode},1,{vote},{year},,{day},R/1,0,1,"TO ADOPT, AS A ""DRAFT""",1,0,0,0,0,NA'
        )
    path = folder / "UNVotes.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def wide(folder: Path, states: str, *rows: str) -> Path:
    """Write a wide file: rows are ``rcid,date`` and then one vote per state."""
    lines = [f"rcid,date,me,nu,di,hr,co,ec,{states}"]
    for row in rows:
        rcid, day, votes = row.split(",", 2)
        lines.append(f"{rcid},{day},TRUE,FALSE,FALSE,FALSE,FALSE,NA,{votes}")
    path = folder / "ungaVoting.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def votes(facts: Facts) -> list[tuple[str, str, str]]:
    return facts.ballots.select("rollcall", "actor", pl.col("vote").cast(pl.String)).rows()


def rules(facts: Facts) -> list[tuple[int, str, str | None]]:
    return facts.rejects.select("row", "rule", "value").rows()


def test_the_four_votes_are_told_apart_and_nonmembers_left_out(tmp_path: Path, read: Read) -> None:
    day = "1991-12-06"
    path = long(
        tmp_path,
        f"7,2,1,{day}",
        f"7,200,2,{day}",
        f"7,365,3,{day}",
        f"7,220,8,{day}",
        f"7,40,9,{day}",
    )
    facts = read("unga", path)
    assert votes(facts) == [
        ("1991-7", "USA", "yes"),
        ("1991-7", "GBR", "abstain"),
        ("1991-7", "RUS", "no"),
        ("1991-7", "FRA", "absent"),
    ]
    assert facts.rejects.is_empty()
    row = facts.rollcalls.row(0, named=True)
    assert (row["date"], row["resolution"], row["row"]) == (date(1991, 12, 6), "R/1", 1)
    assert row["title"] == 'TO ADOPT, AS A "DRAFT"'
    assert (row["amend"], row["para"], row["me"], row["nu"], row["ec"]) == (
        False,
        True,
        True,
        False,
        None,
    )


def test_a_roll_call_number_used_again_is_another_roll_call(tmp_path: Path, read: Read) -> None:
    """Numbers 411, 427, 449 and 495 are of 1954-57 and again of 2023."""
    path = long(tmp_path, "411,2,1,1954-11-26", "411,2,3,2023-10-30", "411,365,1,2023-10-30")
    facts = read("unga", path)
    assert facts.rollcalls["rollcall"].to_list() == ["1954-411", "2023-411"]
    assert votes(facts) == [
        ("1954-411", "USA", "yes"),
        ("2023-411", "USA", "no"),
        ("2023-411", "RUS", "yes"),
    ]
    assert facts.rejects.is_empty()


def test_the_seat_of_china_changes_hands_in_october_1971(tmp_path: Path, read: Read) -> None:
    path = long(
        tmp_path,
        "1,713,1,1971-10-01",
        "1,710,9,1971-10-01",
        "2,710,1,1971-11-01",
        "2,713,9,1971-11-01",
    )
    assert votes(read("unga", path)) == [("1971-1", "TWN", "yes"), ("1971-2", "CHN", "yes")]


@pytest.mark.parametrize(
    ("code", "day", "actor"),
    [
        ("255", "1995-12-01", "DEU"),
        ("260", "1980-12-01", "DEU"),
        ("265", "1980-12-01", "DDR"),
        ("679", "1995-12-01", "YEM"),
        ("678", "1980-12-01", "YEM"),
        ("680", "1980-12-01", "YMD"),
        ("341", "2010-12-01", "MNE"),
        ("345", "1980-12-01", "YUG"),
        ("345", "2010-12-01", "SRB"),
        ("365", "1946-12-01", "RUS"),
        ("315", "1980-12-01", "CSK"),
        ("510", "1980-12-01", "TZA"),
    ],
)
def test_codes_and_their_variants_are_states_of_their_day(
    tmp_path: Path, read: Read, code: str, day: str, actor: str
) -> None:
    facts = read("unga", long(tmp_path, f"1,{code},1,{day}"))
    assert facts.ballots["actor"].to_list() == [actor]


def test_every_bad_row_is_refused_with_its_rule(tmp_path: Path, read: Read) -> None:
    day = "1991-12-06"
    path = long(
        tmp_path,
        f"1,2,1,{day}",
        f"1,200,5,{day}",
        f"1,9999,1,{day}",
        f"one,2,1,{day}",
        "1,220,1,6.12.1991",
        f"1,2,NA,{day}",
        f"NA,2,1,{day}",
        "1,365,1,NA",
        f"1,365,yes,{day}",
    )
    facts = read("unga", path)
    assert votes(facts) == [("1991-1", "USA", "yes")]
    assert rules(facts) == [
        (2, "vote is 1, 2, 3, 8 or 9", "5"),
        (3, "state is known", "9999"),
        (4, "rcid must be: integer", "one"),
        (5, "date must be: date", "6.12.1991"),
        (6, "vote is empty", None),
        (7, "rcid is empty", None),
        (8, "date is empty", None),
        (9, "vote must be: integer", "yes"),
    ]
    assert Rejects.is_valid(facts.rejects)


def test_two_votes_of_one_state_are_both_refused(tmp_path: Path, read: Read) -> None:
    """Which of the two it meant is not known."""
    day = "1991-12-06"
    facts = read("unga", long(tmp_path, f"1,2,1,{day}", f"1,2,3,{day}", f"1,365,1,{day}"))
    assert votes(facts) == [("1991-1", "RUS", "yes")]
    assert [(row, rule) for row, rule, _ in rules(facts)] == [
        (1, "primary_key"),
        (2, "primary_key"),
    ]


def test_sessions_run_from_september(tmp_path: Path, read: Read) -> None:
    path = long(tmp_path, "1,2,1,1946-01-01", "2,2,1,1991-08-31", "3,2,1,1991-09-17")
    assert read("unga", path).rollcalls["session"].to_list() == [1, 45, 46]


def test_coverage_runs_from_the_first_vote_to_the_last(tmp_path: Path, read: Read) -> None:
    facts = read("unga", long(tmp_path, "1,2,1,1991-12-06", "2,2,1,1993-01-01"))
    assert facts.coverage.select("topic", "start", "end").rows() == [
        ("votes", date(1991, 1, 1), date(1994, 1, 1))
    ]
    nobody = read("unga", long(tmp_path, "1,2,9,1991-12-06"))
    assert nobody.coverage.is_empty()
    assert nobody.rollcalls.is_empty()


def test_the_wide_file_says_the_same(tmp_path: Path, read: Read) -> None:
    day = "1991-12-06"
    one = read("unga", long(tmp_path, f"7,2,1,{day}", f"7,365,3,{day}", f"7,220,8,{day}"))
    two = read("unga", wide(tmp_path, "FRA,RUS,USA,TWN", f"7,{day},8,3,1,9"))
    assert sorted(votes(one)) == sorted(votes(two))
    assert two.rollcalls["me"].to_list() == [True]
    assert two.rollcalls["ec"].to_list() == [None]
    assert two.rejects.is_empty()


def test_a_hole_of_the_wide_file_is_unknown_not_absence(tmp_path: Path, read: Read) -> None:
    facts = read("unga", wide(tmp_path, "FRA,RUS,USA,TUR", "7,2021-12-06,,NA,1,9"))
    assert votes(facts) == [("2021-7", "USA", "yes")]
    assert facts.rejects.is_empty()


def test_a_stranger_among_the_columns_is_refused_aloud(tmp_path: Path, read: Read) -> None:
    facts = read("unga", wide(tmp_path, "FRA,RUS,USA,XQZ", "7,2021-12-06,1,1,1,1"))
    assert facts.ballots.height == 3
    assert rules(facts) == [(1, "state is known", "XQZ")]


def test_the_r_file_of_2016_says_the_same(
    tmp_path: Path, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Numbers as R keeps them, dates as Americans write them, one of them missing."""
    table = pl.DataFrame(
        {
            "rcid": [7, 7, 7, 8],
            "session": [44, 44, 44, 59],
            "vote": [1, 3, 9, 1],
            "ccode": [2, 365, 31, 2],
            "date": ["12/6/1989", "12/6/1989", "12/6/1989", None],
            "ec": ["0", '0"', None, "0"],
            "me": [1, 1, 1, None],
            "year": [1989.0, 1989.0, 1989.0, 2004.0],
        }
    )
    monkeypatch.setattr(rdata, "read_rdata", lambda path: table)
    path = tmp_path / "UNVotesPublished.RData"
    path.write_bytes(b"RDX3\nX\n")
    facts = read("unga", path)
    assert votes(facts) == [("1989-7", "USA", "yes"), ("1989-7", "RUS", "no")]
    assert rules(facts) == [(4, "date is empty", None)]
    row = facts.rollcalls.row(0, named=True)
    assert (row["date"], row["session"], row["me"], row["ec"]) == (
        date(1989, 12, 6),
        44,
        True,
        False,
    )


def test_facts_come_in_the_same_order_whatever_the_rows_were(tmp_path: Path, read: Read) -> None:
    rows = ["2,2,1,1991-12-06", "1,365,3,1990-12-06", "1,2,1,1990-12-06", "2,365,3,1991-12-06"]
    one, other = (
        read("unga", long(tmp_path, *order)).rollcalls["rollcall"].to_list()
        for order in (rows, rows[::-1])
    )
    assert one == other == ["1990-1", "1991-2"]


def test_a_damaged_file_is_told(tmp_path: Path, read: Read) -> None:
    path = long(tmp_path, *[f"{i},2,1,1991-12-06" for i in range(1, 50)])
    whole = gzip.compress(path.read_bytes())
    path.write_bytes(whole[: len(whole) - 12])
    with pytest.raises(BadFile, match=r"damaged or cut off .*fetch it again"):
        read("unga", path)


def test_the_tables_obey_their_rules(tmp_path: Path, read: Read) -> None:
    facts = read("unga", long(tmp_path, "1,2,1,1991-12-06", "1,365,3,1991-12-06"))
    assert RollCalls.is_valid(facts.rollcalls)
    assert Ballots.is_valid(facts.ballots)
    assert Coverage.is_valid(facts.coverage)


@pytest.fixture(scope="module")
def published(shared: Path) -> dict[str, Facts]:
    """The long file with its extension, and the wide file."""
    found, _ = recognise([shared / "data" / "un_votes_voeten"])
    by_name = {f.file.name.split(".")[0]: f for f in found}
    parts = [read_source(by_name[name]) for name in ("UNVotes", "UNVotes_ext_2021_2024")]
    return {"long": merge(parts), "wide": read_source(by_name["ungaVoting_003"])}


@pytest.mark.shared
def test_the_published_files_hold_what_their_manifest_says(published: dict[str, Facts]) -> None:
    long_, wide_ = published["long"], published["wide"]
    assert long_.rollcalls.height == wide_.rollcalls.height == 6551
    assert long_.rejects.height == wide_.rejects.height == 0
    assert dict(long_.ballots["vote"].value_counts().iter_rows()) == {
        "yes": 742_442,
        "abstain": 117_999,
        "no": 70_445,
        "absent": 96_577,
    }
    assert wide_.ballots.height == 1_015_674
    calls = long_.rollcalls
    again = calls.filter(pl.col("rollcall").str.contains(r"-(411|427|449|495)$"))
    years = again["date"].dt.year().sort().to_list()
    assert (len(years), years[4:]) == (8, [2023] * 4)
    assert all(1954 <= year <= 1957 for year in years[:4])
    assert (calls["date"].min(), calls["date"].max()) == (date(1946, 1, 1), date(2024, 6, 4))


@pytest.mark.shared
def test_no_vote_is_taken_where_the_publisher_knows_of_none(published: dict[str, Facts]) -> None:
    days = published["long"].rollcalls["date"]
    assert days.is_between(date(2021, 12, 25), date(2022, 11, 2)).sum() == 0
    assert (days.dt.year() == 2024).sum() == 6


@pytest.mark.shared
def test_each_seat_of_china_votes_in_its_time(published: dict[str, Facts]) -> None:
    cast = published["long"].ballots.filter(pl.col("vote") != "absent")
    dated = cast.join(published["long"].rollcalls, on="rollcall")
    seat = dated.group_by("actor").agg(pl.col("date").min(), last=pl.col("date").max())
    span = {a: (first, last) for a, first, last in seat.select("actor", "date", "last").iter_rows()}
    assert span["TWN"][1] < date(1971, 10, 26)
    assert span["CHN"][0] >= date(1971, 10, 25)
    assert span["DDR"][0] >= date(1973, 9, 18)
    assert span["DDR"][1] < date(1990, 10, 3)


@pytest.mark.shared
def test_both_published_formats_give_the_same_joint_tables(published: dict[str, Facts]) -> None:
    """A dozen pairs, all years; states whose votes the wide file merges are not among them."""
    states = ["CHN", "CUB", "DEU", "EGY", "FRA", "GBR", "IND", "IRN", "ISR", "PRK", "RUS", "USA"]
    tables = []
    for facts in published.values():
        mine = facts.ballots.filter(pl.col("actor").is_in(states))
        matrix = ballot_matrix(facts.rollcalls, mine)
        assert matrix.actors == tuple(states)
        tables.append(joint_tables(matrix.votes))
    assert (tables[0] == tables[1]).all()
    i, j = states.index("CHN"), states.index("RUS")
    assert tables[0][i, j].sum() == 4833
    assert tables[0][i, j].trace() == 3517
