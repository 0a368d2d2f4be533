"""Every measure of likeness through its contract, and each against another program.

Tolerances: 1e-9 for sums of a few terms, 1e-6 where SciPy works in float32 ranks.
"""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray
from scipy.stats import kendalltau

from blocs.contracts import Similarity
from blocs.registry import SIMILARITIES

NAMES = SIMILARITIES.names()
TABLES = st.integers(2, 4).flatmap(
    lambda levels: arrays.arrays(
        np.float64, (levels, levels), elements=st.integers(0, 20).map(float)
    )
)
Table = NDArray[np.float64]


@pytest.fixture(params=NAMES, scope="module")
def part(request: pytest.FixtureRequest) -> Similarity:
    """Each measure in turn."""
    return SIMILARITIES.get(request.param)


def value(part: Similarity, table: Table) -> float:
    return float(part.score(table))


def items(table: Table) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The items of a joint table, written out one by one."""
    cells = np.argwhere(table > 0)
    times = table[table > 0].astype(int)
    return np.repeat(cells[:, 0], times), np.repeat(cells[:, 1], times)


def test_it_says_what_it_is(part: Similarity) -> None:
    assert part.title
    assert part.low < part.high
    assert part.citation.text


@settings(max_examples=50)
@given(TABLES)
def test_it_stays_in_its_range(part: Similarity, table: Table) -> None:
    found = value(part, table)
    assert np.isnan(found) or part.low - 1e-9 <= found <= part.high + 1e-9


@settings(max_examples=50)
@given(TABLES)
def test_it_does_not_matter_who_is_first(part: Similarity, table: Table) -> None:
    assert value(part, table) == pytest.approx(value(part, table.T), nan_ok=True, abs=1e-9)


@settings(max_examples=50)
@given(TABLES)
def test_positions_read_from_the_other_end_are_as_alike(part: Similarity, table: Table) -> None:
    """Every yes a no."""
    turned = table[::-1, ::-1]
    assert value(part, table) == pytest.approx(value(part, turned), nan_ok=True, abs=1e-9)


@settings(max_examples=50)
@given(TABLES, st.integers(2, 5))
def test_only_the_shares_count(part: Similarity, table: Table, times: int) -> None:
    """The same items told twice say no more about likeness; so all measures here."""
    assert value(part, table * times) == pytest.approx(value(part, table), nan_ok=True, abs=1e-9)


@settings(max_examples=50)
@given(TABLES)
def test_a_state_is_as_like_itself_as_can_be(part: Similarity, table: Table) -> None:
    same = np.diag(np.diag(table))
    found = value(part, same)
    if np.isnan(found):  # no item, or no variation for a measure that corrects for chance
        assert (np.diag(table) > 0).sum() <= 1
    else:
        # What is left after chance depends on how varied a state is: A is 0 for a dull one.
        assert found == pytest.approx(part.high) or part.title.startswith("A,")


def test_without_items_it_is_not_defined(part: Similarity) -> None:
    assert np.isnan(value(part, np.zeros((3, 3))))


@settings(max_examples=50)
@given(arrays.arrays(np.float64, (2, 3, 3, 3), elements=st.integers(0, 9).map(float)))
def test_a_stack_of_tables_is_scored_one_by_one(part: Similarity, stack: Table) -> None:
    whole = part.score(stack)
    assert whole.shape == (2, 3)
    for i, j in itertools.product(range(2), range(3)):
        assert whole[i, j] == pytest.approx(value(part, stack[i, j]), nan_ok=True, abs=1e-12)


@settings(max_examples=50)
@given(TABLES)
def test_it_leaves_its_table_alone(part: Similarity, table: Table) -> None:
    before = table.copy()
    part.score(table)
    assert (table == before).all()


@settings(max_examples=50)
@given(TABLES)
def test_agreement_identity_and_s_are_means_over_items(table: Table) -> None:
    a, b = items(table)
    assume(len(a))
    widest = table.shape[0] - 1
    apart = np.abs(a - b)
    means = {
        "identical": np.mean(a == b),
        "agreement": np.mean(1 - apart / widest),
        "s-score": 1 - 2 * apart.sum() / (widest * len(a)),
    }
    for name, mean in means.items():
        assert value(SIMILARITIES.get(name), table) == pytest.approx(mean, abs=1e-12), name


@settings(max_examples=50)
@given(TABLES)
def test_kappa_and_pi_are_one_less_the_distance_over_the_distance_by_chance(table: Table) -> None:
    """Every item of a against every item of b; of the two together, drawn twice, for pi."""
    a, b = items(table)
    assume(len(a))
    observed = np.mean((a - b) ** 2)
    pool = np.concatenate([a, b])
    chance = {
        "kappa": np.mean(np.subtract.outer(a, b) ** 2),
        "pi": np.mean(np.subtract.outer(pool, pool) ** 2),
    }
    for name, expected in chance.items():
        found = value(SIMILARITIES.get(name), table)
        if expected == 0:
            assert np.isnan(found)
        else:
            assert found == pytest.approx(1 - observed / expected, abs=1e-9), name


def test_kappa_of_two_classes_is_the_one_of_the_textbook() -> None:
    """Cohen (1960): p_o = .7, p_e = .5, kappa = .4; weights of two classes make no difference."""
    table = np.array([[20.0, 5.0], [10.0, 15.0]])
    p_o = (20 + 15) / 50
    p_e = (25 * 30 + 25 * 20) / 50**2
    assert value(SIMILARITIES.get("kappa"), table) == pytest.approx((p_o - p_e) / (1 - p_e))
    m = (30 + 25) / 100
    p_e = m**2 + (1 - m) ** 2
    assert value(SIMILARITIES.get("pi"), table) == pytest.approx((p_o - p_e) / (1 - p_e))


def test_pi_is_never_above_kappa() -> None:
    """Scott's chance is the mean margin's: it grants at least as much agreement by chance."""
    rng = np.random.default_rng(1955)
    for table in rng.integers(0, 9, (200, 3, 3)).astype(float):
        kappa, pi = (value(SIMILARITIES.get(name), table) for name in ("kappa", "pi"))
        assert np.isnan(kappa) or pi <= kappa + 1e-12


@settings(max_examples=50)
@given(TABLES)
def test_tau_b_is_the_one_of_scipy(table: Table) -> None:
    a, b = items(table)
    assume(len(a) >= 2)
    assert value(SIMILARITIES.get("tau-b"), table) == pytest.approx(
        kendalltau(a, b).statistic, nan_ok=True, abs=1e-6
    )


@settings(max_examples=50)
@given(TABLES)
def test_absence_is_a_position_only_where_it_may_be(table: Table) -> None:
    """A measure that takes absences must not care about the order of positions."""
    shuffled = table[np.ix_(*[np.roll(np.arange(len(table)), 1)] * 2)]
    for name in NAMES:
        part = SIMILARITIES.get(name)
        if part.absences:
            assert value(part, shuffled) == pytest.approx(value(part, table), nan_ok=True)
