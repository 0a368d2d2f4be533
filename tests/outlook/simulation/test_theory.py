"""The compiled months against what is known in closed form."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import integrate, stats
from scipy.special import expit
from tests.outlook.simulation.small import parameters, shocks, world

from blocs.outlook.simulation.compiled.alignment import choose, stays
from blocs.outlook.simulation.compiled.draws import EVENTS, below_exp, uniforms
from blocs.outlook.simulation.compiled.events import poisson_count
from blocs.outlook.simulation.compiled.fronts import attrition
from blocs.outlook.simulation.effects import run_log
from blocs.outlook.simulation.ensemble import run_ensemble
from blocs.outlook.simulation.model import (
    DAYS_A_MONTH,
    PROVOKE,
    RUNG,
    SET_LOST,
    SET_PULL,
    SET_RUNG,
)
from blocs.outlook.simulation.parameters import NAMES

POSITIVE = st.floats(0.05, 20)


# events ---------------------------------------------------------------------------


@pytest.mark.parametrize("rate", [0.01, 0.3, 2.5])
def test_counts_are_poisson(rate):
    u = (np.arange(20_000) + 0.5) / 20_000
    counts = np.array([poisson_count(x, rate) for x in u])
    seen = np.bincount(counts)
    np.testing.assert_allclose(
        seen / len(u), stats.poisson.pmf(np.arange(len(seen)), rate), atol=1e-4
    )


@given(st.floats(1e-6, 1 - 1e-6), st.floats(0, 5), st.floats(0, 5))
@settings(deadline=None)
def test_a_count_grows_with_the_rate_for_the_same_luck(u, a, b):
    low, high = sorted((a, b))
    assert poisson_count(u, low) <= poisson_count(u, high)


def test_events_have_the_mean_of_a_hawkes_process():
    """(I - Phi)^-1 mu with Phi = [[own, back], [back, own]] (Hawkes 1971); Richardson's
    steady state is the same equation. From mid-stream the first month has it already."""
    own, back, mu = 0.3, 0.25, np.array([0.2, 0.05])
    w = world(2, pairs=[(0, 1)], rate=list(mu))
    par = parameters(4000, events__own_fast=0.1, events__own_slow=0.2, events__back_fast=0.25)
    made = run_ensemble(w, par, months=24, seed=3)
    phi = np.array([[own, back], [back, own]])
    expected = np.linalg.solve(np.eye(2) - phi, mu).sum()
    error = made.events.sum(axis=1).std() / 24 / np.sqrt(4000)
    assert abs(made.events.mean() - expected) < 4 * error
    assert abs(made.events[:, 0].mean() - expected) < 4 * made.events[:, 0].std() / np.sqrt(4000)


def of_each(w, par, months, seed):
    """Events of the first dyad and of its reverse, run by run and month by month."""
    w = w._replace(dyads=w.dyads._replace(watched=np.array([True, False])))
    made = run_ensemble(w, par, months=months, seed=seed)
    return made.watched, made.events - made.watched


def test_each_side_of_a_pair_has_its_own_hawkes_mean():
    """Phi = [[.3, .4], [.4, .3]], mu = (1, 2): by hand (1.5 / .33, 1.8 / .33)."""
    par = parameters(3000, events__own_fast=0.3, events__back_fast=0.4)
    w = world(2, pairs=[(0, 1)], rate=[1.0, 2.0])
    for seen, expected in zip(of_each(w, par, 24, 7), (1.5 / 0.33, 1.8 / 0.33), strict=True):
        run = seen.mean(axis=1)
        assert abs(run.mean() - expected) < 4 * run.std() / np.sqrt(3000)


def test_draws_and_counts_give_an_uneven_hawkes_process_its_mean():
    """Phi = [[.3, .4], [.5, .2]], mu = (1, 2): (40/9, 95/18) (Hawkes 1971, (I - Phi)^-1 mu).

    One pair's masses are the same both ways in the model; this takes its draws and
    counts alone, each event answered in the next month.
    """
    phi, mu = np.array([[0.3, 0.4], [0.5, 0.2]]), np.array([1.0, 2.0])
    runs, months, burn = 60, 400, 60
    total = np.zeros((runs, 2))
    for run in range(runs):
        count = np.array([4.0, 5.0])
        for month in range(months):
            luck, rate = uniforms(5, run, month, EVENTS, 2), mu + phi @ count
            count = np.array([poisson_count(u, x) for u, x in zip(luck, rate, strict=True)])
            total[run] += count if month >= burn else 0
    mean = total / (months - burn)
    assert np.all(abs(mean.mean(axis=0) - (40 / 9, 95 / 18)) < 4 * mean.std(axis=0) / runs**0.5)


@pytest.mark.parametrize(("own", "back"), [(0.35, 0.45), (0.6, 0.5)])
def test_an_arms_race_settles_or_runs_away_as_richardson_s_does(own, back):
    """x' = k y - a x + g settles if and only if the mutual answer is below the fatigue.

    With a memory that keeps a share k a month, the sum and the difference of two
    sides' memories follow M <- (k + (own +- back) (1 - k)) M + k m: settled for own +
    back < 1, run away above (Richardson 1960, Arms and Insecurity).
    """
    runs, months, mu = 4000, 18, np.array([0.3, 0.1])
    keep = np.exp(-DAYS_A_MONTH / 60.0)
    w = world(2, pairs=[(0, 1)], rate=list(mu))
    empty = np.zeros(2)
    w = w._replace(dyads=w.dyads._replace(fast=empty, slow=empty))
    seen = of_each(w, parameters(runs, events__own_fast=own, events__back_fast=back), months, 9)
    answer = np.array([[own, back], [back, own]]) * (1 - keep)
    memory, told = np.zeros(2), []
    for month in range(months):
        rate = mu + answer @ memory / keep
        for side in range(2):
            at = seen[side][:, month]
            assert abs(at.mean() - rate[side]) < 4.5 * at.std() / np.sqrt(runs)
        memory = keep * (memory + rate)
        told.append(rate.sum())
    gained = np.diff(told)
    assert np.all(np.diff(gained) < 0) if own + back < 1 else np.all(np.diff(gained) > 0)


def test_opposed_blocs_raise_and_one_bloc_lowers_the_rate():
    for bloc, factor in (([0, 1], 2.0), ([1, 1], 0.5), ([0, 2], 1.0)):
        w = world(2, pairs=[(0, 1)], rate=[0.3, 0.3], bloc=bloc)
        made = run_ensemble(
            w, parameters(3000, events__across=2.0, events__within=0.5), months=6, seed=1
        )
        assert abs(made.events.mean() - 0.6 * factor) < 0.03


def test_a_provocation_is_answered_in_the_mass_it_was_given():
    """One event's worth on both directions begets own + back further events on each side."""
    quiet = world(2, pairs=[(0, 1)], rate=[0.0, 0.0], happenings=shocks((0, PROVOKE, 0, 1, 5.0)))
    par = parameters(6000, events__own_fast=0.2, events__back_fast=0.1)
    made = run_ensemble(quiet, par, months=36, seed=5)
    direct = 0.3
    whole = 2 * 5.0 * direct / (1 - direct)
    total = made.events.sum(axis=1)
    assert abs(total.mean() - whole) < 4 * total.std() / np.sqrt(6000)


# alignment ------------------------------------------------------------------------


def energy(side, pull, size):
    apart = np.not_equal.outer(side, side)
    return float((apart * np.outer(size, size) * pull).sum())


@given(st.integers(0, 2**31))
@settings(max_examples=15, deadline=None)
def test_the_limit_is_axelrod_and_bennett_s_landscape(seed):
    """With beta large, no inertia and no way out, states settle where no single move
    lowers the energy sum over opposite sides of s_i s_j p_ij."""
    rng = np.random.default_rng(seed)
    n = 7
    pull = np.triu(rng.uniform(-1, 1, (n, n)), 1)
    pull = pull + pull.T
    size = rng.uniform(0.2, 1, n)
    w = world(n, pull=pull, size=size, bloc=list(rng.integers(0, 2, n)))
    par = parameters(4, alignment__review=1.0, alignment__beta=1e6, alignment__independence=-1e6)
    made = run_ensemble(w, par, months=24, seed=seed)
    minima = [
        side
        for side in itertools.product((0, 1), repeat=n)
        if all(
            energy(flip(side, i), pull, size) >= energy(side, pull, size) - 1e-12 for i in range(n)
        )
    ]
    for run in range(4):
        assert tuple(made.blocs[run, -1].tolist()) in minima


def flip(side, i):
    return tuple(1 - s if k == i else s for k, s in enumerate(side))


@given(st.integers(0, 2**31))
@settings(max_examples=10, deadline=None)
def test_two_camps_of_continuous_balance_are_where_states_settle(seed):
    """dX/dt = X^2 blows up at 1 / lambda_1 with the signs of v_1 v_1' (Marvel, Kleinberg,
    Kleinberg & Strogatz 2011, https://doi.org/10.1073/pnas.1013213108): states that pull
    each other as it ends settle in its two camps, from wherever they start."""
    rng = np.random.default_rng(seed)
    n = 9
    start = rng.normal(0, 1, (n, n))
    start = (start + start.T) / 2
    value, vector = np.linalg.eigh(start)
    first = vector[:, -1]
    assume(value[-1] > 0.1 and value[-1] - value[-2] > 0.05 and abs(first).min() > 0.02)
    end = 1 / value[-1]
    half = integrate.solve_ivp(
        lambda _, x: (x.reshape(n, n) @ x.reshape(n, n)).ravel(),
        (0, end / 2), start.ravel(), rtol=1e-9, atol=1e-9,
    ).y[:, -1].reshape(n, n)  # fmt: skip
    np.testing.assert_allclose(half, closed_form(start, end / 2), rtol=1e-5, atol=1e-6)
    pull = np.sign(closed_form(start, end * (1 - 1e-6)))
    assert np.array_equal(pull, np.sign(np.outer(first, first)))
    np.fill_diagonal(pull, 0)
    w = world(n, pull=pull, bloc=list(rng.integers(0, 2, n)))
    par = parameters(8, alignment__review=1.0, alignment__beta=1e6, alignment__independence=-1e6)
    blocs = run_ensemble(w, par, months=12, seed=seed).blocs[:, -1]
    camp = first > 0
    for bloc in blocs:
        assert np.array_equal(bloc == bloc[0], camp == camp[0])


def closed_form(start, t):
    """X(t) = X(0) (I - t X(0))^-1."""
    return start @ np.linalg.inv(np.eye(len(start)) - t * start)


def test_a_lone_review_follows_the_logit_rule():
    """One state drawn by a bloc-0 neighbour with J s = 0.5: P(0) = e^{b/2}/(e^{b/2}+1+e^{b h})."""
    pull = np.array([[0, 0.5], [0.5, 0]])
    w = world(2, pull=pull, size=np.array([1.0, 1e-9]), bloc=[0, 2])
    par = parameters(
        20_000, alignment__review=1.0, alignment__beta=2.0, alignment__independence=0.2,
    )  # fmt: skip
    # state 0 stays where it is: it is reviewed first, so it is told to by inertia
    par[:, :] = par
    made = run_ensemble(w, par, months=1, seed=2)
    zero = made.blocs[:, 0, 0] == 0
    share = (made.blocs[zero, 0, 1] == 0).mean()
    weights = np.exp([2 * 0.5, 0.0, 2 * 0.2])
    assert abs(share - weights[0] / weights.sum()) < 4 * 0.5 / np.sqrt(zero.sum())


def test_no_coupling_leaves_the_other_parts_alone():
    """Without nudge and provocation a step on the ladder changes no event and no bloc."""
    rng = np.random.default_rng(4)
    pull = np.triu(rng.uniform(-0.5, 0.5, (4, 4)), 1)
    shape = {
        "pull": pull + pull.T,
        "bloc": [0, 1, 2, 2],
        "pairs": [(0, 1), (1, 2), (2, 3)],
        "rate": [0.2] * 6,
        "supporters": [(2, 0, 3, 8), (3, 1, 3, 8)],
    }
    par = parameters(
        300, 2, alignment__review=0.1, alignment__beta=1.0, events__own_fast=0.2,
        ladder__up_dual_use=-2.0, ladder__down=0.02,
    )  # fmt: skip
    plain = run_ensemble(world(4, **shape), par, months=36, seed=1)
    shock = shocks((3, SET_RUNG, 0, 0, 7.0))
    changed = run_ensemble(world(4, happenings=shock, **shape), par, months=36, seed=1)
    assert np.array_equal(plain.events, changed.events)
    assert np.array_equal(plain.blocs, changed.blocs)
    assert not np.array_equal(plain.rungs, changed.rungs)
    assert np.array_equal(plain.rungs[:, :3], changed.rungs[:, :3])


def test_coupling_lets_a_lethal_step_provoke_events():
    shape = {"pairs": [(1, 2)], "rate": [0.05, 0.05], "supporters": [(2, 0, 4, 8)]}
    par = parameters(2000, 1, events__own_slow=0.3, ladder__provoke=1.0)
    plain = run_ensemble(world(3, **shape), par, months=24, seed=1)
    shock = shocks((0, SET_RUNG, 0, 0, 7.0))
    changed = run_ensemble(world(3, happenings=shock, **shape), par, months=24, seed=1)
    assert np.all(changed.events.sum(axis=1) >= plain.events.sum(axis=1))
    assert changed.events.sum() > 1.5 * plain.events.sum()


def test_a_pull_is_set_for_the_two_it_names_alone():
    """State 1 leaves state 0's bloc when their pull is set against it; state 2 stays."""
    pull = np.array([[0, 0.8, 0.8], [0.8, 0, 0], [0.8, 0, 0]])
    shape = {"pull": pull, "size": np.array([1, 1e-9, 1e-9]), "bloc": [0, 0, 0]}
    par = parameters(20, alignment__review=1.0, alignment__beta=1e6, alignment__independence=0.1)
    par[:, NAMES.index("alignment.inertia")] = 2e5
    calm = run_ensemble(world(3, **shape), par, months=6, seed=1)
    assert np.all(calm.blocs[:, -1] == 0)
    for a, b in ((0, 1), (1, 0)):
        w = world(3, happenings=shocks((0, SET_PULL, a, b, -0.9)), **shape)
        made = run_ensemble(w, par, months=6, seed=1)
        assert np.all(made.blocs[:, -1, 1] == 2)
        assert np.all(made.blocs[:, -1, [0, 2]] == 0)
    apart = world(3, happenings=shocks((0, SET_PULL, 1, 2, -0.9)), **shape)
    assert np.array_equal(run_ensemble(apart, par, months=6, seed=1).blocs, calm.blocs)


# ladders --------------------------------------------------------------------------


def test_a_step_is_taken_as_often_as_its_log_odds_say():
    """Red line at the next rung, one rung behind the other side, forces equal."""
    w = world(3, supporters=[(2, 0, 4, 5), (1, 1, 5, 8)])
    par = parameters(20_000, 2, ladder__up_intelligence=-1.0, ladder__react=0.4, taboo=0.7)
    made = run_ensemble(w, par, months=1, seed=8)
    share = (made.rungs[:, 0, 0] == 5).mean()
    p = expit(-1.0 + 0.4 - 0.7)
    assert abs(share - p) < 4 * np.sqrt(p * (1 - p) / 20_000)


def test_steps_are_single_and_stay_on_the_ladder():
    w = world(3, supporters=[(2, 0, 0, 8), (2, 1, 7, 8)])
    par = parameters(50, 2, **{f"ladder__up_{r}": 1.0 for r in RUNG_NAMES[:-1]}, ladder__down=0.2)
    rungs = run_ensemble(w, par, months=60, seed=1).rungs.astype(int)
    assert rungs.min() >= 0
    assert rungs.max() <= 7
    assert np.abs(np.diff(rungs, axis=1)).max() == 1


RUNG_NAMES = (
    "none", "diplomatic", "economic", "dual_use", "intelligence", "munitions", "weapons", "troops",
)  # fmt: skip


# stocks ---------------------------------------------------------------------------


@given(POSITIVE, POSITIVE, st.floats(0, 0.2))
@settings(deadline=None)
def test_aimed_fire_conserves_the_difference_of_squares(a, b, share):
    x, y = attrition(a, b, share), attrition(b, a, share)
    assert x**2 - y**2 == pytest.approx(a**2 - b**2, rel=1e-9, abs=1e-9 * (a**2 + b**2))


def test_forces_hold_still_until_something_changes():
    w = world(3, supporters=[(2, 0, 6, 8)])
    par = parameters(2, 1, front__attrition=0.03, front__supply=0.02, ratio=1.4, front=100.0)
    made = run_ensemble(w, par, months=120, seed=1)
    np.testing.assert_allclose(
        made.ground[:, :, 0], np.tile(100.0 * np.arange(1, 121), (2, 1)), rtol=1e-5
    )


def test_more_support_moves_the_front_the_supported_way():
    w = world(3, supporters=[(2, 0, 3, 8)], happenings=shocks((0, SET_RUNG, 0, 0, 7.0)))
    par = parameters(2, 1, front__attrition=0.03, front__supply=0.02, ratio=1.4, front=100.0)
    made = run_ensemble(w, par, months=24, seed=1)
    assert np.all(made.ground[:, -1, 0] > 2400)


def test_lost_trade_is_rerouted_year_by_year():
    """After y years the share made good is most (1 - (1 - r)^y): the front tells the difference."""
    w = world(2, happenings=shocks((0, SET_LOST, 0, 0, 0.5)))
    slow = parameters(1, front__attrition=0.02, trade__loss=0.4, ratio=1.4, front=100.0)
    quick = parameters(
        1, front__attrition=0.02, trade__loss=0.4, trade__reroute=1.0, trade__reroute_most=1.0,
        ratio=1.4, front=100.0,
    )  # fmt: skip
    never, soon = (run_ensemble(w, p, months=36, seed=1).ground[0, :, 0] for p in (slow, quick))
    assert np.array_equal(never[:12], soon[:12])
    assert np.all(soon[12:] > never[12:])


def test_a_log_tells_every_step_of_a_run():
    w = world(3, supporters=[(2, 0, 0, 8)])
    par = parameters(1, 1, **{f"ladder__up_{r}": 0.0 for r in RUNG_NAMES[:-1]})
    made = run_ensemble(w, par, months=40, seed=6)
    log = run_log(w, par[0], seed=6, run=0, months=40)
    steps = log[log[:, 1] == RUNG]
    path = np.concatenate([[0], made.rungs[0, :, 0]])
    at = np.flatnonzero(np.diff(path))
    assert np.array_equal(steps[:, 0], at)
    assert np.array_equal(steps[:, 4], path[at + 1])


@given(st.floats(-50, 700))
@settings(max_examples=60, deadline=None)
def test_the_bound_is_never_above_the_exponential(x):
    assert below_exp(x) <= math.exp(x) * (1 + 1e-15)


@given(
    st.floats(0, 1, exclude_min=True, exclude_max=True),
    st.integers(0, 2),
    *[st.floats(-8, 8)] * 3,
)
@settings(max_examples=300, deadline=None)
def test_a_review_that_ends_early_would_have_changed_nothing(u, old, a, b, c):
    assert not stays(u, old, a, b, c) or choose(u, a, b, c) == old
