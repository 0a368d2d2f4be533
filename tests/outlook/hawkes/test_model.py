"""The Hawkes core: brute-force features and integrals, the optimum, the mean, the clock."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.stats import kstest
from tests.outlook.hawkes.streams import many_dyads, simulate

from blocs.outlook.hawkes.features import excitations
from blocs.outlook.hawkes.model import (
    FAST,
    SCALES,
    columns,
    design_of,
    fit_weights,
    gamma_poisson,
    held_out,
    rescaled_gaps,
    simulate_counts,
)
from blocs.outlook.hawkes.stream import Stream


@pytest.fixture(scope="module")
def stream() -> Stream:
    return many_dyads(0.3, 0.3, seed=1, pairs=8, days=3000)


def test_the_mean_of_the_process_is_the_published_one() -> None:
    phi, mu = np.array([[0.3, 0.4], [0.5, 0.2]]), np.array([1.0, 2.0])
    expected = np.linalg.solve(np.eye(2) - phi, mu)
    assert expected == pytest.approx([4.444, 5.278], abs=1e-3)
    days = 4000.0
    found = simulate(phi, mu, days, 0.5, np.random.default_rng(0))
    assert [len(f) / days for f in found] == pytest.approx(expected, rel=0.06)


def test_features_are_the_sums_over_earlier_days_written_out() -> None:
    rng = np.random.default_rng(2)
    n, events = 4, 40
    sender = rng.integers(0, n, events)
    receiver = (sender + rng.integers(1, n, events)) % n
    day = np.sort(rng.integers(0, 20, events)).astype(float)
    rates = np.array([0.5, 0.01])
    a, b = np.full(n, 0.25), np.array([0.1, 0.2, 0.3, 0.4])
    region = np.array([0, 0, 1, 1])
    got = excitations(sender, receiver, day, n, rates, a, b, region)
    for e in range(events):
        before = [q for q in range(events) if day[q] < day[e]]  # nothing of the same day
        for r, k in enumerate(rates):

            def total(test) -> float:
                return sum(k * np.exp(-k * (day[e] - day[q])) for q in before if test(q))  # noqa: B023

            own = total(lambda q: (sender[q], receiver[q]) == (sender[e], receiver[e]))  # noqa: B023
            back = total(lambda q: (receiver[q], sender[q]) == (sender[e], receiver[e]))  # noqa: B023
            far = total(lambda q: region[receiver[q]] != region[receiver[e]])  # noqa: B023
            share = a[sender[e]] * b[receiver[e]]
            assert got[e, :, r] == pytest.approx([own, back, far * share])


def test_the_cost_is_the_integral_of_the_rate_over_all_dyads(stream: Stream) -> None:
    design = design_of(stream)
    n, r = len(stream.names), len(SCALES)
    theta = np.random.default_rng(0).uniform(0.1, 1, 2 + 3 * r)
    a, b = design.out_share, design.in_share
    step, until = 0.25, 120.0
    early = stream.day < until
    i, j, day = stream.sender[early], stream.receiver[early], stream.day[early]
    total = 0.0
    off = ~np.eye(n, dtype=bool)
    product = np.outer(a, b)
    for t in np.arange(step / 2, until, step):
        rate = np.zeros((n, n)) + theta[0] + theta[1] * product
        for k, tau in enumerate(SCALES):
            w = np.where(day < t, np.exp(-(t - day) / tau) / tau, 0.0)
            past = np.zeros((n, n))
            np.add.at(past, (i, j), w)
            rate += theta[2 + k] * past + theta[2 + r + k] * past.T
            for g in (0, 1):
                far = w[stream.region[j] != g].sum()
                rate[:, stream.region == g] += (
                    theta[2 + 2 * r + k] * far * product[:, stream.region == g]
                )
        total += float(rate[off].sum()) * step
    from blocs.outlook.hawkes.model import _cost

    rates = 1 / np.asarray(SCALES)
    cut = Stream(stream.names, i, j, day, 0, until, stream.region, stream.kind, ())
    assert float(_cost(cut, rates, a, b, until) @ theta) == pytest.approx(total, rel=0.01)


def test_the_weights_are_those_of_a_general_optimiser(stream: Stream) -> None:
    design = design_of(stream)
    which = columns("self", "reciprocal")
    theta = fit_weights(design, which, steps=20000)
    x, cost = design.x[: design.cut, which], design.train_cost[which]

    def loss(root: np.ndarray) -> float:
        w = root**2
        return float(cost @ w - np.log(x @ w).sum())

    best = loss(np.sqrt(theta))
    other = minimize(loss, np.sqrt(theta + 1e-6), method="L-BFGS-B")
    assert best <= other.fun + 0.01


def test_every_step_raises_the_likelihood(stream: Stream) -> None:
    design = design_of(stream)
    which = columns("self", "reciprocal")
    x, cost = design.x[: design.cut, which], design.train_cost[which]
    told = []
    for steps in (1, 3, 10, 50, 300):
        w = fit_weights(design, which, steps=steps)
        told.append(np.log(x @ w).sum() - cost @ w)
    assert told == sorted(told)


def test_the_expected_number_of_training_events_is_the_number(stream: Stream) -> None:
    design = design_of(stream)
    which = columns("self", "reciprocal")
    theta = fit_weights(design, which)
    assert float(design.train_cost[which] @ theta) == pytest.approx(design.cut, rel=1e-3)


def test_gaps_on_the_true_clock_are_exponential(stream: Stream) -> None:
    design = design_of(stream)
    which = columns("self", "reciprocal")
    gaps = rescaled_gaps(
        stream, design, which, fit_weights(design, which), np.random.default_rng(1)
    )
    assert len(gaps) == len(stream.day) - design.cut
    assert kstest(gaps, "expon").pvalue > 0.01


def test_simulated_futures_hold_the_record(stream: Stream) -> None:
    design = design_of(stream)
    theta = np.zeros(2 + 2 * len(SCALES))
    reaction = columns("self", "reciprocal", scales=range(FAST))  # as these events were made
    theta[reaction] = fit_weights(design, reaction)
    counts = simulate_counts(stream, design, theta, runs=200, rng=np.random.default_rng(2))
    low, high = np.quantile(counts, [0.005, 0.995])
    assert low <= len(stream.day) - design.cut <= high


def test_the_order_of_the_actors_does_not_matter(stream: Stream) -> None:
    n = len(stream.names)
    order = np.random.default_rng(3).permutation(n)
    place = np.argsort(order)
    moved = Stream(
        tuple(stream.names[k] for k in order), place[stream.sender], place[stream.receiver],
        stream.day, 0, stream.end, stream.region[order], stream.kind, (),
    )  # fmt: skip
    which = columns("self", "reciprocal")
    a, b = design_of(stream), design_of(moved)
    assert fit_weights(a, which) == pytest.approx(fit_weights(b, which), abs=1e-6)
    assert gamma_poisson(stream, a).mean() == pytest.approx(gamma_poisson(moved, b).mean())


def test_held_out_scores_need_the_future_only(stream: Stream) -> None:
    design = design_of(stream)
    which = columns()
    theta = fit_weights(design, which)
    rate = design.x[design.cut :, which] @ theta
    spent = (design.all_cost - design.train_cost)[which] @ theta
    total = held_out(design, which, theta).sum()
    assert total == pytest.approx(np.log(rate).sum() - spent)
