"""What a command works on: files named for once, a project, the almanac."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests import world
from tests.killed import entry

from blocs import project
from blocs.errors import BadInput, UnknownName
from blocs.evidence.holdings import hold

VOTES = """rcid,ccode,vote,date,member
1,2,1,1991-10-01,1
1,365,3,1991-10-01,1
2,2,7,1992-10-01,1
"""


@pytest.fixture
def votes(tmp_path: Path) -> Path:
    """A file of votes with one bad row."""
    path = tmp_path / "votes.csv"
    path.write_text(VOTES)
    return path


def _stock(folder: Path) -> None:
    facts = world.facts("atop")
    project.add(folder, facts, entry(world.SOURCE, dataset="atop"))


def test_without_anything_the_almanac_stands_alone(tmp_path: Path) -> None:
    held = hold()
    assert (dict(held.by_dataset), held.project, held.notes) == ({}, None, ())
    assert list(held.with_almanac()) == ["almanac"]
    assert not (tmp_path / "home-project").exists()


def test_the_project_is_read_when_there_is_one(tmp_path: Path) -> None:
    _stock(tmp_path / "home-project")
    held = hold()
    assert list(held.by_dataset) == ["atop"]
    assert held.project == tmp_path / "home-project"
    assert held.by_dataset["atop"].spells.height == world.spells().height
    assert sorted(held.with_almanac()) == ["almanac", "atop"]


def test_a_choice_among_no_files_is_bad_input() -> None:
    with pytest.raises(BadInput, match="--use unga:long: it chooses among the files of --data"):
        hold(use=("unga:long",))


def test_files_named_for_once_replace_the_project(tmp_path: Path, votes: Path) -> None:
    _stock(tmp_path / "home-project")
    held = hold(data=[str(votes)])
    assert list(held.by_dataset) == ["unga"]
    assert held.project is None
    assert held.notes == ("1 refusals of rows; `blocs data check PATH` lists them",)
    assert len(project.read_manifest(tmp_path / "home-project").sources) == 1


def test_a_data_set_of_the_project_can_be_named_beside_files(tmp_path: Path, votes: Path) -> None:
    _stock(tmp_path / "home-project")
    held = hold(data=["atop", str(votes)])
    assert sorted(held.by_dataset) == ["atop", "unga"]


def test_a_project_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is no project yet; `blocs data add ID PATH --project"):
        hold(project=tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_word_that_is_neither_file_nor_data_set_is_told(tmp_path: Path) -> None:
    with pytest.raises(
        BadInput, match=r"atop is not in the project .*; `blocs data add atop PATH`"
    ):
        hold(data=["atop"])
    with pytest.raises(UnknownName, match="did you mean unga"):
        hold(data=["ungaa"])
    with pytest.raises(UnknownName, match="Check the path"):
        hold(data=[str(tmp_path / "gone.csv")])


@pytest.mark.parametrize("word", ["unga", "unga:", "unga long"])
def test_a_choice_is_written_with_a_colon(word: str, votes: Path) -> None:
    with pytest.raises(BadInput, match="write ID:VERSION, for example unga:long"):
        hold(data=[str(votes)], use=[word])


def test_a_choice_of_a_version_is_passed_on(votes: Path) -> None:
    with pytest.raises(UnknownName, match="data set in --use 'atop'"):
        hold(data=[str(votes)], use=["atop:5"])
    assert list(hold(data=[str(votes)], use=["unga:long"]).by_dataset) == ["unga"]
