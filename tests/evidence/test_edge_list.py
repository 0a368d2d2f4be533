"""Edge lists as analysts keep them: quoted names, repeats, holes, both orders."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

from blocs.errors import BadInput, RowsLeftOut
from blocs.evidence.edge_list import EdgeList, read_edge_list


def read(folder: Path, text: str) -> EdgeList:
    path = folder / "ties.csv"
    path.write_text(text, encoding="utf-8")
    return read_edge_list(path)


def rows(found: EdgeList) -> list[tuple[str, str, float]]:
    return found.ties.select("a", "b", "weight").rows()


def test_names_with_commas_are_quoted_and_stay_whole(tmp_path: Path):
    found = read(tmp_path, 'a,b,sign\n"Korea, North", USA ,-\nUSA,"Congo (Brazzaville)",+\n')
    assert rows(found) == [("Korea, North", "USA", -1.0), ("Congo (Brazzaville)", "USA", 1.0)]


@pytest.mark.parametrize("header", ["sender,receiver,weight", "Source,Target,Sign", "A,B,weight"])
def test_columns_go_by_several_names(tmp_path: Path, header: str):
    assert rows(read(tmp_path, f"{header}\nUSA,GBR,2\n")) == [("GBR", "USA", 2.0)]


def test_semicolons_and_unicode_minus(tmp_path: Path):
    assert rows(read(tmp_path, "a;b;sign\nUSA;RUS;\N{MINUS SIGN}\n")) == [("RUS", "USA", -1.0)]


def test_the_same_tie_told_again_counts_once_and_is_said(tmp_path: Path):
    with pytest.warns(RowsLeftOut, match=r"2 rows \(2, 3\): the same tie told again"):
        found = read(tmp_path, "a,b,sign\nUSA,GBR,1\nGBR,USA,1\nUSA,GBR,1.0\n")
    assert rows(found) == [("GBR", "USA", 1.0)]


def test_rows_of_a_pair_that_differ_are_added(tmp_path: Path):
    with pytest.warns(RowsLeftOut, match="weights of a pair are added"):
        found = read(tmp_path, "a,b,weight\nUSA,GBR,1\nGBR,USA,-3\n")
    assert rows(found) == [("GBR", "USA", -2.0)]


def test_both_orders_with_different_signs_make_no_tie(tmp_path: Path):
    with pytest.warns(RowsLeftOut, match="added"):
        found = read(tmp_path, "a,b,sign\nUSA,GBR,1\nGBR,USA,-1\n")
    assert rows(found) == [("GBR", "USA", 0.0)]


@pytest.mark.parametrize("cell", ["", "NA", "NaN", "nan", " ", "null"])
def test_a_weight_not_known_is_no_tie_and_said_aloud(tmp_path: Path, cell: str):
    with pytest.warns(RowsLeftOut, match="no known weight"):
        found = read(tmp_path, f"a,b,weight\nUSA,GBR,1\nIND,PAK,{cell}\n")
    assert rows(found) == [("GBR", "USA", 1.0)]
    assert found.actors["actor"].to_list() == ["GBR", "IND", "PAK", "USA"]


def test_a_self_loop_is_left_out_and_its_actor_stays(tmp_path: Path):
    with pytest.warns(RowsLeftOut, match="tied to itself"):
        found = read(tmp_path, "a,b,sign\nUSA,GBR,1\nTUV,TUV,-1\n")
    assert rows(found) == [("GBR", "USA", 1.0)]
    assert "TUV" in found.actors["actor"]


def test_a_zero_is_told_in_silence(tmp_path: Path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = read(tmp_path, "a,b,weight\nUSA,GBR,0\n")
    assert rows(found) == [("GBR", "USA", 0.0)]


def test_a_sign_gives_the_weight_its_direction(tmp_path: Path):
    found = read(tmp_path, "a,b,sign,weight\nUSA,RUS,-,2.5\nUSA,GBR,+,4\nFRA,DEU,-1,-3\n")
    assert [w for _, _, w in rows(found)] == [-2.5, 4.0, -3.0]


def test_windows_keep_the_order_of_the_file(tmp_path: Path):
    found = read(tmp_path, "window,a,b,sign\n96-99,A,B,1\n46-49,A,B,-1\n96-99,A,C,-1\n")
    assert found.windows == ["96-99", "46-49"]
    assert found.actors["actor"].to_list() == ["A", "B", "C", "A", "B"]


def test_the_same_tie_in_two_windows_is_two_ties(tmp_path: Path):
    assert len(rows(read(tmp_path, "year,a,b,sign\n1914,A,B,1\n1915,A,B,1\n"))) == 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b\nUSA,GBR\n", "sign or weight"),
        ("x,y,sign\nUSA,GBR,1\n", "columns a, b"),
        ("a,b,sign\nUSA,GBR,friend\n", "row 1.*friend"),
        ("a,b,weight\nUSA,GBR,1\nUSA,FRA,inf\n", "row 2.*inf"),
        ("a,b,sign\n,GBR,1\n", "row 1.*both ends have a name"),
        ("a,b,sign,weight\nUSA,GBR,+,-2\n", "contradict"),
        ("a,b,sign\n", "no ties|no data"),
    ],
)
def test_bad_rows_are_refused_by_row_and_rule(tmp_path: Path, text: str, words: str):
    with pytest.raises(BadInput, match=words):
        read(tmp_path, text)
