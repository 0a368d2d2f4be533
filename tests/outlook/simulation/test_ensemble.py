"""Ensembles: the same bytes however they are split, and honest pairs."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blocs.evidence.holdings import hold
from blocs.outlook.simulate import load_scenario, simulate
from blocs.outlook.simulation import ensemble as module
from blocs.outlook.simulation.effects import find_parting, middle_run, paired_effect
from blocs.outlook.simulation.ensemble import draw_parameters, run_ensemble
from blocs.outlook.simulation.world import build_setting

FIELDS = ("events", "watched", "together", "blocs", "rungs", "ground")
MONTHS = 24


@pytest.fixture(scope="module")
def setting():
    return build_setting(load_scenario("troops"), hold().with_almanac())


@pytest.fixture(scope="module")
def drawn(setting):
    return draw_parameters(setting.parameters, 40, seed=1)


@pytest.fixture(scope="module")
def made(setting, drawn):
    return run_ensemble(setting.world, drawn, months=MONTHS, seed=1)


def test_one_thread_or_two_give_the_same_bytes(setting, drawn, made, monkeypatch):
    monkeypatch.setattr(module, "BLOCK", 7)
    for jobs in (1, 2):
        again = run_ensemble(setting.world, drawn, months=MONTHS, seed=1, jobs=jobs)
        for field in FIELDS:
            assert getattr(again, field).tobytes() == getattr(made, field).tobytes()


def test_a_joblib_backend_of_processes_gives_the_same_bytes(setting, drawn, made):
    from joblib import parallel_config

    with parallel_config(backend="loky", n_jobs=2):
        again = run_ensemble(setting.world, drawn, months=MONTHS, seed=1, jobs=2)
    assert all(np.array_equal(getattr(again, f), getattr(made, f)) for f in FIELDS)


@pytest.mark.filterwarnings("default")
def test_a_dask_cluster_gives_the_same_bytes(setting, drawn, made):
    distributed = pytest.importorskip("distributed", reason="pip install distributed")
    from joblib import parallel_config

    with (
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster),
        parallel_config(backend="dask"),
    ):
        again = run_ensemble(setting.world, drawn, months=MONTHS, seed=1)
    assert all(np.array_equal(getattr(again, f), getattr(made, f)) for f in FIELDS)


ELSEWHERE = """
import sys
import numpy as np
from blocs.evidence.holdings import hold
from blocs.outlook.simulate import load_scenario
from blocs.outlook.simulation.ensemble import draw_parameters, run_ensemble
from blocs.outlook.simulation.world import build_setting

setting = build_setting(load_scenario("troops"), hold().with_almanac())
drawn = draw_parameters(setting.parameters, 40, seed=1)
made = run_ensemble(setting.world, drawn, months=24, seed=1)
np.savez(sys.argv[1], **{f: getattr(made, f) for f in sys.argv[2:]})
"""


@pytest.mark.slow
def test_code_for_another_processor_keeps_the_stated_tolerance(made, tmp_path):
    """No more than one run in 1,000 may differ: of 40, none."""
    path, cache = tmp_path / "made.npz", str(tmp_path)
    env = os.environ | {"NUMBA_CPU_NAME": "generic", "NUMBA_CACHE_DIR": cache}
    subprocess.run([sys.executable, "-c", ELSEWHERE, str(path), *FIELDS], check=True, env=env)
    there = np.load(path)
    assert all(np.array_equal(there[f], getattr(made, f)) for f in FIELDS)


def test_another_seed_is_other_luck(setting, drawn, made):
    other = run_ensemble(setting.world, drawn, months=MONTHS, seed=2)
    assert not np.array_equal(other.events, made.events)


def test_parameters_fill_their_ranges_evenly(setting, drawn):
    low = np.array([p.low for p in setting.parameters])
    high = np.array([p.high for p in setting.parameters])
    wide = high > low
    rank = np.floor((drawn[:, wide] - low[wide]) / (high - low)[wide] * 40).astype(int)
    assert np.array_equal(np.sort(rank, axis=0), np.tile(np.arange(40)[:, None], wide.sum()))
    assert np.array_equal(drawn[:, ~wide], np.tile(low[~wide], (40, 1)))


def test_worlds_share_their_luck_until_they_part(setting, drawn, made):
    other = run_ensemble(setting.without, drawn, months=MONTHS, seed=1)
    run = middle_run(made, other)
    found = find_parting(setting.world, setting.without, drawn[run], seed=1, run=run, months=MONTHS)
    first = found.only_with[0]
    assert tuple(first[:2]) == (0, 4)  # the shock itself, in the first month
    same = run_ensemble(setting.world, drawn, months=MONTHS, seed=1)
    assert np.array_equal(same.rungs, made.rungs)


@given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=30))
@settings(deadline=None)
def test_an_effect_on_itself_is_nothing_and_turns_with_its_sign(values):
    x = np.array(values)
    nothing = paired_effect("x", x, x)
    assert (nothing.mean, nothing.changed, nothing.low, nothing.high) == (0, 0, 0, 0)
    y = x[::-1]
    there, back = paired_effect("x", x, y), paired_effect("x", y, x)
    assert there.mean == pytest.approx(-back.mean)
    assert there.low == pytest.approx(-back.high)
    assert there.changed == back.changed


def test_what_is_told_hangs_together():
    found = simulate("red-line", runs=32, sensitivity=0)
    assert found.runs == 32
    assert found.start == "2024-11"
    assert len(found.together.months) == found.months == 60
    assert found.together.months[-1] == "2029-10"
    for path in found.ladders:
        for shares in path.shares:
            assert sum(shares) == pytest.approx(1, abs=1e-3)
    china = next(p for p in found.ladders if p.state == "CHN")
    assert china.crosses_red_line == 1.0  # it is made to
    for m in found.membership:
        assert m.reference + m.group + m.neither == pytest.approx(1, abs=1e-3)
    rung = next(e for e in found.effects if e.outcome == "last rung of CHN in UKR")
    assert rung.mean > 0
    assert found.conditional  # without shares nothing is called unconditional
    assert any("nuclear" in line for line in found.not_)
    assert {p.source.split("(")[0].strip() for p in found.parameters} >= {"fitted", "assumption"}
