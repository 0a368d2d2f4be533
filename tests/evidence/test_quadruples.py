"""Benchmark files of events in each of their forms, and what is wrong with them."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import pytest

from blocs.errors import BadFile
from blocs.evidence.quadruples import is_quadruples, read_quadruples

IDS = "0\t1\t2\t0\t-1\n2\t0\t1\t24\t-1\n"


@pytest.mark.parametrize(
    "text",
    [IDS, IDS.replace("\t", " "), IDS.replace("\t", ","), "0   \t1  \t2 \t0\t0\n2\t0\t1\t24\t0\n"],
)
def test_numbers_apart_by_tabs_spaces_or_commas(tmp_path: Path, text: str) -> None:
    path = tmp_path / "plain.txt"
    path.write_text(text)
    assert is_quadruples(path)
    found = read_quadruples(path)
    assert found.events.rows() == [
        ("plain.txt:1", "0", "1", "2", 0),
        ("plain.txt:2", "2", "0", "1", 24),
    ]
    assert not found.dated
    assert found.actors == ()


def test_four_columns_and_a_header(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("subject,relation,object,time\nRUS,Consult,CHN,2020-03-01\n")
    found = read_quadruples(path)
    assert found.dated
    assert found.events.row(0) == (
        *("mine.csv:2", "RUS", "Consult", "CHN"),
        date(2020, 3, 1).toordinal(),
    )


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("prefix", ["", "xerte_"])
def test_names_beside_a_file_are_those_with_its_prefix(
    tmp_path: Path, prefix: str, turned: bool
) -> None:
    names = ["Côte d'Ivoire", "Iran", "Citizen_(Nigeria)"]
    lines = [f"{i}\t{n}" if turned else f"{n}\t{i}" for i, n in enumerate(names)]
    (tmp_path / f"{prefix}entity2id.txt").write_text("\n".join(lines))
    (tmp_path / f"{prefix}relation2id.txt").write_text("Consult\t0\nThreaten\t1\n")
    (tmp_path / "other_entity2id.txt").write_text("Nobody\t0\n")
    path = tmp_path / f"{prefix}train.txt.gz"
    path.write_bytes(gzip.compress(IDS.encode()))
    found = read_quadruples(path)
    assert found.events.row(0)[1:4] == ("Côte d'Ivoire", "Threaten", "Citizen_(Nigeria)")
    assert found.actors == tuple(names)


def test_bad_rows_are_refused_aloud(tmp_path: Path) -> None:
    (tmp_path / "entity2id.txt").write_text("A\t0\nB\t1\n")
    (tmp_path / "relation2id.txt").write_text("Consult\t0\n")
    path = tmp_path / "train.txt"
    path.write_text("0\t0\t1\t0\n0\t0\t1\tnoon\n0\t0\t7\t24\n0\t9\t1\t24\n0\t0\n1\t0\t0\t24\n")
    found = read_quadruples(path)
    assert found.events.height == 2
    told = {(r["row"], r["column"], r["value"]) for r in found.rejects.iter_rows(named=True)}
    assert told == {
        (2, "time", "noon"),
        (3, "receiver", "7"),
        (4, "relation", "9"),
        (5, "line", "0\t0"),
    }


def test_nothing_readable_is_told_with_the_first_row(tmp_path: Path) -> None:
    path = tmp_path / "bad.txt"
    path.write_text("a\tb\tc\t1\nx\ty\n")
    (tmp_path / "entity2id.txt").write_text("A\t0\n")
    with pytest.raises(BadFile, match="no event can be read"):
        (tmp_path / "none.txt").write_text("\n") and read_quadruples(tmp_path / "none.txt")
    (tmp_path / "entity2id.txt").write_text("A\tB\n")
    with pytest.raises(BadFile, match="a number and a name a line"):
        read_quadruples(path)


@pytest.mark.shared
def test_the_published_files_have_their_published_sizes(shared: Path) -> None:
    folder = shared / "data" / "tkg_icews14"
    sizes = {"valid.txt": 8514, "test.txt": 7371, "xerte_valid.txt": 13823, "xerte_test.txt": 13222}
    for name, n in sizes.items():
        found = read_quadruples(folder / name)
        assert found.events.height == n
        assert len(found.actors) == 7128
        assert not found.rejects.height
    words = read_quadruples(folder / "tlogic_test.txt.gz")
    assert (words.events.height, words.dated) == (13222, True)
