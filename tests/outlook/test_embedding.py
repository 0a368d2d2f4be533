"""Places of actors: the decomposition is numpy's, neighbours are those of brute force."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from tests.outlook.events import both_ways, events

from blocs.outlook.compiled.counting import largest
from blocs.outlook.embedding import _svd, embed
from blocs.outlook.history import begin, decayed, learn_all

RATES = np.array([0.0, 1 / 100])


@given(st.integers(1, 6), st.integers(1, 9), st.data())
def test_the_largest_of_each_row_of_equals_the_first(
    rows: int, columns: int, data: st.DataObject
) -> None:
    k = data.draw(st.integers(1, columns))
    value = st.sampled_from([-1.0, 0.0, 0.25, 0.5, 1.0])
    drawn = data.draw(st.lists(value, min_size=rows * columns, max_size=rows * columns))
    values = np.array(drawn, np.float32).reshape(rows, columns)
    place, found = largest(values, k)
    order = np.argsort(-values, axis=1, kind="stable")[:, :k]
    assert place.tolist() == order.tolist()
    assert found.tolist() == np.take_along_axis(values, order, axis=1).tolist()


@pytest.mark.parametrize("shape", [(40, 40), (30, 400), (60, 20), (5, 3), (4, 0)])
def test_a_matrix_of_low_rank_is_split_exactly(shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(2)
    rank = min(3, *shape)
    dense = rng.normal(size=(shape[0], rank)) @ rng.normal(size=(rank, shape[1]))
    u, scale, v = _svd(csr_matrix(dense), 6)
    assert (u * scale) @ v.T == pytest.approx(dense, abs=1e-9)
    assert scale == pytest.approx(
        np.linalg.svd(dense, compute_uv=False)[: scale.size], abs=1e-6 * dense.size
    )


def test_places_multiply_to_the_counts_and_the_same_deeds_make_neighbours() -> None:
    known = events(4)
    history = begin(known, RATES)
    learn_all(history, known)
    places = embed(history, rate=1, day=60)
    count = np.zeros((9, 9))
    pairs = history.codes[1]
    count[pairs // 9, pairs % 9] = np.log1p(decayed(history.pairs, history.decay, 1, 60))
    assert places.sender @ places.receiver.T == pytest.approx(count, abs=1e-9)
    for s in range(9):
        near = places.near[places.near_start[s] : places.near_start[s + 1]]
        assert near[0] == s
    assert places.nearness[places.near_start[:-1]] == pytest.approx(np.ones(9), abs=1e-6)
    twins = np.array(
        [[s, r, o, day] for s in (0, 1) for r, o in ((0, 5), (2, 6)) for day in (0, 3)]
    )
    same = both_ways(np.vstack([twins, [[2, 1, 7, 1]], [[3, 1, 7, 2]]]), actors=9, relations=4)
    history = begin(same, RATES)
    learn_all(history, same)
    places = embed(history, rate=1, day=4)
    at = slice(places.near_start[0], places.near_start[0] + 2)
    assert sorted(places.near[at].tolist()) == [0, 1]
    assert places.nearness[at] == pytest.approx([1, 1], abs=1e-6)


def test_nothing_known_is_placed_nowhere() -> None:
    places = embed(begin(events(4), RATES), rate=1, day=0)
    assert not places.sender.any()
    assert places.near.size == 0
