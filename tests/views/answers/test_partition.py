"""Splitting a signed edge list, as a user does, against brute force and a plain MILP."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from blocs.errors import BadInput, RowsLeftOut
from blocs.views.answers.partition import partition
from blocs.views.cli import main

SQUARE = "a,b,sign\nUSA,GBR,1\nRUS,CHN,1\nUSA,RUS,-1\nGBR,CHN,-1\nGBR,RUS,+\n"
KEYS = {"frustration", "bound", "proved", "sides", "forced", "free", "seconds"}


def write(folder: Path, text: str) -> Path:
    """Write an edge list."""
    path = folder / "ties.csv"
    path.write_text(text)
    return path


def told(capsys: pytest.CaptureFixture[str], *words: str):
    """What a command prints as JSON."""
    with pytest.raises(SystemExit) as stop:
        main([*words, "--json"])
    assert stop.value.code == 0
    return json.loads(capsys.readouterr().out)


def solve_plainly(names: list[str], ties: list[tuple[str, str, float]]) -> float:
    """Least frustration by the textbook program, written anew for this test."""
    n, m = len(names), len(ties)
    rows, low = [], []
    for e, (a, b, w) in enumerate(ties):
        i, j = names.index(a), names.index(b)
        for sign in (1.0, -1.0):
            row = np.zeros(n + m)
            row[n + e] = 1.0
            row[i], row[j] = (-sign, sign) if w > 0 else (-sign, -sign)
            rows.append(row)
            low.append(0.0 if w > 0 else -1.0 if sign > 0 else 1.0)
    solved = milp(
        np.concatenate([np.zeros(n), [abs(w) for _, _, w in ties]]),
        integrality=np.concatenate([np.ones(n), np.zeros(m)]),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(np.array(rows), lb=low),
    )
    return float(solved.fun)


def test_one_tie_contradicts_two_sides(tmp_path: Path) -> None:
    (found,) = partition(write(tmp_path, SQUARE))
    assert (found.frustration, found.bound, found.proved) == (1.0, 1.0, True)
    assert found.sides["USA"] == found.sides["GBR"] != found.sides["CHN"]


@pytest.mark.parametrize("k", ["2", "free"])
def test_json_holds_exactly_what_was_promised(tmp_path: Path, capsys, k: str) -> None:
    found = told(capsys, "partition", str(write(tmp_path, SQUARE)), "--k", k)
    assert set(found) == KEYS


def test_a_method_that_settles_no_membership_does_not_count_them(tmp_path: Path, capsys) -> None:
    path = tmp_path / "ties.csv"
    path.write_text("a,b,sign\nA,B,1\nB,C,-1\nA,C,1\nC,D,1\n", "utf-8")
    with pytest.raises(SystemExit):
        main(["partition", str(path), "--k", "3"])
    assert "which memberships are forced is not settled (" in capsys.readouterr().out


def test_windows_come_as_a_list_each_with_its_name(tmp_path: Path, capsys) -> None:
    text = "window,a,b,weight\n46-49,USA,GBR,1\n46-49,GBR,RUS,-1\n47-50,USA,GBR,-2.5\n"
    found = told(capsys, "partition", str(write(tmp_path, text)))
    assert [set(f) for f in found] == [KEYS | {"window"}] * 2
    assert [(f["window"], len(f["sides"]), f["frustration"]) for f in found] == [
        ("46-49", 3, 0.0), ("47-50", 2, 0.0)
    ]  # fmt: skip


@given(seed=st.integers(0, 10_000))
@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_equals_an_independent_program(tmp_path: Path, seed: int) -> None:
    """Disconnected networks, isolates, weights of any size."""
    rng = np.random.default_rng(seed)
    names = [f"state {i}, {'north' if i % 2 else 'south'}" for i in range(14)]
    scale = float(rng.choice([1e-9, 1e-3, 1.0, 1e4, 1e12]))
    pairs = [p for p in itertools.combinations(names, 2) if rng.random() < 0.25]
    ties = [(a, b, scale * int(rng.integers(1, 4)) * int(rng.choice([-1, 1]))) for a, b in pairs]
    body = "\n".join(f'"{b}","{a}",{w!r}' for a, b, w in ties)
    path = write(tmp_path, f'a,b,weight\n{body}\n"{names[0]}","nowhere",0')
    (found,) = partition(path)
    assert found.proved
    assert found.bound is not None
    least = scale * solve_plainly(names, [(a, b, round(w / scale)) for a, b, w in ties])
    assert found.frustration == pytest.approx(least, rel=1e-6, abs=1e-9 * scale)
    assert found.bound == pytest.approx(least, rel=1e-6, abs=1e-9 * scale)
    apart = sum(abs(w) * ((found.sides[a] == found.sides[b]) == (w < 0)) for a, b, w in ties)
    assert apart == pytest.approx(least, rel=1e-6, abs=1e-9 * scale)
    assert "nowhere" in found.free
    assert not set(found.forced) & set(found.free)


@given(seed=st.integers(0, 10_000))
@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_forced_and_free_are_what_all_optima_say(tmp_path: Path, seed: int) -> None:
    """In one component: forced are the largest set whose relations never change."""
    rng = np.random.default_rng(seed)
    names = list("ABCDEFG")
    path = [(names[i], names[i + 1]) for i in range(6)]
    extra = [p for p in itertools.combinations(names, 2) if p not in path and rng.random() < 0.4]
    ties = [(a, b, float(rng.choice([-1, 1]))) for a, b in path + extra]
    rows = "\n".join(f"{a},{b},{w}" for a, b, w in ties)
    (found,) = partition(write(tmp_path, "a,b,sign\n" + rows))
    every = [dict(zip(names, (0, *x), strict=True)) for x in itertools.product((0, 1), repeat=6)]
    cost = [sum(abs(w) * ((x[a] == x[b]) == (w < 0)) for a, b, w in ties) for x in every]
    optima = [x for x, c in zip(every, cost, strict=True) if c == min(cost)]
    alike: dict[tuple[int, ...], list[str]] = {}
    for name in names:
        row = tuple(x[name] for x in optima)
        alike.setdefault(row, []).append(name)
        alike.setdefault(tuple(1 - v for v in row), []).append(name)
    largest = max(len(v) for v in alike.values())
    forced = set(found.forced)
    assert found.proved
    assert len(forced) == (largest if largest > 1 else 0)
    assert not forced or any(forced <= set(v) for v in alike.values())
    assert forced | set(found.free) == set(names)


def test_disconnected_networks_are_split_each_for_itself(tmp_path: Path) -> None:
    text = "a,b,sign\nA,B,-1\nB,C,-1\nA,C,-1\nX,Y,1\nY,Z,-1\nX,Z,-1\n"
    (found,) = partition(write(tmp_path, text))
    assert (found.frustration, found.proved) == (1.0, True)
    assert {"X", "Y", "Z"} <= set(found.forced)


def test_both_orders_with_opposite_signs_are_no_tie(tmp_path: Path) -> None:
    with pytest.warns(RowsLeftOut, match="added"):
        (found,) = partition(write(tmp_path, "a,b,sign\nA,B,1\nB,A,-1\n"))
    assert (found.frustration, set(found.free)) == (0.0, {"A", "B"})


@pytest.mark.filterwarnings("default::blocs.errors.RowsLeftOut")
def test_what_is_left_out_is_said_on_the_error_stream(tmp_path: Path, capsys) -> None:
    with pytest.raises(SystemExit):
        main(["partition", str(write(tmp_path, "a,b,sign\nA,B,1\nA,A,1\n")), "--json"])
    out = capsys.readouterr()
    assert set(json.loads(out.out)) == KEYS
    assert "an actor tied to itself" in out.err


YEARS = "year,a,b,sign\n" + "".join(
    f"{y},GER,FRA,-1\n{y},ITA,GER,{1 if y < 1915 else -1}\n{y},ITA,FRA,{-1 if y < 1915 else 1}\n"
    for y in range(1912, 1919)
)


def test_years_of_a_file_are_split_at_once(tmp_path: Path, capsys) -> None:
    path = str(write(tmp_path, YEARS))
    found = told(capsys, "partition", path, "--switching", "1", "--sensitivity")
    (turn,) = found["realignments"]
    assert (turn["actor"], turn["last_year"], turn["first_year"]) == ("ITA", 1914, 1915)
    assert turn["certain"]
    assert turn["stays_at"] == [0.5, 2.0]
    assert (found["frustration"], found["cost"], found["bound"]) == (0.0, 1.0, 1.0)
    assert found["sides"]["1914"]["ITA"] == found["sides"]["1914"]["GER"]
    assert [p["changes"] for p in found["prices"]] == [1, 1, 1]


def test_a_high_price_leaves_everybody_where_he_is(tmp_path: Path, capsys) -> None:
    found = told(capsys, "partition", str(write(tmp_path, YEARS)), "--switching", "100")
    assert (found["realignments"], found["frustration"]) == ([], 6.0)


def test_years_without_a_hostile_tie_have_no_sides(capsys) -> None:
    """The almanac alone knows treaties, not disputes."""
    with pytest.raises(SystemExit) as stop:
        main(["partition", "--years", "1900-1905"])
    assert stop.value.code == 1
    assert "disputes dark" in capsys.readouterr().err


@pytest.mark.shared
def test_the_layers_date_the_turns_of_the_first_world_war(shared: Path, capsys) -> None:
    data = [str(shared / "data" / name) for name in ("atop", "cow_mids")]
    found = told(capsys, "partition", "--years", "1910-1918", "--data", data[0], "--data", data[1])
    sides = found["sides"]["1917"]
    assert sides["DEU"] == sides["XAH"] != sides["FRA"] == sides["GBR"] == sides["ITA"]
    assert found["bound"] <= found["cost"] + 1e-9
    assert found["layers"]["disputes"].endswith("from mid")


@pytest.mark.parametrize(
    ("text", "options", "words"),
    [
        (SQUARE, {"k": "one"}, "--k one"),
        (SQUARE, {"method": "louvain"}, "leiden|Known"),
        (SQUARE, {"k": "free", "method": "frustration"}, "2 sides"),
    ],
)
def test_bad_options(tmp_path: Path, text: str, options: dict[str, str], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        partition(write(tmp_path, text), **options)


@pytest.mark.parametrize(
    ("words", "told_words"),
    [
        ((), "name an edge list"),
        (("--years", "1914-1900"), "FIRST-LAST"),
        (("--years", "1914", "--k", "free"), "two sides"),
        (("ties", "--layer", "trade"), "go with --years"),
        (("ties", "--sensitivity"), "goes with --years"),
        (("ties", "--switching", "0"), "above 0|column year"),
    ],
)
def test_bad_words(tmp_path: Path, capsys, words: tuple[str, ...], told_words: str) -> None:
    import re

    path = str(write(tmp_path, SQUARE))
    with pytest.raises(SystemExit) as stop:
        main(["partition", *(path if w == "ties" else w for w in words)])
    assert stop.value.code == 2
    assert re.search(told_words, capsys.readouterr().err)
