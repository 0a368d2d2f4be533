"""Files are told by their header; one version of each part is read; nothing is said twice."""

from __future__ import annotations

import dataclasses
import gzip
from pathlib import Path

import polars as pl
import pytest

from blocs.errors import BadFile, BadInput, UnknownName
from blocs.evidence.intake import by_dataset, choose, merge, read_source, recognise, take_in
from blocs.files import sha256
from blocs.registry import DATASETS
from blocs.schemas import Rejects, Sources

LONG = """rcid,ccode,vote,date,member
1,2,1,1991-10-01,1
1,365,3,1991-10-01,1
2,2,7,1992-10-01,1
"""
LATER = """rcid,ccode,vote,date,member
1,2,1,1991-10-01,1
9,2,3,1993-10-01,1
9,365,3,1993-10-01,1
"""
WIDE = "rcid,date,me,nu,di,hr,co,ec,USA,RUS,FRA\n9,2020-01-02,0,0,0,0,0,0,1,3,2\n"
TREATIES = Path(__file__).parents[1] / "data" / "datasets" / "atop"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of votes among other things."""
    place = tmp_path / "data"
    (place / "deep").mkdir(parents=True)
    (place / "deep" / "table.txt").write_text(LONG)
    (place / "README.md").write_text("a,b\n1,2\n")
    (place / ".hidden.csv").write_text(LONG)
    return place


def test_a_file_is_told_by_its_header_not_its_name(folder: Path) -> None:
    (folder / "atop4_01m.csv").write_bytes(gzip.compress(LATER.encode()))
    found, unknown = recognise([folder])
    assert [(f.dataset, f.release.version, f.file.name) for f in found] == [
        ("unga", "long", "atop4_01m.csv"),
        ("unga", "long", "table.txt"),
    ]
    assert unknown == []


def test_what_is_not_recognised_is_told(folder: Path) -> None:
    (folder / "mine.csv").write_text("a,b\n1,2\n")
    found, unknown = recognise([folder])
    assert [p.name for p in unknown] == ["mine.csv"]
    assert len(found) == 1
    assert take_in([folder]).notes == ("1 files not recognised, first mine.csv",)


def test_a_path_that_is_not_there_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such file or folder; check the path"):
        recognise([tmp_path / "gone"])
    with pytest.raises(BadInput, match="no data file there"):
        recognise([tmp_path])
    (tmp_path / "mine.csv").write_text("a,b\n1,2\n")
    with pytest.raises(BadInput, match="no file in a known format; `blocs data list`"):
        take_in([tmp_path])
    with pytest.raises(BadInput, match="no file in a known format of atop"):
        take_in([tmp_path], only=("atop",))


def test_a_file_with_a_wrong_column_is_told_what_it_nearly_is(tmp_path: Path) -> None:
    path = tmp_path / "votes.csv"
    path.write_text("rcid,ccode,member,voted,date\n1,2,1,1,1991-12-06\n")
    with pytest.raises(BadInput, match=r"most like unga \(long\), whose header also holds vote$"):
        take_in([path])


def test_the_newest_version_is_read_and_the_choice_told(folder: Path) -> None:
    (folder / "wide.csv").write_text(WIDE)
    found, _ = recognise([folder])
    kept, notes = choose(found)
    assert [f.release.version for f in kept] == ["long"]
    assert notes == [
        "unga: using version long, not 2024-wide (--use unga:2024-wide chooses another)"
    ]
    kept, notes = choose(found, use={"unga": "2024-wide"})
    assert [f.file.name for f in kept] == ["wide.csv"]
    assert "not long" in notes[0]


def test_a_choice_that_is_not_there_is_told(folder: Path) -> None:
    (folder / "wide.csv").write_text(WIDE)
    found, _ = recognise([folder])
    with pytest.raises(BadFile, match="no version '1999' here; there is 2024-wide, long"):
        choose(found, use={"unga": "1999"})
    with pytest.raises(BadFile, match="no version '1999' here; there is long"):
        choose([f for f in found if f.release.version == "long"], use={"unga": "1999"})
    with pytest.raises(UnknownName, match="data set in --use 'atop'"):
        choose(found, use={"atop": "5"})


def test_a_choice_for_one_part_leaves_the_others_at_their_newest() -> None:
    found, _ = recognise([TREATIES])
    newest, _ = choose(found)
    version = newest[0].release.version
    assert [f.file.name for f in choose(found, use={"atop": version})[0]] == [
        f.file.name for f in newest
    ]


def test_vintages_never_stack_but_parts_do(folder: Path) -> None:
    (folder / "wide.csv").write_text(WIDE)
    both = take_in([folder]).facts
    assert both.rollcalls["rollcall"].to_list() == ["unga-1991-1"]
    kinds = {f.release.part for f in choose(recognise([TREATIES])[0])[0]}
    assert len(kinds) > 1


def test_two_files_of_one_version_complete_each_other(folder: Path) -> None:
    (folder / "later.csv").write_text(LATER)
    intake = take_in([folder])
    assert sorted(intake.facts.rollcalls["rollcall"]) == ["unga-1991-1", "unga-1993-9"]
    assert intake.facts.ballots.height == 4
    told = intake.facts.rejects.group_by("rule").len().sort("rule").rows()
    assert told == [
        ("ballots: told before", 1),
        ("rollcalls: told before", 1),
        ("vote is 1, 2, 3, 8 or 9", 1),
    ]


def test_a_source_says_how_much_was_read_and_refused(folder: Path) -> None:
    (found,), _ = recognise([folder])
    facts = read_source(found)
    digest = sha256(found.file.path)
    assert Sources.is_valid(facts.sources)
    row = facts.sources.row(0, named=True)
    assert (row["source_id"], row["dataset"], row["version"]) == (digest[:16], "unga", "long")
    assert (row["rows"], row["rejected"]) == (2, 1)
    assert set(facts.rollcalls["source_id"]) == {digest[:16]}
    assert Rejects.is_valid(facts.rejects)


def test_one_file_alone_is_not_told_before(folder: Path) -> None:
    (found,), _ = recognise([folder])
    facts = read_source(found)
    assert merge([facts]).rejects.equals(facts.rejects)
    again = merge([facts, facts])
    assert again.ballots.equals(facts.ballots)
    assert again.rollcalls.equals(facts.rollcalls)
    assert again.sources.height == 1


def test_facts_are_split_by_data_set_and_nothing_is_lost(folder: Path) -> None:
    merged = merge([take_in([folder]).facts, take_in([TREATIES]).facts])
    split = by_dataset(merged)
    assert list(split) == ["atop", "unga"]
    for table in ("sources", "spells", "ballots", "rollcalls", "coverage"):
        parts = [getattr(facts, table) for facts in split.values()]
        assert sum(part.height for part in parts) == getattr(merged, table).height
    assert split["atop"].ballots.is_empty()
    assert split["unga"].spells.is_empty()
    assert by_dataset(merge([])) == {}


def test_data_sets_that_number_alike_keep_their_ballots_apart(folder: Path) -> None:
    """The same readers under two names: the same numbers, and no ballot is lost or shared."""
    (found,), _ = recognise([folder])
    other = dataclasses.replace(found, dataset="undl")
    facts = read_source(other)
    # the same bytes have the same checksum; another file would have another
    facts = dataclasses.replace(
        facts,
        sources=facts.sources.with_columns(source_id=pl.lit("other")),
        rollcalls=facts.rollcalls.with_columns(source_id=pl.lit("other")),
    )
    split = by_dataset(merge([read_source(found), facts]))
    assert split["unga"].ballots["rollcall"].unique().to_list() == ["unga-1991-1"]
    assert split["undl"].ballots["rollcall"].unique().to_list() == ["undl-1991-1"]
    assert split["unga"].ballots.height == split["undl"].ballots.height == 2


def test_only_what_can_matter_is_read(folder: Path) -> None:
    intake = take_in([folder, TREATIES], only=("unga", "sipri"), use={"unga": "long"})
    assert intake.facts.sources["dataset"].to_list() == ["unga"]
    with pytest.raises(BadInput, match="no version 'wide' here"):
        take_in([folder, TREATIES], only=("atop",), use={"unga": "wide"})


def test_no_two_releases_claim_the_same_header() -> None:
    """Of the releases that fit a header, one knows most of its columns."""
    releases = [
        (name, release)
        for name, dataset in DATASETS.all().items()
        for release in dataset.releases
        if release.shape is None
    ]
    seen: dict[frozenset[str], str] = {}
    for name, release in releases:
        assert release.columns, f"{name} {release.version}: any file would fit"
        assert seen.setdefault(release.columns, name) == name
    assert pl.Series(list(seen.values())).n_unique() > 10


@pytest.mark.shared
def test_every_shared_file_is_told_and_told_right(shared: Path) -> None:
    expected = {
        "un_votes_voeten": {"unga"},
        "atop": {"atop"},
        "cow_alliances": {"cow-alliances"},
        "sipri_arms_transfers": {"sipri"},
        "gsdb": {"gsdb"},
        "cow_trade": {"cow-trade"},
        "cow_nmc": {"cow-nmc"},
        "cow_states": {"cow-states"},
        "un_digital_library_votes": {"undl"},
        "unvotes_r": {"unvotes"},
        "gml_mids": {"gml"},
        "cow_mids": {"mid"},
    }
    for folder, datasets in expected.items():
        found, _ = recognise([shared / "data" / folder])
        assert {f.dataset for f in found} == datasets, folder


def test_the_newest_version_is_that_of_the_part() -> None:
    """GML calls its disputes 2.0, and the oldest of three versions of its dyads too."""
    files = Path(__file__).parents[1] / "data" / "datasets" / "gml"
    kept, _ = choose(recognise([files])[0])
    assert {f.release.part: f.release.version for f in kept} == {
        "dyads": "2.2.1",
        "disputes": "2.0",
        "participants": "2.0",
    }
