"""The one table: every benchmark under one contract, ratios right, changes told."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from benchmarks.__main__ import Failed, measured, names
from benchmarks.contract import SIZES, Figure, Missing, needed
from benchmarks.table import PAGE, Results, Row, changes, page, read_stored, together

ROOT = Path(__file__).resolve().parents[2]


def results(**values: float) -> Results:
    rows = tuple(
        Row(
            benchmark="speed.x",
            size="toy",
            figure=Figure(name=name, value=value, unit="CPU s", peer=2.0, peer_is="a rival"),
        )
        for name, value in values.items()
    )
    return Results(machine="2 cores", date="2026-01-01", version="0.1.0", rows=rows)


@pytest.mark.parametrize("name", names())
def test_a_benchmark_is_one_file_with_one_function(name: str) -> None:
    kind, _, what = name.partition(".")
    tree = ast.parse((ROOT / "benchmarks" / kind / f"bench_{what}.py").read_text("utf-8"))
    functions = {f.name: f for f in tree.body if isinstance(f, ast.FunctionDef)}
    assert "measure" in functions, "def measure(size: Size, shared: Path) -> Iterator[Figure]"
    assert [a.arg for a in functions["measure"].args.args] == ["size", "shared"]
    assert "alone(measure)" in ast.unparse(tree.body[-1]), "it runs alone, too"


@pytest.mark.parametrize(
    ("better", "value", "peer", "ratio"),
    [("less", 2.0, 6.0, 3.0), ("more", 2.0, 6.0, 1 / 3), ("less", 2.0, None, None)],
)
def test_the_ratio_says_how_many_times_better(
    better: str, value: float, peer: float | None, ratio: float | None
) -> None:
    figure = Figure(name="x", value=value, unit="s", better=better, peer=peer)  # type: ignore[arg-type]
    assert figure.ratio == ratio


@pytest.mark.parametrize("nothing", [0.0, -1.0])
def test_a_floor_of_nothing_has_no_ratio(nothing: float) -> None:
    assert Figure(name="x", value=2.0, unit="s", peer=nothing).ratio is None
    assert Figure(name="x", value=nothing, unit="s", peer=2.0).ratio is None


def test_a_goal_is_met_from_its_side() -> None:
    assert Figure(name="x", value=2.0, unit="s", goal=2.0).met is True
    assert Figure(name="x", value=2.0, unit="F1", goal=3.0, better="more").met is False
    assert Figure(name="x", value=2.0, unit="s").met is None


def test_what_moved_by_more_than_a_tenth_is_told_the_worst_first() -> None:
    old = results(same=1.0, slower=1.0, slowest=1.0, faster=1.0, gone=1.0)
    new = results(same=1.09, slower=1.2, slowest=2.0, faster=0.5, fresh=1.0)
    told = [line.split(" / ")[-1].split(":")[0] for line in changes(old, new)]
    assert told == ["slowest", "slower", "faster"]
    assert changes(old, new)[0].startswith("WORSE by 50%: speed.x / toy / slowest: 2 times")
    assert changes(None, new) == []


def test_what_was_not_measured_again_stays() -> None:
    usual = Row(benchmark="speed.x", size="usual", figure=Figure(name="u", value=1, unit="s"))
    old = msgspec.structs.replace(results(a=1.0), rows=(*results(a=1.0).rows, usual))
    kept = together(old, results(a=3.0, b=1.0))
    assert [(r.size, r.figure.name, r.figure.value) for r in kept.rows] == [
        ("toy", "a", 3.0),
        ("toy", "b", 1.0),
        ("usual", "u", 1),
    ]


def test_the_page_shows_every_figure() -> None:
    lines = page(results(fast=0.5)).splitlines()
    assert "| fast | toy | 0.5 CPU s |  | 2 a rival | 4 |  |" in lines


def test_the_page_is_that_of_what_is_stored() -> None:
    stored = read_stored()
    assert stored is not None
    assert page(stored) == PAGE.read_text("utf-8"), "python -m benchmarks --store writes both"


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    with pytest.raises(Missing, match="needs corpora of the public data sets"):
        needed(tmp_path / "corpora")


def test_a_benchmark_that_breaks_off_is_a_failure(tmp_path: Path) -> None:
    """It once was a line on the way, and the run ended well with half its figures."""
    with pytest.raises(Failed, match=r"speed\.nothing at size toy ended with 1"):
        list(measured("speed.nothing", "toy", tmp_path))


def test_one_benchmark_from_the_command_line(tmp_path: Path) -> None:
    """The quickest of them, as `make bench` runs it; another name is refused with all names."""
    words = [sys.executable, "-m", "benchmarks"]
    out = tmp_path / "figures.json"
    ran = subprocess.run(
        [*words, "speed.loading", "--size", "toy", "--shared", str(tmp_path), "-o", str(out)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert "left out: needs UNVotes_ext_2021_2024.csv.gz" in ran.stderr
    assert msgspec.json.decode(out.read_bytes(), type=Results).rows == ()
    wrong = subprocess.run(
        [*words, "speed.nothing"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert wrong.returncode == 2
    assert "speed.loading" in wrong.stderr
    assert SIZES == ("toy", "usual", "large")
