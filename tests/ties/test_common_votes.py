"""Joint tables and residual products: by hand, by brute force, by invariants."""

from __future__ import annotations

import itertools
from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray
from tests import world

from blocs.dates import Period
from blocs.schemas import VOTES, Ballots, DyadVotes, IssueVotes, RollCalls, dtypes
from blocs.ties.common_votes import (
    ABSENT,
    NO,
    UNKNOWN,
    YES,
    ballot_matrix,
    dyad_votes,
    issue_votes,
    joint_tables,
    residual_sums,
    residuals,
)
from blocs.ties.layers.votes import likeness, sum_of_products

CLASSES = ["shield", "counter", "with_reference", "neutral", "dissent"]
X = {"yes": 1.0, "abstain": 0.0, "no": -1.0}
NAMES = ("AAA", "BBB", "CCC", "DDD", "EEE", "USA")
MATRICES = arrays.arrays(
    np.int8,
    st.tuples(st.integers(2, 6), st.integers(1, 7)),
    elements=st.integers(UNKNOWN, ABSENT),
)


def tables(votes: NDArray[np.int8], names: tuple[str, ...]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Roll calls of one year and the ballots of a matrix; the last name is the reference's."""
    calls = [
        {"rollcall": f"c{v}", "source_id": "s", "row": v + 1, "date": date(1990, 1, 1 + v)}
        for v in range(votes.shape[1])
    ]
    cells = [
        (f"c{v}", names[i], VOTES[votes[i, v]], 1)
        for i, v in itertools.product(*map(range, votes.shape))
        if votes[i, v] != UNKNOWN
    ]
    return (
        pl.DataFrame(calls, schema=dtypes(RollCalls)),
        pl.DataFrame(cells, schema=dtypes(Ballots), orient="row"),
    )


def class_of(r: float, s: float, home: float | None) -> str:
    """The class of a product of residuals, by the reference's vote."""
    if r * s < 0:
        return "dissent"
    if home == 1:
        return "shield" if r < 0 else "with_reference"
    if home == -1:
        return "counter" if r > 0 else "with_reference"
    return "neutral"


def by_hand(
    votes: NDArray[np.int8], names: tuple[str, ...], reference: str
) -> dict[tuple[str, str], dict[str, float]]:
    """The definition of `DyadVotes`, written out in loops."""
    out: dict[tuple[str, str], dict[str, float]] = {}
    for i, j in itertools.combinations(range(len(names)), 2):
        row = dict.fromkeys(["n", "same", "distance", *CLASSES, "ss_a", "ss_b"], 0.0)
        for v in range(votes.shape[1]):
            cast = {
                name: 1.0 - votes[k, v]
                for k, name in enumerate(names)
                if votes[k, v] not in (UNKNOWN, ABSENT)
            }
            others = [x for name, x in cast.items() if name != reference]
            if names[i] not in cast or names[j] not in cast:
                continue
            a, b = cast[names[i]], cast[names[j]]
            row["n"] += 1
            row["same"] += a == b
            row["distance"] += abs(a - b)
            mean = sum(others) / len(others)
            r, s = a - mean, b - mean
            row["ss_a"] += r * r
            row["ss_b"] += s * s
            row[class_of(r, s, cast.get(reference))] += r * s
        if row["n"]:
            out[names[i], names[j]] = row
    return out


def as_rows(table: pl.DataFrame) -> dict[tuple[str, str], dict[str, float]]:
    return {(r["a"], r["b"]): r for r in table.iter_rows(named=True)}


@pytest.fixture(scope="module")
def made() -> pl.DataFrame:
    """Dyads of the hand-worked world."""
    return dyad_votes(world.rollcalls(), world.ballots())


def pair(table: pl.DataFrame, a: str, b: str, year: int) -> dict[str, float | None]:
    found = table.filter((pl.col("a") == a) & (pl.col("b") == b) & (pl.col("year") == year))
    return found.with_columns(c=likeness(), r=sum_of_products()).row(0, named=True)


def test_two_rivals_of_the_reference_shield_and_counter(made: pl.DataFrame) -> None:
    """China and Russia: no where it says yes, yes where it says no, opposed on the third."""
    found = pair(made, "CHN", "RUS", 2001)
    assert (found["n"], found["same"], found["distance"]) == (3, 2, 2)
    assert [found[c] for c in CLASSES] == [1, 1, 0, 0, -1]
    assert (found["ss_a"], found["ss_b"]) == (3, 3)
    assert found["c"] == pytest.approx(1 / 3)


def test_two_friends_of_the_reference_are_with_it(made: pl.DataFrame) -> None:
    found = pair(made, "GBR", "USA", 2001)
    assert [found[c] for c in CLASSES] == [0, 0, 2, 0, 0]
    assert (found["ss_a"], found["ss_b"], found["distance"]) == (3, 2, 1)
    assert found["c"] == pytest.approx(2 / np.sqrt(6))


def test_where_the_reference_abstains_likeness_is_neutral(made: pl.DataFrame) -> None:
    found = pair(made, "GBR", "RUS", 2001)
    assert [found[c] for c in CLASSES] == [0, 0, 0, 1, -2]
    assert found["c"] == pytest.approx(-1 / 3)


def test_a_state_that_always_votes_the_mean_is_like_nobody(made: pl.DataFrame) -> None:
    found = pair(made, "CHN", "IND", 2001)
    assert (found["r"], found["ss_b"], found["c"]) == (0, 0, None)


def test_realignment_shows_in_its_year(made: pl.DataFrame) -> None:
    before, after = pair(made, "IRN", "RUS", 2005), pair(made, "IRN", "RUS", 2006)
    assert before["c"] == pytest.approx(2 / np.sqrt(6))
    assert after["c"] == pytest.approx(-2 / np.sqrt(6))
    assert after["dissent"] == -2


def test_every_pair_of_every_year_is_there(made: pl.DataFrame) -> None:
    assert made.height == 28 * 10
    assert DyadVotes.is_valid(made)
    assert made.equals(made.sort("year", "a", "b"))


def test_votes_by_issue_count_only_their_roll_calls() -> None:
    table = issue_votes(world.rollcalls(), world.ballots())
    assert IssueVotes.is_valid(table)
    assert set(table["issue"]) == {"di", "ec"}
    assert table.height == 2 * 28 * 10
    row = table.filter((pl.col("a") == "CHN") & (pl.col("b") == "USA") & (pl.col("year") == 2001))
    assert row.select("issue", "n", "same", "distance").rows() == [("di", 1, 0, 2), ("ec", 1, 0, 2)]


def test_the_matrix_is_sorted_and_tells_unknown_from_absent() -> None:
    calls, ballots = tables(np.array([[YES, UNKNOWN], [ABSENT, NO]], np.int8), ("BBB", "AAA"))
    matrix = ballot_matrix(calls.reverse(), ballots.reverse())
    assert matrix.actors == ("AAA", "BBB")
    assert matrix.rollcalls["rollcall"].to_list() == ["c0", "c1"]
    assert matrix.votes.tolist() == [[ABSENT, NO], [YES, UNKNOWN]]
    kept = matrix.where(np.array([False, True]))
    assert kept.votes.tolist() == [[NO], [UNKNOWN]]
    assert kept.rollcalls["rollcall"].to_list() == ["c1"]


def test_a_period_keeps_both_its_years() -> None:
    matrix = ballot_matrix(world.rollcalls(), world.ballots(), period=Period(2003, 2005))
    assert matrix.votes.shape == (8, 9)
    assert set(matrix.rollcalls["date"].dt.year()) == {2003, 2004, 2005}
    assert ballot_matrix(
        world.rollcalls(), world.ballots(), period=Period(1950, 1950)
    ).votes.shape == (0, 0)


def test_no_votes_make_no_dyads() -> None:
    calls, ballots = world.rollcalls(), world.ballots()
    assert dyad_votes(calls.clear(), ballots.clear()).is_empty()
    assert dyad_votes(calls, ballots.filter(pl.col("actor") == "USA")).is_empty()
    assert issue_votes(calls.clear(), ballots.clear()).is_empty()


def test_votes_of_the_group_can_be_left_out_of_the_mean() -> None:
    calls, ballots = world.rollcalls(), world.ballots()
    row = pair(dyad_votes(calls, ballots, outside=["CHN", "RUS", "IRN"]), "CHN", "RUS", 2001)
    # Of GBR, FRA, DEU and IND the means are 3/4, -3/4 and 0.
    assert row["shield"] == pytest.approx(1.75**2)
    assert row["counter"] == pytest.approx(1.75**2)
    assert row["dissent"] == -1


@settings(max_examples=60)
@given(MATRICES, st.sampled_from([3, 4]))
def test_joint_tables_are_what_counting_gives(votes: NDArray[np.int8], levels: int) -> None:
    table = joint_tables(votes, levels=levels)
    n = votes.shape[0]
    for i, j in itertools.product(range(n), repeat=2):
        counted = np.zeros((levels, levels))
        for a, b in zip(votes[i], votes[j], strict=True):
            if 0 <= a < levels and 0 <= b < levels:
                counted[a, b] += 1
        assert (table[i, j] == counted).all()
    assert (table == table.transpose(1, 0, 3, 2)).all()


@settings(max_examples=60)
@given(MATRICES)
def test_dyads_are_what_the_definition_gives(votes: NDArray[np.int8]) -> None:
    names = NAMES[-votes.shape[0] :]
    table = dyad_votes(*tables(votes, names))
    found, true = as_rows(table), by_hand(votes, names, "USA")
    assert set(found) == set(true)
    for key, row in true.items():
        for column, value in row.items():
            assert found[key][column] == pytest.approx(value, abs=1e-9), (key, column)


@settings(max_examples=60)
@given(MATRICES)
def test_five_classes_and_nothing_else(votes: NDArray[np.int8]) -> None:
    """They add up to the sum of r_i r_j exactly, and no class has the wrong sign."""
    others = np.ones(votes.shape[0], bool)
    others[-1] = False
    r = residuals(votes, others)
    sums = residual_sums(r, votes[-1])
    known = np.where(np.isnan(r), 0.0, r)
    total = sum(getattr(sums, name) for name in CLASSES)
    assert np.allclose(total, known @ known.T, atol=1e-12)
    for name in CLASSES[:4]:
        assert (getattr(sums, name) >= 0).all()
    assert (sums.dissent <= 0).all()
    product = total**2
    assert (product <= sums.squares * sums.squares.T + 1e-9).all()


@settings(max_examples=40)
@given(MATRICES, st.integers(0, 999))
def test_names_and_orders_do_not_matter(votes: NDArray[np.int8], seed: int) -> None:
    names = NAMES[-votes.shape[0] :]
    calls, ballots = tables(votes, names)
    plain = dyad_votes(calls, ballots)
    mixed = dyad_votes(
        calls.sample(fraction=1, shuffle=True, seed=seed),
        ballots.sample(fraction=1, shuffle=True, seed=seed),
    )
    assert mixed.equals(plain)
    swap = {"AAA": "BBB", "BBB": "AAA", "EEE": "DDD", "DDD": "EEE"}
    renamed = dyad_votes(calls, ballots.with_columns(pl.col("actor").replace(swap)))
    found, true = as_rows(renamed), as_rows(plain)
    for (a, b), row in true.items():
        one, two = swap.get(a, a), swap.get(b, b)
        turned = one > two
        other = found[(two, one) if turned else (one, two)]
        for column in ["n", "same", "distance", *CLASSES]:
            assert other[column] == pytest.approx(row[column], abs=1e-9)
        assert other["ss_b" if turned else "ss_a"] == pytest.approx(row["ss_a"], abs=1e-9)


@settings(max_examples=40)
@given(MATRICES)
def test_roll_calls_told_twice_count_twice(votes: NDArray[np.int8]) -> None:
    names = NAMES[-votes.shape[0] :]
    once = as_rows(dyad_votes(*tables(votes, names)))
    twice = as_rows(dyad_votes(*tables(np.tile(votes, 2), names)))
    assert set(once) == set(twice)
    for key, row in once.items():
        for column in ["n", "same", "distance", *CLASSES, "ss_a", "ss_b"]:
            assert twice[key][column] == pytest.approx(2 * row[column], abs=1e-9)


@settings(max_examples=40)
@given(MATRICES)
def test_a_world_turned_round_is_as_alike(votes: NDArray[np.int8]) -> None:
    """Every yes a no: shield and counter-programme change places, likeness stays."""
    names = NAMES[-votes.shape[0] :]
    turned = np.where((votes == YES) | (votes == NO), NO - votes, votes).astype(np.int8)
    one = dyad_votes(*tables(votes, names)).with_columns(c=likeness())
    two = dyad_votes(*tables(turned, names)).with_columns(c=likeness())
    assert one.select("a", "b", "n", "same", "distance").equals(
        two.select("a", "b", "n", "same", "distance")
    )
    for column, other in [("shield", "counter"), ("with_reference",) * 2, ("dissent",) * 2]:
        assert np.allclose(one[column], two[other], atol=1e-9)
    assert np.allclose(
        one["c"].fill_null(9.0).to_numpy(), two["c"].fill_null(9.0).to_numpy(), atol=1e-6
    )


@settings(max_examples=40)
@given(MATRICES)
def test_a_state_that_never_takes_part_changes_nothing(votes: NDArray[np.int8]) -> None:
    names = NAMES[-votes.shape[0] :]
    plain = dyad_votes(*tables(votes, names))
    for vote in (UNKNOWN, ABSENT):
        isolate = np.full((1, votes.shape[1]), vote, np.int8)
        more = dyad_votes(*tables(np.vstack([isolate, votes]), ("AA0", *names)))
        assert more.equals(plain)


def test_a_reference_that_votes_alone_has_no_mean_to_differ_from() -> None:
    votes = np.array([[ABSENT], [YES]], np.int8)
    r = residuals(votes, np.array([True, False]))
    assert np.isnan(r).all()
