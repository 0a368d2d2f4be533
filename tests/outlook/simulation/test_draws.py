"""Counter-based draws: uniform, independent between streams, and the same in any order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from blocs.outlook.simulation.compiled.draws import (
    CHOICES,
    EVENTS,
    LADDERS,
    POINTS,
    REVIEWS,
    STRIPS,
    uniforms,
)

U32 = st.integers(0, 2**32 - 1)
STREAMS = [
    (s, r, m, p)
    for s in (0, 1, 2**31)
    for r in range(6)
    for m in range(6)
    for p in (EVENTS, POINTS)
]


@pytest.fixture(scope="module")
def drawn() -> np.ndarray:
    return np.array([uniforms(*key, 4096) for key in STREAMS])


def test_every_stream_is_uniform(drawn):
    p = [stats.kstest(row, "uniform").pvalue for row in drawn]
    assert stats.kstest(p, "uniform").pvalue > 1e-3
    counts = np.histogram(drawn, bins=1024, range=(0, 1))[0]
    assert stats.chisquare(counts).pvalue > 1e-3


def test_pairs_of_neighbours_fill_the_square(drawn):
    flat = drawn.ravel()
    cells = np.histogram2d(flat[::2], flat[1::2], bins=64, range=[[0, 1], [0, 1]])[0]
    assert stats.chisquare(cells.ravel()).pvalue > 1e-3


def test_streams_do_not_follow_each_other(drawn):
    """The largest of all correlations is as large as chance makes it (Bonferroni, 0.1 %)."""
    r = np.corrcoef(drawn) - np.eye(len(drawn))
    pairs = len(drawn) * (len(drawn) - 1) / 2
    assert np.abs(r).max() < stats.norm.isf(0.001 / 2 / pairs) / np.sqrt(drawn.shape[1])


def test_one_index_over_runs_and_months_is_uniform_and_unrelated():
    grid = np.array(
        [[uniforms(7, run, month, EVENTS, 1)[0] for month in range(60)] for run in range(200)]
    )
    assert stats.kstest(grid.ravel(), "uniform").pvalue > 1e-3
    for a, b in ((grid[1:], grid[:-1]), (grid[:, 1:], grid[:, :-1])):
        z = np.corrcoef(a.ravel(), b.ravel())[0, 1] * np.sqrt(a.size)
        assert abs(z) < 4


def test_one_bit_of_the_seed_changes_half_of_the_bits():
    def bits(seed: int) -> np.ndarray:
        whole = (uniforms(seed, 3, 5, EVENTS, 512) * 2**31).astype(np.uint32)
        return np.unpackbits(whole.view(np.uint8))

    flips = [np.mean(bits(12345) != bits(12345 ^ (1 << b))) * 32 / 31 for b in range(32)]
    assert np.all(np.abs(np.array(flips) - 0.5) < 0.03)


@given(
    U32,
    st.integers(0, 10**6),
    st.integers(0, 600),
    st.sampled_from([EVENTS, REVIEWS, CHOICES, LADDERS, STRIPS, POINTS]),
)
@settings(max_examples=60, deadline=None)
def test_a_draw_depends_on_its_own_key_alone(seed, run, month, purpose):
    few, many = (uniforms(seed, run, month, purpose, n) for n in (5, 50))
    assert np.array_equal(few, many[:5])
    assert np.all((many > 0) & (many < 1))
    assert not np.array_equal(many, uniforms(seed, run + 1, month, purpose, 50))
    assert not np.array_equal(many, uniforms(seed, run, month + 1, purpose, 50))
