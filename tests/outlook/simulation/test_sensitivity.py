"""Sobol shares against Ishigami's closed form; PRIM against a planted box."""

from __future__ import annotations

import numpy as np
import pytest

from blocs.outlook.simulation.sensitivity import LUCK, prim_box, sobol_totals


def test_total_shares_are_ishigami_s():
    """a = 7, b = 0.1: T = .5576, .4424, .2437 (Ishigami & Homma 1990, ISUMA)."""

    def f(x, seed):
        u = -np.pi + 2 * np.pi * x
        y = np.sin(u[:, 0]) + 7 * np.sin(u[:, 1]) ** 2 + 0.1 * u[:, 2] ** 4 * np.sin(u[:, 0])
        return y[:, None]

    found = sobol_totals(
        f, np.zeros(4), np.array([1.0, 1, 1, 0]), ["a", "b", "c", "d"], n=4096, seed=1
    )
    assert found.names == ("a", "b", "c", LUCK)
    np.testing.assert_allclose(found.total[:, 0], [0.5576, 0.4424, 0.2437, 0], atol=0.02)
    assert np.all(found.low <= found.total + 1e-12)
    assert np.all(found.total <= found.high + 1e-12)
    assert found.runs == 4096 * 5


def test_luck_takes_the_share_it_has():
    """y = x + e with equal variances: half is luck."""

    def f(x, seed):
        e = np.random.default_rng(seed).uniform(size=len(x))
        return (x[:, 0] + e)[:, None]

    found = sobol_totals(f, np.zeros(1), np.ones(1), ["x"], n=2048, seed=3)
    np.testing.assert_allclose(found.total[:, 0], [0.5, 0.5], atol=0.05)


def test_an_outcome_that_never_varies_has_no_shares():
    found = sobol_totals(
        lambda x, seed: np.ones((len(x), 1)), np.zeros(1), np.ones(1), ["x"], n=16, seed=0
    )
    assert np.isnan(found.total).all()


def test_a_planted_box_is_found():
    rng = np.random.default_rng(5)
    x = rng.uniform(size=(4000, 3))
    happens = (x[:, 0] > 0.6) & (x[:, 1] < 0.5)
    box = prim_box(x, happens, ["a", "b", "c"])
    assert box is not None
    limits = {name: (low, high) for name, low, high in box.limits}
    assert abs(limits["a"][0] - 0.6) < 0.06
    assert abs(limits["b"][1] - 0.5) < 0.06
    assert box.density > 0.95
    assert box.coverage > 0.85
    assert abs(box.base - 0.2) < 0.03


@pytest.mark.parametrize("seed", range(4))
def test_a_limit_that_chance_would_bring_about_is_dropped(seed):
    """Greedy peeling alone limits ten to twelve of these twelve parameters."""
    rng = np.random.default_rng(seed)
    x, names = rng.random((400, 12)), [str(k) for k in range(12)]
    assert prim_box(x, rng.random(400) < 0.1, names) is None
    planted = prim_box(x, (x[:, 3] > 0.6) & (rng.random(400) < 0.5), names)
    assert planted is not None
    assert [name for name, _, _ in planted.limits] == ["3"]


def test_no_box_where_there_is_nothing_to_find():
    x = np.random.default_rng(1).uniform(size=(500, 2))
    assert prim_box(x, np.ones(500, bool), ["a", "b"]) is None
    assert prim_box(x, np.zeros(500, bool), ["a", "b"]) is None
