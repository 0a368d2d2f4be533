"""Draws from the full posterior of positions, by Hamiltonian dynamics.

The Gaussian around the mode serves as metric: in its whitened coordinates, bent
along the posterior's ridges, some 25,000 parameters are close to a standard
normal, so that a dozen leapfrog steps carry a draw right across it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from blocs.alignment.irt.curvature import backward, forward
from blocs.alignment.irt.density import free_directions, log_density
from blocs.alignment.irt.design import Design
from blocs.alignment.irt.identification import unit_scale
from blocs.alignment.irt.laplace import Mode
from blocs.alignment.irt.ridge import build_ridge, ridge_gradient, walk_ridge

Floats = NDArray[np.float64]
Look = Callable[[Floats], tuple[float, Floats]]

TRAVEL = 4.0
"""Mean time a trajectory runs. A quarter of a standard normal's period is 1.57, but the spread
of some directions (drifts of all states over decades) is thrice what the metric tells."""

ACCEPTANCE = 0.75
FIRST_STEP = 0.1
UNEVEN = 0.3
"""Share by which times differ at random: no direction comes back to its start every time."""


@dataclass(frozen=True, slots=True)
class Draws:
    """Draws of positions.

    Attributes
    ----------
    theta : ndarray, shape (n_draws, n_nodes)
        Mean 0, variance 1 over nodes with votes in every draw.
    accepted : float
        Mean acceptance probability.
    """

    theta: Floats
    accepted: float


def sample_posterior(
    design: Design,
    mode: Mode,
    *,
    burn: int,
    draws: int,
    rng: np.random.Generator,
    enough: float = 100.0,
    batch: int = 50,
    report: Callable[[str], object] | None = None,
) -> Draws:
    """Draw until every position has enough effective draws.

    Parameters
    ----------
    design : Design
    mode : Mode
        The metric.
    burn, draws : int
        Trajectories thrown away (the step's length adapts), and kept at most.
    rng : numpy.random.Generator
    enough : float
        Stop when the smallest effective sample size reaches it, looked at every
        ``batch`` draws.
    batch : int
    report : callable, optional
        Told in words how far the work is.

    Returns
    -------
    Draws

    Notes
    -----
    Hamiltonian Monte Carlo; one trajectory is some three dozen gradients, each
    O(ballots) and a solve with the joint factor.

    References
    ----------
    Neal, R. (2011). MCMC Using Hamiltonian Dynamics. In: Handbook of Markov Chain
    Monte Carlo.
    """
    look, position = _target(design, mode)
    # From the typical set: the mode itself is far from where the draws live.
    x = rng.standard_normal(design.n_nodes + 3 * design.n_items)
    value, gradient = look(x)
    step, kept, accepted = FIRST_STEP, [], 0.0
    for k in range(burn + draws):
        eps = step * rng.uniform(0.85, 1.15)
        new, new_value, new_gradient, prob = _trajectory(look, x, value, gradient, eps, rng)
        if rng.random() < prob:
            x, value, gradient = new, new_value, new_gradient
        if k < burn:
            step *= float(np.exp((prob - ACCEPTANCE) / np.sqrt(1 + k)))
            continue
        kept.append(position(x))
        accepted += prob
        if report is not None:
            report(f"drawing from the posterior: {len(kept)} of at most {draws}")
        full = len(kept) % batch == 0
        if full and effective_size(np.array(kept)[:, design.observed]).min() >= enough:
            break
    return Draws(np.array(kept), accepted / len(kept))


def effective_size(draws: Floats) -> Floats:
    """Effective sample size of each column (Geyer's initial positive sequence).

    At most the number of draws: a chain that swings from side to side knows its mean
    better than that, but not its bounds.

    Parameters
    ----------
    draws : ndarray, shape (n_draws, n)

    Returns
    -------
    ndarray, shape (n,)

    Examples
    --------
    >>> draws = np.random.default_rng(1).standard_normal((4000, 1))
    >>> 3600 < effective_size(draws).item() <= 4000
    True
    """
    n = draws.shape[0]
    centred = draws - draws.mean(axis=0)
    variance = np.maximum((centred**2).mean(axis=0), 1e-300)
    total = np.zeros(draws.shape[1])
    going = np.ones(draws.shape[1], dtype=bool)
    for lag in range(0, n - 1, 2):
        pair = (centred[: n - lag] * centred[lag:]).sum(axis=0)
        pair += (centred[: n - lag - 1] * centred[lag + 1 :]).sum(axis=0)
        going &= pair > 0
        if not going.any():
            break
        total += np.where(going, pair / (n * variance), 0.0)
    size: Floats = n / np.maximum(2 * total - 1, 1.0)
    return size


def _target(design: Design, mode: Mode) -> tuple[Look, Callable[[Floats], Floats]]:
    """Log density in whitened coordinates, and the way back to positions."""
    curve, hold = mode.curvature, free_directions(design, mode.items)
    ridge = build_ridge(design, mode.theta, mode.items)
    cut = design.n_nodes

    def split(x: Floats) -> tuple[Floats, Floats]:
        return backward(curve, x[:cut], x[cut:].reshape(-1, 3))

    def look(x: Floats) -> tuple[float, Floats]:
        point = walk_ridge(ridge, *split(x))
        value, g, h = log_density(design, point.theta, point.items, hold)
        g, h = forward(curve, *ridge_gradient(ridge, point, g, h))
        return value + point.log_jacobian, np.concatenate([g, h.ravel()])

    def position(x: Floats) -> Floats:
        return unit_scale(design, mode.theta + split(x)[0])

    return look, position


def _trajectory(
    look: Look, x: Floats, value: float, gradient: Floats, eps: float, rng: np.random.Generator
) -> tuple[Floats, float, Floats, float]:
    """Leapfrog from x with a fresh momentum; returns the end and its acceptance."""
    p = rng.standard_normal(x.shape)
    travel = TRAVEL * rng.uniform(1 - UNEVEN, 1 + UNEVEN)
    start = value - 0.5 * float(p @ p)
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(max(round(travel / eps), 1)):
            p = p + 0.5 * eps * gradient
            x = x + eps * p
            value, gradient = look(x)
            p = p + 0.5 * eps * gradient
        gain = value - 0.5 * float(p @ p) - start
    return x, value, gradient, float(np.exp(min(gain, 0.0))) if np.isfinite(gain) else 0.0
