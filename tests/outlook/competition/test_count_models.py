"""Count models: closed forms, brute-force HAC, an independent optimiser."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from blocs.outlook.competition.count_models import fit_means, hac, score_tests


@pytest.fixture(scope="module")
def data() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(3)
    t = 80
    x = np.column_stack([np.ones(t), rng.normal(size=(t, 2))])
    exposure = rng.uniform(5, 50, t)
    y = rng.poisson(exposure * np.exp(x @ [-2.0, 0.4, -0.3])).astype(float)
    return {"x": x, "y": y, "e": exposure}


def test_the_estimate_is_that_of_a_general_optimiser(data: dict[str, np.ndarray]) -> None:
    x, y, e = data["x"], data["y"], data["e"]
    fit = fit_means(y[None], x[None], e[None], np.ones((1, 80)), np.array([True]), lags=3)

    def loss(b: np.ndarray) -> float:
        mu = e * np.exp(x @ b)
        return float((mu - y * np.log(mu)).sum())

    other = minimize(loss, np.zeros(3), method="BFGS", options={"gtol": 1e-8}).x
    assert fit.beta[0] == pytest.approx(other, abs=1e-5)


def test_the_sandwich_is_the_double_sum_written_out(data: dict[str, np.ndarray]) -> None:
    x, y, e = data["x"], data["y"], data["e"]
    lags = 3
    fit = fit_means(y[None], x[None], e[None], np.ones((1, 80)), np.array([True]), lags=lags)
    mu = e * np.exp(x @ fit.beta[0])
    u = x * (y - mu)[:, None]
    meat = sum(
        (1 - abs(s - t) / (lags + 1)) * np.outer(u[s], u[t])
        for s in range(80)
        for t in range(80)
        if abs(s - t) <= lags
    )
    bread = np.linalg.inv(x.T @ (x * mu[:, None]))
    assert fit.se[0] == pytest.approx(np.sqrt(np.diag(bread @ meat @ bread)), rel=1e-6)
    assert hac(u[None], lags=lags)[0] == pytest.approx(meat)


def test_years_not_used_do_not_count(data: dict[str, np.ndarray]) -> None:
    x, y, e = data["x"], data["y"].copy(), data["e"]
    use = np.ones(80)
    use[60:] = 0
    y[60:] = 1e6
    part = fit_means(
        y[None] * use, x[None] * use[:, None], e[None], use[None], np.array([True]), lags=0
    )
    alone = fit_means(
        y[None, :60], x[None, :60], e[None, :60], np.ones((1, 60)), np.array([True]), lags=0
    )
    assert part.beta == pytest.approx(alone.beta)
    assert part.se == pytest.approx(alone.se)


def test_ranks_are_fitted_by_least_squares(data: dict[str, np.ndarray]) -> None:
    x, y = data["x"], data["y"]
    ones = np.ones((1, 80))
    fit = fit_means(y[None], x[None], ones, ones, np.array([False]), lags=0)
    assert fit.beta[0] == pytest.approx(np.linalg.lstsq(x, y, rcond=None)[0], abs=1e-6)


def test_the_compiled_score_statistic_is_the_formula(data: dict[str, np.ndarray]) -> None:
    x, y, e = data["x"], data["y"], data["e"]
    controls = x[:, :2]
    fit = fit_means(y[None], controls[None], e[None], np.ones((1, 80)), np.array([True]), lags=2)
    mu = fit.mu[0]
    candidate = x[:, 2].copy()
    candidate[5] = np.nan
    known = np.isfinite(candidate)
    w, z, r = mu[known], controls[known], candidate[known]
    left = np.zeros(80)
    left[known] = r - z @ np.linalg.solve(z.T @ (z * w[:, None]), z.T @ (w * r))
    u = left * (y - mu)
    variance = sum(
        (1 - abs(s - t) / 3) * u[s] * u[t] for s in range(80) for t in range(80) if abs(s - t) < 3
    )
    got = score_tests(y - mu, mu, controls, np.vstack([candidate, np.ones(80)]), lags=2)
    assert got[0] == pytest.approx(u.sum() / np.sqrt(variance), rel=1e-6)
    assert got[1] == 0.0  # what does not vary tells nothing


def test_a_flip_of_the_sign_flips_the_statistic(data: dict[str, np.ndarray]) -> None:
    y = data["y"]
    both = np.vstack([data["x"][:, 1], -data["x"][:, 1]])
    z = score_tests(y - y.mean(), np.full(80, y.mean()), np.ones((80, 1)), both, lags=2)
    assert z[0] == pytest.approx(-z[1])
