"""Splitting a signed edge list, as a user does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from blocs.errors import BadInput
from blocs.views.answers.partition import partition
from blocs.views.cli import main

SQUARE = "a,b,sign\nUSA,GBR,1\nRUS,CHN,1\nUSA,RUS,-1\nGBR,CHN,-1\nGBR,RUS,+\n"


def write(folder: Path, text: str) -> Path:
    """Write an edge list."""
    path = folder / "ties.csv"
    path.write_text(text)
    return path


def test_one_tie_contradicts_two_sides(tmp_path: Path) -> None:
    (found,) = partition(write(tmp_path, SQUARE))
    assert (found.frustration, found.bound, found.proved, found.m) == (1.0, 1.0, True, 5)
    assert found.sides["USA"] == found.sides["GBR"] != found.sides["CHN"]


def test_json_as_the_issue_asks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["partition", str(write(tmp_path, SQUARE)), "--k", "free", "--json"])
    assert stop.value.code == 0
    told = json.loads(capsys.readouterr().out)
    assert {"frustration", "bound", "proved", "sides", "forced", "free", "seconds"} <= set(told)


def test_a_window_column_makes_networks_of_their_own(tmp_path: Path) -> None:
    rows = "window,a,b,weight\n46-49,USA,GBR,1\n46-49,GBR,RUS,-1\n47-50,USA,GBR,-2.5\n"
    found = partition(write(tmp_path, rows))
    assert [(f.window, f.n, f.frustration) for f in found] == [("46-49", 3, 0.0), ("47-50", 2, 0.0)]


@pytest.mark.parametrize(
    ("text", "options", "words"),
    [
        ("a,b\nUSA,GBR\n", {}, "sign or weight"),
        ("a,b,sign\nUSA,GBR,friend\n", {}, "row 1.*friend"),
        ("a,b,sign\nUSA,USA,1\n", {}, "itself|self"),
        ("a,b,sign\n", {}, "no ties|no data"),
        (SQUARE, {"k": "one"}, "--k one"),
        (SQUARE, {"method": "louvain"}, "leiden|Known"),
        (SQUARE, {"k": "free", "method": "frustration"}, "2 sides"),
    ],
)
def test_bad_input(tmp_path: Path, text: str, options: dict[str, str], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        partition(write(tmp_path, text), **options)
