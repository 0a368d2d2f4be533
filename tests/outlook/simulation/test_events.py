"""Events as points under the rates: Poisson, nested, and the same without any short cut."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats
from tests.outlook.simulation.small import parameters, shocks, world

from blocs.outlook.simulation.compiled.draws import EVENTS, POINTS, STRIPS, uniforms
from blocs.outlook.simulation.compiled.events import (
    LEVEL,
    ROOM,
    STRIP,
    STRIP_BITS,
    in_order,
    poisson_count,
)
from blocs.outlook.simulation.compiled.rates import BAND
from blocs.outlook.simulation.effects import run_log
from blocs.outlook.simulation.ensemble import run_ensemble
from blocs.outlook.simulation.model import DAYS_A_MONTH, EVENT, PROVOKE

N = 30
PAIRS = [(i, j) for i in range(N) for j in range(i + 1, N)][:150]


def rates_of(seed: int) -> np.ndarray:
    """Most far under the band, some near it, some far above; none zero."""
    return np.exp(np.random.default_rng(seed).uniform(-9, 0.5, 2 * len(PAIRS)))


def events_of(w, par, *, seed, run, months):
    """Events of one run by month, sender and receiver."""
    log = run_log(w, par, seed=seed, run=run, months=months)
    return [tuple(row) for row in log[log[:, 1] == EVENT][:, [0, 2, 3, 4]].tolist()]


def test_a_strip_has_one_point_a_month_on_average_and_room_for_all():
    assert STRIP * BAND == 1.0
    assert STRIP == 2**STRIP_BITS
    assert stats.poisson.sf(ROOM - 1, 1.0) < 2.0**-32  # less than the smallest draw
    assert poisson_count(0.5 * 2.0**-31, 1.0) < ROOM


@pytest.mark.parametrize("rate", [BAND / 3, BAND, 2 * BAND, 0.4, 3.0])
def test_counts_are_poisson_below_and_above_the_band(rate):
    n = 6000
    w = world(2, pairs=[(0, 1)], rate=[rate, rate])
    seen = run_ensemble(w, parameters(n), months=20, seed=4).events.ravel()
    expected = stats.poisson.pmf(np.arange(seen.max() + 1), 2 * rate) * seen.size
    most = np.flatnonzero(expected > 10).max()
    counts = np.bincount(seen)
    got = np.append(counts[: most + 1], counts[most + 1 :].sum())
    want = np.append(expected[: most + 1], seen.size - expected[: most + 1].sum())
    assert stats.chisquare(got, want).pvalue > 1e-3


def test_dyads_do_not_follow_each_other():
    """Of two dyads of a strip and of two of different strips: no correlation."""
    pairs = [(i, j) for i in range(16) for j in range(i + 1, 16)]
    w = world(16, pairs=pairs, rate=[BAND] * (2 * len(pairs)))
    log = [events_of(w, parameters(1)[0], seed=2, run=run, months=24) for run in range(60)]
    place = {p: k for k, p in enumerate([*pairs, *((b, a) for a, b in pairs)])}
    seen = np.zeros((60 * 24, len(place)))
    for run, rows in enumerate(log):
        for month, a, b, count in rows:
            seen[run * 24 + month, place[a, b]] += count
    share = seen.sum(axis=0)
    assert abs(share.mean() - 60 * 24 * BAND) < 4 * np.sqrt(60 * 24 * BAND / len(place))
    assert stats.chisquare(share).pvalue > 1e-3
    r = np.corrcoef(seen.T)[np.triu_indices(len(place), 1)]
    assert abs(r.mean()) < 4 / np.sqrt(len(r) * len(seen))
    assert np.abs(r).mean() < 1.1 * np.sqrt(2 / np.pi / len(seen))


def test_a_higher_rate_has_the_same_events_and_some_more():
    for seed in range(6):
        low = rates_of(seed)
        high = low * np.random.default_rng(seed + 100).uniform(1, 4, len(low))
        worlds = [world(N, pairs=PAIRS, rate=list(rate)) for rate in (low, high)]
        one, two = (events_of(w, parameters(1)[0], seed=seed, run=3, months=12) for w in worlds)
        more = {row[:3]: row[3] for row in two}
        assert one
        assert all(more.get(row[:3], 0) >= row[3] for row in one)
        assert sum(more.values()) > sum(row[3] for row in one)


def plainly(rate, par, *, seed, run, months, provoked=()):
    """Draw every dyad of every month, with memories that fade month by month."""
    m, half = len(rate), len(rate) // 2
    keep = np.exp(-DAYS_A_MONTH / np.array([60.0, 365.0]))
    own, back = np.array([par["own_fast"], par["own_slow"]]), np.array([par["back_fast"], 0.1])
    memory, other = np.zeros((m, 2)), np.r_[half:m, :half]
    gain = (1 - keep) / keep
    out = []
    for month in range(months):
        for at, d, events in provoked:
            if at == month:
                memory[[d, other[d]]] += events
        memory *= keep
        lam = rate + memory @ (own * gain) + memory[other] @ (back * gain)
        strips = uniforms(seed, run, month, STRIPS, -(-m // STRIP))
        bits = (uniforms(seed, run, month, POINTS, ROOM * len(strips)) * 2**31).astype(np.int64)
        u = uniforms(seed, run, month, EVENTS, m)
        count = np.array([poisson_count(u[d], max(0.0, lam[d] - BAND)) for d in range(m)])
        for strip, x in enumerate(strips):
            for k in range(poisson_count(x, 1.0)):
                b = bits[strip * ROOM + k]
                d, level = strip * STRIP + b // LEVEL, (b % LEVEL + 0.5) / LEVEL * BAND
                if d < m and level < lam[d]:
                    count[d] += 1
        memory += count[:, None]
        out.append(count)
    return np.array(out)


@pytest.mark.parametrize("seed", range(4))
def test_the_short_cuts_leave_out_no_event_and_add_none(seed):
    """Bounds, fading on demand and the list of lively dyads against drawing everything."""
    rate, months = rates_of(seed), 30
    masses = {"own_fast": 0.2, "own_slow": 0.15, "back_fast": 0.12}
    par = parameters(1, **{f"events__{k}": v for k, v in masses.items()}, events__back_slow=0.1)
    hit = PAIRS[7]
    w = world(N, pairs=PAIRS, rate=list(rate), happenings=shocks((5, PROVOKE, *hit, 20.0)))
    empty = np.zeros(len(rate))
    w = w._replace(dyads=w.dyads._replace(fast=empty, slow=empty))
    seen = np.zeros((months, len(rate)), int)
    place = {p: k for k, p in enumerate([*PAIRS, *((b, a) for a, b in PAIRS)])}
    for month, a, b, count in events_of(w, par[0], seed=seed, run=2, months=months):
        seen[month, place[a, b]] = count
    plain = plainly(rate, masses, seed=seed, run=2, months=months, provoked=[(5, 7, 20.0)])
    assert np.array_equal(seen, plain)
    assert (plain.sum(axis=0) > 0).sum() > 20


def test_what_was_found_is_told_in_order():
    found = np.array([7, 3, 9, 3, 0, 5], np.int32)
    in_order(found, 5)
    assert found.tolist() == [0, 3, 3, 7, 9, 5]
    assert math.isclose(BAND, 2.0**-STRIP_BITS)
